"""What holds for every rubric, every choice of readings and any facts a person could give."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rubrics import loader
from rubrics.breakdown import Breakdown
from rubrics.clauses import is_answered
from rubrics.engine import Plan
from rubrics.errors import FactError
from rubrics.facts import Fact, parse_fact, parse_facts, read_json
from rubrics.kinds import Bonus, Count, Deduct, Gate, Judged, Rate, Shortfall, Threshold, Tiers, YesNo
from rubrics.model import Criterion, Measure, Rubric

RUBRICS = loader.rubric_ids()
Limits = tuple[Decimal, Decimal]


def editions() -> list[tuple[str, tuple[str, str] | None]]:
    """Each rubric as recommended, and once for each reading that is switched."""
    found: list[tuple[str, tuple[str, str] | None]] = []
    for ident in RUBRICS:
        found.append((ident, None))
        for reading in loader.load(ident).readings:
            found += [(ident, (reading.id, option)) for option in reading.options if option != reading.use]
    return found


@cache
def plan_of(edition: tuple[str, tuple[str, str] | None]) -> Plan:
    ident, switched = edition
    return Plan(loader.load_with(ident, dict([switched]) if switched else None))


# --- valid facts ------------------------------------------------------------------------------------------


def counts_whole(criterion: Criterion) -> bool:
    return isinstance(criterion.score, Deduct | Bonus | Count) or criterion.answer.whole


def limits_of(criterion: Criterion) -> Limits:
    top = 100 if isinstance(criterion.score, Rate) or criterion.answer.unit == "%" else 1000
    return criterion.answer.range or (Decimal(0), Decimal(top))


def figures(edge: Decimal | None, limits: Limits, *, whole: bool) -> st.SearchStrategy[Decimal]:
    """Figures on both sides of an edge, at it, and anywhere."""
    low, high = limits
    centre = int(edge or 0)
    if whole:
        return st.integers(int(low), min(int(high), centre + 4)).map(Decimal)
    hundredths = st.integers(int(low) * 100, int(high) * 100) | st.integers(
        max(int(low), centre - 3) * 100, min(int(high), centre + 3) * 100
    )
    return hundredths.map(lambda n: Decimal(n) / 100)


def measure_values(measure: Measure) -> st.SearchStrategy[bool | Decimal]:
    if measure.threshold is None:
        return st.booleans()
    return figures(measure.threshold, measure.range or (Decimal(0), Decimal(100)), whole=False)


def values(criterion: Criterion) -> st.SearchStrategy[Any]:
    score = criterion.score
    if criterion.measures:
        parts = {m.key: measure_values(m) for m in criterion.measures}
        return st.booleans() | st.fixed_dictionaries({}, optional=parts)
    if isinstance(score, YesNo | Gate):
        return st.sampled_from([True, False, "na"]) if criterion.na_allowed else st.booleans()
    if isinstance(score, Tiers):
        return st.integers(0, len(score.tiers) - 1)
    if isinstance(score, Judged):
        return st.sampled_from(score.allowed)
    edge = score.target if isinstance(score, Shortfall) else getattr(score, "threshold", None)
    return figures(edge, limits_of(criterion), whole=counts_whole(criterion))


@cache
def some_facts(edition: tuple[str, tuple[str, str] | None]) -> st.SearchStrategy[dict[str, Fact]]:
    rubric = plan_of(edition).rubric
    raw = st.fixed_dictionaries({c.id: st.none() | values(c) for c in rubric.criteria.values()})
    return raw.map(lambda given: parse_facts(rubric, given))


scorings = st.sampled_from(editions()).flatmap(lambda e: st.tuples(st.just(plan_of(e)), some_facts(e)))
ample = settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
)


# --- better facts -----------------------------------------------------------------------------------------


def best(criterion: Criterion) -> Any:
    """The best a person could answer; nothing bounds a bonus, so none of it."""
    score = criterion.score
    if isinstance(score, YesNo | Gate):
        return isinstance(score, YesNo)
    if isinstance(score, Deduct | Bonus):
        return 0
    if isinstance(score, Tiers):
        return [tier.points for tier in score.tiers].index(score.points)
    if isinstance(score, Judged):
        return score.points
    return score.target if isinstance(score, Shortfall) else getattr(score, "threshold", None)


def better(criterion: Criterion, fact: Fact | None, step: Decimal) -> Any:
    """A fact that is better by a step, or as good where there is no better one."""
    score = criterion.score
    if fact is None or fact == "na":
        return best(criterion)
    if isinstance(fact, Mapping):
        wanted = isinstance(score, YesNo)
        return {
            m.key: (m.holds_when is wanted) if m.threshold is None else _towards(m.op, fact.get(m.key), m.threshold)
            for m in criterion.measures
        }
    if isinstance(score, YesNo | Gate):
        return isinstance(score, YesNo)
    assert isinstance(fact, Decimal)
    if isinstance(score, Tiers | Deduct):
        return max(fact - 1, Decimal(0))
    if isinstance(score, Judged):
        return min((mark for mark in score.allowed if mark > fact), default=fact)
    low, high = limits_of(criterion)
    step = step.to_integral_value(ROUND_CEILING) if counts_whole(criterion) else step
    down = isinstance(score, Threshold) and score.op != ">="
    return max(fact - step, low) if down else min(fact + step, high)


def _towards(op: str | None, value: bool | Decimal | None, threshold: Decimal) -> Decimal:
    if op == ">=":
        return max(Decimal(value or 0), threshold)
    return Decimal(0)


def worth(breakdown: Breakdown) -> Fraction:
    """The total; of a rubric without one, the tasks that are done."""
    return breakdown.total if breakdown.total is not None else Fraction(sum(row.done for row in breakdown.rows))


# --- what holds -------------------------------------------------------------------------------------------


@given(scorings)
@ample
def test_no_scored_item_is_below_nothing_or_above_its_points_but_for_bonuses(scoring: tuple[Plan, dict]) -> None:
    plan, facts = scoring
    within = plan.rubric.rules.item_bonus == "within"
    for score in plan.score(facts).items:
        top = score.plan.points
        if score.plan.item.role == "scored" and top is not None:
            assert score.points >= 0
            assert score.points <= (top if within else top + score.bonus)


@given(scorings)
@ample
def test_a_bonus_section_is_never_above_its_cap(scoring: tuple[Plan, dict]) -> None:
    plan, facts = scoring
    sections = [score for score in plan.score(facts).items if score.plan.item.role == "bonus"]
    assert all(0 <= score.points <= score.plan.points for score in sections)


@given(scorings, st.sampled_from([Decimal("0.3"), Decimal("0.5"), Decimal(1), Decimal(3), Decimal(10)]))
@ample
def test_a_better_answer_never_lowers_the_total(scoring: tuple[Plan, dict], step: Decimal) -> None:
    plan, facts = scoring
    before = worth(plan.score(facts))
    for ident, criterion in plan.rubric.criteria.items():
        value = better(criterion, facts.get(ident), step)
        if value is not None:
            facts = {**facts, ident: parse_fact(criterion, value)}
            after = worth(plan.score(facts))
            assert after >= before, ident
            before = after


def test_a_better_figure_alone_never_lowers_its_item() -> None:
    for edition in editions():
        plan = plan_of(edition)
        for ident, criterion in plan.rubric.criteria.items():
            if not isinstance(criterion.score, Shortfall | Threshold):
                continue
            low, high = limits_of(criterion)
            edge = Decimal(best(criterion) or 0)
            step = Decimal(1) if counts_whole(criterion) else Decimal("0.1")
            sweep = [x for n in range(-150, 31) if low <= (x := edge + n * step) <= high]
            if isinstance(criterion.score, Threshold) and criterion.score.op != ">=":
                sweep.reverse()
            item = next(item for item in plan.items if ident in {c.id for c in item.clauses})
            others = {c.id: parse_fact(c, best(c)) for c in item.item.criteria if best(c) is not None}
            worths = [plan.score_item(item, {**others, ident: x}).points for x in sweep]
            assert worths == sorted(worths), (edition, ident)


@given(scorings)
@ample
def test_the_gain_of_one_clause_is_the_one_among_all(scoring: tuple[Plan, dict]) -> None:
    plan, facts = scoring
    breakdown = plan.score(facts)
    of_all = {gain.criterion: gain for gain in breakdown.open if gain.criterion}

    one_by_one = {ident: breakdown.gain(ident) for ident in plan.rubric.criteria}

    assert one_by_one == {ident: of_all.get(ident) for ident in plan.rubric.criteria}


@given(scorings)
@ample
def test_each_gain_is_the_difference_of_two_scorings_and_never_nothing(scoring: tuple[Plan, dict]) -> None:
    plan, facts = scoring
    breakdown = plan.score(facts)
    for gain in breakdown.open:
        if gain.criterion is not None:
            changed = {**facts, gain.criterion: gain.to}
        else:
            item = next(item for item in plan.rubric.items if item.id == gain.item)
            known = {i: fact for i, fact in facts.items() if is_answered(plan.rubric.criteria[i], fact)}
            changed = {**facts, **{c.id: parse_fact(c, best(c)) for c in item.criteria if c.id not in known}}
        after = plan.score(changed)
        assert isinstance(gain.gain, Fraction)
        assert after.total - breakdown.total == gain.gain
        assert gain.as_json()["gain"] > 0


@given(scorings, st.integers(0, 200))
@ample
def test_the_order_of_the_facts_never_matters(scoring: tuple[Plan, dict], turn: int) -> None:
    plan, facts = scoring
    ids = list(facts)
    turn %= len(ids) or 1
    turned = {ident: facts[ident] for ident in reversed(ids[turn:] + ids[:turn])}
    assert plan.score(turned).as_json() == plan.score(facts).as_json()


@given(scorings)
@ample
def test_the_answer_is_json_with_two_decimals_at_most(scoring: tuple[Plan, dict]) -> None:
    plan, facts = scoring
    answer = plan.score(facts).as_json()
    assert json.loads(json.dumps(answer, ensure_ascii=False, allow_nan=False)) == answer
    for figure in numbers(answer):
        assert Decimal(str(figure)) == Decimal(str(figure)).quantize(Decimal("0.01"))


def numbers(value: object) -> Iterator[int | float]:
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from numbers(part)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield value


# --- garbage ----------------------------------------------------------------------------------------------

NO_NUMBERS = [float("nan"), float("inf"), float("-inf"), Decimal("NaN"), Decimal("sNaN"), Decimal("-Infinity")]
TOO_FAR = [10**30, -(10**30), Decimal("1E+999999"), Decimal("1E-999999999")]


def garbage(criterion: Criterion) -> list[Any]:
    """Values that cannot be true of a criterion."""
    score = criterion.score
    wrong: list[Any] = ["做了", "", [], [True], {"没有这个分项": True}, *NO_NUMBERS, *TOO_FAR]
    if not criterion.na_allowed:
        wrong.append("na")
    if criterion.measures:
        for m in criterion.measures:
            wrong += [{m.key: "有"}, {m.key: [1]}]
            wrong += [{m.key: 1}] if m.threshold is None else [{m.key: x} for x in (True, *NO_NUMBERS, *TOO_FAR, -1)]
            wrong += [{m.key: 200}] if m.unit == "%" else []
            wrong += [{m.key: 1, m.name: 1}] if m.name not in {"", m.key} else []
    if isinstance(score, YesNo | Gate):
        return [*wrong, 1, 0, Decimal(1), 0.5]
    wrong += [True, False, "3"]
    if isinstance(score, Tiers):
        return [*wrong, -1, 0.5, len(score.tiers)]
    if isinstance(score, Judged):
        return [*wrong, score.points + 1, -1]
    if counts_whole(criterion):
        wrong += [-1, 1.5, Decimal("0.1")]
    if limits_of(criterion) == (0, 100):
        wrong += [200, Decimal("100.01"), -1]
    return wrong


def refusal(rubric: Rubric, ident: str, value: object) -> str:
    """The sentence that refuses a value; empty where it is accepted."""
    try:
        parse_facts(rubric, {ident: value})
    except FactError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("ident", RUBRICS)
def test_garbage_is_refused_by_the_id_of_its_criterion(ident: str) -> None:
    rubric = loader.load(ident)
    for criterion in rubric.criteria.values():
        for value in garbage(criterion):
            sentence = refusal(rubric, criterion.id, value)
            assert sentence.startswith(f"{criterion.id}（{criterion.label}）不能填 "), (criterion.id, value)
            assert len(sentence) < 200


@given(st.sampled_from(RUBRICS), st.text())
def test_an_unknown_id_is_refused_by_its_name(ident: str, unknown: str) -> None:
    rubric: Rubric = loader.load(ident)
    if unknown not in rubric.criteria:
        with pytest.raises(FactError) as refused:
            parse_facts(rubric, {unknown: True})
        assert f"「{unknown}」" in str(refused.value)


@pytest.mark.parametrize("raw", [None, [], "1.1", 3, True])
def test_facts_that_are_no_mapping_are_refused(raw: object) -> None:
    with pytest.raises(FactError, match="事实要写成"):
        parse_facts(loader.load("changzhou"), raw)


def test_na_is_a_fact_only_where_the_rubric_has_clauses_that_need_not_apply() -> None:
    allowed = {(ident, c.id) for ident in RUBRICS for c in loader.load(ident).criteria.values() if c.na_allowed}
    assert allowed == {("hunan", "14.2")}


def test_a_key_given_twice_is_refused_by_its_name() -> None:
    with pytest.raises(FactError, match=r"「10\.2」写了两遍"):
        read_json('{"1.1": true, "10.2": 3, "10.2": 4}')


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_json_words_that_are_no_number_are_refused(word: str) -> None:
    with pytest.raises(FactError, match=word):
        read_json(f'{{"10.2": {word}}}')


def test_a_refused_figure_is_shown_as_it_was_written() -> None:
    rubric = loader.load("xinbei-2011-towns")
    with pytest.raises(FactError) as refused:
        parse_facts(rubric, read_json('{"8.2a": 100.50}'))
    assert str(refused.value) == "8.2a（使用登记率）不能填 100.50：应在 0 到 100% 之间"
