"""快照 in the chat: taken, looked at as they were, compared with, frozen and opened again by two people."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from talk import Office, Person

from channels import keys
from storage import scorecards, snapshots, verdicts

TOWNS = "xinbei-2011-towns"


@pytest.fixture
def wang(office: Office) -> Person:
    return office.person("wang", "office")


def answer(person: Person, criterion: str, words: str) -> None:
    person.press_key(keys.pack("ask", 1, TOWNS, criterion))
    person.send(words)


def said(person: Person, act: Callable[[], Any]) -> list[dict[str, Any]]:
    before = len(person.rows())
    act()
    return [row for row in person.rows()[before:] if not row["mine"]]


def taken(office: Office) -> list[tuple[int, str, bool]]:
    async def read() -> Any:
        async with office.database.read() as connection:
            return await snapshots.of_campaign_in(connection, 1)

    return [(one.number, one.name, one.final) for one in office.run(read())]


def test_a_snapshot_is_taken_with_or_without_a_name(office: Office, wang: Person) -> None:
    assert "还没有做过快照" in wang.send("快照")
    wang.press("做快照")
    assert "第 1 号快照「初评」做好了" in wang.send("初评")
    wang.press("快照")
    wang.press("做快照")
    assert "第 2 号快照做好了" in wang.press("不起名")
    assert "第 3 号快照「申诉后」" in wang.send("快照 申诉后")

    assert taken(office) == [(1, "初评", False), (2, "", False), (3, "申诉后", False)]
    assert "第 3 号快照「申诉后」" in wang.send("快照").splitlines()[0]


def test_a_snapshot_shows_the_same_tomorrow_and_names_itself(office: Office, chen: Person, wang: Person) -> None:
    answer(chen, "10.2", "4条")
    wang.send("快照 初评")
    before = said(wang, lambda: wang.press("看第1号"))
    answer(chen, "10.2", "1条")

    rows = said(wang, lambda: wang.press_key(keys.pack("snapshot", 1)))

    assert [row["text"] for row in rows] == [row["text"] for row in before]
    assert "第 1 号快照「初评」" in rows[0]["text"]
    assert "孟河镇  3/100 分" in rows[0]["text"]
    (sheet,) = [row["file"] for row in rows if row["file"] and row["file"]["name"].endswith(".xlsx")]
    book = load_workbook(BytesIO(office.files.path_of(sheet["ref"]).read_bytes()))
    page = book.worksheets[0]
    assert "第 1 号快照「初评」" in page["A2"].value
    heads = [cell.value for cell in page[3]]
    assert page.cell(5, heads.index("自报") + 1).value == 3


def test_scores_say_what_changed_since_the_last_snapshot(chen: Person, wang: Person) -> None:
    answer(chen, "10.2", "4条")
    assert "当前（未冻结）" in wang.send("得分")
    wang.send("快照 初评")
    assert "比没有变化" in wang.send("得分")

    answer(chen, "10.2", "2条")

    text = wang.send("得分")
    assert "和第 1 号快照「初评」" in text
    assert "· 孟河镇 自报▼2\n" in text


def test_a_leader_reads_no_claims_in_the_changes(office: Office, chen: Person, wang: Person) -> None:
    zhou = office.person("zhou", "leader")
    wang.send("快照")
    wang.send("快照 初评")
    wang.send("/fact 孟河镇 打假线索 2条 依据 区打假办〔2026〕3号")
    wang.press("确认")

    text = zhou.send("得分")

    assert "· 孟河镇 有材料▲4 已核▲4\n" in text
    assert "自报" not in text


def test_a_leader_looks_at_snapshots_and_takes_none(office: Office, wang: Person) -> None:
    zhou = office.person("zhou", "leader")
    wang.send("快照 初评")

    zhou.send("快照")
    assert zhou.labels == ["看第1号"]
    assert "第 1 号快照「初评」" in zhou.press("看第1号")
    for key in ("snapshot-take", "snapshot-bare", "snapshot-final", "reopen"):
        assert "考核办" in zhou.press_key(keys.pack(key))
    assert "考核办" in zhou.send("快照 我的")
    assert len(taken(office)) == 1


@pytest.mark.parametrize("role", ["liaison", "provider", "expert", "stranger"])
def test_nobody_else_sees_or_takes_a_snapshot(office: Office, wang: Person, role: str) -> None:
    wang.send("快照 初评")
    unit = "西夏墅镇" if role in {"liaison", "provider"} else None
    someone = Person(office, "li") if role == "stranger" else office.person("li", role, unit)

    for key in ("snapshots", "snapshot-take", "snapshot-bare", "snapshot-final", "lost", "reopen"):
        assert "孟河镇" not in someone.press_key(keys.pack(key))
    for number in (0, 1):
        assert "孟河镇" not in someone.press_key(keys.pack("snapshot", 1, version=number))
    assert "初评" not in someone.send("快照")
    assert len(taken(office)) == 1


def test_a_forged_number_is_refused_with_those_there_are(wang: Person) -> None:
    wang.send("快照 初评")

    for number in ("99", "0", "x", "1,2"):
        assert "现有：1" in wang.press_key(f"snapshot:{number}:0")
    assert "现有：1" in wang.send("快照 第7号")
    assert "第 1 号快照「初评」" in wang.send("快照 第1号")


def test_the_final_one_freezes_until_two_people_open_it_again(office: Office, chen: Person, wang: Person) -> None:
    answer(chen, "10.2", "4条")
    zhao = office.person("zhao", "office")
    wang.send("快照")
    assert "还没核完 1 条：孟河镇 没核 1 条" in wang.press("审定")
    sure = wang.key("确认")
    assert "得分已冻结" in wang.press("确认")
    assert "没有改动任何东西" in wang.press_key(sure)  # replayed
    assert "审定冻结" in wang.press_key(keys.pack("snapshot-final"))
    assert taken(office) == [(1, "", True)]

    with pytest.raises(Exception, match="第 1 号快照"):
        _pass(office, "10.2")
    assert "以审定的第 1 号快照为准" in wang.send("得分")
    scores = next(row["text"] for row in wang.rows() if "孟河镇  0/100 分  有材料 0  自报 3" in row["text"])
    assert "审定得分，后面是有材料、自报" in scores
    wang.press_key(keys.pack("rv-see", 1, TOWNS, "10.2"))
    assert "得分已经审定，只能看" in wang.rows()[-1]["text"]
    assert not {"通过", "退回", "改分"} & set(wang.labels)

    wang.send("快照")
    wang.press("重新开放")
    wang.send("区政府复核决定〔2026〕1号")
    zhao.press("同意")
    zhao.press("确认")

    _pass(office, "10.2")
    assert "不用重新开放" in wang.press_key(keys.pack("reopen"))


def _pass(office: Office, ident: str) -> None:
    from rubrics import loader

    rubric = loader.load(TOWNS)

    async def work() -> None:
        async with office.database.write() as connection:
            basis = await verdicts.shown_in(connection, 1, rubric, ident)
            await verdicts.pass_in(connection, office.now, 2, 1, rubric, ident, basis=basis)

    office.run(work())


def test_the_items_where_most_units_lose_points_are_counted_not_named(chen: Person, wang: Person) -> None:
    wang.send("得分")
    assert "没有单位丢分的项" in wang.press("丢分最多")  # nobody is assessed yet
    answer(chen, "1.1", "有")
    wang.send("得分")

    text = wang.press("丢分最多")

    assert "2/2 个单位" in text
    assert "孟河镇" not in text
    assert len([line for line in text.splitlines() if line.startswith(("1.", "2.", "3.", "4.", "5.", "6."))]) >= 5


def test_the_stored_scores_stay_what_they_are(office: Office, chen: Person, wang: Person) -> None:
    answer(chen, "10.2", "4条")
    before = office.run(scorecards.summary(office.database, 1))

    wang.send("快照 初评")
    wang.press("看第1号")

    assert office.run(scorecards.summary(office.database, 1)) == before
