"""Counts that a piece of a message states: how many, how often, what was left out."""

from __future__ import annotations

import re
from decimal import Decimal

from rubrics.amounts import COUNTERS, MULTIPLIERS, SHARES, Number
from rubrics.facts import COUNT_LIMIT
from rubrics.figures import two_decimals
from rubrics.kinds import Deduct, Shortfall
from rubrics.matching.choosing import MONTH, a_year, added, chosen, fitting
from rubrics.matching.polarity import is_denied, is_open, none_at_all
from rubrics.matching.roles import Role, Told, told
from rubrics.matching.shares import part_and_whole
from rubrics.model import Criterion
from rubrics.numerals import parse_run

_FAILED = re.compile("(?:没|未)(?:能)?(?:通)?过(?!关?的?没有)|不过关|没合格|判了?不合格")
_NONE_FAILED = re.compile("[没未无](?:有|查出|发现|检出|一个)*不合格(?!整改)|不合格[^,;]{0,4}(?:为零|没有)")
_POINTS = "分"
_TIMES = frozenset(("次", "回", "趟", "场", "期", "遍", "轮", "个", ""))
_JUST_NAMED = re.compile(r"(?:(?![了过有拿获评得批中入被授夺捧荣升又新是成通过到下])[\u4e00-\u9fff]){2,8}[ ,;.、]*")
_LISTED = re.compile(r"(?:[:是有为]|分别是)(?P<names>[\u4e00-\u9fffa-z]{2,10}(?:[、和及与][\u4e00-\u9fffa-z]{2,10})+)$")
_SHORT_OF = re.compile("[差缺欠少]$")
_UNHURT = re.compile(
    "人[都也]?没事|[没未]有?(?:死|伤)到?人|[没无未](?:有|造成)?人员?伤亡(?!的?事)"
)  # no less an accident
_NO_ACCIDENT = re.compile("(?:[没未]有?|无)(?:发生|出)?过?(?:任何)?(?:特设)?事故(?!迟|晚)")
_REFUSED = re.compile("不[让给肯许]|不配合|拒(?![检抽]率)|轰|[赶拦挡]|[锁关]了?门|门[都也]?[锁关]|阻挠|躲|抗")
_NO_REFUSAL = re.compile(
    "(?:拒[检抽绝]*|不[让给肯许配合抽检查]+)(?:的|现象|情况|企业|行为|事)*(?:也|都)?(?:没|未|无|零|为零|不存在)"
)
_RATIO = re.compile("(?:率|每万台|万台)(?:为|是|达|到|有|只|就|约|[:：])*$")
_PART_OF_YEAR = re.compile("[一二三四1-4](?:、[一二三四1-4])*季度|[上下]半年|(?:这个?|本|上个?|[0-9])月")  # 二季度没报
_APPLIED = re.compile("(?:申报|申请|推荐|送审)了?$")
_SHORT = re.compile("(?:不足|不到|不满|[没未]有?(?:达到|达|到|满))$")
_LIMIT = re.compile("(?:[没未不]有?(?:超过?|突破)|低于|控制在)$")
_ORDINAL = re.compile("第([0-9]+|[一二三四五六七八九十]+)[次回场](?![^,;]{0,6}(?:准备|打算|计划|排|定在|放在|还没))")
_NAMED_MONTH = re.compile("[0-9一二三四五六七八九十]+月")
_EACH_MONTH = re.compile("(?:各|分别)[^,;]{0,3}[0-9一二三四五六七八九十]+月")  # 分别于3月、7月召开
_TIMELY = re.compile(r"及时|当天|马上|立即|立刻|第一时间|小时内|按时|准时|按规定|当场|分钟内|当日")
_LATE = re.compile(r"迟|晚|才报|拖|隔了?|漏报|瞒|隐瞒|第二天|逾期|超时")
_ATTENDED = re.compile("去了|都去|都到|到了|有人|参加|出席|派人|全勤|场场|趟趟|次次|每次|回回")
_NEVER_ABSENT = re.compile("[没未无不][有曾一]?缺(?:席|过|会|勤)*|一[次回场][没不](?:缺|落|漏|少|拉)")
_ABSENT = re.compile(
    "少(?:去|到|参加|派)了?|[没未](?:有|能)?(?:人|去|到|参加|派人|派|出席|赶上)|缺|请了?[^,;]{0,3}假|不在|除"
)
_NOT_BAD = re.compile("[没未无不][有曾]?(?:迟|晚|漏|拖|逾期|滞后|忘|催|糊涂|混乱)[报了过]?")
_BAD = re.compile(
    r"不办事|不干活|不运转|光挂|只挂|空架子|摆设|摆样子|形同虚设|有名无实|挂个?名|缺席?了?|请假|没人|晚|迟|漏|拖|逾期|滞后|忘|催[了才]|才[交报送]|糊涂|不清|混乱|走过场"
)


