"""现场核查表: what a 考核组 looks at in a unit, with room for what it finds; the words of it serve the chat too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from reports.lettering import clean
from reports.word import Sheet
from rubrics.fact_words import fact_words
from storage import answers, findings, review_queue, visit_clauses
from storage.answers import Answer
from storage.campaigns import Campaign, Unit
from storage.findings import Finding
from storage.review_groups import Group
from storage.review_queue import Clause
from storage.visit_clauses import ToLook

OUTCOMES = {"fine": "属实", "doubtful": "存疑", "wrong": "不符"}
"""A finding's word."""

_STATES = {"not_yet": "还没到时候", "unknown": "不清楚", "not_here": "本地没有", "withdrawn": "撤回了"}
_HEADS = ("序号", "条目和问题", "填报", "看什么", "现场情况")
_WIDTHS_MM = (14, 73, 40, 70, 60)  # 257: A4 across between margins of 20
_CENTRED = (0,)
_ROOM = ("", "", "")


class Line(NamedTuple):
    """One clause: its id and label, the question, what the unit says, what to look at, a line each.

    ``outcome`` is the word of what was found there last, empty before; ``found`` what was found so far, a line each.
    """

    number: str
    label: str
    ask: str
    answer: str
    look_at: tuple[str, ...]
    outcome: str = ""
    found: tuple[str, ...] = ()


class VisitSheet(NamedTuple):
    """A unit's sheet; ``group`` and ``members`` (lead first) are empty without one, ``on`` the day of the visit."""

    year: int
    unit: str
    group: str
    members: tuple[str, ...]
    on: date | None
    lines: tuple[Line, ...]
    made_at: datetime

    @property
    def name(self) -> str:
        """``孟河镇2026年度现场核查表``."""
        return f"{self.unit}{self.year}年度现场核查表"


async def of_unit(
    connection: AsyncConnection, campaign: Campaign, unit: Unit, group: Group | None, at: datetime, zone: ZoneInfo
) -> VisitSheet:
    """The sheet of a unit as of this unit of work; without a group who goes and when is left to be written in.

    What was found already is on it, also of clauses that need no more looking at.
    """
    made_at = at.astimezone(zone)
    found = await visit_clauses.of_unit_in(connection, campaign.id, unit.id, made_at.date(), zone)
    noted: dict[Clause, list[Finding]] = {}
    for one in await findings.of_unit_in(connection, unit.id):
        noted.setdefault(one.clause, []).append(one)
    found += await _noted(
        connection, campaign.id, unit.id, made_at.date(), [*noted], [one.look.clause for one in found]
    )
    lines = tuple(_with(line_of(one), noted.get(one.look.clause, ()), zone) for one in found)
    visit = group.visit_of(unit.id) if group else None
    members = tuple(member.name or "没写姓名" for member in group.members) if group else ()
    about = (group.name if group else "", members, visit.on if visit else None)
    return VisitSheet(campaign.year, unit.name, *about, lines, made_at)


async def _noted(
    connection: AsyncConnection,
    campaign_id: int,
    unit_id: int,
    today: date,
    noted: Sequence[Clause],
    listed: Sequence[Clause],
) -> list[ToLook]:
    """Clauses something was found about that are not among those to be looked at."""
    wanted = {clause for clause in noted if clause not in listed}
    if not wanted:
        return []
    looks = await review_queue.of_campaign_in(connection, campaign_id, today, unit_id)
    known = {ident: await answers.current_in(connection, unit_id, ident) for ident in {clause[1] for clause in wanted}}
    return [
        ToLook(look, known[look.rubric.id].get(look.criterion.id), (), (), sampled=False)
        for look in looks
        if look.clause in wanted
    ]


def _with(line: Line, noted: Sequence[Finding], zone: ZoneInfo) -> Line:
    if not noted:
        return line
    said = tuple(finding_words(one, zone) for one in noted)
    return line._replace(outcome=OUTCOMES[noted[-1].outcome], found=said)


def finding_words(found: Finding, zone: ZoneInfo) -> str:
    """``12月3日 李工：不符，台账停在九月（照片 2 张）``."""
    day = found.at.astimezone(zone)
    photos = f"（照片 {len(found.files)} 张）" if found.files else ""
    said = f"，{found.words}" if found.words else ""
    return f"{day.month}月{day.day}日 {found.person or '没写姓名'}：{OUTCOMES[found.outcome]}{said}{photos}"


def line_of(one: ToLook) -> Line:
    """A clause as it is shown."""
    criterion = one.look.criterion
    return Line(criterion.id, criterion.label, criterion.ask, _answered(one), look_at(one))


def look_at(one: ToLook) -> tuple[str, ...]:
    """Why a clause is looked at, a sentence each."""
    said = [f"疑问：{doubt.said}" for doubt in one.doubts]
    said += [f"看原件：{note.title}{_of(note.number)}，在 {note.place}" for note in one.offline]
    if one.sampled:
        proof = one.look.criterion.proof
        said.append(f"抽查：核对{'情况是否属实' if proof == 'none' else '、'.join(proof.parts)}")
    return tuple(said)


def _of(number: str) -> str:
    return f"（{number}）" if number else ""


def _answered(one: ToLook) -> str:
    answer: Answer | None = one.answer
    if answer is None:
        return "没填"
    return fact_words(one.look.criterion, answer.fact) if answer.fact is not None else _STATES[answer.state]


def document(sheet: VisitSheet) -> bytes:
    """The sheet as a docx file, across: one row a clause with a box to tick and room to write.

    Raises:
        ValueError: nothing to look at.
    """
    if not sheet.lines:
        raise ValueError("a sheet without clauses has nothing to look at")
    unit = clean(sheet.unit)
    paper = Sheet(clean(sheet.name), sheet.made_at, landscape=True)
    paper.paragraph(clean(sheet.name), size=18, bold=True, centred=True)
    people = "、".join(clean(name) for name in sheet.members)
    who = f"{clean(sheet.group)}（{people}）" if sheet.group else "　　　　　　"
    paper.paragraph(f"考核组：{who}　　核查日期：{day_words(sheet.on)}")
    done = sum(bool(line.found) for line in sheet.lines)
    already = f"已经记过 {done} 条，都写在“现场情况”里。" if done else ""
    paper.paragraph(f"共 {len(sheet.lines)} 条：有疑问的、要看原件的和抽中的。{already}")
    table = paper.table(_HEADS, _WIDTHS_MM)
    for number, line in enumerate(sheet.lines, 1):
        clause = [clean(f"{line.number} {line.label}"), clean(line.ask)]
        cells = ([str(number)], clause, [clean(line.answer)], [clean(words) for words in line.look_at], _room(line))
        paper.row(table, cells, _CENTRED)
    paper.paragraph("")
    paper.keep_together((("考核组（签字）：", f"{unit}（签字）：", "日期：　　　　年　　月　　日"),))
    paper.footer(clean(sheet.name))
    return paper.saved()


def _room(line: Line) -> list[str]:
    """Boxes, the one that was found filled; what was found, and room to write."""
    boxes = "　".join(f"{'■' if word == line.outcome else '□'}{word}" for word in OUTCOMES.values())
    return [boxes, *(clean(words) for words in line.found), *_ROOM]


def day_words(day: date | None) -> str:
    """``2026年12月3日``; room to write where no day is set."""
    return f"{day.year}年{day.month}月{day.day}日" if day else "　　　　年　　月　　日"
