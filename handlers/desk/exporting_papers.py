"""The papers `/export` gives: what each needs is read in the turn, what takes long is done when nothing is held."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, time, timedelta
from functools import partial
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
from reports.templates import TemplateError, in_form
from storage import campaigns
from storage.campaigns import Campaign
from storage.files import FileStore
from storage.made_files import adopt, exports_of, room_for

NOW = bulletin.NOW
"""In place of a snapshot's number: the scores as they are."""

MOST_SENT_BYTES = 50_000_000
"""What every channel can send; a larger pack is split by unit, or stays on the server."""


class Made(NamedTuple):
    """What came of it: a file to send, or in words why there is none.

    ``failed``: why nothing at all was made. ``basis``: of which scores, or which day, the files are.
    """

    file: FileRef | None
    said: str = ""
    failed: str = ""
    basis: str = ""


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
    what = "佐证包" + ("_含已撤回" if wish.withdrawn else "") + ("_隐去证件号" if wish.hide_identities else "")

    async def work() -> list[Made]:
        return [await asyncio.to_thread(_packed, files, one, made, what, stamp) for one, made in packs]

    return work


def _packed(files: FileStore, about: About, made: Pack, what: str, stamp: str) -> Made:
    from reports.pack_zip import write_pack

    with room_for(files) as target:
        packed = write_pack(made, files, target)
        broken = f"{about.whose}有 {len(packed.broken)} 份文件缺失或内容不符，目录里标明了" if packed.broken else ""
        if packed.size_bytes <= MOST_SENT_BYTES:
            return Made(FileRef(adopt(files, target), about.name(what, "zip"), packed.size_bytes), broken)
        place = exports_of(files) / about.name(f"{what}_{stamp}", "zip")
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

    data_folder = turn.files.folder.parent

    def written() -> dict[str, bytes]:
        from reports.self_report_paper import TEMPLATE, document

        papers = [(one.unit, in_form(data_folder, TEMPLATE, partial(document, one))) for one in drafts]
        return {About(about.campaign, None, unit).name("自评报告", "docx"): content for unit, content in papers}

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

    return _each(turn.files, written, next((filled.table.basis for filled in found), ""))


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

    return _each(turn.files, written, next((f"截至 {one.at:%Y-%m-%d %H:%M}" for one in found), ""))


def end_of(turn: Turn, day: str) -> datetime:
    """The last moment of a day (``2026-06-30``) in the office's zone; now where none is given, or it is not over."""
    if not day:
        return turn.now
    over = datetime.combine(datetime.fromisoformat(day).date() + timedelta(days=1), time(), turn.zone)
    return min(over - timedelta(microseconds=1), turn.now)


async def leader_pages(turn: Turn, about: About) -> Work:
    """领导一页."""
    page = await leader_page.of_campaign(turn.connection, about.campaign, turn.now, turn.zone)
    data_folder = turn.files.folder.parent

    def written() -> dict[str, bytes]:
        content = in_form(data_folder, leader_page.TEMPLATE, partial(leader_page.document, page))
        return {about.name("领导一页", "docx"): content}

    return _each(turn.files, written, page.basis)


async def bulletins(turn: Turn, about: About, number: int | None = None) -> Work:
    """通报稿 of what was approved, else of the newest snapshot, else of now; what is not approved is said beside it.

    Args:
        number: of the snapshot that was asked for instead, or `NOW`.
    """
    draft = await bulletin.of_campaign(turn.connection, about.campaign, turn.now, turn.zone, number)
    data_folder = turn.files.folder.parent

    def written() -> dict[str, bytes]:
        content = in_form(data_folder, bulletin.TEMPLATE, partial(bulletin.document, draft))
        return {about.name("通报稿", "docx"): content}

    write = _each(turn.files, written, draft.basis)

    async def work() -> list[Made]:
        return [*await write(), *([] if draft.final else [Made(None, bulletin.not_approved(draft))])]

    return work


async def data(turn: Turn, about: About) -> Work:
    """The facts of units, as `kaoping score` reads them."""
    found = await facts_files(turn.connection, about.campaign.id, about.unit_id)
    return _together(turn.files, lambda: found, about.name("数据", "zip"))


Written = Callable[[], dict[str, bytes]]
"""Makes files by their names."""


def _together(files: FileStore, written: Written, name: str) -> Work:
    """The one file there is; several in a zip of this name."""

    async def work() -> list[Made]:
        try:
            made = await asyncio.to_thread(written)
        except TemplateError as error:
            return [Made(None, failed=str(error))]
        if len(made) > 1:
            return [Made(await keep_made(files, name, await asyncio.to_thread(zipped, made)))]
        return [Made(await keep_made(files, *one)) for one in made.items()]

    return work


def _each(files: FileStore, written: Written, basis: str = "") -> Work:
    """Each file by itself; ``basis`` says of which scores or which day they are."""

    async def work() -> list[Made]:
        try:
            made = await asyncio.to_thread(written)
        except TemplateError as error:
            return [Made(None, failed=str(error))]
        return [Made(await keep_made(files, *one), basis=basis) for one in made.items()]

    return work


def failures(made: Sequence[Made]) -> list[str]:
    """Why nothing was made, each once; empty where something was."""
    return list(dict.fromkeys(one.failed.rstrip("。") for one in made if one.failed))


def nothing(made: Sequence[Made]) -> bool:
    """Whether nothing came of it."""
    return not any(one.file or one.said or one.failed for one in made)
