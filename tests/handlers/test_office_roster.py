"""A roster sent to the bot becomes a campaign: shown before it counts, wrong cells named, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from rosters import roster
from talk import Office, Person

from storage import campaigns, people

GOOD = (("薛家镇", "镇", "薛家", "赵敏"), ("河海街道", "街道", None, "钱进、孙立"), ("环保局", "部门", None, None))


@pytest.fixture
def wang(office: Office) -> Person:
    """Somebody of the office."""
    return office.person("wang", "office")


@pytest.fixture
def send(office: Office, tmp_path: Path) -> Callable[..., str]:
    """Send a roster of these rows."""

    def sent(person: Person, *rows: tuple[Any, ...], name: str = "名单.xlsx", **words: Any) -> str:
        content = roster(tmp_path / "roster.xlsx", *rows, **words).read_bytes()
        return send_bytes(office, person, content, name)

    return sent


def send_bytes(office: Office, person: Person, content: bytes, name: str) -> str:
    from channels.port import FileRef

    async def chunks() -> Any:
        yield content

    kept = office.run(office.files.store(chunks(), name, 1 << 20))
    return person._event(files=(FileRef(kept["ref"], name, kept["size_bytes"]),))


def codes(office: Office) -> list[tuple[str, int, tuple[str, ...]]]:
    found = office.run(campaigns.campaigns(office.database))
    return [(one.code, one.units, one.rubric_ids) for one in found]


def test_a_roster_is_read_shown_and_made_on_confirmation(
    office: Office, wang: Person, send: Callable[..., str]
) -> None:
    before = codes(office)
    assert "用哪几份细则" in send(wang, *GOOD, targets=("xinbei-2011-towns:2.4",))

    text = wang.press("完成")

    assert "读到 3 个单位：镇 1、街道 1、部门 1；联络员 3 人，下达任务 0 项" in text
    assert "2026 年已经有 2026" in text
    assert codes(office) == before
    assert "已新建 2026-2 年度考核，3 个单位" in wang.press("确认")
    assert codes(office)[0][:2] == ("2026-2", 3)


def test_who_made_the_campaign_is_of_its_office_and_works_in_it(
    office: Office, wang: Person, send: Callable[..., str]
) -> None:
    send(wang, *GOOD)
    wang.press("完成")
    wang.press("确认")

    assert "薛家镇  0/100 分" in wang.send("得分")
    held = office.run(people.memberships(office.database, "test", "wang"))
    assert [(one.campaign_code, one.role) for one in held] == [("2026-2", "office"), ("2026", "office")]
    wang.send("/campaign")
    assert "2026 年度考核 · 4 个单位" in wang.press("换到 2026")
    assert "孟河镇  0/100 分" in wang.send("得分")


def test_rubrics_are_chosen_by_buttons(office: Office, wang: Person, send: Callable[..., str]) -> None:
    send(wang, ("薛家镇", "镇"))
    for label in ("细则5", "细则4"):  # departments and tasks are put away again
        wang.press(label)
    assert "✓ 细则6" in wang.rows()[-1]["text"]
    wang.press("完成")
    wang.press("确认")

    assert codes(office)[0] == ("2026-2", 1, ("xinbei-2011-towns",))


def test_wrong_cells_are_named_and_nothing_is_made(office: Office, wang: Person, send: Callable[..., str]) -> None:
    before = codes(office)
    send(wang, ("薛家镇", "镇"), ("薛家镇", "村"))

    text = wang.press("完成")

    assert "2 处要改，什么都没有导入" in text
    assert "第3行 薛家镇：类别「村」" in text
    assert codes(office) == before
    assert "用哪几份细则" in send(wang, *GOOD)


def test_what_is_no_sheet_says_what_to_do(office: Office, wang: Person) -> None:
    target = BytesIO()
    with ZipFile(target, "w") as archive:
        archive.writestr("readme.txt", "no sheet")
    send_bytes(office, wang, target.getvalue(), "花名册.xlsx")

    assert "另存为 .xlsx" in wang.press("完成")


def test_an_older_roster_can_no_longer_be_confirmed(office: Office, wang: Person, send: Callable[..., str]) -> None:
    before = codes(office)
    send(wang, *GOOD)
    wang.press("完成")
    old = wang.key("确认")
    send(wang, *GOOD[:1])

    assert "没有改动任何东西" in wang.press_key(old)
    wang.press("完成")
    assert "没有新建" in wang.press("取消")
    assert codes(office) == before


def test_pressing_twice_makes_one_campaign(office: Office, wang: Person, send: Callable[..., str]) -> None:
    send(wang, *GOOD)
    wang.press("完成")
    yes = wang.key("确认")
    wang.press_key(yes)

    assert "没有改动任何东西" in wang.press_key(yes)
    assert len(codes(office)) == 2


def test_an_empty_roster_is_sent_on_request(office: Office, wang: Person) -> None:
    wang.send("花名册空表")

    file = wang.rows()[-1]["file"]
    book = load_workbook(BytesIO(office.files.path_of(file["ref"]).read_bytes()))
    assert file["name"] == "花名册空表.xlsx"
    assert [cell.value for cell in book.worksheets[0][1]][:5] == [
        "单位",
        "类别",
        "简称",
        "联络员",
        "xinbei-2011-towns:2.4",
    ]


@pytest.mark.parametrize("role", ["liaison", "leader"])
def test_nobody_else_makes_a_campaign(office: Office, send: Callable[..., str], role: str) -> None:
    someone = office.person("li", role, "西夏墅镇" if role == "liaison" else None)

    assert "用哪几份细则" not in send(someone, *GOOD, name="花名册.xlsx")
    assert someone.press_key("roster-yes::1")
    assert len(codes(office)) == 1


def test_a_sheet_of_who_is_also_a_liaison_is_proof_unless_it_is_called_a_roster(
    office: Office, wang: Person, send: Callable[..., str]
) -> None:
    wang.start(office.invite("liaison", "孟河镇"))

    assert "用哪几份细则" not in send(wang, *GOOD, name="统计表.xlsx")
    assert "用哪几份细则" in send(wang, *GOOD, name="2026花名册.xlsx")
