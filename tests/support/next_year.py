"""Next year's edition of a rubric, for tests of what becomes of everything once it takes the place of this year's."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rubrics import loader
from rubrics.model import Rubric


def next_year(patch: pytest.MonkeyPatch, folder: Path, rubric_id: str) -> Rubric:
    """The same rubric under another id: every clause is the same."""
    data = folder / "rubrics"
    shutil.copytree(loader.DATA, data)
    text = (data / f"{rubric_id}.yaml").read_text(encoding="utf-8")
    ident = f"{rubric_id}-next"
    (data / f"{ident}.yaml").write_text(text.replace(f"id: {rubric_id}\n", f"id: {ident}\n", 1), encoding="utf-8")
    patch.setattr(loader, "DATA", data)
    return loader.load(ident)
