"""附件1 with 完成数/目标, 存在问题 and 下步打算: each row of the tasks table by who leads it, as it was at a moment."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from reports.score_table import Done
from reports.standings import rows_in
from rubrics.clauses import is_met
from rubrics.fact_words import fact_words
from rubrics.model import Criterion, Rubric
from rubrics.tasks import Duty, duties
from storage import as_of, campaigns, editions, scorecards, snapshots, task_notes
from storage.as_of import Claimed
from storage.campaigns import Campaign, Unit
from storage.freezing import frozen_in
from storage.scorecards import SummaryRow
from storage.task_notes import TaskNote

_STATES = {"not_yet": "还没到时候", "unknown": "不清楚", "not_here": "报本地没有"}
_SILENT = "没有填"


class Target(NamedTuple):
    """A target of a row: its name, what is asked as the source prints it, and what the unit reports."""

    name: str
    asked: str
    done: str
    met: bool


class RowOfLead(NamedTuple):
    """A row of the tasks table and one unit that answers for it; ``done`` is the engine's count of targets met."""

    number: str
    title: str
    lead: str
    targets: tuple[Target, ...]
    done: Done
    problem: str
    next_step: str


class Annex(NamedTuple):
    """The table as of a moment, in the zone whose date is printed.

    ``approved``: the same rows as they were verified when the scores were frozen; None before that.
    """

    title: str
    at: datetime
    rows: tuple[RowOfLead, ...]
    approved: Done | None = None

    @property
    def complete(self) -> Done:
        """How many of its rows are complete."""
        return Done(sum(row.done.done == row.done.of for row in self.rows), len(self.rows))


async def of_campaign(connection: AsyncConnection, campaign: Campaign, at: datetime, zone: ZoneInfo) -> list[Annex]:
    """The tasks tables of a campaign as they were at a moment (aware), rows in order, leads in roster order."""
    made, frozen = [], await frozen_in(connection, campaign.id)
    held = frozen is not None and frozen.at <= at
    approved = await _approved(connection, campaign, frozen.number) if frozen and held else []
    for rubric in await editions.of_campaign(connection, campaign.id):
        if any(item.role == "task" for item in rubric.items):
            rows = await _rows(connection, campaign, rubric, at)
            counted = [rows_in(rubric, row, row.verified) for row in approved if row.rubric_id == rubric.id]
            total = Done(sum(one.done for one in counted), sum(one.of for one in counted)) if counted else None
            made.append(Annex(f"{campaign.code} 年度 · {rubric.title}", at.astimezone(zone), tuple(rows), total))
    return made


async def _approved(connection: AsyncConnection, campaign: Campaign, number: int) -> list[SummaryRow]:
    return await snapshots.rows_in(connection, await snapshots.find_in(connection, campaign.id, number))


async def _rows(connection: AsyncConnection, campaign: Campaign, rubric: Rubric, at: datetime) -> list[RowOfLead]:
    notes = await task_notes.newest_in(connection, campaign.id, rubric.id, at)
    found = []
    for unit in await campaigns.units_in(connection, campaign.id):
        groups = tuple(name for name, categories in rubric.groups.items() if unit.category in categories)
        bound = duties(rubric, unit.name, groups)
        if unit.category in rubric.categories and bound:
            claimed = await as_of.claimed_in(connection, unit.id, rubric, at)
            scored = scorecards.figures_of(scorecards.plan_of(rubric).score(claimed.facts)).rows
            said = ((duty, notes.get((unit.id, duty.row.id))) for duty in bound)
            found += [_row(unit, duty, claimed, Done(*scored[duty.row.id]), note) for duty, note in said]
    order = [item.id for item in rubric.items]
    return sorted(found, key=lambda row: order.index(row.number))


def _row(unit: Unit, duty: Duty, claimed: Claimed, done: Done, note: TaskNote | None) -> RowOfLead:
    targets = tuple(_target(criterion, claimed) for criterion in duty.targets)
    problem, next_step = (note.problem, note.next_step) if note else ("", "")
    return RowOfLead(duty.row.id, duty.row.title, unit.name, targets, done, problem, next_step)


def _target(criterion: Criterion, claimed: Claimed) -> Target:
    fact = claimed.facts.get(criterion.id)
    if fact is None:
        state = _STATES.get(claimed.states.get(criterion.id, ""), _SILENT)
        return Target(criterion.label, _asked(criterion), state, met=False)
    return Target(criterion.label, _asked(criterion), fact_words(criterion, fact), met=is_met(criterion, fact))


def _asked(criterion: Criterion) -> str:
    """What is asked: the figure as the source prints it; of a yes the word for it."""
    if criterion.printed:
        return criterion.printed
    return next((label for label, value in criterion.answer.buttons.items() if value is True), "完成")
