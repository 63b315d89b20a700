"""The files units sent in answer to a notice: they are among their evidence, told by when they came and what they are called."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.evidence import Evidence
from storage.notices import JOINED
from storage.tables_evidence import EvidenceRow
from storage.tables_push import NoticeAnswerRow

_evidence: Any = EvidenceRow.__table__  # type: ignore[attr-defined]
_answer: Any = NoticeAnswerRow.__table__  # type: ignore[attr-defined]


async def of_notice_in(
    connection: AsyncConnection, notice_id: int, unit_ids: Iterable[int] = ()
) -> dict[int, list[Evidence]]:
    """By unit the files that came with its answers to a notice, oldest first; without what was withdrawn or erased since.

    Args:
        unit_ids: only these units'; all where empty.
    """
    sent = (_answer.c.notice_id == notice_id, _answer.c.answer == "sent", _answer.c.words != "")
    wanted = tuple(unit_ids)
    only = (_answer.c.unit_id.in_(wanted),) if wanted else ()
    answers = (await connection.execute(select(_answer).where(*sent, *only).order_by(_answer.c.id))).all()
    held = await _held(connection, {row.unit_id for row in answers})
    found: dict[int, dict[int, Evidence]] = defaultdict(dict)
    for row in answers:
        found[row.unit_id].update({one.id: one for one in _of_answer(row, held[row.unit_id])})
    return {unit_id: [files[ident] for ident in sorted(files)] for unit_id, files in found.items() if files}


async def _held(connection: AsyncConnection, unit_ids: Iterable[int]) -> dict[int, list[Evidence]]:
    query = (
        select(_evidence)
        .where(_evidence.c.unit_id.in_(tuple(unit_ids)))
        .where(_evidence.c.withdrawn_at.is_(None), _evidence.c.erased_at.is_(None))
        .order_by(_evidence.c.id)
    )
    held: dict[int, list[Evidence]] = defaultdict(list)
    for row in await connection.execute(query):
        held[row.unit_id].append(Evidence(*row))
    return held


def _of_answer(answer: Any, held: list[Evidence]) -> list[Evidence]:
    """The files of an answer: those that came with it, and those the unit had sent before, by their names."""
    came = [one for one in held if (one.person_id, one.received_at) == (answer.person_id, answer.at)]
    names = set(answer.words.split(JOINED)) - {one.name for one in came}
    known = {one.name: one for one in held if one.name in names and one.received_at < answer.at}  # the newest of a name
    return [*came, *known.values()]
