"""How much of a message each clause explains, character by character."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import NamedTuple

from rubrics.matching.index import Index, Term

_APART = 0.7  # of a term's weight where its stems are said in different clauses of one message
_MOST_CANDIDATES = 24
_BREAK = re.compile(r"[,。;!?()（）\n|、/]|\.(?![0-9])")
_SENTENCE = re.compile(r"[。;!?\n]|\.(?![0-9])")


class Cover(NamedTuple):
    """What one clause explains of a message."""

    place: int
    sums: list[float]  # running sums of the weight of each character
    strong: list[int]  # running count of characters explained by a term that is specific

    def score(self, start: int, end: int) -> float:
        """The weight explained between two characters."""
        return self.sums[end] - self.sums[start]

    def specific(self, start: int, end: int) -> int:
        """How many characters between the two are explained by words of this very subject."""
        return self.strong[end] - self.strong[start]


def covers(index: Index, text: str) -> list[Cover]:
    """The clauses that explain anything of the text, the best first."""
    found = index.stems_in(text)
    places = _Places(_numbers(_BREAK, text), _numbers(_SENTENCE, text))
    weights: dict[int, list[float]] = {}
    strong: dict[int, list[int]] = {}
    for term in index.terms_said(found):
        _lay(term, found, places, weights, strong, len(text))
    _lay_pairs(index, text, weights)
    ranked = sorted(weights, key=lambda place: -sum(weights[place]))[:_MOST_CANDIDATES]
    nothing = [0] * len(text)
    return [Cover(p, [0.0, *accumulate(weights[p])], [0, *accumulate(strong.get(p, nothing))]) for p in ranked]


class _Places(NamedTuple):
    """For each character the number of its clause and of its sentence."""

    clause: list[int]
    sentence: list[int]


def _numbers(end: re.Pattern[str], text: str) -> list[int]:
    starts = {match.start() for match in end.finditer(text)}
    return list(accumulate(int(at in starts) for at in range(len(text))))


def _lay(
    term: Term, found: dict[str, list[tuple[int, int]]], places: _Places,
    weights: dict[int, list[float]], strong: dict[int, list[int]], length: int,
) -> None:  # fmt: skip
    spans = [found[stem] for stem in term.stems]
    stretch_at, weight = places.clause, term.weight
    together = _shared(spans, stretch_at)
    if not together:
        stretch_at, weight = places.sentence, term.weight * _APART
        together = _shared(spans, stretch_at)
    for place in term.owners:
        weight_at = weights.setdefault(place, [0.0] * length)
        strong_at = strong.setdefault(place, [0] * length)
        for start, end in (span for of_stem in spans for span in of_stem):
            if together and stretch_at[start] not in together:  # of something else: 名牌完成2只;采标完成3个
                continue
            for at in range(start, end):
                weight_at[at] = max(weight_at[at], weight)
                strong_at[at] = max(strong_at[at], int(term.specific))


def _shared(spans: list[list[tuple[int, int]]], stretch_at: list[int]) -> set[int]:
    """The stretches of the text that have every stem of a term."""
    return set.intersection(*({stretch_at[start] for start, _ in of_stem} for of_stem in spans))


def _lay_pairs(index: Index, text: str, weights: dict[int, list[float]]) -> None:
    for at in range(len(text) - 1):
        for place, weight in index.pairs.get(text[at : at + 2], ()):
            weight_at = weights.setdefault(place, [0.0] * len(text))
            weight_at[at] = max(weight_at[at], weight)
            weight_at[at + 1] = max(weight_at[at + 1], weight)
