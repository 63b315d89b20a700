"""What is still to come, what only takes back, what is not meant, and messages of two words."""

from datetime import date

import pytest

from rubrics import loader
from rubrics.coming import is_to_come, without_what_is_to_come
from rubrics.matching import Matcher
from rubrics.matching.correcting import takes_back, without_what_was_not_meant
from rubrics.matching.matcher import Match
from rubrics.matching.spelling import fold
from rubrics.matching.stating import state

TOWNS, DEPARTMENTS, TASKS = "xinbei-2011-towns", "xinbei-2011-departments", "xinbei-2011-tasks"
DAY = date(2026, 11, 21)
MATCHERS = {
    name: Matcher(loader.load(name)) for name in (TOWNS, DEPARTMENTS, TASKS, "hunan", "ziyang-2016", "changzhou")
}


def heard(text: str, rubric: str = TOWNS) -> tuple[Match, ...]:
    return MATCHERS[rubric].match(text, DAY)


def first(text: str, rubric: str = TOWNS) -> tuple[str, object, str]:
    match = heard(text, rubric)[0]
    return match.criterion, match.value, match.decision


# --- still to come ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "rubric", "clause"),
    [
        ("名牌奖励政策正在起草", TOWNS, "2.2"),
        ("名牌规划准备印发", TOWNS, "2.1"),
        ("年度计划下周印发", TOWNS, "1.4"),
        ("名牌规划拟于下月印发", TOWNS, "2.1"),
        ("名牌奖励政策计划年内出台", TOWNS, "2.2"),
        ("名牌规划快好了", TOWNS, "2.1"),
        ("名牌规划正在走流程", TOWNS, "2.1"),
        ("名牌规划会签中", TOWNS, "2.1"),
        ("名牌规划在挂网公示期", TOWNS, "2.1"),
        ("责任书下周就签了", TOWNS, "1.5"),
        ("质量讲座月底要办", TOWNS, "10.1"),
        ("信息打算报4条", TOWNS, "10.2"),
        ("打假联络员正在配", TOWNS, "7.2"),
        ("总结马上交", DEPARTMENTS, "2.2"),
        ("领导小组下个月成立", DEPARTMENTS, "1.1"),
        ("联席会下周开", "hunan", "2.2"),
    ],
)
def test_what_is_still_to_come_states_nothing_and_is_asked(text: str, rubric: str, clause: str) -> None:
    assert first(text, rubric) == (clause, None, "ask")


def test_the_day_decides_whether_a_plan_for_a_month_is_still_to_come() -> None:
    text = "质量讲座准备10月办1场"

    assert MATCHERS[TOWNS].match(text, date(2026, 6, 30))[0].value is None
    assert MATCHERS[TOWNS].match(text, DAY)[0].value is True


@pytest.mark.parametrize("text", ["名牌规划定了，过两天发", "名牌规划写好了，下周印发"])
def test_what_is_ready_and_not_yet_issued_is_asked(text: str) -> None:
    assert first(text)[2] == "ask"


@pytest.mark.parametrize(
    ("text", "clause", "value"),
    [
        ("质量例会开了两次，下周再开一次", "1.2", True),
        ("名牌规划拟定好了，已经印发", "2.1", True),
        ("质量振兴年度计划还没弄出来，下礼拜给", "1.4", False),
        ("质量例会还没开", "1.2", False),
    ],
)
def test_what_was_done_or_denied_beside_it_stays_sure(text: str, clause: str, value: bool) -> None:
    assert first(text) == (clause, value, "sure")


@pytest.mark.parametrize(
    "clause",
    [
        "制定了年度计划", "计划印发了", "年度计划签发了", "按计划开了两次例会", "计划下发各科室", "例会每月都在开", "例会一直在开",
        "坚持开展讲座", "准备工作做好了", "会议材料准备好了", "拟定了规划", "名牌规划公示期满印发了", "去年底印发", "在会上讨论通过了",
        "下周的例会提前开了", "打假联络员都在", "标准备案完成了", "质量月回头看也搞了", "年底前开过两次", "检验设备正在使用",
    ],
)  # fmt: skip
def test_what_was_done_although_its_words_look_ahead_is_not_to_come(clause: str) -> None:
    assert not is_to_come(clause)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("还没印发,正在走流程", "还没印发,"),
        ("名牌规划,准备下周印发", ""),
        ("例会开了两次", "例会开了两次"),
        ("信息已报5篇,本月还准备再报1篇", "信息已报5篇,"),
    ],
)
def test_only_what_is_so_is_left_of_words_about_what_is_to_come(text: str, left: str) -> None:
    assert without_what_is_to_come(text, months=False) == left


def test_an_accident_that_is_still_looked_into_came_about() -> None:
    criterion = loader.load(TOWNS).criteria["9.3a"]

    assert state(criterion, fold("发生了一起特种设备事故正在调查"), "message") == 1


