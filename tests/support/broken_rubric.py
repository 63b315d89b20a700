"""A small valid rubric to break in one place, and what the loader says of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rubrics.errors import Problem, RubricError
from rubrics.loader import build
from rubrics.yaml_text import YamlText

VALID = """\
id: demo
title: 示例细则
assessed: 各镇
source: {title: 示例细则, issuer: 示例办}
total: 20
bands:
  - {grade: A, at_least: 15}
  - {grade: B, at_least: 0}
sections:
  - {id: s1, title: 质量工作, points: 20}
readings:
  - id: T1
    title: 专题会开几次
    note: 没写开几次，按两次读。
items:
  - id: "3"
    title: 组织与监管
    label: 组织监管
    points: 10
    section: s1
    source: 附件 第3项
    criteria:
      - id: "3.9"
        ask: 今年开了几次专题会？
        label: 专题会
        score: {kind: yesno, points: 4}
        entries: {noun: 专题会, unit: 次, at_least: 2}
        proof: {parts: [会议纪要]}
        aliases: [质量会]
        source: 附件 第3项 9
        readings: [T1]
      - id: "3.10"
        ask: 抽检合格率是多少？
        label: 合格率
        score: {kind: rate, points: 6, threshold: 92}
        answer: {unit: "%"}
        proof: none
        source: 附件 第3项 10
      - id: "3.11"
        ask: 又得了几项荣誉？
        label: 荣誉
        score: {kind: bonus, per: "0.5", beyond: "3.10"}
        answer: {unit: 项}
        proof: none
        source: 附件 第3项 11
  - id: "4"
    title: 人员配备
    label: 人员
    points: 10
    section: s1
    source: 附件 第4项
    criteria:
      - id: "4.1"
        ask: 配了几名协管员？
        label: 协管员
        score:
          kind: tiers
          tiers:
            - {label: 三名以上, points: 10, ask: 有三名, at_least: 3}
            - {label: 一两名, points: 5, ask: 有一名, at_least: 1}
            - {label: 一名都没有, points: 0, ask: 还没有, at_least: 0}
        proof: none
        source: 附件 第4项 1
"""


def broken(folder: Path, old: str, new: str) -> Path:
    """The valid rubric with one place changed."""
    assert VALID.count(old) == 1, f"{old!r} is there {VALID.count(old)} times"
    changed = VALID.replace(old, new)
    assert changed != VALID
    path = folder / "demo.yaml"
    path.write_text(changed, encoding="utf-8")
    return path


def problems(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(RubricError) as caught:
        build(YamlText.read(path))
    assert all(str(problem) in str(caught.value) for problem in caught.value.problems)
    return caught.value.problems


def only_problem(path: Path) -> Problem:
    (problem,) = problems(path)
    return problem
