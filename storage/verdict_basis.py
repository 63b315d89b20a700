"""What a verdict (核定) was given on: one version of an answer and everything that is to prove it.

A verdict counts while its basis is what it was. Any later change of the answer, its files, notes or entries gives
another basis: the verdict is kept, counts no more, and the clause is in the queue again (变更待核).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from rubrics.facts import Fact, read_json


class Standing(NamedTuple):
    """The newest verdict on a clause of a unit. ``current``: nothing has changed since; ``fact`` is what is verified."""

    id: int
    kind: str
    how: str
    fact: Fact | None
    current: bool

    @property
    def settles(self) -> bool:
        """Whether the clause needs no (further) look of the office."""
        return self.current and self.kind in {"pass", "change"}

    @property
    def returned(self) -> bool:
        """Whether the clause was sent back and nothing has been done about it yet."""
        return self.current and self.kind == "return"


class Bases:
    """The bases of a unit's clauses as they are now."""

    def __init__(self, answers: Iterable[Any] = (), ledger: Iterable[Any] = ()) -> None:
        """From rows as `unit_facts.put_together` gets them."""
        self.versions: dict[str, int] = {row.criterion_id: row.version for row in answers}
        self._held: dict[str, list[str]] = {}
        for row in ledger:
            if row.source == "proof":
                held = f"{row.kind}{row.ordered}.{row.entry_id}.{row.part}"
                self._held.setdefault(row.criterion_id, []).append(held)
            elif row.source == "entry":
                self._held.setdefault(row.criterion_id, []).append(f"entry{row.entry_id}")

    def version(self, criterion_id: str) -> int:
        """The version of a clause's answer; 0 where nothing was answered."""
        return self.versions.get(criterion_id, 0)

    def of(self, criterion_id: str) -> str:
        """The basis of a clause: a hash, the same for the same answer and proof in whatever order they came."""
        held = ";".join(sorted(self._held.get(criterion_id, ())))
        return hashlib.sha256(f"{self.version(criterion_id)}|{held}".encode()).hexdigest()


def standing(ledger: Iterable[Any], bases: Bases) -> Mapping[str, Standing]:
    """The newest verdict of each clause that has one; a verdict that was taken back is none."""
    found = {}
    for row in ledger:
        if row.source == "verdict" and row.kind != "open":
            fact = None if row.fact is None else read_json(row.fact)
            current = row.basis == bases.of(row.criterion_id)
            found[row.criterion_id] = Standing(row.ordered, row.kind, row.how, fact, current)
    return found
