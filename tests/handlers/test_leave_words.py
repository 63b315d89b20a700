"""Days away and who stands in, as people say them."""

from __future__ import annotations

from datetime import date

import pytest

from handlers.sending.leave_words import deputy, span

TODAY = date(2026, 11, 21)  # a Saturday


def nov(first: int, last: int) -> tuple[date, date]:
    return date(2026, 11, first), date(2026, 11, last)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("下周一到下周三 由 李强 代", nov(23, 25)),
        ("下周一到周三", nov(23, 25)),
        ("周三到周五", nov(25, 27)),
        ("星期三-星期五", nov(25, 27)),
        ("周五到周一", (date(2026, 11, 27), date(2026, 11, 30))),
        ("下下周一起 三天", (date(2026, 11, 30), date(2026, 12, 2))),
        ("今天到周二", nov(21, 24)),
        ("大后天", nov(24, 24)),
        ("本周六、周日", nov(21, 22)),
        ("下周三起一周", (date(2026, 11, 25), date(2026, 12, 1))),
        ("11月25日-27日 李强代", nov(25, 27)),
        ("一周", None),
    ],
)
def test_days_are_read(words: str, expected: tuple[date, date] | None) -> None:
    assert span(words, TODAY) == expected


@pytest.mark.parametrize(
    "words",
    [
        "11月25日-27日 李强代",
        "11月25日-27日李强代",
        "11-25 11-27 李强 代",
        "明天起三天李强代",
        "下周一到周三，李强同志代班",
        "周三到周五 李强替我",
        "11月25日 由李强代",
        "11月25日 托 李强 帮忙代一下",
        "11月25日 由李强负责",
    ],
)
def test_a_deputy_is_read_with_and_without_a_word_before(words: str) -> None:
    assert deputy(words) == "李强"


@pytest.mark.parametrize("words", ["11月25日", "11-25 参加 人大代表会议", "11月25日 新时代文明实践", "三天 病假"])
def test_other_words_name_nobody(words: str) -> None:
    assert deputy(words) == ""
