"""The linter finds the slips of a clerk's own file."""

from __future__ import annotations

from pathlib import Path

import pytest

from rubrics import lint

CLEAN = """\
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
  - {id: T1, title: 等次之间, note: 按精确总分读。}
items:
  - id: "1"
    title: 组织与监管
    label: 组织监管
    points: 10
    section: s1
    source: 附件 第1项
    criteria:
      - id: "1.1"
        ask: 有没有建立台账？
        label: 台账
        score: {kind: yesno, points: 4}
        answer: {buttons: {有: true, 没有: false}}
        proof: none
        aliases: [检查台账]
        printed: 4分
        source: 附件 第1项 1
      - id: "1.2"
        ask: 合格率和整改率都达标了没有？
        label: 两率
        score: {kind: yesno, points: 6}
        measures:
          - {key: 合格率, ask: 抽检合格率是多少？, op: ">=", threshold: 92, unit: "%"}
          - {key: 整改率, ask: 整改率是多少？, op: ">=", threshold: 100, unit: "%"}
        proof: none
        printed: 6分
        source: 附件 第1项 2
  - id: "2"
    title: 人员配备
    label: 人员
    points: 10
    section: s1
    source: 附件 第2项
    criteria:
      - id: "2.1"
        ask: 协管员配齐了没有？
        label: 协管员
        score:
          kind: tiers
          tiers:
            - {label: 配齐了, points: 10, ask: 名额都有人}
            - {label: 还缺人, points: 0, ask: 名额有空缺}
        proof: none
        printed: 10分；0分
        source: 附件 第2项 1
"""
Found = list[tuple[str, str | None, str]]


def checked(folder: Path, *changes: tuple[str, str]) -> Found:
    """What is found in the clean file with some places changed: code, reading and the text of the line named."""
    text = CLEAN
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
        assert old != new
        text = text.replace(old, new)
    path = folder / "demo.yaml"
    path.write_text(text, encoding="utf-8")
    results = lint.check(path)
    assert {problem.file for problem, _ in results} <= {"demo.yaml"}
    lines = text.splitlines()
    return [(f.code, f.covered_by, lines[p.line - 1].strip()) for p, f in results if f is not None]


def test_a_clean_file_has_no_findings(tmp_path: Path) -> None:
    assert checked(tmp_path) == []


def test_a_file_that_cannot_be_read_is_a_problem_without_finding(tmp_path: Path) -> None:
    path = tmp_path / "demo.yaml"
    path.write_text(CLEAN.replace("kind: yesno, points: 4", "kind: yesnt, points: 4"), encoding="utf-8")

    ((problem, finding),) = lint.check(path)

    assert finding is None
    assert "写了「yesnt」" in problem.message


def test_a_label_of_ten_characters_passes(tmp_path: Path) -> None:
    assert checked(tmp_path, ("label: 台账\n", "label: 一二三四五六七八九十\n")) == []


def test_a_label_of_eleven_characters_is_too_long(tmp_path: Path) -> None:
    results = checked(tmp_path, ("label: 台账\n", "label: 一二三四五六七八九十百\n"))

    assert results == [("label-long", None, '- id: "1.1"')]


def test_an_item_label_of_eleven_characters_is_too_long(tmp_path: Path) -> None:
    results = checked(tmp_path, ("label: 组织监管\n", "label: 一二三四五六七八九十百\n"))

    assert results == [("label-long", None, '- id: "1"')]


def test_the_same_label_on_two_criteria_is_found(tmp_path: Path) -> None:
    results = checked(tmp_path, ("label: 协管员\n", "label: 台账\n"))

    assert results == [("label-twice", None, '- id: "2.1"')]


def test_the_same_label_on_two_items_is_found(tmp_path: Path) -> None:
    results = checked(tmp_path, ("label: 人员\n", "label: 组织监管\n"))

    assert results == [("label-twice", None, '- id: "2"')]


