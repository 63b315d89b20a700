"""What a unit can still do once 自评 is over: clauses kept open (待年终), opened again or sent back, and its 整改."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from reminders.obligations import Obligation, in_order
from rubrics.model import Rubric
from storage import openings, rectifications
from storage.freezing import frozen_in
from storage.openings import Opening
from storage.phases import RECTIFICATION
from storage.rectifications import Rectification

MEND_DAYS = 14
"""So long a unit has for what was sent back, where the year leaves it no more."""

_LEFT_OUT = frozenset({"submit", "hint", "confirm"})


class Taken(NamedTuple):
    """What a campaign still takes after the lock, and the lines of 整改 that wait for their unit."""

    openings: Sequence[Opening]
    lines: Sequence[Rectification]
    frozen: bool
    zone: ZoneInfo

    def of_unit(
        self, unit_id: int, rubrics: Mapping[str, Rubric], owed: Sequence[Obligation]
    ) -> tuple[Obligation, ...]:
        """A unit's obligations with the day each can be done until, and its 整改, the most urgent first."""
        mine = [one for one in self.openings if one.unit_id in (None, unit_id)]
        lines = [self._of_line(line, rubrics) for line in self.lines if line.unit_id == unit_id]
        if self.frozen or not (mine or lines or any(one.kind == "returned" for one in owed)):
            return tuple(sorted((*owed, *lines), key=in_order)) if lines else tuple(owed)
        return tuple(sorted((*(_until(one, mine) for one in owed), *lines), key=in_order))

    def _of_line(self, line: Rectification, rubrics: Mapping[str, Rubric]) -> Obligation:
        rubric = rubrics.get(line.rubric_id)
        known = rubric is not None and line.criterion_id in rubric.criteria
        label = rubric.criteria[line.criterion_id].label if rubric is not None and known else line.criterion_id
        what = f"整改：{label}{'（被退回）' if line.answer else ''}"
        begun = line.at.astimezone(self.zone).date()
        return Obligation(
            f"{line.rubric_id}/{line.criterion_id}/rectify",
            "rectify",
            line.rubric_id,
            (line.criterion_id,),
            what,
            begun,
            line.due_on,
            line.due_on,
            Fraction(0),  # what was lost stays lost
            RECTIFICATION,
            after_lock=True,
        )


async def taken_in(connection: AsyncConnection, campaign_id: int, zone: ZoneInfo) -> Taken:
    """What is taken after the lock, for all units in few statements; also what is open until a day that has passed."""
    found = await openings.standing_in(connection, campaign_id, date.min)
    lines = await rectifications.lines_in(connection, campaign_id)
    waiting = [line for line in lines if line.state in {"open", "planned"}]
    return Taken(found, waiting, await frozen_in(connection, campaign_id) is not None, zone)


async def anything_in(connection: AsyncConnection, campaign_id: int, today: date) -> bool:
    """Whether a unit may still do something after the lock: a year that is over must not cost a look at every unit."""
    lines = await rectifications.lines_in(connection, campaign_id)
    if any(line.state in {"open", "planned"} for line in lines):
        return True
    if await frozen_in(connection, campaign_id):
        return False
    return bool(await openings.standing_in(connection, campaign_id, today)) or await openings.any_returned_in(
        connection, campaign_id
    )


def _until(obligation: Obligation, mine: Sequence[Opening]) -> Obligation:
    """An obligation with the day until which its clause is taken, where that is not the lock's."""
    if obligation.kind in _LEFT_OUT:
        return obligation
    ident = obligation.criteria[0]
    found = [one.until for one in mine if one.covers(obligation.rubric_id, ident)]
    if found:
        last = max(found)
        return obligation._replace(due=last, limit=last, phase="", after_lock=True)
    if obligation.kind == "returned":
        mended = obligation.askable_from + timedelta(days=MEND_DAYS)
        later = obligation._replace(due=mended, limit=mended, phase="") if mended > obligation.limit else obligation
        return later._replace(after_lock=True)
    return obligation
