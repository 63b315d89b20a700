"""What an information report counts for: every clause people call 信息报送, in all rubrics of the unit at once.

An entry where reports are counted, a yes where it is asked whether there are any; where a 报送期限 binds the unit, all
it is asked for depends on whether they came in time. What a person has answered otherwise stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.kinds import Deduct
from rubrics.model import Criterion, Rubric
from rubrics.proof import WHOLE
from rubrics.tasks import asked
from storage import answers, entries, evidence, information, openings
from storage.information import Report
from storage.tables_ledger import EntryRow
from storage.tables_push import InformationEntryRow

NAME = "信息报送"
"""A clause that carries this name as its label or an alias is about information reports."""

_SAID = "信息报送："

_link: Any = InformationEntryRow.__table__  # type: ignore[attr-defined]
_entry: Any = EntryRow.__table__  # type: ignore[attr-defined]

How = Literal["entry", "yes", "in_time", "late", "no_term", "when_adopted", "own_answer", "closed"]


class Counted(NamedTuple):
    """A clause and what a report did there. ``missed``: how many 报送期限 passed without a report.

    ``no_term``: the office has set no 报送期限 yet; ``when_adopted``: it counts once it is adopted; ``own_answer``: the
    unit has answered otherwise; ``closed``: the clause was no longer answered when the report came.
    """

    rubric: Rubric
    criterion: Criterion
    how: How
    missed: int = 0


class Unit(NamedTuple):
    """Who reported, and the rubrics that assess it."""

    id: int
    name: str
    category: str
    rubrics: tuple[Rubric, ...]


def clauses(unit: Unit) -> Iterator[tuple[Rubric, Criterion]]:
    """The clauses a unit is asked that are about information reports."""
    for rubric in unit.rubrics:
        for found in asked(rubric, unit.name, unit.category).values():
            for criterion in found:
                if NAME in (criterion.label, *criterion.aliases):
                    yield rubric, criterion


def timed(unit: Unit) -> list[tuple[Rubric, Criterion]]:
    """The clauses that deduct where a unit's reports do not come in time."""
    return [(rubric, criterion) for rubric, criterion in clauses(unit) if isinstance(criterion.score, Deduct)]


def is_timed(unit: Unit) -> bool:
    """Whether it is asked of a unit that its reports come in time."""
    return bool(timed(unit))


async def count_in(connection: AsyncConnection, at: datetime, unit: Unit, report: Report, today: date) -> list[Counted]:
    """Let a report count for all it is about; said again, nothing changes."""
    terms = await information.terms_in(connection, report.campaign_id) if is_timed(unit) else ()
    missed = len(information.missed(terms, await information.of_unit_in(connection, unit.id), today))
    return [
        Counted(rubric, criterion, await _count(connection, at, unit, rubric, criterion, report, today), missed)
        for rubric, criterion in clauses(unit)
    ]


async def uncount_in(connection: AsyncConnection, at: datetime, person_id: int, unit: Unit, report: Report) -> None:
    """Let a report that was sent back or withdrawn count no more, and what only followed from it neither."""
    live = [one for one in await information.of_unit_in(connection, unit.id) if one.state != "returned"]
    for rubric, criterion in clauses(unit):
        if criterion.entries is not None:
            await _end_entry(connection, at, person_id, unit.id, rubric, report)
            continue
        used = await evidence.of_clause_in(connection, unit.id, rubric.id, criterion.id)
        for ident in {use.evidence.id for use in used}.intersection(report.evidence):
            await evidence.detach_in(connection, at, person_id, unit.id, ident, rubric, criterion.id)
        current = (await answers.current_in(connection, unit.id, rubric.id)).get(criterion.id)
        if not live and current and current.state == "answered" and current.said.startswith(_SAID):
            about = (connection, at, person_id, unit.id, rubric, criterion.id)
            how = "撤回" if report.withdrawn else "退回"
            await answers.record_in(*about, state="withdrawn", said=f"{_SAID}{report.receipt} {how}")


async def recount_in(connection: AsyncConnection, at: datetime, person_id: int, unit: Unit, rubric: Rubric) -> None:
    """Let a unit's reports count as a rubric is read now: those that were adopted, or all that were not sent back."""
    for read, criterion in clauses(unit):
        if read.id != rubric.id or criterion.entries is None:
            continue
        for report in await information.of_unit_in(connection, unit.id):
            if not await _is_taken(connection, unit, rubric, criterion, report):
                continue
            if report.state == "adopted" or (report.state != "returned" and criterion.entries.counts == "reported"):
                await _add_entry(connection, at, unit.id, rubric, criterion, report)
            else:
                await _end_entry(connection, at, person_id, unit.id, rubric, report)


