"""记情况: one message to many units, with its 依据 and what it costs; disputed, upheld or 不计; never one's own unit."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from talk import Office, Person

from channels import keys
from storage import audit, office_facts, scorecards

TOWNS = "xinbei-2011-towns"
NOTE = "孟河镇 拒检拒抽 1起 依据 常市监〔2026〕12号"


@pytest.fixture
def wang(office: Office) -> Person:
    """Somebody of the office."""
    return office.person("wang", "office")


@pytest.fixture
def points(office: Office, chen: Person) -> Person:
    """孟河镇 claims the 5 points of 6.2 in item 6."""
    chen.press_key(keys.pack("ask", 1, TOWNS, "6.2"))
    for _ in range(3):
        chen.send("100%")
    return chen


def booked(office: Office, unit_id: int = 1) -> list[tuple[str, Any, str, str]]:
    async def read() -> Any:
        async with office.database.read() as connection:
            found = await office_facts.of_unit_in(connection, unit_id)
        return [(one.criterion_id, one.fact, one.basis, one.state) for one in found]

    return office.run(read())


def total(office: Office, unit_id: int = 1) -> tuple[Decimal | None, Decimal | None]:
    """Claimed and verified total of a town."""
    rows = office.run(scorecards.summary(office.database, 1))
    row = next(row for row in rows if row.unit_id == unit_id and row.rubric_id == TOWNS)
    return row.claimed.total, row.verified.total


def test_one_sentence_is_read_back_with_its_cost_and_booked_on_confirmation(
    office: Office, points: Person, wang: Person
) -> None:
    before = total(office)[0]
    assert before == 5

    text = wang.send(NOTE)

    assert "【拒检拒抽】" in text
    assert "自报 5 → 0 分（-5）" in text
    assert booked(office) == []
    assert total(office)[0] == before
    assert "第 1 号 孟河镇 1 起，已通知 1 人" in wang.press("确认")
    assert booked(office) == [("6.4", 1, "常市监〔2026〕12号", "booked")]
    assert total(office)[0] == 0


def test_the_unit_is_told_at_once_with_the_points_and_may_dispute(office: Office, points: Person, wang: Person) -> None:
    wang.send(NOTE)
    wang.press("确认")

    told = points.rows()[-1]

    assert "第 1 号" in told["text"]
    assert "依据：常市监〔2026〕12号" in told["text"]
    assert "（-5）" in told["text"]
    assert [option["label"] for option in told["options"]] == ["有异议"]


def test_a_reading_back_leaves_nothing_behind(office: Office, wang: Person) -> None:
    wang.send(NOTE)

    async def chain() -> audit.Chain:
        async with office.database.read() as connection:
            return await audit.walk(connection)

    before = office.run(chain())
    assert "没有记" in wang.press("取消")
    after = office.run(chain())
    assert (after.rows, after.broken) == (before.rows, ())
    assert booked(office) == []


def test_one_message_settles_many_units(office: Office, chen: Person, wang: Person) -> None:
    text = wang.send("/fact 拒检拒抽，两镇均未发生，孟河 1 起，依据 区局通报")
    assert "孟河镇 1 起" in text
    assert "西夏墅镇 没发生" in text
    heard = len(chen.rows())

    wang.press("确认")

    assert booked(office, 1) == [("6.4", 1, "区局通报", "booked")]
    assert booked(office, 2) == [("6.4", 0, "区局通报", "booked")]
    assert len(chen.rows()) == heard + 1


def test_that_nothing_happened_disturbs_nobody(office: Office, chen: Person, wang: Person) -> None:
    heard = len(chen.rows())
    wang.send("/fact 各镇 拒检拒抽 没有 依据 区局通报")
    wang.press("确认")

    assert len(chen.rows()) == heard
    assert booked(office) == [("6.4", 0, "区局通报", "booked")]


def test_what_is_missing_is_asked_one_thing_at_a_time(office: Office, wang: Person) -> None:
    assert "一句话" in wang.send("记情况")
    assert "哪个单位" in wang.send("抽检不合格")
    assert "发生过许可、准入类产品抽检不合格没有" in wang.send("孟河镇、西夏墅镇")
    assert "依据是什么" in wang.send("2个")
    assert "孟河镇 2 个" in wang.send("省局通报")
    wang.press("确认")

    assert [booked(office, unit) for unit in (1, 2)] == [[("6.3", 2, "省局通报", "booked")]] * 2


def test_a_clause_is_chosen_from_buttons_where_words_do_not_say_it(office: Office, wang: Person) -> None:
    assert "“出事故”是哪一条" in wang.send("/fact 孟河镇 出事故 1起 依据 区安监〔2026〕9号")
    assert wang.labels[-2:] == ["都不是", "取消"]

    wang.press("特设事故")
    wang.press("确认")

    assert booked(office) == [("9.3a", 1, "区安监〔2026〕9号", "booked")]


def test_none_of_the_likely_clauses_shows_all_that_can_be_booked(wang: Person) -> None:
    wang.send("/fact 孟河镇 出事故 1起 依据 区安监〔2026〕9号")
    wang.press("都不是")

    labels = {option["label"] for row in wang.rows() for option in row["options"]}
    assert {"抽检不合格", "打假线索", "省质量奖", "制售假与曝光"} <= labels
    assert "专人负责" not in labels  # the unit answers that itself


def test_a_clause_that_was_guessed_wrongly_is_changed_in_one_tap(office: Office, wang: Person) -> None:
    wang.send("/fact 孟河镇 事故瞒报 1起 依据 区安监〔2026〕9号")
    wang.press("换一条")
    wang.press("特设事故")
    wang.press("确认")

    assert booked(office) == [("9.3a", 1, "区安监〔2026〕9号", "booked")]


def test_without_a_basis_nothing_is_booked(office: Office, wang: Person) -> None:
    wang.send("/fact 孟河镇 拒检拒抽 1起")

    assert "依据是什么" in wang.send("无")
    assert booked(office) == []


def test_exposure_needs_medium_level_and_date(office: Office, wang: Person) -> None:
    wang.send("/fact 孟河镇 被媒体曝光 依据 常州日报")
    assert "还缺日期和级别" in wang.press("发生过")
    assert "还缺日期" in wang.send("省级 新华日报")

    assert "请核对" in wang.send("新华日报 省级 3月15日")
    wang.press("确认")
    assert booked(office) == [("7.4", {"媒体曝光": True}, "新华日报 省级 3月15日", "booked")]


@pytest.mark.parametrize(
    ("note", "why"),
    [
        ("九镇 拒检拒抽 没有 依据 通报", "没有“九镇”这样一组"),
        ("孟河镇 拒检拒抽 几起吧 依据 通报", "孟河镇"),
        ("孟河镇、质监 拒检拒抽 1起 依据 通报", "不在同一份细则"),
    ],
)
def test_what_cannot_be_booked_says_why(office: Office, wang: Person, note: str, why: str) -> None:
    assert why in wang.send(f"/fact {note}")
    assert booked(office) == []


def test_the_same_report_twice_is_refused(office: Office, wang: Person) -> None:
    wang.send(NOTE)
    wang.press("确认")

    assert "已经记过（第 1 号）" in wang.send(NOTE)


def test_an_older_draft_can_no_longer_be_confirmed(office: Office, wang: Person) -> None:
    wang.send(NOTE)
    old = wang.key("确认")
    wang.send(NOTE.replace("1起", "2起"))

    assert "没有改动任何东西" in wang.press_key(old)
    assert booked(office) == []


def test_pressing_twice_books_once(office: Office, wang: Person) -> None:
    wang.send(NOTE)
    yes = wang.key("确认")
    wang.press_key(yes)

    assert "没有改动任何东西" in wang.press_key(yes)
    assert len(booked(office)) == 1


def test_nobody_books_for_the_own_unit(office: Office, wang: Person) -> None:
    wang.start(office.invite("liaison", "孟河镇"))

    assert "本单位的事不能自己定" in wang.send(f"/fact {NOTE}")
    assert booked(office) == []
    assert "请核对" in wang.send(f"/fact {NOTE.replace('孟河镇', '西夏墅镇')}")


@pytest.mark.parametrize(("role", "why"), [("leader", "只能看，不能改"), ("expert", "只有考核办能做")])
def test_only_the_office_books(office: Office, role: str, why: str) -> None:
    someone = office.person("zhou", role)

    assert why in someone.send(f"/fact {NOTE}")
    for key in ("fact-yes:1", "fact-unit:1:0", "dismiss:1:0", "uphold:1:0"):
        someone.press_key(key)
    assert booked(office) == []


def test_a_dispute_reaches_the_office_and_counts_until_it_is_decided(
    office: Office, points: Person, wang: Person
) -> None:
    before = total(office)[0] or Decimal(0)
    wang.send(NOTE)
    wang.press("确认")
    points.press("有异议")

    assert "先按原来的算" in points.send("当天是设备故障，不是拒检")

    assert "当天是设备故障" in wang.rows()[-1]["text"]
    assert booked(office)[0][3] == "disputed"
    assert total(office)[0] == before - 5
    assert "为什么维持" in wang.press("维持")
    assert "要写一句理由" in wang.send("1")
    assert "已告诉单位 1 人" in wang.send("当天有执法记录")
    assert "维持原来的记录。\n理由：当天有执法记录" in points.rows()[-1]["text"]
    assert booked(office)[0][3] == "upheld"
    assert "没有待处理的异议" in wang.send("异议")


def test_a_dismissed_fact_gives_the_points_back_with_its_reason(office: Office, points: Person, wang: Person) -> None:
    before = total(office)[0]
    wang.send(NOTE)
    wang.press("确认")
    points.press("有异议")
    points.send("当天是设备故障，不是拒检")

    wang.press("不计")
    assert "自报" in wang.send("核实为设备故障")

    assert total(office)[0] == before
    assert "理由：核实为设备故障" in points.rows()[-1]["text"]
    assert "已经不计了" in wang.press("不计")


def test_a_dispute_needs_a_reason_and_is_made_once(office: Office, points: Person, wang: Person) -> None:
    wang.send(NOTE)
    wang.press("确认")
    button = points.key("有异议")
    points.press_key(button)

    assert "理由" in points.send("x")
    assert "异议已记下" in points.send("当天是设备故障")
    assert "已经提过异议" in points.press_key(button)


def test_only_the_units_own_liaison_disputes(office: Office, points: Person, wang: Person) -> None:
    li = office.person("li", "liaison", "西夏墅镇")
    wang.send(NOTE)
    wang.press("确认")

    assert "没有改动任何东西" in li.press_key("dispute:1:0")
    assert "没有改动任何东西" in li.press_key("dispute:7:0")
    assert "只有考核办能做" in li.press_key("dismiss:1:0")
    assert booked(office)[0][3] == "booked"


def test_a_sentence_with_a_basis_needs_no_command(wang: Person) -> None:
    assert "【拒检拒抽】" in wang.send(NOTE)
    assert "没看懂" in wang.send("食堂怎么样")
