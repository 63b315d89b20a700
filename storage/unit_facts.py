"""What is known about a unit under a rubric, three times: as it says, as it has proof, as the office has verified."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, String, bindparam, cast, func, literal, null, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics import proof
from rubrics.booked import with_booked
from rubrics.facts import Fact, Facts, read_json
from rubrics.model import NA, Criterion, Rubric
from rubrics.proof import Held, Proofs
from rubrics.tasks import Duty, derive, duties
from storage import editions, kept_facts
from storage.connections import once
from storage.database import Database
from storage.freezing import frozen_in
from storage.prepared import often
from storage.tables import TargetRow, UnitRow
from storage.tables_evidence import EvidenceRow, EvidenceUseRow
from storage.tables_ledger import AbsenceRow, EntryRow, OfficeFactRow, ProofNoteRow
from storage.tables_review import VerdictRow
from storage.verdict_basis import Bases, Standing, standing

_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]
_target: Any = TargetRow.__table__  # type: ignore[attr-defined]
_evidence: Any = EvidenceRow.__table__  # type: ignore[attr-defined]
_use: Any = EvidenceUseRow.__table__  # type: ignore[attr-defined]
_entry: Any = EntryRow.__table__  # type: ignore[attr-defined]
_note: Any = ProofNoteRow.__table__  # type: ignore[attr-defined]
_booked: Any = OfficeFactRow.__table__  # type: ignore[attr-defined]
_absence: Any = AbsenceRow.__table__  # type: ignore[attr-defined]
_verdict: Any = VerdictRow.__table__  # type: ignore[attr-defined]


class UnitFacts(NamedTuple):
    """The three sets of facts the engine scores, and the proof behind the second.

    ``own``: what the unit itself reported. ``lacking``: the clauses that claim more than is proven (需补充).
    ``because``: why a derived fact is what it is, or still open. ``awaits``: how many targets have still to be settled
    before a clause that follows from them is verified. ``verdicts``: the newest of each clause, also one
    that counts no more. ``reviewed``: the clauses that need no look of the office.
    """

    own: dict[str, Fact]
    claimed: dict[str, Fact]
    proven: dict[str, Fact]
    verified: dict[str, Fact]
    lacking: tuple[str, ...]
    proofs: Proofs
    because: dict[str, str]
    awaits: dict[str, int]
    verdicts: Mapping[str, Standing]
    reviewed: frozenset[str]
    bases: Bases


async def read(database: Database, unit_id: int, rubric: Rubric) -> UnitFacts:
    """`of_unit` as committed."""
    async with database.read() as connection:
        return await of_unit(connection, unit_id, rubric)


async def of_unit(
    connection: AsyncConnection, unit_id: int, rubric: Rubric, *, closed: bool | None = None
) -> UnitFacts:
    """The facts of a unit, seeing what this unit of work has already changed; not to be changed themselves.

    Args:
        closed: whether a target without a fact counts as not done; None means once the scores are frozen.
    """

    async def read() -> tuple[Rubric, UnitFacts]:
        answers = await kept_facts.newest_of_unit(connection, unit_id, rubric.id)
        ledger = await _ledger_of(connection, unit_id, rubric)
        granted = await _granted(connection, unit_id, rubric)
        tasks = await _tasks(connection, unit_id, rubric, closed)
        return rubric, put_together(rubric, answers, ledger, granted, tasks)

    _, facts = await once(
        connection, ("facts", unit_id, id(rubric), closed), read
    )  # with the rubric, so that its id stays its
    return facts


async def _ledger_of(connection: AsyncConnection, unit_id: int, rubric: Rubric) -> Sequence[Any]:
    return (await connection.execute(_LEDGER, {"unit": unit_id, "rubric": rubric.id})).all()


class Tasks(NamedTuple):
    """What a derived clause needs: the tasks table, the unit's name and groups, and its facts there.

    ``closed``: nothing more comes, so that what has no fact is not done.
    """

    rubric: Rubric
    unit: str
    groups: tuple[str, ...]
    facts: UnitFacts
    closed: bool

    def bound(self, criterion: Criterion) -> list[Duty]:
        """The rows a derived clause follows from."""
        roles = criterion.derived.roles if criterion.derived else "lead"
        return duties(self.rubric, self.unit, self.groups, roles)

    def unsettled(self, criterion: Criterion) -> int:
        """How many targets of those rows the office has not settled; none once nothing more comes."""
        targets = {c.id for duty in self.bound(criterion) for c in duty.targets}
        return 0 if self.closed else len(targets - self.facts.reviewed)


def put_together(
    rubric: Rubric, answers: Iterable[Any], ledger: Iterable[Any], granted: frozenset[str], tasks: Tasks | None
) -> UnitFacts:
    """The three sets from rows as `of_unit` reads them.

    Args:
        granted: the clauses the office counts as 合理缺项 for whoever applied.
        tasks: for a rubric with derived clauses.
    """
    answers, ledger = list(answers), list(ledger)
    absent = {row.criterion_id for row in answers if row.state == "not_here" and row.criterion_id in granted}
    own = {**kept_facts.facts_of(answers), **dict.fromkeys(absent, NA)}
    booked: dict[str, list[Fact]] = {}
    for row in ledger:
        if row.source == "office":
            booked.setdefault(row.criterion_id, []).append(read_json(row.fact))
    proofs = Proofs(
        (Held(row.criterion_id, row.entry_id, row.part) for row in ledger if row.source == "proof"),
        ((row.criterion_id, row.entry_id) for row in ledger if row.source == "entry"),
        {row.criterion_id: Decimal(row.fact) for row in ledger if row.source == "target"},
    )
    derived, because = _derived(rubric, tasks, "claimed")
    claimed = with_booked(rubric, {**own, **derived}, booked)
    shown = proof.proven(rubric, {ident: own[ident] for ident in own}, proofs)
    proven = with_booked(rubric, {**shown, **_derived(rubric, tasks, "proven")[0]}, booked)
    bases = Bases(answers, ledger)
    verdicts = standing(ledger, bases)
    verified = _verified(
        rubric, verdicts, booked, {**_derived(rubric, tasks, "verified")[0], **dict.fromkeys(absent, NA)}
    )
    reviewed = frozenset(verified).union(ident for ident, verdict in verdicts.items() if verdict.settles)
    lacking = proof.unproven(rubric, own, proofs)
    awaits = {c.id: tasks.unsettled(c) for c in _following(rubric, tasks) if c.id not in verified} if tasks else {}
    return UnitFacts(own, claimed, proven, verified, lacking, proofs, because, awaits, verdicts, reviewed, bases)


def _verified(
    rubric: Rubric, verdicts: Mapping[str, Standing], booked: Mapping[str, Sequence[Fact]], known: Facts
) -> dict[str, Fact]:
    """What is verified: by verdicts, by what the office booked, and what follows by itself."""
    given = {ident: v.fact for ident, v in verdicts.items() if v.settles and v.fact is not None and ident not in known}
    return with_booked(rubric, {**known, **given}, booked)


def _derived(rubric: Rubric, tasks: Tasks | None, which: str) -> tuple[dict[str, Fact], dict[str, str]]:
    """The facts that follow from a unit's tasks; once the office has settled each target, unanswered is not done."""
    facts: dict[str, Fact] = {}
    because: dict[str, str] = {}
    if tasks is not None:
        known: Facts = getattr(tasks.facts, which)
        for criterion in _following(rubric, tasks):
            settled = not tasks.unsettled(criterion)
            found = derive(criterion, tasks.rubric, tasks.unit, known, groups=tasks.groups, closed=settled)
            because[criterion.id] = found.because
            if found.fact is not None:
                facts[criterion.id] = found.fact
    return facts, because


