"""What is to be booked, as far as it is known, and the campaign it is about; kept in the dialogue's state."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from channels.keys import Key
from handlers import office
from handlers.desk import fact_notes
from handlers.desk.fact_notes import Clause
from handlers.turn import Turn
from rubrics.facts import Fact
from storage import campaigns
from storage.campaigns import Unit
from storage.people import Membership
from storage.verdicts import TWO_PEOPLE


@dataclass(frozen=True)
class Draft:
    """What is to be booked, as far as it is known. ``values``: unit id (as text, for JSON) → how many, in words.

    ``loose``: units nobody named one by one; ``measure``: which of a clause's measures happened. ``two``: it was begun
    as 一票否决, so only clauses that take two people are meant.
    """

    version: int
    values: dict[str, str] = field(default_factory=dict)
    rubric: str = ""
    criterion: str = ""
    words: str = ""
    basis: str = ""
    loose: tuple[str, ...] = ()
    measure: str = ""
    two: bool = False


class Setting(NamedTuple):
    """The campaign a draft is about: the units that are meant, and the clauses that can be booked for them."""

    membership: Membership
    units: dict[str, Unit]
    clauses: list[Clause]

    def clause(self, draft: Draft) -> Clause | None:
        """The clause of a draft, where it is one of these."""
        wanted = (draft.rubric, draft.criterion)
        return next((c for c in self.clauses if (c.rubric.id, c.criterion.id) == wanted), None)

    def facts(self, draft: Draft) -> dict[int, Fact]:
        """Unit id → the fact to be booked.

        Raises:
            FactError: the words of a unit say none, or the clause can no longer be booked.
        """
        clause = self.clause(draft)
        if clause is None:
            return {}
        return {unit.id: fact_for(clause, draft, draft.values[ident]) for ident, unit in self.units.items()}


def fact_for(clause: Clause, draft: Draft, value: str) -> Fact:
    """The fact some words mean; that something happened is told of the measure it happened under.

    Raises:
        FactError: the words say none.
    """
    fact = fact_notes.fact_of(clause.criterion, value)
    measure = next((m for m in clause.criterion.measures if m.key == draft.measure), None)
    return {measure.key: measure.holds_when} if fact is True and measure else fact


async def setting_of(turn: Turn, draft: Draft) -> Setting | None:
    """The setting of a draft for who does the office's work; says why where there is none."""
    membership = office.working(turn)
    if membership is None:
        return None
    known = await campaigns.units_in(turn.connection, membership.campaign_id)
    units = {str(unit.id): unit for unit in known if str(unit.id) in draft.values}
    firm = {unit.category for ident, unit in units.items() if ident not in draft.loose}
    loose = {unit.category for ident, unit in units.items() if ident in draft.loose}
    clauses = fact_notes.bookable(membership.rubrics, firm)
    clauses = [c for c in clauses if not draft.two or c.criterion.kind in TWO_PEOPLE]
    clauses = [c for c in clauses if not loose or loose & set(c.rubric.categories)]
    clause = Setting(membership, units, clauses).clause(draft)
    if clause is not None:
        meant = set(clause.rubric.categories)
        units = {i: unit for i, unit in units.items() if i not in draft.loose or unit.category in meant}
    return Setting(membership, units, clauses)


def draft_of(turn: Turn, key: Key) -> Draft | None:
    """The draft a button or question belongs to; says so where it is another one by now."""
    held = turn.held("fact", key)
    return Draft(**{**held, "loose": tuple(held.get("loose", ()))}) if held else None


def next_version(turn: Turn) -> int:
    """The version of a new draft; buttons of older ones are stale."""
    turn.state["fact_version"] = version = int(turn.state.get("fact_version", 0)) + 1
    return version
