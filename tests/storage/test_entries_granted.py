"""Who gave an honour, kept with its entry."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from entering import add, claimed, do
from stored import NOW, TOWNS, campaign, chain, joined, rows

from storage import entries
from storage.errors import NotFoundError, StorageError


@pytest.fixture(autouse=True)
def chen(run: Any) -> None:
    joined(run, campaign(run))


def test_an_honour_is_kept_with_who_gave_it_and_its_level(run: Any) -> None:
    added = add(run, "3.3a", "省质量奖", date(2026, 3, 14), granted_by=" 江苏省人民政府 ", level="省级")

    assert added.entry is not None
    assert do(run, entries.of_clause_in, 1, TOWNS.id, "3.3a") == [added.entry]
    assert (added.entry.granted_by, added.entry.level) == ("江苏省人民政府", "省级")


def test_who_gave_it_can_be_said_later_and_changes_no_score(run: Any) -> None:
    added = add(run, "3.3a", "省质量奖", level="省级")
    before = claimed(run, "3.3a")

    entry = do(run, entries.grant_in, NOW, 1, 1, TOWNS, added.entry.id, "江苏省人民政府")  # type: ignore[union-attr]

    assert do(run, entries.of_clause_in, 1, TOWNS.id, "3.3a") == [entry]
    assert (entry.granted_by, entry.level, claimed(run, "3.3a")) == ("江苏省人民政府", "省级", before)
    assert rows(run, "SELECT action FROM audit ORDER BY id DESC LIMIT 1") == [("entry.granted",)]
    assert chain(run).broken == ()


@pytest.mark.parametrize(
    ("unit_id", "offset", "words", "error"),
    [(1, 0, " 。", StorageError), (2, 0, "省政府", NotFoundError), (1, 1, "省政府", NotFoundError)],
)
def test_nobody_or_a_foreign_entry_is_refused(
    run: Any, unit_id: int, offset: int, words: str, error: type[Exception]
) -> None:
    added = add(run, "3.3a", "省质量奖")

    with pytest.raises(error):
        do(run, entries.grant_in, NOW, 1, unit_id, TOWNS, added.entry.id + offset, words)  # type: ignore[union-attr]

    assert do(run, entries.of_clause_in, 1, TOWNS.id, "3.3a")[0].granted_by == ""