def _following(rubric: Rubric, tasks: Tasks) -> list[Criterion]:
    """The clauses that follow from the tasks table."""
    return [c for c in rubric.criteria.values() if c.derived and c.derived.rubric == tasks.rubric.id]


async def _tasks(connection: AsyncConnection, unit_id: int, rubric: Rubric, closed: bool | None) -> Tasks | None:
    wanted = {c.derived.rubric for c in rubric.criteria.values() if c.derived}
    if not wanted:
        return None
    unit = (await connection.execute(select(_unit).where(_unit.c.id == unit_id))).one()
    tasks = next((r for r in await editions.of_campaign(connection, unit.campaign_id) if r.id in wanted), None)
    if tasks is None:
        return None
    groups = tuple(name for name, categories in tasks.groups.items() if unit.category in categories)
    if closed is None:
        closed = await frozen_in(connection, unit.campaign_id) is not None
    return Tasks(tasks, unit.name, groups, await of_unit(connection, unit_id, tasks), closed)


async def _granted(connection: AsyncConnection, unit_id: int, rubric: Rubric) -> frozenset[str]:
    allowed = tuple(c.id for c in rubric.criteria.values() if c.na_allowed)
    if not allowed:
        return frozenset()
    campaign_id = select(_unit.c.campaign_id).where(_unit.c.id == unit_id).scalar_subquery()
    clause = (_absence.c.rubric_id == rubric.id, _absence.c.criterion_id.in_(allowed))
    query = select(_absence.c.criterion_id, _absence.c.granted).where(_absence.c.campaign_id == campaign_id, *clause)
    newest = {row.criterion_id: row.granted for row in await connection.execute(query.order_by(_absence.c.id))}
    return frozenset(ident for ident, granted in newest.items() if granted)


