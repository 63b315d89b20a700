"""What somebody sees who opens a link for one clause, and what becomes of what they send."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.model import Criterion
from storage import campaigns, clause_links, editions
from storage.clause_links import Link, LinkError, Sent, UsedError
from storage.clock import Clock
from storage.database import Database
from storage.errors import NotFoundError, StorageError
from storage.files import FileStore, classified_word

Tell = Callable[[AsyncConnection, Link], Awaitable[None]]
"""Tells who passed the question on, in the unit of work that keeps the answer."""

CLASSIFIED = "内容里有「{word}」：涉密内容请不要发到这里，系统没有保存，请线下告诉发给您的同事"


class Received(Protocol):
    """A file as the page hands it over."""

    @property
    def ref(self) -> str:
        """As the file store gave it."""

    @property
    def name(self) -> str:
        """As the sender wrote it."""

    @property
    def size_bytes(self) -> int:
        """Its size."""


class ColleaguePages:
    """Fulfils `channels.port.Colleagues`."""

    def __init__(
        self,
        database: Database,
        files: FileStore,
        clock: Clock,
        zone: ZoneInfo,
        tell: Tell,
        said: Callable[[], None],
    ) -> None:
        """Nothing is opened.

        Args:
            said: told after each answer that the outbox has something to send.
        """
        self._database, self._files, self._clock, self._zone = database, files, clock, zone
        self._tell, self._said = tell, said

    async def question(self, code: str) -> dict[str, Any]:
        """What the link asks; nothing of the unit's answers or files."""
        try:
            async with self._database.read() as connection:
                link = await clause_links.open_in(connection, self._clock(), self._today(), code)
                return await self._shown(connection, link)
        except NotFoundError as error:
            return {"refused": str(error), "state": "unknown"}
        except UsedError as error:
            return {"refused": str(error), "state": "used"}
        except StorageError as error:
            return {"refused": str(error), "state": "closed"}

    async def answer(self, code: str, name: str, said: str, files: Sequence[Received]) -> str:
        """Keep what was sent; what is marked as secret is not kept."""
        if word := classified_word(f"{name}\n{said}"):
            return CLASSIFIED.format(word=word)
        try:
            sent = [Sent(file.ref, file.name, file.size_bytes, *await self._files.type_of(file.ref)) for file in files]
            async with self._database.write() as connection:
                about = (connection, self._clock(), self._today(), code)
                link, new = await clause_links.answer_in(*about, name, said, sent)
                if new:
                    await self._tell(connection, link)
        except (StorageError, NotFoundError) as error:
            return str(error)
        self._said()
        return ""

    def _today(self) -> date:
        return self._clock().astimezone(self._zone).date()

    async def _shown(self, connection: AsyncConnection, link: Link) -> dict[str, Any]:
        units = await campaigns.units_in(connection, link.campaign_id)
        criterion = await clause_of(connection, link)
        ends = link.expires_at.astimezone(self._zone)
        return {
            "unit": next(unit.name for unit in units if unit.id == link.unit_id),
            "label": criterion.label,
            "questions": [criterion.ask, *(measure.ask for measure in criterion.measures)],
            "proof": [] if criterion.proof == "none" else list(criterion.proof.parts),
            "until": f"{ends.month}月{ends.day}日 {ends:%H:%M}",
        }


async def clause_of(connection: AsyncConnection, link: Link) -> Criterion:
    """The clause a link is about, as it is in force.

    Raises:
        LinkError: the campaign's rubric has it no more.
    """
    for rubric in await editions.of_campaign(connection, link.campaign_id):
        if rubric.id == link.rubric_id and link.criterion_id in rubric.criteria:
            return rubric.criteria[link.criterion_id]
    raise LinkError("这次考核的细则里已经没有这一条，请联系发给您的同事")
