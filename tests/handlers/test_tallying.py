"""Several facts in one message: lists of names and figures, clauses that two rubrics have, and parts beside an answer."""

from __future__ import annotations

from decimal import Decimal

import pytest
from talk import Office, Person
from told import TASKS, TOWNS, facts

from channels import keys


def ask(person: Person, criterion: str) -> str:
    return person.press_key(keys.pack("ask", 1, TOWNS, criterion))


@pytest.mark.parametrize("words", ["信息4 讲座2 例会2", "信息4条，讲座2场，例会2次", "信息：4，讲座：2，例会：2"])
def test_names_with_their_figures_are_each_a_fact(office: Office, chen: Person, words: str) -> None:
    assert "听到 3 件事" in chen.send(words)

    chen.press("全部记下")
    assert facts(office) == {"10.2": Decimal(4), "10.1": True, "1.2": True}


def test_a_sentence_with_two_figures_is_no_list(office: Office, chen: Person) -> None:
    chen.send("打假线索报了3条，查实2条")

    assert facts(office) == {"7.3": Decimal(2)}


def test_what_is_counted_by_a_clause_is_not_said_to_be_left_for_its_twin(office: Office, chen: Person) -> None:
    assert "没有读进去" not in chen.send("王主任，质量信息大概报了五条吧，我再数数")


def test_names_with_figures_of_something_else_are_not_understood(office: Office, chen: Person) -> None:
    assert "没看懂" in chen.send("电话12 房间3")
    assert facts(office) == {}


def test_the_clause_that_counts_what_is_told_is_meant_and_not_its_twin(office: Office, chen: Person) -> None:
    assert "【信息上报】4 条" in chen.send("信息报了4条了")

    chen.press("确认")
    assert facts(office) == {"10.2": Decimal(4)}
    assert facts(office, rubric_id=TASKS) == {}


def test_a_dictated_list_keeps_the_figure_of_each_clause(office: Office, chen: Person) -> None:
    said = chen.send("质量例会开了两次 讲座办了一场 信息报了四条 协管员也配了")
    assert "没有读进去" not in said

    chen.press("全部记下")
    assert facts(office) == {"1.2": True, "10.1": True, "10.2": Decimal(4), "1.3": True}
    assert facts(office, rubric_id=TASKS) == {}


def test_the_answer_to_the_open_question_comes_first_and_the_rest_is_heard_apart(office: Office, chen: Person) -> None:
    ask(chen, "2.4")

    said = chen.send("3只都完成了，另外信息报了4条")
    assert "名牌任务：做到了" in said
    assert "【信息上报】4 条" in said
    chen.press("确认")
    assert facts(office) == {"2.4": True, "10.2": Decimal(4)}


def test_the_rest_waits_where_the_answer_itself_is_in_doubt(office: Office, chen: Person) -> None:
    ask(chen, "2.4")

    assert "“另外信息报了4条”还有 1 句没记" in chen.send("完成了2只，另外信息报了4条")
    chen.press("确认")
    assert facts(office) == {"2.4": False}

    chen.press("还有 1 句没记")
    chen.press("确认")
    assert facts(office) == {"2.4": False, "10.2": Decimal(4)}


@pytest.mark.parametrize("words", ["开是开了，三月一次，八月一次", "3月、8月各开了一次"])
def test_times_told_one_by_one_are_counted_together(office: Office, chen: Person, words: str) -> None:
    ask(chen, "1.2")
    chen.send(words)

    assert facts(office) == {"1.2": True}


def test_figures_of_two_conditions_and_all_of_the_third_are_kept(office: Office, chen: Person) -> None:
    ask(chen, "6.2")

    assert "许可证合格率 93%，食品合格率 91%，整改率 100%" in chen.send("许可证93%，食品91%，整改都完成了")


def test_a_condition_that_is_not_wholly_met_is_asked(office: Office, chen: Person) -> None:
    ask(chen, "6.2")

    assert "（3/3）" in chen.send("许可证93%，食品91%，整改没都完成")
    assert facts(office) == {}


def test_conditions_met_in_part_are_told_what_counts(office: Office, chen: Person) -> None:
    ask(chen, "1.5")

    assert "缺一样就答“否”" in chen.send("责任制有，考核办法也有，奖惩还没兑现")
    assert facts(office) == {}


@pytest.mark.parametrize("words", ["西夏墅镇报了4条信息", "西夏墅镇质量例会开了两次，讲座办了一场"])
def test_another_units_name_is_said_with_what_would_be_written_down(office: Office, chen: Person, words: str) -> None:
    assert "这句话写的是“西夏墅镇”，点了会记在孟河镇名下" in chen.send(words)
    assert facts(office) == {}


@pytest.mark.parametrize("words", ["西夏墅镇报了4条信息", "西夏墅镇报了4条"])
def test_another_towns_answer_to_the_open_question_takes_a_tap(office: Office, chen: Person, words: str) -> None:
    ask(chen, "10.2")

    assert "这句话写的是“西夏墅镇”" in chen.send(words)
    assert facts(office) == {}

    chen.press("确认")
    assert facts(office) == {"10.2": Decimal(4)}


def test_an_office_that_was_told_is_not_whose_answer_it_is(office: Office, chen: Person) -> None:
    ask(chen, "10.2")
    chen.send("向质监分局报了4条")

    assert facts(office) == {"10.2": Decimal(4)}


def test_a_whole_that_goes_on_with_its_part_is_no_answer_to_another_question(office: Office, chen: Person) -> None:
    ask(chen, "2.4")
    said = chen.send("辖区特种设备使用单位共198家，其中完成分类分级并建立台帐的126家，占63.64%")

    assert "名牌任务" not in said
    assert "2.4" not in facts(office)
