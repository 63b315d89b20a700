"""A verdict as a row: what it says beside what the unit claimed then, kept together with its row in the audit trail."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import case, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.facts import Fact
from storage import audit
from storage.kept_facts import fact_text
from storage.tables import UnitRow
from storage.tables_answers import MembershipRow
from storage.tables_review import VerdictRow
from storage.unit_facts import UnitFacts

_verdict: Any = VerdictRow.__table__  # type: ignore[attr-defined]
_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]
_membership: Any = MembershipRow.__table__  # type: ignore[attr-defined]


def department() -> Any:
    """A column beside a verdict: the lead department that gave it, by the person's membership; empty for the office."""
    lead = _unit.alias("lead")
    theirs = (_membership.c.person_id == _verdict.c.person_id, _membership.c.campaign_id == _verdict.c.campaign_id)
    name = select(lead.c.name).join(_membership, _membership.c.unit_id == lead.c.id)
    name = name.where(*theirs, _membership.c.role == "provider").order_by(_membership.c.id.desc()).limit(1)
    given = case(
        (_verdict.c.how == "provider", func.coalesce(name.correlate(_verdict).scalar_subquery(), "")), else_=""
    )
    return given.label("department")


class Place(NamedTuple):
    """Where a verdict belongs, and whose it is."""

    campaign_id: int
    person_id: int
    unit_id: int
    rubric_id: str


def row_of(
    at: datetime,
    place: Place,
    known: UnitFacts,
    criterion_id: str,
    kind: str,
    fact: Fact | None,
    reason: str,
    how: str,
) -> dict[str, Any]:
    """The row of a verdict on a clause as it is now."""
    return {
        **place._asdict(),
        "criterion_id": criterion_id,
        "kind": kind,
        "how": how,
        "fact": _text(fact),
        "claimed": _text(known.own.get(criterion_id)),
        "reason": reason,
        "answer_version": known.bases.version(criterion_id),
        "basis": known.bases.of(criterion_id),
        "at": at,
    }


async def keep_in(connection: AsyncConnection, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Keep verdicts, each with its row in the audit trail; their ids, in that order. The caller has the scores follow."""
    if not rows:
        return []
    query = insert(_verdict).returning(_verdict.c.id, sort_by_parameter_order=True)
    ids = list((await connection.execute(query, [*rows])).scalars())
    for verdict_id, row in zip(ids, rows, strict=True):
        await _audit(connection, {"verdict": verdict_id, **row})
    return ids


def _text(fact: Fact | None) -> str | None:
    return None if fact is None else fact_text(fact)


async def _audit(connection: AsyncConnection, values: dict[str, Any]) -> None:
    subject = {
        name: values[name] for name in ("verdict", "unit_id", "rubric_id", "criterion_id", "kind", "how", "basis")
    }
    subject["reason_sha256"] = hashlib.sha256(values["reason"].encode()).hexdigest()
    await audit.record(
        connection, values["at"], str(values["person_id"]), "verdict.given", subject, values["campaign_id"]
    )