def _of_unit(table: Any) -> tuple[Any, Any]:
    return table.c.unit_id == bindparam("unit"), table.c.rubric_id == bindparam("rubric")


_NO_DAY = "9999"  # an entry without a day comes after those with one


def _row(
    source: str,
    criterion: Any,
    entry: Any,
    part: Any,
    fact: Any,
    order: Any,
    day: ColumnElement[str] | None = None,
    kind: Any = "",
    how: Any = "",
    basis: Any = "",
) -> Any:
    columns = (literal(source).label("source"), criterion, entry.label("entry_id"), part.label("part"))
    return select(
        *columns,
        cast(fact, String).label("fact"),
        order.label("ordered"),
        (literal("") if day is None else day).label("day"),
        _word(kind).label("kind"),
        _word(how).label("how"),
        _word(basis).label("basis"),
    )


def _word(value: Any) -> Any:
    return literal(value) if isinstance(value, str) else value


def _ledger() -> Any:
    """Everything but the answers, in one statement: an answer's turn must not pay for four."""
    none = cast(null(), Integer)
    held = (_evidence.c.withdrawn_at.is_(None), _use.c.detached_at.is_(None))
    files = (
        _row(
            "proof", _use.c.criterion_id, func.coalesce(_use.c.entry_id, 0), _use.c.part, null(), _use.c.id, kind="file"
        )
        .join(_evidence, _evidence.c.id == _use.c.evidence_id)
        .where(_evidence.c.unit_id == bindparam("unit"), _use.c.rubric_id == bindparam("rubric"), *held)
    )
    of_entry = func.coalesce(_note.c.entry_id, 0)
    notes = _row("proof", _note.c.criterion_id, of_entry, _note.c.part, null(), _note.c.id, kind="note")
    notes = notes.where(*_of_unit(_note), _note.c.withdrawn_at.is_(None))
    day = func.coalesce(cast(_entry.c.happened_on, String), _NO_DAY)
    entries = _row("entry", _entry.c.criterion_id, _entry.c.id, none, null(), _entry.c.id, day)
    entries = entries.where(*_of_unit(_entry), _entry.c.withdrawn_at.is_(None))
    booked = _row("office", _booked.c.criterion_id, none, none, _booked.c.fact, _booked.c.id)
    booked = booked.where(*_of_unit(_booked), _booked.c.dismissed_at.is_(None))
    targets = _row("target", _target.c.criterion_id, none, none, _target.c.figure, _target.c.id).where(
        *_of_unit(_target)
    )
    return union_all(files, notes, entries, booked, targets, _verdicts(none)).order_by("day", "ordered")


def _verdicts(none: Any) -> Any:
    """The newest verdict of each clause."""
    later = _verdict.alias("later")
    same = (later.c[name] == _verdict.c[name] for name in ("unit_id", "rubric_id", "criterion_id"))
    said = {"kind": _verdict.c.kind, "how": _verdict.c.how, "basis": _verdict.c.basis}
    rows = _row("verdict", _verdict.c.criterion_id, none, none, _verdict.c.fact, _verdict.c.id, **said)
    return rows.where(*_of_unit(_verdict), ~select(later.c.id).where(*same, later.c.id > _verdict.c.id).exists())


_LEDGER = often(_ledger())
