"""Figures as they are printed and rounded; exact inside, two decimals half up outside."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

_CENT = Decimal("0.01")
_WIDE = Context(prec=60)
_MOST_SHOWN = 4  # decimals of a figure that is shown as it was given


def plain(figure: Decimal) -> str:
    """A figure without exponent or trailing zeros: ``2.50`` → ``2.5``, ``1E+2`` → ``100``."""
    text = f"{figure:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def worked_out(figure: Decimal) -> bool:
    """Whether a figure has more decimals than anybody types: a share such as 6/7."""
    exponent = figure.as_tuple().exponent
    return isinstance(exponent, int) and exponent < -_MOST_SHOWN


def legible(figure: Decimal) -> str:
    """A figure for people: as it was given, a worked-out one to two decimals (6/7 of 100 → ``85.71``)."""
    return plain(two_decimals(figure) if worked_out(figure) else figure)


def with_unit(figure: Decimal, unit: str) -> str:
    """``85.71%``, ``2 次``, ``3``: a figure for people with its unit."""
    return f"{legible(figure)}{unit}" if unit in {"", "%", "‰"} else f"{legible(figure)} {unit}"


def two_decimals(value: Fraction | Decimal) -> Decimal:
    """Rounded half up to two decimals, exactly (a fraction is never rounded twice)."""
    if isinstance(value, Fraction):
        cents, rest = divmod(value.numerator * 100, value.denominator)
        return Decimal(cents + (2 * rest >= value.denominator)) / 100
    return value.quantize(_CENT, rounding=ROUND_HALF_UP, context=_WIDE)


def exact_number(figure: Decimal | None) -> int | float | None:
    """A printed figure for JSON, not rounded: an int where it is whole."""
    if figure is None:
        return None
    return int(figure) if figure == figure.to_integral_value() else float(figure)


def json_number(value: Fraction | Decimal) -> int | float:
    """The figure for JSON: an int where it is whole, else the two decimals' own float."""
    rounded = two_decimals(value)
    return int(rounded) if rounded == rounded.to_integral_value() else float(rounded)
