"""Every mistake in a rubric file is refused with file, line and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from filelines import line_of

from rubrics.errors import Problem, RubricError
from rubrics.loader import build
from rubrics.yaml_text import YamlText

VALID = """\
id: demo
title: 示例细则
assessed: 各镇
source: {title: 示例细则, issuer: 示例办}
total: 20
bands:
  - {grade: A, at_least: 15}
  - {grade: B, at_least: 0}
sections:
  - {id: s1, title: 质量工作, points: 20}
readings:
  - id: T1
    title: 专题会开几次
    note: 没写开几次，按两次读。
items:
  - id: "3"
    title: 组织与监管
    label: 组织监管
    points: 10
    section: s1
    source: 附件 第3项
    criteria:
      - id: "3.9"
        ask: 今年开了几次专题会？
        label: 专题会
        score: {kind: yesno, points: 4}
        entries: {noun: 专题会, unit: 次, at_least: 2}
        proof: {parts: [会议纪要]}
        aliases: [质量会]
        source: 附件 第3项 9
        readings: [T1]
      - id: "3.10"
        ask: 抽检合格率是多少？
        label: 合格率
        score: {kind: rate, points: 6, threshold: 92}
        answer: {unit: "%"}
        proof: none
        source: 附件 第3项 10
      - id: "3.11"
        ask: 又得了几项荣誉？
        label: 荣誉
        score: {kind: bonus, per: "0.5", beyond: "3.10"}
        answer: {unit: 项}
        proof: none
        source: 附件 第3项 11
  - id: "4"
    title: 人员配备
    label: 人员
    points: 10
    section: s1
    source: 附件 第4项
    criteria:
      - id: "4.1"
        ask: 配了几名协管员？
        label: 协管员
        score:
          kind: tiers
          tiers:
            - {label: 三名以上, points: 10, ask: 有三名, at_least: 3}
            - {label: 一两名, points: 5, ask: 有一名, at_least: 1}
            - {label: 一名都没有, points: 0, ask: 还没有, at_least: 0}
        proof: none
        source: 附件 第4项 1
