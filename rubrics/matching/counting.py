"""Counts that a piece of a message states: how many, how often, what was left out."""

from __future__ import annotations

import re
from decimal import Decimal

from rubrics.amounts import COUNTERS, SHARES, Number
from rubrics.facts import COUNT_LIMIT
from rubrics.kinds import Deduct, Shortfall
from rubrics.matching.polarity import is_denied, is_open, none_at_all
from rubrics.matching.shares import part_and_whole
from rubrics.model import Criterion

_FAILED = re.compile("(?:没|未)(?:能)?(?:通)?过(?!关?的?没有)|不过关|没合格|判了?不合格")
_NONE_FAILED = re.compile("[没无](?:有|查出|发现|检出|一个)*不合格(?!整改)|不合格[^,;]{0,4}(?:为零|没有)")
_MONTH = re.compile("月|季度|[上下]半年")
_TIMES = frozenset(("次", "回", "趟", "场", "期", "遍", "轮", "个", ""))
_A_YEAR = {"月": 12, "季度": 4, "季": 4, "半年": 2}
_EVERY = re.compile("每个?(?P<period>月|季度?|半年)")
_VERIFIED = re.compile(r"查实|核实|属实|认定|坐实|是真的|确认|认了|认可|采信|核下|查证")
_TASK_BEFORE = re.compile("(?:任务|目标|指标|下达|要求|应|该|压|给|计划)[^,;0-9]{0,4}$")
_TASK_AFTER = re.compile("^(?:个|只|家|项|的)*(?:任务|目标|指标)")
_DONE = re.compile("(?:通过|实际|完成|拿[到下了]|评上|创成|获|验收|到手|搞[成到定])[^,;0-9]{0,4}$")
_IN_ALL = re.compile("(?:累计|历年|总量|总数|现有|目前有|存量)[^,;0-9]{0,4}$")
_LENGTHS = {("米", "厘米"): Decimal(100), ("厘米", "米"): Decimal("0.01")}
_LISTED = re.compile(r"(?:[:是有为]|分别是)(?P<names>[\u4e00-\u9fffa-z]{2,10}(?:[、和及与][\u4e00-\u9fffa-z]{2,10})+)$")
_SHORT_OF = re.compile("[差缺欠少]$")
_TIMELY = re.compile(r"及时|当天|马上|立即|立刻|第一时间|小时内|按时|准时|按规定|当场|分钟内|当日")
_LATE = re.compile(r"迟|晚|才报|拖|隔了?|漏报|瞒|隐瞒|第二天|逾期|超时")
_ATTENDED = re.compile("去了|都去|都到|到了|有人|参加|出席|派人|全勤|场场|趟趟|次次|每次|回回")
_NEVER_ABSENT = re.compile("[没未无不][有曾]?缺(?:席|过|会|勤)*|一次[没不]缺")
_ABSENT = re.compile("[没未](?:有|能)?(?:人|去|到|参加|派人|派|出席|赶上)|缺|请假|不在|除")
_BAD = re.compile(
    r"空架子|摆设|摆样子|形同虚设|有名无实|挂个?名|缺席?了?|请假|没人|晚|迟|漏|拖|逾期|滞后|忘|催[了才]|才[交报送]|糊涂|不清|混乱|走过场"
)


def fitting(criterion: Criterion, numbers: list[Number]) -> list[Number]:
    """The numbers in the unit of a clause; else those in any counter or, failing that, in none."""
    unit = criterion.answer.unit.split("/")[0] or (criterion.entries.unit if criterion.entries else "")
    numbers = [_in_unit(n, unit) for n in numbers]
    exact = [n for n in numbers if n.unit == unit]
    if exact:
        return exact
    counted = [n for n in numbers if n.unit in COUNTERS and unit in COUNTERS]
    return counted or [n for n in numbers if not n.unit]


def _in_unit(number: Number, unit: str) -> Number:
    times = _LENGTHS.get((number.unit, unit))
    return number._replace(value=number.value * times, unit=unit) if times else number