# --- taken back -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "说错了", "刚才那条记错地方了", "弄错了,不是我们镇的", "这条填错位置了", "不对", "发错了", "不好意思,记错了", "上一条作废",
        "照片传错了", "刚才报重了",
    ],
)  # fmt: skip
def test_words_that_only_take_back_state_nothing(text: str) -> None:
    criterion = loader.load(TOWNS).criteria["2.1"]

    assert takes_back(fold(text))
    assert state(criterion, fold(text), "message") is None
    assert heard(text) == ()


@pytest.mark.parametrize("text", ["没错", "刚才说错了,是三次", "出错三次", "错过了申报", "账目有误的企业三家"])
def test_words_that_say_more_do_not_only_take_back(text: str) -> None:
    assert not takes_back(text)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("不是名牌规划,是名牌奖励政策", "名牌奖励政策"),
        ("我说的是名牌奖励政策,不是名牌规划", "名牌奖励政策"),
        ("刚才报的不是信息是讲座", "讲座"),
        ("不是没开,是开了一次", "不是没开,是开了一次"),
    ],
)
def test_the_matter_that_was_not_meant_is_dropped(text: str, left: str) -> None:
    assert without_what_was_not_meant(text) == left


def test_only_the_clause_that_was_meant_is_heard() -> None:
    found = heard("不是名牌规划，是名牌奖励政策")

    assert [(fact.criterion, fact.value) for fact in found] == [("2.2", None)]


# --- two words --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "clause", "value"),
    [
        ("讲座没办", "10.1", False),
        ("讲座还没办", "10.1", False),
        ("还没办讲座", "10.1", False),
        ("例会没开", "1.2", False),
        ("例会开了两次", "1.2", True),
        ("联络员没配", "7.2", False),
        ("讲座定在下周", "10.1", None),
    ],
)
def test_a_common_noun_and_what_became_of_it_is_asked(text: str, clause: str, value: bool | None) -> None:
    assert first(text) == (clause, value, "ask")


def test_a_noun_of_several_clauses_offers_them_and_states_nothing() -> None:
    found = heard("计划没有")[0]

    assert (found.candidates, found.value) == (("1.4", "2.1"), None)


@pytest.mark.parametrize(
    "text", ["工资没发", "材料没报", "食堂没开", "快递没收到", "防汛例会没开", "饭没吃", "经费没有"]
)
def test_two_words_of_any_office_are_left_alone(text: str) -> None:
    assert heard(text) == ()


# --- beside it --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [("今年多了个市质量奖，省的没有", 1), ("市质量奖拿了一个，省里没有", 1), ("市质量奖没有，省里也没有", 0)],
)
def test_what_is_denied_of_another_level_does_not_deny_this_one(text: str, value: int) -> None:
    criterion = loader.load(TOWNS).criteria["3.3b"]

    assert state(criterion, fold(text), "message") == value


@pytest.mark.parametrize("text", ["绿色社区一个都没创成", "绿色社区创成两个", "绿色学校创了三所"])
def test_a_thing_of_two_levels_without_a_level_is_asked(text: str) -> None:
    assert first(text, TASKS)[2] == "ask"


def test_a_thing_of_two_levels_with_its_level_is_sure() -> None:
    assert first("市级绿色社区创成两个", TASKS) == ("4.11", 2, "sure")


@pytest.mark.parametrize(
    "text", ["联席会议缺了一次，那天撞上防汛", "联席会议缺了一次，正好赶上防汛", "联席会缺席一次，都去创卫了"]
)
def test_another_offices_business_as_the_reason_leaves_the_fact(text: str) -> None:
    assert first(text, DEPARTMENTS)[:2] == ("4.3", 1)


@pytest.mark.parametrize(
    "text", ["规上企业的产品抽检都合格", "政府质量奖获奖企业的产品抽检全合格", "重点企业产品抽检合格率99%"]
)
def test_a_rate_of_some_firms_is_not_surely_that_of_all(text: str) -> None:
    assert first(text, "ziyang-2016")[2] == "ask"


@pytest.mark.parametrize("text", ["联席会议制度建了，文号我再查查", "联席会议制度2019年就建起来了文件号我找找"])
def test_a_paper_still_looked_for_leaves_nothing_else_open(text: str) -> None:
    assert first(text, "hunan")[:2] == ("2.1", True)


@pytest.mark.parametrize(("text", "value"), [("质量专项经费没单列", None), ("质量专项经费没有", 0)])
def test_money_that_is_not_listed_apart_may_be_there(text: str, value: int | None) -> None:
    assert first(text, "hunan")[:2] == ("3.1", value)


def test_a_satisfaction_that_is_not_measured_yet_is_not_nought() -> None:
    assert first("生产性服务业的测评报告还没下来", "changzhou")[:2] == ("22.1", None)


@pytest.mark.parametrize("text", ["除了任务外多拿了一个省名牌两个市名牌", "任务外拿了一个省名牌和两个市名牌"])
def test_each_of_two_counts_told_side_by_side_stays_with_its_noun(text: str) -> None:
    assert {fact.criterion: fact.value for fact in heard(text)} == {"2.5a": 1, "2.5b": 2}
