"""``kaoping export --what pack``: the evidence pack of a campaign or of one unit, written beside a running serve."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.usage import CallError

if TYPE_CHECKING:
    from reports.pack import Pack, Wish
    from storage.database import Database

_EVERY = 100
"""After so many files the progress is said."""


def export_pack(code: str, unit: str | None, out: Path, wish: Wish) -> None:
    """Write the pack and say what is in it.

    Args:
        out: a file ``名字.zip``, or a folder that is there or whose parent is.

    Raises:
        CallError: a place that is not there.
        NotFoundError: no such campaign or unit.
    """
    from bot.data_commands import data_folder, reading
    from reports.pack_zip import write_pack
    from storage.data_folder import EVIDENCE
    from storage.files import FileStore

    pack, name = reading(lambda database: _collected(database, code, unit, wish))
    target = _target(out, name)
    packed = write_pack(pack, FileStore(data_folder() / EVIDENCE), target, _say)
    click.echo(f"已写 {packed.files} 份文件、{len(packed.pack.lines)} 行目录到 {target}")
    for line in packed.broken:
        click.echo(f"{line.unit} {line.clause} {line.sent_as}：{line.state}，没有放进包里", err=True)


async def _collected(database: Database, code: str, unit: str | None, wish: Wish) -> tuple[Pack, str]:
    from zoneinfo import ZoneInfo

    from bot.settings import load_settings
    from reports.pack import collect
    from reports.pack_names import name_of
    from storage import campaigns
    from storage.clock import utc_now

    campaign = await campaigns.find(database, code)
    async with database.read() as connection:
        unit_id = await campaigns.find_unit(connection, campaign.id, unit) if unit else None
        zone = ZoneInfo(load_settings().timezone)
        pack = await collect(connection, campaign, unit_id, utc_now(), zone, wish)
    whose = unit or "全部单位"
    return pack, f"{name_of(f'{campaign.code}_{whose}_佐证包')}.zip"


def _target(out: Path, name: str) -> Path:
    if not out.absolute().parent.is_dir():
        raise CallError(f"--out 的上一级文件夹 {out.absolute().parent} 不存在，请先建好，或换一个地方")
    if out.suffix.lower() == ".zip" and not out.is_dir():
        return out
    if out.exists() and not out.is_dir():
        raise CallError(f"--out 写的 {out} 是一个文件，请写文件夹，或写成 名字.zip")
    out.mkdir(exist_ok=True)
    return out / name


def _say(done: int, of: int) -> None:
    """On standard error, so that what is printed can be read by programs."""
    if of > _EVERY and (done % _EVERY == 0 or done == of):
        click.echo(f"{done}/{of}", err=True)
