"""Shares that a piece of a message states: percentages, parts of a whole, tasks done of tasks set, changes."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from rubrics.amounts import COUNTERS, SHARES, Number, find_numbers
from rubrics.figures import two_decimals
from rubrics.kinds import Tiers
from rubrics.matching.polarity import is_denied
from rubrics.model import Criterion

_LONGEST = 200  # characters read for figures
_COUNTED = COUNTERS | {"人", "名", "位", "人次"}
_AT_ONCE = re.compile("一次(?=验收|合格|过|性|通过|率|就)")
_ALL = re.compile(
    r"百分百|百分之百|全部|全都|都|全(?=[部都]?[\u4e00-\u9fff])|一[个台人家只件][都也]?[没不][落少漏]|无一例外|满分|清零"
)
_ASSIGNED = re.compile(r"给了?|下达|任务|目标|指标|控制|要求|压|分配?[给到]?|应|该|共|总|一共|计划|里面?有?")
_ACHIEVED = re.compile("完成|做了|做到|拿|实际|过了|通过|检了|改了|办了|评上|创成")
_DONE_FIRST = re.compile("完成|做|实际")
_TASK_AFTER = re.compile("任务|目标|下达|应|该|共")
_GAP = re.compile(r"[差缺欠剩短]|没[有能]?完成|未完成|没做|没有?(?=[0-9])")
_FAULT = re.compile(
    "不合格|不达标|不过关|漏|超期|过期|逾期|失效|无证|[没未](?:有能|有|能)?(?:检|过|证|持证|登记|办|整改|改|做|建|培训|报|落实|合格)"
)
_ALL_FAULTS = re.compile("不合格.{0,3}企业|不合格.{0,6}(?:整改|改)")  # of which some are put right
_FLAWLESS = re.compile(
    "(?:无证|超期|漏检|未登记|没登记|未检|没检|过期)[^,;]{0,5}(?:没有|为零|绝迹)|[没无]有?(?:一[个台人家])?(?:无证|超期|漏检|未登记|过期)"
)
_MISSED = re.compile("(?:[没未]有?(?:达?到|达成|达)|不足|不到)$")
_RAISED_TO = re.compile(r"(?:提高|提升|上升|升高|增加|增长|升|涨|下降|降低|回落|降|跌)[了]?[到至为]")
_FROM_TO = re.compile(r"[由从](?P<before>[^,;]*?[0-9.]+)[^0-9]{1,8}?[到至为](?P<after>[0-9.]+)")
_FULL_TASK = re.compile(r"全部?完成|全面完成|足额完成|如数完成|满额完成|都完成|完成[^,;]{0,4}全部")
_BEYOND = re.compile(r"(?:超额?|超出|多)(?:完成)?了?$")
_SHORT = re.compile(r"[还只]?[差缺欠](?:了)?$")


class Pair(NamedTuple):
    """What is done and what there is to do."""

    part: Decimal
    whole: Decimal
    said: str = ""  # how the part is written, where it is told apart


def part_and_whole(numbers: list[Number], text: str) -> Pair | None:
    """What is done and what there is to do, where both are stated."""
    for number in numbers:
        if number.part is not None and number.whole:
            return Pair(number.part, number.whole)
    plain_ones = [n for n in numbers if n.unit not in SHARES]
    if len(plain_ones) < 2:
        return None
    first, second = plain_ones[0], plain_ones[1]
    if first.unit != second.unit and first.unit and second.unit and not {first.unit, second.unit} <= _COUNTED:
        return None
    at, next_at = text.find(first.text), text.find(second.text, text.find(first.text) + len(first.text))
    before, between = text[max(0, at - 8) : at], text[at + len(first.text) : next_at]
    whole_first = bool(_ASSIGNED.search(before) or _ACHIEVED.search(between)) or not _ASSIGNED.search(between)
    if _ASSIGNED.search(before) and _TASK_AFTER.search(between) and _DONE_FIRST.search(before):
        whole_first = False
    part, whole = (second, first) if whole_first else (first, second)
    if _GAP.search(between[-4:]) and whole_first and not _FAULT.search(between[-4:]):
        return Pair(whole.value - part.value, whole.value)
    return Pair(part.value, whole.value, part.text)


def rate(criterion: Criterion, text: str) -> Decimal | None:
    """The percentage stated, or worked out from a part and its whole."""
    text = _AT_ONCE.sub("", text)
    numbers = [n for n in find_numbers(text[:_LONGEST], "%") if isinstance(n, Number)]
    changed = _change(criterion, text)
    if changed is not None:
        return changed
    shares = [n for n in numbers if n.unit in SHARES]
    if shares and shares[0].fraction is not None:
        return two_decimals(_reached(shares, text).value * 100 / SHARES[shares[0].unit])
    pair = part_and_whole(numbers, text)
    if pair and pair.whole > 0:
        return _share_of(pair, text)
    bare = [n for n in numbers if not n.unit and 0 <= n.value <= 100]
    if bare:
        return bare[0].value
    if len(numbers) == 1 and text.count(numbers[0].text) > 1:  # 该检9台，检了9台
        return Decimal(100)
    if _FLAWLESS.search(text) or (_ALL.search(text) and not is_denied(text.replace("不合格", ""))):
        return Decimal(100)
    return None


def _reached(shares: list[Number], text: str) -> Number:
    """Of several percentages the one that stands now: 由96%提高到99% is 99%."""
    stated = [n for n in shares if not _MISSED.search(text[: text.find(n.text)])]  # 没到100%，只有97%
    shares = stated or shares
    turn = _RAISED_TO.search(text)
    if turn is None or len(shares) < 2:
        return shares[0]
    return next((n for n in shares if text.find(n.text) == turn.end()), shares[0])


def _share_of(pair: Pair, text: str) -> Decimal:
    part, whole = sorted((max(pair.part, Decimal(0)), pair.whole))
    if _is_fault(pair, text) and not _ALL_FAULTS.search(text):
        part = whole - part
    return two_decimals(part * 100 / whole)


def _is_fault(pair: Pair, text: str) -> bool:
    """Whether the part is what failed (漏检3台, 1台没办) and not what was done."""
    if not pair.said:
        return bool(_FAULT.search(text))
    at = text.rfind(pair.said)
    before = re.split("[0-9,;.]", text[max(0, at - 6) : at])[-1]
    after = re.split("[0-9,;.]", text[at + len(pair.said) :][:8])[0]
    return bool(_FAULT.search(before) or _FAULT.search(after))


def _change(criterion: Criterion, text: str) -> Decimal | None:
    """By how many percent a figure fell or rose, where the clause asks for that: 由6.0降到5.7 is 5."""
    said = _FROM_TO.search(text)
    if said is None or "%" in text or not re.search("[下提上][降高升]", criterion.ask):
        return None
    before = [n.value for n in find_numbers(said["before"]) if isinstance(n, Number)]
    after = Decimal(said["after"].strip(".") or "0")
    if not before or not before[-1]:
        return None
    change = (after - before[-1]) * 100 / before[-1]
    return two_decimals(-change if "降" in criterion.ask else change)


def of_target(numbers: list[Number], text: str) -> Decimal | None:
    """Percent of a task set from above."""
    shares = [n for n in numbers if n.unit in SHARES]
    pair = part_and_whole([n for n in numbers if n.unit not in SHARES], text)
    if pair is None and len(shares) >= 2:
        pair = part_and_whole([n._replace(unit="") for n in shares], text)
    if pair and pair.whole:
        return two_decimals(pair.part * 100 / pair.whole)
    if shares:
        said = shares[0].value * 100 / SHARES[shares[0].unit]
        before = text[: text.find(shares[0].text)]
        beyond, short = _BEYOND.search(before), _SHORT.search(before)
        return two_decimals(100 + said if beyond else 100 - said if short else said)
    bare = [n for n in numbers if not n.unit and 20 <= n.value <= 300]
    if bare:
        return bare[0].value
    return Decimal(100) if _FULL_TASK.search(text) and not numbers and not is_denied(text) else None


def tier_measure(criterion: Criterion, score: Tiers, numbers: list[Number], text: str) -> Decimal | None:
    """The figure that tells the tiers apart, in their own unit; None where they have none or it is not stated."""
    unit = criterion.answer.unit
    if not score.measure:
        return None
    for number in numbers:
        if unit in SHARES and number.fraction is not None:
            return two_decimals(number.value * SHARES[unit] / SHARES[number.unit]).normalize()
        if number.unit == unit or (not number.unit and unit not in SHARES):
            return number.value
    amounts = sorted(n.value for n in numbers if n.unit in ("", "元") and n.value > 0)
    if unit in SHARES and len(amounts) == 2:  # 专款80万，预算收入10亿
        return two_decimals(amounts[0] * SHARES[unit] / amounts[1]).normalize()
    return Decimal(0) if is_denied(text) else None
