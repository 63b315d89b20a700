"""Entries (台账) in the conversation: one message each, said back where odd, with their files, counted once."""

from __future__ import annotations

from decimal import Decimal

import pytest
from papers import RUBRIC, ask, facts, file_id, ledger, notes, proven, unsorted, uses
from talk import Office, Person

from channels import keys
from storage import entries

MEETING = "3月14日 质量专题会 常新质〔2026〕3号"


def enter(person: Person, criterion: str, words: str) -> str:
    """Press 登记一次 under a clause's question, and say what it was."""
    ask(person, criterion)
    person.press(next(label for label in person.labels if label.startswith("登记一")))
    return person.send(words)


@pytest.mark.parametrize(
    "words",
    [
        MEETING,
        "质量专题会，常新质〔2026〕3号，2026-03-14",
        "常新质〔2026〕3号 三月十四 质量专题会",
        "名称：质量专题会\n日期：2026.3.14\n文号：常新质〔2026〕3号",
    ],
)
def test_an_entry_is_one_message_in_any_order(office: Office, chen: Person, words: str) -> None:
    said = enter(chen, "1.2", words)

    assert "登记了【质量专题会】" in said
    assert "回执 2026-000001" in said
    assert ledger(office, "1.2") == [("质量专题会", "2026-03-14", "常新质〔2026〕3号")]


def test_the_button_has_the_rubrics_own_word(chen: Person) -> None:
    ask(chen, "1.2")
    assert "登记一次" in chen.labels
    ask(chen, "10.2")
    assert "登记一条" in chen.labels
    ask(chen, "1.4")
    assert not [label for label in chen.labels if label.startswith("登记")]


def test_two_entries_make_the_answer_and_each_shows_what_it_lacks(office: Office, chen: Person) -> None:
    assert "要满 2 次才得分，还差 1 次" in enter(chen, "1.2", MEETING)

    chen.press("再登记一次")
    said = chen.send("9月8日 第二次质量专题会")

    assert "已登记 2 次，材料齐的 0 次" in said
    assert "材料不全（还差 会议通知、会议纪要）" in said
    assert "自报 2 分" in said
    assert facts(office).own == {"1.2": True}
    assert proven(office) == 0


def test_files_sent_after_an_entry_belong_to_it_and_prove_it(office: Office, chen: Person) -> None:
    for day, name in (("3月14日", "一季度质量会"), ("9月8日", "三季度质量会")):
        enter(chen, "1.2", f"{day} {name}")
        said = chen.send_file(f"{name}通知.pdf", f"{name}纪要.pdf")
        assert "材料齐了" in said

    assert "已登记 2 次，材料齐的 2 次" in said
    assert "有材料 2 分（+2）" in said
    assert proven(office) == 2
    assert [(part, entry) for _, part, entry in uses(office, "1.2")] == [(0, 1), (1, 1), (0, 2), (1, 2)]


def test_a_file_that_does_not_tell_its_entry_is_asked_about(office: Office, chen: Person) -> None:
    enter(chen, "1.2", "3月14日 春季质量会")
    enter(chen, "1.2", "9月8日 秋季质量会")
    ask(chen, "1.2")
    chen.press("交材料")

    assert "是哪一次" in chen.send_file("会议通知.pdf")
    assert "还差 会议纪要" in chen.press("3-14 春季质量会")
    assert uses(office, "1.2") == [("会议通知.pdf", 0, 1)]


def test_a_file_at_the_wrong_entry_is_moved_to_another(office: Office, chen: Person) -> None:
    enter(chen, "1.2", "3月14日 春季质量会")
    enter(chen, "1.2", "9月8日 秋季质量会")
    chen.send_file("会议纪要.pdf")
    chen.press("这条的材料")
    chen.press("1. 会议纪要")
    chen.press("改是哪次")

    assert "2026年3月14日 春季质量会" in chen.press("3-14 春季质量会")
    assert uses(office, "1.2") == [("会议纪要.pdf", 1, 1)]
    assert "没有这条记录" in chen.press_key(f"of-entry:1,{RUBRIC},1.2,99,1:0")
    assert uses(office, "1.2") == [("会议纪要.pdf", 1, 1)]


