"""The 校核 sheet: every figure of the engine beside a live formula over the facts, so that anybody can work it out again.

事实 has the facts, a unit a row; 校核 has for each clause, item, total and grade the formula and, right of it, the
figure this program has worked out. Its first row says how many differ. Every rule kind is a formula; values only are the
facts themselves, also those that follow from a tasks table. A clause that zeroes, vetoes or has no points is 1 or 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from reports import check_formulas as formulas
from reports.check_formulas import BY_PARTS, NOT_HERE
from reports.drawing import GREY, HEAD, RULE
from reports.lettering import clean
from reports.score_sheet import sheet_name
from rubrics.breakdown import Breakdown
from rubrics.clauses import is_met, is_na
from rubrics.engine import ItemPlan, Plan
from rubrics.facts import Fact

_ROWS_ABOVE = 3  # how many differ, number, label
_OWN = "系统"
_CELL = 32_000  # characters; a cell holds 32,767
_CLOSE = "1E-18"  # the square of what sums of binary fractions may differ in; not every engine takes ABS of a range
_PLAIN = {"font_name": "宋体", "font_size": 10, "valign": "vcenter", "border": 1, "border_color": RULE}


Read = Callable[[Breakdown], float | str]


class Checked(NamedTuple):
    """A unit's scoring. All units of a sheet are scored with the same plan."""

    unit: str
    breakdown: Breakdown


class _Figure(NamedTuple):
    """A formula, and how the engine's own figure is read from a scoring."""

    number: str
    label: str
    formula: str
    read: Read


class _Pages(NamedTuple):
    facts: Any
    check: Any
    head: Any
    cell: Any
    own: Any


def add(book: Any, plan: Plan, units: Sequence[Checked], taken: set[str]) -> None:
    """Write both sheets into an xlsxwriter workbook whose texts are never formulas (see `reports.score_sheet`).

    Args:
        taken: the names of sheets so far, as `score_sheet.sheet_name` keeps them.
    """
    facts_name, check_name = sheet_name("事实", taken), sheet_name("校核", taken)
    pages = _Pages(
        book.add_worksheet(facts_name),
        book.add_worksheet(check_name),
        book.add_format({**_PLAIN, "bold": True, "bg_color": HEAD, "text_wrap": True, "quote_prefix": True}),
        book.add_format({**_PLAIN}),
        book.add_format({**_PLAIN, "font_color": GREY}),
    )
    cells = _facts(pages, plan, units, facts_name)
    _check(pages, plan, units, cells)


def figures(plan: Plan) -> list[tuple[str, Read]]:
    """The figures of 校核 in the order of its columns: each one's number, and how it is read from a scoring."""
    keys = [(c.id, key) for c in plan.rubric.criteria.values() for key in ("", *(m.key for m in c.measures))]
    return [(one.number or one.label, one.read) for one in _figures(plan, dict.fromkeys(keys, ""))]


def _facts(pages: _Pages, plan: Plan, units: Sequence[Checked], name: str) -> dict[tuple[str, str], str]:
    """Write the facts; where each stands, as a cell of row ``§``."""
    from xlsxwriter.utility import xl_col_to_name  # type: ignore[import-untyped]

    sheet = pages.facts
    columns = [(c.id, key) for c in plan.rubric.criteria.values() for key in ("", *(m.key for m in c.measures))]
    sheet.write_string(0, 0, f"填的事实：空着是没有填，{NOT_HERE} 是合理缺项，{BY_PARTS} 是看右边各栏", pages.cell)
    sheet.write_string(1, 0, "编号", pages.head)
    sheet.write_string(2, 0, "单位", pages.head)
    for x, (ident, key) in enumerate(columns, 1):
        sheet.write_string(1, x, ident, pages.head)
        sheet.write_string(2, x, key or clean(plan.rubric.criteria[ident].label), pages.head)
    for y, unit in enumerate(units, _ROWS_ABOVE):
        sheet.write_string(y, 0, clean(unit.unit)[:_CELL], pages.cell)
        for x, (ident, key) in enumerate(columns, 1):
            _fact(sheet, y, x, _part(unit.breakdown.facts.get(ident), key), pages.cell)
    _lay_out(sheet, len(columns), 1)
    return {column: f"'{name}'!{xl_col_to_name(x)}§" for x, column in enumerate(columns, 1)}


def _part(fact: Fact | None, key: str) -> Any:
    if fact is None or isinstance(fact, bool | Decimal):
        return None if key else fact
    if is_na(fact):
        return None if key else NOT_HERE
    assert not isinstance(fact, str)
    return fact.get(key) if key else BY_PARTS


def _fact(sheet: Any, y: int, x: int, value: Any, form: Any) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(y, x, value, form)
    elif isinstance(value, Decimal):
        sheet.write_number(y, x, float(value), form)
    elif value is not None:
        sheet.write_string(y, x, value, form)


