"""``kaoping rubric``: the rubrics that are there, what one asks, what is wrong with a file, what changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from bot.options import as_json_option, ident_argument, overlay_option, parse_readings, reading_option
from rubrics import loader
from rubrics.figures import exact_number, plain
from rubrics.kinds import Tiers
from rubrics.model import Criterion, Item, Rubric
from rubrics.records import plain_data


@click.group()
def rubric() -> None:
    """评分细则：列表、内容、检查、比较。"""


@rubric.command("list")
@as_json_option
def list_rubrics(as_json: bool) -> None:
    """列出全部评分细则。"""
    rubrics = [loader.load(ident) for ident in loader.rubric_ids()]
    if as_json:
        rows = [
            {
                "id": r.id,
                "title": r.title,
                "items": len(r.items),
                "criteria": len(r.criteria),
                "total": exact_number(r.total),
            }
            for r in rubrics
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for r in rubrics:
        total = f"{plain(r.total)} 分" if r.total is not None else "不计总分"
        click.echo(f"{r.id}  {r.title}  {len(r.items)} 项 {len(r.criteria)} 条  {total}")


@rubric.command("show")
@ident_argument
@as_json_option
@reading_option
@overlay_option
def show(ident: str, as_json: bool, readings: tuple[str, ...], overlay: Path | None) -> None:
    """显示一份细则：问题、分值、出处和读法。"""
    shown = loader.load_with(ident, parse_readings(readings), overlay)
    if as_json:
        click.echo(json.dumps(rubric_json(shown), ensure_ascii=False, indent=2))
        return
    for line in _shown(shown):
        click.echo(line)


@rubric.command("check")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
@as_json_option
def check(files: tuple[Path, ...], as_json: bool) -> None:
    """检查细则（不写 FILE 则检查自带的全部）：印错的分值、漏写的出处、重复的编号。有读法说明的问题不算错。"""
    from rubrics import lint

    paths = files or [loader.DATA / f"{ident}.yaml" for ident in loader.rubric_ids()]
    rows = [(problem, finding) for path in paths for problem, finding in lint.check(path)]
    open_rows = [row for row in rows if row[1] is None or row[1].covered_by is None]
    if as_json:
        click.echo(
            json.dumps(
                [
                    {
                        "file": problem.file,
                        "line": problem.line,
                        "path": problem.path,
                        "code": finding.code if finding else "invalid",
                        "message": problem.message,
                        "covered_by": finding.covered_by if finding else None,
                    }
                    for problem, finding in rows
                ],
                ensure_ascii=False,
                indent=2,
            )
        )
    else:
        for problem, finding in rows:
            covered = finding.covered_by if finding else None
            click.echo(f"{problem}" + (f"（已由读法 {covered} 说明）" if covered else ""), err=not covered)
        click.echo(
            f"检查 {len(paths)} 份，发现 {len(rows)} 处，其中 {len(rows) - len(open_rows)} 处已有读法说明，{len(open_rows)} 处要改"
        )
    if open_rows:
        raise click.exceptions.Exit(2)


@rubric.command("diff")
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
@as_json_option
def diff(old: str, new: str, as_json: bool) -> None:
    """比较两份细则，逐项说明从 A 到 B 的变化。"""
    from rubrics.compare import compare

    changes = compare(loader.load(old), loader.load(new))
    if as_json:
        click.echo(json.dumps([change.as_json() for change in changes], ensure_ascii=False, indent=2))
        return
    words = {"same": "不变", "changed": "有变化", "new": "新增", "dropped": "取消"}
    for change in changes:
        ids = change.new or change.old
        if change.kind == "changed" and change.old != change.new:
            ids = f"{change.old} → {change.new}"
        click.echo(f"{ids} {change.label}：{words[change.kind]}")
        for detail in change.details:
            click.echo(f"    {detail}")


def rubric_json(rubric: Rubric) -> dict[str, Any]:
    """The public JSON form of a rubric."""
    return {
        "id": rubric.id,
        "title": rubric.title,
        "assessed": rubric.assessed,
        "source": plain_data(rubric.source),
        "total": exact_number(rubric.total),
        "bands": [{"grade": band.grade, "at_least": exact_number(band.at_least)} for band in rubric.bands],
        "items": [_item_json(item) for item in rubric.items],
        "readings": [
            {
                "id": r.id,
                "title": r.title,
                "note": r.note,
                "use": rubric.chosen.get(r.id, r.use),
                "options": {name: option.note for name, option in r.options.items()},
            }
            for r in rubric.readings
        ],
    }


def _item_json(item: Item) -> dict[str, Any]:
    row: dict[str, Any] = {"id": item.id, "title": item.title, "label": item.label, "role": item.role}
    if item.lead:
        row |= {"lead": list(item.lead), "cooperating": list(item.cooperating)}
    row |= {"points": exact_number(item.points), "source": item.source, "readings": list(item.readings)}
    return row | {"criteria": [_criterion_json(c) for c in item.criteria]}


def _criterion_json(criterion: Criterion) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": criterion.id,
        "ask": criterion.ask,
        "label": criterion.label,
        "kind": criterion.kind,
        "points": exact_number(criterion.score.points),
        "source": criterion.source,
        "readings": list(criterion.readings),
        "score": _plain(plain_data(criterion.score, brief=False)),
        "answer": _plain(plain_data(criterion.answer)),
        "proof": plain_data(criterion.proof, brief=False),
        "by": criterion.by,
    }
    if criterion.measures:
        row["combine"] = criterion.combine
        row["measures"] = [_plain(plain_data(m)) for m in criterion.measures]
    for key in ("entries", "target", "derived", "hand_down", "nature", "covers", "provider", "printed", "was"):
        if value := getattr(criterion, key):
            row[key] = _plain(plain_data(value))
    if criterion.na_allowed:
        row["na_allowed"] = True
    row["aliases"] = list(criterion.aliases)
    row["cadence"] = [plain_data(c) for c in criterion.cadence]
    return row


def _plain(value: Any) -> Any:
    """Builtins for JSON, figures as numbers."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value if isinstance(value, bool | str | int) or value is None else exact_number(value)


