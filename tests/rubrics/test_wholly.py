"""A rate is 100% where all of it is said to be done; 都 alone before anything else says no such thing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from rubrics import loader
from rubrics.model import Criterion
from rubrics.values import Known, Refused, parse_answer


def criterion(ident: str, rubric: str = "xinbei-2011-towns") -> Criterion:
    return loader.load(rubric).criteria[ident]


@pytest.mark.parametrize(
    "words",
    [
        "都达标", "都合格了", "都建了", "都办了", "全部完成", "全覆盖", "都登记了", "全部建档", "全都办好了", "都已经整改到位了",
        "都按要求完成", "都改了", "全部", "都有",
    ],
)  # fmt: skip
def test_words_that_tell_completion_are_all_of_it(words: str) -> None:
    parsed = parse_answer(criterion("3.1"), words)

    assert isinstance(parsed, Known), parsed
    assert (parsed.fact, parsed.echo) == (Decimal(100), "100%")


@pytest.mark.parametrize(
    ("ident", "words"), [("8.2a", "全部使用登记"), ("8.2b", "全部定期检验"), ("8.2c", "都持证上岗"), ("3.1", "全培训")]
)
def test_the_words_of_the_question_itself_are_all_of_it(ident: str, words: str) -> None:
    parsed = parse_answer(criterion(ident), words)

    assert isinstance(parsed, Known), parsed
    assert parsed.fact == Decimal(100)


@pytest.mark.parametrize(
    "words",
    [
        "都在开会", "都记错了", "全都写错了", "全部撤回", "全部删掉", "都下班了", "都是小李管的", "全部记下", "全部登记", "都到齐了",
        "都多少", "都发给你了", "都整改不了", "全部差一点",
    ],
)  # fmt: skip
def test_what_is_about_something_else_is_no_rate(words: str) -> None:
    assert isinstance(parse_answer(criterion("3.1"), words), Refused)


@pytest.mark.parametrize("words", ["都提高了", "都达标了", "全部"])
def test_all_of_it_is_no_rate_of_change(words: str) -> None:
    rises = [one for one in loader.load("xinbei-2011-tasks").criteria.values() if "溶解氧提高了" in one.ask]

    assert [isinstance(parse_answer(one, words), Known) for one in rises] == [False]
