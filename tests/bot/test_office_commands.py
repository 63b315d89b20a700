"""The office's commands: three scores, the calendar, and a campaign with readings of its own."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rosters import roster

from bot.cli import app
from rubrics.errors import KaopingError
from storage import campaigns, editions, evidence, people
from storage.answers import record
from storage.clock import utc_now
from storage.data_folder import database_path
from storage.database import Database
from storage.evidence import WHOLE
from storage.invitations import invite

TOWNS = "xinbei-2011-towns"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A campaign of one town, whose office switched two readings."""
    monkeypatch.setenv("KAOPING_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    path = roster(tmp_path / "r.xlsx", ("孟河镇", "镇", "孟河", "陈芳"))
    run("init")
    run("campaign", "new", "--year", "2026", "--rubric", TOWNS, "--roster", str(path), *READINGS)
    return tmp_path / "data"


READINGS = ("--reading", f"{TOWNS}:T6=base100", "--reading", f"{TOWNS}:T7=each")


def run(*args: str) -> Result:
    """A command that ends well."""
    done = CliRunner().invoke(app, args, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done


def wrong(*args: str) -> str:
    """What a command says to a mistake."""
    done = CliRunner().invoke(app, args)
    assert isinstance(done.exception, KaopingError), done.output
    return str(done.exception)


def answered(folder: Path) -> None:
    """孟河镇 claims 2 + 5 points and has the file for the first."""

    async def write() -> None:
        database = Database(database_path(folder))
        (campaign,) = await campaigns.campaigns(database)
        made = await invite(database, utc_now(), "test", campaign, "liaison", unit="孟河镇")
        chen = (await people.redeem(database, utc_now(), "test", "chen", made.code)).membership
        rubric = editions.in_force(TOWNS, {"T6": "base100", "T7": "each"})
        for criterion in ("2.1", "2.3"):
            await record(database, utc_now(), chen.person_id, 1, rubric, criterion, True)
        async with database.write() as connection:
            file = await evidence.receive_in(connection, utc_now(), chen.person_id, 1, "a" * 64, "规划.pdf", 9, "pdf")
            await evidence.attach_in(connection, utc_now(), chen.person_id, 1, file.id, rubric, "2.1", part=WHOLE)
        await database.close()

    asyncio.run(write())


def test_scores_show_three_totals_and_what_lacks(folder: Path) -> None:
    answered(folder)

    line = run("scores", "--campaign", "2026").stdout

    assert f"孟河镇  {TOWNS}  已核 0  有材料 2  自报 7/100  需补充 1  1:0 2:7" in line


def test_scores_as_json_hold_three_sets_of_figures(folder: Path) -> None:
    answered(folder)

    (row,) = json.loads(run("scores", "--campaign", "2026", "--json").stdout)

    assert [row[which]["total"] for which in ("claimed", "proven", "verified")] == [7, 2, 0]
    assert [row[which]["items"]["2"] for which in ("claimed", "proven", "verified")] == [7, 2, 0]
    assert row["claimed"].keys() == row["proven"].keys() == row["verified"].keys()
    assert (row["lacking"], row["answered"], row["reviewed"], row["of"]) == (1, 2, 0, 44)


def test_a_phase_is_set_and_shown(folder: Path) -> None:
    assert "还没有定" in run("campaign", "phase", "--campaign", "2026").stdout
    days = ("--set", "自评", "--from", "2026-11-01", "--to", "2026-12-15")

    assert "自评 定在 2026-11-01 到 2026-12-15" in run("campaign", "phase", "--campaign", "2026", *days).stdout

    shown = json.loads(run("campaign", "phase", "--campaign", "2026", "--json").stdout)
    assert shown == [{"phase": "自评", "from": "2026-11-01", "to": "2026-12-15"}]


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (("--set", "自评"), "要同时写"),
        (("--from", "2026-11-01"), "要同时写"),
        (("--set", "自评", "--from", "11月1日", "--to", "2026-12-15"), "日期「11月1日」看不懂"),
        (("--set", "期末", "--from", "2026-11-01", "--to", "2026-12-15"), "没有阶段「期末」"),
        (("--set", "自评", "--from", "2026-12-15", "--to", "2026-11-01"), "比开始的"),
    ],
)
def test_days_that_cannot_be_meant_are_refused_in_a_sentence(folder: Path, args: tuple[str, ...], why: str) -> None:
    assert why in wrong("campaign", "phase", "--campaign", "2026", *args)
    assert json.loads(run("campaign", "phase", "--campaign", "2026", "--json").stdout) == []


def test_the_readings_of_a_campaign_are_in_force_in_it(folder: Path) -> None:
    async def read() -> dict[str, str]:
        database = Database(database_path(folder))
        async with database.read() as connection:
            (rubric,) = await editions.of_campaign(connection, 1)
        await database.close()
        return dict(rubric.chosen)

    assert asyncio.run(read()) == {"T6": "base100", "T7": "each"}


@pytest.mark.parametrize(
    ("reading", "why"),
    [
        ("T6=base100", "要写成 细则:读法=选项"),
        (f"{TOWNS}:T6", "--reading 要写成"),
        (f"{TOWNS}:T6=base70", "T6"),
        (f"{TOWNS}:Z9=x", "Z9"),
        ("hunan:T6=base100", "「hunan」"),
    ],
)
def test_a_reading_that_is_not_there_makes_no_campaign(folder: Path, reading: str, why: str) -> None:
    args = ("--year", "2027", "--rubric", TOWNS, "--roster", "r.xlsx", "--reading", reading)

    assert why in wrong("campaign", "new", *args)
    assert len(json.loads(run("campaign", "list", "--json").stdout)) == 1
