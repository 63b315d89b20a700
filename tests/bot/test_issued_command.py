"""The day a campaign's rules went out, said when it is made or later, and shown."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from folders import fresh
from rosters import roster

ROOT = Path(__file__).parents[2]
NEW = ("campaign", "new", "--year", "2026", "--rubric", "xinbei-2011-towns", "--roster")


def kaoping(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("KAOPING_")}
    environment |= {"KAOPING_DATA_DIR": str(folder / "data"), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "bot", *args], capture_output=True, cwd=folder, env=environment, text=True, timeout=60
    )


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A folder with a roster and an empty database."""
    fresh(tmp_path / "data")
    roster(tmp_path / "r.xlsx", ("孟河镇", "镇", "孟河", "陈芳"))
    return tmp_path


def test_the_day_is_said_with_a_new_campaign_and_shown(office: Path) -> None:
    made = kaoping(office, *NEW, "r.xlsx", "--issued", "2026-06-23")

    assert (made.returncode, made.stderr) == (0, "")
    assert kaoping(office, "campaign", "phase", "--campaign", "2026").stdout.startswith("印发  2026-06-23\n")


def test_the_day_is_set_later(office: Path) -> None:
    kaoping(office, *NEW, "r.xlsx")
    assert "印发" not in kaoping(office, "campaign", "phase", "--campaign", "2026").stdout

    done = kaoping(office, "campaign", "phase", "--campaign", "2026", "--issued", "2026-06-23", "--json")

    assert json.loads(done.stdout) == {"campaign": "2026", "issued_on": "2026-06-23"}
    assert "印发  2026-06-23" in kaoping(office, "campaign", "phase", "--campaign", "2026").stdout


def test_a_campaign_with_a_day_that_cannot_be_meant_is_not_made(office: Path) -> None:
    for day, why in (("6月23日", "看不懂"), ("2011-06-23", "不在 2026 年或它的前一年")):
        done = kaoping(office, *NEW, "r.xlsx", "--issued", day)
        assert (done.returncode, why in done.stderr) == (2, True)

    assert json.loads(kaoping(office, "campaign", "list", "--json").stdout) == []


def test_one_command_sets_one_thing(office: Path) -> None:
    kaoping(office, *NEW, "r.xlsx")
    phase = ("--set", "自评", "--from", "2026-11-01", "--to", "2026-12-15")

    done = kaoping(office, "campaign", "phase", "--campaign", "2026", *phase, "--issued", "2026-06-23")

    assert done.returncode == 2
    assert "请分两次运行" in done.stderr
