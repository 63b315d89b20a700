"""What a unit's own papers say of a clause: what it answered with the meetings and honours behind it, who else answers it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal

from rubrics.fact_words import fact_words
from rubrics.facts import Fact
from rubrics.figures import worked_out
from rubrics.model import Criterion, Item
from storage.answers import Answer
from storage.entries import Entry

MOST_SAID = 40
"""Longer words are told in those of the question."""

STATES = {"not_yet": "还没到时候", "unknown": "情况还不清楚", "not_here": "已申请按本地没有处理"}
"""The states of a clause that are no fact."""


def answered(criterion: Criterion, fact: Fact, answer: Answer | None, counted: Sequence[Entry] = ()) -> str:
    """专题会议：2 次，其中 3月14日“一季度质量工作专题会议”（孟政发〔2026〕3号）."""
    named = "、".join(_entry(entry) for entry in counted)
    said = _own_words(fact, answer)
    if any(words and words in said for entry in counted for words in (entry.name, entry.number)):
        said = ""  # what was said of one meeting does not tell the others
    return f"{criterion.label}：{_value(criterion, fact, said)}{f'，其中{named}' if named else ''}"


def open_words(answer: Answer | None) -> str:
    """Why a clause has no fact, with the unit's reason."""
    if answer is None or answer.state == "withdrawn":
        return "还没有填报"
    return f"{STATES.get(answer.state, '还没有填报')}{f'（{answer.note}）' if answer.note else ''}"


def by_others(item: Item, known: Collection[str]) -> str:
    """Who answers the clauses of an item that have no fact yet; empty where none is left.

    Args:
        item: one of which its unit is asked nothing.
        known: the clauses that have a fact.
    """
    left = [criterion for criterion in item.criteria if criterion.id not in known]
    derived = [criterion.id for criterion in left if criterion.derived]
    booked = [criterion.id for criterion in left if not criterion.derived]
    parts = [(ids, said) for ids, said in ((derived, "等任务分解表出结果"), (booked, "由考核办记")) if ids]
    if len(parts) == 1 and len(left) == len(item.criteria):
        return parts[0][1]
    return "，".join(f"{'、'.join(ids)} {said}" for ids, said in parts)


def _own_words(fact: Fact, answer: Answer | None) -> str:
    own = answer.said.strip() if answer and answer.state == "answered" and answer.fact == fact else ""
    return own if len(own) <= MOST_SAID else ""


def _value(criterion: Criterion, fact: Fact, said: str) -> str:
    """A fact in the unit's own words where they are short; a bare 是 says nothing without its question."""
    words = fact_words(criterion, fact)
    if criterion.derived and criterion.derived.how == "rows_short":  # the figure is what is not done
        return f"少 {words}" if fact else "全部完成"
    if isinstance(fact, Decimal) and worked_out(fact):
        return f"{words}（{said}）" if said else words
    if isinstance(fact, bool) and said and said not in criterion.answer.buttons:
        return said
    return {"是": "做到了", "否": "没做到"}.get(words, words)


def _entry(entry: Entry) -> str:
    day = _day(entry.happened_on) if entry.happened_on else ""
    number = f"（{entry.number}）" if entry.number else ""
    return f"{day}“{entry.name}”{number}" if entry.name else f"{day}{number}"


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"
