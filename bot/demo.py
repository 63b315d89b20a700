"""The demo: a campaign of the current year with nine towns and twelve departments, a fresh link per role.

``AUTO`` plays a liaison and the office over HTTP against the served page in a fresh folder.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import aiohttp

from bot.serve import Page, Service, local_url, until_stopped
from rubrics import loader
from storage import campaigns, invitations, phases
from storage.clock import utc_now
from storage.data_folder import database_path, initialise, writer_lock
from storage.database import Database
from storage.roster import RosterUnit, Target

FOLDER = Path("demo-data")
ZONE = ZoneInfo("Asia/Shanghai")
HOST = "127.0.0.1"
TOWNS_RUBRIC = "xinbei-2011-towns"
RUBRICS = (TOWNS_RUBRIC, "xinbei-2011-departments", "xinbei-2011-tasks")
# The district's towns; the sources name only 孟河镇 and 西夏墅镇, the others are general knowledge.
TOWNS = ("春江镇", "孟河镇", "新桥镇", "薛家镇", "罗溪镇", "西夏墅镇", "河海街道", "三井街道", "龙虎塘街道")
DEMO_TARGETS = {"2.4": 3, "3.2": 1, "4.2": 4, "5.3": 1}
ROLES = (("liaison", "孟河镇", "陈芳"), ("liaison", "质监分局", "李强"), ("office", None, "王处"))
SCRIPT = (
    ("say", "清单"),
    ("press", "下一项"),
    ("say", "五成七"),  # 9.2: a rate in words
    ("press", "下一项"),
    ("press", "是"),  # 2.3
    ("press", "下一项"),
    ("say", "3/4"),  # 2.4: a task
    ("press", "修改"),
    ("say", "完成了"),
    ("send", "江苏名牌公告.pdf"),
    ("press", "下一项"),
    ("say", "14/15家"),  # 3.1: a rate from two counts
    ("press", "下一项"),
    ("press", "更多"),
    ("press", "还没到时候"),
    ("say", "我的得分"),
)
"""What the liaison does in AUTO, in answer to what is asked; a press that is not offered is typed."""

PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"
"""What is sent as a file of proof: a PDF without a page."""


def departments() -> tuple[str, ...]:
    """The departments that the tasks table names, in its order."""
    rows = loader.load("xinbei-2011-tasks").items
    named = dict.fromkeys(unit for row in rows for unit in (*row.lead, *row.cooperating))
    return tuple(unit for unit in named if unit.endswith("局"))


def roster() -> list[RosterUnit]:
    """The demo's units, the towns with a few tasks handed down."""
    targets = tuple(Target(TOWNS_RUBRIC, ident, Decimal(figure)) for ident, figure in DEMO_TARGETS.items())
    towns = [
        RosterUnit(name, name[-2:] if name.endswith("街道") else "镇", (name.rstrip("镇街道"),), (), targets)
        for name in TOWNS
    ]
    return [*towns, *(RosterUnit(name, "部门", (), (), ()) for name in departments())]


async def links(database: Database, url: str) -> dict[str, str]:
    """A fresh single-use link per role; makes the year's campaign where there is none."""
    now = utc_now()
    year = now.astimezone(ZONE).year
    found = [c for c in await campaigns.campaigns(database) if c.year == year]
    campaign = found[0] if found else await _campaign(database, now, year)
    made = {}
    for role, unit, name in ROLES:
        invitation = await invitations.invite(database, now, "demo", campaign, role, unit=unit, name=name)
        made[unit or "考核办"] = f"{url}/j/{invitation.code}"
    return made


async def _campaign(database: Database, now: datetime, year: int) -> campaigns.Campaign:
    """The year's campaign with its phases, so that dates and reminders mean something."""
    rubrics = [loader.load(ident) for ident in RUBRICS]
    async with database.write() as connection:
        made = await campaigns.create_in(connection, now, "demo", year, rubrics, roster())
        for name, first, last in (
            (phases.COLLECTION, date(year, 1, 1), date(year, 12, 31)),
            (phases.SELF_ASSESSMENT, date(year, 12, 1), date(year + 1, 1, 16)),
        ):
            await phases.set_in(connection, now, "demo", made.id, name, first, last)
    return made


async def serve(folder: Path, port: int) -> None:
    """Serve the demo until Ctrl-C, printing the links."""
    service = Service(database_path(folder), utc_now, ZONE, Page(HOST, port), 20 * 1024 * 1024)
    printing = asyncio.ensure_future(_print_links(service))
    await until_stopped(service)
    printing.cancel()
    print("已停止，填过的都在", folder)  # noqa: T201


