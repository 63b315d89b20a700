"""Fresh data folders: migrated once a process, then copied."""

from __future__ import annotations

import functools
import shutil
import tempfile
from pathlib import Path

from storage.data_folder import DATABASE, initialise


def fresh(folder: Path) -> Path:
    """A data folder as `initialise` makes it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.copyfile(_migrated() / DATABASE, folder / DATABASE)
    return folder


@functools.cache
def _migrated() -> Path:
    kept = tempfile.TemporaryDirectory(prefix="kaoping-tests-")
    _HELD.append(kept)  # goes with the process
    initialise(Path(kept.name))
    return Path(kept.name)


_HELD: list[tempfile.TemporaryDirectory[str]] = []
