"""``kaoping export``: what was collected, for other programs and for paper."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from bot.usage import CallError

if TYPE_CHECKING:
    from reports.official_filling import Filled
    from storage.database import Database


class Wanted(NamedTuple):
    """What an export is asked for. ``score`` is None where none was named."""

    code: str
    unit: str | None
    rubric: str | None
    score: str | None
    snapshot: int | None


@click.command()
@click.option("--campaign", "code", required=True, metavar="C", help="考核编号，见 kaoping campaign list。")
@click.option(
    "--what",
    type=click.Choice(["facts", "sheet", "template", "pack"]),
    required=True,
    help="导出什么：facts 是 kaoping score 能读的事实，sheet 是正式考核表，template 是考核表和各种文书的空白模板，pack 是佐证包。",
)
@click.option("--unit", metavar="U", help="只导出一个单位（全称或简称）。")
@click.option("--rubric", metavar="ID", help="只导出一份细则。")
@click.option(
    "--score",
    type=click.Choice(["claimed", "proven", "verified"]),
    help="考核表印哪个得分：claimed 自报、proven 有材料、verified 已核（不写就是已核）。",
)
@click.option("--snapshot", type=int, metavar="N", help="考核表按第几号快照，不写就是现在的。")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    metavar="PATH",
    help="写到哪个文件夹；只有一个文件时可以写成 名字.json、名字.xlsx、名字.docx 或 名字.zip。",
)
@click.option("--withdrawn", is_flag=True, help="佐证包里也放已撤回、已替换的文件。")
@click.option("--hide-ids", is_flag=True, help="佐证包的文件名和目录里遮住身份证号。")
@click.option("--hide-mobiles", is_flag=True, help="佐证包的文件名和目录里遮住手机号。")
def export(
    code: str,
    what: str,
    unit: str | None,
    rubric: str | None,
    score: str | None,
    snapshot: int | None,
    out: Path,
    withdrawn: bool,
    hide_ids: bool,
    hide_mobiles: bool,
) -> None:
    """导出各单位填报的事实、正式考核表（一个单位一套细则一个文件）或佐证包。"""
    from bot.data_commands import reading

    wish = (withdrawn, hide_ids, hide_mobiles)
    if what != "sheet" and (score or snapshot is not None):
        raise CallError(f"--score 和 --snapshot 只用于 --what sheet，导出 {what} 时请去掉")
    if what == "pack":
        _pack(code, unit, rubric, out, wish)
        return
    if any(wish):
        raise CallError(f"--withdrawn、--hide-ids 和 --hide-mobiles 只用于 --what pack，导出 {what} 时请去掉")
    wanted = Wanted(code, unit, rubric, score, snapshot)
    made = {"facts": _facts, "sheet": _sheets, "template": _templates}[what](wanted, out.suffix.lower())
    if not made:
        raise CallError("没有可以导出的，请看 --unit 和 --rubric 写得对不对")
    for path, content in _paths(out, made).items():
        path.write_bytes(content)
    click.echo(f"已写 {len(_chosen(out, made))} 个 {what} 文件到 {out}")
    if what != "template":
        click.echo(f"操作记录到{reading(_head)}，请留底备查")


async def _head(database: Database) -> str:
    from storage import audit

    async with database.read() as connection:
        return (await audit.head_in(connection)).words


def _pack(code: str, unit: str | None, rubric: str | None, out: Path, wish: tuple[bool, bool, bool]) -> None:
    from bot.pack_command import export_pack
    from reports.pack import Wish

    if rubric:
        raise CallError("佐证包里是全部细则的材料，请去掉 --rubric")
    export_pack(code, unit, out, Wish(*wish))


def _facts(wanted: Wanted, _suffix: str) -> dict[str, bytes]:
    from bot.data_commands import reading
    from reports.facts_files import facts_files
    from storage import campaigns

    async def read(database: Database) -> dict[str, bytes]:
        campaign = await campaigns.find(database, wanted.code)
        async with database.read() as connection:
            only = await campaigns.find_unit(connection, campaign.id, wanted.unit) if wanted.unit else None
            return await facts_files(connection, campaign.id, only, wanted.rubric)

    return reading(read)


def _sheets(wanted: Wanted, suffix: str) -> dict[str, bytes]:
    """A workbook a rubric and a document a unit and rubric; of both kinds only the one that is asked for by name."""
    from bot.settings import load_settings
    from reports.official_files import documents, workbooks
    from reports.pack_names import name_among

    settings = load_settings()
    found = _filled(wanted, settings.timezone)
    made: dict[str, bytes] = {}
    if suffix != ".docx":
        made |= {f"{ident}.xlsx": content for ident, content in workbooks(found, settings.data_dir).items()}
    if suffix != ".xlsx":
        for filled, content in documents(found, settings.data_dir):
            made[name_among(filled.table.unit, f"{filled.rubric.id}.docx", made)] = content
    return made


def _filled(wanted: Wanted, timezone: str) -> list[Filled]:
    from zoneinfo import ZoneInfo

    from bot.data_commands import reading
    from reports.official_filling import tables_in
    from storage import campaigns
    from storage.clock import utc_now

    async def read(database: Database) -> list[Filled]:
        campaign = await campaigns.find(database, wanted.code)
        async with database.read() as connection:
            only = await campaigns.find_unit(connection, campaign.id, wanted.unit) if wanted.unit else None
            return await tables_in(
                connection,
                campaign.id,
                wanted.score or "verified",
                utc_now(),
                ZoneInfo(timezone),
                unit_id=only,
                rubric_id=wanted.rubric,
                snapshot=wanted.snapshot,
            )

    return reading(read)


def _templates(wanted: Wanted, _suffix: str) -> dict[str, bytes]:
    from bot.data_commands import reading
    from reports.official_layout import layout_of
    from reports.official_word import blank
    from storage import campaigns, editions, scorecards

    async def read(database: Database) -> Any:
        campaign = await campaigns.find(database, wanted.code)
        async with database.read() as connection:
            return await editions.of_campaign(connection, campaign.id)

    named = [rubric for rubric in reading(read) if wanted.rubric in (None, rubric.id)]
    made = {f"{rubric.id}.docx": blank(layout_of(scorecards.plan_of(rubric))) for rubric in named}
    return made if wanted.rubric else made | _forms()


def _forms() -> dict[str, bytes]:
    """Our forms of the papers that are no tables, by the names the office's own go by."""
    from reports import bulletin, leader_page, rectification_sheet, review_opinion, self_report_paper

    papers = (bulletin, self_report_paper, leader_page, review_opinion, rectification_sheet)
    forms = {paper.TEMPLATE: paper.blank() for paper in papers}
    return forms | {rectification_sheet.LIST_TEMPLATE: rectification_sheet.list_blank()}


