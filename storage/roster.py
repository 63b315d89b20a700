"""The roster of a campaign: one xlsx, one row a unit; mistakes are told by cell, and nothing is half imported."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from rubrics.figures import plain
from rubrics.model import Criterion, Rubric
from storage.errors import RosterError

COLUMNS = ("单位", "类别", "简称", "联络员")
NAME_LIMIT = 60
ROW_LIMIT = 20_000


class Target(NamedTuple):
    """A task handed down to the unit of its row."""

    rubric_id: str
    criterion_id: str
    figure: Decimal


class RosterUnit(NamedTuple):
    """One row."""

    name: str
    category: str
    aliases: tuple[str, ...]
    liaisons: tuple[str, ...]
    targets: tuple[Target, ...]


class _Column(NamedTuple):
    """A target's column: where it stands and the criterion it hands down."""

    position: int
    rubric: Rubric
    criterion: Criterion


def read_roster(path: Path, rubrics: Sequence[Rubric], name: str = "") -> list[RosterUnit]:
    """The units of a roster file.

    Args:
        name: what the sender called the file, where the path says nothing to them.

    Raises:
        RosterError: everything wrong with it, by row and column.
    """
    rows = _rows(path, name or str(path))
    problems: list[str] = []
    columns = _header(rows[0] if rows else (), rubrics, problems)
    if len(rows) > ROW_LIMIT + 1 and any(_text(cell) for cell in rows[-1]):
        problems.append(f"花名册最多 {ROW_LIMIT} 个单位，第{len(rows)}行起没有读，请分成几份")
    units: list[RosterUnit] = []
    seen: dict[str, int] = {}
    for number, row in enumerate(rows[1:], start=2):
        if any(_text(cell) for cell in row):
            unit = _unit(row, number, columns, rubrics, problems)
            for name in (unit.name, *unit.aliases):
                if name and name in seen:
                    problems.append(f"第{number}行：「{name}」在第{seen[name]}行已经用过，单位名和简称不能重复")
                seen.setdefault(name, number)
            units.append(unit)
    if not units and not problems:
        problems.append("花名册里没有单位，请从第2行起一行写一个单位")
    if problems:
        raise RosterError(problems)
    return units


def write_template(path: Path, rubrics: Sequence[Rubric]) -> None:
    """An empty roster with the columns these rubrics can use."""
    from openpyxl import Workbook  # openpyxl costs more than the rest of this command
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "花名册"
    targets = [f"{r.id}:{c.id}" for r in rubrics for c in r.criteria.values() if c.target]
    sheet.append([*COLUMNS, *targets])
    for index, width in enumerate((18, 10, 24, 24, *(26 for _ in targets)), start=1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.freeze_panes = "B2"
    notes = book.create_sheet("说明")
    for line in _notes(rubrics):
        notes.append(list(line))
    notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 28, 70
    book.save(path)


def _notes(rubrics: Sequence[Rubric]) -> Iterator[tuple[str, str]]:
    yield "单位", "必填，全称，不能重复"
    yield "类别", "必填，可填：" + "、".join(_categories(rubrics))
    yield "简称", "别的叫法，用、隔开，可以不填"
    yield "联络员", "姓名，用、隔开，可以不填"
    for rubric in rubrics:
        for criterion in rubric.criteria.values():
            if criterion.target:
                yield f"{rubric.id}:{criterion.id}", f"{criterion.label}，下达数（{criterion.target.unit}），可以不填"


def _categories(rubrics: Sequence[Rubric]) -> list[str]:
    return list(dict.fromkeys(category for rubric in rubrics for category in rubric.categories))


# What openpyxl and the libraries beneath it raise for one damaged byte or another (found by damaging rosters).
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,  # of both XML parsers
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
    OSError,
    RuntimeError,  # encrypted, or a compression nobody uses
)


def _rows(path: Path, name: str) -> list[tuple[Any, ...]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        # The file is ours to close: openpyxl leaves it open where it fails, and asks a path for its ending.
        with path.open("rb") as file, closing(load_workbook(file, read_only=True, data_only=True)) as book:
            sheet = book.worksheets[0]
            return [tuple(row) for row in sheet.iter_rows(values_only=True, max_row=ROW_LIMIT + 2)]
    except FileNotFoundError as error:
        raise RosterError([f"没有文件「{name}」，请检查路径"]) from error
    except (InvalidFileException, *_DAMAGED) as error:
        raise RosterError([f"「{name}」不是能打开的 xlsx 表格，请用 Excel 或 WPS 另存为 .xlsx"]) from error


def _header(row: Sequence[Any], rubrics: Sequence[Rubric], problems: list[str]) -> list[_Column]:
    titles = [_text(cell) for cell in row]
    for index, wanted in enumerate(COLUMNS):
        if index >= len(titles) or titles[index] != wanted:
            problems.append(f"第1行第{index + 1}列要写「{wanted}」，可以先用 kaoping campaign template 生成一份空表")
    by_id = {rubric.id: rubric for rubric in rubrics}
    columns: list[_Column] = []
    for index, title in enumerate(titles[len(COLUMNS) :], start=len(COLUMNS)):
        if not title:
            continue
        rubric_id, _, criterion_id = title.partition(":")
        rubric = by_id.get(rubric_id)
        criterion = rubric.criteria.get(criterion_id) if rubric else None
        if rubric is None or criterion is None or criterion.target is None:
            problems.append(f"第1行第{index + 1}列「{title}」不是本考核可以下达任务的要点，要写成 细则编号:要点编号")
        elif any((c.rubric.id, c.criterion.id) == (rubric_id, criterion_id) for c in columns):
            problems.append(f"第1行第{index + 1}列「{title}」写了两遍，留一列")
        else:
            columns.append(_Column(index, rubric, criterion))
    return columns


def _unit(
    row: Sequence[Any], number: int, columns: Iterable[_Column], rubrics: Sequence[Rubric], problems: list[str]
) -> RosterUnit:
    name, category, aliases, liaisons = (_text(row[i]) if i < len(row) else "" for i in range(len(COLUMNS)))
    known = _categories(rubrics)
    if not name:
        problems.append(f"第{number}行：没有写单位名")
    if category not in known:
        problems.append(f"第{number}行 {name}：类别「{category}」没有对应的细则，可填：{'、'.join(known)}")
    problems += [
        f"第{number}行：「{part[:20]}…」有 {len(part)} 个字，最多 {NAME_LIMIT} 个字"
        for part in (name, *_split(aliases), *_split(liaisons))
        if len(part) > NAME_LIMIT
    ]
    targets = []
    for column in columns:
        cell = row[column.position] if column.position < len(row) else None
        if _text(cell):
            figure = _figure(cell)
            title = f"第{number}行 {name} {column.rubric.id}:{column.criterion.id}"
            if figure is None:
                problems.append(f"{title}：「{_text(cell)[:20]}」要填不小于 0 的数字")
            elif category in known and category not in column.rubric.categories:
                problems.append(f"{title}：这份细则不考核{category}，请把这一格空着")
            else:
                targets.append(Target(column.rubric.id, column.criterion.id, figure))
    return RosterUnit(name, category, _split(aliases), _split(liaisons), tuple(targets))


def _figure(cell: Any) -> Decimal | None:
    try:
        figure = Decimal(_text(cell))
    except ArithmeticError:
        return None
    return Decimal(plain(figure)) if figure.is_finite() and 0 <= figure < 10**9 else None


def _split(text: str) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(part.strip() for part in text.replace("，", "、").replace(",", "、").split("、") if part.strip())
    )


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()
