from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from duties import CAMPAIGN, CLOSES, COLLECTED, ISSUED, YEAR, at, desk, liaison, matter, said_on, year

from reminders.desks import Campaign, Held, Leave
from reminders.obligations import UnitKnown, open_obligations
from reminders.pacing import Calendar
from reminders.planner import is_still_true, plan
from reminders.quiet import Said, Snooze
from storage.phases import SELF_ASSESSMENT, Phase

TODAY = date(2025, 8, 12)  # a Tuesday
SOON = matter("1", TODAY + timedelta(days=7))  # has just come within a week
FAR = matter("2", TODAY + timedelta(days=90))
LAST_WEEK = Said(TODAY - timedelta(days=8))


def test_all_open_matters_stand_in_one_digest_the_most_urgent_first() -> None:
    (found,) = said_on(liaison(desk(SOON, FAR), said=[LAST_WEEK]), day=TODAY)

    assert [o.key for o in found.piles[0].obligations] == ["1", "2"]
    assert (found.kind, found.points) == ("regular", 2)
    assert found.why == "要点1：8月19日前，还有 7 天"
    assert found.key == "digest:1:7:2025-08-12"


def test_who_was_never_told_anything_hears_first_of_all() -> None:
    (found,) = said_on(liaison(desk(FAR)), day=TODAY)

    assert found.why == "第一次告知这一年要办的事"


def test_nothing_new_is_not_said_again() -> None:
    assert said_on(liaison(desk(FAR), said=[LAST_WEEK]), day=TODAY) == ()


def test_after_four_weeks_what_is_open_is_said_again() -> None:
    (found,) = said_on(liaison(desk(FAR), said=[Said(TODAY - timedelta(days=28))]), day=TODAY)

    assert found.why == "四周没有提醒过，还有没办完的"


def test_who_owes_nothing_hears_nothing() -> None:
    assert said_on(liaison(desk()), day=TODAY) == ()


def test_what_cannot_be_proven_yet_is_not_asked() -> None:
    later = matter("3", TODAY + timedelta(days=40), starts=TODAY + timedelta(days=1))

    assert said_on(liaison(desk(later)), day=TODAY) == ()
    assert len(said_on(liaison(desk(later)), day=TODAY + timedelta(days=1))) == 1


def test_the_same_moment_gives_the_same_plan_and_the_day_holds_one_digest() -> None:
    person = liaison(desk(SOON), said=[LAST_WEEK])
    told = liaison(desk(SOON), said=[LAST_WEEK, Said(TODAY)])

    assert plan(at(TODAY), CAMPAIGN, [person]) == plan(at(TODAY), CAMPAIGN, [person])
    assert plan(at(TODAY, 16), CAMPAIGN, [told]).digests == ()


def test_outside_office_hours_the_plan_says_when_they_begin() -> None:
    found = plan(at(date(2025, 9, 30), 17, 30), CAMPAIGN, [liaison(desk(SOON))])

    assert (found.digests, found.opens_at) == ((), at(date(2025, 10, 9)))


def test_a_closed_campaign_says_nothing() -> None:
    assert said_on(liaison(desk(SOON)), day=TODAY, campaign=CAMPAIGN._replace(closed=True)) == ()


def test_who_is_answering_is_not_interrupted() -> None:
    busy = liaison(desk(SOON), said=[LAST_WEEK])._replace(answering=True)

    found = plan(at(TODAY), CAMPAIGN, [busy])

    assert (found.digests, found.held) == ((), (Held(7, "陈平", "正在填，填完再说"),))


def test_a_snooze_is_kept_and_then_said_even_within_the_week() -> None:
    person = liaison(desk(FAR), said=[Said(TODAY - timedelta(days=1))])._replace(snooze=Snooze(TODAY))

    assert said_on(person, day=TODAY - timedelta(days=1)) == ()
    (found,) = said_on(person, day=TODAY)
    assert (found.kind, found.why) == ("asked", "上次选了稍后，今天再提醒")


