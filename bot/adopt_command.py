"""``kaoping campaign adopt``: the year's own rubric and tasks, taken whenever they are issued; shown first."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.options import as_json_option

if TYPE_CHECKING:
    from rubrics.model import Rubric
    from storage.adoption_wish import Wish
    from storage.database import Database

_FILE = click.Path(path_type=Path)
_KINDS = {"worth": "分值变了", "changed": "重填", "new": "新增", "dropped": "不再考"}


@click.command("adopt")
@click.option("--campaign", "code", required=True, metavar="C", help="考核编号，见 kaoping campaign list。")
@click.option("--rubric", "rubric_id", required=True, metavar="NEW", help="今年的细则编号；沿用就写现在的编号。")
@click.option("--instead-of", metavar="OLD", help="换下哪一份；只有一份可能时不用写。")
@click.option("--overlay", type=_FILE, metavar="FILE.yaml", help="年度细则文件，见 docs/rubric-format.md。")
@click.option("--targets", type=_FILE, metavar="FILE.xlsx", help="今年的目标任务，格式同花名册。")
@click.option("--yes", "sure", is_flag=True, help="真的换；不写就只看会怎样。")
@as_json_option
def adopt(
    code: str,
    rubric_id: str,
    instead_of: str | None,
    overlay: Path | None,
    targets: Path | None,
    sure: bool,
    as_json: bool,
) -> None:
    """换用今年的细则和目标：不变的条目连同填报、材料带过来，其余重填，什么都不丢；各单位收到一条消息。"""
    from bot.data_commands import data_folder
    from bot.writing import change
    from storage.adoption_wish import Wish

    asked: dict[str, Any] = {"campaign": code, "rubric": rubric_id, "instead_of": instead_of, "sure": sure}
    asked["overlay"] = None if overlay is None else _overlay(rubric_id, overlay)
    if targets is not None:
        asked["tasks"] = _tasks(code, Wish(rubric_id, instead_of, asked["overlay"]), targets)
    made = change(data_folder(), "campaign adopt", asked)
    click.echo(json.dumps(made, ensure_ascii=False) if as_json else "\n".join(_lines(made, sure=sure)))


def _overlay(rubric_id: str, path: Path) -> str:
    """The overlay's text, once it is known to fit: its mistakes are told by its own name."""
    from rubrics import loader
    from storage.adoption_wish import overlay_text

    loader.load_with(rubric_id, {}, path)
    return overlay_text(path.read_bytes(), path.name)


def _tasks(code: str, wish: Wish, path: Path) -> Any:
    """The rows of the sheet, for the rubrics the campaign will run."""
    import msgspec

    from bot.data_commands import reading
    from storage import adoption_wish, campaigns
    from storage.roster import read_roster

    async def rubrics(database: Database) -> tuple[Rubric, ...]:
        found = await campaigns.find(database, code)
        async with database.read() as connection:
            return await adoption_wish.rubrics_in(connection, found.id, wish)

    return msgspec.to_builtins(read_roster(path, reading(rubrics)))


def _lines(made: Mapping[str, Any], *, sure: bool) -> Iterator[str]:
    by_kind: dict[str, list[Mapping[str, Any]]] = {}
    for clause in made["clauses"]:
        by_kind.setdefault(clause["kind"], []).append(clause)
    same = f"沿用 {made['rubric']}" if made["from"] == made["rubric"] else f"{made['from']} → {made['rubric']}"
    overlaid = f"，加年度细则 {made['overlay']}" if made["overlay"] else ""
    yield f"考核 {made['campaign']}：{same}{overlaid}；不变 {len(by_kind.get('same', ()))} 条"
    for kind, name in _KINDS.items():
        for clause in by_kind.get(kind, ()):
            told = "；".join(clause["details"])
            yield f"{name}  {clause['new'] or clause['old']} {clause['label']}{f'  {told}' if told else ''}"
    for unit in made["units"]:
        yield _unit_line(unit)
    for one in made["rebook"]:
        yield f"要重新记  {one['unit']} {one['label']}（第 {one['fact_id']} 号）"
    if made["left_out"]:
        yield f"新细则不考核  {'、'.join(made['left_out'])}"
    yield f"已换用，已告诉 {made['told']} 位联络员" if sure else "只是试算，没有改；加 --yes 才换"


def _unit_line(unit: Mapping[str, Any]) -> str:
    words = [f"带过来填报 {unit['carried']} 条、材料 {unit['files']} 份"]
    words += [f"填过要重填 {unit['answered_before']} 条"] * bool(unit["answered_before"])
    words += [f"重新归类材料 {unit['loose']} 份"] * bool(unit["loose"])
    words += [f"新下达任务 {unit['tasks']} 项"] * bool(unit["tasks"])
    words += [f"自报 {unit['before']} → {unit['after']}"] * (unit["before"] != unit["after"])
    return f"{unit['unit']}  {'，'.join(words)}"
