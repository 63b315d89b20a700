"""What waits for a look of the office (核查), unit by unit and clause by clause; computed, never stored.

A clause is in the queue once the unit has answered it, again whenever the answer or its proof changes (变更待核), and
without an answer once answers are locked. What was sent back waits for the unit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from fractions import Fraction
from typing import Any, Literal, NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.model import Criterion, Rubric
from rubrics.tasks import asked
from storage import editions, openings, phases, review_rows
from storage.openings import Opening
from storage.review_rows import NOTHING, Reviewable
from storage.tables import UnitRow
from storage.tables_answers import MembershipRow
from storage.verdict_basis import Standing

_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]
_membership: Any = MembershipRow.__table__  # type: ignore[attr-defined]

State = Literal["changed", "new", "unanswered", "returned", "settled", "open"]
"""变更待核, 新报, locked without an answer, sent back, 已核, and not answered yet while it still can be."""

WAITING: frozenset[State] = frozenset({"changed", "new", "unanswered"})

Clause = tuple[int, str, str]
"""Unit id, rubric id, criterion id."""


class Look(NamedTuple):
    """A clause of a unit as the office finds it. ``basis`` is what a verdict has to name, ``verdict`` the newest one."""

    unit_id: int
    unit: str
    rubric: Rubric
    criterion: Criterion
    state: State
    basis: str
    verdict: Standing | None

    @property
    def clause(self) -> Clause:
        """By its ids."""
        return (self.unit_id, self.rubric.id, self.criterion.id)

    @property
    def waits(self) -> bool:
        """Whether somebody of the office has to look at it now."""
        return self.state in WAITING


async def of_campaign_in(
    connection: AsyncConnection, campaign_id: int, today: date, unit_id: int | None = None
) -> list[Look]:
    """Every clause that units answer themselves, in roster order, then the rubrics' order; of one unit where it is given.

    What only the office knows is booked, not reviewed, and what follows from other clauses is neither.

    Raises:
        NotFoundError: no such campaign.
    """
    rubrics = await editions.of_campaign(connection, campaign_id)
    campaign = await _campaign(connection, campaign_id, today)
    held = await review_rows.of_campaign_in(connection, campaign_id, unit_id)
    return [
        look
        for unit in await _units(connection, campaign_id, unit_id)
        for rubric in rubrics
        if unit.category in rubric.categories
        for look in _looks(campaign, unit, rubric, held.get((unit.id, rubric.id), NOTHING))
    ]


class _Campaign(NamedTuple):
    """What decides about clauses without an answer: whether answers are locked, what stays open, 本地没有 that was granted."""

    locked: bool
    openings: tuple[Opening, ...]
    granted: frozenset[tuple[str, str]]

    def takes(self, unit_id: int, rubric: Rubric, criterion: Criterion) -> bool:
        """Whether a unit may still answer a clause."""
        mine = (one for one in self.openings if one.unit_id in (None, unit_id))
        return not self.locked or any(one.covers(rubric.id, criterion.id) for one in mine)


async def _campaign(connection: AsyncConnection, campaign_id: int, today: date) -> _Campaign:
    locked = not phases.collecting(await phases.of_campaign_in(connection, campaign_id), today)
    standing = tuple(await openings.standing_in(connection, campaign_id, today)) if locked else ()
    return _Campaign(locked, standing, await review_rows.granted_in(connection, campaign_id))


def _looks(campaign: _Campaign, unit: Any, rubric: Rubric, known: Reviewable) -> Iterator[Look]:
    for criterion in (c for own in asked(rubric, unit.name, unit.category).values() for c in own):
        ident = criterion.id
        applied = criterion.na_allowed and ident in known.absent
        settled = ident in known.booked or (applied and (rubric.id, ident) in campaign.granted)
        silent: State = "settled" if settled else "open" if campaign.takes(unit.id, rubric, criterion) else "unanswered"
        state = _state(known, ident, silent)
        yield Look(unit.id, unit.name, rubric, criterion, state, known.bases.of(ident), known.verdicts.get(ident))


def _state(known: Reviewable, criterion_id: str, silent: State) -> State:
    """What a clause is; ``silent``: without an answer and a verdict."""
    verdict = known.verdicts.get(criterion_id)
    if verdict is None:
        return "new" if criterion_id in known.answered else silent
    if verdict.returned:
        return "returned"
    return "settled" if verdict.settles else "changed"


class Left(NamedTuple):
    """A unit with what of it is not settled: clauses the office has still to look at, and those sent back."""

    unit: str
    waiting: int
    returned: int


class Unsettled(NamedTuple):
    """How many clauses the office has still to look at (没核), and how many were sent back and wait for their units."""

    waiting: int
    returned: int

    @property
    def all(self) -> int:
        """Both together: what stands between now and a review that is complete."""
        return self.waiting + self.returned


def unsettled(looks: Iterable[Look]) -> Unsettled:
    """What is not settled of all these clauses; every screen that counts it counts so."""
    left = left_of(looks)
    return Unsettled(sum(one.waiting for one in left), sum(one.returned for one in left))


def left_of(looks: Iterable[Look]) -> list[Left]:
    """The units that are not reviewed to the end, in roster order; every count of what is 没核 is this one."""
    found: dict[int, Left] = {}
    for look in looks:
        if look.waits or look.state == "returned":
            before = found.get(look.unit_id, Left(look.unit, 0, 0))
            found[look.unit_id] = Left(look.unit, before.waiting + look.waits, before.returned + (not look.waits))
    return list(found.values())


def in_order(looks: Iterable[Look], worth: Callable[[Rubric, Criterion], Fraction]) -> list[Look]:
    """What changed first, then what is worth most; otherwise as it comes."""
    return sorted(looks, key=lambda look: (look.state != "changed", -worth(look.rubric, look.criterion)))


async def own_units_in(connection: AsyncConnection, person_id: int) -> frozenset[int]:
    """The units a person belongs to, or has belonged to: they never review these (回避)."""
    query = select(_membership.c.unit_id).where(
        _membership.c.person_id == person_id, _membership.c.unit_id.is_not(None)
    )
    return frozenset((await connection.execute(query)).scalars())


async def _units(connection: AsyncConnection, campaign_id: int, unit_id: int | None) -> list[Any]:
    query = select(_unit.c.id, _unit.c.name, _unit.c.category).where(_unit.c.campaign_id == campaign_id)
    query = query if unit_id is None else query.where(_unit.c.id == unit_id)
    return list(await connection.execute(query.order_by(_unit.c.position)))
