"""What the sources leave to the year, set by a file of its own and scored by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from rubrics.engine import Plan
from rubrics.errors import FactError, RubricError
from rubrics.facts import parse_facts
from rubrics.loader import load_with

EXAMPLE = Path(__file__).parents[2] / "examples" / "ziyang-weights.yaml"


def plan(folder: Path, rubric: str, text: str) -> Plan:
    path = folder / "year.yaml"
    path.write_text(f"overlay: year\nrubric: {rubric}\n{text}", encoding="utf-8")
    return Plan(load_with(rubric, {}, path))


def points(plan: Plan, facts: dict[str, Any]) -> dict[str, Decimal | Fraction]:
    scored = plan.score(parse_facts(plan.rubric, facts))
    return {score.plan.item.id: scored.points(score.points) for score in scored.items}


def test_an_indicator_split_over_its_checkpoints_scores_by_the_split(tmp_path: Path) -> None:
    split = plan(
        tmp_path,
        "changzhou",
        """set:
  criteria:
    "1.1": {score: {points: 1}}
    "1.2": {score: {points: "0.5"}}
    "1.3": {score: {points: "2.5"}}
""",
    )

    assert points(split, {"1.1": True, "1.2": True})["1"] == Decimal("1.5")
    assert points(split, {"1.1": True, "1.2": True, "1.3": True})["1"] == 4


def test_a_split_that_does_not_add_up_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RubricError, match="合计 5 分，标准分是 4 分"):
        plan(
            tmp_path,
            "changzhou",
            """set:
  criteria:
    "1.1": {score: {points: 2}}
    "1.2": {score: {points: 2}}
    "1.3": {score: {points: 1}}
""",
        )


def test_half_a_split_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RubricError, match="要么都写，要么都不写"):
        plan(tmp_path, "changzhou", 'set: {criteria: {"1.1": {score: {points: 2}}}}\n')


@pytest.mark.parametrize(("share", "expected"), [(20, 2), ("19.9", 1), (10, 1), ("9.9", 0), (0, 0)])
def test_a_graded_scale_gives_points_by_the_share(tmp_path: Path, share: Any, expected: int) -> None:
    scaled = plan(
        tmp_path,
        "changzhou",
        """set:
  criteria:
    "24.1":
      score: {kind: scale, steps: [{at_least: 20, points: 2}, {at_least: 10, points: 1}]}
      answer: {unit: "%"}
""",
    )

    assert points(scaled, {"24.1": Decimal(share)})["24"] == expected


def test_thresholds_and_phases_of_the_year(tmp_path: Path) -> None:
    changed = plan(
        tmp_path,
        "changzhou",
        """year: 2017
set:
  phases: [{name: 地区自评, due: 2017年12月20日}]
  criteria: {"23.1": {score: {threshold: 75}}}
