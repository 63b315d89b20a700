"""未看: whose reminder no page has shown within one working day, with texts the office can send another way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.sending import open_matters
from handlers.turn import Turn
from reminders import workdays
from reminders.known import owed_by_in
from storage import people, reminding
from storage.reminding import Told

MOST_SHOWN = 20
"""So many at once; a button goes on."""

NAMED = 4


class Unread(NamedTuple):
    """A person, what is still open of the reminder, each with its day, and when it was said."""

    name: str
    units: tuple[str, ...]
    matters: tuple[str, ...]
    told: Told


async def show(turn: Turn, key: Key | None = None) -> None:
    """Who has not opened the page, a text for each, and one for the work group that names no score."""
    membership = office.working(turn)
    if membership is None:
        return
    told = await reminding.unseen_in(turn.connection, membership.campaign_id, turn.now)
    late = [one for one in told if _is_late(turn, one)]
    first = _from(key, len(late))
    members = await people.members_in(turn.connection, membership.campaign_id)
    some = late[first : first + MOST_SHOWN]
    found = [await _unread(turn, membership.campaign_id, members, one) for one in some]
    more = len(late) - first - len(found)
    turn.say("unseen", found=found, total=len(late), first=first, more=more)
    for one in (one for one in found if one.matters):
        turn.say("unseen-text", one=one, home=turn.home, named=NAMED)
    if found:
        units = list(dict.fromkeys(name for one in late for name in _units(members, one).values()))
        onward = (Option(keys.pack("unseen", first + MOST_SHOWN), "往后看"),) if more else ()
        turn.say("unseen-group", onward, units=units, home=turn.home)


def _from(key: Key | None, total: int) -> int:
    """Where the list goes on; at its beginning where it has become shorter than that."""
    first = int(key.parts[0]) if key and key.parts and key.parts[0].isdigit() else 0
    return first if first < total else 0


def _is_late(turn: Turn, told: Told) -> bool:
    """Whether a whole working day has passed since it was said."""
    local = told.at.astimezone(turn.zone)
    until = workdays.after(local.date(), 1) - local.date()
    return turn.now >= told.at + timedelta(days=until.days)


async def _unread(turn: Turn, campaign_id: int, members: Sequence[people.Member], told: Told) -> Unread:
    name = next((m.name for m in members if m.person_id == told.telling.person_id), "") or "联络员"
    units = _units(members, told)
    owed = await owed_by_in(turn.connection, campaign_id, units, turn.zone)
    still = [o for ident, those in owed.items() for o in those if (ident, o.key) in told.telling.matters and not o.hint]
    matters = tuple(open_matters.in_words(o, turn.today) for o in still)
    return Unread(name, tuple(units.values()), matters, told)


def _units(members: Sequence[people.Member], told: Told) -> dict[int, str]:
    """The units a reminder was about."""
    about = {unit_id for unit_id, _ in told.telling.matters}
    return {m.unit_id: m.unit for m in members if m.unit_id is not None and m.unit_id in about}
