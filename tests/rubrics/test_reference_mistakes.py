"""Parts of a rubric that refer to each other wrongly are refused with file, line and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from broken_rubric import broken, only_problem, problems
from filelines import line_of


def test_an_unknown_section_is_refused(tmp_path: Path) -> None:
    path = broken(tmp_path, "    section: s1\n    source: 附件 第4项\n", "    section: s2\n    source: 附件 第4项\n")

    problem = only_problem(path)

    assert (problem.file, problem.line) == ("demo.yaml", line_of(path, "section: s2"))
    assert "没有编号为「s2」的指标类别" in problem.message


def test_a_smaller_group_outside_any_section_is_refused(tmp_path: Path) -> None:
    path = broken(
        tmp_path, "    section: s1\n    source: 附件 第4项\n", "    group: （一）小类\n    source: 附件 第4项\n"
    )

    problem = only_problem(path)

    assert (problem.file, problem.line) == ("demo.yaml", line_of(path, "group: （一）小类"))
    assert "「（一）小类」不在哪个指标类别下" in problem.message


def test_an_unknown_reading_is_refused(tmp_path: Path) -> None:
    path = broken(tmp_path, "readings: [T1]", "readings: [T9]")

    problem = only_problem(path)

    assert (problem.file, problem.line) == ("demo.yaml", line_of(path, "readings: [T9]"))
    assert "没有编号为「T9」的读法" in problem.message


def test_a_criterion_id_used_twice_is_refused_at_both(tmp_path: Path) -> None:
    path = broken(tmp_path, 'id: "4.1"', 'id: "3.9"')

    first, second = problems(path)

    lines = path.read_text(encoding="utf-8").splitlines()
    assert [(first.file, lines[first.line - 1]), (second.file, lines[second.line - 1])] == [
        ("demo.yaml", '      - id: "3.9"')
    ] * 2
    assert first.line < second.line
    assert "编号「3.9」写了两遍" in first.message


def test_an_item_id_used_twice_is_refused(tmp_path: Path) -> None:
    path = broken(tmp_path, '  - id: "4"\n', '  - id: "3"\n')

    found = problems(path)

    lines = path.read_text(encoding="utf-8").splitlines()
    assert {(p.file, lines[p.line - 1].strip()) for p in found} == {("demo.yaml", '- id: "3"')}
    assert "编号「3」写了两遍" in found[0].message


def test_a_bonus_beyond_a_clause_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = broken(tmp_path, 'beyond: "3.10"', 'beyond: "3.12"')

    problem = only_problem(path)

    assert (problem.file, problem.line) == ("demo.yaml", line_of(path, 'beyond: "3.12"'))
    assert "「3.12」不是本项能得分的要点" in problem.message


def test_a_bonus_beyond_a_clause_of_another_item_is_refused(tmp_path: Path) -> None:
    path = broken(tmp_path, 'beyond: "3.10"', 'beyond: "4.1"')

    problem = only_problem(path)

    assert (problem.file, problem.line) == ("demo.yaml", line_of(path, 'beyond: "4.1"'))
    assert "「4.1」不是本项能得分的要点" in problem.message


def test_an_item_that_mixes_shares_and_points_is_refused_at_the_item(tmp_path: Path) -> None:
    path = broken(tmp_path, "{kind: yesno, points: 4}", "{kind: yesno}")

    problem = only_problem(path)

    assert (problem.file, problem.line) == ("demo.yaml", line_of(path, '  - id: "3"'))
    assert "有的要点写了分值、有的没写" in problem.message


def test_a_rate_with_points_but_no_threshold_is_refused(tmp_path: Path) -> None:
    path = broken(tmp_path, "points: 6, threshold: 92", "points: 6")

    problem = only_problem(path)

    assert (problem.file, problem.line) == ("demo.yaml", line_of(path, "score: {kind: rate, points: 6}"))
    assert "缺少「threshold」" in problem.message


def test_overlapping_bands_are_refused_at_the_lower_one(tmp_path: Path) -> None:
    path = broken(
        tmp_path, "  - {grade: B, at_least: 0}\n", "  - {grade: B, at_least: 16}\n  - {grade: C, at_least: 0}\n"
    )

    problem = only_problem(path)

    assert (problem.file, problem.line) == ("demo.yaml", line_of(path, "grade: B"))
    assert "「B」的下限 16 不低于「A」的下限 15，两档重叠" in problem.message


def test_a_lowest_band_that_does_not_start_at_zero_is_refused(tmp_path: Path) -> None:
    path = broken(tmp_path, "{grade: B, at_least: 0}", "{grade: B, at_least: 5}")

    problem = only_problem(path)

    assert (problem.file, problem.line) == ("demo.yaml", line_of(path, "grade: B"))
    assert "5 分以下没有等次，最低一档要从 0 开始" in problem.message


@pytest.mark.parametrize("at_least", ["3", "4"], ids=["equal", "rising"])
def test_tiers_whose_bounds_do_not_fall_are_refused(tmp_path: Path, at_least: str) -> None:
    path = broken(tmp_path, "ask: 有一名, at_least: 1", f"ask: 有一名, at_least: {at_least}")

    problem = only_problem(path)

    assert (problem.file, problem.line) == ("demo.yaml", line_of(path, "tiers:"))
    assert "at_least 要从高到低，不能重叠" in problem.message
