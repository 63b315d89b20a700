"""What a careful reviewer would ask about an answer and its proof: questions, never accusations. Pure.

Each question is one plain sentence, once for the reviewer and once for the unit itself, which never names another one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from rubrics.amounts import COUNTERS, LONGEST_ANSWER, SHARES, Number, find_numbers, parse_number
from rubrics.dates import Day
from rubrics.fact_words import fact_words
from rubrics.facts import Fact, Facts
from rubrics.figures import plain, with_unit
from rubrics.kinds import Bonus, Deduct, Gate, Tiers
from rubrics.model import NA, Criterion, Rubric
from rubrics.numerals import normalise
from rubrics.proof import beyond, fact_of_entries, needs_proof

LATE_MONTHS = 3
"""So long after its own date proof may come before somebody asks."""

MOST_SHARING = 3
"""What more units than these have in common came from above, more likely than not."""

_YEAR = re.compile(r"[〔\[【（(]\s*((?:19|20)[0-9]{2})\s*[〕\]】）)]")
_BREAK = re.compile(r"[\n。；;，]|(?<![0-9]),|,(?![0-9])")  # 1,200 is one number
_LONG = re.compile(r"[0-9]{11,}[Xx]?")  # a telephone or an identity card: no figure
_BARE = re.compile(r"[0-9.\s+-]*")  # a page, a cell: it has no unit
_NUMERAL = re.compile("[0-9零一二两三四五六七八九十百千万亿俩仨半]")
_KEPT = 128  # texts whose figures are remembered
_MOST_FOUND = 3
_EXACT = 99  # decimals of what was said as a fraction


class Question(NamedTuple):
    """A question to the reviewer. ``asked`` is what the unit is asked where that differs: it hears of no other unit."""

    kind: str
    said: str
    asked: str = ""

    @property
    def to_unit(self) -> str:
        """As the unit is asked."""
        return self.asked or self.said


class Paper(NamedTuple):
    """A file, a named document or an entry: what it says of itself, and the day it came.

    ``held``: the day of the entry a file proves. ``made``, ``saved``: as the file's own properties have it; of a
    ``photo`` ``made`` is the day it was taken.
    """

    name: str
    day: Day | None
    number: str
    came: Day
    held: Day | None = None
    made: Day | None = None
    saved: Day | None = None
    photo: bool = False


class Elsewhere(NamedTuple):
    """Somebody else, or another year, has the same: the unit's name and its campaign's year."""

    unit: str
    year: int


def shared(paper: Paper, units: Sequence[str]) -> Iterable[Question]:
    """The same file from other units of the campaign."""
    if units:
        asked = f"《{paper.name}》别的单位也交了同一份，是共用的文件吗？"
        if len(units) > MOST_SHARING:
            yield Question("shared", f"《{paper.name}》另有 {len(units)} 个单位也交了，是上级发的文件吗？", asked)
        else:
            so_many = "两家" if len(units) == 1 else "几家"
            yield Question("shared", f"《{paper.name}》{'、'.join(units)}也交了，是{so_many}共用的吗？", asked)


def used_before(criterion: Criterion, paper: Paper, before: Sequence[Elsewhere], unit: str) -> Iterable[Question]:
    """The same file in an earlier year, where proof must be of the year."""
    if before and _of_the_year(criterion):
        last = max(before, key=lambda one: one.year)
        who = "就" if any(one.unit == unit for one in before) else f"{last.unit}"
        asked = f"《{paper.name}》{last.year} 年度也有人交过，这一条要今年的材料，是今年的吗？"
        yield Question("before", f"《{paper.name}》{last.year} 年度{who}交过，这一条要今年的材料，是今年的吗？", asked)


def about_paper(criterion: Criterion, paper: Paper, year: int, begun: Day) -> Iterable[Question]:
    """A date or 文号 of another year; proof that came months after the day it bears.

    Args:
        year: the campaign's.
        begun: the day the campaign began; before it nothing could be sent.
    """
    if not _of_the_year(criterion):
        return
    if paper.day is not None and not _fits(criterion, paper.day.year, year):
        yield Question("day", f"《{paper.name}》写的是 {_day(paper.day)}，不在 {year} 年度，是不是拿错了？")
    elif paper.day is not None and _is_late(paper.came, max(paper.day, begun)) and _made_later(paper) is None:
        said = f"《{paper.name}》写的是 {_day(paper.day)}，{_day(paper.came)}才收到，是当时就有的吗？"
        yield Question("late", said)
    elif paper.day is None and (found := _YEAR.search(paper.number)) and not _fits(criterion, int(found[1]), year):
        yield Question("day", f"文号 {paper.number} 是 {found[1]} 年的，不在 {year} 年度，是不是拿错了？")


def about_making(criterion: Criterion, paper: Paper, year: int) -> Iterable[Question]:
    """A file that was made months after the day it bears, or after the entry it proves, by its own properties.

    Args:
        year: the campaign's; a file of another one is asked about already.
    """
    if not _of_the_year(criterion) or (paper.day is not None and not _fits(criterion, paper.day.year, year)):
        return
    if later := _made_later(paper):
        about = f"写的是 {_day(paper.day)}" if paper.day else f"证明的是 {_day(later.day)}的事"
        yield Question("made", f"《{paper.name}》{about}，{later.said}？")


class _Later(NamedTuple):
    """That a file is months younger than the day it is about."""

    day: Day
    said: str


def _made_later(paper: Paper) -> _Later | None:
    """A file made around its day vouches for itself, however often it was saved since; an old template says nothing."""
    day = paper.day or paper.held
    made, saved = (one if one and one <= paper.came else None for one in (paper.made, paper.saved))
    if day is None:
        return None
    if made and _is_late(made, day):
        if paper.photo:
            return _Later(day, f"照片属性显示 {_day(made)}拍摄，是后来翻拍的吗")
        return _Later(day, f"文件属性显示 {_day(made)}制作，是后来整理或扫描的吗")
    vouched = made is not None and not _is_late(day, made)
    if saved and not vouched and _is_late(saved, day):
        return _Later(day, f"文件属性显示 {_day(saved)}最后保存，内容是当时的吗")
    return None


def same_days(criterion: Criterion, entries: Iterable[Paper]) -> Iterable[Question]:
    """Two entries of a count on one day."""
    unit = criterion.entries.unit if criterion.entries else "次"
    by_day: dict[Day, list[str]] = {}
    for entry in entries:
        if entry.day is not None:
            by_day.setdefault(entry.day, []).append(entry.name or "没写名称")
    for day, names in by_day.items():
        if len(names) > 1:
            said = f"{_day(day)}记了 {len(names)} {unit}（{'、'.join(names[:3])}），是不是同一{unit}？"
            yield Question("same-day", said)


def same_named(what: str, units: Sequence[str]) -> Iterable[Question]:
    """The same award or 文号 in other units."""
    if units and len(units) <= MOST_SHARING:
        asked = f"{what}别的单位也报了，是你们的吗？"
        yield Question("same", f"{what}{'、'.join(units)}也报了，是同一个吗？", asked)


def about_claim(criterion: Criterion, fact: Fact | None, pieces: int, entries: int = 0) -> Iterable[Question]:
    """Claimed without any proof, or proof of what is not claimed.

    Args:
        pieces: files, named documents and entries, all in all.
        entries: so many of them; an answer that is what they come to is no mistake, however little it claims.
    """
    if fact is not None and not pieces and needs_proof(criterion, fact):
        said = f"填的是“{fact_words(criterion, fact)}”，一份材料也没有，材料还在准备吗？"
        yield Question("no-proof", said)
    elif pieces and fact is None:
        yield Question("no-claim", f"交了 {pieces} 份材料，却没有填报，是忘了填吗？")
    elif pieces and fact is not None and _claims_nothing(criterion, fact) and not _follows(criterion, fact, entries):
        yield Question("no-claim", f"交了 {pieces} 份材料，填的却是“{fact_words(criterion, fact)}”，是填错了吗？")


def shrunken(criterion: Criterion, said: str, before: Iterable[str], when: str = "先前") -> Iterable[Question]:
    """A whole that became smaller (6/7 → 6/6): of what was said before, in its own words."""
    earlier = list(before)
    now = _share(said, criterion) if earlier else None  # most answers are the first
    if now is None or now.whole is None:
        return
    wholes = [share.whole for words in earlier if (share := _share(words, criterion)) and share.whole is not None]
    if wholes and max(wholes) > now.whole:
        counted = f"（{criterion.answer.of}）" if criterion.answer.of else ""
        first, fewer = plain(max(wholes)), plain(max(wholes) - now.whole)
        said = f"{when}说总数{counted}是 {first}，现在是 {plain(now.whole)}，少的 {fewer} 为什么不算了？"
        yield Question("whole", said)


def contradictions(rubric: Rubric, facts: Facts) -> Iterable[tuple[str, Question]]:
    """Clauses whose answers cannot both be: by the clause to ask about. A surplus needs its task to be done."""
    for criterion in rubric.criteria.values():
        score, fact = criterion.score, facts.get(criterion.id)
        if isinstance(score, Bonus) and score.beyond and isinstance(fact, Decimal) and fact > 0:
            task = rubric.criteria[score.beyond]
            if facts.get(task.id) is False:
                here = fact_words(criterion, fact)
                said = f"“{task.label}”填的没完成，这里报了任务以外的 {here}，任务到底完成没有？"
                yield criterion.id, Question("against", said)


def handed_down(criterion: Criterion, fact: Fact | None, units: Decimal | None) -> Iterable[Question]:
    """A district's figure against what its towns were confirmed with; None where nothing was confirmed yet."""
    if isinstance(fact, Decimal) and units is not None and fact != units:
        unit = criterion.answer.unit
        said = f"这里报 {plain(fact)} {unit}，各镇已确认的加起来是 {plain(units)} {unit}，差的在哪里？"
        yield Question("sum", said)


