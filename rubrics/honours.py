"""Honours: which clauses count them, and who gave one and at which level, as its line says."""

from __future__ import annotations

import re
from typing import NamedTuple

from rubrics.kinds import Bonus
from rubrics.model import Criterion

_HONOUR = re.compile("奖|名牌|商标|荣誉|标杆|示范|试点|称号|先进|优秀")
_GAVE = "授予|颁发|认定|命名|表彰|评定|批准"
_LABELLED = re.compile(
    rf"(?:{_GAVE}|发证|授奖)(?:单位|机关|部门|机构)\s*(?:是|为)?\s*[:：]?\s*(?P<giver>[^\s,，;；、。|]+)"
)
_GIVEN = re.compile(rf"(?P<giver>[一-鿿A-Za-z（）()]{{2,60}}?)(?:{_GAVE})(?:的|为)?")
_GIVEN_ALONE = re.compile(rf"(?:{_GAVE})(?:的|为)?\s*$")
_BY = re.compile(r"^[由被]")
_BEFORE = re.compile(r"^.*[由被获](?=.{2})|^[年月日号]+")
_OFFICE = re.compile(
    r"(?:政府|国务院|委|总?局|厅|办|(?:委员|协|学|商|工|联合)会|[部署院司组处所省市区县镇]|中心|组织|公司|大学)$"
)
_HAPPENS = frozenset("次场期届条")  # a meeting, a training, a report
_LISTED = frozenset("只家所")  # a product, an enterprise, a school
_SAYING = re.compile(r"[\s,，;；0-9]|[开办报做]了|过了?|^我")  # a sentence, not a name
_LEVEL = re.compile(r"(?P<level>国家|全国|省|市|区|县)级(?!以上|或|市|、)")
_ALONE = re.compile(r"(?:^|(?<=[\s,，;；、|]))(?:国家|全国|省|市|区|县)级(?=$|[\s,，;；、。|])")
_NAMED = re.compile(
    r"^(?:超出任务的)?(?:(?P<nation>中国|全国|国家)"
    r"|[一-鿿]{0,2}?(?P<level>省|市|区|县)(?:级(?!以上|或|、)|名牌|质量奖|政府|质量管理))"
)


class Given(NamedTuple):
    """Who gave an honour, and its level (省级); empty where nobody said."""

    by: str = ""
    level: str = ""


def counts_honours(criterion: Criterion) -> bool:
    """Whether what a clause counts was given by somebody: a bonus for prizes, brands, titles; not for reports or clues."""
    return (
        isinstance(criterion.score, Bonus)
        and criterion.entries is not None
        and bool(_HONOUR.search(criterion.entries.noun))
    )


def share_a_number(criterion: Criterion) -> bool | None:
    """Whether several of what a clause counts may have one 文号; None where that is open.

    One 公告 names many honours, products or enterprises; a meeting or a report has a 文号 of its own.
    """
    if criterion.entries is None or criterion.entries.unit in _HAPPENS:
        return False
    return True if criterion.entries.unit in _LISTED or _HONOUR.search(criterion.entries.noun) else None


def take_given(text: str, criterion: Criterion) -> tuple[Given, str]:
    """Who gave the honour of a line and at which level, and the line without them.

    The level is also known where the clause counts one level only (省名牌).
    """
    by, rest = _take_giver(text)
    said = _LEVEL.search(rest)
    return Given(by, _level(said["level"]) if said else level_of(criterion)), _ALONE.sub(" ", rest)


def level_of(criterion: Criterion) -> str:
    """The one level of the honours a clause counts; empty where there is none or several (省级以上)."""
    if not counts_honours(criterion) or criterion.entries is None:
        return ""
    for words in (criterion.entries.noun, criterion.label):
        if found := _NAMED.search(words) or _LEVEL.search(words):
            groups = found.groupdict()
            return _level("国家" if groups.get("nation") else groups["level"])
    return ""


def read_giver(text: str, *, anybody: bool = False) -> Given:
    """Who gave an honour, as an answer says it (江苏省质监局颁发的，省级); ``by`` is empty where nobody is named.

    Args:
        anybody: take any name; else only what is an office by its name, so that words about something else are told apart.
    """
    level = _LEVEL.search(text)
    rest = _tidy(_ALONE.sub(" ", text))
    labelled = _LABELLED.fullmatch(rest)
    by = _tidy(labelled["giver"]) if labelled else _BY.sub("", _GIVEN_ALONE.sub("", rest))
    sure = anybody or (_OFFICE.search(by) and not _SAYING.search(by))
    return Given(by if sure else "", _level(level["level"]) if level else "")


def _take_giver(text: str) -> tuple[str, str]:
    if found := _LABELLED.search(text):
        return _tidy(found["giver"]), f"{text[: found.start()]} {text[found.end() :]}"
    for found in _GIVEN.finditer(text):
        start = found.start("giver")
        if before := _BEFORE.search(found["giver"]):
            start += before.end()
        by = _tidy(text[start : found.end("giver")])
        kept = text[found.start() : start].rstrip("由被获")
        if _OFFICE.search(by):
            return by, f"{text[: found.start()]}{kept} {text[found.end() :]}"
    return "", text


def _level(word: str) -> str:
    return f"{'国家' if word == '全国' else word}级"


def _tidy(text: str) -> str:
    return text.strip(" \t\r\n,，;；、。|:：")
