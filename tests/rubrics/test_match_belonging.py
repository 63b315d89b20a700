"""Figures that belong together: tables, a part after its whole, a clause told twice, this year beside another."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache

import pytest

from rubrics import loader
from rubrics.amounts import Number, parse_number
from rubrics.matching import Match, Matcher
from rubrics.matching.polarity import at_least, corrected, is_hedged
from rubrics.matching.roles import Role, told
from rubrics.matching.spelling import spell
from rubrics.matching.stating import state
from rubrics.matching.tables import untabled

TOWNS, DEPARTMENTS, TOWNS_2010 = "xinbei-2011-towns", "xinbei-2011-departments", "towns-2010"
TASKS, CHANGZHOU, HUNAN, ZIYANG = "xinbei-2011-tasks", "changzhou", "hunan", "ziyang-2016"
DAY = date(2026, 11, 21)


@cache
def matcher(rubric: str) -> Matcher:
    return Matcher(loader.load(rubric))


def facts(text: str, rubric: str) -> dict[str, Match]:
    return {fact.criterion: fact for fact in matcher(rubric).match(text, DAY)}


def found(text: str, rubric: str) -> dict[str, object]:
    return {ident: fact.value for ident, fact in facts(text, rubric).items()}


# --- tables -----------------------------------------------------------------------------------------------


def test_each_figure_of_a_pasted_table_stands_behind_its_heading() -> None:
    text = untabled("单位\t应登记\t已登记\n孟河镇\t120\t118\n西夏墅镇\t80\t80")

    assert text == "单位\t应登记\t已登记\n孟河镇应登记120,已登记118\n西夏墅镇应登记80,已登记80"


def test_a_table_pasted_as_one_line_is_read_like_one_of_two() -> None:
    assert found("单位 应登记 已登记 登记率 孟河镇 120 118 98.33%", TOWNS) == {"8.2a": Decimal("98.33")}


def test_levels_in_a_row_belong_to_the_word_that_heads_it() -> None:
    assert found("荣誉\t区0\t市1\t省0", DEPARTMENTS) == {"6.1a": 0, "6.1b": 1, "6.1c": 0}


@pytest.mark.parametrize(
    "text",
    ["定检率98.5 持证率97", "省名牌\t新增一只", "信息 报了\n3条", "", "一 二 三 四 五 六", "甲\t乙\n丙\t丁"],
)
def test_what_is_no_table_stays_as_it_is(text: str) -> None:
    assert untabled(text) == text


# --- facts that were cut apart ----------------------------------------------------------------------------


def test_a_part_told_after_its_whole_is_no_fact_of_its_own() -> None:
    assert found("特设单位共60家，检查面覆盖了54家", TOWNS_2010) == {"9.3": 90}


def test_what_is_said_of_a_clause_in_two_places_counts_together() -> None:
    text = "2011年全镇新增市质量奖1只，省质量奖未有新增；2010年市质量奖为2只。"

    assert found(text, TOWNS) == {"3.3a": 0, "3.3b": 1}


def test_part_and_whole_answer_the_clause_that_asks_for_a_share() -> None:
    fact = facts("农产品例行监测1200个样合格1190个", CHANGZHOU)["20.3"]

    assert (fact.value, fact.decision) == (Decimal("99.17"), "ask")
    assert "12.2" in fact.candidates


def test_how_often_answers_the_clause_that_counts() -> None:
    assert found("质量分析报告今年就发了1次", HUNAN) == {"22.3": 1}


def test_how_often_a_rate_was_published_is_not_taken_for_the_rate_without_asking() -> None:
    decided = {fact.decision for fact in matcher(HUNAN).match("今年监督抽查合格率公布了3次", DAY)}

    assert decided == {"ask"}


def test_the_digits_of_a_longer_number_are_no_day_of_the_year() -> None:
    assert found("食品抽检市里下达2400批次，已完成2520批次", CHANGZHOU) == {"20.4": 105}


def test_the_verb_before_a_title_in_brackets_belongs_to_it() -> None:
    text = "年初召开专题会议研究部署，制定下发了《2011年质量振兴工作实施计划》"

    assert found(text, TOWNS)["1.4"] is True


def test_points_of_a_percentage_are_not_cut_off() -> None:
    text = "高锰酸盐指数降了5.6个百分点，溶解氧升了4.8个百分点"

    assert found(text, TASKS) == {"4.2": Decimal("5.6"), "4.3": Decimal("4.8")}


def test_a_bracket_that_only_explains_cuts_nothing() -> None:
    assert found("省级生态村(市级考核)过了3个村", TASKS) == {"4.6": 3}


# --- roles ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("任务10家,已完成7家,还有3家年底前完成", [Role.DUE, Role.DONE, Role.MISSING]),
        ("一百台里头检了九十六台还有四台是停在那里没报停的", [Role.ALL, Role.DONE, Role.MISSING]),
        ("制修订6项,其中国标2项、行标4项", [Role.PLAIN, Role.INSIDE, Role.INSIDE]),
        ("三季度15只,四季度预计5只", [Role.PLAIN, Role.MISSING]),
        ("12项任务11项完成1项正在推进", [Role.DUE, Role.PLAIN, Role.MISSING]),
        ("4条的要求还少1条", [Role.DUE, Role.MISSING]),
        ("任务2只,超完成省名牌1只", [Role.DUE, Role.BEYOND]),
        ("70%多一点,71.4%", [Role.LIMIT, Role.PLAIN]),
    ],
)
def test_a_figure_of_what_is_left_or_to_come_is_told_from_what_is_done(text: str, roles: list[Role]) -> None:
    assert [one.role for one in told(text)] == roles


# --- values -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rubric", "ident", "text", "value"),
    [
        (TASKS, "8.2", "计量确认任务10家，已完成7家，还有3家年底前完成", 7),
        (TASKS, "6.2", "高标准农田新建2.3万亩任务，目前完成两万亩", 2),
        (TASKS, "5.3", "40只任务完成95%", 38),
        (TASKS, "5.3", "一季度12只，二季度10只，三季度15只，四季度预计5只", 37),
        (TASKS, "11.1", "江苏名牌新增3只，扩牌1只，共4只", 4),
        (TASKS, "13.1", "培训率九成多，93%", 93),
        (TOWNS, "2.5a", "省名牌任务2只，拿了3只", 1),
        (TOWNS, "2.5b", "市名牌3只（其中任务外2只）", 2),
        (TOWNS, "2.4", "名牌任务3只，超额1只", True),
        (TOWNS, "4.2", "采标任务完成过半", False),
        (TOWNS, "10.2", "信息一季度1篇二季度没报三季度2篇", 3),
        (TOWNS, "10.2", "信息上半年3条，下半年到现在4条", 7),
        (TOWNS, "10.2", "今年一共报了三四次信息", 3),
        (TOWNS, "10.2", "信息应该是8条，前面写的6条作废", 8),
        (TOWNS, "6.2", "合格率92%，整改率100%，都达标了", True),
        (TOWNS, "6.3", "上半年1个不合格，下半年2个", 3),
        (TOWNS, "6.3", "47批次，未检出不合格", 0),
        (TOWNS, "9.3a", "去年2起事故，今年没有", 0),
        (TOWNS, "9.3a", "一季度1起，三季度1起，共2起", 2),
        (TOWNS, "8.2b", "定检率三季度末97%，目前99%", 99),
        (TOWNS, "8.2b", "定检率比去年的96%提高了2.5个百分点，达到98.5%", Decimal("98.5")),
        (TOWNS, "8.2c", "持证率差1个百分点到100", 99),
        (TOWNS, "8.2c", "持证率上回报的97%错了，应该是99%", 99),
        (TOWNS_2010, "3.1", "宣贯率70%多一点，具体71.4%", Decimal("71.4")),
        (DEPARTMENTS, "2.3", "专题会去年开了两次今年忙就开了一次", 1),
        (DEPARTMENTS, "2.3", "一季度没开，二三四季度各开一次", 3),
        (DEPARTMENTS, "2.3", "专题会议分别于3月、7月、11月召开", 3),
        (DEPARTMENTS, "4.2", "除一项外都完成了", 1),
        (DEPARTMENTS, "4.2", "12项任务11项完成1项正在推进", 1),
        (DEPARTMENTS, "4.3", "联席会议我们少去了一次，其他几次都去了", 1),
        (DEPARTMENTS, "4.3", "参加联席会议4次，无一缺席", 0),
        (DEPARTMENTS, "6.1b", "市里面给了两块牌子一个是先进集体一个是先进单位", 2),
        (CHANGZHOU, "14.3", "新开工的工地今年六十二个监督手续全部办了一个不落", 100),
        (CHANGZHOU, "22.2", "满意度打的分是八十二点四分", Decimal("82.4")),
        (CHANGZHOU, "19.1", "发明专利36件，超市定目标3件", None),
        (ZIYANG, "8.1", "公众满意度调查，80.6分", Decimal("80.6")),
        (HUNAN, "3.1", "专项经费1200万元，一般公共预算收入150亿元", Decimal("0.8")),
        (HUNAN, "25.2", "万名就业人员证书不足1张，0.7张", Decimal("0.7")),
    ],
)
def test_of_several_figures_the_one_that_counts_is_taken(rubric: str, ident: str, text: str, value: object) -> None:
    spelt = spell(text)

    assert state(loader.load(rubric).criteria[ident], spelt.text, spelt.source, DAY) == value


def test_of_two_neighbouring_numbers_the_smaller_one_is_sure() -> None:
    assert at_least("三四次") == "三次"
    assert at_least("十五六家,二三十家") == "十五家,二十家"
    assert is_hedged("报了三四次")
    assert at_least("二十三次,第三四季度") == "二十三次,第三四季度"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("98%错了,应该是99%", "99%"),
        ("没错,是99%", "没错,是99%"),
        ("信息6条,哦不,7条", "信息,7条"),
        ("7条,上月那条不算,就6条", ",上月那条6条"),
    ],
)
def test_a_figure_taken_back_is_not_believed(text: str, left: str) -> None:
    assert corrected(text) == left


def test_a_mark_of_more_than_a_day_has_hours_is_no_time() -> None:
    number = parse_number("八十二点四分", "分")

    assert isinstance(number, Number)
    assert number.value == Decimal("82.4")
    assert parse_number("九点四十分") is None
