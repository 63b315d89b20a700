"""Free text → the clauses it speaks of and what it says about them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from rubrics.coming import asks_for_deeds, is_unfinished
from rubrics.kinds import Gate
from rubrics.matching.actors import only_acts
from rubrics.matching.brief import told_briefly
from rubrics.matching.correcting import takes_back, without_what_was_not_meant
from rubrics.matching.cues import has_foreign_word, is_asking, is_foreign, is_qualified, speaks_trade, unexplained
from rubrics.matching.deciding import LIMITS, Decision, Evidence, Limits, decide
from rubrics.matching.halves import is_half_told
from rubrics.matching.index import Index
from rubrics.matching.joining import Said, join, leans_on
from rubrics.matching.mending import Mender
from rubrics.matching.naming import named, unnumbered
from rubrics.matching.polarity import Today, is_hedged
from rubrics.matching.roles import told
from rubrics.matching.scoring import Cover, covers
from rubrics.matching.spelling import LONGEST_MESSAGE, Spelt, fold, spell
from rubrics.matching.splitting import Part, divide, only_says_when, pieces, stands_alone
from rubrics.matching.stating import Value, state, suits
from rubrics.model import Rubric

_MOST_CANDIDATES = 5
_CLEAR = 7.0  # a part that needs no help from its neighbours
_WORTH_MENDING = 3.0  # what a mended spelling must explain more
_LEVEL = re.compile("国家级?|全国|江苏|常州|省级?|市(?!场)级?|县级?|(?<![社小地园校街])区级?")
_NEAR = 0.4  # of the best clause's evidence, to be offered beside it


class Match(NamedTuple):
    """One fact found in a message.

    ``value`` is None where the words state none. ``candidates`` are ids, best first; the first is ``criterion``.
    ``text`` is the folded piece the fact came from; ``score`` how much of it the clause explains. ``leans``: another
    fact of the message explains much of the same words.
    """

    criterion: str
    value: Value
    candidates: tuple[str, ...]
    decision: Decision
    text: str
    hedged: bool = False
    score: float = 0.0
    leans: bool = False


class Matcher:
    """The words of one rubric, ready to be found in messages. Built once; it keeps no state between messages."""

    def __init__(self, rubric: Rubric, learnt: Mapping[str, str] | None = None, limits: Limits = LIMITS) -> None:
        self._limits = limits
        self._index = Index(rubric, learnt or {})
        self._mender = Mender(self._index)

    def warm(self) -> None:
        """Reads the tables of sounds now, which the first misspelt message would wait for; safe in a thread."""
        self._mender.warm()

    def respelt(self, text: str) -> str:
        """The text with typed pinyin and homophones spelt as this rubric's words."""
        return self._mender.mend(fold(text[:LONGEST_MESSAGE]))

    def match(self, text: str, at: Today | None = None) -> tuple[Match, ...]:
        """The facts of a message, the clearest first; nothing where it belongs to no clause.

        Args:
            text: a person's words, a caption or a file's name; beyond ``LONGEST_MESSAGE`` characters nothing is read.
            at: the day it is read on, so that plans for a month to come are not taken for deeds.
        """
        if len(text) > LONGEST_MESSAGE:
            return ()
        spelt = spell(text)
        spelt = spelt._replace(text=without_what_was_not_meant(spelt.text))
        if not spelt.text or takes_back(spelt.text):
            return ()
        label = self._index.labels.get(spelt.text)
        if label is not None:
            ident = self._index.criteria[label].id
            return (Match(ident, None, (ident,), "sure", spelt.text),)
        facts = self._named(spelt, at)
        if not facts:
            spelt = spelt._replace(text=unnumbered(spelt.text, self._index.place))
            facts = self._facts(spelt, at)
        if facts and all(fact.decision == "sure" for fact in facts):
            return facts
        facts = self._better(spelt, self._mender.mend(spelt.text), facts, at)
        if facts:
            return facts
        guessed = self._better(spelt, self._mender.near_miss(spelt.text), facts, at)
        return tuple(fact._replace(decision="ask") for fact in guessed) or self._brief(spelt, at)

    def _brief(self, spelt: Spelt, at: Today | None) -> tuple[Match, ...]:
        """What a message of two words (讲座没办) can be about, always to be asked."""
        places = told_briefly(self._index, spelt.text) if spelt.source == "message" else ()
        if not places:
            return ()
        clauses = [self._index.criteria[place] for place in places]
        value = state(clauses[0], spelt.text, spelt.source, at) if len(clauses) == 1 else None
        ids = tuple(clause.id for clause in clauses)
        return (Match(ids[0], value, ids, "ask", spelt.text, is_hedged(spelt.text)),)

    def _named(self, spelt: Spelt, at: Today | None) -> tuple[Match, ...]:
        """The facts of clauses that the message calls by number; none where they say nothing about them."""
        facts: dict[str, Match] = {}
        for ident, said, plain in named(spelt.text, self._index.place):
            value = state(self._index.criteria[self._index.place[ident]], said, spelt.source, at)
            if value is None:
                return ()
            clear = plain and not is_hedged(said)
            facts[ident] = Match(ident, value, (ident,), "sure" if clear else "ask", said, is_hedged(said), _CLEAR * 2)
        return tuple(facts.values())

    def _better(self, spelt: Spelt, mended: str, facts: tuple[Match, ...], at: Today | None) -> tuple[Match, ...]:
        """What the mended spelling says, where it explains clearly more."""
        if mended == spelt.text:
            return facts
        again = self._facts(spelt._replace(text=mended), at)
        worth = sum(fact.score for fact in again) - sum(fact.score for fact in facts)
        return again if worth > _WORTH_MENDING else facts

    def _facts(self, spelt: Spelt, at: Today | None) -> tuple[Match, ...]:
        found = covers(self._index, spelt.text)
        parts = [part for part in divide(spelt.text, found) if not only_says_when(spelt.text, part)]
        kept: list[tuple[Part, Evidence, list[Cover]]] = []
        for part in parts:
            beside = any(other.score >= _CLEAR for other in parts if other is not part)
            ranked = sorted(found, key=lambda cover: -cover.score(part.start, part.end))[:_MOST_CANDIDATES]
            evidence = self._evidence(spelt, part, ranked, beside=beside)
            if decide(evidence, self._limits):
                kept.append((part, evidence, ranked))
        said = pieces(spelt.text, [part for part, _, _ in kept])
        one_by_one = [Said(*fact, piece) for fact, piece in zip(kept, said, strict=True)]
        joined = join(self._index.criteria, one_by_one)
        values = [state(self._index.criteria[fact.ranked[0].place], fact.words, spelt.source, at) for fact in joined]
        stated = list(zip(joined, values, strict=True))
        facts = [self._match(spelt, fact, value, stated) for fact, value in stated]
        return tuple(sorted(facts, key=lambda fact: (fact.value is None and fact.leans, -fact.score)))

    def _evidence(self, spelt: Spelt, part: Part, ranked: list[Cover], *, beside: bool) -> Evidence:
        text, best = spelt.text, ranked[0]
        qualified = is_qualified(text, best, part)
        return Evidence(
            score=part.score,
            second=ranked[1].score(part.start, part.end) if len(ranked) > 1 else 0.0,
            specific=best.specific(part.start, part.end),
            unexplained=unexplained(text, best, part.start, part.end),
            trade=speaks_trade(text, best, part),
            foreign=is_foreign(text, best, part, self._index.joined),
            qualified=qualified,
            asking=is_asking(text, part),
            beside=beside,
            open=spelt.source == "caption" or has_foreign_word(text, self._index.joined) or qualified,
        )

    def _match(self, spelt: Spelt, fact: Said, value: Value, facts: list[tuple[Said, Value]]) -> Match:
        part, evidence, ranked, piece, retold = fact
        near = [c for c in ranked if c.score(part.start, part.end) >= part.score * _NEAR]
        ids = tuple(self._index.criteria[cover.place].id for cover in near)
        alone = stands_alone(spelt.text, part, piece)
        hedged = is_hedged(piece)
        clause = self._index.criteria[ranked[0].place]
        counted = isinstance(value, Decimal) and told(piece)
        leans = leans_on(fact, value, facts) or (not counted and only_acts(spelt.text, ranked[0], part))
        blank = value is None and isinstance(clause.score, Gate)
        unsettled = spelt.source == "message" and (
            blank
            or (
                value in (None, True)
                and not isinstance(value, Decimal)
                and (asks_for_deeds(clause) and is_unfinished(piece))
            )
        )
        unclear = (
            self._differs_by_level(ids, piece)
            or unsettled
            or hedged
            or retold
            or leans
            or not alone
            or not suits(clause, piece)
            or is_half_told(clause, piece)
        )
        doubtful = evidence._replace(open=evidence.open or unclear)
        decision = decide(doubtful, self._limits)
        assert decision is not None
        return Match(ids[0], value, ids, decision, piece, hedged, part.score, leans)

    def _differs_by_level(self, ids: tuple[str, ...], piece: str) -> bool:
        """Whether the first two clauses are one thing on two levels (省级绿色社区, 市级绿色社区) and no level is told."""
        labels = [self._index.criteria[self._index.place[ident]].label for ident in ids[:2]]
        bare = {_LEVEL.sub("", label) for label in labels}
        return len(labels) == 2 and len(bare) == 1 and labels[0] != labels[1] and not _LEVEL.search(piece)
