"""`kaoping campaign adopt`: the year's rubric taken on a database, or tried, and told to the units (see `changes`)."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from bot.settings import load_settings
from rubrics.carrying import Clause
from storage import adoption, campaigns
from storage.adoption import Adopted, UnitChange
from storage.adoption_wish import Wish
from storage.clock import Clock
from storage.database import Database
from storage.roster import RosterUnit
from storage.trial import on_trial


class AdoptRubric(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the command asks. The files are read by the command: ``overlay`` is text, ``tasks`` the rows of a sheet.

    ``sure``: carry it out; else only what it would come to is worked out.
    """

    campaign: str
    rubric: str
    instead_of: str | None = None
    overlay: str | None = None
    tasks: list[RosterUnit] = []
    sure: bool = False


async def adopt(database: Database, clock: Clock, asked: AdoptRubric) -> dict[str, Any]:
    """Take the year's rubric and tell the units, or only try it."""
    found = await campaigns.find(database, asked.campaign)
    wish = Wish(asked.rubric, asked.instead_of, asked.overlay, tuple(asked.tasks))
    async with database.write() as connection:
        if not asked.sure:
            async with on_trial(connection):
                return adopted_json(found.code, await adoption.adopt_in(connection, clock(), None, found.id, wish))
        from handlers.texts import renderer
        from handlers.year.adopting_news import tell_in  # the conversation is not needed to try

        done = await adoption.adopt_in(connection, clock(), None, found.id, wish)
        zone, now = ZoneInfo(load_settings().timezone), clock()
        told = await tell_in(connection, now, now.astimezone(zone).date(), renderer(zone), done)
    return {**adopted_json(found.code, done), "told": told.people, "deserted": list(told.deserted)}


def adopted_json(code: str, done: Adopted) -> dict[str, Any]:
    """What was taken, or would be, as commands print it; figures as texts."""
    return {
        "campaign": code,
        "from": done.old.id,
        "rubric": done.new.id,
        "overlay": done.new.overlay or None,
        "clauses": [_clause_json(clause) for clause in done.clauses],
        "units": [_unit_json(change) for change in done.units],
        "left_out": list(done.left_out),
        "rebook": [one._asdict() for one in done.rebook],
        "told": None,
        "deserted": [],
    }


def _clause_json(clause: Clause) -> dict[str, Any]:
    either = clause.new or clause.old
    return {
        "kind": clause.kind,
        "old": clause.old.id if clause.old else None,
        "new": clause.new.id if clause.new else None,
        "label": either.label if either else "",
        "details": list(clause.details),
    }


def _unit_json(change: UnitChange) -> dict[str, Any]:
    counted = ("carried", "kept", "answered_before", "dropped", "files", "loose", "tasks")
    return {
        "unit": change.unit.name,
        **{name: getattr(change, name) for name in counted},
        "again": [criterion.id for criterion in change.again],
        "new": [criterion.id for criterion in change.new],
        "before": None if change.before is None else str(change.before),
        "after": None if change.after is None else str(change.after),
    }
