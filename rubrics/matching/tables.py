"""Pasted tables in running words: each figure behind the heading of its column, levels behind what they are of."""

from __future__ import annotations

import re

_CELLS = re.compile(r"\t+|\||[ ]{2,}")
_DIGIT = re.compile("[0-9]")
_FIGURE = re.compile(r"[0-9][0-9.,/]*[%‰]?[\u4e00-\u9fff]{0,2}|无|没有|[-—]")
_LEVEL_CELL = re.compile(r"(?P<level>国家|全国|省|市|区|县)级?[: ]*(?P<figure>[0-9]+[\u4e00-\u9fff]?)")
_NAMES = {"国家": "国家级", "全国": "国家级", "省": "省级", "市": "市级", "区": "区级", "县": "县级"}
_FEWEST = 3  # columns of a table that is pasted as one line


def untabled(text: str) -> str:
    """The text with its tables written out, everything else as it was.

    Args:
        text: half-width characters, lines and cells still apart.
    """
    lines = text.splitlines()
    rows = [[cell.strip() for cell in _CELLS.split(line.strip())] for line in lines]
    written: list[str] = []
    heads: list[str] = []
    for line, row in zip(lines, rows, strict=True):
        if len(row) > 1 and heads and len(row) == len(heads) and _is_body(row):
            written.append(_beside(heads, row))
            continue
        heads = row if len(row) > 1 and not any(map(_DIGIT.search, row)) else []
        written.append(_levels(row) or _one_line(line.split()) or line)
    return "\n".join(written)


def _is_body(row: list[str]) -> bool:
    return not _FIGURE.fullmatch(row[0]) and all(map(_FIGURE.fullmatch, row[1:]))


def _beside(heads: list[str], row: list[str]) -> str:
    return row[0] + ",".join(f"{head}{figure}" for head, figure in zip(heads[1:], row[1:], strict=True))


def _levels(row: list[str]) -> str:
    """Each level with the word that heads the row: 荣誉|区0|市1 is 区级荣誉0,市级荣誉1."""
    cells = [_LEVEL_CELL.fullmatch(cell) for cell in row[1:]]
    if not cells or not all(cells) or _DIGIT.search(row[0]):
        return ""
    return ",".join(f"{_NAMES[cell['level']]}{row[0]}{cell['figure']}" for cell in cells if cell)


def _one_line(words: list[str]) -> str:
    """A heading line and one row that were pasted as one line: 单位 应检 实检 孟河镇 120 118."""
    columns = len(words) // 2
    heads, row = words[:columns], words[columns:]
    if columns < _FEWEST or len(row) != columns or any(map(_DIGIT.search, heads)) or not _is_body(row):
        return ""
    return _beside(heads, row)
