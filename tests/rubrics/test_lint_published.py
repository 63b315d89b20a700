"""The linter finds every slip of the printed documents, each answered by a reading."""

from __future__ import annotations

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
