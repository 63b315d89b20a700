"""What is kept about the clauses of a rubric, moved to the clauses of the one that takes its place.

Nothing is deleted and nothing said is changed: a row that counted gets its end, and where the clause is the same a copy
of it counts for the new clause, with the same people and moments. Where a rubric only gets an overlay, what is known
about clauses that stay as they are is not touched at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.model import Criterion, Rubric
from rubrics.proof import UNSAID, WHOLE
from storage import evidence_places
from storage.evidence_places import Place
from storage.tables import TargetRow
from storage.tables_closing import ClauseLinkRow, OpeningRow
from storage.tables_evidence import EvidenceRow, EvidenceUseRow
from storage.tables_learnt import LearntAliasRow
from storage.tables_ledger import AbsenceRow, EntryRow, OfficeFactRow, ProofNoteRow, SubmissionRow
from storage.tables_push import InformationEntryRow

_entry: Any = EntryRow.__table__  # type: ignore[attr-defined]
_note: Any = ProofNoteRow.__table__  # type: ignore[attr-defined]
_booked: Any = OfficeFactRow.__table__  # type: ignore[attr-defined]
_evidence: Any = EvidenceRow.__table__  # type: ignore[attr-defined]
_use: Any = EvidenceUseRow.__table__  # type: ignore[attr-defined]
_opening: Any = OpeningRow.__table__  # type: ignore[attr-defined]
_learnt: Any = LearntAliasRow.__table__  # type: ignore[attr-defined]
_absence: Any = AbsenceRow.__table__  # type: ignore[attr-defined]
_target: Any = TargetRow.__table__  # type: ignore[attr-defined]
_link: Any = ClauseLinkRow.__table__  # type: ignore[attr-defined]
_submission: Any = SubmissionRow.__table__  # type: ignore[attr-defined]
_counted: Any = InformationEntryRow.__table__  # type: ignore[attr-defined]

MOVED = "换用今年细则，已转到新细则"
TO_BOOK_AGAIN = "换用今年细则，这一条变了或不再考，要算请重新记"

_Change = Callable[[Any, Criterion], dict[str, Any] | None]


class Move(NamedTuple):
    """From which rubric to which. ``carried``: old clause → the new one that is the same; ``units``: whom the new assesses."""

    connection: AsyncConnection
    at: datetime
    campaign_id: int
    person_id: int | None
    old: Rubric
    new: Rubric
    carried: Mapping[str, Criterion]
    units: frozenset[int]

    @property
    def in_place(self) -> bool:
        """Whether the rubric stays, with an overlay: what is carried is where it belongs already."""
        return self.old.id == self.new.id

    @property
    def leaving(self) -> frozenset[str]:
        """The clauses whose rows end where they are."""
        return frozenset(self.old.criteria).difference(self.carried if self.in_place else ())

    def goes_to(self, row: Any) -> Criterion | None:
        """The clause a row is copied to; None where it is not."""
        if self.in_place or (row.unit_id is not None and row.unit_id not in self.units):
            return None
        return self.carried.get(row.criterion_id)


class Uses(NamedTuple):
    """The files of each unit that prove something under the new rubric, and those that prove nothing any more there."""

    carried: Mapping[int, frozenset[int]]
    loose: Mapping[int, frozenset[int]]


async def ledger(move: Move) -> Uses:
    """台账, documents that are named, and what files prove."""
    uses = await _uses_before(move)
    entries = await _moved(move, _entry, "withdrawn_at")
    await _counted_reports(move, entries)

    def placed(row: Any, new: Criterion) -> dict[str, Any] | None:
        if new.proof == "none" or (row.entry_id is not None and row.entry_id not in entries):
            return None
        return {"entry_id": entries.get(row.entry_id), "part": _part(move, row, new)}

    await _moved(move, _note, "withdrawn_at", placed)
    return await _move_uses(move, uses, placed)


async def bookings(move: Move) -> list[Any]:
    """What the office booked; returns the rows that counted and count for nothing now."""
    rows = [row for row in await live(move, _booked, "dismissed_at") if row.criterion_id in move.leaving]
    by = {"dismissed_at": move.at, "dismissed_by": move.person_id}
    lost = [row for row in rows if move.goes_to(row) is None]
    for row in rows:
        why = TO_BOOK_AGAIN if row in lost else MOVED
        await move.connection.execute(update(_booked).where(_booked.c.id == row.id).values(**by, dismissed_why=why))
    await copied(move, _booked, rows)
    return lost


async def around(move: Move) -> None:
    """What else names clauses: what stays open, words learnt, 本地没有, tasks handed down, links, 自评 handed in."""
    stands = (_submission.c.campaign_id == move.campaign_id, _submission.c.rubric_id == move.old.id)
    await move.connection.execute(
        update(_submission).where(*stands, _submission.c.reopened_at.is_(None)).values(reopened_at=move.at)
    )
    if move.in_place:
        return
    await _openings(move)
    await _learnt_words(move)
    newest = {row.criterion_id: row for row in await live(move, _absence, None)}
    await copied(move, _absence, newest.values(), lambda row, new: {}, of_units=False)
    await _targets(move)
    await _links(move)


def _part(move: Move, row: Any, new: Criterion) -> int:
    """Which part of the new clause's proof something is; unsaid where the parts are others."""
    old = move.old.criteria[row.criterion_id].proof
    parts = [proof.parts if proof != "none" else () for proof in (old, new.proof)]
    if parts[0] == parts[1] or row.part == WHOLE:
        return int(row.part)
    return 0 if len(parts[1]) == 1 else UNSAID