def figure(criterion: Criterion, numbers: list[Number], text: str) -> Decimal | None:
    """The figure a clause asks for, 0 where there is none at all, None where it is not stated."""
    fits = fitting(criterion, numbers)
    missing = _missing(criterion, fits, text)
    if missing is not None:
        return missing
    if isinstance(criterion.score, Shortfall) and not fits and not is_denied(text):
        return None
    if none_at_all(text):
        return Decimal(0)
    if fits:
        return _chosen(fits, criterion, text) * _a_year(fits, text)
    if is_denied(text) and criterion.answer.unit not in SHARES and not is_open(text):
        return Decimal(0)
    listed = _listed(text)
    if listed and criterion.answer.unit in COUNTERS:
        return listed
    if (
        criterion.entries
        and criterion.entries.at_least is None
        and not is_open(text)
        and re.search("了|拿|获|评|批|过", text)
    ):
        return Decimal(1) if not isinstance(criterion.score, Shortfall) else None
    return None


def _missing(criterion: Criterion, fits: list[Number], text: str) -> Decimal | None:
    """What is reached where only the distance is told: 还差1条 of four is 3."""
    if not isinstance(criterion.score, Shortfall) or not fits or criterion.answer.unit in SHARES:
        return None
    first = text[: text.find(fits[0].text)]
    return criterion.score.target - fits[0].value if _SHORT_OF.search(first) and fits[0].part is None else None


def _a_year(fits: list[Number], text: str) -> int:
    """How often a year, where one figure is told for each month or quarter."""
    every = _EVERY.search(text)
    return _A_YEAR[every["period"]] if every and len(fits) == 1 and text.find(fits[0].text) > every.start() else 1


def _listed(text: str) -> Decimal | None:
    """How many are named one by one at the end: 省名牌:亚邦、星源."""
    match = _LISTED.search(text)
    return Decimal(len(re.split("[、和及与]", match["names"]))) if match else None


def _value(number: Number, text: str, *, verified: bool) -> Decimal:
    """A count said as part and whole: what is done of a task, all of what is only divided (6篇，其中采用3篇)."""
    if number.part is None or number.whole is None:
        return number.value
    return number.whole if not verified and re.search("其中|采用|录用", text) else number.part


def _chosen(fits: list[Number], criterion: Criterion, text: str) -> Decimal:
    """Of several counts the one that counts: verified where the clause asks for those, done and not set as a task."""
    noun = criterion.entries.noun if criterion.entries else ""
    verified = bool(_VERIFIED.search(noun))
    if len(fits) == 1 or any(n.part is not None for n in fits):
        return _value(fits[0], text, verified=verified)
    around = [_around(text, n) for n in fits]
    if verified:
        for number, (before, after) in zip(fits, around, strict=True):
            if _VERIFIED.search(before[-4:]) or _VERIFIED.search(after[:4]):
                return number.value
    own = [
        (n, before)
        for n, (before, after) in zip(fits, around, strict=True)
        if not (_TASK_BEFORE.search(before) or _TASK_AFTER.search(after) or _IN_ALL.search(before))
    ]
    done = [n for n, before in own if _DONE.search(before)]
    return (done or [n for n, _ in own] or fits)[0].value


def _around(text: str, number: Number) -> tuple[str, str]:
    at = text.find(number.text)
    return re.split("[,;]", text[:at])[-1], re.split("[,;]", text[at + len(number.text) :])[0]


def count(criterion: Criterion, numbers: list[Number], text: str) -> Decimal | None:
    """How many awards or projects; 1 where one is told of without a number."""
    if is_open(text):
        return None
    fits = fitting(criterion, [n for n in numbers if n.value <= COUNT_LIMIT and n.unit not in SHARES])
    if none_at_all(text) or (is_denied(text) and not any(n.value for n in fits)):
        return Decimal(0)
    whole = [n for n in fits if n.part is not None or n.value == int(n.value)]
    if whole:
        return _chosen(whole, criterion, text)
    return _listed(text) or Decimal(1)


