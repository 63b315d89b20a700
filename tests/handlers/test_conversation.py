"""People talking: joining, being asked, answering in every way, changing, and what others may not see."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from talk import Office, Person

from channels import keys
from channels.port import Event
from rubrics import loader
from rubrics.tasks import asked
from rubrics.values import parse_answer
from storage import answers, audit, scorecards, unit_facts

TOWNS = loader.load("xinbei-2011-towns")


def kept(office: Office, unit_id: int = 1, rubric_id: str = "xinbei-2011-towns") -> dict[str, Any]:
    """Facts of a unit as the engine gets them."""
    return office.run(unit_facts.read(office.database, unit_id, loader.load(rubric_id))).own


def ask(person: Person, criterion: str, unit_id: int = 1, rubric: str = "xinbei-2011-towns") -> str:
    return person.press_key(keys.pack("ask", unit_id, rubric, criterion))


def test_a_link_joins_once_and_says_what_to_do(office: Office) -> None:
    code = office.invite("liaison", "孟河")
    chen, li = Person(office, "chen"), Person(office, "li")

    welcome = chen.start(code)

    assert "孟河镇 · 2026" in welcome
    assert "涉密" in welcome
    assert chen.labels == ["下一项", "清单"]
    assert "已经用过" in li.start(code)
    assert "已经加入过" in chen.send(code.lower())


def test_a_stranger_is_told_how_to_get_in_and_nothing_else(office: Office) -> None:
    stranger = Person(office, "x")

    for text in ("清单", "得分", "单位 孟河镇", "你好", "/help"):
        assert "邀请码" in stranger.send(text)
    assert "邀请码" in stranger.press_key(keys.pack("scores"))
    assert "没有这个邀请码" in stranger.send("ABCD-EFGH-JKMN")


def test_the_list_shows_every_item_with_what_is_open(chen: Person) -> None:
    said = chen.send("清单")

    assert "1. 组织领导  0/10 分  还有 5 条" in said
    assert "19. 宣传  还有 2 条" in said
    assert "18. 长效管理" not in said  # a row that binds departments only


def test_the_next_question_is_the_one_that_gains_most(chen: Person) -> None:
    said = chen.send("下一项")

    assert "【分类分级台帐】" in said
    assert "交什么才算" in said
    assert "达到 60% 得 6 分" in said


@pytest.mark.parametrize(
    ("criterion", "words", "fact"),
    [
        ("9.2", "五成七", 57),
        ("3.1", "９５％", 95),
        ("10.2", "三条", 3),
        ("2.1", "有", True),
        ("2.1", "没有", False),
        ("2.4", "3只", True),
        ("2.4", "没完成", False),
        ("5.5", "两家", 2),
    ],
)
def test_an_answer_in_words_is_kept_with_a_receipt(
    office: Office, chen: Person, criterion: str, words: str, fact: Any
) -> None:
    ask(chen, criterion)

    said = chen.send(words)

    assert "回执 2026-000001" in said
    assert kept(office) == {criterion: fact}


def test_a_pressed_button_equals_its_word(office: Office, chen: Person) -> None:
    ask(chen, "2.3")

    said = chen.press("有" if "有" in chen.labels else "是")

    assert "自报 5 分（+5）" in said
    assert kept(office) == {"2.3": True}


def test_a_figure_that_cannot_be_is_refused_and_the_question_stays_open(office: Office, chen: Person) -> None:
    ask(chen, "3.1")

    assert "100" in chen.send("120%")
    assert kept(office) == {}
    assert "得 5 分" in chen.send("95%")


def test_several_measures_are_asked_one_by_one(office: Office, chen: Person) -> None:
    assert "（1/3）" in ask(chen, "6.2")
    assert "（2/3）" in chen.send("97.2%")
    assert "（3/3）" in chen.send("88%")

    said = chen.send("100%")

    assert "食品合格率 88% 未达标" in said
    assert "确认" in chen.labels
    chen.press("确认")
    assert kept(office)["6.2"] == {"许可证合格率": Decimal("97.2"), "食品合格率": 88, "整改率": 100}


def test_the_honest_states_are_kept_and_change_no_score(office: Office, chen: Person) -> None:
    ask(chen, "3.2")
    chen.press("更多")

    assert "还没到时候" in chen.press("还没到时候")
    ask(chen, "4.1")
    assert "申请" in chen.send("本地没有，镇里没有规模企业")

    assert kept(office) == {}
    states = office.run(answers.current(office.database, 1, "xinbei-2011-towns"))
    assert {ident: answer.state for ident, answer in states.items()} == {"3.2": "not_yet", "4.1": "not_here"}


def test_skipping_goes_on_with_another_question_and_comes_back(chen: Person) -> None:
    first = chen.send("下一项").splitlines()[0]
    chen.press("更多")
    chen.press("跳过")

    assert chen.send("下一项").splitlines()[0] != first


def test_an_answer_can_be_changed_and_every_version_stays(office: Office, chen: Person) -> None:
    ask(chen, "10.2")
    chen.send("2条")
    chen.press("修改")
    chen.send("4条")

    versions = office.run(answers.history(office.database, 1, "xinbei-2011-towns", "10.2"))
    assert [answer.fact for answer in versions] == [2, 4]
    assert kept(office) == {"10.2": 4}


def test_of_two_liaisons_at_once_the_later_one_is_told(office: Office, chen: Person) -> None:
    li = office.person("li", "liaison", "孟河镇")
    ask(chen, "10.2")
    ask(li, "10.2")
    chen.send("3条")

    said = li.send("2条")

    assert "信息上报" in said
    assert kept(office) == {"10.2": 3}
    li.send("2条")
    assert kept(office) == {"10.2": 2}


def test_a_restart_keeps_the_open_question_and_old_buttons(office: Office, chen: Person) -> None:
    ask(chen, "2.3")
    old = chen.key(chen.labels[0])
    ask(chen, "10.2")
    office.restart()

    assert "回执" in chen.send("4条")
    assert "回执" in chen.press_key(old)
    assert kept(office) == {"10.2": 4, "2.3": True}


def test_a_redelivered_event_is_handled_once(office: Office, chen: Person) -> None:
    from storage.inbox import Inbox

    ask(chen, "10.2")
    inbox = Inbox(office.database, lambda: office.now)
    office.run(inbox.keep("test", "twice", "chen", {"text": "4条"}))
    event = Event("test", "twice", "chen", office.now, text="4条")
    office.happen(event)
    before = len(chen.rows())

    office.happen(event)

    assert len(chen.rows()) == before
    assert len(office.run(answers.history(office.database, 1, "xinbei-2011-towns", "10.2"))) == 1


@pytest.mark.parametrize(
    "key",
    ["", "x", "ans:1,xinbei-2011-towns,9.9,,0:0", "ans:1,xinbei-2011-towns,2.3,,99:0", "ans:2,xinbei-2011-towns,2.3,,0:0",
     "ask:2,xinbei-2011-towns,2.3:0", "ask:1,hunan,2.1:0", "state:1,xinbei-2011-towns,2.3,7:0", "item:1,hunan,2:0",
     "nope:1:0", "ans:1,xinbei-2011-towns,6.2,,0:0", "more:9,xinbei-2011-towns,2.3:0"],
)  # fmt: skip
def test_a_forged_or_stale_button_changes_nothing_and_says_so(office: Office, chen: Person, key: str) -> None:
    said = chen.press_key(key)

    assert "没有改动任何东西" in said
    assert [kept(office, unit) for unit in (1, 2)] == [{}, {}]


def test_a_liaison_sees_only_the_own_unit(chen: Person) -> None:
    assert "只有考核办能看" in chen.send("得分")
    assert "只有考核办能看" in chen.send("单位 西夏墅镇")
    assert "只有考核办能看" in chen.press_key(keys.pack("scores"))
    assert "孟河镇" in chen.send("我的得分")


def test_the_office_sees_all_units_and_one_card_but_not_in_a_group(office: Office, chen: Person) -> None:
    ask(chen, "10.2")
    chen.send("4条")
    wang = office.person("wang", "office")

    assert "孟河镇  3/100 分" in wang.send("得分")
    assert "自报 3 / 100 分" in wang.send("单位 孟河")
    assert "没有单位「常州」" in wang.send("单位 常州")
    assert "私聊" in wang.send("得分", in_group=True)
    assert "考核办不用填报" in wang.send("下一项")


def test_a_person_of_two_units_answers_for_the_one_the_button_names(office: Office, chen: Person) -> None:
    chen.start(office.invite("liaison", "西夏墅镇"))

    ask(chen, "10.2", unit_id=2)
    chen.send("2条")

    assert (kept(office, 1), kept(office, 2)) == ({}, {"10.2": 2})


def test_a_removed_liaison_is_a_stranger_at_once(office: Office, chen: Person) -> None:
    from storage import people

    ask(chen, "10.2")
    (membership,) = office.run(people.memberships(office.database, "test", "chen"))
    office.run(people.remove(office.database, office.now, "test", membership.person_id, membership.campaign_id))

    assert "邀请码" in chen.send("4条")
    assert kept(office) == {}


def test_a_filled_item_can_be_opened_again_from_the_list(office: Office, chen: Person) -> None:
    for criterion, words in (("10.1", "有"), ("10.2", "4条")):
        ask(chen, criterion)
        chen.send(words)
    chen.send("清单")

    said = chen.press("宣传信息")

    assert "要改哪一条" in said
    assert "【信息上报】" in chen.press("信息上报")


def test_a_list_longer_than_a_message_goes_on_in_the_next(office: Office) -> None:
    zhao = office.person("zhao", "liaison", "质监分局")

    zhao.send("清单")

    labels = {option["label"] for row in zhao.rows() for option in row["options"]}
    assert {"长效管理", "宣传", "培训"} <= labels
    assert all(len(row["options"]) <= 12 for row in zhao.rows())


def test_pressing_twice_blames_nobody(office: Office, chen: Person) -> None:
    ask(chen, "2.3")
    chen.press("有")

    assert "同事" not in chen.press("有")
    assert kept(office) == {"2.3": True}


def test_no_word_about_finishing_answers_whether_something_happened(office: Office) -> None:
    zhao = office.person("zhao", "liaison", "环保局")
    ask(zhao, "4.5", 3, "xinbei-2011-tasks")
    tasks = loader.load("xinbei-2011-tasks")
    event = next(c for c in tasks.criteria.values() if c.answer.buttons and "没发生" in c.answer.buttons)

    assert not hasattr(parse_answer(event, "没完成"), "fact")
    assert not hasattr(parse_answer(event, "没做"), "fact")
    assert parse_answer(event, "没发生").fact is True


def test_a_half_answered_question_goes_on_where_it_was_left(chen: Person) -> None:
    ask(chen, "6.2")
    chen.send("97.2%")
    chen.send("清单")

    assert "（2/3）" in ask(chen, "6.2")


def test_an_old_button_leaves_the_open_question_open(office: Office, chen: Person) -> None:
    ask(chen, "2.3")
    old = chen.key("有")
    ask(chen, "10.2")
    chen.press_key(old)

    chen.send("4条")

    assert kept(office) == {"2.3": True, "10.2": 4}


@pytest.mark.parametrize("text", ["清单。", " 清单 ", "／list"])
def test_a_command_may_carry_a_mark_or_full_width(chen: Person, text: str) -> None:
    assert "组织领导" in chen.send(text)


def test_a_code_inside_a_sentence_or_full_width_joins_and_bare_digits_do_not(office: Office, chen: Person) -> None:
    code = office.invite("liaison", "西夏墅镇")

    assert "没有这个邀请码" not in chen.send("320411196703")
    assert "西夏墅镇" in chen.send(f"邀请码 {code.replace('-', '－')}")


def test_a_typed_label_equals_a_press(chen: Person) -> None:
    chen.send("清单")

    assert "· 专人负责：没填" in chen.send("组织领导")


def test_cancel_puts_the_question_down_and_unknown_words_get_help(chen: Person) -> None:
    ask(chen, "10.2")

    assert "先放下" in chen.send("取消")
    assert "没有正在问的问题" in chen.send("取消")
    said = chen.send("今天天气不错")
    assert "没看懂" in said
    assert "清单" in said


def test_a_failing_handler_apologises_with_a_reference_and_the_next_event_works(
    chen: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(*_: Any) -> None:
        raise RuntimeError("broken")

    with monkeypatch.context() as broken:
        broken.setattr("handlers.answering.checklist.show", fail)
        said = chen.send("清单")

    assert "没有记下这一条" in said
    assert said.rpartition("：")[2] in caplog.text
    assert "组织领导" in chen.send("清单")


ANSWERS = {
    "yesno": "是",
    "rate": "100%",
    "per_shortfall": "100",
    "bonus": "0",
    "deduct": "没发生",
    "zero_item": "没发生",
}


def test_a_whole_town_from_the_invitation_to_full_points(office: Office, chen: Person) -> None:
    """All 44 criteria: what the town is asked in the chat, the rest by the office's facts below."""
    own = [c for clauses in asked(TOWNS, "孟河镇", "镇").values() for c in clauses]
    for criterion in own:
        ask(chen, criterion.id)
        for _ in criterion.measures or (None,):
            good = next((label for label in chen.labels if label in {"是", "有", "没发生", "做到了"}), None)
            if good:
                chen.press(good)
            elif criterion.id == "10.2":
                chen.send("4条")
            else:
                chen.send("100%" if criterion.answer.unit == "%" or criterion.measures else "0")

    facts = kept(office)
    assert set(facts) == {c.id for c in own}
    # 10+15+10+10+10+10+10+10+10+5: every clause met, no bonus, nothing bad reported
    (row,) = [
        r for r in office.run(scorecards.summary(office.database, 1)) if r.unit_id == 1 and r.rubric_id == TOWNS.id
    ]
    assert (row.claimed.total, row.claimed.bonus) == (100, 0)
    assert office.run(_chain(office)).broken == ()


def test_a_department_is_asked_its_rubric_and_its_rows(office: Office) -> None:
    zhao = office.person("zhao", "liaison", "环保局")

    said = zhao.send("清单")

    assert "2011年区相关职能部门质量振兴工作考评细则" in said
    assert "4. 环境质量  还有 11 条" in said
    assert "1. 产品质量" not in said
    ask(zhao, "4.6", 3, "xinbei-2011-tasks")
    assert "已完成" in zhao.send("两个")


async def _chain(office: Office) -> audit.Chain:
    async with office.database.read() as connection:
        return await audit.walk(connection)
