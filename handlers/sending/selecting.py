"""Whom, and about what, the office means by a few words: 一下西夏墅的特种设备, 各镇的信息上报, 孟河镇 4.2, 逾期的."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from handlers.free_text import matchers, searching
from handlers.sending.groups import who
from handlers.turn import Place, Turn
from rubrics.model import Rubric
from rubrics.numerals import normalise
from rubrics.tasks import asked
from storage.campaigns import Unit
from storage.people import Membership

_NOISE = re.compile(
    "还没有?(?:报|填|交)?|没有?(?:报|填|交)|未(?:报|填|交)|催一?催|催办?一?下?|催促|提醒一?下?|请|麻烦|帮我?|一下"
    "|谁|哪些|哪几[个家]|哪[个家]|赶紧|赶快|尽快|抓紧|快点|(?:那|这)?几[项条]"
    "|[把给的和、，,。:：;；!！?？()（）\\s]|[吧了啊呀呢哦]$|^(?:再|先|还|都)"
)
_VERBS = re.compile("^(?:[报填交]上?|上报)|(?<![申上])[报填交](?:上来?|过来|来|齐|好|完|掉)?$|(?:材料|情况|数据)$")
"""What is to be done, which the name of no clause needs (质量例会纪要交了)."""
_LATE = re.compile("已经?逾期|逾期|超期|过期|(?:已经?)?过了?期限")
_NUMBER = re.compile("[0-9]{1,2}[.][0-9]{1,2}[a-z]?")
_ADDRESSED = re.compile("(?:各位|同志们?|负责人|联络员|[、和及与,()请致:]|通知|发给)")

Clause = tuple[str, str]
"""Rubric id and criterion id."""


class Selection(NamedTuple):
    """The units that are meant, and the clauses; no clauses means whatever is open.

    ``late``: only what is overdue. ``unclear``: words nothing was found for.
    """

    units: tuple[Unit, ...]
    clauses: tuple[Clause, ...] = ()
    unclear: str = ""
    late: bool = False


async def select(turn: Turn, membership: Membership, units: Sequence[Unit], words: str) -> Selection:
    """What some words select; without words everybody and everything. The readings of the campaign are built before."""
    chosen, rest = who(units, words)
    rest, late = _LATE.subn("", rest)
    rest = _NOISE.sub("", rest)
    meant = chosen or tuple(units)
    if not rest:
        return Selection(meant, late=bool(late))
    rubrics = [
        one for one in membership.rubrics if not one.categories or {unit.category for unit in meant} & {*one.categories}
    ]
    clauses = await _clauses(turn, membership.campaign_id, rubrics, rest, meant)
    return Selection(meant, clauses, "" if clauses else rest, bool(late))


async def _clauses(
    turn: Turn, campaign_id: int, rubrics: Sequence[Rubric], rest: str, units: Sequence[Unit]
) -> tuple[Clause, ...]:
    """The clauses some words are about, of the items that the units answer; all that are found where they answer none."""
    bare = _VERBS.sub("", rest)
    found: tuple[Clause, ...] = ()
    for words in dict.fromkeys(words for words in (rest, bare) if len(words) > 1):
        found = found or tuple(dict.fromkeys(_of_items(rubrics, words)))
    found = found or await _of_matches(turn, campaign_id, rubrics, bare)
    own = _answered_by(units, rubrics)
    if not found and len(bare) > 1:
        places = [Place(0, rubric, rubric.criteria[ident]) for rubric in rubrics for ident in own[rubric.id]]
        likely = await searching.clauses(turn, campaign_id, places, bare, searching.TYPED)
        found = tuple((place.rubric.id, place.criterion.id) for place in likely)
    return tuple(clause for clause in found if clause[1] in own[clause[0]]) or found


def _answered_by(units: Sequence[Unit], rubrics: Iterable[Rubric]) -> dict[str, list[str]]:
    """Rubric id → the clauses of the items that some of the units answer themselves."""
    found: dict[str, list[str]] = {}
    for rubric in rubrics:
        theirs = [unit for unit in units if not rubric.categories or unit.category in rubric.categories]
        items = {item for unit in theirs for item in asked(rubric, unit.name, unit.category)}
        found[rubric.id] = [ident for ident in rubric.criteria if rubric.item_of[ident].id in items]
    return found


def addressed(units: Sequence[Unit], words: str) -> tuple[tuple[Unit, ...], str]:
    """The units a notice is for, and of the words about them what could not be read."""
    chosen, rest = who(units, words)
    return chosen, _ADDRESSED.sub("", rest)


def labels(membership: Membership, clauses: Sequence[Clause]) -> list[str]:
    """What clauses are called: an item of which all are meant by its own name."""
    found: dict[str, None] = {}
    for rubric_id, ident in clauses:
        rubric = membership.rubric(rubric_id)
        if rubric is not None:
            item = rubric.item_of[ident]
            whole = all((rubric_id, criterion.id) in clauses for criterion in item.criteria)
            found[item.label if whole else rubric.criteria[ident].label] = None
    return list(found)


def _of_items(rubrics: Iterable[Rubric], rest: str) -> Iterable[Clause]:
    for rubric in rubrics:
        if _NUMBER.fullmatch(rest):
            yield from ((rubric.id, ident) for ident in rubric.criteria if ident.rstrip("abc") == rest or ident == rest)
            continue
        exact = [criterion.id for criterion in rubric.criteria.values() if normalise(criterion.label) == rest]
        yield from ((rubric.id, ident) for ident in exact)
        for item in () if exact else rubric.items:
            said = (normalise(item.label), normalise(item.title))
            if rest in said or (len(rest) > 2 and any(rest in name for name in said)):
                yield from ((rubric.id, criterion.id) for criterion in item.criteria)


async def _of_matches(turn: Turn, campaign_id: int, rubrics: Iterable[Rubric], rest: str) -> tuple[Clause, ...]:
    found = []
    for rubric in rubrics:
        reading = await matchers.of(turn, campaign_id, rubric)
        found += [(rubric.id, fact.criterion) for fact in reading.matcher.match(rest)]
    return tuple(dict.fromkeys(found))