def _choices(criterion: Criterion) -> list[str]:
    """What a fact may name besides a plain value: tiers from 0, the keys of several measures, the count behind a yes."""
    score = criterion.score
    if isinstance(score, Tiers):
        return [f"{i} {tier.label}（{plain(tier.points)} 分）{tier.ask}" for i, tier in enumerate(score.tiers)]
    if criterion.entries and criterion.entries.at_least:
        return [f"至少 {criterion.entries.at_least} {criterion.entries.unit}{criterion.entries.noun}"]
    shown = []
    for m in criterion.measures:
        limit = f" {m.op} {plain(m.threshold)}{m.unit}" if m.threshold is not None else ""
        shown.append(f"“{m.key}”{limit} {m.ask}")
    return shown


def _shown(rubric: Rubric) -> list[str]:
    number = f"，{rubric.source.number}" if rubric.source.number else ""
    lines = [f"{rubric.id}  {rubric.title}", f"出处：{rubric.source.issuer}《{rubric.source.title}》{number}"]
    lines.append(f"考核对象：{rubric.assessed}")
    if rubric.bands:
        lines.append("等次：" + "，".join(f"{band.grade} {plain(band.at_least)} 分起" for band in rubric.bands))
    for item in rubric.items:
        points = f"（{plain(item.points)} 分）" if item.points is not None else ""
        lines += ["", f"第{item.id}项 {item.title}{points}  {item.source}"]
        for c in item.criteria:
            printed = f"  {c.printed}" if c.printed else ""
            marks = f"  读法 {'、'.join(c.readings)}" if c.readings else ""
            lines.append(f"  {c.id} {c.ask}  [{c.label}]{printed}  {c.source}{marks}")
            lines += [f"      {choice}" for choice in _choices(c)]
    lines += ["", "读法"]
    for reading in rubric.readings:
        lines.append(f"  {reading.id} {reading.title}：{reading.note}")
        used = rubric.chosen.get(reading.id, reading.use)
        lines += [
            f"      {'●' if name == used else '○'} {name} {option.note}" for name, option in reading.options.items()
        ]
    return lines