""",
    )

    assert [(phase.name, phase.due) for phase in changed.rubric.phases] == [("地区自评", "2017年12月20日")]
    assert points(changed, {"23.1": 75})["23"] == 3
    assert points(changed, {"23.1": Decimal("74.9")})["23"] == 0


def test_ziyang_with_weights_has_a_total_and_a_grade() -> None:
    weighted = Plan(load_with("ziyang-2016", {}, EXAMPLE))
    facts: dict[str, Any] = {"1.1": 97, "1.2": 95, "1.3": 92, "2.1": 98, "3.1": 80, "3b.1": True}
    facts |= {f"4.{n}": True for n in range(1, 7)} | {f"5.{n}": True for n in range(1, 9)} | {"6.1": True}

    scored = weighted.score(parse_facts(weighted.rubric, facts))

    # 18×2/3 + 8 + 8 + 6 + 24 + 24 + 12×1/3 = 12 + 8 + 8 + 6 + 24 + 24 + 4 = 86
    assert scored.total == 86
    assert scored.grade == "B"


def test_ziyang_with_weights_keeps_the_veto() -> None:
    weighted = Plan(load_with("ziyang-2016", {}, EXAMPLE))

    scored = weighted.score(parse_facts(weighted.rubric, {"2.1": 99, "veto.1": True}))

    assert (scored.total, scored.grade) == (8, "D")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"1": {points: 18}', '"1": {points: 17}', "合计 39 分，应为 40 分"),
        ('"6": {points: 12}', '"6": {points: 13}', "合计 61 分，应为 60 分"),
    ],
)
def test_weights_that_miss_40_or_60_are_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    path = tmp_path / "weights.yaml"
    text = EXAMPLE.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")

    with pytest.raises(RubricError, match=words):
        load_with("ziyang-2016", {}, path)


def test_a_weight_without_its_threshold_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.yaml"
    text = EXAMPLE.read_text(encoding="utf-8")
    path.write_text(text.replace('    "2.1": {score: {threshold: 98}}\n', ""), encoding="utf-8")

    with pytest.raises(RubricError, match="缺少「threshold」"):
        load_with("ziyang-2016", {}, path)


def test_a_scale_inside_an_indicator_leaves_the_rest_to_the_others(tmp_path: Path) -> None:
    scaled = plan(
        tmp_path,
        "changzhou",
        'set: {criteria: {"26.4": {score: {kind: scale, steps: [{at_least: 20, points: 3}]}}}}\n',
    )

    assert points(scaled, {"26.1": 1})["26"] == 1  # (10 − 3) ÷ 7
    assert points(scaled, {"26.1": 1, "26.4": 20})["26"] == 4
    everything = {f"26.{n}": 1 for n in (1, 2, 3, 7, 8)} | {"26.5": True, "26.6": True, "26.4": 30}
    assert points(scaled, everything)["26"] == 10


def test_a_scale_worth_more_than_its_item_is_refused_at_its_place(tmp_path: Path) -> None:
    with pytest.raises(RubricError, match=r"year.yaml 第3行，set.items.24：第24项各要点合计 4 分"):
        plan(
            tmp_path,
            "changzhou",
            'set: {criteria: {"24.1": {score: {kind: scale, steps: [{at_least: 20, points: 4}]}}}}\n',
        )


def test_a_share_of_a_whole_above_100_is_refused(tmp_path: Path) -> None:
    scaled = plan(
        tmp_path,
        "changzhou",
        'set: {criteria: {"24.1": {score: {kind: scale, steps: [{at_least: 20, points: 2}]}}}}\n',
    )

    with pytest.raises(FactError, match=r"24\.1.*0 到 100"):
        points(scaled, {"24.1": 200})


@pytest.mark.parametrize(
    "text",
    [
        'set: {items: {"1": {criteria: [1]}}}\n',
        'set: {items: {"1": {id: "9"}}}\n',
        'set: {criteria: {"20.1": {id: "20.9"}}}\n',
    ],
)
def test_an_overlay_cannot_rename_or_replace_clauses(tmp_path: Path, text: str) -> None:
    with pytest.raises(RubricError, match="不能改"):
        plan(tmp_path, "changzhou", text)


def test_negative_points_are_refused(tmp_path: Path) -> None:
    text = 'set: {criteria: {"1.1": {score: {points: -4}}, "1.2": {score: {points: 4}}, "1.3": {score: {points: 4}}}}\n'

    with pytest.raises(RubricError, match="不能小于 0"):
        plan(tmp_path, "changzhou", text)


def test_a_strict_limit_is_reached_below_it(tmp_path: Path) -> None:
    strict = plan(tmp_path, "changzhou", 'set: {criteria: {"23.1": {score: {op: "<"}}}}\n')

    (gain,) = [g for g in strict.score({}).open if g.criterion == "23.1"]

    assert (gain.to, gain.gain) == (0, 3)


def test_the_year_may_name_another_office(tmp_path: Path) -> None:
    named = plan(tmp_path, "changzhou", "set:\n  office: 市质量强市工作委员会办公室\n")

    assert named.rubric.office == "市质量强市工作委员会办公室"
    assert load_with("changzhou").office == "市质量强市领导小组办公室"
