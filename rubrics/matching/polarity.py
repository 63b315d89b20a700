"""Whether words say that something is so, is not so, or leave it open; corrections taken at their last word."""

from __future__ import annotations

import re
from typing import Protocol


class Today(Protocol):
    """The day a message is read on."""

    @property
    def month(self) -> int:
        """1 to 12."""


_NUMERAL = "[0-9.零一二两三四五六七八九十百千万]+"
_TWICE_NOT = re.compile(
    r"有没有|是不是|有无|[没未无不]有?[^,;.]{0,3}(?:缺口|欠账|差距|遗漏)|[没未无不][有曾]?(?:停|断|间断|少|落下|拉下|漏|拖|含糊|马虎|问题|耽误|放松|缺席?|例外|错|收[\u4e00-\u9fff]{0,3}钱|要[\u4e00-\u9fff]{0,2}钱|出过?[\u4e00-\u9fff]{0,2}问题|换|变|动摇|取消|错过|缩水|萎缩|反弹|死灰复燃|中断|打折扣|作废|返工|返修|积压|遗留|拖延|推诿|死角|盲区)过?"
    r"|[没无][\u4e00-\u9fff]{1,2}的[\u4e00-\u9fff]{0,4}?(?:一律|统统|都|一[个家台])?[也都]?[没不](?:放|让|准|许|给|能)[进入上卖出用]?"  # 没证的一律没放进来
    r"|一[个家台人次]?[不没](?:落|少|漏|缺|拉|收)|不是(?:敷衍|应付)|一分钱?[没不]收|不[仅但光只]|不少|不错|不断|不是(?:挂|摆|空|走过场|做样子)"
)
_NOT = re.compile(
    r"没(?!收|事找|货|空|时间)|未(?!来)|尚无|还无|从无|为零|空白|(?<![有毫])无(?!害|锡|公害|纸|线|障碍|偿|缝|证|照|标|损)|否|零(?=[起个家条次项件])"
    r"|谈不上|不用说|不(?=到位|齐|达标|全|够|行|通过|合格|落实|完整|及时|符合|在前|参加|兑现|明确)|(?:完|做|办|拿|评|搞|弄|报|批|达|跟|建|开|签|落|通)不(?:成|到|了|上|下来|起来)|落空|泡汤|黄了|流产|搁置|停滞|拖着|卡[住着]了?|差一口气|缺着|欠着|"
    r"还[差缺欠剩](?!不多)|[差缺](?=[0-9一二两三四五六七八九十]+[个家只项条台次人张])|退回|被否|落选|空缺|空着|还在(?:写|弄|做|编|起草|拟|征求|改(?!善|进)|修|审|走流程|酝酿|商量|讨论)|零(?=发生|事故|投诉|曝光|案件|通报|退运|退货|召回|索赔|上访|缺席|迟报)|一塌糊涂|挂零|(?<![清归])零$|缺编|空了(?=[大小半一几])|被刷|刷下来|不理(?!想)|不搭理|不共享|敷衍|应付了?事|走过场|停在|停留在|取消|错过|白卷|名存实亡|缩水|萎缩|反弹|死灰复燃|又冒|冒出来|打了?水漂|没下文|作废|废止|停[办评开]|轮空|中断|撤销|解散|搁浅|悬着|半途而废|打了?折扣|(?<![0-9.])0(?=[起个家条次项件只])|(?<![0-9.])0$"
)
_NO_PLACE_FOR_IT = "(?!处理|受理|机制|制度|渠道|台账|热线|平台|电话|办法|流程|站|点|系统|预案|应急|追溯|召回)"
_NO_TROUBLE = re.compile(
    rf"(?:[没未]有?(?:再)?死灰复燃)|(?:假货|假冒|伪劣|问题|反弹|投诉){_NO_PLACE_FOR_IT}[^,.;]{{0,4}}(?:没有了?|没了|绝迹)|"
    r"[没未]有?让[^,.;]{0,8}(?:进|发生|出现|流入|混)|[没未无][有再]?(?:(?![制建定立做报办成开签设出写编])[\u4e00-\u9fff]){0,8}(?:事故|案件|事件)(?!台账|预案|报告|应急|上报|登记|档案|处置|调查|制度)"
    r"|(?:平安|相安|安然)无(?:事|恙)|零(?:发生|通报|退运|退货|召回|索赔|投诉|曝光|反弹)"
    r"|[没未无不][有再]?(?:出现|发生|发现|存在|查出|让|被|见|看)?过?[\u4e00-\u9fff]{0,4}(?:假货|假冒|伪劣|造假|反弹|回潮|投诉|通报|退运|退货|召回|事故|问题|违规|不合格|曝光|超期|漏检|无标|塌|伤亡|违法)"
    rf"{_NO_PLACE_FOR_IT}"
)
_NOT_ONE = re.compile(  # 一次都没开, 一条没报
    r"(?<![有还剩差就只仅外中和第0-9十百])一[个次家条只项场期起件][没未](?!到)|"
    r"(?:一|(?<![0-9.])1)[个次家条只项场期起件张份所批][\u4e00-\u9fff]{0,3}?[也都](?:还)?[没未不无]|[没未无]有?一[个次家条只项场期起件]|[没未]一[个次]|半[个条][也都]没"
)
_OPEN = re.compile(
    r"(?:大概|应该|可能|估计|也许|争取|力争|预计)[\u4e00-\u9fff]{0,3}(?:能|会|可以)|说不准|不确定|不清楚|不知道|记不|不好说|没把握|(?:我|再|要|得|去)(?:再|去)?(?:找|查查|问|核实|看看)|找找看|待定|未定|再说"
    r"|公示(?:期)?还?[没未]|还在等|等通知|等结果|等批|审批中|评审中|结果[还都也]*[没未]有?(?:出|下|公布|到|定|来)|[没未]有?出结果|等着?(?:评审?(?!上)|出结果)|结果要(?:到|等)|还[没未]有?(?:评审|评选|评(?=$|[,;]))|还没结果|[没未]公布|看情况|不一定|能不能"
)
_LOOKS_FOR_PAPERS = re.compile(  # 文件号我找找: leaves nothing open but the number of the paper
    "(?:文件号|文号|文件|材料|照片|名单|纪要|签到表|证书|通知|记录|编号|日期|扫描件|原件|复印件)的?(?:我|再|要|得|还要|去|回头|等下|稍后|让人)*(?:找|查|翻|问)[\u4e00-\u9fff]{0,3}(?=$|[,;.])"
)
_NEXT_TO = "(?:一[二两]|[二两]三|三四|四五|五六|六七|七八|八九)"
_THINGS = "[个家条次项件只台批份起篇场张人所]"
_BETWEEN_TWO = re.compile(  # 三四次, 十五六家, 二三十家
    rf"(?<![零一二两三四五六七八九百千万点.])(?P<tens>十?)(?P<two>{_NEXT_TO})(?P<more>[十百]?)(?={_THINGS})"
)
_HEDGE = re.compile(
    r"大概|大约|差不多|应该|估计|可能|好像|似乎|也许|大致|几乎|记得|印象|左右|上下|说不准|不确定|不太?清楚|吧(?=$|[,.;])|基本上?(?!农田|合格)|约(?=[0-9])|将近|接近"
    r"|[没未不]有?(?:达到?|到|满|低于|高于|少于|超过|突破|超)(?=[0-9.一二三四五六七八九十百]+[%成]?(?:$|[,;](?!只|才|实际|[是为]|[0-9])))"
    r"|不到|超过|多(?=[个家条次项件只台批])|[几数](?=[个家条次项件只台批十百])"
)
_PLANNED = re.compile(r"(?:准备|打算|计划|拟|将|要|等|放在|安排在|定在)[于到在]?([0-9]{1,2})月")
_CORRECTED = re.compile(
    r"(?:[说写报打搞弄记算]错了?|(?<![没不])错了|有误|不对|更正|纠正|改[成为]|口误|[哦噢喔啊][,;]?不(?:是)?(?=[,;])|不算数?(?=[,;]?(?:就|只|实际|应))|(?:准确|确切|具体)地?[讲说]"
    r"|具体(?:[是为]|(?=[0-9])))[,:;了是,]*(?:应[该当]?|实际|其实|就)?[是为]?"
)
_NOT_THAT = re.compile(
    rf"(?:而)?不是{_NUMERAL}(?:个百分点|%|‰|[\u4e00-\u9fff](?=$|[,.;]))?"
    rf"|{_NUMERAL}(?:个百分点|%|‰|[\u4e00-\u9fff])?(?:作废|不作数|是错的)"
)


