"""``kaoping match``: what a message, a caption or a file's name says about which clauses."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.options import as_json_option, ident_argument, overlay_option, parse_readings, reading_option
from bot.usage import CallError
from rubrics import loader
from rubrics.figures import json_number, plain
from rubrics.model import Rubric

if TYPE_CHECKING:
    from rubrics.matching import Match

_DECIDED = {"sure": "直接记下", "ask": "要问一下"}


@click.command("match")
@ident_argument
@click.argument("text", metavar="TEXT...", nargs=-1)
@click.option(
    "--lines", type=click.Path(path_type=Path), metavar="FILE", help="逐行读这个文件，- 表示标准输入；一行一个结果。"
)
@click.option("--at", metavar="DATE", help="按哪一天读，如 2026-06-30；默认今天。")
@as_json_option
@reading_option
@overlay_option
def match(
    ident: str, text: tuple[str, ...], lines: Path | None, at: str | None, as_json: bool,
    readings: tuple[str, ...], overlay: Path | None,
) -> None:  # fmt: skip
    """从一句话、图片说明或文件名里找出说的是哪个要点、什么值。"""
    if bool(text) == (lines is not None):
        raise CallError("要么写 TEXT，要么写 --lines FILE，两样写一样")
    day = _day(at)
    rubric = loader.load_with(ident, parse_readings(readings), overlay)
    from rubrics.matching import Matcher

    matcher = Matcher(rubric)
    messages = [" ".join(text)] if lines is None else _lines(lines)
    for number, message in enumerate(messages, start=1):
        facts = matcher.match(message, day)
        if as_json:
            click.echo(json.dumps({"facts": [fact_json(fact) for fact in facts]}, ensure_ascii=False))
        else:
            heading = [f"【第{number}行】{message[:40]}"] if lines is not None else []
            click.echo("\n".join(heading + _shown(rubric, facts)))


def fact_json(fact: Match) -> dict[str, Any]:
    """The public JSON form of one fact found."""
    return {
        "criterion": fact.criterion,
        "value": json_number(fact.value) if isinstance(fact.value, Decimal) else fact.value,
        "candidates": list(fact.candidates),
        "decision": fact.decision,
    }


def _shown(rubric: Rubric, facts: tuple[Match, ...]) -> list[str]:
    if not facts:
        return ["没有找到相关的要点"]
    rows = []
    for fact in facts:
        criterion = rubric.criteria[fact.criterion]
        rows.append(f"{criterion.id} {criterion.label}：{_value(fact.value)}（{_DECIDED[fact.decision]}）")
        others = [f"{ident} {rubric.criteria[ident].label}" for ident in fact.candidates[1:]]
        if others:
            rows.append(f"    也可能是：{'、'.join(others)}")
    return rows


def _value(value: bool | Decimal | None) -> str:
    if value is None:
        return "没有说明"
    return ("是" if value else "否") if isinstance(value, bool) else plain(value)


def _day(at: str | None) -> date:
    if at is None:
        return datetime.now().astimezone().date()
    try:
        return date.fromisoformat(at)
    except ValueError as error:
        raise CallError(f"--at 要写成 2026-06-30 这样的日期，写的是「{at[:20]}」") from error


def _lines(path: Path) -> list[str]:
    try:
        data = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except FileNotFoundError as error:
        raise CallError(f"没有文件「{path}」，--lines 后面写一个文本文件") from error
    except IsADirectoryError as error:
        raise CallError(f"「{path}」是一个文件夹，--lines 后面写一个文本文件") from error
    try:
        return data.decode("utf-8-sig").removesuffix("\n").split("\n") if data else []
    except UnicodeDecodeError as error:
        raise CallError(f"「{path}」不是 UTF-8 文本，请另存为 UTF-8") from error
