"""The reasons an office gives most often for 退回 and 改分: all of them in one place, chosen by what a clause asks for."""

from __future__ import annotations

from rubrics.model import Criterion
from rubrics.proof import lacking

LABEL_CHARACTERS = 10
UNREADABLE = "看不清"
NOT_THIS_YEAR = "不是本年度"
NO_SEAL = "无公章"
NOT_AS_CLAIMED = "与所报不符"
FIGURES_DIFFER = "数字对不上"
COUNTED_TWICE = "重复计数"
NOT_RECOGNISED = "不属于本项"


def for_return(criterion: Criterion, *, files: bool) -> tuple[str, ...]:
    """Why an answer may be sent back: a part of its proof is missing, or something is wrong with the files there are."""
    if criterion.proof == "none":
        return (NOT_AS_CLAIMED, *_figures(criterion))
    missing = (f"缺{part}" for part in lacking(criterion, ()))
    year = (NOT_THIS_YEAR,) if criterion.proof.valid == "this_year" else ()
    of_files = (UNREADABLE, *year, NO_SEAL) if files else ()
    return (*missing, *of_files, NOT_AS_CLAIMED, *_figures(criterion))


def for_change(criterion: Criterion) -> tuple[str, ...]:
    """Why something else than was claimed may be verified."""
    counted = (COUNTED_TWICE,) if criterion.entries or criterion.answer.whole else ()
    year = (NOT_THIS_YEAR,) if criterion.proof != "none" and criterion.proof.valid == "this_year" else ()
    return (NOT_AS_CLAIMED, *counted, *year, NOT_RECOGNISED, *_figures(criterion))


def _figures(criterion: Criterion) -> tuple[str, ...]:
    return (FIGURES_DIFFER,) if criterion.answer.unit or criterion.measures or criterion.target else ()
