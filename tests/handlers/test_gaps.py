"""What separates 自报 and 已核 on the liaison's and the office's side, the totals over time, caps and bands that bite."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from talk import Office, Person

from channels import keys
from rubrics import loader
from storage import verdicts
from storage.roster import RosterUnit

TOWNS = "xinbei-2011-towns"


@pytest.fixture
def wang(office: Office) -> Person:
    return office.person("wang", "office")


def answer(person: Person, criterion: str, words: str) -> None:
    person.press_key(keys.pack("ask", 1, TOWNS, criterion))
    person.send(words)


def judge(office: Office, how: str, ident: str, *words: Any) -> None:
    rubric = loader.load(TOWNS)

    async def work() -> None:
        async with office.database.write() as connection:
            basis = await verdicts.shown_in(connection, 1, rubric, ident)
            by = (connection, office.now, 2, 1, rubric, ident)
            await getattr(verdicts, f"{how}_in")(*by, *words, basis=basis)

    office.run(work())


def test_the_liaison_reads_the_gap_and_its_items(office: Office, chen: Person, wang: Person) -> None:
    answer(chen, "10.2", "4条")
    answer(chen, "2.1", "有")
    judge(office, "change", "10.2", 3, "有一条是转发")

    assert "自报与已核差 3 分：差在 2 项，其中 1 项还能补" in chen.send("我的得分")
    text = chen.press("差在哪")

    assert "· 2. 创名牌  自报 2，已核 0；缺材料：" in text
    assert "· 10. " in text
    assert "自报 3，已核 2" in text


def test_what_was_sent_back_is_named_and_can_be_mended_after_the_lock(
    office: Office, chen: Person, wang: Person
) -> None:
    answer(chen, "10.2", "4条")
    answer(chen, "2.1", "有")
    judge(office, "return", "10.2", "看不清")
    wang.send("/campaign 自评 2026-11-01 2026-11-25")
    office.now += timedelta(days=10)

    text = chen.press_key(keys.pack("gap", 1))

    assert "差在 2 项，其中 1 项还能补" in text
    assert "退回要补：" in text
    assert "只有退回的还能补" in text


def test_the_office_reads_the_same_on_the_card(office: Office, chen: Person, wang: Person) -> None:
    answer(chen, "10.2", "4条")

    text = wang.send("单位 孟河镇")

    assert "自报与已核差 3 分：差在 1 项，其中 1 项还能补" in text
    assert "自报 3，已核 0" in wang.press("差在哪")


def test_without_a_gap_it_is_said_so(chen: Person) -> None:
    assert "差" not in chen.send("我的得分").split("（满分")[0]
    assert "没有差" in chen.press_key(keys.pack("gap", 1))


def test_the_totals_at_each_snapshot(office: Office, chen: Person, wang: Person) -> None:
    assert "还没有做过快照" in chen.press_key(keys.pack("score-log", 1))
    answer(chen, "10.2", "4条")
    wang.send("快照 初评")
    judge(office, "pass", "10.2")
    wang.send("快照 终评")

    text = chen.press_key(keys.pack("score-log", 1))

    first, second = [line for line in text.splitlines() if line.startswith("·")]
    assert "「初评」" in first
    assert first.endswith("0 / 0 / 3")
    assert second.endswith("3 / 0 / 3")


@pytest.mark.parametrize("verb", ["gap", "score-log"])
def test_nobody_reads_another_units_gap(office: Office, chen: Person, wang: Person, verb: str) -> None:
    answer(chen, "10.2", "4条")
    wang.send("快照 初评")
    li = office.person("li", "liaison", "西夏墅镇")
    own_leader = office.person("zhou", "leader")

    for someone in (li, own_leader, office.person("sun", "expert"), Person(office, "stranger")):
        heard = someone.press_key(keys.pack(verb, 1))
        assert "孟河镇" not in heard
        assert "初评" not in heard
    assert "私聊" in chen._event(option=keys.pack(verb, 1), in_group=True)


@pytest.mark.parametrize("parts", [("99",), ("x",), (), ("1", "2")])
def test_a_forged_unit_is_stale(wang: Person, parts: tuple[str, ...]) -> None:
    assert "没有改动任何东西" in wang.press_key(keys.pack("gap", *parts))


def test_a_cap_that_bites_and_the_way_to_the_next_band_are_on_the_card(tmp_path: Path) -> None:
    made = Office(tmp_path / "city", ("changzhou",), [RosterUnit("武进区", "区", (), (), ())])
    wang = made.person("wang", "office")
    rubric = loader.load("changzhou")
    bonus = next(item for item in rubric.items if item.role == "bonus")
    for clause in bonus.criteria[:2]:
        wang.send(f"/fact 武进区 {clause.label} 4个 依据 常政办〔2026〕7号")
        wang.press("确认")

    text = wang.send("单位 武进区")

    assert "最多计 5 分" in text
    assert "现为 D，距 C 还差 55 分" in text
    made.close()
