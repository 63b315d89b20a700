from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from duties import CLOSES, COLLECTED, DEPARTMENTS, ISSUED, TASKS, TOWNS, YEAR, owed, year

from reminders.obligations import Entry, Handed, Known, UnitKnown, open_obligations
from reminders.pacing import Calendar
from reminders.schedules import schedule
from reminders.stakes import at_stake
from rubrics import loader


def test_a_report_sent_ends_the_first_of_four() -> None:
    found = owed(Known(entries={"10.2": (Entry(date(2025, 7, 1)),)}))

    assert [key for key in found if key.startswith("10.2")] == ["10.2/1-2", "10.2/1-3", "10.2/1-4"]
    assert found["10.2/1-2"].what == "信息上报（第 2 条，共 4 条）"


def test_a_count_told_without_entries_ends_as_many() -> None:
    found = owed(Known(facts={"10.2": Decimal(3)}))

    assert [key for key in found if key.startswith("10.2")] == ["10.2/1-4"]


def test_an_entry_from_before_the_rubric_was_issued_counts_in_the_year() -> None:
    found = owed(Known(entries={"10.2": (Entry(date(2025, 2, 1)), Entry(None))}))

    assert [key for key in found if key.startswith("10.2")] == ["10.2/1-3", "10.2/1-4"]


def test_two_meetings_said_with_a_yes_end_both() -> None:
    assert not [key for key in owed(Known(facts={"1.2": True})) if key.startswith("1.2/")]


def test_a_no_does_not_end_what_is_due_in_the_year() -> None:
    assert "1.4/1-1" in owed(Known(facts={"1.4": False}))


def test_any_answer_ends_a_question_without_a_date() -> None:
    assert "2.3" in owed()
    assert "2.3" not in owed(Known(facts={"2.3": False}))


def test_a_department_that_has_its_plan_owes_none() -> None:
    bureau = year("质监分局", "部门")

    before = open_obligations(bureau, UnitKnown())
    after = open_obligations(bureau, UnitKnown({DEPARTMENTS: Known(facts={"2.1": Decimal(0)})}))
    without = open_obligations(bureau, UnitKnown({DEPARTMENTS: Known(facts={"2.1": Decimal(1)})}))

    plan = f"{DEPARTMENTS}/2.1/1-1"
    assert [plan in {o.key for o in found} for found in (before, after, without)] == [True, False, True]


def test_a_task_stays_until_as_many_are_done_as_were_handed_down() -> None:
    open_task = owed(Known(targets={"2.4": Handed(Decimal(4), Decimal(3))}))
    done = owed(Known(targets={"2.4": Handed(Decimal(4), Decimal(4))}))

    assert open_task["2.4"].what == "名牌任务（已完成 3/4）"
    assert open_task["2.4"].kind == "target"
    assert "2.4" not in done


def test_unconfirmed_tasks_are_one_matter() -> None:
    targets = {"2.4": Handed(Decimal(4), confirmed=False), "4.2": Handed(Decimal(1), confirmed=False)}

    found = owed(Known(targets=targets))["confirm"]

    assert (found.criteria, found.what) == (("2.4", "4.2"), "核对区里下达的任务数（2 项）")
    assert found.due == ISSUED + timedelta(days=30)


def test_an_item_sent_back_returns_with_thirty_days() -> None:
    answered = Known(facts={"2.3": True})
    sent_back = answered._replace(returned={"2.3": date(2025, 10, 15)})

    assert "2.3" not in owed(answered)
    found = owed(sent_back)["2.3/returned-20251015"]
    assert (found.askable_from, found.due, found.points) == (date(2025, 10, 15), date(2025, 11, 14), Fraction(5))


def test_what_is_sent_back_late_is_due_when_answering_closes() -> None:
    found = owed(Known(returned={"2.3": date(2026, 1, 10)}))["2.3/returned-20260110"]

    assert (found.due, found.phase) == (CLOSES, "自评")


def test_an_answer_sent_back_twice_is_two_matters() -> None:
    first, second = (owed(Known(returned={"2.3": day})) for day in (date(2025, 8, 1), date(2025, 9, 1)))

    assert not {key for key in first if "returned" in key} & {key for key in second if "returned" in key}


def test_a_claim_that_lacks_proof_is_owed_when_the_proof_can_exist() -> None:
    found = owed(Known(facts={"2.3": True, "1.5": True}, lacking=frozenset({"2.3", "1.5"})))

    assert (found["2.3/proof"].askable_from, found["2.3/proof"].due) == (ISSUED, COLLECTED)
    assert (found["1.5/proof"].askable_from, found["1.5/proof"].due) == (date(2025, 12, 17), CLOSES)


def test_what_is_sent_back_speaks_for_the_proof_it_lacks() -> None:
    found = owed(Known(facts={"2.3": True}, lacking=frozenset({"2.3"}), returned={"2.3": date(2025, 10, 15)}))

    assert [key for key in found if key.startswith("2.3")] == ["2.3/returned-20251015"]


def test_a_yearly_summary_is_owed_until_there_is_one() -> None:
    bureau = year("质监分局", "部门")
    summary = f"{DEPARTMENTS}/2.2"

    none_yet, written = (
        {o.key: o for o in open_obligations(bureau, UnitKnown({DEPARTMENTS: Known(facts={"2.2": Decimal(n)})}))}
        for n in (1, 0)
    )

    assert none_yet[summary].askable_from == date(2025, 12, 17)
    assert summary not in written


