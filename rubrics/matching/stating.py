"""What a piece of a message says about the clause it speaks of, in the kind of value that clause takes."""

from __future__ import annotations

import re
from decimal import Decimal

from rubrics.amounts import COUNTERS, SHARES, Number, find_numbers
from rubrics.facts import COUNT_LIMIT
from rubrics.figures import two_decimals
from rubrics.kinds import Bonus, Count, Deduct, Gate, Judged, Rank, Rate, Scale, Shortfall, Tiers, YesNo
from rubrics.matching.compound import all_conditions, measured_verdict
from rubrics.matching.polarity import Today, corrected, is_denied, is_open, is_planned, none_at_all
from rubrics.matching.spelling import Source
from rubrics.model import Criterion
from rubrics.wording import is_negative

Value = bool | Decimal | None

_NOT_APPLICABLE = re.compile("不适用|合理缺项|不涉及")
_AT_ONCE = re.compile("一次(?=验收|合格|过|性|通过|率|就)")
_PREDICATE = re.compile(
    "[了有过没未已都签定建开办做报发齐印评拿配是达到全在完够搞弄给请查推设管抓写成列进新去改不无会能通讲送招测出涨]"
)
_COUNTED = COUNTERS | {"人", "名", "位", "人次"}
_FAILED = re.compile("(?:没|未)(?:能)?(?:通)?过(?!关?的?没有)|不过关|没合格|判了?不合格")
_MONTH = re.compile("月|季度|[上下]半年")
_TIMES = frozenset(("次", "回", "趟", "场", "期", "遍", "轮", "个", ""))
_POINTS = re.compile(r"(?<=[0-9])个?(?:百分)?点(?!钟|[0-9零一二三四五六七八九])")
_ALL = re.compile(
    r"百分百|百分之百|全部|全都|都|全(?=[部都]?[\u4e00-\u9fff])|一[个台人家只件][都也]?[没不][落少漏]|无一例外|满分|清零"
)
_ASSIGNED = re.compile(r"给了?|下达|任务|目标|指标|控制|要求|压|分配?[给到]?|应|该|共|总|一共|计划|里面?有?")
_ACHIEVED = re.compile("完成|做了|做到|拿|实际|过了|通过|检了|改了|办了|评上|创成")
_VERIFIED = re.compile(r"查实|核实|属实|认定|坐实|是真的|确认")
_REACHED = re.compile(
    r"前列|前茅|靠前|领先|第一|前[一二三四五六七八九十0-9]|头[一几]|低于|[比低]全国|达到|满分线|优于|比[\u4e00-\u9fff]{0,4}低|名列|居|第[一二三四五1-5](?![0-9])|前头|前面|高于"
)
_LAST = re.compile(r"中游|中间|靠后|后面|垫底|倒数|末|下游|偏低|落后|中等")
_TIMELY = re.compile(r"及时|当天|马上|立即|立刻|第一时间|小时内|按时|准时|按规定|当场|分钟内|当日")
_LATE = re.compile(r"迟|晚|才报|拖|隔了?|漏报|瞒|隐瞒|第二天|逾期|超时")
_OPPOSITES = (  # what a trouble's name is, words that it was avoided, words that it was not
    ("迟报", _TIMELY, _LATE),
    (
        "缺席",
        re.compile("去了|都去|都到|到了|有人|参加|出席|派人|全勤|次次|每次|回回"),
        re.compile("缺|没|未|请假|不在|除"),
    ),
)
_GAP = re.compile(r"[差缺欠剩短]|没[有能]?完成|未完成|没做|没有?(?=[0-9])")
_TARGET_REACHED = re.compile(r"够了?|全拿下|完成|超额|达标|正好|刚好|足额|到位|拿下|做满|搞定|交账|满额|超")
_BAD = re.compile(
    r"空架子|摆设|摆样子|形同虚设|有名无实|挂个?名|缺席?了?|请假|没人|晚|迟|漏|拖|逾期|滞后|忘|糊涂|不清|混乱|走过场"
)


