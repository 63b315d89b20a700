"""Words right after a receipt that change the answer it confirms; what is said again in other words changes nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from talk import Office, Person
from told import TOWNS, facts

from channels import keys


def answer(person: Person, criterion: str, words: str) -> str:
    person.press_key(keys.pack("ask", 1, TOWNS, criterion))
    return person.send(words)


@pytest.mark.parametrize("words", ["换成四成", "改成40%", "应该是 40%", "不对，改为四成"])
def test_a_figure_put_in_place_of_another_is_written_down_at_once(office: Office, chen: Person, words: str) -> None:
    answer(chen, "9.2", "60%")

    assert "40%" in chen.send(words)
    assert facts(office) == {"9.2": Decimal(40)}


def test_it_changes_the_last_answer_also_while_the_next_question_is_open(office: Office, chen: Person) -> None:
    answer(chen, "4.4b", "1")
    chen.press_key(keys.pack("ask", 1, TOWNS, "5.5"))

    assert "行标地标起草：2 家" in chen.send("改成2家")
    assert facts(office) == {"4.4b": Decimal(2)}
    assert "诚信计量示范" in answer(chen, "5.5", "3")


def test_it_answers_the_open_question_where_that_is_being_changed(office: Office, chen: Person) -> None:
    answer(chen, "4.4b", "1")
    answer(chen, "5.5", "2")
    answer(chen, "4.4b", "改成3家")

    assert facts(office) == {"4.4b": Decimal(3), "5.5": Decimal(2)}


def test_a_bare_figure_after_a_receipt_is_asked_about(office: Office, chen: Person) -> None:
    answer(chen, "9.2", "60%")

    assert "刚才记的是“60%”，这句听到的是 57%" in chen.send("去年55% 今年57%")
    assert facts(office) == {"9.2": Decimal(60)}

    chen.press("改成 57%")
    assert facts(office) == {"9.2": Decimal(57)}


def test_a_bare_figure_after_a_receipt_can_be_left_alone(office: Office, chen: Person) -> None:
    answer(chen, "9.2", "60%")
    chen.send("今年57%")
    chen.press("不改")

    assert facts(office) == {"9.2": Decimal(60)}


def test_a_bare_figure_after_something_else_changes_nothing(office: Office, chen: Person) -> None:
    answer(chen, "9.2", "60%")
    chen.send("清单")

    assert "没看懂" in chen.send("今年57%")
    assert facts(office) == {"9.2": Decimal(60)}


def test_words_that_cannot_answer_the_last_question_are_no_correction(office: Office, chen: Person) -> None:
    answer(chen, "4.4b", "1")

    assert "记下了" not in chen.send("改成红色的")
    assert facts(office) == {"4.4b": Decimal(1)}


def test_what_is_heard_as_the_same_is_shown_as_heard(office: Office, chen: Person) -> None:
    chen.send("名牌规划发文了")

    assert "这句话听到的是“有”，和已经记的（名牌规划发文了）一样" in chen.send("名牌规划印发了")


def test_fewer_meetings_than_before_are_not_the_same(office: Office, chen: Person) -> None:
    chen.send("质量专题会议开了两次")

    assert "没到 2 次" in chen.send("质量专题会议去年开了三次今年开了一次")
    chen.press("确认")
    assert facts(office) == {"1.2": False}


def test_who_sat_in_a_meeting_about_something_is_asked_first(office: Office, chen: Person) -> None:
    assert "您说的是不是" in chen.send("参加了区里的名牌规划座谈会")
    assert facts(office) == {}


def test_words_that_something_is_wrong_are_about_what_is_proposed(office: Office, chen: Person) -> None:
    answer(chen, "1.2", "两次")
    chen.send("信息报了4条了")

    assert "【信息上报】3 条" in chen.send("刚才说错了，是三条不是四条")
    assert "【信息上报】5 条" in chen.send("不对，是五条")
    assert facts(office) == {"1.2": True}

    chen.press("确认")
    assert facts(office) == {"1.2": True, "10.2": Decimal(5)}


def test_a_figure_of_another_kind_does_not_change_the_last_answer(office: Office, chen: Person) -> None:
    answer(chen, "10.2", "4")
    chen.send("讲座大概办了两场吧")

    assert "【讲座培训】" in chen.send("不对，是三场")
    assert facts(office) == {"10.2": Decimal(4)}


def test_a_figure_that_the_last_clause_does_not_count_is_refused(office: Office, chen: Person) -> None:
    answer(chen, "1.2", "两次")

    assert "“是五条”和【质量专题会】数的不是一回事" in chen.send("不对，是五条")
    assert chen.labels == ["修改", "撤回", "换一条"]
    assert facts(office) == {"1.2": True}


def test_a_correction_with_an_open_question_is_about_what_is_proposed(office: Office, chen: Person) -> None:
    chen.press_key(keys.pack("ask", 1, TOWNS, "1.1"))
    chen.send("信息报了4条了")

    assert "【信息上报】5 条" in chen.send("不对，是五条")
    chen.send("对")
    assert facts(office) == {"10.2": Decimal(5)}


def test_one_of_several_facts_is_corrected_by_its_name(office: Office, chen: Person) -> None:
    chen.send("质量例会开了两次，讲座办了一场，信息报了四条")

    assert "3. 【信息上报】5 条" in chen.send("不对，信息是五条")
    chen.press("全部记下")
    assert facts(office) == {"1.2": True, "10.1": True, "10.2": Decimal(5)}


@pytest.mark.parametrize("words", ["不对", "不是", "说错了", "不用记"])
def test_a_no_to_what_is_proposed_leaves_it(office: Office, chen: Person, words: str) -> None:
    chen.send("信息报了4条了")

    assert "没有记下" in chen.send(words)
    assert facts(office) == {}


@pytest.mark.parametrize("words", ["说错了", "刚才那条记错地方了", "弄错了，不是我们镇的", "不对"])
@pytest.mark.parametrize(("said", "value"), [("没有名牌规划", False), ("名牌规划印发了", True)])
def test_a_mistake_without_its_value_shows_the_ways_back(
    office: Office, chen: Person, said: str, value: bool, words: str
) -> None:
    chen.send(said)

    assert f"【名牌规划】现在记的是“{said}”" in chen.send(words)
    assert chen.labels == ["修改", "撤回", "换一条"]
    assert facts(office) == {"2.1": value}


def test_an_answer_in_the_wrong_place_is_moved_with_its_words(office: Office, chen: Person) -> None:
    chen.send("没有名牌规划")
    chen.send("记错地方了")

    assert "那是哪一条" in chen.press("换一条")
    assert facts(office) == {}

    chen.send("奖励")
    chen.press("名牌奖励")
    assert facts(office) == {"2.2": False}


def test_an_answer_changed_since_is_not_moved(office: Office, chen: Person) -> None:
    chen.send("没有名牌规划")
    chen.send("说错了")
    old = chen.key("换一条")
    answer(chen, "2.1", "有")

    assert "那是哪一条" not in chen.press_key(old)
    assert facts(office) == {"2.1": True}


def test_not_this_but_that_is_only_about_that(office: Office, chen: Person) -> None:
    chen.send("没有名牌规划")

    said = chen.send("不是名牌规划，是名牌奖励政策出台了")
    assert "没有读进去" not in said
    assert facts(office) == {"2.1": False, "2.2": True}


@pytest.mark.parametrize("words", ["我刚说的信息不是4条是3条", "我刚报的信息数不对，实际3条"])
def test_a_figure_that_was_just_told_is_corrected_at_once(office: Office, chen: Person, words: str) -> None:
    answer(chen, "10.2", "4")
    answer(chen, "1.2", "两次")
    chen.send(words)

    assert facts(office) == {"1.2": True, "10.2": Decimal(3)}


def test_a_correction_that_answers_the_open_question_is_read_without_its_no(office: Office, chen: Person) -> None:
    assert "数的不是一回事" in answer(chen, "1.2", "不对，是五条")
    assert facts(office) == {}

    chen.send("不对，是三次")
    assert facts(office) == {"1.2": True}


@pytest.mark.parametrize("words", ["不对", "不对。", "错了"])
def test_a_bare_no_answers_no_question(office: Office, chen: Person, words: str) -> None:
    assert "听不出答案，请回答 有 或 没有" in answer(chen, "2.1", words)
    assert facts(office) == {}

    chen.send("没有")
    assert facts(office) == {"2.1": False}


@pytest.mark.parametrize("words", ["不对", "不对。", "错了", "不对啊", "说错了"])
def test_a_bare_no_to_an_answer_that_is_being_changed_shows_the_ways_back(
    office: Office, chen: Person, words: str
) -> None:
    answer(chen, "10.2", "4条")
    chen.press("修改")

    assert "现在记的是“4条”" in chen.send(words)
    assert chen.labels == ["修改", "撤回", "换一条"]
    assert facts(office) == {"10.2": Decimal(4)}


def test_a_bare_no_after_the_ways_back_shows_them_again(office: Office, chen: Person) -> None:
    answer(chen, "10.2", "4条")
    chen.press_key(keys.pack("ask", 1, TOWNS, "1.4"))
    chen.send("说错了")

    assert "【信息上报】现在记的是“4条”" in chen.send("不对")
    assert facts(office) == {"10.2": Decimal(4)}


@pytest.mark.parametrize("opened", ["", "1.4"])
@pytest.mark.parametrize(
    ("words", "value"), [("没报", 0), ("没有", 0), ("一条也没报", 0), ("改成4条", 4), ("5条", 5), ("不对，是5条", 5)]
)
def test_an_answer_after_the_ways_back_is_that_clauses(
    office: Office, chen: Person, words: str, value: int, opened: str
) -> None:
    answer(chen, "10.2", "3条")
    if opened:
        chen.press_key(keys.pack("ask", 1, TOWNS, opened))
    chen.send("说错了")
    chen.send(words)

    assert facts(office) == {"10.2": Decimal(value)}


@pytest.mark.parametrize("words", ["名牌规划有了", "没有名牌规划"])
def test_another_clause_named_after_the_ways_back_is_not_that_clauses_answer(
    office: Office, chen: Person, words: str
) -> None:
    answer(chen, "10.2", "3条")
    chen.send("说错了")
    chen.send(words)

    assert facts(office)["10.2"] == Decimal(3)


def test_a_correction_by_a_bare_figure_is_no_yes_to_the_open_question(office: Office, chen: Person) -> None:
    answer(chen, "10.2", "4条")
    answer(chen, "1.4", "不对，是3")

    assert facts(office) == {"10.2": Decimal(3)}


def test_a_bare_no_to_a_doubt_asks_the_question_again(office: Office, chen: Person) -> None:
    answer(chen, "1.2", "一次")

    assert "今年开了几次" in chen.send("不对")
    assert facts(office) == {}


@pytest.mark.parametrize("opened", ["1.1", "1.2", "1.4", "2.1"])
def test_a_correction_in_what_the_last_clause_counts_is_about_it(office: Office, chen: Person, opened: str) -> None:
    answer(chen, "10.2", "4条")
    chen.press_key(keys.pack("ask", 1, TOWNS, opened))

    assert "【信息上报】“3 条”" in chen.send("不对，是3条")
    assert facts(office) == {"10.2": Decimal(3)}


def test_a_correction_of_a_doubtful_answer_takes_its_place(office: Office, chen: Person) -> None:
    assert "没到 2 次" in answer(chen, "1.2", "一次")

    chen.send("不对，是两次")
    assert facts(office) == {"1.2": True}


@pytest.mark.parametrize("words", ["纠正了3家企业的错误", "别填错了，一共3家", "没有报错，3家"])
def test_words_that_only_sound_like_a_correction_change_nothing(office: Office, chen: Person, words: str) -> None:
    answer(chen, "5.5", "1")
    chen.press("清单")
    chen.send(words)

    assert facts(office) == {"5.5": Decimal(1)}


@pytest.mark.parametrize("words", ["我刚说的信息不是4条是3条", "我刚报的信息数不对，实际3条", "改成三条"])
def test_a_figure_that_is_proposed_is_corrected_in_any_words(chen: Person, words: str) -> None:
    chen.send("信息报了4条了")

    assert "【信息上报】3 条" in chen.send(words)


def test_a_figure_after_all_is_offered_where_it_was_too_early(office: Office, chen: Person) -> None:
    answer(chen, "9.2", "还没统计出来")
    chen.send("年底")

    assert "这句听到的是 60%" in chen.send("大概六成")
    chen.press("改成 60%")
    assert facts(office) == {"9.2": Decimal(60)}
