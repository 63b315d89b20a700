"""Options and arguments that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

from bot.usage import CallError

as_json_option = click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
reading_option = click.option(
    "--reading", "readings", multiple=True, metavar="读法=选项", help="切换一个读法，可重复。"
)
overlay_option = click.option(
    "--overlay", type=click.Path(path_type=Path), metavar="FILE", help="年度细则文件（权重、达标线等）。"
)
ident_argument = click.argument("ident", metavar="ID")


def parse_readings(pairs: tuple[str, ...]) -> dict[str, str]:
    """``("T6=base100",)`` → ``{"T6": "base100"}``.

    Raises:
        CallError: a pair without ``=``.
    """
    chosen = {}
    for pair in pairs:
        name, sign, option = pair.partition("=")
        if not sign or not name or not option:
            raise CallError(f"--reading 要写成 读法=选项，例如 T6=base100；写的是「{pair}」")
        chosen[name] = option
    return chosen
