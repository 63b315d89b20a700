"""打假线索: for sender, office and the verifying department only; several on one case count once; the sender hears."""

from __future__ import annotations

from typing import Any

import pytest
from talk import Office, Person

from rubrics import loader
from storage import clues, entries, evidence, unit_facts

TOWNS = loader.load("xinbei-2011-towns")
SECRET = "富民路仓库半夜发假机油"


@pytest.fixture
def wang(office: Office) -> Person:
    """Somebody of the office."""
    return office.person("wang", "office")


@pytest.fixture
def zhi(office: Office) -> Person:
    """质监分局's provider."""
    return office.person("zhi", "provider", "质监分局")


def read(office: Office, query: Any, *words: Any) -> Any:
    async def work() -> Any:
        async with office.database.read() as connection:
            return await query(connection, *words)

    return office.run(work())


def told(person: Person) -> str:
    return "\n".join(row["text"] for row in person.rows() if not row["mine"])


def counted(office: Office, unit_id: int = 1) -> tuple[Any, Any]:
    known = office.run(unit_facts.read(office.database, unit_id, TOWNS))
    return known.own.get("7.3"), known.proven.get("7.3")


def hand_over(wang: Person) -> None:
    wang.press("转部门核实")
    wang.press("质监分局")


def test_a_clue_is_verified_by_its_department_and_the_sender_hears(
    office: Office, chen: Person, wang: Person, zhi: Person
) -> None:
    assert "回执 线索2026-0001，待核实，已告诉考核办 1 人" in chen.send(f"线索：{SECRET}")
    assert SECRET in wang.rows()[-1]["text"]
    hand_over(wang)
    assert SECRET in zhi.rows()[-1]["text"]
    assert counted(office) == (None, None)

    assert "属实，计一条" in zhi.press("属实")

    assert counted(office) == (1, 1)
    assert "属实，已经计入" in chen.rows()[-1]["text"]
    assert "属实，计一条" in wang.rows()[-1]["text"]


def test_nobody_else_ever_sees_it(office: Office, chen: Person, wang: Person, zhi: Person) -> None:
    colleague = office.person("qian", "liaison", "孟河镇")
    li = office.person("li", "liaison", "西夏墅镇")
    boss = office.person("boss", "leader")
    hu = office.person("hu", "provider", "环保局")
    chen.send(f"线索：{SECRET}")
    chen.send_file("仓库.pdf")
    hand_over(wang)
    zhi.press("属实")

    for person in (colleague, li, boss, hu):
        for words in ("线索", "清单", "待归类材料", "得分"):
            person.send(words)
        person.press_key("clue-see:1:0")
        assert "富民路" not in told(person)
        assert "没有改动任何东西" in person.rows()[-1]["text"]
    (entry,) = read(office, entries.of_clause_in, 1, TOWNS.id, "7.3")
    assert entry.name == "打假线索2026-0001（已核实）"
    assert read(office, evidence.of_unit_in, 1) == []


def test_who_may_see_it_can_open_its_files(office: Office, chen: Person, wang: Person, zhi: Person) -> None:
    chen.send(f"线索 {SECRET}")
    assert "一共 1 个文件" in chen.send_file("仓库.pdf")
    hand_over(wang)

    zhi.press("看附件")

    assert zhi.rows()[-1]["file"]["name"] == "仓库.pdf"


def test_files_may_come_before_the_words(office: Office, chen: Person, wang: Person) -> None:
    chen.send("/clue")
    assert "再写一句线索" in chen.send_file("仓库.pdf")
    chen.send(SECRET)

    (clue,) = read(office, clues.of_campaign_in, 1)
    assert (clue.text, len(clue.files)) == (SECRET, 1)


def test_what_is_not_true_counts_nothing_and_says_why(office: Office, chen: Person, wang: Person, zhi: Person) -> None:
    chen.send(f"线索 {SECRET}")
    hand_over(wang)
    zhi.press("不属实")
    assert "不属实要写一句核实的情况" in zhi.send("无")
    zhi.send("是正规仓库，手续齐全")

    assert "不属实：是正规仓库，手续齐全" in chen.rows()[-1]["text"]
    assert counted(office) == (None, None)


def test_several_clues_on_one_case_count_once(office: Office, chen: Person, wang: Person) -> None:
    chen.send(f"线索 {SECRET}")
    wang.press("属实")
    chen.send("线索 富民路那个仓库又在发货")
    assert "是同一个案件" in wang.press("属实")
    assert "同一案件只算一次" in wang.press("同线索1")

    assert counted(office) == (1, 1)
    assert "只算一次" in chen.rows()[-1]["text"]
    chen.send("线索 河边作坊灌装假酒")
    wang.press("属实")
    wang.press("新的案件")
    assert counted(office) == (2, 2)


def test_what_is_decided_stays(office: Office, chen: Person, wang: Person) -> None:
    chen.send(f"线索 {SECRET}")
    no = wang.key("不属实")
    wang.press("属实")

    assert "已经核实过：属实" in wang.press("属实")
    wang.press_key(no)
    assert "已经核实过：属实" in wang.send("其实不是")
    assert counted(office) == (1, 1)


def test_nobody_decides_about_a_clue_of_the_own_unit(office: Office, chen: Person, wang: Person) -> None:
    chen.send(f"线索 {SECRET}")
    wang.start(office.invite("liaison", "孟河镇"))

    assert "没有改动任何东西" in wang.press_key("clue-true:1:0")
    assert counted(office) == (None, None)


@pytest.mark.parametrize("key", ["clue-true:1:0", "clue-false:1:0", "clue-hand:1:0", "clue-to:1,4:0", "clue-new:1:0"])
def test_a_sender_or_stranger_to_the_clue_decides_nothing(office: Office, chen: Person, wang: Person, key: str) -> None:
    li = office.person("li", "liaison", "西夏墅镇")
    chen.send(f"线索 {SECRET}")

    for person in (chen, li):
        assert "没有改动任何东西" in person.press_key(key)
    (clue,) = read(office, clues.of_campaign_in, 1)
    assert (clue.state, clue.verifier_id) == ("waiting", None)


def test_the_verifying_department_does_not_hand_it_on(office: Office, chen: Person, wang: Person, zhi: Person) -> None:
    chen.send(f"线索 {SECRET}")
    hand_over(wang)

    assert "只有考核办能做" in zhi.press_key("clue-to:1,3:0")


@pytest.mark.parametrize("key", ["clue-true:9:0", "clue-true:x:0", "clue-same:1,9:0", "clue-to:1,99:0", "clue-see:9:0"])
def test_a_forged_button_changes_nothing(office: Office, chen: Person, wang: Person, key: str) -> None:
    chen.send(f"线索 {SECRET}")

    wang.press_key(key)

    (clue,) = read(office, clues.of_campaign_in, 1)
    assert (clue.state, clue.verifier_id) == ("waiting", None)


def test_only_liaisons_give_clues_and_never_in_a_group(office: Office, chen: Person) -> None:
    boss = office.person("boss", "leader")

    assert "只有联络员能报" in boss.send(f"线索 {SECRET}")
    chen.send(f"线索 {SECRET}", in_group=True)
    assert read(office, clues.of_campaign_in, 1) == []


def test_an_empty_clue_is_asked_for(chen: Person) -> None:
    chen.send("线索")

    assert "线索还没有写" in chen.send("x")
