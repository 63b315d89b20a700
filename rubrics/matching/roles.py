"""The part that each figure of a piece plays: what was set, what was done, what is missing, what failed."""

from __future__ import annotations

import re
from enum import Enum, auto
from itertools import pairwise
from typing import NamedTuple

from rubrics.amounts import Number, located

_MARKS = re.compile("[,;。:]")
_PERIOD = re.compile("[一二三四]季度|[上下]半年|[0-9]+月")  # another one begins: 1篇二季度没报
_LONGEST = 200  # characters read for figures


class Role(Enum):
    """What a figure is of."""

    PLAIN = auto()
    DUE = auto()  # what was set: 任务3只, 应检60台
    ALL = auto()  # all there is: 一共50家, 12家里
    STOCK = auto()  # all there ever was: 累计16家
    DONE = auto()  # 完成2只, 60台检了
    MISSING = auto()  # of what was set: 差2个, 3家没建
    FAILED = auto()  # of what was done: 不合格9批
    INSIDE = auto()  # 其中3篇
    BEYOND = auto()  # 多完成1只, 超1只
    LIMIT = auto()  # 不足4条, 90%以上: not how much
    EACH = auto()  # 每期60人: of something else


class Told(NamedTuple):
    """A figure and its role."""

    number: Number
    start: int
    end: int
    role: Role


_BEYOND = re.compile(
    "(?:超额?|超出|额外|另外多|(?:任务|指标|目标|计划)(?:之|以)?外(?:又|还|再)?(?:新增|有)?的?|(?<![成个家只条台])多)(?:完成|拿|创|评|办|做)?了?$|超额?完成[^,;、.0-9]{0,4}$"
)
_MISSING_BEFORE = re.compile(
    "(?:[差缺欠剩]|还少|(?<![至不减])少(?:建|创|评|开|报|做|办|交|拿|完成))(?:着|了|下)?$|比[^,;.0-9]{0,3}(?:任务|指标|目标)[少低差]了?$|(?:没|未)(?:能|有)?(?:完成|通过|办|检|建|做|登记|整改|改|培训|持证|启动|验收|报)的?(?:还?有|是|为|余)?$"
    "|未[\u4e00-\u9fff]{1,3}的?(?:还?有|是|为|余)?$"
    "|(?:漏检?|超期(?:未检)?|过期|逾期|失效|无证|未检|缺席|缺课)的?(?:还?有|是|为)?$|除了?$"
)
_FAILED_BEFORE = re.compile("(?:不合格|不达标|不过关|[没未](?:有|能)?(?:通?过关?)|退回|有问题)的?(?:还?有|是|为|了)?$")
_FAILED_AFTER = re.compile(
    "^(?:样品?|产品)?(?:被)?(?:判|检出|查出)?(?:了)?(?:有问题|超标|不合格(?!企业|产品企业)|不达标|不过关|[没未]过关?(?!期)|没合格|查无|不属?实|是?误报|查否)"
)
_MISSING_AFTER = re.compile(
    "^[\u4e00-\u9fff]{0,6}?(?:[没未](?!来得)(?!有?(?:超|过期|漏|问题|缺|落|毛病|不))|无证|超期|过期|过了[^,;]{0,3}期|漏检|缺考|缺席|停产|停用|逾期|失效|在考|在排)"
)
_TO_COME = re.compile("^[^,;.0-9]{0,3}?(?:年底前|月底前|[拖推延改]到|明年|下个?月|正在|准备|打算|争取|停[在着了用])")
_DUE_BEFORE = re.compile(
    "(?:任务|目标|指标|计划|下达|要求|应|该|需要?|须|压|给(?!了$)|分配|控制|[省市区]里定)[^,;.0-9]{0,6}$"
)
_DUE_AFTER = re.compile("^的?(?:任务|目标|指标|要求)")
_ALL_BEFORE = re.compile("(?:共|总|合计|全年|综合)[^,;.0-9]{0,6}$")
_ALL_AFTER = re.compile(
    "^[^,;.0-9]{0,5}(?:(?<![那这哪])里[面头边]?|当中|之中|中间|(?<![途训修办检查评等建审请])中)(?![检查考])"
)
_STOCK = re.compile("(?:累计|历年|总量|总数|现有|目前有|存量)[^,;.0-9]{0,4}$")
_DONE_BEFORE = re.compile(
    "(?:其余|其他|完成|做了|做到|已|实际|拿|获|评上|创成|成了|通过|过了|验收|检了|改了|改完|办了|批了|批下来|去了|参加了?|到了|来了|训了|(?<!不)合格|达标|到手|搞[成定]|有证|持证|建了|建账)[^,;.0-9]{0,4}$"
)
_DONE_AFTER = re.compile(
    "^[^,;.0-9]{0,4}(?:完成|合格|通过|过了|达标|有证|持证|有了|做了|办了|检了|改了|建了|到位|到手|去了|[已都全][检办登建改完弄做])"
)
_INSIDE = re.compile("其中[^,;.0-9]{0,6}$")
_LEFT = re.compile("(?:[还只就][有剩]?|[另剩][外余]?有?)$")
_PENDING = re.compile("^[还仍]?(?:正在|在办|在推进|在走流程)")
_OF_THEM = re.compile("^的?(?:任务|目标|指标)")
_EXPECTED = re.compile("(?:预计|预期|打算|准备|争取)(?:再|还)?[^,;.0-9]{0,4}$")
_LISTED_ON = re.compile("[、,][^,;、.0-9]{1,12}")  # 其中国标2项、行标4项
_LIMIT_BEFORE = re.compile(
    "(?:接近|将近|差一?点就?[到达]|不足|不到|不满|[没未不]有?(?:达到|达|到|满|超过?|突破)|低于|高于|超过|至少|控制在)$"
)
_LIMIT_AFTER = re.compile("^(?:以[上下内]|多(?:一点|一些|点)?(?=$|[,;]))")
_EACH = re.compile("(?<!上下)每(?:[个期次场回家村季]|半?年|季度|人)?[^,;.0-9]{0,3}$")

