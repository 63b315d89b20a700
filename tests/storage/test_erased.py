"""Whether a file was ever erased, asked without the tables of erasing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from filed import do, kept, receive
from stored import NOW, campaign, joined

from storage import erased, erasing
from storage.files import FileStore


def test_a_start_cleans_only_where_something_was_erased(run: Any, folder: Path) -> None:
    joined(run, campaign(run))
    receive(run, kept(FileStore(folder / "evidence")))
    before = run(erased.ever)

    do(run, erasing.erase_in, NOW, 1, 1, 1, "发错了")

    assert (before, run(erased.ever)) == (False, True)
