"""Entries (台账记录): the meetings, reports and awards a count is made of, and the answers that follow from them.

The same name or 文号 counts once a unit, but of what one 公告 names several another name is another one. What the entries
say becomes the unit's answer where they say more; an answer that was what they said follows them down again.
"""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics import proof
from rubrics.honours import share_a_number
from rubrics.model import Criterion, Rubric
from rubrics.targets import facts_beyond
from storage import answers, audit, evidence_places, kept_facts, proof_notes, scorecards
from storage.answers import Answer, Receipt
from storage.campaigns import targets_in
from storage.errors import NotFoundError, StorageError
from storage.tables_ledger import EntryRow
from storage.texts import storable

NAME_CHARACTERS = 200
NUMBER_CHARACTERS = 100
LEVEL_CHARACTERS = 40

_NO_ENTRY = "没有这条记录，或者已经撤回，请从清单里重新选择"

_entry: Any = EntryRow.__table__  # type: ignore[attr-defined]

Said = Mapping[str, bool | Decimal | None]
"""Criterion id → what its entries say; None where there are none."""


class Entry(NamedTuple):
    """One meeting, report or award. ``number`` is its 文号 or that of its certificate, empty where none was given.

    ``granted_by`` and ``level`` (国家级, 省级 …) belong to an honour; empty where nobody said.
    """

    id: int
    criterion_id: str
    name: str
    happened_on: date | None
    number: str
    person_id: int
    at: datetime
    granted_by: str = ""
    level: str = ""


class Added(NamedTuple):
    """What became of an entry. ``entry`` is None where ``duplicate``, an earlier one, is the same.

    ``unsure``: it may be another one, for only its 文号 is the same; a person has to say so.
    ``replaced``: the same achievement at a lower rung of its ladder, withdrawn for this one.
    ``changed``: the clauses whose answers followed; ``receipt`` is that of the entry's own, else of the first.
    """

    entry: Entry | None
    duplicate: Entry | None = None
    receipt: Receipt | None = None
    replaced: Entry | None = None
    changed: tuple[str, ...] = ()
    unsure: bool = False


class _Ledger(NamedTuple):
    """A unit's entries under a rubric in the order they happened, and the figures handed down to it."""

    rubric: Rubric
    entries: tuple[Entry, ...]
    targets: Mapping[str, Decimal]


async def add_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    unit_id: int,
    rubric: Rubric,
    criterion_id: str,
    *,
    name: str,
    happened_on: date | None = None,
    number: str = "",
    granted_by: str = "",
    level: str = "",
    said: str = "",
    message_id: int | None = None,
    another: bool = False,
) -> Added:
    """Add an entry unless it is there already, and let the answers follow that now say too little.

    Its 文号 is its proof as well where the rubric takes one for the document.

    Args:
        rubric: as it is in force in the campaign.
        happened_on: kept as given; whether it lies in the campaign's year is the caller's question.
        granted_by, level: of an honour; they do not tell two entries apart.
        said, message_id: as `answers.record_in` takes them.
        another: somebody said so where it was `Added.unsure`.

    Raises:
        NotFoundError: the rubric does not assess the unit, or the clause counts no entries.
        StorageError: neither a name nor a number.
    """
    criterion = _counting(rubric, criterion_id)
    campaign_id = await kept_facts.campaign_of(connection, unit_id, rubric)
    if not same_name(name) and not same_number(number):
        raise StorageError(f"「{criterion.label}」缺少名称，请写上名称或者文号")
    before = await _ledger(connection, unit_id, rubric)
    honour = (storable(granted_by.strip(), NAME_CHARACTERS), storable(level.strip(), LEVEL_CHARACTERS))
    given = Entry(0, criterion_id, storable(name.strip(), NAME_CHARACTERS), happened_on, number, person_id, at, *honour)
    lower = None
    same = [old for old in before.entries if _same(rubric, old, given)]
    if same:
        highest = max(same, key=lambda old: _rung(rubric, old))
        if _rung(rubric, highest) >= _rung(rubric, given):
            return Added(None, highest)
        lower = highest
        await _end(connection, at, person_id, campaign_id, unit_id, rubric, lower)
    elif not another and (alike := [old for old in before.entries if _maybe_same(criterion, old, given)]):
        return Added(None, alike[0], unsure=True)
    entry = await _insert(connection, campaign_id, unit_id, rubric, given, message_id)
    await _prove(connection, unit_id, rubric, entry)
    after = await _ledger(connection, unit_id, rubric)
    clauses = (criterion_id, *([lower.criterion_id] if lower else []))
    words = {"said": said, "message_id": message_id}
    receipts = await _follow(connection, at, person_id, unit_id, before, after, clauses, adding=True, **words)
    first = next(iter(receipts.values()), None)
    return Added(entry, None, receipts.get(criterion_id, first), lower, tuple(receipts))


