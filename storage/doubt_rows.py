"""What questions to the reviewer are made of, in a few statements: papers, answers, and who else has the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import false, literal, or_, select, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.file_text import READ_KINDS
from storage.tables import CampaignRow, UnitRow
from storage.tables_answers import AnswerRow
from storage.tables_evidence import EvidenceRow, EvidenceUseRow, FileDatesRow, FileFiguresRow
from storage.tables_ledger import EntryRow, ProofNoteRow
from storage.tables_review import VerdictRow

_campaign: Any = CampaignRow.__table__  # type: ignore[attr-defined]
_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]
_answer: Any = AnswerRow.__table__  # type: ignore[attr-defined]
_evidence: Any = EvidenceRow.__table__  # type: ignore[attr-defined]
_dates: Any = FileDatesRow.__table__  # type: ignore[attr-defined]
_figures: Any = FileFiguresRow.__table__  # type: ignore[attr-defined]
_use: Any = EvidenceUseRow.__table__  # type: ignore[attr-defined]
_entry: Any = EntryRow.__table__  # type: ignore[attr-defined]
_note: Any = ProofNoteRow.__table__  # type: ignore[attr-defined]
_verdict: Any = VerdictRow.__table__  # type: ignore[attr-defined]

_HELD = (_evidence.c.withdrawn_at.is_(None), _use.c.detached_at.is_(None))

_FULL_WIDTH = {code: code + 0xFEE0 for code in range(ord("0"), ord("9") + 1)}


class Rows(NamedTuple):
    """Of some units: ``papers`` are files, named documents and entries in place of each other, ``answers`` every version.

    ``copies``: who has a file of the same content, ``named``: papers with a 文号 and awards of all units of the campaign,
    ``last``: the newest answers of earlier campaigns, ``verdicts``: the newest of each clause, ``figures``: what the text
    of files has in numbers, of the clauses where one is answered; no ``lines`` where it was not read, or not to its end.
    """

    units: Sequence[Any]
    papers: Sequence[Any]
    copies: Sequence[Any]
    named: Sequence[Any]
    answers: Sequence[Any]
    last: Sequence[Any]
    verdicts: Sequence[Any]
    figures: Sequence[Any]


async def read(
    connection: AsyncConnection, campaign_id: int, figured: Collection[tuple[str, str]], unit_id: int | None = None
) -> Rows:
    """Of all units of a campaign, or of one.

    Args:
        figured: rubric and criterion of the clauses whose figures are held against the files.
    """
    units = select(_unit).where(_unit.c.campaign_id == campaign_id)
    if unit_id is not None:
        units = units.where(_unit.c.id == unit_id)
    papers = (await connection.execute(_papers(campaign_id, unit_id))).all()
    queries = (
        units.order_by(_unit.c.position),
        _copies(campaign_id, unit_id),
        _papers(campaign_id, None, None if unit_id is None else _Named.of(papers)),
        _answers(campaign_id, unit_id),
        _last(campaign_id, unit_id),
        _verdicts(campaign_id, unit_id),
        _lines(campaign_id, unit_id, figured),
    )
    first, *rest = [(await connection.execute(query)).all() for query in queries]
    return Rows(first, papers, *rest)


class _Named(NamedTuple):
    """What papers of others must have to be worth comparing: the digits of a 文号, or an entry's clause."""

    digits: frozenset[str]
    clauses: frozenset[str]

    @classmethod
    def of(cls, papers: Sequence[Any]) -> _Named:
        """Of the papers of one unit: comparing them with all there are would take a reviewer's time."""
        runs = (re.findall("[0-9]+", unicodedata.normalize("NFKC", row.number))[-1:] for row in papers if row.number)
        return cls(
            frozenset(run for found in runs for run in found),
            frozenset(row.criterion_id for row in papers if row.source == "entry"),
        )

    def where(self, number: Any, criterion_id: Any, *, entry: bool) -> Any:
        """The condition; digits also as they are in full width."""
        written = [text for digits in self.digits for text in (digits, digits.translate(_FULL_WIDTH))]
        alike = [number.contains(text, autoescape=True) for text in written]
        return or_(false(), *alike, *([criterion_id.in_(self.clauses)] if entry else []))


