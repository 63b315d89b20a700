"""What does the score picture cost in a cold process: time and memory from nothing to PNG bytes?

One picture of 21 units × 10 items, in a fresh interpreter each time; beside it an interpreter that imports only the
template engine and the arithmetic, which every command of the bot needs anyway. Medians of five.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

ROUNDS = 5
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


class Cost(NamedTuple):
    """What one process took from start to end: wall clock and processor in milliseconds, memory in MB."""

    wall_ms: float
    cpu_ms: float
    most_mb: float

    def __str__(self) -> str:
        return f"{self.wall_ms:.0f} ms ({self.cpu_ms:.0f} of processor), {self.most_mb:.0f} MB"


def cold(program: str) -> Cost:
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT)
    _, status, used = os.wait4(process.pid, 0)
    wall_ms = (time.perf_counter() - start) * 1e3
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"the measured program ended with {process.returncode}")
    return Cost(wall_ms, (used.ru_utime + used.ru_stime) * 1e3, used.ru_maxrss / 1024)


def median_of(program: str) -> Cost:
    """Medians of the rounds, after one that warms the disk cache."""
    cold(program)
    return Cost(*map(statistics.median, zip(*(cold(program) for _ in range(ROUNDS)), strict=True)))


def main() -> None:
    floor, picture = median_of(FLOOR), median_of(PICTURE)
    print(f"a score picture, cold: {picture}; the floor: {floor}")
    print(f"on top of the floor: {Cost(*(a - b for a, b in zip(picture, floor, strict=True)))}")


if __name__ == "__main__":
    main()
