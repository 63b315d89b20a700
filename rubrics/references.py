"""Whether a rubric's parts refer to each other correctly; an engine must not run on one that does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from rubrics.kinds import Bonus, Threshold, Tiers, YesNo
from rubrics.model import Band, Criterion, Item, Rubric, earned
from rubrics.yaml_text import KeyPath


def reference_problems(rubric: Rubric) -> Iterator[tuple[KeyPath, str]]:
    """Path and sentence of each reference that leads nowhere or is given twice."""
    yield from _repeated(rubric)
    sections = {section.id for section in rubric.sections}
    for i, item in enumerate(rubric.items):
        path: KeyPath = ("items", i)
        if item.section is not None and item.section not in sections:
            yield (*path, "section"), f"没有编号为「{item.section}」的指标类别"
        if item.group is not None and item.section is None:
            yield (*path, "group"), f"「{item.group}」不在哪个指标类别下，请先写 section"
        yield from _unknown_readings(rubric, item.readings, (*path, "readings"))
        if _mixes_shares(item):
            yield path, "有的要点写了分值、有的没写：要么都写，要么都不写（平分本项）"
        for j, criterion in enumerate(item.criteria):
            yield from _criterion(rubric, item, criterion, (*path, "criteria", j))
    for i, target in enumerate(rubric.body_targets):
        yield from _unknown_readings(rubric, target.readings, ("body_targets", i, "readings"))
        for ident in target.carried_by:
            if ident not in rubric.criteria:
                yield ("body_targets", i, "carried_by"), f"没有编号「{ident}」"
    yield from _bands(rubric.bands)


def _repeated(rubric: Rubric) -> Iterator[tuple[KeyPath, str]]:
    for group in ("readings", "sections"):
        named = Counter(part.id for part in getattr(rubric, group))
        for i, part in enumerate(getattr(rubric, group)):
            if named[part.id] > 1:
                yield (group, i, "id"), f"编号「{part.id}」写了两遍"
    ids = Counter(c.id for item in rubric.items for c in item.criteria) + Counter(item.id for item in rubric.items)
    items = {item.id: item for item in rubric.items}
    for i, item in enumerate(rubric.items):
        if items[item.id] is not item:
            yield ("items", i, "id"), f"编号「{item.id}」写了两遍"
        for j, criterion in enumerate(item.criteria):
            if ids[criterion.id] > 1:
                yield ("items", i, "criteria", j, "id"), f"编号「{criterion.id}」写了两遍"


def _criterion(rubric: Rubric, item: Item, criterion: Criterion, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    yield from _unknown_readings(rubric, criterion.readings, (*path, "readings"))
    score = criterion.score
    if isinstance(score, Bonus) and score.beyond is not None:
        earners = {c.id for c in item.criteria if earned(c) or c in item.sharing}
        if score.beyond not in earners:
            yield (*path, "score", "beyond"), f"「{score.beyond}」不是本项能得分的要点"
    if criterion.measures and score.kind not in {"yesno", "checkpoint", "zero_item"}:
        yield (*path, "measures"), f"「{score.kind}」不能分几个条件问"
    if isinstance(score, Tiers):
        bounds = [tier.at_least for tier in score.tiers if tier.at_least is not None]
        if bounds != sorted(bounds, reverse=True) or len(set(bounds)) != len(bounds):
            yield (*path, "score", "tiers"), "各档的 at_least 要从高到低，不能重叠"
    if isinstance(score, Threshold) and score.threshold is None and item.points is not None and item.role == "scored":
        yield (*path, "score"), "缺少「threshold」：有分值就要有达标线，请在年度细则里写上"
    keys = [key for m in criterion.measures for key in {m.key, m.name} if key]
    if len(keys) != len(set(keys)):
        yield (*path, "measures"), "几个条件的 key 或 name 重复"


def _mixes_shares(item: Item) -> bool:
    printed = [c for c in item.criteria if isinstance(c.score, YesNo | Threshold) and c.score.points is not None]
    return item.points is not None and item.role == "scored" and bool(printed and item.sharing)


def _unknown_readings(rubric: Rubric, readings: tuple[str, ...], path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    for reading_id in readings:
        if reading_id not in rubric.reading:
            yield path, f"没有编号为「{reading_id}」的读法，请在 readings 里写明"


def _bands(bands: tuple[Band, ...]) -> Iterator[tuple[KeyPath, str]]:
    for i, (upper, lower) in enumerate(pairwise(bands)):
        if lower.at_least >= upper.at_least:
            yield (
                ("bands", i + 1, "at_least"),
                f"「{lower.grade}」的下限 {lower.at_least} 不低于「{upper.grade}」的下限 {upper.at_least}，两档重叠",
            )
    if bands and bands[-1].at_least != 0:
        yield ("bands", len(bands) - 1, "at_least"), f"{bands[-1].at_least} 分以下没有等次，最低一档要从 0 开始"
