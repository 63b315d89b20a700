"""What a typed answer to one open question means: a fact, a state, or a sentence that says what to type instead."""

from __future__ import annotations

import re
from decimal import Decimal

from rubrics.amounts import (
    LONGEST_ANSWER,
    SHARES,
    Ambiguous,
    Number,
    bounded,
    find_numbers,
    hedged,
    parse_number,
)
from rubrics.answers import (
    Asked,
    Done,
    Known,
    NeedsNumber,
    Parsed,
    Refused,
    Stated,
    about,
    asked_of,
    echo_of,
    figure_of,
    is_gap,
    not_understood,
    what_to_type,
)  # fmt: skip
from rubrics.attempts import attempt_in
from rubrics.coming import asks_for_deeds, without_what_is_to_come
from rubrics.errors import FactError
from rubrics.facts import COUNT_LIMIT, parse_fact
from rubrics.figures import plain
from rubrics.kinds import Judged, Tiers
from rubrics.model import Criterion, Measure
from rubrics.numerals import normalise
from rubrics.restating import is_asked, restated
from rubrics.tier_words import tier_answer
from rubrics.wholly import all_of_it
from rubrics.wording import VERB, State, clauses, core, is_negative, not_a_single_one, state_of, verdict
from rubrics.years_told import of_this_year, only_earlier

__all__ = [
    "Ambiguous", "Done", "Known", "NeedsNumber", "Number", "Parsed", "Refused", "State", "Stated", "parse_answer",
    "parse_number",
]  # fmt: skip

_TIMES = frozenset(("次", "回", "趟", "场", "期"))
_DID = re.compile(rf"{VERB}+(?=[了过])")


def parse_answer(criterion: Criterion, text: str, measure: Measure | None = None) -> Parsed:
    """What a person's words mean for one open question; never raises.

    Args:
        criterion: the clause that was asked about.
        text: what was typed, at most ``LONGEST_ANSWER`` characters.
        measure: the condition that was asked, where the clause has several; the fact is then the measure's own.
    """
    if len(text) > LONGEST_ANSWER:
        return Refused(f"收到 {len(text)} 个字，一次最多读 {LONGEST_ANSWER} 个，请只写“{criterion.label}”的答案")
    asked = asked_of(criterion, measure)
    words = of_this_year(asked.question, normalise(text))
    if not clauses(words):
        return Refused(f"没有读到内容，{what_to_type(criterion, asked)}")
    if criterion.measures and measure is None:
        return Refused(f"“{criterion.label}”要分项回答，请先答：{criterion.measures[0].ask}")
    if asks_for_deeds(criterion) and state_of(words) is None:
        meant, words = words, without_what_is_to_come(words, months=True)
        if not words:
            return _still_to_come(criterion, asked, meant)
    if refused := _beside(criterion, asked, words):
        return refused
    if asked.buttons:
        parsed = _pressed(criterion, asked, words)
    elif isinstance(criterion.score, Tiers):
        parsed = tier_answer(criterion, criterion.score, asked, words)
    else:
        parsed = _measured(criterion, asked, words)
    if isinstance(parsed, Known) and measure is None:
        try:
            parse_fact(criterion, parsed.fact)
        except FactError as error:
            return Refused(str(error))
    return parsed


def _still_to_come(criterion: Criterion, asked: Asked, words: str) -> Refused:
    way_out = f"没到时候就写“{State.NOT_YET.value}”"
    return Refused(f"“{words[:20]}”说的是还没做成的，这里问已经做成的，{what_to_type(criterion, asked)}；{way_out}")


def _beside(criterion: Criterion, asked: Asked, words: str) -> Refused | None:
    """Why a figure is not the one asked for: it is of an earlier year, or of what was tried and not of what came of it."""
    numbers = [n for n in find_numbers(words, asked.unit) if not isinstance(n, Number) or n.value]
    if not numbers:
        return None
    if only_earlier(asked.question, words):
        return Refused(f"“{words[:20]}”说的是以前的，这里问考核年度的，{what_to_type(criterion, asked)}")
    tried = attempt_in(criterion, words)
    if tried:
        return Refused(f"“{words[:20]}”只说了{tried}，这里问“{asked.question}”，请填成了的数，一个都没成就填 0")
    return None


