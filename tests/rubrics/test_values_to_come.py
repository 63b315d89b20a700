"""Typed answers about what is still to come: a plan is no answer, and what was done beside it counts."""

from decimal import Decimal

import pytest

from rubrics import loader
from rubrics.values import Known, Refused, parse_answer


@pytest.mark.parametrize(
    ("ident", "text"),
    [
        ("2.1", "正在起草"),
        ("2.1", "马上就印发了"),
        ("1.2", "准备开两次"),
        ("1.2", "年底前开两次"),
        ("1.2", "准备12月开两次"),
        ("10.2", "打算报4条"),
        ("8.2a", "争取95%"),
    ],
)
def test_a_plan_is_no_answer_to_what_was_done(ident: str, text: str) -> None:
    parsed = parse_answer(loader.load("xinbei-2011-towns").criteria[ident], text)

    assert isinstance(parsed, Refused)
    assert parsed.said.startswith(f"“{text}”说的是还没做成的")


@pytest.mark.parametrize(
    ("ident", "text", "fact"),
    [
        ("1.2", "开了两次，准备再开一次", True),
        ("1.2", "年底前开过两次", True),
        ("10.2", "报了3条，准备再报1条", Decimal(3)),
        ("8.2a", "目前90%，年底争取95%", Decimal(90)),
        ("9.3a", "一起，正在调查", Decimal(1)),
    ],
)
def test_what_was_done_counts_beside_a_plan(ident: str, text: str, fact: bool | Decimal) -> None:
    parsed = parse_answer(loader.load("xinbei-2011-towns").criteria[ident], text)

    assert isinstance(parsed, Known)
    assert parsed.fact == fact
