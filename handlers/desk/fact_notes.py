"""What a note about a fact says (九镇均未发生，薛家 1 起 依据 …): which units, which clause, how many, on what basis."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

from handlers.units import names
from rubrics.errors import FactError
from rubrics.facts import Fact
from rubrics.kinds import Bonus, Deduct, Gate
from rubrics.model import Criterion, Rubric
from rubrics.numerals import normalise, parse_run
from rubrics.values import Known, parse_answer
from storage import office_facts
from storage.campaigns import Unit

LIKELY = 70
"""How alike words and a label must be, of 100, for the clause to be offered."""

MOST_LIKELY = 6

_BASIS = re.compile(r"(?:依据|凭据|根据|来源)\s*[:：是为]?\s*", re.DOTALL)
_NUMBERED = re.compile(r"[^\s,，;；。]*[〔\[［（(【]\s*20\d\d\s*[〕\]］）)】]\s*\S*?号.*|https?://\S+.*", re.DOTALL)
_BRACKETED = re.compile(r"[（(](?P<basis>(?:[^（()）]|[（(][^（()）]*[）)])*)[）)]$")
_SOURCE = re.compile(r"号|通报|文件|公告|通知|报告|http|[报台网刊]|[省市区县]级")
_NO_BASIS = re.compile(r"(?:暂时?|还)?(?:没有?|无|不知道|不清楚)(?:依据|凭据|文件|材料|的|了|啊|呢)*")
_EXCEPT = re.compile(r"除了?(?P<who>.+?)(?:以外|之外|外)?")
_EACH = re.compile(r"^(?:各自?|分别)")
_SEGMENT = re.compile(r"[,，;；。！:：\n]+")
_BETWEEN = re.compile(r"^[\s、和与及跟:：]+")
_COUNT = r"[0-9零一二两三四五六七八九十百]+"
_GROUP = re.compile(
    rf"^(?P<which>各个?|全部|所有|其余|其他|其它|全区|(?P<count>{_COUNT})个?)"
    r"(?P<kind>镇街道?|镇(?:、|和)?街道|乡镇|镇|街道|部门|单位)(?:均|都|全部?)*"
)
_NONE = re.compile(r"(?:均|都|全部?)*(?:未曾?|没有?|无)(?:发生|出现|有)?过?了?")
_SOME = re.compile(rf"(?:发生|出现|存在|有)?过?了?(?P<number>{_COUNT})(?:起|次|个|条|项|家|只|件|批次?|例|分)(?:产品)?")
_NEGATIVE = re.compile(rf"(?<![0-9])(?:[-−－]|负)\s*{_COUNT}(?:起|次|个|条|项|家|只|件|批|分|$)")
_YES = re.compile(r"(?:确有|发生|出现|存在)过?了?")


_NOT_NEGATIVE = "几起不能是负数，请写 1起、2起 或 没发生"


class Clause(NamedTuple):
    """A clause the office can book facts of."""

    rubric: Rubric
    criterion: Criterion


class Noted(NamedTuple):
    """What a note says; what it does not is empty. ``values``: unit id → how many, in the note's words.

    ``loose``: units that only 各镇 or 所有单位 stands for; meant are those of them that the clause's rubric assesses.
    """

    values: dict[int, str]
    clause_words: str
    basis: str
    problem: str = ""
    loose: tuple[int, ...] = ()


def read_note(text: str, units: Sequence[Unit]) -> Noted:
    """Take a note apart. A unit that is named after a group of units is told apart from it."""
    head, basis = _basis(text)
    values: dict[int, str] = {}
    named_units: set[int] = set()
    loose: set[int] = set()
    words: list[str] = []
    problem = _NOT_NEGATIVE if _NEGATIVE.search(head) else ""
    for segment in filter(None, (part.strip() for part in _SEGMENT.split(head))):
        excepted = _EXCEPT.fullmatch(segment)
        named, group, rest = _who(excepted["who"] if excepted else segment, units)
        value, clause = _how_many(_EACH.sub("", normalise(rest)))
        words.append(clause)
        if group is not None:
            members = _members(group, units)
            problem = problem or ("" if members else f"花名册里没有“{group[0]}”这样一组单位，请写单位名")
            values.update({unit.id: value for unit in members if unit.id not in named_units})
            loose |= set() if group["count"] else {unit.id for unit in members}
        values.update({unit.id: value for unit in named})
        named_units |= {unit.id for unit in named}
    return Noted(values, "".join(words), basis, problem, tuple(sorted(loose - named_units)))


def is_basis(words: str) -> bool:
    """Whether words name where a fact is known from; 没有 and 无 do not."""
    said = normalise(words).strip(" 。.!,;")
    return len(said) >= office_facts.FEWEST_CHARACTERS and not _NO_BASIS.fullmatch(said)


def bookable(rubrics: Iterable[Rubric], categories: Iterable[str]) -> list[Clause]:
    """The clauses the office can book facts of, under the rubrics that assess all these kinds of unit."""
    wanted = set(categories)
    return [
        Clause(rubric, criterion)
        for rubric in rubrics
        if wanted <= set(rubric.categories)
        for criterion in rubric.criteria.values()
        if not criterion.derived and (criterion.by == "office" or isinstance(criterion.score, Deduct | Bonus | Gate))
    ]


def likely(clauses: Sequence[Clause], words: str) -> tuple[Clause, ...]:
    """The clauses some words may mean, best first; only one where it stands clear of the others."""
    said = normalise(words)
    if not said:
        return ()
    rated = sorted(((_alike(c.criterion, said), c) for c in clauses), key=lambda pair: -pair[0])
    found = [(score, clause) for score, clause in rated if score >= LIKELY]
    if found and found[0][0] > 100 and (len(found) == 1 or found[0][0] - found[1][0] >= 2):
        return (found[0][1],)
    return tuple(clause for _, clause in found[:MOST_LIKELY])


def fact_of(criterion: Criterion, words: str) -> Fact:
    """The fact some words mean for a clause, as `parse_fact` takes it.

    Raises:
        FactError: the words say none; the sentence tells what to type.
    """
    said = normalise(words)
    if _NEGATIVE.match(said):
        raise FactError(_NOT_NEGATIVE)
    none, some = bool(_NONE.fullmatch(said)), _SOME.fullmatch(said)
    if isinstance(criterion.score, Gate):
        number = parse_run(some["number"]) if some else None
        if none or number == 0:
            return False
        if number is not None or _YES.match(said) or said in ("是", "有"):
            return True
        raise FactError(f"“{criterion.label}”请回答 没发生 或 发生过")
    for tried in (said, some["number"] if some else "0" if none else ""):
        parsed = parse_answer(criterion, tried) if tried else None
        if isinstance(parsed, Known):
            return parsed.fact
    refused = parse_answer(criterion, said)
    raise FactError(str(getattr(refused, "said", None) or getattr(refused, "ask", None) or "请填一个数"))


def _basis(text: str) -> tuple[str, str]:
    found = _BASIS.search(text)
    if found:
        return text[: found.start()], text[found.end() :].strip()
    bracketed = _BRACKETED.search(text.rstrip().rstrip("。."))
    if bracketed and _SOURCE.search(bracketed["basis"]):
        return text[: bracketed.start()], bracketed["basis"].strip()
    numbered = _NUMBERED.search(text)
    return (text[: numbered.start()], numbered[0].strip()) if numbered else (text, "")


def _who(segment: str, units: Sequence[Unit]) -> tuple[list[Unit], re.Match[str] | None, str]:
    """The units a segment begins with (or names somewhere), the group it begins with, and what is left of it."""
    said = normalise(segment)
    by_name = sorted(((name, unit) for unit in units for name in names(unit)), key=lambda pair: -len(pair[0]))
    found: list[Unit] = []
    rest = said
    while hit := next(((name, unit) for name, unit in by_name if rest.startswith(name)), None):
        found.append(hit[1])
        rest = _BETWEEN.sub("", rest[len(hit[0]) :])
    group = _GROUP.match(rest) if not found else None
    if group:
        return [], group, rest[group.end() :]
    inside = (
        next(((name, unit) for name, unit in by_name if len(name) > 1 and name in rest), None) if not found else None
    )
    if inside:
        return [inside[1]], None, rest.replace(inside[0], "", 1)
    return found, None, rest


def _members(group: re.Match[str], units: Sequence[Unit]) -> list[Unit]:
    """The units of a group; 九镇, as 各镇, may be seven towns and two sub-districts, as people say it."""
    kind = group["kind"]
    towns = [unit for unit in units if unit.category == "镇"]
    streets = [unit for unit in units if unit.category == "街道"]
    departments = [unit for unit in units if unit.category == "部门"]
    if kind == "部门":
        choices = [departments]
    elif kind == "街道":
        choices = [streets]
    elif kind == "单位":
        choices = [list(units)]
    else:
        both = [unit for unit in units if unit.category in {"镇", "街道"}]
        choices = [towns, both] if kind == "镇" else [both]
    if not group["count"]:
        return choices[-1]
    number = parse_run(group["count"])
    return next((choice for choice in choices if len(choice) == number), [])


def _how_many(said: str) -> tuple[str, str]:
    """The words that say how many, and what is left: the clause's own words."""
    for pattern in (_SOME, _NONE, _YES):
        if found := pattern.search(said):
            return found[0], _BETWEEN.sub("", said[: found.start()] + said[found.end() :])
    return "", said


def _alike(criterion: Criterion, said: str) -> float:
    """Above 100 where a label or an alias stands in the words, the longer the more."""
    whole = [
        100 + len(phrase.replace(" ", "")) + (phrase == criterion.label)
        for phrase in (criterion.label, *criterion.aliases)
        if all(word in said for word in normalise(phrase).split())
    ]
    return max(whole, default=fuzz.partial_ratio(said, normalise(criterion.label)))
