"""How many answers a second go through the whole turn with a durable commit, and what one waits.

Peer in the same run: the bare durable write, one inbox row a commit on the same database. Asked of the finished
bot: at least 0.6 of an echo over Telegram's libraries, which are not there yet.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from channels.port import Event
from handlers.conversation import Conversation
from rubrics import loader
from storage import campaigns, invitations
from storage.data_folder import database_path, initialise
from storage.database import Database
from storage.files import FileStore
from storage.inbox import Inbox
from storage.roster import RosterUnit

ANSWERS = 300
NOW = datetime(2026, 11, 21, tzinfo=UTC)
RUBRIC = "xinbei-2011-towns"


async def measure(folder: Path) -> tuple[float, list[float]]:
    """Bare writes a second, and the seconds of each full turn."""
    database = Database(database_path(folder))
    inbox = Inbox(database, lambda: NOW)
    units = [RosterUnit("孟河镇", "镇", (), (), ())]
    campaign = await campaigns.create(database, NOW, "bench", 2026, [loader.load(RUBRIC)], units)
    invitation = await invitations.invite(database, NOW, "bench", campaign, "liaison", unit="孟河镇")
    bot = Conversation(database, FileStore(folder / "evidence"), lambda: NOW, ZoneInfo("Asia/Shanghai"), lambda: None)
    await bot.receive(Event("bench", "join", "chen", NOW, start_code=invitation.code))
    start = time.perf_counter()
    for n in range(ANSWERS):
        await inbox.keep("floor", str(n), "chen", {"text": "4条"})
    bare = ANSWERS / (time.perf_counter() - start)
    turns = []
    for n in range(ANSWERS):
        await bot.receive(Event("bench", f"ask-{n}", "chen", NOW, option=f"ask:1,{RUBRIC},10.2:0"))
        start = time.perf_counter()
        await inbox.keep("bench", f"answer-{n}", "chen", {"text": f"{n % 5}条"})
        await bot.receive(Event("bench", f"answer-{n}", "chen", NOW, text=f"{n % 5}条"))
        turns.append(time.perf_counter() - start)
    await database.close()
    return bare, turns


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        initialise(folder)
        bare, turns = asyncio.run(measure(folder))
    rate = len(turns) / sum(turns)
    p99 = statistics.quantiles(turns, n=100)[98]
    print(
        f"answers {rate:.0f}/s beside {bare:.0f} bare durable writes/s: {rate / bare:.2f}; p99 {p99 * 1e3:.0f} ms a turn"
    )


if __name__ == "__main__":
    main()
