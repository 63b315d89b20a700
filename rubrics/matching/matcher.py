"""Free text → the clauses it speaks of and what it says about them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from rubrics.matching.deciding import Decision, Evidence, decide
from rubrics.matching.cues import has_foreign_word, is_asking, is_foreign, unexplained
from rubrics.matching.index import Index
from rubrics.matching.mending import Mender
from rubrics.matching.polarity import is_hedged
from rubrics.matching.scoring import Cover, covers
from rubrics.matching.spelling import LONGEST_MESSAGE, Spelt, spell
from rubrics.matching.splitting import Part, divide, pieces
from rubrics.matching.stating import state
from rubrics.model import Rubric

_MOST_CANDIDATES = 5
_CLEAR = 10.0  # a part that needs no help from its neighbours
_NEAR = 0.4  # of the best clause's evidence, to be offered beside it


class Match(NamedTuple):
    """One fact found in a message."""

    criterion: str
    value: bool | Decimal | None
    candidates: tuple[str, ...]
    decision: Decision
    text: str
    score: float = 0.0
    second: float = 0.0
    unexplained: int = 0


class Matcher:
    """The words of one rubric, ready to be found in messages. Built once; it keeps no state between messages."""

    def __init__(self, rubric: Rubric, learnt: Mapping[str, str] | None = None) -> None:
        self._index = Index(rubric, learnt or {})
        self._mender = Mender(self._index)

    def match(self, text: str, at: Any = None) -> tuple[Match, ...]:
        """The facts of a message, the clearest first; nothing where it belongs to no clause."""
        if len(text) > LONGEST_MESSAGE:
            return ()
        spelt = spell(text)
        if not spelt.text:
            return ()
        label = self._index.labels.get(spelt.text)
        if label is not None:
            ident = self._index.criteria[label].id
            return (Match(ident, None, (ident,), "sure", spelt.text),)
        facts = self._facts(spelt)
        if not facts or any(fact.decision == "ask" for fact in facts):
            mended = self._mender.mend(spelt.text)
            if mended != spelt.text:
                facts = self._facts(spelt._replace(text=mended)) or facts
        return facts

    def _facts(self, spelt: Spelt) -> tuple[Match, ...]:
        found = covers(self._index, spelt.text)
        facts: list[Match] = []
        parts = divide(spelt.text, found)
        for part, piece in zip(parts, pieces(spelt.text, parts), strict=True):
            fact = self._fact(spelt, part, found, piece, beside=any(p.score >= _CLEAR for p in parts if p is not part))
            if fact and fact.criterion not in {f.criterion for f in facts}:
                facts.append(fact)
        return tuple(sorted(facts, key=lambda fact: -fact.score))

    def _fact(self, spelt: Spelt, part: Part, found: list[Cover], piece: str, *, beside: bool) -> Match | None:
        ranked = sorted(found, key=lambda cover: -cover.score(part.start, part.end))[:_MOST_CANDIDATES]
        best = ranked[0]
        start = max(spelt.text.find(piece), 0)
        second = ranked[1].score(part.start, part.end) if len(ranked) > 1 else 0.0
        near = [c for c in ranked if c.score(part.start, part.end) >= part.score * _NEAR]
        evidence = Evidence(
            score=part.score,
            second=second,
            specific=best.specific(part.start, part.end),
            unexplained=unexplained(spelt.text, best, start, start + len(piece)),
            foreign=is_foreign(spelt.text, best, part),
            asking=is_asking(spelt.text, part),
            beside=beside,
            open=spelt.source == "caption" or is_hedged(piece) or has_foreign_word(spelt.text, best),
        )
        decision = decide(evidence)
        if decision is None:
            return None
        ids = tuple(self._index.criteria[cover.place].id for cover in near)
        value = state(self._index.criteria[best.place], piece, spelt.source)
        return Match(ids[0], value, ids, decision, piece, part.score, second, evidence.unexplained)
