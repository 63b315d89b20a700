"""What does paper cost: a score picture, the official tables as xlsx and docx, and the check by another engine?

Asked: a score picture in a cold process at most 0.1 of matplotlib's time and 10 MB more than the floor; a styled
workbook at most twice bare xlsxwriter with the same cells; 21 Word sheets at most half of docxtpl's time; 0 of
1,000 × 44 cells of 校核 different when `formualizer` recalculates it. matplotlib and docxtpl are peers of this bench
only: where one cannot be imported, a sentence says so. `[units]` makes the check smaller or larger.
"""

from __future__ import annotations

import importlib.util
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import xlsxwriter
from official_tables import UNITS, made, scored
from recalculated import recalculated, units_of, workbook

from reports import official_sheet, official_word
from reports.official_layout import Layout
from reports.official_table import OfficialTable, cell
from reports.score_table import Done, shown

ROUNDS = 5
SHEETS = 21
ROOT = Path(__file__).parents[1]
FLOOR = "import jinja2, decimal, fractions, zoneinfo"
PICTURE = """
from decimal import Decimal
from reports.score_picture import pictures
from reports.score_table import Cell, Column, Range, Row, ScoreTable
columns = tuple(Column(str(n), "组织领导", Decimal(10)) for n in range(1, 11))
cells = tuple(Cell(Decimal("7.25"), n % 3 > 0) for n in range(10))
rows = (Row("龙虎塘街道", cells, Cell(Decimal("72.5")), Cell(Decimal(2)), Range(Decimal(40), Decimal("74.5"))),) * 21
table = ScoreTable("2011年各镇、街道质量振兴工作考核评分细则", "截至 11-21 15:00 · 已核 312/396", columns, rows)
assert all(picture.startswith(b"\\x89PNG") for picture in pictures(table))
"""
LAUNCHER = """
import os, sys, time
start = time.perf_counter()
child = os.spawnv(os.P_NOWAIT, sys.executable, [sys.executable, "-c", sys.argv[1]])
_, status, used = os.wait4(child, 0)
wall_ms = (time.perf_counter() - start) * 1e3
print([wall_ms, (used.ru_utime + used.ru_stime) * 1e3, used.ru_maxrss / 1024])
sys.exit(os.waitstatus_to_exitcode(status))
"""
MATPLOTLIB = """
import io
import matplotlib
matplotlib.use("Agg")
from matplotlib import font_manager, pyplot
import pylopdf_fonts_zh_cn
from pathlib import Path
font = next(Path(pylopdf_fonts_zh_cn.__file__).parent.rglob("*.[ot]tf"))
font_manager.fontManager.addfont(str(font))
pyplot.rcParams["font.family"] = font_manager.FontProperties(fname=str(font)).get_name()
figure, axes = pyplot.subplots(figsize=(10, 8))
axes.axis("off")
axes.set_title("2011年各镇、街道质量振兴工作考核评分细则")
axes.table([["龙虎塘街道", *["7.25"] * 10, "72.5", "2", "40–74.5"]] * 21, colLabels=["单位", *["组织领导"] * 10, "基本分", "加分", "合计"])
target = io.BytesIO()
figure.savefig(target, format="png", dpi=128)
assert target.getvalue().startswith(b"\\x89PNG")
"""


class Cost(NamedTuple):
    """What one process took from start to end: wall clock and processor in milliseconds, memory in MB."""

    wall_ms: float
    cpu_ms: float
    most_mb: float

    def __str__(self) -> str:
        return f"{self.wall_ms:.0f} ms ({self.cpu_ms:.0f} of processor), {self.most_mb:.0f} MB"


def cold(program: str) -> Cost:
    """Through a process that is small itself: a child's memory is counted from the fork on."""
    ran = subprocess.run([sys.executable, "-S", "-c", LAUNCHER, program], cwd=ROOT, capture_output=True, text=True)
    if ran.returncode:
        raise SystemExit(f"the measured program failed: {ran.stderr}")
    return Cost(*json.loads(ran.stdout))


def median_of(program: str) -> Cost:
    """Medians of the rounds, after one that warms the disk cache."""
    cold(program)
    return Cost(*map(statistics.median, zip(*(cold(program) for _ in range(ROUNDS)), strict=True)))


def beside(ours: Callable[[], object], peer: Callable[[], object]) -> tuple[float, float, float]:
    """Medians in milliseconds of processor time and of the ratio, taken in turns: both meet the same load."""
    pairs = [(_ms(ours), _ms(peer)) for _ in range(ROUNDS * 3)][1:]
    first, second = zip(*pairs, strict=True)
    return statistics.median(first), statistics.median(second), statistics.median(a / b for a, b in pairs)


