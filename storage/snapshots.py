"""Snapshots (快照): all scorecards of a campaign as they were, numbered, with everything they rest on.

A snapshot holds the rubrics as they were in force, the three sets of facts of every unit, which version and
verdict each clause stood on, and the honours it counted. What is asked of it is answered from it alone: no later row, reading or edition of a
rubric file can change what it says.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Select, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.facts import Fact, read_json
from rubrics.model import Rubric
from storage import audit, editions, honours, scorecards, unit_facts
from storage.errors import NotFoundError, StorageError
from storage.freezing import frozen_in, refuse_frozen_in
from storage.honours import Honour
from storage.kept_facts import fact_text
from storage.scorecards import SummaryRow
from storage.tables import AuditRow, CampaignRow
from storage.tables_answers import PersonRow
from storage.tables_closing import SnapshotRow
from storage.texts import storable
from storage.unit_facts import UnitFacts

NAME_CHARACTERS = 60

_snapshot: Any = SnapshotRow.__table__  # type: ignore[attr-defined]
_campaign: Any = CampaignRow.__table__  # type: ignore[attr-defined]
_audit: Any = AuditRow.__table__  # type: ignore[attr-defined]
_person: Any = PersonRow.__table__  # type: ignore[attr-defined]


class Snapshot(NamedTuple):
    """A snapshot without its content. ``final``: 审定, the scores were frozen with it; ``person`` is empty for a command."""

    id: int
    campaign_id: int
    number: int
    name: str
    final: bool
    sha256: str
    person: str
    at: datetime

    @property
    def title(self) -> str:
        """``第 3 号快照「初评」（审定）``."""
        return f"第 {self.number} 号快照{f'「{self.name}」' if self.name else ''}{'（审定）' if self.final else ''}"


class Card(NamedTuple):
    """A unit under a rubric as it was: its stored scores, and the facts of each of the three.

    ``versions``: of the answer each clause stood on; ``verdicts``: the id of the verdict that counted; ``honours``: what
    each clause that adds points counted, None in a snapshot from before these were kept.
    """

    row: SummaryRow
    claimed: Mapping[str, Fact]
    proven: Mapping[str, Fact]
    verified: Mapping[str, Fact]
    versions: Mapping[str, int]
    verdicts: Mapping[str, int]
    honours: Mapping[str, tuple[Honour, ...]] | None


class SnapshotContent(NamedTuple):
    """What a snapshot holds: the rubrics in force then, and a card for each unit under each, in roster order."""

    snapshot: Snapshot
    campaign: str
    rubrics: tuple[Rubric, ...]
    cards: tuple[Card, ...]

    def rubric(self, rubric_id: str) -> Rubric:
        """One of the rubrics, as it was in force then.

        Raises:
            StopIteration: the snapshot has none of that id.
        """
        return next(rubric for rubric in self.rubrics if rubric.id == rubric_id)

    def card(self, unit_id: int, rubric_id: str) -> Card | None:
        """A unit under a rubric; None where it was not assessed by it then."""
        return next((c for c in self.cards if (c.row.unit_id, c.row.rubric_id) == (unit_id, rubric_id)), None)


class _Unit(msgspec.Struct, frozen=True):
    """A card as it is written; facts as their exact JSON text."""

    id: int
    name: str
    category: str
    rubric: str
    cards: tuple[str, str, str]
    answered: int
    lacking: int
    reviewed: int
    of: int
    updated_at: datetime | None
    facts: tuple[dict[str, str], dict[str, str], dict[str, str]]
    versions: dict[str, int]
    verdicts: dict[str, int]
    honours: dict[str, tuple[Honour, ...]] | None = None  # format 1 has none


class _Content(msgspec.Struct, frozen=True):
    """What a snapshot's text holds; ``format`` says how it is to be read. Rubrics as their JSON text."""

    format: int
    campaign: str
    rubrics: list[str]
    units: list[_Unit]