def _chosen(out: Path, files: dict[str, Any]) -> dict[str, Any]:
    """The files meant: those of the kind that ``out`` names, else all."""
    if out.is_dir() or out.suffix.lower() not in {".json", ".xlsx", ".docx"}:
        return files
    return {name: content for name, content in files.items() if name.endswith(out.suffix.lower())}


def _paths(out: Path, files: dict[str, Any]) -> dict[Path, Any]:
    """Where each file goes: one of them to a name that is given, else all into a folder, made where its parent is there.

    Raises:
        CallError: several files for one name, or a folder in a place that is not there.
    """
    if not out.absolute().parent.is_dir():
        raise CallError(f"--out 的上一级文件夹 {out.absolute().parent} 不存在，请先建好，或换一个地方")
    if out.suffix.lower() in {".json", ".xlsx", ".docx"} and not out.is_dir():
        chosen = _chosen(out, files)
        if len(chosen) != 1:
            raise CallError(
                f"要写 {len(chosen)} 个文件，--out 不能是一个文件 {out}；请写文件夹，或加 --unit、--rubric 只导出一个"
            )
        return {out: next(iter(chosen.values()))}
    if out.exists() and not out.is_dir():
        raise CallError(f"--out 写的 {out} 是一个文件，请写文件夹，或写成 名字.json、名字.xlsx、名字.docx")
    out.mkdir(exist_ok=True)
    return {out / name: content for name, content in files.items()}
