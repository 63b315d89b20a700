from __future__ import annotations

from datetime import date

import pytest

from handlers.sending import notice_days

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("11月28日下午2点召开会议，请于11月26日前回复", date(2026, 11, 26)),
        ("请明天前回复", date(2026, 11, 24)),
        ("明天下班前报材料", date(2026, 11, 24)),
        ("请在大后天之前报来", date(2026, 11, 26)),
        ("请本周五前报送", date(2026, 11, 27)),
        ("请于周三（会议当天）前回复", date(2026, 11, 25)),
        ("下周二以前交", date(2026, 12, 1)),
        ("下下周一前", date(2026, 12, 7)),
        ("请于26日前报送", date(2026, 11, 26)),
        ("请于3日前报送", date(2026, 12, 3)),
        ("下月5日前报来", date(2026, 12, 5)),
        ("三天内回复", date(2026, 11, 26)),
        ("请在5个工作日内反馈", date(2026, 11, 30)),
        ("一周内报送", date(2026, 11, 30)),
        ("月底前报送", date(2026, 11, 30)),
        ("12月底前报送", date(2026, 12, 31)),
        ("下月底前", date(2026, 12, 31)),
        ("年底前办完", date(2026, 12, 31)),
        ("报名截止时间：12月1日", date(2026, 12, 1)),
        ("截至本周四17时", date(2026, 11, 26)),
        ("1月8日前报送", date(2027, 1, 8)),
        ("请于2027年1月8日前报送", date(2027, 1, 8)),
        ("11月10日前没有报的请补报", date(2026, 11, 10)),
        ("请于2026年1月8日前报送", date(2026, 1, 8)),
        ("11月28日召开会议，请参加", None),
        ("请尽快办理，会前把材料带来", None),
        ("请于2月30日前报送", None),
        ("请于26日召开的会议上发言", None),
    ],
)
def test_the_day_by_which_something_is_asked(text: str, expected: date | None) -> None:
    assert notice_days.by(text, MONDAY) == expected


def test_this_weeks_day_that_has_passed_is_said_as_it_is() -> None:
    friday = date(2026, 11, 27)

    assert notice_days.by("本周三前", friday) == date(2026, 11, 25)
    assert notice_days.by("周三前", friday) == date(2026, 12, 2)


def test_every_day_some_words_name_in_their_order() -> None:
    assert notice_days.named("改成下周三，不是11月26日", MONDAY) == [date(2026, 12, 2), date(2026, 11, 26)]
