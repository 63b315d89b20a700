"""Figures and the 口径 line are printed as people write them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from reports.score_table import Done, Range, basis_line, shown


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (None, "—"),
        (Decimal("8.00"), "8"),
        (Decimal("2.857"), "2.86"),
        (Decimal(0), "0"),
        (Done(12, 20), "12/20"),
        (Range(Decimal("61.25"), Decimal(78)), "61.25–78"),
        (Range(Decimal(61), Decimal("61.0")), "61"),
        (Done(1, 14, 3), "1–3/14"),
    ],
)
def test_a_figure_is_printed_as_people_write_it(figure: Decimal | Range | Done | None, words: str) -> None:
    assert shown(figure) == words


def test_the_basis_tells_the_moment_in_the_office_s_zone() -> None:
    at = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)

    assert basis_line(at, ZoneInfo("Asia/Shanghai"), 312, 396) == "截至 11-21 15:00 · 已核 312/396"
