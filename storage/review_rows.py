"""What all units have for review, in a few statements: newest answers, proof, bookings and verdicts by unit and rubric."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, bindparam, cast, func, literal, null, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.prepared import often
from storage.tables import CampaignRow
from storage.tables_answers import AnswerRow
from storage.tables_evidence import EvidenceRow, EvidenceUseRow
from storage.tables_ledger import AbsenceRow, EntryRow, OfficeFactRow, ProofNoteRow
from storage.tables_review import VerdictRow
from storage.verdict_basis import Bases, Standing, standing

_answer: Any = AnswerRow.__table__  # type: ignore[attr-defined]
_evidence: Any = EvidenceRow.__table__  # type: ignore[attr-defined]
_use: Any = EvidenceUseRow.__table__  # type: ignore[attr-defined]
_note: Any = ProofNoteRow.__table__  # type: ignore[attr-defined]
_entry: Any = EntryRow.__table__  # type: ignore[attr-defined]
_booked: Any = OfficeFactRow.__table__  # type: ignore[attr-defined]
_verdict: Any = VerdictRow.__table__  # type: ignore[attr-defined]
_campaign: Any = CampaignRow.__table__  # type: ignore[attr-defined]
_absence: Any = AbsenceRow.__table__  # type: ignore[attr-defined]

_NONE = cast(null(), Integer)
_CLAUSE = ("unit_id", "rubric_id", "criterion_id")


class Reviewable(NamedTuple):
    """A unit under a rubric as a review needs it, by clause.

    ``answered``: the clauses with a fact. ``absent``: 本地没有 was applied for. ``booked``: the office has a fact of its own.
    """

    bases: Bases
    answered: frozenset[str]
    absent: frozenset[str]
    booked: frozenset[str]
    verdicts: Mapping[str, Standing]


NOTHING = Reviewable(Bases(), frozenset(), frozenset(), frozenset(), {})
"""Of a unit that has said nothing."""


async def of_campaign_in(
    connection: AsyncConnection, campaign_id: int, unit_id: int | None = None
) -> dict[tuple[int, str], Reviewable]:
    """By unit and rubric; missing where there is nothing. Of one unit where it is given."""
    answers: dict[tuple[int, str], list[Any]] = defaultdict(list)
    ledger: dict[tuple[int, str], list[Any]] = defaultdict(list)
    which = {"campaign": campaign_id} if unit_id is None else {"campaign": campaign_id, "unit": unit_id}
    for row in await connection.execute(_ANSWERS[unit_id is not None], which):
        answers[row.unit_id, row.rubric_id].append(row)
    for row in await connection.execute(_LEDGER[unit_id is not None], which):
        ledger[row.unit_id, row.rubric_id].append(row)
    return {place: _reviewable(answers[place], ledger[place]) for place in {*answers, *ledger}}


def _reviewable(answers: list[Any], ledger: list[Any]) -> Reviewable:
    bases = Bases(answers, ledger)
    return Reviewable(
        bases,
        frozenset(row.criterion_id for row in answers if row.answered),
        frozenset(row.criterion_id for row in answers if row.state == "not_here"),
        frozenset(row.criterion_id for row in ledger if row.source == "office"),
        standing(ledger, bases),
    )


def _answers(*, one: bool) -> Any:
    """The newest version of each answer."""
    columns = (*(_answer.c[name] for name in _CLAUSE), _answer.c.version, _answer.c.state)
    query = select(*columns, _answer.c.fact.is_not(None).label("answered"))
    return query.where(*_of(_answer, one=one), _newest(_answer, _answer.c.version))


def _ledger(*, one: bool) -> Any:
    """As `unit_facts` reads it for one unit: what verdicts rest on must be the same in both."""

    def row(source: str, table: Any, entry: Any, part: Any, order: Any, **words: Any) -> Any:
        said = [_word(words.get(name, "")).label(name) for name in ("kind", "how", "basis")]
        fact = words.get("fact", null()).label("fact")
        place = (words.get("unit", table).c.unit_id, table.c.rubric_id, table.c.criterion_id)
        columns = (literal(source).label("source"), entry.label("entry_id"), part.label("part"))
        return select(*place, *columns, order.label("ordered"), fact, *said)

    of_entry = func.coalesce(_use.c.entry_id, 0)
    files = row("proof", _use, of_entry, _use.c.part, _use.c.id, kind="file", unit=_evidence)
    files = files.join(_evidence, _evidence.c.id == _use.c.evidence_id).where(
        *_of(_evidence, one=one), _evidence.c.withdrawn_at.is_(None), _use.c.detached_at.is_(None)
    )
    notes = row("proof", _note, func.coalesce(_note.c.entry_id, 0), _note.c.part, _note.c.id, kind="note")
    notes = notes.where(*_of(_note, one=one), _note.c.withdrawn_at.is_(None))
    entries = row("entry", _entry, _entry.c.id, _NONE, _entry.c.id)
    entries = entries.where(*_of(_entry, one=one), _entry.c.withdrawn_at.is_(None))
    booked = row("office", _booked, _NONE, _NONE, _booked.c.id)
    booked = booked.where(*_of(_booked, one=one), _booked.c.dismissed_at.is_(None))
    said = {"kind": _verdict.c.kind, "how": _verdict.c.how, "basis": _verdict.c.basis, "fact": _verdict.c.fact}
    verdicts = row("verdict", _verdict, _NONE, _NONE, _verdict.c.id, **said)
    verdicts = verdicts.where(*_of(_verdict, one=one), _newest(_verdict, _verdict.c.id))
    return union_all(files, notes, entries, booked, verdicts)


def _word(value: Any) -> Any:
    return literal(value) if isinstance(value, str) else value


def _of(table: Any, *, one: bool) -> list[ColumnElement[bool]]:
    """Of a campaign; of one unit of it."""
    found = [table.c.campaign_id == bindparam("campaign")]
    return [*found, table.c.unit_id == bindparam("unit")] if one else found


def _newest(table: Any, order: Any) -> ColumnElement[bool]:
    later = table.alias("later")
    same = (later.c[name] == table.c[name] for name in _CLAUSE)
    return ~select(later.c.id).where(*same, later.c[order.name] > order).exists()


# Built once: putting a statement together costs more than running it. By whether they are of one unit.
_ANSWERS = {one: often(_answers(one=one)) for one in (False, True)}
_LEDGER = {one: often(_ledger(one=one)) for one in (False, True)}


async def receipt_in(connection: AsyncConnection, unit_id: int, rubric_id: str, criterion_id: str, version: int) -> str:
    """The receipt number (2026-000123) of a version of an answer; empty where there is no such version."""
    query = (
        select(_campaign.c.code, _answer.c.receipt)
        .join(_campaign, _campaign.c.id == _answer.c.campaign_id)
        .where(_answer.c.unit_id == unit_id, _answer.c.rubric_id == rubric_id)
        .where(_answer.c.criterion_id == criterion_id, _answer.c.version == version)
    )
    found = (await connection.execute(query)).first()
    return f"{found.code}-{found.receipt:06d}" if found else ""


async def granted_in(connection: AsyncConnection, campaign_id: int) -> frozenset[tuple[str, str]]:
    """The clauses, by rubric and id, whose 本地没有 the office has granted."""
    query = select(_absence.c.rubric_id, _absence.c.criterion_id, _absence.c.granted)
    found = await connection.execute(query.where(_absence.c.campaign_id == campaign_id).order_by(_absence.c.id))
    newest = {(row.rubric_id, row.criterion_id): row.granted for row in found}
    return frozenset(clause for clause, granted in newest.items() if granted)
