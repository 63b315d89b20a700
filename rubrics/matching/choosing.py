"""Of the counts in a piece the one that counts: by its unit, its role, and what stands for a part of the year."""

from __future__ import annotations

import re
from decimal import Decimal

from rubrics.amounts import COUNTERS
from rubrics.matching.polarity import is_denied
from rubrics.matching.roles import Role, Told, told
from rubrics.model import Criterion

_LENGTHS = {("米", "厘米"): Decimal(100), ("厘米", "米"): Decimal("0.01")}
_VERIFIED = re.compile("查实|核实|属实|认定|坐实|是真的|(?<!计量)确认|认了|认可|采信|采纳|核下|查证")
_A_YEAR = {"月": 12, "季度": 4, "季": 4, "半年": 2, "半个年": 2}
_EVERY = re.compile("(?:每个?|一个|按)(?P<period>月|季度?|半年)(?![初末底])")
MONTH = re.compile("月|季度|[上下]半年")
_EACH_OF = re.compile("(?:各|分别)[^,;.0-9]{0,4}$")
_QUARTERS = re.compile("(?:[一二三四][、和]?){2,4}季度")  # 二三四季度各一次
_PERIOD = "(?:月份?|季度|半年|月底|月初|[上中下]旬)(?:到?(?:现在|目前)|至今)?"
_LEVEL = (
    "(?:市长|省长|区长|县长|县级|国家级|全国|省级|市级|区级|省里?|市里?|国家标准|行业标准|地方标准|国标|行标|地标准?)"
)
_OWN_VERB = "(?:的|也|又|有|是|报送?|评上?|拿|开|办|起草|牵头|主导|完成|通过|了)*"
_LABELLED = [re.compile(f"{_PERIOD}[^,;.0-9]{{0,2}}{_OWN_VERB}$"), re.compile(f"{_LEVEL}[^,;.0-9]{{0,6}}{_OWN_VERB}$")]
_ONE_LEVEL = re.compile("^(?!.*国家级、).*(?:[省市](?!级?(?:以上|、)|里)|区级|区政府)")
_ASKS_NEW = re.compile("新增|新建|新创|培育|今年有几家评上")
_NEW = re.compile("新(?:增|建|创|培育|评|认|获)[^,;.0-9]{0,6}$")
_AGAIN = re.compile("又[^,;.0-9]{0,4}$")
_TO_COME = re.compile("再|还要|准备|打算|争取|计划")
_MARK = re.compile("[,;]")


def fitting(criterion: Criterion, text: str) -> list[Told]:
    """The figures in the unit of a clause; else those in any counter or, failing that, in none."""
    unit = criterion.answer.unit.split("/")[0] or (criterion.entries.unit if criterion.entries else "")
    found = [_in_unit(one, unit) for one in told(text, criterion.answer.unit)]
    exact = [one for one in found if one.number.unit in (unit, criterion.answer.unit)]
    if exact and all(one.role is Role.DUE for one in exact):  # 4只任务成了3
        exact += [one for one in found if not one.number.unit]
    if exact:
        return exact
    counted = [one for one in found if one.number.unit in COUNTERS and unit in COUNTERS]
    return counted or [one for one in found if not one.number.unit]


def _in_unit(one: Told, unit: str) -> Told:
    times = _LENGTHS.get((one.number.unit, unit))
    return one._replace(number=one.number._replace(value=one.number.value * times, unit=unit)) if times else one


def chosen(fits: list[Told], criterion: Criterion, text: str) -> Decimal:
    """The count that is meant: the total, else what was done, never what was set; parts of the year together."""
    if _wants_verified(criterion) and (verified := _verified(fits, text)):
        return _value(verified)
    if _wants_verified(criterion) and (left := _not_refuted(fits)) is not None:
        return left
    new = [
        one
        for one in fits
        if len(fits) > 1 and one.role is not Role.DUE and _NEW.search(_MARK.split(text[: one.start])[-1])
    ]
    task = _of_task(fits, criterion)
    if task is not None:
        return task
    if (total := _summed(fits)) is not None:
        return total
    fits = _without(fits, Role.LIMIT, Role.EACH, Role.INSIDE, Role.BEYOND, Role.MISSING, Role.DUE, Role.STOCK)
    total = added(fits, criterion, text)
    if total is not None:
        return total
    if new and _ASKS_NEW.search(criterion.ask):
        return _value(new[0])
    for role in (Role.ALL, Role.DONE):
        if one := next((one for one in fits if one.role is role), None):
            return _value(one)
    return _value(fits[0]) * _periods(fits, text)


