"""What was sent back or changed arrives as one message, once the reviewer has left or after half an hour, in office hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from talk import ZONE, Office, Person

from channels import keys
from handlers.review import reviewing_news
from handlers.status import status_line
from reminders.known import owed_in
from storage import answers, phases, verdicts
from storage.editions import in_force

TOWNS = "xinbei-2011-towns"
RUBRIC = in_force(TOWNS, {})
MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday, 10:00 in the office's zone


@pytest.fixture
def wang(office: Office, chen: Person) -> Person:
    """Somebody of the office, on a working morning; 孟河镇 has answered three clauses."""
    wang = office.person("wang", "office")
    office.now = MORNING
    for ident, fact in (("1.1", True), ("1.3", True), ("10.2", 4)):
        answer(office, ident, fact)
    return wang


def answer(office: Office, ident: str, fact: object, unit_id: int = 1, person_id: int = 1) -> None:
    office.run(answers.record(office.database, office.now, person_id, unit_id, RUBRIC, ident, fact, said=str(fact)))


def send_back(reviewer: Person, ident: str, reason: str = "与所报不符", unit_id: int = 1) -> None:
    reviewer.press_key(keys.pack("rv-see", unit_id, TOWNS, ident))
    reviewer.press("退回")
    reviewer.send(reason)


def change(reviewer: Person) -> None:
    reviewer.press_key(keys.pack("rv-see", 1, TOWNS, "10.2"))
    reviewer.press("改分")
    reviewer.press("3 条")
    reviewer.press("重复计数")


def told(person: Person) -> list[dict[str, Any]]:
    return [row for row in person.rows() if not row["mine"] and row["text"].startswith("考核办核查")]


def tick(office: Office) -> int:
    return office.run(reviewing_news.tick(office.database, office.now, ZONE))  # type: ignore[no-any-return]


def owed(office: Office) -> list[str]:
    async def read() -> Any:
        async with office.database.read() as connection:
            return await owed_in(connection, 1, 1, ZONE)

    return [one.what for one in office.run(read()) if one.kind == "returned"]


def test_nothing_is_said_while_the_reviewer_is_at_the_unit(office: Office, chen: Person, wang: Person) -> None:
    send_back(wang, "1.1")
    send_back(wang, "1.3")

    assert told(chen) == []
    assert owed(office) == []
    assert "退回" not in chen.send("清单")


def test_ending_the_review_tells_all_at_once(office: Office, chen: Person, wang: Person) -> None:
    send_back(wang, "1.1", "缺分工文件")
    send_back(wang, "1.3", "与所报不符")
    change(wang)

    text = wang.send("核查 结束")

    assert "已告诉 孟河镇" in text
    (message,) = told(chen)
    assert "退回 2 项，共 3 分；改分 1 项" in message["text"]
    assert "【专人负责】缺分工文件" in message["text"]
    assert "自报 4 条 → 核定 3 条：重复计数" in message["text"]
    assert [option["label"] for option in message["options"]] == ["去补 1", "去补 2"]


@pytest.mark.parametrize("how", ["rv-unit:2:0", "核查 西夏墅镇"])
def test_choosing_another_unit_tells_the_one_before(office: Office, chen: Person, wang: Person, how: str) -> None:
    answer(office, "1.1", True, unit_id=2)
    send_back(wang, "1.1")

    (wang.press_key if ":" in how else wang.send)(how)

    assert len(told(chen)) == 1
    assert tick(office) == 0


def test_clauses_of_many_units_one_after_the_other_do_not_tell_each_by_itself(
    office: Office, chen: Person, wang: Person
) -> None:
    answer(office, "1.1", True, unit_id=2)
    wang.send("核查 1.1")
    wang.press("退回")
    wang.press("与所报不符")
    wang.press("通过")
    send_back(wang, "1.3")
    between = told(chen)
    office.now += timedelta(minutes=31)
    tick(office)

    assert between == []
    assert ["退回 2 项" in row["text"] for row in told(chen)] == [True]


def test_choosing_the_same_unit_again_says_nothing_yet(office: Office, chen: Person, wang: Person) -> None:
    send_back(wang, "1.1")

    wang.send("核查 孟河镇")

    assert told(chen) == []


def test_half_an_hour_is_long_enough(office: Office, chen: Person, wang: Person) -> None:
    send_back(wang, "1.1")
    office.now += timedelta(minutes=29)
    early = tick(office)
    office.now += timedelta(minutes=2)

    assert early == 0
    assert tick(office) == 1
    assert len(told(chen)) == 1
    assert tick(office) == 0


def test_a_crash_between_saying_and_noting_leaves_neither(
    office: Office, chen: Person, wang: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_back(wang, "1.1")
    office.now += timedelta(minutes=31)

    async def crash(*_: object) -> None:
        raise OSError("the machine stops here")

    with monkeypatch.context() as patched:
        patched.setattr(reviewing_news.verdicts, "told_in", crash)
        with pytest.raises(OSError, match="stops here"):
            tick(office)
    after_crash = told(chen)

    assert after_crash == []
    assert tick(office) == 1
    assert len(told(chen)) == 1


def test_what_would_be_said_after_hours_waits_for_the_next_working_morning(
    office: Office, chen: Person, wang: Person
) -> None:
    office.now = MORNING.replace(hour=9, minute=29)  # 17:29
    send_back(wang, "1.1")
    office.now = MORNING.replace(hour=10, minute=5)
    text = wang.send("核查 结束")
    at_night = tick(office)
    office.now = MORNING.replace(hour=1) + timedelta(days=1)

    assert "孟河镇 的退回和改分，上班时间一并告诉" in text
    assert at_night == 0
    assert tick(office) == 1
    assert len(told(chen)) == 1


def test_the_unit_waits_while_a_colleague_is_still_at_it(office: Office, chen: Person, wang: Person) -> None:
    li = office.person("li", "office")
    li.press_key(keys.pack("rv-see", 1, TOWNS, "10.2"))
    send_back(wang, "1.1")

    wang.send("核查 结束")

    assert told(chen) == []


def test_what_was_taken_back_or_mended_meanwhile_is_not_said(office: Office, chen: Person, wang: Person) -> None:
    send_back(wang, "1.1")
    wang.press("撤销")
    send_back(wang, "1.3")
    answer(office, "1.3", False)
    send_back(wang, "10.2", "缺第四条")

    wang.send("核查 结束")

    (message,) = told(chen)
    assert "退回 1 项" in message["text"]
    assert [option["label"] for option in message["options"]] == ["去补"]


def see(reviewer: Person, ident: str) -> None:
    reviewer.press_key(keys.pack("rv-see", 1, TOWNS, ident))


def test_a_told_verdict_that_is_taken_back_or_passed_after_all_is_told(
    office: Office, chen: Person, wang: Person
) -> None:
    send_back(wang, "1.1")
    change(wang)
    wang.send("核查 结束")
    undone = wang.press_key(keys.pack("rv-undo", 1))
    see(wang, "10.2")
    wang.press("通过")

    text = wang.send("核查 结束")

    assert "单位已经知道原来的结论，您离开这个单位时一并告诉他们" in undone
    assert "已告诉 孟河镇" in text
    assert told(chen)[-1]["text"] == (
        "考核办核查 孟河镇：改为通过 1 项；撤销原来的结论 1 项\n"
        "改为通过【信息上报】核定 4 条，原来的结论不算了\n"
        "撤销【专人负责】原来的结论不算了，重新核查以后再定"
    )
    office.now += timedelta(hours=1)
    assert tick(office) == 0


def test_what_became_of_a_told_verdict_is_told_after_half_an_hour_too(
    office: Office, chen: Person, wang: Person
) -> None:
    send_back(wang, "1.1")
    wang.send("核查 结束")
    see(wang, "1.1")
    wang.press("通过")
    office.now += timedelta(minutes=31)

    assert tick(office) == 1
    assert "改为通过【专人负责】核定 " in told(chen)[-1]["text"]
    assert tick(office) == 0


def test_passing_what_the_unit_has_mended_needs_no_message(office: Office, chen: Person, wang: Person) -> None:
    send_back(wang, "1.1")
    wang.send("核查 结束")
    answer(office, "1.1", True)
    see(wang, "1.1")
    wang.press("通过")
    wang.send("核查 结束")
    office.now += timedelta(hours=1)

    assert tick(office) == 0
    assert len(told(chen)) == 1


def test_what_ends_where_the_unit_was_told_it_stands_needs_no_message(
    office: Office, chen: Person, wang: Person
) -> None:
    see(wang, "1.1")
    wang.press("通过")
    (passed,) = office.run(newest(office))
    office.run(note_told(office, passed.id))
    wang.press("撤销")
    see(wang, "1.1")
    wang.press("通过")
    wang.send("核查 结束")

    assert told(chen) == []


async def newest(office: Office) -> list[verdicts.Verdict]:
    async with office.database.read() as connection:
        return await verdicts.of_campaign_in(connection, 1)


async def note_told(office: Office, verdict_id: int) -> None:
    async with office.database.write() as connection:
        await verdicts.told_in(connection, office.now, [verdict_id])


def test_a_return_is_owed_until_it_is_answered(office: Office, chen: Person, wang: Person) -> None:
    send_back(wang, "1.1", "缺分工文件")
    wang.send("核查 结束")
    before = owed(office)

    listed = chen.send("清单")
    mine = chen.send("我的得分")
    asked = chen.press("去补")
    chen.send("有")

    assert before == ["专人负责：被退回（缺分工文件），请修改或补材料"]
    assert "退回 1" in listed
    assert "退回 1 条：\n· 专人负责：缺分工文件" in mine
    assert "退回：缺分工文件" in asked
    assert owed(office) == []
    assert "退回 1" not in chen.send("清单")


def test_proof_alone_mends_a_return(office: Office, chen: Person, wang: Person) -> None:
    send_back(wang, "1.1", "缺分工文件")
    wang.send("核查 结束")

    chen.press("去补")
    chen.send_file("分工文件.pdf")

    assert owed(office) == []
    assert "变更待核" in wang.send("核查 孟河镇")


def test_a_return_can_be_mended_although_answers_are_locked(office: Office, chen: Person, wang: Person) -> None:
    async def close() -> None:
        async with office.database.write() as connection:
            await phases.set_in(connection, office.now, "test", 1, "自评", date(2026, 10, 1), date(2026, 11, 1))

    office.run(close())
    send_back(wang, "1.1", "缺分工文件")
    wang.send("核查 结束")

    chen.press("去补")
    sent = chen.send_file("分工文件.pdf")
    said = chen.send("有")

    assert "材料齐了" in sent
    assert "记下了：有" in said
    assert owed(office) == []


def test_the_status_line_counts_what_was_sent_back(office: Office, chen: Person, wang: Person) -> None:
    send_back(wang, "1.1", "缺分工文件")
    wang.send("核查 结束")

    line = office.run(status_line(office.database, "test", "chen", office.now, ZONE))

    assert "退回 1" in line


def test_the_next_thing_is_what_was_sent_back(office: Office, chen: Person, wang: Person) -> None:
    send_back(wang, "1.3", "缺名单")
    wang.send("核查 结束")

    assert "退回：缺名单" in chen.send("下一项")


def test_the_item_says_what_was_sent_back_settled_and_waits_again(office: Office, chen: Person, wang: Person) -> None:
    send_back(wang, "1.1", "缺分工文件")
    wang.press_key(keys.pack("rv-see", 1, TOWNS, "1.3"))
    wang.press("通过")
    wang.send("核查 结束")

    text = chen.press_key(keys.pack("item", 1, TOWNS, "1"))
    answer(office, "1.3", False)
    later = chen.press_key(keys.pack("item", 1, TOWNS, "1"))

    assert "专人负责：True，需补充 专人和部门分工文件，退回：缺分工文件" in text
    assert "质监协管员：True，需补充 协管人员名单，已核" in text
    assert "质监协管员：False，变更待核" in later


def test_without_a_liaison_it_is_told_to_who_joins_later(office: Office, wang: Person) -> None:
    answer(office, "1.1", True, unit_id=2, person_id=2)
    send_back(wang, "1.1", unit_id=2)
    office.now += timedelta(hours=1)

    nobody = tick(office)
    late = office.person("zhao", "liaison", "西夏墅镇")

    assert nobody == 0
    assert tick(office) == 1
    assert len(told(late)) == 1
