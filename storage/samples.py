"""抽查: a random sample of the clauses nothing is odd about, with its seed, so that anybody can draw it again.

Who is in it is looked at; the others are passed only once that has gone well, each on the version it had at the draw.
"""

from __future__ import annotations

import json
import math
import random
import secrets
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import audit
from storage.errors import NotFoundError, StorageError
from storage.review_queue import Clause
from storage.tables_review import SampleRow

_sample: Any = SampleRow.__table__  # type: ignore[attr-defined]


class Drawn(NamedTuple):
    """A clause that could be drawn, with the basis it had then (see `storage.verdicts`)."""

    clause: Clause
    basis: str


class Sample(NamedTuple):
    """A sample as it was drawn; ``chosen`` is a part of ``population``, in its order."""

    id: int
    campaign_id: int
    seed: str
    population: tuple[Drawn, ...]
    chosen: tuple[Drawn, ...]
    person_id: int
    at: datetime

    @property
    def others(self) -> tuple[Drawn, ...]:
        """Who was not drawn."""
        chosen = set(self.chosen)
        return tuple(one for one in self.population if one not in chosen)


def size_of(population: int, share: Decimal) -> int:
    """How many a share is, rounded up."""
    return math.ceil(population * share)


def draw(seed: str, population: Sequence[Drawn], number: int) -> tuple[Drawn, ...]:
    """The same clauses for the same seed and population, in whatever order that comes."""
    ordered = sorted(population)
    chosen = set(random.Random(seed).sample(ordered, number))  # noqa: S311 - to be drawn again, not to be secret
    return tuple(one for one in ordered if one in chosen)


async def draw_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    campaign_id: int,
    population: Sequence[Drawn],
    number: int,
) -> Sample:
    """Draw from a population and record how.

    Args:
        number: how many; at most all of them, at least one.

    Raises:
        StorageError: there is nothing to draw from.
    """
    if not population:
        raise StorageError("没有可以抽查的条目：材料齐、没有退回过的才抽，请先逐条核查")
    ordered, seed = tuple(sorted(population)), secrets.token_hex(8)
    chosen = draw(seed, ordered, min(max(number, 1), len(ordered)))
    values = {"campaign_id": campaign_id, "seed": seed, "population": _text(ordered), "chosen": _text(chosen)}
    query = insert(_sample).values(**values, person_id=person_id, at=at).returning(_sample.c.id)
    sample_id: int = (await connection.execute(query)).scalar_one()
    subject = {"sample": sample_id, "seed": seed, "population": len(ordered), "chosen": len(chosen)}
    await audit.record(connection, at, str(person_id), "sample.drawn", subject, campaign_id)
    return Sample(sample_id, campaign_id, seed, ordered, chosen, person_id, at)


async def find_in(connection: AsyncConnection, campaign_id: int, sample_id: int) -> Sample:
    """A sample of a campaign.

    Raises:
        NotFoundError: the campaign has no such sample.
    """
    found = await _all(connection, _sample.c.campaign_id == campaign_id, _sample.c.id == sample_id)
    if not found:
        raise NotFoundError("没有找到这次抽查，请发 核查 重新抽")
    return found[0]


async def newest_in(connection: AsyncConnection, campaign_id: int) -> Sample | None:
    """The sample a campaign drew last."""
    found = await _all(connection, _sample.c.campaign_id == campaign_id)
    return found[-1] if found else None


async def _all(connection: AsyncConnection, *where: Any) -> list[Sample]:
    rows = await connection.execute(select(_sample).where(*where).order_by(_sample.c.id))
    return [Sample(r.id, r.campaign_id, r.seed, _read(r.population), _read(r.chosen), r.person_id, r.at) for r in rows]


def _text(drawn: Sequence[Drawn]) -> str:
    return json.dumps([[*one.clause, one.basis] for one in drawn])


def _read(text: str) -> tuple[Drawn, ...]:
    return tuple(Drawn((unit, rubric, criterion), basis) for unit, rubric, criterion, basis in json.loads(text))
