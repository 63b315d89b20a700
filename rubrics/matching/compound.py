"""Clauses with several conditions: what a piece of a message says about all of them together."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from rubrics.amounts import COUNTERS, Number, find_numbers
from rubrics.kinds import Gate
from rubrics.matching.polarity import is_denied
from rubrics.matching.spelling import fold
from rubrics.model import Criterion, Measure

_HEAD = re.compile(r"^(?:今年|本地|有没有|是不是|本级)*(?:做|建|推|出|定|查|办)?")
_TAIL = re.compile(
    r"(?:都|也)?(?:有了|做了|完成了|落实了|受控了|配够了|提升了|推进了|下降了|做完了|有)*(?:没有|了没有|没)?？$"
)
_JOINTS = re.compile(r"[、，]|和(?!谐)|并(?!网)")
_WHOLLY = re.compile("都|全|落实|齐|完成|做完|改了")
_MIXED = re.compile("[签出定发做印][完好]?了[,;]?[^,;]{0,10}[没未]|(?<!没)有[,;][^;]{0,16}[没未]")
_UNDER = re.compile("(?:不到|不足|没到|未到|没达到|未达到?|低于)$")
_CLAUSE = re.compile("[,;]")
_NOUGHT = re.compile("(?:都|均)?[为是]?(?:零|(?<![0-9.])0(?![0-9.]))")
_EACH_STEP = re.compile("(?:步|项|条|样|个|环节)[都全]部?[\u4e00-\u9fff]{0,2}[完齐成了]")
_REACHED = re.compile("达标|达到|达成|够线|过线|够格")
_ALL_REACHED = re.compile("(?:都|全部?|均)(?:已经?)?(?:达标|够线|过线)")
_TROUBLE = re.compile(
    "(?:被|上[了过]?|登[了过]?|播|[没未]有?[上登]过?)[^,;]{0,6}(?:媒体|电视|新闻|报纸|省报|[日晚早]报|报道|点名|访谈|晚会|记者|[省市央区]台|头条|[央卫]视|热搜|焦点|3·?15)"
    "|点名|查获|捣毁|窝点|造假|制假|售假"
)
_BLAMED = re.compile(  # what is not praise: 质量月上了电视 is
    "假|伪|劣|冒|曝|点名|访谈|3·?15|黑|骗|坑|窝|不合格|超标|问题|批评|通报|出事|丢|案|投诉|毒|差|脏|造|售|查获|捣毁|上热搜|那事|的事"
)
_EVENT = re.compile(r"事故|案件|曝光|事件|发生|索赔|上访")


class Judgement(NamedTuple):
    """A verdict on all conditions; ``value`` None where only some are spoken of."""

    value: bool | None


def all_conditions(criterion: Criterion, text: str, *, denied: bool) -> Judgement | None:
    """The verdict where the question names several conditions; None where it names one."""
    if denied and _JOINTS.search(criterion.ask) and _MIXED.search(text):
        return Judgement(None)
    if "都" not in criterion.ask or "、" not in criterion.ask:
        return None
    wanted = _conditions(criterion.ask)
    if len(wanted) < 2:
        return None
    said = sum(_mentions(text, condition) for condition in wanted)
    if denied:
        return Judgement(False)
    return Judgement(True if said >= 2 or _WHOLLY.search(text) else None)


def _conditions(ask: str) -> list[str]:
    bare = _TAIL.sub("", _HEAD.sub("", ask))
    return [part for part in _JOINTS.split(fold(bare)) if len(part) > 1]


def _mentions(text: str, condition: str) -> bool:
    return any(condition[at : at + 2] in text for at in range(len(condition) - 1))


def measured_verdict(criterion: Criterion, text: str) -> bool | None:
    """Whether all conditions of a clause hold by what is said; for a gate, whether the bad thing is so."""
    if isinstance(criterion.score, Gate):
        return _gate(criterion, text)
    figures = [m for m in criterion.measures if m.threshold is not None]
    if not figures:
        return _spoken_of(criterion, text)
    if _REACHED.search(text) and not find_numbers(text[:200]):
        return not is_denied(text) if _WHOLLY.search(text) else False if is_denied(text) else None
    if _ALL_REACHED.search(text) and not is_denied(text):
        return True
    verdicts = [_holds(measure, text, alone=len(figures) == 1) for measure in figures]
    if any(verdict is False for verdict in verdicts):
        return False
    return True if all(verdicts) and not is_denied(_NOUGHT.sub("", text).replace("不合格", "")) else None


def _spoken_of(criterion: Criterion, text: str) -> bool | None:
    """The verdict on conditions without figures: most of them said, or the trouble among them denied."""
    avoided = [m for m in criterion.measures if not m.holds_when]
    for clause in _CLAUSE.split(text):
        if any(_mentions(clause, fold(m.key)) for m in avoided) and _EVENT.search(clause):
            return is_denied(clause)
    said = sum(_mentions(text, fold(m.key)) for m in criterion.measures)
    if is_denied(text) and said:
        return False
    return True if said * 2 > len(criterion.measures) or _EACH_STEP.search(text) else None


def _gate(criterion: Criterion, text: str) -> bool | None:
    """Whether a trouble came about, or a duty was neglected; a clause of the text speaks of one of the two."""
    duties = [fold(m.key) for m in criterion.measures if not m.holds_when or not _EVENT.search(m.key + m.ask)]
    bad: list[bool] = []
    for clause in _CLAUSE.split(text):
        if _EVENT.search(clause) or (_TROUBLE.search(clause) and (is_denied(clause) or _BLAMED.search(text))):
            bad.append(not is_denied(clause))
        elif any(_mentions(clause, duty) for duty in duties):
            bad.append(is_denied(clause))
    if bad:
        return any(bad)
    if not _BLAMED.search(text) and _TROUBLE.search(text):
        return None
    denied = is_denied(text)
    if len(duties) == len(criterion.measures):
        return denied
    return False if denied else None


def _is_figure(number: Number, measure: Measure) -> bool:
    """Whether a number can be the figure asked for: 抽检1个 is no percentage."""
    return measure.unit != "%" or number.part is not None or number.unit not in COUNTERS


def _holds(measure: Measure, text: str, *, alone: bool) -> bool | None:
    """Whether the figure said for one condition reaches its limit; None where none is said."""
    stem = fold(measure.key).removesuffix("率").removesuffix("合格")
    at = text.find(stem)
    if measure.threshold is None:
        return None
    if at < 0 and not alone:
        return None
    after = text[at + len(stem) :] if at >= 0 else text
    numbers = [n for n in find_numbers(after[:60], measure.unit) if isinstance(n, Number) and _is_figure(n, measure)]
    if not numbers:
        return None
    value: Decimal = numbers[0].value if numbers[0].part is None else numbers[0].value * 100
    before = after[: after.find(numbers[0].text)]
    if measure.op == ">=" and _UNDER.search(before):  # 不到九成 says less than 90, not how much
        return False if value <= measure.threshold else None
    if measure.op == ">=":
        return value >= measure.threshold
    return value <= measure.threshold if measure.op == "<=" else value < measure.threshold