def _ms(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1e3


def picture() -> None:
    floor, ours = median_of(FLOOR), median_of(PICTURE)
    print(
        f"a score picture, cold: {ours}; the floor: {floor}; on top: {Cost(*(a - b for a, b in zip(ours, floor, strict=True)))}"
    )
    if importlib.util.find_spec("matplotlib") is None:
        print("matplotlib is not installed: no comparison")
        return
    peer = median_of(MATPLOTLIB)
    share = (ours.cpu_ms - floor.cpu_ms) / (peer.cpu_ms - floor.cpu_ms)
    print(f"matplotlib: {peer}; ours is {share:.2f} of its processor time on top of the floor (asked ≤ 0.1)")


def sheets(tables: list[OfficialTable]) -> None:
    styled, bare, ratio = beside(lambda: official_sheet.workbook(tables), lambda: bare_book(tables))
    print(f"xlsx, {len(tables)} units: {styled:.1f} ms; bare xlsxwriter {bare:.1f} ms: {ratio:.2f} (asked ≤ 2)")


def bare_book(tables: list[OfficialTable]) -> bytes:
    """The same cells without any format, height, merge or page."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    for n, (name, rows) in enumerate(cells_of(tables)):
        sheet = book.add_worksheet(f"{n} {name}")
        for y, row in enumerate(rows):
            for x, value in enumerate(row):
                if isinstance(value, Decimal):
                    sheet.write_number(y, x, float(value))
                else:
                    sheet.write_string(y, x, value)
    book.close()
    return target.getvalue()


def cells_of(tables: list[OfficialTable]) -> list[tuple[str, list[list[Decimal | str]]]]:
    """The sheets of a workbook as plain values: the summary, then a unit each."""
    pages: list[tuple[str, list[list[Decimal | str]]]] = []
    summary = official_sheet.summary(tables)
    heads: list[list[Decimal | str]] = [[summary.title], [summary.basis], ["单位", *(c.label for c in summary.columns)]]
    pages.append(("汇总", heads + [[row.unit, *(c.figure or "—" for c in row.cells)] for row in summary.rows]))  # type: ignore[list-item]
    for table in tables:
        columns = table.layout.columns
        rows: list[list[Decimal | str]] = [[table.title], [table.unit, shown(table.total)], [table.basis]]
        rows.append([column.head for column in columns])
        rows += [[plain(cell(line, column.field)) for column in columns] for line in table.lines]
        rows.append(["合计", table.of or "", shown(table.total)])
        rows.append(["\n".join(table.remarks)])
        pages.append((table.unit, rows))
    return pages


def plain(value: object) -> Decimal | str:
    if isinstance(value, Decimal):
        return value
    return "\n".join(value) if isinstance(value, tuple) and not isinstance(value, Done) else shown(value)  # type: ignore[arg-type]


def words(tables: list[OfficialTable]) -> None:
    if importlib.util.find_spec("docxtpl") is None:
        print("docxtpl is not installed: no comparison for docx")
        return
    template = docxtpl_template(tables[0].layout)
    ours, peer, ratio = beside(
        lambda: [official_word.document(table) for table in tables],
        lambda: [with_docxtpl(template, table) for table in tables],
    )
    print(f"docx, {len(tables)} sheets: {ours:.0f} ms; docxtpl {peer:.0f} ms: {ratio:.2f} (asked ≤ 0.5)")


def docxtpl_template(layout: Layout) -> bytes:
    """Our own page with docxtpl's tags in it."""
    import docx

    opened = docx.Document(BytesIO(official_word.blank(layout)))
    for paragraph in opened.paragraphs:
        for run in paragraph.runs:
            run.text = run.text.replace("{{附注}}", "")
    table = opened.tables[0]
    table.rows[1].cells[0].text = "{%tr for line in lines %}"
    table.add_row()
    for n, one in enumerate(table.rows[2].cells):
        one.text = f"{{{{ line[{n}] }}}}"
    table.add_row()
    table.rows[3].cells[0].text = "{%tr endfor %}"
    target = BytesIO()
    opened.save(target)
    return target.getvalue()


def with_docxtpl(template: bytes, table: OfficialTable) -> bytes:
    from docxtpl import DocxTemplate, Listing

    made = DocxTemplate(BytesIO(template))
    lines = [[Listing(str(plain(cell(line, c.field)))) for c in table.layout.columns] for line in table.lines]
    said = {"标题": table.title, "单位": table.unit, "单位栏": table.layout.unit_head, "得分": shown(table.total)}
    made.render({**said, "依据": table.basis, "lines": lines}, autoescape=True)
    target = BytesIO()
    made.save(target)
    return target.getvalue()


def check(rubric: str, count: int) -> None:
    plan, units = units_of(rubric, count)
    start = time.perf_counter()
    content = workbook(plan, units)
    written = time.perf_counter()
    found = recalculated(content, plan, units)
    took = time.perf_counter() - written
    print(
        f"校核 {rubric}: {count} × {len(plan.rubric.criteria)} clauses with items and totals, {found.cells} cells: "
        f"{len(found.different)} differ; written in {written - start:.1f} s, read and recalculated in {took:.1f} s"
    )
    for difference in found.different[:5]:
        print("  ", *difference)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    picture()
    tables = [made(scored("xinbei-2011-towns", n), f"单位{n}") for n in range(SHEETS)]
    sheets(tables)
    words(tables)
    for rubric in UNITS:
        check(rubric, count)


if __name__ == "__main__":
    main()
