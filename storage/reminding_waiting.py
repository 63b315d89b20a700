"""What is said to liaisons and not sent yet, as of a moment: digests, the office's pushes, notices."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables_answers import PersonRow
from storage.tables_conversation import MessageRow
from storage.tables_push import NoticeRow, NoticeSentRow
from storage.tables_reminding import ReminderSaidRow

Kind = Literal["digest", "push", "notice"]

_message: Any = MessageRow.__table__  # type: ignore[attr-defined]
_said: Any = ReminderSaidRow.__table__  # type: ignore[attr-defined]
_sent: Any = NoticeSentRow.__table__  # type: ignore[attr-defined]
_notice: Any = NoticeRow.__table__  # type: ignore[attr-defined]
_person: Any = PersonRow.__table__  # type: ignore[attr-defined]


class Waiting(NamedTuple):
    """A message on its way to a person. ``due_at``: not to be sent before; ``why``: why it waits, where sending failed."""

    kind: Kind
    person: str
    text: str
    due_at: datetime
    why: str


async def waiting_in(connection: AsyncConnection, campaign_id: int, at: datetime) -> list[Waiting]:
    """What was said up to a moment and was not sent by then, what goes first on top; what ended unsent is left out."""
    open_then = (_message.c.at <= at, or_(_message.c.outcome.is_(None), _message.c.sent_at > at))
    digests = (
        _columns(_said.c.key)
        .join(_said, _said.c.message_id == _message.c.id)
        .join(_person, _person.c.id == _said.c.person_id)
        .where(_said.c.campaign_id == campaign_id, *open_then)
    )
    notices = (
        _columns(_notice.c.number)
        .join(_sent, _sent.c.message_id == _message.c.id)
        .join(_notice, _notice.c.id == _sent.c.notice_id)
        .join(_person, _person.c.id == _sent.c.person_id)
        .where(_notice.c.campaign_id == campaign_id, *open_then)
    )
    found = [
        *(_of(row, "push" if row.about.startswith("push:") else "digest") for row in await connection.execute(digests)),
        *(_of(row, "notice") for row in await connection.execute(notices)),
    ]
    return sorted(found, key=lambda one: one.due_at)


def _columns(about: Any) -> Select[Any]:
    message = (_message.c.text, _message.c.at, _message.c.due_at, _message.c.why)
    return select(_person.c.name, about.label("about"), *message).order_by(_message.c.id)


def _of(row: Any, kind: Kind) -> Waiting:
    return Waiting(kind, row.name, row.text, row.due_at or row.at, row.why)
