"""Proof: which parts a clause still lacks, and what is left of a unit's facts when only proven ones count.

A clause's proof has parts (会议通知, 会议纪要); all of them are needed. A reported deduction, zero or veto needs no
proof, and neither does "nothing happened"; where a deduction is for something left undone (nature: omission), having
done it is what needs the proof. An award with its certificate proves whatever the award counts for: the target handed
down, which awards fill first, or the bonus beyond it.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from rubrics.clauses import is_met
from rubrics.facts import Fact, Facts
from rubrics.kinds import Bonus, Deduct, Gate, Shortfall, Tiers
from rubrics.model import NA, Criterion, Rubric
from rubrics.targets import facts_beyond

WHOLE = -1
"""The part of proof that holds all parts: a file with everything in it, a named document, 线下核验."""

UNSAID = -2
"""The part of a file nobody has said which part it is; it proves nothing yet where there are several."""


class Held(NamedTuple):
    """Proof a unit has for a clause. ``entry_id`` is 0 for proof of the clause as a whole."""

    criterion_id: str
    entry_id: int
    part: int


class Proofs:
    """All proof of a unit under a rubric: the parts at hand by clause and entry, and the entries there are."""

    def __init__(
        self,
        held: Iterable[Held] = (),
        entries: Iterable[tuple[str, int]] = (),
        targets: Mapping[str, Decimal] | None = None,
    ) -> None:
        """Proof and what it is for.

        Args:
            entries: criterion and id of each, in the order they happened.
            targets: the figures handed down to the unit, by criterion.
        """
        self.targets = dict(targets or {})
        self._order = tuple(entries)
        self._parts: dict[tuple[str, int], set[int]] = {}
        self._entries: dict[str, list[int]] = {}
        for criterion_id, entry_id, part in held:
            self._parts.setdefault((criterion_id, entry_id), set()).add(part)
        for criterion_id, entry_id in self._order:
            self._entries.setdefault(criterion_id, []).append(entry_id)

    def lacking(self, criterion: Criterion, entry_id: int = 0) -> tuple[str, ...]:
        """The parts a clause or one of its entries still lacks, in the order of the rubric."""
        return lacking(criterion, self._parts.get((criterion.id, entry_id), ()))

    def proven_entries(self, criterion: Criterion) -> int:
        """How many of a count are proven: entries with all their proof, and one for proof of the clause as a whole."""
        entries = sum(not self.lacking(criterion, ident) for ident in self._entries.get(criterion.id, ()))
        return entries + (not self.lacking(criterion))

    def entries(self, criterion_id: str) -> tuple[int, ...]:
        """The ids of a clause's entries."""
        return tuple(self._entries.get(criterion_id, ()))

    def awards(self, rubric: Rubric, target_id: str) -> tuple[tuple[Criterion, int], ...]:
        """The entries that fill a target before they count as a bonus, in the order they happened."""
        found = ((rubric.criteria[ident], entry_id) for ident, entry_id in self._order)
        return tuple(award for award in found if beyond(award[0]) == target_id)


def lacking(criterion: Criterion, parts: Collection[int]) -> tuple[str, ...]:
    """The parts of a clause's proof that are not among those at hand; none where it needs no proof."""
    if criterion.proof == "none" or WHOLE in parts:
        return ()
    wanted = criterion.proof.parts
    if len(wanted) == 1:
        return () if parts else wanted  # whatever came is the one part
    return tuple(name for place, name in enumerate(wanted) if place not in parts)


def needs_proof(criterion: Criterion, fact: Fact | None) -> bool:
    """Whether an answer counts as proven only with its proof; 合理缺项 is the office's to grant."""
    if criterion.proof == "none" or fact is None or fact == NA or criterion.by == "office" or criterion.derived:
        return False
    if isinstance(criterion.score, Gate):
        return criterion.nature == "omission" and not is_met(criterion, fact)
    if isinstance(criterion.score, Deduct):
        return criterion.nature == "omission" and not fact
    if isinstance(criterion.score, Tiers):
        return isinstance(fact, Decimal) and criterion.score.tiers[int(fact)].points > 0
    return bool(fact)


def proven(rubric: Rubric, facts: Facts, proofs: Proofs) -> dict[str, Fact]:
    """The facts that count as proven: without those that need proof and lack (part of) it, counts cut to what has it."""
    left = {ident: _left(rubric.criteria[ident], fact, proofs) for ident, fact in facts.items()}
    left.update(_left_of_awards(rubric, facts, proofs))
    return {ident: fact for ident, fact in left.items() if fact is not None}


def unproven(rubric: Rubric, facts: Facts, proofs: Proofs) -> tuple[str, ...]:
    """The clauses that claim more than is proven (需补充), in the order of the rubric."""
    left = proven(rubric, facts, proofs)
    return tuple(ident for ident in rubric.criteria if ident in facts and left.get(ident) != facts[ident])


def _left(criterion: Criterion, fact: Fact, proofs: Proofs) -> Fact | None:
    if not needs_proof(criterion, fact):
        return fact
    entries = criterion.entries
    if entries is None or isinstance(fact, str | Mapping):
        return None if proofs.lacking(criterion) else fact
    count = proofs.proven_entries(criterion)
    if isinstance(fact, bool):
        return fact if count >= (entries.at_least or 1) else None
    if not count and not (isinstance(criterion.score, Shortfall) and not criterion.score.base):
        return None
    return min(fact, Decimal(count))  # 0 meetings proven cost what 0 meetings cost: no proof must not beat some


def _left_of_awards(rubric: Rubric, facts: Facts, proofs: Proofs) -> dict[str, Fact | None]:
    """What proven awards come to where the unit has a target and awards that fill it first."""
    left: dict[str, Fact | None] = {}
    for target_id, figure in proofs.targets.items():
        if proofs.awards(rubric, target_id):
            made = facts_beyond(rubric, target_id, math.ceil(figure), _proven_awards(rubric, target_id, proofs))
            for ident, fact in facts.items():
                if ident in made and needs_proof(rubric.criteria[ident], fact):
                    left[ident] = _at_most(fact, made[ident], shown=not proofs.lacking(rubric.criteria[ident]))
    return left


def _proven_awards(rubric: Rubric, target_id: str, proofs: Proofs) -> list[str]:
    """The clause of each proven award, in order; proof of the target as a whole (the list of awards) proves the first.

    A certificate of a bonus clause that no award was named for is one more award.
    """
    listed = math.ceil(proofs.targets[target_id]) if not proofs.lacking(rubric.criteria[target_id]) else 0
    awards = proofs.awards(rubric, target_id)
    named = [c.id for place, (c, ident) in enumerate(awards) if place < listed or not proofs.lacking(c, ident)]
    bonuses = (c for c in rubric.item_of[target_id].criteria if beyond(c) == target_id)
    return named + [c.id for c in bonuses if not proofs.lacking(c)]


def _at_most(fact: Fact, made: bool | Decimal, *, shown: bool) -> Fact | None:
    if isinstance(made, bool):
        return fact if made or shown else None
    assert isinstance(fact, Decimal)
    return min(fact, made) or None


def beyond(criterion: Criterion) -> str | None:
    """The clause whose target awards of this one fill before they count here."""
    return criterion.score.beyond if isinstance(criterion.score, Bonus) else None


def fact_of_entries(criterion: Criterion, count: int) -> bool | Decimal:
    """What a clause's entries say: so many, or whether there are enough of them."""
    assert criterion.entries is not None
    if isinstance(criterion.score, Deduct | Gate) or criterion.entries.at_least is None:
        return Decimal(count)
    return count >= criterion.entries.at_least