def test_proof_of_an_award_is_asked_from_its_day() -> None:
    known = Known(entries={"4.3": (Entry(date(2025, 9, 9)),)}, lacking=frozenset({"4.3"}))

    assert owed(known)["4.3/proof"].askable_from == date(2025, 9, 9)
    assert "4.3" not in owed()  # an award nobody has won is not owed


def test_not_yet_rests_until_its_day_and_the_other_honest_states_for_good() -> None:
    until = date(2025, 9, 1)

    found = owed(Known(resting={"2.3": until, "4.1": None}))

    assert found["2.3"].askable_from == until
    assert "4.1" not in found


def test_submitting_ends_the_submission() -> None:
    assert owed()["submit"].due == CLOSES
    assert "submit" not in owed(submitted=True)


def test_one_activity_in_the_quality_month_is_one_hint_for_all_it_counts_for() -> None:
    found = owed()["hint/09"]

    assert found.what == "质量月（9 月）办一次活动，可算 讲座培训、1 条质量振兴信息、任务第 19、20 行"
    assert (found.points, found.hint) == (Fraction(0), True)


def test_a_hint_ends_once_all_it_counts_for_is_answered() -> None:
    half = owed(Known(facts={"10.1": True}))
    whole = owed(Known(facts={"10.1": True, "10.2": Decimal(4)}))

    assert ("hint/09" in half, "hint/09" in whole) == (True, False)


def test_the_days_of_a_clause_are_each_asked_while_they_lie_ahead() -> None:
    changzhou = schedule([loader.load("changzhou")], "新北区", "区", Calendar(2025, ISSUED))

    named = {line.obligation.what for line in changzhou.dues if line.obligation.criteria == ("3.5",)}

    assert named == {"群众质量活动（质量月）", "群众质量活动（世界标准日）", "群众质量活动（世界粮食日）"}


def test_an_activity_in_its_month_ends_that_day_of_the_clause_only() -> None:
    changzhou = schedule([loader.load("changzhou")], "新北区", "区", Calendar(2025, ISSUED))
    known = UnitKnown({"changzhou": Known(entries={"3.5": (Entry(date(2025, 9, 5)),)})})

    left = {o.what for o in open_obligations(changzhou, known) if o.criteria == ("3.5",)}

    assert left == {"群众质量活动（世界标准日）", "群众质量活动（世界粮食日）"}


def test_every_clause_a_unit_is_asked_is_owed_once_unless_it_is_an_award() -> None:
    for unit, category in (("孟河镇", "镇"), ("质监分局", "部门")):
        made = year(unit, category)
        awards = {key for key, c in made.clauses.items() if c.kind == "bonus"}

        asked = {(line.obligation.rubric_id, one) for line in made.dues for one in line.obligation.criteria}

        assert made.clauses.keys() - asked == awards - asked
        assert len({line.obligation.key for line in made.dues}) == len(made.dues)


def test_a_hint_lies_last_and_the_nearest_date_first() -> None:
    found = open_obligations(year(), UnitKnown())

    assert found[0].key == f"{TOWNS}/10.2/1-1"
    assert [o.hint for o in found] == sorted(o.hint for o in found)
    dues = [o.due for o in found if not o.hint]
    assert dues == sorted(dues)


def test_points_at_stake_are_those_of_the_clause() -> None:
    found = owed()

    assert [found[key].points for key in ("10.2/1-1", "2.3", "6.5", "8.2a")] == [3, 5, 10, 2]


def test_a_checkpoint_puts_its_share_at_stake_and_a_veto_no_points() -> None:
    changzhou, ziyang = loader.load("changzhou"), loader.load("ziyang-2016")

    assert at_stake(changzhou, changzhou.criteria["4.1"]) == Fraction(3, len(changzhou.item_of["4.1"].criteria))
    assert at_stake(ziyang, ziyang.criteria["veto.1"]) == 0


def test_what_is_counted_without_points_of_its_own_loses_its_steps_and_an_event_loses_nothing_by_silence() -> None:
    departments = loader.load(DEPARTMENTS)

    assert [at_stake(departments, departments.criteria[ident]) for ident in ("2.3", "1.1", "1.2", "5.2")] == [
        10,
        20,
        5,
        0,
    ]


def test_a_task_has_no_points_of_its_own() -> None:
    found = open_obligations(year("质监分局", "部门"), UnitKnown())

    assert {o.points for o in found if o.rubric_id == TASKS} == {Fraction(0)}


def test_without_phases_the_year_itself_is_the_limit_and_nothing_is_a_deadline() -> None:
    bare = year("孟河镇", "镇", Calendar(2025, ISSUED))

    found = open_obligations(bare, UnitKnown())

    assert {o.phase for o in found} == {""}
    assert max(o.limit for o in found) == date(2025, 12, 31)


def test_nothing_is_due_less_than_thirty_days_after_the_rubric_was_issued() -> None:
    assert min(line.obligation.due for line in year().dues) >= YEAR.issued_on + timedelta(days=30)
