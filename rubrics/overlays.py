"""What a campaign decides differently, laid over a rubric's data: a reading's option, or the year's own file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rubrics.errors import Problem, RubricError
from rubrics.model import Rubric
from rubrics.yaml_text import KeyPath, YamlText

_KEYS = {"overlay": str, "rubric": str, "year": int, "source": str, "use": dict, "set": dict}
_WORDS = {str: "文字", int: "整数", dict: "键: 值"}
_REQUIRED = ("overlay", "rubric")
_PATCHABLE = ("office", "rules", "phases", "items", "criteria")


def used_readings(overlay: YamlText, rubric: Rubric) -> dict[str, str]:
    """The readings an overlay switches, after checking what it says of itself.

    Raises:
        RubricError: not an overlay, or one for another rubric.
    """
    if overlay.problems:
        raise RubricError(overlay.problems)
    data = overlay.data
    if not isinstance(data, dict):
        raise RubricError([overlay.problem((), "文件是空的或不是一份年度细则")])
    problems = []
    for key, value in data.items():
        wanted = _KEYS.get(key)
        if wanted is None:
            problems.append(overlay.problem((key,), f"不认识的键「{key}」，可用的有：{'、'.join(_KEYS)}"))
        elif not isinstance(value, wanted):
            problems.append(overlay.problem((key,), f"「{key}」要写成{_WORDS[wanted]}"))
    problems += [overlay.problem((), f"缺少「{key}」，请补上") for key in _REQUIRED if key not in data]
    if not problems and data["rubric"] != rubric.id:
        problems.append(
            overlay.problem(("rubric",), f"这份年度细则是给「{data['rubric']}」的，不能用于「{rubric.id}」")
        )
    if problems:
        raise RubricError(problems)
    return {reading: str(option) for reading, option in (data.get("use") or {}).items()}


def option_set(rubric: Rubric, reading_id: str, option: str, switched_in: YamlText) -> Mapping[str, Any]:
    """What a reading's option lays over the rubric.

    Args:
        switched_in: the file to blame where the reading or option is not there.

    Raises:
        RubricError: no such reading, or none with that option.
    """
    reading = rubric.reading.get(reading_id)
    line = switched_in.line(("use", reading_id)) if "use" in switched_in.data else 0
    if reading is None or not reading.options:
        switchable = "、".join(r.id for r in rubric.readings if r.options)
        message = f"「{reading_id}」不是可切换的读法，可切换的有：{switchable}"
        raise RubricError([Problem(switched_in.name, line, "readings", message)])
    if option not in reading.options:
        message = f"没有「{option}」这种读法，可选：{'、'.join(reading.options)}"
        raise RubricError([Problem(switched_in.name, line, f"readings.{reading_id}", message)])
    return reading.options[option].set


def lay_over(data: dict[str, Any], patch: Mapping[str, Any], text: YamlText) -> None:
    """Merge rules, items and criteria of ``patch`` into ``data``, by id; office and phases are replaced as a whole.

    Raises:
        RubricError: an id that is not there, or a value where keys are wanted.
    """
    problems = []
    targets: dict[str, dict[str, Any]] = {
        "items": {item["id"]: item for item in data["items"]},
        "criteria": {c["id"]: c for item in data["items"] for c in item["criteria"]},
    }
    for group, changes in patch.items():
        if group not in _PATCHABLE:
            message = f"「set」下不认识「{group}」，可用的有：{'、'.join(_PATCHABLE)}"
            problems.append(text.problem(("set", group), message))
        elif group in ("office", "phases"):
            data[group] = changes
        elif not isinstance(changes, dict):
            problems.append(text.problem(("set", group), "下面要写成 键: 值"))
        elif group == "rules":
            data["rules"] = {**data.get("rules", {}), **changes}
        else:
            problems += _merge_by_id(targets[group], changes, ("set", group), text)
    if problems:
        raise RubricError(problems)


def path_in_overlay(data: Mapping[str, Any], path: KeyPath) -> KeyPath:
    """Where an overlay's ``set`` writes what stands at a path of the rubric."""
    match path:
        case ("items", int(i), "criteria", int(j), *rest):
            return ("set", "criteria", data["items"][i]["criteria"][j]["id"], *rest)
        case ("items", int(i), *rest):
            return ("set", "items", data["items"][i]["id"], *rest)
    return ("set", *path)


def _merge_by_id(
    known: Mapping[str, dict[str, Any]], changes: Mapping[str, Any], path: KeyPath, text: YamlText
) -> list[Problem]:
    problems = []
    for ident, change in changes.items():
        if ident not in known:
            problems.append(text.problem((*path, ident), f"没有编号「{ident}」，请对照 kaoping rubric show"))
        elif not isinstance(change, dict):
            problems.append(text.problem((*path, ident), "下面要写成 键: 值"))
        elif fixed := [key for key in ("id", "criteria") if key in change]:
            problems.append(text.problem((*path, ident, fixed[0]), f"「{fixed[0]}」不能改"))
        else:
            _merge(known[ident], change)
    return problems


def _merge(base: dict[str, Any], change: Mapping[str, Any]) -> None:
    """A value with a ``kind`` is another rule and replaces the old one; other mappings merge key by key."""
    for key, value in change.items():
        if isinstance(value, dict) and isinstance(base.get(key), dict) and "kind" not in value:
            _merge(base[key], value)
        else:
            base[key] = value
