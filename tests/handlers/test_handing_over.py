"""交接: both work until the day, then the old membership ends; what was done stays under who did it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from papers import ask, proof
from talk import ZONE, Office, Person
from told import facts

from handlers.people import handing_over_day
from storage import audit, invitations, people

MONDAY = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)
"""10 o'clock on the first working day from the handover's on."""


@pytest.fixture
def wang(office: Office) -> Person:
    return office.person("wang", "office")


def named(office: Office, address: str, unit: str | None, name: str, role: str = "liaison") -> Person:
    made = office.run(
        invitations.invite(office.database, office.now, "test", office.campaign, role, unit=unit, name=name)
    )
    someone = Person(office, address)
    someone.start(made.code)
    return someone


@pytest.fixture
def chen(office: Office, wang: Person) -> Person:
    """孟河镇's liaison, by her name."""
    return named(office, "chen", "孟河镇", "陈芳")


def liaisons(office: Office) -> list[str]:
    async def read() -> list[str]:
        async with office.database.read() as connection:
            members = await people.members_in(connection, office.campaign.id)
        return [m.name for m in members if m.unit == "孟河镇" and m.role == "liaison"]

    return office.run(read())  # type: ignore[no-any-return]


def tick(office: Office, now: datetime = MONDAY) -> int:
    office.now = now
    return office.run(handing_over_day.tick(office.database, now, ZONE))  # type: ignore[no-any-return]


def code_in(text: str) -> str:
    return text.split("邀请码：")[1].split()[0]


def unbroken(office: Office) -> bool:
    async def walk() -> Any:
        async with office.database.read() as connection:
            return (await audit.walk(connection)).broken

    return office.run(walk()) == ()


def hand_over(wang: Person, words: str = "交接 孟河镇 给李四 11月30日起，材料在三号柜") -> str:
    wang.send(words)
    return wang.press("确认交接")


def test_the_office_hands_a_unit_to_somebody_new_by_an_invitation(office: Office, chen: Person, wang: Person) -> None:
    said = wang.send("交接 孟河镇 给李四 11月30日起，材料在三号柜")
    assert "孟河镇：陈芳 → 李四，11月30日起" in said
    assert "留的话：材料在三号柜" in said
    assert liaisons(office) == ["陈芳"]

    said = wang.press("确认交接")

    assert "孟河镇从11月30日起由 李四 接手" in said
    Person(office, "li").start(code_in(said))
    assert liaisons(office) == ["陈芳", "李四"]  # both until the day
    assert "由 李四 接手" in chen.rows()[-1]["text"]


def test_on_the_day_the_old_one_is_relieved_and_everybody_hears_of_it(
    office: Office, chen: Person, wang: Person
) -> None:
    chen.send_file("不知道是什么.pdf")
    chen.press_key("ans:1,xinbei-2011-towns,1.1,,0:0")
    li = Person(office, "li")
    li.start(code_in(hand_over(wang)))

    assert tick(office) == 1

    assert liaisons(office) == ["李四"]
    summary = li.rows()[-1]["text"]
    assert "从今天起孟河镇由您负责，陈芳填过的都在" in summary
    assert "已填 1/" in summary
    assert "待归类材料 1 份" in summary
    assert "留的话：材料在三号柜" in summary
    assert "谢谢" in chen.rows()[-1]["text"]
    assert "交接办完" in wang.rows()[-1]["text"]
    assert unbroken(office)
    assert tick(office) == 0


def test_the_relieved_one_can_do_nothing_more_and_what_she_said_stays(
    office: Office, chen: Person, wang: Person
) -> None:
    chen.press_key("ans:1,xinbei-2011-towns,1.1,,0:0")
    Person(office, "li").start(code_in(hand_over(wang)))
    tick(office)

    for said in (chen.press_key("ans:1,xinbei-2011-towns,1.2,,0:0"), chen.send("清单"), chen.send_file("x.pdf")):
        assert "邀请" in said
    assert facts(office) == {"1.1": True}
    wang.send("单位 孟河镇")
    record = wang.press("经办记录")
    assert "2026-11-21 陈芳：加入、填报 1 条" in record
    assert "2026-11-30 陈芳：交出" in record


def test_before_the_day_and_at_night_nothing_changes(office: Office, chen: Person, wang: Person) -> None:
    Person(office, "li").start(code_in(hand_over(wang)))

    assert tick(office, datetime(2026, 11, 27, 2, 0, tzinfo=UTC)) == 0
    assert tick(office, datetime(2026, 11, 30, 14, 0, tzinfo=UTC)) == 0
    assert liaisons(office) == ["陈芳", "李四"]


