"""Proof named by its 文号 and entries (台账) that come after the lock: kept as they were read, added once granted."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.model import Rubric
from storage import entries, proof_notes


class Named(NamedTuple):
    """What was named. ``words`` are those of `proof_notes.add_in` or `entries.add_in`, a day as an ISO date."""

    source: Literal["note", "entry"]
    words: Mapping[str, Any]

    @property
    def called(self) -> str:
        """As a person reads it: day, title or name, 文号."""
        title = self.words.get("title") or self.words.get("name") or ""
        return " ".join(str(part) for part in (self.words.get("happened_on"), title, self.words.get("number")) if part)


def text_of(named: Sequence[Named]) -> str:
    """As the database keeps them."""
    return json.dumps([[one.source, dict(one.words)] for one in named], ensure_ascii=False)


def read(text: str) -> tuple[Named, ...]:
    """From what `text_of` gave."""
    return tuple(Named(source, words) for source, words in json.loads(text))


async def add_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    unit_id: int,
    rubric: Rubric,
    criterion_id: str,
    named: Named,
) -> None:
    """Add it to the clause, in the name of who sent it.

    Raises:
        NotFoundError, StorageError: as `proof_notes.add_in` and `entries.add_in`.
    """
    about = (connection, at, person_id, unit_id, rubric, criterion_id)
    if named.source == "note":
        await proof_notes.add_in(*about, **named.words)
    else:
        day = named.words["happened_on"]
        words = {**named.words, "happened_on": date.fromisoformat(day) if day else None}
        await entries.add_in(*about, **words, another=True)  # it was granted as one of its own
