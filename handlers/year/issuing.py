"""印发日期: the day the rules went out to the units, from which the year is paced; read back with what it moves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.turn import Turn
from reminders.known import owed_by_in
from reminders.obligations import Obligation
from rubrics.dates import Day, find_days
from rubrics.errors import KaopingError
from storage import campaigns, reminding
from storage.people import Membership
from storage.trial import on_trial

Owed = dict[int, tuple[Obligation, ...]]


class Moved(NamedTuple):
    """What another day changes in what is open: matters with other dates, new ones, those that are gone."""

    units: int
    moved: int
    added: int
    gone: int


async def ask(turn: Turn, key: Key) -> None:
    """印发日期: what it is now, and which day it shall be."""
    membership = office.working(turn)
    if membership is not None:
        issued = await reminding.issued_on_in(turn.connection, membership.campaign_id)
        turn.expect(keys.pack("issued-day"))
        turn.say("issued-how", issued_on=issued.on, since=issued.set_up_at.astimezone(turn.zone).date())


async def said(turn: Turn, key: Key) -> None:
    """A day in any notation, read back with what it changes."""
    membership = office.working(turn)
    if membership is None:
        return
    year = (await reminding.issued_on_in(turn.connection, membership.campaign_id)).year
    days = find_days(turn.event.text, Day(*turn.today.timetuple()[:3]), year)
    if len(days) != 1 or days[0].day is None:
        turn.expect(keys.pack("issued-day"))
        turn.say("issued-unclear", days=[found.text for found in days])
        return
    await _read_back(turn, membership, date(*days[0].day))


async def _read_back(turn: Turn, membership: Membership, on: date) -> None:
    before = (await reminding.issued_on_in(turn.connection, membership.campaign_id)).on
    try:
        moved = await _moved(turn, membership, on)
    except KaopingError as error:
        turn.expect(keys.pack("issued-day"))
        turn.say("refused", said=str(error))
        return
    turn.state["issued_version"] = version = int(turn.state.get("issued_version", 0)) + 1
    turn.state["issued"] = {"on": on.isoformat(), "version": version}
    yes = Option(keys.pack("issued-yes", version=version), "确认")
    turn.say("issued-sure", (yes, Option(keys.pack("campaign"), "取消")), on=on, before=before, moved=moved)


async def set_day(turn: Turn, key: Key) -> None:
    """确认: the year is paced from that day on."""
    membership = office.working(turn)
    held = turn.held("issued", key) if membership else None
    if membership is None or held is None:
        return
    turn.state.pop("issued")
    on = date.fromisoformat(held["on"])
    await _keep(turn, membership, on)
    turn.say("issued-set", (Option(keys.pack("campaign"), "考核"),), on=on)


async def _keep(turn: Turn, membership: Membership, on: date) -> None:
    about = (str(membership.person_id), membership.campaign_id, on)
    await reminding.set_issued_in(turn.connection, turn.now, *about)


async def _moved(turn: Turn, membership: Membership, on: date) -> Moved:
    """What is open with that day beside what is open now: the day is set on trial."""
    units = [unit.id for unit in await campaigns.units_in(turn.connection, membership.campaign_id)]
    about = (turn.connection, membership.campaign_id, units, turn.zone)
    before = await owed_by_in(*about)
    async with on_trial(turn.connection):
        await _keep(turn, membership, on)
        after = await owed_by_in(*about)
    return _compared(units, before, after)


def _compared(units: Iterable[int], before: Owed, after: Owed) -> Moved:
    touched = moved = added = gone = 0
    for unit_id in units:
        old, new = _days(before[unit_id]), _days(after[unit_id])
        changes = sum(new[key] != old[key] for key in new.keys() & old.keys())
        moved, added, gone = moved + changes, added + len(new.keys() - old.keys()), gone + len(old.keys() - new.keys())
        touched += old != new
    return Moved(touched, moved, added, gone)


def _days(matters: Iterable[Obligation]) -> dict[str, tuple[date, date, date]]:
    """The dates of each matter by its key; hints are no matters."""
    return {one.key: (one.askable_from, one.due, one.limit) for one in matters if not one.hint}
