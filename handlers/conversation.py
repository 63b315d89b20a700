"""The conversation: each event becomes one turn, one unit of work, and always at least one reply."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from channels.port import Event, Reply
from handlers import guidance
from handlers.dead_letters import give_up
from handlers.free_text import which_campaign, whose
from handlers.routes import route
from handlers.texts import renderer
from handlers.turn import Pending, Turn
from storage import conversation, dialogues, inbox, standing_in
from storage.clock import Clock
from storage.database import Database, may_pass
from storage.file_text import TextReader
from storage.files import FileStore, classified_word
from storage.texts import storable

log = logging.getLogger(__name__)

Result = TypeVar("Result")

WAIT_SECONDS = (0, 0.1, 1, 5, 30)
"""How long a turn waits for a database that cannot be written; from then on each time the last."""


MOST_CHARACTERS = 10_000
"""More than any channel takes in one message is not read: looking for clauses in megabytes would hold up everybody."""

_SHOWN = 200  # characters of it stay in the transcript


class Conversation:
    """Receives the events of every channel."""

    def __init__(
        self,
        database: Database,
        files: FileStore,
        clock: Clock,
        zone: ZoneInfo,
        said: Callable[[], None],
        *,
        home: Callable[[], str] = str,
        reader: TextReader | None = None,
    ) -> None:
        """Nothing is opened.

        Args:
            files: where a channel has put the bytes of an event's files.
            said: told after each turn that the outbox has something to send.
            home: gives the address of the web page, empty where it is not known.
            reader: reads what is inside files, so that clauses can be proposed; closed by who made it.
        """
        self._database, self._files, self._clock, self._said = database, files, clock, said
        self._render, self._zone = renderer(zone), zone
        self._home, self._reader = home, reader

    async def receive(self, event: Event) -> None:
        """Handle an event and answer it, with an apology where handling fails `inbox.MOST_TRIES` times.

        A turn that fails leaves nothing. It is tried again in place, so that the person's next event does not
        overtake it, and without a pause: what came between has passed, and a fault of ours does not pass by waiting.
        """
        characters = len(event.text)
        event = _storable(_short(event))
        handle = partial(guidance.too_long, characters=characters) if _is_too_long(event, characters) else route
        for tries in itertools.count(1):
            try:
                await self._handle(event, handle)
                break
            except Exception as error:
                log.warning("event %s of %s failed, try %s", event.id, event.channel, tries, exc_info=True)
                if await _once_writable(partial(self._failed, event, error, tries)):
                    break
        self._said()

    async def _handle(self, event: Event, handle: Callable[[Turn], Awaitable[None]]) -> None:
        """One turn; where it needs slow work, that is done while nothing is held, and the turn taken again with it."""
        while True:
            try:
                await _once_writable(partial(self._turn, event, handle))
                return
            except _Prepare as prepare:
                handle = partial(_with, prepare.pending.then, await prepare.pending.work())

    async def _turn(self, event: Event, handle: Callable[[Turn], Awaitable[None]]) -> None:
        async with self._database.write() as connection:
            now = self._clock()
            if not await inbox.begin_in(connection, now, event.channel, event.id):
                return  # done before: a redelivery after a crash
            await inbox.end_in(connection, now, event.channel, event.parts)
            await self._answer(connection, now, event, handle)

    async def _failed(self, event: Event, error: Exception, tries: int) -> bool:
        """Count a failed try; True where it was the last: the event is a dead letter, and that is said."""
        reference = hashlib.sha256(f"{event.channel} {event.id}".encode()).hexdigest()[:8]
        why = f"{reference} {type(error).__name__}: {error}"
        async with self._database.write() as connection:
            now = self._clock()
            kept = await inbox.find_in(connection, event.channel, event.id)
            last = await inbox.failed_in(connection, now, kept.id, why) if kept else tries >= inbox.MOST_TRIES
            if last:
                log.error("event %s of %s was given up, reference %s", event.id, event.channel, reference)
                await inbox.end_in(connection, now, event.channel, event.parts, why)
                await self._answer(connection, now, event, partial(give_up, reference=reference))
        return last

    async def _answer(
        self, connection: AsyncConnection, now: datetime, event: Event, handle: Callable[[Turn], Awaitable[None]]
    ) -> None:
        await self._hear(connection, now, event)
        today = now.astimezone(self._zone).date()
        known = await standing_in.memberships_in(connection, event.channel, event.address, today)
        state = await dialogues.state_in(connection, event.channel, event.address)
        turn = Turn(
            event, now, connection, known, state, self._render, self._files, self._zone, self._home(), self._reader
        )
        turn.years, turn.desk_years = await whose.years(turn), await which_campaign.open_years(turn)
        await handle(turn)
        if turn.pending:
            raise _Prepare(turn.pending)
        for reply in turn.replies:
            await conversation.say(connection, now, event.channel, event.address, *_spoken(reply))
        if turn.replies:
            turn.state["labels"] = {o.label: o.key for reply in turn.replies for o in reply.options}
        await dialogues.set_state(connection, now, event.channel, event.address, turn.state)

    async def _hear(self, connection: AsyncConnection, now: datetime, event: Event) -> None:
        """Keep what the person said; of what is marked as secret only that it was not kept."""
        about = (connection, now, event.channel, event.address)
        if classified_word(event.text):
            await conversation.heard(*about, self._render("not-kept").strip())
            return
        if event.text and not event.option:
            await conversation.heard(*about, event.text)
        for file in event.files:
            await conversation.heard(*about, "", file._asdict())


async def _once_writable(work: Callable[[], Awaitable[Result]]) -> Result:
    """Do a unit of work, waiting while the database cannot be written.

    This is no fault of the event and not counted, and it has no end: to give up, an apology would have to be written.
    """
    waits = itertools.chain(WAIT_SECONDS, itertools.repeat(WAIT_SECONDS[-1]))
    while True:
        try:
            return await work()
        except Exception as error:
            if not may_pass(error):
                raise
            seconds = next(waits)
            log.warning("the database cannot be written, trying again in %s s: %s", seconds, error)
        await asyncio.sleep(seconds)


def _short(event: Event) -> Event:
    """The event with no more of its words than can be read."""
    return event if len(event.text) <= MOST_CHARACTERS else event._replace(text=event.text[:_SHOWN] + "…")


def _is_too_long(event: Event, characters: int) -> bool:
    """Whether words alone came and were cut; files are taken whatever is written beneath them."""
    return characters > MOST_CHARACTERS and not event.files


def _storable(event: Event) -> Event:
    """The event without what UTF-8 cannot say, which no handler expects and no table takes."""
    option = None if event.option is None else storable(event.option)
    return event._replace(
        id=storable(event.id), address=storable(event.address), text=storable(event.text), option=option
    )


class _Prepare(Exception):  # noqa: N818 - not an error: it undoes the unit of work that only found out what to do
    def __init__(self, pending: Pending) -> None:
        self.pending = pending


async def _with(then: Callable[[Turn, Any], Awaitable[None]], result: Any, turn: Turn) -> None:
    await then(turn, result)


def _spoken(reply: Reply) -> tuple[str, list[tuple[str, str]], dict[str, Any] | None]:
    """A reply as the outbox keeps it."""
    file = {**reply.file._asdict(), "as_picture": reply.as_picture} if reply.file else None
    return reply.text, [(option.key, option.label) for option in reply.options], file