def _check(pages: _Pages, plan: Plan, units: Sequence[Checked], cells: dict[tuple[str, str], str]) -> None:
    sheet, columns = pages.check, _figures(plan, cells)
    last = _ROWS_ABOVE + len(units)
    sheet.write_string(0, 0, "不一致", pages.head)
    sheet.write_formula(0, 1, f"SUM(B{_ROWS_ABOVE + 1}:B{last})", pages.head, 0)
    sheet.write_string(0, 2, "处；每个数左边是公式，右边是系统算出的数", pages.cell)
    sheet.write_string(1, 0, "编号", pages.head)
    sheet.write_string(2, 0, "单位", pages.head)
    sheet.write_string(2, 1, "不一致", pages.head)
    for n, one in enumerate(columns):
        sheet.write_string(1, 2 * n + 2, one.number, pages.head)
        sheet.write_string(2, 2 * n + 2, clean(one.label), pages.head)
        sheet.write_string(2, 2 * n + 3, _OWN, pages.head)
    for y, unit in enumerate(units, _ROWS_ABOVE):
        _row(pages, y, unit, columns)
    _lay_out(sheet, 2 * len(columns) + 1, 2)


def _row(pages: _Pages, y: int, unit: Checked, columns: Sequence[_Figure]) -> None:
    sheet, row = pages.check, str(y + 1)
    sheet.write_string(y, 0, clean(unit.unit)[:_CELL], pages.cell)
    for n, one in enumerate(columns):
        value = one.read(unit.breakdown)
        sheet.write_formula(y, 2 * n + 2, one.formula.replace("§", row), pages.cell, value)
        if isinstance(value, str):
            sheet.write_string(y, 2 * n + 3, value, pages.own)
        else:
            sheet.write_number(y, 2 * n + 3, value, pages.own)
    sheet.write_formula(y, 1, _differing(columns).replace("§", row), pages.cell, 0)


def _differing(columns: Sequence[_Figure]) -> str:
    """How many figures of a row differ from their formulas; ranges, since a formula has at most 8,192 characters."""
    first, last = 2, 2 * len(columns) + 1
    words = columns[-1].label == "等次"
    last -= 2 if words else 0
    left, right = f"{_column(first)}§:{_column(last - 1)}§", f"{_column(first + 1)}§:{_column(last)}§"
    heads = f"${_column(first + 1)}${_ROWS_ABOVE}:${_column(last)}${_ROWS_ABOVE}"
    counted = f'SUMPRODUCT(({heads}="{_OWN}")*(({left}-{right})^2>{_CLOSE}))'
    return f"{counted}+IF({_column(last + 1)}§={_column(last + 2)}§,0,1)" if words else counted


def _column(x: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(x))


def _figures(plan: Plan, cells: dict[tuple[str, str], str]) -> list[_Figure]:
    """Clauses, items, total and grade in the order of their columns: a formula names only columns left of its own."""
    found: list[_Figure] = []
    worth: dict[str, str] = {}

    def put(number: str, label: str, formula: str, read: Read) -> str:
        found.append(_Figure(number, label, formula, read))
        return f"{_column(2 * len(found))}§"

    for item in plan.items:
        for clause in item.clauses:
            formula = formulas.points(plan, item, clause.criterion, cells)
            worth[clause.id] = put(clause.id, clause.criterion.label, formula, _clause(item, len(found)))
    items: dict[str, str] = {}
    for place, item in enumerate(plan.items):
        formula = formulas.item_points(plan, item, worth, cells)
        own = [figure.read for figure in found if figure.number in {clause.id for clause in item.clauses}]
        items[item.item.id] = put(f"第{item.item.id}项", item.item.label, formula, _item(place, own))
    total = formulas.total(plan, items, cells)
    if total is not None:
        at = put("", "合计", total, lambda scored: float(scored.total or 0))
        grade = formulas.grade(plan, at, worth)
        if grade is not None:
            put("", "等次", grade, lambda scored: scored.grade or "")
    return found


def _clause(item: ItemPlan, place: int) -> Read:
    """The figure of a clause by its place among the lines of a scoring."""

    def read(scored: Breakdown) -> float:
        line = scored.lines[place]
        if line.clause.role == "gate" or not formulas.counted(item):
            return float(line.fact is not None and is_met(line.clause.criterion, line.fact))
        return float(Fraction(line.points) / Fraction(scored.plan.unit))

    return read


def _item(place: int, clauses: Sequence[Read]) -> Read:
    """The points of an item by its place; where it has none, how many of its clauses are done."""

    def read(scored: Breakdown) -> float:
        score = scored.items[place]
        if formulas.counted(score.plan):
            return float(Fraction(score.points) / Fraction(scored.plan.unit))
        return sum(float(clause(scored)) for clause in clauses)

    return read


def _lay_out(sheet: Any, columns: int, frozen: int) -> None:
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, columns, 9)
    sheet.set_row(2, 30)
    sheet.freeze_panes(_ROWS_ABOVE, frozen)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.repeat_rows(1, 2)
    sheet.repeat_columns(0)
