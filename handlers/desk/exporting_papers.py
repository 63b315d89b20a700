"""The papers `/export` gives: what each needs is read in the turn, what takes long is done when nothing is held."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple

from channels.port import FileRef
from handlers.desk.exporting_zip import zipped
from handlers.made import keep_made
from handlers.turn import Turn
from reports import annex, bulletin, leader_page, official_files, official_filling, pack, self_report
from reports.facts_files import facts_files
from reports.official_filling import Filled
from reports.official_table import SCORES
from reports.pack import Pack, Wish
from reports.pack_names import name_among, name_of
from storage import campaigns
from storage.campaigns import Campaign
from storage.files import FileStore
from storage.made_files import adopt, exports_of, room_for

MOST_SENT_BYTES = 50_000_000
"""What every channel can send; a larger pack is split by unit, or stays on the server."""


class Made(NamedTuple):
    """What came of it: a file to send, or in words why there is none."""

    file: FileRef | None
    said: str = ""


Work = Callable[[], Awaitable[list[Made]]]
"""Slow work with all it needs already read."""


class About(NamedTuple):
    """What was asked for: of a campaign, or of one unit (``unit`` is its name, empty for all)."""

    campaign: Campaign
    unit_id: int | None
    unit: str

    @property
    def whose(self) -> str:
        """For a file's name."""
        return self.unit or "全部单位"

    def name(self, what: str, ending: str) -> str:
        """``2026_孟河镇_自评报告.docx``."""
        return f"{name_of(self.called(what))}.{ending}"

    def called(self, what: str) -> str:
        """The same without an ending, and as long as it comes."""
        return f"{self.campaign.code}_{self.whose}_{what}"


async def pack_of(turn: Turn, about: About, wish: Wish) -> Pack:
    """The pack as of this turn."""
    return await pack.collect(turn.connection, about.campaign, about.unit_id, turn.now, turn.zone, wish)


async def evidence_packs(turn: Turn, about: About, wish: Wish) -> Work:
    """One pack, or where all units' files are too much for one, a pack a unit."""
    whole = await pack_of(turn, about, wish)
    packs = [(about, whole)]
    if about.unit_id is None and whole.size_bytes > MOST_SENT_BYTES:
        each = await pack.collect_each(turn.connection, about.campaign, turn.now, turn.zone, wish)
        known = await campaigns.units_in(turn.connection, about.campaign.id)
        packs = [(About(about.campaign, u.id, u.name), each[u.id]) for u in known if each[u.id].lines]
    files, stamp = turn.files, f"{turn.now.astimezone(turn.zone):%Y%m%d-%H%M%S}"

    async def work() -> list[Made]:
        return [await asyncio.to_thread(_packed, files, one, made, stamp) for one, made in packs]

    return work


def _packed(files: FileStore, about: About, made: Pack, stamp: str) -> Made:
    from reports.pack_zip import write_pack

    with room_for(files) as target:
        packed = write_pack(made, files, target)
        broken = f"{about.whose}有 {len(packed.broken)} 份文件缺失或内容不符，目录里标明了" if packed.broken else ""
        if packed.size_bytes <= MOST_SENT_BYTES:
            return Made(FileRef(adopt(files, target), about.name("佐证包", "zip"), packed.size_bytes), broken)
        place = exports_of(files) / about.name(f"佐证包_{stamp}", "zip")
        os.replace(target, place)
    large = f"{about.whose}的佐证包有 {packed.size_bytes / 1e6:.0f} MB，发不出来，放在服务器的 {place}，请管理员拷给您"
    return Made(None, f"{large}。{broken}")


async def self_reports(turn: Turn, about: About) -> Work:
    """A unit's draft, or all of them in a zip."""
    where = (turn.connection, about.campaign)
    if about.unit_id is None:
        drafts = await self_report.of_campaign(*where, turn.now, turn.zone)
    else:
        own = await self_report.of_unit(*where, about.unit_id, turn.now, turn.zone)
        drafts = [own] if own.chapters else []

    def written() -> dict[str, bytes]:
        from reports.self_report_paper import document

        return {About(about.campaign, None, one.unit).name("自评报告", "docx"): document(one) for one in drafts}

    return _together(turn.files, written, about.name("自评报告", "zip"))


