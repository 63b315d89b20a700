"""The office's scores: text first, then pictures; who may see them; one unit's card by its name or nearly so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from talk import Office, Person

from channels import keys
from storage.roster import RosterUnit

TOWNS = "xinbei-2011-towns"


@pytest.fixture
def wang(office: Office) -> Person:
    """Somebody of the office."""
    return office.person("wang", "office")


def answer(person: Person, criterion: str, words: str) -> None:
    person.press_key(keys.pack("ask", 1, TOWNS, criterion))
    person.send(words)


def said(person: Person, act: Callable[[], Any]) -> list[dict[str, Any]]:
    """The rows that came of something somebody did."""
    before = len(person.rows())
    act()
    return [row for row in person.rows()[before:] if not row["mine"]]


def test_the_text_comes_first_and_then_a_picture_a_rubric(office: Office, chen: Person, wang: Person) -> None:
    answer(chen, "10.2", "4条")

    rows = said(wang, lambda: wang.send("/scores"))

    assert [row["file"] is None for row in rows] == [True, True, True, False, False, False]
    assert "孟河镇  3/100 分  已填 1/39  有材料 0  已核 0" in rows[0]["text"]
    assert "截至 11-21 09:00 · 已核 0/88" in rows[0]["text"]
    assert [len(row["options"]) for row in rows] == [0, 0, 0, 0, 0, 2]
    for row in rows[3:]:
        assert row["file"]["as_picture"]
        assert (office.files.path_of(row["file"]["ref"])).read_bytes().startswith(b"\x89PNG")


def test_a_leader_reads_a_range_until_all_is_reviewed(office: Office, chen: Person) -> None:
    zhou = office.person("zhou", "leader")
    chen.press_key(keys.pack("ask", 1, TOWNS, "2.1"))
    chen.send("有")
    chen.press_key(keys.pack("ask", 1, TOWNS, "2.1"))
    chen.send_file("名牌培育规划.pdf")

    text = zhou.send("得分")

    assert "孟河镇  0–2/100 分" in text  # 2 points with proof, none of them verified
    assert "自报" not in text


def test_verified_and_proven_points_make_the_range(office: Office, wang: Person) -> None:
    zhou = office.person("zhou", "leader")
    for words in ("孟河镇 打假线索 2条 依据 区打假办〔2026〕3号", "西夏墅镇 打假线索 没有 依据 区打假办〔2026〕3号"):
        wang.send(f"/fact {words}")
        wang.press("确认")

    text = zhou.send("得分")

    assert "孟河镇  4/100 分" in text  # the office's fact is proven and verified: 2 × 2 points
    assert "西夏墅镇  0/100 分" in text


@pytest.mark.parametrize("role", ["liaison", "provider", "stranger"])
def test_who_is_not_of_the_office_sees_no_table(office: Office, role: str) -> None:
    someone = Person(office, "li") if role == "stranger" else office.person("li", role, "西夏墅镇")

    for text in ("得分", "/scores", "单位 孟河镇", "今天", "/campaign", "/invite", "/fact 孟河镇 拒检 1起", "人员"):
        heard = someone.send(text)
        assert "孟河镇  " not in heard
        assert "邀请码" in heard if role == "stranger" else "只有考核办能" in heard
    assert "只有考核办能" in someone.press_key(keys.pack("unit", 1)) or role == "stranger"


def test_a_units_own_leader_reads_the_own_card_and_no_other(office: Office, chen: Person) -> None:
    answer(chen, "10.2", "4条")
    zhao = office.person("zhao", "leader", "孟河镇")

    for words in ("得分", "我的得分", "单位 孟河"):
        assert "得分 0/100 分，已核 0/44 条" in zhao.send(words)
        assert "自报 3" not in zhao.rows()[-3]["text"]
    assert "只有考核办能看" in zhao.send("单位 西夏墅镇")
    assert zhao.labels == []


def test_nothing_of_the_office_is_said_in_a_group(wang: Person) -> None:
    for text in ("得分", "单位 孟河镇", "今天", "/campaign", "/fact 孟河镇 拒检 1起 依据 通报", "/invite 孟河镇 陈芳"):
        assert "私聊" in wang.send(text, in_group=True)
        assert wang.rows()[-1]["options"] == []


def test_a_card_shows_three_scores_what_lacks_and_what_is_booked(chen: Person, wang: Person) -> None:
    answer(chen, "2.3", "有")
    wang.send("/fact 孟河镇 打假线索 1条 依据 区打假办〔2026〕3号")
    wang.press("确认")

    text = wang.send("/unit 孟河镇")

    assert "自报 7 / 100 分，有材料 2，已核 2" in text
    assert "2. 创名牌  5 / 0 / 0，共 15 分，没填 5 条" in text
    assert "名牌申报：还差 名牌申报材料、申报回执" in text
    assert "第 1 号 打假线索 1 条（依据：区打假办〔2026〕3号）" in text
    assert "还没有提交自评" in text


@pytest.mark.parametrize("words", ["孟河镇", "孟河", "孟河鎮", "孟河真"])
def test_a_unit_is_found_by_name_alias_or_nearly_so(wang: Person, words: str) -> None:
    assert "孟河镇 · 2011年各镇" in wang.send(f"单位 {words}")


def test_where_several_units_may_be_meant_buttons_ask(wang: Person) -> None:
    assert "可能是这几个" in wang.send("单位 镇")
    assert wang.labels == ["孟河镇", "西夏墅镇"]

    assert "西夏墅镇 · 2011年各镇" in wang.press("西夏墅镇")


def test_an_unknown_unit_and_a_forged_button_say_so(wang: Person) -> None:
    assert "没有单位「常州」" in wang.send("单位 常州")
    assert "没有改动任何东西" in wang.press_key("unit:99:0")
    assert "看哪个单位" in wang.send("单位")


def test_above_forty_units_a_distribution_and_a_sheet_come(tmp_path: Path) -> None:
    units = [RosterUnit(f"{n}号镇", "镇", (), (), ()) for n in range(1, 42)]
    office = Office(tmp_path / "many", (TOWNS,), units)
    wang = office.person("wang", "office")

    rows = said(wang, lambda: wang.send("得分"))

    assert "41 个单位，图里是分布" in rows[0]["text"]
    assert [(row["file"] or {}).get("name", "").rpartition(".")[2] for row in rows[1:]] == ["png", "xlsx"]
    office.close()


def test_the_scores_of_a_person_removed_meanwhile_are_not_shown(office: Office, wang: Person) -> None:
    from storage import people

    async def removed() -> None:
        (one,) = await people.memberships(office.database, "test", "wang")
        await people.remove(office.database, office.now, "test", one.person_id, one.campaign_id)

    office.run(removed())

    assert "邀请码" in wang.send("得分")


def test_the_card_says_how_many_of_a_count_have_their_proof(office: Office, chen: Person, wang: Person) -> None:
    chen.press_key(keys.pack("ask", 1, "xinbei-2011-towns", "10.2"))
    chen.send("4条")
    chen.send_file("上报信息.pdf")

    wang.send("单位 孟河镇")

    card = next(row["text"] for row in wang.rows() if "孟河镇 · 2011年各镇" in row["text"])
    assert "信息上报：还差 3 条的材料（4 条里材料齐的 1 条）" in card
