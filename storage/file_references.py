"""Which rows refer to kept files, and in what words a person is told so: evidence, and everything beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import CampaignRow, UnitRow
from storage.tables_closing import ClauseLinkRow, LateAnswerRow, RectificationRow
from storage.tables_conversation import InboxRow, MessageRow
from storage.tables_evidence import EvidenceRow
from storage.tables_ledger import SubmissionRow
from storage.tables_push import ClueRow, NoticeRow
from storage.tables_review import FindingRow

_campaign: Any = CampaignRow.__table__  # type: ignore[attr-defined]
_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]
_evidence: Any = EvidenceRow.__table__  # type: ignore[attr-defined]
_submission: Any = SubmissionRow.__table__  # type: ignore[attr-defined]
_finding: Any = FindingRow.__table__  # type: ignore[attr-defined]
_clue: Any = ClueRow.__table__  # type: ignore[attr-defined]
_notice: Any = NoticeRow.__table__  # type: ignore[attr-defined]
_message: Any = MessageRow.__table__  # type: ignore[attr-defined]
_inbox: Any = InboxRow.__table__  # type: ignore[attr-defined]

_SERVING: tuple[tuple[Any, str], ...] = (
    (LateAnswerRow.__table__, "补报"),  # type: ignore[attr-defined]
    (RectificationRow.__table__, "整改"),  # type: ignore[attr-defined]
    (ClauseLinkRow.__table__, "转同事"),  # type: ignore[attr-defined]
)


class Reference(NamedTuple):
    """That something has a file: its sha256, what has it as a person is told, and the row of evidence if it is one."""

    ref: str
    of: str
    evidence_id: int | None = None


class Broken(NamedTuple):
    """A file that is not what a row says, and why."""

    file: Reference
    why: str


async def kept_in(connection: AsyncConnection) -> list[Reference]:
    """All that is kept for its own sake: evidence, photos of findings, attachments of clues and notices, sheets to sign.

    Evidence that was withdrawn is among it, erased evidence is not.
    """
    found = await evidence_in(connection, _evidence.c.erased_at.is_(None))
    for query, words in ((_findings(), _of_finding), (_clues(), _of_clue), (_notices(), _of_notice)):
        for row in await connection.execute(query):
            found += words(row)
    for row in await connection.execute(_sheets()):
        found.append(Reference(row.sheet_ref, f"{row.unit}自评 {row.code}-S{row.number:03} 待签字的页"))
    return found


async def evidence_in(connection: AsyncConnection, *where: Any) -> list[Reference]:
    """Rows of evidence in their order, with what they serve where that is no clause."""
    serving = await _serving(connection)
    columns = (_evidence.c.id, _evidence.c.sha256, _evidence.c.name, _unit.c.name.label("unit"))
    query = select(*columns).join(_unit, _unit.c.id == _evidence.c.unit_id).where(*where).order_by(_evidence.c.id)
    found = []
    for row in await connection.execute(query):
        serves = f"（{serving[row.id]}）" if row.id in serving else ""
        found.append(Reference(row.sha256, f"第 {row.id} 份材料，{row.unit}《{row.name}》{serves}", row.id))
    return found


async def said_in(connection: AsyncConnection) -> list[Reference]:
    """All that was only sent or received: files of messages, and of events that are not handled yet or never were."""
    query = select(_message.c.id, _message.c.file).where(_message.c.file.is_not(None)).order_by(_message.c.id)
    found: list[Reference] = []
    for row in await connection.execute(query):
        found += _of_files((json.loads(row.file),), f"第 {row.id} 条消息的文件")
    query = select(_inbox.c.id, _inbox.c.raw).where(_inbox.c.raw.contains('"files"')).order_by(_inbox.c.id)
    for row in await connection.execute(query):
        files = json.loads(row.raw).get("files", ())
        found += _of_files((file for file in files if "ref" in file), f"收件箱第 {row.id} 条的文件")
    return found


async def is_held_in(connection: AsyncConnection, ref: str) -> bool:
    """Whether the office or a clue has these bytes: a finding, a notice, a sheet to sign."""
    places = (_finding.c.files, _clue.c.files, _notice.c.file)
    queries = [select(place).where(place.contains(ref)).limit(1) for place in places]
    queries.append(select(_submission.c.id).where(_submission.c.sheet_ref == ref).limit(1))
    return any([(await connection.execute(query)).first() is not None for query in queries])


async def is_known_in(connection: AsyncConnection, ref: str) -> bool:
    """Whether any row refers to these bytes but those of what was erased: who has them not may delete them."""
    kept = select(_evidence.c.id).where(_evidence.c.sha256 == ref, _evidence.c.erased_at.is_(None)).limit(1)
    said = select(_message.c.id).where(_message.c.file.contains(ref)).limit(1)
    rows = [(await connection.execute(query)).first() for query in (kept, said)]
    return any(rows) or await is_held_in(connection, ref)


async def _serving(connection: AsyncConnection) -> dict[int, str]:
    """What evidence serves beside clauses, by its id."""
    signed = select(_submission.c.signed_id).where(_submission.c.signed_id.is_not(None))
    found = {ident: "自评签字页" for (ident,) in await connection.execute(signed)}
    for table, words in _SERVING:
        for (files,) in await connection.execute(select(table.c.files)):
            found.update(dict.fromkeys(json.loads(files), words))
    return found


def _of_unit(table: Any, *columns: Any) -> Select[Any]:
    names = (_unit.c.name.label("unit"), _campaign.c.code)
    query = select(*columns, *names).join(_unit, _unit.c.id == table.c.unit_id)
    return query.join(_campaign, _campaign.c.id == _unit.c.campaign_id).order_by(table.c.id)


def _findings() -> Select[Any]:
    return _of_unit(_finding, _finding.c.criterion_id, _finding.c.files)


def _of_finding(row: Any) -> Iterator[Reference]:
    files = ({"ref": ref, "name": name} for ref, name, *_ in json.loads(row.files))
    return _of_files(files, f"{row.unit} {row.criterion_id} 实地核查的照片")


def _clues() -> Select[Any]:
    return _of_unit(_clue, _clue.c.number, _clue.c.files)


def _of_clue(row: Any) -> Iterator[Reference]:
    return _of_files(json.loads(row.files), f"线索{row.code}-{row.number:04} 的附件")


def _notices() -> Select[Any]:
    query = select(_notice.c.number, _notice.c.file, _campaign.c.code)
    query = query.join(_campaign, _campaign.c.id == _notice.c.campaign_id)
    return query.where(_notice.c.file.is_not(None)).order_by(_notice.c.id)


def _of_notice(row: Any) -> Iterator[Reference]:
    return _of_files((json.loads(row.file),), f"考核 {row.code} 第 {row.number} 号通知的附件")


def _sheets() -> Select[Any]:
    return _of_unit(_submission, _submission.c.number, _submission.c.sheet_ref)


def _of_files(files: Iterable[Mapping[str, Any]], of: str) -> Iterator[Reference]:
    return (Reference(file["ref"], f"{of}《{file['name']}》") for file in files)