class _Units(msgspec.Struct, frozen=True):
    """The cards alone: for figures over time the rubrics need not be read."""

    units: list[_Unit]


_FORMAT = 2
_TAKEN = "snapshot.taken"


async def take_in(
    connection: AsyncConnection,
    at: datetime,
    actor: int | str,
    campaign_id: int,
    campaign: str,
    name: str = "",
    *,
    final: bool = False,
) -> Snapshot:
    """Take a snapshot of a campaign as this unit of work sees it.

    In a final one what is not verified counts as not done, also where a department's clauses follow from its tasks.

    Args:
        actor: a person's id, or ``cli``.
        campaign: the campaign's code.
        final: freeze the scores with it (审定).

    Raises:
        NotFoundError: no such campaign.
        FrozenError: a final one while the scores are frozen already.
    """
    if final:
        await refuse_frozen_in(connection, campaign_id)
    content = msgspec.json.encode(await _content(connection, campaign_id, campaign, final=final)).decode()
    newest = select(func.max(_snapshot.c.number)).where(_snapshot.c.campaign_id == campaign_id)
    number = ((await connection.execute(newest)).scalar() or 0) + 1
    sha256 = hashlib.sha256(content.encode()).hexdigest()
    values = {"campaign_id": campaign_id, "number": number, "final": final, "content": content, "sha256": sha256}
    words = storable(" ".join(name.split()), NAME_CHARACTERS)
    by = actor if isinstance(actor, int) else None
    await connection.execute(insert(_snapshot).values(**values, name=words, person_id=by, at=at))
    subject = {"snapshot": number, "final": final, "content_sha256": sha256}
    await audit.record(connection, at, str(actor), _TAKEN, subject, campaign_id)
    if final:
        await scorecards.follow_freezing_in(connection, at, campaign_id)
    return await find_in(connection, campaign_id, number)


async def of_campaign_in(connection: AsyncConnection, campaign_id: int) -> list[Snapshot]:
    """The snapshots of a campaign, oldest first."""
    rows = await connection.execute(_of(campaign_id).order_by(_snapshot.c.number))
    return [Snapshot(**{**row._mapping, "person": row.person or ""}) for row in rows]


async def newest_in(connection: AsyncConnection, campaign_id: int) -> Snapshot | None:
    """The newest snapshot of a campaign."""
    found = await of_campaign_in(connection, campaign_id)
    return found[-1] if found else None


async def find_in(connection: AsyncConnection, campaign_id: int, number: int) -> Snapshot:
    """A snapshot of a campaign by its number.

    Raises:
        NotFoundError: naming the numbers there are.
    """
    found = await of_campaign_in(connection, campaign_id)
    for snapshot in found:
        if snapshot.number == number:
            return snapshot
    known = "、".join(str(snapshot.number) for snapshot in found) or "还没有"
    raise NotFoundError(f"没有第 {number} 号快照，现有：{known}")


async def read_in(connection: AsyncConnection, snapshot: Snapshot) -> SnapshotContent:
    """What a snapshot holds.

    Raises:
        StorageError: its content is not what was written.
    """
    content = msgspec.json.decode(await _text(connection, snapshot), type=_Content)
    rubrics = tuple(_rubric(text) for text in content.rubrics)
    return SnapshotContent(snapshot, content.campaign, rubrics, tuple(_card(unit) for unit in content.units))


async def approved_in(connection: AsyncConnection, campaign_id: int) -> SnapshotContent | None:
    """What the snapshot holds in which the scores are frozen (审定); None while they may change. Errors as `read_in`."""
    frozen = await frozen_in(connection, campaign_id)
    if frozen is None:
        return None
    return await read_in(connection, await find_in(connection, campaign_id, frozen.number))


async def rows_in(connection: AsyncConnection, snapshot: Snapshot) -> list[SummaryRow]:
    """The stored scores of every unit in a snapshot; errors as `read_in`."""
    content = msgspec.json.decode(await _text(connection, snapshot), type=_Units)
    return [_row(unit) for unit in content.units]


