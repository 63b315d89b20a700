"""The sentences a person reads beside a score, one of each sort, word for word."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from rubrics import loader
from rubrics.engine import Plan
from rubrics.facts import parse_facts
from rubrics.kinds import Bonus, Deduct, Gate, Judged, YesNo

TOWNS, TOWNS_2010, DEPARTMENTS = "xinbei-2011-towns", "towns-2010", "xinbei-2011-departments"
CHANGZHOU, HUNAN, ZIYANG, TASKS = "changzhou", "hunan", "ziyang-2016", "xinbei-2011-tasks"


def scored(rubric_id: str, facts: dict[str, Any], **readings: str) -> dict[str, Any]:
    plan = Plan(loader.load_with(rubric_id, readings))
    return plan.score(parse_facts(plan.rubric, facts)).as_json()


def line(rubric_id: str, criterion: str, facts: dict[str, Any], **readings: str) -> str:
    """The sentence of a line, without the readings it names."""
    why = next(x["why"] for x in scored(rubric_id, facts, **readings)["lines"] if x["criterion"] == criterion)
    return why.split("。读法：")[0]


def item(rubric_id: str, ident: str, facts: dict[str, Any], **readings: str) -> tuple[str, str]:
    """State and sentence of an item."""
    found = next(x for x in scored(rubric_id, facts, **readings)["item_lines"] if x["item"] == ident)
    return found["state"], found["why"]


def advice(rubric_id: str, ident: str, facts: dict[str, Any]) -> str | None:
    """What is advised for a clause or an unassessed item; None where nothing is to be gained."""
    found = {x.get("criterion") or x["item"]: x["advice"] for x in scored(rubric_id, facts)["open"]}
    return found.get(ident)


# --- lines ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rubric_id", "criterion", "fact", "why"),
    [
        (TOWNS, "1.1", True, "专人负责：做到了，得 2 分"),
        (TOWNS, "1.1", False, "专人负责：没做到，得 0 分"),
        (TOWNS, "1.1", None, "专人负责：还没填，暂记 0 分"),
        (TOWNS, "3.1", 90, "卓越绩效培训：90%，达到 90%，得 5 分"),
        (TOWNS, "3.1", 89.9, "卓越绩效培训：89.9%，没有达到 90%，得 0 分"),
        (TOWNS, "8.2a", 100, "使用登记率：100%，达到 100%，得 2 分"),
        (TOWNS, "8.2a", 99.2, "使用登记率：99.2%，比 100% 少 0.8%，按 1 步扣 1 分，得 1 分"),
        (TOWNS, "9.2", 57, "分类分级台帐：57%，比 60% 少 3%，按 1 步扣 1 分，得 5 分"),
        (TOWNS, "10.2", 5, "信息上报：5 条，达到 4 条，得 3 分"),
        (TOWNS, "10.2", 2, "信息上报：2 条，比 4 条少 2 条，按 2 步扣 2 分，得 1 分"),
        (TOWNS, "10.2", 1, "信息上报：1 条，比 4 条少 3 条，按 3 步扣 3 分，得 0 分"),
        (TOWNS, "10.2", 0, "信息上报：0 条，比 4 条少 4 条，3 分扣完，得 0 分"),
        (HUNAN, "31.1", 99.3, "大中型工程合格率：99.3%，比 100% 少 0.7%，按 2 步扣 2 分，得 13 分"),
        (DEPARTMENTS, "2.3", 2, "质量专题会：2 次，达到 2 次，不扣分"),
        (DEPARTMENTS, "2.3", 0, "质量专题会：0 次，比 2 次少 2 次，扣 10 分"),
        (TOWNS, "6.3", 2, "抽检不合格：有 2 个，扣 4 分"),
        (TOWNS, "6.3", 0, "抽检不合格：没有这种情况，不扣分"),
        (TOWNS, "6.3", None, "抽检不合格：还没填，暂不扣分"),
        (TOWNS, "6.4", 3, "拒检拒抽：有这种情况，扣 5 分（只扣一次）"),
        (DEPARTMENTS, "4.3", 1, "联席会缺席：有 1 次，扣 5 分"),
        (DEPARTMENTS, "4.2", None, "任务完成数：等分解表里本单位的目标都有结果才算"),
        (DEPARTMENTS, "4.2", 2, "任务完成数：少 2 项，扣 6 分"),
        (DEPARTMENTS, "2.1", 1, "年度实施计划：没做到，扣 5 分"),
        (DEPARTMENTS, "2.1", 0, "年度实施计划：做到了，不扣分"),
        (TOWNS, "3.3a", 2, "省质量奖：2 只，加 4 分"),
        (TOWNS, "3.3a", 0, "省质量奖：没有新增，不加分"),
        (TOWNS, "3.3a", None, "省质量奖：没有填，不加分"),
        (CHANGZHOU, "bonus.3a", 1, "全国质量标杆：1 项，加 0.5 分"),
        (HUNAN, "15.1", 1, "领导机构负责人：属于“副市（县、区）长负责”这一档，得 24 分"),
        (HUNAN, "26.1", 10, "质量宣传评分：评定为 10 分"),
        (HUNAN, "14.2", "na", "口岸核心能力：合理缺项，不参加计分"),
        (HUNAN, "pre.1", True, "重大质量事故：属于不予受理的情形"),
        (HUNAN, "pre.1", False, "重大质量事故：没有发生"),
        (HUNAN, "pre.1", None, "重大质量事故：还没填，暂不起作用"),
        (CHANGZHOU, "veto.1", True, "质量安全事件：触发一票否决，等次定为 D，总分照算"),
        (ZIYANG, "veto.1", True, "质量安全事件：触发一票否决，等次定为 D"),
        (ZIYANG, "1.1", 98.5, "农产品合格率：已填 98.5%，达标线由当年细则规定"),
        (ZIYANG, "4.1", True, "质量发展规划：已填，权重另定，暂不计分"),
        (TASKS, "1.1", True, "质量安全事故：已完成"),
        (TASKS, "1.1", False, "质量安全事故：未完成"),
        (TASKS, "1.2", 91, "许可证产品合格率：91%，没有达到 92%，未完成"),
        (TASKS, "15.1", 100, "亿元GDP死亡率：100%，不超过 100%，已完成"),
        (TASKS, "15.1", 101, "亿元GDP死亡率：101%，超过 100%，未完成"),
    ],
)
def test_a_line_says_what_was_answered_and_what_it_is_worth(
    rubric_id: str, criterion: str, fact: Any, why: str
) -> None:
    assert line(rubric_id, criterion, {criterion: fact}) == why


@pytest.mark.parametrize(
    ("fact", "why"),
    [
        ({"许可证合格率": 92, "食品合格率": 90, "整改率": 100}, "三率达标：各项条件都达到，得 5 分"),
        ({"许可证合格率": 91.5, "食品合格率": 95, "整改率": 100}, "三率达标：许可证合格率 91.5% 未达标，得 0 分"),
        ({"许可证合格率": 91.5, "食品合格率": 95}, "三率达标：许可证合格率 91.5% 未达标、整改率没有填，得 0 分"),
    ],
)
def test_a_clause_of_several_conditions_names_those_that_fail(fact: dict[str, Any], why: str) -> None:
    assert line(TOWNS, "6.2", {"6.2": fact}) == why


def test_a_condition_that_should_not_have_happened_is_named_as_happened() -> None:
    fact = {"旅游安全监测": True, "重大旅游事故": True}
    assert line(CHANGZHOU, "13.3", {"13.3": fact}) == "旅游安全：有重大旅游事故，得 0 分（4 分由 4 个要点平分）"


def test_of_two_alternatives_the_one_that_fails_is_not_named_once_the_other_holds() -> None:
    fact = {"追溯体系": False, "示范区": True, "出口食品合格率": 98}
    assert line(HUNAN, "14.5", {"14.5": fact}) == "进出口食品追溯：追溯体系没有做到，得 0 分"


def test_shared_points_say_how_many_clauses_share_them() -> None:
    assert line(CHANGZHOU, "1.1", {"1.1": True}) == "目标进规划：做到了，得 1.33 分（4 分由 3 个要点平分）"


def test_steps_in_proportion_are_told_in_parts_of_a_step() -> None:
    why = "使用登记率：99.2%，比 100% 少 0.8%，按 0.8 步扣 0.8 分，得 1.2 分"
    assert line(TOWNS, "8.2a", {"8.2a": 99.2}, R1="linear") == why


def test_a_clause_that_need_not_apply_may_be_given_its_points() -> None:
    assert line(HUNAN, "14.2", {"14.2": "na"}, H3="give") == "口岸核心能力：合理缺项，照给 5 分"


@pytest.mark.parametrize("target", [{}, {"2.4": False}])
def test_awards_beyond_an_unmet_target_say_why_they_do_not_count(target: dict[str, bool]) -> None:
    assert line(TOWNS, "2.5a", {**target, "2.5a": 2}) == "新增省名牌：“名牌任务”还没完成，超出部分不计分"


@pytest.mark.parametrize(
    ("rubric_id", "criterion", "fact", "why"),
    [
        (TOWNS, "6.5", None, "责任制与事故：还没填，未定"),
        (TOWNS, "6.5", {"重大质量事故": False}, "责任制与事故：责任制落实还没填，未定"),
        (TOWNS, "6.5", {"责任制落实": True}, "责任制与事故：没问题，不影响本项得分"),
        (TOWNS, "6.5", {"责任制落实": False}, "责任制与事故：有不得分的情形，本项记 0 分"),
        (TOWNS, "7.4", None, "制售假与曝光：还没填，暂不起作用"),
        (TOWNS, "7.4", {"媒体曝光": True}, "制售假与曝光：有不得分的情形，本项连同加分记 0 分"),
        (DEPARTMENTS, "1.1", None, "小组和班子：还没填，未定"),
        (DEPARTMENTS, "1.1", {"领导小组": True}, "小组和班子：工作班子还没填，未定"),
        (DEPARTMENTS, "1.1", False, "小组和班子：没问题，不影响本项得分"),
        (DEPARTMENTS, "1.1", {"工作班子": False}, "小组和班子：有不得分的情形，本项记 0 分"),
    ],
)
def test_a_clause_that_zeroes_its_item_says_whether_it_does(
    rubric_id: str, criterion: str, fact: Any, why: str
) -> None:
    assert line(rubric_id, criterion, {criterion: fact}) == why


def test_the_other_lines_of_a_zeroed_item_say_what_zeroed_it() -> None:
    facts = {"7.1": True, "7.3": 2, "7.4": True}
    assert line(TOWNS, "7.1", facts) == "打假责任制：做到了，得 5 分；因 7.4 不得分，本项记 0 分"
    assert line(TOWNS, "7.3", facts) == "打假线索：2 条，加 4 分；因 7.4 不得分，本项记 0 分"


# --- readings ---------------------------------------------------------------------------------------------

READINGS = [
    (TOWNS, "8.2a", 99.2, 100),
    (TOWNS, "1.2", False, True),
    (TOWNS, "6.4", 1, 0),
    (TOWNS, "6.5", True, False),
    (DEPARTMENTS, "4.2", 1, 0),
    (HUNAN, "15.1", 1, 0),
    (CHANGZHOU, "veto.1", True, False),
]


@pytest.mark.parametrize(("rubric_id", "criterion", "losing", "full"), READINGS)
def test_readings_are_named_on_a_line_that_loses_points_and_on_no_other(
    rubric_id: str, criterion: str, losing: Any, full: Any
) -> None:
    rubric = loader.load(rubric_id)
    readings = rubric.criteria[criterion].readings
    known = [rubric.reading[r] for r in readings]
    named = "；".join(f"{r.id} {r.title}" if r.options else r.id for r in known)
    for fact, expected in ((losing, readings), (full, ()), (None, ())):
        found = next(x for x in scored(rubric_id, {criterion: fact})["lines"] if x["criterion"] == criterion)
        assert found["readings"] == list(expected)
        assert found["why"].endswith(f"。读法：{named}") is bool(expected)


def test_a_reading_stands_at_the_end_of_its_line() -> None:
    found = {x["criterion"]: x["why"] for x in scored(CHANGZHOU, {"1.3": False})["lines"]}
    assert found["1.3"] == "计划与配套：没做到，得 0 分（4 分由 3 个要点平分）。读法：R6"


def test_awards_that_do_not_count_name_their_readings_and_awards_that_count_none() -> None:
    for met in (False, True):
        lines = scored(TOWNS, {"2.4": met, "2.5a": 1})["lines"]
        found = next(x["readings"] for x in lines if x["criterion"] == "2.5a")
        assert ("T3" in found) is not met


def test_no_award_is_no_loss_even_where_one_counts_once() -> None:
    lines = scored(TOWNS, {"4.4a": 0}, T3="once")["lines"]
    assert next(x["readings"] for x in lines if x["criterion"] == "4.4a") == []


# --- items ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rubric_id", "ident", "facts", "found"),
    [
        (TOWNS, "1", {"1.1": True, "1.5": True}, ("plain", "各要点合计 5 分")),
        (TOWNS, "3", {"3.1": 95, "3.3a": 1}, ("plain", "基本分 5 分，加分 2 分")),
        (TOWNS, "9", {"9.1": True, "9.2": 57, "9.3a": 1}, ("plain", "得 9 分，扣 2 分，合计 7 分")),
        (TOWNS, "6", {"6.1": True, "6.3": 3, "6.5": False}, ("floored", "扣分合计 6 分，扣完为止，记 0 分")),
        (TOWNS, "6", {"6.1": True}, ("undecided", "各要点合计 5 分；6.5 还没填，本项未定")),
        (TOWNS, "6", {"6.1": True, "6.5": False}, ("plain", "各要点合计 5 分")),
        (TOWNS, "6", {"6.1": True, "6.5": True}, ("zeroed", "因 6.5（责任制与事故）不得分，本项记 0 分")),
        (
            TOWNS_2010,
            "5",
            {"5.1": True, "5.2": True, "5.3": True, "5.4": True},
            ("capped", "各要点合计 11 分，超过 10 分，按 10 分封顶"),
        ),
        (
            TOWNS_2010,
            "5",
            {"5.1": True, "5.2": True, "5.3": True, "5.4": True, "5.5": 1},
            ("capped", "各要点合计 11 分，按 10 分封顶，另加分 1 分"),
        ),
        (HUNAN, "44", {"44.1": 0}, ("capped", "各要点合计 25 分，超过 15 分，按 15 分封顶")),
        (CHANGZHOU, "bonus", {"bonus.2d": 1}, ("plain", "加分合计 3 分")),
        (CHANGZHOU, "bonus", {"bonus.2d": 2}, ("capped", "加分合计 6 分，最多计 5 分")),
        (DEPARTMENTS, "3", {"3.1": 0, "3.2": 1}, ("plain", "5 分扣 3 分，得 2 分")),
        (
            DEPARTMENTS,
            "2",
            {"2.1": 1, "2.2": 1, "2.3": 0, "2.4": 1},
            ("floored", "扣分合计 25 分，扣完为止，记 0 分"),
        ),
        (DEPARTMENTS, "1", {"1.2": 0}, ("unassessed", "未考核：只有扣分的项目要全部填完才计分，还有 3 条没填")),
        (
            DEPARTMENTS,
            "4",
            {"4.3": 0},
            ("unassessed", "未考核：4.1、4.2 等分解表里本单位的目标都有结果才算"),
        ),
        (
            DEPARTMENTS,
            "4",
            {},
            (
                "unassessed",
                "未考核：只有扣分的项目要全部填完才计分，还有 1 条没填；4.1、4.2 等分解表里本单位的目标都有结果才算",
            ),
        ),
        (
            DEPARTMENTS,
            "1",
            {"1.1": {"工作班子": False}, "1.2": 0},
            ("zeroed", "因 1.1（小组和班子）不得分，本项记 0 分"),
        ),
    ],
)
def test_an_item_says_what_made_its_points(
    rubric_id: str, ident: str, facts: dict[str, Any], found: tuple[str, str]
) -> None:
    assert item(rubric_id, ident, facts) == found


def test_an_item_capped_with_its_bonus_says_so() -> None:
    facts = {"2.1": True, "2.2": True, "2.3": True, "2.4": True, "2.5a": 1}
    assert item(TOWNS, "2", facts, T2="within") == ("bonus-capped", "连同加分 2 分超过 15 分，按 15 分封顶")


def test_a_deduction_item_counted_from_full_marks_stays_undecided_while_an_omission_may_zero_it() -> None:
    assert item(DEPARTMENTS, "1", {"1.2": 1}, R5="full") == (
        "undecided",
        "20 分扣 5 分，得 15 分；1.1 还没填，本项未定",
    )


# --- the whole --------------------------------------------------------------------------------------------


def best(rubric_id: str) -> dict[str, Any]:
    """Every clause that earns at its best."""
    facts: dict[str, Any] = {}
    for gain in scored(rubric_id, {})["open"]:
        facts[gain["criterion"]] = gain["to"]
    return facts


@pytest.mark.parametrize(
    ("rubric_id", "facts", "notes"),
    [
        (CHANGZHOU, {"1.1": True}, ["现为 D，距 C 还差 58.67 分"]),
        (CHANGZHOU, {"veto.1": True}, ["一票否决：等次定为 D"]),
        (HUNAN, {"31.1": 99.3}, ["现为不合格，距合格还差 787 分"]),
        (HUNAN, {"pre.2": True}, ["不予受理：有受理前须排除的情形"]),
        (
            HUNAN,
            {"14.1": True, "14.2": "na"},
            ["合理缺项 5 分不参加计分，总分按 1060/1055 折算", "现为不合格，距合格还差 794.98 分"],
        ),
        (TOWNS, {"1.1": True}, []),
    ],
)
def test_the_notes_tell_the_grade_and_the_way_to_the_next(rubric_id: str, facts: dict, notes: list[str]) -> None:
    assert scored(rubric_id, facts)["notes"] == notes


@pytest.mark.parametrize(("rubric_id", "note"), [(CHANGZHOU, "现为 A，是最高等次"), (HUNAN, "现为合格，是最高等次")])
def test_at_the_top_the_note_says_so(rubric_id: str, note: str) -> None:
    assert scored(rubric_id, best(rubric_id))["notes"] == [note]


def test_a_rubric_without_points_says_why_there_is_no_total() -> None:
    why = loader.load(ZIYANG).no_total.rstrip("。")
    assert "权重" in why
    assert scored(ZIYANG, {"1.1": 98.5})["notes"] == [f"没有总分：{why}"]
    assert scored(ZIYANG, {"veto.1": True})["notes"] == [f"没有总分：{why}", "一票否决：等次定为 D"]


# --- advice -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rubric_id", "ident", "facts", "sentence"),
    [
        (TOWNS, "10.2", {"10.2": 0}, "再报 2 条得 1 分"),
        (TOWNS, "10.2", {"10.2": 1}, "再报 1 条得 1 分"),
        (TOWNS, "10.2", {}, "再报 2 条得 1 分"),
        (TOWNS, "10.2", {"10.2": 4}, None),
        (TOWNS, "1.1", {"1.1": False}, "做到可得 2 分"),
        (TOWNS, "3.1", {"3.1": 60}, "达到 90% 得 5 分"),
        (TOWNS, "8.2a", {"8.2a": 99.2}, "达到 100% 得 1 分"),
        (TOWNS, "2.4", {"2.4": False, "2.5a": 1}, "做到可得 7 分"),
        (TOWNS, "2.5a", {"2.4": True}, "每多 1 只加 2 分"),
        (TOWNS, "2.5a", {"2.4": False}, None),
        (TOWNS, "6.1", {"6.5": {"责任制落实": False}}, None),
        (TOWNS, "6.5", {"6.1": True, "6.5": {"责任制落实": False}}, "补上可挽回 5 分"),
        (TOWNS, "6.5", {"6.1": True, "6.5": {"责任制落实": False, "重大质量事故": True}}, None),
        (TOWNS, "6.5", {"6.1": True, "6.5": True}, None),
        (TOWNS, "9.3a", {"9.1": True, "9.3a": 1}, None),
        (CHANGZHOU, "22.1", {"22.1": 80}, "达到 85 分得 2 分"),
        (CHANGZHOU, "26.1", {}, "再有 1 个得 1.25 分"),
        (HUNAN, "3.1", {"3.1": 2}, "到“达到1‰”这一档再得 20 分"),
        (HUNAN, "26.1", {"26.1": 10}, "评到 20 分得 10 分"),
        (DEPARTMENTS, "2", {}, "把 4 条填完，没有扣分可得 20 分"),
        (DEPARTMENTS, "2", {"2.1": 1}, "把 3 条填完，没有扣分可得 15 分"),
        (DEPARTMENTS, "2.3", {"2.1": 0, "2.2": 0, "2.3": 1, "2.4": 0}, "再有 1 次得 5 分"),
        (DEPARTMENTS, "3.2", {"3.1": 0, "3.2": 1}, "补上可挽回 3 分"),
    ],
)
def test_the_advice_says_what_to_do_for_which_points(
    rubric_id: str, ident: str, facts: dict[str, Any], sentence: str | None
) -> None:
    assert advice(rubric_id, ident, facts) == sentence


# --- all of them ------------------------------------------------------------------------------------------


def worst(rubric_id: str) -> dict[str, Any]:
    """Every clause answered, and nothing done or everything bad happened."""
    facts: dict[str, Any] = {}
    for criterion in loader.load(rubric_id).criteria.values():
        score = criterion.score
        if isinstance(score, YesNo | Gate):
            facts[criterion.id] = isinstance(score, Gate)
        elif isinstance(score, Deduct | Bonus):
            facts[criterion.id] = 30
        else:
            facts[criterion.id] = min(score.allowed) if isinstance(score, Judged) else 0
    return facts


@pytest.mark.parametrize("rubric_id", loader.rubric_ids())
@pytest.mark.parametrize("answers", [lambda _: {}, worst], ids=["nothing answered", "all bad"])
def test_no_sentence_has_doubled_punctuation_or_a_loose_space(
    rubric_id: str, answers: Callable[[str], dict[str, Any]]
) -> None:
    answer = scored(rubric_id, answers(rubric_id))
    said = [x["why"] for x in answer["lines"] + answer["item_lines"]] + [x["advice"] for x in answer["open"]]
    for text in said + answer["notes"]:
        for wrong in ("，，", "。。", "；；", "）（", "  ", " ，", " 。", "None", "{", "}"):
            assert wrong not in text, text
        assert re.search(r"[一-鿿] [一-鿿]", text.split("。读法：")[0]) is None, text
