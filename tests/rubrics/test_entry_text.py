"""A line about a meeting, a document or an award, as people type it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.dates import Day
from rubrics.entry_text import fields, read_entry, take_number

TODAY = Day(2026, 11, 21)


@pytest.mark.parametrize(
    "text",
    [
        "3月14日 质量专题会 常新质〔2026〕3号",
        "质量专题会 3月14日 常新质〔2026〕3号",
        "常新质〔2026〕3号，质量专题会，2026-03-14",
        "名称：质量专题会\n日期：三月十四日\n文号：常新质〔2026〕3号",
        "2026.3.14 质量专题会；常新质〔2026〕3号。",
        "3月14日质量专题会常新质〔2026〕3号",
    ],
)
def test_day_name_and_number_are_read_in_any_order(text: str) -> None:
    written = read_entry(text, TODAY, 2026)

    assert (written.name, written.day, written.number) == ("质量专题会", Day(2026, 3, 14), "常新质〔2026〕3号")


@pytest.mark.parametrize(
    ("text", "number"),
    [("苏质发[2026]第12号", "苏质发[2026]第12号"), ("证书编号：JS-2026-001", "JS-2026-001"), ("《意见》（常政发（2026）5号）", "常政发（2026）5号"),
     ("省名牌 SMP2026118", "SMP2026118"), ("质量专题会", ""), ("95%", "")],
)  # fmt: skip
def test_a_number_is_found_however_it_is_written(text: str, number: str) -> None:
    assert take_number(text)[0] == number


@pytest.mark.parametrize(
    "text",
    [
        "苏质 [2026] 5 号",
        "苏质[ 2026 ] 5号",
        "苏质　〔2026〕 第 5 号",
        "文号：苏质 [2026] 5 号",
        "编号 苏质〔2026〕5号",
    ],
)
def test_blanks_in_a_number_leave_it_its_office(text: str) -> None:
    number, rest = take_number(f"{text}，A牌水泵")

    assert (number.replace("第", "").translate(str.maketrans("[]", "〔〕")), rest.strip(" ，")) == (
        "苏质〔2026〕5号",
        "A牌水泵",
    )
    assert take_number(text) == (number, rest.replace("，A牌水泵", ""))


@pytest.mark.parametrize(
    ("text", "name", "number"),
    [
        ("江苏名牌 A牌水泵 苏质 [2026] 5 号", "江苏名牌 A牌水泵", "苏质[2026]5号"),
        ("《意见》 常政办发 （2026） 5号", "《意见》", "常政办发（2026）5号"),
        ("质量专题会 〔2026〕3号", "质量专题会", "〔2026〕3号"),
        ("江苏名牌产品 〔2026〕 3 号", "江苏名牌产品", "〔2026〕3号"),
        ("质量工作再部署 〔2026〕3号", "质量工作再部署", "〔2026〕3号"),
        ("质量专题会常新质〔2026〕 3 号", "质量专题会", "常新质〔2026〕3号"),
    ],
)
def test_a_name_before_a_number_is_no_part_of_it(text: str, name: str, number: str) -> None:
    found, rest = take_number(text)

    assert (found, rest.strip()) == (number, name)


@pytest.mark.parametrize("text", ["3月14日 质量专题会", "3月14日 质量专题会 无文号", "3月14日至15日 质量专题会"])
def test_what_has_no_number_is_no_number(text: str) -> None:
    written = read_entry(text, TODAY, 2026)

    assert (written.name, written.number) == ("质量专题会", "")


def test_all_days_are_told_so_that_one_can_ask() -> None:
    written = read_entry("3月14日和6月2日 质量专题会", TODAY, 2026)

    assert [found.day for found in written.days] == [Day(2026, 3, 14), Day(2026, 6, 2)]


def test_a_day_that_is_none_is_told_apart_from_silence() -> None:
    assert read_entry("2月30日 会", TODAY, 2026).day is None
    assert read_entry("2月30日 会", TODAY, 2026).days != ()
    assert read_entry("质量专题会", TODAY, 2026).days == ()


def test_fields_are_kept_apart_by_commas_and_lines() -> None:
    assert fields("标题：关于质量的意见， 常政发〔2026〕5号\n镇档案室3号柜") == (
        "关于质量的意见",
        "常政发〔2026〕5号",
        "镇档案室3号柜",
    )


@given(st.text(max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    written = read_entry(text, TODAY, 2026)

    assert len(written.name) <= len(text)
