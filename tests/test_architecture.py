"""Arrows point down only; the heavy libraries are imported in their own room; files keep one subject."""

from __future__ import annotations

import ast
import functools
from pathlib import Path

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


@functools.cache
def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names if node.module in ROOMS}
    return found


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def points_down(room: str, name: str) -> bool:
    other = name.split(".")[0]
    if other not in ROOMS or other in ALLOWED[room]:
        return True
    port = name in PORT or any(name.startswith(f"{module}.") for module in PORT)
    return room in USES_PORT and (port or name == "channels")


def test_arrows_point_down_only() -> None:
    wrong = [
        f"{place(path)} imports {name}"
        for path in SOURCES
        for name in imports(path)
        if not points_down(place(path).split("/")[0], name)
    ]

    assert wrong == []


def test_libraries_stay_in_their_room() -> None:
    wrong = [
        f"{place(path)} imports {name}"
        for path in SOURCES
        for name in imports(path)
        if not any(place(path).startswith(room) for room in ONLY_IN.get(name.split(".")[0], {""}))
    ]

    assert wrong == []


def test_files_stay_below_four_hundred_lines() -> None:
    assert [place(path) for path in SOURCES if len(path.read_text(encoding="utf-8").splitlines()) > 400] == []


def test_rubrics_have_no_clock_network_or_database() -> None:
    banned = {"datetime", "time", "socket", "sqlite3", "sqlalchemy", "sqlmodel", "asyncio", "urllib", "http", "random"}
    used = {name.split(".")[0] for path in (ROOT / "rubrics").rglob("*.py") for name in imports(path)}
    assert used & banned == set()


def test_no_test_folder_shadows_a_room_as_a_package() -> None:
    assert list((ROOT / "tests").rglob("__init__.py")) == []
