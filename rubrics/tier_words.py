"""A tier answered in words: by its place in the list, by its measure, or by an unmistakable part of its label."""

from __future__ import annotations

import re
from decimal import Decimal

from rubrics.amounts import Ambiguous, Number, hedged, parse_number
from rubrics.answers import (
    Asked,
    Known,
    NeedsNumber,
    Parsed,
    Refused,
    about,
    echo_of,
    figure_of,
    not_understood,
    what_to_type,
)
from rubrics.kinds import Tiers
from rubrics.model import Criterion
from rubrics.numerals import normalise
from rubrics.wording import clauses, is_negative, verdict

_PLACE = re.compile(r"(?P<mark>选|第)?(?P<place>[0-9]+|[一二三四五六七八九十])(?P<after>档|个|[、.)])?[。.]?")
_CIRCLED = "①②③④⑤⑥⑦⑧⑨"


def tier_answer(criterion: Criterion, score: Tiers, asked: Asked, words: str) -> Parsed:
    """What words mean where one of several tiers is asked for."""
    place, certain = _place(words)
    index = place if place in range(len(score.tiers)) else None
    measured = None if certain else _tier_of_measure(score, asked, words)
    if isinstance(measured, Refused) and index is None:
        return measured
    if isinstance(measured, Known) and index is not None and measured.fact != index:
        said = f"{index + 1}{asked.unit}"
        return Refused(f"读到 {words[:10]}，是第{index + 1}档，还是 {said}？请写“第{index + 1}档”或“{said}”")
    if isinstance(measured, Known):
        return measured
    if index is None:
        index = _tier_by_words(score, words)
    if index is not None:
        return Known(
            Decimal(index), score.tiers[index].label, hedged(words.replace(normalise(score.tiers[index].label), ""))
        )
    if place is not None:
        return Refused(f"读到第{place + 1}档，这里一共 {len(score.tiers)} 档，{what_to_type(criterion, asked)}")
    if score.measure and verdict(words):
        return NeedsNumber(f"“{asked.label}”是多少？请填数字，如 {asked.example}")
    return not_understood(criterion, asked, words)


def _place(words: str) -> tuple[int | None, bool]:
    """The 0-based place in the list that a typed number names, and whether it can mean nothing else."""
    if len(words) == 1 and words in _CIRCLED:
        return _CIRCLED.index(words), True
    match = _PLACE.fullmatch(words)
    number = parse_number(match["place"]) if match else None
    if match is None or not isinstance(number, Number):
        return None, False
    return int(number.value) - 1, bool(match["mark"] or match["after"])


def _tier_of_measure(score: Tiers, asked: Asked, words: str) -> Known | Refused | None:
    if score.measure is None:
        return None
    if any(_plainly(tier.label) == _plainly(words) for tier in score.tiers):
        return None
    number = parse_number(words, asked.unit)
    if number is None:
        return None
    if isinstance(number, Ambiguous):
        return Refused(f"{number}，请只写一个，如 {asked.example}")
    value = figure_of(asked, number, words)
    if isinstance(value, Refused):
        return value
    reached = [place for place, tier in enumerate(score.tiers) if tier.at_least is None or tier.at_least <= value]
    if not reached:
        return Refused(f"读到 {number.text}，哪一档都不到，请重填")
    echo = f"{echo_of(asked, number, value)}，{score.tiers[reached[0]].label}"
    return Known(Decimal(reached[0]), about(echo, number), number.hedged, number)


def _tier_by_words(score: Tiers, words: str) -> int | None:
    said = _plainly(words)
    spelt = [[_plainly(form) for form in _forms(tier.label)] for tier in score.tiers]
    for hits in (
        [place for place, forms in enumerate(spelt) if said in forms],
        [place for place, forms in enumerate(spelt) if any(_names(form, said) for form in forms)],
        [
            place
            for place, tier in enumerate(score.tiers)
            if any(_names(part, said, least=4) for part in clauses(tier.ask))
        ],
    ):
        if hits:
            return hits[0] if len(hits) == 1 else None
    refusals = [place for place, tier in enumerate(score.tiers) if is_negative(tier.label) or "都没有" in tier.label]
    last = len(score.tiers) - 1
    if verdict(words) is False and not words.startswith(("还没", "还未", "尚未")) and refusals == [last]:
        return last
    return None


def _names(label: str, said: str, least: int = 2) -> bool:
    """Whether words are an unmistakable part of a label: they never drop or add its 没 or 未."""
    shorter, longer = sorted((label, said), key=len)
    if len(shorter) < least or shorter not in longer:
        return False
    return len(re.findall("[没未不无]", label)) == len(re.findall("[没未不无]", said))


def _forms(label: str) -> list[str]:
    """The label, and each wording that its brackets offer: 市（县、区）长 is 市长, 县长 or 区长."""
    match = re.fullmatch(r"(.*)(.)（(.+?)）(.*)", label)
    if match is None:
        return [label]
    before, first, others, after = match.groups()
    return [label, *(f"{before}{one}{after}" for one in (first, *others.split("、")))]


def _plainly(words: str) -> str:
    return re.sub(r"[\s,，。、（）()“”.!！?？]|^(?:是|选|属于)", "", normalise(words))
