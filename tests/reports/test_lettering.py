"""Texts fit where they must, and names stay apart when they are shortened."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.lettering import clean, short_names, width_ems, wrapped

CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x4E20), max_size=30)


@given(st.text(st.characters()))
def test_a_cleaned_text_is_always_good_xml_on_one_line(text: str) -> None:
    said = clean(text)

    assert len(said.splitlines()) <= 1
    ElementTree.fromstring(f"<t>{said.replace('&', '').replace('<', '')}</t>")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("  孟河镇\r\n（北）\t", "孟河镇 （北）"),
        ("孟\x00河\x0b镇", "孟河 镇"),
        ("孟河\u202e镇gnp.exe", "孟河镇gnp.exe"),
        ("a\ud800b\ufffe", "ab"),
    ],
)
def test_controls_lone_surrogates_and_direction_marks_are_dropped(text: str, said: str) -> None:
    assert clean(text) == said


@given(st.text(), st.floats(3, 20), st.integers(1, 4))
def test_wrapped_lines_keep_to_their_room(text: str, ems: float, lines: int) -> None:
    made = wrapped(text, ems, lines)

    assert len(made) <= lines
    assert all(width_ems(line) <= ems for line in made)


@given(CHINESE)
def test_a_text_that_fits_is_wrapped_without_loss(text: str) -> None:
    assert "".join(wrapped(text, 10, 3)) == text


def test_a_text_that_does_not_fit_says_so() -> None:
    assert wrapped("质量教育基地培育情况", 3, 2) == ["质量教", "育基…"]


@given(st.lists(CHINESE, max_size=8), st.integers(4, 14))
def test_short_names_keep_to_their_room_and_short_ones_stay(names: list[str], ems: int) -> None:
    short = short_names(names, ems)

    assert all(width_ems(said) <= ems for said in short)
    assert all(said == name for name, said in zip(names, short, strict=True) if len(name) <= ems)


def test_what_long_names_share_in_front_gives_way() -> None:
    names = ["江苏省常州市新北区孟河镇人民政府", "江苏省常州市新北区薛家镇人民政府", "孟河"]

    assert short_names(names, 12) == ["…孟河镇人民政府", "…薛家镇人民政府", "孟河"]


def test_a_long_name_keeps_both_ends() -> None:
    assert short_names(["国家高新技术产业开发区管理委员会"], 9) == ["国家高新…理委员会"]


def test_names_that_differ_in_the_middle_only_stay_apart() -> None:
    names = [f"第一实验小学{n}分校质量工作领导小组" for n in "甲乙"] + ["第二"]

    assert short_names(names, 7) == ["…甲分…导小组", "…乙分…导小组", "第二"]


def test_names_that_shortening_made_alike_keep_what_tells_them_apart() -> None:
    names = ["东风路西段北侧管理处", "东方红大街路口东侧甲段管理处", "东方红大街路口东侧乙段管理处"]

    assert len(set(short_names(names, 5))) == len(names)