def test_the_caption_tells_the_entry(office: Office, chen: Person) -> None:
    enter(chen, "1.2", "3月14日 一季度质量会")
    enter(chen, "1.2", "9月8日 三季度质量会")
    ask(chen, "1.2")
    chen.press("交材料")

    chen.send_file("会议通知.pdf", text="3月14日开的会")

    assert uses(office, "1.2") == [("会议通知.pdf", 0, 1)]


def test_files_sent_before_the_entry_are_asked_about_once_it_is_there(office: Office, chen: Person) -> None:
    ask(chen, "1.2")
    chen.send_file("会议纪要.pdf")

    said = enter(chen, "1.2", MEETING)

    assert "1 份先前发来的材料还没说是哪一次的" in said
    chen.press("3-14 质量专题会")
    assert uses(office, "1.2") == [("会议纪要.pdf", 1, 1)]


@pytest.mark.parametrize(
    ("words", "said"),
    [("质量专题会", "没有读到"), ("2025年3月14日 质量专题会", "不在 2026 年"), ("2月30日 质量专题会", "日历上没有"),
     ("12月28日 质量专题会", "这一天还没到"), ("3月14日和6月2日 质量专题会", "写了几个日期"), ("3月14日 常新质〔2026〕3号", "没有名称")],
)  # fmt: skip
def test_what_is_odd_is_said_back_before_it_counts(office: Office, chen: Person, words: str, said: str) -> None:
    assert said in enter(chen, "1.2", words)
    assert ledger(office, "1.2") == []

    assert "登记了" in chen.press("确认")
    assert len(ledger(office, "1.2")) == 1


def test_an_odd_entry_can_be_said_again(office: Office, chen: Person) -> None:
    enter(chen, "1.2", "2025年3月14日 质量专题会")
    old = chen.key("确认")
    chen.press("修改")
    chen.send(MEETING)

    assert ledger(office, "1.2") == [("质量专题会", "2026-03-14", "常新质〔2026〕3号")]
    enter(chen, "1.2", "2024年3月14日 别的会")
    assert "没有改动任何东西" in chen.press_key(old)
    assert len(ledger(office, "1.2")) == 1


@pytest.mark.parametrize("words", ["3月14日", "今天"])
def test_an_entry_without_a_name_or_number_is_asked_again(office: Office, chen: Person, words: str) -> None:
    assert "没有读到名称或文号" in enter(chen, "1.2", words)
    assert ledger(office, "1.2") == []
    assert "登记了" in chen.send(MEETING)


@pytest.mark.parametrize("words", ["3月14日 质量专题会", "3月15日 另一个会 常新质[2026]3号", MEETING])
def test_the_same_entry_counts_once_and_it_is_said_which(office: Office, chen: Person, words: str) -> None:
    enter(chen, "1.2", MEETING)

    said = enter(chen, "1.2", words)

    assert "和 3月14日 登记的是同一次，不重复计" in said
    assert len(ledger(office, "1.2")) == 1


def test_two_brands_of_one_announcement_are_both_registered(office: Office, chen: Person) -> None:
    first = enter(chen, "2.5a", "A牌水泵 2026年6月2日 苏质 [2026] 5 号")
    second = enter(chen, "2.5a", "B牌电机 2026年6月2日 苏质〔2026〕5号")

    assert ("登记了" in first, "登记了" in second) == (True, True)
    assert ledger(office, "2.5a") == [
        ("A牌水泵", "2026-06-02", "苏质[2026]5号"),
        ("B牌电机", "2026-06-02", "苏质〔2026〕5号"),
    ]
    assert "不重复计" in enter(chen, "2.5a", "A牌水泵 2026年6月2日 苏质〔2026〕5号")


TASKS, VILLAGES = "xinbei-2011-tasks", "4.6"


