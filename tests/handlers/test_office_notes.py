"""记情况 as clerks write it: several units, brackets, levels, corrections, contradictions; and what the unit reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from talk import Office, Person

from channels import keys
from storage import office_facts
from storage.roster import RosterUnit

TOWNS = "xinbei-2011-towns"
BASIS = "常市监〔2026〕12号"
ROSTER = [
    RosterUnit("孟河镇", "镇", ("孟河",), (), ()),
    RosterUnit("薛家镇", "镇", ("薛家",), (), ()),
    RosterUnit("罗溪镇", "镇", ("罗溪",), (), ()),
    RosterUnit("龙虎塘街道", "街道", (), (), ()),
    RosterUnit("环保局", "部门", (), (), ()),
]


@pytest.fixture
def district(tmp_path: Path) -> Iterator[Office]:
    """Three towns, a sub-district and a department."""
    made = Office(tmp_path / "district", (TOWNS, "xinbei-2011-departments", "xinbei-2011-tasks"), ROSTER)
    yield made
    made.close()


@pytest.fixture
def wang(district: Office) -> Person:
    """Somebody of the office."""
    return district.person("wang", "office")


def booked(office: Office) -> dict[str, list[Any]]:
    """Unit → what counts of what was booked against it."""

    async def read() -> list[office_facts.OfficeFact]:
        async with office.database.read() as connection:
            return await office_facts.of_campaign_in(connection, 1)

    found: dict[str, list[Any]] = {}
    for fact in reversed(office.run(read())):
        if fact.state != "dismissed":
            found.setdefault(fact.unit, []).append(fact.fact)
    return found


def test_several_units_with_one_count_and_a_basis_in_brackets(district: Office, wang: Person) -> None:
    wang.send(f"/fact 孟河、薛家、罗溪各1起抽检不合格（{BASIS}）")

    assert f"依据：{BASIS}" in wang.rows()[-1]["text"]
    wang.press("确认")
    assert booked(district) == {"孟河镇": [1], "薛家镇": [1], "罗溪镇": [1]}


@pytest.mark.parametrize("who", ["所有单位", "各镇", "全部镇街"])
def test_all_units_are_those_the_rubric_assesses(district: Office, wang: Person, who: str) -> None:
    wang.send(f"/fact {who}均未发生抽检不合格，依据 区局通报")
    wang.press("确认")

    assert booked(district) == {unit: [0] for unit in ("孟河镇", "薛家镇", "罗溪镇", "龙虎塘街道")}


def test_all_but_one_are_settled_in_a_sentence(district: Office, wang: Person) -> None:
    wang.send("/fact 抽检不合格：除薛家1起外，其他镇街未发生，依据 区局通报")
    wang.press("确认")

    assert booked(district) == {"薛家镇": [1], "孟河镇": [0], "罗溪镇": [0], "龙虎塘街道": [0]}


@pytest.mark.parametrize("count", ["-1起", "负1起"])
def test_a_negative_count_is_refused(district: Office, wang: Person, count: str) -> None:
    assert "不能是负数" in wang.send(f"/fact 孟河镇抽检不合格{count} 依据 {BASIS}")

    wang.press("取消")
    wang.send(f"/fact 孟河镇抽检不合格 依据 {BASIS}")
    assert "不能是负数" in wang.send(count)
    assert booked(district) == {}


@pytest.mark.parametrize("words", ["没有", "无", "暂无", "没有依据。"])
def test_no_basis_is_none(district: Office, wang: Person, words: str) -> None:
    wang.send("/fact 孟河镇抽检不合格1起")

    assert "不能当依据" in wang.send(words)
    assert "请核对" in wang.send(BASIS)


def test_one_part_is_changed_and_the_rest_stays(district: Office, wang: Person) -> None:
    wang.send(f"/fact 孟河镇抽检不合格1起 依据 {BASIS}")
    for button, words, now in (
        ("改单位", "薛家", "薛家镇 1 个"),
        ("改几起", "2起", "薛家镇 2 个"),
        ("改依据", "区局通报", "依据：区局通报"),
    ):
        wang.press("修改")
        assert wang.labels == ["改单位", "改条目", "改几起", "改依据", "取消"]
        wang.press(button)
        assert now in wang.send(words)
    wang.press("修改")
    wang.press("改条目")
    wang.press("拒检拒抽")
    wang.press("确认")

    assert booked(district) == {"薛家镇": [2]}


def test_a_whole_note_may_be_typed_instead_of_a_part(district: Office, wang: Person) -> None:
    wang.send(f"/fact 孟河镇抽检不合格1起 依据 {BASIS}")
    wang.press("修改")

    assert "薛家镇 3 个" in wang.send(f"薛家抽检不合格3起 依据 {BASIS}")


@pytest.mark.parametrize("note", ["", "抽检不合格", "孟河镇 出事故 1起", "孟河镇抽检不合格", "孟河镇抽检不合格1起"])
def test_cancel_works_wherever_something_is_asked(district: Office, wang: Person, note: str) -> None:
    wang.send(f"/fact {note}")

    assert "没有记" in wang.send("取消")
    assert "没有正在问" in wang.send("取消")


def test_a_happening_overtakes_the_earlier_nothing(district: Office, wang: Person) -> None:
    wang.send("/fact 孟河镇抽检不合格没有 依据 区局通报")
    wang.press("确认")

    text = wang.send(f"/fact 孟河镇抽检不合格1起 依据 {BASIS}")

    assert "孟河镇以前记的没发生（第 1 号）和这条矛盾，确认后自动不计" in text
    assert booked(district) == {"孟河镇": [0]}
    wang.press("确认")
    assert booked(district) == {"孟河镇": [1]}


def test_nothing_after_a_happening_is_refused(district: Office, wang: Person) -> None:
    wang.send(f"/fact 孟河镇抽检不合格1起 依据 {BASIS}")
    wang.press("确认")

    text = wang.send("/fact 各镇抽检不合格没有 依据 区局通报")

    assert "孟河镇已经记过抽检不合格 1 个（第 1 号），不能再记没发生" in text
    assert booked(district) == {"孟河镇": [1]}


def test_it_is_asked_which_of_several_measures_happened(district: Office, wang: Person) -> None:
    wang.send(f"/fact 孟河镇 制售假与曝光 依据 {BASIS}")
    wang.press("发生过")
    assert wang.labels == ["区域性案件", "媒体曝光", "取消"]

    wang.press("区域性案件")
    assert "第 7 项记 0 分" in wang.rows()[-1]["text"]
    wang.press("确认")

    assert booked(district) == {"孟河镇": [{"区域性案件": True}]}


@pytest.mark.parametrize("basis", ["常州日报 市级 3月15日", "区级电视台 3月15日"])
def test_a_level_the_clause_does_not_count_is_refused(district: Office, wang: Person, basis: str) -> None:
    wang.send(f"/fact 孟河镇 被媒体曝光 依据 {basis}")
    text = wang.press("发生过")

    assert "7.4（制售假与曝光）只算省级以上的" in text
    wang.press("修改")
    wang.press("改依据")
    assert "请核对" in wang.send("新华日报 省级 3月15日")


def test_no_model_answer_names_a_level_that_does_not_count(wang: Person) -> None:
    wang.send("/fact 孟河镇 被媒体曝光")

    text = wang.press("发生过")

    assert "新华日报 省级 3月15日" in text
    assert "市级" not in text


def test_a_deduction_that_counts_later_is_named(district: Office, wang: Person) -> None:
    chen = district.person("chen", "liaison", "孟河镇")

    assert "这一项答完后会扣 2 分" in wang.send(f"/fact 孟河镇抽检不合格1起 依据 {BASIS}")
    wang.press("确认")

    assert "这一项答完后会扣 2 分" in chen.rows()[-1]["text"]
    assert "→" not in chen.rows()[-1]["text"]


def test_who_has_not_joined_sees_it_when_joining(district: Office, wang: Person) -> None:
    text = wang.send(f"/fact 孟河镇抽检不合格1起 依据 {BASIS}")
    assert "马上通知" not in text
    assert "还没有人加入，加入时会看到" in text
    wang.press("确认")

    chen = district.person("chen", "liaison", "孟河镇")

    assert "第 1 号 孟河镇 抽检不合格 1 个（考核办记的）" in chen.rows()[-1]["text"]
    chen.press("有异议")
    assert "异议已记下（第 1 号）" in chen.send("检的不是本镇的产品")


@pytest.mark.parametrize("words", ["异议", "有异议"])
def test_a_unit_finds_its_bookings_again(district: Office, wang: Person, words: str) -> None:
    chen = district.person("chen", "liaison", "孟河镇")
    assert "没有可以提异议的" in chen.send(words)
    wang.send(f"/fact 孟河镇抽检不合格1起 依据 {BASIS}")
    wang.press("确认")
    chen.press("有异议")
    chen.send("取消")

    assert "第 1 号 孟河镇 抽检不合格 1 个" in chen.send(words)
    assert chen.labels == ["有异议"]


def test_the_list_promises_no_more_than_can_still_be_won(district: Office, wang: Person) -> None:
    chen = district.person("chen", "liaison", "孟河镇")
    assert "7. 打假  0/10 分  还有" in (before := chen.send("清单"))
    assert "还差 10 分" in next(line for line in before.splitlines() if line.startswith("7."))

    wang.send(f"/fact 孟河镇 制售假与曝光 依据 {BASIS}")
    wang.press("发生过")
    wang.press("区域性案件")
    wang.press("确认")

    line = next(line for line in chen.send("清单").splitlines() if line.startswith("7."))
    assert "还差" not in line


def test_the_day_names_what_was_booked_and_disputed(district: Office, wang: Person) -> None:
    chen = district.person("chen", "liaison", "孟河镇")
    wang.send(f"/fact 孟河镇抽检不合格1起 依据 {BASIS}")
    wang.press("确认")
    chen.press_key(keys.pack("dispute", 1))
    chen.send("检的不是本镇的产品")

    text = wang.send("今天")

    assert "第 1 号 孟河镇 抽检不合格 1 个" in text
    assert "今天的异议：孟河镇 第 1 号" in text
