"""Facts: what is known about each criterion, checked against what the criterion can take.

A fact is a truth value, a Decimal, the position of a tier, ``NA`` (合理缺项) or a mapping of measures; an
absent or null fact is unanswered. Source of the rules: R8 of the register's readings.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple, NoReturn

from rubrics.errors import FactError
from rubrics.figures import plain
from rubrics.kinds import Bonus, Count, Deduct, Gate, Judged, Rate, Scale, Shortfall, Threshold, Tiers, YesNo
from rubrics.model import NA, Criterion, Measure, Rubric

Fact = bool | Decimal | str | Mapping[str, bool | Decimal]
Facts = Mapping[str, Fact]

COUNT_LIMIT = Decimal(100_000)  # beyond it a typed count is a slip of the finger, not a count
FIGURE_LIMIT = Decimal(10) ** 12
MOST_DECIMALS = 20  # a rate worked out in binary floats has up to 17
_PERCENT = (Decimal(0), Decimal(100))


def parse_facts(rubric: Rubric, raw: object) -> dict[str, Fact]:
    """Checked facts from plain JSON values; null values are left out.

    Raises:
        FactError: an id the rubric does not have, or a value its criterion cannot take.
    """
    if not isinstance(raw, Mapping):
        raise FactError('事实要写成 {"要点编号": 值}')
    facts: dict[str, Fact] = {}
    for ident, value in raw.items():
        criterion = rubric.criteria.get(ident)
        if criterion is None:
            raise FactError(f"「{rubric.id}」没有编号「{ident}」的要点，请用 kaoping rubric show {rubric.id} 查编号")
        if value is not None:
            facts[ident] = parse_fact(criterion, value)
    return facts


def parse_fact(criterion: Criterion, value: object) -> Fact:
    """One checked fact.

    Raises:
        FactError: the value is of the wrong kind or out of range.
    """
    score = criterion.score
    if value == NA and isinstance(value, str):
        return NA if criterion.na_allowed else _refuse(criterion, value, "这一条没有合理缺项，不能填 na")
    if isinstance(value, Mapping):
        return _measures(criterion, value)
    if isinstance(score, YesNo | Gate):
        return value if isinstance(value, bool) else _refuse(criterion, value, "只能填 true 或 false")
    if isinstance(score, Tiers):
        return _tier(criterion, score, value)
    number = _number(criterion, value)
    if isinstance(score, Judged):
        if number not in score.allowed:
            marks = "、".join(plain(mark) for mark in score.allowed)
            _refuse(criterion, value, f"评定分只能是 {marks}")
        return number
    if isinstance(score, Deduct | Bonus | Count):
        return _in_range(criterion, number, whole=True, limits=criterion.answer.range or (Decimal(0), COUNT_LIMIT))
    limits = criterion.answer.range
    if limits is None and (isinstance(score, Rate | Scale) or criterion.answer.unit == "%"):
        limits = _PERCENT
    assert isinstance(score, Threshold | Shortfall | Scale)
    return _in_range(criterion, number, whole=criterion.answer.whole, limits=limits or (Decimal(0), FIGURE_LIMIT))


def _refuse(criterion: Criterion, value: object, why: str) -> NoReturn:
    shown = str(value) if isinstance(value, str | Decimal) else json.dumps(value, ensure_ascii=False, default=str)
    raise FactError(f"{criterion.id}（{criterion.label}）不能填 {shown[:40]}：{why}")


def _number(criterion: Criterion, value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        _refuse(criterion, value, "要填数字")
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int):
        _refuse(criterion, value, "要填一个有限的数字")
    if exponent < -MOST_DECIMALS:  # 1e-999999999 would fill the sentence with zeros
        _refuse(criterion, value, f"小数最多 {MOST_DECIMALS} 位")
    return number


def _in_range(criterion: Criterion, number: Decimal, *, whole: bool, limits: tuple[Decimal, Decimal]) -> Decimal:
    low, high = limits
    if not low <= number <= high:
        _refuse(criterion, number, f"应在 {plain(low)} 到 {plain(high)}{criterion.answer.unit} 之间")
    if whole and number != number.to_integral_value():
        _refuse(criterion, number, "要填整数")
    return number


def _tier(criterion: Criterion, score: Tiers, value: object) -> Decimal:
    labels = [tier.label for tier in score.tiers]
    if isinstance(value, str):
        if value in labels:
            return Decimal(labels.index(value))
        _refuse(criterion, value, f"没有这一档，可选：{'、'.join(labels)}")
    number = _number(criterion, value)
    if number != number.to_integral_value() or not 0 <= number < len(labels):
        _refuse(criterion, value, f"档次从 0 数起，最大 {len(labels) - 1}（{'、'.join(labels)}）")
    return number


def _measures(criterion: Criterion, value: Mapping[Any, object]) -> Mapping[str, bool | Decimal]:
    known = criterion.official_measures
    if not known:
        _refuse(criterion, value, "这一条没有分项，只填一个值")
    result: dict[str, bool | Decimal] = {}
    for key, part in value.items():
        measure = known.get(str(key))
        if measure is None:
            keys = "、".join(m.key for m in criterion.measures)
            _refuse(criterion, value, f"没有分项「{key}」，可填：{keys}")
        if measure.key in result:
            _refuse(criterion, value, f"分项「{measure.key}」填了两遍")
        if part is not None:
            result[measure.key] = _measure(criterion, measure, part)
    return result


def _measure(criterion: Criterion, measure: Measure, value: object) -> bool | Decimal:
    if measure.threshold is None:
        return value if isinstance(value, bool) else _refuse(criterion, value, f"「{measure.key}」只能填 true 或 false")
    number = _number(criterion, value)
    low, high = measure.range or (_PERCENT if measure.unit == "%" else (Decimal(0), FIGURE_LIMIT))
    if not low <= number <= high:
        _refuse(criterion, value, f"「{measure.key}」应在 {plain(low)} 到 {plain(high)}{measure.unit} 之间")
    return number


# --- from JSON text ---------------------------------------------------------------------------------------


def read_json(text: str) -> Any:
    """One JSON value, numbers as exact decimals.

    Raises:
        FactError: not JSON, NaN or Infinity, or a key given twice.
    """
    if not text.strip():
        raise FactError("是空的，没有事实可读")
    try:
        return json.loads(
            text, parse_float=_exact, parse_int=_exact, parse_constant=_no_constant, object_pairs_hook=_unique
        )
    except json.JSONDecodeError as error:
        what = next((chinese for english, chinese in _JSON_MISTAKES if error.msg.startswith(english)), "写法不对")
        raise FactError(f"不是合法的 JSON：第{error.lineno}行第{error.colno}个字符处{what}") from error
    except RecursionError as error:
        raise FactError("JSON 嵌套太深") from error


_JSON_MISTAKES = (
    ("Expecting value", "缺一个值"),
    ("Extra data", "后面多出了内容"),
    ("Expecting property name", "要写一个带双引号的编号"),
    ("Expecting ',' delimiter", "缺一个逗号"),
    ("Expecting ':' delimiter", "缺一个冒号"),
    ("Illegal trailing comma", "多了一个逗号"),
    ("Unterminated string", "引号没有配对"),
)


class Document(NamedTuple):
    """One JSON value, or the FactError of a bad one; ``line`` is 0 where the text is one value as a whole."""

    line: int
    value: Any

    def error(self, error: FactError) -> FactError:
        """The error with the line it is on."""
        return FactError(f"第{self.line}行：{error}") if self.line else error


def read_documents(text: str) -> Iterator[Document]:
    """The JSON values of a text: one value, or one a line (JSON Lines)."""
    whole = _value_or_error(text)
    lines = text.removesuffix("\n").split("\n")
    if not isinstance(whole, FactError) or len(lines) == 1 or not any(_is_json(line) for line in lines):
        yield Document(0, whole)  # one object, perhaps over several lines
        return
    for number, line in enumerate(lines, start=1):
        yield Document(number, _value_or_error(line))


def _value_or_error(text: str) -> Any:
    try:
        return read_json(text)
    except FactError as error:
        return error


def _is_json(line: str) -> bool:
    return isinstance(_value_or_error(line), dict)


def _exact(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise FactError(f"数字 {text[:40]} 超出范围") from error


def _no_constant(text: str) -> NoReturn:
    raise FactError(f"{text} 不是数字")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in pairs:
        if key in result:
            raise FactError(f"「{key}」写了两遍，留一个")
        result[key] = value
    return result
