"""报送期限 in the list of what a department owes: asked for by its day, and done once a report came."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from talk import ZONE, Office, Person

from reminders.known import owed_in
from reminders.obligations import Obligation


@pytest.fixture
def wang(office: Office) -> Person:
    """Somebody of the office, who has set two days by which departments report."""
    someone = office.person("wang", "office")
    someone.press_key("report-terms::0")
    someone.send("11月30日 12月10日")
    return someone


@pytest.fixture
def hu(office: Office) -> Person:
    """环保局's liaison."""
    return office.person("hu", "liaison", "环保局")


def owed(office: Office, unit_id: int = 3) -> list[Obligation]:
    async def read() -> tuple[Obligation, ...]:
        async with office.database.read() as connection:
            return await owed_in(connection, office.campaign.id, unit_id, ZONE)

    found: tuple[Obligation, ...] = office.run(read())
    reporting = (one for one in found if one.kind == "report" or one.key == "xinbei-2011-departments/3.2")
    return list(reporting)


def report(person: Person, words: str) -> str:
    person.send(f"报送信息 {words}")
    return person.press("报送")


def test_without_days_the_clause_is_asked_once_in_the_year(office: Office, hu: Person) -> None:
    assert [one.kind for one in owed(office)] == ["fill"]


def test_each_day_is_a_matter_of_its_own(office: Office, hu: Person, wang: Person) -> None:
    found = owed(office)

    assert [(one.what, one.askable_from, one.due, one.limit) for one in found] == [
        ("信息上报（11月30日这一次）", date(2026, 11, 21), date(2026, 11, 30), date(2026, 11, 30)),
        ("信息上报（12月10日这一次）", date(2026, 12, 1), date(2026, 12, 10), date(2026, 12, 10)),
    ]
    assert {one.points for one in found} == {3}


def test_a_report_does_the_next_day_and_not_the_one_after(office: Office, hu: Person, wang: Person) -> None:
    report(hu, "环保信息一")
    assert [one.due for one in owed(office)] == [date(2026, 12, 10)]

    office.now += timedelta(days=10)
    report(hu, "环保信息二")

    assert owed(office) == []


def test_a_report_sent_back_is_owed_again(office: Office, hu: Person, wang: Person) -> None:
    report(hu, "环保信息一")
    wang.send("报送信息")
    wang.press("待采用 1")
    wang.press("退回")
    wang.send("请写清时间地点")

    assert date(2026, 11, 30) in [one.due for one in owed(office)]


def test_a_late_report_ends_what_is_said_of_the_day_that_was_missed(office: Office, hu: Person, wang: Person) -> None:
    office.now += timedelta(days=12)
    assert [one.due for one in owed(office)] == [date(2026, 11, 30), date(2026, 12, 10)]

    report(hu, "环保信息一")

    assert owed(office) == []


def test_a_day_that_had_passed_when_it_was_set_is_not_asked_for(office: Office, hu: Person) -> None:
    wang = office.person("wang", "office")
    wang.press_key("report-terms::0")

    wang.send("11月1日 12月10日")

    assert [one.due for one in owed(office)] == [date(2026, 12, 10)]


def test_the_days_are_none_of_a_towns(office: Office, chen: Person, wang: Person) -> None:
    assert owed(office, 1) == []


def test_the_office_sees_who_has_still_to_report(office: Office, hu: Person, wang: Person) -> None:
    assert "信息上报（11月30日这一次）" in wang.send("未报 环保局")