def test_an_item_and_its_criterion_may_share_a_label(tmp_path: Path) -> None:
    assert checked(tmp_path, ("label: 人员\n", "label: 协管员\n")) == []


def test_a_tier_named_like_a_criterion_is_found_at_the_tier(tmp_path: Path) -> None:
    results = checked(tmp_path, ("{label: 配齐了,", "{label: 台账,"))

    assert results == [("label-twice", None, "- {label: 台账, points: 10, ask: 名额都有人}")]


def test_two_tiers_with_one_label_are_found(tmp_path: Path) -> None:
    results = checked(tmp_path, ("{label: 还缺人,", "{label: 配齐了,"))

    assert results == [("label-twice", None, "- {label: 配齐了, points: 0, ask: 名额有空缺}")]


def test_a_tier_label_of_eleven_characters_is_too_long(tmp_path: Path) -> None:
    results = checked(tmp_path, ("{label: 还缺人,", "{label: 一二三四五六七八九十百,"))

    assert [code for code, _, _ in results] == ["label-long"]


@pytest.mark.parametrize(
    "ask",
    [
        "台账是不是没有建立？",
        "没有建立台账吗？",
        "没发生过事故吧？",
        "台账不全的有几家？",
        "责任制未落实的有几家？",
        "监管有无空白？",
        "有几家企业没整改？",
        "没有责任制，对吗？",
    ],
)
def test_a_question_in_the_negative_is_found(tmp_path: Path, ask: str) -> None:
    results = checked(tmp_path, ("ask: 有没有建立台账？", f"ask: {ask}"))

    assert results == [("ask-negative", None, '- id: "1.1"')]


@pytest.mark.parametrize(
    "ask",
    [
        "有没有专人负责？",
        "发生过重大质量事故没有？",
        "发生过抽检不合格没有？",
        "抽检不合格的有几批？",
        "责任制落实了没有？发生过重大质量事故没有？",
        "联席会议开了没有，领导到会或批示了没有？",
        "任务是不是都完成了？",
        "查处了几起无证生产？",
        "信息上报发生过不及时没有？",
    ],
)
def test_a_positive_question_passes(tmp_path: Path, ask: str) -> None:
    assert checked(tmp_path, ("ask: 有没有建立台账？", f"ask: {ask}")) == []


def test_the_question_of_a_condition_is_checked_too(tmp_path: Path) -> None:
    results = checked(tmp_path, ("ask: 整改率是多少？", "ask: 没整改的占多少？"))

    assert results == [("ask-negative", None, '- id: "1.2"')]


def test_a_question_without_question_mark_is_found(tmp_path: Path) -> None:
    results = checked(tmp_path, ("ask: 有没有建立台账？", "ask: 有没有建立台账"))

    assert results == [("ask-mark", None, '- id: "1.1"')]


def test_a_question_with_a_western_question_mark_is_found(tmp_path: Path) -> None:
    results = checked(tmp_path, ("ask: 有没有建立台账？", "ask: 有没有建立台账?"))

    assert results == [("ask-mark", None, '- id: "1.1"')]


@pytest.mark.parametrize(("length", "codes"), [(40, []), (41, ["ask-long"])])
def test_a_question_may_have_forty_characters(tmp_path: Path, length: int, codes: list[str]) -> None:
    results = checked(tmp_path, ("ask: 有没有建立台账？", f"ask: {'质' * (length - 1)}？"))

    assert [code for code, _, _ in results] == codes


@pytest.mark.parametrize(("alias", "codes"), [("一二三四五六七八", []), ("一二三四五六七八九", ["alias-long"])])
def test_an_alias_may_have_eight_characters(tmp_path: Path, alias: str, codes: list[str]) -> None:
    results = checked(tmp_path, ("[检查台账]", f"[{alias}]"))

    assert [code for code, _, _ in results] == codes


def test_a_yes_or_no_without_buttons_is_found(tmp_path: Path) -> None:
    results = checked(tmp_path, ("        answer: {buttons: {有: true, 没有: false}}\n", ""))

    assert results == [("no-answer", None, '- id: "1.1"')]


