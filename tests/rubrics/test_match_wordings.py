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


@pytest.mark.parametrize(
    ("rubric", "ident", "text", "value"),
    [
        ("xinbei-2011-towns", "1.3", "协管员缺编", False),
        ("xinbei-2011-towns", "1.4", "计划还停在草稿", False),
        ("xinbei-2011-towns", "2.1", "名牌规划还在改第二稿", False),
        ("xinbei-2011-towns", "2.2", "创牌奖励政策取消了", False),
        ("xinbei-2011-towns", "2.4", "名牌任务眼看完不成", False),
        ("xinbei-2011-towns", "4.2", "采标任务交了白卷", False),
        ("xinbei-2011-towns", "5.3", "计量确认没有任务缺口，3家都办好了", True),
        ("xinbei-2011-towns", "6.2", "三率都没达标", False),
        ("xinbei-2011-towns", "6.2", "三率全达标", True),
        ("xinbei-2011-towns", "6.2", "许可证合格率97，食品94.2，不合格企业整改率100", True),
        ("xinbei-2011-towns", "9.2", "建账90%以上，准确讲是92.3%", Decimal("92.3")),
        ("xinbei-2011-towns", "9.3a", "行车歪倒，人没事", Decimal(1)),
        ("xinbei-2011-towns", "1.5", "责任制有，考核办法有，奖惩没兑现", None),
        ("xinbei-2011-departments", "1.3", "领导小组名存实亡", Decimal(1)),
        ("xinbei-2011-departments", "1.3", "小组光挂牌不办事", Decimal(1)),
        ("xinbei-2011-tasks", "3.7", "市场上还有假货", False),
        ("xinbei-2011-tasks", "16.2", "特设重大事故零", True),
        ("xinbei-2011-tasks", "17.3", "产业集群缩水了", False),
        ("xinbei-2011-tasks", "18.1", "整治成果反弹了", False),
        ("xinbei-2011-tasks", "18.1", "整治成果没有反弹", True),
        ("xinbei-2011-tasks", "18.1", "整治过的行业又有两家偷偷开工了", False),
        ("xinbei-2011-tasks", "19.2", "信息老是迟报", False),
        ("changzhou", "20.5", "事故率死亡率都是0", True),
        ("hunan", "2.3", "领导小组组长是分管副市长", False),
        ("hunan", "11.2", "标准公开已经推开，无标生产清零", True),
        ("hunan", "33.1", "比重今年掉下来了", False),
        ("towns-2010", "9.1b", "平安无事", True),
        ("xinbei-2011-towns", "1.3", "质监协管那个位置空了大半年", False),
        ("xinbei-2011-towns", "4.2", "采标任务一只不少", True),
        ("xinbei-2011-towns", "5.1", "让企业报强检，他们不理", False),
        ("xinbei-2011-towns", "9.1", "特设检查敷衍了事", False),
        ("changzhou", "6.1", "经费比去年少", False),
        ("hunan", "23.4", "地理标志密度全国第二十", False),
        ("hunan", "30.2", "死亡率高过全国", False),
        ("hunan", "39.1", "第三方测评五步都走完了", True),
    ],
)
def test_how_things_went_is_read_without_a_plain_no(
    rubric: str, ident: str, text: str, value: bool | Decimal | None
) -> None:
    spelt = spell(text)

    assert state(loader.load(rubric).criteria[ident], spelt.text, spelt.source, DAY) == value
