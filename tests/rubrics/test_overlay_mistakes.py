"""Every mistake in an overlay or a chosen reading is refused with file, line and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from filelines import line_of

from rubrics.engine import Plan
from rubrics.errors import Problem, RubricError
from rubrics.facts import parse_facts
from rubrics.loader import load, load_with, rubric_ids


def overlay(folder: Path, text: str) -> Path:
    path = folder / "weights.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def overlay_problems(
    path: Path, rubric: str = "ziyang-2016", readings: dict[str, str] | None = None
) -> tuple[Problem, ...]:
    with pytest.raises(RubricError) as caught:
        load_with(rubric, readings, path)
    return caught.value.problems


def totals(breakdown: dict) -> tuple:
    return breakdown["items"], breakdown["total"], breakdown["grade"]


WEIGHTS = """\
overlay: 2016权重
rubric: ziyang-2016
year: 2016
source: 示例，非正式文件
set:
  items:
    "1": {points: 18}
    "2": {points: 8}
    "3": {points: 8}
    "3b": {points: 6}
    "4": {points: 24}
    "5": {points: 24}
    "6": {points: 12}
  criteria:
    "1.1": {score: {threshold: 97}}
    "1.2": {score: {threshold: 96}}
    "1.3": {score: {threshold: 92}}
    "2.1": {score: {threshold: 98}}
    "3.1": {score: {kind: scale, steps: [{at_least: 80, points: 8}, {at_least: 70, points: "4.5"}]}}