def corrected(text: str) -> str:
    """What is left to be believed of words that correct themselves: 两次不对三次 is 三次."""
    match = next(reversed(list(_CORRECTED.finditer(text))), None)
    if match is not None and re.search(_NUMERAL, text[match.end() :]):
        before = re.sub(rf"{_NUMERAL}(?:%|‰|[个家条次项件只台批份场起张期])?", "", text[: match.start()])
        text = before + text[match.end() :]
    return _NOT_THAT.sub("", text)


def at_least(text: str) -> str:
    """The words with the smaller of two neighbouring numbers: 三四次 is three at least."""
    return _BETWEEN_TWO.sub(lambda match: f"{match['tens']}{match['two'][0]}{match['more']}", text)


def is_denied(text: str, *, good: bool = False) -> bool:
    """Whether the words say that something is not so.

    Args:
        text: folded words.
        good: the talk is of something good, of which the absence of trouble (没有假货, 没反弹) is no denial.
    """
    text = _TWICE_NOT.sub("", text)
    return bool(_NOT.search(_NO_TROUBLE.sub("", text) if good else text))


def none_at_all(text: str) -> bool:
    """Whether the words say 一次都没开: a number that is none."""
    return bool(_NOT_ONE.search(_TWICE_NOT.sub("", text)))


def is_open(text: str) -> bool:
    """Whether the words themselves leave it open what is so."""
    return bool(_OPEN.search(_LOOKS_FOR_PAPERS.sub("", text)))


def is_planned(text: str, today: Today | None) -> bool:
    """Whether the words speak of a month that is still to come: 打算12月再开."""
    if today is None:
        return False
    return any(int(match[1]) > today.month for match in _PLANNED.finditer(text) if int(match[1]) <= 12)


def is_hedged(text: str) -> bool:
    """Whether the words are unsure of themselves: 大概, 应该, 吧."""
    return bool(_HEDGE.search(text) or _BETWEEN_TWO.search(text)) or is_open(text)
