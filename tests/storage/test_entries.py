"""Entries: what counts once, and the answers that follow from them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from entering import add, claim, claimed, do, names, states, withdraw
from stored import DEPARTMENTS, NOW, TOWNS, campaign, chain, joined, rows

from rubrics import loader
from storage import entries, evidence, proof_notes, scorecards
from storage.entries import same_name, same_number
from storage.errors import NotFoundError, StorageError
from storage.roster import RosterUnit

MARCH, JUNE = date(2026, 3, 5), date(2026, 6, 9)
CHANGZHOU = loader.load("changzhou")


@pytest.fixture
def chen(run: Any) -> int:
    return joined(run, campaign(run)).person_id


def in_a_district(run: Any) -> None:
    unit = RosterUnit("新北区", CHANGZHOU.categories[0], (), (), ())
    joined(run, campaign(run, rubrics=(CHANGZHOU,), units=(unit,)), unit="新北区")


# --- what an entry is -------------------------------------------------------------------------------------


def test_an_entry_is_kept_as_given_and_makes_the_answer(run: Any, chen: int) -> None:
    added = add(run, "10.2", " 质量月简报 ", MARCH, " 第3期 ", said="报了一条信息")

    assert added.entry == entries.Entry(1, "10.2", "质量月简报", MARCH, "第3期", chen, NOW)
    assert added.receipt is not None
    assert (added.receipt.number, added.receipt.version, added.changed) == ("2026-000001", 1, ("10.2",))
    assert claimed(run, "10.2") == [1]
    assert rows(run, "SELECT said FROM answer") == [("报了一条信息",)]


def test_entries_stand_in_the_order_they_happened_those_without_a_day_last(run: Any, chen: int) -> None:
    for name, day in (("乙", None), ("六月", JUNE), ("三月", MARCH), ("又三月", MARCH)):
        add(run, "10.2", name, day)
    add(run, "10.2", "别的镇", unit_id=2)
    add(run, "1.2", "会议", MARCH)

    assert names(run, "10.2") == ["三月", "又三月", "六月", "乙"]
    assert do(run, entries.count_in, 1, TOWNS.id, "10.2") == 4


def test_only_clauses_that_count_something_take_entries(run: Any, chen: int) -> None:
    for criterion_id in ("1.4", "99"):
        with pytest.raises(NotFoundError, match="不用逐条登记"):
            add(run, criterion_id, "计划")
    with pytest.raises(NotFoundError, match="不考核这个单位"):
        add(run, "2.3", "会议", rubric=DEPARTMENTS)
    with pytest.raises(StorageError, match="「信息上报」缺少名称"):
        add(run, "10.2", " 《》", number=" ")

    assert rows(run, "SELECT count(*) FROM entry") == [(0,)]


# --- what counts once -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (("质量例会", MARCH), ("质量例会", MARCH), True),
        (("质量例会", MARCH), ("《质量 例会》", MARCH), True),
        (("质量例会", MARCH), ("质量例会", JUNE), False),
        (("质量例会", MARCH), ("质量例会", None), True),
        (("质量例会", None), ("质量例会", JUNE), True),
        (("质量例会", None), ("专题会", None), False),
        (("甲", MARCH, "孟质〔2026〕第3号"), ("乙", JUNE, "孟质 [2026] 3"), True),
        (("甲", MARCH, "孟质〔2026〕3号"), ("乙", MARCH, "孟质〔2026〕13号"), False),
        (("甲", MARCH, "孟质〔2026〕3号"), ("甲", MARCH, "孟质〔2026〕4号"), True),
        (("", MARCH, "A-1"), ("", MARCH, "A-2"), False),
    ],
)
def test_the_same_name_or_number_counts_once(run: Any, chen: int, first: Any, second: Any, same: bool) -> None:
    earlier = add(run, "10.2", *first)

    later = add(run, "10.2", *second)

    assert later.duplicate == (earlier.entry if same else None)
    assert (later.entry is None, later.receipt is None) == (same, same)
    assert claimed(run, "10.2") == [1 if same else 2]


def test_the_same_counts_in_another_clause_and_for_another_unit(run: Any, chen: int) -> None:
    add(run, "10.2", "会议简报", MARCH, "1号")

    assert add(run, "1.2", "会议简报", MARCH, "1号").duplicate is None
    assert add(run, "10.2", "会议简报", MARCH, "1号", unit_id=2).duplicate is None


ONE_LIST = "苏质〔2026〕5号"


@pytest.mark.parametrize("criterion_id", ["2.5a", "4.4a", "5.5"])
def test_one_list_names_several_awards_and_each_counts_once(run: Any, chen: int, criterion_id: str) -> None:
    first = add(run, criterion_id, "A牌水泵", JUNE, ONE_LIST)
    second = add(run, criterion_id, "B牌电机", JUNE, "苏质 [2026] 5 号")

    assert (second.duplicate, second.changed) == (None, (criterion_id,))
    assert add(run, criterion_id, "《A牌 水泵》", MARCH, ONE_LIST).duplicate == first.entry
    assert add(run, criterion_id, "", JUNE, ONE_LIST).duplicate == first.entry
    assert claimed(run, criterion_id) == [2]


@pytest.mark.parametrize("criterion_id", ["1.2", "10.2"])
def test_a_meeting_or_report_has_a_number_of_its_own(run: Any, chen: int, criterion_id: str) -> None:
    first = add(run, criterion_id, "质量例会", MARCH, ONE_LIST)

    again = add(run, criterion_id, "专题会", JUNE, ONE_LIST, another=True)

    assert (again.duplicate, again.unsure) == (first.entry, False)


def test_what_may_be_another_one_is_added_once_somebody_says_so(run: Any) -> None:
    in_a_district(run)
    first = add(run, "bonus.1a", "质量管家", MARCH, ONE_LIST, rubric=CHANGZHOU)

    asked = add(run, "bonus.1a", "首席质量官", MARCH, ONE_LIST, rubric=CHANGZHOU)
    assert (asked.entry, asked.duplicate, asked.unsure) == (None, first.entry, True)
    added = add(run, "bonus.1a", "首席质量官", MARCH, ONE_LIST, rubric=CHANGZHOU, another=True)

    assert (added.duplicate, added.unsure) == (None, False)
    assert names(run, "bonus.1a", CHANGZHOU) == ["质量管家", "首席质量官"]
    same = add(run, "bonus.1a", "质量管家", MARCH, ONE_LIST, rubric=CHANGZHOU, another=True)
    assert same.duplicate == first.entry


def test_an_entry_withdrawn_can_be_added_again(run: Any, chen: int) -> None:
    withdraw(run, add(run, "10.2", "简报", MARCH))

    assert add(run, "10.2", "简报", MARCH).duplicate is None
    assert claimed(run, "10.2") == [1]


def test_numbers_and_names_are_compared_as_people_write_them() -> None:
    spellings = ("苏质〔2026〕3号", "苏质［2026］第3号", "苏质(2026) 3 号", "苏质【2026】3", "苏质[２０２６]３号")
    assert {same_number(spelling) for spelling in spellings} == {"苏质(2026)3"}
    assert same_number("ZJ-2026A") == same_number("zj－2026Ａ")
    assert same_name("“质量月”启动 仪式") == same_name("质量月启动仪式")
    assert same_name("第一次例会") != same_name("第二次例会")


# --- the ladder -------------------------------------------------------------------------------------------


def test_a_higher_rung_takes_the_place_of_a_lower_one(run: Any) -> None:
    in_a_district(run)
    city = add(run, "bonus.1a", "质量管家", MARCH, rubric=CHANGZHOU)

    nation = add(run, "bonus.1c", "质量管家", JUNE, "国质〔2026〕1号", rubric=CHANGZHOU)

    assert (nation.duplicate, nation.replaced) == (None, city.entry)
    assert nation.changed == ("bonus.1c", "bonus.1a")
    assert (names(run, "bonus.1a", CHANGZHOU), names(run, "bonus.1c", CHANGZHOU)) == ([], ["质量管家"])
    assert claimed(run, "bonus.1a", "bonus.1b", "bonus.1c", rubric=CHANGZHOU) == [None, None, 1]


def test_a_lower_or_the_same_rung_adds_nothing(run: Any) -> None:
    in_a_district(run)
    province = add(run, "bonus.1b", "质量管家", MARCH, rubric=CHANGZHOU)

    for rung in ("bonus.1a", "bonus.1b"):
        assert add(run, rung, "质量 管家", JUNE, rubric=CHANGZHOU).duplicate == province.entry
    assert add(run, "bonus.1a", "首席质量官", JUNE, rubric=CHANGZHOU).duplicate is None

    assert claimed(run, "bonus.1a", "bonus.1b", rubric=CHANGZHOU) == [1, 1]


def test_an_award_of_the_same_name_off_the_ladder_is_another(run: Any) -> None:
    in_a_district(run)
    add(run, "bonus.2a", "某某公司", MARCH, rubric=CHANGZHOU)

    assert add(run, "bonus.2b", "某某公司", MARCH, rubric=CHANGZHOU).duplicate is None


# --- the answer follows -----------------------------------------------------------------------------------


def test_a_larger_claim_is_never_lowered(run: Any, chen: int) -> None:
    claim(run, "10.2", 2)

    changes = [add(run, "10.2", name).changed for name in ("甲", "乙", "丙")]

    assert changes == [(), (), ("10.2",)]
    assert claimed(run, "10.2") == [3]


@pytest.mark.parametrize("state", ["unknown", "not_yet", "not_here", "withdrawn"])
def test_an_entry_answers_what_had_no_fact(run: Any, chen: int, state: Any) -> None:
    claim(run, "10.2", 5)
    claim(run, "10.2", None, state=state)

    assert add(run, "10.2", "简报").changed == ("10.2",)
    assert claimed(run, "10.2") == [1]


def test_a_yes_that_means_two_becomes_one_with_the_second(run: Any, chen: int) -> None:
    first = add(run, "1.2", "一季度例会", MARCH)
    assert claimed(run, "1.2") == [False]

    second = add(run, "1.2", "二季度例会", JUNE)
    assert (claimed(run, "1.2"), second.receipt.version) == ([True], 2)  # type: ignore[union-attr]

    withdraw(run, first)
    assert claimed(run, "1.2") == [False]
    withdraw(run, second)
    assert (claimed(run, "1.2"), states(run)[-1]) == ([None], ("1.2", "withdrawn"))


def test_a_yes_said_before_its_meetings_stays(run: Any, chen: int) -> None:
    claim(run, "1.2", True)

    assert add(run, "1.2", "例会").changed == ()
    assert claimed(run, "1.2") == [True]


def test_a_claim_follows_its_entries_down_only_where_it_was_theirs(run: Any, chen: int) -> None:
    first, second = add(run, "10.2", "甲"), add(run, "10.2", "乙")
    assert (withdraw(run, first), claimed(run, "10.2")) == (("10.2",), [1])
    claim(run, "10.2", 4)

    assert (withdraw(run, second), claimed(run, "10.2")) == ((), [4])


def test_an_entry_withdrawn_takes_its_proof_along(run: Any, chen: int) -> None:
    added = add(run, "10.2", "简报")
    ident = added.entry.id  # type: ignore[union-attr]
    do(run, evidence.receive_in, NOW, 1, 1, "0" * 64, "简报.pdf", 9, "pdf")
    do(run, evidence.attach_in, NOW, 1, 1, 1, TOWNS, "10.2", entry_id=ident)
    words = {"kind": "offline", "title": "简报", "place": "档案室", "entry_id": ident}
    do(run, proof_notes.add_in, NOW, 1, 1, TOWNS, "10.2", **words)

    withdraw(run, added)

    assert [file.id for file in do(run, evidence.unsorted_in, 1)] == [1]
    assert do(run, proof_notes.of_clause_in, 1, TOWNS.id, "10.2") == []


def test_another_units_entry_or_one_withdrawn_cannot_be_withdrawn(run: Any, chen: int) -> None:
    theirs = add(run, "10.2", "简报", unit_id=2)
    mine = add(run, "10.2", "简报")
    withdraw(run, mine)

    for entry in (theirs, mine):
        with pytest.raises(NotFoundError, match="没有这条记录"):
            withdraw(run, entry)


def test_every_change_is_in_the_trail_without_a_word(run: Any, chen: int) -> None:
    withdraw(run, add(run, "10.2", "质量月简报", MARCH, "第3期"))

    trail = rows(run, "SELECT action, subject FROM audit WHERE action NOT LIKE 'p%' ORDER BY id DESC LIMIT 4")

    assert [action for action, _ in reversed(trail)] == [
        "entry.added",
        "answer.recorded",
        "entry.withdrawn",
        "answer.recorded",
    ]
    assert all("简报" not in subject and "第3期" not in subject for _, subject in trail)
    assert chain(run).broken == ()


def test_proof_of_entries_counts_as_it_comes(run: Any, chen: int) -> None:
    """3 reports of 4: 3 − 1 = 2 points; two of them proven: 3 − 2 = 1."""
    reports = [add(run, "10.2", name) for name in "甲乙丙"]
    for number, added in enumerate(reports[:2], start=1):
        do(run, evidence.receive_in, NOW, 1, 1, str(number) * 64, "简报.pdf", 9, "pdf")
        do(run, evidence.attach_in, NOW, 1, 1, number, TOWNS, "10.2", entry_id=added.entry.id)  # type: ignore[union-attr]

    (row,) = run(lambda database: scorecards.summary(database, 1))[:1]

    assert (claimed(run, "10.2"), row.claimed.total, row.proven.total, row.lacking) == ([3], 2, 1, 1)
