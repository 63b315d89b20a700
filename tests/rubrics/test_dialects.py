"""A no in a dialect is a no; words that only look like one stay as they are."""

from __future__ import annotations

import pytest

from rubrics import loader
from rubrics.dialects import put_plainly
from rubrics.numerals import normalise
from rubrics.values import Known, parse_answer


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("冇开", "没开"),
        ("冇得", "没有"),
        ("还冇", "还没有"),
        ("冇人去", "没人去"),
        ("莫得名牌", "没有名牌"),
        ("没得口岸", "没有口岸"),
        ("冒得名牌", "没有名牌"),
        ("例会冒开", "例会没开"),
        ("呒不", "没有"),
        ("呒没定", "没有定"),
        ("弗曾办", "没办"),
        ("不曾发生", "没发生"),
        ("木有出", "没有出"),
        ("勿合格", "不合格"),
        ("没得啥子事故", "没有事故"),
        ("没有任何投诉", "没有投诉"),
        ("有冇搞活动", "有没有搞活动"),
    ],
)
def test_a_dialects_no_is_put_plainly(said: str, plain: str) -> None:
    assert put_plainly(said) == plain


@pytest.mark.parametrize(
    "said",
    [
        *("假冒伪劣", "冒充质监", "冒牌货", "感冒", "又冒出来了", "冒用标志", "冒名顶替", "没得到", "没得奖", "没得说"),
        *("请勿让", "苗木有限公司", "红木有两家", "什么时候"),
    ],
)
def test_other_words_with_the_same_characters_stay(said: str) -> None:
    assert put_plainly(said) == said


def test_traditional_characters_and_spaces_change_nothing() -> None:
    assert normalise("嘸 沒 開") == normalise("呒没开")


@pytest.mark.parametrize("said", ["冇", "冇得", "莫得", "呒不", "没得", "冇开"])
def test_an_open_question_takes_it_as_no(said: str) -> None:
    criterion = loader.load("hunan").criteria["2.2"]

    parsed = parse_answer(criterion, said)

    assert isinstance(parsed, Known)
    assert parsed.fact is False