def figure(criterion: Criterion, text: str) -> Decimal | None:
    """The figure a clause asks for, 0 where there is none at all, None where it is not stated."""
    if "/" in criterion.answer.unit and (each := _on_each(criterion, text)) is not None:
        return each
    fits = fitting(criterion, text)
    missing = _missing(criterion, fits, text)
    if missing is not None:
        return missing
    if not fits and criterion.answer.unit in _TIMES and _EACH_MONTH.search(text) and not is_denied(text):
        return Decimal(len(_NAMED_MONTH.findall(text)))
    if isinstance(criterion.score, Shortfall) and not fits and not is_denied(text):
        return None
    if none_at_all(text) or _is_application(fits, text):
        return Decimal(0)
    if fits and all(one.role is Role.MISSING for one in fits):
        return None  # 差1只: of how many is not said
    if len(fits) == 1 and fits[0].role is Role.DUE and (pair := part_and_whole(text)):
        return pair.part  # 40只任务完成95%
    if fits:
        return None if _is_bound(fits, text) else chosen(fits, criterion, text)
    measured = criterion.answer.unit in SHARES or criterion.answer.unit == _POINTS  # of which none says nothing
    if is_denied(text) and not measured and not is_open(text):
        return None if _PART_OF_YEAR.search(text) else Decimal(0)
    return _named(criterion, text)


def _named(criterion: Criterion, text: str) -> Decimal | None:
    """How many are named one by one, or 1 where one is told to have come; None where neither is."""
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


def _on_each(criterion: Criterion, text: str) -> Decimal | None:
    """A ratio (起/万台) as it is told (事故率2起), else worked out from its two figures; None where neither is told."""
    counted, per = criterion.answer.unit.split("/")
    found = [one for one in told(text) if one.number.part is None]
    own = [one for one in found if _RATIO.search(text[: one.start])]
    if own or per[:1] not in MULTIPLIERS:
        return own[0].number.value if own else None
    things = [one.number.value for one in found if one.number.unit == per[1:] and one.number.value]
    events = [one.number.value for one in found if one.number.unit == counted]
    return two_decimals(events[0] * MULTIPLIERS[per[0]] / things[0]) if len(things) == len(events) == 1 else None


def _is_application(fits: list[Told], text: str) -> bool:
    """Whether the only figure is of what was applied for, and nothing has come of it: 申报2件，还没批."""
    return len(fits) == 1 and bool(_APPLIED.search(text[: fits[0].start])) and is_denied(text[fits[0].end :])


def _is_bound(fits: list[Told], text: str) -> bool:
    """Whether the only figure is a limit that was kept (都没超0.45): how far below it things are is not said."""
    return len(fits) == 1 and bool(_LIMIT.search(text[: fits[0].start]))


def _missing(criterion: Criterion, fits: list[Told], text: str) -> Decimal | None:
    """What is reached where only the distance is told: 还差1条 of four is 3."""
    if not isinstance(criterion.score, Shortfall) or not fits or criterion.answer.unit in SHARES:
        return None
    short = _SHORT_OF.search(text[: fits[0].start]) and fits[0].number.part is None
    return criterion.score.target - fits[0].number.value if short else None


def _listed(text: str) -> Decimal | None:
    """How many are named one by one at the end: 省名牌:亚邦、星源."""
    match = _LISTED.search(text)
    return Decimal(len(re.split("[、和及与]", match["names"]))) if match else None


def _around(text: str, one: Told) -> tuple[str, str]:
    return re.split("[,;]", text[: one.start])[-1], re.split("[,;]", text[one.end :])[0]


def count(criterion: Criterion, text: str) -> Decimal | None:
    """How many awards or projects; 1 where it is told without a number that one came, not where it is just named."""
    if is_open(text):
        return None
    fits = [one for one in fitting(criterion, text) if one.number.value <= COUNT_LIMIT and _is_count(one.number)]
    if none_at_all(text) or (is_denied(text) and not any(one.number.value for one in fits)):
        return Decimal(0)
    if fits:
        return chosen(fits, criterion, text)
    return _listed(text) or (None if _JUST_NAMED.fullmatch(text) else Decimal(1))


def _is_count(number: Number) -> bool:
    return number.unit not in SHARES and (number.part is not None or number.value % 1 == 0)


def often_enough(criterion: Criterion, text: str) -> bool | None:
    """Whether something was done as often as the clause asks."""
    assert criterion.entries is not None
    assert criterion.entries.at_least is not None
    times = [one for one in told(text) if one.number.unit in _TIMES and one.number.part is None]
    times = [one for one in times if one.role is not Role.MISSING] or times
    counted = [one.number.value for one in times] + [
        last for last in (parse_run(said) for said in _ORDINAL.findall(text)) if last is not None
    ]
    if none_at_all(text) or (is_denied(text) and not any(value > 1 for value in counted)):
        return False
    short = [one for one in times if one.role is Role.LIMIT and _SHORT.search(text[: one.start])]
    if any(one.number.value <= criterion.entries.at_least for one in short):
        return False
    if not counted:
        return None
    often = max(counted) if max(counted) > 1 else Decimal(_single_times(times, text))
    return often * a_year(text) >= criterion.entries.at_least


