"""What names and captions say about files."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from handlers.proof.guessing import clauses_of, entry_of, parts_of
from rubrics import loader
from rubrics.dates import Day
from storage.entries import Entry

TODAY = Day(2026, 11, 21)
PARTS = ("会议通知", "会议纪要")


@pytest.mark.parametrize(
    ("words", "parts"),
    [("会议纪要.pdf", (1,)), ("3月专题会纪要.doc", (1,)), ("关于召开会议的通知.pdf", (0,)), ("会议通知、会议纪要.zip", (0, 1)),
     ("质量专题会议.pdf", ()), ("扫描件.pdf", ()), ("", ()), ("文件.pdf", ())],
)  # fmt: skip
def test_a_part_is_told_by_its_word_and_not_by_what_all_parts_share(words: str, parts: tuple[int, ...]) -> None:
    assert parts_of(words, PARTS) == parts


def entry(ident: int, name: str, on: date | None, number: str = "") -> Entry:
    return Entry(ident, "1.2", name, on, number, 1, datetime(2026, 11, 21, tzinfo=UTC))


MEETINGS = [
    entry(1, "一季度质量会", date(2026, 3, 14), "常新质〔2026〕3号"),
    entry(2, "三季度质量会", date(2026, 9, 8)),
]


@pytest.mark.parametrize(
    ("words", "ident"),
    [
        ("3月14日会议纪要", 1),
        ("三季度质量会 纪要.pdf", 2),
        ("常新质[2026]3号.pdf", 1),
        ("9.8 签到.jpg", 2),
        ("会议纪要", None),
        ("5月1日", None),
    ],
)
def test_an_entry_is_told_by_its_day_its_name_or_its_number(words: str, ident: int | None) -> None:
    found = entry_of(words, MEETINGS, TODAY)

    assert (found.id if found else None) == ident


def test_a_clause_is_told_by_its_proof_its_label_or_an_alias() -> None:
    towns = loader.load("xinbei-2011-towns").criteria.values()

    assert clauses_of("孟河镇名牌培育规划.pdf", towns)[0].id == "2.1"
    assert clauses_of("卓越绩效培训签到表", towns)[0].id == "3.1"
    assert clauses_of("IMG_2031.jpg", towns) == []
