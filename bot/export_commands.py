"""``kaoping export``: what was collected, for other programs and for paper."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.usage import CallError
from rubrics.figures import exact_number

if TYPE_CHECKING:
    from storage.database import Database


@click.command()
@click.option("--campaign", "code", required=True, metavar="C", help="考核编号，见 kaoping campaign list。")
@click.option(
    "--what", type=click.Choice(["facts"]), required=True, help="导出什么：facts 是 kaoping score 能读的事实。"
)
@click.option("--unit", metavar="U", help="只导出一个单位（全称或简称）。")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    metavar="PATH",
    help="写到哪个文件夹；只有一个文件时可以写成 名字.json。",
)
def export(code: str, what: str, unit: str | None, out: Path) -> None:
    """导出各单位填报的事实，一个单位一套细则一个文件。"""
    from bot.data_commands import reading
    from storage import campaigns, editions, scorecards, unit_facts

    async def read(database: Database) -> dict[str, Any]:
        campaign = await campaigns.find(database, code)
        async with database.read() as connection:
            only = await campaigns.find_unit(connection, campaign.id, unit) if unit else None
            rows = await scorecards.summary_in(connection, campaign.id)
            rubrics = {rubric.id: rubric for rubric in await editions.of_campaign(connection, campaign.id)}
            found = {}
            for row in rows:
                if only in (None, row.unit_id):
                    known = await unit_facts.of_unit(connection, row.unit_id, rubrics[row.rubric_id])
                    facts = {ident: _plain(fact) for ident, fact in known.claimed.items()}
                    found[f"{row.unit}.{row.rubric_id}.json"] = facts
        return found

    files = reading(read)
    for path, facts in _paths(out, files).items():
        path.write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    click.echo(f"已写 {len(files)} 个 {what} 文件到 {out}")


def _paths(out: Path, files: dict[str, Any]) -> dict[Path, Any]:
    """Where each file goes: one of them to a name that is given, else all into a folder, made where its parent is there.

    Raises:
        CallError: several files for one name, or a folder in a place that is not there.
    """
    if not out.absolute().parent.is_dir():
        raise CallError(f"--out 的上一级文件夹 {out.absolute().parent} 不存在，请先建好，或换一个地方")
    if out.suffix.lower() == ".json" and not out.is_dir():
        if len(files) != 1:
            raise CallError(
                f"要写 {len(files)} 个文件，--out 不能是一个文件 {out}；请写文件夹，或加 --unit 只导出一个单位"
            )
        return {out: next(iter(files.values()))}
    if out.exists() and not out.is_dir():
        raise CallError(f"--out 写的 {out} 是一个文件，请写文件夹，或写成 名字.json")
    out.mkdir(exist_ok=True)
    return {out / name.replace("/", "／").replace("\\", "＼"): facts for name, facts in files.items()}


def _plain(fact: Any) -> Any:
    if isinstance(fact, dict):
        return {key: _plain(part) for key, part in fact.items()}
    return fact if isinstance(fact, bool | str) else exact_number(fact)
