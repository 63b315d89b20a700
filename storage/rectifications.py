"""整改: what each unit has to mend after the notice, clause by clause, until the office strikes the line off (销号)."""

from __future__ import annotations

import calendar
import hashlib
import json
from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from sqlalchemy import Select, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.breakdown import Breakdown
from rubrics.figures import plain, two_decimals
from rubrics.losses import Loss, of_unit
from storage import audit, editions, phases, pushes, returns, scorecards, snapshots, unit_facts, verdicts
from storage.errors import NotFoundError, StorageError
from storage.freezing import Frozen, frozen_in
from storage.scorecards import SummaryRow
from storage.tables import UnitRow
from storage.tables_closing import RectificationRow
from storage.tables_evidence import EvidenceRow
from storage.texts import storable

WORD_CHARACTERS = 500
WHO_CHARACTERS = 60
FEWEST_CHARACTERS = 2
UNREVIEWED = "到审定时没有核定，记 0 分"
UNANSWERED = "到审定时没有填报"
_BEGUN = "rectification.begun"  # in the audit trail

_line: Any = RectificationRow.__table__  # type: ignore[attr-defined]
_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]
_evidence: Any = EvidenceRow.__table__  # type: ignore[attr-defined]


class Rectification(NamedTuple):
    """A line of a unit's 整改清单. ``lost``: the points, 0 where the rubric prints none. ``answer``: why it came back."""

    id: int
    campaign_id: int
    unit_id: int
    unit: str
    rubric_id: str
    criterion_id: str
    lost: Decimal
    because: str
    measure: str
    who: str
    due_on: date
    files: tuple[int, ...]
    at: datetime
    reported_at: datetime | None
    reported_by: int | None
    closed_at: datetime | None
    closed_by: int | None
    answer: str

    @property
    def state(self) -> Literal["open", "planned", "reported", "closed"]:
        """``planned``: measure, person and day are said; ``closed``: 销号."""
        if self.closed_at is not None:
            return "closed"
        if self.reported_at is not None:
            return "reported"
        return "planned" if self.measure else "open"


