"""Facts that were cut apart and are one: a clause told twice, a whole whose part follows, a figure of another kind."""

from __future__ import annotations

import re
from typing import NamedTuple

from rubrics.amounts import COUNTERS
from rubrics.attempts import attempt_in
from rubrics.kinds import Gate, YesNo
from rubrics.matching.deciding import Evidence
from rubrics.matching.roles import Role, Told, told
from rubrics.matching.scoring import Cover
from rubrics.matching.shares import part_and_whole, takes_share
from rubrics.matching.splitting import Part
from rubrics.matching.stating import Value, suits
from rubrics.model import Criterion

_NEAR = 0.6  # of the best clause's evidence, to be taken before it where the figure is of its kind
_LEANING = 0.33  # of its evidence, explained by the clause of another fact
_WEAK = 7.0  # evidence of words that may only say more about what stands before them
_APPLYING = re.compile("申报|报名|参评")
_COUNTED = re.compile(rf"[0-9一二两三四五六七八九十百](?:{'|'.join(sorted(COUNTERS))})$")
_NOUN = re.compile("(?![没未无])[\u4e00-\u9fff]{2,4}[,;]?")
_MARKS = ",;。、:"
_WHOLES = (Role.ALL, Role.DUE)


class Said(NamedTuple):
    """One fact of a message: its part, what speaks for it, the clauses it may belong to, and its words."""

    part: Part
    evidence: Evidence
    ranked: list[Cover]
    words: str
    retold: bool = False  # another clause than the best explained one, for the kind of its figure


def join(criteria: tuple[Criterion, ...], facts: list[Said]) -> list[Said]:
    """The facts of a message in their order, each clause once."""
    kept: list[Said] = []
    for fact in facts:
        before = kept[-1] if kept else None
        if before and _is_what_was_counted(before, fact):
            kept[-1] = before._replace(words=before.words + fact.words)
        elif before and _is_part_of(criteria, before, fact):
            kept[-1] = before._replace(words=_together(before.words, fact.words))
        else:
            kept.append(fact)
    kept = [_by_figure(criteria, _by_trying(criteria, fact), kept[n + 1 :]) for n, fact in enumerate(kept)]
    return _once(kept)


def leans_on(fact: Said, value: Value, facts: list[tuple[Said, Value]]) -> bool:
    """Whether the clause of another fact explains much of its words too: 打假联络员 of 打假线索, 质量强区 of a 规划.

    That counts against a fact with a figure of its own never, against one that says nothing where the other states
    something, else where the other is better explained.
    """
    part = fact.part
    others = [(other, said) for other, said in facts if other is not fact]
    near = [pair for pair in others if pair[0].ranked[0].score(part.start, part.end) >= part.score * _LEANING]
    if value is None:
        return any(said is not None for _, said in near)
    return isinstance(value, bool) and any(other.part.score > part.score for other, _ in near)


def _once(facts: list[Said]) -> list[Said]:
    """Each clause once, with all that is said of it: 省名牌任务2只…实际3只."""
    merged: dict[int, Said] = {}
    for fact in facts:
        place = fact.ranked[0].place
        first = merged.get(place)
        merged[place] = first._replace(words=_together(first.words, fact.words)) if first else fact
    return list(merged.values())


def _together(words: str, more: str) -> str:
    if more in words:
        return words
    return words + more if words.endswith(tuple(_MARKS)) or more.startswith(tuple(_MARKS)) else f"{words},{more}"


def _is_what_was_counted(before: Said, fact: Said) -> bool:
    """Whether a weak fact is only the noun of the figure before it: 跑了三场|活动."""
    weak = fact.part.score < _WEAK and not told(fact.words)
    return weak and bool(_COUNTED.search(before.words) and _NOUN.fullmatch(fact.words))


def _is_part_of(criteria: tuple[Criterion, ...], before: Said, fact: Said) -> bool:
    """Whether a weak fact only tells the part of the whole before it: 共60家，检查面覆盖了|54家."""
    clause, other = criteria[before.ranked[0].place], criteria[fact.ranked[0].place]
    if fact.part.score >= _WEAK or not takes_share(clause) or not _asks_yes_or_no(other, with_task=True):
        return False
    whole, rest = told(before.words), told(fact.words)
    if len(whole) != 1 or whole[0].role not in _WHOLES or not rest:
        return False
    return _same_things(whole[0], rest[0]) and rest[0].number.value <= whole[0].number.value


def _by_trying(criteria: tuple[Criterion, ...], fact: Said) -> Said:
    """The fact as of a clause about applying, where the first one counts what came of it: 常州名牌报了三家."""
    if not attempt_in(criteria[fact.ranked[0].place], fact.words):
        return fact
    least = fact.part.score * _NEAR
    near = [cover for cover in fact.ranked[1:] if cover.score(fact.part.start, fact.part.end) >= least]
    applied = next((cover for cover in near if _APPLYING.search(criteria[cover.place].ask)), None)
    if applied is None:
        return fact
    return fact._replace(ranked=[applied, *(other for other in fact.ranked if other is not applied)], retold=True)


def _by_figure(criteria: tuple[Criterion, ...], fact: Said, later: list[Said]) -> Said:
    """The fact as of a clause nearly as well explained whose kind of figure is told, where yes or no fits none."""
    clause, figures = criteria[fact.ranked[0].place], told(fact.words)
    unsuited = not suits(clause, fact.words)
    if not unsuited and not _asks_yes_or_no(clause):
        return fact
    least = fact.ranked[0].score(fact.part.start, fact.part.end) * _NEAR
    for cover in fact.ranked[1:] if figures else ():
        if cover.score(fact.part.start, fact.part.end) < least:
            break
        more = next((other.words for other in later[:1] if other.ranked[0].place == cover.place), "")
        if _answers(criteria[cover.place], figures, _together(fact.words, more), any_unit=unsuited):
            ranked = [cover, *(other for other in fact.ranked if other is not cover)]
            return fact._replace(ranked=ranked, retold=True)
    return fact


def _answers(clause: Criterion, figures: list[Told], words: str, *, any_unit: bool) -> bool:
    if takes_share(clause):
        pair = part_and_whole(words)
        return bool(pair and 0 < pair.part <= pair.whole > 1)
    unit = clause.answer.unit
    return unit in COUNTERS and any(
        one.number.unit == unit or (any_unit and one.number.unit in COUNTERS) for one in figures
    )


def _asks_yes_or_no(clause: Criterion, *, with_task: bool = False) -> bool:
    """Whether nothing but a yes or a no answers it; ``with_task``: or whether a task was done."""
    bare = not clause.measures and not clause.entries and (with_task or not clause.target)
    return bare and isinstance(clause.score, YesNo) and not isinstance(clause.score, Gate)


def _same_things(one: Told, other: Told) -> bool:
    return one.number.unit == other.number.unit or {one.number.unit, other.number.unit} <= COUNTERS
