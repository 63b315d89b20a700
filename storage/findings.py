"""What somebody found on site about a clause of a unit: 属实, 存疑, 不符, a sentence, photos.

The photos are the office's: they are kept with the finding and never among the unit's proof. A finding decides nothing
by itself; a verdict may rest on it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.model import Rubric
from storage import audit
from storage.campaigns import place_in
from storage.errors import NotFoundError, StorageError
from storage.tables import UnitRow
from storage.tables_answers import PersonRow
from storage.tables_review import FINDINGS, FindingRow
from storage.texts import storable, to_json
from storage.verdicts import refuse_own_in

WORD_CHARACTERS = 500
FEWEST_CHARACTERS = 2
FINE = "fine"

_finding: Any = FindingRow.__table__  # type: ignore[attr-defined]
_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]
_person: Any = PersonRow.__table__  # type: ignore[attr-defined]

_QUERY: Select[Any] = (
    select(_finding, _unit.c.name.label("unit"), _person.c.name.label("person"))
    .join(_unit, _unit.c.id == _finding.c.unit_id)
    .join(_person, _person.c.id == _finding.c.person_id)
    .where(_finding.c.withdrawn_at.is_(None))
    .order_by(_finding.c.id)
)


class Photo(NamedTuple):
    """A kept file of a finding: ``ref`` is its sha256."""

    ref: str
    name: str
    size_bytes: int


class Finding(NamedTuple):
    """A finding as it is kept. ``outcome``: fine 属实, doubtful 存疑, wrong 不符."""

    id: int
    campaign_id: int
    unit_id: int
    unit: str
    rubric_id: str
    criterion_id: str
    group_id: int | None
    outcome: str
    words: str
    files: tuple[Photo, ...]
    person_id: int
    person: str
    at: datetime

    @property
    def clause(self) -> tuple[int, str, str]:
        """By its ids."""
        return (self.unit_id, self.rubric_id, self.criterion_id)


async def add_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    unit_id: int,
    rubric: Rubric,
    criterion_id: str,
    outcome: str,
    words: str,
    files: Sequence[Mapping[str, Any]] = (),
    *,
    group_id: int | None = None,
) -> Finding:
    """Keep a finding. What is in order needs no sentence; anything else does.

    Args:
        files: kept files as ``{ref, name, size_bytes}``.
        group_id: of the 考核组 that was there.

    Raises:
        OwnUnitError: who found it belongs to the unit.
        NotFoundError: no such unit or clause, or the rubric does not assess the unit.
        StorageError: no such outcome, or no sentence where one is needed.
    """
    campaign_id = await place_in(connection, unit_id, rubric)
    if criterion_id not in rubric.criteria:
        raise NotFoundError(f"细则「{rubric.id}」没有「{criterion_id}」这一条，请从清单里重新选")
    await refuse_own_in(connection, person_id, unit_id)
    said = storable(" ".join(words.split()), WORD_CHARACTERS)
    if outcome not in FINDINGS:
        raise StorageError("现场情况只有属实、存疑、不符三种，请重新选")
    if outcome != FINE and len(said) < FEWEST_CHARACTERS:
        raise StorageError("存疑和不符要写一句看到了什么，单位才知道问题在哪")
    photos = [[file["ref"], storable(str(file["name"]), 200), int(file["size_bytes"])] for file in files]
    values = {
        "campaign_id": campaign_id,
        "unit_id": unit_id,
        "rubric_id": rubric.id,
        "criterion_id": criterion_id,
        "group_id": group_id,
        "outcome": outcome,
        "words": said,
        "files": to_json(photos),
        "person_id": person_id,
        "at": at,
    }
    made = (await connection.execute(insert(_finding).values(**values).returning(_finding.c.id))).scalar_one()
    subject = {"finding": made, **{name: values[name] for name in ("unit_id", "rubric_id", "criterion_id", "outcome")}}
    subject |= {"files": [ref for ref, *_ in photos], "sha256": hashlib.sha256(said.encode()).hexdigest()}
    await audit.record(connection, at, str(person_id), "finding.added", subject, campaign_id)
    return await find_in(connection, campaign_id, made)


async def withdraw_in(connection: AsyncConnection, at: datetime, person_id: int, found: Finding) -> None:
    """Take a finding back; the row and its photos stay.

    Raises:
        StorageError: somebody else noted it.
        NotFoundError: it was taken back already.
    """
    if found.person_id != person_id:
        raise StorageError("只有记下的人能撤回，请找记下的同事")
    await find_in(connection, found.campaign_id, found.id)
    await connection.execute(update(_finding).where(_finding.c.id == found.id).values(withdrawn_at=at))
    await audit.record(connection, at, str(person_id), "finding.withdrawn", {"finding": found.id}, found.campaign_id)


async def find_in(connection: AsyncConnection, campaign_id: int, finding_id: int) -> Finding:
    """A finding of a campaign that was not taken back.

    Raises:
        NotFoundError: the campaign has none.
    """
    found = await _all(connection, _finding.c.campaign_id == campaign_id, _finding.c.id == finding_id)
    if not found:
        raise NotFoundError("没有这条现场情况，或者已经撤回，请重新打开这个单位看")
    return found[0]


async def of_clause_in(connection: AsyncConnection, unit_id: int, rubric_id: str, criterion_id: str) -> list[Finding]:
    """What was found about a clause of a unit, oldest first."""
    same = (_finding.c.rubric_id == rubric_id, _finding.c.criterion_id == criterion_id)
    return await _all(connection, _finding.c.unit_id == unit_id, *same)


async def of_unit_in(connection: AsyncConnection, unit_id: int) -> list[Finding]:
    """What was found in a unit, oldest first."""
    return await _all(connection, _finding.c.unit_id == unit_id)


async def _all(connection: AsyncConnection, *where: Any) -> list[Finding]:
    rows = await connection.execute(_QUERY.where(*where))
    kept = [name for name in Finding._fields if name != "files"]
    return [
        Finding(
            **{name: getattr(row, name) for name in kept},
            files=tuple(Photo(*photo) for photo in json.loads(row.files)),
        )
        for row in rows
    ]
