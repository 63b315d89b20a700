"""The linter finds every slip of the printed documents, each answered by a reading, and the slips of a clerk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rubrics import lint, loader
from rubrics.findings import Finding
from rubrics.model import Rubric


def place(rubric: Rubric, finding: Finding) -> str:
    """The id of what a finding is about: criterion, item, band or body target."""
    node: Any = rubric
    for step in finding.path:
        node = node[step] if isinstance(step, int) else getattr(node, step)
    return next(getattr(node, key) for key in ("id", "grade", "text") if hasattr(node, key))


def found(ident: str) -> dict[tuple[str, str], str | None]:
    """The place and code of each finding of one of the project's own rubrics, and the reading that covers it."""
    rubric = loader.load(ident)
    pairs = [((place(rubric, f), f.code), f.covered_by) for f in lint.findings(rubric)]
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def all_of(places: str, code: str, reading: str) -> dict[tuple[str, str], str]:
    return {(ident, code): reading for ident in places.split()}


# --- the project's own rubrics: readings.md, section 1 ----------------------------------------------------


def test_towns_2010_item_5_adds_up_to_11_instead_of_10() -> None:
    (finding,) = [f for f in lint.findings(loader.load("towns-2010")) if f.code == "sum"]

    assert "第5项各要点合计 11 分，标准分是 10 分" in finding.what
    assert finding.covered_by == "T1"


def test_towns_2010_has_these_findings_and_no_other() -> None:
    wanted = {
        **all_of("5", "sum", "T1"),
        **all_of("2 3 4 5 7", "bonus-open", "T2"),
        **all_of("6", "deductions-open", "R2"),
    }

    assert found("towns-2010") == wanted


def test_towns_2011_adds_up_and_has_only_open_bonuses_and_deductions() -> None:
    wanted = {
        **all_of("2 3 4 5 7", "bonus-open", "T2"),
        **all_of("6 9", "deductions-open", "R2"),
    }

    assert found("xinbei-2011-towns") == wanted


def test_hunan_has_these_findings_and_no_other() -> None:
    wanted = {
        **all_of("44.1 45.1", "tier-above-item", "H2"),
        **all_of("21.1 35.1 25.2", "clauses-above-item", "H6"),
        **all_of("26.1", "judged", "H6"),
        **all_of("39.1", "no-figure", "H8"),
    }

    assert found("hunan") == wanted


def test_hunan_findings_name_the_arithmetic() -> None:
    rubric = loader.load("hunan")

    what = {place(rubric, f): f.what for f in lint.findings(rubric)}

    assert "最高档 25 分，高于本项标准分 15 分" in what["44.1"]
    assert "最高档 25 分，高于本项标准分 15 分" in what["45.1"]
    assert "合计 15 分，标准分是 10 分" in what["21.1"]  # 10 + 5
    assert "合计 15 分，标准分是 10 分" in what["35.1"]  # 10 + 5
    assert "合计 35 分，标准分是 30 分" in what["25.2"]  # 20 + 10 + 5 + 0
    assert "20、10、5 分" in what["26.1"]
    assert "没有印分值，本项 20 分" in what["39.1"]


def test_departments_have_these_findings_and_no_other() -> None:
    wanted = {
        **all_of("1 2 3 4 5", "deductions-only", "R5"),
        **all_of("2", "deductions-above-item", "X4"),
        **all_of("4 5", "deductions-open", "R2"),
        **all_of("6", "bonus-above-item", "X1"),
    }

    assert found("xinbei-2011-departments") == wanted


def test_departments_item_2_can_lose_25_of_20_points() -> None:
    rubric = loader.load("xinbei-2011-departments")

    (finding,) = [f for f in lint.findings(rubric) if f.code == "deductions-above-item"]

    assert "第2项扣分合计 25 分，标准分只有 20 分" in finding.what  # 5 + 5 + 2 × 5 + 5


def test_22_of_changzhou_27_indicators_print_no_points_for_their_checkpoints() -> None:
    wanted = {
        **all_of("1 2 3 4 5 7 8 9 10 11 12 13 14 15 16 17 18 20 21 22 26 27", "no-points", "C1"),
        **all_of("B C D", "band-gap", "R3"),
    }

    assert found("changzhou") == wanted
    assert sum(code == "no-points" for _, code in wanted) == 22


def test_ziyang_has_no_points_at_all_and_gaps_between_its_bands() -> None:
    wanted = {
        **all_of("1 2 3 3b 4 5 6", "no-points", "Z1"),
        **all_of("B C D", "band-gap", "Z4"),
    }

    assert found("ziyang-2016") == wanted


@pytest.mark.parametrize(
    ("ident", "spans"),
    [
        ("changzhou", ["89 分和 90 分", "79 分和 80 分", "59 分和 60 分"]),
        ("ziyang-2016", ["94 分和 95 分", "84 分和 85 分", "59 分和 60 分"]),
    ],
)
def test_a_gap_between_two_bands_is_named_with_both_ends(ident: str, spans: list[str]) -> None:
    gaps = [f.what for f in lint.findings(loader.load(ident)) if f.code == "band-gap"]

    assert len(gaps) == len(spans)
    assert all(span in what for span, what in zip(spans, gaps, strict=True))


def test_targets_of_the_body_that_no_task_carries_are_found() -> None:
    wanted = all_of(
        "引导产业集群制定联盟（协会）标准 发明专利申请580件 省级以上研发机构新增5家 高新技术产值占工业产值52% "
        "企业研发支出占销售收入0.96% 百亿元GDP专利授权200件 高新技术企业占规上工业企业20% "
        "建设国家级生态工业示范园区 完善环保基础设施 化工区专项整治 污染源在线监控 空气质量达到区环保任务 "
        "水环境质量达到区环保任务 污染物减排总量达到区环保任务 新增使用单位安全责任告知率100% "
        "重大事故隐患整改督查率100% 重点监控设备现场监察率100% 重点监控设备注册登记率100% "
        "重点监控设备人员持证上岗率100%",
        "no-row",
        "K3",
    )

    assert found("xinbei-2011-tasks") == wanted


@pytest.mark.parametrize("ident", loader.rubric_ids())
def test_every_finding_of_an_own_rubric_is_covered_by_a_reading(ident: str) -> None:
    results = lint.check(loader.DATA / f"{ident}.yaml")

    assert [str(problem) for problem, finding in results if finding is None or finding.covered_by is None] == []


def test_a_finding_leads_to_the_line_of_its_item() -> None:
    path = loader.DATA / "towns-2010.yaml"

    (problem,) = [problem for problem, finding in lint.check(path) if finding is not None and finding.code == "sum"]

    assert problem.file == "towns-2010.yaml"
    assert path.read_text(encoding="utf-8").splitlines()[problem.line - 1].strip() == '- id: "5"'


# --- a clerk's own file -----------------------------------------------------------------------------------

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