def compares(criterion: Criterion) -> bool:
    """Whether what is answered to a clause is a figure that a document's text could have."""
    return bool(criterion.answer.unit) and criterion.entries is None and not isinstance(criterion.score, Tiers)


def against_text(criterion: Criterion, fact: Fact | None, text: str) -> Iterable[Question]:
    """A figure that a document's text does not have, while it has others in the same unit.

    Args:
        text: all of it, or what `figure_lines` leaves of it.
    """
    unit = criterion.answer.unit
    if not isinstance(fact, Decimal) or not compares(criterion) or (fact == 0 and unit in COUNTERS):
        return  # that nothing happened is said in words
    written = plain(fact)
    likely = "\n".join(line for line in text.split("\n") if written in line)
    if any(_is(number, fact, unit) for number in _numbers(likely, unit)):  # most have it: the rest need not be read
        return
    found = _figures(text, unit)
    if found and not any(_is(number, fact, unit) for number in found):
        counted = Counter(with_unit(n.value, n.unit) if n.part is None else n.text for n in found)
        shown = "、".join(name for name, _ in counted.most_common(_MOST_FOUND))
        said = f"填的是 {fact_words(criterion, fact)}，文件里没有这个数，有 {shown}，以哪个为准？"
        yield Question("figure", said)


