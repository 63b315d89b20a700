"""What the validation library says of a record, as a key path and a Chinese sentence."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable

import msgspec

from rubrics import kinds, model, records
from rubrics.yaml_text import KeyPath

_WHERE = re.compile(r"^(?P<what>.*?)(?: - at `(?:key in )?\$(?P<path>.*)`)?$", re.DOTALL)
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")
_TYPES = {
    "str": "文字（数字样的编号要加引号）",
    "int": "整数",
    "decimal": '数字（小数加引号，例如 "0.5"）',
    "bool": "true 或 false",
    "array": "列表",
    "object": "键: 值",
    "null": "空",
}


def say(error: str) -> tuple[KeyPath, str]:
    """Key path and sentence of an error text such as ``Expected `str`, got `int` - at `$.items[0].label` ``."""
    match = _WHERE.match(error)
    assert match is not None
    path: KeyPath = tuple(name or int(index) for name, index in _STEP.findall(match["path"] or ""))
    for pattern, sentence in _SENTENCES:
        found = pattern.fullmatch(match["what"])
        if found is not None:
            key = found.groupdict().get("key")
            return (*path, key) if key else path, sentence(found)
    return path, match["what"]


def _unknown(found: re.Match[str]) -> str:
    near = [name for name in difflib.get_close_matches(found["key"], _field_names(), n=2) if name != found["key"]]
    advice = f"是不是想写「{near[0]}」？" if near else "请对照 docs/rubric-format.md 删去或改名"
    return f"不认识的键「{found['key']}」，{advice}"


def _expected(found: re.Match[str]) -> str:
    names = re.findall(r"\w+", found["wanted"])
    wanted = "或".join(_TYPES.get(name, name) for name in names)
    return f"要写成{wanted}，写的是{_TYPES.get(found['got'], found['got'])}"


def _kind(found: re.Match[str]) -> str:
    tags = "、".join(
        str(t.__struct_config__.tag) for t in _records() if t.__struct_config__.tag is not None and t is not kinds.Rule
    )
    return f"写了「{found['value']}」，只能是：{tags}"


_SENTENCES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"Object contains unknown field `(?P<key>.*)`"), _unknown),
    (re.compile(r"Object missing required field `(?P<key>.*)`"), lambda found: f"缺少「{found['key']}」，请补上"),
    (re.compile(r"Invalid value '(?P<value>.*)'"), _kind),
    (
        re.compile(r"Invalid enum value '?(?P<value>.*?)'?"),
        lambda found: f"写了「{found['value']}」，不是可选的值，请对照 docs/rubric-format.md",
    ),
    (re.compile(r"Invalid decimal string"), lambda _: '不是数字，写成带引号的数字，例如 "0.5"'),
    (
        re.compile(r"Expected `array` of (?:at least )?length (?:>= )?(?P<least>\d+).*"),
        lambda found: f"至少要写 {found['least']} 个",
    ),
    (re.compile(r"Expected `str` matching regex.*"), lambda _: '日期写成带引号的月-日，例如 "03-15"'),
    (re.compile(r"Expected `(?P<wanted>[^`]*)`, got `(?P<got>[^`]*)`"), _expected),
    (re.compile(r"Expected `(?P<wanted>[^`]*)` (?P<bound>[<>]=? ?\d+)"), lambda found: f"应当 {found['bound']}"),
)


def _records() -> list[type[records.Record]]:
    found = {**vars(records), **vars(kinds), **vars(model)}.values()
    return [r for r in found if isinstance(r, type) and issubclass(r, records.Record)]


def _field_names() -> list[str]:
    return sorted({field.name for record in _records() for field in msgspec.structs.fields(record)})