def state(criterion: Criterion, text: str, source: Source, today: Today | None = None) -> Value:
    """What folded words say about a clause; None where they state no value for it."""
    if source == "caption":
        return None
    text = _POINTS.sub("%", corrected(text)).replace("一共", "共")
    if (_NOT_APPLICABLE.search(text) and criterion.na_allowed) or is_planned(text, today):
        return None
    score = criterion.score
    numbers = [n for n in find_numbers(text[:200], criterion.answer.unit) if isinstance(n, Number)]
    if source == "file":
        return _from_file_name(criterion, numbers)
    if criterion.measures:
        return _of_measures(criterion, text)
    if isinstance(score, Judged):
        return next((n.value for n in numbers if n.unit == "分" and n.value in score.allowed), None)
    if isinstance(score, Tiers):
        return _tier_measure(criterion, score, numbers, text)
    if criterion.target and criterion.target.how != "done":
        return _of_target(numbers, text)
    if isinstance(score, Rate | Scale) or criterion.answer.unit == "%":
        return _rate(text)
    if isinstance(score, Deduct):
        return _occurrences(criterion, score, numbers, text)
    if isinstance(score, Bonus | Count):
        return _count(criterion, numbers, text)
    if isinstance(score, Rank):
        return _rank(text)
    if isinstance(score, YesNo | Gate):
        return _yes_or_no(criterion, numbers, text)
    return _figure(criterion, numbers, text)


def _from_file_name(criterion: Criterion, numbers: list[Number]) -> Value:
    if isinstance(criterion.score, YesNo | Gate | Tiers | Judged | Deduct) or criterion.measures:
        return None
    unit = criterion.answer.unit
    stated = [n for n in numbers if n.unit and (n.unit == unit or (n.unit in COUNTERS and unit in COUNTERS))]
    return stated[0].value if len(stated) == 1 else None


# --- yes or no --------------------------------------------------------------------------------------------


def _yes_or_no(criterion: Criterion, numbers: list[Number], text: str) -> Value:
    if is_open(text) and not numbers:
        return None
    if criterion.target:
        return _task_done(numbers, text)
    if criterion.entries and (criterion.entries.at_least or 0) > 1:
        return _often_enough(criterion, numbers, text)
    if not _PREDICATE.search(text) and not numbers:
        return None
    event = any("发生" in label for label in criterion.answer.buttons)
    denied = is_denied(text, good=not event and not isinstance(criterion.score, Gate))
    partial = all_conditions(criterion, text, denied=denied)
    if partial is not None:
        return partial.value
    return _pressed(criterion, denied=denied)


def _pressed(criterion: Criterion, *, denied: bool) -> Value:
    """The button that a yes or a no presses."""
    for label, value in criterion.answer.buttons.items():
        if is_negative(label) == denied or (label == "否" and denied):
            return value if isinstance(value, bool) else None
    return not denied


def _task_done(numbers: list[Number], text: str) -> Value:
    pair = _part_and_whole(numbers, text)
    if pair:
        return pair[0] >= pair[1]
    if is_denied(text, good=True):
        return False
    return True if _TARGET_REACHED.search(text) or re.search("拿|评|办|做|创|得|过", text) else None


def _often_enough(criterion: Criterion, numbers: list[Number], text: str) -> Value:
    assert criterion.entries is not None
    assert criterion.entries.at_least is not None
    counted = [n.value for n in numbers if n.unit in _TIMES]
    if none_at_all(text) or (is_denied(text) and not any(value > 1 for value in counted)):
        return False
    if not counted:
        return None
    times = max(counted) if max(counted) > 1 else Decimal(_single_times(numbers, text))
    return times >= criterion.entries.at_least


def _single_times(numbers: list[Number], text: str) -> int:
    """How often it was where each time is told: 3月一次9月一次, 3月和8月各一次."""
    told = max(text.count(number.text) for number in numbers)
    return max(told, len(_MONTH.findall(text)) if "各" in text or "分别" in text else 1)


