"""``kaoping serve`` and ``kaoping scores``: the bot itself, and where everybody stands.

What only these commands need is imported by them: scoring must start in a fraction of a second.
"""

from __future__ import annotations

import errno
import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.importing import many_imports
from bot.options import as_json_option
from bot.usage import CallError
from rubrics.figures import exact_number, plain

if TYPE_CHECKING:
    from bot.settings import Settings
    from storage.database import Database
    from storage.scorecards import Figures, SummaryRow

ZERO = Decimal(0)


@click.command()
def serve() -> None:
    """运行机器人（网页聊天，设了令牌还有 Telegram），按 Ctrl-C 停止；填过的都在数据文件夹里。"""
    with many_imports():
        import asyncio

        from bot.settings import load_settings
        from bot.writing import the_only_serve
        from storage.data_folder import database_path

        settings = load_settings()
    path = database_path(settings.data_dir)
    with the_only_serve(settings.data_dir):
        try:
            asyncio.run(_serve(settings, path))
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL}:
                raise
            raise CallError(
                f"端口被占用或不允许使用：请检查 KAOPING_WEB_HOST、KAOPING_WEB_PORT（{settings.web_port}）和"
                f" KAOPING_TELEGRAM_WEBHOOK_PORT（{settings.telegram_webhook_port}），或先停掉占用它的程序"
            ) from error


async def _serve(settings: Settings, path: Path) -> None:
    with many_imports():
        import asyncio
        from zoneinfo import ZoneInfo

        from bot.serve import Page, Service, local_url, telegram, until_stopped
        from storage.clock import utc_now

        zone, most = ZoneInfo(settings.timezone), settings.max_file_mb * 1024 * 1024
        more = [telegram(settings)] if settings.telegram_token.get_secret_value() else []
        per_minute = settings.web_messages_per_minute
        page = Page(settings.web_host, settings.web_port, settings.web_public_url, per_minute)
    service = Service(path, utc_now, zone, page, most, more=more)

    async def announce(name: str) -> None:
        await service.started(name)
        url = local_url(settings.web_host, service.web.port)
        click.echo(f"网页聊天在 {url}，Ctrl-C 停止" if name == service.web.name else "Telegram 机器人已接通")

    announcing = [asyncio.ensure_future(announce(name)) for name in service.channels]
    try:
        await until_stopped(service)
    finally:
        for task in announcing:
            task.cancel()


@click.command()
@click.option("--campaign", "code", required=True, metavar="C", help="考核编号，见 kaoping campaign list。")
@click.option("--unit", metavar="U", help="只看一个单位（全称或简称）。")
@click.option(
    "--snapshot", "number", type=click.IntRange(min=1), metavar="N", help="看第几号快照里的得分，不看现在的。"
)
@as_json_option
def scores(code: str, unit: str | None, number: int | None, as_json: bool) -> None:
    """各单位的三种得分（自报、有材料、已核），按花名册的顺序；现在的，或一份快照里的。"""
    from bot.data_commands import reading
    from storage import campaigns, scorecards, snapshots

    async def read(database: Database) -> list[SummaryRow]:
        campaign = await campaigns.find(database, code)
        async with database.read() as connection:
            only = await campaigns.find_unit(connection, campaign.id, unit) if unit else None
            if number is None:
                rows = await scorecards.summary_in(connection, campaign.id)
            else:
                found = await snapshots.find_in(connection, campaign.id, number)
                rows = await snapshots.rows_in(connection, found)
        return [row for row in rows if only in (None, row.unit_id)]

    rows = reading(read)
    if as_json:
        click.echo(json.dumps([_row_json(row) for row in rows], ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo("  ".join(_row_words(row)))


def _row_words(row: SummaryRow) -> list[str]:
    """A unit under a rubric in a line: three totals, what lacks proof, and the claimed points by item."""
    three = (("已核", row.verified), ("有材料", row.proven), ("自报", row.claimed))
    words = [row.unit, row.rubric_id]
    if row.claimed.total is None:
        words += [f"{name} 完成 {_complete(figures)} 行" for name, figures in three]
    else:
        words += [f"{name} {plain(figures.total or ZERO)}" for name, figures in three]
        words[-1] += f"/{plain(row.claimed.max or ZERO)}"
    if row.lacking:
        words.append(f"需补充 {row.lacking}")
    items = " ".join(f"{ident}:{plain(points)}" for ident, points in row.claimed.items.items())
    return [*words, items] if items else words


def _complete(figures: Figures) -> int:
    return sum(done == of for done, of in figures.rows.values())


def _row_json(row: SummaryRow) -> dict[str, Any]:
    return {
        "unit": row.unit,
        "category": row.category,
        "rubric": row.rubric_id,
        "claimed": _figures_json(row.claimed),
        "proven": _figures_json(row.proven),
        "verified": _figures_json(row.verified),
        "answered": row.answered,
        "lacking": row.lacking,
        "reviewed": row.reviewed,
        "of": row.of,
        "updated_at": row.updated_at.isoformat() if row.updated_at else None,
    }


def _figures_json(figures: Figures) -> dict[str, Any]:
    return {
        "items": {ident: exact_number(points) for ident, points in figures.items.items()},
        "bonus": exact_number(figures.bonus),
        "total": exact_number(figures.total),
        "max": exact_number(figures.max),
        "grade": figures.grade,
        "rows": {ident: {"done": done, "of": of} for ident, (done, of) in figures.rows.items()},
    }