def _single_times(times: list[Told], text: str) -> int:
    """How often it was where each time is told: 3月一次9月一次, 3月和8月各一次."""
    return max(len(times), len(MONTH.findall(text)) if "各" in text or "分别" in text else 1)


def occurrences(criterion: Criterion, score: Deduct, text: str) -> Decimal | None:
    """How often a trouble came about; 0 where it was avoided."""
    if is_open(text):
        return None
    if criterion.nature == "omission":
        return _omissions(criterion, score, text)
    if "拒" in criterion.label and (refused := _refusals(criterion, text)):
        times = refused
    elif "缺席" in criterion.label:
        times = _absences(criterion, text)
    elif "不合格" in criterion.label:
        times = _failures(criterion, _FAILED.sub("不合格", text))
    elif "迟报" in criterion.label and _TIMELY.search(text) and not _LATE.search(text):
        times = Decimal(0)
    else:
        counted = _whole_counts(criterion, text)
        times = added(counted, criterion, text) or _events(counted, text)
    return min(times, Decimal(1)) if score.once else times


def _whole_counts(criterion: Criterion, text: str) -> list[Told]:
    fits = [one for one in fitting(criterion, text) if _is_count(one.number)]
    return [one for one in fits if one.role not in (Role.INSIDE, Role.EACH)] or fits


def _events(counted: list[Told], text: str) -> Decimal:
    text = _UNHURT.sub(lambda match: "|" * len(match[0]), text)
    if none_at_all(text) or _NO_ACCIDENT.search(text):
        return Decimal(0)
    counted = [one for one in counted if one.role is Role.ALL] or counted
    for one in counted:  # 发生2起，都没死人: what is denied is something else
        before, after = _around(text, one)
        if one.number.value and not is_denied(before + after):
            return one.number.value
    if is_denied(text):
        return Decimal(0)
    return counted[0].number.value if counted else Decimal(1)


def _refusals(criterion: Criterion, text: str) -> Decimal | None:
    """How many would not be tested; that nothing came of it then (门都没进) makes it no less a refusal."""
    for clause in re.split("[,;]", text):
        refused = _REFUSED.search(clause)
        if (
            refused
            and not is_denied(clause[: refused.start()])
            and not (_NO_REFUSAL.search(clause) or none_at_all(clause))
        ):
            return next((one.number.value for one in _whole_counts(criterion, clause)), Decimal(1))
    return None


def _failures(criterion: Criterion, text: str) -> Decimal:
    """How many of those tested failed, not how many were tested."""
    if _NONE_FAILED.search(text):
        return Decimal(0)
    counted = _whole_counts(criterion, text)
    parts = added(counted, criterion, text)
    if parts is not None:
        return parts
    failed = [one.number.value for one in counted if one.role is Role.FAILED]
    if failed:
        return failed[0]
    if "不合格" not in text and "合格" in text:
        pair = part_and_whole(text)
        return pair.whole - pair.part if pair and pair.whole >= pair.part else Decimal(0)
    beside = [one for one in counted if "不合格" in "".join(_around(text, one))]
    return _events(beside or counted, text.replace("不合格", "|||"))  # of the same length, so that places stay


def _absences(criterion: Criterion, text: str) -> Decimal:
    bare = _NEVER_ABSENT.sub("", text)
    missed = _ABSENT.search(bare)
    counted = _whole_counts(criterion, text)
    pair = part_and_whole(text)
    if pair and pair.whole >= pair.part and not missed:
        return pair.whole - pair.part
    if not missed:
        return Decimal(0) if bare != text or _ATTENDED.search(text) or is_denied(text) else Decimal(1)
    if len(counted) > 1:
        beside = [n for n in counted if _ABSENT.search("".join(_around(text, n)))]
        counted = beside or counted
    return counted[-1].number.value if counted else Decimal(1)


def _omissions(criterion: Criterion, score: Deduct, text: str) -> Decimal:
    """How often something due was left out: as counted, 1 where it is only said, 0 where it was done."""
    text = _NOT_BAD.sub("", text)
    missing = is_denied(text) or bool(_BAD.search(re.sub("不是(?:挂|摆|空)[^,]*", "", text)))
    counted = _whole_counts(criterion, text)
    pair = None if score.once else part_and_whole(text)
    if pair and pair.whole >= pair.part:
        return pair.whole - pair.part
    left = [one.number.value for one in counted if one.role is Role.MISSING]
    if not missing and (score.once or not left):
        return Decimal(0)
    if left and not score.once:
        return left[0]
    if "count" in criterion.answer.buttons.values() and counted:
        return counted[0].number.value
    return Decimal(1)
