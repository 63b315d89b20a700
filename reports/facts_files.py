"""数据: what units reported, as the facts `kaoping score` reads, a JSON file a unit and rubric."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from reports.pack_names import name_among
from rubrics.facts import Fact
from rubrics.figures import exact_number
from storage import editions, scorecards, unit_facts


async def facts_files(
    connection: AsyncConnection, campaign_id: int, unit_id: int | None = None, rubric_id: str | None = None
) -> dict[str, bytes]:
    """The files by their names, of all units or of one, of all rubrics or of one; figures are exact.

    Raises:
        NotFoundError: no such campaign.
    """
    rubrics = {rubric.id: rubric for rubric in await editions.of_campaign(connection, campaign_id)}
    found: dict[str, bytes] = {}
    for row in await scorecards.summary_in(connection, campaign_id, unit_id):
        if rubric_id not in (None, row.rubric_id):
            continue
        known = await unit_facts.of_unit(connection, row.unit_id, rubrics[row.rubric_id])
        facts = {ident: _plain(fact) for ident, fact in known.claimed.items()}
        text = json.dumps(facts, ensure_ascii=False, indent=1)
        found[name_among(row.unit, f"{row.rubric_id}.json", found)] = f"{text}\n".encode()
    return found


def _plain(fact: Fact) -> Any:
    if isinstance(fact, bool | str):
        return fact
    if isinstance(fact, dict):
        return {key: _plain(part) for key, part in fact.items()}
    return exact_number(fact)  # type: ignore[arg-type]