async def live(move: Move, table: Any, end: str | None) -> Sequence[Any]:
    """The rows of the old rubric that have not ended, oldest first."""
    of = (table.c.campaign_id == move.campaign_id, table.c.rubric_id == move.old.id)
    live = () if end is None else (table.c[end].is_(None),)
    return (await move.connection.execute(select(table).where(*of, *live).order_by(table.c.id))).all()


async def _moved(move: Move, table: Any, end: str, change: _Change | None = None) -> dict[int, int]:
    """End what leaves its clause and copy what has another; old id → id of the copy."""
    rows = [row for row in await live(move, table, end) if row.criterion_id in move.leaving]
    of = (table.c.campaign_id == move.campaign_id, table.c.rubric_id == move.old.id, table.c[end].is_(None))
    ended = update(table).where(*of, table.c.criterion_id.in_(move.leaving))
    await move.connection.execute(ended.values({end: move.at}))
    return await copied(move, table, rows, change)


async def copied(
    move: Move, table: Any, rows: Iterable[Any], change: _Change | None = None, *, of_units: bool = True
) -> dict[int, int]:
    """Copy rows to the clauses they go to, with what ``change`` says (None: not this one); old id → id of the copy.

    ``of_units``: only those of units the new rubric assesses.
    """
    made = {}
    for row in rows:
        new = move.goes_to(row) if of_units else move.carried.get(row.criterion_id)
        more = change(row, new) if change and new else {}
        if new is None or more is None:
            continue
        values = {**row._mapping, "rubric_id": move.new.id, "criterion_id": new.id, **more}
        del values["id"]
        made[row.id] = (
            await move.connection.execute(insert(table).values(**values).returning(table.c.id))
        ).scalar_one()
    return made


async def _counted_reports(move: Move, entries: Mapping[int, int]) -> None:
    """A report is counted by the copy from now on: taken back, it must find it."""
    query = select(_counted.c.information_id, _counted.c.entry_id).where(_counted.c.rubric_id == move.old.id)
    for row in (await move.connection.execute(query.order_by(_counted.c.id))).all():
        if row.entry_id in entries:
            new = {"information_id": row.information_id, "entry_id": entries[row.entry_id]}
            await move.connection.execute(insert(_counted).values(**new, rubric_id=move.new.id))


