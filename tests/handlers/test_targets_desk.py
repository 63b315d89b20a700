"""目标任务: the office sees who has which task, sets or changes one after a preview, and the liaison confirms it."""

from __future__ import annotations

import pytest
from talk import Office, Person

from storage import targets
from storage.targets import HandedDown


@pytest.fixture
def wang(office: Office) -> Person:
    """Of the office."""
    return office.person("wang", "office", None)


def tasks(office: Office) -> list[HandedDown]:
    async def read() -> list[HandedDown]:
        async with office.database.read() as connection:
            return await targets.of_campaign_in(connection, 1)

    found: list[HandedDown] = office.run(read())
    return found


def news(person: Person) -> str:
    return "\n".join(row["text"] for row in person.rows() if not row["mine"])


def figures(office: Office, ident: str) -> dict[int, int]:
    return {one.unit_id: int(one.figure) for one in tasks(office) if one.criterion_id == ident}


def test_the_screen_names_who_has_a_task_who_has_not_confirmed_it_and_who_has_none(
    office: Office, wang: Person
) -> None:
    said = wang.send("目标任务")

    assert "【名牌任务】\n孟河镇 3 只\n还没确认：孟河镇\n没有下达：西夏墅镇" in said
    assert "【计量确认】\n还没有下达（2 个单位）" in said


def test_a_task_is_handed_down_after_a_preview_and_confirmed_by_the_liaison(
    office: Office, chen: Person, wang: Person
) -> None:
    preview = wang.send("目标任务 计量确认 孟河4 西夏墅2 常新质〔2026〕7号")

    assert "孟河镇 4 家（新下达）（常新质〔2026〕7号）" in preview
    assert figures(office, "5.3") == {}

    assert "西夏墅镇 还没有联络员加入" in wang.press("确认")
    assert figures(office, "5.3") == {1: 4, 2: 2}
    assert "孟河镇：考核办下达【计量确认】任务 4 家（常新质〔2026〕7号）。任务数对不对" in news(chen)
    assert "您已经确认" in chen.press("任务数对")
    assert "各镇合计 6 / 区 10 家，差 4 家" in wang.send("目标任务")


def test_a_changed_task_is_to_be_confirmed_again(office: Office, chen: Person, wang: Person) -> None:
    wang.send("目标任务")
    assert "孟河镇 3 → 5 只" in wang.send("名牌任务 孟河5")
    wang.press("确认")

    assert figures(office, "2.4") == {1: 5}
    assert "任务从 3 改成 5 只" in news(chen)
    assert [one.confirmed_at for one in tasks(office)] == [None]


def test_what_does_not_change_is_not_asked_again(office: Office, chen: Person, wang: Person) -> None:
    before = news(chen)
    said = wang.send("目标任务 名牌任务 孟河3")

    assert "没有变" in said
    assert "确认" not in wang.labels
    assert news(chen) == before


def test_words_that_name_no_clause_ask_which(office: Office, wang: Person) -> None:
    assert "是哪一条的任务" in wang.send("目标任务 孟河2")

    assert "【采标任务】" in wang.press("采标任务")
    wang.press("确认")
    assert figures(office, "4.2") == {1: 2}


@pytest.mark.parametrize("words", ["名牌任务 孟河", "名牌任务 三只", "名牌任务 孟河、西夏墅 5", "名牌任务 孟河3 孟河4"])
def test_unclear_words_change_nothing_and_show_how_to_write(office: Office, wang: Person, words: str) -> None:
    said = wang.send(f"目标任务 {words}")

    assert "什么也没有改" in said
    assert "请写成：名牌任务 孟河镇3" in said
    assert figures(office, "2.4") == {1: 3}


def test_a_department_gets_no_task_of_the_towns(office: Office, wang: Person) -> None:
    said = wang.send("目标任务 名牌任务 环保局5 孟河4")

    assert said.startswith("“名牌任务环保局5”没看懂是哪个单位的多少，什么也没有改。")
    assert figures(office, "2.4") == {1: 3}


def test_an_old_confirmation_does_nothing_after_another_preview(office: Office, wang: Person) -> None:
    wang.send("目标任务 名牌任务 孟河4")
    old = wang.key("确认")
    wang.send("目标任务 名牌任务 孟河6")

    wang.press_key(old)

    assert figures(office, "2.4") == {1: 3}


def test_a_cancelled_task_is_not_handed_down(office: Office, wang: Person) -> None:
    wang.send("目标任务 名牌任务 孟河4")

    assert "还和原来一样" in wang.press("取消")
    assert figures(office, "2.4") == {1: 3}


def test_a_leader_sees_and_sets_nothing(office: Office) -> None:
    leader = office.person("li", "leader", None)

    assert "要下达或改" not in leader.send("目标任务")
    leader.send("目标任务 名牌任务 孟河4")
    assert figures(office, "2.4") == {1: 3}


def test_nobody_hands_down_to_the_own_unit(office: Office) -> None:
    both = office.person("both", "liaison", "孟河镇")
    both.start(office.invite("office"))

    said = both.send("目标任务 名牌任务 孟河1")

    assert "本单位的事不能自己定" in said
    assert figures(office, "2.4") == {1: 3}


def test_after_the_screen_other_words_are_what_they_always_are(office: Office, wang: Person) -> None:
    wang.send("目标任务")

    assert "没看到哪个单位" not in wang.send("今天怎么这么忙")
