"""Rosters as offices send them, made for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from openpyxl import Workbook

HEADER = ("单位", "类别", "简称", "联络员")


def roster(path: Path, *rows: tuple[Any, ...], targets: tuple[str, ...] = ()) -> Path:
    book = Workbook()
    sheet = book.active
    sheet.append([*HEADER, *targets])
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path
