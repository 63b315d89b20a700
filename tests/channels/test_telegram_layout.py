"""Texts and buttons in the sizes Telegram takes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from channels.port import Option
from channels.telegram.layout import pieces, rows, units


def test_a_text_is_broken_between_lines() -> None:
    assert pieces("一二\n三四\n五六", 5) == ["一二\n三四", "五六"]


def test_a_line_that_is_too_long_is_broken_anywhere() -> None:
    assert pieces("abcdefgh\nij", 6) == ["abcdef", "gh\nij"]


def test_an_emoji_counts_two_and_is_never_cut() -> None:
    assert pieces("😀😀😀", 5) == ["😀😀", "😀"]


def test_a_part_is_never_blank() -> None:
    assert [part.strip() for part in pieces("\n \n一\n\n\n\n\n\n二\n \n", 3)] == ["一", "二"]


@given(st.text(alphabet="一a😀\n ", max_size=80), st.integers(2, 12))
def test_parts_fit_and_lose_nothing_that_can_be_seen(text: str, most: int) -> None:
    parts = pieces(text, most)

    assert all(part.strip() and units(part) <= most for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(st.lists(st.text(alphabet="有", min_size=1, max_size=20), max_size=30))
def test_rows_keep_the_order_and_leave_room_for_every_label(labels: list[str]) -> None:
    options = [Option(f"k:{n}:0", label) for n, label in enumerate(labels)]

    found = rows(options)

    assert [option for row in found for option in row] == options
    assert all(len(row) == 1 or (len(row) <= 4 and len(row) * max(len(o.label) for o in row) <= 16) for row in found)
