"""The vocabulary holds words, not sentences: nothing of the labelled messages or the sources stands in it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from rubrics import loader
from rubrics.matching.spelling import fold
from rubrics.matching.words import words
from rubrics.yaml_text import YamlText

LONGEST_TERM = 8  # characters
HERE = Path(__file__).parent
SENTENCES = set((HERE / "register_sentences.txt").read_text().split())  # 16 hex digits of the sha256 of each, folded
FILE = HERE.parents[1] / "rubrics" / "vocabulary" / "words.yaml"


def aliases(rubric: str) -> list[str]:
    return [alias for c in loader.load(rubric).criteria.values() for alias in c.aliases]


def shared_words() -> list[str]:
    data = YamlText.read(FILE).data
    lists = [*data["same"].values(), *data["kinds"].values(), *data["foreign"].values()]
    lists += [data[key] for key in ("common", "benign", "trade", "asking", "wondering", "fillers", "spoken")]
    return [str(word) for listed in lists for word in listed]


@pytest.mark.parametrize("rubric", loader.rubric_ids())
def test_terms_are_short(rubric: str) -> None:
    assert [term for term in aliases(rubric) if len(term) > LONGEST_TERM] == []


def test_shared_words_are_short() -> None:
    longest = [word for word in shared_words() if len(word) > LONGEST_TERM and word not in words().same]

    assert longest == []


@pytest.mark.parametrize("rubric", loader.rubric_ids())
def test_no_term_is_a_sentence_of_the_register(rubric: str) -> None:
    terms = {fold(term): term for term in aliases(rubric) + shared_words()}

    copied = [term for folded, term in terms.items() if hashlib.sha256(folded.encode()).hexdigest()[:16] in SENTENCES]

    assert copied == []


@pytest.mark.parametrize("rubric", loader.rubric_ids())
def test_every_clause_has_words_of_its_own(rubric: str) -> None:
    for criterion in loader.load(rubric).criteria.values():
        assert len(criterion.aliases) >= 6, criterion.id
        assert len(set(criterion.aliases)) == len(criterion.aliases), criterion.id


def test_a_kind_does_not_name_itself() -> None:
    assert [kind for kind, members in words().kinds.items() if kind in members] == []
