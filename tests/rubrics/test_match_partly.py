"""What is said only in part, of something else too, or of who did it is asked about and not written down."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache

import pytest

from rubrics import loader
from rubrics.attempts import attempt_in
from rubrics.matching import Match, Matcher

TOWNS, TOWNS_2010, TASKS = "xinbei-2011-towns", "towns-2010", "xinbei-2011-tasks"
CHANGZHOU, HUNAN, ZIYANG = "changzhou", "hunan", "ziyang-2016"
DAY = date(2026, 11, 21)


@cache
def matcher(rubric: str) -> Matcher:
    return Matcher(loader.load(rubric))


def facts(text: str, rubric: str) -> dict[str, Match]:
    return {fact.criterion: fact for fact in matcher(rubric).match(text, DAY)}


def found(text: str, rubric: str) -> dict[str, object]:
    return {ident: fact.value for ident, fact in facts(text, rubric).items()}


# --- halves -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rubric", "ident", "text"),
    [
        (CHANGZHOU, "5.6", "燃煤锅炉改造还有两台没动，其余都改了"),
        (CHANGZHOU, "5.6", "小锅炉淘汰了大半，还剩三台"),
        (CHANGZHOU, "5.6", "燃煤锅炉除了两台以外都改了"),
        (CHANGZHOU, "3.2", "质量强区活动搞了，就是没设机构"),
        (CHANGZHOU, "3.2", "质量强区写在领导讲话里"),
        (CHANGZHOU, "10.1", "投诉处理机制有倒是有，没人管"),
        (CHANGZHOU, "10.1", "投诉处理机制开是开了，没人接"),
        (HUNAN, "7.2", "失信名单制度建了，但没对社会公开"),
        (HUNAN, "19.2", "应急预案有了，演练也搞了，监测点还没设"),
        (TOWNS, "1.4", "质量计划写好了，领导还没签字"),
        (TOWNS, "2.1", "名牌规划弄了个初稿"),
        (TOWNS, "1.5", "质量责任书还有两个村没签"),
        (TOWNS_2010, "5.4", "两免费集贸市场和医院都做了，就差计生站"),
        ("xinbei-2011-departments", "3.1", "质量宣传搞了，培训没搞"),
        (ZIYANG, "1.2", "食品抽检合格率没低于98"),
    ],
)
def test_a_half_is_asked_about(rubric: str, ident: str, text: str) -> None:
    assert facts(text, rubric)[ident].decision == "ask"


@pytest.mark.parametrize(
    ("rubric", "ident", "text"),
    [
        (HUNAN, "7.2", "失信黑名单制度建立了，名单也公布了"),
        (CHANGZHOU, "10.1", "投诉处理机制建起来了"),
        (CHANGZHOU, "1.2", "政府工作报告里写了质量"),
        (HUNAN, "10.1", "国家级检测中心一个也没有"),
        (TASKS, "9.1", "免费检定照旧，一分钱没收"),
    ],
)
def test_a_whole_yes_or_no_is_still_sure(rubric: str, ident: str, text: str) -> None:
    assert facts(text, rubric)[ident].decision == "sure"


def test_what_is_mostly_done_is_under_way() -> None:
    assert found("燃煤锅炉改造还有两台没动，其余都改了", CHANGZHOU)["5.6"] is True


# --- of something else ------------------------------------------------------------------------------------


def test_a_clause_that_is_only_mentioned_is_no_sure_fact_of_its_own() -> None:
    found_facts = facts("十四五规划纲要里单列了质量强区一节的，在第六章", CHANGZHOU)

    assert found_facts["1.1"].decision == "sure"
    assert [ident for ident, fact in found_facts.items() if fact.decision == "sure"] == ["1.1"]


def test_a_fact_without_a_value_stands_behind_the_one_that_says_something() -> None:
    message = matcher(TOWNS_2010).match("打假联络员老王报了5条线索，核实3条", DAY)

    assert (message[0].criterion, message[0].value) == ("7.3", 3)
    assert [fact.criterion for fact in message if fact.decision == "sure" and fact.criterion != "7.3"] == []


@pytest.mark.parametrize(
    ("rubric", "text"),
    [
        (TOWNS_2010, "特设安全员报了两条信息"),
        (TOWNS_2010, "计量示范单位的老总来参加了质量会"),
        (ZIYANG, "质量强县领导小组办公室报了2条信息"),
        (HUNAN, "质量月那天质量监督员也来了"),
    ],
)
def test_who_did_something_is_no_sure_fact(rubric: str, text: str) -> None:
    assert {fact.decision for fact in matcher(rubric).match(text, DAY)} == {"ask"}


def test_a_count_keeps_its_noun() -> None:
    assert found("质量月李副市长跑了四场活动", HUNAN) == {"9.2": 4}


# --- ratios -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("就业人员65万，质量资格证130张，折下来每万人2张", "2"),
        ("质量职业资格证130张，就业人员65万，每万人2张", "2"),
        ("每万名就业人员质量职业资格证2.4张，就业人员50万", "2.4"),
        ("质量职业资格证书1.85张/万人", "1.85"),
        ("就业65万人、资格证130张，也就是每一万就业人员2张", "2"),
        ("质量资格证一万个就业人员里有三张", "3"),
        ("就业人员65万，质量资格证130张", "2"),
        ("质量工程师证一个都没有", "0"),
    ],
)
def test_a_ratio_in_its_own_unit_wins_over_what_it_was_worked_out_from(text: str, value: str) -> None:
    assert found(text, HUNAN) == {"25.2": Decimal(value)}


def test_the_count_behind_a_ratio_is_not_sure() -> None:
    assert facts("质量资格证书120张", HUNAN)["25.2"].decision == "ask"


@pytest.mark.parametrize(
    ("text", "ident", "value"),
    [
        ("特种设备5000台，出了1起事故，万台事故率2起", "16.3a", "2"),
        ("万台死亡率0.3人，全区设备1.2万台", "16.3b", "0.3"),
        ("全区特种设备1.2万台，死亡3人", "16.3b", "2.5"),
    ],
)
def test_a_rate_of_ten_thousand_machines_is_no_count_of_accidents(text: str, ident: str, value: str) -> None:
    assert found(text, TASKS)[ident] == Decimal(value)


# --- single wordings --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rubric", "ident", "text", "value"),
    [
        (TOWNS, "6.4", "有家厂不让抽样，去了三回门都没进", 1),
        (TOWNS, "6.4", "去抽样老板死活不肯，没办法", 1),
        (TOWNS, "6.4", "拒检拒抽的企业一家没有", 0),
        (TOWNS, "6.4", "没有一家不让抽", 0),
        (TASKS, "4.1", "魏村水厂水质月月达标", 100),
        (TASKS, "4.1", "魏村水源地水质从没超标过", 100),
        (TASKS, "4.1", "魏村水源地水质不是次次达标", None),
        (HUNAN, "28.1", "农产品追溯、抽检那些制度都齐了", None),
        (HUNAN, "2.3", "县长当组长", True),
        (HUNAN, "2.3", "常务副市长当组长", False),
        (HUNAN, "14.2", "我们没口岸", None),
        (HUNAN, "14.2", "我县不沿海，口岸没有", None),
        (HUNAN, "pre.2", "有个厂偷排被环保督察点名", True),
        (TOWNS_2010, "7.4", "假货被央视曝光了", True),
        (TOWNS_2010, "7.4", "今年没上过央视", False),
        (TOWNS_2010, "7.4", "质量月活动上了电视", None),
        (TASKS, "2.4", "扬子杯申报了2项结果没公布", None),
        (TASKS, "2.4", "扬子杯没评上", False),
        (CHANGZHOU, "10.1", "投诉机制没有", False),
        (CHANGZHOU, "5.4", "没证的工业品一律没放进来", True),
        (CHANGZHOU, "bonus.1b", "质量体检的做法全省推广了", 1),
        (TASKS, "11.1", "江苏名牌没完成，差1只", None),
        (TASKS, "11.1", "江苏名牌推荐了6只，入围4只", None),
        (TASKS, "11.1", "江苏名牌今年停评", 0),
        (TOWNS, "3.3b", "市质量奖提名了", None),
        (TOWNS, "7.3", "上报打假线索3条，有1条查无此事", 2),
        (TOWNS, "10.2", "质量信息二季度没报", None),
        (TOWNS, "8.2b", "起重机械检验率没到100%，差两台", None),
        (CHANGZHOU, "18.1", "没有哪家企业没设首席质量官", True),
        (CHANGZHOU, "18.1", "没有一家企业设首席质量官", False),
    ],
)
def test_a_wording_says_what_a_reader_takes_from_it(rubric: str, ident: str, text: str, value: object) -> None:
    assert found(text, rubric)[ident] == value


def test_good_press_is_no_exposure() -> None:
    assert facts("质量月活动上了电视", TOWNS_2010)["7.4"].decision == "ask"


def test_a_year_before_a_word_makes_no_leave_of_it() -> None:
    assert "7.4" in facts("今年假货没上过电视", TOWNS_2010)  # no 年假


def test_a_question_with_yes_or_no_is_a_question() -> None:
    assert facts("质量月有没有搞活动", HUNAN) == {}


def test_what_was_handed_in_is_no_award() -> None:
    message = matcher(TOWNS).match("帮两家厂报了省名牌，市名牌报了三家", DAY)

    assert [(fact.criterion, fact.value) for fact in message] == [("2.3", True)]


@pytest.mark.parametrize(
    ("rubric", "ident", "words", "tried"),
    [(TASKS, "11.1", "报了5只", "申报"), (TOWNS, "10.2", "报了3条", ""), (TASKS, "11.1", "报了5只，批了3只", "")],
)
def test_handing_in_is_trying_where_the_question_counts_awards(rubric: str, ident: str, words: str, tried: str) -> None:
    assert attempt_in(loader.load(rubric).criteria[ident], words) == tried