def figure_lines(text: str) -> str:
    """What `against_text` needs of a text: the parts with numbers and something beside them, one a line."""
    return "\n".join(
        piece for piece in _pieces(text) if _NUMERAL.search(normalise(piece)) and not _BARE.fullmatch(piece)
    )


def _pieces(text: str) -> Iterable[str]:
    parts = (part.strip() for part in _BREAK.split(_LONG.sub(" ", text)))
    return (part for part in parts if part and len(part) <= LONGEST_ANSWER)


@lru_cache(_KEPT)
def _figures(text: str, unit: str) -> tuple[Number, ...]:
    """A file's text stays what it is, and its questions are asked for whenever somebody looks."""
    return tuple(_numbers(text, unit))


def _numbers(text: str, unit: str) -> Iterable[Number]:
    found = (number for piece in _pieces(text) for number in find_numbers(piece, unit))
    numbers = (number for number in found if isinstance(number, Number))
    return (number for number in numbers if number.unit == unit or number.part is not None)


def _is(number: Number, fact: Decimal, unit: str) -> bool:
    """Whether a number of a text is the figure that was answered, also where one of the two was rounded (14/15, 93.3%)."""
    per = SHARES.get(unit)
    if number.part is not None and per is None:
        return fact in (number.part, number.whole)
    if number.part is None:
        return _alike(Fraction(number.value), _decimals(number.value), fact)
    return number.fraction is not None and per is not None and _alike(number.fraction * per, _EXACT, fact)


def _alike(value: Fraction, decimals: int, fact: Decimal) -> bool:
    """Equal, or the shorter one is the other rounded or cut off to the decimals it has; 100 is not 99.6."""
    shorter = min(decimals, _decimals(fact))
    more = (value - Fraction(fact)) * (1 if decimals > shorter else -1) * 10**shorter
    return more == 0 or (shorter > 0 and Fraction(-1, 2) <= more < 1)


def _decimals(number: Decimal) -> int:
    return len(plain(number).partition(".")[2])


def _share(said: str, criterion: Criterion) -> Number | None:
    found = parse_number(said, criterion.answer.unit)
    return found if isinstance(found, Number) else None


def _claims_nothing(criterion: Criterion, fact: Fact) -> bool:
    """Whether an answer claims no points; what happened or did not, and 合理缺项, are no claims."""
    if isinstance(criterion.score, Deduct | Gate) or fact == NA:
        return False
    if isinstance(criterion.score, Tiers):
        return isinstance(fact, Decimal) and criterion.score.tiers[int(fact)].points == 0
    return fact is False or (isinstance(fact, Decimal) and fact == 0)


def _follows(criterion: Criterion, fact: Fact, entries: int) -> bool:
    """Whether an answer is what a clause's entries come to; awards fill a target first, and count here only beyond it."""
    if not entries or criterion.entries is None:
        return False
    return beyond(criterion) is not None or fact_of_entries(criterion, entries) == fact


def _of_the_year(criterion: Criterion) -> bool:
    return criterion.proof != "none" and criterion.proof.valid == "this_year"


def _fits(criterion: Criterion, said: int, year: int) -> bool:
    """Whether a paper's year is the campaign's; what comes out after the year is dated in the next one."""
    after = criterion.proof != "none" and criterion.proof.exists == "after_year"
    return said == year or (after and said == year + 1)


def _is_late(came: Day, day: Day) -> bool:
    return (came.year * 12 + came.month - LATE_MONTHS, came.day) > (day.year * 12 + day.month, day.day)


def _day(day: Day) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
