"""A message divided into facts: the division whose parts are best explained, each by one clause."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from rubrics.amounts import located
from rubrics.matching.scoring import Cover

FACT_COST = 4.5  # what a further fact must explain to be worth telling apart
_STATED_COST = 3.0  # less, where the part before it has said what there is to say: a figure, a yes or a no
_INNER_COST = 2.5  # more, where no mark stands between the two
_LONGEST_PART = 14  # cuts inside one fact
_MOST_CUTS = 40
_MARKS = re.compile(r"(?:[,。;!?:()（）\n|、+\[\]《》“”\"]|\.(?![0-9])|(?<![0-9])/)+")
_EXPLAINED = 0.6  # of weight on a character
_COUNT = re.compile(r"[0-9]|[一二两三四五六七八九十][个家只次条项件张份所成]|百分之")
_MEASURES = "天次个家年月小"  # 隔了两|天: the figure belongs to what follows
_ONLY_WHEN = re.compile(
    "(?:[一二三四1-4第]++季度|[上下]半年|[0-9一二三四五六七八九十]++月份?|[0-9零一二三四五六七八九十百]++[个次家条只项起件张篇份期]?|今年|全年|各|已经?|实际|(?:完成|做)了?|完成率|都|全部|[,、;和]|[0-9.]++%?)++"
)
_COUNTER = re.compile("[0-9零一二两三四五六七八九十百][个次家只条项件起]")
_NUMERALS = re.compile(r"[0-9.零一二两三四五六七八九十百千万]+$")
_COUNT_OF = re.compile(r"[0-9零一二两三四五六七八九十百千]+[个项只家条次]$")  # 15项|任务
_OF_TASKS = ("任务", "目标", "指标")
_ASIDE = re.compile(r"(?<=[\u4e00-\u9fff])[(（][\u4e00-\u9fff]{2,6}[)）](?=[\u4e00-\u9fff0-9])")
_SENTENCE_END = re.compile("[;。\n]")
_COUNTED_BEFORE = re.compile(
    r"[0-9零一二两三四五六七八九十百千]+[个项只家条次][\u4e00-\u9fff]{2,6}$"
)  # 一个省名牌|两个市名牌
_COUNT_ONLY = re.compile(r"[和与跟及]?[0-9零一二两三四五六七八九十百千]+[个项只家条次]")
_RATES = re.compile("(?<=率)[和与及]")  # 事故率和|死亡率
_DENIAL = re.compile("(?:[没未]有?|无)(?:再|被|发生|出现|出过?)?$")  # 旅游|没有重大事故: denies what follows
_TRAILING = re.compile("的[没也都]?有")
_OPENING = frozenset("《“([（")
_JOINTS = ("、", "和", "与", "及", "跟")
_BETWEEN = frozenset("、,和及与/;")
_RESPECTIVELY = re.compile("分别[是为有]?")
_SAID_WITHIN = 8  # characters
_SAID = re.compile(r"[0-9]|[一二两三四五六七八九十][个家只次条项件张份所成]|百分|[没未有了齐好都]|完成|落实")
_NONE = "没有"  # opens what is denied, closes nothing
_COUNTED = re.compile(
    r"[0-9.零一二两三四五六七八九十百千万]+(?:个?百分点|个|次|条|家|只|项|起|件|张|场|期|篇|批次|批|处|所|台|套|%|‰|分|名|人|村|厘米|公分|万亩)"
    r"|[0-9.]+%?(?=[^0-9.%])|百分之[0-9.零一二三四五六七八九十百]+|没有(?=[\u4e00-\u9fff]{2})|(?<!超)(?<!多)完成了?|了(?=[^,.;])"
)


class Part(NamedTuple):
    """A stretch of the message that is one fact."""

    start: int
    end: int
    place: int
    score: float
    head: int = 0  # the first character that the clause explains
    tail: int = 0  # after the last one


def divide(text: str, covers: list[Cover]) -> list[Part]:
    """The facts of a text in their order."""
    cuts, inner = _cuts(text)
    stated = [bool(_SAID.search(text, max(0, cut - _SAID_WITHIN), cut)) for cut in cuts]
    best: list[tuple[float, list[Part]]] = [(0.0, [])]
    for last in range(1, len(cuts)):
        top = best[-1]
        for first in range(max(0, last - _LONGEST_PART), last):
            part = _part(cuts[first], cuts[last], covers)
            if part is None:
                continue
            before, parts = best[first]
            cost = FACT_COST if parts and not stated[first] else _STATED_COST
            if parts and parts[-1].end == part.start and cuts[first] in inner:
                cost += _INNER_COST
            if before + part.score - cost > top[0]:
                top = (before + part.score - cost, [*parts, part])
        best.append(top)
    return [_with_span(part, covers, text) for part in best[-1][1]]


def _with_span(part: Part, covers: list[Cover], text: str) -> Part:
    cover = next(cover for cover in covers if cover.place == part.place)
    counters = {match.end() - 1 for match in _COUNTER.finditer(text)}  # 1个: belongs to the figure, whoever owns 个
    explained = [
        at for at in range(part.start, part.end) if cover.score(at, at + 1) >= _EXPLAINED and at not in counters
    ]
    if not explained:
        return part._replace(tail=part.end)
    core = next((at for at in explained if cover.specific(at, at + 1)), explained[0])
    ended = [at for at in explained if at < core and _SENTENCE_END.search(text, at, core)]  # 完成2只;采标任务3个
    head = core if ended else explained[0]
    return part._replace(head=head, tail=explained[-1] + 1)


def _part(start: int, end: int, covers: list[Cover]) -> Part | None:
    top, place = 0.0, -1
    for cover in covers:
        score = cover.score(start, end)
        if score > top:
            top, place = score, cover.place
    return Part(start, end, place, top) if place >= 0 else None


def _cuts(text: str) -> tuple[list[int], set[int]]:
    """Where a fact may begin, and which of these places have no mark."""
    marked = {0, len(text)} | {match.end() for match in _MARKS.finditer(text)} - _beside(text)
    counted = list(_COUNTED.finditer(text))
    inner = {match.start() for match in counted} | {match.end() for match in counted if match[0] != _NONE}
    inner = (inner | {match.end() for match in _RATES.finditer(text)}) - marked
    if len(marked) + len(inner) > _MOST_CUTS:
        inner = set()
    return sorted(marked | inner), inner


def _beside(text: str) -> set[int]:
    """The places of brackets around a word that only explains the one before it: 生态村(市级考核)."""
    return {at for match in _ASIDE.finditer(text) for at in (match.start() + 1, match.end())}


def only_says_when(text: str, part: Part) -> bool:
    """Whether a part has nothing but periods and figures (二季度1条、三季度3条): more of the fact before it."""
    return part.start > 0 and bool(_ONLY_WHEN.fullmatch(text, part.start, part.end))


def stands_alone(text: str, part: Part, piece: str) -> bool:
    """Whether a mark sets the part off from what goes before it, or its piece has a figure of its own."""
    return part.start == 0 or bool(_MARKS.match(text, part.start - 1) or _COUNT.search(piece))


def pieces(text: str, parts: list[Part]) -> list[str]:
    """What is said about each fact: its part and what follows up to the next one.

    Members of a list without a word of their own (鲁班奖、大禹奖都没拿到) share what is said after the last.
    """
    if not parts:
        return []
    leading = bool(_COUNT.search(text, 0, parts[0].head)) and not _COUNT.search(text, parts[-1].tail)
    bounds = [_boundary(text, one, other, leading=leading) for one, other in pairwise(parts)]
    said = [text[start:end] for start, end in zip([0, *bounds], [*bounds, len(text)], strict=True)]
    for n in range(len(said) - 2, -1, -1):
        if said[n].endswith(_JOINTS) and not _SAID.search(said[n]):
            said[n] += said[n + 1]
    return _each_its_own(said)


def _each_its_own(said: list[str]) -> list[str]:
    """The figures told respectively, each with its own member: 国抽、省抽合格率分别是93.5%和95.8%."""
    for last in range(1, len(said)):
        first = last
        while first and said[first - 1].endswith(said[first]):
            first -= 1
        figures = located(said[last])
        if first == last or len(figures) != last - first + 1:
            continue
        gaps = [said[last][one[1] : other[0]] for one, other in pairwise(figures)]
        if not (_RESPECTIVELY.search(said[last], 0, figures[0][0]) or all(gap in _BETWEEN for gap in gaps)):
            continue
        shared = len(said[last]) - figures[0][0]
        for n, (_, _, figure) in enumerate(figures):
            said[first + n] = said[first + n][:-shared] + figure.text
    return said


def _boundary(text: str, one: Part, other: Part, *, leading: bool) -> int:
    """Where the talk goes over to the next fact: after the last mark, else before or after the figure between."""
    if other.head <= one.tail:
        return other.start
    marks = [match.end() for match in _MARKS.finditer(text, one.tail, other.head)]
    marks = [end for end in marks if text[end - 1] not in _OPENING] or marks  # 印发了《计划》: the verb belongs to it
    if marks:
        return marks[-1]
    figures = [match.start() for match in _COUNT.finditer(text, one.tail, other.head)]
    if leading and figures:
        return figures[-1]
    gap = text[one.tail : other.head]
    if _COUNT_ONLY.fullmatch(gap) and _COUNTED_BEFORE.search(text, one.start, one.tail):
        return one.tail
    trailing = _TRAILING.search(text)  # 拒检的没有质量事故没有: here each word denies what goes before
    before = (None if trailing else _DENIAL.search(gap)) or (
        _NUMERALS.search(gap)
        if text[other.head] in _MEASURES
        else _COUNT_OF.search(gap)
        if text.startswith(_OF_TASKS, other.head)
        else None
    )
    return one.tail + before.start() if before else other.head