def often_enough(criterion: Criterion, numbers: list[Number], text: str) -> bool | None:
    """Whether something was done as often as the clause asks."""
    assert criterion.entries is not None
    assert criterion.entries.at_least is not None
    counted = [n.value for n in numbers if n.unit in _TIMES]
    if none_at_all(text) or (is_denied(text) and not any(value > 1 for value in counted)):
        return False
    if not counted:
        return None
    every = _EVERY.search(text)
    times = max(counted) if max(counted) > 1 else Decimal(_single_times(numbers, text))
    return times * (_A_YEAR[every["period"]] if every else 1) >= criterion.entries.at_least


def _single_times(numbers: list[Number], text: str) -> int:
    """How often it was where each time is told: 3月一次9月一次, 3月和8月各一次."""
    told = max(text.count(number.text) for number in numbers)
    return max(told, len(_MONTH.findall(text)) if "各" in text or "分别" in text else 1)


def occurrences(criterion: Criterion, score: Deduct, numbers: list[Number], text: str) -> Decimal | None:
    """How often a trouble came about; 0 where it was avoided."""
    if is_open(text):
        return None
    if criterion.nature == "omission":
        return _omissions(criterion, score, numbers, text)
    if "缺席" in criterion.label:
        times = _absences(criterion, numbers, text)
    elif "不合格" in criterion.label:
        times = _failures(criterion, numbers, _FAILED.sub("不合格", text))
    elif "迟报" in criterion.label and _TIMELY.search(text) and not _LATE.search(text):
        times = Decimal(0)
    else:
        times = _events(_whole_counts(criterion, numbers), text)
    return min(times, Decimal(1)) if score.once else times


def _whole_counts(criterion: Criterion, numbers: list[Number]) -> list[Number]:
    return [n for n in fitting(criterion, numbers) if n.unit not in SHARES and n.value == int(n.value)]


def _events(counted: list[Number], text: str) -> Decimal:
    if none_at_all(text):
        return Decimal(0)
    for number in counted:  # 发生2起，都没死人: what is denied is something else
        before, after = _around(text, number)
        if number.value and not is_denied(before + after):
            return number.value
    if is_denied(text):
        return Decimal(0)
    return counted[0].value if counted else Decimal(1)


def _failures(criterion: Criterion, numbers: list[Number], text: str) -> Decimal:
    """How many of those tested failed, not how many were tested."""
    if "不合格" not in text and "合格" in text:
        return Decimal(0)
    counted = _whole_counts(criterion, numbers)
    if _NONE_FAILED.search(text):
        return Decimal(0)
    beside = [n for n in counted if "不合格" in "".join(_around(text, n))]
    return _events(beside or counted, text.replace("不合格", ""))


def _absences(criterion: Criterion, numbers: list[Number], text: str) -> Decimal:
    bare = _NEVER_ABSENT.sub("", text)
    missed = _ABSENT.search(bare)
    counted = _whole_counts(criterion, numbers)
    pair = part_and_whole(numbers, text)
    if pair and pair.whole >= pair.part and not missed:
        return pair.whole - pair.part
    if not missed:
        return Decimal(0) if bare != text or _ATTENDED.search(text) or is_denied(text) else Decimal(1)
    if len(counted) > 1:
        beside = [n for n in counted if _ABSENT.search("".join(_around(text, n)))]
        counted = beside or counted
    return counted[-1].value if counted else Decimal(1)


def _omissions(criterion: Criterion, score: Deduct, numbers: list[Number], text: str) -> Decimal:
    """How often something due was left out: as counted, 1 where it is only said, 0 where it was done."""
    missing = is_denied(text) or bool(_BAD.search(re.sub("不是(?:挂|摆|空)[^,]*", "", text)))
    counted = _whole_counts(criterion, numbers)
    pair = None if score.once else part_and_whole(numbers, text)
    if pair and pair.whole >= pair.part:
        return pair.whole - pair.part
    if not missing:
        return Decimal(0)
    if "count" in criterion.answer.buttons.values() and counted:
        return counted[0].value
    return Decimal(1)
