"""What each unit still owes today, as the office pushes it: the planner's obligations, filled from what is stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from handlers.turn import Turn
from reminders.obligations import Entry, Handed, Known, Obligation, Schedule, UnitKnown, open_obligations
from reminders.pacing import Calendar
from reminders.schedules import schedule
from rubrics.model import Rubric
from storage import answers, campaigns, entries, phases, submissions
from storage.campaigns import Unit
from storage.people import Membership
from storage.unit_facts import of_unit


class Owing(NamedTuple):
    """A unit with the matters that can be asked of it today, the most urgent first."""

    unit: Unit
    matters: tuple[Obligation, ...]


async def of_campaign(turn: Turn, membership: Membership) -> list[Owing]:
    """All units in roster order, also those that owe nothing."""
    (campaign,) = await campaigns.campaigns_in(turn.connection, membership.campaign_id)
    calendar = Calendar(
        campaign.year,
        campaign.created_at.astimezone(turn.zone).date(),
        await phases.of_campaign_in(turn.connection, membership.campaign_id),
    )
    found = []
    for unit in await campaigns.units_in(turn.connection, membership.campaign_id):
        year = schedule(membership.rubrics, unit.name, unit.category, calendar)
        matters = open_obligations(year, await _known(turn, unit, year))
        found.append(Owing(unit, tuple(one for one in matters if _is_asked(one, turn.today))))
    return found


def _is_asked(matter: Obligation, today: date) -> bool:
    return not matter.hint and matter.askable_from <= today


async def _known(turn: Turn, unit: Unit, year: Schedule) -> UnitKnown:
    rubrics = {ident: await _of_rubric(turn, unit, rubric) for ident, rubric in year.rubrics.items()}
    handed_in = [await submissions.current_in(turn.connection, unit.id, ident) for ident in year.rubrics]
    return UnitKnown(rubrics, submitted=any(one is not None for one in handed_in))


async def _of_rubric(turn: Turn, unit: Unit, rubric: Rubric) -> Known:
    facts = await of_unit(turn.connection, unit.id, rubric)
    said = await answers.current_in(turn.connection, unit.id, rubric.id)
    resting = {
        ident: _until(one.note) for ident, one in said.items() if one.state in {"not_yet", "unknown", "not_here"}
    }
    counted = {c.id for c in rubric.criteria.values() if c.entries is not None and facts.proofs.entries(c.id)}
    return Known(
        facts=facts.claimed,
        resting=resting,
        entries={ident: await _entries(turn, unit, rubric, ident) for ident in counted},
        lacking=frozenset(facts.lacking),
        targets=await _targets(turn, unit, rubric, facts.own),
    )


def _until(note: str) -> date | None:
    """The day of 还没到时候; the other states rest without one."""
    try:
        return date.fromisoformat(note)
    except ValueError:
        return None


async def _entries(turn: Turn, unit: Unit, rubric: Rubric, ident: str) -> tuple[Entry, ...]:
    held = await entries.of_clause_in(turn.connection, unit.id, rubric.id, ident)
    return tuple(Entry(one.happened_on) for one in held)


async def _targets(turn: Turn, unit: Unit, rubric: Rubric, own: Mapping[str, object]) -> dict[str, Handed]:
    handed = await campaigns.targets_in(turn.connection, unit.id, rubric.id)
    done = {ident: fact for ident, fact in own.items() if isinstance(fact, Decimal)}
    return {ident: Handed(figure, done.get(ident, Decimal(0))) for ident, figure in handed.items()}
