"""考核组 in the chat: said in one sentence, read back, changed, ended; members get the sheets of their visits."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from talk import Office, Person
from visits import answer, groups, joined, lock, offline

from storage import people
from storage.review_groups import Member, Visit

SAID = "考核组 一组 王处、李工：孟河镇 12月3日，西夏墅镇 12月4日"
MENGHE = Visit(1, "孟河镇", date(2026, 12, 3))
XIXIASHU = Visit(2, "西夏墅镇", date(2026, 12, 4))


@pytest.fixture
def wang(office: Office, chen: Person) -> Person:
    """王处 of the office; chen is 孟河镇's liaison."""
    return joined(office, "wang", "王处", "office")


@pytest.fixture
def li(office: Office, wang: Person) -> Person:
    """李工, an expert."""
    return joined(office, "li", "李工", "expert")


def files(person: Person) -> list[str]:
    return [row["file"]["name"] for row in person.rows() if row["file"]]


def test_a_group_is_said_in_one_sentence_read_back_and_kept(office: Office, wang: Person, li: Person) -> None:
    said = wang.send(SAID)

    assert "一组：王处、李工；孟河镇 12月3日，西夏墅镇 12月4日" in said
    assert "组长 王处" in said
    assert groups(office) == []
    assert "一组 已记下：2 人，去 2 个单位" in wang.press("确认")
    (group,) = groups(office)
    assert group.members == (Member(2, "王处", True), Member(3, "李工", False))
    assert group.visits == (MENGHE, XIXIASHU)
    assert "没有改动" in wang.press("确认")


@pytest.mark.parametrize(
    ("words", "visits"),
    [
        ("一组王处：孟河 2026-12-03", (MENGHE,)),
        ("一组 王处，李工: 12月3日 孟河镇", (MENGHE,)),
        ("一组 王处：孟河镇 12月3日 西夏墅镇 12月4日", (MENGHE, XIXIASHU)),
        ("一组 王处：孟河镇、西夏墅镇 12月3日", (MENGHE, XIXIASHU._replace(on=date(2026, 12, 3)))),
        ("一组 王处：孟河镇", (MENGHE._replace(on=None),)),
        ("一组 王处：孟河镇 1月5日", (MENGHE._replace(on=date(2027, 1, 5)),)),
    ],
)
def test_it_may_be_said_in_many_ways(office: Office, wang: Person, li: Person, words: str, visits: Any) -> None:
    wang.send("考核组")
    wang.send(words)
    wang.press("确认")

    assert groups(office)[0].visits == visits


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("一组 王处 孟河镇", "没有看到冒号"),
        ("一组：孟河镇 12月3日", "要有组名和成员"),
        ("一组 张三：孟河镇", "“张三”不是考核办的人也不是专家"),
        ("一组 王处：火星镇 12月3日", "“火星镇”没有对上单位"),
        ("一组 王处：孟河镇、薛佳镇 12月3日", "“薛佳镇”没有对上单位"),
        ("一组 王处：孟河镇 2月30日", "日历上没有这一天"),
        ("一组 王处：", "要写去哪些单位"),
        ("一组 王处：孟河镇，孟河镇 12月3日", "写了两次"),
    ],
)
def test_what_cannot_be_read_is_named_and_asked_again(office: Office, wang: Person, words: str, why: str) -> None:
    wang.send("考核组")

    assert why in wang.send(words)
    assert "对吗" in wang.send("一组 王处：孟河镇 12月3日")
    assert groups(office) == []


def test_two_of_one_name_are_not_guessed_between(office: Office, wang: Person, li: Person) -> None:
    joined(office, "li-2", "李工", "office")

    assert "“李工”有好几位" in wang.send(SAID)


def test_a_member_of_the_unit_is_refused_by_name(office: Office, wang: Person, li: Person) -> None:
    joined(office, "li", "李工", "liaison", "西夏墅镇")

    said = wang.send(SAID)

    assert "李工是西夏墅镇的人，按回避要求不能去自己的单位" in said
    assert groups(office) == []


