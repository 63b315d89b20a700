"""A sender's file name, as it is kept and shown: data, never a path."""

from __future__ import annotations

from pathlib import PureWindowsPath

MOST_NAME = 200
UNNAMED_FILE = "未命名文件"


def shown_name(sent: str) -> str:
    """A sender's file name as data: its last part, without what cannot be seen, its ending kept when cut."""
    name = "".join(letter for letter in PureWindowsPath(sent).name if letter.isprintable()).strip()
    if len(name) > MOST_NAME:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem[: MOST_NAME - 11]}{dot}{ending[:10]}" if stem else name[:MOST_NAME]
    return name if name.strip(". ") else UNNAMED_FILE
