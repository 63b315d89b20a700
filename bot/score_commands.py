"""``kaoping score`` and ``kaoping grade``: facts to points with reasons, a total to its band."""

from __future__ import annotations

import json
import sys
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from bot.options import as_json_option, ident_argument, overlay_option, parse_readings, reading_option
from bot.usage import CallError
from rubrics import loader
from rubrics.breakdown import Breakdown
from rubrics.engine import Plan
from rubrics.errors import FactError
from rubrics.facts import MOST_DECIMALS, parse_facts, read_documents
from rubrics.figures import json_number, plain, two_decimals
from rubrics.grades import grade_of
from rubrics.model import Rubric


@click.command()
@ident_argument
@click.argument("facts", metavar="FACTS")
@as_json_option
@reading_option
@overlay_option
def score(ident: str, facts: str, as_json: bool, readings: tuple[str, ...], overlay: Path | None) -> None:
    """按事实计分，逐条说明理由。FACTS：文件路径、- 表示标准输入，或以 { 开头的 JSON。"""
    plan = Plan(loader.load_with(ident, parse_readings(readings), overlay))
    failed = False
    for document in read_documents(_text(facts)):
        try:
            if isinstance(document.value, FactError):
                raise document.value
            breakdown = plan.score(parse_facts(plan.rubric, document.value))
        except FactError as error:
            failed = True
            sentence = str(document.error(error))
            click.echo(sentence, err=True)
            if as_json:
                click.echo(json.dumps({"error": sentence}, ensure_ascii=False))
            continue
        if as_json:
            click.echo(json.dumps(breakdown.as_json(), ensure_ascii=False))
        else:
            heading = [f"【第{document.line}行】"] if document.line else []
            click.echo("\n".join(heading + _shown(breakdown)))
    if failed:
        raise click.exceptions.Exit(2)


@click.command()
@ident_argument
@click.argument("total", metavar="TOTAL")
@click.option("--veto", is_flag=True, help="发生一票否决或不予受理的情形。")
@as_json_option
@reading_option
def grade(ident: str, total: str, veto: bool, as_json: bool, readings: tuple[str, ...]) -> None:
    """说出一个总分的等次。"""
    rubric = loader.load_with(ident, parse_readings(readings))
    if not rubric.bands:
        raise CallError(f"「{rubric.id}」没有等次，只有分数，不能用 kaoping grade")
    figure = _total(rubric, total)
    band = grade_of(rubric, Fraction(figure), veto=veto, barred=veto)
    if as_json:
        click.echo(json.dumps({"rubric": rubric.id, "total": json_number(figure), "grade": band}, ensure_ascii=False))
    else:
        click.echo(f"{plain(figure)} 分：{band}")


def _total(rubric: Rubric, text: str) -> Decimal:
    try:
        figure = Decimal(text)
    except InvalidOperation:
        figure = Decimal("NaN")
    most = (rubric.total or Decimal(0)) + sum(
        (i.points or Decimal(0) for i in rubric.items if i.role == "bonus"), Decimal(0)
    )
    if not _is_plausible(figure) or not 0 <= figure <= most:
        raise CallError(f"TOTAL 要填 0 到 {plain(most)} 之间的分数，写的是「{text[:40]}」")
    return figure


def _is_plausible(figure: Decimal) -> bool:
    exponent = figure.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -MOST_DECIMALS


def _text(facts: str) -> str:
    if facts.lstrip().startswith("{"):
        return facts
    try:
        data = sys.stdin.buffer.read() if facts == "-" else Path(facts).read_bytes()
    except FileNotFoundError as error:
        raise CallError(f"没有文件「{facts}」：FACTS 写文件路径、- 或以 {{ 开头的 JSON") from error
    except IsADirectoryError as error:
        raise CallError(f"「{facts}」是一个文件夹，FACTS 要写文件路径") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CallError(f"「{facts}」不是 UTF-8 文本，请另存为 UTF-8 的 JSON") from error


def _shown(breakdown: Breakdown) -> list[str]:
    shown: dict[str, Any] = breakdown.as_json()
    items = {row["item"]: row for row in shown["item_lines"]}
    lines = []
    for item in breakdown.rubric.items:
        row = items.get(item.id)
        head = f"第{item.id}项 {item.title}" if item.role in {"scored", "task"} else item.title
        lines.append(f"{head}：{row['points']}/{row['of']} 分（{row['why']}）" if row else head)
        own = {c.id for c in item.criteria}
        for line in shown["lines"]:
            if line["criterion"] in own:
                points = "" if line["points"] is None else f"{line['points']} 分  "
                lines.append(f"  {line['criterion']}  {points}{line['why']}")
    for ident, row in shown.get("rows", {}).items():
        lines.append(f"第{ident}行：{row['done']}/{row['of']}{'，完成' if row['complete'] else ''}")
    if breakdown.total is not None:
        lines.append(
            f"总分 {plain(two_decimals(breakdown.total))} / {shown['max']}"
            + (f"，等次 {shown['grade']}" if shown["grade"] else "")
        )
    lines += shown["notes"]
    if shown["open"]:
        lines.append("还能得分：")
        lines += [
            f"  {gain.get('criterion') or '第' + gain['item'] + '项'}  {gain['advice']}" for gain in shown["open"]
        ]
    return lines