def test_a_snooze_holds_back_a_deadline_too() -> None:
    bound = matter("1", COLLECTED, phase="日常收集")
    day = COLLECTED - timedelta(days=7)
    person = liaison(desk(bound), said=[Said(day - timedelta(days=7))])

    assert len(said_on(person, day=day)) == 1
    assert said_on(person._replace(snooze=Snooze(day + timedelta(days=1))), day=day) == ()


def test_a_snooze_for_what_was_done_meanwhile_brings_nothing() -> None:
    assert said_on(liaison(desk(), said=[LAST_WEEK])._replace(snooze=Snooze(TODAY)), day=TODAY) == ()


def test_a_deadline_is_spoken_of_with_its_days() -> None:
    bound = matter("1", COLLECTED, phase="日常收集")
    person = liaison(desk(bound), said=[Said(date(2025, 12, 24), "deadline")])

    (eve,) = said_on(person, day=date(2025, 12, 26))  # the 28th is a Sunday
    (last,) = said_on(liaison(desk(bound), said=[Said(date(2025, 12, 30))]), day=COLLECTED)

    assert (eve.kind, eve.why, eve.close) == ("deadline", "日常收集 12月31日截止，还有 5 天", COLLECTED)
    assert last.why == "日常收集 12月31日截止，就是今天"


def test_in_the_last_two_weeks_only_the_planned_days_speak() -> None:
    close = date(2025, 10, 15)  # the days 14 and 7 before lie in the holiday: 30 September speaks for both
    bound, due = matter("1", close, phase="日常收集"), matter("2", date(2025, 10, 17))
    calendar = YEAR._replace(phases=(Phase("日常收集", ISSUED, close), Phase(SELF_ASSESSMENT, ISSUED, CLOSES)))
    told = [Said(date(2025, 9, 30), "deadline")]
    campaign = CAMPAIGN._replace(calendar=calendar)

    bound_by_it = said_on(liaison(desk(bound, due), said=told), day=date(2025, 10, 10), campaign=campaign)
    free_of_it = said_on(liaison(desk(due), said=told), day=date(2025, 10, 10), campaign=campaign)

    assert (len(bound_by_it), len(free_of_it)) == (0, 1)


def test_who_owes_nothing_by_a_close_is_not_near_a_deadline() -> None:
    day = COLLECTED - timedelta(days=9)
    free = matter("2", day + timedelta(days=7))

    (found,) = said_on(liaison(desk(free), said=[Said(day - timedelta(days=8))]), day=day)

    assert found.kind == "regular"


def test_once_answers_are_locked_nobody_is_asked_any_more() -> None:
    late = matter("1", CLOSES, phase="自评")

    assert said_on(liaison(desk(late), said=[Said(CLOSES - timedelta(days=30))]), day=CLOSES + timedelta(days=3)) == ()


def test_what_is_late_is_repeated_every_two_weeks() -> None:
    late = matter("1", TODAY - timedelta(days=40))
    announced = Said(TODAY - timedelta(days=90))

    recent = liaison(desk(late), said=[announced, Said(TODAY - timedelta(days=13))])
    due = liaison(desk(late), said=[announced, Said(TODAY - timedelta(days=14))])

    assert said_on(recent, day=TODAY) == ()
    (found,) = said_on(due, day=TODAY)
    assert found.piles[0].overdue == {"1"}
    assert "期限已过" in found.why


def test_nothing_is_late_that_was_not_announced_thirty_days_before() -> None:
    passed = matter("1", TODAY - timedelta(days=1))

    (never,) = said_on(liaison(desk(passed)), day=TODAY)
    (lately,) = said_on(liaison(desk(passed), said=[Said(TODAY - timedelta(days=30))]), day=TODAY)
    (in_time,) = said_on(liaison(desk(passed), said=[Said(TODAY - timedelta(days=31))]), day=TODAY)

    assert [found.piles[0].overdue for found in (never, lately, in_time)] == [set(), set(), {"1"}]


def test_a_date_of_the_even_pace_is_never_late() -> None:
    paced = matter("1", TODAY - timedelta(days=40), limit=COLLECTED)

    (found,) = said_on(liaison(desk(paced), said=[Said(TODAY - timedelta(days=90))]), day=TODAY)

    assert found.piles[0].overdue == frozenset()
    assert "按进度" in found.why


