"""Every mistake in a rubric file is refused with file, line and what to do."""

from __future__ import annotations

from pathlib import Path

from broken_rubric import VALID, broken, only_problem, problems
from filelines import line_of

from rubrics.loader import build
from rubrics.yaml_text import YamlText

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
