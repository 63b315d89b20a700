"""Questions to the reviewer over what is stored: across units and years, gone with a verdict, back with what came later."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from entering import add
from filed import attach, receive, withdraw
from stored import DEPARTMENTS, NOW, TASKS, TOWNS, campaign, joined
from written import written

from storage import answers, campaigns, doubts, doubts_asked, evidence, proof_notes, provided, verdicts
from storage.doubts import Doubt

ZONE = ZoneInfo("Asia/Shanghai")
LATER = NOW + timedelta(days=1)
ONE, OTHER = "1" * 64, "2" * 64
CLAUSE = "8.2a"


@pytest.fixture(autouse=True)
def made(run: Any) -> Any:
    made = campaign(run, rubrics=(TOWNS, DEPARTMENTS, TASKS))
    joined(run, made)  # person 1, liaison of unit 1
    joined(run, made, "o1", "王处", role="office", unit=None)
    return made


def answer(run: Any, ident: str, fact: object, unit_id: int = 1, said: str = "", at: Any = NOW) -> None:
    run(lambda database: answers.record(database, at, 1, unit_id, TOWNS, ident, fact, said=said))


def asked(run: Any, ident: str = CLAUSE, unit_id: int = 1, campaign_id: int = 1) -> list[Doubt]:
    return written(run, doubts.of_clause_in, campaign_id, ZONE, (unit_id, TOWNS.id, ident))


def said(run: Any, ident: str = CLAUSE, unit_id: int = 1) -> list[str]:
    return [one.said for one in asked(run, ident, unit_id)]


def file(run: Any, unit_id: int = 1, ref: str = ONE, ident: str = CLAUSE, at: Any = NOW, **words: Any) -> int:
    kept = receive(run, ref, unit_id, at=at, **words)
    written(run, _attach, at, unit_id, kept.id, ident)
    return kept.id


async def _attach(connection: Any, at: Any, unit_id: int, evidence_id: int, ident: str) -> None:
    await evidence.attach_in(connection, at, 1, unit_id, evidence_id, TOWNS, ident)


def passed(run: Any, ident: str = CLAUSE, at: Any = LATER) -> None:
    basis = written(run, verdicts.shown_in, 1, TOWNS, ident)
    written(run, verdicts.pass_in, at, 2, 1, TOWNS, ident, basis=basis)


def test_an_answer_with_its_own_proof_raises_no_question(run: Any) -> None:
    answer(run, CLAUSE, 99)
    file(run, dated_on=date(2026, 11, 1))

    assert asked(run) == []


def test_the_same_file_in_two_units_is_asked_about_at_both(run: Any) -> None:
    for unit_id in (1, 2):
        answer(run, CLAUSE, 99, unit_id)
        file(run, unit_id)

    assert said(run) == ["《培训签到表.pdf》西夏墅镇也交了，是两家共用的吗？"]
    assert said(run, unit_id=2) == ["《培训签到表.pdf》孟河镇也交了，是两家共用的吗？"]


def test_a_file_withdrawn_elsewhere_is_no_question(run: Any) -> None:
    answer(run, CLAUSE, 99)
    file(run)
    withdraw(run, file(run, 2), 2)

    assert said(run) == []


def test_last_years_file_is_asked_about_in_a_clause_of_the_year_only(run: Any) -> None:
    now = campaign(run, 2027, (TOWNS,))
    file(run)
    for ident, fact in ((CLAUSE, 99), ("1.1", True)):
        run(lambda database, i=ident, f=fact: answers.record(database, NOW, 1, 4, TOWNS, i, f))
        attach(run, receive(run, ONE, 4).id, ident, unit_id=4)

    found = [one.said for one in asked(run, CLAUSE, 4, now.id)]

    assert found == ["《培训签到表.pdf》2026 年度就交过，这一条要今年的材料，是今年的吗？"]
    assert asked(run, "1.1", 4, now.id) == []


def test_a_date_outside_the_year_and_one_months_before_it_came_are_asked_about(run: Any) -> None:
    answer(run, CLAUSE, 99)
    file(run, dated_on=date(2025, 3, 14))
    file(run, ref=OTHER, at=NOW + timedelta(days=100), dated_on=date(2026, 3, 14), name="台账.pdf")

    assert [one.kind for one in asked(run)] == ["day", "late"]


def test_two_entries_on_one_day_are_asked_about(run: Any) -> None:
    criterion = next(c for c in TOWNS.criteria.values() if c.entries and c.entries.unit == "次" and c.by == "unit")
    add(run, criterion.id, "质量例会", date(2026, 3, 14))
    add(run, criterion.id, "专题会议", date(2026, 3, 14))

    assert "same-day" in [one.kind for one in asked(run, criterion.id)]


def test_the_first_of_two_meetings_with_its_proof_raises_no_question(run: Any) -> None:
    entry = add(run, "1.2", "一季度质量例会", date(2026, 3, 14)).entry
    for ref, part in ((ONE, 0), (OTHER, 1)):
        kept = receive(run, ref)
        about = (NOW, 1, 1, kept.id, TOWNS, "1.2")
        written(run, evidence.attach_in, *about, entry_id=entry.id, part=part)

    assert asked(run, "1.2") == []


def test_claimed_without_proof_and_proof_without_claim_are_asked_about(run: Any) -> None:
    answer(run, "1.1", True)
    file(run)

    assert [one.kind for one in asked(run, "1.1")] == ["no-proof"]
    assert [one.kind for one in asked(run)] == ["no-claim"]


def test_a_clause_that_is_not_due_yet_may_have_its_proof_already(run: Any) -> None:
    run(lambda database: answers.record(database, NOW, 1, 1, TOWNS, CLAUSE, state="not_yet", note="2026-12-01"))
    file(run)

    assert asked(run) == []


def test_a_whole_that_shrank_since_an_earlier_answer_or_year_is_asked_about(run: Any) -> None:
    now = campaign(run, 2027, (TOWNS,))
    answer(run, "3.1", Decimal("85.71"), said="6/7家")
    answer(run, "3.1", 100, said="6/6家")
    run(lambda database: answers.record(database, NOW, 1, 4, TOWNS, "3.1", 100, said="5/5家"))

    assert any("先前说总数" in one and "是 7，现在是 6" in one for one in said(run, "3.1"))
    assert any("2026 年说总数" in one.said and "是 6，现在是 5" in one.said for one in asked(run, "3.1", 4, now.id))


def test_a_surplus_without_its_task_is_asked_about(run: Any) -> None:
    answer(run, "2.4", False)
    answer(run, "2.5a", 2)

    assert "against" in [one.kind for one in asked(run, "2.5a")]


def test_the_same_award_and_the_same_number_in_two_units_are_asked_about(run: Any) -> None:
    for unit_id in (1, 2):
        add(run, "2.5a", "恒立牌液压油缸", unit_id=unit_id)
        answer(run, "1.1", True, unit_id)
        words = {"kind": "number", "title": "分工文件", "number": "常质〔2026〕3号"}
        written(run, proof_notes.add_in, NOW, 1, unit_id, TOWNS, "1.1", **words)

    assert "“恒立牌液压油缸”西夏墅镇也报了，是同一个吗？" in said(run, "2.5a")
    assert said(run, "1.1") == ["文号 常质〔2026〕3号 西夏墅镇也报了，是同一个吗？"]


def test_a_number_that_names_awards_of_two_units_is_asked_about_once(run: Any) -> None:
    for name, unit_id in (("恒立牌液压油缸", 1), ("天合牌组件", 1), ("星宇牌车灯", 2)):
        add(run, "2.5a", name, number="苏质〔2026〕5号", unit_id=unit_id)

    numbers = [one for one in said(run, "2.5a") if "文号" in one]

    assert numbers == ["文号 苏质〔2026〕5号 西夏墅镇也报了，是同一个吗？"]


def test_meetings_of_the_same_name_are_no_question(run: Any) -> None:
    criterion = next(c for c in TOWNS.criteria.values() if c.entries and c.entries.unit == "次" and c.by == "unit")
    for unit_id in (1, 2):
        add(run, criterion.id, "质量工作例会", date(2026, 3, 14), unit_id=unit_id)

    assert not [one for one in said(run, criterion.id) if "也报了" in one]


def test_a_departments_figure_is_held_against_what_its_towns_were_confirmed_with(run: Any) -> None:
    person = joined(run, run_made(run), "p1", "周", role="provider", unit="质监分局").person_id
    run(lambda database: answers.record(database, NOW, person, 3, TASKS, "5.3", 40))
    basis = written(run, verdicts.shown_in, 1, TOWNS, "4.2")
    written(run, provided.confirm_in, NOW, person, 1, 3, TASKS.id, "5.3", {1: (Decimal(6), basis)})

    found = written(run, doubts.of_clause_in, 1, ZONE, (3, TASKS.id, "5.3"))

    assert "这里报 40 只，各镇已确认的加起来是 6 只，差的在哪里？" in [one.said for one in found]


def run_made(run: Any) -> Any:
    (made,) = run(campaigns.campaigns)
    return made


def test_a_verdict_settles_what_could_be_seen_and_not_what_came_later(run: Any) -> None:
    answer(run, CLAUSE, 99)
    file(run, dated_on=date(2025, 3, 14))
    passed(run)
    assert asked(run) == []

    file(run, 2, at=LATER + timedelta(hours=1))

    assert [one.kind for one in asked(run)] == ["shared"]


def test_a_verdict_taken_back_brings_its_questions_back(run: Any) -> None:
    answer(run, "1.1", True)
    passed(run, "1.1")
    assert asked(run, "1.1") == []
    newest = written(run, verdicts.newest_in, 1, TOWNS.id, "1.1")

    written(run, verdicts.take_back_in, LATER, 2, newest, TOWNS)

    assert [one.kind for one in asked(run, "1.1")] == ["no-proof"]


def test_the_questions_of_all_units_are_those_of_each(run: Any) -> None:
    for unit_id in (1, 2):
        answer(run, "1.1", True, unit_id)

    found = written(run, doubts.of_campaign_in, 1, ZONE)

    assert {clause[0] for clause in found} == {1, 2}
    assert found[1, TOWNS.id, "1.1"] == asked(run, "1.1")


def test_what_was_asked_of_a_unit_is_known_to_whoever_looks_next(run: Any) -> None:
    answer(run, "1.1", True)
    (doubt,) = asked(run, "1.1")
    clause = (1, TOWNS.id, "1.1")
    assert written(run, doubts_asked.asked_in, 1, clause, doubt) is None

    written(run, doubts_asked.note_in, LATER, 2, 1, clause, doubt)

    assert written(run, doubts_asked.asked_in, 1, clause, doubt) == LATER
    assert written(run, doubts_asked.asked_in, 1, (2, TOWNS.id, "1.1"), doubt) is None
