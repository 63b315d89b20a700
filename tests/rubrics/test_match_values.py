"""What a piece of a message states for one clause, in the kind of value the clause takes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rubrics import loader
from rubrics.amounts import Number, parse_number
from rubrics.matching.polarity import corrected, is_denied, is_hedged
from rubrics.matching.spelling import fold
from rubrics.matching.stating import state

TOWNS, DEPARTMENTS, TASKS = "xinbei-2011-towns", "xinbei-2011-departments", "xinbei-2011-tasks"


@pytest.mark.parametrize(
    ("rubric", "ident", "text", "value"),
    [
        # yes or no
        (TOWNS, "1.1", "专人有", True),
        (TOWNS, "1.3", "协管员还没配", False),
        (TOWNS, "1.2", "质量专题会开了一次", False),
        (TOWNS, "1.2", "质量专题会3月和9月各开了一次", True),
        (TOWNS, "1.2", "质量专题会一次都没开", False),
        (TOWNS, "1.2", "镇里开会研究质量", None),
        (TOWNS, "1.5", "责任书签了，奖惩没兑现", None),
        ("hunan", "29.2", "没有被国外通报退运", True),
        (TASKS, "18.1", "整治过的行业没有反弹", True),
        (TASKS, "2.1", "没出过工程质量事故", True),
        (TOWNS, "10.1", "打假联络员名单", None),
        # tasks
        (TOWNS, "4.2", "采标任务6个做了4个", False),
        (TOWNS, "4.2", "采标任务3个，都完成了", True),
        (TOWNS, "2.4", "区里给3只名牌任务，目前拿下2只", False),
        (TOWNS, "2.4", "名牌任务大概能完成", None),
        ("changzhou", "19.1", "市里给32，我们做到34.5", Decimal("107.81")),
        (TASKS, "15.1", "是下达数的百分之八十六", Decimal(86)),
        # rates
        (TOWNS, "8.2b", "该检60台，检了57台", Decimal(95)),
        (TOWNS, "8.2b", "该检9台，检了9台", Decimal(100)),
        (TOWNS, "8.2b", "到期的一台没落下", Decimal(100)),
        (TOWNS, "8.2c", "持证率九成五", Decimal(95)),
        (TOWNS, "8.2c", "52个人里51个有证", Decimal("98.08")),
        (TASKS, "1.3", "食品抽检300批，不合格9批", Decimal(97)),
        (TASKS, "1.3", "食品抽检做了", None),
        ("hunan", "3.1", "占预算收入千分之零点七", Decimal("0.7")),
        ("hunan", "3.1", "质量经费占预算0.05%", Decimal("0.5")),
        # counts
        (TOWNS, "2.5a", "省名牌新增一只", Decimal(1)),
        (TOWNS, "3.3a", "省质量奖没拿到", Decimal(0)),
        (TOWNS, "7.3", "线索报了3条，查实2条", Decimal(2)),
        (TOWNS, "10.2", "信息写了四条，用了两条", Decimal(4)),
        (TOWNS, "10.2", "信息报送清单", None),
        (TASKS, "6.2", "新建标准农田12000亩", Decimal("1.2")),
        (TASKS, "4.4", "透明度三十五公分", Decimal(35)),
        # deductions and gates
        (TOWNS, "9.3a", "今年没有发生事故", Decimal(0)),
        (TOWNS, "9.3a", "行车掉钩砸伤一人", Decimal(1)),
        (TOWNS, "9.3b", "事故1小时内就报了", Decimal(0)),
        (TOWNS, "6.3", "没有不合格", Decimal(0)),
        (TOWNS, "6.3", "一只抽检没过", Decimal(1)),
        (TOWNS, "7.4", "没有制假案子", False),
        (TOWNS, "6.2", "许可证抽检96，食品93，整改100", True),
        (TOWNS, "6.2", "食品合格率85%", False),
        (DEPARTMENTS, "1.1", "领导小组成立了", False),
        (DEPARTMENTS, "4.2", "16项任务完成了14项", Decimal(2)),
        (DEPARTMENTS, "4.3", "联席会每次都参加", Decimal(0)),
        (DEPARTMENTS, "3.2", "信息报晚了", Decimal(1)),
        # positions, marks, tiers without a measure
        ("hunan", "42.2", "满意度在全省居前列", True),
        ("hunan", "42.2", "满意度排在中游", False),
        ("changzhou", "24.1", "全市50只，我们14只", None),
        ("hunan", "26.1", "专家给了10分", Decimal(10)),
        ("hunan", "1.1", "规划还在征求意见", None),
    ],
)
def test_a_piece_states_its_value(rubric: str, ident: str, text: str, value: object) -> None:
    criterion = loader.load(rubric).criteria[ident]

    stated = state(criterion, fold(text), "message", date(2026, 6, 30))

    assert stated == value
    assert isinstance(stated, bool) == isinstance(value, bool)


def test_a_file_name_states_a_count_only_with_its_unit() -> None:
    criterion = loader.load(TASKS).criteria["11.1"]

    assert state(criterion, fold("江苏名牌公告_新北5只"), "file") == 5
    assert state(criterion, fold("江苏名牌公告2"), "file") is None


def test_a_clause_that_does_not_apply_states_nothing_where_that_is_allowed() -> None:
    criterion = loader.load("hunan").criteria["14.2"]

    assert state(criterion, "没有口岸,这条不适用", "message") is None


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("信息5条,不对,6条", "信息,6条"),
        ("是三次不是两次", "是三次"),
        ("刚才说错了,是三次", "刚才三次"),
        ("信息5条", "信息5条"),
    ],
)
def test_a_correction_leaves_its_last_word(text: str, left: str) -> None:
    assert corrected(text) == left


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("没搞成", True),
        ("一直没停过", False),
        ("还差一家", True),
        ("不少于三次", False),
        ("一分钱没收", False),
        ("未完成", True),
    ],
)
def test_a_denial_is_told_from_a_double_one(text: str, denied: bool) -> None:
    assert is_denied(text) is denied


def test_the_absence_of_trouble_is_no_denial_of_something_good() -> None:
    assert is_denied("市场上没有假货")
    assert not is_denied("市场上没有假货", good=True)


@pytest.mark.parametrize("text", ["大概3条", "应该有", "好像办了", "有吧", "三十多家", "不到95%"])
def test_a_hedge_is_heard(text: str) -> None:
    assert is_hedged(text)


def test_a_tenth_may_be_called_a_fold() -> None:
    assert parse_number("九折", "%") == Number(Decimal(90), "%", text="九折")


@pytest.mark.parametrize("words", ["三月那次一共两回", "一共开了两次", "一共2次"])
def test_altogether_is_no_figure(words: str) -> None:
    number = parse_number(words, "%")

    assert isinstance(number, Number)
    assert (number.value, number.part) == (Decimal(2), None)


def test_a_task_and_what_was_taken_of_it_are_a_share() -> None:
    number = parse_number("名牌任务给了3只，目前拿下2只", "只")

    assert isinstance(number, Number)
    assert (number.part, number.whole) == (2, 3)
