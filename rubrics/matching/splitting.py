"""A message divided into facts: the division whose parts are best explained, each by one clause."""

from __future__ import annotations

import re
from typing import NamedTuple

from rubrics.matching.scoring import Cover

FACT_COST = 6.0  # what a further fact must explain to be worth telling apart
_STATED_COST = 3.0  # less, where the part before it has said what there is to say: a figure, a yes or a no
_INNER_COST = 2.5  # more, where no mark stands between the two
_LONGEST_PART = 14  # cuts inside one fact
_MOST_CUTS = 40
_MARKS = re.compile(r"(?:[,。;!?:()（）\n|、+\[\]《》“”\"]|\.(?![0-9])|(?<![0-9])/)+")
_JOINTS = ("、", "和", "与", "及", "跟")
_SAID_WITHIN = 8  # characters
_SAID = re.compile(r"[0-9]|[一二两三四五六七八九十][个家只次条项件张份所成]|百分|[没未有了齐好都]|完成|落实")
_COUNTED = re.compile(
    r"[0-9.零一二两三四五六七八九十百千万]+(?:个|次|条|家|只|项|起|件|张|场|期|篇|批次|批|处|所|台|套|%|‰|分|名|人|村|厘米|公分|万亩)"
    r"|[0-9.]+%?(?=[^0-9.%])|百分之[0-9.零一二三四五六七八九十百]+|[没未]有?过?(?=[^过])|完成了?|了(?=[^,.;])"
)


class Part(NamedTuple):
    """A stretch of the message that is one fact."""

    start: int
    end: int
    place: int
    score: float


def divide(text: str, covers: list[Cover]) -> list[Part]:
    """The facts of a text in their order."""
    cuts, inner = _cuts(text)
    stated = [bool(_SAID.search(text, max(0, cut - _SAID_WITHIN), cut)) for cut in cuts]
    best: list[tuple[float, list[Part]]] = [(0.0, [])]
    for last in range(1, len(cuts)):
        top = best[-1]
        for first in range(max(0, last - _LONGEST_PART), last):
            part = _part(cuts[first], cuts[last], covers)
            if part is None:
                continue
            before, parts = best[first]
            cost = FACT_COST if not parts or not stated[first] else _STATED_COST
            if parts and parts[-1].end == part.start and cuts[first] in inner:
                cost += _INNER_COST
            if before + part.score - cost > top[0]:
                top = (before + part.score - cost, [*parts, part])
        best.append(top)
    return best[-1][1]


def _part(start: int, end: int, covers: list[Cover]) -> Part | None:
    top, place = 0.0, -1
    for cover in covers:
        score = cover.score(start, end)
        if score > top:
            top, place = score, cover.place
    return Part(start, end, place, top) if place >= 0 else None


def _cuts(text: str) -> tuple[list[int], set[int]]:
    """Where a fact may begin, and which of these places have no mark."""
    marked = {0, len(text)} | {match.end() for match in _MARKS.finditer(text)}
    inner = {match.end() for match in _COUNTED.finditer(text)} | {match.start() for match in _COUNTED.finditer(text)}
    inner -= marked
    if len(marked) + len(inner) > _MOST_CUTS:
        inner = set()
    return sorted(marked | inner), inner


def pieces(text: str, parts: list[Part]) -> list[str]:
    """What is said about each fact: its part and what follows up to the next one.

    Members of a list without a word of their own (鲁班奖、大禹奖都没拿到) share what is said after the last.
    """
    if not parts:
        return []
    ends = [part.start for part in parts[1:]] + [len(text)]
    starts = [0, *(part.start for part in parts[1:])]
    said = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    for n in range(len(said) - 2, -1, -1):
        if said[n].endswith(_JOINTS) and not _SAID.search(said[n]):
            said[n] += said[n + 1]
    return said