"""


def broken(folder: Path, old: str, new: str) -> Path:
    """The valid rubric with one place changed."""
    assert VALID.count(old) == 1, f"{old!r} is there {VALID.count(old)} times"
    changed = VALID.replace(old, new)
    assert changed != VALID
    path = folder / "demo.yaml"
    path.write_text(changed, encoding="utf-8")
    return path


def problems(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(RubricError) as caught:
        build(YamlText.read(path))
    assert all(str(problem) in str(caught.value) for problem in caught.value.problems)
    return caught.value.problems


def only_problem(path: Path) -> Problem:
    (problem,) = problems(path)
    return problem


# --- the file itself --------------------------------------------------------------------------------------


def test_the_unbroken_rubric_loads(tmp_path: Path) -> None:
    path = tmp_path / "demo.yaml"
    path.write_text(VALID, encoding="utf-8")

    rubric = build(YamlText.read(path))

    assert list(rubric.criteria) == ["3.9", "3.10", "3.11", "4.1"]


def test_a_file_that_starts_with_a_byte_order_mark_loads(tmp_path: Path) -> None:
    path = tmp_path / "demo.yaml"
    path.write_text(VALID, encoding="utf-8-sig")

    rubric = build(YamlText.read(path))

    assert rubric.id == "demo"


def test_a_missing_file_is_refused_with_its_path(tmp_path: Path) -> None:
    path = tmp_path / "nowhere.yaml"

    problem = only_problem(path)

    assert (problem.file, problem.line) == (str(path), 0)
    assert "没有这个文件" in problem.message


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "demo.yaml"
    path.write_text("", encoding="utf-8")

    problem = only_problem(path)

    assert (problem.file, problem.line) == ("demo.yaml", 0)
    assert "文件是空的" in problem.message


def test_a_file_of_comments_only_is_refused_as_empty(tmp_path: Path) -> None:
    path = tmp_path / "demo.yaml"
    path.write_text("# 还没写\n", encoding="utf-8")

    problem = only_problem(path)

    assert (problem.file, problem.line) == ("demo.yaml", 0)
    assert "文件是空的" in problem.message


def test_a_file_in_gbk_is_refused_with_the_encoding_to_use(tmp_path: Path) -> None:
    path = tmp_path / "demo.yaml"
    path.write_bytes(VALID.encode("gbk"))

    problem = only_problem(path)

    assert (problem.file, problem.line) == (str(path), 0)
    assert "要 UTF-8 编码" in problem.message


def test_text_that_is_not_yaml_is_refused_with_its_line(tmp_path: Path) -> None:
    path = broken(tmp_path, "source: {title: 示例细则, issuer: 示例办}", 'source: "示例细则" 示例办')

    problem = only_problem(path)

    assert (problem.file, problem.line) == ("demo.yaml", line_of(path, 'source: "示例细则"'))
    assert "YAML 写法不对" in problem.message
    assert "请检查缩进、引号和冒号" in problem.message


# --- keys and values --------------------------------------------------------------------------------------


def test_a_key_written_twice_is_refused_at_the_second_one(tmp_path: Path) -> None:
    path = broken(tmp_path, "    label: 组织监管\n", "    label: 组织监管\n    label: 监管组织\n")

    problem = only_problem(path)

    assert (problem.file, problem.line) == ("demo.yaml", line_of(path, "label: 监管组织"))
    assert "「label」写了两遍" in problem.message


def test_an_unquoted_id_is_refused_before_it_becomes_another_number(tmp_path: Path) -> None:
    path = broken(tmp_path, 'id: "3.10"', "id: 3.10")

    problem = only_problem(path)

    assert (problem.file, problem.line) == ("demo.yaml", line_of(path, "id: 3.10"))
    assert '编号 3.10 要加引号："3.10"' in problem.message


def test_an_unquoted_whole_number_as_id_is_refused(tmp_path: Path) -> None:
    path = broken(tmp_path, 'id: "4"', "id: 4")

    problem = only_problem(path)

    assert (problem.file, problem.line) == ("demo.yaml", line_of(path, "  - id: 4"))
    assert '编号 4 要加引号："4"' in problem.message


def test_an_unquoted_id_in_beyond_is_refused(tmp_path: Path) -> None:
    path = broken(tmp_path, 'beyond: "3.10"', "beyond: 3.10")

    problem = only_problem(path)

    assert (problem.file, problem.line) == ("demo.yaml", line_of(path, "beyond: 3.10"))
    assert '编号 3.10 要加引号："3.10"' in problem.message


def test_an_unquoted_id_as_a_key_is_refused(tmp_path: Path) -> None:
    path = broken(
        tmp_path,
        "    note: 没写开几次，按两次读。\n",
        "    note: 没写开几次，按两次读。\n    use: two\n    options:\n"
        "      two: {note: 两次, set: {criteria: {3.9: {entries: {at_least: 2}}}}}\n",
    )

    problem = only_problem(path)

    assert (problem.file, problem.line) == ("demo.yaml", line_of(path, "3.9: {entries"))
    assert '编号 3.9 要加引号："3.9"' in problem.message


def test_a_bare_decimal_is_refused(tmp_path: Path) -> None:
    path = broken(tmp_path, 'per: "0.5"', "per: 0.5")

    problem = only_problem(path)

    assert (problem.file, problem.line) == ("demo.yaml", line_of(path, "per: 0.5"))
    assert '小数 0.5 要加引号："0.5"' in problem.message


def test_points_that_are_no_figure_are_refused(tmp_path: Path) -> None:
    path = broken(tmp_path, "{kind: yesno, points: 4}", "{kind: yesno, points: 四分}")

    problem = only_problem(path)

    assert (problem.file, problem.line) == ("demo.yaml", line_of(path, "四分"))
    assert '不是数字，写成带引号的数字，例如 "0.5"' in problem.message


def test_points_without_end_are_refused(tmp_path: Path) -> None:
    path = broken(tmp_path, "{kind: yesno, points: 4}", "{kind: yesno, points: Infinity}")

    problem = only_problem(path)

    assert (problem.file, problem.line) == ("demo.yaml", line_of(path, "Infinity"))
    assert "要一个平常的数" in problem.message


def test_an_unknown_key_is_refused_with_the_key_that_was_meant(tmp_path: Path) -> None:
    path = broken(tmp_path, "aliases: [质量会]", "alias: [质量会]")

    problem = only_problem(path)

    assert (problem.file, problem.line) == ("demo.yaml", line_of(path, "alias: "))
    assert "不认识的键「alias」，是不是想写「aliases」？" in problem.message


def test_an_unknown_key_like_no_other_is_refused_with_the_place_to_look(tmp_path: Path) -> None:
    path = broken(tmp_path, "aliases: [质量会]", "zzz: [质量会]")

    problem = only_problem(path)

    assert (problem.file, problem.line) == ("demo.yaml", line_of(path, "zzz: "))
    assert "请对照 docs/rubric-format.md" in problem.message


def test_a_criterion_without_source_is_refused_at_the_criterion(tmp_path: Path) -> None:
    path = broken(tmp_path, "        source: 附件 第3项 10\n", "")

    problem = only_problem(path)

    assert (problem.file, problem.line) == ("demo.yaml", line_of(path, 'id: "3.10"'))
    assert problem.path == "items.3.criteria.3.10.source"
    assert "缺少「source」，请补上" in problem.message


def test_a_rubric_without_source_is_refused(tmp_path: Path) -> None:
    path = broken(tmp_path, "source: {title: 示例细则, issuer: 示例办}\n", "")

    problem = only_problem(path)

    assert (problem.file, problem.line) == ("demo.yaml", 1)
    assert "缺少「source」，请补上" in problem.message


def test_a_criterion_without_a_question_is_refused_at_the_criterion(tmp_path: Path) -> None:
    path = broken(tmp_path, "        ask: 抽检合格率是多少？\n", "")

    problem = only_problem(path)

    assert (problem.file, problem.line) == ("demo.yaml", line_of(path, 'id: "3.10"'))
    assert "缺少「ask」，请补上" in problem.message


def test_an_unknown_kind_is_refused_with_the_kinds_there_are(tmp_path: Path) -> None:
    path = broken(tmp_path, "kind: yesno", "kind: yesnt")

    problem = only_problem(path)

    assert (problem.file, problem.line) == ("demo.yaml", line_of(path, "kind: yesnt"))
    assert "写了「yesnt」，只能是：" in problem.message
    assert "yesno" in problem.message
    assert "per_shortfall" in problem.message


def test_a_score_without_kind_is_refused(tmp_path: Path) -> None:
    path = broken(tmp_path, "{kind: yesno, points: 4}", "{points: 4}")

    problem = only_problem(path)

    assert (problem.file, problem.line) == ("demo.yaml", line_of(path, "score: {points: 4}"))
    assert "缺少「kind」" in problem.message


def test_a_mistake_in_the_only_clause_of_an_item_is_told_once(tmp_path: Path) -> None:
    path = broken(tmp_path, "        ask: 配了几名协管员？\n", "")

    problem = only_problem(path)

    assert (problem.file, problem.line) == ("demo.yaml", line_of(path, 'id: "4.1"'))
    assert "缺少「ask」，请补上" in problem.message


def test_tiers_with_one_tier_only_are_refused(tmp_path: Path) -> None:
    path = broken(
        tmp_path,
        "            - {label: 一两名, points: 5, ask: 有一名, at_least: 1}\n"
        "            - {label: 一名都没有, points: 0, ask: 还没有, at_least: 0}\n",
        "",
    )

    first = problems(path)[0]

    assert (first.file, first.line) == ("demo.yaml", line_of(path, "tiers:"))
    assert first.path.endswith("tiers")


def test_the_mistakes_of_all_clauses_are_told_at_once(tmp_path: Path) -> None:
    path = broken(tmp_path, "        aliases: [质量会]\n", "        alias: [质量会]\n")
    path.write_text(path.read_text(encoding="utf-8").replace("        source: 附件 第4项 1\n", ""), encoding="utf-8")

    found = {problem.message for problem in problems(path)}

    assert found == {"缺少「source」，请补上", "不认识的键「alias」，是不是想写「aliases」？"}


# --- references -------------------------------------------------------------------------------------------


def test_an_unknown_section_is_refused(tmp_path: Path) -> None:
    path = broken(tmp_path, "    section: s1\n    source: 附件 第4项\n", "    section: s2\n    source: 附件 第4项\n")

    problem = only_problem(path)

    assert (problem.file, problem.line) == ("demo.yaml", line_of(path, "section: s2"))
    assert "没有编号为「s2」的指标类别" in problem.message


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
