"""What makes a digest worth saying outside the last weeks before a deadline: a matter that has reached a stage.

A matter is announced well before it is due, and spoken of again three weeks and one week before and shortly after;
once its limit has passed every two weeks. All open matters stand in every digest, so one stage covers them all.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal, NamedTuple

from reminders.desks import Person
from reminders.obligations import Obligation
from reminders.pacing import NOTICE_DAYS

ANNOUNCE_DAYS = 45  # before it is due: the notice, and the longest a digest may have to wait
AGAIN_DAYS = (21, 7)  # before it is due
AFTER_DAYS = 3  # a date has passed
OVERDUE_DAYS = 14
QUIET_SPELL_DAYS = 28  # so long without a word while something is open

Code = Literal["first", "returned", "overdue", "behind", "soon", "new", "hint", "open"]
_ORDER: tuple[Code, ...] = ("returned", "overdue", "behind", "soon", "new", "hint")


class Trigger(NamedTuple):
    """The reason for a digest, and the matter that gives it."""

    code: Code
    obligation: Obligation


def is_overdue(obligation: Obligation, announced: tuple[date, ...], today: date) -> bool:
    """Whether a matter counts as late: its limit has passed, and it was announced at least 30 days before."""
    if obligation.kind == "hint" or today <= obligation.limit or not announced:
        return False
    return today > announced[0] + timedelta(days=NOTICE_DAYS)


def trigger(person: Person, matters: Iterable[tuple[int, Obligation]], today: date) -> Trigger | None:
    """The weightiest reason to write to a person now; None where every matter has been said as often as it needs."""
    found: dict[Code, Obligation] = {}
    first: Obligation | None = None
    for unit_id, obligation in matters:
        first = first or obligation
        if (obligation.due - today).days > ANNOUNCE_DAYS and obligation.kind != "hint":
            continue  # most matters on most days
        code = _reached(obligation, person.announced.get((unit_id, obligation.key), ()), today)
        if code is not None:
            found.setdefault(code, obligation)
    if first is None:
        return None
    if not person.said:
        return Trigger("first", first)
    for code in _ORDER:
        if code in found:
            return Trigger(code, found[code])
    spell = (today - person.said[-1].on).days >= QUIET_SPELL_DAYS
    return Trigger("open", first) if spell and first.kind != "hint" else None


def _reached(obligation: Obligation, announced: tuple[date, ...], today: date) -> Code | None:
    """The stage a matter within `ANNOUNCE_DAYS` of its date, or past it, has reached since it was last spoken of."""
    if obligation.kind == "hint":
        return None if announced else "hint"
    if obligation.kind == "returned" and not announced:
        return "returned"
    last = announced[-1] if announced else date.min
    left = (obligation.due - today).days
    if obligation.limit < today and is_overdue(obligation, announced, today):
        return "overdue" if (today - last).days >= OVERDUE_DAYS else None
    if left <= -AFTER_DAYS:
        return "behind" if (obligation.due - last).days > -AFTER_DAYS else None
    for days in reversed(AGAIN_DAYS):
        if left <= days:
            return "soon" if (obligation.due - last).days > days else None
    return None if announced else "new"


def worded(found: Trigger, today: date) -> str:
    """The reason as a sentence for the office."""
    obligation = found.obligation
    what, day = obligation.what, f"{obligation.due.month}月{obligation.due.day}日"
    match found.code:
        case "first":
            return "第一次告知这一年要办的事"
        case "returned":
            return what
        case "overdue":
            return f"{what}：{obligation.limit.month}月{obligation.limit.day}日的期限已过"
        case "behind":
            return f"{what}：按进度 {day}前要办，还没有"
        case "soon":
            return f"{what}：{day}前，还有 {max((obligation.due - today).days, 0)} 天"
        case "new":
            return f"{what}：{day}前，现在可以办了"
        case "hint":
            return what
        case "open":
            return "四周没有提醒过，还有没办完的"
