"""What never changes a result: spaces, full width, a final mark, traditional characters."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics import loader
from rubrics.matching import Matcher
from rubrics.matching.spelling import fold

FRESH = Path(__file__).parents[2] / "bench" / "fresh_messages.jsonl"
ROWS = [json.loads(line) for line in FRESH.read_text(encoding="utf-8").splitlines()]
MESSAGES = [(row["rubric"], row["text"]) for row in ROWS if row["text"].isprintable() and ".d" not in row["text"]]
LABELS = [(rubric, c.id, c.label) for rubric in loader.rubric_ids() for c in loader.load(rubric).criteria.values()]
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}
TRADITIONAL = opencc.OpenCC("s2t")


@cache
def matcher(rubric: str) -> Matcher:
    return Matcher(loader.load(rubric))


def result(rubric: str, text: str) -> list[tuple[object, ...]]:
    return [(f.criterion, f.value, f.candidates, f.decision) for f in matcher(rubric).match(text)]


@given(message=st.sampled_from(MESSAGES), places=st.sets(st.integers(0, 60)))
def test_spaces_between_words_change_nothing(message: tuple[str, str], places: set[int]) -> None:
    rubric, text = message
    spaced = "".join(
        char + (" " if n in places and not (char.isascii() and text[n + 1 : n + 2].isascii()) else "")
        for n, char in enumerate(text)
    )

    assert result(rubric, spaced) == result(rubric, text)


@given(message=st.sampled_from(MESSAGES))
def test_full_width_changes_nothing(message: tuple[str, str]) -> None:
    rubric, text = message

    assert result(rubric, text.translate(FULL_WIDTH)) == result(rubric, text)


@given(
    message=st.sampled_from(MESSAGES), mark=st.sampled_from(["。", "！", "!", ".", "~", "……", "；", "，", "？", " "])
)
def test_a_final_mark_changes_nothing(message: tuple[str, str], mark: str) -> None:
    rubric, text = message

    assert result(rubric, text + mark) == result(rubric, text)


@given(message=st.sampled_from(MESSAGES))
def test_traditional_characters_change_nothing(message: tuple[str, str]) -> None:
    rubric, text = message

    assert result(rubric, TRADITIONAL.convert(text)) == result(rubric, text)


@given(text=st.text(max_size=300))
def test_any_text_is_survived(text: str) -> None:
    for match in matcher("xinbei-2011-towns").match(text):
        assert match.candidates[0] == match.criterion


@pytest.mark.parametrize(("rubric", "ident", "label"), LABELS, ids=lambda part: str(part))
def test_a_label_of_its_own_is_sure(rubric: str, ident: str, label: str) -> None:
    namesakes = [c.id for c in loader.load(rubric).criteria.values() if fold(c.label) == fold(label)]
    (fact,) = matcher(rubric).match(label)

    assert fact.criterion in namesakes
    assert fact.decision == ("sure" if namesakes == [ident] else "ask")
