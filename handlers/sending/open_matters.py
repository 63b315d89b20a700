"""What each unit still owes today, as the office looks at it and pushes it: the planner's obligations without its hints."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from handlers.turn import Turn
from reminders.known import calendar_in, owed_by_in
from reminders.obligations import Obligation
from reminders.triggers import is_overdue
from storage import campaigns, reminding
from storage.campaigns import Unit
from storage.freezing import frozen_in
from storage.people import Membership

AFTER_CLOSE = frozenset({"submit", "confirm"})
"""What can no longer be done once 自评 is over; any other matter can come as 补报."""


class Owing(NamedTuple):
    """A unit with the matters that can be asked of it today, the most urgent first.

    ``overdue``: the keys of those whose limit has passed after somebody was told of them in time.
    """

    unit: Unit
    matters: tuple[Obligation, ...]
    overdue: frozenset[str] = frozenset()

    def only(self, clauses: Collection[tuple[str, str]], *, late: bool = False) -> Owing:
        """Only the matters of some clauses (rubric and criterion; of all where there are none); only the overdue ones."""
        kept = (
            one
            for one in self.matters
            if (not clauses or any((one.rubric_id, ident) in clauses for ident in one.criteria))
            and (not late or one.key in self.overdue)
        )
        return self._replace(matters=tuple(kept))


async def of_campaign(turn: Turn, membership: Membership, on: date | None = None) -> list[Owing]:
    """All units in roster order, also those nobody has joined for and those that owe nothing.

    What was sent back comes first. Once 自评 is over there is nothing to hand in; once the scores are frozen only 整改
    is owed.

    Args:
        on: the day they will be told of; today where None.
    """
    frozen = await frozen_in(turn.connection, membership.campaign_id) is not None
    units = await campaigns.units_in(turn.connection, membership.campaign_id)
    owed = await owed_by_in(turn.connection, membership.campaign_id, [unit.id for unit in units], turn.zone)
    locked = await closed_on(turn, membership, on or turn.today) is not None
    announced = await _announced(turn, membership)
    found = []
    for unit in units:
        matters = [
            one
            for one in owed[unit.id]
            if _is_asked(one, turn.today, frozen=frozen) and not (locked and one.kind in AFTER_CLOSE)
        ]
        late = (one.key for one in matters if is_overdue(one, announced.get((unit.id, one.key), ()), turn.today))
        found.append(Owing(unit, tuple(sorted(matters, key=lambda one: one.kind != "returned")), frozenset(late)))
    return found


def in_words(matter: Obligation, today: date) -> str:
    """A matter with its day, as a text for WeChat or SMS has it: 信息上报 12月25日前."""
    on = matter.due if matter.due >= today else matter.limit
    return f"{matter.what} {on.month}月{on.day}日前" if on >= today else f"{matter.what} 已过{on.month}月{on.day}日"


async def closed_on(turn: Turn, membership: Membership, on: date) -> date | None:
    """The last day of 自评, where it is over by a day: what comes then is 补报."""
    closes = (await calendar_in(turn.connection, membership.campaign_id, turn.zone)).answers_close
    return closes if closes < on else None


async def _announced(turn: Turn, membership: Membership) -> dict[tuple[int, str], tuple[date, ...]]:
    """The days on which matters were told to somebody, by unit and key."""
    days: dict[tuple[int, str], set[date]] = defaultdict(set)
    for one in await reminding.told_in(turn.connection, membership.campaign_id):
        if one.delivered_at is not None:
            for matter in one.telling.matters:
                days[matter].add(one.delivered_at.astimezone(turn.zone).date())
    return {matter: tuple(sorted(found)) for matter, found in days.items()}


def _is_asked(matter: Obligation, today: date, *, frozen: bool) -> bool:
    return not matter.hint and matter.askable_from <= today and (matter.kind == "rectify" or not frozen)
