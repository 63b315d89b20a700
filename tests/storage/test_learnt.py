"""学到的说法: learnt for a campaign, the newest meaning counts, removable, and not in the audit trail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from stored import NOW, campaign, chain, joined, rows
from written import written

from storage import learnt
from storage.errors import NotFoundError, StorageError
from storage.learnt import Learnt

LATER = NOW + timedelta(hours=1)
TOWNS = "xinbei-2011-towns"


@pytest.fixture
def chen(run: Any) -> int:
    return joined(run, campaign(run)).person_id


def add(run: Any, alias: str, criterion: str = "1.3", at: Any = NOW) -> Learnt:
    return written(run, learnt.add_in, at, 1, 1, TOWNS, criterion, alias)  # type: ignore[no-any-return]


def test_what_was_learnt_is_read_with_who_taught_it_when_newest_first(run: Any, chen: int) -> None:
    add(run, " 跑腿 ")
    add(run, "例会", "1.2", LATER)

    assert written(run, learnt.of_campaign_in, 1) == [
        Learnt(2, TOWNS, "1.2", "例会", chen, "陈芳", LATER),
        Learnt(1, TOWNS, "1.3", "跑腿", chen, "陈芳", NOW),
    ]
    assert written(run, learnt.aliases_in, 1) == {TOWNS: {"跑腿": "1.3", "例会": "1.2"}}
    assert written(run, learnt.aliases_in, 2) == {}


def test_the_same_words_taught_anew_take_the_place_of_what_they_meant(run: Any, chen: int) -> None:
    add(run, "跑腿")
    assert add(run, "跑腿").id == 1
    add(run, "跑腿", "8.1", LATER)

    assert written(run, learnt.aliases_in, 1) == {TOWNS: {"跑腿": "8.1"}}
    assert rows(run, "SELECT count(*) FROM learnt_alias") == [(2,)]


@pytest.mark.parametrize("words", ["", "  ", "一二三四五六七八九"])
def test_a_sentence_is_no_name_of_anything(run: Any, chen: int, words: str) -> None:
    with pytest.raises(StorageError, match="1 到 8 个字"):
        add(run, words)
    assert rows(run, "SELECT count(*) FROM learnt_alias") == [(0,)]


def test_removed_words_mean_nothing_and_are_removed_once(run: Any, chen: int) -> None:
    add(run, "跑腿")
    written(run, learnt.remove_in, LATER, chen, 1, 1)

    assert written(run, learnt.aliases_in, 1) == {}
    with pytest.raises(NotFoundError, match="已经删掉"):
        written(run, learnt.remove_in, LATER, chen, 1, 1)


def test_words_of_another_campaign_cannot_be_removed(run: Any, chen: int) -> None:
    add(run, "跑腿")

    with pytest.raises(NotFoundError):
        written(run, learnt.remove_in, LATER, chen, 2, 1)
    assert len(written(run, learnt.of_campaign_in, 1)) == 1


def test_the_trail_holds_only_a_hash_of_the_words(run: Any, chen: int) -> None:
    add(run, "跑腿")
    written(run, learnt.remove_in, LATER, chen, 1, 1)

    found = rows(run, "SELECT action, subject FROM audit ORDER BY id DESC LIMIT 2")
    assert [action for action, _ in found] == ["alias.removed", "alias.learnt"]
    assert not any("跑腿" in subject for _, subject in found)
    assert chain(run).broken == ()
