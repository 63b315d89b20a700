"""打假线索: for sender, office and the verifying department only; several on one case count once; the sender hears."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from talk import Office, Person

from rubrics import loader
from storage import clues, entries, evidence, unit_facts
from storage.roster import RosterUnit

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


def test_a_clue_the_typed_count_may_hold_already_says_that_it_added_nothing(
    office: Office, chen: Person, wang: Person
) -> None:
    chen.send("7.3")
    chen.send("1条")
    chen.send(f"线索 {SECRET}")

    said = wang.press("属实")

    assert "计一条" not in said
    assert "没有另外加分：单位自己填的条数里可能已经算了这一条" in said
    assert "没有另外加分：这一条单位自己已经填了 1 条" in chen.rows()[-1]["text"]
    assert counted(office) == (1, 1)
    chen.press("改条数")
    chen.send("2条")
    assert counted(office)[0] == 2


@pytest.mark.parametrize(
    "words",
    [f"打假线索：{SECRET}", f"举报线索：{SECRET}", f"举报 {SECRET}", f"报线索：{SECRET}", f"线索 {SECRET}"],
)
def test_what_people_call_a_clue_is_one(office: Office, chen: Person, wang: Person, words: str) -> None:
    assert "回执 线索2026-0001，待核实" in chen.send(words)

    assert SECRET in wang.rows()[-1]["text"]
    assert counted(office) == (None, None)


def test_a_clue_may_be_named_first_and_told_then(office: Office, chen: Person, wang: Person) -> None:
    assert "请写：什么地方" in chen.send("打假线索")

    assert "待核实" in chen.send(SECRET)
    assert counted(office) == (None, None)


def test_the_office_asks_for_them_in_the_same_words(chen: Person, wang: Person) -> None:
    chen.send(f"线索 {SECRET}")

    assert "· 线索1 孟河镇" in wang.send("打假线索")


def test_the_question_of_the_clause_leads_to_the_clue(office: Office, chen: Person, wang: Person) -> None:
    chen.send("7.3")
    assert "登记一条" not in chen.labels
    chen.press("报打假线索")

    assert "待核实" in chen.send(SECRET)
    assert counted(office) == (None, None)


@pytest.mark.parametrize("under_question", [True, False])
def test_words_that_tell_of_a_case_are_offered_as_a_clue(
    office: Office, chen: Person, wang: Person, under_question: bool
) -> None:
    colleague = office.person("qian", "liaison", "孟河镇")
    if under_question:
        chen.send("7.3")
    assert "像是一条新线索，先没有记" in chen.send("小河村三组李某半夜灌装假酒，我们举报给质监局")
    assert counted(office) == (None, None)

    assert "待核实" in chen.press("报这条线索")

    assert "小河村" in wang.rows()[-1]["text"]
    assert counted(office) == (None, None)
    colleague.send("7.3")
    assert "小河村" not in told(colleague)
    assert "没有改动" in chen.press_key("clue-give::1")


def test_only_the_count_is_kept_where_that_was_meant(office: Office, chen: Person) -> None:
    chen.send("质监局查了富民路假机油，是我们举报的")

    said = chen.press("只记核实了 1 条")

    assert "富民路" not in said
    assert counted(office)[0] == 1


def test_an_offered_clue_can_be_put_down(office: Office, chen: Person) -> None:
    chen.send("小河村三组李某半夜灌装假酒，我们举报给质监局")

    assert "没有记下" in chen.press("都不是")
    assert counted(office) == (None, None)
    assert read(office, clues.of_campaign_in, 1) == []


def test_a_case_with_a_day_is_no_entry_of_the_ledger(office: Office, chen: Person) -> None:
    chen.send("7.3")

    assert "像是一条新线索" in chen.send("11月3日小河村三组李某家里半夜灌装假酒")
    assert read(office, entries.of_clause_in, 1, TOWNS.id, "7.3") == []


@pytest.mark.parametrize("words", ["打假线索2条", "打假线索：2条", "线索 2条", "打假线索 查实2条"])
def test_a_count_in_the_words_of_a_clue_is_the_count(office: Office, chen: Person, words: str) -> None:
    if "确认" in {chen.send(words) and label for label in chen.labels}:
        chen.press("确认")

    assert counted(office)[0] == 2
    assert read(office, clues.of_campaign_in, 1) == []


def test_a_picture_with_a_clue_beneath_it_goes_with_the_clue(office: Office, chen: Person, wang: Person) -> None:
    assert "待核实" in chen.send_file("仓库.pdf", text=f"打假线索：{SECRET}")

    (clue,) = read(office, clues.of_campaign_in, 1)
    assert (clue.text, [file["name"] for file in clue.files]) == (SECRET, ["仓库.pdf"])
    assert read(office, evidence.of_unit_in, 1) == []


@pytest.mark.parametrize("key", ["clue-ask:3:0", "clue-ask:x:0", "clue-give::9", "clue-count::9", "clue-not::9"])
def test_a_forged_button_of_an_offer_does_nothing(office: Office, chen: Person, key: str) -> None:
    assert "没有改动任何东西" in chen.press_key(key)


@pytest.mark.parametrize("rubrics", [("xinbei-2011-towns", "xinbei-2011-departments"), ("xinbei-2011-departments",)])
def test_only_departments_verify(tmp_path: Path, rubrics: tuple[str, ...]) -> None:
    named = {"河海街道": "街道", "春江镇": "镇", "薛家镇": "镇", "质监分局": "部门", "工商分局": "部门"}
    units = [RosterUnit(name, category, (), (), ()) for name, category in named.items()]
    office = Office(tmp_path / "streets", rubrics, units)
    he, wang = office.person("he", "liaison", "河海街道"), office.person("wang", "office")
    chun = office.person("chun", "liaison", "春江镇")
    he.send(f"线索 {SECRET}")

    wang.press("转部门核实")

    assert wang.labels == ["质监分局", "工商分局"]
    assert "没有改动任何东西" in wang.press_key("clue-to:1,2:0")
    assert SECRET not in told(chun)
    office.close()


def test_of_a_departments_clue_another_department_hears(office: Office, wang: Person) -> None:
    hu = office.person("hu", "liaison", "环保局")
    hu.send(f"线索 {SECRET}")

    wang.press("转部门核实")

    assert wang.labels == ["质监分局"]


def test_a_picture_sent_before_the_offer_is_answered_goes_with_the_clue(office: Office, chen: Person) -> None:
    chen.send("7.3")
    chen.send("小河村三组李某半夜灌装假酒，我们举报给质监局")
    assert "发来的 1 个文件也等着" in chen.send_file("现场.pdf", text="这是现场")
    chen.press("报这条线索")

    (clue,) = read(office, clues.of_campaign_in, 1)
    assert "这是现场" in clue.text
    assert [file["name"] for file in clue.files] == ["现场.pdf"]
    assert read(office, evidence.of_unit_in, 1) == []


@pytest.mark.parametrize("label", ["只记核实了 1 条", "都不是"])
def test_a_picture_of_an_offer_that_is_no_clue_is_said_to_be_gone(office: Office, chen: Person, label: str) -> None:
    chen.send("小河村三组李某半夜灌装假酒，我们举报给质监局")
    chen.send_file("现场.pdf")

    assert "1 个文件没有留下" in chen.press(label)
    chen.send(f"线索 {SECRET}")
    assert read(office, clues.of_campaign_in, 1)[0].files == ()
