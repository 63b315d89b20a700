"""What the office types while it books, with several units in one sentence, and in other words for scores and who lacks."""

from __future__ import annotations

from typing import Any

import pytest
from talk import Office, Person
from told import TOWNS

from channels import keys
from storage import office_facts


@pytest.fixture
def wang(office: Office) -> Person:
    """Somebody of the office."""
    return office.person("wang", "office")


def booked(office: Office, unit_id: int = 1) -> list[tuple[str, Any, str]]:
    async def read() -> Any:
        async with office.database.read() as connection:
            found = await office_facts.of_unit_in(connection, unit_id)
        return [(one.criterion_id, one.fact, one.basis) for one in found]

    return office.run(read())  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("孟河镇现在多少分", "孟河镇 · 2011年各镇"),
        ("谁还没报信息", "没填的"),
        ("孟河镇什么情况", "孟河镇 · 2011年各镇"),
    ],
)
def test_a_look_at_something_is_no_basis(office: Office, wang: Person, words: str, shown: str) -> None:
    wang.send("孟河镇抽检不合格1起")

    said = wang.send(words)
    assert shown in said
    assert "刚才问的还等您写" in said

    assert "【抽检不合格】" in wang.send("区局通报第3期")
    wang.press("确认")
    assert booked(office) == [("6.3", 1, "区局通报第3期")]


def test_another_event_is_no_basis_until_somebody_says_so(office: Office, wang: Person) -> None:
    wang.send("孟河镇抽检不合格1起")

    assert "还是刚才那件的依据" in wang.send("西夏墅镇抽检不合格2起")
    assert wang.labels == ["就是依据", "另记一件", "取消"]

    said = wang.press("另记一件")
    assert "先前那件（抽检不合格1起）还没有记下" in said
    assert "依据是什么" in said
    wang.send("区局通报第3期")
    wang.press("确认")
    assert (booked(office), booked(office, 2)) == ([], [("6.3", 2, "区局通报第3期")])


def test_what_tells_of_an_event_may_be_the_basis_after_all(office: Office, wang: Person) -> None:
    wang.send("孟河镇抽检不合格1起")
    wang.send("市局查到孟河镇抽检不合格1起")
    key = wang.key("就是依据")

    wang.press("就是依据")
    wang.press("确认")

    assert booked(office) == [("6.3", 1, "市局查到孟河镇抽检不合格1起")]
    assert "已经变了" in wang.press_key(key)


def test_a_notice_that_names_the_event_is_a_basis_at_once(office: Office, wang: Person) -> None:
    wang.send("孟河镇抽检不合格1起")

    assert "【抽检不合格】" in wang.send("区局关于孟河镇发生抽检不合格1起的通报")


@pytest.mark.parametrize(
    ("words", "facts"),
    [
        ("西夏墅抽检3个不合格，孟河1个", (1, 3)),
        ("抽检不合格的有孟河2个、西夏墅3个", (2, 3)),
        ("孟河镇和西夏墅镇抽检各有2个不合格", (2, 2)),
        ("孟河抽检2起不合格，西夏墅没发生", (2, 0)),
    ],
)
def test_each_unit_gets_the_figure_behind_its_own_name(
    office: Office, wang: Person, words: str, facts: tuple[int, int]
) -> None:
    wang.send(words)
    wang.send("区局通报第3期")
    wang.press("确认")

    assert [booked(office, unit)[0][:2] for unit in (1, 2)] == [("6.3", facts[0]), ("6.3", facts[1])]


def test_figures_before_the_names_are_asked_for(wang: Person) -> None:
    assert "请打数" in wang.send("抽检不合格1个是孟河的，3个是西夏墅的")
    assert "依据" not in wang.rows()[-1]["text"]


@pytest.mark.parametrize(
    "words", ["孟河镇抽检不合格十几起", "孟河镇抽检不合格1起，哪家企业还在查", "孟河镇抽检不合格3起，人数未统计"]
)
def test_what_is_told_is_no_question(wang: Person, words: str) -> None:
    said = wang.send(words)

    assert "孟河镇 · 2011年各镇" not in said
    assert "取消" in wang.labels  # of what is about to be booked


@pytest.mark.parametrize("words", ["孟河镇抽检不合格几起了？", "孟河镇抽检有没有不合格", "孟河镇有几起抽检不合格"])
def test_a_question_books_nothing(office: Office, wang: Person, words: str) -> None:
    assert "孟河镇 · 2011年各镇" in wang.send(words)
    assert "依据是什么" not in wang.rows()[-1]["text"]


@pytest.mark.parametrize(
    "words",
    [
        "孟河镇",
        "孟河",
        "看看孟河",
        "查一下孟河的分",
        "孟河镇目前得了多少",
        "孟河的成绩",
        "孟河镇什么情况",
        "孟河镇进度怎么样",
        "孟河呢",
    ],
)
def test_a_unit_and_nothing_to_book_is_its_card(wang: Person, words: str) -> None:
    assert "孟河镇 · 2011年各镇" in wang.send(words)


def test_a_unit_with_words_nobody_understands_gets_its_buttons(wang: Person) -> None:
    assert "是指 孟河镇 的什么" in wang.send("孟河镇食堂不错")
    assert wang.labels == ["看得分", "记情况"]
    assert "孟河镇 · 2011年各镇" in wang.press("看得分")


def test_a_leader_gets_no_button_to_book(office: Office) -> None:
    leader = office.person("zhao", "leader")
    leader.send("孟河镇食堂不错")

    assert leader.labels == ["看得分"]


@pytest.mark.parametrize(
    "words",
    [
        "没报名牌规划的有哪几家",
        "统计下没报名牌规划的",
        "哪些单位一份名牌规划都没有",
        "哪几家没报名牌规划",
        "还差谁的名牌规划",
    ],
)
def test_who_lacks_a_clause_in_other_words(chen: Person, wang: Person, words: str) -> None:
    chen.press_key(keys.pack("ask", 1, TOWNS, "2.1"))
    chen.press("有")

    text = wang.send(words)

    assert "【名牌规划】" in text
    assert "西夏墅镇" in text


def test_only_the_kind_of_unit_that_is_named_is_told(wang: Person) -> None:
    everybody = wang.send("谁还没报信息")
    towns = wang.send("哪些镇还没报信息")

    assert "环保局" in everybody
    assert ("环保局" in towns, "孟河镇" in towns) == (False, True)
    assert set(wang.labels) == {"孟河镇", "西夏墅镇"}


@pytest.mark.parametrize("words", ["让西夏墅赶紧报名牌规划", "跟西夏墅说一声报名牌规划", "叫西夏墅把名牌规划报一下"])
def test_to_have_a_unit_told_is_to_remind_it(wang: Person, words: str) -> None:
    said = wang.send(words)

    assert "名牌规划" in said
    assert "西夏墅镇" in said
