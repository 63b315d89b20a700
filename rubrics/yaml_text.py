"""YAML text as plain values that remember their lines.

Stricter than YAML: a repeated key, an unquoted id that starts with a digit and a bare decimal are problems
(PyYAML keeps the last of two equal keys and turns 3.10 into 3.1 without a word), and only ``true`` and
``false`` are booleans.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from rubrics.errors import Problem, RubricError

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C parser is about ten times faster
_INT = re.compile(r"[-+]?\d+$")
_FLOAT = re.compile(r"[-+]?(\d+\.\d*|\.\d+)([eE][-+]?\d+)?$")
_DIGITS = frozenset("+-.0123456789")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
_MOST_DIGITS = 15
_MOST_DEPTH = 40  # the C parser recurses and would take the process with it
_ID_KEYS = frozenset({"id", "was", "beyond", "carried_by"})

KeyPath = tuple[str | int, ...]


class YamlText:
    """A parsed file: ``data`` as builtins, ``problems`` found on the way, and the line of any key path."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        if _depth(text) > _MOST_DEPTH:
            raise RubricError([Problem(name, 0, "", f"括号或短横嵌套超过 {_MOST_DEPTH} 层，请检查括号是否配对")])
        try:
            self._root = yaml.compose(text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 0
            raise RubricError(
                [Problem(name, line, "", f"YAML 写法不对：{error.problem}，请检查缩进、引号和冒号")]
            ) from error
        except yaml.YAMLError as error:
            raise RubricError([Problem(name, 0, "", f"YAML 读不出来：{error}")]) from error
        try:
            self.data: Any = self._build(self._root, "") if self._root is not None else None
        except RecursionError as error:
            raise RubricError([Problem(name, 0, "", "YAML 的锚点引用了自己，请去掉")]) from error

    @classmethod
    def read(cls, path: Path) -> YamlText:
        """The parsed file.

        Raises:
            RubricError: the file is missing, is not UTF-8 or is not YAML.
        """
        try:
            return cls(path.name, path.read_text(encoding="utf-8-sig"))
        except FileNotFoundError as error:
            raise RubricError([Problem(str(path), 0, "", "没有这个文件，请检查路径")]) from error
        except (OSError, UnicodeDecodeError) as error:
            raise RubricError([Problem(str(path), 0, "", "读不出来：要 UTF-8 编码的 YAML 文本文件")]) from error

    def line(self, path: KeyPath) -> int:
        """The 1-based line of a key path; of its nearest known ancestor where the path itself is not there."""
        node = self._root
        line = node.start_mark.line + 1 if node is not None else 0
        for step in path:
            found = None
            if isinstance(node, yaml.MappingNode):
                for key, value in node.value:
                    if key.value == str(step):
                        found, line = value, key.start_mark.line + 1
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                found = node.value[step]
                line = found.start_mark.line + 1
            if found is None:
                continue  # a union's tag in a validation path is no key of the file
            node = found
        return line

    def problem(self, path: KeyPath, message: str) -> Problem:
        """A problem at that path of this file."""
        return Problem(self.name, self.line(path), _path_text(self.data, path), message)

    def _build(self, node: Any, key: str) -> Any:
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, key)
        if isinstance(node, yaml.SequenceNode):
            return [self._build(child, key) for child in node.value]
        return self._mapping(node)

    def _mapping(self, node: yaml.MappingNode) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._note(key_node, "键要写成一个词")
                continue
            key = str(key_node.value)
            if key in result:
                self._note(key_node, f"「{key}」写了两遍，留一个")
            if not key_node.style and _FLOAT.match(key):
                self._note(key_node, f'编号 {key} 要加引号："{key}"')
            result[key] = self._build(value_node, key)
        return result

    def _scalar(self, node: Any, key: str) -> Any:
        text = str(node.value)
        if node.style:  # None, or "" from the C parser, where nothing quotes it
            return text
        if key in _ID_KEYS and text[:1].isdigit():
            self._note(node, f'编号 {text} 要加引号："{text}"')
            return text
        if text in _WORDS:
            return _WORDS[text]
        if text[0] not in _DIGITS:
            return text
        if _INT.match(text):
            if len(text) > _MOST_DIGITS:
                self._note(node, f"数字 {text[:20]}… 太长")
                return text
            return int(text)
        if _FLOAT.match(text):
            self._note(node, f'小数 {text} 要加引号："{text}"，否则数字会走样')
        return text

    def _note(self, node: yaml.Node, message: str) -> None:
        self.problems.append(Problem(self.name, node.start_mark.line + 1, "", message))


def _depth(text: str) -> int:
    """An upper bound of the nesting: open brackets, or dashes and spaces before a line's first word."""
    deepest = level = 0
    for bracket in re.findall(r"[\[{\]}]", text):
        level += 1 if bracket in "[{" else -1
        deepest = max(deepest, level)
    margins = re.findall(r"^[ \-?]*", text, re.MULTILINE)
    return max(deepest, max(map(len, margins), default=0) // 2)


def _path_text(data: Any, path: KeyPath) -> str:
    """A key path in words: ids instead of positions."""
    words: list[str] = []
    for step in path:
        data = (
            data[step]
            if isinstance(data, list) and isinstance(step, int) and step < len(data)
            else (data.get(step) if isinstance(data, dict) else None)
        )
        named = data.get("id") if isinstance(data, dict) and isinstance(step, int) else None
        words.append(str(named) if named is not None else str(step))
    return ".".join(words)
