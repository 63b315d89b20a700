"""Who gave an honour and at which level, as lines and answers say it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics import loader
from rubrics.dates import Day
from rubrics.entry_text import read_entry
from rubrics.honours import Given, counts_honours, level_of, read_giver

TOWNS = loader.load("xinbei-2011-towns")
DEPARTMENTS = loader.load("xinbei-2011-departments")
ANY_LEVEL = TOWNS.criteria["5.5"]  # 诚信计量示范单位, of no level by itself
TODAY = Day(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "by", "level", "name"),
    [("3月14日 示范单位 常州某厂 省质监局授予 苏质〔2026〕3号", "省质监局", "", "示范单位 常州某厂"),
     ("省质监局授予的示范单位 常州某厂", "省质监局", "", "示范单位 常州某厂"),
     ("3月14日省质监局授予示范单位 常州某厂", "省质监局", "", "示范单位 常州某厂"),
     ("常州某厂被省质监局认定为示范单位", "省质监局", "", "常州某厂 示范单位"),
     ("示范单位 常州某厂 授予单位：江苏省质监局 省级", "江苏省质监局", "省级", "示范单位 常州某厂"),
     ("国家级示范单位 常州某厂，中国计量协会命名", "中国计量协会", "国家级", "国家级示范单位 常州某厂"),
     ("示范单位 市级 常州市市场监督管理局颁发", "常州市市场监督管理局", "市级", "示范单位"),
     ("高新技术企业认定 常州某厂", "", "", "高新技术企业认定 常州某厂"),
     ("示范单位 省级以上", "", "", "示范单位 省级以上")],
)  # fmt: skip
def test_giver_and_level_are_taken_from_a_line(text: str, by: str, level: str, name: str) -> None:
    written = read_entry(text, TODAY, 2026, ANY_LEVEL)

    assert (written.given, written.name) == (Given(by, level), name)


def test_a_line_about_no_honour_keeps_its_words() -> None:
    written = read_entry("3月14日 区政府表彰大会", TODAY, 2026)

    assert (written.name, written.given) == ("区政府表彰大会", Given())


@pytest.mark.parametrize(
    ("rubric", "criterion", "level"),
    [(TOWNS, "2.5a", "省级"), (TOWNS, "2.5b", "市级"), (TOWNS, "3.3a", "省级"), (TOWNS, "4.3", ""), (TOWNS, "5.5", ""),
     (DEPARTMENTS, "6.1a", "区级"), (DEPARTMENTS, "6.1b", "市级"), (DEPARTMENTS, "6.1c", "省级")],
)  # fmt: skip
def test_a_clause_of_one_level_says_it(rubric: loader.Rubric, criterion: str, level: str) -> None:
    assert level_of(rubric.criteria[criterion]) == level


@pytest.mark.parametrize(
    ("criterion", "counts"),
    [("2.5a", True), ("3.3b", True), ("4.3", True), ("1.2", False), ("4.4a", False), ("7.3", False), ("10.2", False)],
)
def test_only_prizes_brands_and_titles_are_honours(criterion: str, counts: bool) -> None:
    assert counts_honours(TOWNS.criteria[criterion]) is counts


@pytest.mark.parametrize(
    ("text", "by"),
    [("江苏省质监局", "江苏省质监局"), ("常州市政府颁发的", "常州市政府"), ("国家标准委", "国家标准委"),
     ("江苏省名牌战略推进委员会。", "江苏省名牌战略推进委员会"),
     ("我们开了两次质量例会", ""), ("质量月办了启动会", ""), ("3次", ""), ("3月14日 省名牌 某厂", ""), ("有", "")],
)  # fmt: skip
def test_an_answer_names_an_office_or_nobody(text: str, by: str) -> None:
    assert read_giver(text).by == by


def test_who_was_asked_on_purpose_may_name_anybody() -> None:
    assert read_giver("卓越国际 国家级", anybody=True) == Given("卓越国际", "国家级")


@given(st.text(alphabet="省市级授予颁发认定被由质监局 ，奖某厂3月14日", max_size=40))
def test_no_line_breaks_it(text: str) -> None:
    written = read_entry(text, TODAY, 2026, ANY_LEVEL)

    assert len(written.name) + len(written.given.by) <= len(text)
