"""What an answer can turn out to be, and a figure checked against the question it answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, NamedTuple

from rubrics.amounts import COUNTERS, SHARES, Number, figure
from rubrics.facts import COUNT_LIMIT, FIGURE_LIMIT
from rubrics.figures import plain, two_decimals
from rubrics.kinds import Bonus, Count, Deduct, Judged, Rate, Threshold, Tiers
from rubrics.model import Criterion, Measure
from rubrics.wording import State, is_negative, state_of


class Known(NamedTuple):
    """A fact of the criterion (of the measure, where one was asked), and what to echo."""

    fact: bool | Decimal
    echo: str
    hedged: bool = False
    number: Number | None = None  # as it was said, numerator and denominator included


class Done(NamedTuple):
    """How much of a task set from above is done; whether that is enough depends on the unit's own target."""

    part: Decimal
    whole: Decimal | None
    echo: str
    hedged: bool = False


class Stated(NamedTuple):
    """An honest state instead of a fact."""

    state: State
    echo: str


class NeedsNumber(NamedTuple):
    """A yes to a question that needs a figure; ``ask`` is what to ask next."""

    ask: str


class Refused(NamedTuple):
    """Nothing that can be written down; ``said`` tells what was read, why not, and what to type."""

    said: str


Parsed = Known | Done | Stated | NeedsNumber | Refused


class Asked(NamedTuple):
    """What a criterion and one of its measures have in common."""

    label: str
    question: str
    buttons: Mapping[str, bool | int | Literal["count"]]
    unit: str
    low: Decimal
    high: Decimal
    whole: bool
    lower_is_better: bool
    counts_missing: bool  # the figure asked for is how many are not done

    @property
    def example(self) -> str:
        """How an answer can be typed."""
        if self.unit == "%":
            return "95% 或 6/7"
        return f"3{self.unit}" if self.whole or self.unit not in SHARES else f"0.6{self.unit}"

    @property
    def range_words(self) -> str:
        """What may be typed."""
        return f"请填 {plain(self.low)} 到 {plain(self.high)}"

    @property
    def event(self) -> bool:
        """Whether the question is if something happened."""
        return any("发生" in label for label in self.buttons)


def asked_of(criterion: Criterion, measure: Measure | None) -> Asked:
    """The question of a criterion, or of one of its measures."""
    score, answer = criterion.score, criterion.answer
    if measure is not None:
        limits = measure.range or (Decimal(0), Decimal(100) if measure.unit == "%" else FIGURE_LIMIT)
        name = measure.name or measure.key
        return Asked(
            name, measure.ask, dict(measure.buttons), measure.unit, *limits, False, measure.op in ("<=", "<"), False
        )
    counted = isinstance(score, Deduct | Bonus | Count)
    highest = (
        Decimal(100) if isinstance(score, Rate) or answer.unit == "%" else COUNT_LIMIT if counted else FIGURE_LIMIT
    )
    low, high = answer.range or (Decimal(0), highest)
    lower = isinstance(score, Threshold) and score.op != ">="
    missing = any(value == "count" and is_negative(label) for label, value in answer.buttons.items())
    unit = answer.unit or ("%" if isinstance(score, Rate) else "")
    return Asked(
        criterion.label, criterion.ask, answer.buttons, unit, low, high, answer.whole or counted, lower, missing
    )


def what_to_type(criterion: Criterion, asked: Asked) -> str:
    """The half sentence that tells what to type."""
    if asked.buttons:
        counted = criterion.entries.unit if criterion.entries and not criterion.measures else ""
        return f"请回答 {' 或 '.join(asked.buttons)}{f'，也可以直接打数，如 3{counted}' if counted else ''}"
    if isinstance(criterion.score, Tiers):
        listed = "；".join(f"{place} {tier.label}" for place, tier in enumerate(criterion.score.tiers, 1))
        return f"请选一档：{listed}"
    if isinstance(criterion.score, Judged):
        return f"请填 {'、'.join(plain(mark) for mark in criterion.score.allowed)} 中的一个"
    return f"请填数字，如 {asked.example}"


