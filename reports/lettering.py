"""Texts that must fit: cleaned for XML and sheets, measured in ems, wrapped, shortened without becoming alike."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Sequence

_NARROW = {".": 0.3, ",": 0.3, " ": 0.3, "–": 0.6, "·": 1.0}
_FAMILY = 3  # characters: names that begin with the same three belong together (江苏省…)
_LATIN_EMS = 0.6  # the mean of the font's letters; its digits are 0.555


def clean(text: str) -> str:
    """One line without what XML, a sheet or a reader cannot take: controls, lone surrogates, direction marks."""
    if text.isprintable():
        return " ".join(text.split())
    kept = (c if c.isspace() or not _unprintable(c) else "" for c in text)
    return " ".join("".join(kept).split())


def _unprintable(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs") or ord(character) & 0xFFFE == 0xFFFE


def width_ems(text: str) -> float:
    """How wide a text is, in its font size; rather too much than too little."""
    return sum(_NARROW.get(c) or (1.0 if unicodedata.east_asian_width(c) in "WFA" else _LATIN_EMS) for c in text)


def wrapped(text: str, ems: float, lines: int) -> list[str]:
    """The text in at most so many lines of at most this width; the last ends in … where it did not fit."""
    made = [""]
    for character in text:
        if width_ems(made[-1] + character) > ems and made[-1]:
            made.append("")
        made[-1] += character
    if len(made) > lines:
        made = [*made[: lines - 1], _head(made[lines - 1] + "".join(made[lines:]), ems - 1) + "…"]
    return made


def short_names(names: Sequence[str], ems: float) -> list[str]:
    """Names no wider than ``ems``: what long names share in front gives way first, then their middle.

    Where two would still read the same, only what tells them apart is kept.
    """
    fronts: dict[str, list[str]] = defaultdict(list)
    for name in sorted({name for name in names if width_ems(name) > ems}):
        fronts[name[:_FAMILY]].append(name)
    short = {name: _shortened(_without_front(name, fronts[name[:_FAMILY]]), ems) for name in names}
    alike: dict[str, list[str]] = defaultdict(list)
    for name, said in short.items():
        alike[said].append(name)
    return [said if len(alike[said := short[name]]) == 1 else _distinct(name, alike[said], ems) for name in names]


def _without_front(name: str, family: list[str]) -> str:
    if name not in family or len(family) == 1:
        return name
    return "…" + name[_shared_front(family) :]


def _distinct(name: str, group: list[str], ems: float) -> str:
    front = _shared_front(group)
    back = _shared_front([other[front:][::-1] for other in group])
    middle = name[front : len(name) - back]
    return _shortened(f"{'…' if front else ''}{middle}{'…' if back else ''}", ems)


def _shared_front(names: Sequence[str]) -> int:
    columns = zip(*names, strict=False)
    return next((n for n, letters in enumerate(columns) if len(set(letters)) > 1), min(map(len, names)))


def _shortened(text: str, ems: float) -> str:
    if width_ems(text) <= ems:
        return text
    tail = _head(text[::-1], (ems - 1) / 2)[::-1]
    return f"{_head(text, ems - 1 - width_ems(tail))}…{tail}"


def _head(text: str, ems: float) -> str:
    length = len(text)
    while length and width_ems(text[:length]) > ems:
        length -= 1
    return text[:length]