def villages(office: Office) -> list[str]:
    async def read() -> list[str]:
        async with office.database.read() as connection:
            return [one.name for one in await entries.of_clause_in(connection, 3, TASKS, VILLAGES)]

    return office.run(read())  # type: ignore[no-any-return]


def test_where_one_number_may_be_of_several_it_is_asked(office: Office) -> None:
    zhou = office.person("zhou", "liaison", "环保局")
    for name in ("小河村", "银河村"):
        zhou.press_key(keys.pack("entry-new", 3, TASKS, VILLAGES))
        said = zhou.send(f"{name} 6月2日 常环〔2026〕5号")

    assert "文号和已登记的“小河村”一样；是另一个就按确认，同一个不用再登记。" in said
    assert villages(office) == ["小河村"]
    assert "银河村" in zhou.press("确认")
    assert villages(office) == ["小河村", "银河村"]


def test_what_was_asked_about_for_another_reason_asks_about_its_number_too(office: Office) -> None:
    zhou = office.person("zhou", "liaison", "环保局")
    zhou.press_key(keys.pack("entry-new", 3, TASKS, VILLAGES))
    zhou.send("小河村 6月2日 常环〔2026〕5号")
    zhou.press_key(keys.pack("entry-new", 3, TASKS, VILLAGES))
    zhou.send("银河村 常环〔2026〕5号")
    first = zhou.key("确认")

    said = zhou.press_key(first)
    again = zhou.press_key(first)

    assert "文号和已登记的“小河村”一样" in said
    assert "登记了" not in again
    assert villages(office) == ["小河村"]


def test_a_bare_number_stays_an_answer(office: Office, chen: Person) -> None:
    said = enter(chen, "1.2", "2次")

    assert "记下了：2次" in said
    assert ledger(office, "1.2") == []
    assert facts(office).own == {"1.2": True}


def test_a_whole_entry_under_the_open_question_needs_no_button(office: Office, chen: Person) -> None:
    ask(chen, "1.2")

    assert "登记了" in chen.send(MEETING)
    assert ledger(office, "1.2") == [("质量专题会", "2026-03-14", "常新质〔2026〕3号")]


@pytest.mark.parametrize(("criterion", "words"), [("10.2", "3条"), ("10.2", "三条吧"), ("5.5", "两家")])
def test_figures_under_the_open_question_are_no_entries(
    office: Office, chen: Person, criterion: str, words: str
) -> None:
    ask(chen, criterion)

    chen.send(words)

    assert ledger(office, criterion) == []
    assert criterion in facts(office).own


def test_awards_fill_the_target_first_and_it_is_said(office: Office, chen: Person) -> None:
    for number in range(1, 5):  # the town's target is 3
        said = enter(chen, "2.5a", f"3月{number}日 第{number}家企业省名牌 SMP-2026-00{number}")

    assert "区里下达 3 只：先登记的抵任务，超出的才加分" in said
    known = facts(office).own
    assert (known["2.4"], known["2.5a"]) == (True, Decimal(1))
    # 2.4 done 5, one beyond 2
    assert "自报 7 分" in said


def test_the_ledger_lists_entries_with_their_files(chen: Person) -> None:
    enter(chen, "1.2", MEETING)
    chen.send_file("会议纪要.pdf")

    said = chen.press("这条的材料")
    said = chen.press("台账")

    assert "1. 2026年3月14日 质量专题会 常新质〔2026〕3号 · 1 份材料，还差 会议通知" in said
    assert "已登记 1 次，材料齐的 0 次" in said


def test_an_entry_taken_back_takes_its_count_along_and_lets_its_files_go(office: Office, chen: Person) -> None:
    enter(chen, "10.2", "3月14日 质量月信息")
    chen.send_file("信息.pdf")
    assert facts(office).own == {"10.2": Decimal(1)}
    chen.press("这条的材料")
    chen.press("台账")
    chen.press("3-14 质量月信息")

    said = chen.press("撤回这条")

    assert "它的 1 份材料放回了待归类材料" in said
    assert (ledger(office, "10.2"), facts(office).own, unsorted(office)) == ([], {}, ["信息.pdf"])
    assert "没有这条记录" in chen.press("撤回这条")


