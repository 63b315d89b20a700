"""Answers and verdicts moved to the clauses of the rubric that takes another's place (see `adoption_rows`).

A verdict is on one version of an answer and its proof. Where the clause is the same and nothing had changed since the
verdict, it is given again on the copies of both; where the clause is another, nobody has looked yet.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import audit, kept_facts, unit_facts
from storage.adoption_rows import Move
from storage.tables_answers import AnswerRow
from storage.tables_review import VerdictRow

ASK_AGAIN = "换用今年细则，这一条变了，请重新填"

_answer: Any = AnswerRow.__table__  # type: ignore[attr-defined]
_verdict: Any = VerdictRow.__table__  # type: ignore[attr-defined]


class Answered(NamedTuple):
    """Of one unit: how many answers were carried over, and the clauses (of the old rubric) whose answers were not."""

    carried: int = 0
    left: tuple[str, ...] = ()


async def move(about: Move) -> dict[int, Answered]:
    """Carry the newest answers over, by unit; under the same rubric, take those back whose clause is another now."""
    rows = [row for row in await _newest(about) if row.state != "withdrawn"]
    by_unit: dict[int, list[Any]] = {}
    for row in rows:
        by_unit.setdefault(row.unit_id, []).append(row)
    receipt = await _last_receipt(about.connection, about.campaign_id)
    found = {}
    for unit_id, of_unit in by_unit.items():
        left = tuple(row.criterion_id for row in of_unit if row.criterion_id not in about.carried)
        made = [_again(about, row) if about.in_place else _copy(about, row) for row in of_unit]
        written = [{**row, "receipt": receipt + n} for n, row in enumerate(filter(None, made), 1)]
        receipt += len(written)
        if written:
            await about.connection.execute(insert(_answer), written)
            await _audit(about, unit_id, written)
        carried = len(of_unit) - len(left) if about.in_place else len(written)
        found[unit_id] = Answered(carried, left)
    return found


async def standing_verdicts(about: Move) -> Sequence[Any]:
    """The newest verdict of each clause that still holds; to be asked before anything is moved."""
    later = _verdict.alias("later")
    same = (later.c[name] == _verdict.c[name] for name in ("unit_id", "rubric_id", "criterion_id"))
    newest = ~select(later.c.id).where(*same, later.c.id > _verdict.c.id).exists()
    of = (_verdict.c.campaign_id == about.campaign_id, _verdict.c.rubric_id == about.old.id, _verdict.c.kind != "open")
    rows = (await about.connection.execute(select(_verdict).where(*of, newest).order_by(_verdict.c.id))).all()
    found = []
    for row in rows:
        known = await unit_facts.of_unit(about.connection, row.unit_id, about.old)
        if row.basis == known.bases.of(row.criterion_id):
            found.append(row)
    return found


async def move_verdicts(about: Move, standing: Iterable[Any]) -> None:
    """Give the verdicts that held again, each on what its clause rests on now; what was another clause is open again."""
    for row in standing:
        if about.in_place:
            if row.criterion_id not in about.carried:
                await _insert(about, row, kind="open", fact=None, reason="", at=about.at, told_at=about.at)
            continue
        new = about.goes_to(row)
        if new is not None:
            bases = (await unit_facts.of_unit(about.connection, row.unit_id, about.new)).bases
            rests_on = {"answer_version": bases.version(new.id), "basis": bases.of(new.id)}
            await _insert(about, row, rubric_id=about.new.id, criterion_id=new.id, **rests_on)
    if not about.in_place:  # what a unit has still to hear of, it hears of the clause that counts
        old = (_verdict.c.campaign_id == about.campaign_id, _verdict.c.rubric_id == about.old.id)
        unsaid = update(_verdict).where(*old, _verdict.c.told_at.is_(None))
        await about.connection.execute(unsaid.values(told_at=about.at))


async def _insert(about: Move, row: Any, **changes: Any) -> None:
    values = {**row._mapping, **changes}
    del values["id"]
    await about.connection.execute(insert(_verdict).values(**values))


async def _newest(about: Move) -> Sequence[Any]:
    of = (_answer.c.campaign_id == about.campaign_id, _answer.c.rubric_id == about.old.id)
    found: Sequence[Any] = (await about.connection.execute(kept_facts.NEWEST.where(*of))).all()
    return found


def _copy(about: Move, row: Any) -> dict[str, Any] | None:
    new = about.goes_to(row)
    return _values(row, rubric_id=about.new.id, criterion_id=new.id, version=1) if new else None


def _again(about: Move, row: Any) -> dict[str, Any] | None:
    """The version that takes an answer back because its clause asks for something else now."""
    if row.criterion_id in about.carried:
        return None
    ended = {"state": "withdrawn", "fact": None, "note": ASK_AGAIN, "said": "", "message_id": None, "at": about.at}
    return _values(row, version=row.version + 1, person_id=about.person_id or row.person_id, **ended)


def _values(row: Any, **changes: Any) -> dict[str, Any]:
    return {**{column.name: row._mapping[column.name] for column in _answer.c if column.name != "id"}, **changes}


async def _last_receipt(connection: AsyncConnection, campaign_id: int) -> int:
    last = select(func.max(_answer.c.receipt)).where(_answer.c.campaign_id == campaign_id)
    return int((await connection.execute(last)).scalar() or 0)


async def _audit(about: Move, unit_id: int, written: Sequence[dict[str, Any]]) -> None:
    """One row a unit; the hash is over all its answers as they stand now."""
    names = ("criterion_id", "version", "receipt", "state", "fact", "note", "said")
    content = audit.canonical([[row[name] for name in names] for row in written])
    subject = {"unit": unit_id, "from": about.old.id, "rubric": about.new.id, "answers": len(written)}
    subject["sha256"] = hashlib.sha256(content.encode()).hexdigest()
    who = "cli" if about.person_id is None else str(about.person_id)
    await audit.record(about.connection, about.at, who, "answers.carried", subject, about.campaign_id)