def test_a_change_is_shown_beside_what_was(office: Office, wang: Person, li: Person) -> None:
    wang.send(SAID)
    wang.press("确认")

    said = wang.send("考核组 一组 李工：孟河镇 12月5日")
    wang.press("确认")

    assert "原来：王处、李工；孟河镇 12月3日，西夏墅镇 12月4日" in said
    assert "改成：李工；孟河镇 12月5日" in said
    assert [(g.members, g.visits[0].on) for g in groups(office)] == [((Member(3, "李工", True),), date(2026, 12, 5))]


def test_ending_a_group_is_asked_once_more(office: Office, wang: Person, li: Person) -> None:
    wang.send(SAID)
    wang.press("确认")
    assert "一组：王处（组长）、李工" in wang.send("考核组")

    assert "结束 一组？" in wang.press("结束 一组")
    assert len(groups(office)) == 1
    assert "一组 已结束" in wang.press("确认")
    assert groups(office) == []


def test_each_member_gets_the_sheets_of_the_visits(office: Office, chen: Person, wang: Person, li: Person) -> None:
    answer(office, "1.2", True)
    offline(office, "1.1")
    offline(office, "1.1", unit_id=2)
    lock(office)
    wang.send(SAID)
    wang.press("确认")

    said = wang.press("发现场表")

    assert "一组 的现场核查表 2 份，已发给 2 人" in said
    assert files(li) == files(wang) == ["孟河镇2026年度现场核查表.docx", "西夏墅镇2026年度现场核查表.docx"]
    assert "您在 一组，要去现场核查：孟河镇 12月3日，西夏墅镇 12月4日" in li.rows()[-3]["text"]
    paper = docx.Document(BytesIO(content(office, li, 0)))
    assert "档案室 3 号柜" in "".join(cell.text for row in paper.tables[0].rows for cell in row.cells)
    assert files(chen) == []


def content(office: Office, person: Person, place: int) -> bytes:
    sent = [row["id"] for row in person.rows() if row["file"]]

    async def ref() -> str:
        from storage.conversation import Transcript

        async def no_status(_: str) -> str:
            return ""

        found = await Transcript(office.database, "test", no_status).file_of(person.address, sent[place])
        assert found is not None
        return str(found["ref"])

    return Path(office.files.path(office.run(ref()))).read_bytes()


def test_nothing_to_look_at_makes_no_paper(office: Office, wang: Person) -> None:
    wang.send("考核组 一组 王处：孟河镇 12月3日")
    wang.press("确认")

    assert "没有要现场看的条目" in wang.press("发现场表")
    assert files(wang) == []


def test_who_was_removed_gets_nothing_and_is_named(office: Office, wang: Person, li: Person) -> None:
    answer(office, "1.2", True)
    wang.send(SAID)
    wang.press("确认")

    async def remove() -> None:
        async with office.database.write() as connection:
            await people.remove_in(connection, office.now, "test", 3, 1)

    office.run(remove())

    assert "李工 没有发到" in wang.press("发现场表")
    assert files(li) == []


@pytest.mark.parametrize(("role", "unit"), [("leader", None), ("expert", None), ("liaison", "西夏墅镇")])
def test_only_the_office_makes_ends_and_sends(
    office: Office, wang: Person, li: Person, role: str, unit: str | None
) -> None:
    wang.send(SAID)
    draft = wang.key("确认")
    wang.press("确认")
    wang.send("考核组")
    before = groups(office)
    other = joined(office, "other", "周某", role, unit)

    for key in (draft, wang.key("发表 一组"), wang.key("结束 一组"), "vg-end:1:1", "vg-send:99:0"):
        assert other.press_key(key)
    other.send("考核组 二组 王处：环保局 12月3日")
    other.send("确认")

    assert groups(office) == before
    assert files(other) == []


def test_the_leader_sees_the_groups_without_buttons(office: Office, wang: Person, li: Person) -> None:
    wang.send(SAID)
    wang.press("确认")
    leader = joined(office, "leader", "刘主任", "leader")

    said = leader.send("考核组")

    assert "一组：王处（组长）、李工" in said
    assert leader.labels == []
