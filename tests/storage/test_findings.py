"""Findings on site: kept with their photos, never the unit's proof; taken back only by who noted them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from stored import DEPARTMENTS, NOW, TOWNS, campaign, chain, joined, rows
from written import written

from storage import evidence, findings
from storage.errors import NotFoundError, StorageError
from storage.findings import Finding, Photo
from storage.verdicts import OwnUnitError

PHOTO = {"ref": "a" * 64, "name": "现场.jpg", "size_bytes": 12}
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def office(run: Any) -> int:
    made = campaign(run)
    joined(run, made, "a1", "陈芳")
    return joined(run, made, "o1", "王处", role="office", unit=None).person_id


def add(run: Any, outcome: str = "wrong", words: str = "台账 停在九月", files: Any = (PHOTO,), **more: Any) -> Finding:
    about = {"person_id": 2, "unit_id": 1, "rubric": TOWNS, "criterion_id": "1.2", **more}
    return written(run, findings.add_in, NOW, *about.values(), outcome, words, files)  # type: ignore[no-any-return]


def test_a_finding_keeps_its_word_sentence_and_photos(run: Any, office: int) -> None:
    found = add(run)

    assert (found.outcome, found.words, found.person, found.unit) == ("wrong", "台账 停在九月", "王处", "孟河镇")
    assert found.files == (Photo("a" * 64, "现场.jpg", 12),)
    assert written(run, findings.of_clause_in, 1, TOWNS.id, "1.2") == [found]
    assert written(run, findings.of_unit_in, 1) == [found]
    assert ("finding.added",) in rows(run, "SELECT action FROM audit")
    assert "台账" not in str(rows(run, "SELECT subject FROM audit"))
    assert chain(run).broken == ()


def test_its_photos_are_not_the_units_proof(run: Any, office: int) -> None:
    add(run)

    assert written(run, evidence.of_unit_in, 1) == []


def test_what_is_in_order_needs_no_sentence_anything_else_does(run: Any, office: int) -> None:
    assert add(run, "fine", "").words == ""
    for outcome in ("doubtful", "wrong"):
        with pytest.raises(StorageError, match="要写一句"):
            add(run, outcome, " ")
    with pytest.raises(StorageError, match="属实、存疑、不符"):
        add(run, "great", "好得很")


def test_nobody_notes_anything_about_the_own_unit(run: Any, office: int) -> None:
    with pytest.raises(OwnUnitError, match="回避"):
        add(run, person_id=1)


def test_a_clause_or_rubric_that_is_not_the_units_is_refused(run: Any, office: int) -> None:
    with pytest.raises(NotFoundError, match="没有「99」这一条"):
        add(run, criterion_id="99")
    with pytest.raises(NotFoundError, match="不考核这个单位"):
        add(run, rubric=DEPARTMENTS, criterion_id="1.1")


def test_a_finding_is_taken_back_by_who_noted_it_and_stays_as_a_row(run: Any, office: int) -> None:
    found = add(run)

    with pytest.raises(StorageError, match="只有记下的人"):
        written(run, findings.withdraw_in, LATER, 1, found)
    written(run, findings.withdraw_in, LATER, 2, found)

    assert written(run, findings.of_unit_in, 1) == []
    assert len(rows(run, "SELECT id FROM finding")) == 1
    with pytest.raises(NotFoundError, match="已经撤回"):
        written(run, findings.withdraw_in, LATER, 2, found)


def test_a_finding_of_another_campaign_is_not_found(run: Any, office: int) -> None:
    found = add(run)

    with pytest.raises(NotFoundError, match="没有这条现场情况"):
        written(run, findings.find_in, 2, found.id)


def test_the_longest_sentence_and_half_an_emoji_are_kept(run: Any, office: int) -> None:
    found = add(run, words="\ud83d" + "长" * 600)

    assert found.words == "?" + "长" * 499