async def official_tables(turn: Turn, about: About, score: str, snapshot: int | None) -> Work:
    """The official tables with the score asked for, now or of a snapshot: a workbook a rubric with a sheet a unit.

    And a document a unit and rubric; those of several units in a zip a rubric.
    """
    found = await official_filling.tables_in(
        turn.connection, about.campaign.id, score, turn.now, turn.zone, unit_id=about.unit_id, snapshot=snapshot
    )
    what = f"得分表_{SCORES[score]}" + (f"_快照{snapshot}" if snapshot else "")
    data_folder = turn.files.folder.parent

    def written() -> dict[str, bytes]:
        titles = {filled.rubric.id: filled.rubric.title for filled in found}
        books = official_files.workbooks(found, data_folder)
        made: dict[str, bytes] = {}
        for ident, title in titles.items():
            own = official_files.documents([one for one in found if one.rubric.id == ident], data_folder)
            for ending, content in (("xlsx", books[ident]), _documents(own)):
                made[name_among(about.called(f"{what}_{title}"), ending, made)] = content
        return made

    return _each(turn.files, written)


def _documents(made: Sequence[tuple[Filled, bytes]]) -> tuple[str, bytes]:
    """The one document of a rubric, else a zip of them; with its ending."""
    if len(made) == 1:
        return "docx", made[0][1]
    named: dict[str, bytes] = {}
    for filled, content in made:
        named[name_among(filled.table.unit, "docx", named)] = content
    return "zip", zipped(named)


async def annexes(turn: Turn, about: About, at: datetime) -> Work:
    """附件1 as it was at a moment, as a workbook and as a document."""
    found = await annex.of_campaign(turn.connection, about.campaign, at, turn.zone)

    def written() -> dict[str, bytes]:
        from reports import annex_paper

        made = {}
        for one in found:
            what = f"附件1_{one.at:%Y-%m-%d}"
            made[about.name(what, "xlsx")] = annex_paper.workbook(one)
            made[about.name(what, "docx")] = annex_paper.document(one)
        return made

    return _each(turn.files, written)


def end_of(turn: Turn, day: str) -> datetime:
    """The last moment of a day (``2026-06-30``) in the office's zone; now where none is given, or it is not over."""
    if not day:
        return turn.now
    over = datetime.combine(datetime.fromisoformat(day).date() + timedelta(days=1), time(), turn.zone)
    return min(over - timedelta(microseconds=1), turn.now)


async def leader_pages(turn: Turn, about: About) -> Work:
    """领导一页."""
    page = await leader_page.of_campaign(turn.connection, about.campaign, turn.now, turn.zone)
    return _each(turn.files, lambda: {about.name("领导一页", "docx"): leader_page.document(page)})


async def bulletins(turn: Turn, about: About) -> Work:
    """通报稿 of the newest snapshot; where there is none, of the scores as they are now."""
    draft = await bulletin.of_campaign(turn.connection, about.campaign, turn.now, turn.zone)
    return _each(turn.files, lambda: {about.name("通报稿", "docx"): bulletin.document(draft)})


async def data(turn: Turn, about: About) -> Work:
    """The facts of units, as `kaoping score` reads them."""
    found = await facts_files(turn.connection, about.campaign.id, about.unit_id)
    return _together(turn.files, lambda: found, about.name("数据", "zip"))


Written = Callable[[], dict[str, bytes]]
"""Makes files by their names."""


def _together(files: FileStore, written: Written, name: str) -> Work:
    """The one file there is; several in a zip of this name."""

    async def work() -> list[Made]:
        made = await asyncio.to_thread(written)
        if len(made) > 1:
            return [Made(await keep_made(files, name, await asyncio.to_thread(zipped, made)))]
        return [Made(await keep_made(files, *one)) for one in made.items()]

    return work


def _each(files: FileStore, written: Written) -> Work:
    """Each file by itself."""

    async def work() -> list[Made]:
        made = await asyncio.to_thread(written)
        return [Made(await keep_made(files, *one)) for one in made.items()]

    return work


def nothing(made: Sequence[Made]) -> bool:
    """Whether nothing came of it."""
    return not any(one.file or one.said for one in made)
