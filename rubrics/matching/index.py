"""The words of one rubric, weighed: what is rare among its clauses tells them apart."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple, TypeVar

from rubrics.matching.spelling import fold
from rubrics.matching.words import words
from rubrics.model import Criterion, Rubric

_CLAUSES = 64  # as if every rubric had so many: a weight means the same in a small one and in a large one
_COMMON = 0.45  # of its weight is left to a word of any office
_COMMON_TOGETHER = 0.8  # and to several of them together
_LEARNT = 1.6  # times the weight: a person has said what they mean by it
_SOFT = 0.22  # what a pair of characters weighs beside a term
_ANCHOR = "质量"  # on every tongue here, yet with another common word it is this subject's
T = TypeVar("T")
_RUN = re.compile(r"[\u4e00-\u9fffa-z0-9]+")


def _is_within_figure(text: str, start: int, end: int) -> bool:
    """Whether a word that begins or ends with digits is only a piece of a longer number: 520 of 2520."""
    longer_before = start > 0 and text[start].isdecimal() and text[start - 1].isdecimal()
    return longer_before or (end < len(text) and text[end - 1].isdecimal() and text[end].isdecimal())


class Term(NamedTuple):
    """Words that point at clauses; all its stems must be said."""

    stems: tuple[str, ...]
    owners: tuple[int, ...]
    weight: float  # for each of its characters
    specific: bool  # says by itself what the talk is about


class Index:
    """Terms and pairs of characters of a rubric's clauses."""

    def __init__(self, rubric: Rubric, learnt: Mapping[str, str]) -> None:
        self.criteria = tuple(rubric.criteria.values())
        self.place = {c.id: n for n, c in enumerate(self.criteria)}
        self.labels = _labels(self.criteria)
        own_terms = [_terms_of(c) for c in self.criteria]
        owners: dict[tuple[str, ...], set[int]] = defaultdict(set)
        for n, terms in enumerate(own_terms):
            for term in terms:
                owners[term].add(n)
        wording = ["|".join({"".join(term) for term in terms}) for terms in own_terms]
        starts = _starts(wording)
        holders = {stem: _holders(stem, wording, starts) for stem in {stem for term in owners for stem in term}}
        taught = {(fold(said),): self.place[c] for said, c in learnt.items() if c in self.place and fold(said)}
        self.terms = [
            Term(stems, tuple(sorted(own)), _weight(stems, holders), _is_specific(stems))
            for stems, own in owners.items()
            if stems not in taught
        ] + [Term(stems, (n,), _LEARNT * math.log(_CLAUSES), True) for stems, n in taught.items()]
        self.variants = {stem: _variants(stem) for term in self.terms for stem in term.stems}
        self._words = _by(lambda pair: pair[0][0], ((w, stem) for stem, ways in self.variants.items() for w in ways))
        self._terms_of = _by(lambda term: term.stems[0], self.terms)
        self.joined = "|".join(self.variants)
        self.pairs = _pairs(rubric, self.criteria)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every word of two characters or more that the rubric or its kinds know."""
        known = {word for ways in self.variants.values() for word in ways}
        return frozenset(word for word in known if len(word) > 1)

    def stems_in(self, text: str) -> dict[str, list[tuple[int, int]]]:
        """Where each stem is said in the text."""
        found: dict[str, list[tuple[int, int]]] = {}
        for char in set(text):
            for word, stem in self._words.get(char, ()):
                at = text.find(word)
                while at >= 0:
                    if not _is_within_figure(text, at, at + len(word)):
                        found.setdefault(stem, []).append((at, at + len(word)))
                    at = text.find(word, at + 1)
        return found

    def headed_by(self, noun: str) -> tuple[int, ...]:
        """The places of the clauses one of whose names ends in a noun."""
        return tuple(sorted({place for term in self.terms if term.stems[-1].endswith(noun) for place in term.owners}))

    def terms_said(self, found: Container[str]) -> Iterator[Term]:
        """The terms all of whose stems are among those found."""
        return (
            term
            for stem, terms in self._terms_of.items()
            if stem in found
            for term in terms
            if len(term.stems) == 1 or all(other in found for other in term.stems)
        )


def _by(key: Callable[[T], str], things: Iterable[T]) -> dict[str, list[T]]:
    grouped: dict[str, list[T]] = defaultdict(list)
    for thing in things:
        grouped[key(thing)].append(thing)
    return dict(grouped)


def _labels(criteria: tuple[Criterion, ...]) -> dict[str, int]:
    """Labels that belong to one clause only."""
    seen: dict[str, list[int]] = defaultdict(list)
    for n, criterion in enumerate(criteria):
        seen[fold(criterion.label)].append(n)
    return {label: places[0] for label, places in seen.items() if len(places) == 1}


def _terms_of(criterion: Criterion) -> set[tuple[str, ...]]:
    """The label, the aliases and the official names of a clause, folded at one go."""
    names = [criterion.label, *criterion.aliases, *(m.name for m in criterion.measures if m.name)]
    if criterion.entries:
        names.append(criterion.entries.noun)
    folded = fold("|".join(name.replace("/", "").replace(" ", "/") for name in names))
    return {tuple(name.split("/")) for name in folded.split("|")}


def _starts(wording: list[str]) -> dict[str, set[int]]:
    """Which clauses hold each character and each pair: the only ones worth searching for a stem that begins so."""
    starts: dict[str, set[int]] = defaultdict(set)
    for n, said in enumerate(wording):
        for start in {*said, *map("".join, pairwise(said))}:
            starts[start].add(n)
    return starts


def _holders(stem: str, wording: list[str], starts: dict[str, set[int]]) -> frozenset[int]:
    return frozenset(n for n in starts.get(stem[:2], ()) if len(stem) <= 2 or stem in wording[n])


def _weight(stems: tuple[str, ...], holders: dict[str, frozenset[int]]) -> float:
    shared = len(frozenset.intersection(*(holders[stem] for stem in stems)))
    weight = max(math.log(_CLAUSES / max(shared, 1)), 0.5)
    if _is_specific(stems):
        return weight
    return weight * (_COMMON if len(stems) == 1 else _COMMON_TOGETHER)


def _is_specific(stems: tuple[str, ...]) -> bool:
    common, benign = words().common, words().benign
    return any(
        len(stem) > 1 and stem not in common and (len(stems) == 1 or stem == _ANCHOR or stem not in benign)
        for stem in stems
    )


def _variants(stem: str) -> tuple[str, ...]:
    return (stem, *words().kinds.get(stem, ()))


def _pairs(rubric: Rubric, criteria: tuple[Criterion, ...]) -> dict[str, list[tuple[int, float]]]:
    """Each pair of characters of a clause's own wording, and what it weighs for which clauses."""
    holders: dict[str, set[int]] = defaultdict(set)
    for n, criterion in enumerate(criteria):
        said = f"{criterion.label} {criterion.ask} {rubric.item_of[criterion.id].title} {' '.join(criterion.aliases)}"
        for run in _RUN.findall(fold(said.replace(" ", ","))):
            for at in range(len(run) - 1):
                holders[run[at : at + 2]].add(n)
    return {
        pair: [(n, _SOFT * math.log(_CLAUSES * 2 / len(own))) for n in own]
        for pair, own in holders.items()
        if len(own) < len(criteria) / 3
    }
