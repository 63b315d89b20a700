"""Clues about counterfeits (打假线索): for their sender, the office and the verifying department, and nobody else.

Text and files stay here: what counts in the ledger is a number, so that no list, picture or pack can tell more.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.model import Criterion, Rubric
from storage import audit, entries, numbering, proof_notes
from storage.errors import NotFoundError, StorageError
from storage.reaching import Reached
from storage.tables import CampaignRow, UnitRow
from storage.tables_answers import AddressRow, MembershipRow
from storage.tables_push import ClueRow
from storage.texts import storable, to_json

TEXT_CHARACTERS = 2000
WHY_CHARACTERS = 500
NOUN = "线索"
"""A clause whose entries are clues is the one a clue that turned out true counts for."""

VERIFIERS = ("provider", "liaison")
"""Who speaks for the department that looks into a clue."""

State = Literal["waiting", "true", "false"]

_clue: Any = ClueRow.__table__  # type: ignore[attr-defined]
_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]
_verifier: Any = _unit.alias("verifier")
_campaign: Any = CampaignRow.__table__  # type: ignore[attr-defined]
_membership: Any = MembershipRow.__table__  # type: ignore[attr-defined]
_address: Any = AddressRow.__table__  # type: ignore[attr-defined]


class Clue(NamedTuple):
    """A clue. ``same_case_id``: the clue that counts for the case it is about; None where it counts itself."""

    id: int
    campaign_id: int
    code: str
    number: int
    unit_id: int
    unit: str
    text: str
    files: tuple[dict[str, Any], ...]
    person_id: int
    at: datetime
    verifier_id: int | None
    verifier: str
    state: State
    why: str
    decided_at: datetime | None
    same_case_id: int | None

    @property
    def receipt(self) -> str:
        """``线索2026-0003``."""
        return f"线索{self.code}-{self.number:04d}"


async def add_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    unit_id: int,
    text: str,
    files: Sequence[Mapping[str, Any]] = (),
) -> Clue:
    """Keep a clue; it waits to be verified and counts nothing yet.

    Raises:
        NotFoundError: no such unit.
        StorageError: no words, or more than is kept.
    """
    words = storable(text.strip())
    if len(words) < 2:
        raise StorageError("线索还没有写，请写明什么地方、什么东西、怎么知道的")
    if len(words) > TEXT_CHARACTERS:
        raise StorageError(f"线索有 {len(words)} 个字，最多 {TEXT_CHARACTERS} 个字，请写短一点")
    campaign_id, number = await numbering.next_in(connection, _clue, unit_id)
    row = {
        "campaign_id": campaign_id,
        "number": number,
        "unit_id": unit_id,
        "text": words,
        "files": to_json([dict(file) for file in files]),
        "person_id": person_id,
        "at": at,
    }
    added = await connection.execute(insert(_clue).values(**row, state="waiting", why=""))
    (ident,) = added.inserted_primary_key or (0,)
    clue = await find_in(connection, int(ident))
    await _audit(connection, at, person_id, "clue.given", clue, words)
    return clue


async def add_files_in(
    connection: AsyncConnection, at: datetime, person_id: int, clue: Clue, files: Sequence[Mapping[str, Any]]
) -> Clue:
    """Add files to a clue that waits; one that is there already is not added again.

    Raises:
        StorageError: it is decided already.
    """
    _check_waiting(clue)
    known = {file["ref"] for file in clue.files}
    fresh = [dict(file) for file in files if file["ref"] not in known]
    values = {"files": to_json([*clue.files, *fresh])}
    await connection.execute(update(_clue).where(_clue.c.id == clue.id).values(**values))
    await _audit(connection, at, person_id, "clue.files", clue, ",".join(file["ref"] for file in fresh))
    return await find_in(connection, clue.id)


async def find_in(connection: AsyncConnection, clue_id: int) -> Clue:
    """A clue by its id; whether a person may see it is the caller's question.

    Raises:
        NotFoundError: there is none.
    """
    found = await _all(connection, _clue.c.id == clue_id)
    if not found:
        raise NotFoundError("没有这条线索，请从最新的消息里重新选")
    return found[0]


async def of_person_in(connection: AsyncConnection, person_id: int, campaign_id: int) -> list[Clue]:
    """What somebody gave, newest first."""
    return await _all(connection, _clue.c.person_id == person_id, _clue.c.campaign_id == campaign_id)


async def of_campaign_in(connection: AsyncConnection, campaign_id: int) -> list[Clue]:
    """All clues of a campaign, newest first; for its office."""
    return await _all(connection, _clue.c.campaign_id == campaign_id)


async def of_verifier_in(connection: AsyncConnection, unit_id: int) -> list[Clue]:
    """The clues a department is to verify or has verified, newest first."""
    return await _all(connection, _clue.c.verifier_id == unit_id)


async def hand_in(connection: AsyncConnection, at: datetime, person_id: int, clue: Clue, verifier_id: int) -> Clue:
    """Hand a clue to the department that verifies it.

    Raises:
        NotFoundError: no such unit in the campaign.
        StorageError: it is decided already, or the department is the unit that gave it.
    """
    _check_waiting(clue)
    if verifier_id == clue.unit_id:
        raise StorageError("线索不能由报的单位自己核实，请选别的部门")
    here = (_unit.c.id == verifier_id, _unit.c.campaign_id == clue.campaign_id)
    if (await connection.execute(select(_unit.c.id).where(*here))).first() is None:
        raise NotFoundError("没有这个部门，请重新选择")
    await connection.execute(update(_clue).where(_clue.c.id == clue.id).values(verifier_id=verifier_id))
    await _audit(connection, at, person_id, "clue.handed", clue, str(verifier_id))
    return await find_in(connection, clue.id)


async def decide_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    clue: Clue,
    *,
    is_true: bool,
    why: str = "",
    same_case: Clue | None = None,
    rubrics: Sequence[Rubric] = (),
) -> Clue:
    """Note whether a clue is true; a true one counts for its unit, several on one case once.

    Args:
        same_case: an earlier true clue on the same case; then this one counts no more.
        rubrics: those that assess the unit, as they are in force.

    Raises:
        StorageError: it is decided already, 不属实 has no reason, or the case is that of no true clue.
    """
    _check_waiting(clue)
    words = storable(why.strip(), WHY_CHARACTERS)
    if not is_true and len(words) < 2:
        raise StorageError("不属实要写一句核实的情况，报的人才知道")
    if same_case is not None and (same_case.campaign_id != clue.campaign_id or same_case.state != "true"):
        raise StorageError("要并到的那条线索还没有核实为属实，请重新选")
    counts_in = (same_case.same_case_id or same_case.id) if same_case else None
    values = {"state": "true" if is_true else "false", "why": words, "same_case_id": counts_in}
    changed = update(_clue).where(_clue.c.id == clue.id)
    await connection.execute(changed.values(**values, decided_by=person_id, decided_at=at))
    await _audit(connection, at, person_id, "clue.true" if is_true else "clue.false", clue, words)
    if is_true and same_case is None:
        await _count(connection, at, clue, rubrics)
    return await find_in(connection, clue.id)


def clauses(rubrics: Sequence[Rubric]) -> list[tuple[Rubric, Criterion]]:
    """The clauses that count true clues."""
    return [(rubric, criterion) for rubric in rubrics for criterion in rubric.criteria.values() if counts(criterion)]


def counts(criterion: Criterion) -> bool:
    """Whether a clause counts true clues."""
    return criterion.entries is not None and NOUN in criterion.entries.noun


async def verifiers_in(connection: AsyncConnection, unit_id: int) -> tuple[Reached, ...]:
    """The addresses of those who speak for a department that verifies."""
    people = select(_membership.c.person_id).where(
        _membership.c.unit_id == unit_id, _membership.c.role.in_(VERIFIERS), _membership.c.removed_at.is_(None)
    )
    query = select(_address.c.person_id, _address.c.channel, _address.c.address)
    rows = await connection.execute(query.where(_address.c.person_id.in_(people)).order_by(_address.c.id))
    return tuple(Reached(*row) for row in rows)


async def sender_in(connection: AsyncConnection, clue: Clue) -> tuple[Reached, ...]:
    """The addresses of who gave a clue, while they are in the campaign."""
    people = select(_membership.c.person_id).where(
        _membership.c.person_id == clue.person_id,
        _membership.c.campaign_id == clue.campaign_id,
        _membership.c.removed_at.is_(None),
    )
    query = select(_address.c.person_id, _address.c.channel, _address.c.address)
    rows = await connection.execute(query.where(_address.c.person_id.in_(people)).order_by(_address.c.id))
    return tuple(Reached(*row) for row in rows)


def _check_waiting(clue: Clue) -> None:
    if clue.state != "waiting":
        raise StorageError(f"{clue.receipt} 已经核实过：{'属实' if clue.state == 'true' else '不属实'}，没有再改")


async def _count(connection: AsyncConnection, at: datetime, clue: Clue, rubrics: Sequence[Rubric]) -> None:
    """An entry that says no more than the clue's number; where it was verified is proof enough (线下核验)."""
    name = f"打假{clue.receipt}（已核实）"
    for rubric, criterion in clauses(rubrics):
        about = (connection, at, clue.person_id, clue.unit_id, rubric, criterion.id)
        added = await entries.add_in(*about, name=name, happened_on=clue.at.date(), number=clue.receipt, said=name)
        entry = added.entry or added.duplicate
        assert entry is not None
        place = f"{clue.verifier or '考核办'}核实记录"
        words: dict[str, Any] = {"title": name, "number": clue.receipt, "place": place}
        await proof_notes.add_in(*about, kind="offline", **words, entry_id=entry.id)


async def _all(connection: AsyncConnection, *where: Any) -> list[Clue]:
    query = (
        select(_clue, _unit.c.name.label("unit"), _verifier.c.name.label("verifier"), _campaign.c.code)
        .join(_unit, _unit.c.id == _clue.c.unit_id)
        .join(_campaign, _campaign.c.id == _clue.c.campaign_id)
        .join(_verifier, _verifier.c.id == _clue.c.verifier_id, isouter=True)
        .where(*where)
        .order_by(_clue.c.id.desc())
    )
    return [_of(row) for row in await connection.execute(query)]


def _of(row: Any) -> Clue:
    values = {field: getattr(row, field) for field in Clue._fields}
    return Clue(**{**values, "files": tuple(json.loads(row.files)), "verifier": row.verifier or ""})


async def _audit(
    connection: AsyncConnection, at: datetime, person_id: int, action: str, clue: Clue, words: str
) -> None:
    subject = {"clue": clue.id, "unit": clue.unit_id, "sha256": hashlib.sha256(words.encode()).hexdigest()}
    await audit.record(connection, at, str(person_id), action, subject, clue.campaign_id)
