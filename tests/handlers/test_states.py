"""还没到时候 with its day, 不清楚, 本地没有 with its reason, 跳过, and one step back from each."""

from __future__ import annotations

from datetime import timedelta

import pytest
from talk import Office, Person

from channels import keys
from rubrics import loader
from storage import absences, answers
from storage.answers import Answer

TOWNS = loader.load("xinbei-2011-towns")
TRAINING, STANDARDS = "3.1", "4.1"


def ask(person: Person, criterion: str) -> str:
    return person.press_key(keys.pack("ask", 1, TOWNS.id, criterion))


def newest(office: Office, criterion: str) -> Answer:
    found: dict[str, Answer] = office.run(answers.current(office.database, 1, TOWNS.id))
    return found[criterion]


def test_a_clause_that_has_to_wait_is_kept_at_once_and_then_gets_its_day(office: Office, chen: Person) -> None:
    ask(chen, TRAINING)
    chen.press("更多")

    first = chen.press("还没到时候")
    offered = chen.labels
    said = chen.press("年底")

    assert "回执 2026-000001" in first
    assert offered == ["本月底", "年底"]
    assert "等到 12月31日" in said
    assert (newest(office, TRAINING).state, newest(office, TRAINING).note) == ("not_yet", "2026-12-31")
    assert "等到 12月31日" in ask(chen, TRAINING)


@pytest.mark.parametrize(
    ("words", "note"),
    [
        ("12月15日", "2026-12-15"),
        ("2027-01-10", "2027-01-10"),
        ("本月底", "2026-11-30"),
        ("十二月三十一日", "2026-12-31"),
    ],
)
def test_the_day_may_be_typed(office: Office, chen: Person, words: str, note: str) -> None:
    ask(chen, TRAINING)
    chen.send("还没到时候")

    chen.send(words)

    assert newest(office, TRAINING).note == note


@pytest.mark.parametrize("words", ["6月30日", "2029-01-01", "快了"])
def test_a_day_that_is_past_or_far_or_none_is_asked_for_again(office: Office, chen: Person, words: str) -> None:
    ask(chen, TRAINING)
    chen.send("还没到时候")

    said = chen.send(words)

    assert "日期" in said
    assert newest(office, TRAINING).note == ""
    chen.send("12月1日")
    assert newest(office, TRAINING).note == "2026-12-01"


def test_once_its_day_has_come_a_clause_is_asked_again(office: Office, chen: Person) -> None:
    for clause in TOWNS.criteria.values():
        if clause.by != "office" and clause.id != "9.2":
            ask(chen, clause.id)
            chen.send("不清楚")
    ask(chen, "9.2")
    chen.send("还没到时候，等到12月1日")

    assert "分类分级台帐" not in chen.send("下一项")
    office.now += timedelta(days=11)
    assert "【分类分级台帐】" in chen.send("下一项")


def test_the_day_of_an_answer_given_since_is_not_taken(office: Office, chen: Person) -> None:
    ask(chen, TRAINING)
    chen.send("还没到时候")
    old = chen.key("年底")
    ask(chen, TRAINING)
    chen.send("95%")

    said = chen.press_key(old)

    assert "后来又变了" in said
    assert newest(office, TRAINING).state == "answered"


def test_what_is_not_there_is_an_application_that_needs_its_reason(office: Office, chen: Person) -> None:
    ask(chen, STANDARDS)
    chen.press("更多")

    asked = chen.press("本地没有")
    too_short = chen.send("没有")
    said = chen.send("镇里没有规模企业")

    assert "得分还是 0" in asked
    assert "至少几个字" in too_short
    assert "由考核办对所有单位统一决定" in said
    assert (newest(office, STANDARDS).state, newest(office, STANDARDS).note) == ("not_here", "镇里没有规模企业")


def test_words_with_their_reason_need_no_second_question(office: Office, chen: Person) -> None:
    ask(chen, STANDARDS)

    said = chen.send("本地没有，镇里没有规模企业")

    assert "回执" in said
    assert newest(office, STANDARDS).state == "not_here"


def test_what_the_office_has_decided_already_is_said(office: Office, chen: Person) -> None:
    async def decide() -> None:
        async with office.database.write() as connection:
            about = (office.campaign.id, TOWNS, STANDARDS, False, "各镇都要推进")
            await absences.decide_in(connection, office.now, chen_id, *about)

    ask(chen, STANDARDS)
    chen.send("有")
    chen_id = newest(office, STANDARDS).person_id
    office.run(decide())
    ask(chen, STANDARDS)

    assert "不同意，理由：各镇都要推进" in chen.send("本地没有")
    assert "已经对所有单位定过" in chen.send("镇里没有规模企业")


def test_a_reason_that_is_put_down_leaves_nothing(office: Office, chen: Person) -> None:
    ask(chen, STANDARDS)
    chen.send("本地没有")

    assert "【标准化推进】" in chen.send("返回")
    assert office.run(answers.current(office.database, 1, TOWNS.id)) == {}


def test_skipping_by_word_needs_an_open_question(chen: Person) -> None:
    ask(chen, STANDARDS)

    assert "先跳过：标准化推进" in chen.send("跳过")
    assert "没有正在问的问题" in chen.send("跳过")


def test_a_step_back_goes_from_part_to_part_to_the_item_to_the_list(chen: Person) -> None:
    ask(chen, "6.2")
    chen.send("97.2%")

    assert "（1/3）" in chen.send("返回")
    assert "6. 质量监管" in chen.send("返回")
    assert "组织领导" in chen.press("清单")
    assert "组织领导" in chen.send("返回")


def test_a_step_back_from_the_other_states_is_the_question(chen: Person) -> None:
    ask(chen, TRAINING)
    chen.press("更多")

    assert "【卓越绩效培训】" in chen.press("返回")


@pytest.mark.parametrize(
    "key",
    ["when:1,xinbei-2011-towns,3.1,9:0", "when:2,xinbei-2011-towns,3.1,0:0", "more:1,hunan,1.1:0", "when:1:0"],
)
def test_a_forged_button_of_a_state_changes_nothing(office: Office, chen: Person, key: str) -> None:
    said = chen.press_key(key)

    assert "没有改动任何东西" in said
    assert office.run(answers.current(office.database, 1, TOWNS.id)) == {}
