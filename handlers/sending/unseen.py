"""未看: whose reminder no page has shown within one working day, with texts the office can send another way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from channels.keys import Key
from handlers import office
from handlers.turn import Turn
from reminders import workdays
from reminders.known import owed_by_in
from storage import people, reminding
from storage.reminding import Told

MOST_SHOWN = 20


class Unread(NamedTuple):
    """A person, what waits there, by when the first of it is due, and when it was said."""

    name: str
    units: tuple[str, ...]
    matters: int
    due: date | None
    told: Told


async def show(turn: Turn, key: Key | None = None) -> None:
    """Who has not opened the page, a text for each, and one for the work group that names no score."""
    membership = office.working(turn)
    if membership is None:
        return
    told = await reminding.unseen_in(turn.connection, membership.campaign_id, turn.now)
    late = [one for one in told if _is_late(turn, one)]
    members = await people.members_in(turn.connection, membership.campaign_id)
    found = [await _unread(turn, membership.campaign_id, members, one) for one in late[:MOST_SHOWN]]
    units = list(dict.fromkeys(unit for one in found for unit in one.units))
    turn.say("unseen", found=found, more=len(late) - len(found))
    for one in found:
        turn.say("unseen-text", one=one, home=turn.home)
    if found:
        turn.say("unseen-group", units=units, home=turn.home)


def _is_late(turn: Turn, told: Told) -> bool:
    """Whether a whole working day has passed since it was said."""
    local = told.at.astimezone(turn.zone)
    until = workdays.after(local.date(), 1) - local.date()
    return turn.now >= told.at + timedelta(days=until.days)


async def _unread(turn: Turn, campaign_id: int, members: Sequence[people.Member], told: Told) -> Unread:
    name = next((m.name for m in members if m.person_id == told.telling.person_id), "") or "联络员"
    units = {m.unit_id: m.unit for m in members if m.unit_id in {unit_id for unit_id, _ in told.telling.matters}}
    owed = await owed_by_in(turn.connection, campaign_id, [ident for ident in units if ident is not None], turn.zone)
    still = [o for ident, those in owed.items() for o in those if (ident, o.key) in told.telling.matters and not o.hint]
    due = min((o.due for o in still if o.due >= turn.today), default=None)
    return Unread(name, tuple(units.values()), len(still), due, told)