async def _print_links(service: Service) -> None:
    await service.web.started.wait()
    for who, link in (await links(service.database, local_url(HOST, service.web.port))).items():
        print(f"{who}：{link}", flush=True)  # noqa: T201
    print("在浏览器里打开一个链接，点“进入”。Ctrl-C 停止。", flush=True)  # noqa: T201


async def play(folder: Path, script: Sequence[tuple[str, str]] = SCRIPT) -> None:
    """Play the script against the served page and print what was said, the score table and the folder."""
    service = Service(database_path(folder), utc_now, ZONE, Page(HOST, 0), 20 * 1024 * 1024)
    running = asyncio.ensure_future(service.run())
    await service.web.started.wait()
    url = local_url(HOST, service.web.port)
    try:
        by_role = await links(service.database, url)
        async with Player(url, "孟河镇") as liaison:
            await liaison.enter(by_role["孟河镇"])
            for kind, words in script:
                await liaison.do(kind, words)
        async with Player(url, "考核办") as office:
            await office.enter(by_role["考核办"])
            await office.do("say", "得分")
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
    print(f"数据在 {folder}")  # noqa: T201


class Player:
    """A person at the page, over HTTP."""

    def __init__(self, url: str, name: str) -> None:
        self._url, self._name = url, name
        self._seen = 0
        self._last: dict[str, Any] = {}

    async def __aenter__(self) -> Player:
        self._http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), headers={"Origin": self._url})
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.close()

    async def enter(self, link: str) -> None:
        """Open the link and press 进入."""
        await self._post("/enter", {"id": uuid4().hex, "code": link.rpartition("/")[2]})
        await self._hear()

    async def do(self, kind: str, words: str) -> None:
        """Press an option of the last message, send a file of a name, or say something."""
        if kind == "send":
            await self._send(words)
            return
        option = next((o for o in self._last.get("options", []) if o["label"] == words), None)
        body: dict[str, Any] = {"text": words}
        if kind == "press" and option:
            body = {"option": option["key"], "message_id": self._last["id"], "label": words}
        print(f"{self._name} ▸ {words}")  # noqa: T201
        await self._post("/say", {"id": uuid4().hex, **body})
        await self._hear()

    async def _send(self, name: str) -> None:
        form = aiohttp.FormData({"id": uuid4().hex}, quote_fields=False)  # the name as a browser sends it
        form.add_field("file", PAPER, filename=name, content_type="application/pdf")
        print(f"{self._name} ▸ 〔文件〕{name}")  # noqa: T201
        async with self._http.post(f"{self._url}/files", data=form) as response:
            if response.status >= 300:
                raise RuntimeError(f"/files: {response.status} {await response.text()}")
        await self._hear()

    async def _post(self, path: str, body: dict[str, Any]) -> None:
        async with self._http.post(self._url + path, json=body) as response:
            if response.status >= 300:
                raise RuntimeError(f"{path}: {response.status} {await response.text()}")

    async def _hear(self) -> None:
        """Read the stream until the bot has spoken and is quiet."""
        async with self._http.get(f"{self._url}/events", params={"after": str(self._seen)}) as response:
            heard = False
            while True:
                try:
                    line = (await asyncio.wait_for(response.content.readline(), 0.6 if heard else 10)).decode()
                except TimeoutError:
                    if heard:
                        return
                    raise
                if line.startswith("data:"):
                    row = _row(line[5:])
                    if row is not None and row["id"] > self._seen:
                        self._seen = row["id"]
                        if not row["mine"]:
                            heard, self._last = True, row
                            shown = row["text"].splitlines() + (
                                [f"〔文件〕{row['file']['name']}"] if row["file"] else []
                            )
                            print("\n".join(f"考评 ◂ {part}" for part in shown))  # noqa: T201


def _row(text: str) -> dict[str, Any] | None:
    try:
        row = json.loads(text)
    except json.JSONDecodeError:
        return None
    return row if isinstance(row, dict) and "mine" in row else None


def main() -> None:
    """What `make demo` runs: ``PORT``, ``FRESH`` and ``AUTO`` come from the environment."""
    if os.environ.get("AUTO"):
        folder = Path(tempfile.mkdtemp(prefix="kaoping-demo-"))
        initialise(folder)
        asyncio.run(play(folder))
        return
    if os.environ.get("FRESH"):
        shutil.rmtree(FOLDER, ignore_errors=True)
    initialise(FOLDER)
    with writer_lock(FOLDER):
        asyncio.run(serve(FOLDER, int(os.environ.get("PORT") or 8000)))


if __name__ == "__main__":
    main()
