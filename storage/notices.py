"""Notices of the office (通知): to whom they went, what each unit answered, and who came to a meeting."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import audit
from storage.errors import NotFoundError, StorageError
from storage.tables import UnitRow
from storage.tables_answers import PersonRow
from storage.tables_conversation import MessageRow
from storage.tables_push import NoticeAnswerRow, NoticeRow, NoticeSentRow, NoticeUnitRow
from storage.texts import storable, to_json

TEXT_CHARACTERS = 2000
WORDS_CHARACTERS = 200
JOINED = "、"  # the names of files that came with an answer
TITLE_CHARACTERS = 30
_TITLE_FEWEST = 6  # a first clause that is shorter (各镇，) names nothing

Kind = Literal["read", "meeting", "material"]
Said = Literal["got", "come", "not", "sent"]
Delivered = Literal["nobody", "waiting", "failed", "unseen", "seen"]

_notice: Any = NoticeRow.__table__  # type: ignore[attr-defined]
_to: Any = NoticeUnitRow.__table__  # type: ignore[attr-defined]
_sent: Any = NoticeSentRow.__table__  # type: ignore[attr-defined]
_answer: Any = NoticeAnswerRow.__table__  # type: ignore[attr-defined]
_message: Any = MessageRow.__table__  # type: ignore[attr-defined]
_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]
_person: Any = PersonRow.__table__  # type: ignore[attr-defined]


class Notice(NamedTuple):
    """A notice as it went out. ``file`` is a kept file (ref, name, size_bytes); ``sheet_at``: who came is settled."""

    id: int
    campaign_id: int
    number: int
    kind: Kind
    text: str
    file: dict[str, Any] | None
    answer_by: date | None
    person_id: int
    at: datetime
    sheet_at: datetime | None

    @property
    def title(self) -> str:
        """Its first line; where that is long, as many of its clauses as fit."""
        line = self.text.strip().splitlines()[0]
        if len(line) <= TITLE_CHARACTERS:
            return line
        ends = max(line.rfind(mark, _TITLE_FEWEST, TITLE_CHARACTERS + 1) for mark in "，,。；;：:！!？?")
        return line[:ends] if ends > 0 else f"{line[: TITLE_CHARACTERS - 1]}…"


class Standing(NamedTuple):
    """How a notice stands with a unit. ``answer`` is the newest, empty while there is none; ``came`` as the office says."""

    unit_id: int
    unit: str
    category: str
    delivered: Delivered
    answer: Said | Literal[""]
    words: str
    by: str
    came: bool | None


async def add_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    campaign_id: int,
    *,
    kind: Kind,
    text: str,
    file: Mapping[str, Any] | None,
    answer_by: date | None,
    unit_ids: Sequence[int],
) -> Notice:
    """Keep a notice and to which units it is addressed; the messages are the caller's.

    Raises:
        StorageError: no text, more than is kept, or nobody to address.
    """
    words = storable(text.strip())
    if not words:
        raise StorageError("通知还没有写内容，请把通知发一遍")
    if len(words) > TEXT_CHARACTERS:
        raise StorageError(f"通知有 {len(words)} 个字，最多 {TEXT_CHARACTERS} 个字，请写短一点，全文作为文件发")
    if not unit_ids:
        raise StorageError("通知没有收的单位，请写明发给谁")
    last = select(func.coalesce(func.max(_notice.c.number), 0)).where(_notice.c.campaign_id == campaign_id)
    row = {
        "campaign_id": campaign_id,
        "number": (await connection.execute(last)).scalar_one() + 1,
        "kind": kind,
        "text": words,
        "file": None if file is None else to_json(dict(file)),
        "answer_by": answer_by,
        "person_id": person_id,
        "at": at,
    }
    added = await connection.execute(insert(_notice).values(**row))
    (ident,) = added.inserted_primary_key or (0,)
    for unit_id in dict.fromkeys(unit_ids):
        await connection.execute(insert(_to).values(notice_id=ident, unit_id=unit_id))
    subject = {"notice": ident, "units": list(unit_ids), "sha256": hashlib.sha256(words.encode()).hexdigest()}
    await audit.record(connection, at, str(person_id), "notice.sent", subject, campaign_id)
    return await find_in(connection, int(ident))


async def note_sent_in(
    connection: AsyncConnection, notice_id: int, unit_id: int, person_id: int, message_id: int
) -> None:
    """Note which message brings a notice to whom."""
    row = {"notice_id": notice_id, "unit_id": unit_id, "person_id": person_id, "message_id": message_id}
    await connection.execute(insert(_sent).values(**row))


async def find_in(
    connection: AsyncConnection, notice_id: int, *, campaign_id: int | None = None, unit_id: int | None = None
) -> Notice:
    """A notice by its id; of that campaign, or addressed to that unit, where given.

    Raises:
        NotFoundError: there is none.
    """
    query = select(_notice).where(_notice.c.id == notice_id)
    if campaign_id is not None:
        query = query.where(_notice.c.campaign_id == campaign_id)
    if unit_id is not None:
        query = query.where(_notice.c.id.in_(select(_to.c.notice_id).where(_to.c.unit_id == unit_id)))
    row = (await connection.execute(query)).first()
    if row is None:
        raise NotFoundError("没有这条通知，请从最新的消息里重新选")
    return _of(row)


async def of_campaign_in(connection: AsyncConnection, campaign_id: int) -> list[Notice]:
    """The notices of a campaign, newest first."""
    query = select(_notice).where(_notice.c.campaign_id == campaign_id).order_by(_notice.c.id.desc())
    return [_of(row) for row in await connection.execute(query)]


async def answer_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    unit_id: int,
    notice: Notice,
    answer: Said,
    words: str = "",
    *,
    anew: bool = False,
) -> None:
    """Keep what a unit answers; the newest counts, so it can be changed. What was answered already is not kept twice.

    Args:
        anew: files came with it, which makes the same words another answer.
    """
    said = storable(words.strip(), WORDS_CHARACTERS)
    newest = (
        select(_answer.c.answer, _answer.c.words)
        .where(_answer.c.notice_id == notice.id, _answer.c.unit_id == unit_id)
        .order_by(_answer.c.id.desc())
        .limit(1)
    )
    before = (await connection.execute(newest)).first()
    if before is not None and tuple(before) == (answer, said) and not anew:
        return
    row = {"notice_id": notice.id, "unit_id": unit_id, "answer": answer, "words": said}
    await connection.execute(insert(_answer).values(**row, person_id=person_id, at=at))
    subject = {"notice": notice.id, "unit": unit_id, "answer": answer}
    await audit.record(connection, at, str(person_id), "notice.answered", subject, notice.campaign_id)


async def sent_since_in(connection: AsyncConnection, notice_id: int, since: datetime) -> set[tuple[int, int]]:
    """To which unit and person a notice was said since a moment, or is to be said later."""
    at = func.coalesce(_message.c.due_at, _message.c.at)
    query = (
        select(_sent.c.unit_id, _sent.c.person_id)
        .join(_message, _message.c.id == _sent.c.message_id)
        .where(_sent.c.notice_id == notice_id, at >= bindparam("since", since, type_=_message.c.at.type))
    )
    return {(row.unit_id, row.person_id) for row in await connection.execute(query)}


async def standing_in(connection: AsyncConnection, notice_id: int) -> list[Standing]:
    """How a notice stands with each unit it is addressed to, in roster order."""
    units = (
        select(_unit.c.id, _unit.c.name, _unit.c.category, _to.c.came)
        .join(_unit, _unit.c.id == _to.c.unit_id)
        .where(_to.c.notice_id == notice_id)
        .order_by(_unit.c.position)
    )
    delivered = await _delivered(connection, notice_id)
    newest = (
        select(_answer.c.unit_id, _answer.c.answer, _answer.c.words, _person.c.name)
        .join(_person, _person.c.id == _answer.c.person_id)
        .where(_answer.c.notice_id == notice_id)
        .order_by(_answer.c.id)
    )
    said = {row.unit_id: (row.answer, row.words, row.name) for row in await connection.execute(newest)}
    return [
        Standing(
            row.id, row.name, row.category, delivered.get(row.id, "nobody"), *said.get(row.id, ("", "", "")), row.came
        )
        for row in await connection.execute(units)
    ]


async def set_came_in(
    connection: AsyncConnection, at: datetime, person_id: int, notice: Notice, absent: Collection[int]
) -> None:
    """Close the attendance sheet of a meeting: these units were absent, the others came. Said again, it is replaced."""
    mine = _to.c.notice_id == notice.id
    await connection.execute(update(_to).where(mine).values(came=True))
    await connection.execute(update(_to).where(mine, _to.c.unit_id.in_(tuple(absent))).values(came=False))
    await connection.execute(update(_notice).where(_notice.c.id == notice.id).values(sheet_at=at))
    subject = {"notice": notice.id, "absent": sorted(absent)}
    await audit.record(connection, at, str(person_id), "notice.attendance", subject, notice.campaign_id)


async def _delivered(connection: AsyncConnection, notice_id: int) -> dict[int, Delivered]:
    """How far a notice came in each unit: as far as it came with one of its people."""
    order: tuple[Delivered, ...] = ("failed", "waiting", "unseen", "seen")
    query = (
        select(_sent.c.unit_id, _message.c.channel, _message.c.outcome, _message.c.seen_at)
        .join(_message, _message.c.id == _sent.c.message_id)
        .where(_sent.c.notice_id == notice_id)
    )
    found: dict[int, Delivered] = {}
    for row in await connection.execute(query):
        state = _state(row)
        if order.index(state) >= order.index(found.get(row.unit_id, "failed")):
            found[row.unit_id] = state
    return found


def _state(row: Any) -> Delivered:
    if row.seen_at is not None:
        return "seen"
    if row.outcome is None:
        return "waiting"
    return "unseen" if row.outcome == "sent" else "failed"


def _of(row: Any) -> Notice:
    values = {field: getattr(row, field) for field in Notice._fields}
    return Notice(**{**values, "file": json.loads(row.file) if row.file else None})
