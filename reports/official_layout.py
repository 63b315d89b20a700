"""The printed layouts: which columns a score table has, and what stands in them. Chosen by a rubric's shape, not its name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal, NamedTuple

from rubrics.engine import Plan

Field = Literal[
    "section",
    "group",
    "number",
    "content",
    "grouped",
    "method",
    "points",
    "scored",
    "reasons",
    "notes",
    "lead",
    "others",
]
"""``grouped``: section and content in one cell, for a table of the office's that has one column where the source has two."""


class Column(NamedTuple):
    """A column: its head as it is printed, what stands beneath, and its part of the table's width."""

    head: str
    field: Field
    width: int


class Layout(NamedTuple):
    """The columns of a table, what its unit is called, and whether the page lies on its side.

    ``unit_below``: unit and score stand beneath the table. ``numbered``: an item's number stands before its title.
    ``by_clause``: each clause has a row of its own. Neighbouring columns of the same head have one head.
    """

    columns: tuple[Column, ...]
    unit_head: str = "被考核单位"
    landscape: bool = False
    unit_below: bool = False
    numbered: bool = False
    by_clause: bool = False

    @property
    def fields(self) -> tuple[Field, ...]:
        """What its columns hold."""
        return tuple(column.field for column in self.columns)

    @property
    def heads(self) -> tuple[tuple[str, int, int], ...]:
        """Its heads as they are printed: each with the first and the last column it stands over."""
        found: list[tuple[str, int, int]] = []
        for x, column in enumerate(self.columns):
            start = found.pop()[1] if found and found[-1][0] == column.head else x
            found.append((column.head, start, x))
        return tuple(found)

    def has(self, field: Field) -> bool:
        """Whether the table has such a column."""
        return any(column.field == field for column in self.columns)


ITEMS = Layout(
    (
        Column("序号", "number", 12),
        Column("考核内容", "content", 46),
        Column("评分方法", "method", 80),
        Column("标准分", "points", 16),
        Column("实得分", "scored", 16),
    )
)
"""Items that are earned, as in the tables for towns."""

DEDUCTIONS = Layout(
    (
        Column("序号", "number", 12),
        Column("考核内容", "content", 38),
        Column("考核方法", "method", 75),
        Column("分值", "points", 14),
        Column("扣分原因", "reasons", 56),
        Column("实得分", "scored", 16),
        Column("备注", "notes", 46),
    ),
    "被考核工作部门",
    landscape=True,
    unit_below=True,
)
"""Items that are full until something is deducted, as in the table for departments."""

STANDARD = Layout(
    (
        Column("指标项", "section", 22),
        Column("指标内容", "content", 46),
        Column("分值", "points", 14),
        Column("考核评分方法", "method", 72),
        Column("得分", "scored", 16),
    )
)
"""Items in groups, each clause with points of its own."""

INDICATORS = Layout(
    (
        Column("一级指标", "section", 21),
        Column("二级指标", "group", 22),
        Column("三级指标", "content", 32),
        Column("考核要点", "method", 67),
        Column("分值", "points", 14),
        Column("得分", "scored", 14),
    ),
    numbered=True,
)
"""Indicators in groups within groups; their clauses share their points."""

UNWEIGHTED = Layout(
    (
        Column("考核内容", "section", 24),
        Column("序号", "number", 12),
        Column("考核指标", "content", 36),
        Column("考核要点", "method", 46),
        Column("备注", "notes", 52),
    ),
    by_clause=True,
)
"""Indicators whose points are decided elsewhere: what was reported stands in the last column."""

TASKS = Layout(
    (
        Column("序号", "number", 12),
        Column("工作内容", "section", 18),
        Column("工作内容", "content", 22),
        Column("工作目标", "method", 62),
        Column("牵头部门（责任部门）", "lead", 26),
        Column("配合部门（单位）", "others", 37),
        Column("完成目标", "scored", 16),
        Column("备注", "notes", 64),
    ),
    landscape=True,
)
"""Targets handed out to departments: counted, not scored."""

ALL = (ITEMS, DEDUCTIONS, STANDARD, INDICATORS, UNWEIGHTED, TASKS)


def layout_of(plan: Plan) -> Layout:
    """The layout for a rubric: by what its items are made of."""
    items = plan.items
    if any(part.item.role == "task" for part in items):
        return TASKS
    if plan.max_points is None:
        return UNWEIGHTED
    if any(part.deduction_only for part in items):
        return DEDUCTIONS
    if not plan.rubric.sections:
        return ITEMS
    if not any(part.item.sharing for part in items):
        return STANDARD
    if any(part.item.group for part in items):
        return INDICATORS
    return INDICATORS._replace(columns=tuple(column for column in INDICATORS.columns if column.field != "group"))


def fields_of(heads: Sequence[str]) -> list[Field | None] | None:
    """What stands beneath the heads of an office's own table; None where fewer than two are printed heads.

    A head means what it means in the layout that most of the heads belong to, else in any other.
    """
    said = ["".join(head.split()) for head in heads]
    own = max(ALL, key=lambda layout: len({column.head for column in layout.columns} & set(said)))
    known = {head: fields for layout in (*ALL, own) for head, fields in _by_head(layout).items()}
    times, fields = Counter[str](), list[Field | None]()
    for head in said:
        meant = known.get(head, [])
        if len(meant) > 1 and said.count(head) == 1:
            meant = ["grouped"]
        fields.append(meant[min(times[head], len(meant) - 1)] if meant else None)
        times[head] += 1
    return fields if sum(field is not None for field in fields) > 1 else None


def _by_head(layout: Layout) -> dict[str, list[Field]]:
    found: dict[str, list[Field]] = {}
    for column in layout.columns:
        found.setdefault(column.head, []).append(column.field)
    return found
