"""Honours: the entries of clauses that add points, as papers name them."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.kinds import Bonus
from rubrics.model import Rubric
from storage import entries
from storage.entries import Entry


class Honour(NamedTuple):
    """What a bonus was given for. Only the name is sure to be there."""

    name: str
    granted_by: str = ""
    level: str = ""
    number: str = ""

    def __str__(self) -> str:
        said = "，".join(part for part in (self.granted_by, self.level, self.number) if part)
        return f"{self.name}（{said}）" if said else self.name


async def of_unit_in(
    connection: AsyncConnection, unit_id: int, rubric: Rubric, until: datetime | None = None
) -> dict[str, tuple[Honour, ...]]:
    """A unit's honours by clause, in the order they happened; missing where there are none.

    Args:
        until: aware; leaves out what was registered later. What was withdrawn since is not known.
    """
    found = {}
    for criterion in rubric.criteria.values():
        if isinstance(criterion.score, Bonus) and criterion.entries is not None:
            kept = await entries.of_clause_in(connection, unit_id, rubric.id, criterion.id)
            named = tuple(_honour(entry) for entry in kept if until is None or entry.at <= until)
            if named:
                found[criterion.id] = named
    return found


def _honour(entry: Entry) -> Honour:
    return Honour(entry.name or entry.number, entry.granted_by, entry.level, entry.number if entry.name else "")