def test_while_nobody_has_joined_the_old_one_stays_and_the_office_is_told_once(
    office: Office, chen: Person, wang: Person
) -> None:
    code = code_in(hand_over(wang))

    assert (tick(office), tick(office)) == (0, 0)
    assert liaisons(office) == ["陈芳"]
    assert [row["text"][:11] for row in wang.rows() if "还没用邀请码" in row["text"]] == ["孟河镇今天该交给 李四"]

    Person(office, "li").start(code)
    assert tick(office) == 1
    assert liaisons(office) == ["李四"]


def test_a_code_sent_again_counts_for_the_handover_too(office: Office, chen: Person, wang: Person) -> None:
    hand_over(wang)
    code = code_in(wang.send("邀请 孟河镇 李四"))
    Person(office, "li").start(code)

    assert tick(office) == 1
    assert liaisons(office) == ["李四"]


def test_somebody_of_the_campaign_takes_over_without_an_invitation(office: Office, chen: Person, wang: Person) -> None:
    li = named(office, "li", "西夏墅镇", "李四")

    assert "接手的是已经加入的 李四（西夏墅镇）" in wang.send("交接 孟河镇 给李四 11月30日起")
    assert "邀请码" not in wang.press("确认交接")

    assert "由您接手陈芳的考核填报" in li.rows()[-1]["text"]
    assert liaisons(office) == ["陈芳", "李四"]
    tick(office)
    assert liaisons(office) == ["李四"]


def test_another_person_of_that_name_is_invited(office: Office, chen: Person, wang: Person) -> None:
    named(office, "li", "西夏墅镇", "李四")
    wang.send("交接 孟河镇 给李四 11月30日起")

    assert "李四还没加入，会发一个邀请" in wang.press("不是，发邀请")
    assert "邀请码" in wang.press("确认交接")


def test_a_liaison_proposes_and_the_office_agrees(office: Office, chen: Person, wang: Person) -> None:
    assert "要考核办同意才开始" in chen.send("交接 给李四 11月30日起")
    assert "同意之前一切照旧" in chen.press("确认交接")
    assert "孟河镇的陈芳要交接给 李四" in wang.rows()[-1]["text"]

    Person(office, "li").start(code_in(wang.press("同意")))
    tick(office)

    assert liaisons(office) == ["李四"]


def test_the_office_may_say_no(office: Office, chen: Person, wang: Person) -> None:
    chen.send("交接 给李四 11月30日起")
    chen.press("确认交接")
    agree = wang.key("同意")

    assert "不办了（考核办撤销）" in wang.press("不同意")

    assert "不办了" in chen.rows()[-1]["text"]
    assert "已经定过了" in wang.press_key(agree)
    assert tick(office) == 0
    assert liaisons(office) == ["陈芳"]


def test_put_down_after_it_began_the_successor_goes_again(office: Office, chen: Person, wang: Person) -> None:
    named(office, "li", "西夏墅镇", "李四")
    hand_over(wang, "交接 孟河镇 给李四 11月30日起")

    wang.press("撤销")

    assert liaisons(office) == ["陈芳"]
    assert tick(office) == 0


def test_put_down_the_invitation_is_worth_nothing(office: Office, chen: Person, wang: Person) -> None:
    code = code_in(hand_over(wang))
    wang.press("撤销")

    assert "作废" in Person(office, "li").start(code)
    assert liaisons(office) == ["陈芳"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("交接", "交接请一句话写明"),
        ("交接 孟河镇", "交接请一句话写明"),
        ("交接 孟河镇 给李四", "交接请一句话写明"),
        ("交接 西夏墅 给李四 12月1日起", "没有联络员，不用交接"),
    ],
)
def test_what_is_missing_is_asked_for(chen: Person, wang: Person, words: str, said: str) -> None:
    assert said in wang.send(words)


def test_the_words_asked_for_may_come_without_the_command(office: Office, chen: Person, wang: Person) -> None:
    chen.send("交接")

    assert "陈芳 → 李四，11月30日起" in chen.send("给李四 11月30日起")


@pytest.mark.parametrize(
    "words",
    [
        "把孟河镇交给李四，11月30日起",
        "孟河镇交接给李四11月30日起",
        "交接孟河镇给李四 11月30日起",
        "将孟河镇的工作移交给李四，11月30日开始",
        "由李四接手孟河镇，11月30日起",
        "交接给李四 孟河镇 11月30日起",
    ],
)
def test_the_office_hands_over_in_words_of_its_own(office: Office, chen: Person, wang: Person, words: str) -> None:
    assert "陈芳 → 李四，11月30日起" in wang.send(words)


@pytest.mark.parametrize("words", ["交接给李四11月30日起", "把我的工作交给李四，11月30日起", "由李四接手，11月30日起"])
def test_a_liaison_hands_over_in_words_of_her_own(office: Office, chen: Person, wang: Person, words: str) -> None:
    assert "陈芳 → 李四，11月30日起" in chen.send(words)


