"""Answers in people's own words: this year's figure, a result and no attempt, the question's own words, several figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from rubrics import loader
from rubrics.matching.measuring import told_figures
from rubrics.matching.spelling import fold
from rubrics.matching.stating import state
from rubrics.model import Criterion, Measure
from rubrics.values import Known, Refused, Stated, parse_answer
from rubrics.wording import State
from rubrics.years_told import of_this_year

DAY = date(2026, 11, 21)
RUBRICS = {name[0]: loader.load(f"xinbei-2011-{name}") for name in ("departments", "towns")}
TASKS = loader.load("xinbei-2011-tasks")


def criterion(key: str) -> Criterion:
    kind, ident = key.split(":")
    return (TASKS if kind == "tasks" else RUBRICS[kind]).criteria[ident]


def said(key: str, words: str, measure: Measure | None = None) -> Any:
    parsed = parse_answer(criterion(key), words, measure)
    return parsed.fact if isinstance(parsed, Known) else parsed


# --- years ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "words", "fact"),
    [
        ("t:3.3a", "去年拿了一个今年没有", 0),
        ("t:3.3a", "今年没有，去年有1只", 0),
        ("t:5.5", "去年评上3家今年没有评", 0),
        ("tasks:11.1", "去年创了4只今年没有", 0),
        ("t:2.5b", "去年新增两只 今年没有新增", 0),
        ("t:9.2", "去年55% 今年57%", 57),
        ("t:1.2", "去年开了三次今年只开了一次", False),
        ("t:2.1", "去年有今年没有", False),
        ("t:2.1", "去年没有今年有了", True),
        ("t:4.2", "去年完成了今年没完成", False),
    ],
)
def test_of_two_years_the_one_that_is_asked_about_counts(key: str, words: str, fact: Any) -> None:
    assert said(key, words) == fact
    assert state(criterion(key), fold(words), "message", DAY) == fact


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("今年比去年多2家", "今年比去年多2家"),
        ("从去年的60%提高到今年80%", "从去年的60%提高到今年80%"),
        ("去年起每年开2次，今年也是", "去年起每年开2次，今年也是"),
        ("质量会议去年开了三次今年开了一次", "质量会议今年开了一次"),
    ],
)
def test_a_year_that_is_only_compared_with_stays(words: str, left: str) -> None:
    assert of_this_year("今年开了几次？", words) == left


def test_a_question_about_change_keeps_both_years() -> None:
    assert of_this_year("投诉率比去年下降了百分之几？", "去年6%今年5%") == "去年6%今年5%"


def test_a_figure_of_last_year_alone_is_asked_about() -> None:
    refused = said("t:3.3a", "去年拿了一个")

    assert refused == Refused("“去年拿了一个”说的是以前的，这里问考核年度的，请填数字，如 3只")


def test_a_figure_that_is_not_known_yet_is_asked_about() -> None:
    refused = said("t:9.2", "去年60% 今年没统计")

    assert refused == Refused("“今年没统计”还没有数，有了再填，如 95% 或 6/7；现在报不出就写“还没到时候”")


# --- attempts ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "words", "tried"),
    [
        ("t:4.4b", "参与起草了两项", "参与"),
        ("tasks:11.2", "参与申报了8只", "参与"),
        ("tasks:11.2", "申报了8只，还没批", "申报"),
        ("t:4.3", "在建一个还没验收", "在建"),
        ("t:2.4", "申报了3只", "申报"),
    ],
)
def test_taking_part_or_applying_is_no_result(key: str, words: str, tried: str) -> None:
    refused = said(key, words)

    assert isinstance(refused, Refused)
    assert f"只说了{tried}" in refused.said
    assert "一个都没成就填 0" in refused.said
    assert not state(criterion(key), fold(words), "message", DAY)


@pytest.mark.parametrize(
    ("key", "words", "fact"),
    [("t:4.4b", "主导起草了两家", 2), ("tasks:11.2", "申报的8只都批了", 8), ("t:7.3", "申报2条，查实2条", 2)],
)
def test_what_came_of_it_counts(key: str, words: str, fact: int) -> None:
    assert said(key, words) == fact


# --- the question's own words -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "words", "fact"),
    [
        ("t:10.1", "6月办了一次讲座", True),
        ("t:10.1", "没有办讲座", False),
        ("t:2.3", "积极组织了三家企业申报", True),
        ("tasks:19.2", "及时报了", True),
        ("tasks:19.2", "没按时报", False),
        ("t:1.4", "还没写", False),
        ("t:9.3a", "没有发生特种设备事故", 0),
    ],
)
def test_a_yes_or_a_no_may_repeat_the_question(key: str, words: str, fact: Any) -> None:
    assert said(key, words) == fact


def test_one_of_two_conditions_may_be_denied_in_its_own_words() -> None:
    happened = criterion("t:6.5").measures[1]

    assert said("t:6.5", "没有发生事故", happened) is False


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("d:1.3", "开了一次"),
        ("t:10.1", "办了一次消防讲座"),
        ("t:10.1", "参加了一次质量讲座"),
        ("t:2.1", "印发了名牌奖励文件"),
        ("t:2.3", "组织了三家企业年检"),
        ("t:1.3", "没有编制，都是兼职的"),
    ],
)
def test_what_happened_to_something_else_is_no_answer(key: str, words: str) -> None:
    assert isinstance(said(key, words), Refused)


def test_a_plan_for_a_later_month_is_not_yet_and_no_answer() -> None:
    assert said("t:1.4", "还没办 计划12月办") == Stated(State.NOT_YET, State.NOT_YET.value)


@pytest.mark.parametrize("words", ["今年1家都没有", "今年一家都没有", "1家也没"])
def test_not_one_is_none_in_figures_too(words: str) -> None:
    assert said("t:5.5", words) == 0
    assert state(criterion("t:5.5"), fold(words), "message", DAY) == 0


# --- several figures at once ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "figures"),
    [
        ("工业产品95%，食品92%，整改率98%", {"许可证合格率": 95, "食品合格率": 92, "整改率": 98}),
        ("工业产品95% 食品92 整改100", {"许可证合格率": 95, "食品合格率": 92, "整改率": 100}),
        ("许可证合格率95.3 食品合格率九成一 整改率百分之百", {"许可证合格率": Decimal("95.3"), "食品合格率": 91, "整改率": 100}),
        ("整改率100%", {"整改率": 100}),
        ("95% 92% 100%", {}),
        ("食品92%，食品95%", {}),
        ("食品大概92%，整改率100%", {}),
        ("食品和许可证都是95%", {}),
        ("食品120%，整改率100%", {}),
    ],
)  # fmt: skip
def test_figures_belong_to_the_conditions_named_beside_them(words: str, figures: dict[str, Any]) -> None:
    assert told_figures(criterion("t:6.2"), words) == figures
