"""意见反馈: kept as written, read by the office, not in the audit trail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from stored import NOW, campaign, chain, joined, rows
from written import written

from storage import feedback
from storage.errors import StorageError
from storage.feedback import Feedback

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def chen(run: Any) -> int:
    return joined(run, campaign(run)).person_id


def add(run: Any, text: str, at: Any = NOW) -> int:
    return written(run, feedback.add_in, at, 1, 1, text)


def test_the_office_reads_what_was_written_newest_first(run: Any, chen: int) -> None:
    add(run, " 清单太长 ")
    add(run, "按钮好用", at=LATER)

    assert written(run, feedback.of_campaign_in, 1) == [
        Feedback(2, chen, "陈芳", "按钮好用", LATER),
        Feedback(1, chen, "陈芳", "清单太长", NOW),
    ]
    assert written(run, feedback.of_campaign_in, 2) == []


@pytest.mark.parametrize(("text", "sentence"), [("", "还没有写"), (" \n", "还没有写"), ("长" * 2001, "最多 2000 个字")])
def test_nothing_or_too_much_is_said_and_not_cut(run: Any, chen: int, text: str, sentence: str) -> None:
    with pytest.raises(StorageError, match=sentence):
        add(run, text)
    assert rows(run, "SELECT count(*) FROM feedback") == [(0,)]


def test_half_an_emoji_is_kept_as_far_as_it_can_be(run: Any, chen: int) -> None:
    add(run, "好\ud83d")

    assert written(run, feedback.of_campaign_in, 1)[0].text == "好?"


def test_the_trail_holds_only_a_hash_of_it(run: Any, chen: int) -> None:
    add(run, "清单太长")

    ((action, subject),) = rows(run, "SELECT action, subject FROM audit ORDER BY id DESC LIMIT 1")
    assert action == "feedback.given"
    assert "清单" not in subject
    assert chain(run).broken == ()
