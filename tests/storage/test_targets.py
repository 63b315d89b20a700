"""Tasks handed down: with 文号 and day, changed by the office, confirmed by the liaison who saw that figure."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from stored import NOW, TOWNS, campaign, chain, joined, rows
from written import written

from storage import campaigns, targets
from storage.errors import NotFoundError, StorageError
from storage.roster import RosterUnit, Target
from storage.targets import HandedDown

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def chen(run: Any) -> int:
    units = (
        RosterUnit("孟河镇", "镇", (), (), (Target(TOWNS.id, "2.4", Decimal("3")),)),
        RosterUnit("质监分局", "部门", (), (), ()),
    )
    return joined(run, campaign(run, units=units)).person_id


def put(run: Any, figure: str, *, ident: str = "2.4", unit_id: int = 1, **words: Any) -> HandedDown:
    return written(run, targets.set_target_in, NOW, 1, unit_id, TOWNS, ident, Decimal(figure), **words)


def confirm(run: Any, seen: str, *, at: Any = NOW, ident: str = "2.4") -> HandedDown:
    return written(run, targets.confirm_target_in, at, 1, 1, TOWNS.id, ident, Decimal(seen))


def unconfirmed(run: Any) -> list[HandedDown]:
    return [one for one in written(run, targets.of_campaign_in, 1) if one.confirmed_at is None]


def test_a_target_of_the_roster_waits_to_be_confirmed(run: Any, chen: int) -> None:
    waiting = HandedDown(1, TOWNS.id, "2.4", Decimal(3), "", None, None, None)

    assert written(run, targets.handed_down_in, 1) == [waiting]
    assert unconfirmed(run) == [waiting]


def test_the_liaison_confirms_the_figure_once(run: Any, chen: int) -> None:
    confirmed = confirm(run, "3")

    assert (confirmed.confirmed_by, confirmed.confirmed_at) == (chen, NOW)
    assert confirm(run, "3.0", at=LATER) == confirmed
    assert unconfirmed(run) == []


def test_a_changed_target_has_its_paper_and_is_to_be_confirmed_again(run: Any, chen: int) -> None:
    confirm(run, "3")

    changed = put(run, "4.50", number=" 常新质〔2026〕3号 ", issued_on=date(2026, 3, 1))

    expected = HandedDown(1, TOWNS.id, "2.4", Decimal("4.5"), "常新质〔2026〕3号", date(2026, 3, 1), None, None)
    assert changed == expected
    assert unconfirmed(run) == [expected]
    assert written(run, campaigns.targets_in, 1, TOWNS.id) == {"2.4": Decimal("4.5")}


def test_a_figure_that_changed_meanwhile_is_not_confirmed(run: Any, chen: int) -> None:
    put(run, "4")

    with pytest.raises(StorageError, match="已经从 3 改成 4"):
        confirm(run, "3")
    assert len(unconfirmed(run)) == 1


def test_a_clause_that_hands_nothing_down_takes_no_target(run: Any, chen: int) -> None:
    for ident in ("1.1", "99"):
        with pytest.raises(NotFoundError, match="不是能下达任务的要点"):
            put(run, "3", ident=ident)
    with pytest.raises(NotFoundError, match="没有下达任务"):
        confirm(run, "3", ident="1.1")
    with pytest.raises(NotFoundError, match="不考核这个单位"):
        put(run, "3", unit_id=2)


@pytest.mark.parametrize("figure", ["-1", "1E+9", "NaN", "Infinity"])
def test_a_figure_that_cannot_be_is_refused(run: Any, chen: int, figure: str) -> None:
    with pytest.raises(StorageError, match="要填不小于 0 的数字"):
        put(run, figure)
    assert rows(run, "SELECT figure FROM target") == [("3",)]


def test_setting_and_confirming_are_in_the_trail(run: Any, chen: int) -> None:
    put(run, "4")
    confirm(run, "4")

    assert rows(run, "SELECT action, subject FROM audit ORDER BY id DESC LIMIT 2") == [
        ("target.confirmed", f'{{"criterion":"2.4","figure":"4","rubric":"{TOWNS.id}","unit":1}}'),
        ("target.set", f'{{"criterion":"2.4","figure":"4","rubric":"{TOWNS.id}","unit":1}}'),
    ]
    assert chain(run).broken == ()
