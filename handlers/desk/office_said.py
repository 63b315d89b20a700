"""The office's words taken apart: the units they name and what is said behind each, and what is asked about them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from rapidfuzz import fuzz

from handlers.desk import fact_notes
from handlers.desk.fact_notes import Clause
from handlers.free_text import hearing
from handlers.free_text.taking import fact_of
from handlers.turn import Place
from handlers.units import names
from rubrics.errors import FactError
from rubrics.fact_words import fact_words
from rubrics.facts import Fact
from rubrics.numerals import normalise
from storage.campaigns import Unit

NEAR = 66
"""How alike a name and a misspelt one of three characters are, of 100: one differs."""

SHORTEST_NAME = 3

_MARK = 0xE000  # private use: a mark for each unit, which stands where its name was
_MARKS = re.compile("[\ue000-\uf8ff]")

_SCORE = re.compile(r"(?:多少|几)分|得分|分数|考得怎么样")
_COUNT = r"[0-9零一二两三四五六七八九十百]"
_WHO = re.compile(
    r"谁.{0,6}(?:没|未|不)|(?:哪些|哪几[个家]|哪[个家]|还有).{0,12}(?:没|未)|还?[差缺]谁"
    r"|没[报填交]的|(?:没有?|未)[报填交].{0,8}的.{0,3}(?:有|是)?(?:谁|哪)|(?:统计|列出|[列数]一?下)一?下?.{0,3}(?:没|未)"
)
_REMIND = re.compile(r"(?:催一?催|催|提醒|督促)(?:一下)?")
_TELL = re.compile(
    "(?:让|叫|通知)[\ue000-\uf8ff]|[跟和给对向][\ue000-\uf8ff]{1,2}(?:联络员|那边|的人)?(?:去|再)?说(?:一[声下])?"
)
"""让西夏墅赶紧报, 跟西夏墅说一声."""

_ASKS = re.compile(r"[?？]\s*$|[吗嘛么][。.]?$")
_MAY_ASK = re.compile(r"(?<![十百好])几[起次个条批件例家]|多少[起次个条批件例家]|有没有|是不是|是否|哪[些一几]?")
_ABOUT = re.compile(
    "谁|还有|还?[差缺]|哪些|哪几[个家]|哪[个家]|单位|镇街|没有?|未|不|[报填交]了?(?=$|[?？。的])|的|催一?[下催]?|提醒一?下?|督促一?下?"
    r"|统计|一?下|列|现在|目前|都|有$|是$|有(?=[\s哪])|一[条个次份项]|[?？。]"
)
_CATEGORY = re.compile("镇街|乡镇|镇|街道|部门")
_FILLER = re.compile(
    "看一?[看下]|看|查一?[查下]|查|问一?下|帮我?|麻烦|请|给我|我要|想|知道|现在|目前|今年|本年度?|到底|怎么样|怎样|咋样|如何|什么|啥"
    r"|情况|进度|进展|成绩|考核|得了?|考了?|多少|几|分数?|的|呢|吧|吗|嘛|了|啊|呀|一?下|[,，。.!！?？、\s]"
)
_JOINS = re.compile("[、和与及跟,，;；。各自均都也\\s]")
_FIGURE = re.compile(rf"{_COUNT}+(?:[起次个条项家只件例]|批次?)")


class Said(NamedTuple):
    """The office's words: the units that are named, those that nearly are, and what is left of the words.

    ``before``: what stands before the first name; ``behind``: what stands behind each, up to the next.
    """

    units: tuple[Unit, ...]
    near: tuple[Unit, ...]
    rest: str
    before: str = ""
    behind: tuple[tuple[Unit, str], ...] = ()
    marked: str = ""

    @property
    def asks_points(self) -> bool:
        """孟河镇现在多少分, 得分."""
        return bool(_SCORE.search(self.rest))

    @property
    def asks_score(self) -> bool:
        """The same, and 孟河, 看看孟河, 孟河什么情况: a unit and nothing to book."""
        return self.asks_points or (bool(self.units) and not _FILLER.sub("", self.rest))

    @property
    def asks_who(self) -> bool:
        """谁还没报信息."""
        return bool(_WHO.search(self.rest))

    @property
    def asks_something(self) -> bool:
        """孟河镇抽检不合格几起了: what is booked is asked, nothing is to be."""
        told = _FIGURE.search(self.rest)
        return bool(_ASKS.search(self.rest) or (not told and _MAY_ASK.search(self.rest)))

    @property
    def reminds(self) -> bool:
        """催一下西夏墅的特种设备, 让西夏墅赶紧报信息."""
        return bool(_REMIND.search(self.rest) or _TELL.search(self.marked))

    @property
    def states(self) -> bool:
        """Whether a figure or a happening is told of a unit."""
        told = _FIGURE.search(self.rest) or re.search("发生|出现|未达|不合格", self.rest)
        return bool(self.units) and bool(told)

    @property
    def clause_words(self) -> str:
        """The words of a question who, without those that ask."""
        return _CATEGORY.sub(" ", _ABOUT.sub(" ", self.rest))

    @property
    def to_remind(self) -> str:
        """Whom and about what, without the words that ask for it."""
        units = iter(unit.name for unit, _ in self.behind)
        words = _MARKS.sub(lambda _: next(units), _TELL.sub(lambda hit: "".join(_MARKS.findall(hit[0])), self.marked))
        return _REMIND.sub(" ", words)


def named(units: Sequence[Unit], text: str) -> Said:
    """Find units by any of their names in a text, the longest name first; else those misspelt by a character."""
    marked, by_mark = _marked(units, normalise(text))
    hits = list(_MARKS.finditer(marked))
    if hits:
        ends = [hit.start() for hit in hits[1:]] + [len(marked)]
        behind = tuple((by_mark[hit[0]], marked[hit.end() : end]) for hit, end in zip(hits, ends, strict=True))
        found = tuple(dict.fromkeys(unit for unit, _ in behind))
        return Said(found, (), _MARKS.sub(" ", marked).strip(), marked[: hits[0].start()], behind, marked)
    near = {name: unit for unit in units for name in names(unit) if len(name) >= SHORTEST_NAME}
    for name, unit in near.items():
        windows = [marked[at : at + len(name)] for at in range(len(marked) - len(name) + 1)]
        misspelt = next((window for window in windows if fuzz.ratio(window, name) >= NEAR), None)
        if misspelt:
            return Said((), (unit,), marked.replace(misspelt, " ").strip(), marked=marked)
    return Said((), (), marked, marked=marked)


def _marked(units: Sequence[Unit], text: str) -> tuple[str, dict[str, Unit]]:
    """A text with a mark in place of each name, and whose mark it is."""
    by_mark = {chr(_MARK + place): unit for place, unit in enumerate(units)}
    called = {name: mark for mark, unit in by_mark.items() for name in _stem(unit)}
    called |= {name: mark for mark, unit in by_mark.items() for name in names(unit)}
    for name in sorted(called, key=lambda name: -len(name)):
        if len(name) > 1:
            text = text.replace(name, called[name])
    return text, by_mark


def _stem(unit: Unit) -> tuple[str, ...]:
    return (unit.name.rstrip("镇街道"),) if unit.category in {"镇", "街道"} else ()


def of_category(units: Sequence[Unit], said: Said) -> tuple[Unit, ...]:
    """The units that are asked about: those named, else those of the category named (哪些镇), else all."""
    if chosen := said.units or said.near:
        return chosen
    word = _CATEGORY.search(said.rest)
    meant = {"镇街": {"镇", "街道"}, "乡镇": {"镇", "乡镇"}}.get(word[0], {word[0]}) if word else set()
    return tuple(unit for unit in units if unit.category in meant) or tuple(units)


def values(said: Said, clause: Clause, piece: str, today: date) -> dict[str, str]:
    """Unit id → how many of it, as it is said behind its own name; empty where that is not clear, so that it is asked.

    Args:
        piece: the words that are about the clause, from which a single unit, or all of them alike, take theirs.
    """
    units = said.units or said.near
    told = _each(said, clause, today) if len(units) > 1 else {}
    if not any(told.values()):
        return dict.fromkeys((str(unit.id) for unit in units), _words(clause, piece, units[0], today))
    if _FIGURE.search(said.before):  # 1起是孟河的，3起是西夏墅的: it does not stand behind the name
        told = dict.fromkeys(told, "")
    return {str(ident): value for ident, value in told.items()}


def _each(said: Said, clause: Clause, today: date) -> dict[int, str]:
    found: dict[int, str] = {}
    following = ""
    for unit, words in reversed(said.behind):
        following = _words(clause, words, unit, today) if _JOINS.sub("", words) else following  # 孟河、西夏墅各1起
        found[unit.id] = following
    return found


def _words(clause: Clause, words: str, unit: Unit, today: date) -> str:
    """What some words say about a clause, as a note writes it; empty where they say nothing."""
    place = Place(unit.id, *clause)
    fact: Fact | None = fact_of(place, hearing.value_of(place, words, today))
    if fact is None:
        try:
            fact = fact_notes.fact_of(clause.criterion, words.strip(" ,，。;；").lstrip("各均都也"))
        except FactError:
            return ""
    return fact_words(clause.criterion, fact)
