"""What the page can answer without: the conversation, what is said unasked, and what becomes of links for one clause.

Its imports are more than half of the bot's, so they are made beside the loop, once the page is there.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from handlers.answering import colleague
from handlers.conversation import Conversation
from handlers.free_text import matchers
from handlers.people import handing_over_day
from handlers.review import reviewing_news
from handlers.sending import weekly
from handlers.status import status_line
from reminders.runner import RETURNS_EVERY, WAKE_EVERY, WEEK_EVERY, Runner
from reminders.saying import Reminders
from storage import file_dates, file_figures
from storage.clock import Clock
from storage.colleague_pages import ColleaguePages
from storage.database import Database
from storage.erasing import clean
from storage.file_text import TextReader
from storage.files import FileStore


class Around(NamedTuple):
    """What the bot talks about, and where it says so."""

    database: Database
    files: FileStore
    clock: Clock
    zone: ZoneInfo
    reader: TextReader
    home: Callable[[], str]
    said: Callable[[], None]


class Talking:
    """The conversation, the reminders and their jobs, on one database."""

    def __init__(self, around: Around, plan_every: timedelta) -> None:
        """Nothing is opened."""
        self._around = around
        database, files, clock, zone, reader, home, said = around
        self.conversation = Conversation(database, files, clock, zone, said, reader=reader, home=home)
        self.colleagues = ColleaguePages(database, files, clock, zone, colleague.teller(clock, zone), said)
        self.reminders = Reminders(database, clock, zone, said)
        self._runner = Runner(
            {
                "plan": (self.reminders.tick, plan_every),
                "wake": (self._look, WAKE_EVERY),
                "handover": (self._hand_over, WAKE_EVERY),
                "returns": (self._returns, RETURNS_EVERY),
                "inside": (self._look_inside, WAKE_EVERY),
                "erase": (partial(clean, database, files, clock), WAKE_EVERY),
                "week": (self._week, WEEK_EVERY),
            }
        )

    async def run(self) -> None:
        """Run the jobs until cancelled, with what free text needs built before, so that nobody waits for it."""
        await matchers.warm(self._around.database)
        gc.freeze()  # what it built stays: looking at it for garbage would hold everybody up
        await self._runner.run()

    async def status(self, channel: str, address: str) -> str:
        """The line on top of a page."""
        return await status_line(self._around.database, channel, address, self._around.clock(), self._around.zone)

    async def _look(self) -> None:
        """Have the outbox looked at, whatever was missed."""
        self._around.said()

    async def _hand_over(self) -> None:
        """Carry out the handovers whose day has come; also the office that was only warned is told at once."""
        await handing_over_day.tick(self._around.database, self._around.clock(), self._around.zone)
        self._around.said()

    async def _returns(self) -> None:
        """Tell units what was sent back half an hour ago and not told yet."""
        if await reviewing_news.tick(self._around.database, self._around.clock(), self._around.zone):
            self._around.said()

    async def _look_inside(self) -> None:
        """Read when the files that came since say they were made, and the figures in their text."""
        around = self._around
        await file_dates.read_new(around.database, around.reader, around.clock(), around.zone)
        await file_figures.read_new(around.database, around.reader, around.clock())

    async def _week(self) -> None:
        """Tell the office of its week, once on its first working day."""
        if await weekly.tick(self._around.database, self._around.clock(), self._around.zone):
            self._around.said()
