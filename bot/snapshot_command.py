"""``kaoping snapshot``: the scores of a campaign, numbered and kept as they are now."""

from __future__ import annotations

import json

import click

from bot.options import as_json_option


@click.command()
@click.option("--campaign", "code", required=True, metavar="C", help="考核编号，见 kaoping campaign list。")
@click.option("--name", default="", metavar="N", help="快照的名字，例如 初评。")
@as_json_option
def snapshot(code: str, name: str, as_json: bool) -> None:
    """把一个考核现在的得分和依据存成一份编号的快照，以后看都一样；看用 kaoping scores --snapshot。"""
    from bot.data_commands import data_folder
    from bot.writing import change

    made = change(data_folder(), "snapshot", {"campaign": code, "name": name})
    if as_json:
        click.echo(json.dumps(made, ensure_ascii=False))
    else:
        named = f"「{made['name']}」" if made["name"] else ""
        click.echo(f"已做第 {made['snapshot']} 号快照{named}，校验码 {made['sha256'][:12]}")
