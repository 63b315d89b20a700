"""措施，责任人，完成日期 of a line of 整改, out of one message."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from handlers import names
from rubrics.dates import Day, find_days

LONGEST_NAME = 20
_SPLIT = re.compile(r"[\n；;，,。/]+")
_WHO = re.compile(r"(?:整改)?(?:责任人|负责人|责任单位|责任部门)(?:\s*[:：是为]\s*|\s+|(?=\S))")
_LABEL = re.compile(r"^(?:整改)?(?:措施|完成日期|完成时间|完成时限|日期|时间)\s*[:：]?\s*")
_UNTIL = r"\s*(?:之前|以前|前)?\s*(?:全部|整改)?(?:完成|办完|办结|到位)?"
"""What belongs to a day: 12月10日 前完成."""

_BY = re.compile(r"^由?(?P<who>.+?)(?:同志)?(?:具体|牵头)?(?:负责|牵头|来办|办理|抓)?$")
_SAID = re.compile(r"由.{2,}(?:负责|牵头|来办|办理|抓)")
_TITLED = re.compile(
    r".{0,10}(?:主任|书记|委员|[科镇局所站处股组部院校队区县市乡村厅司班行店厂社室]长|经理|助理|干事|专员|老师|师傅|总监?|工程师)"
)
_OFFICE = re.compile(r".{1,12}(?:办公室|办|科室?|站|所|局|中心|股|室|大队|中队|部门?|村|社区|公司|单位)")
_DOING = re.compile(
    "到位|落实|完成|整改|加强|确保|严格|强化|管理|监管|检查|常态|标准|质量|马上|及时|尽快|立即|全部|成立|安排|组织|开展|完善|健全|制定|提高|改进|配合"
)
"""What is done and not who does it."""


class Plan(NamedTuple):
    """What is said about a line in one message; empty or None what is not."""

    measure: str
    who: str
    due_on: date | None


def read(words: str, today: date) -> Plan:
    """The day is where a day is written, the person who is called so or looks like one, the measure all the rest."""
    days = [day for day in find_days(words, Day(*today.timetuple()[:3]), today.year) if day.day]
    due = date(*days[-1].day) if days and days[-1].day else None
    rest = re.sub(re.escape(days[-1].text) + _UNTIL, "\n", words) if days else words
    pieces = [_LABEL.sub("", piece.strip()).removesuffix("前").strip() for piece in _SPLIT.split(rest)]
    pieces = [piece for piece in pieces if piece]
    place = next((n for n in reversed(range(len(pieces))) if _WHO.match(pieces[n]) or _SAID.fullmatch(pieces[n])), None)
    if place is None and len(pieces) > 1:
        place = next((n for n in reversed(range(len(pieces))) if _is_who(_bare(pieces[n]))), None)
    if place is None:
        return Plan("，".join(pieces), "", due)
    who = _bare(_WHO.sub("", pieces[place], count=1))
    return Plan("，".join(piece for n, piece in enumerate(pieces) if n != place), who, due)


def _bare(piece: str) -> str:
    """由王主任负责 → 王主任."""
    found = _BY.match(piece)
    return found["who"] if found else piece


def _is_who(piece: str) -> bool:
    """Whether it is one person, several (王强、李明), or an office."""
    if len(piece) > LONGEST_NAME or _DOING.search(piece):
        return False
    parts = [part for part in re.split(r"[、和及与\s]+", piece) if part]
    return bool(parts) and all(_OFFICE.fullmatch(part) or _is_person(part) for part in parts)


def _is_person(part: str) -> bool:
    """王强, 王主任, 主任王强."""
    titled = _TITLED.match(part)
    name = part[titled.end() :] if titled else part
    return not name or names.is_name(name)