def not_understood(criterion: Criterion, asked: Asked, words: str) -> Parsed:
    """The honest state that the words say, else a refusal."""
    state = state_of(words)
    if state is not None:
        return Stated(state, state.value)
    return Refused(f"“{words[:20]}”没有看懂，{what_to_type(criterion, asked)}")


# --- figures ----------------------------------------------------------------------------------------------


def figure_of(asked: Asked, number: Number, words: str) -> Decimal | Refused:
    """The figure in the unit asked for, inside its range."""
    read, label = f"读到 {number.text}", asked.label
    if number.part is None and not asked.counts_missing and is_gap(number, words):
        return Refused(f"“{words[:20]}”说的是没有的数，请填实有的数，如 {asked.example}")
    per = SHARES.get(asked.unit)
    if per:
        if number.whole == 0:
            return Refused(f"{read}，分母是 0，算不出比率；一个都没有就写“{State.NOT_HERE.value}”")
        exact = number.fraction
        if exact is None and number.unit:
            return Refused(f"{read}，这里问的是比率，请填 {asked.example}")
        if exact is None and asked.unit == "%" and asked.low >= 0 and 0 < number.value <= 1:
            as_share = plain(number.value * 100)
            return Refused(f"{read}，是 {plain(number.value)}% 还是 {as_share}%？请把 % 写上")
        value = number.value if exact is None else figure(exact * per)
        if number.whole is not None and number.part is not None and value > asked.high:
            top = f"{plain(asked.high)}{asked.unit}"
            return Refused(f"{read}，分子比分母大，{label}最多 {top}，请写成 完成数/总数，如 6/7")
    elif refused := _wrong_unit(asked, number):
        return refused
    else:
        value = number.value
    if value > asked.high:
        return Refused(f"{read}，{label}最多 {plain(asked.high)}{asked.unit}，{asked.range_words}")
    if value < asked.low:
        return Refused(f"{read}，{label}最少 {plain(asked.low)}{asked.unit}，{asked.range_words}")
    if asked.whole and value % 1:
        return Refused(f"{read}，{label}要填整数，如 {asked.example}")
    return value


def _wrong_unit(asked: Asked, number: Number) -> Refused | None:
    if number.part is not None:
        return Refused(f"读到 {number.text}，{asked.label}只问一个数，请填 {asked.example}")
    if number.unit in ("", asked.unit, asked.unit.split("/")[0]) or {number.unit, asked.unit} <= COUNTERS:
        return None
    return Refused(f"读到 {number.text}，{asked.label}问的是几{asked.unit or '个'}，请填 {asked.example}")


def is_gap(number: Number, words: str) -> bool:
    """Whether the number is said to be missing: 还差1个, 没有3次, 3次没有."""
    before, found, after = words.partition(number.text)
    ahead = re.search(r"(?:差(?!不多)|缺(?!席)|欠|剩|没有?|未)[\u4e00-\u9fff]?$", before)
    return bool(found and (ahead or re.match(r"(?:都|也|还)*[没未]", after)))


def echo_of(asked: Asked, number: Number, value: Decimal) -> str:
    """The figure as it is shown to the person: 6/7 家，85.71%."""
    if number.part is not None and number.whole is not None:
        share = f"{plain(two_decimals(value))}{asked.unit}"
        said = f"{plain(number.part)}/{plain(number.whole)}"
        return f"{said} {number.unit}，{share}" if number.unit else f"{said}，{share}"
    shown = f"{plain(value)}{asked.unit}" if asked.unit in SHARES else f"{plain(value)} {asked.unit}".strip()
    if number.unit and value != number.value:
        return f"{number.text}，即 {shown}"
    return shown if asked.unit in SHARES or not number.unit else f"{plain(value)} {number.unit}"


def about(echo: str, number: Number) -> str:
    """The echo of a number, marked where it was hedged."""
    return f"大约 {echo}" if number.hedged else echo
