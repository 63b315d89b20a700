"""Free text of a liaison: written down where there is no doubt, one tap where there is, never what it is not about."""

from __future__ import annotations

from decimal import Decimal

import pytest
from talk import Office, Person
from told import TOWNS, answered, facts

from channels import keys


def ask(person: Person, criterion: str) -> str:
    return person.press_key(keys.pack("ask", 1, TOWNS, criterion))


def test_what_is_sure_is_written_down_at_once_and_echoed_with_its_clause(office: Office, chen: Person) -> None:
    text = chen.send("上月质量例会开了，加上三月那次一共两回")

    assert "按【质量专题会】“2 次以上”记" in text
    assert "回执 2026-000001" in text
    assert answered(office) == {"1.2": (True, "上月质量例会开了，加上三月那次一共两回")}
    assert "撤回" in chen.labels


@pytest.mark.parametrize(
    "words",
    ["今天食堂吃什么", "收到，谢谢", "下午三点开党建会，请准时参加", "森林防火值班表发群里了", "谁有打印机的墨盒", "好的", "哈哈哈", "1", "👍"],
)  # fmt: skip
def test_small_talk_writes_nothing_down_and_gets_help(office: Office, chen: Person, words: str) -> None:
    text = chen.send(words)

    assert "没看懂" in text
    assert "清单" in text
    assert answered(office) == {}


def test_what_was_written_down_can_be_taken_back(office: Office, chen: Person) -> None:
    chen.send("名牌规划发文了")
    assert facts(office) == {"2.1": True}

    chen.press("撤回")

    assert facts(office) == {}


def test_a_clause_without_its_value_is_asked_and_the_words_are_kept_with_the_answer(
    office: Office, chen: Person
) -> None:
    text = chen.send("打假联络员名单")
    assert "听到“打假联络员名单”，还要问一句" in text
    assert answered(office) == {}

    chen.press("是")

    assert answered(office) == {"7.2": (True, "打假联络员名单（是）")}


def test_a_hedged_word_is_asked_back_and_written_down_on_confirmation(office: Office, chen: Person) -> None:
    assert "不太肯定" in chen.send("质量例会大概开过两次吧")
    assert answered(office) == {}

    chen.press("确认")

    assert facts(office) == {"1.2": True}


@pytest.mark.parametrize(("words", "kept"), [("对的", {"1.2": True}), ("谢谢", {})])
def test_a_typed_yes_confirms_what_was_shown_and_nothing_else_does(
    office: Office, chen: Person, words: str, kept: dict[str, bool]
) -> None:
    chen.send("质量例会大概开过两次吧")
    chen.send(words)

    assert facts(office) == kept


def test_a_button_of_an_older_message_says_so(office: Office, chen: Person) -> None:
    chen.send("质量例会大概开过两次吧")
    old = chen.key("确认")
    chen.send("名牌规划大概印发了吧")
    chen.send("名牌服务大概做过了吧")

    assert "已经变了" in chen.press_key(old)
    assert answered(office) == {}


def test_that_nothing_bad_happened_is_good_news(office: Office, chen: Person) -> None:
    chen.send("今年没有发生重大质量事故")
    if not facts(office):
        chen.press("责任制与事故" if "责任制与事故" in chen.labels else "确认")

    assert facts(office) == {"6.5": False}


def test_a_figure_that_earns_nothing_is_echoed_with_its_worth_first(office: Office, chen: Person) -> None:
    text = chen.send("质量例会只开了一次")
    if "没到 2 次" not in text:
        text = chen.press("确认")

    assert "没到 2 次" in text
    assert answered(office) == {}
    chen.press("确认")
    assert facts(office) == {"1.2": False}


def test_several_facts_are_shown_on_one_screen_and_kept_with_one_tap(office: Office, chen: Person) -> None:
    text = chen.send("名牌规划去年就印发了，今年还开了两次质量例会")

    assert "听到 2 件事" in text
    assert chen.labels == ["全部记下", "逐条看", "取消"]
    assert answered(office) == {}
    chen.press("全部记下")
    assert answered(office) == {"2.1": (True, "名牌规划去年就印发了"), "1.2": (True, "今年还开了两次质量例会")}


def test_several_facts_one_by_one_keep_only_those_confirmed(office: Office, chen: Person) -> None:
    chen.send("名牌规划去年就印发了，今年还开了两次质量例会")
    chen.press("逐条看")
    assert "后面还有 1 条" in chen.rows()[-1]["text"]

    chen.press("不记")
    chen.press("确认")

    assert facts(office) == {"1.2": True}


def test_several_facts_are_put_down_with_nothing_kept(office: Office, chen: Person) -> None:
    chen.send("名牌规划去年就印发了，今年还开了两次质量例会")

    assert "没有记下" in chen.press("取消")
    assert answered(office) == {}


def test_what_waits_is_still_there_after_a_restart(office: Office, chen: Person) -> None:
    chen.send("名牌规划去年就印发了，今年还开了两次质量例会")
    office.restart()

    chen.press("全部记下")

    assert facts(office) == {"2.1": True, "1.2": True}


def test_a_further_count_is_asked_whether_it_replaces_or_adds(office: Office, chen: Person) -> None:
    ask(chen, "10.2")
    chen.send("3")
    text = chen.send("质量信息又报了2条")
    if "上次填的是" not in text:
        text = chen.press("信息上报" if "信息上报" in chen.labels else "确认")

    assert "上次填的是“3”，这次说 2 条" in text
    chen.press("一共 5 条")
    assert facts(office) == {"10.2": Decimal(5)}


