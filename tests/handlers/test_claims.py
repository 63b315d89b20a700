"""A figure that is worth nothing, or contradicts what is known, is echoed with its worth before it counts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from talk import Office, Person

from channels import keys
from rubrics import loader
from storage import answers, entries, people, unit_facts

TOWNS = loader.load("xinbei-2011-towns")


def ask(person: Person, criterion: str) -> str:
    return person.press_key(keys.pack("ask", 1, TOWNS.id, criterion))


def kept(office: Office) -> dict[str, Any]:
    return office.run(unit_facts.read(office.database, 1, TOWNS)).own


@pytest.mark.parametrize(
    ("criterion", "words", "reason", "fact"),
    [
        ("3.1", "89.9%", "没有达到 90%，得 0 分", 89.9),
        ("3.1", "6/7家", "约 85.71%，没有达到 90%，得 0 分", None),
        ("1.2", "一次", "没到 2 次", False),
        ("2.4", "2只", "没到 3 只", False),
        ("8.2a", "98%", "得 0 分", 98),
        ("10.2", "1条", "得 0 分", 1),
        ("7.3", "6条", "比这一项的 10 分还多", 6),
        ("2.5a", "1只", "“名牌任务”还没完成", 1),
    ],
)
def test_a_doubtful_figure_counts_only_once_it_is_confirmed(
    office: Office, chen: Person, criterion: str, words: str, reason: str, fact: Any
) -> None:
    ask(chen, criterion)

    said = chen.send(words)

    assert reason in said
    assert chen.labels == ["确认", "修改"]
    assert kept(office) == {}
    chen.press("确认")
    assert fact is None or float(kept(office)[criterion]) == fact
    assert set(kept(office)) == {criterion}


@pytest.mark.parametrize(
    ("criterion", "words"),
    [
        ("3.1", "90%"),
        ("1.2", "两次"),
        ("8.2a", "99%"),
        ("10.2", "0"),
        ("7.3", "5条"),
        ("1.1", "没有"),
        ("2.4", "没完成"),
    ],
)
def test_what_reaches_it_earns_part_of_it_or_is_a_plain_no_is_kept_at_once(
    office: Office, chen: Person, criterion: str, words: str
) -> None:
    ask(chen, criterion)

    assert "回执" in chen.send(words)
    assert set(kept(office)) == {criterion}


def test_the_numerator_and_the_denominator_stay_with_the_answer(office: Office, chen: Person) -> None:
    ask(chen, "3.1")
    chen.send("14/15家")

    assert office.run(answers.current(office.database, 1, TOWNS.id))["3.1"].said == "14/15家"


def test_a_figure_that_was_not_meant_is_asked_again(office: Office, chen: Person) -> None:
    ask(chen, "3.1")
    chen.send("60%")

    assert "【卓越绩效培训】" in chen.press("修改")
    assert "得 5 分" in chen.send("96%")
    assert kept(office) == {"3.1": 96}


@pytest.mark.parametrize(("words", "facts"), [("是的", {"3.1": 60}), ("不是", {}), ("确认", {"3.1": 60})])
def test_a_typed_yes_or_no_is_about_the_doubt(office: Office, chen: Person, words: str, facts: dict[str, int]) -> None:
    ask(chen, "3.1")
    chen.send("60%")

    chen.send(words)

    assert kept(office) == facts


def test_another_figure_takes_the_place_of_the_doubtful_one(office: Office, chen: Person) -> None:
    ask(chen, "3.1")
    chen.send("60%")
    old = chen.key("确认")
    chen.send("95%")

    said = chen.press_key(old)

    assert "没有记下" in said
    assert kept(office) == {"3.1": 95}


def test_a_step_back_puts_the_doubt_down(office: Office, chen: Person) -> None:
    ask(chen, "3.1")
    chen.send("60%")

    assert "【卓越绩效培训】" in chen.send("返回")
    assert "没有记下" in chen.press("确认")
    assert kept(office) == {}


def test_a_figure_ten_times_the_last_one_is_asked_about(office: Office, chen: Person) -> None:
    ask(chen, "10.2")
    chen.send("4条")
    ask(chen, "10.2")

    said = chen.send("40条")

    assert "上次填的是“4条”" in said
    assert kept(office) == {"10.2": 4}


def test_more_than_the_task_and_another_task_than_handed_down_are_said(office: Office, chen: Person) -> None:
    ask(chen, "2.4")

    assert "比下达的 3 只还多" in chen.send("5只")
    assert "下达的任务是 3 只，不是 4 只" in chen.send("3/4")
    chen.press("确认")
    assert kept(office) == {"2.4": True}


def test_a_yes_against_the_units_own_entries_is_asked_about(office: Office, chen: Person) -> None:
    async def add() -> None:
        async with office.database.write() as connection:
            (member,) = await people.memberships_in(connection, "test", "chen")
            about = (member.person_id, 1, TOWNS, "1.2")
            await entries.add_in(connection, office.now, *about, name="第一次质量例会", happened_on=date(2026, 3, 14))

    office.run(add())
    ask(chen, "1.2")

    said = chen.press("是")

    assert "只登记了 1 次质量工作专题会议，没到 2 次" in said
    assert kept(office) == {"1.2": False}
    chen.press("确认")
    assert kept(office) == {"1.2": True}


@pytest.mark.parametrize("key", ["sure:2,xinbei-2011-towns,3.1,0:0", "sure:1,xinbei-2011-towns,3.1:0", "sure:1:0"])
def test_a_forged_confirmation_keeps_nothing(office: Office, chen: Person, key: str) -> None:
    ask(chen, "3.1")
    chen.send("60%")

    chen.press_key(key)

    assert kept(office) == {}


def test_a_doubt_that_is_left_for_something_else_is_said_once_and_can_still_be_confirmed(
    office: Office, chen: Person
) -> None:
    ask(chen, "3.1")
    chen.send("60%")

    said = chen.send("清单")

    assert "刚才的“60%”还没记" in said
    assert kept(office) == {}
    assert "还没记" not in chen.send("清单")
    chen.press("确认")
    assert kept(office) == {"3.1": 60}


def test_a_doubt_left_for_the_next_question_does_not_take_its_yes(office: Office, chen: Person) -> None:
    ask(chen, "3.1")
    chen.send("60%")

    assert "刚才的“60%”还没记" in ask(chen, "1.1")
    chen.send("有")

    assert kept(office) == {"1.1": True}


def test_a_doubt_left_behind_ends_with_a_new_answer(office: Office, chen: Person) -> None:
    ask(chen, "3.1")
    chen.send("60%")
    chen.send("清单")
    old = chen.key("确认")
    ask(chen, "3.1")
    chen.send("95%")

    assert "没有记下" in chen.press_key(old)
    assert kept(office) == {"3.1": 95}


def test_what_costs_a_whole_item_is_asked_once_more_with_its_price(office: Office) -> None:
    huan = office.person("huan", "liaison", "环保局")
    rubric = loader.load("xinbei-2011-departments")
    prompt = huan.press_key(keys.pack("ask", 3, rubric.id, "1.1"))

    assert "这一项 20 分都不得分" in prompt
    huan.press("没有")
    said = huan.press("没有")

    assert "这一项 20 分都不得分" in said
    assert office.run(unit_facts.read(office.database, 3, rubric)).own == {}
    huan.press("确认")
    assert set(office.run(unit_facts.read(office.database, 3, rubric)).own) == {"1.1"}