def test_a_matter_is_spoken_of_three_weeks_and_one_week_before_it_is_due_and_three_days_after() -> None:
    for days in (21, 7, -3):
        reached, not_yet = (matter("1", TODAY + timedelta(days=n)) for n in (days, days + 1))

        assert len(said_on(liaison(desk(reached), said=[LAST_WEEK]), day=TODAY)) == 1
        told_at_stage_before = [Said(TODAY - timedelta(days=8))] if days != 7 else [Said(TODAY - timedelta(days=10))]
        assert said_on(liaison(desk(not_yet), said=told_at_stage_before), day=TODAY) == ()


def test_a_hint_is_given_once_and_alone_brings_nothing_again() -> None:
    hint = matter("9", TODAY + timedelta(days=49))._replace(kind="hint", points=matter("9", TODAY).points * 0)

    (first,) = said_on(liaison(desk(hint, FAR), said=[LAST_WEEK], announced=False), day=TODAY)
    again = said_on(liaison(desk(hint), said=[Said(TODAY - timedelta(days=40))]), day=TODAY)

    assert first.why == "要点9"
    assert again == ()


def test_a_hint_is_not_given_after_its_day() -> None:
    hint = matter("9", TODAY - timedelta(days=1))._replace(kind="hint")

    assert said_on(liaison(desk(hint)), day=TODAY) == ()


def test_a_liaison_of_three_units_gets_one_message() -> None:
    desks = [desk(matter("1", TODAY + timedelta(days=n)), unit_id=n, unit=f"第{n}镇") for n in (9, 3, 6)]

    (found,) = said_on(liaison(*desks), day=TODAY)

    assert [pile.unit for pile in found.piles] == ["第3镇", "第6镇", "第9镇"]


def test_two_liaisons_of_a_unit_are_both_told() -> None:
    both = [liaison(desk(SOON)), liaison(desk(SOON), ident=8)]

    assert [found.person_id for found in said_on(*both, day=TODAY)] == [7, 8]


def test_the_deputy_of_who_is_away_hears_in_the_same_message() -> None:
    away = liaison(desk(SOON))._replace(leave=Leave(TODAY, TODAY, deputy_id=8))
    deputy = liaison(desk(FAR, unit_id=2, unit="薛家镇"), ident=8)

    (found,) = said_on(away, deputy, day=TODAY)

    assert found.person_id == 8
    assert [pile.unit for pile in found.piles] == ["孟河镇", "薛家镇"]


def test_the_deputy_of_an_absent_deputy_stands_in_and_a_circle_of_absent_ones_is_held() -> None:
    first = liaison(desk(SOON))._replace(leave=Leave(TODAY, TODAY, deputy_id=8))
    second = liaison(ident=8)._replace(leave=Leave(TODAY, TODAY, deputy_id=9))
    third = liaison(ident=9)
    circle = second._replace(leave=Leave(TODAY, TODAY, deputy_id=7))
    circle_behind = third._replace(leave=Leave(TODAY, TODAY, deputy_id=8))
    nobody = (Held(7, "陈平", "请假，没有代理人"),)

    assert [found.person_id for found in said_on(first, second, third, day=TODAY)] == [9]
    assert plan(at(TODAY), CAMPAIGN, [first, circle]).held == nobody
    assert plan(at(TODAY), CAMPAIGN, [first, second, circle_behind]).held == nobody


def test_who_comes_back_hears_again() -> None:
    away = liaison(desk(SOON))._replace(leave=Leave(TODAY - timedelta(days=5), TODAY - timedelta(days=1)))

    assert len(said_on(away, day=TODAY)) == 1


def test_who_cannot_be_reached_is_named_unless_a_colleague_is_there() -> None:
    blocked = liaison(desk(SOON))._replace(reachable=False)
    colleague = liaison(desk(SOON), ident=8)

    alone, together = plan(at(TODAY), CAMPAIGN, [blocked]), plan(at(TODAY), CAMPAIGN, [blocked, colleague])

    assert [held.person_id for held in alone.held] == [7]
    assert (together.held, len(together.digests)) == ((), 1)