async def grant_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    unit_id: int,
    rubric: Rubric,
    entry_id: int,
    granted_by: str,
    level: str = "",
) -> Entry:
    """Say who gave an honour, and at which level where that is said; it is worth the same as before.

    Raises:
        NotFoundError: no such entry of the unit under the rubric, or withdrawn.
        StorageError: nobody is named.
    """
    campaign_id = await kept_facts.campaign_of(connection, unit_id, rubric)
    entry = next((old for old in await _entries(connection, unit_id, rubric.id) if old.id == entry_id), None)
    if entry is None:
        raise NotFoundError(_NO_ENTRY)
    said = storable(granted_by.strip(), NAME_CHARACTERS)
    if not same_name(said):
        raise StorageError("还没有写授予单位，请写全称，例如 江苏省人民政府")
    known = entry._replace(granted_by=said, level=storable(level.strip(), LEVEL_CHARACTERS) or entry.level)
    values = {"granted_by": known.granted_by, "level": known.level}
    await connection.execute(update(_entry).where(_entry.c.id == entry.id).values(**values))
    content = audit.canonical([known.granted_by, known.level])
    subject = {"entry": entry.id, "unit": unit_id, "rubric": rubric.id, "criterion": entry.criterion_id}
    subject["sha256"] = hashlib.sha256(content.encode()).hexdigest()
    await audit.record(connection, at, str(person_id), "entry.granted", subject, campaign_id)
    return known


async def withdraw_in(
    connection: AsyncConnection, at: datetime, person_id: int, unit_id: int, rubric: Rubric, entry_id: int
) -> tuple[str, ...]:
    """Take an entry back, with what proved it: its files are unsorted again. The row stays.

    Returns:
        The clauses whose answers followed.

    Raises:
        NotFoundError: no such entry of the unit under the rubric, or already withdrawn.
    """
    campaign_id = await kept_facts.campaign_of(connection, unit_id, rubric)
    before = await _ledger(connection, unit_id, rubric)
    entry = next((old for old in before.entries if old.id == entry_id), None)
    if entry is None:
        raise NotFoundError(_NO_ENTRY)
    await _end(connection, at, person_id, campaign_id, unit_id, rubric, entry)
    after = await _ledger(connection, unit_id, rubric)
    receipts = await _follow(connection, at, person_id, unit_id, before, after, (entry.criterion_id,), adding=False)
    return tuple(receipts)


async def reread_in(
    connection: AsyncConnection, at: datetime, person_id: int, unit_id: int, old: Rubric, new: Rubric
) -> tuple[str, ...]:
    """Let the answers that said just what the entries come to follow when a rubric is read otherwise.

    Returns:
        The clauses whose answers followed.
    """
    before = await _ledger(connection, unit_id, old)
    after = before._replace(rubric=new)
    clauses = tuple(dict.fromkeys(entry.criterion_id for entry in before.entries))
    return tuple(await _follow(connection, at, person_id, unit_id, before, after, clauses, adding=False))


async def of_clause_in(connection: AsyncConnection, unit_id: int, rubric_id: str, criterion_id: str) -> list[Entry]:
    """A clause's entries in the order they happened, those without a day last; not what was withdrawn."""
    return await _entries(connection, unit_id, rubric_id, _entry.c.criterion_id == criterion_id)


async def count_in(connection: AsyncConnection, unit_id: int, rubric_id: str, criterion_id: str) -> int:
    """How many entries a clause has."""
    return len(await of_clause_in(connection, unit_id, rubric_id, criterion_id))


