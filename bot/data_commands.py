"""``kaoping init``, ``campaign``, ``invite`` and ``verify``: the office's set-up on the command line.

What only these commands need is imported by them: scoring must start in a fraction of a second.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from bot.options import as_json_option, parse_readings
from bot.usage import CallError
from rubrics import loader

if TYPE_CHECKING:
    from bot.settings import Settings
    from storage.database import Database

Result = TypeVar("Result")

OF_ALL = ("office", "expert")
"""Roles that are never of one unit."""


@click.command()
def init() -> None:
    """建立数据文件夹和数据库，或把数据库升到新版本。"""
    from storage.data_folder import initialise, newest_revision, schema

    settings = _settings()
    current = schema(settings.data_dir) == newest_revision()  # nothing to write, also beside a running serve
    revision = newest_revision() if current else initialise(settings.data_dir)
    click.echo(f"数据文件夹 {settings.data_dir} 已就绪，数据库版本 {revision}")


@click.group()
def campaign() -> None:
    """考核年度：新建、列表、阶段、换用今年细则、花名册空表。"""


@campaign.command("new")
@click.option("--year", type=click.IntRange(2000, 2100), required=True, metavar="Y", help="考核年度。")
@click.option("--rubric", "rubric_ids", multiple=True, metavar="ID", help="评分细则编号，可重复。")
@click.option("--roster", type=click.Path(path_type=Path), required=True, metavar="FILE.xlsx", help="花名册。")
@click.option(
    "--reading",
    "pairs",
    multiple=True,
    metavar="细则:读法=选项",
    help="切换一份细则的一个读法，建好后再换要考核办两个人同意，可重复。",
)
@click.option(
    "--provisional",
    multiple=True,
    metavar="ID",
    help="这份细则是去年的，今年先暂用，等今年的印发了用 kaoping campaign adopt 换；可重复，不用再写 --rubric。",
)
@click.option("--issued", metavar="DATE", help="细则印发的日期，写成 2026-06-23；不写就从新建那天算起。")
@as_json_option
def campaign_new(
    year: int,
    rubric_ids: tuple[str, ...],
    roster: Path,
    pairs: tuple[str, ...],
    provisional: tuple[str, ...],
    issued: str | None,
    as_json: bool,
) -> None:
    """按花名册新建一个考核年度；有一处错就什么都不导入。"""
    import msgspec

    from bot.phase_command import day
    from bot.writing import change
    from storage.roster import read_roster

    issued_on = None if issued is None else day(issued)
    readings = campaign_readings(pairs)
    wanted = dict.fromkeys((*rubric_ids, *provisional))
    if not wanted:
        raise CallError("没有写细则，请用 --rubric 写今年的细则编号，或用 --provisional 写先暂用的")
    rubrics = [loader.load_with(ident, readings.get(ident)) for ident in wanted]
    units = msgspec.to_builtins(read_roster(roster, rubrics))
    asked = {"year": year, "rubrics": [rubric.id for rubric in rubrics], "roster": units, "readings": readings}
    asked |= {} if issued_on is None else {"issued_on": issued_on}
    asked |= {"provisional": list(provisional)} if provisional else {}
    made = change(_settings().data_dir, "campaign new", asked)
    if as_json:
        click.echo(json.dumps(made, ensure_ascii=False))
    else:
        click.echo(f"已新建考核 {made['campaign']}：{made['units']} 个单位，细则 {'、'.join(made['rubrics'])}")


def campaign_readings(pairs: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """``("xinbei-2011-towns:T6=base100",)`` → rubric id → reading → option.

    Raises:
        CallError: a pair without a rubric, or without ``=``.
    """
    chosen: dict[str, dict[str, str]] = {}
    for pair in pairs:
        rubric_id, sign, switched = pair.partition(":")
        if not sign or not rubric_id:
            raise CallError(f"--reading 要写成 细则:读法=选项，例如 xinbei-2011-towns:T6=base100；写的是「{pair}」")
        chosen.setdefault(rubric_id, {}).update(parse_readings((switched,)))
    return chosen


@campaign.command("list")
@as_json_option
def campaign_list(as_json: bool) -> None:
    """列出全部考核年度。"""
    from bot.changes import campaign_json
    from storage import campaigns

    found = reading(campaigns.campaigns)
    if as_json:
        click.echo(json.dumps([campaign_json(c) for c in found], ensure_ascii=False, indent=2))
        return
    for c in found:
        made = _local(c.created_at)
        rubrics = (f"{ident}（暂用）" if ident in c.provisional else ident for ident in c.rubric_ids)
        click.echo(f"{c.code}  {c.units} 个单位  {'、'.join(rubrics)}  {made:%Y-%m-%d %H:%M} 建立")
    if not found:
        click.echo("还没有考核年度，用 kaoping campaign new 新建")


@campaign.command("template")
@click.option("--rubric", "rubric_ids", multiple=True, required=True, metavar="ID", help="评分细则编号，可重复。")
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="FILE.xlsx", help="写到哪个文件。")
def campaign_template(rubric_ids: tuple[str, ...], out: Path) -> None:
    """写一份花名册空表，列出可以下达任务的要点。"""
    from storage.roster import write_template

    write_template(out, [loader.load(ident) for ident in dict.fromkeys(rubric_ids)])
    click.echo(f"已写好 {out}，一行填一个单位")


@click.command()
@click.option("--campaign", "code", required=True, metavar="C", help="考核编号，见 kaoping campaign list。")
@click.option("--role", required=True, metavar="ROLE", help="liaison、office、leader、provider 或 expert。")
@click.option("--unit", metavar="U", help="单位全称或简称。")
@click.option("--name", default="", metavar="N", help="被邀请人姓名。")
@click.option("--days", type=int, default=14, show_default=True, metavar="N", help="几天内有效。")
@as_json_option
def invite(code: str, role: str, unit: str | None, name: str, days: int, as_json: bool) -> None:
    """生成一个只能用一次的邀请码；同一人没用过的旧码随即作废。"""
    from bot.writing import change

    if role in OF_ALL and unit:
        raise CallError(f"角色 {role} 看全部单位，不能带 --unit；单位的领导用 --role leader，联络员用 --role liaison")
    asked = {"campaign": code, "role": role, "unit": unit, "name": name, "days": days}
    made = change(_settings().data_dir, "invite", asked)
    home = made.pop("home", "").rstrip("/") or _public_url()  # a running serve knows best where it is reached
    until, link = _local(datetime.fromisoformat(made["expires_at"])), f"{home}/j/{made['code']}"
    if as_json:
        click.echo(json.dumps({**made, "expires_at": until.isoformat(), "link": link}, ensure_ascii=False))
    else:
        whom = " ".join(part for part in (made["unit"], made["name"]) if part)
        click.echo(f"{made['code']}  {made['role']} {whom}".rstrip() + f"，{until:%Y-%m-%d %H:%M} 前有效，只能用一次")
        click.echo(f"链接 {link}")


@click.command()
@click.option("--head", "witnessed", metavar="HASH", help="以前留底的记录编号，看它还在不在链里（至少前 16 位）。")
@as_json_option
def verify(witnessed: str | None, as_json: bool) -> None:
    """核对审计链、文件和快照：有没有行被改过、接不上，有没有文件缺失或变了，有没有快照被改过。"""
    from storage import audit, erasing, file_check, snapshots
    from storage.data_folder import EVIDENCE
    from storage.file_references import Broken
    from storage.files import FileStore

    async def walk(database: Database) -> tuple[audit.Chain, list[tuple[str, int]], list[Broken], int | None]:
        async with database.read() as connection:
            chain, changed = await audit.walk(connection), await snapshots.changed_in(connection)
            row = await audit.row_of_in(connection, witnessed) if witnessed else None
        store = FileStore(_settings().data_dir / EVIDENCE)
        wrong = await file_check.missing_or_changed(database, store) + await erasing.left_over(database, store)
        return chain, changed, wrong, row

    chain, changed, files, row = reading(walk)
    lost = witnessed is not None and row is None
    if as_json:
        broken = [{"id": one.id, "why": one.why} for one in chain.broken]
        wrong = [{"evidence": file.evidence_id, "sha256": file.ref, "of": file.of, "why": why} for file, why in files]
        found = {"rows": chain.rows, "head": chain.head, "broken": broken, "files": wrong}
        found["snapshots"] = [{"campaign": code, "snapshot": number} for code, number in changed]
        found |= {"witnessed": row} if witnessed else {}
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        for one in chain.broken:
            click.echo(f"审计第 {one.id} 行：{one.why}", err=True)
        for file, why in files:
            click.echo(f"{file.of}（{file.ref[:12]}…）：{why}", err=True)
        for code, number in changed:
            click.echo(f"考核 {code} 第 {number} 号快照：内容和审计链里记的不一样", err=True)
        if lost:
            click.echo("留底的编号不在链里：尾部被截过，或整条链被重做过；也请看编号有没有抄错", err=True)
        elif row is not None:
            click.echo(f"留底的编号在第 {row} 行")
        state = f"{len(chain.broken)} 处不符" if chain.broken else "完好"
        click.echo(f"审计链 {chain.rows} 行，{state}；文件 {len(files)} 份不符。链尾 {chain.head}")
    if chain.broken or files or changed or lost:
        raise click.exceptions.Exit(1)


def data_folder() -> Path:
    """The data folder of the settings."""
    return _settings().data_dir


def _settings() -> Settings:
    from bot.settings import load_settings

    return load_settings()


def _public_url() -> str:
    """Where people reach the page: the public address, or this machine's own."""
    from bot.serve import local_url

    settings = _settings()
    return settings.web_public_url.rstrip("/") or local_url(settings.web_host, settings.web_port)


def _local(moment: datetime) -> datetime:
    """A moment in the office's zone."""
    from zoneinfo import ZoneInfo

    return moment.astimezone(ZoneInfo(_settings().timezone))


def reading(use_case: Callable[[Database], Awaitable[Result]]) -> Result:
    """The result of a use case on the data folder's database."""
    import asyncio

    from storage.data_folder import database_path
    from storage.database import Database

    path = database_path(_settings().data_dir)

    async def run() -> Result:
        database = Database(path)
        try:
            return await use_case(database)
        finally:
            await database.close()

    return asyncio.run(run())