def _rank(text: str) -> Value:
    if _LAST.search(text):
        return False
    if not _REACHED.search(text):
        return None
    return not is_denied(text)


def _of_measures(criterion: Criterion, text: str) -> Value:
    if is_open(text):
        return None
    return measured_verdict(criterion, text)


# --- figures ----------------------------------------------------------------------------------------------


def _part_and_whole(numbers: list[Number], text: str) -> tuple[Decimal, Decimal] | None:
    """What is done and what there is to do, where both are stated."""
    for number in numbers:
        if number.part is not None and number.whole:
            return number.part, number.whole
    plain_ones = [n for n in numbers if n.unit not in SHARES]
    if len(plain_ones) < 2:
        return None
    first, second = plain_ones[0], plain_ones[1]
    if first.unit != second.unit and first.unit and second.unit and not {first.unit, second.unit} <= _COUNTED:
        return None
    at, next_at = text.find(first.text), text.find(second.text, text.find(first.text) + len(first.text))
    before, between = text[max(0, at - 8) : at], text[at + len(first.text) : next_at]
    whole_first = bool(_ASSIGNED.search(before) or _ACHIEVED.search(between)) or not _ASSIGNED.search(between)
    if _ASSIGNED.search(before) and re.search("任务|目标|下达|应|该|共", between) and re.search("完成|做|实际", before):
        whole_first = False
    part, whole = (second, first) if whole_first else (first, second)
    if _GAP.search(between[-4:]) and whole_first:
        return whole.value - part.value, whole.value
    return part.value, whole.value


def _rate(text: str) -> Value:
    text = _AT_ONCE.sub("", text)
    numbers = [n for n in find_numbers(text[:200], "%") if isinstance(n, Number)]
    shares = [n for n in numbers if n.unit in SHARES]
    if shares and shares[0].fraction is not None:
        return _percent(shares[0].value * 100 / SHARES[shares[0].unit])
    pair = _part_and_whole(numbers, text)
    if pair and pair[1] > 0:
        part, whole = max(pair[0], Decimal(0)), pair[1]
        if part > whole:
            part, whole = whole, part
        failed = re.search(r"不合格|没检|没过|没持证|无证|没登记|没整改|没改", text)
        said = re.escape(min(numbers, key=lambda n: n.value).text)
        failed = failed or re.search(rf"{said}(?:还|都)?[没未](?!有)", text)
        if failed and not re.search("不合格.{0,3}企业|不合格.{0,6}(?:整改|改)", text):
            part = whole - part
        return _percent(part * 100 / whole)
    bare = [n for n in numbers if not n.unit and 0 <= n.value <= 100]
    if bare:
        return bare[0].value
    if len(numbers) == 1 and text.count(numbers[0].text) > 1:  # 该检9台，检了9台
        return Decimal(100)
    if _ALL.search(text) and not is_denied(text.replace("不合格", "")):
        return Decimal(100)
    return None


def _percent(value: Decimal) -> Decimal:
    return two_decimals(value)


def _of_target(numbers: list[Number], text: str) -> Value:
    """Percent of a task set from above."""
    shares = [n for n in numbers if n.unit in SHARES]
    pair = _part_and_whole([n for n in numbers if n.unit not in SHARES], text)
    if pair is None and len(shares) >= 2:
        pair = _part_and_whole([n._replace(unit="") for n in shares], text)
    if pair and pair[1]:
        return _percent(pair[0] * 100 / pair[1])
    if shares:
        return _percent(shares[0].value * 100 / SHARES[shares[0].unit])
    bare = [n for n in numbers if not n.unit and 20 <= n.value <= 300]
    return bare[0].value if bare else None