def test_a_blank_citation_is_found(tmp_path: Path) -> None:
    results = checked(tmp_path, ("source: 附件 第1项 1\n", 'source: " "\n'))

    assert results == [("no-citation", None, '- id: "1.1"')]


def test_points_that_do_not_add_up_are_found_at_their_item(tmp_path: Path) -> None:
    results = checked(tmp_path, ("{kind: yesno, points: 4}", "{kind: yesno, points: 5}"))

    assert results == [("sum", None, '- id: "1"')]


def test_points_that_do_not_add_up_are_covered_by_a_reading_that_says_so(tmp_path: Path) -> None:
    results = checked(
        tmp_path,
        ("{kind: yesno, points: 4}", "{kind: yesno, points: 5}"),
        ("note: 按精确总分读。}", "note: 最多10分。, covers: [sum]}"),
        ("    source: 附件 第1项\n", "    source: 附件 第1项\n    readings: [T1]\n"),
    )

    assert results == [("sum", "T1", '- id: "1"')]


def test_a_reading_attached_to_another_item_covers_nothing_here(tmp_path: Path) -> None:
    results = checked(
        tmp_path,
        ("{kind: yesno, points: 4}", "{kind: yesno, points: 5}"),
        ("note: 按精确总分读。}", "note: 最多10分。, covers: [sum]}"),
        ("    source: 附件 第2项\n", "    source: 附件 第2项\n    readings: [T1]\n"),
    )

    assert results == [("sum", None, '- id: "1"')]


def test_a_figure_the_source_does_not_print_is_found(tmp_path: Path) -> None:
    results = checked(tmp_path, ("        printed: 4分\n", ""))

    assert results == [("no-figure", None, '- id: "1.1"')]


def test_a_tier_above_its_item_is_found_at_its_clause(tmp_path: Path) -> None:
    results = checked(tmp_path, ("配齐了, points: 10", "配齐了, points: 12"))

    assert results == [("tier-above-item", None, '- id: "2.1"')]


def test_a_wrong_total_is_found(tmp_path: Path) -> None:
    results = checked(tmp_path, ("total: 20\n", "total: 21\n"))

    assert results == [("total", None, "total: 21")]


def test_a_wrong_sum_of_a_section_is_found(tmp_path: Path) -> None:
    results = checked(tmp_path, ("title: 质量工作, points: 20", "title: 质量工作, points: 19"))

    assert results == [("section-sum", None, "- {id: s1, title: 质量工作, points: 19}")]


def test_a_band_gap_without_a_reading_is_found(tmp_path: Path) -> None:
    results = checked(tmp_path, ("{grade: B, at_least: 0}", "{grade: B, at_least: 0, printed_to: 14}"))

    assert results == [("band-gap", None, "- {grade: B, at_least: 0, printed_to: 14}")]


def test_a_band_gap_is_covered_by_a_reading_of_the_rubric(tmp_path: Path) -> None:
    results = checked(
        tmp_path,
        ("{grade: B, at_least: 0}", "{grade: B, at_least: 0, printed_to: 14}"),
        ("note: 按精确总分读。}", "note: 按精确总分读。, covers: [band-gap]}"),
    )

    assert results == [("band-gap", "T1", "- {grade: B, at_least: 0, printed_to: 14}")]


def test_a_band_printed_into_the_next_one_is_found(tmp_path: Path) -> None:
    results = checked(tmp_path, ("{grade: B, at_least: 0}", "{grade: B, at_least: 0, printed_to: 15}"))

    assert results == [("band-overlap", None, "- {grade: B, at_least: 0, printed_to: 15}")]


def test_a_reading_that_covers_what_nobody_finds_is_found(tmp_path: Path) -> None:
    results = checked(tmp_path, ("note: 按精确总分读。}", "note: 按精确总分读。, covers: [sum]}"))

    assert results == [("covers-nothing", None, "- {id: T1, title: 等次之间, note: 按精确总分读。, covers: [sum]}")]
