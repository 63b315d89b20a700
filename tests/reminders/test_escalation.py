from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from duties import CAMPAIGN, COLLECTED, desk, liaison, matter

from reminders.desks import Person
from reminders.escalation import escalations
from reminders.quiet import Said
from reminders.wording import escalation_text, renderer

TODAY = date(2025, 9, 15)  # a Monday
LATE = matter("1", date(2025, 9, 1))
TOLD = [Said(date(2025, 7, 21)), Said(date(2025, 8, 11)), Said(date(2025, 9, 10))]


def test_what_is_late_is_proposed_with_who_was_told_and_when() -> None:
    (found,) = escalations(TODAY, CAMPAIGN, [liaison(desk(LATE), said=TOLD)])

    assert (found.unit, found.people) == ("孟河镇", ("陈平",))
    assert [o.key for o in found.obligations] == ["1"]
    assert found.reminded_on == tuple(said.on for said in TOLD)


def test_the_text_is_ready_to_be_sent_by_the_office() -> None:
    (found,) = escalations(TODAY, CAMPAIGN, [liaison(desk(LATE), said=TOLD)])

    text = escalation_text(renderer(ZoneInfo("Asia/Shanghai")), "2025", found)

    assert text.split("\n") == [
        "孟河镇 2025 年质量考核：要点1已过期限。",
        "已提醒陈平 3 次（7月21日、8月11日、9月10日），请协调。",
    ]


def test_nothing_is_proposed_of_which_the_liaison_was_not_told_twice() -> None:
    assert escalations(TODAY, CAMPAIGN, [liaison(desk(LATE), said=TOLD[:1])]) == ()
    assert escalations(TODAY, CAMPAIGN, [liaison(desk(LATE))]) == ()


def test_the_liaison_has_a_whole_working_day_to_act() -> None:
    friday = [*TOLD[:2], Said(TODAY - timedelta(days=3))]

    assert escalations(TODAY, CAMPAIGN, [liaison(desk(LATE), said=friday)]) == ()
    assert len(escalations(TODAY + timedelta(days=1), CAMPAIGN, [liaison(desk(LATE), said=friday)])) == 1


def test_what_is_only_behind_an_even_pace_is_not_proposed() -> None:
    paced = matter("1", date(2025, 8, 1), limit=COLLECTED)

    assert escalations(TODAY, CAMPAIGN, [liaison(desk(paced), said=TOLD)]) == ()


def test_two_liaisons_of_a_unit_are_one_proposal() -> None:
    both = [liaison(desk(LATE), said=TOLD), liaison(desk(LATE), said=TOLD[:2], ident=8)._replace(name="王芳")]

    (found,) = escalations(TODAY, CAMPAIGN, both)

    assert found.people == ("陈平", "王芳")


def test_a_closed_campaign_proposes_nothing() -> None:
    closed = CAMPAIGN._replace(closed=True)

    assert escalations(TODAY, closed, [liaison(desk(LATE), said=TOLD)]) == ()


def test_who_stood_in_and_was_told_counts() -> None:
    away = liaison(desk(LATE))
    deputy = Person(9, "赵云", announced={(1, "1"): tuple(said.on for said in TOLD)})

    (found,) = escalations(TODAY, CAMPAIGN, [away, deputy])

    assert (found.unit, found.people) == ("孟河镇", ("赵云",))