async def _uses_before(move: Move) -> Sequence[Any]:
    """What files prove under the old rubric, before entries end and let them go."""
    held = (_evidence.c.campaign_id == move.campaign_id, _evidence.c.withdrawn_at.is_(None))
    query = select(_use, _evidence.c.unit_id).join(_evidence, _evidence.c.id == _use.c.evidence_id)
    live = query.where(*held, _use.c.rubric_id == move.old.id, _use.c.detached_at.is_(None))
    found = (await move.connection.execute(live.order_by(_use.c.id))).all()
    return [row for row in found if row.criterion_id in move.leaving]


async def _move_uses(move: Move, rows: Sequence[Any], placed: _Change) -> Uses:
    carried: dict[int, set[int]] = {}
    for row in rows:
        clause = (row.rubric_id, row.criterion_id)
        await evidence_places.end(move.connection, move.at, row.evidence_id, *clause)
        new = move.goes_to(row)
        more = placed(row, new) if new is not None else None
        if new is not None and more is not None:
            place = Place(move.new.id, new.id, more["entry_id"], more["part"])
            await evidence_places.put(move.connection, row.attached_at, row.person_id, row.evidence_id, place)
            carried.setdefault(row.unit_id, set()).add(row.evidence_id)
    loose: dict[int, set[int]] = {}
    for row in rows:
        if not await evidence_places.of_file(move.connection, row.evidence_id):
            loose.setdefault(row.unit_id, set()).add(row.evidence_id)
    return Uses(_frozen(carried), _frozen(loose))


def _frozen(found: Mapping[int, set[int]]) -> dict[int, frozenset[int]]:
    return {unit_id: frozenset(files) for unit_id, files in found.items()}


async def _openings(move: Move) -> None:
    """What stays open after the lock: of one clause, or of the whole rubric."""
    for row in await live(move, _opening, "ended_at"):
        await move.connection.execute(update(_opening).where(_opening.c.id == row.id).values(ended_at=move.at))
        new = None if row.criterion_id is None else move.carried.get(row.criterion_id)
        if row.criterion_id is None or new is not None:
            values = {**row._mapping, "rubric_id": move.new.id, "criterion_id": new.id if new else None}
            del values["id"]
            await move.connection.execute(insert(_opening).values(**values))


async def _learnt_words(move: Move) -> None:
    rows = await live(move, _learnt, "removed_at")
    of = (_learnt.c.campaign_id == move.campaign_id, _learnt.c.rubric_id == move.old.id, _learnt.c.removed_at.is_(None))
    ended = {"removed_at": move.at, "removed_by": move.person_id}
    await move.connection.execute(update(_learnt).where(*of).values(**ended))
    await copied(move, _learnt, rows, of_units=False)


async def _targets(move: Move) -> None:
    """A task handed down stays handed down, and read, where the clause is the same; its old row is of a rubric that ended."""
    of = (_target.c.unit_id.in_(move.units), _target.c.rubric_id == move.old.id)
    rows = (await move.connection.execute(select(_target).where(*of).order_by(_target.c.id))).all()
    await copied(move, _target, rows, lambda _, new: {} if new.target else None)


async def _links(move: Move) -> None:
    """A link that waits leads to the same clause under the new rubric; to one that is another, nowhere any more."""
    waiting = (_link.c.decided_at.is_(None), _link.c.revoked_at.is_(None))
    of = (_link.c.campaign_id == move.campaign_id, _link.c.rubric_id == move.old.id)
    for row in (await move.connection.execute(select(_link).where(*of, *waiting))).all():
        new = move.goes_to(row)
        now = {"revoked_at": move.at} if new is None else {"rubric_id": move.new.id, "criterion_id": new.id}
        await move.connection.execute(update(_link).where(_link.c.id == row.id).values(**now))
