"""What a message says beyond what was written down is said to the person, and nothing where all of it was."""

from __future__ import annotations

from decimal import Decimal

import pytest
from talk import Office, Person
from told import facts

from channels import keys

DEPARTMENTS = "xinbei-2011-departments"


def test_an_honour_of_another_level_is_said_to_be_left(office: Office) -> None:
    huan = office.person("huan", "liaison", "环保局")
    huan.press_key(keys.pack("ask", 3, DEPARTMENTS, "6.1c"))

    said = huan.send("得了一个省级一个市级")

    assert "“一个市级”没有读进去" in said
    assert facts(office, 3, DEPARTMENTS) == {"6.1c": Decimal(1)}


def test_a_rate_that_no_fact_holds_is_said_to_be_left(office: Office) -> None:
    zhi = office.person("zhi", "liaison", "质监分局")

    said = zhi.send("许可证合格率95.3 食品合格率九成一 整改率百分之百")

    before, _, heard = said.partition("听到")
    assert ["整改率百分之百" in before, "整改" in heard].count(True) == 1  # left, or a fact of its own


def test_a_clause_that_a_fact_may_be_about_too_is_named(chen: Person) -> None:
    said = chen.send("今年3月5日和9月12日各开了一次会，明确了党政办负责，协管员配了2名")

    assert "【质量专题会】" in said


@pytest.mark.parametrize(
    "words",
    [
        "质量专题会3次，打假联络员配好了",
        "大家辛苦了，质量会开了两次",
        "信息去年报了5条，今年报了6条",
        "质量例会三月开了一次，九月开了一次，一共两次",
    ],
)
def test_nothing_is_said_where_all_was_read(chen: Person, words: str) -> None:
    assert "没有读进去" not in chen.send(words)
