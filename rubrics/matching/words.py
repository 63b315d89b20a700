"""The vocabulary that all rubrics share, read once from ``rubrics/vocabulary/words.yaml``."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from rubrics.yaml_text import YamlText

_FILE = Path(__file__).parents[1] / "vocabulary" / "words.yaml"


class Words(NamedTuple):
    """What people call things, whatever the rubric."""

    same: dict[str, str]  # a way of writing → how it is read
    kinds: dict[str, tuple[str, ...]]  # a kind → words that stand for it
    common: frozenset[str]  # words of any office: little evidence by themselves
    trade: re.Pattern[str]  # words that only this trade uses
    foreign: re.Pattern[str]  # other offices' business and daily life
    benign: frozenset[str]  # may stand before a common word without making it another office's
    asking: re.Pattern[str]
    wondering: re.Pattern[str]  # asks only in a sentence that states nothing
    fillers: re.Pattern[str]
    spoken: tuple[str, ...]


@cache
def words() -> Words:
    """The shared vocabulary.

    Raises:
        RubricError: its file has mistakes.
    """
    data = YamlText.read(_FILE).data
    return Words(
        same={written: read for read, ways in data["same"].items() for written in ways},
        kinds={kind: tuple(members) for kind, members in data["kinds"].items()},
        common=frozenset(map(str, data["common"])),
        trade=either(data["trade"]),
        foreign=either([word for part in data["foreign"].values() for word in part]),
        benign=frozenset(data["benign"]),
        asking=either(data["asking"]),
        wondering=either(data["wondering"]),
        fillers=either(data["fillers"]),
        spoken=tuple(data["spoken"]),
    )


def either(listed: list[str]) -> re.Pattern[str]:
    """A pattern for any of the words, the longest first."""
    return re.compile("|".join(re.escape(str(word)) for word in sorted(map(str, listed), key=len, reverse=True)))
