"""Questions to a reviewer: each where there is something to ask, and none where there is not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics import doubts, proof
from rubrics.dates import Day
from rubrics.doubts import Elsewhere, Paper
from rubrics.kinds import Judged
from rubrics.loader import load
from rubrics.model import NA, Criterion
from rubrics.providing import is_done, led, nearest, reviewed_by, siblings

TOWNS = load("xinbei-2011-towns")
TASKS = load("xinbei-2011-tasks")
OF_THE_YEAR = TOWNS.criteria["8.2a"]
IN_FORCE = TOWNS.criteria["1.1"]
BEGUN = Day(2026, 1, 5)
TODAY = Day(2026, 11, 21)


def paper(day: Day | None = None, number: str = "", came: Day = TODAY) -> Paper:
    return Paper("签到表.pdf", day, number, came)


def about(criterion: Criterion, one: Paper) -> list[str]:
    return [question.said for question in doubts.about_paper(criterion, one, 2026, BEGUN)]


def test_a_file_of_another_unit_is_asked_about_without_naming_it_to_the_unit() -> None:
    (question,) = doubts.shared(paper(), ["西夏墅镇"])

    assert question.said == "《签到表.pdf》西夏墅镇也交了，是两家共用的吗？"
    assert "西夏墅" not in question.to_unit
    assert question.to_unit.endswith("吗？")


def test_what_many_units_have_came_from_above_more_likely() -> None:
    (question,) = doubts.shared(paper(), ["甲", "乙", "丙", "丁"])

    assert question.said == "《签到表.pdf》另有 4 个单位也交了，是上级发的文件吗？"
    assert list(doubts.same_named("文号 常质〔2026〕3号 ", ["甲", "乙", "丙", "丁"])) == []


def test_a_file_of_last_year_is_asked_about_only_where_proof_must_be_of_the_year() -> None:
    before = [Elsewhere("孟河镇", 2025)]

    asked = [question.said for question in doubts.used_before(OF_THE_YEAR, paper(), before, "孟河镇")]

    assert asked == ["《签到表.pdf》2025 年度就交过，这一条要今年的材料，是今年的吗？"]
    assert list(doubts.used_before(IN_FORCE, paper(), before, "孟河镇")) == []


def test_a_date_outside_the_year_is_asked_about() -> None:
    assert about(OF_THE_YEAR, paper(Day(2025, 12, 31))) == [
        "《签到表.pdf》写的是 2025年12月31日，不在 2026 年度，是不是拿错了？"
    ]
    assert about(OF_THE_YEAR, paper(Day(2026, 11, 1))) == []
    assert about(IN_FORCE, paper(Day(2019, 1, 1))) == []


def test_a_number_of_another_year_is_asked_about_where_no_date_is_known() -> None:
    assert about(OF_THE_YEAR, paper(number="常质〔2024〕3号")) == [
        "文号 常质〔2024〕3号 是 2024 年的，不在 2026 年度，是不是拿错了？"
    ]
    assert about(OF_THE_YEAR, paper(number="常质〔2026〕3号")) == []


def test_proof_that_came_more_than_three_months_late_is_asked_about() -> None:
    day = Day(2026, 3, 14)

    assert about(OF_THE_YEAR, paper(day, came=Day(2026, 6, 14))) == []
    assert about(OF_THE_YEAR, paper(day, came=Day(2026, 6, 15))) == [
        "《签到表.pdf》写的是 2026年3月14日，2026年6月15日才收到，是当时就有的吗？"
    ]


def test_nothing_is_late_that_could_not_be_sent_before() -> None:
    begun = Day(2026, 11, 1)

    assert list(doubts.about_paper(OF_THE_YEAR, paper(Day(2026, 3, 14)), 2026, begun)) == []


def making(criterion: Criterion = OF_THE_YEAR, **words: Any) -> list[str]:
    one = paper(Day(2026, 3, 14), came=Day(2027, 1, 6))._replace(**words)
    return [question.said for question in doubts.about_making(criterion, one, 2026)]


def test_a_file_made_months_after_its_date_is_asked_about_and_nobody_accused() -> None:
    assert making(made=Day(2026, 6, 14)) == []
    assert making(made=Day(2027, 1, 5)) == [
        "《签到表.pdf》写的是 2026年3月14日，文件属性显示 2027年1月5日制作，是后来整理或扫描的吗？"
    ]
    assert making(IN_FORCE, made=Day(2027, 1, 5)) == []


def test_a_photo_taken_months_after_its_meeting_is_asked_about() -> None:
    assert making(day=None, held=Day(2026, 3, 14), made=Day(2026, 11, 5), photo=True) == [
        "《签到表.pdf》证明的是 2026年3月14日的事，照片属性显示 2026年11月5日拍摄，是后来翻拍的吗？"
    ]


def test_a_file_from_an_old_template_says_by_its_last_saving_when_it_was_made() -> None:
    later = Day(2026, 11, 5)
    asked = ["《签到表.pdf》写的是 2026年3月14日，文件属性显示 2026年11月5日最后保存，内容是当时的吗？"]

    assert making(made=Day(2014, 10, 29), saved=later) == asked
    assert making(made=None, saved=later) == asked
    assert making(made=Day(2014, 10, 29), saved=Day(2026, 3, 15)) == []


def test_a_file_made_around_its_day_may_be_saved_again_later() -> None:
    assert making(made=Day(2026, 3, 12), saved=Day(2026, 11, 5)) == []


def test_what_a_file_cannot_know_of_itself_is_not_asked_about() -> None:
    assert making(came=Day(2026, 3, 20), made=Day(2027, 1, 5), saved=Day(2027, 1, 5)) == []
    assert making(day=None, made=Day(2027, 1, 5)) == []


def test_one_question_a_file_is_enough() -> None:
    late = paper(Day(2026, 3, 14))._replace(made=Day(2026, 11, 5))
    wrong_year = paper(Day(2025, 3, 14))._replace(made=Day(2026, 11, 5))

    assert about(OF_THE_YEAR, late) == []
    assert len(list(doubts.about_making(OF_THE_YEAR, late, 2026))) == 1
    assert len(about(OF_THE_YEAR, wrong_year)) == 1
    assert list(doubts.about_making(OF_THE_YEAR, wrong_year, 2026)) == []


def test_two_meetings_on_one_day_are_asked_about() -> None:
    criterion = next(c for c in TOWNS.criteria.values() if c.entries and c.entries.unit == "次")
    held = [Paper("质量例会", Day(2026, 3, 14), "", BEGUN), Paper("专题会", Day(2026, 3, 14), "", BEGUN)]

    asked = [question.said for question in doubts.same_days(criterion, held)]

    assert asked == ["2026年3月14日记了 2 次（质量例会、专题会），是不是同一次？"]
    assert list(doubts.same_days(criterion, [held[0], Paper("例会", None, "", BEGUN)])) == []


def test_claimed_without_proof_and_proof_without_claim_are_asked_about() -> None:
    asked = [
        [question.kind for question in doubts.about_claim(IN_FORCE, fact, pieces)]
        for fact, pieces in ((True, 0), (True, 1), (None, 2), (False, 1), (False, 0), (NA, 1), (None, 0))
    ]

    assert asked == [["no-proof"], [], ["no-claim"], ["no-claim"], [], [], []]


def test_what_the_entries_come_to_is_no_mistake_however_little_it_claims() -> None:
    meetings = TOWNS.criteria["1.2"]  # two meetings a year are asked for
    awards = next(c for c in TOWNS.criteria.values() if c.entries and proof.beyond(c))
    counts = ((meetings, False, 3, 1), (meetings, False, 3, 2), (meetings, False, 2, 0), (awards, Decimal(0), 1, 1))

    asked = [[question.kind for question in doubts.about_claim(*about)] for about in counts]

    assert asked == [[], ["no-claim"], ["no-claim"], []]


def test_a_smaller_whole_is_asked_about() -> None:
    rate = TOWNS.criteria["3.1"]

    (question,) = doubts.shrunken(rate, "6/6家", ["6/7家"])

    assert question.said == "先前说总数（中国名牌、江苏名牌企业）是 7，现在是 6，少的 1 为什么不算了？"
    assert list(doubts.shrunken(rate, "7/7家", ["6/7家"])) == []
    assert list(doubts.shrunken(rate, "100%", ["6/7家"])) == []


def test_a_surplus_without_its_task_is_asked_about() -> None:
    found = dict(doubts.contradictions(TOWNS, {"2.4": False, "2.5a": Decimal(2)}))

    assert found["2.5a"].said == "“名牌任务”填的没完成，这里报了任务以外的 2 只，任务到底完成没有？"
    assert dict(doubts.contradictions(TOWNS, {"2.4": True, "2.5a": Decimal(2)})) == {}
    assert dict(doubts.contradictions(TOWNS, {"2.5a": Decimal(2)})) == {}


def test_a_district_figure_is_held_against_what_its_towns_have() -> None:
    target = TASKS.criteria["5.3"]

    (question,) = doubts.handed_down(target, Decimal(40), Decimal(10))

    assert question.said == "这里报 40 只，各镇已确认的加起来是 10 只，差的在哪里？"
    assert list(doubts.handed_down(target, Decimal(40), None)) == []
    assert list(doubts.handed_down(target, Decimal(10), Decimal(10))) == []


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("全年登记率95%，持证率97%", 1),
        ("登记率98%", 0),
        ("49/50台已登记", 0),
        ("今年开了三次会", 0),
        ("", 0),
        ("检验1,098台，登记率98%", 0),
        ("登记率百分之九十八，检验率98.5%", 0),
    ],
)
def test_a_figure_is_asked_about_where_the_text_has_others_of_its_kind(text: str, asked: int) -> None:
    found = list(doubts.against_text(OF_THE_YEAR, Decimal(98), text))

    assert len(found) == asked


@pytest.mark.parametrize(
    ("fact", "text", "asked"),
    [
        (Decimal(1400) / 15, "登记率93.3%", 0),
        (Decimal(1400) / 15, "登记率93.33%", 0),
        (Decimal("93.3"), "应检15台，登记14/15", 0),
        (Decimal("85.71"), "登记率6/7", 0),
        (Decimal("93.66"), "登记率93.6667%", 0),
        (Decimal("93.667"), "登记率93.66%", 0),
        (Decimal("93.667"), "登记率93.68%", 1),
        (Decimal(1400) / 15, "登记率93.4%", 1),
        (Decimal("93.3"), "登记率93.5%", 1),
        (Decimal(100), "登记率99.6%", 1),
        (Decimal(100), "登记率100.0%", 0),
        (Decimal(96), "登记率24/25", 0),
        (Decimal(97), "登记率24/25", 1),
    ],
)
def test_a_rounded_figure_is_the_same_figure(fact: Decimal, text: str, asked: int) -> None:
    assert len(list(doubts.against_text(OF_THE_YEAR, fact, text))) == asked


def test_that_nothing_happened_stands_in_no_text_as_a_figure() -> None:
    cases = next(one for one in TOWNS.criteria.values() if one.answer.unit == "起" and doubts.compares(one))

    assert list(doubts.against_text(cases, Decimal(0), "检查发现隐患3起，均已整改")) == []
    assert len(list(doubts.against_text(cases, Decimal(1), "发生事故3起"))) == 1
    assert list(doubts.against_text(cases, Decimal(2), "已办结2/3起")) == []


def test_a_thousands_separator_is_no_end_of_a_number() -> None:
    mines = next(one for one in TOWNS.criteria.values() if one.answer.unit == "个" and doubts.compares(one))

    assert list(doubts.against_text(mines, Decimal(1200), "共查处1,200个，未办结200个")) == []


_WORDS = st.sampled_from(
    [
        "登记率",
        "98",
        "９５",
        "%",
        "九成五",
        "百分之九十七",
        "一半",
        "49/50",
        "台",
        "，",
        "。",
        "\n",
        " ",
        "32041119800101123X",
        "进一步",
    ]
)


@given(st.lists(_WORDS, max_size=30).map("".join))
def test_what_is_kept_of_a_text_asks_what_the_text_would(text: str) -> None:
    kept = doubts.figure_lines(text)

    for fact in (Decimal(98), Decimal(95), Decimal(50)):
        assert list(doubts.against_text(OF_THE_YEAR, fact, kept)) == list(doubts.against_text(OF_THE_YEAR, fact, text))
    assert "32041119800101123X" not in kept


def test_the_offered_mark_is_the_nearest_to_the_mean_and_the_lower_of_two() -> None:
    score = Judged(allowed=(Decimal(20), Decimal(10), Decimal(5)))

    assert nearest(score, [Decimal(20), Decimal(10), Decimal(20)]) == Decimal(20)
    assert nearest(score, [Decimal(20), Decimal(10)]) == Decimal(10)  # 15 lies between 10 and 20
    assert nearest(score, [Decimal(10), Decimal(5)]) == Decimal(5)
    assert nearest(score, []) is None


def test_a_department_leads_what_it_hands_down_and_nothing_else() -> None:
    rubrics = (TOWNS, TASKS)

    handed = [(one.criterion.id, one.clause.id) for one in led(rubrics, "质监分局")]

    assert handed == [("5.3", "4.2"), ("8.2", "5.3"), ("11.1", "2.4"), ("11.2", "2.4"), ("13.4", "3.2")]
    assert led(rubrics, "环保局") == ()
    assert led(rubrics, "孟河镇") == ()
    assert [c.id for _, c in reviewed_by(rubrics, "质监分局")] == ["2.4", "3.2", "4.2", "5.3"]
    assert siblings(rubrics, TOWNS.id, "2.4") == ((TASKS.id, "11.1"), (TASKS.id, "11.2"))


def test_a_task_is_done_by_all_its_targets_together_and_open_while_one_could_still_fill_it() -> None:
    assert is_done(Decimal(3), [Decimal(2), Decimal(1)]) is True
    assert is_done(Decimal(3), [Decimal(2), None]) is None
    assert is_done(Decimal(3), [Decimal(3), None]) is True
    assert is_done(Decimal(3), [Decimal(2), Decimal(0)]) is False
    assert is_done(None, [Decimal(2)]) is None
