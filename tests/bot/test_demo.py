"""The demo is the product: what is answered over HTTP shows in the table, and the folder stands up to `verify`."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from folders import fresh

from bot import demo

ROOT = Path(__file__).parents[2]


def table(folder: Path, capsys: pytest.CaptureFixture[str], script: tuple[tuple[str, str], ...]) -> str:
    """What the office is shown after the liaison played the script."""
    fresh(folder)
    asyncio.run(demo.play(folder, script))
    return capsys.readouterr().out.rpartition("考核办 ▸ 得分")[2]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder after the whole script: it waits for the bot after each line, so it is played once for who only reads."""
    folder = fresh(tmp_path_factory.mktemp("played") / "data")
    asyncio.run(demo.play(folder, demo.SCRIPT))
    return folder


def test_one_answer_changed_changes_the_printed_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = table(tmp_path / "a", capsys, (("say", "下一项"), ("say", "五成七")))
    second = table(tmp_path / "b", capsys, (("say", "下一项"), ("say", "六成")))

    assert "孟河镇  5/100 分  已填 1/39" in first
    assert "孟河镇  6/100 分  已填 1/39" in second


def test_the_played_folder_verifies_and_scores(played: Path) -> None:
    environment = {**os.environ, "KAOPING_DATA_DIR": str(played)}

    def kaoping(*args: str) -> str:
        command = [sys.executable, "-m", "bot", *args]
        return subprocess.run(command, check=True, capture_output=True, env=environment, cwd=ROOT, text=True).stdout

    rows = json.loads(kaoping("scores", "--campaign", str(datetime.now(demo.ZONE).year), "--unit", "孟河镇", "--json"))
    town = next(row for row in rows if row["rubric"] == "xinbei-2011-towns")
    # 9.2 57% → 5, 2.3 → 5, 2.4 → 5, 3.1 14/15 ≥ 90% → 5
    assert town["claimed"]["total"] == 20
    assert town["proven"]["total"] == 5  # the certificate of 2.4 was sent
    assert json.loads(kaoping("verify", "--json"))["broken"] == []


def test_the_exported_facts_score_to_the_same_total(played: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "KAOPING_DATA_DIR": str(played)}
    year, out = str(datetime.now(demo.ZONE).year), tmp_path / "facts"

    def kaoping(*args: str) -> str:
        command = [sys.executable, "-m", "bot", *args]
        return subprocess.run(command, check=True, capture_output=True, env=environment, cwd=ROOT, text=True).stdout

    kaoping("export", "--campaign", year, "--what", "facts", "--unit", "孟河", "--out", str(out))

    facts = out / "孟河镇.xinbei-2011-towns.json"
    assert json.loads(facts.read_text(encoding="utf-8"))["2.4"] is True
    assert json.loads(kaoping("score", "xinbei-2011-towns", str(facts), "--json"))["total"] == 20


def test_the_demo_has_nine_towns_and_the_twelve_departments_of_the_table() -> None:
    categories = [unit.category for unit in demo.roster()]

    assert (categories.count("部门"), len(categories)) == (12, 21)
