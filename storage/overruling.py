"""What a lead department may not overturn: what the office has decided, and what a unit has appealed against."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.fact_words import fact_words
from rubrics.model import Criterion
from storage.errors import StorageError
from storage.tables_review import AppealRow
from storage.verdict_basis import Standing

_appeal: Any = AppealRow.__table__  # type: ignore[attr-defined]


class OverruledError(StorageError):
    """A lead department would decide about what is the office's to decide."""


def is_the_offices(standing: Standing | None) -> bool:
    """Whether the newest verdict on a clause is the office's and nothing has changed since."""
    return standing is not None and standing.current and standing.how != "provider"


async def refuse_in(connection: AsyncConnection, criterion: Criterion, standing: Standing | None) -> None:
    """See that a lead department gives no verdict where the office has given one, or answers for an appeal.

    Raises:
        OverruledError: it would; says what stands there.
    """
    if standing is None or not standing.current:
        return
    if is_the_offices(standing):
        if standing.kind == "return":
            raise OverruledError("考核办已退回给单位，单位补了才能再核")
        said = "没填" if standing.fact is None else fact_words(criterion, standing.fact)
        raise OverruledError(f"考核办已核定为“{said}”，要改请先找考核办")
    query = select(_appeal.c.decided_at).where(_appeal.c.verdict_id == standing.id).order_by(_appeal.c.id.desc())
    appealed = (await connection.execute(query)).first()
    if appealed is not None and appealed.decided_at is None:
        raise OverruledError("单位对这一条的申诉还没答复，请等考核办答复")
    if appealed is not None:
        raise OverruledError("考核办答复申诉时已维持这一条，要改请先找考核办")
