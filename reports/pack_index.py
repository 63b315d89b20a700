"""目录.xlsx: every piece of proof on a line, with a link to its file beside it in the pack; no text is ever a formula."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC
from pathlib import Path
from typing import Any

from reports.drawing import HEAD, QUIET, RULE
from reports.lettering import clean
from reports.pack import Line, Pack

NAME = "目录.xlsx"
_CELL = 32_000  # characters; a cell holds 32,767, and the writer leaves out a longer text without a word
_LINKS = 65_000  # a sheet holds 65,530 links; from there on a line still names its file
_HEAD_ROW = 2
_TEXT_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_PLAIN: dict[str, Any] = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}

_COLUMNS: tuple[tuple[str, int, Callable[[Line], Any]], ...] = (
    ("单位", 10, lambda line: line.unit),
    ("考核内容", 20, lambda line: line.item),
    ("评分要点", 16, lambda line: line.clause),
    ("材料名称", 24, lambda line: line.name),
    ("状态", 10, lambda line: line.state),
    ("文件", 40, lambda line: line.path),
    ("材料日期", 11, lambda line: line.dated_on),
    ("收到时间", 16, lambda line: line.received_at.replace(tzinfo=None)),
    ("提交人", 8, lambda line: line.sender),
    ("文号", 18, lambda line: line.number),
    ("存放地点", 16, lambda line: line.place),
    ("材料部分", 16, lambda line: line.part),
    ("版本", 14, lambda line: line.version),
    ("细则", 30, lambda line: line.rubric),
    ("原文件名", 28, lambda line: line.sent_as),
    ("大小（字节）", 12, lambda line: line.size_bytes or None),
    ("SHA-256", 66, lambda line: line.ref),
)
HEADS = ("序号", *(head for head, _, _ in _COLUMNS))
_FILE = HEADS.index("文件")
_PRINTED = HEADS.index("存放地点")  # what stands behind is for the screen: with it a page could not be read
_DATED, _RECEIVED = HEADS.index("材料日期"), HEADS.index("收到时间")


def write_index(pack: Pack, target: Path) -> None:
    """Write the index of a pack to a file, row by row: memory does not grow with its lines."""
    import xlsxwriter  # type: ignore[import-untyped]

    book = xlsxwriter.Workbook(str(target), {"constant_memory": True, "tmpdir": str(target.parent), **_TEXT_OPTIONS})
    made_at = pack.made_at.astimezone(UTC).replace(tzinfo=None)
    book.set_properties({"title": clean(pack.title), "created": made_at})
    sheet = book.add_worksheet("佐证材料目录")
    _lay_out(sheet, len(pack.lines))
    texts = {name: book.add_format({**_PLAIN, **more, "quote_prefix": True}) for name, more in _FORMATS.items()}
    days = {place: book.add_format({**_BOXED, "num_format": form}) for place, form in _DAYS.items()}
    sheet.write_string(0, 0, clean(pack.title)[:_CELL], texts["title"])
    sheet.write_string(1, 0, basis(pack)[:_CELL], texts["basis"])
    for column, head in enumerate(HEADS):
        sheet.write_string(_HEAD_ROW, column, head, texts["head"])
    for number, line in enumerate(pack.lines, 1):
        _write(sheet, _HEAD_ROW + number, number, line, texts, days)
    book.close()


def basis(pack: Pack) -> str:
    """As of when the index is, how many lines are in which state, and what is hidden in it."""
    counted = "，".join(f"{state} {n}" for state, n in Counter(line.state for line in pack.lines).items())
    hidden = [
        words for words, asked in (("身份证号", pack.wish.hide_identities), ("手机号", pack.wish.hide_mobiles)) if asked
    ]
    note = f"；文件名和目录里的{'、'.join(hidden)}已隐去，文件内容没有改动" if hidden else ""
    made = f"截至 {pack.made_at:%Y-%m-%d %H:%M} · 操作记录到{pack.head}"
    return f"{made} · 共 {len(pack.lines)} 行：{counted or '没有材料'}{note}"


_BOXED = {**_PLAIN, "border": 1, "border_color": RULE}
_FORMATS: dict[str, dict[str, Any]] = {
    "title": {"font_size": 14, "bold": True},
    "basis": {"font_color": QUIET},
    "head": {**_BOXED, "bold": True, "bg_color": HEAD, "align": "center"},
    "text": _BOXED,
    "link": {**_BOXED, "font_color": "#0563C1", "underline": 1},
}
_DAYS = {_DATED: "yyyy-mm-dd", _RECEIVED: "yyyy-mm-dd hh:mm"}


def _lay_out(sheet: Any, lines: int) -> None:
    for column, width in enumerate((6, *(width for _, width, _ in _COLUMNS))):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(_HEAD_ROW + 1, 1)
    sheet.autofilter(_HEAD_ROW, 0, _HEAD_ROW + max(lines, 1), len(HEADS) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.print_area(0, 0, _HEAD_ROW + max(lines, 1), _PRINTED)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEAD_ROW)


def _write(sheet: Any, row: int, number: int, line: Line, texts: dict[str, Any], days: dict[int, Any]) -> None:
    sheet.write_number(row, 0, number, texts["text"])
    for column, (_, _, value_of) in enumerate(_COLUMNS, 1):
        value = value_of(line)
        if column in days and value is not None:
            sheet.write_datetime(row, column, value, days[column])
        elif isinstance(value, int):
            sheet.write_number(row, column, value, texts["text"])
        elif column == _FILE and value and number <= _LINKS:
            sheet.write_url(row, column, _link(value), texts["link"], value)
        elif value:
            sheet.write_string(row, column, _text(value), texts["text"])
        else:
            sheet.write_blank(row, column, None, texts["text"])


def _text(words: str) -> str:
    plain = words.isprintable() and "  " not in words  # nearly all are, and cleaning costs more than writing
    return (words.strip() if plain else clean(words))[:_CELL]


def _link(path: str) -> Any:
    """A link to a file of the pack, relative to the index."""
    from xlsxwriter.url import Url  # type: ignore[import-untyped]

    url = Url(f"external:{path}")
    url._relationship_link = path  # the writer turns it into a Windows path, which other systems cannot follow
    url.text = path
    return url
