"""What commands change: one function a command, from what was asked to builtins, registered by name.

A command runs its function on its own database, or a running `serve` runs it on the one that may write; so what
is asked and what comes back are builtins, and both ways run the same code.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any, NamedTuple

import msgspec

from bot.adopting import AdoptRubric, adopt
from rubrics import loader
from rubrics.errors import KaopingError
from storage import campaigns, invitations, phases, reminding, snapshots
from storage.clock import Clock
from storage.database import Database
from storage.roster import RosterUnit

ACTOR = "cli"


class WrongRequestError(KaopingError):
    """A change that is not known or not asked in its form; the two programs are of different versions."""


class NewCampaign(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`kaoping campaign new`. The roster is read by the command, so that a sheet never holds up the bot.

    ``readings``: rubric id → reading → option, for those the campaign switches. ``issued_on``: when its rules went
    out to the units; the day it is set up where that is not said. ``provisional``: the rubrics that are 暂用.
    """

    year: int
    rubrics: list[str]
    roster: list[RosterUnit]
    readings: dict[str, dict[str, str]] = {}
    issued_on: date | None = None
    provisional: list[str] = []


class SetPhase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`kaoping campaign phase --set`; days of the office's zone, both inclusive."""

    campaign: str
    name: str
    starts_on: date
    ends_on: date


class SetIssued(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`kaoping campaign phase --issued`; a day of the office's zone."""

    campaign: str
    issued_on: date


class Invite(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`kaoping invite`."""

    campaign: str
    role: str
    unit: str | None
    name: str
    days: int


class TakeSnapshot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`kaoping snapshot`."""

    campaign: str
    name: str


class Change(NamedTuple):
    """A change by name: the form of what is asked, and the function that carries it out."""

    form: type[msgspec.Struct]
    carry_out: Callable[[Database, Clock, Any], Awaitable[Any]]


async def new_campaign(database: Database, clock: Clock, asked: NewCampaign) -> dict[str, Any]:
    """Create a campaign from a roster that was read."""
    rubrics = [loader.load(ident) for ident in dict.fromkeys(asked.rubrics)]
    at = clock()
    async with database.write() as connection:
        how = (asked.readings, asked.provisional)
        made = await campaigns.create_in(connection, at, ACTOR, asked.year, rubrics, asked.roster, *how)
        if asked.issued_on is not None:
            await reminding.set_issued_in(connection, at, ACTOR, made.id, asked.issued_on)
    return campaign_json(made)


async def set_phase(database: Database, clock: Clock, asked: SetPhase) -> dict[str, Any]:
    """Set or move a phase of a campaign."""
    found = await campaigns.find(database, asked.campaign)
    async with database.write() as connection:
        days = (asked.starts_on, asked.ends_on)
        return phase_json(await phases.set_in(connection, clock(), ACTOR, found.id, asked.name, *days))


async def set_issued(database: Database, clock: Clock, asked: SetIssued) -> dict[str, Any]:
    """Note the day a campaign's rules went out."""
    found = await campaigns.find(database, asked.campaign)
    async with database.write() as connection:
        await reminding.set_issued_in(connection, clock(), ACTOR, found.id, asked.issued_on)
    return {"campaign": found.code, "issued_on": asked.issued_on.isoformat()}


async def invite(database: Database, clock: Clock, asked: Invite) -> dict[str, Any]:
    """Make an invitation; ``expires_at`` is in UTC."""
    found = await campaigns.find(database, asked.campaign)
    made = await invitations.invite(
        database, clock(), ACTOR, found, asked.role, unit=asked.unit, name=asked.name, days=asked.days
    )
    return {**made._asdict(), "expires_at": made.expires_at.isoformat()}


async def take_snapshot(database: Database, clock: Clock, asked: TakeSnapshot) -> dict[str, Any]:
    """Take a snapshot of a campaign's scores."""
    found = await campaigns.find(database, asked.campaign)
    async with database.write() as connection:
        taken = await snapshots.take_in(connection, clock(), ACTOR, found.id, found.code, asked.name)
    return snapshot_json(taken)


CHANGES = {
    "campaign new": Change(NewCampaign, new_campaign),
    "campaign adopt": Change(AdoptRubric, adopt),
    "campaign phase": Change(SetPhase, set_phase),
    "campaign issued": Change(SetIssued, set_issued),
    "invite": Change(Invite, invite),
    "snapshot": Change(TakeSnapshot, take_snapshot),
}


async def carry_out(database: Database, clock: Clock, command: str, arguments: Any) -> Any:
    """Carry out a command's change and return its result in builtins.

    Raises:
        WrongRequestError: no such command, or arguments of another form.
        KaopingError: what the change itself refuses.
    """
    change = CHANGES.get(command)
    if change is None:
        raise WrongRequestError(f"运行中的 kaoping serve 不认得命令「{command[:40]}」，请把两边更新到同一版本")
    try:
        asked = msgspec.convert(arguments, change.form)
    except msgspec.ValidationError as error:
        raise WrongRequestError(
            f"运行中的 kaoping serve 看不懂命令 {command} 的参数（{error}），请把两边更新到同一版本"
        ) from error
    return await change.carry_out(database, clock, asked)


def campaign_json(found: campaigns.Campaign) -> dict[str, Any]:
    """A campaign as commands print it."""
    return {
        "campaign": found.code,
        "year": found.year,
        "rubrics": list(found.rubric_ids),
        "provisional": list(found.provisional),
        "units": found.units,
        "created_at": found.created_at.isoformat(),
    }


def phase_json(phase: phases.Phase) -> dict[str, Any]:
    """A phase as commands print it."""
    return {"phase": phase.name, "from": phase.starts_on.isoformat(), "to": phase.ends_on.isoformat()}


def snapshot_json(taken: snapshots.Snapshot) -> dict[str, Any]:
    """A snapshot as commands print it; ``at`` is in UTC."""
    about = {"snapshot": taken.number, "name": taken.name, "final": taken.final}
    return {**about, "sha256": taken.sha256, "at": taken.at.isoformat()}
