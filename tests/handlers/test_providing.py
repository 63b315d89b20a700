"""确认数据 of a lead department: several towns in one message, read back first; their proof of that clause and no other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from talk import ZONE, Office, Person
from year_end import lock

from channels import keys
from handlers.review import reviewing_news
from storage import answers, people, unit_facts, verdicts
from storage.editions import in_force
from storage.roster import RosterUnit, Target

RUBRICS = ("xinbei-2011-towns", "xinbei-2011-departments", "xinbei-2011-tasks")
TOWNS, _, TASKS = (in_force(ident, {}) for ident in RUBRICS)
BUREAU = 4
UNITS = [
    RosterUnit(
        "孟河镇", "镇", ("孟河",), (), (Target(TOWNS.id, "4.2", Decimal(5)), Target(TOWNS.id, "2.4", Decimal(3)))
    ),
    RosterUnit("西夏墅镇", "镇", (), (), (Target(TOWNS.id, "4.2", Decimal(5)),)),
    RosterUnit("环保局", "部门", (), (), ()),
    RosterUnit("质监分局", "部门", ("质监",), (), ()),
]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path / "data", RUBRICS, UNITS)
    yield made
    made.close()


@pytest.fixture
def zhou(office: Office, chen: Person) -> Person:
    """质监分局's provider; chen is 孟河镇's liaison."""
    return office.person("zhou", "provider", "质监分局")


def verified(office: Office, ident: str, unit_id: int = 1) -> Any:
    return office.run(unit_facts.read(office.database, unit_id, TOWNS)).verified.get(ident)


def own(office: Office, ident: str = "5.3") -> Any:
    return office.run(answers.current(office.database, BUREAU, TASKS.id)).get(ident)


def answer(office: Office, ident: str, fact: object, unit_id: int = 1) -> None:
    office.run(answers.record(office.database, office.now, 1, unit_id, TOWNS, ident, fact, said=str(fact)))


def given(office: Office, ident: str = "4.2", unit_id: int = 1) -> list[tuple[str, str, str]]:
    async def read() -> Any:
        async with office.database.read() as connection:
            found = await verdicts.history_in(connection, unit_id, TOWNS.id, ident)
        return [(one.kind, one.how, one.reason) for one in found]

    return office.run(read())  # type: ignore[no-any-return]


def test_one_message_confirms_several_towns_after_it_was_read_back(office: Office, zhou: Person) -> None:
    text = zhou.send("确认数据 采标完成 孟河6 西夏墅4")

    assert "孟河镇 6 只：任务 5 只，完成" in text
    assert "西夏墅镇 4 只：任务 5 只，没完成\n" in text
    assert "各镇合计 10 只 / 全区 40，差 30，只算一次" in text
    assert verified(office, "4.2") is None
    assert own(office) is None

    text = zhou.press("确认")

    assert "已确认" in text
    assert (verified(office, "4.2"), verified(office, "4.2", 2)) == (True, False)
    assert own(office).fact == 10


def test_the_message_needs_no_command_before_it(office: Office, zhou: Person) -> None:
    assert "请核对" in zhou.send("采标完成 孟河6 西夏墅4")
    zhou.press("确认")

    assert (verified(office, "4.2"), verified(office, "4.2", 2)) == (True, False)
    assert "请核对" not in zhou.send("孟河镇今天有6个人来问采标")


@pytest.mark.parametrize(
    "words",
    ["采标 孟河镇 6只、西夏墅镇 4只", "采标产品：孟河６，西夏墅４", "采标验收 西夏墅4 孟河6", "孟河采标6 西夏墅4"],
)
def test_figures_are_understood_as_people_write_them(office: Office, zhou: Person, words: str) -> None:
    zhou.send("确认数据")
    zhou.send(words)
    zhou.press("确认")

    assert (verified(office, "4.2"), verified(office, "4.2", 2)) == (True, False)


def test_one_figure_for_each_of_several_towns_needs_the_word(office: Office, zhou: Person) -> None:
    assert "没看懂" in zhou.send("确认数据 采标 孟河、西夏墅 6")

    zhou.send("采标 孟河、西夏墅 各6")
    zhou.press("确认")

    assert (verified(office, "4.2"), verified(office, "4.2", 2)) == (True, True)


@pytest.mark.parametrize(
    "words", ["采标完成 6 孟河", "采标 孟河6 孟河7", "采标 孟河6 西夏墅", "采标 薛家6", "采标 孟河"]
)
def test_what_cannot_be_understood_is_said_and_nothing_is_kept(office: Office, zhou: Person, words: str) -> None:
    text = zhou.send(f"确认数据 {words}")

    assert "没有记下任何数" in text
    assert "确认" not in zhou.labels


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("采标完成 孟河6 孟河7", "孟河镇写了 6 和 7，不知道哪个对，"),
        ("采标完成 孟河-6", "“采标完成孟河-6”里有减号，没看懂是多少，"),
        ("采标完成 孟河负6", "“采标完成孟河负6”里有减号，没看懂是多少，"),
        ("采标完成 孟河六只，西夏墅没完成", "西夏墅镇没有写是多少，"),
    ],
)
def test_why_figures_were_not_understood_is_said_without_the_command_too(
    office: Office, zhou: Person, words: str, why: str
) -> None:
    text = zhou.send(words)

    assert text.startswith(why + "没有记下任何数。")
    assert "确认" not in zhou.labels


def test_a_figure_that_takes_the_place_of_another_says_so(office: Office, zhou: Person) -> None:
    first = zhou.send("采标完成 孟河6")
    zhou.press("确认")

    second = zhou.send("采标完成 孟河5")

    assert "原来" not in first
    assert "孟河镇 5 只（原来确认的是 6 只）：任务 5 只，完成" in second
    assert "孟河镇 5 只（原来确认的是 6 只）：任务 5 只，完成" in zhou.press("确认")


def test_which_target_is_asked_where_the_words_leave_it_open(office: Office, zhou: Person) -> None:
    assert "哪一项" in zhou.send("确认数据 孟河2")
    assert "江苏名牌" in zhou.labels

    text = zhou.press("江苏名牌")

    assert "还等常州名牌的数" in text
    zhou.press("确认")
    assert verified(office, "2.4") is None
    zhou.send("确认数据 常州名牌 孟河1")
    zhou.press("确认")
    assert verified(office, "2.4") is True


def test_why_the_own_row_did_not_follow_is_said_as_it_is(office: Office, zhou: Person) -> None:
    about = (office.database, office.now, 1, BUREAU, TASKS, "5.3", 40)
    office.run(answers.record(*about, said="40"))
    zhou.send("采标完成 孟河6")
    answered = zhou.press("确认")
    office.run(answers.record(*about[:-1], None, state="withdrawn"))
    lock(office)

    zhou.send("采标完成 西夏墅4")
    locked = zhou.press("确认")

    assert "；联络员填的是 40 只，没有动" in answered
    assert "；自评已经截止，这一行没有动，要改请考核办复开" in locked
    assert "联络员" not in locked


def test_a_figure_that_contradicts_the_town_says_so_and_tells_it_why(office: Office, zhou: Person) -> None:
    answer(office, "4.2", True)

    text = zhou.send("确认数据 采标 孟河4")
    zhou.press("确认")

    assert "和单位填报的不一样" in text
    assert given(office) == [("change", "provider", "牵头部门确认 4 只，任务 5 只")]


def test_what_the_office_has_settled_otherwise_stands(office: Office, zhou: Person) -> None:
    wang = office.person("wang", "office")
    answer(office, "4.2", True)
    wang.send("核查 孟河镇 4.2")
    wang.press("改分")
    wang.press("否")
    wang.send("验收证书是去年的")
    before = given(office)

    text = zhou.send("采标完成 孟河6")

    assert "孟河镇 6 只：没有记，考核办已核定为“否”，要改请先找考核办" in text
    assert "确认" not in zhou.labels
    assert (given(office), verified(office, "4.2")) == (before, False)


def test_a_figure_that_agrees_with_the_office_is_kept_beside_its_verdict(office: Office, zhou: Person) -> None:
    wang = office.person("wang", "office")
    answer(office, "4.2", True)
    wang.send("核查 孟河镇 4.2")
    wang.press("通过")

    zhou.send("采标完成 孟河6")
    zhou.press("确认")

    assert given(office) == [("pass", "seen", "")]
    assert own(office).fact == 6


def test_an_answer_the_office_sent_back_waits_for_the_unit(office: Office, zhou: Person) -> None:
    wang = office.person("wang", "office")
    answer(office, "4.2", True)
    wang.send("核查 孟河镇 4.2")
    wang.press("退回")
    wang.send("缺验收证书")

    refused = zhou.send("采标完成 孟河6")
    answer(office, "4.2", True)
    taken = zhou.send("采标完成 孟河6")

    assert "没有记，考核办已退回给单位，单位补了才能再核" in refused
    assert "孟河镇 6 只：任务 5 只，完成" in taken


def test_an_appeal_against_a_department_is_for_the_office_to_answer(office: Office, chen: Person, zhou: Person) -> None:
    wang = office.person("wang", "office")
    office.now = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    answer(office, "4.2", True)
    zhou.send("采标完成 孟河4")
    zhou.press("确认")
    wang.send("核查 结束")
    office.now += timedelta(hours=1)
    office.run(reviewing_news.tick(office.database, office.now, ZONE))
    chen.send("申诉")
    chen.press("采标任务")
    chen.send("还有两只没有算")

    waiting = zhou.send("采标完成 孟河6")
    wang.send("申诉")
    wang.press("维持")
    wang.send("两只是去年的")
    upheld = zhou.send("采标完成 孟河6")

    assert "没有记，单位对这一条的申诉还没答复，请等考核办答复" in waiting
    assert "没有记，考核办答复申诉时已维持这一条，要改请先找考核办" in upheld
    assert verified(office, "4.2") is False


def test_a_department_neither_passes_nor_sends_back_what_the_office_has_settled(office: Office, zhou: Person) -> None:
    wang = office.person("wang", "office")
    answer(office, "4.2", True)
    see(zhou)
    old = [zhou.key(label) for label in ("通过", "退回")]
    office.now += timedelta(minutes=11)  # nobody looks at it any more
    wang.send("核查 孟河镇 4.2")
    wang.press("通过")
    wang.send("核查 结束")

    text, offered = see(zhou), zhou.labels
    pressed = [zhou.press_key(key) for key in old]
    typed = zhou.press_key(old[1].replace("pv-back", "pv-why"))

    assert "现在：已核，是考核办定的，要改请先找考核办" in text
    assert offered == ["看各镇"]
    assert all("考核办已核定为“是”，要改请先找考核办" in said for said in (*pressed, typed))
    assert given(office) == [("pass", "seen", "")]


def test_what_a_town_changed_between_reading_back_and_confirming_is_left(office: Office, zhou: Person) -> None:
    zhou.send("确认数据 采标 孟河6 西夏墅6")
    answer(office, "4.2", False)

    text = zhou.press("确认")

    assert "孟河镇 6 只：没有记" in text
    assert (verified(office, "4.2"), verified(office, "4.2", 2)) == (None, True)


def test_a_replayed_confirmation_counts_once(office: Office, zhou: Person) -> None:
    zhou.send("确认数据 采标 孟河6")
    key = zhou.key("确认")
    zhou.press_key(key)

    assert "没有改动任何东西" in zhou.press_key(key)
    assert len(given(office)) == 1


def test_a_dropped_draft_is_confirmed_no_more(office: Office, zhou: Person) -> None:
    zhou.send("确认数据 采标 孟河6")
    key = zhou.key("确认")

    assert "没有记下" in zhou.press("取消")
    assert "没有改动任何东西" in zhou.press_key(key)
    assert verified(office, "4.2") is None


def test_a_department_without_such_rows_is_told(office: Office) -> None:
    wu = office.person("wu", "provider", "环保局")

    assert "没有牵头" in wu.send("确认数据")
    assert "没有改动任何东西" in wu.press_key(keys.pack("pv-row", TOWNS.id, "4.2"))


def see(person: Person, verb: str = "pv-see", ident: str = "4.2", unit_id: int = 1) -> str:
    return person.press_key(keys.pack(verb, unit_id, TOWNS.id, ident))


def test_the_proof_of_a_town_is_seen_and_passed_by_the_lead_department(
    office: Office, chen: Person, zhou: Person
) -> None:
    chen.press_key(keys.pack("ask", 1, TOWNS.id, "4.2"))
    chen.send("是")
    chen.send_file("采标证书.pdf")

    assert "孟河镇：待核" in zhou.press_key(keys.pack("pv-row", TOWNS.id, "4.2"))
    text = zhou.press("孟河镇")
    assert "采标证书.pdf" in text
    assert [row["file"]["name"] for row in zhou.rows() if row["file"]] == ["采标证书.pdf"]
    assert "通过：孟河镇" in zhou.press("通过")

    assert given(office) == [("pass", "provider", "")]


def test_an_answer_is_sent_back_with_a_reason_pressed_or_typed(office: Office, zhou: Person) -> None:
    answer(office, "4.2", True)
    answer(office, "4.2", True, 2)
    see(zhou)
    zhou.press("退回")
    zhou.press("与所报不符")
    see(zhou, unit_id=2)
    zhou.press("退回")

    assert "理由" in zhou.send("缺")
    zhou.send("证书过期了")

    assert [one[::2] for one in given(office)] == [("return", "与所报不符")]
    assert [one[::2] for one in given(office, unit_id=2)] == [("return", "证书过期了")]


def test_what_a_department_sends_back_names_it_to_the_town_and_in_the_record(
    office: Office, chen: Person, zhou: Person
) -> None:
    wang = office.person("wang", "office")
    office.now = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # a working day, so that returns are told at once
    answer(office, "4.2", True)
    answer(office, "1.1", True)
    see(zhou)
    zhou.press("退回")
    zhou.press("与所报不符")
    wang.press_key(keys.pack("rv-see", 1, TOWNS.id, "1.1"))
    wang.press("退回")
    wang.press("与所报不符")
    wang.send("核查 结束")

    told = chen.rows()[-1]["text"]
    record = wang.press_key(keys.pack("doings", 1))

    assert [one[:2] for one in given(office)] == [("return", "provider")]
    assert "与所报不符（质监分局退回）" in told
    assert told.count("退回）") == 1
    assert "（质监分局）：核查 1 条" in record
    assert "没写姓名：核查 1 条" in record
    wang.press_key(keys.pack("rv-see", 1, TOWNS.id, "4.2"))
    assert "上次：质监分局" in wang.rows()[-1]["text"]


def test_a_button_of_an_earlier_version_decides_nothing(office: Office, zhou: Person) -> None:
    answer(office, "4.2", True)
    see(zhou)
    key = zhou.key("通过")
    answer(office, "4.2", False)

    assert "刚改过" in zhou.press_key(key)
    assert given(office) == []


def test_a_department_sees_no_other_clause_of_a_town(office: Office, zhou: Person) -> None:
    answer(office, "1.1", True)

    for verb in ("pv-see", "pv-pass", "pv-back", "pv-why"):
        parts = () if verb == "pv-see" else ("00000000",)
        key = keys.pack(verb, 1, TOWNS.id, "1.1", *parts)
        assert "没有改动任何东西" in zhou.press_key(key)
    assert given(office, "1.1") == []


def test_nobody_reviews_the_unit_they_belong_to(office: Office, chen: Person) -> None:
    answer(office, "4.2", True)
    chen.start(office.invite("provider", "质监分局"))

    assert "回避" in see(chen)
    text = chen.send("确认数据 采标 孟河6")
    assert "没有记" in text
    assert "确认" not in chen.labels


@pytest.mark.parametrize("role", ["liaison", "office", "leader", "expert"])
def test_each_other_role_gets_nothing(office: Office, chen: Person, role: str) -> None:
    answer(office, "4.2", True)
    basis = office.run(unit_facts.read(office.database, 1, TOWNS)).bases.of("4.2")[:8]
    other = office.person("other", role, "环保局" if role == "liaison" else None)

    said = [other.send("确认数据"), other.send("确认数据 采标 孟河6"), see(other)]
    said += [other.press_key(keys.pack(verb, 1, TOWNS.id, "4.2", basis)) for verb in ("pv-pass", "pv-back", "pv-why")]
    said += [other.press_key(keys.pack("pv-go", version=1)), other.press_key(keys.pack("pv-row", TOWNS.id, "4.2"))]

    assert all("牵头部门" in text for text in said)
    assert given(office) == []


def test_a_stranger_and_one_who_was_removed_get_nothing(office: Office, zhou: Person) -> None:
    answer(office, "4.2", True)
    see(zhou)
    key = zhou.key("通过")
    office.now += timedelta(minutes=1)
    office.run(_remove(office, 2))

    assert "邀请" in zhou.press_key(key)
    assert "邀请" in Person(office, "nobody").press_key(key)
    assert given(office) == []


async def _remove(office: Office, person_id: int) -> None:
    async with office.database.write() as connection:
        await people.remove_in(connection, office.now, "test", person_id, office.campaign.id)