async def days_in(connection: AsyncConnection, unit_id: int, rubric_id: str) -> dict[str, tuple[date | None, ...]]:
    """When what is counted happened, by clause; None for an entry without a day."""
    found: dict[str, tuple[date | None, ...]] = {}
    for entry in await _entries(connection, unit_id, rubric_id):
        found[entry.criterion_id] = (*found.get(entry.criterion_id, ()), entry.happened_on)
    return found


def same_name(name: str) -> str:
    """A name as it is compared: letters, digits and characters only, full-width as usual."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", name).casefold() if letter.isalnum())


def same_number(number: str) -> str:
    """A 文号 or certificate number as it is compared: 苏质〔2026〕第3号 and 苏质 [2026] 3 are the same."""
    shown = re.sub(r"\s", "", unicodedata.normalize("NFKC", number)).casefold()
    return re.sub(r"第(?=\d)|号$", "", re.sub(r"[〕\]】}》]", ")", re.sub(r"[〔\[【{《]", "(", shown)))


def _counting(rubric: Rubric, criterion_id: str) -> Criterion:
    criterion = rubric.criteria.get(criterion_id)
    if criterion is None or criterion.entries is None:
        raise NotFoundError(f"「{criterion.label if criterion else criterion_id}」不用逐条登记，请直接回答")
    return criterion


def _ladder(rubric: Rubric, entry: Entry) -> str | None:
    criterion = rubric.criteria[entry.criterion_id]
    return criterion.entries.ladder if criterion.entries else None


def _rung(rubric: Rubric, entry: Entry) -> Decimal:
    """How high an achievement stands on its ladder: by what one of it is worth."""
    points: Decimal | None = rubric.criteria[entry.criterion_id].score.points
    return points or Decimal(0)


def _same(rubric: Rubric, old: Entry, given: Entry) -> bool:
    """Whether two entries are one: by number, by name on the same day, on a ladder or without a day by name alone."""
    criterion, ladder = rubric.criteria[given.criterion_id], _ladder(rubric, given)
    named = bool(same_name(given.name)) and same_name(old.name) == same_name(given.name)
    if old.criterion_id != given.criterion_id:
        return named and ladder is not None and _ladder(rubric, old) == ladder
    if _one_number(old, given) and (not _other_name(old, given) or share_a_number(criterion) is False):
        return True
    undated = old.happened_on is None or given.happened_on is None
    return named and (undated or ladder is not None or old.happened_on == given.happened_on)


def _maybe_same(criterion: Criterion, old: Entry, given: Entry) -> bool:
    alike = old.criterion_id == given.criterion_id and _one_number(old, given) and _other_name(old, given)
    return alike and share_a_number(criterion) is None


def _one_number(old: Entry, given: Entry) -> bool:
    return bool(same_number(given.number)) and same_number(old.number) == same_number(given.number)


def _other_name(old: Entry, given: Entry) -> bool:
    names = {same_name(old.name), same_name(given.name)}
    return len(names) == 2 and "" not in names


def _said(ledger: _Ledger, criterion_id: str) -> dict[str, bool | Decimal | None]:
    """What the entries say about a clause; with a target handed down also about the clauses that share its awards."""
    criterion = ledger.rubric.criteria[criterion_id]
    target_id = proof.beyond(criterion)
    if target_id is None or target_id not in ledger.targets:
        count = sum(entry.criterion_id == criterion_id for entry in ledger.entries)
        return {criterion_id: proof.fact_of_entries(criterion, count) if count else None}
    of = [e.criterion_id for e in ledger.entries if proof.beyond(ledger.rubric.criteria[e.criterion_id]) == target_id]
    made = facts_beyond(ledger.rubric, target_id, math.ceil(ledger.targets[target_id]), of)
    return {ident: fact if ident in of or (ident == target_id and of) else None for ident, fact in made.items()}


async def _follow(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    unit_id: int,
    before: _Ledger,
    after: _Ledger,
    clauses: Iterable[str],
    *,
    adding: bool,
    **words: Any,
) -> dict[str, Receipt]:
    """Record each answer that follows the entries, and score the unit; the receipts by clause."""
    current = await answers.current_in(connection, unit_id, after.rubric.id)
    receipts = {}
    for clause in clauses:
        old = _said(before, clause)
        for ident, fact in _said(after, clause).items():
            if _follows(current.get(ident), old[ident], fact, adding=adding):
                state: Any = {} if fact is not None else {"state": "withdrawn"}
                receipts[ident] = await answers.record_in(
                    connection, at, person_id, unit_id, after.rubric, ident, fact, **state, **words
                )
    if not receipts:  # recording scores as well
        await scorecards.rewrite(connection, at, unit_id, after.rubric)
    return receipts


def _follows(answer: Answer | None, old: bool | Decimal | None, new: bool | Decimal | None, *, adding: bool) -> bool:
    """Whether an answer changes with its entries: where it says less than they do, or is just what they said."""
    claim = answer.fact if answer else None
    if claim == new:
        return False
    if claim is None:
        return adding
    if old is not None and claim == old:
        return True
    return adding and new is not None and isinstance(claim, bool | Decimal) and claim < new


async def _end(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    campaign_id: int,
    unit_id: int,
    rubric: Rubric,
    entry: Entry,
) -> None:
    """Withdraw an entry and let go what proved it."""
    await connection.execute(update(_entry).where(_entry.c.id == entry.id).values(withdrawn_at=at))
    await evidence_places.end_entry(connection, at, entry.id)
    await proof_notes.end_entry(connection, at, entry.id)
    subject = {"entry": entry.id, "unit": unit_id, "rubric": rubric.id, "criterion": entry.criterion_id}
    await audit.record(connection, at, str(person_id), "entry.withdrawn", subject, campaign_id)


async def _insert(
    connection: AsyncConnection, campaign_id: int, unit_id: int, rubric: Rubric, given: Entry, message_id: int | None
) -> Entry:
    row = {"campaign_id": campaign_id, "unit_id": unit_id, "rubric_id": rubric.id, **given._asdict()}
    row |= {"number": storable(given.number.strip(), NUMBER_CHARACTERS)}
    del row["id"]
    entry = _of((await connection.execute(insert(_entry).values(**row).returning(_entry))).one())
    honour = [entry.granted_by, entry.level] if entry.granted_by or entry.level else []
    content = audit.canonical([entry.name, str(entry.happened_on), entry.number, *honour])
    subject = {
        "entry": entry.id,
        "unit": unit_id,
        "rubric": rubric.id,
        "criterion": entry.criterion_id,
        "message": message_id,
        "sha256": hashlib.sha256(content.encode()).hexdigest(),
    }
    await audit.record(connection, entry.at, str(entry.person_id), "entry.added", subject, campaign_id)
    return entry


async def _prove(connection: AsyncConnection, unit_id: int, rubric: Rubric, entry: Entry) -> None:
    """Let the 文号 an entry came with be its proof where title and 文号 suffice and there is one document to name."""
    wanted = rubric.criteria[entry.criterion_id].proof
    if wanted != "none" and wanted.by_number and len(wanted.parts) == 1 and same_number(entry.number):
        about = (connection, entry.at, entry.person_id, unit_id, rubric, entry.criterion_id)
        title = entry.name if same_name(entry.name) else wanted.parts[0]
        await proof_notes.add_in(*about, kind="number", title=title, number=entry.number, entry_id=entry.id)


async def _ledger(connection: AsyncConnection, unit_id: int, rubric: Rubric) -> _Ledger:
    entries = await _entries(connection, unit_id, rubric.id)
    return _Ledger(rubric, tuple(entries), await targets_in(connection, unit_id, rubric.id))


async def _entries(connection: AsyncConnection, unit_id: int, rubric_id: str, *which: Any) -> list[Entry]:
    own = (_entry.c.unit_id == unit_id, _entry.c.rubric_id == rubric_id, _entry.c.withdrawn_at.is_(None))
    order = (_entry.c.happened_on.is_(None), _entry.c.happened_on, _entry.c.id)
    query = select(_entry).where(*own, *which).order_by(*order)
    return [_of(row) for row in await connection.execute(query)]


def _of(row: Any) -> Entry:
    return Entry(*(getattr(row, field) for field in Entry._fields))