async def _count(
    connection: AsyncConnection,
    at: datetime,
    unit: Unit,
    rubric: Rubric,
    criterion: Criterion,
    report: Report,
    today: date,
) -> How:
    if not await _is_taken(connection, unit, rubric, criterion, report):
        return "closed"
    if criterion.entries is not None:
        if criterion.entries.counts == "adopted" and report.state != "adopted":
            return "when_adopted"
        await _add_entry(connection, at, unit.id, rubric, criterion, report)
        return "entry"
    await _prove(connection, at, unit.id, rubric, criterion, report)
    return await _in_time(connection, at, unit, rubric, criterion, report, today)


async def _is_taken(
    connection: AsyncConnection, unit: Unit, rubric: Rubric, criterion: Criterion, report: Report
) -> bool:
    """Whether the clause could still be answered on the day the report came: after the lock it is news, not points."""
    about = (unit.id, rubric.id, criterion.id, report.received_on)
    return await openings.may_answer(connection, report.campaign_id, *about)


async def _in_time(
    connection: AsyncConnection,
    at: datetime,
    unit: Unit,
    rubric: Rubric,
    criterion: Criterion,
    report: Report,
    today: date,
) -> How:
    """A yes, or nothing to deduct, while no 报送期限 was missed; one that was missed is the office's to decide."""
    deducts = isinstance(criterion.score, Deduct)
    terms = await information.terms_in(connection, report.campaign_id) if is_timed(unit) else ()
    if deducts and not terms:
        return "no_term"
    if missed := information.missed(terms, await information.of_unit_in(connection, unit.id), today):
        current = (await answers.current_in(connection, unit.id, rubric.id)).get(criterion.id)
        if current and current.state == "answered" and current.said.startswith(_SAID):
            about = (connection, at, report.person_id, unit.id, rubric, criterion.id)
            await answers.record_in(*about, state="withdrawn", said=f"{_SAID}有 {len(missed)} 次过了期限")
        return "late"
    how = await _answer(connection, at, unit.id, rubric, criterion, report, fact=0 if deducts else True)
    return "in_time" if terms and how == "yes" else how


async def _answer(
    connection: AsyncConnection,
    at: datetime,
    unit_id: int,
    rubric: Rubric,
    criterion: Criterion,
    report: Report,
    *,
    fact: object,
) -> How:
    current = (await answers.current_in(connection, unit_id, rubric.id)).get(criterion.id)
    if current is not None and current.state == "answered":
        return "yes" if current.fact == fact else "own_answer"
    about = (connection, at, report.person_id, unit_id, rubric, criterion.id)
    await answers.record_in(*about, fact, said=f"{_SAID}{report.receipt}")
    return "yes"


async def _add_entry(
    connection: AsyncConnection, at: datetime, unit_id: int, rubric: Rubric, criterion: Criterion, report: Report
) -> None:
    if await _entries(connection, report.id, rubric.id):
        return
    about = (connection, at, report.person_id, unit_id, rubric, criterion.id)
    words: dict[str, Any] = {"name": report.title, "happened_on": report.reported_on, "number": report.receipt}
    added = await entries.add_in(*about, **words, said=f"{_SAID}{report.receipt}")
    entry = added.entry or added.duplicate
    assert entry is not None
    await connection.execute(insert(_link).values(information_id=report.id, entry_id=entry.id, rubric_id=rubric.id))
    await _prove(connection, at, unit_id, rubric, criterion, report, entry.id)


async def _prove(
    connection: AsyncConnection,
    at: datetime,
    unit_id: int,
    rubric: Rubric,
    criterion: Criterion,
    report: Report,
    entry_id: int | None = None,
) -> None:
    if criterion.proof == "none":
        return
    for ident in report.evidence:
        about = (connection, at, report.person_id, unit_id, ident, rubric, criterion.id)
        await evidence.attach_in(*about, entry_id=entry_id, part=WHOLE)


async def _end_entry(
    connection: AsyncConnection, at: datetime, person_id: int, unit_id: int, rubric: Rubric, report: Report
) -> None:
    for ident in await _entries(connection, report.id, rubric.id):
        await entries.withdraw_in(connection, at, person_id, unit_id, rubric, ident)


async def _entries(connection: AsyncConnection, report_id: int, rubric_id: str) -> Iterable[int]:
    """The entries of a report that still count."""
    own = (_link.c.information_id == report_id, _link.c.rubric_id == rubric_id, _entry.c.withdrawn_at.is_(None))
    query = select(_link.c.entry_id).join(_entry, _entry.c.id == _link.c.entry_id).where(*own)
    return list((await connection.execute(query)).scalars())
