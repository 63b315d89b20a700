"""Wordings whose value is not the first figure that stands there: parts, faults, tasks, turns for the worse."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rubrics import loader
from rubrics.matching.spelling import spell
from rubrics.matching.stating import state

DAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("rubric", "ident", "text", "value"),
    [
        ("xinbei-2011-towns", "10.2", "信息还差1条就够4条", Decimal(3)),
        ("xinbei-2011-towns", "10.2", "全年信息6篇，其中采用3篇", Decimal(6)),
        ("xinbei-2011-towns", "8.2a", "新增24台，23台办了登记，1台没办", Decimal("95.83")),
        ("xinbei-2011-towns", "8.2b", "到期120台，漏检3台", Decimal("97.5")),
        ("xinbei-2011-towns", "8.2b", "160台里头有8台超期未检", Decimal(95)),
        ("xinbei-2011-towns", "8.2b", "定检率由去年的96%提高到99%", Decimal(99)),
        ("xinbei-2011-towns", "8.2c", "作业人员45名，2名证过期", Decimal("95.56")),
        ("xinbei-2011-towns", "8.2c", "无证上岗的一个没有", Decimal(100)),
        ("xinbei-2011-towns", "9.3a", "发生过2起，都没死人", Decimal(2)),
        ("xinbei-2011-towns", "6.3", "抽检15批次都合格", Decimal(0)),
        ("xinbei-2011-towns", "6.3", "抽检15批次，1批次不合格", Decimal(1)),
        ("xinbei-2011-towns", "7.4", "被焦点访谈点名了", True),
        ("xinbei-2011-towns", "6.5", "责任制没落实", True),
        ("xinbei-2011-towns", "2.5a", "超任务新增省名牌：亚邦、星源", Decimal(2)),
        ("xinbei-2011-towns", "1.2", "每季度开一次专题会", True),
        ("xinbei-2011-departments", "2.3", "应开两次，实际一次", Decimal(1)),
        ("xinbei-2011-departments", "4.2", "任务全部完成", Decimal(0)),
        ("xinbei-2011-departments", "4.3", "联席会三次去了两次", Decimal(1)),
        ("xinbei-2011-departments", "4.3", "两次没参加", Decimal(2)),
        ("xinbei-2011-tasks", "4.4", "透明度0.35米", Decimal(35)),
        ("xinbei-2011-tasks", "4.2", "高锰酸盐指数由6.0降到5.7", Decimal(5)),
        ("xinbei-2011-tasks", "4.3", "溶解氧从5提高到5.5", Decimal(10)),
        ("xinbei-2011-tasks", "11.1", "江苏名牌4只任务，已经拿到5只", Decimal(5)),
        ("xinbei-2011-tasks", "5.3", "采标45个，通过验收43个", Decimal(43)),
        ("changzhou", "20.4", "食品抽检任务全部完成", Decimal(100)),
        ("changzhou", "20.4", "食品抽检任务超额10%", Decimal(110)),
        ("changzhou", "20.5", "事故率和死亡率都为零", True),
        ("changzhou", "6.1", "质量经费逐年增加", True),
        ("changzhou", "6.1", "质量经费比去年减少了", False),
        ("changzhou", "13.3", "全年无重大旅游质量事故", True),
        ("changzhou", "14.5", "投诉率比去年上升了", False),
        ("hunan", "3.1", "质量专项经费80万，预算收入10亿", Decimal("0.8")),
        ("hunan", "22.3", "每季度发布一次质量分析报告", Decimal(4)),
        ("hunan", "29.1", "排全省第七", False),
        ("hunan", "30.2", "万台死亡率高出全国平均", False),
        ("towns-2010", "9.1b", "事故晚报了", False),
        ("towns-2010", "6.2", "食品合格率不到九成", False),
        ("xinbei-2011-towns", "1.2", "会议纪要两份已传，共开两次", True),
        ("xinbei-2011-towns", "4.2", "采标任务2个全部验收", True),
        ("xinbei-2011-towns", "8.2b", "定检率九八", Decimal(98)),
        ("xinbei-2011-towns", "8.2b", "定检率九九点二", Decimal("99.2")),
        ("hunan", "28.1", "农产品抽检合格率九成八五", Decimal("98.5")),
        ("xinbei-2011-tasks", "18.1", "整治过的黑作坊没有死灰复燃", True),
        ("xinbei-2011-tasks", "4.4", "能看到半米深", Decimal(50)),
        ("changzhou", "14.3", "报监率没到100%，只有97%", Decimal(97)),
        ("hunan", "29.2", "出口商品被境外通报2次", False),
    ],
)
def test_what_is_meant_is_read(rubric: str, ident: str, text: str, value: bool | Decimal) -> None:
    spelt = spell(text)

    assert state(loader.load(rubric).criteria[ident], spelt.text, spelt.source, DAY) == value
