"""The buttons of the year's last phases in the hands of another campaign's office, and of who was removed: nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from talk import Office, Person
from year_end import TOWNS, do, lock, person_id, reviewed

from channels import keys
from handlers.year.phase_routes import EXPECTED, PRESSES
from rubrics import loader
from storage import appeals, campaigns, invitations, late_answers, openings, people, rectifications, result_steps
from storage import phases as calendar
from storage.roster import RosterUnit

ROWS: tuple[Any, ...] = (
    late_answers.open_in,
    appeals.open_in,
    rectifications.lines_in,
    result_steps.of_campaign_in,
    calendar.of_campaign_in,
)


def state(office: Office) -> list[Any]:
    held = [do(office, read, 1) for read in ROWS]
    return [*held, do(office, openings.standing_in, 1, office.now.date()), do(office, appeals.days_in, 1)]


@pytest.fixture
def busy(office: Office, chen: Person) -> Office:
    """A late answer, an opening, an appeal, lines of 整改 and a step, each the first of its kind."""
    wang = office.person("wang", "office")
    chen.press_key(keys.pack("ask", 1, TOWNS.id, "10.2"))
    chen.send("4条")
    lock(office)
    reviewed(office, "wang", "change", "10.2", 3, "有一条是转发")
    wang.press_key(keys.pack("feedback-go", version=1))
    chen.press_key(keys.pack("appeal", 1, 1))
    chen.send("四条都是原创")
    chen.press_key(keys.pack("ask", 1, TOWNS.id, "1.1"))
    chen.send("有")
    chen.send("换了联络员")
    wang.send("复开 西夏墅镇 1.1 12-20 漏报")
    wang.press_key(keys.pack("result-add"))
    wang.send("约谈 孟河镇 3月20日")
    today = office.now.date()
    do(office, rectifications.begin_in, office.now, person_id(office, "wang"), 1, today, today)
    return office


def elsewhere(office: Office) -> Person:
    """Somebody of another campaign's office."""
    units = [RosterUnit("春江镇", "镇", (), (), ())]
    rubrics = [loader.load(TOWNS.id)]
    made = office.run(campaigns.create(office.database, office.now, "test", 2027, rubrics, units))
    code = office.run(invitations.invite(office.database, office.now, "test", made, "office")).code
    someone = Person(office, "elsewhere")
    someone.start(code)
    return someone


def removed(office: Office) -> Person:
    """Somebody who was of this campaign's office."""
    someone = office.person("gone", "office")
    office.run(people.remove(office.database, office.now, "test", person_id(office, "gone"), 1))
    return someone


@pytest.mark.parametrize("who", [elsewhere, removed])
def test_every_button_and_the_words_after_it_change_nothing_here(busy: Office, who: Any) -> None:
    before = state(busy)
    assert all(before)
    person = who(busy)

    for verb in PRESSES:
        for parts in ((1,), (1, 1), (1, TOWNS.id, "1.1")):
            person.press_key(keys.pack(verb, *parts, version=1))
            person.send("按规定办，王主任，12月1日")

    assert state(busy) == before


def test_every_word_that_is_awaited_has_its_button() -> None:
    asked_without_a_button = {"late-clause", "appeal-why", "appeal-value", "appeal-why-new"}

    assert set(EXPECTED) - set(PRESSES) == asked_without_a_button


def test_the_first_of_each_kind_is_there(busy: Office) -> None:
    late, appealed, lines, steps, phases, opened, days = state(busy)

    assert ([one.id for one in late], [one.id for one in appealed], steps[0].id) == ([1], [1], 1)
    assert (lines[0].due_on.month, opened[0].unit, days) == (12, "西夏墅镇", 5)
    assert date(2026, 11, 15) in {phase.ends_on for phase in phases}