def test_a_reported_count_beside_fewer_entries_is_shown_as_such(office: Office, chen: Person) -> None:
    ask(chen, "10.2")
    chen.send("4条")

    said = enter(chen, "10.2", "3月14日 质量月信息")

    assert "自报 4 条，已登记 1 条，材料齐的 0 条" in said
    assert facts(office).own == {"10.2": Decimal(4)}


def test_an_entry_is_proven_by_name_too(office: Office, chen: Person) -> None:
    enter(chen, "1.2", MEETING)
    chen.press("台账")
    chen.press("3-14 质量专题会")
    chen.press("线下核验")
    chen.press("全部都在")

    assert "材料齐了" in chen.send("专题会纪要，镇档案室")

    assert notes(office, "1.2") == [("offline", "专题会纪要", "", "镇档案室")]


def test_a_forgotten_entry_of_another_unit_cannot_be_reached(office: Office, chen: Person) -> None:
    li = office.person("li", "liaison", "西夏墅镇")
    li.press_key(f"entry-new:2,{RUBRIC},1.2:0")
    li.send("3月14日 西夏墅质量会")
    chen.send_file("a.pdf")

    for key in (f"entry:1,{RUBRIC},1.2,1:0", f"entry:2,{RUBRIC},1.2,1:0", f"entry-take:1,{RUBRIC},1.2,1:0", f"entries:2,{RUBRIC},1.2:0",
                f"entry-take:2,{RUBRIC},1.2,1:0", f"entry-new:2,{RUBRIC},1.2:0", f"entry-new:1,{RUBRIC},1.4:0", f"entry-yes:1,{RUBRIC},1.2:7",
                f"offline:1,{RUBRIC},1.2,1,-1:0"):  # fmt: skip
        assert "西夏墅质量会" not in chen.press_key(key)
    assert "没有这条记录" in chen.send("会，档案室")  # answers the last key, with the other unit's entry

    assert li.press_key(f"entries:2,{RUBRIC},1.2:0").count("西夏墅质量会") == 1
    assert file_id(office, "a.pdf") == 1


def test_an_entry_asked_for_goes_on_after_a_restart(office: Office, chen: Person) -> None:
    ask(chen, "1.2")
    chen.press("登记一次")
    office.restart()

    assert "登记了" in chen.send(MEETING)


def test_a_command_puts_the_asked_entry_down(office: Office, chen: Person) -> None:
    ask(chen, "1.2")
    chen.press("登记一次")
    chen.send("清单")

    chen.send("质量专题会")

    assert ledger(office, "1.2") == []


def test_the_buttons_words_typed_with_a_day_are_no_name_and_no_count(office: Office, chen: Person) -> None:
    ask(chen, "1.2")

    assert "没有读到名称或文号" in chen.send("登记一次 2026年3月14日")
    assert "登记了【质量专题会】" in chen.send("登记一次 3月14日 质量专题会")
    assert ledger(office, "1.2") == [("质量专题会", "2026-03-14", "")]


@pytest.mark.parametrize("words", ["登记一项", "登记一", "再登记一个", "登记一次。"])
def test_the_buttons_words_with_another_measure_word_begin_an_entry_and_count_nothing(
    office: Office, chen: Person, words: str
) -> None:
    ask(chen, "4.4a")

    said = chen.send(words)

    assert facts(office).own == {}
    assert "请用一条消息写这一家" in said
    chen.send("登记一项 5月8日 省质量奖 苏政发〔2026〕15号")
    assert ledger(office, "4.4a") == [("省质量奖", "2026-05-08", "苏政发〔2026〕15号")]


def test_the_buttons_words_where_nothing_is_registered_are_no_figure(office: Office, chen: Person) -> None:
    ask(chen, "3.1")

    assert "这一问没有“登记一家”这个按钮" in chen.send("登记一家")
    assert facts(office).own == {}