def one_month_after(day: date) -> date:
    """The same day of the next month, its last day where it has no such day: 31 January → 28 or 29 February."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


async def begin_in(
    connection: AsyncConnection, at: datetime, person_id: int, campaign_id: int, noticed_on: date, today: date
) -> list[Rectification]:
    """Make the 整改清单 of every unit from what its verified score lost; what is listed already stays as it is.

    The score is the frozen one where there is one. Due one month after the notice; the phase 整改 lasts until then
    where it is not set. Returns the new lines.

    Raises:
        StorageError: the notice is not out yet.
    """
    if noticed_on > today:
        raise StorageError(f"通报定在 {noticed_on.month}月{noticed_on.day}日，通报发出后才能开始整改")
    due = one_month_after(noticed_on)
    known = {(line.unit_id, line.rubric_id, line.criterion_id) for line in await lines_in(connection, campaign_id)}
    frozen = await frozen_in(connection, campaign_id)
    for row, breakdown in await _scored(connection, campaign_id, frozen):
        for loss in await _to_mend(connection, row, breakdown, frozen):
            if (row.unit_id, row.rubric_id, loss.criterion.id) not in known:
                await _add(connection, at, campaign_id, row.unit_id, row.rubric_id, loss, due)
    made = [
        line
        for line in await lines_in(connection, campaign_id)
        if (line.unit_id, line.rubric_id, line.criterion_id) not in known
    ]
    if all(phase.name != phases.RECTIFICATION for phase in await phases.of_campaign_in(connection, campaign_id)):
        days = (phases.RECTIFICATION, noticed_on, due)
        await phases.set_in(connection, at, str(person_id), campaign_id, *days)
    subject = {"noticed_on": noticed_on.isoformat(), "due_on": due.isoformat(), "lines": [line.id for line in made]}
    await audit.record(connection, at, str(person_id), _BEGUN, subject, campaign_id)
    return made


async def before_approval_in(connection: AsyncConnection, campaign_id: int) -> bool:
    """Whether the lists were made before the scores were frozen (审定): what counts 0 unreviewed is not in them yet."""
    frozen = await frozen_in(connection, campaign_id)
    return frozen is not None and not await pushes.was_said_in(connection, campaign_id, _BEGUN, frozen.at)


async def plan_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    line: Rectification,
    measure: str,
    who: str,
    due_on: date,
) -> Rectification:
    """Note what a unit does about a line, who does it and until when.

    Raises:
        StorageError: something of the three is missing, a day after the month is over, or the line is closed.
    """
    await _changeable(connection, line)
    words, name = _words(measure, "请写清整改措施"), storable(who.strip(), WHO_CHARACTERS)
    if not name:
        raise StorageError("请写清整改责任人")
    last = await _last(connection, line)
    if due_on > last:
        raise StorageError(f"整改要在 {last.month}月{last.day}日 前完成，请改完成日期")
    await _set(connection, line, measure=words, who=name, due_on=due_on)
    return await _changed(connection, at, person_id, "rectification.planned", line, f"{words}\n{name}\n{due_on}")


async def prove_in(
    connection: AsyncConnection, at: datetime, person_id: int, line: Rectification, files: Collection[int]
) -> Rectification:
    """Add files of the unit as proof of a line.

    Raises:
        NotFoundError: a file is not the unit's, or was withdrawn.
        StorageError: the line is closed.
    """
    await _changeable(connection, line)
    mine = (_evidence.c.unit_id == line.unit_id, _evidence.c.withdrawn_at.is_(None), _evidence.c.id.in_(tuple(files)))
    held = set((await connection.execute(select(_evidence.c.id).where(*mine))).scalars())
    if held != set(files):
        raise NotFoundError("这份材料不是本单位的或已经撤掉，请重新发一次")
    await _set(connection, line, files=json.dumps(sorted(held.union(line.files))))
    return await _changed(connection, at, person_id, "rectification.proved", line, json.dumps(sorted(held)))


async def report_in(connection: AsyncConnection, at: datetime, person_id: int, line: Rectification) -> Rectification:
    """Report a line as done; the office looks at it.

    Raises:
        StorageError: there is no measure or no proof yet, or it is reported or closed.
    """
    now = await _changeable(connection, line)
    if now.state == "reported":
        raise StorageError("这一条已经报过完成，等考核办销号")
    if not now.measure or not now.files:
        raise StorageError("报完成前请先写整改措施，再发一份整改后的材料")
    await _set(connection, line, reported_at=at, reported_by=person_id, answer="")
    return await _changed(connection, at, person_id, "rectification.reported", line, "")


async def close_in(connection: AsyncConnection, at: datetime, person_id: int, line: Rectification) -> Rectification:
    """销号.

    Raises:
        OwnUnitError: who closes it belongs to the unit.
        StorageError: it is not reported.
    """
    await _reported(connection, person_id, line)
    await _set(connection, line, closed_at=at, closed_by=person_id)
    return await _changed(connection, at, person_id, "rectification.closed", line, "")


async def send_back_in(
    connection: AsyncConnection, at: datetime, person_id: int, line: Rectification, reason: str
) -> Rectification:
    """Send a reported line back, with a reason the unit is told.

    Raises:
        OwnUnitError: who sends it back belongs to the unit.
        StorageError: it is not reported, or there is no reason.
    """
    await _reported(connection, person_id, line)
    words = _words(reason, "请写一句退回的理由，单位才知道补什么")
    await _set(connection, line, reported_at=None, reported_by=None, answer=words)
    return await _changed(connection, at, person_id, "rectification.returned", line, words)


async def lines_in(connection: AsyncConnection, campaign_id: int, unit_id: int | None = None) -> list[Rectification]:
    """The lines of all units in roster order, or of one, in the order they were made."""
    query = _query().where(_line.c.campaign_id == campaign_id).order_by(_unit.c.position, _line.c.id)
    return await _all(connection, query if unit_id is None else query.where(_line.c.unit_id == unit_id))


async def find_in(connection: AsyncConnection, campaign_id: int, line_id: int) -> Rectification:
    """A line of a campaign.

    Raises:
        NotFoundError: the campaign has none of that id.
    """
    found = await _all(connection, _query().where(_line.c.campaign_id == campaign_id, _line.c.id == line_id))
    if not found:
        raise NotFoundError("没有找到这条整改，请从整改清单里重新选")
    return found[0]


async def _scored(
    connection: AsyncConnection, campaign_id: int, frozen: Frozen | None
) -> list[tuple[SummaryRow, Breakdown]]:
    """The verified score of each unit under each rubric, as it was frozen, else as it is."""
    if frozen is not None:
        held = await snapshots.read_in(connection, await snapshots.find_in(connection, campaign_id, frozen.number))
        then = {rubric.id: rubric for rubric in held.rubrics}
        return [(c.row, scorecards.plan_of(then[c.row.rubric_id]).score(c.verified)) for c in held.cards]
    rubrics = {rubric.id: rubric for rubric in await editions.of_campaign(connection, campaign_id)}
    found = []
    for row in await scorecards.summary_in(connection, campaign_id):
        known = await unit_facts.of_unit(connection, row.unit_id, rubrics[row.rubric_id])
        found.append((row, scorecards.plan_of(rubrics[row.rubric_id]).score(known.verified)))
    return found


async def _to_mend(
    connection: AsyncConnection, row: SummaryRow, breakdown: Breakdown, frozen: Frozen | None
) -> list[Loss]:
    """What a unit lost, each with its true reason: sent back, not looked at, or what the score says.

    What was answered and nobody has looked at is no loss before 审定: it may still be passed.
    """
    facts = await unit_facts.of_unit(connection, row.unit_id, breakdown.rubric)
    returned = await returns.standing_in(connection, facts)
    found = []
    for loss in of_unit(breakdown, row.unit, row.category):
        ident, label = loss.criterion.id, f"{loss.criterion.label}："
        if loss.open and ident in returned:
            found.append(loss._replace(why=f"被退回：{returned[ident].reason}"))
        elif loss.open and ident in facts.claimed:
            if frozen is not None:
                found.append(loss._replace(why=UNREVIEWED))
        elif loss.open and frozen is not None:
            found.append(loss._replace(why=UNANSWERED))
        else:
            found.append(loss._replace(why=loss.why.removeprefix(label)))
    return found


async def _add(
    connection: AsyncConnection, at: datetime, campaign_id: int, unit_id: int, rubric_id: str, loss: Loss, due: date
) -> None:
    values = {
        "campaign_id": campaign_id,
        "unit_id": unit_id,
        "rubric_id": rubric_id,
        "criterion_id": loss.criterion.id,
        "lost": plain(two_decimals(loss.lost)),
        "because": loss.why[:WORD_CHARACTERS],
        "due_on": due,
        "files": "[]",
        "at": at,
    }
    await connection.execute(insert(_line).values(**values))


async def _last(connection: AsyncConnection, line: Rectification) -> date:
    found = await phases.of_campaign_in(connection, line.campaign_id)
    return next((phase.ends_on for phase in found if phase.name == phases.RECTIFICATION), line.due_on)


async def _changeable(connection: AsyncConnection, line: Rectification) -> Rectification:
    now = await find_in(connection, line.campaign_id, line.id)
    if now.state == "closed":
        raise StorageError("这一条已经销号，不用再改")
    return now


async def _reported(connection: AsyncConnection, person_id: int, line: Rectification) -> None:
    await verdicts.refuse_own_in(connection, person_id, line.unit_id)
    if (await find_in(connection, line.campaign_id, line.id)).state != "reported":
        raise StorageError("这一条现在不是等销号的，请重新打开整改清单")


async def _set(connection: AsyncConnection, line: Rectification, **values: object) -> None:
    await connection.execute(update(_line).where(_line.c.id == line.id).values(**values))


async def _changed(
    connection: AsyncConnection, at: datetime, person_id: int, action: str, line: Rectification, words: str
) -> Rectification:
    subject = {"line": line.id, "sha256": hashlib.sha256(words.encode()).hexdigest()}
    await audit.record(connection, at, str(person_id), action, subject, line.campaign_id)
    return await find_in(connection, line.campaign_id, line.id)


def _words(text: str, missing: str) -> str:
    words = storable(text.strip(), WORD_CHARACTERS)
    if len(words) < FEWEST_CHARACTERS:
        raise StorageError(missing)
    return words


def _query() -> Select[Any]:
    return select(_line, _unit.c.name.label("unit")).join(_unit, _unit.c.id == _line.c.unit_id)


async def _all(connection: AsyncConnection, query: Select[Any]) -> list[Rectification]:
    rows: Sequence[Any] = (await connection.execute(query)).all()
    return [
        Rectification(
            **{
                **{name: getattr(row, name) for name in Rectification._fields},
                "lost": Decimal(row.lost),
                "files": tuple(json.loads(row.files)),
            }
        )
        for row in rows
    ]