"""
MET = ("3b.1", "4.1", "4.2", "4.3", "4.4", "4.5", "4.6", "5.1", "5.2", "5.3", "5.4", "5.5", "5.6", "6.1", "6.2", "6.3")
FACTS = {**dict.fromkeys(MET, True), "5.7": False, "5.8": False, "1.1": 97, "1.2": 95, "1.3": 92, "2.1": 98, "3.1": 79}


def changed_weights(folder: Path, old: str, new: str) -> Path:
    assert WEIGHTS.count(old) == 1
    return overlay(folder, WEIGHTS.replace(old, new))


def test_weights_that_add_up_are_accepted_and_scored(tmp_path: Path) -> None:
    rubric = load_with("ziyang-2016", overlay=overlay(tmp_path, WEIGHTS))

    breakdown = Plan(rubric).score(parse_facts(rubric, FACTS)).as_json()

    # 1: 18/3 = 6 each, 97 and 92 met, 95 < 96: 12. 2: 98 met: 8. 3: 79 is in the step from 70: 4.5. 3b: 6.
    # 4: 24/6 = 4 each, six met: 24. 5: 24/8 = 3 each, six of eight: 18. 6: 12/3 = 4 each: 12.
    # 12 + 8 + 4.5 + 6 + 24 + 18 + 12 = 84.5, and 84.5 has not reached 85.
    items = {"1": 12, "2": 8, "3": 4.5, "3b": 6, "4": 24, "5": 18, "6": 12}
    assert totals(breakdown) == (items, 84.5, "C")
    assert breakdown["overlay"] == "2016权重"


def test_an_overlay_can_choose_a_reading(tmp_path: Path) -> None:
    path = changed_weights(tmp_path, "year: 2016\n", "year: 2016\nuse: {R3: rounded}\n")
    rubric = load_with("ziyang-2016", overlay=path)

    breakdown = Plan(rubric).score(parse_facts(rubric, FACTS)).as_json()

    assert (breakdown["total"], breakdown["grade"]) == (84.5, "B")  # 84.5 rounds half up to 85
    assert rubric.chosen == {"R3": "rounded"}


def test_a_reading_chosen_by_hand_wins_over_the_overlay(tmp_path: Path) -> None:
    path = changed_weights(tmp_path, "year: 2016\n", "year: 2016\nuse: {R3: rounded}\n")
    rubric = load_with("ziyang-2016", {"R3": "exact"}, path)

    breakdown = Plan(rubric).score(parse_facts(rubric, FACTS)).as_json()

    assert (breakdown["total"], breakdown["grade"]) == (84.5, "C")


def test_an_overlay_leaves_the_rubric_itself_as_it_was(tmp_path: Path) -> None:
    load_with("ziyang-2016", overlay=overlay(tmp_path, WEIGHTS))

    plain = load_with("ziyang-2016")

    assert {item.points for item in plain.items} == {None}
    assert plain.overlay is None


def test_weights_of_a_section_that_add_up_to_39_instead_of_40_are_refused(tmp_path: Path) -> None:
    path = changed_weights(tmp_path, '"1": {points: 18}', '"1": {points: 17}')

    section, total = overlay_problems(path)

    assert (section.file, section.line) == ("weights.yaml", line_of(path, "set:"))
    assert "「质量目标」各项合计 39 分，应为 40 分" in section.message
    assert (total.file, total.line) == ("weights.yaml", line_of(path, "set:"))
    assert "各项合计 99 分，总分写的是 100 分" in total.message


def test_weights_without_the_limits_they_need_are_refused(tmp_path: Path) -> None:
    path = changed_weights(tmp_path, '    "2.1": {score: {threshold: 98}}\n', "")

    (problem,) = overlay_problems(path)

    assert problem.file == "weights.yaml"
    assert "缺少「threshold」：有分值就要有达标线" in problem.message


def test_an_overlay_for_a_criterion_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = changed_weights(tmp_path, '"2.1": {score', '"2.2": {score')

    (problem,) = overlay_problems(path)

    assert (problem.file, problem.line) == ("weights.yaml", line_of(path, '"2.2"'))
    assert "没有编号「2.2」" in problem.message


def test_an_overlay_for_an_item_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = changed_weights(tmp_path, '"6": {points: 12}', '"9": {points: 12}')

    (problem,) = overlay_problems(path)

    assert (problem.file, problem.line) == ("weights.yaml", line_of(path, '"9"'))
    assert "没有编号「9」" in problem.message


def test_an_overlay_with_an_unquoted_id_is_refused(tmp_path: Path) -> None:
    path = changed_weights(tmp_path, '"2.1": {score', "2.1: {score")

    (problem,) = overlay_problems(path)

    assert (problem.file, problem.line) == ("weights.yaml", line_of(path, "2.1: {score"))
    assert '编号 2.1 要加引号："2.1"' in problem.message


def test_an_overlay_with_an_unknown_key_is_refused(tmp_path: Path) -> None:
    path = changed_weights(tmp_path, "year: 2016\n", "yaer: 2016\n")

    (problem,) = overlay_problems(path)

    assert (problem.file, problem.line) == ("weights.yaml", line_of(path, "yaer"))
    assert "不认识的键「yaer」，可用的有：overlay、rubric、year、source、use、set" in problem.message


def test_an_overlay_with_an_unknown_key_under_set_is_refused(tmp_path: Path) -> None:
    path = changed_weights(tmp_path, "  items:\n", "  bands: {A: 90}\n  items:\n")

    (problem,) = overlay_problems(path)

    assert (problem.file, problem.line) == ("weights.yaml", line_of(path, "bands"))
    assert "「set」下不认识「bands」，可用的有：office、rules、phases、items、criteria" in problem.message


def test_an_overlay_with_an_unknown_key_of_a_criterion_is_refused_at_its_line(tmp_path: Path) -> None:
    path = changed_weights(tmp_path, '"2.1": {score: {threshold: 98}}', '"2.1": {score: {threshhold: 98}}')

    (problem,) = overlay_problems(path)

    assert (problem.file, problem.line) == ("weights.yaml", line_of(path, "threshhold"))
    assert "不认识的键「threshhold」，是不是想写「threshold」？" in problem.message


def test_an_overlay_for_another_rubric_is_refused(tmp_path: Path) -> None:
    path = overlay(tmp_path, WEIGHTS)

    (problem,) = overlay_problems(path, "hunan")

    assert (problem.file, problem.line) == ("weights.yaml", line_of(path, "rubric: "))
    assert "这份年度细则是给「ziyang-2016」的，不能用于「hunan」" in problem.message


@pytest.mark.parametrize(("key", "text"), [("overlay", "overlay: 2016权重\n"), ("rubric", "rubric: ziyang-2016\n")])
def test_an_overlay_without_its_name_or_its_rubric_is_refused(tmp_path: Path, key: str, text: str) -> None:
    path = changed_weights(tmp_path, text, "")

    (problem,) = overlay_problems(path)

    assert (problem.file, problem.line) == ("weights.yaml", 1)
    assert f"缺少「{key}」，请补上" in problem.message


def test_an_empty_overlay_is_refused(tmp_path: Path) -> None:
    path = overlay(tmp_path, "")

    (problem,) = overlay_problems(path)

    assert (problem.file, problem.line) == ("weights.yaml", 0)
    assert "文件是空的" in problem.message


def test_a_missing_overlay_is_refused_with_its_path(tmp_path: Path) -> None:
    path = tmp_path / "nowhere.yaml"

    (problem,) = overlay_problems(path)

    assert (problem.file, problem.line) == (str(path), 0)
    assert "没有这个文件" in problem.message


def test_a_reading_switched_by_hand_changes_the_score() -> None:
    plain, switched = load_with("xinbei-2011-towns"), load_with("xinbei-2011-towns", {"T6": "base100"})

    sixty = [Plan(r).score(parse_facts(r, {"9.2": 60})).as_json()["items"]["9"] for r in (plain, switched)]

    assert sixty == [6, 0]  # 60 of 60: all 6; 40 short of 100 is 8 steps of 5, 6 − 8 stops at 0


def test_an_unknown_reading_is_refused_with_those_that_can_be_switched() -> None:
    with pytest.raises(RubricError) as caught:
        load_with("ziyang-2016", {"T6": "base100"})

    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == ("ziyang-2016.yaml", 0)
    assert "「T6」不是可切换的读法，可切换的有：R3" in problem.message


def test_a_reading_without_options_cannot_be_switched() -> None:
    with pytest.raises(RubricError) as caught:
        load_with("ziyang-2016", {"Z1": "even"})

    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == ("ziyang-2016.yaml", 0)
    assert "「Z1」不是可切换的读法" in problem.message


def test_an_unknown_option_is_refused_with_those_there_are() -> None:
    with pytest.raises(RubricError) as caught:
        load_with("ziyang-2016", {"R3": "upwards"})

    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == ("ziyang-2016.yaml", 0)
    assert "没有「upwards」这种读法，可选：exact、rounded" in problem.message


def test_an_unknown_reading_in_an_overlay_is_refused(tmp_path: Path) -> None:
    path = changed_weights(tmp_path, "year: 2016\n", "year: 2016\nuse: {T6: base100}\n")

    (problem,) = overlay_problems(path)

    assert "「T6」不是可切换的读法，可切换的有：R3" in problem.message
    assert (problem.file, problem.line) == ("weights.yaml", line_of(path, "use: "))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("set: {items: [1]}\n", "键: 值"),
        ("set: {rules: [1]}\n", "键: 值"),
        ("set: {criteria: {'1.1': 5}}\n", "键: 值"),
        ("set: 5\n", "键: 值"),
        ("year: soon\n", "整数"),
        ("a: &a [*a]\n", "锚点"),
        ("? [a]\n: b\n", "键要写成一个词"),
    ],
)
def test_an_overlay_of_the_wrong_shape_gets_a_sentence(tmp_path: Path, text: str, words: str) -> None:
    path = overlay(tmp_path, f"overlay: x\nrubric: ziyang-2016\n{text}")

    with pytest.raises(RubricError) as caught:
        load_with("ziyang-2016", {}, path)

    assert words in str(caught.value)


@pytest.mark.parametrize("ident", rubric_ids())
def test_every_option_of_every_reading_makes_a_rubric(ident: str) -> None:
    for reading in load(ident).readings:
        for name in reading.options:
            assert load_with(ident, {reading.id: name}).chosen == {reading.id: name}
