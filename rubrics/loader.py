"""Rubrics from their files: checked, with the chosen readings and the year's overlay laid over them.

A reading's option and an overlay both carry ``set``: rules, items and criteria whose keys replace those of the
file (see ``overlays``), so the engine sees one rubric, the one in force.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

import msgspec

from rubrics import overlays
from rubrics.errors import RubricError, UnknownRubricError
from rubrics.model import Criterion, Rubric
from rubrics.references import reference_problems
from rubrics.sums import sum_findings
from rubrics.validation import say
from rubrics.yaml_text import KeyPath, YamlText

DATA = Path(__file__).parent / "data"


def rubric_ids() -> list[str]:
    """The ids of the rubrics that come with the project, sorted."""
    return sorted(path.stem for path in DATA.glob("*.yaml"))


@cache
def load(rubric_id: str) -> Rubric:
    """The rubric with its recommended readings.

    Raises:
        UnknownRubricError: no rubric has that id.
        RubricError: its file has mistakes.
    """
    return build(_text(rubric_id))


def load_with(
    rubric_id: str, readings: Mapping[str, str] | None = None, overlay: Path | YamlText | None = None
) -> Rubric:
    """The rubric with switched readings and an overlay.

    Args:
        readings: reading id → option name, for the readings that have options; wins over the overlay's ``use``.
        overlay: the year's own file: its path, or what it holds.

    Raises:
        UnknownRubricError, RubricError: also for a reading or option that is not there.
    """
    if not readings and overlay is None:
        return load(rubric_id)
    over = YamlText.read(overlay) if isinstance(overlay, Path) else overlay
    return build(_text(rubric_id), readings or {}, over)


@cache
def _text(rubric_id: str) -> YamlText:
    if rubric_id not in rubric_ids():
        raise UnknownRubricError(f"没有编号为「{rubric_id}」的评分细则，可用的有：{'、'.join(rubric_ids())}")
    return YamlText.read(DATA / f"{rubric_id}.yaml")


def build(text: YamlText, readings: Mapping[str, str] | None = None, overlay: YamlText | None = None) -> Rubric:
    """The rubric that a parsed file, readings and an overlay make.

    Raises:
        RubricError: naming file, line, key and what to do; the mistakes of all criteria at once.
    """
    if text.problems:
        raise RubricError(text.problems)
    if not isinstance(text.data, dict):
        raise RubricError([text.problem((), "文件是空的或不是一份评分细则")])
    rubric = _validated(text, text.data)  # the file must stand by itself before anything is laid over it
    if not readings and overlay is None:
        return rubric
    data = copy.deepcopy(text.data)
    used = overlays.used_readings(overlay, rubric) if overlay else {}
    data["chosen"] = {**used, **(readings or {})}
    for reading_id, option in data["chosen"].items():
        switched_in = overlay if overlay and reading_id not in (readings or {}) else None
        overlays.lay_over(data, overlays.option_set(rubric, reading_id, option, switched_in or text), text)
    if overlay is None:
        return _validated(text, data)
    overlays.lay_over(data, overlay.data.get("set") or {}, overlay)
    data["overlay"] = overlay.data["overlay"]
    rubric = _validated(overlay, data, overlaid=True)
    wrong = [f for f in sum_findings(rubric) if not f.covered_by and f.code in {"sum", "section-sum", "total"}]
    if wrong:
        raise RubricError(
            overlay.problem(overlays.path_in_overlay(data, f.path), f"{f.what}，{f.advice}") for f in wrong
        )
    return rubric


def _validated(text: YamlText, data: dict[str, Any], *, overlaid: bool = False) -> Rubric:
    try:
        rubric = msgspec.convert(data, Rubric)
        mistakes = dict(reference_problems(rubric))
    except msgspec.ValidationError as error:
        mistakes = _mistakes(data, error)
    if mistakes:
        place = partial(overlays.path_in_overlay, data) if overlaid else lambda path: path
        raise RubricError(text.problem(place(path), message) for path, message in mistakes.items())
    return rubric


def _mistakes(data: dict[str, Any], first: msgspec.ValidationError) -> dict[KeyPath, str]:
    """Every criterion's mistake, and the first one outside them: the library stops at the first of all."""
    found: dict[KeyPath, str] = {}
    items = data.get("items")
    for i, item in enumerate(items if isinstance(items, list) else []):
        criteria = item.get("criteria") if isinstance(item, dict) else None
        for j, criterion in enumerate(criteria if isinstance(criteria, list) else []):
            try:
                msgspec.convert(criterion, Criterion)
            except msgspec.ValidationError as error:
                path, message = say(str(error))
                found["items", i, "criteria", j, *path] = message
    path, message = say(str(first))
    found.setdefault(path, message)
    return found
