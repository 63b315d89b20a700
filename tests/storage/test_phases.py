"""The calendar: what runs, what comes next, when answers are locked, and which days cannot be meant."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from stored import NOW, campaign, chain, rows
from written import written

from storage import phases
from storage.errors import NotFoundError, StorageError
from storage.phases import NextDate, Phase


def day(text: str) -> date:
    return date.fromisoformat(text if len(text) > 5 else f"2026-{text}")


COLLECTION = Phase("日常收集", day("01-05"), day("12-10"))
SELF = Phase("自评", day("12-01"), day("12-10"))
CHECK = Phase("资料核查", day("12-11"), day("12-20"))
YEAR = (COLLECTION, SELF, CHECK)


def put(run: Any, name: str, starts_on: str, ends_on: str) -> Phase:
    return written(run, phases.set_in, NOW, "2", 1, name, day(starts_on), day(ends_on))


def stored(run: Any) -> tuple[Phase, ...]:
    return written(run, phases.of_campaign_in, 1)


def test_phases_stand_in_the_order_of_the_year_however_they_were_set(run: Any) -> None:
    campaign(run)
    put(run, "资料核查", "12-11", "12-20")
    put(run, "日常收集", "01-05", "12-10")
    put(run, "自评", "12-01", "12-10")

    assert stored(run) == YEAR


def test_a_phase_is_moved_not_doubled(run: Any) -> None:
    campaign(run)
    put(run, "自评", "12-01", "12-10")

    moved = put(run, "自评", "12-05", "12-15")

    assert stored(run) == (moved,)
    assert rows(run, "SELECT actor, action, subject FROM audit ORDER BY id DESC LIMIT 1") == [
        ("2", "phase.set", '{"ends_on":"2026-12-15","phase":"自评","starts_on":"2026-12-05"}')
    ]
    assert chain(run).broken == ()


def test_a_phase_may_last_one_day_overlap_and_reach_into_the_next_year(run: Any) -> None:
    campaign(run)
    put(run, "资料核查", "12-11", "12-31")
    put(run, "实地核查", "12-11", "12-11")

    assert put(run, "整改", "2027-01-10", "2027-02-10").name == "整改"


@pytest.mark.parametrize(
    ("name", "starts_on", "ends_on", "sentence"),
    [
        ("自评", "12-10", "12-09", "12月9日结束，比开始的2026年12月10日还早"),
        ("自评", "2062-12-01", "2062-12-10", "离考核年度 2026 太远"),
        ("自评", "01-04", "12-10", "「自评」2026年1月4日开始，不能早于「日常收集」的2026年1月5日.*先改「日常收集」"),
        ("自评", "12-12", "12-15", "「资料核查」2026年12月11日开始，不能早于「自评」.*先改「资料核查」"),
        ("自评", "12-01", "12-09", "「日常收集」到2026年12月10日，「自评」2026年12月9日就截止"),
        ("日常收集", "01-05", "12-11", "「日常收集」到2026年12月11日，「自评」2026年12月10日就截止.*先改「自评」"),
    ],
)
def test_days_that_cannot_be_meant_are_refused(
    run: Any, name: str, starts_on: str, ends_on: str, sentence: str
) -> None:
    campaign(run)
    for phase in YEAR:
        written(run, phases.set_in, NOW, "2", 1, *phase)

    with pytest.raises(StorageError, match=sentence):
        put(run, name, starts_on, ends_on)
    assert stored(run) == YEAR


def test_an_unknown_phase_or_campaign_is_said(run: Any) -> None:
    campaign(run)

    with pytest.raises(NotFoundError, match="没有阶段「开工」，可用的有：目标备案、日常收集"):
        put(run, "开工", "01-01", "01-02")
    with pytest.raises(NotFoundError, match="没有这次考核"):
        written(run, phases.set_in, NOW, "2", 9, *SELF)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("01-04", None),
        ("01-05", COLLECTION),
        ("11-30", COLLECTION),
        ("12-01", SELF),
        ("12-10", SELF),
        ("12-11", CHECK),
        ("12-21", None),
    ],
)
def test_the_last_of_the_running_phases_is_the_current_one(today: str, expected: Phase | None) -> None:
    assert phases.current(YEAR, day(today)) == expected


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("01-04", ("01-05", "日常收集开始")),
        ("01-05", ("12-01", "自评开始")),
        ("12-01", ("12-10", "日常收集截止")),
        ("12-10", ("12-10", "日常收集截止")),
        ("12-11", ("12-20", "资料核查截止")),
        ("12-21", None),
    ],
)
def test_the_next_date_is_the_nearest_start_or_end(today: str, expected: tuple[str, str] | None) -> None:
    wanted = None if expected is None else NextDate(day(expected[0]), expected[1])
    assert phases.next_date(YEAR, day(today)) == wanted


def test_an_end_comes_before_a_start_of_the_same_day() -> None:
    touching = (Phase("自评", day("12-01"), day("12-10")), Phase("资料核查", day("12-10"), day("12-20")))

    assert phases.next_date(touching, day("12-05")) == NextDate(day("12-10"), "自评截止")


@pytest.mark.parametrize(("today", "expected"), [("01-01", True), ("12-10", True), ("12-11", False)])
def test_answers_are_taken_until_self_assessment_is_over(today: str, expected: bool) -> None:
    assert phases.collecting(YEAR, day(today)) is expected


def test_everything_is_open_where_no_phase_is_set() -> None:
    today = day("12-31")
    assert (phases.collecting((), today), phases.current((), today), phases.next_date((), today)) == (True, None, None)
    assert phases.collecting((CHECK,), today) is True


def test_the_steps_after_the_notice_follow_it_and_none_is_asked_for(run: Any) -> None:
    campaign(run)
    put(run, "通报", "2027-01-31", "2027-01-31")
    put(run, "回头看", "2027-06-01", "2027-06-30")
    put(run, "整改", "2027-01-31", "2027-02-28")
    put(run, "结果运用", "2027-01-31", "2027-03-31")

    assert [phase.name for phase in stored(run)] == ["通报", "结果运用", "整改", "回头看"]
    with pytest.raises(StorageError, match="不能早于「通报」"):
        put(run, "向社会公布", "2027-01-30", "2027-01-30")
