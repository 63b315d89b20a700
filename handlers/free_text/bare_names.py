"""Words that are nothing but names of a clause and of its item: they say what is meant, not what was done."""

from __future__ import annotations

import re

from handlers.turn import Place
from rubrics.matching.spelling import fold

_SAYS = re.compile("[0-9零一二两三四五六七八九十百千万几了有过没未无不已都全好齐完是在]")
"""What turns a name into a statement: a figure, an aspect, a denial."""

_MARKS = re.compile(r"[\s,，、。;；:：!！?？~·]+")


def is_bare(place: Place, words: str) -> bool:
    """Whether every pair of characters is one of the names of the clause (特设|分类|检查) and nothing says that it was done."""
    text = _MARKS.sub("", fold(words))
    if len(text) < 2 or _SAYS.search(text):
        return False
    known = _pairs(place)
    named = [text[at : at + 2] in known for at in range(len(text) - 1)]
    return all(any(named[max(0, at - 1) : at + 1]) for at in range(len(text)))


def _pairs(place: Place) -> set[str]:
    criterion, item = place.criterion, place.rubric.item_of[place.criterion.id]
    names = [fold(n) for n in (criterion.label, item.label, *criterion.aliases) if " " not in n]
    return {name[at : at + 2] for name in names for at in range(len(name) - 1)}
