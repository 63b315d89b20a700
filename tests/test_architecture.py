"""Arrows point down only; the heavy libraries are imported in their own room; files keep one subject."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("bot", "handlers", "reminders", "reports", "storage", "channels", "rubrics")
PORT = {"channels.port", "channels.keys", "channels.text"}
ALLOWED = {
    "bot": set(ROOMS),
    "handlers": {"handlers", "reminders", "reports", "storage", "rubrics"},
    "reminders": {"reminders", "storage", "rubrics"},
    "reports": {"reports", "storage", "rubrics"},
    "storage": {"storage", "rubrics"},
    "channels": {"channels"},
    "rubrics": {"rubrics"},
}
USES_PORT = {"handlers", "reminders", "reports"}
ONLY_IN = {
    "yaml": {"rubrics/yaml_text.py"},
    "click": {"bot"},
    "aiogram": {"channels/telegram"},
    "telegram": {"channels/telegram"},
    "apscheduler": {"reminders"},
}
SOURCES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names if node.module in ROOMS}
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_arrows_point_down_only(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    for name in imports(path):
        other = name.split(".")[0]
        if other not in ROOMS or other in ALLOWED[room]:
            continue
        port = room in USES_PORT and (name in PORT or any(name.startswith(f"{module}.") for module in PORT))
        assert port or (name == "channels" and room in USES_PORT), f"{path.relative_to(ROOT)} imports {name}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_libraries_stay_in_their_room(path: Path) -> None:
    place = path.relative_to(ROOT).as_posix()
    for name in imports(path):
        rooms = ONLY_IN.get(name.split(".")[0])
        assert rooms is None or any(place.startswith(room) for room in rooms), f"{place} imports {name}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_stay_below_four_hundred_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_rubrics_have_no_clock_network_or_database() -> None:
    banned = {"datetime", "time", "socket", "sqlite3", "sqlalchemy", "sqlmodel", "asyncio", "urllib", "http", "random"}
    used = {name.split(".")[0] for path in (ROOT / "rubrics").rglob("*.py") for name in imports(path)}
    assert used & banned == set()


def test_no_test_folder_shadows_a_room_as_a_package() -> None:
    assert list((ROOT / "tests").rglob("__init__.py")) == []