_SIGNS = (  # what settles the role by itself; whether it stands before or after the figure
    (Role.EACH, _EACH, True),
    (Role.LIMIT, _LIMIT_BEFORE, True),
    (Role.LIMIT, _LIMIT_AFTER, False),
    (Role.FAILED, _FAILED_BEFORE, True),
    (Role.FAILED, _FAILED_AFTER, False),
    (Role.MISSING, _MISSING_BEFORE, True),
    (Role.MISSING, _EXPECTED, True),
    (Role.BEYOND, _BEYOND, True),
    (Role.DUE, _DUE_AFTER, False),
    (Role.ALL, _ALL_AFTER, False),
)


def told(text: str, unit: str = "") -> list[Told]:
    """The figures of folded words in their order, each with its role."""
    found = located(text[:_LONGEST], unit)
    bounds = [0, *(end for _, end, _ in found)], [*(start for start, _, _ in found), len(text)]
    between = [text[start:end] for start, end in zip(*bounds, strict=True)]
    shared = [at < len(found) and not _MARKS.search(words) for at, words in enumerate(between)][1:]
    figures = [
        Told(number, start, end, _role(_OF_THEM.sub("", before) if n else before, after, shared=is_shared))
        for n, ((start, end, number), (before, after), is_shared) in enumerate(
            zip(found, pairwise(between), shared, strict=True)
        )
    ]
    for n, (one, other) in enumerate(pairwise(figures), 1):
        if one.role is Role.INSIDE and other.role is Role.PLAIN and _LISTED_ON.fullmatch(text[one.end : other.start]):
            figures[n] = other._replace(role=Role.INSIDE)
    return figures


def _role(before: str, after: str, *, shared: bool) -> Role:
    """The role by the words around a figure; ``shared``: those after it run on to the next figure."""
    before, after = _MARKS.split(before)[-1] or before.rstrip(",;。:"), _PERIOD.split(_MARKS.split(after)[0])[0]
    for role, pattern, in_front in _SIGNS:
        if pattern.search(before if in_front else after):
            return role
    if _PENDING.search(after):
        return Role.MISSING
    given, done = _DUE_BEFORE.search(before), _DONE_BEFORE.search(before)
    if _LEFT.search(before) and (_MISSING_AFTER.search(after) or _TO_COME.search(after)):
        return Role.MISSING
    if _MISSING_AFTER.search(after) and not (shared and done):
        return Role.DUE if given else Role.MISSING
    everything, stock = _ALL_BEFORE.search(before), _STOCK.search(before)
    for role, match in ((Role.DUE, given), (Role.STOCK, stock), (Role.ALL, everything)):
        if match and not (done and done.start() > match.start()):
            return role
    if _INSIDE.search(before):
        return Role.INSIDE
    said = _DONE_AFTER.search(after)
    theirs = shared and said and said.end() == len(after)  # 三次去了|两次
    return Role.DONE if done or (said and not theirs) else Role.PLAIN
