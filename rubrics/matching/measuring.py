"""The figures that words tell for the conditions of one clause: 工业产品95%，食品92，整改率100."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from rubrics.amounts import bounded, hedged, located
from rubrics.answers import asked_of, figure_of
from rubrics.figures import with_unit
from rubrics.matching.polarity import is_denied
from rubrics.matching.spelling import fold
from rubrics.model import Criterion, Measure

_CLAUSE = re.compile("[,;.。](?![0-9])")
_WHOLLY = re.compile("都|全|均")
_DONE = re.compile("完成|做完|改|到位|落实|办结|达标|合格")


def told_figures(criterion: Criterion, words: str) -> dict[str, Decimal]:
    """The figure of each condition that words name beside it; empty where any figure belongs to none, or to two.

    Beside a figure of another one, 整改都完成了 is 100%.

    Args:
        criterion: a clause of several conditions.
        words: as they were typed.
    """
    text = fold(words)
    measures = [measure for measure in criterion.measures if measure.threshold is not None]
    if len(measures) < 2 or hedged(text) or bounded(text):
        return {}
    names = _own_names(measures)
    figures: dict[str, Decimal] = {}
    end = 0
    for start, after, number in located(text, measures[0].unit):
        named = [m for m in measures if any(pair in text[end:start] for pair in names[m.key])]
        value = figure_of(asked_of(criterion, named[0]), number, text[end:after]) if len(named) == 1 else None
        if not isinstance(value, Decimal) or named[0].key in figures:
            return {}
        figures[named[0].key] = value
        end = after
    return {**figures, **_whole(text, measures, names, figures)} if figures else {}


def _whole(
    text: str, measures: list[Measure], names: Mapping[str, set[str]], figures: Mapping[str, Decimal]
) -> dict[str, Decimal]:
    """The shares that are said to be all of it, of those that have no figure."""
    said = [part for part in _CLAUSE.split(text) if _WHOLLY.search(part) and _DONE.search(part)]
    bare = [part for part in said if not located(part) and not is_denied(part)]
    return {
        measure.key: Decimal(100)
        for measure in measures
        if measure.unit == "%" and measure.op == ">=" and measure.key not in figures
        if any(pair in part for part in bare for pair in names[measure.key])
    }


def figure_words(criterion: Criterion, figures: Mapping[str, Decimal]) -> dict[str, str]:
    """Each figure with its unit, in the order of the conditions."""
    return {m.key: with_unit(figures[m.key], m.unit) for m in criterion.measures if m.key in figures}


def _own_names(measures: list[Measure]) -> dict[str, set[str]]:
    """The pairs of characters that name one condition and no other."""
    pairs = {m.key: _pairs(f"{fold(m.key)}|{fold(m.name)}") for m in measures}
    return {
        key: own - set().union(*(other for one, other in pairs.items() if one != key)) for key, own in pairs.items()
    }


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1) if "|" not in text[at : at + 2]}