def _of_task(fits: list[Told], criterion: Criterion) -> Decimal | None:
    """What was reached where only the distance to a task is told, or how far beyond it where that is what counts."""
    beyond = next((_value(one) for one in fits if one.role is Role.BEYOND), None)
    if beyond is not None and "以外" in criterion.ask:
        return beyond
    due = next((_value(one) for one in fits if one.role is Role.DUE), None)
    missing = next((_value(one) for one in fits if one.role is Role.MISSING), None)
    done = next((_value(one) for one in fits if one.role is Role.DONE), None)
    if "以外" in criterion.ask and due is not None and done is not None and done > due:
        return done - due
    if due is None or any(one.role in (Role.DONE, Role.PLAIN, Role.ALL) for one in fits):
        return None
    if beyond is not None:
        return due + beyond
    return due - missing if missing is not None and missing <= due else None


def _without(fits: list[Told], *roles: Role) -> list[Told]:
    """The figures in no such role, one role after the other as long as any is left."""
    for role in roles:
        fits = [one for one in fits if one.role is not role] or fits
    return fits


def _value(one: Told) -> Decimal:
    return one.number.value if one.number.part is None else one.number.part


def _wants_verified(criterion: Criterion) -> bool:
    return bool(criterion.entries and _VERIFIED.search(criterion.entries.noun))


def _verified(fits: list[Told], text: str) -> Told | None:
    before = [_MARK.split(text[max(0, one.start - 4) : one.start])[-1] for one in fits]
    after = [_MARK.split(text[one.end : one.end + 5])[0] for one in fits]
    for said in (before, after):
        for one, words in zip(fits, said, strict=True):
            if match := _VERIFIED.search(words):
                denied = is_denied(words[: match.end()])
                return one._replace(number=one.number._replace(value=Decimal(0))) if denied else one
    return None


def _not_refuted(fits: list[Told]) -> Decimal | None:
    """What is left of all that was reported where some came to nothing: 线索3条，1条查无此事."""
    refuted = [_value(one) for one in fits if one.role is Role.FAILED]
    rest = [_value(one) for one in fits if one.role is not Role.FAILED]
    return rest[0] - refuted[0] if refuted and rest and rest[0] >= refuted[0] else None


def _summed(fits: list[Told]) -> Decimal | None:
    """The figure that all others come to: 新增3只，扩牌1只，共4只."""
    totals = [_value(one) for one in fits if one.role is Role.ALL]
    parts = [_value(one) for one in fits if one.role is not Role.ALL]
    return totals[0] if len(parts) > 1 and totals[:1] == [sum(parts)] else None


def added(fits: list[Told], criterion: Criterion, text: str) -> Decimal | None:
    """Parts that are told side by side, put together: 上半年3条下半年2条, 省级1家国家级1家."""
    starts = [0, *(one.end for one in fits)]
    before = [text[start : one.start] for start, one in zip(starts, fits, strict=False)]
    if len(fits) < 2 or any(one.role is Role.ALL for one in fits) or any(map(_TO_COME.search, before)):
        return None
    period, level = (all(label.search(words) for words in before) for label in _LABELLED)
    again = all(_AGAIN.search(words) for words in before[1:])
    if period or again or (level and not _ONE_LEVEL.search(criterion.ask)):
        return sum((_value(one) for one in fits), Decimal(0))
    return None


def _periods(fits: list[Told], text: str) -> int:
    """How often a year, where one figure is told for each month, quarter or half of it."""
    if len(fits) > 1:
        return 1
    before = _MARK.split(text[: fits[0].start])[-1]
    if _EACH_OF.search(before):
        quarters = _QUARTERS.search(before)
        if quarters:
            return len(re.findall("[一二三四]", quarters[0]))
        return 2 if "上下半年" in before else max(len(MONTH.findall(before)), 1)
    return a_year(before)


def a_year(before: str) -> int:
    """How many periods of the kind that was named (每季度) a year has."""
    every = _EVERY.search(before)
    return _A_YEAR[every["period"]] if every else 1
