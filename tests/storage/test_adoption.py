"""The year's rubric taken in the middle of the year: what is the same is carried over, the rest asked again, nothing lost."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from adopting import (
    DEPARTMENTS,
    LATER,
    NEW,
    OLD,
    UNITS,
    adopt,
    answer,
    begun,
    book,
    counts,
    entry,
    file,
    passed,
    totals,
)
from filed import unsorted
from sqlalchemy import text
from stored import NOW, chain, rows
from written import written

from storage import (
    adoption,
    answers,
    campaigns,
    clause_links,
    doings,
    editions,
    entries,
    evidence,
    information,
    information_counting,
    learnt,
    office_facts,
    openings,
    proof_notes,
    scorecards,
    snapshots,
    submissions,
    targets,
    unit_facts,
    verdicts,
)
from storage.adoption_wish import Wish
from storage.errors import NotFoundError, RosterError, StorageError
from storage.freezing import FrozenError
from storage.roster import RosterUnit, Target
from storage.trial import on_trial


@pytest.fixture(autouse=True)
def year(run: Any) -> None:
    begun(run)


def known(run: Any, unit_id: int = 1) -> unit_facts.UnitFacts:
    return run(lambda database: unit_facts.read(database, unit_id, NEW))


def running(run: Any) -> list[str]:
    return [rubric.id for rubric in written(run, editions.of_campaign, 1)]


def test_a_rubric_for_the_time_being_says_so_wherever_its_title_is_shown(run: Any) -> None:
    towns, departments = written(run, editions.of_campaign, 1)

    assert (towns.title, departments.title) == (f"{OLD.title}（暂用）", DEPARTMENTS.title)
    assert run(campaigns.campaigns)[0].provisional == (OLD.id,)


def test_answers_are_carried_over_where_the_clause_is_the_same(run: Any) -> None:
    answer(run, "1.1", True, said="有专人")
    answer(run, "9.2", True)  # 9.1 now, and worth 4 instead of 5
    answer(run, "1.4", state="not_yet", note="12月")

    done = adopt(run)

    assert known(run).claimed == {"1.1": True, "9.1": True}
    kept = run(lambda database: answers.current(database, 1, NEW.id))
    assert (kept["1.1"].said, kept["1.1"].person, kept["1.1"].at) == ("有专人", "陈芳", NOW)
    assert (kept["1.4"].state, kept["1.4"].note) == ("not_yet", "12月")
    assert (done.units[0].unit.name, done.units[0].carried, done.units[0].answered_before) == ("孟河镇", 3, 0)


def test_a_clause_that_changed_is_asked_again_and_what_was_said_stays(run: Any) -> None:
    answer(run, "3.2", 60)
    answer(run, "9.1a", True)  # not assessed any more

    done = adopt(run)

    assert known(run).claimed == {}
    assert [answer.fact for answer in run(lambda d: answers.current(d, 1, OLD.id)).values()] == [60, True]
    change = done.units[0]
    assert "3.2" in [criterion.id for criterion in change.again]
    assert (change.answered_before, change.dropped) == (1, 2)
    assert change.new == ()  # 9.3a and 9.3b are the office's to fill in


def test_every_clause_is_told_apart(run: Any) -> None:
    done = adopt(run)

    assert {kind: len(done.of_kind(kind)) for kind in ("same", "worth", "changed", "new", "dropped")} == {
        "same": 33,
        "worth": 1,
        "changed": 8,
        "new": 2,
        "dropped": 2,
    }
    (worth,) = done.of_kind("worth")
    assert (worth.old and worth.old.id, worth.new and worth.new.id) == ("9.2", "9.1")
    assert "分值：5 → 4" in worth.details


def test_files_prove_the_same_clause_and_the_others_wait_to_be_sorted(run: Any) -> None:
    answer(run, "8.2a", 99)
    same, other = file(run, "a", "8.2a", part=0), file(run, "b", "3.2")

    done = adopt(run)

    used = written(run, evidence.of_clause_in, 1, NEW.id, "8.2a")
    assert [(use.evidence.id, use.part) for use in used] == [(same, 0)]
    assert unsorted(run) == [other]
    assert (done.units[0].files, done.units[0].loose) == (1, 1)


def test_entries_are_carried_over_with_what_proves_them(run: Any) -> None:
    first = entry(run, "10.2", "质量信息一则")
    proof = file(run, "a", "10.2", entry_id=first)
    written(run, proof_notes.add_in, NOW, 1, 1, OLD, "1.4", kind="number", title="年度计划", number="孟政〔2026〕1号")

    adopt(run)

    (moved,) = written(run, entries.of_clause_in, 1, NEW.id, "10.2")
    assert (moved.name, moved.id != first, moved.at) == ("质量信息一则", True, NOW)
    used = written(run, evidence.of_clause_in, 1, NEW.id, "10.2")
    assert [(use.evidence.id, use.entry_id) for use in used] == [(proof, moved.id)]
    assert known(run).proven["10.2"] == 1
    assert [n.number for n in written(run, proof_notes.of_clause_in, 1, NEW.id, "1.4")] == ["孟政〔2026〕1号"]


def test_a_report_that_is_taken_back_is_counted_no_more_under_the_new_rubric(run: Any) -> None:
    async def report(connection: Any) -> Any:
        words: Any = {"title": "质量信息一则", "text": "质量信息一则", "evidence": ()}
        day = NOW.date()
        return await information.add_in(connection, NOW, 1, 1, **words, reported_on=day, received_on=day)

    made = written(run, report)
    unit = information_counting.Unit(1, "孟河镇", "镇", (OLD,))
    written(run, information_counting.count_in, NOW, unit, made, NOW.date())
    adopt(run)
    assert known(run).own["10.2"] == 1

    back = written(run, information.withdraw_in, NOW, 1, made)
    unit = unit._replace(rubrics=(NEW,))
    written(run, information_counting.uncount_in, NOW, 1, unit, back)

    assert "10.2" not in known(run).own


def test_a_verdict_holds_where_clause_answer_and_proof_are_the_same(run: Any) -> None:
    answer(run, "8.2a", 99)
    file(run, "a", "8.2a", part=0)
    passed(run, "8.2a")
    answer(run, "3.2", 60)
    passed(run, "3.2")
    answer(run, "1.1", True)
    passed(run, "1.1")
    answer(run, "1.1", False)  # changed since: nobody has looked at what counts now

    adopt(run)

    assert known(run).verified == {"8.2a": 99}
    (found,) = written(run, verdicts.history_in, 1, NEW.id, "8.2a")
    assert (found.person, found.at) == ("王处", NOW)


def test_what_was_sent_back_is_still_sent_back_and_told_once(run: Any) -> None:
    answer(run, "1.1", True)
    basis = written(run, verdicts.shown_in, 1, OLD, "1.1")
    written(run, verdicts.return_in, NOW, 2, 1, OLD, "1.1", "缺文件", basis=basis)

    adopt(run)

    assert [(one.rubric_id, one.reason) for one in written(run, verdicts.untold_in, 1)] == [(NEW.id, "缺文件")]
    assert known(run).verdicts["1.1"].returned


def test_what_the_office_booked_counts_on_or_is_named_to_be_booked_again(run: Any) -> None:
    book(run, "6.3", 1)
    book(run, "6.4", 1)  # 每次扣2分 then, 扣5分 once now

    done = adopt(run)

    assert known(run).verified == {"6.3": 1}
    assert [(one.unit, one.label) for one in done.rebook] == [("孟河镇", "拒检拒抽")]
    states = [(f.rubric_id, f.criterion_id, f.state) for f in written(run, office_facts.of_unit_in, 1)]
    assert (NEW.id, "6.3", "booked") in states
    assert (OLD.id, "6.4", "dismissed") in states


def test_nothing_is_deleted(run: Any) -> None:
    answer(run, "1.1", True)
    answer(run, "3.2", 60)
    entry(run, "10.2", "质量信息一则")
    file(run, "b", "3.2")
    book(run, "6.4", 1)
    passed(run, "1.1")
    before = counts(run)

    adopt(run)

    after = counts(run)
    assert all(after[table] >= before[table] for table in before)
    assert (after["answer"], after["entry"]) == (before["answer"] + 2, before["entry"] + 1)
    assert chain(run).broken == ()
    assert rows(run, "SELECT rubric_id, ended_at IS NULL FROM campaign_rubric ORDER BY id") == [
        (OLD.id, 0),
        (DEPARTMENTS.id, 1),
        (NEW.id, 1),
    ]


def test_the_old_rubric_is_asked_scored_and_shown_no_more(run: Any) -> None:
    adopt(run)

    assert running(run) == [NEW.id, DEPARTMENTS.id]
    assert run(campaigns.campaigns)[0].rubric_ids == (NEW.id, DEPARTMENTS.id)
    assert {row.rubric_id for row in run(lambda d: scorecards.summary(d, 1))} == {NEW.id, DEPARTMENTS.id}
    with pytest.raises(NotFoundError):
        answer(run, "1.1", True)
    with pytest.raises(NotFoundError):
        entry(run, "10.2", "质量信息一则")


def test_scores_are_those_of_the_new_rubric_at_once(run: Any) -> None:
    answer(run, "9.2", True)
    assert totals(run)["孟河镇"] == 5

    done = adopt(run)

    assert totals(run) == {"孟河镇": Decimal(4), "西夏墅镇": Decimal(0)}
    assert (done.units[0].before, done.units[0].after) == (5, 4)
    assert run(lambda database: scorecards.recompute(database, LATER, 1)) == []


def test_a_unit_the_new_rubric_does_not_assess_is_named(run: Any) -> None:
    answer(run, "1.1", True, unit_id=3)

    done = adopt(run)

    assert done.left_out == ("滨江园区办",)
    assert rows(run, f"SELECT count(*) FROM answer WHERE rubric_id = '{NEW.id}'") == [(0,)]


def test_on_trial_it_leaves_nothing_behind(run: Any) -> None:
    answer(run, "1.1", True)

    async def tried(connection: Any) -> Any:
        async with on_trial(connection):
            return await adoption.adopt_in(connection, LATER, 2, 1, Wish(NEW.id))

    assert written(run, tried).units[0].carried == 1

    assert running(run) == [OLD.id, DEPARTMENTS.id]
    assert rows(run, f"SELECT count(*) FROM answer WHERE rubric_id = '{NEW.id}'") == [(0,)]


def test_a_snapshot_from_before_says_what_it_said(run: Any) -> None:
    answer(run, "1.1", True)
    taken = written(run, snapshots.take_in, NOW, 2, 1, "2026", "一季度")
    before = written(run, snapshots.rows_in, taken)

    adopt(run)

    assert written(run, snapshots.rows_in, written(run, snapshots.find_in, 1, 1)) == before


def test_a_self_assessment_that_was_handed_in_stands_no_more(run: Any) -> None:
    written(run, submissions.open_in, NOW, 1, 1, OLD, "{}", "0" * 64)

    adopt(run)

    assert written(run, submissions.of_campaign_in, 1) == []


def test_tasks_handed_down_go_on_and_those_of_the_year_take_their_place(run: Any) -> None:
    task = written(run, targets.handed_down_in, 1)[0]
    written(run, targets.confirm_target_in, NOW, 1, 1, OLD.id, "2.4", task.figure)
    sheet = (RosterUnit("西夏墅镇", "镇", (), (), (Target(NEW.id, "2.4", Decimal(5)),)),)

    done = adopt(run, handed_down=sheet)

    (kept,) = written(run, targets.handed_down_in, 1)
    assert (kept.rubric_id, kept.figure, kept.confirmed_at) == (NEW.id, 3, NOW)
    (given,) = written(run, targets.handed_down_in, 2)
    assert (given.figure, given.confirmed_at) == (5, None)
    assert [change.tasks for change in done.units] == [0, 1]
    assert [one.unit_id for one in written(run, targets.of_campaign_in, 1) if one.confirmed_at is None] == [2]


def test_tasks_for_units_nobody_knows_are_refused_and_nothing_is_done(run: Any) -> None:
    sheet = (UNITS[0], UNITS[0]._replace(name="孟河"), UNITS[0]._replace(name="奔牛镇"))

    with pytest.raises(RosterError, match="没有单位「奔牛镇」") as refused:
        adopt(run, handed_down=sheet)

    assert len(refused.value.problems) == 2
    assert running(run) == [OLD.id, DEPARTMENTS.id]


@pytest.mark.parametrize(
    ("wish", "error", "words"),
    [
        ({"rubric_id": DEPARTMENTS.id, "instead_of": OLD.id}, StorageError, "已经在用"),
        ({"rubric_id": "hunan", "instead_of": "ziyang-2016"}, NotFoundError, "在用的是：towns-2010"),
        ({"rubric_id": DEPARTMENTS.id}, StorageError, "没有要换的"),
    ],
)
def test_what_cannot_take_its_place_is_refused(run: Any, wish: Any, error: Any, words: str) -> None:
    with pytest.raises(error, match=words):
        adopt(run, **wish)
    assert running(run) == [OLD.id, DEPARTMENTS.id]


def test_a_rubric_is_not_taken_back_once_it_was_replaced(run: Any) -> None:
    adopt(run)

    with pytest.raises(StorageError, match="用过又换下了"):
        adopt(run, OLD.id, instead_of=NEW.id)


def test_frozen_scores_are_not_changed(run: Any) -> None:
    written(run, snapshots.take_in, NOW, 2, 1, "2026", "审定", final=True)

    with pytest.raises(FrozenError):
        adopt(run)


def test_what_people_did_is_counted_once(run: Any) -> None:
    answer(run, "1.1", True)
    answer(run, "3.2", 60)
    entry(run, "10.2", "质量信息一则")
    passed(run, "1.1")
    book(run, "6.3", 1)
    zone = ZoneInfo("Asia/Shanghai")
    before = written(run, doings.of_unit_in, 1, zone)

    adopt(run)

    assert written(run, doings.of_unit_in, 1, zone) == before
    assert {day.person: dict(day.counts) for day in before} == {
        "陈芳": {"joined": 1, "answered": 3, "entered": 1},
        "王处": {"reviewed": 1, "booked": 1},
    }


def test_a_link_that_waits_leads_to_the_same_clause_or_nowhere(run: Any) -> None:
    for ident in ("1.1", "3.2"):
        written(run, clause_links.make_in, NOW, 1, 1, 1, OLD, ident)

    adopt(run)

    found = rows(run, "SELECT rubric_id, criterion_id, revoked_at IS NULL FROM clause_link ORDER BY id")
    assert found == [(NEW.id, "1.1", 1), (OLD.id, "3.2", 0)]


def test_what_stays_open_after_the_lock_stays_open(run: Any) -> None:
    until = NOW.date() + timedelta(days=90)
    written(run, openings.year_end_in, NOW, 2, 1, OLD, "9.2", until, "证明要到年终才有")

    adopt(run)

    (found,) = written(run, openings.standing_in, 1, NOW.date())
    assert (found.rubric_id, found.criterion_id, found.until) == (NEW.id, "9.1", until)


def test_words_that_were_learnt_mean_the_same_clause(run: Any) -> None:
    written(run, learnt.add_in, NOW, 2, 1, OLD.id, "9.2", "分级巡查")

    adopt(run)

    assert written(run, learnt.aliases_in, 1) == {NEW.id: {"分级巡查": "9.1"}}


async def appealed(connection: Any) -> None:
    """孟河镇 appeals against the only verdict there is."""
    columns = "campaign_id, unit_id, verdict_id, text, person_id, at, why"
    await connection.execute(text(f"INSERT INTO appeal ({columns}) SELECT 1, 1, id, '有专人', 1, at, '' FROM verdict"))


def test_an_appeal_is_answered_first(run: Any) -> None:
    answer(run, "1.1", True)
    basis = written(run, verdicts.shown_in, 1, OLD, "1.1")
    written(run, verdicts.change_in, NOW, 2, 1, OLD, "1.1", False, "没有专人", basis=basis)
    written(run, appealed)

    with pytest.raises(StorageError, match="还有 1 件申诉没有答复"):
        adopt(run)
    assert running(run) == [OLD.id, DEPARTMENTS.id]
