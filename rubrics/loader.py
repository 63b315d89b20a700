"""Rubrics from their files: checked, with the chosen readings and the year's overlay laid over them.

The only file that opens YAML. A reading's option and an overlay both carry ``set``: rules, items and criteria
whose keys replace those of the file, so the engine sees one rubric, the one in force.
"""

from __future__ import annotations

import copy
import difflib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from rubrics import model
from rubrics.errors import Problem, RubricError, UnknownRubricError
from rubrics.model import Rubric
from rubrics.references import reference_problems
from rubrics.sums import sum_findings
from rubrics.yaml_text import YamlText

DATA = Path(__file__).parent / "data"
_OVERLAY_KEYS = ("overlay", "rubric", "year", "source", "use", "set")
_PATCHABLE = ("rules", "items", "criteria")


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


def load_with(rubric_id: str, readings: Mapping[str, str] | None = None, overlay: Path | None = None) -> Rubric:
    """The rubric with switched readings and an overlay.

    Args:
        readings: reading id → option name, for the readings that have options; wins over the overlay's ``use``.
        overlay: path of the year's own file.

    Raises:
        UnknownRubricError, RubricError: also for a reading or option that is not there.
    """
    if not readings and overlay is None:
        return load(rubric_id)
    return build(_text(rubric_id), readings or {}, YamlText.read(overlay) if overlay else None)


def load_file(path: Path) -> Rubric:
    """The rubric in a file outside the project's own."""
    return build(YamlText.read(path))


@cache
def _text(rubric_id: str) -> YamlText:
    if rubric_id not in rubric_ids():
        raise UnknownRubricError(f"没有编号为「{rubric_id}」的评分细则，可用的有：{'、'.join(rubric_ids())}")
    return YamlText.read(DATA / f"{rubric_id}.yaml")


def build(text: YamlText, readings: Mapping[str, str] | None = None, overlay: YamlText | None = None) -> Rubric:
    """The rubric that a parsed file, readings and an overlay make.

    Raises:
        RubricError: naming file, line, key and what to do, all mistakes at once.
    """
    if text.problems:
        raise RubricError(text.problems)
    if not isinstance(text.data, dict):
        raise RubricError([text.problem((), "文件是空的或不是一份评分细则")])
    data = text.data
    rubric = _validated(text, data)  # the file must stand by itself before anything is laid over it
    chosen = dict(readings or {})
    if overlay is not None:
        chosen = {**_overlay_use(overlay, rubric), **chosen}
    if not chosen and overlay is None:
        return rubric

    data = copy.deepcopy(data)
    for reading_id, option in chosen.items():
        data = _patched(data, _option_set(text, rubric, reading_id, option), text)
    data["chosen"] = chosen
    if overlay is None:
        return _validated(text, data)
    data = _patched(data, overlay.data.get("set") or {}, overlay)
    data["overlay"] = str(overlay.data["overlay"])
    rubric = _validated(overlay, data)
    wrong = [f for f in sum_findings(rubric) if not f.covered_by and f.code in {"sum", "section-sum", "total"}]
    if wrong:
        raise RubricError(overlay.problem(("set", *f.path), f"{f.what}，{f.advice}") for f in wrong)
    return rubric


def _option_set(text: YamlText, rubric: Rubric, reading_id: str, option: str) -> Mapping[str, Any]:
    reading = rubric.reading.get(reading_id)
    switchable = [r.id for r in rubric.readings if r.options]
    if reading is None or not reading.options:
        raise RubricError(
            [
                Problem(
                    text.name, 0, "readings", f"「{reading_id}」不是可切换的读法，可切换的有：{'、'.join(switchable)}"
                )
            ]
        )
    if option not in reading.options:
        raise RubricError(
            [
                Problem(
                    text.name,
                    0,
                    f"readings.{reading_id}",
                    f"没有「{option}」这种读法，可选：{'、'.join(reading.options)}",
                )
            ]
        )
    return reading.options[option].set