def test_an_item_sent_back_just_before_the_window_closes_is_said_within_it_or_the_next_morning() -> None:
    friday = date(2025, 8, 15)
    back = matter("5", friday + timedelta(days=30), starts=friday)._replace(kind="returned")
    person = liaison(desk(back), said=[Said(friday - timedelta(days=8))], announced=False)

    in_time, late = (plan(at(friday, 17, minute), CAMPAIGN, [person]) for minute in (29, 30))

    assert [found.why for found in in_time.digests] == ["要点5"]
    assert (late.digests, late.opens_at) == ((), at(date(2025, 8, 18)))


def test_after_nights_without_a_planner_there_is_one_digest() -> None:
    bound = matter("1", COLLECTED, phase="日常收集")
    person = liaison(desk(bound, SOON), said=[Said(date(2025, 12, 1))])

    found = said_on(person, day=date(2025, 12, 30))  # three planned days were slept through

    assert len(found) == 1
    assert said_on(liaison(desk(bound, SOON), said=[Said(date(2025, 12, 30))]), day=date(2025, 12, 30)) == ()


def test_a_clock_set_back_says_nothing_until_it_has_caught_up() -> None:
    person = liaison(desk(SOON), said=[Said(TODAY + timedelta(days=20))])

    assert said_on(person, day=TODAY) == ()


def test_the_day_is_that_of_the_campaigns_zone() -> None:
    berlin = Campaign(1, ZoneInfo("Europe/Berlin"), YEAR)
    summer = datetime(2025, 8, 12, 7, 0, tzinfo=UTC)

    (found,) = plan(summer, berlin, [liaison(desk(SOON))]).digests

    assert found.on == TODAY
    assert plan(summer - timedelta(minutes=1), berlin, [liaison(desk(SOON))]).digests == ()


def test_a_year_without_holiday_data_is_planned_and_named() -> None:
    calendar = Calendar(2090, date(2090, 1, 2), (Phase(SELF_ASSESSMENT, date(2090, 11, 1), date(2090, 12, 29)),))
    monday = date(2090, 3, 6)
    desks = desk(*open_obligations(year("孟河镇", "镇", calendar), UnitKnown()))

    found = plan(at(monday), Campaign(1, CAMPAIGN.zone, calendar), [liaison(desks)])

    assert (len(found.digests), found.guessed) == (1, (2090,))


def test_a_digest_is_true_while_all_of_it_is_open_on_its_day() -> None:
    person = liaison(desk(SOON, FAR))
    (digest,) = said_on(person, day=TODAY)

    assert is_still_true(digest, at(TODAY, 17, 29), CAMPAIGN, person)
    assert not is_still_true(digest, at(TODAY), CAMPAIGN, liaison(desk(FAR)))
    assert not is_still_true(digest, at(TODAY, 17, 30), CAMPAIGN, person)
    assert not is_still_true(digest, at(TODAY + timedelta(days=1)), CAMPAIGN, person)


def test_a_digest_that_waits_is_not_said_into_an_answer_a_snooze_or_a_closed_campaign() -> None:
    person = liaison(desk(SOON))
    (digest,) = said_on(person, day=TODAY)
    others = (
        person._replace(answering=True),
        person._replace(reachable=False),
        person._replace(snooze=Snooze(TODAY + timedelta(days=1))),
    )

    assert not any(is_still_true(digest, at(TODAY), CAMPAIGN, other) for other in others)
    assert not is_still_true(digest, at(TODAY), CAMPAIGN._replace(closed=True), person)


def test_the_first_digest_of_a_real_unit_announces_all_that_can_be_asked() -> None:
    desks = desk(*open_obligations(year(), UnitKnown()))

    (found,) = said_on(liaison(desks), day=ISSUED)

    asked = [o for o in desks.obligations if o.askable_from <= ISSUED]
    assert list(found.piles[0].obligations) == asked
    assert all((o.due - ISSUED).days >= 30 for o in asked)
