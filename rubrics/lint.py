"""What a careful clerk finds in a rubric: slips of the printed document and slips of whoever typed the file.

A finding that one of the rubric's readings answers is shown with that reading; any other must be put right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from rubrics import loader
from rubrics.errors import FactError, Problem, RubricError
from rubrics.facts import parse_fact
from rubrics.figures import plain
from rubrics.findings import Finding, covering, criterion_path, item_path
from rubrics.kinds import Bonus, Count, Deduct, Gate, Tiers, YesNo
from rubrics.model import Criterion, Item, Rubric
from rubrics.sums import sum_findings
from rubrics.yaml_text import YamlText

LABEL_LIMIT = 10  # characters on a button
ALIAS_LIMIT = 8
ASK_LIMIT = 40

# Words that hold 不, 没, 未 or 无 without making a question negative.
_HARMLESS = re.compile(
    r"有没有|是不是|能不能|会不会|够不够|没有(?=[？，])|不合格|不明确|不及时|无证|不动产|不得分|无公害|无主|无损|不良"
)
_NEGATION = re.compile(r"[不没未无]")


def check(path: Path) -> list[tuple[Problem, Finding | None]]:
    """Everything found in a rubric or overlay: a problem with its place, and the finding where the file could be read.

    Raises:
        UnknownRubricError: an overlay for a rubric that is not there.
    """
    try:
        text = YamlText.read(path)
        if isinstance(text.data, dict) and isinstance(text.data.get("overlay"), str):
            loader.load_with(str(text.data.get("rubric")), {}, path)
            return []
        rubric = loader.build(text)
    except RubricError as error:
        return [(problem, None) for problem in error.problems]
    return [(text.problem(f.path, f"{f.what}，{f.advice}"), f) for f in findings(rubric)]


def findings(rubric: Rubric) -> list[Finding]:
    """All findings of a rubric that loads."""
    return [
        *sum_findings(rubric),
        *_band_gaps(rubric),
        *_body_targets(rubric),
        *_wording(rubric),
        *_unused_readings(rubric),
    ]


def _band_gaps(rubric: Rubric) -> Iterator[Finding]:
    for i, (upper, lower) in enumerate(pairwise(rubric.bands)):
        if lower.printed_to is None:
            continue
        covered = covering(rubric, "band-gap", rubric.reading)
        span = f"{plain(lower.printed_to)} 分和 {plain(upper.at_least)} 分"
        if lower.printed_to < upper.at_least:
            what = f"「{lower.grade}」印到 {plain(lower.printed_to)} 分，「{upper.grade}」从 {plain(upper.at_least)} 分起，{span}之间没有等次"
            yield Finding("band-gap", ("bands", i + 1), what, "请写明带小数的总分怎么归档", covered)
        else:
            what = f"「{lower.grade}」印到 {plain(lower.printed_to)} 分，与「{upper.grade}」重叠"
            yield Finding(
                "band-overlap", ("bands", i + 1), what, "请改上下限", covering(rubric, "band-overlap", rubric.reading)
            )


def _body_targets(rubric: Rubric) -> Iterator[Finding]:
    for i, target in enumerate(rubric.body_targets):
        if not target.carried_by:
            what = f"正文目标「{target.text}」（{target.source}）在表中没有对应的行"
            covered = covering(rubric, "no-row", target.readings)
            yield Finding("no-row", ("body_targets", i), what, "请补上责任行，或写明不考核", covered)


def _wording(rubric: Rubric) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    item_labels: dict[str, str] = {}
    for item in rubric.items:
        yield from _label(item.label, item_path(rubric, item), item_labels, f"第{item.id}项")
        for criterion in item.criteria:
            path = criterion_path(rubric, item, criterion)
            yield from _label(criterion.label, path, seen, criterion.id)
            if isinstance(criterion.score, Tiers):
                for k, tier in enumerate(criterion.score.tiers):
                    yield from _label(tier.label, (*path, "score", "tiers", k), seen, f"{criterion.id} 第{k + 1}档")
            yield from _sentences(item, criterion, path)
            yield from _answers(criterion, path)


def _answers(criterion: Criterion, path: tuple[str | int, ...]) -> Iterator[Finding]:
    """Buttons that mean something: facts the clause takes, and not all the same."""
    facts = list(criterion.answer.buttons.values())
    countable = isinstance(criterion.score, Deduct | Bonus | Count)
    for label, fact in criterion.answer.buttons.items():
        if fact == "count" and countable:
            continue
        try:
            parse_fact(criterion, fact)
        except FactError as error:
            yield Finding("button", path, f"{criterion.id} 的按钮「{label}」：{error}", "请改成这一条能填的值")
    if facts and len(set(map(str, facts))) < 2:
        yield Finding("button", path, f"{criterion.id} 的几个按钮是同一个答案", "请写出不同的答案")
    for name, limits in [("", criterion.answer.range), *((m.key, m.range) for m in criterion.measures)]:
        if limits is not None and limits[0] >= limits[1]:
            yield Finding("range", path, f"{criterion.id}{name} 的范围下限不低于上限", "请把小的写在前面")


def _label(label: str, path: tuple[str | int, ...], seen: dict[str, str], owner: str) -> Iterator[Finding]:
    if not label.strip():
        yield Finding("label-empty", path, f"{owner} 没有短名", f"请写一个 {LABEL_LIMIT} 个字以内的短名")
    if len(label) > LABEL_LIMIT:
        yield Finding(
            "label-long", path, f"{owner} 的短名「{label}」有 {len(label)} 个字", f"请缩到 {LABEL_LIMIT} 个字以内"
        )
    if label in seen:
        yield Finding("label-twice", path, f"{owner} 的短名「{label}」与 {seen[label]} 相同", "请改一个")
    seen.setdefault(label, owner)


def _sentences(item: Item, criterion: Criterion, path: tuple[str | int, ...]) -> Iterator[Finding]:
    for ask in (criterion.ask, *(m.ask for m in criterion.measures)):
        if len(ask) > ASK_LIMIT:
            yield Finding("ask-long", path, f"{criterion.id} 的问句有 {len(ask)} 个字", f"请缩到 {ASK_LIMIT} 个字以内")
        if not ask.endswith("？"):
            yield Finding("ask-mark", path, f"{criterion.id} 的问句「{ask}」不是以？结尾", "请写成一个问句")
        if _NEGATION.search(_HARMLESS.sub("", ask)):
            yield Finding(
                "ask-negative",
                path,
                f"{criterion.id} 的问句「{ask}」是反着问的",
                "请改成有没有、发生过没有这样的正面问法",
            )
    for alias in criterion.aliases:
        if len(alias) > ALIAS_LIMIT:
            yield Finding(
                "alias-long",
                path,
                f"{criterion.id} 的叫法「{alias}」有 {len(alias)} 个字",
                f"请缩到 {ALIAS_LIMIT} 个字以内",
            )
    if isinstance(criterion.score, YesNo | Gate | Deduct) and not (
        criterion.answer.buttons or criterion.measures or criterion.entries or criterion.target or criterion.derived
    ):
        yield Finding(
            "no-answer", path, f"{criterion.id} 没写怎么回答", "请在 answer 里写按钮，或写 entries、measures、target"
        )
    if not criterion.source.strip() or not item.source.strip():
        yield Finding("no-citation", path, f"{criterion.id} 没有写出处", "请写出文件的条款号")


def _unused_readings(rubric: Rubric) -> Iterator[Finding]:
    """A reading that says it covers something nobody finds has outlived its clause."""
    codes = {f.code for f in [*sum_findings(rubric), *_band_gaps(rubric), *_body_targets(rubric)]}
    for i, reading in enumerate(rubric.readings):
        for code in reading.covers:
            if code not in codes:
                yield Finding(
                    "covers-nothing",
                    ("readings", i),
                    f"读法 {reading.id} 说明了「{code}」，但没有这样的问题",
                    "请删去 covers 里这一项",
                )