def test_what_is_told_of_another_unit_is_asked_about(office: Office, chen: Person) -> None:
    assert "您说的是不是" in chen.send("西夏墅镇开了两次质量例会")
    assert answered(office) == {}


# --- corrections ------------------------------------------------------------------------------------------


def test_a_correction_changes_the_last_answer(office: Office, chen: Person) -> None:
    ask(chen, "10.2")
    chen.send("2")

    chen.send("刚才说错了，是三条不是两条")

    assert facts(office) == {"10.2": Decimal(3)}


def test_a_correction_finds_the_last_answer_behind_the_question_that_is_open(office: Office, chen: Person) -> None:
    ask(chen, "10.2")
    chen.send("2")
    ask(chen, "2.1")

    chen.send("刚才说错了，是三条不是两条")

    assert facts(office) == {"10.2": Decimal(3)}


def test_a_correction_without_anything_said_before_changes_nothing(office: Office, chen: Person) -> None:
    assert "没看懂" in chen.send("刚才说错了，是三次不是两次")
    assert answered(office) == {}


# --- the open question ------------------------------------------------------------------------------------


def test_the_open_question_wins_where_the_words_answer_it(office: Office, chen: Person) -> None:
    ask(chen, "1.2")
    chen.send("两次")

    assert facts(office) == {"1.2": True}


def test_words_about_another_clause_leave_the_open_question_open(office: Office, chen: Person) -> None:
    ask(chen, "9.2")
    chen.send("名牌规划印发了，是镇政府发的文")
    chen.send("95%")

    assert facts(office) == {"2.1": True, "9.2": Decimal(95)}


def test_words_that_answer_the_question_but_are_surely_about_another_are_asked_about(
    office: Office, chen: Person
) -> None:
    ask(chen, "9.2")
    text = chen.send("特种设备使用登记率是100%，全部登记了")

    assert "是在回答【分类分级台帐】，还是在说【使用登记率】" in text
    assert answered(office) == {}
    chen.press("使用登记率")
    chen.press("确认")
    assert facts(office) == {"8.2a": Decimal(100)}


def test_such_words_may_be_the_answer_after_all(office: Office, chen: Person) -> None:
    ask(chen, "9.2")
    chen.send("特种设备使用登记率是100%，全部登记了")

    chen.press("分类分级台帐")

    assert facts(office) == {"9.2": Decimal(100)}


def test_words_about_nothing_are_refused_by_the_open_question_as_ever(office: Office, chen: Person) -> None:
    ask(chen, "9.2")

    assert "没有看懂" in chen.send("今天食堂吃什么")
    assert answered(office) == {}


# --- questions, and what is not theirs --------------------------------------------------------------------


def test_a_question_gets_what_the_clause_asks_for_and_nothing_is_written_down(office: Office, chen: Person) -> None:
    text = chen.send("信息要报几条")

    assert "【信息上报】" in text
    assert "交什么才算：上报信息" in text
    assert "细则：" in text
    assert answered(office) == {}


def test_a_question_about_nothing_here_gets_help(chen: Person) -> None:
    assert "没看懂" in chen.send("食堂几点开门？")


def test_a_question_about_the_open_question_is_answered_and_it_stays_open(office: Office, chen: Person) -> None:
    ask(chen, "9.2")

    assert "交什么才算：分类分级台帐" in chen.send("这一条要交什么材料？")
    chen.send("95%")
    assert facts(office) == {"9.2": Decimal(95)}


def test_the_own_score_is_told_when_it_is_asked_for(chen: Person) -> None:
    assert "已核 0 / 有材料 0 / 自报 0" in chen.send("我们现在多少分了")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("拒检拒抽了一次", "【拒检拒抽】由考核办记，不用您填"),
        ("产品抽检不合格1起", "【抽检不合格】由考核办记，不用您填"),
    ],
)
def test_what_only_the_office_books_is_said_to_be_theirs(office: Office, chen: Person, words: str, said: str) -> None:
    text = chen.send(words)

    assert answered(office) == {}
    assert said in text


def test_a_row_that_others_lead_is_said_to_be_theirs(office: Office) -> None:
    department = office.person("he", "liaison", "环保局")

    assert "由质监分局填报，不用您填" in department.send("省名牌培育完成5个")
    assert answered(office, 3, "xinbei-2011-tasks") == {}


def test_a_deduction_is_read_back_as_its_button(office: Office) -> None:
    department = office.person("he", "liaison", "环保局")

    assert "按【年度实施计划】“有”记" in department.send("年度实施计划下发了")
    assert facts(office, 3, "xinbei-2011-departments") == {"2.1": Decimal(0)}


@pytest.mark.parametrize(
    ("ident", "words", "other"),
    [
        ("1.2", "信息报了3条", "信息上报"),
        ("1.2", "讲座办了2次", "讲座培训"),
        ("10.2", "打假线索报了5条", "打假线索"),
        ("9.2", "许可证产品合格率95%", "三率达标"),
    ],
)
def test_a_short_message_that_names_another_clause_is_asked_about(
    office: Office, chen: Person, ident: str, words: str, other: str
) -> None:
    chen.press_key(f"ask:1,xinbei-2011-towns,{ident}:0")

    said = chen.send(words)

    assert f"还是在说【{other}】" in said
    assert "记下了" not in said


@pytest.mark.parametrize(("ident", "words"), [("1.2", "一次也没有开"), ("1.2", "开了两次会"), ("10.2", "一共报了三条")])
def test_a_short_message_that_names_nothing_else_answers_the_open_question(
    office: Office, chen: Person, ident: str, words: str
) -> None:
    chen.press_key(f"ask:1,xinbei-2011-towns,{ident}:0")

    assert "记下了" in chen.send(words)
