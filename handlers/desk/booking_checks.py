"""What is looked at before a fact is booked: its measure, its level, its 依据, and what was booked earlier."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import NamedTuple

from handlers.desk.booking_draft import Draft, Setting, fact_for
from handlers.desk.fact_news import is_nothing
from handlers.desk.fact_notes import Clause, is_basis
from handlers.turn import Turn
from rubrics.dates import Day, find_days
from rubrics.errors import FactError
from rubrics.fact_words import fact_words
from rubrics.facts import Fact
from rubrics.kinds import Bonus, Deduct, Gate
from rubrics.model import Criterion
from storage import office_facts
from storage.office_facts import OfficeFact

EXPOSED = "曝光"
_ALIKE = 2  # characters a note and a measure's name must share

_LEVEL = re.compile("中央|央视|全国|国家|省|市|区|县")
_STATED = re.compile(r"(?P<level>国家|省|市|区|县)级(?!以上)|(?P<outlet>省|市)(?:台|卫视)|(?P<top>中央|央视|全国性)")
_COUNTED = re.compile(r"(?P<level>国家|省|市|区|县)级?以上")
_RANKS = {"县": 0, "区": 0, "市": 1, "省": 2, "国家": 3}


class TooLow(NamedTuple):
    """A stated level below what a clause counts."""

    counted: str
    said: str


def measure_wanted(clause: Clause, draft: Draft) -> bool:
    """Whether it must be asked which of several measures happened."""
    criterion = clause.criterion
    if not isinstance(criterion.score, Gate) or not criterion.measures or draft.measure:
        return False
    return any(not is_nothing(fact_for(clause, draft, value)) for value in draft.values.values())


def said_measure(criterion: Criterion, words: str) -> str:
    """The measure whose name stands most in some words; empty where none or several do alike.

    The clause's own label names all of them, so it says nothing about which.
    """
    own = words.replace(criterion.label, "")
    shared = {m.key: SequenceMatcher(None, m.key, own).find_longest_match().size for m in criterion.measures}
    most = max(shared.values(), default=0)
    found = [key for key, size in shared.items() if size == most]
    return found[0] if most >= _ALIKE and len(found) == 1 else ""


def is_exposure(draft: Draft) -> bool:
    """Whether it is about 曝光, whose basis must say medium, level and day."""
    return EXPOSED in (draft.measure or draft.words)


def too_low(clause: Clause, draft: Draft) -> TooLow | None:
    """The level that was stated, where the clause only counts higher ones (省级以上)."""
    measure = next((m for m in clause.criterion.measures if m.key == draft.measure), None)
    counted = _COUNTED.search(measure.ask if measure else clause.criterion.ask)
    words = f"{draft.words} {draft.basis}" if is_exposure(draft) else draft.words
    stated = [found["level"] or found["outlet"] or "国家" for found in _STATED.finditer(words)]
    highest = max(stated, key=lambda level: _RANKS[level], default=None)
    if counted is None or highest is None or _RANKS[highest] >= _RANKS[counted["level"]]:
        return None
    return TooLow(f"{counted['level']}级以上", f"{highest}级")


def basis_lacks(turn: Turn, clause: Clause, draft: Draft) -> str:
    """What the basis lacks; for 曝光 it is medium, level and date."""
    if not is_basis(draft.basis):
        return "依据"
    facts = [fact_for(clause, draft, value) for value in draft.values.values()]
    if not is_exposure(draft) or all(is_nothing(fact) for fact in facts):
        return ""
    days = find_days(draft.basis, Day(*turn.today.timetuple()[:3]))
    missing = [] if days else ["日期"]
    missing += [] if _LEVEL.search(f"{draft.basis}{draft.words}") else ["级别"]
    return "和".join(missing)


async def overtaken(turn: Turn, setting: Setting, clause: Clause, facts: Mapping[int, Fact]) -> list[OfficeFact]:
    """The earlier 没发生 of the clause that a booking of the same unit proves wrong.

    Raises:
        FactError: it is the new one that says 没发生 although something is booked; that must be settled first.
    """
    if clause.criterion.derived or not isinstance(clause.criterion.score, Deduct | Bonus | Gate):
        return []  # the newest booking stands by itself
    found = []
    for unit in setting.units.values():
        for old in await office_facts.of_unit_in(turn.connection, unit.id):
            about = (old.rubric_id, old.criterion_id) == (clause.rubric.id, clause.criterion.id)
            if not about or old.state == "dismissed" or is_nothing(old.fact) == is_nothing(facts[unit.id]):
                continue
            if is_nothing(facts[unit.id]):
                what = f"{clause.criterion.label} {fact_words(clause.criterion, old.fact)}"
                raise FactError(
                    f"{unit.name}已经记过{what}（第 {old.id} 号），不能再记没发生；原来的记错了，请先把第 {old.id} 号不计"
                )
            found.append(old)
    return found
