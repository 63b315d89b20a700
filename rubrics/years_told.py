"""What words say of the year that is asked about, where they speak of another one too: 去年拿了一个，今年没有."""

from __future__ import annotations

import re

OF_CHANGE = re.compile("[下提上][降高升]|增加|连续|逐年|连升|稳中有升|低于|高于|前列")
"""A question with such words asks how years compare: all of them belong to its answer."""

_THEN = "去年度?|上一?年度?|前年|往年|以前|过去|原来"
_NOW = "今年度?|本年度?|现在|目前|如今|眼下"
_YEAR = re.compile(rf"(?P<then>{_THEN})|(?P<now>{_NOW})")
_COMPARED = re.compile(r"(?:比|较|同|和|跟|与|像|按照?|照|从|自|由|于|不如|超过?|延续|沿用|用)(?:的)?$")
_SINCE = re.compile("(?:下半年|年?底|年?末|[0-9一二三四五六七八九十]+月)?(?:起|开始|以来|至今|到现在)")


def of_this_year(question: str, words: str) -> str:
    """The words without what they say of an earlier year; all of them where they speak of one year only.

    Args:
        question: what was asked; one that compares years keeps them all.
        words: normalised or folded text.
    """
    marks = _marks(question, words)
    if {bool(mark["now"]) for mark in marks} != {True, False}:
        return words
    ends = [*(mark.start() for mark in marks[1:]), len(words)]
    said = [words[mark.start() : end] for mark, end in zip(marks, ends, strict=True) if mark["now"]]
    return words[: marks[0].start()] + "".join(said)


def only_earlier(question: str, words: str) -> bool:
    """Whether words begin with an earlier year and come to no later one."""
    marks = _marks(question, words)
    return bool(marks) and not marks[0].start() and not any(mark["now"] for mark in marks)


def _marks(question: str, words: str) -> list[re.Match[str]]:
    if OF_CHANGE.search(question) or re.search(_THEN, question):
        return []
    return [
        mark
        for mark in _YEAR.finditer(words)
        if not (mark["then"] and (_COMPARED.search(words, 0, mark.start()) or _SINCE.match(words, mark.end())))
    ]