# --- buttons ----------------------------------------------------------------------------------------------


def _pressed(criterion: Criterion, asked: Asked, words: str) -> Parsed:
    pressed = _button(asked, words)
    if pressed is not None:
        return _fact_of(asked, pressed, hedged=hedged(words))
    if state_of(words) is State.NOT_YET:
        return Stated(State.NOT_YET, State.NOT_YET.value)
    counting = "count" in asked.buttons.values()
    pressed = _restated(criterion, asked, words, no_only=counting)
    if pressed is not None:
        return _fact_of(asked, pressed, hedged=hedged(words))
    if counting:
        return _counted(criterion, asked, words)
    unit = criterion.target.unit if criterion.target else criterion.entries.unit if criterion.entries else ""
    number = parse_number(words, unit, whole=True)
    if isinstance(number, Ambiguous) and (criterion.target or criterion.entries):
        return Refused(f"{number}，请只写一个")
    if isinstance(number, Number):
        if criterion.target and criterion.target.how == "done":
            return _done(criterion, number, words)
        if criterion.entries:
            return _entries(criterion, asked, number, words)
        pressed = _by_verdict(asked, words.replace(number.text, "", 1))
        said = _DID.search(words.replace(number.text, "", 1)) if number.unit in _TIMES else None
        if said and not is_asked(asked.question, said[0]):
            return not_understood(criterion, asked, words)  # 开了一次 is no answer to 有没有运转
        if pressed is not None and number.value > 0:  # 有3份
            return _fact_of(asked, pressed, hedged=number.hedged)
    return not_understood(criterion, asked, words)


def _button(asked: Asked, words: str) -> str | None:
    """The button that the words press: its own label first, then a yes or a no in any form."""
    said = core(words.strip("。.!！?？,，;；~"))
    for label in asked.buttons:
        if core(label) == said:
            return label
    return _by_verdict(asked, words)


def _by_verdict(asked: Asked, words: str) -> str | None:
    if asked.event and re.search("完成|落实|做", words):
        return None  # "没完成" says nothing about whether something happened
    if re.search("[及按准]时", asked.question):
        words = re.sub("[及按准]时", "", words) or "是"  # 及时报了, 没按时报
    answer = False if not_a_single_one(words) else verdict(words, event=asked.event)
    if answer is None:
        return None
    return _label(asked, answer)


def _label(asked: Asked, answer: bool) -> str | None:
    """The button of a yes or a no."""
    return next((label for label in asked.buttons if is_negative(label) != answer), None)


def _restated(criterion: Criterion, asked: Asked, words: str, *, no_only: bool) -> str | None:
    """The button of a yes or a no that is said in the question's own words."""
    meant = restated(asked.question, "".join((criterion.label, *criterion.aliases)), words)
    return None if meant is None or (meant and no_only) else _label(asked, meant)


def _fact_of(asked: Asked, label: str, *, hedged: bool) -> Parsed:
    value = asked.buttons[label]
    if value == "count":
        return NeedsNumber(
            f"“{asked.label}”{'没有做到' if is_negative(label) else '发生过'}几{asked.unit or '次'}？请填一个数"
        )
    fact = value if isinstance(value, bool) else Decimal(value)
    return Known(fact, f"{label}（说得不肯定）" if hedged else label, hedged)


def _counted(criterion: Criterion, asked: Asked, words: str) -> Parsed:
    counting = next(label for label, value in asked.buttons.items() if value == "count")
    number = parse_number(words, asked.unit, whole=True)
    if isinstance(number, Number) and number.value and is_negative(counting) and not re.search("[没未不差欠]", words):
        return _fact_of(asked, counting, hedged=False)  # "2项" alone could be those that were done
    return _measured(criterion, asked, words)


