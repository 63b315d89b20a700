"""The part that each figure of a message plays, and what is made of several."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rubrics import loader
from rubrics.amounts import located
from rubrics.matching import Matcher
from rubrics.matching.comparing import of_now
from rubrics.matching.roles import Role, told
from rubrics.matching.spelling import fold, spell
from rubrics.matching.splitting import Part, only_says_when
from rubrics.matching.stating import state, suits

TOWNS, DEPARTMENTS, TOWNS_2010 = "xinbei-2011-towns", "xinbei-2011-departments", "towns-2010"
TASKS, CHANGZHOU, HUNAN = "xinbei-2011-tasks", "changzhou", "hunan"
DAY = date(2026, 11, 21)


def stated(rubric: str, ident: str, text: str) -> object:
    spelt = spell(text)
    return state(loader.load(rubric).criteria[ident], spelt.text, spelt.source, DAY)


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("应检210台已检205台超期5台", [Role.DUE, Role.DONE, Role.MISSING]),
        ("任务3只,拿下2只", [Role.DUE, Role.DONE]),
        ("4只任务成了3只", [Role.DUE, Role.DONE]),
        ("共50家,差两家没进", [Role.ALL, Role.MISSING]),
        ("抽检300批,不合格9批", [Role.PLAIN, Role.FAILED]),
        ("12家里头有一家没来", [Role.ALL, Role.MISSING]),
        ("报了8条,其中采用3条", [Role.PLAIN, Role.INSIDE]),
        ("任务2只,多完成1只", [Role.DUE, Role.BEYOND]),
        ("新增1家,累计16家", [Role.PLAIN, Role.STOCK]),
        ("不足4条,只有2条", [Role.LIMIT, Role.PLAIN]),
        ("办了2期,每期60人", [Role.DONE, Role.EACH]),
        ("三次去了两次", [Role.PLAIN, Role.DONE]),
    ],
)
def test_each_figure_has_its_role(text: str, roles: list[Role]) -> None:
    assert [one.role for one in told(text)] == roles


def test_numbers_are_located_as_they_stand() -> None:
    assert [(start, end, number.text) for start, end, number in located("6家里5家")] == [(0, 2, "6家"), (3, 5, "5家")]


@pytest.mark.parametrize(
    ("rubric", "ident", "text", "left"),
    [
        (CHANGZHOU, "20.2", "合格率96.8,比上年降0.3个百分点", "合格率96.8,"),
        (TASKS, "12.2", "去年5只今年10只", "今年10只"),
        (TOWNS, "8.2c", "持证率从95涨到98.5", "持证率涨到98.5"),
        (TASKS, "4.3", "溶解氧比去年提高了12%", "溶解氧比去年提高了12%"),
        (TASKS, "11.1", "比去年多3只", "比去年多3只"),
        (TOWNS, "2.5b", "市名牌2只,比任务多3只", "市名牌2只,比任务多3只"),
    ],
)
def test_only_what_is_said_of_now_is_left(rubric: str, ident: str, text: str, left: str) -> None:
    assert of_now(loader.load(rubric).criteria[ident], text) == left


@pytest.mark.parametrize(
    ("rubric", "ident", "text", "value"),
    [
        # what is missing or failed, taken from what there is
        (TOWNS, "3.1", "4家名牌企业里有一家没来", Decimal(75)),
        (TOWNS, "8.2b", "定检有两台逾期，总数80台", Decimal("97.5")),
        (TOWNS, "8.2a", "只剩1台没弄，其余29台都弄了", Decimal("96.67")),
        (TOWNS, "8.2c", "有5%的人证过期了", Decimal(95)),
        (TOWNS, "8.2c", "叉车司机33名，没有一个无证的", Decimal(100)),
        (TOWNS_2010, "3.2", "还有1/4的省名牌企业没启动", Decimal(75)),
        (TOWNS_2010, "9.3", "应纳入60家，未纳入3家", Decimal(95)),
        (TASKS, "1.4", "不合格企业12家，整改完11家，还有一家停产", Decimal("91.67")),
        (TASKS, "2.3", "一次验收没通过的1个，共验收52个", Decimal("98.08")),
        (HUNAN, "28.1", "农产品抽检不合格率1.5%", Decimal("98.5")),
        (DEPARTMENTS, "4.2", "下达任务9项，差2项没完成", Decimal(2)),
        (DEPARTMENTS, "4.2", "任务还有三分之一没完成，一共6项", Decimal(2)),
        (DEPARTMENTS, "4.2", "下达任务10项，完成率90%", Decimal(1)),
        (TOWNS, "6.3", "抽检10个批次，9个合格", Decimal(1)),
        # what is all or said in full
        (TOWNS, "3.1", "名牌企业满覆盖", Decimal(100)),
        (TOWNS, "8.2c", "开叉车的人人有证", Decimal(100)),
        (TASKS, "16.7", "建账率满百", Decimal(100)),
        (TOWNS, "8.2b", "电梯99%、叉车97%，总的98.2%", Decimal("98.2")),
        (TOWNS, "8.2c", "持证率0.98", Decimal(98)),
        (TASKS, "4.1", "达标率100（12次监测全部达标）", Decimal(100)),
        (HUNAN, "27.2", "许可证覆盖率100%，CCC证书覆盖率99.2%", Decimal("99.2")),
        (HUNAN, "27.2", "许可证98.5，CCC 99", Decimal("98.5")),
        # parts told side by side
        (TOWNS, "10.2", "信息上半年3条下半年2条", Decimal(5)),
        (TOWNS, "10.2", "信息1月1条，4月2条，9月1条", Decimal(4)),
        (TOWNS, "10.2", "信息我报了七条，经发办又报了两条", Decimal(9)),
        (TOWNS, "4.3", "验收通过省级1家国家级1家", Decimal(2)),
        (CHANGZHOU, "27.2", "国家级试点1个、省级试点2个", Decimal(3)),
        (TASKS, "5.1", "标准完成8项，其中国标2项行标6项", Decimal(8)),
        (HUNAN, "22.3", "上下半年各发布一次", Decimal(2)),
        (HUNAN, "22.3", "每季度一次，全年四次", Decimal(4)),
        (TOWNS, "10.2", "信息一个季度报两条", Decimal(8)),
        # tasks
        (TOWNS, "2.4", "名牌任务完成80%", False),
        (TOWNS, "2.4", "拿了3只，比任务少1只", False),
        (TOWNS, "2.4", "任务仨，全到手", True),
        (TASKS, "11.1", "名牌任务5只，差1只", Decimal(4)),
        (TASKS, "5.3", "采标任务20只，超了2只", Decimal(22)),
        (CHANGZHOU, "20.4", "任务2000批已全部抽完", Decimal(100)),
        (TASKS, "15.1", "死亡率低于下达数15%", Decimal(85)),
        (TASKS, "15.3", "比控制指标少3起，指标20起", Decimal(85)),
        # changes, where the clause asks for them
        (TASKS, "4.2", "高锰酸盐指数去年6.5今年6.1", Decimal("6.15")),
        (TASKS, "4.2", "高锰酸盐指数下降到5.5，去年是5.8", Decimal("5.17")),
        # none, limits, what was only applied for
        (TASKS, "12.1", "驰名商标一件没批下来", Decimal(0)),
        (TASKS, "12.1", "驰名商标申报2件，还没批", Decimal(0)),
        (TASKS, "16.3b", "万台死亡率没超0.45", None),
        (TOWNS, "10.2", "信息不足4条，只有2条", Decimal(2)),
        (TOWNS, "1.2", "质量专题会没到两次", False),
        (TOWNS, "1.2", "第1次2月28日，第2次8月16日", True),
        (TOWNS, "9.3b", "事故没有，更谈不上迟报", Decimal(0)),
        (HUNAN, "29.2", "出口零通报零退运", True),
        (TOWNS, "7.3", "线索6条当中核实2条", Decimal(2)),
        (TOWNS, "7.3", "线索3条都没有查实", Decimal(0)),
        (DEPARTMENTS, "4.3", "联席会请了两次假", Decimal(2)),
        (DEPARTMENTS, "3.2", "信息没迟报过", Decimal(0)),
        (TASKS, "4.4", "透明度三十公分出头", Decimal(30)),
        (HUNAN, "25.2", "就业人员50万，证书1500张", Decimal(30)),
        (TOWNS, "10.2", "信息4+2条", None),
    ],
)
def test_what_several_figures_come_to(rubric: str, ident: str, text: str, value: bool | Decimal | None) -> None:
    assert stated(rubric, ident, text) == value


@pytest.mark.parametrize(
    ("rubric", "text", "values"),
    [
        (TASKS, "万台事故率和死亡率都没超0.45", {"16.3a": None, "16.3b": None}),
        (CHANGZHOU, "国抽、省抽合格率分别是93.5%和95.8%", {"20.1": Decimal("93.5"), "20.2": Decimal("95.8")}),
        (TOWNS, "登记率、定检率、持证率：100%、98%、99%", {"8.2a": 100, "8.2b": 98, "8.2c": 99}),
        (TOWNS, "名牌任务2只，已完成2只；采标任务3个，已完成2个", {"2.4": True, "4.2": False}),
        (TOWNS, "信息：一季度2条、二季度1条、三季度3条", {"10.2": Decimal(6)}),
        (TOWNS, "1.登记率 100\n2.定检率 98.7", {"8.2a": Decimal(100), "8.2b": Decimal("98.7")}),
    ],
)
def test_each_fact_gets_its_own_figure(rubric: str, text: str, values: dict[str, object]) -> None:
    facts = Matcher(loader.load(rubric)).match(text, DAY)

    assert {fact.criterion: fact.value for fact in facts} == values


def test_a_count_where_percentages_are_asked_for_is_never_sure() -> None:
    facts = Matcher(loader.load(TOWNS_2010)).match("食品抽检有1个不合格，属准入产品", DAY)

    assert "sure" not in [fact.decision for fact in facts if fact.criterion == "6.2"]


@pytest.mark.parametrize(
    ("rubric", "ident", "text", "fits"),
    [
        (TOWNS, "1.1", "专人有", True),
        (TOWNS, "10.1", "讲座办了2期", True),
        (CHANGZHOU, "12.2", "农产品监测合格率98%", False),
        (TOWNS, "2.4", "名牌任务完成80%", True),
        (TOWNS, "6.2", "抽检10个批次", False),
        (TOWNS, "6.2", "食品合格率92%", True),
    ],
)
def test_figures_suit_a_clause_or_not(rubric: str, ident: str, text: str, fits: bool) -> None:
    assert suits(loader.load(rubric).criteria[ident], fold(text)) is fits


def test_a_part_of_periods_alone_is_no_fact_of_its_own() -> None:
    text = "信息一季度2条、二季度1条"

    assert only_says_when(text, Part(8, len(text), 0, 5.0))
    assert not only_says_when(text, Part(0, len(text), 0, 5.0))


@pytest.mark.parametrize("rubric", loader.rubric_ids())
def test_a_sum_is_about_no_clause(rubric: str) -> None:
    assert Matcher(loader.load(rubric)).match("{{ 7 * 7 }}", DAY) == ()


def test_a_complaint_that_asks_why_is_no_report() -> None:
    assert Matcher(loader.load(TOWNS)).match("名牌任务怎么还没下达到我们镇？", DAY) == ()
