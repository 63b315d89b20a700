"""都不是: the clause is looked up or picked from the list, and its words are learnt for the campaign."""

from __future__ import annotations

import pytest
from talk import Office, Person
from told import answered, facts

from handlers.free_text import (
    free_routes,
    matchers,
)
from storage.people import memberships

STRANGE = "那个跑腿的人我们每个村都配了"
"""A way to speak of 1.3 that no vocabulary knows."""


def teach(chen: Person) -> None:
    chen.send(STRANGE)
    chen.press("选一条来记")
    chen.send("协管员")
    chen.press("质监协管员")


def test_words_not_understood_can_be_given_their_clause_by_a_search(office: Office, chen: Person) -> None:
    assert "没看懂" in chen.send(STRANGE)
    assert "打一个词找" in chen.press("选一条来记")
    assert "质监协管员" in (chen.send("协管员"), chen.labels)[1]
    assert answered(office) == {}

    chen.press("质监协管员")

    assert answered(office) == {"1.3": (True, STRANGE)}


def test_a_search_that_finds_nothing_asks_again(office: Office, chen: Person) -> None:
    chen.send(STRANGE)
    chen.press("选一条来记")

    assert "没有找到“飞船”" in chen.send("飞船")
    assert "质监协管员" in (chen.send("协管员"), chen.labels)[1]
    assert answered(office) == {}


def test_the_clause_can_be_picked_from_the_list(office: Office, chen: Person) -> None:
    chen.send(STRANGE)
    chen.press("选一条来记")
    chen.press("按内容找")
    chen.press("组织领导")

    chen.press("质监协管员")

    assert facts(office) == {"1.3": True}


def test_of_several_candidates_none_may_be_meant(office: Office, chen: Person) -> None:
    chen.send("质量例会大概开过两次吧")
    chen.press("都不是")
    assert "没有记下" in chen.press("不记")

    assert answered(office) == {}


def test_what_was_chosen_is_understood_the_next_time(office: Office, chen: Person) -> None:
    teach(chen)
    colleague = office.person("li", "liaison", "西夏墅镇")

    text = colleague.send("跑腿的名单有了")

    assert "【质监协管员】" in text
    assert "1.3" not in facts(office, 2)  # shown for a tap, or written down where it is sure
    colleague.press("确认")
    assert facts(office, 2) == {"1.3": True}


def test_without_a_choice_nothing_is_learnt(office: Office, chen: Person) -> None:
    wang = office.person("wang", "office")
    chen.send(STRANGE)
    chen.press("选一条来记")
    chen.press("不记")

    assert "还没有学到" in wang.send("学到的说法")


def test_the_office_sees_who_taught_what_and_removes_it(office: Office, chen: Person) -> None:
    teach(chen)
    wang = office.person("wang", "office")

    text = wang.send("学到的说法")
    assert "跑腿 → 质监协管员（没写姓名，11月21日）" in text
    assert "还没有学到" in wang.press("删除跑腿")

    assert "没看懂" in chen.send("跑腿的名单有了")


def test_what_was_removed_already_says_so(office: Office, chen: Person) -> None:
    teach(chen)
    wang = office.person("wang", "office")
    wang.send("/learnt")
    key = wang.key("删除跑腿")
    wang.press_key(key)

    assert "已经删掉了" in wang.press_key(key)


def test_only_the_office_sees_what_was_learnt(chen: Person) -> None:
    teach(chen)

    assert "跑腿" not in chen.send("学到的说法")
    assert "已" not in chen.press_key("learnt-drop:1:0")


def test_the_buttons_of_another_persons_message_do_nothing(office: Office, chen: Person) -> None:
    colleague = office.person("li", "liaison", "西夏墅镇")
    chen.send("质量例会大概开过两次吧")

    assert "已经变了" in colleague.press_key(chen.key("确认"))
    assert answered(office) == answered(office, 2) == {}


@pytest.mark.parametrize("verb", [*free_routes.PRESSES, "file-put", "file-all", "file-each", "file-leave", "file-year"])
@pytest.mark.parametrize("rest", [":0", "0:0", "9:0", "1,xinbei-2011-towns,1.3:0", "2,1,1:0", "x,y:99"])
def test_a_key_nobody_made_is_answered_and_writes_nothing_down(
    office: Office, chen: Person, verb: str, rest: str
) -> None:
    assert chen.press_key(f"{verb}:{rest}")
    assert answered(office) == {}


def test_what_was_built_at_the_start_need_not_be_built_for_a_message(office: Office, chen: Person) -> None:
    office.run(matchers.warm(office.database))

    (membership,) = office.run(memberships(office.database, "test", "chen"))
    assert matchers.missing([matchers.Wanted(rubric, {}) for rubric in membership.rubrics]) == []


def test_what_is_learnt_makes_another_reading(chen: Person) -> None:
    (membership,) = chen.office.run(memberships(chen.office.database, "test", "chen"))
    rubric = membership.rubrics[0]

    assert len(matchers.missing([matchers.Wanted(rubric, {"从未学过": "1.3"})])) == 1


@pytest.mark.parametrize(
    ("words", "label"), [("xieguanyuan", "质监协管员"), ("lianluoyuan", "打假联络员"), ("jiangzuo", "讲座培训")]
)
def test_a_word_in_pinyin_finds_its_clause(chen: Person, words: str, label: str) -> None:
    chen.send("老王那个本本弄好了")
    chen.press("选一条来记")
    chen.send(words)

    assert label in chen.labels