def _done(criterion: Criterion, number: Number, words: str) -> Parsed:
    assert criterion.target is not None
    unit = criterion.target.unit
    if number.unit in SHARES:
        return Refused(f"读到 {number.text}，这里问完成了几{unit}，请填 3/4 这样的数")
    if number.part is None and is_gap(number, words):
        return Refused(f"读到“{words[:20]}”，这里问已经完成的，请填 3/4 这样的数")
    part = number.value if number.part is None else number.part
    if part < 0 or part % 1 or (number.whole is not None and (number.whole % 1 or not number.whole)):
        return Refused(f"读到 {number.text}，不是完成数，请填 3/4 这样的整数")
    said = plain(part) if number.whole is None else f"{plain(part)}/{plain(number.whole)}"
    return Done(part, number.whole, about(f"已完成 {said} {number.unit or unit}", number), number.hedged)


def _entries(criterion: Criterion, asked: Asked, number: Number, words: str) -> Parsed:
    assert criterion.entries is not None
    counted = asked._replace(unit=criterion.entries.unit, low=Decimal(0), high=COUNT_LIMIT, whole=True)
    value = figure_of(counted, number, words)
    if isinstance(value, Refused):
        return value
    met = value >= (criterion.entries.at_least or 1)
    label = next(label for label, fact in asked.buttons.items() if fact is met)
    echo = f"{plain(value)} {number.unit or criterion.entries.unit}，{label}"
    return Known(met, about(echo, number), number.hedged, number)


# --- figures ----------------------------------------------------------------------------------------------


def _measured(criterion: Criterion, asked: Asked, words: str) -> Parsed:
    if state_of(words) is State.NOT_YET:
        return Stated(State.NOT_YET, State.NOT_YET.value)
    number = (
        Number(Decimal(0), text="0") if not_a_single_one(words) else parse_number(words, asked.unit, whole=asked.whole)
    )
    if (
        number is None
        and asked.unit == "%"
        and not asked.lower_is_better
        and all_of_it(f"{asked.question}，{criterion.label}", words)
    ):
        number = Number(Decimal(100), "%", text="100%")
    if number is None:
        return _no_number(criterion, asked, words)
    if isinstance(number, Ambiguous):
        return Refused(f"{number}，请只写一个，如 {asked.example}")
    if bounded(words):
        return Refused(f"“{words[:20]}”只说了界限，请填实际的数，如 {asked.example}")
    if isinstance(criterion.score, Judged):
        return _judged(criterion, criterion.score, asked, number)
    value = figure_of(asked, number, words)
    if isinstance(value, Refused):
        return value
    return Known(value, about(echo_of(asked, number, value), number), number.hedged, number)


def _no_number(criterion: Criterion, asked: Asked, words: str) -> Parsed:
    answer = verdict(words, event=asked.event)
    if answer:
        return NeedsNumber(f"“{asked.label}”是多少？{what_to_type(criterion, asked)}")
    if answer is False and asked.whole and asked.low <= 0:
        return Known(Decimal(0), f"0 {asked.unit}".strip(), hedged(words))
    if answer is False:
        states = f"{State.NOT_HERE.value}，还是{State.NOT_YET.value}"
        return Refused(f"“{words[:20]}”是 0、{states}？请填 0，或者写“{State.NOT_HERE.value}”“{State.NOT_YET.value}”")
    if re.search("[没未]有?(?:统计|汇总|算|出数)", words):
        return Refused(f"“{words[:20]}”还没有数，有了再填，如 {asked.example}；现在报不出就写“{State.NOT_YET.value}”")
    return not_understood(criterion, asked, words)


def _judged(criterion: Criterion, score: Judged, asked: Asked, number: Number) -> Parsed:
    if number.unit not in ("", "分") or number.part is not None or number.value not in score.allowed:
        return Refused(f"读到 {number.text}，不在可选的分数里，{what_to_type(criterion, asked)}")
    return Known(number.value, about(f"{plain(number.value)} 分", number), number.hedged, number)