async def changed_in(connection: AsyncConnection) -> list[tuple[str, int]]:
    """Snapshots whose content is not what the audit trail says was taken: the campaign's code and the number."""
    taken = select(_audit.c.campaign_id, _audit.c.subject).where(_audit.c.action == _TAKEN)
    recorded = {}
    for row in await connection.execute(taken):
        subject = json.loads(row.subject)
        recorded[row.campaign_id, subject["snapshot"]] = subject["content_sha256"]
    query = select(_snapshot.c.campaign_id, _snapshot.c.number, _snapshot.c.content, _campaign.c.code)
    query = query.join(_campaign, _campaign.c.id == _snapshot.c.campaign_id).order_by(_snapshot.c.id)
    return [
        (row.code, row.number)
        for row in await connection.execute(query)
        if hashlib.sha256(row.content.encode()).hexdigest() != recorded.get((row.campaign_id, row.number))
    ]


async def _content(connection: AsyncConnection, campaign_id: int, campaign: str, *, final: bool) -> _Content:
    rubrics = {rubric.id: rubric for rubric in await editions.of_campaign(connection, campaign_id)}
    units = []
    for row in await scorecards.summary_in(connection, campaign_id):
        rubric = rubrics[row.rubric_id]
        known = await unit_facts.of_unit(connection, row.unit_id, rubric, closed=final or None)
        given = await honours.of_unit_in(connection, row.unit_id, rubric)
        closing = final and scorecards.follows_tasks(rubric)
        units.append(_unit(scorecards.scored_as(row, rubric, known) if closing else row, known, given))
    texts = [msgspec.json.encode(rubric, order="sorted").decode() for rubric in rubrics.values()]
    return _Content(_FORMAT, campaign, texts, units)


def _unit(row: SummaryRow, known: UnitFacts, given: dict[str, tuple[Honour, ...]]) -> _Unit:
    three = (known.claimed, known.proven, known.verified)
    first, second, third = ({ident: fact_text(facts[ident]) for ident in sorted(facts)} for facts in three)
    return _Unit(
        row.unit_id,
        row.unit,
        row.category,
        row.rubric_id,
        row.cards,
        row.answered,
        row.lacking,
        row.reviewed,
        row.of,
        row.updated_at,
        (first, second, third),
        dict(known.bases.versions),
        {ident: verdict.id for ident, verdict in known.verdicts.items() if verdict.current},
        given,
    )


def _card(unit: _Unit) -> Card:
    claimed, proven, verified = ({ident: read_json(text) for ident, text in facts.items()} for facts in unit.facts)
    return Card(_row(unit), claimed, proven, verified, unit.versions, unit.verdicts, unit.honours)


def _row(unit: _Unit) -> SummaryRow:
    counts = (unit.answered, unit.lacking, unit.reviewed, unit.of)
    return SummaryRow(unit.id, unit.name, unit.category, unit.rubric, unit.cards, *counts, unit.updated_at)


@lru_cache(maxsize=16)
def _rubric(text: str) -> Rubric:
    """A rubric as it was written; the same object for the same text, so that it is compiled for scoring once."""
    return msgspec.json.decode(text, type=Rubric)


def _of(campaign_id: int) -> Select[Any]:
    names = ("id", "campaign_id", "number", "name", "final", "sha256", "at")
    columns = (*(_snapshot.c[name] for name in names), _person.c.name.label("person"))
    joined = select(*columns).join(_person, _person.c.id == _snapshot.c.person_id, isouter=True)
    return joined.where(_snapshot.c.campaign_id == campaign_id)


async def _text(connection: AsyncConnection, snapshot: Snapshot) -> str:
    query = select(_snapshot.c.content).where(_snapshot.c.id == snapshot.id)
    text: str = (await connection.execute(query)).scalar_one()
    if hashlib.sha256(text.encode()).hexdigest() != snapshot.sha256:
        raise StorageError(f"第 {snapshot.number} 号快照的内容被改过，不能再用；请从备份恢复")
    return text
