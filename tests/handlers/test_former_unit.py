"""回避 holds for the unit somebody answered for before they joined the office: no booking, no opening, no decision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from talk import Office, Person
from year_end import TOWNS, do, lock

from channels import keys
from storage import absences, office_facts, openings, people
from storage.verdicts import OwnUnitError

MINE = "您自己也在 孟河镇"
NOTE = "记情况 孟河镇 抽检不合格 1起 依据 常市监〔2026〕12号"


@pytest.fixture
def wang(office: Office) -> Person:
    return office.person("wang", "office")


@pytest.fixture
def moved(office: Office, chen: Person, wang: Person) -> Person:
    """孟河镇's liaison of before, of the office now; a clause is claimed and one is applied for."""
    chen.press_key(keys.pack("ask", 1, TOWNS.id, "1.1"))
    chen.send("有")
    chen.press_key(keys.pack("ask", 1, TOWNS.id, "3.1"))
    chen.send("本地没有")
    chen.send("我镇没有名牌企业")
    (held,) = office.run(people.memberships(office.database, "test", "chen"))
    office.run(people.remove(office.database, office.now, "test", held.person_id, 1))
    chen.start(office.invite("office"))
    return chen


def test_the_former_unit_is_not_booked(office: Office, moved: Person) -> None:
    assert MINE in moved.send(NOTE)
    assert do(office, office_facts.of_unit_in, 1) == []


def test_the_former_unit_is_not_opened_again(office: Office, moved: Person) -> None:
    lock(office)

    assert MINE in moved.send("复开 孟河镇 10.2 12-20 漏报信息")
    assert do(office, openings.standing_in, 1, office.now.date()) == []


def test_its_application_and_its_dispute_are_left_to_colleagues(office: Office, moved: Person, wang: Person) -> None:
    wang.send(NOTE)
    wang.press("确认")

    wang.send("申请")
    for key in (wang.key("同意"), "dismiss:1:0", "uphold:1:0"):
        assert MINE in moved.press_key(key)
    (fact,) = do(office, office_facts.of_unit_in, 1)
    assert fact.state == "booked"
    assert do(office, absences.decision_in, 1, TOWNS.id, "3.1") is None


def test_a_clause_that_waits_there_is_not_called_settled(moved: Person) -> None:
    answered = moved.send("核查 孟河镇 1.1")

    assert MINE in answered
    assert "核完" not in answered


def test_the_card_offers_nothing_that_would_be_refused(moved: Person, wang: Person) -> None:
    moved.send("单位 孟河镇")
    wang.send("单位 孟河镇")

    assert not {"记情况", "核查"} & set(moved.labels)
    assert {"记情况", "核查"} <= set(wang.labels)


def test_storage_refuses_it_by_itself(office: Office, moved: Person) -> None:
    (held,) = office.run(people.memberships(office.database, "test", "chen"))
    who, at = held.person_id, office.now
    lock(office)
    refused: list[Callable[[], object]] = [
        lambda: do(office, office_facts.book_in, at, who, 1, TOWNS, "2.4", False, "常市监12号"),
        lambda: do(office, absences.decide_in, at, who, 1, TOWNS, "3.1", True, "没有名牌"),
        lambda: do(office, openings.reopen_in, at, who, 1, 1, date(2026, 12, 20), "漏报", at.date()),
    ]
    for one in refused:
        with pytest.raises(OwnUnitError):
            one()
