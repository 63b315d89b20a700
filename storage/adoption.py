"""The year's own rubric and tasks, taken whenever they are issued, in place of the one a campaign runs.

One unit of work: what is known about clauses that are the same counts for the new rubric, the rest is asked again, and
every row stays. `adopt_in` on trial is the preview (see `trial`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics import carrying
from rubrics.carrying import Clause
from rubrics.model import Criterion, Rubric
from rubrics.tasks import asked
from storage import (
    adoption_answers,
    adoption_review,
    adoption_rows,
    appeals,
    audit,
    campaigns,
    editions,
    information,
    information_counting,
    late_answers,
    scorecards,
    targets,
)
from storage.adoption_answers import Answered
from storage.adoption_rows import Move, Uses
from storage.adoption_wish import Replacing, Wish, replacing_in
from storage.campaigns import Unit
from storage.errors import RosterError, StorageError
from storage.freezing import refuse_frozen_in
from storage.roster import RosterUnit
from storage.tables import CampaignRubricRow

_rubric: Any = CampaignRubricRow.__table__  # type: ignore[attr-defined]


class UnitChange(NamedTuple):
    """What it comes to for a unit.

    ``carried``: answers; ``kept``: clauses that are the same, ``worth`` those of them that are worth something else
    now; ``again``: clauses that changed, of which it had answered ``answered_before``; ``new``: clauses not asked
    before; ``files`` stay proof, ``loose`` ones are to be sorted again; ``tasks``: figures handed down that are new.
    The totals are 自报; None without one.
    """

    unit: Unit
    carried: int
    kept: int
    worth: tuple[Criterion, ...]
    again: tuple[Criterion, ...]
    answered_before: int
    new: tuple[Criterion, ...]
    dropped: int
    files: int
    loose: int
    tasks: int
    before: Decimal | None
    after: Decimal | None

    @property
    def moved(self) -> bool:
        """Whether its total is another one."""
        return self.before is not None and self.after is not None and self.before != self.after


class Rebook(NamedTuple):
    """Something the office had booked that counts for nothing now: its clause is another or is not assessed any more."""

    fact_id: int
    unit: str
    label: str


class Adopted(NamedTuple):
    """What was taken, and what became of everything. ``left_out``: units the new rubric does not assess.

    ``only_tasks``: the rubric is as it was, only tasks were handed down.
    """

    old: Rubric
    new: Rubric
    clauses: tuple[Clause, ...]
    units: tuple[UnitChange, ...]
    left_out: tuple[str, ...]
    rebook: tuple[Rebook, ...]
    only_tasks: bool

    def of_kind(self, kind: str) -> tuple[Clause, ...]:
        """The clauses that are same, worth, changed, new or dropped."""
        return tuple(clause for clause in self.clauses if clause.kind == kind)


async def adopt_in(
    connection: AsyncConnection, at: datetime, person_id: int | None, campaign_id: int, wish: Wish
) -> Adopted:
    """Take the year's rubric; everything is checked before anything is written.

    Args:
        person_id: who does it; None for a command.

    Raises:
        NotFoundError: no such campaign, or it does not run the rubric that is to be replaced.
        RubricError: no such rubric, or the overlay has mistakes.
        FrozenError: the scores are frozen.
        StorageError: it cannot take the other's place, changes nothing, or something is still to be decided.
        RosterError: tasks for units the campaign does not have.
    """
    running = await replacing_in(connection, campaign_id, wish)
    if running.unchanged and not wish.handed_down:
        raise StorageError(f"细则「{wish.rubric_id}」已经这样在用，没有要换的；请另选一份，或给年度细则文件、目标表")
    await refuse_frozen_in(connection, campaign_id)
    await _refuse_undecided(connection, campaign_id, running.old.id)
    units = await campaigns.units_in(connection, campaign_id)
    tasks = _tasks_of(units, wish.handed_down)
    clauses = carrying.clauses(running.old, running.new)
    assessed = [unit for unit in units if unit.category in running.new.categories]
    carried = {c.old.id: c.new for c in clauses if c.carried and c.old and c.new}
    here = frozenset(unit.id for unit in assessed)
    move = Move(connection, at, campaign_id, person_id, running.old, running.new, carried, here)
    done = await _moved(move, running, clauses, units, tasks)
    changes = tuple(_change(done, unit) for unit in assessed)
    was = (unit.name for unit in units if unit.category in running.old.categories and unit.id not in here)
    names = {unit.id: unit.name for unit in units}
    rebook = tuple(Rebook(r.id, names[r.unit_id], running.old.criteria[r.criterion_id].label) for r in done.lost)
    return Adopted(running.old, running.new, clauses, changes, tuple(was), rebook, running.unchanged)


async def _moved(
    move: Move, running: Replacing, clauses: tuple[Clause, ...], units: Sequence[Unit], tasks: dict[int, RosterUnit]
) -> _Known:
    """Everything carried out, in the order in which one thing rests on another."""
    assessed = [unit for unit in units if unit.id in move.units]
    before = await _claimed(move.connection, move.campaign_id, move.old.id)
    standing = await adoption_answers.standing_verdicts(move)
    opinions = await adoption_review.opinions_that_count(move)
    await _replace(move, running)
    answered = await adoption_answers.move(move)
    uses = await adoption_rows.ledger(move)
    lost = await adoption_rows.bookings(move)
    await adoption_rows.around(move)
    handed = await _hand_down(move, units, tasks)
    await _follow(move, assessed)
    await adoption_answers.move_verdicts(move, standing)
    await adoption_review.move(move, clauses, opinions)
    for unit in assessed:
        await scorecards.rewrite(move.connection, move.at, unit.id, move.new)
    after = await _claimed(move.connection, move.campaign_id, move.new.id)
    return _Known(move, clauses, answered, uses, lost, handed, before, after)


async def _refuse_undecided(connection: AsyncConnection, campaign_id: int, rubric_id: str) -> None:
    """What waits for a decision names a clause as it was asked; it is decided first."""
    waiting = (
        ("申诉", [one.rubric_id for one in await appeals.open_in(connection, campaign_id)]),
        ("补报", [one.rubric_id for one in await late_answers.open_in(connection, campaign_id)]),
    )
    for name, found in waiting:
        if count := found.count(rubric_id):
            raise StorageError(f"还有 {count} 件{name}没有答复，答复以后才能换细则；请发 {name} 逐件处理")


def _tasks_of(units: Sequence[Unit], roster: Iterable[RosterUnit]) -> dict[int, RosterUnit]:
    """The tasks of this year by unit.

    Raises:
        RosterError: rows that name no unit of the campaign, or one twice.
    """
    known = {name: unit.id for unit in units for name in (*unit.aliases, unit.name)}
    found: dict[int, RosterUnit] = {}
    problems = []
    for row in roster:
        ident = known.get(row.name)
        if ident is None:
            problems.append(f"目标表：这次考核没有单位「{row.name[:20]}」，请写花名册里的全称或简称")
        elif ident in found:
            problems.append(f"目标表：「{row.name}」和「{found[ident].name}」是同一个单位，留一行")
        else:
            found[ident] = row
    if problems:
        raise RosterError(problems)
    return found


async def _replace(move: Move, running: Replacing) -> None:
    """The rubric that is in force from now on."""
    values = {"overlay": running.overlay, "edition_sha256": campaigns.edition(running.new), "provisional": False}
    this = _rubric.c.id == running.row.id
    if move.in_place:
        await move.connection.execute(update(_rubric).where(this).values(**values))
    else:
        await move.connection.execute(update(_rubric).where(this).values(ended_at=move.at))
        place = {"campaign_id": move.campaign_id, "rubric_id": move.new.id, "position": running.row.position}
        await move.connection.execute(insert(_rubric).values(**place, **values))
    subject = {"from": move.old.id, "rubric": move.new.id, "edition_sha256": values["edition_sha256"]}
    if running.overlay is not None:
        subject["overlay_sha256"] = hashlib.sha256(running.overlay.encode()).hexdigest()
    await audit.record(move.connection, move.at, _actor(move), "rubric.adopted", subject, move.campaign_id)


def _actor(move: Move) -> str:
    return "cli" if move.person_id is None else str(move.person_id)


async def _hand_down(move: Move, units: Sequence[Unit], tasks: dict[int, RosterUnit]) -> dict[int, int]:
    """Hand the year's tasks down; how many are new to each unit. One that is as it was stays confirmed."""
    rubrics = {rubric.id: rubric for rubric in await editions.of_campaign(move.connection, move.campaign_id)}
    handed: dict[int, int] = {}
    for unit in units:
        held = {(t.rubric_id, t.criterion_id): t.figure for t in await targets.handed_down_in(move.connection, unit.id)}
        for target in tasks[unit.id].targets if unit.id in tasks else ():
            if held.get((target.rubric_id, target.criterion_id)) == target.figure:
                continue
            clause = (rubrics[target.rubric_id], target.criterion_id, target.figure)
            await targets.set_target_in(move.connection, move.at, move.person_id, unit.id, *clause)
            handed[unit.id] = handed.get(unit.id, 0) + 1
    return handed