def _tier_measure(criterion: Criterion, score: Tiers, numbers: list[Number], text: str) -> Value:
    unit = criterion.answer.unit
    if not score.measure:
        return None
    for number in numbers:
        if unit in SHARES and number.fraction is not None:
            return two_decimals(number.value * SHARES[unit] / SHARES[number.unit]).normalize()
        if number.unit == unit or (not number.unit and unit not in SHARES):
            return number.value
    return Decimal(0) if is_denied(text) else None


def _fitting(criterion: Criterion, numbers: list[Number]) -> list[Number]:
    unit = criterion.answer.unit.split("/")[0] or (criterion.entries.unit if criterion.entries else "")
    exact = [n for n in numbers if n.unit == unit]
    if exact:
        return exact
    counted = [n for n in numbers if n.unit in COUNTERS and unit in COUNTERS]
    return counted or [n for n in numbers if not n.unit]


def _figure(criterion: Criterion, numbers: list[Number], text: str) -> Value:
    fitting = _fitting(criterion, numbers)
    if isinstance(criterion.score, Shortfall) and not fitting and not is_denied(text):
        return None
    if none_at_all(text):
        return Decimal(0)
    if fitting:
        return _chosen(fitting, criterion, text)
    if is_denied(text) and criterion.answer.unit not in SHARES and not is_open(text):
        return Decimal(0)
    if (
        criterion.entries
        and criterion.entries.at_least is None
        and not is_open(text)
        and re.search("了|拿|获|评|批|过", text)
    ):
        return Decimal(1) if not isinstance(criterion.score, Shortfall) else None
    return None


def _chosen(fitting: list[Number], criterion: Criterion, text: str) -> Decimal:
    """Of several counts the one that counts: the verified one where the clause asks for those."""
    noun = criterion.entries.noun if criterion.entries else ""
    if len(fitting) > 1 and _VERIFIED.search(noun):
        for number in fitting:
            if _VERIFIED.search(text[max(0, text.find(number.text) - 4) : text.find(number.text)]):
                return number.value
    return fitting[0].value


def _count(criterion: Criterion, numbers: list[Number], text: str) -> Value:
    if is_open(text):
        return None
    fitting = _fitting(criterion, [n for n in numbers if n.value <= COUNT_LIMIT and n.unit not in SHARES])
    if none_at_all(text) or (is_denied(text) and not any(n.value for n in fitting)):
        return Decimal(0)
    whole = [n for n in fitting if n.value == int(n.value)]
    if whole:
        return _chosen(whole, criterion, text)
    return Decimal(1)


def _occurrences(criterion: Criterion, score: Deduct, numbers: list[Number], text: str) -> Value:
    if is_open(text):
        return None
    text = _FAILED.sub("不合格", text) if "不合格" in criterion.label else text
    counted = [n for n in _fitting(criterion, numbers) if n.unit not in SHARES and n.value == int(n.value)]
    for trouble, heeded, failed in _OPPOSITES:
        if trouble in criterion.label and heeded.search(text) and not failed.search(text):
            return Decimal(0)
    text = text.replace("不合格", "") if "不合格" in criterion.label else text
    if criterion.nature == "omission":
        return _omissions(criterion, score, numbers, text)
    if none_at_all(text):
        return Decimal(0)
    if is_denied(text):
        return Decimal(0)
    times = counted[0].value if counted else Decimal(1)
    return min(times, Decimal(1)) if score.once else times


def _omissions(criterion: Criterion, score: Deduct, numbers: list[Number], text: str) -> Value:
    """How often something due was left out: as counted, 1 where it is only said, 0 where it was done."""
    missing = is_denied(text) or bool(_BAD.search(re.sub("不是(?:挂|摆|空)[^,]*", "", text)))
    counted = [n for n in _fitting(criterion, numbers) if n.unit not in SHARES and n.value == int(n.value)]
    pair = None if score.once else _part_and_whole(numbers, text)
    if pair and pair[1] >= pair[0]:
        return pair[1] - pair[0]
    if not missing:
        return Decimal(0)
    if "count" in criterion.answer.buttons.values() and counted:
        return counted[0].value
    return Decimal(1)
