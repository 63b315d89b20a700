"""``kaoping export``: what was collected, for other programs and for paper."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

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
    "--out", type=click.Path(path_type=Path, file_okay=False), required=True, metavar="PATH", help="写到哪个文件夹。"
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
    out.mkdir(parents=True, exist_ok=True)
    for name, facts in files.items():
        safe = name.replace("/", "／").replace("\\", "＼")
        (out / safe).write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    click.echo(f"已写 {len(files)} 个 {what} 文件到 {out}")


def _plain(fact: Any) -> Any:
    if isinstance(fact, dict):
        return {key: _plain(part) for key, part in fact.items()}
    return fact if isinstance(fact, bool | str) else exact_number(fact)