def _overlay_use(overlay: YamlText, rubric: Rubric) -> dict[str, str]:
    if overlay.problems:
        raise RubricError(overlay.problems)
    if not isinstance(overlay.data, dict):
        raise RubricError([overlay.problem((), "文件是空的或不是一份年度细则")])
    problems = [
        overlay.problem((key,), f"不认识的键「{key}」，可用的有：{'、'.join(_OVERLAY_KEYS)}")
        for key in overlay.data
        if key not in _OVERLAY_KEYS
    ]
    problems += [
        overlay.problem((), f"缺少「{key}」，请补上")
        for key in ("overlay", "rubric")
        if not isinstance(overlay.data.get(key), str)
    ]
    if not problems and overlay.data["rubric"] != rubric.id:
        problems.append(
            overlay.problem(("rubric",), f"这份年度细则是给「{overlay.data['rubric']}」的，不能用于「{rubric.id}」")
        )
    use, patch = overlay.data.get("use") or {}, overlay.data.get("set") or {}
    for key, value in (("use", use), ("set", patch)):
        if not isinstance(value, dict):
            problems.append(overlay.problem((key,), f"「{key}」下面要写成 键: 值"))
    if problems:
        raise RubricError(problems)
    return {str(key): str(value) for key, value in use.items()}


def _patched(data: dict[str, Any], patch: Mapping[str, Any], text: YamlText) -> dict[str, Any]:
    """``data`` with rules, items and criteria of ``patch`` laid over it, by id."""
    problems = [
        text.problem(("set", key), f"「set」下不认识「{key}」，可用的有：{'、'.join(_PATCHABLE)}")
        for key in patch
        if key not in _PATCHABLE
    ]
    items = {item["id"]: item for item in data["items"]}
    criteria = {c["id"]: c for item in data["items"] for c in item["criteria"]}
    for group, known in (("items", items), ("criteria", criteria)):
        for ident, change in (patch.get(group) or {}).items():
            if ident not in known:
                problems.append(text.problem(("set", group, ident), f"没有编号「{ident}」，请对照 kaoping rubric show"))
            elif not isinstance(change, dict):
                problems.append(text.problem(("set", group, ident), "下面要写成 键: 值"))
            else:
                _merge(known[ident], change)
    if problems:
        raise RubricError(problems)
    if patch.get("rules"):
        data["rules"] = {**data.get("rules", {}), **patch["rules"]}
    return data


def _merge(base: dict[str, Any], change: Mapping[str, Any]) -> None:
    for key, value in change.items():
        replaces = isinstance(value, dict) and "kind" in value
        if isinstance(value, dict) and isinstance(base.get(key), dict) and not replaces:
            _merge(base[key], value)
        else:
            base[key] = value


def _validated(text: YamlText, data: Mapping[str, Any]) -> Rubric:
    try:
        rubric = Rubric.model_validate(data)
    except ValidationError as error:
        raise RubricError(text.problem(tuple(e["loc"]), _say(e)) for e in error.errors()) from None
    problems = [text.problem(path, message) for path, message in reference_problems(rubric)]
    if problems:
        raise RubricError(problems)
    return rubric


def _field_names() -> list[str]:
    records = [r for r in vars(model).values() if isinstance(r, type) and issubclass(r, BaseModel)]
    return sorted({name for record in records for name in record.model_fields})


def _say(error: Any) -> str:
    """A validation error in a sentence: what was found, what is allowed, what to do."""
    kind, loc, found = error["type"], error["loc"], error.get("input")
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(str(loc[-1]), _field_names(), n=1)
        return f"不认识的键「{loc[-1]}」" + (
            f"，是不是想写「{near[0]}」？" if near else "，请对照 docs/rubric-format.md 删去或改名"
        )
    if kind == "missing":
        return f"缺少「{loc[-1]}」，请补上"
    if kind in {"literal_error", "union_tag_invalid"}:
        allowed = str(error.get("ctx", {}).get("expected") or error.get("ctx", {}).get("expected_tags", "")).replace(
            " or ", ", "
        )
        return f"写了「{found if kind == 'literal_error' else error['ctx']['tag']}」，只能是：{allowed.replace(chr(39), '')}"
    if kind == "union_tag_not_found":
        return "缺少「kind」（计分方式），请补上"
    if kind == "value_error":
        return (
            f"写了「{found}」：{error['ctx']['error']}" if not isinstance(found, dict) else str(error["ctx"]["error"])
        )
    return f"写了「{found}」，类型不对（{error['msg']}）"
