"""Many units: how their totals are distributed, nobody named."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from reports.distribution_picture import drawing, picture
from reports.score_table import Done, Range, Row, ScoreTable

Total = Decimal | Range | Done | None


def of(*totals: Total) -> ScoreTable:
    rows = tuple(Row(f"第{n}镇", (), total=total) for n, total in enumerate(totals))
    return ScoreTable("质量工作考核", "截至 11-21 15:00 · 已核 9/99", (), rows)


def said(words: Any, *totals: Total) -> list[str]:
    return [text for text, _ in words(drawing(of(*totals)))][1:]


def points(*figures: str) -> list[Decimal]:
    return [Decimal(figure) for figure in figures]


def test_totals_are_counted_by_classes_of_five_points_the_highest_first(words: Any) -> None:
    found = said(words, *points("60", "64.99", "65", "75", "100"))

    assert found[:3] == ["截至 11-21 15:00 · 已核 9/99", "5 个单位，中位数 65 分", "每档含下限、不含上限"]
    assert found[3:7] == ["100–105 分", "1", "95–100 分", "0"]
    assert found[-6:] == ["70–75 分", "0", "65–70 分", "1", "60–65 分", "2"]


def test_nobody_is_named(words: Any) -> None:
    assert not any("镇" in text for text in said(words, *points("60", "70")))


def test_a_unit_not_fully_reviewed_counts_in_grey_with_its_proven_total(words: Any) -> None:
    found = said(words, Decimal(60), Range(Decimal(20), Decimal("71.5")), Range(Decimal(50), Decimal(80)))

    assert found[1:3] == ["3 个单位，中位数 50–71.5 分", "每档含下限、不含上限；灰：未核完，按有材料分"]
    assert found[3:5] == ["80–85 分", "1"]


def test_bars_are_as_long_as_their_counts() -> None:
    made = drawing(of(*points("60", "61"), Range(Decimal(0), Decimal(62)), Decimal(57)))

    upper, lower = ([box.width for box in made.boxes[n : n + 3]] for n in (0, 3))
    assert upper[1:] == [upper[0] * 2 / 3, pytest.approx(upper[0] / 3)]
    assert lower[1:] == [pytest.approx(lower[0] / 3), 0]


def test_totals_far_apart_are_counted_in_wider_classes(words: Any) -> None:
    found = said(words, *points("120", "790", "1060"))

    assert found[3:5] == ["1050–1100 分", "1"]
    assert found[-2:] == ["100–150 分", "1"]


def test_units_without_a_total_are_said_and_not_counted(words: Any) -> None:
    assert said(words, Decimal(60), None, None)[1] == "3 个单位，中位数 60 分，2 个还没有得分"
    assert said(words, Done(0, 0))[1] == "1 个单位，1 个还没有得分"


def test_rows_done_are_counted_in_percent(words: Any) -> None:
    found = said(words, Done(12, 20), Done(3, 4), Done(1, 3))

    assert found[1] == "3 个单位，中位数 60 %"
    assert found[3:5] == ["75–80 %", "1"]
    assert found[-2:] == ["30–35 %", "1"]


def test_a_thousand_units_are_one_picture() -> None:
    made = picture(of(*(Decimal(n % 110) for n in range(1000))))

    assert made.startswith(b"\x89PNG")
    assert drawing(of(*(Decimal(n % 110) for n in range(1000)))).height < 1500
