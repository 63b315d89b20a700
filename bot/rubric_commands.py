"""``kaoping rubric``: the rubrics that are there, what one asks, what is wrong with a file, what changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from rubrics import loader
from rubrics.errors import UnknownRubricError
from rubrics.figures import plain
from rubrics.model import Criterion, Item, Rubric

app = typer.Typer(help="评分细则：列表、内容、检查、比较。", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="输出 JSON。")]


@app.command("list")
def list_rubrics(as_json: Json = False) -> None:
    """列出全部评分细则。"""
    rubrics = [loader.load(ident) for ident in loader.rubric_ids()]
    if as_json:
        rows = [
            {
                "id": r.id,
                "title": r.title,
                "items": len(r.items),
                "criteria": len(r.criteria),
                "total": _number(r.total),
            }
            for r in rubrics
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for r in rubrics:
        total = f"{plain(r.total)} 分" if r.total is not None else "不计总分"
        typer.echo(f"{r.id}  {r.title}  {len(r.items)} 项 {len(r.criteria)} 条  {total}")


@app.command("show")
def show(
    ident: Annotated[str, typer.Argument(metavar="ID", help="细则编号，见 kaoping rubric list。")],
    as_json: Json = False,
    reading: Annotated[
        list[str] | None, typer.Option("--reading", metavar="读法=选项", help="切换一个读法，可重复。")
    ] = None,
    overlay: Annotated[Path | None, typer.Option("--overlay", metavar="FILE", help="年度细则文件。")] = None,
) -> None:
    """显示一份细则：问题、分值、出处和读法。"""
    rubric = loader.load_with(ident, parse_readings(reading), overlay)
    if as_json:
        typer.echo(json.dumps(rubric_json(rubric), ensure_ascii=False, indent=2))
        return
    for line in _shown(rubric):
        typer.echo(line)


@app.command("check")
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]...", help="细则文件；不写则检查自带的全部。")
    ] = None,
    as_json: Json = False,
) -> None:
    """检查细则：印错的分值、漏写的出处、重复的编号。有读法说明的问题不算错。"""
    from rubrics import lint

    paths = files or [loader.DATA / f"{ident}.yaml" for ident in loader.rubric_ids()]
    rows = [(problem, finding) for path in paths for problem, finding in lint.check(path)]
    open_rows = [row for row in rows if row[1] is None or row[1].covered_by is None]
    if as_json:
        typer.echo(
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
            typer.echo(f"{problem}" + (f"（已由读法 {covered} 说明）" if covered else ""), err=not covered)
        typer.echo(
            f"检查 {len(paths)} 份，发现 {len(rows)} 处，其中 {len(rows) - len(open_rows)} 处已有读法说明，{len(open_rows)} 处要改"
        )
    if open_rows:
        raise typer.Exit(2)


@app.command("diff")
def diff(
    old: Annotated[str, typer.Argument(metavar="A", help="旧的细则编号。")],
    new: Annotated[str, typer.Argument(metavar="B", help="新的细则编号。")],
    as_json: Json = False,
) -> None:
    """比较两份细则，逐项说明变化。"""
    from rubrics.compare import compare

    changes = compare(loader.load(old), loader.load(new))
    if as_json:
        typer.echo(json.dumps([change.as_json() for change in changes], ensure_ascii=False, indent=2))
        return
    words = {"same": "不变", "changed": "有变化", "new": "新增", "dropped": "取消"}
    for change in changes:
        ids = change.new or change.old
        if change.kind == "changed" and change.old != change.new:
            ids = f"{change.old} → {change.new}"
        typer.echo(f"{ids} {change.label}：{words[change.kind]}")
        for detail in change.details:
            typer.echo(f"    {detail}")


def parse_readings(pairs: list[str] | None) -> dict[str, str]:
    """``["T6=base100"]`` → ``{"T6": "base100"}``.

    Raises:
        UnknownRubricError: a pair without ``=``.
    """
    chosen = {}
    for pair in pairs or []:
        name, sign, option = pair.partition("=")
        if not sign or not name or not option:
            raise UnknownRubricError(f"--reading 要写成 读法=选项，例如 T6=base100；写的是「{pair}」")
        chosen[name] = option
    return chosen


def rubric_json(rubric: Rubric) -> dict[str, Any]:
    """The public JSON form of a rubric."""
    return {
        "id": rubric.id,
        "title": rubric.title,
        "assessed": rubric.assessed,
        "source": rubric.source.model_dump(exclude_none=True),
        "total": _number(rubric.total),
        "bands": [{"grade": band.grade, "at_least": _number(band.at_least)} for band in rubric.bands],
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
    row |= {"points": _number(item.points), "source": item.source, "readings": list(item.readings)}
    return row | {"criteria": [_criterion_json(c) for c in item.criteria]}


def _criterion_json(criterion: Criterion) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": criterion.id,
        "ask": criterion.ask,
        "label": criterion.label,
        "kind": criterion.kind,
        "points": _number(criterion.score.points),
        "source": criterion.source,
        "readings": list(criterion.readings),
        "score": _plain(criterion.score.model_dump(exclude_none=True)),
        "answer": _plain(criterion.answer.model_dump(exclude_defaults=True)),
        "proof": criterion.proof if criterion.proof == "none" else criterion.proof.model_dump(),
        "by": criterion.by,
    }
    if criterion.measures:
        row["combine"] = criterion.combine
        row["measures"] = [_plain(m.model_dump(exclude_defaults=True)) for m in criterion.measures]
    if criterion.na_allowed:
        row["na_allowed"] = True
    row["aliases"] = list(criterion.aliases)
    row["cadence"] = [c.model_dump(exclude_none=True) for c in criterion.cadence]
    return row


def _plain(value: Any) -> Any:
    """Builtins for JSON, figures as numbers."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value if isinstance(value, bool | str | int) or value is None else _number(value)


def _number(figure: Any) -> int | float | None:
    if figure is None:
        return None
    return int(figure) if figure == figure.to_integral_value() else float(figure)


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
    lines += ["", "读法"]
    for reading in rubric.readings:
        lines.append(f"  {reading.id} {reading.title}：{reading.note}")
        used = rubric.chosen.get(reading.id, reading.use)
        lines += [
            f"      {'●' if name == used else '○'} {name} {option.note}" for name, option in reading.options.items()
        ]
    return lines
