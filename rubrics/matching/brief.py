"""A message of two words, a common noun and what became of it: 讲座没办, 还没配协管员, 例会开了两次.

The noun alone is too little evidence for the matcher; where it is the head of a few clauses' names, asking costs one
press.
"""

from __future__ import annotations

import re

from rubrics.matching.cues import has_foreign_word
from rubrics.matching.index import Index

_MOST_CLAUSES = 3
_LONGEST = 24  # characters
_FILL = "(?:今年|全年|本年度?|上半年|下半年|我[们镇局]?|咱们?|[镇局村区]里|目前|现在|到现在|至今|暂时|暂|还|都|也|一直|已经?|今年度|的|那个|这个|,)*"
_NUMBER = "(?:[0-9]+|[一二两三四五六七八九十]+)[个次场回期条家份项名]"
_VERB = "(?:印发|下发|制定|成立|组织|召开|举办|落实|建立|办|开|搞|建|配|签|做|发|印|定|设|弄|报|写|出|评|推|有)"
_NOT = "(?:没有?|未|尚未|从未|木有)"
_TOPIC = "(?P<topic>[\u4e00-\u9fff]{2,6}?)"
_ENDED = "[了过呢啊呀的]*"
_TO_COME = "(?:正在|准备|打算|下周|下个?月|月底|明天|马上|尽快|快要|定在|安排在|拟)[\u4e00-\u9fff]{0,6}"
_FORMS = (
    re.compile(f"{_FILL}{_TOPIC}{_FILL}{_NOT}{_VERB}?(?:成|好|到位|下来)?{_ENDED}"),
    re.compile(f"{_FILL}{_NOT}{_VERB}(?:成|好)?过?(?:{_NUMBER})?{_TOPIC}{_ENDED}"),
    re.compile(
        f"{_FILL}{_TOPIC}{_FILL}(?:{_VERB}(?:好|齐|成)?[了过](?:{_NUMBER})?|有了|到位了?|都有|{_NUMBER}){_ENDED}"
    ),
    re.compile(f"{_FILL}{_TOPIC}{_FILL}{_TO_COME}"),
)
_ANY_OFFICE = re.compile(
    "材料|文件|通知|名单|会议|表格?|报告|数据|资料|照片|工资|奖金|领导|企业|同志|单位|产品|项目|工作|公司|工厂|东西|事情|办公室|问题|情况|方案|活动|制度|意见|系统|平台|手续|合同|发票|证书|设备|资金|经费|预算|人员|车辆|房子|医院|学校|考试"
)


def told_briefly(index: Index, text: str) -> tuple[int, ...]:
    """The places of the clauses that a folded message of two words can be about; empty where it is no such message."""
    if len(text) > _LONGEST:
        return ()
    topic = next((found["topic"] for form in _FORMS if (found := form.fullmatch(text))), None)
    if topic is None or _ANY_OFFICE.fullmatch(topic) or has_foreign_word(text, index.joined):
        return ()
    places = index.headed_by(topic)
    return places if len(places) <= _MOST_CLAUSES else ()
