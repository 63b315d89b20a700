"""Words that only take back what was said, or say what was not meant: 说错了, 不是名牌规划，是名牌奖励政策."""

from __future__ import annotations

import re

_SAID = r"(?P<mark>^|[,;。])(?:[我们]*(?:刚才|刚刚|前面)?(?:说|报|讲|指|填|写)的)?"
_REALLY = "(?:而|应该|应当|应|其实|实际)*"
_NOT_BUT = re.compile(
    rf"{_SAID}(?:并|而)?不是(?P<not>[\u4e00-\u9fffa-z]{{2,12}}?)的?[,;。]?{_REALLY}是(?=[\u4e00-\u9fffa-z]{{2}})"
)
_BUT_NOT = re.compile(
    rf"{_SAID}{_REALLY}是(?P<said>[^,;。]{{2,12}})[,;]?(?:而|并)?不是(?P<not>[\u4e00-\u9fffa-z]{{2,12}})(?=$|[,;。])"
)
_A_REASON = re.compile("不|没|敷衍|应付|摆|挂|走过场|做样子|一")
"""不是不报，是没有; 不是应付，是真抓: says how it was, not which matter."""
_REMARK = 40  # characters; longer words say more than that
_THAT = (
    "(?:刚才|刚刚|前面|上面|上一?条|刚发|刚报|这[条个件项]|那[条个件项]|前一?条|我|你|它|把|的|是|都|也|好像|可能|应该|不好意思|抱歉|对不起|"
    "说|讲|报|写|填|记|点|发|输|打|选|弄|搞|看|归|放|传|存|听|理解|记录|情况|消息|答案|数据?|内容|文件|材料|图片|照片)*+"
)
_WRONG = (
    "(?:(?:[说讲报写填记点发输打选弄搞看归放传存听理解]+|是|都|也|全)?(?:错|岔|混|反|串)(?:了|啦)?"
    "|有误|不对头?|不作数|不算数?|作废|[说写填记]?重(?:了|复了?))"
)
_WHERE = "(?:地方|位置|条款?|项目?|题|行|格子?|人|单位|年份?|了|啦|吧|哈|呀|啊|的|一下)*+"
_NOT_OURS = "(?:[这那它]?(?:个|条)?不是(?:我们|我|咱们?|这|那|本)(?:个|条)?[\u4e00-\u9fff]{0,3}的?(?:事|数据?|情况)?)"
_ONLY_WRONG = re.compile(
    rf"(?:(?:{_THAT}{_WRONG}{_WHERE}|{_NOT_OURS}|不好意思|抱歉|对不起|哎呀?|等等|等一下)[,;。!]*)+"
)


def takes_back(text: str) -> bool:
    """Whether folded words do nothing but say that something was wrong: 刚才那条记错地方了."""
    return len(text) <= _REMARK and bool(_ONLY_WRONG.fullmatch(text.strip(" ,;。.、!")))


def without_what_was_not_meant(text: str) -> str:
    """Folded words without the matter that they say they are not about: 不是X，是Y is Y."""
    return _BUT_NOT.sub(_said_only, _NOT_BUT.sub(_but_only, text)) if "不是" in text else text


def _but_only(match: re.Match[str]) -> str:
    return match[0] if _A_REASON.search(match["not"]) else match["mark"]


def _said_only(match: re.Match[str]) -> str:
    return match[0] if _A_REASON.search(match["not"]) else match["mark"] + match["said"]
