"""The templates' environment is strict; points, dates and times are printed as people write them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from channels.text import date, environment, points

SHANGHAI = ZoneInfo("Asia/Shanghai")
DECIMALS = st.decimals(-10_000, 10_000, allow_nan=False, allow_infinity=False, places=5)


@given(DECIMALS)
def test_points_are_rounded_half_up_away_from_zero(value: Decimal) -> None:
    assert Decimal(points(value)) == value.quantize(Decimal("0.01"), ROUND_HALF_UP)


@given(st.fractions(-1000, 1000))
def test_printed_points_lie_within_half_a_cent_and_carry_no_empty_zeros(value: Fraction) -> None:
    text = points(value)

    assert abs(Fraction(text) - value) <= Fraction(1, 200)
    assert text == "0" or text.partition(".")[2] == text.partition(".")[2].rstrip("0")
    assert not text.endswith(".")
    assert text != "-0"


@given(DECIMALS)
def test_points_of_a_loss_are_the_gain_s_with_a_minus(value: Decimal) -> None:
    assert points(-value).removeprefix("-") == points(value).removeprefix("-")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (8, "8"),
        (100, "100"),
        (Decimal("7.50"), "7.5"),
        (Decimal("99.005"), "99.01"),
        (Decimal("89.9976"), "90"),
        (Fraction(20, 7), "2.86"),
        (Decimal("-0.004"), "0"),
        (Decimal("-0.005"), "-0.01"),
        (Decimal("1E+2"), "100"),
        (0, "0"),
    ],
)
def test_points_as_people_write_them(value: Decimal | Fraction | int, text: str) -> None:
    assert points(value) == text


def test_dates_are_those_of_the_reader_s_zone() -> None:
    late_in_utc = datetime(2026, 6, 29, 16, 30, tzinfo=UTC)

    assert date(late_in_utc, SHANGHAI) == "6月30日"


def write(folder: Path, text: str) -> Path:
    (folder / "reply.txt").write_text(text, encoding="utf-8")
    return folder


def test_filters_print_points_dates_and_times(tmp_path: Path) -> None:
    made = environment(write(tmp_path, "{{ gain|points }} 分，{{ due|date }}，{{ due|time }}"), SHANGHAI)

    said = made.get_template("reply.txt").render(gain=Decimal("1.50"), due=datetime(2026, 6, 30, 1, 5, tzinfo=UTC))

    assert said == "1.5 分，6月30日，06-30 09:05"


@pytest.mark.parametrize("template", ["{{ missing }}", "{{ unit.missing }}", "{% if missing %}x{% endif %}"])
def test_a_missing_name_is_an_error_not_nothing(tmp_path: Path, template: str) -> None:
    made = environment(write(tmp_path, template), SHANGHAI)

    with pytest.raises(UndefinedError):
        made.get_template("reply.txt").render(unit={})


@pytest.mark.parametrize(("markup", "said"), [(False, "<b>&"), (True, "&lt;b&gt;&amp;")])
def test_values_are_escaped_where_the_channel_shows_markup(tmp_path: Path, markup: bool, said: str) -> None:
    made = environment(write(tmp_path, "{{ name }}"), SHANGHAI, markup=markup)

    assert made.get_template("reply.txt").render(name="<b>&") == said
