"""``kaoping campaign phase``: the calendar of a campaign, shown or set, and the day its rules went out."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import click

from bot.options import as_json_option
from bot.usage import CallError

if TYPE_CHECKING:
    from storage.database import Database
    from storage.phases import Phase


@click.command("phase")
@click.option("--campaign", "code", required=True, metavar="C", help="考核编号，见 kaoping campaign list。")
@click.option("--set", "name", metavar="阶段", help="要定的阶段，例如 自评。")
@click.option("--from", "first", metavar="DATE", help="第一天，写成 2026-11-01。")
@click.option("--to", "last", metavar="DATE", help="最后一天，写成 2026-12-15。")
@click.option("--issued", metavar="DATE", help="细则印发的日期，全年的事情从这一天起排；不能和 --set 一起用。")
@as_json_option
def phase(code: str, name: str | None, first: str | None, last: str | None, issued: str | None, as_json: bool) -> None:
    """看一个考核年度各阶段的日期；加 --set、--from、--to 就定一个阶段，加 --issued 就定印发日期。"""
    days = (name, first, last)
    if issued is not None and days != (None, None, None):
        raise CallError("--issued 不能和 --set、--from、--to 一起用，请分两次运行")
    if issued is not None:
        _set_issued(code, issued, as_json)
    elif days == (None, None, None):
        _show(code, as_json)
    elif name is None or first is None or last is None:
        raise CallError("定一个阶段要同时写 --set、--from 和 --to，例如 --set 自评 --from 2026-11-01 --to 2026-12-15")
    else:
        _set(code, name, first, last, as_json)


def _set(code: str, name: str, first: str, last: str, as_json: bool) -> None:
    from bot.data_commands import data_folder
    from bot.writing import change

    days = {"starts_on": day(first), "ends_on": day(last)}
    made = change(data_folder(), "campaign phase", {"campaign": code, "name": name, **days})
    if as_json:
        click.echo(json.dumps(made, ensure_ascii=False))
    else:
        click.echo(f"{made['phase']} 定在 {made['from']} 到 {made['to']}")


def _set_issued(code: str, issued: str, as_json: bool) -> None:
    from bot.data_commands import data_folder
    from bot.writing import change

    made = change(data_folder(), "campaign issued", {"campaign": code, "issued_on": day(issued)})
    if as_json:
        click.echo(json.dumps(made, ensure_ascii=False))
    else:
        click.echo(f"印发日期定在 {made['issued_on']}")


def _show(code: str, as_json: bool) -> None:
    from bot.changes import phase_json
    from bot.data_commands import reading
    from storage import campaigns, phases, reminding

    async def read(database: Database) -> tuple[tuple[Phase, ...], date | None]:
        campaign = await campaigns.find(database, code)
        async with database.read() as connection:
            _, issued_on, _ = await reminding.issued_on_in(connection, campaign.id)
            return await phases.of_campaign_in(connection, campaign.id), issued_on

    found, issued_on = reading(read)
    if as_json:
        click.echo(json.dumps([phase_json(one) for one in found], ensure_ascii=False))
        return
    if issued_on is not None:
        click.echo(f"印发  {issued_on}")
    for one in found:
        click.echo(f"{one.name}  {one.starts_on} 到 {one.ends_on}")
    if not found:
        click.echo("还没有定各阶段的日期，填报一直开着；用 --set 定")


def day(text: str) -> str:
    """A day as it is handed over.

    Raises:
        CallError: not written as 2026-11-01.
    """
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise CallError(f"日期「{text[:20]}」看不懂，请写成 2026-11-01 这样") from error
