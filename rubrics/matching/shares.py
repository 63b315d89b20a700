"""Shares that a piece of a message states: percentages, parts of a whole, tasks done of tasks set, changes."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from rubrics.amounts import COUNTERS, SHARES, Number, find_numbers
from rubrics.figures import two_decimals
from rubrics.kinds import Rate, Scale, Tiers
from rubrics.matching.polarity import is_denied, none_at_all
from rubrics.matching.roles import Role, Told, told
from rubrics.matching.spelling import fold
from rubrics.model import Criterion

_LONGEST = 200  # characters read for figures
_COUNTED = COUNTERS | {"人", "名", "位", "人次"}
_NO_THINGS = {"类", "种", "期", "届", "轮", "面"}
AT_ONCE = re.compile("一次(?=验收|合格|过|性|通过|率|就)")
_NOT_APART = re.compile(
    "[没未不](?:有)?(?:单独|专门|另外)?(?:单列|单独列[支出项]?|单设|列专项)"
)  # there may be money all the same
_IMPOSSIBLE = re.compile(r"(?:^|[\u4e00-\u9fff :=,])[-负][0-9.]+%")  # less than nothing
_ALL = re.compile(
    r"百分百|百分之百|全部|全都|都|全(?=[部都]?[\u4e00-\u9fff])|一[个台人家只件][都也]?[没不][落少漏]|无一例外|(?<!平)均(?=已|有|合格|达|完成|通过)|([人家台个户样批村厂次回期月季项条件趟场])\1(?![没未不])|(?:每|哪)[个]?[次回期月季样批](?:检测|监测|抽检|测|抽|验|检)?[都均全]|满分|清零|满(?=覆盖|百|员|的|$)"
)
_NOT_ALL = re.compile(r"(?:不是|并非|不可能|没能)[^,;]{0,2}(?:都|全|每|百分百|([\u4e00-\u9fff])\1)")
_ALL_RULES = re.compile(
    "(?P<rule>制度|机制|预案|办法|文件|方案|台账|体系)[^,;]{0,4}(?:都|全)"
)  # 那些制度都齐了: no share
_NONE_LEFT_OUT = re.compile("一[个台人家名只件][都也]?[没不](?:有)?[落少漏缺差拉]下?")
_FAULT_RATE = re.compile(
    "(?:不合格(?:发现|检出)?|不达标|漏检|超期|无证|超标|未[^,;.]{1,3})率[^,;.0-9]{0,4}$|(?:[没未][^,;.0-9]{1,3}|不合格|不达标|超期|无证)的[^,;.0-9]{0,4}占[^,;.0-9]{0,2}$"
)
_SHORT_OF, _OF_ALL = re.compile("[差缺欠]$"), re.compile("^[^,;.0-9]{0,2}(?:100|百分之?百|满分)")  # 差1%到100
_SHORT_OF_ALL = re.compile("[没未不]有?(?:达到?|到|满|够)(?:100%|百分之?百)")
_FAULTY_SHARE = re.compile("^的[^,;.0-9]{0,6}(?:没(?!问题)|未|不合格|不达标|超期|过期|逾期|失效|漏检|无证)")
_FLAWLESS = re.compile(
    "(?:无证|超期|漏检|未登记|没登记|未检|没检|过期|超标)[^,;]{0,5}(?:没有|为零|绝迹)|[没未][有曾]?(?:出现)?(?:超过标|超标)|[没无]有?一[次回期批个样][^,;]{0,3}(?:不(?!合格率)|没|超标|出问题)"
    "|[没无]有?(?:一[个台人家名](?:是)?)?(?:无证|没证|超期|漏检|没检|未登记|过期)"
)
_NAMED = re.compile("率[为是达到:]{0,2}(?P<rate>[0-9]+(?:\\.[0-9]+)?)(?=$|[^0-9.%‰\u4e00-\u9fff/])")
_MARK = re.compile("[,;]")
_NOW = re.compile("(?:目前|现在|如今|最新|眼下|到年底)[^,;.0-9]{0,4}$")
_RAISED_TO = re.compile(r"(?:提高|提升|上升|升高|增加|增长|升|涨|下降|降低|回落|降|跌)[了]?[到至为]")
_FROM_TO = re.compile(
    r"(?:[由从](?P<before>[^,;]*?[0-9.]+)[^0-9]{1,8}?[到至为]|(?:去年|上年)(?P<earlier>[^,;]*?[0-9.]+)[^0-9]{0,8}今年[^0-9]{0,4})"
    r"(?P<after>[0-9.]+)|[到至为](?P<now>[0-9.]+)[^0-9]{0,4}(?:去年|上年)[^0-9,;]{0,4}(?P<then>[0-9.]+)"
)
_FULL_TASK = re.compile(
    r"全部?完成|全面完成|足额完成|如数完成|满额完成|都完成|完成[^,;]{0,4}全部|全部?[\u4e00-\u9fff]{1,2}[完好]|任务[^,;.]{0,4}完成了"
)
_OF_TASK = "(?:下达|控制|目标|任务|指标|计划)[^,;.0-9]{0,3}"
_BEYOND = re.compile(rf"(?:超额?|超出|多)(?:完成)?了?$|(?:高于|超过|超){_OF_TASK}$|比{_OF_TASK}[高多超]出?了?$")
_SHORT = re.compile(rf"[还只]?[差缺欠](?:了)?$|(?:低于|少于){_OF_TASK}$|比{_OF_TASK}[低少]了?$")


_ON_EACH = re.compile(  # 每万名就业人员有1.85张: whatever it was worked out from
    "(?:每[一1]?个?万|平均[一1]?万|一万个?|(?<![0-9])万[人名])[^,;.0-9万、]{0,16}$"
)
_EACH_AFTER = re.compile("/万|每万|[^,;.0-9]{0,3}/(?:每)?万")
_TEN_THOUSAND = 10_000
_MANY = _TEN_THOUSAND  # people; fewer are no workforce
_TIMES_TASK = 10  # a task done so many times over was misread


class Pair(NamedTuple):
    """What is done and what there is to do."""

    part: Decimal
    whole: Decimal


def part_and_whole(text: str, *, of_shares: bool = False) -> Pair | None:
    """What is done and what there is to do, where both are stated.

    Args:
        text: folded words.
        of_shares: the percentages among the figures, and not the counts, are the two (任务12%，做到13.2%).
    """
    found = [one for one in told(text) if (one.number.unit in SHARES) == of_shares and one.role is not Role.EACH]
    for one in found:
        if one.number.part is not None and one.number.whole:
            missing = one.role in (Role.MISSING, Role.FAILED)
            part = one.number.whole - one.number.part if missing else one.number.part
            return _scaled(Pair(part, one.number.whole), [other for other in found if other is not one])
    found = _comparable([one for one in found if one.role is not Role.LIMIT] or found)
    if len(found) < 2:
        return None if of_shares else _of_share(found, text)
    return _by_roles(found) or Pair(found[1].number.value, found[0].number.value)


def _scaled(pair: Pair, others: list[Told]) -> Pair:
    """The fraction of what is counted beside it: 三分之二，一共9项 is six of nine."""
    for other in others:
        if other.role in (Role.DUE, Role.ALL) and other.number.value and not other.number.value % pair.whole:
            return Pair(pair.part * other.number.value / pair.whole, other.number.value)
    return pair


def _of_share(found: list[Told], text: str) -> Pair | None:
    """What is done where the whole is counted and the rest told as a share: 任务10项，完成率90%."""
    shares = [one.number for one in told(text) if one.number.unit in SHARES and one.number.fraction is not None]
    if len(found) != 1 or len(shares) != 1 or found[0].role not in (Role.DUE, Role.ALL):
        return None
    whole = found[0].number.value
    return Pair(Decimal(round(whole * shares[0].value / SHARES[shares[0].unit])), whole)


def _comparable(found: list[Told]) -> list[Told]:
    """Those that can be part and whole of each other: no kinds and rounds beside three things or more."""
    things = [one for one in found if one.number.unit not in _NO_THINGS]
    found = things if len(things) > 1 else found
    unit = next((one.number.unit for one in found if one.number.unit), "")
    family = _COUNTED if unit in _COUNTED else {unit}
    return [one for one in found if not one.number.unit or one.number.unit in family]


def _by_roles(found: list[Told]) -> Pair | None:
    of: dict[Role, list[Decimal]] = {role: [one.number.value for one in found if one.role is role] for role in Role}
    done, missing, failed = of[Role.DONE], of[Role.MISSING], of[Role.FAILED]
    given = of[Role.DUE] or of[Role.ALL] or of[Role.STOCK]
    whole = next((values[at] for values, at in ((given, -1), (of[Role.PLAIN], 0)) if values), None)
    if whole is None:
        return _without_whole(done, missing, failed, of[Role.INSIDE])
    if done:
        return Pair(done[0], whole)
    if missing or failed:
        left = whole - (missing or failed)[0]
        return Pair(left, whole) if left >= 0 else None
    if of[Role.BEYOND]:
        return Pair(whole + of[Role.BEYOND][0], whole)
    rest = of[Role.INSIDE] or (of[Role.PLAIN] if given else [])
    return Pair(rest[0], whole) if rest else None


def _without_whole(
    done: list[Decimal], missing: list[Decimal], failed: list[Decimal], inside: list[Decimal]
) -> Pair | None:
    if not done:
        return None
    if failed:  # 检了60台，3台不合格; but of 12 that failed 11 were put right
        return Pair(done[0] - failed[0], done[0]) if failed[0] < done[0] else Pair(done[0], failed[0])
    if missing:
        return Pair(done[0], done[0] + missing[0])
    return Pair(inside[0], done[0]) if inside else None


def takes_share(criterion: Criterion) -> bool:
    """Whether a clause asks for a share, be it of a task."""
    share = isinstance(criterion.score, Rate | Scale) or criterion.answer.unit in SHARES
    return share or criterion.target is not None


def rate(criterion: Criterion, text: str) -> Decimal | None:
    """The percentage stated, or worked out from a part and its whole."""
    text = AT_ONCE.sub("", text)
    if _IMPOSSIBLE.search(text) and not (criterion.answer.range and criterion.answer.range[0] < 0):
        return None
    numbers = [n for n in find_numbers(text[:_LONGEST], "%") if isinstance(n, Number)]
    changed = _change(criterion, text)
    if changed is not None:
        return changed
    shares = [one.number for one in told(text, "%") if one.number.unit in SHARES]
    if shares:
        return _of_percentages(criterion, shares, text)
    if _FLAWLESS.search(text):
        return Decimal(100)
    text = _NONE_LEFT_OUT.sub("全部", text)
    bare = _bare(text, "分" if "满意" in criterion.ask else "")
    if len(bare) > 1 and any(value % 1 for value in bare):  # 上半年95，全年96.2: each is a percentage
        return min(bare) if "较低" in criterion.ask else _of_the_year(text) or bare[0]
    counts = [one for one in told(text) if one.number.unit in COUNTERS]
    if len(counts) == 1 and not counts[0].number.value and counts[0].role in (Role.MISSING, Role.FAILED):
        return Decimal(100)
    named = _NAMED.search(text)
    pair = None if named and Decimal(named["rate"]) <= 100 else part_and_whole(text)
    if pair and pair.whole > 0:
        return None if _is_turned(text) else _share_of(pair)
    if bare:
        return bare[0] * 100 if Decimal("0.5") < bare[0] < 1 else bare[0]  # 持证率0.98
    if len(numbers) == 1 and text.count(numbers[0].text) > 1:  # 该检9台，检了9台
        return Decimal(100)
    return Decimal(100) if _says_all(criterion, text) else None


def _says_all(criterion: Criterion, text: str) -> bool:
    """Whether words say 都 of what the clause counts, and not of rules about it."""
    rules = _ALL_RULES.search(text)
    if not _ALL.search(text) or _NOT_ALL.search(text) or (rules and rules["rule"] not in fold(criterion.ask)):
        return False
    return not is_denied(text.replace("不合格", ""))


def _bare(text: str, unit: str) -> list[Decimal]:
    """The figures without a unit, or in the points of a survey, that can be percentages; no mere limits where there are others."""
    found = [one for one in told(text) if one.number.unit in ("", unit) and one.number.part is None]
    found = [one for one in found if one.role is not Role.LIMIT] or found
    return [one.number.value for one in found if 0 <= one.number.value <= 100]


def _of_the_year(text: str) -> Decimal | None:
    return next((one.number.value for one in told(text) if one.role is Role.ALL and not one.number.unit), None)


def _of_percentages(criterion: Criterion, shares: list[Number], text: str) -> Decimal | None:
    if _SHORT_OF_ALL.search(text) and len(shares) == 1:
        return None  # 没到100%: how much is not said
    reached = min(shares) if "较低" in criterion.ask else _reached(shares, text)
    said = reached.value * 100 / SHARES[reached.unit]
    return two_decimals(100 - said if _is_of_faults(reached, text) else said)


def _is_of_faults(share: Number, text: str) -> bool:
    """Whether a percentage is of what failed: 不合格率1.5%, 3%的没检."""
    before, _, after = text.partition(share.text)
    short_of_all = _SHORT_OF.search(before) and _OF_ALL.search(after)
    return bool(short_of_all or _FAULT_RATE.search(before) or _FAULTY_SHARE.search(after))


def _reached(shares: list[Number], text: str) -> Number:
    """Of several percentages the one that stands now: 由96%提高到99% is 99%."""
    found = [one for one in told(text, "%") if one.number.unit in SHARES]
    stated = [one for one in found if one.role is not Role.LIMIT]  # 没到100%，只有97%
    now = [one for one in stated if _NOW.search(_MARK.split(text[: one.start])[-1])]  # 三季度末97%，目前99%
    if len(now) == 1 < len(stated):
        return now[0].number
    whole = [one for one in stated if one.role is Role.ALL]  # 电梯99%，叉车97%，总的98.2%
    shares = [one.number for one in whole or stated] or shares
    turn = _RAISED_TO.search(text)
    if turn is None or len(shares) < 2:
        return shares[0]
    return next((n for n in shares if text.find(n.text) == turn.end()), shares[0])


def _is_turned(text: str) -> bool:
    """Whether a fraction was typed whose part is more than its whole: 7/6 may as well be a slip for 6/7 as for 7/8."""
    return any(
        one.number.part is not None and one.number.whole and one.number.part > one.number.whole for one in told(text)
    )


def _share_of(pair: Pair) -> Decimal:
    part, whole = sorted((max(pair.part, Decimal(0)), pair.whole))
    return two_decimals(part * 100 / whole)


def _change(criterion: Criterion, text: str) -> Decimal | None:
    """By how many percent a figure fell or rose, where the clause asks for that: 由6.0降到5.7 is 5."""
    said = _FROM_TO.search(text)
    if said is None or "%" in text or not re.search("[下提上][降高升]", criterion.ask):
        return None
    before = [n.value for n in find_numbers(said["before"] or said["earlier"] or said["then"]) if isinstance(n, Number)]
    after = Decimal((said["after"] or said["now"]).strip(".") or "0")
    if not before or not before[-1]:
        return None
    change = (after - before[-1]) * 100 / before[-1]
    return two_decimals(-change if "降" in criterion.ask else change)


def of_target(numbers: list[Number], text: str) -> Decimal | None:
    """Percent of a task set from above."""
    found = [one for one in told(text) if one.number.unit in SHARES]
    shares = [one.number for one in found if one.role is not Role.LIMIT] or [one.number for one in found]
    pair = part_and_whole(text) or part_and_whole(text, of_shares=True)
    if pair and pair.whole:
        return two_decimals(pair.part * 100 / pair.whole) if pair.part < pair.whole * _TIMES_TASK else None
    if shares:
        said = shares[0].value * 100 / SHARES[shares[0].unit]
        before = text[: text.find(shares[0].text)]
        beyond, short = _BEYOND.search(before), _SHORT.search(before)
        return two_decimals(100 + said if beyond else 100 - said if short else said)
    bare = [n for n in numbers if not n.unit and 20 <= n.value <= 300]
    if bare:
        return bare[0].value
    only_due = all(one.role is Role.DUE for one in told(text))
    return Decimal(100) if _FULL_TASK.search(text) and only_due and not is_denied(text) else None


def tier_measure(criterion: Criterion, score: Tiers, numbers: list[Number], text: str) -> Decimal | None:
    """The figure that tells the tiers apart, in their own unit; None where they have none or it is not stated."""
    unit = criterion.answer.unit
    if not score.measure:
        return None
    if "每万名" in criterion.ask and (told(text) or not is_denied(text)):
        return _per_ten_thousand(criterion, text)
    limits = {one.number.value for one in told(text) if one.role is Role.LIMIT}
    for number in sorted(numbers, key=lambda one: one.value in limits):
        if unit in SHARES and number.fraction is not None:
            return two_decimals(number.fraction * SHARES[unit]).normalize()
        if number.unit == unit or (not number.unit and unit not in SHARES):
            return number.value
    amounts = sorted(n.value for n in numbers if n.unit in ("", "元") and n.value > 0)
    if unit in SHARES and len(amounts) == 2:  # 专款80万，预算收入10亿
        return two_decimals(amounts[0] * SHARES[unit] / amounts[1]).normalize()
    return Decimal(0) if is_denied(_NOT_APART.sub("", text)) else None


def _per_ten_thousand(criterion: Criterion, text: str) -> Decimal | None:
    """How many on each ten thousand people: as it is told, else worked out where both are: 就业人员50万，证书1500张."""
    found = told(text)
    own = [one for one in found if _ON_EACH.search(text[: one.start]) or _EACH_AFTER.match(text[one.end :])]
    own = [one for one in own if one.role is not Role.LIMIT] or own
    if own and own[0].role is not Role.LIMIT:
        return own[0].number.value
    counted = [one.number.value for one in found if one.number.unit == criterion.answer.unit and one not in own]
    people = [one.number.value for one in found if one.number.unit in ("", "人", "名") and one.number.value > _MANY]
    if len(counted) == len(people) == 1:
        return two_decimals(counted[0] * _TEN_THOUSAND / people[0])
    if own or none_at_all(text):  # 不足1张，0.7张
        said = [one.number.value for one in found if own and one.start > own[0].start]
        return said[0] if said else own[0].number.value if own else Decimal(0)
    return found[0].number.value if len(found) == 1 and found[0].number.unit in (criterion.answer.unit, "") else None


def is_on_each(criterion: Criterion, text: str) -> bool:
    """Whether words that tell figures tell one on each ten thousand people, where a clause asks for that."""
    figures = [one.number.value for one in told(text)]
    each = re.search("每|万[人名]", text) is not None or any(value > _MANY for value in figures)
    return "每万名" not in criterion.ask or each
