"""Commands of the office: where an invitation's link leads, whose role takes a unit, where an export is written."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from bot.changes import carry_out
from bot.data_commands import invite
from bot.handover import Handover
from bot.usage import CallError, usage_sentence
from storage.clock import utc_now
from storage.data_folder import DATABASE, initialise
from storage.database import Database


@pytest.mark.parametrize(
    ("said", "chinese"),
    [
        ("'x' is not a valid integer.", "「x」不是整数"),
        ("1999 is not in the range 2000<=x<=2100.", "「1999」不在 2000 到 2100 之间"),
        ("'pack' is not one of 'facts'.", "「pack」不在可选的里面：'facts'"),
        ("Option '--unit' requires an argument.", "--unit 后面要写一个值"),
        ("File 'a.xlsx' does not exist.", "没有「a.xlsx」"),
        ("Directory 'a' is a file.", "「a」是文件"),
    ],
)
def test_nothing_english_is_left_in_a_sentence(said: str, chinese: str) -> None:
    assert usage_sentence(click.UsageError(said)) == f"kaoping：{chinese}。用法见 kaoping --help"


def test_one_file_may_be_given_its_name(tmp_path: Path) -> None:
    from bot.export_commands import _paths

    facts = {"孟河镇.xinbei-2011-towns.json": {"1.1": True}}

    assert _paths(tmp_path / "孟河.json", facts) == {tmp_path / "孟河.json": {"1.1": True}}
    assert list(_paths(tmp_path / "out", facts)) == [tmp_path / "out" / "孟河镇.xinbei-2011-towns.json"]


def test_no_folder_is_made_where_its_parent_is_not(tmp_path: Path) -> None:
    from bot.export_commands import _paths

    with pytest.raises(CallError, match="上一级文件夹"):
        _paths(tmp_path / "a" / "b", {"x.json": {}})
    with pytest.raises(CallError, match="要写 2 个文件"):
        _paths(tmp_path / "a.json", {"x.json": {}, "y.json": {}})
    (tmp_path / "file").write_text(json.dumps({}))
    with pytest.raises(CallError, match="是一个文件"):
        _paths(tmp_path / "file", {"x.json": {}})
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("role", ["office", "expert"])
def test_who_sees_all_units_is_not_of_one(role: str) -> None:
    called = CliRunner().invoke(invite, ["--campaign", "2026", "--role", role, "--unit", "孟河镇"])

    assert isinstance(called.exception, CallError)
    assert "不能带 --unit" in str(called.exception)


def test_a_running_serve_says_where_an_invitation_leads(tmp_path: Path) -> None:
    initialise(tmp_path)
    asked = {"campaign": "2026", "role": "office", "unit": None, "name": "", "days": 14}

    async def run() -> dict[str, object]:
        database = Database(tmp_path / DATABASE)
        new = {"year": 2026, "rubrics": ["xinbei-2011-towns"], "roster": [["孟河镇", "镇", [], [], []]]}
        await carry_out(database, utc_now, "campaign new", new)
        handover = Handover(tmp_path, database, utc_now, home=lambda: "https://kaoping.example")
        line = json.dumps({"command": "invite", "arguments": asked}).encode()
        answer: dict[str, object] = json.loads(await handover._answer(line))["ok"]
        await database.close()
        return answer

    assert asyncio.run(run())["home"] == "https://kaoping.example"