def test_where_only_the_day_is_lacking_the_day_alone_is_enough(office: Office, chen: Person, wang: Person) -> None:
    for person, words in ((wang, "把孟河镇交给李四"), (chen, "交接给李四")):
        assert "从哪天起交给李四？" in person.send(words)
        assert "陈芳 → 李四，11月30日起" in person.send("11月30日")


def test_of_the_office_the_unit_is_asked_where_it_was_not_said(office: Office, chen: Person, wang: Person) -> None:
    assert "从哪天起" not in wang.send("交接给李四 11月30日起")
    assert "陈芳 → 李四，11月30日起" in wang.send("孟河镇")


@pytest.mark.parametrize("words", ["交接清单", "把整改通知书交给企业了", "材料移交给档案局", "由企业负责"])
def test_what_is_handed_to_others_is_no_handover_of_a_unit(chen: Person, words: str) -> None:
    assert "交接" not in chen.send(words).replace(words, "")


@pytest.mark.parametrize("day", ["11月1日", "2027年6月1日"])
def test_a_day_that_cannot_be_says_so(chen: Person, wang: Person, day: str) -> None:
    wang.send(f"交接 孟河镇 给李四 {day}起")

    assert "交接的日子要在今天到" in wang.press("确认交接")


def test_one_at_a_time(chen: Person, wang: Person) -> None:
    hand_over(wang)

    assert "已有一次交接在办（给李四）" in hand_over(wang, "交接 孟河镇 给赵六 11月30日起")


def test_of_two_liaisons_it_is_asked_who_leaves(office: Office, chen: Person, wang: Person) -> None:
    named(office, "sun", "孟河镇", "孙七")
    assert "交出的是哪一位" in wang.send("交接 孟河镇 给李四 11月30日起")

    assert "陈芳 → 李四" in wang.press("陈芳")
    Person(office, "li").start(code_in(wang.press("确认交接")))
    tick(office)

    assert liaisons(office) == ["孙七", "李四"]


@pytest.mark.parametrize(
    "key", ["handover-yes:1:0", "handover-no:1:0", "handover-go::1", "handover-pick:to,1:1", "doings:1:0"]
)
@pytest.mark.parametrize(
    ("role", "unit"), [("liaison", "西夏墅镇"), ("leader", "孟河镇"), ("provider", "质监分局"), ("expert", None)]
)
def test_nobody_else_decides_or_sees(
    office: Office, chen: Person, wang: Person, key: str, role: str, unit: str | None
) -> None:
    chen.send("交接 给李四 11月30日起")
    chen.press("确认交接")
    other = named(office, "other", unit, "外人", role)

    said = other.press_key(key)

    assert "李四" not in said
    assert "陈芳" not in said
    assert "接手" in wang.press("同意")  # it still waits


def test_a_leader_of_the_office_sees_the_record_and_decides_nothing(office: Office, chen: Person, wang: Person) -> None:
    chen.send("交接 给李四 11月30日起")
    chen.press("确认交接")
    boss = named(office, "boss", None, "局长", "leader")

    assert "陈芳：加入" in boss.press_key("doings:1:0")
    boss.press_key("handover-yes:1:0")
    boss.press_key("handover-no:1:0")
    assert "接手" in wang.press("同意")


@pytest.mark.parametrize(
    "key",
    ["handover-yes:9:0", "handover-no:9:0", "handover-yes::0", "handover-go::9", "handover-pick:to,9:1", "doings:9:0"],
)
def test_a_forged_button_does_nothing(office: Office, chen: Person, wang: Person, key: str) -> None:
    for person in (chen, wang):
        assert person.press_key(key)
    assert liaisons(office) == ["陈芳"]


def test_nobody_of_the_office_decides_for_the_own_unit(office: Office, chen: Person, wang: Person) -> None:
    chen.send("交接 给李四 11月30日起")
    chen.press("确认交接")
    wang.start(office.invite("liaison", "孟河镇"))

    assert "接手" not in wang.press_key("handover-yes:1:0")
    assert tick(office) == 0


def test_a_removed_person_can_do_nothing_with_whatever_is_left_on_the_screen(
    office: Office, chen: Person, wang: Person
) -> None:
    chen.press_key("ans:1,xinbei-2011-towns,1.1,,0:0")
    ask(chen, "1.2")
    chen.send_file("会议纪要.pdf")
    proof(chen, "1.2")
    chen.send("清单")
    chen.send("交接 给李四 11月30日起")
    keys = sorted({option["key"] for row in chen.rows() for option in row["options"]})
    assert len(keys) > 10

    office.run(people.remove(office.database, office.now, "test", 2, office.campaign.id))

    for key in keys:
        assert "邀请" in chen.press_key(key)
    assert facts(office) == {"1.1": True}  # what was said stays
