"""What changed from one rubric to another, item by item."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from rubrics.figures import plain
from rubrics.kinds import Rule
from rubrics.model import Criterion, Item, Rubric, Target
from rubrics.records import Record, plain_data

# What the source demands; how a clause is asked or filed here is ours and no difference between rubrics.
_SOURCE_KEYS = (
    "title", "content", "covers", "points", "lead", "cooperating", "fit", "printed", "score", "measures", "combine",
    "target", "op", "threshold", "tiers", "measure", "allowed", "base", "step", "per_step", "per", "once",
    "beyond", "steps", "na_allowed", "set_by", "how", "unit",
)  # fmt: skip

NAMES = {
    "points": "分值",
    "threshold": "达标线",
    "target": "目标",
    "base": "分值",
    "step": "每步",
    "per_step": "每步扣分",
    "per": "每次",
    "once": "只计一次",
    "printed": "印作",
    "kind": "计分方式",
    "title": "考核内容",
    "content": "内容",
    "covers": "范围",
    "assessed": "考核对象",
    "op": "比较",
    "measures": "分项",
    "beyond": "超出部分",
    "tiers": "各档",
    "lead": "牵头",
    "cooperating": "配合",
}
KINDS = {
    "yesno": "是否",
    "checkpoint": "要点",
    "rank": "位次",
    "rate": "比率",
    "number": "数量",
    "count": "个数",
    "tiers": "分档",
    "judged": "评定",
    "per_shortfall": "按差额扣分",
    "deduct": "按次扣分",
    "bonus": "加分",
    "zero_item": "本项不得分",
    "veto": "一票否决",
    "precondition": "不予受理",
    "scale": "分段",
}


class Change(NamedTuple):
    """One difference. ``kind``: same, changed, new or dropped; ids are those of the old and the new rubric."""

    item: str
    kind: str
    old: str | None
    new: str | None
    label: str
    details: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The JSON form."""
        return {**self._asdict(), "details": list(self.details)}


class Difference(NamedTuple):
    """What differs: the field of the rubric file, and the sentence that says it."""

    key: str
    text: str


def compare(old: Rubric, new: Rubric) -> list[Change]:
    """All clauses of both, by item of the new rubric; clauses are paired by ``was`` where the new one follows the old."""
    changes = (
        [Change("", "changed", old.id, new.id, "全表", tuple(_header(old, new)))] if list(_header(old, new)) else []
    )
    for ident in [*(i.id for i in new.items), *(i.id for i in old.items if i.id not in {n.id for n in new.items})]:
        changes += _items(old, new, _item(old, ident), _item(new, ident))
    return changes


def _header(old: Rubric, new: Rubric) -> Iterator[str]:
    for key, name in (("assessed", "考核对象"), ("total", "总分")):
        before, after = getattr(old, key), getattr(new, key)
        if before != after:
            yield f"{name}：{_text(before)} → {_text(after)}"


def _item(rubric: Rubric, ident: str) -> Item | None:
    return next((item for item in rubric.items if item.id == ident), None)


def _items(old: Rubric, new: Rubric, before: Item | None, after: Item | None) -> Iterator[Change]:
    if after is None:
        assert before is not None
        yield Change(before.id, "dropped", before.id, None, before.title)
        return
    if before is None:
        yield Change(after.id, "new", None, after.id, after.title)
    else:
        details = tuple(one.text for one in differences(before, after))
        yield Change(after.id, "changed" if details else "same", before.id, after.id, after.title, details)
    paired: set[str] = set()
    for criterion in after.criteria:
        ident = criterion.was or criterion.id if new.previous == old.id else criterion.id
        earlier = old.criteria.get(ident)
        if new.previous == old.id and criterion.was is None:
            earlier = None
        if earlier is None:
            yield Change(after.id, "new", None, criterion.id, criterion.label)
            continue
        paired.add(ident)
        details = tuple(one.text for one in differences(earlier, criterion))
        yield Change(
            after.id,
            "changed" if details or ident != criterion.id else "same",
            ident,
            criterion.id,
            criterion.label,
            details,
        )
    for criterion in before.criteria if before else ():
        if criterion.id not in paired:
            yield Change(after.id, "dropped", criterion.id, None, criterion.label)


def differences(before: Item | Criterion, after: Item | Criterion) -> Iterator[Difference]:
    """What the source demands otherwise in one than in the other; how a clause is asked or filed is no difference."""
    yield from _walk(before, after)


def _walk(before: Record, after: Record) -> Iterator[Difference]:
    if isinstance(before, Rule) and isinstance(after, Rule) and before.kind != after.kind:
        yield Difference("kind", f"计分方式：{KINDS[before.kind]} → {KINDS[after.kind]}")
    for key in _SOURCE_KEYS:
        if key not in before.__struct_fields__ + after.__struct_fields__:
            continue
        old, new = getattr(before, key, None), getattr(after, key, None)
        if old == new:
            continue
        name = NAMES.get(key, key)
        if isinstance(old, Record) and isinstance(new, Record):
            yield from _walk(old, new)
        elif isinstance(old, tuple) and isinstance(new, tuple):
            gone, come = [_text(v) for v in old if v not in new], [_text(v) for v in new if v not in old]
            changes = [f"去掉 {'、'.join(gone)}"] * bool(gone) + [f"增加 {'、'.join(come)}"] * bool(come)
            yield Difference(key, f"{name}：" + ("；".join(changes or ["顺序不同"])))
        else:
            yield Difference(key, f"{name}：{_text(old)} → {_text(new)}")


def _text(value: object) -> str:
    if value is None or value == "":
        return "无"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Target):
        return f"{value.set_by}下达（{value.unit}）"
    if isinstance(value, Record):
        return "、".join(_text(part) for part in plain_data(value).values() if not isinstance(part, dict | list))
    return str(value)
