"""A campaign set up on the command line, from an empty folder to an invitation."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from rosters import roster

ROOT = Path(__file__).parents[2]
RUBRICS = ("--rubric", "xinbei-2011-towns", "--rubric", "xinbei-2011-departments")


def kaoping(folder: Path, *args: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("KAOPING_")}
    environment |= {"KAOPING_DATA_DIR": str(folder / "data"), "PYTHONPATH": str(ROOT), **settings}
    return subprocess.run(
        [sys.executable, "-m", "bot", *args], capture_output=True, cwd=folder, env=environment, text=True, timeout=60
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a campaign of one town and one department."""
    folder = tmp_path_factory.mktemp("made")
    assert kaoping(folder, "init").returncode == 0
    path = roster(folder / "r.xlsx", ("孟河镇", "镇", "孟河", "陈芳"), ("质监分局", "部门", "质监", None))
    done = kaoping(folder, "campaign", "new", "--year", "2026", *RUBRICS, "--roster", str(path))
    assert (done.returncode, done.stderr) == (0, "")
    return folder


@pytest.fixture
def office(made: Path, tmp_path: Path) -> Path:
    """That folder, each test's own: the commands that make it take a second each."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_a_campaign_is_made_listed_and_verified(office: Path) -> None:
    listed = json.loads(kaoping(office, "campaign", "list", "--json").stdout)
    verified = json.loads(kaoping(office, "verify", "--json").stdout)

    assert [(row["campaign"], row["units"]) for row in listed] == [("2026", 2)]
    assert (verified["rows"], verified["broken"]) == (1, [])


def test_an_invitation_prints_its_code_once(office: Path) -> None:
    done = kaoping(office, "invite", "--campaign", "2026", "--role", "liaison", "--unit", "孟河", "--json")

    got = json.loads(done.stdout)
    assert got["code"].count("-") == 2
    assert got["expires_at"].endswith("+08:00")
    assert got["code"].encode() not in b"".join(path.read_bytes() for path in (office / "data").iterdir())


def test_a_bad_roster_imports_nothing(office: Path) -> None:
    path = roster(office / "bad.xlsx", ("薛家镇", "镇"), ("薛家镇", "村"))

    done = kaoping(office, "campaign", "new", "--year", "2027", *RUBRICS, "--roster", str(path))

    assert done.returncode == 2
    assert "第3行 薛家镇：类别「村」" in done.stderr
    assert len(json.loads(kaoping(office, "campaign", "list", "--json").stdout)) == 1


def test_commands_before_init_say_so(tmp_path: Path) -> None:
    for args in (["campaign", "list"], ["verify"], ["invite", "--campaign", "2026", "--role", "office"]):
        done = kaoping(tmp_path, *args)
        assert done.returncode == 2
        assert "kaoping init" in done.stderr
        assert not (tmp_path / "data").exists()


def test_wrong_settings_are_told_all_at_once(office: Path) -> None:
    done = kaoping(
        office, "verify", KAOPING_TIMEZONE="Mars", KAOPING_LOCALE="en_US", KAOPING_DATABASE_URL="postgresql://x"
    )

    assert done.returncode == 2
    for name in ("KAOPING_TIMEZONE", "KAOPING_LOCALE", "KAOPING_DATABASE_URL"):
        assert name in done.stderr


def test_a_data_folder_that_cannot_be_made_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")

    done = kaoping(tmp_path, "init", KAOPING_DATA_DIR=str(tmp_path / "file" / "data"))

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("读写文件失败")


def test_the_template_can_be_filled_in_and_used(office: Path) -> None:
    out = office / "t.xlsx"

    assert kaoping(office, "campaign", "template", *RUBRICS, "--out", str(out)).returncode == 0

    assert out.stat().st_size > 0