async def _follow(move: Move, units: Iterable[Unit]) -> None:
    """Reports count under the new rubric as it reads them."""
    for unit in units:
        reports = await information.of_unit_in(move.connection, unit.id)
        if reports:
            whose = information_counting.Unit(unit.id, unit.name, unit.category, (move.new,))
            by = reports[-1].person_id if move.person_id is None else move.person_id
            await information_counting.recount_in(move.connection, move.at, by, whose, move.new)


async def _claimed(connection: AsyncConnection, campaign_id: int, rubric_id: str) -> dict[int, Decimal | None]:
    rows = await scorecards.summary_in(connection, campaign_id)
    return {row.unit_id: row.claimed.total for row in rows if row.rubric_id == rubric_id}


class _Known(NamedTuple):
    """What became of everything, by unit."""

    move: Move
    clauses: tuple[Clause, ...]
    answered: dict[int, Answered]
    uses: Uses
    lost: Sequence[Any]
    handed: dict[int, int]
    before: dict[int, Decimal | None]
    after: dict[int, Decimal | None]


def _change(known: _Known, unit: Unit) -> UnitChange:
    own = _asked(known.move.new, unit)
    had = known.answered.get(unit.id, Answered())
    changed = [c for c in known.clauses if c.kind == "changed" and c.new and c.new.id in own]
    dropped = {c.old.id for c in known.clauses if c.kind == "dropped" and c.old}
    return UnitChange(
        unit=unit,
        carried=had.carried,
        kept=sum(c.carried and c.new is not None and c.new.id in own for c in known.clauses),
        worth=tuple(c.new for c in known.clauses if c.kind == "worth" and c.new and c.new.id in own),
        again=tuple(c.new for c in changed if c.new),
        answered_before=sum(c.old is not None and c.old.id in had.left for c in changed),
        new=tuple(c.new for c in known.clauses if c.kind == "new" and c.new and c.new.id in own),
        dropped=len(dropped.intersection(_asked(known.move.old, unit))),
        files=len(known.uses.carried.get(unit.id, ())),
        loose=len(known.uses.loose.get(unit.id, ())),
        tasks=known.handed.get(unit.id, 0),
        before=known.before.get(unit.id),
        after=known.after.get(unit.id),
    )


def _asked(rubric: Rubric, unit: Unit) -> Collection[str]:
    return {c.id for own in asked(rubric, unit.name, unit.category).values() for c in own}
