"""What each unit still owes today, as the office looks at it and pushes it: the planner's obligations without its hints."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from handlers.turn import Turn
from reminders.known import owed_by_in
from reminders.obligations import Obligation
from storage import campaigns
from storage.campaigns import Unit
from storage.freezing import frozen_in
from storage.people import Membership


class Owing(NamedTuple):
    """A unit with the matters that can be asked of it today, the most urgent first."""

    unit: Unit
    matters: tuple[Obligation, ...]


async def of_campaign(turn: Turn, membership: Membership) -> list[Owing]:
    """All units in roster order, also those nobody has joined for and those that owe nothing.

    What was sent back comes first. Once the scores are frozen only 整改 is owed.
    """
    frozen = await frozen_in(turn.connection, membership.campaign_id) is not None
    units = await campaigns.units_in(turn.connection, membership.campaign_id)
    owed = await owed_by_in(turn.connection, membership.campaign_id, [unit.id for unit in units], turn.zone)
    found = []
    for unit in units:
        matters = (one for one in owed[unit.id] if _is_asked(one, turn.today, frozen=frozen))
        found.append(Owing(unit, tuple(sorted(matters, key=lambda one: one.kind != "returned"))))
    return found


def _is_asked(matter: Obligation, today: date, *, frozen: bool) -> bool:
    return not matter.hint and matter.askable_from <= today and (matter.kind == "rectify" or not frozen)