def _papers(campaign_id: int, unit_id: int | None, named: _Named | None = None) -> Any:
    """Files, named documents and entries; only those that may be the same as others where ``named``."""

    def rows(source: str, unit: Any, place: Any, columns: Sequence[Any], number: Any) -> Any:
        names = (
            "id",
            "name",
            "day",
            "number",
            "sha256",
            "at",
            "since",
            "held",
            "made_on",
            "saved_on",
            "photo",
            "read_at",
        )
        said = [column.label(name) for name, column in zip(names, columns, strict=True)]
        clause = (unit.c.unit_id, place.c.rubric_id, place.c.criterion_id)
        query = select(literal(source).label("source"), *clause, *said).where(unit.c.campaign_id == campaign_id)
        query = query if unit_id is None else query.where(unit.c.unit_id == unit_id)
        entry = source == "entry"
        return query if named is None else query.where(named.where(number, place.c.criterion_id, entry=entry))

    e, n, t, d, none = _evidence.c, _note.c, _entry.c, _dates.c, literal("")
    no_day, never = literal(None, t.happened_on.type), literal(None, d.read_at.type)
    of_file = (t.happened_on, d.made_on, d.saved_on, e.kind == "jpeg", d.read_at)
    no_file = (no_day, no_day, no_day, literal(False), never)
    columns = (e.id, e.name, e.dated_on, e.number, e.sha256, e.received_at, _use.c.attached_at, *of_file)
    files = rows("file", _evidence, _use, columns, e.number).join(_use, _use.c.evidence_id == e.id).where(*_HELD)
    files = files.outerjoin(_entry, t.id == _use.c.entry_id).outerjoin(_dates, d.sha256 == e.sha256)
    notes = rows("note", _note, _note, (n.id, n.title, no_day, n.number, none, n.at, n.at, *no_file), n.number)
    entry = (t.id, t.name, t.happened_on, t.number, none, t.at, t.at, *no_file)
    entries = rows("entry", _entry, _entry, entry, t.number)
    return union_all(files, notes.where(n.withdrawn_at.is_(None)), entries.where(t.withdrawn_at.is_(None)))


def _copies(campaign_id: int, unit_id: int | None) -> Any:
    """Whoever has a file of the same content as one that proves something here, in this campaign or an earlier one."""
    mine = select(_evidence.c.sha256).join(_use, _use.c.evidence_id == _evidence.c.id)
    mine = mine.where(_evidence.c.campaign_id == campaign_id, *_HELD)
    mine = mine if unit_id is None else mine.where(_evidence.c.unit_id == unit_id)
    columns = (_evidence.c.sha256, _evidence.c.unit_id, _unit.c.name.label("unit"), _campaign.c.year)
    query = select(*columns, _evidence.c.received_at.label("at"), _evidence.c.campaign_id)
    query = query.join(_unit, _unit.c.id == _evidence.c.unit_id).join(
        _campaign, _campaign.c.id == _evidence.c.campaign_id
    )
    return query.where(_evidence.c.sha256.in_(mine), _evidence.c.withdrawn_at.is_(None)).order_by(_evidence.c.id)


def _answers(campaign_id: int, unit_id: int | None) -> Any:
    query = select(_answer).where(_answer.c.campaign_id == campaign_id).order_by(_answer.c.id)
    return query if unit_id is None else query.where(_answer.c.unit_id == unit_id)


def _last(campaign_id: int, unit_id: int | None) -> Any:
    """What units of the same name said in earlier campaigns, each version, oldest first."""
    old, before, now = _unit.alias("old"), _campaign.alias("before"), _campaign.alias("now")
    columns = (_unit.c.id.label("unit_id"), _answer.c.rubric_id, _answer.c.criterion_id, _answer.c.said, before.c.year)
    query = (
        select(*columns)
        .join(old, old.c.id == _answer.c.unit_id)
        .join(_unit, (_unit.c.name == old.c.name) & (_unit.c.category == old.c.category))
        .join(before, before.c.id == old.c.campaign_id)
        .join(now, now.c.id == _unit.c.campaign_id)
        .where(_unit.c.campaign_id == campaign_id, before.c.year < now.c.year, _answer.c.state == "answered")
        .order_by(before.c.year, _answer.c.id)
    )
    return query if unit_id is None else query.where(_unit.c.id == unit_id)


def _verdicts(campaign_id: int, unit_id: int | None) -> Any:
    columns = (_verdict.c.unit_id, _verdict.c.rubric_id, _verdict.c.criterion_id, _verdict.c.kind, _verdict.c.at)
    query = select(*columns).where(_verdict.c.campaign_id == campaign_id).order_by(_verdict.c.id)
    return query if unit_id is None else query.where(_verdict.c.unit_id == unit_id)


def _lines(campaign_id: int, unit_id: int | None, clauses: Collection[tuple[str, str]]) -> Any:
    """Files that can be read, by the clause they prove."""
    columns = (_evidence.c.unit_id, _use.c.rubric_id, _use.c.criterion_id, _evidence.c.sha256)
    query = select(*columns, _use.c.attached_at.label("since"), _figures.c.lines, _figures.c.read_at)
    query = query.join(_use, _use.c.evidence_id == _evidence.c.id)
    query = query.outerjoin(_figures, _figures.c.sha256 == _evidence.c.sha256)
    wanted = (_evidence.c.campaign_id == campaign_id, _evidence.c.kind.in_(READ_KINDS), *_HELD)
    query = query.where(*wanted, tuple_(_use.c.rubric_id, _use.c.criterion_id).in_(clauses)).order_by(_evidence.c.id)
    return query if unit_id is None else query.where(_evidence.c.unit_id == unit_id)
