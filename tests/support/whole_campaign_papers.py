"""The papers of a campaign read back by libraries that did not write them, and what the engine's figures print as."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Container, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import docx
import openpyxl
from talk import Person
from whole_campaign import TASKS, Books, Sheet, rows_of

from rubrics.breakdown import Breakdown
from rubrics.figures import plain, two_decimals
from rubrics.kinds import Bonus
from rubrics.model import Rubric

SCORED = {"实得分", "完成目标"}
"""The heads of the column with what a unit scored, in the three layouts."""


def sent(person: Person, act: Callable[[], Any]) -> dict[str, bytes]:
    """The files that came, by name, after somebody did something."""
    before = len(person.rows())
    act()
    files = [row["file"] for row in person.rows()[before:] if row["file"] and not row["mine"]]
    return {file["name"]: person.office.files.path_of(file["ref"]).read_bytes() for file in files}


def one(files: dict[str, bytes], ending: str) -> bytes:
    """The only file with this ending."""
    (content,) = (content for name, content in files.items() if name.endswith(ending))
    return content


def unzipped(content: bytes) -> dict[str, bytes]:
    """The members of a zip that is whole."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def grids(content: bytes, wanted: Container[str] = ()) -> dict[str, list[list[str]]]:
    """The sheets of a workbook, or those that are wanted, as printed texts; a formula would show as one."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    pages = [sheet for sheet in book if not wanted or sheet.title in wanted]
    found = {sheet.title: [[said(cell) for cell in row] for row in sheet.values] for sheet in pages}
    book.close()
    return found


def tables(content: bytes) -> list[list[list[str]]]:
    """The tables of a Word document."""
    opened = docx.Document(io.BytesIO(content))
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in opened.tables]


def paragraphs(content: bytes) -> list[str]:
    """The paragraphs of a Word document outside its tables."""
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]


def said(value: Any) -> str:
    """A cell as it is printed."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return plain(Decimal(str(value)))
    return "" if value is None else str(value)


def scored_column(grid: Sequence[Sequence[str]]) -> list[str]:
    """What stands in the column of the scores, from the first row beneath its head down to 合计."""
    head = next(y for y, row in enumerate(grid) if SCORED & set(row))
    x = next(x for x, words in enumerate(grid[head]) if words in SCORED)
    last = next(y for y, row in enumerate(grid) if y > head and row[0] == "合计")
    return [row[x] for row in grid[head + 1 : last + 1]]


# --- what the engine says, as printed -------------------------------------------------------------------------


def printed(value: Decimal | Fraction | int) -> str:
    """A figure, rounded once."""
    return plain(two_decimals(Fraction(value)))


def points(scored: Breakdown) -> dict[str, Fraction]:
    """The points of each item."""
    return {s.plan.item.id: Fraction(s.points) / Fraction(scored.plan.unit) for s in scored.items}


def expected_column(sheet: Sheet, scored: Breakdown) -> list[str]:
    """The column of the scores of a unit's official table: item by item, then the total."""
    if sheet.rubric is TASKS:
        return [f"{done}/{of}" for done, of in rows_of(sheet, scored).values()] + [total(sheet, scored)]
    return [*(printed(value) for value in points(scored).values()), total(sheet, scored)]


def total(sheet: Sheet, scored: Breakdown) -> str:
    """The total as every list of units has it; of a tasks table the rows that are complete."""
    if sheet.rubric is TASKS:
        rows = rows_of(sheet, scored).values()
        return f"{sum(done == of for done, of in rows)}/{len(rows)}"
    assert scored.total is not None
    return printed(scored.total)


def totals(books: Books, rubric: Rubric, score: str = "verified") -> dict[str, str]:
    """The totals of all units under a rubric, in roster order."""
    own = [sheet for sheet in books.sheets if sheet.rubric is rubric]
    return {sheet.unit: total(sheet, books.scored(sheet, score)) for sheet in own}


def most_lost(books: Books, rubric: Rubric) -> str:
    """The five items that most units lost points on, as leaders read them; a bonus not earned is no loss."""
    scored = [points(books.scored(sheet, "verified")) for sheet in books.sheets if sheet.rubric is rubric]
    found = []
    for item in (item for item in rubric.items if not all(isinstance(c.score, Bonus) for c in item.criteria)):
        of = Fraction(item.points or 0)
        missing = [of - own[item.id] for own in scored if own[item.id] < of]
        if missing:
            mean = sum(missing, Fraction(0)) / len(missing)
            found.append((-len(missing), -mean, f"{item.id} {item.title}，{len(missing)} 个单位", of))
    found.sort(key=lambda line: line[:2])
    return "；".join(f"{words}，平均差 {printed(-mean)}/{printed(of)} 分" for _, mean, words, of in found[:5])


def lacking(books: Books, sheet: Sheet) -> int:
    """How many clauses claim more than is proven."""
    claimed, proven = books.facts(sheet, "claimed"), books.facts(sheet, "proven")
    return sum(claimed.get(ident) != proven.get(ident) for ident in sheet.own)
