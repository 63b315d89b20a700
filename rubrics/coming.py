"""What is still to come or under way: 正在起草, 下周印发, 名牌规划准备发. It says of no deed that it was done."""

from __future__ import annotations

import re

from rubrics.kinds import Deduct, Gate, Tiers
from rubrics.model import Criterion

_DRAFTING = (
    "起草|草拟|拟|编写|编制|撰写|写|排版|印刷|印制|修改|走流程|走程序|筹备|筹办|筹划|谋划|酝酿|商量|讨论(?!会)|商议|会签|公示(?![栏牌])|征求|报批|报审|送审|"
    "审核|审批|审稿|申请|招标|选址|(?<!标)准备|制定|制订|研究(?![所院会])|办理|办手续|组建|筹建"
)
_DEED = (
    "印发|下发|发(?![现生动放])|出台|开(?!展)|召开|办(?!公)|举办|搞|做|弄|建(?!议)|设|配|定|签|报(?!告)|申报|上报|组织|制[定订]|完成|公布|发布|落实|启动|验收|挂牌|"
    "成立|安排|推|评|创|拿|补|交|通过|兑现|整改|登记|培训|检|查"
)
_UNDER_WAY = re.compile(
    rf"(?<![修更端真方公反])正(?:在|抓紧|着手)?(?:加紧|抓紧|着手)?(?:{_DRAFTING}|联系|对接)"
    rf"|(?<![现存所潜实内外自])在(?:抓紧|加紧|着手|忙着)?(?:{_DRAFTING})(?!好|完|室)"
    r"|还在(?:扩|升级|改造|调试|安装|施工|采购|筹|谈|跑)"
    r"|正在(?!用|运[行转]|使用|执行|实施|开展|推进|推行|运作|发挥)"
    r"|(?:报批|报审|送审|会签|审核|审批|审稿|公示|征求意见|申请|筹备|办理|起草|编制|制[定订]|印刷|排版|修改|评审|组建|拟定|拟)(?:之|当|过程)?中(?![央心学小])"
    r"|公示(?:期|阶段)(?!满)|征求意见(?:阶段|期间)|(?:走|过)着?(?:流程|程序)"
)
_MEANT = re.compile(
    rf"(?<![草虚模编])拟(?!定|订|了|好|写|稿)(?=于|在|[\u4e00-\u9fff]{{0,8}}(?:{_DEED}))|(?:争取|力争)(?!到|来|取得)|尽[快早]|[马立]上|立马"
    r"|将(?=于|在|会|印发|出台|召开|举办|组织|启动|申报|完成|下发|成立)"
    rf"|(?:有待|尚待|待)(?={_DEED}|批|审|出|签)"
    rf"|(?<![0-9个上])月底(?=[再就要能可会争拟把将前]|{_DEED})|年底前|(?<!去)年底(?=[再就要能可会争拟将])|年前(?=[再就要能可会争拟将])"
    rf"|(?:(?<=[我他]们)|(?<=[镇局区村科]里)|(?<=规划)|(?<=政策)|(?<=办法)|(?<=方案)|(?<=[例讲]会)|(?<=讲座)|(?<=制度))(?:计划|安排)(?=(?:年内|近期|下半年|在|于)?(?:{_DEED}))|预计|有望|年内(?=[再就要能可会争拟将完])"
)
"""Where 了 (年底前开了) tells that it was done after all."""
_SOON = re.compile(
    r"(?<!标)准备(?!工作|就绪|充分|好|妥|完|情况|会|齐|材料|到位|了|活动|得)|打算|即将|快要|就要|眼看要|将要|马上[就要]"
    rf"|快(?=(?:{_DEED}|好|完|写|出来|定稿)[\u4e00-\u9fff]?了$)"
    rf"|等着?(?:领导|书记|镇长|局长|局里|区里|市里|党委|党政办|签字|签发|批复|审批|讨论|研究|开会|上会|盖章|印)"
    r"|(?:下(?:个|一个)?(?:周|星期|礼拜|月|季度)|明[天日]|后天|明年|来年)(?![的末])|(?<![\u4e00-\u9fff])过[两几一](?:天|周|个?月|阵子?)|过(?:阵子|段时间|些天)|改天|回头(?!看|客|率|查)"
    r"|稍后|不久[将就]|近期[将要拟会]"
    rf"|(?<![主重需只不必纪摘简首若提将就快概想])要(?=(?:{_DEED})[\u4e00-\u9fff]{{0,8}}$)"
)
"""Where 了 (下周就发了) tells nothing of the kind."""
_DONE = re.compile(r"[了过]|已|完毕|结束|到位|好$|的$")
_ALREADY = re.compile("已|提前|早就|完毕|(?<!快)[过好]了")
_DENIED = re.compile(
    "[没未](?!来)|不(?![久断错少仅光只])|无(?!锡|害)|尚(?!待)|停留?在|还[差缺欠剩]|[差缺](?=[0-9一二两三四五六七八九十])|还在(?:写|弄|做|编|起草|拟|征求|修|审|走流程|酝酿|商量|讨论)"
)
_FOR_A_MONTH = re.compile("(?:准备|打算|计划|拟|将)[于到在]?[0-9]{1,2}月")  # the day tells whether it is gone by
_ALWAYS = re.compile("每|一直|坚持|常年|经常|历来|始终|长年|从未|定期|照常|按月|按季|天天|年年|月月|从来")
_SAYS = re.compile("[了过有已没未都全齐好完]|[0-9]|[一二两三四五六七八九十][个家次条只项件张份场期篇]|到位|落实")
_ONCE_MORE = re.compile("[再还又另]|第[0-9二三四五六七八九十]")
_MARKS = re.compile("([,;。，；])")


def asks_for_deeds(criterion: Criterion) -> bool:
    """Whether the question is of what was done: not of a trouble that came about (事故正在调查), nor of how far it got."""
    duty = criterion.nature == "omission" and "发生" not in criterion.ask
    return duty or not isinstance(criterion.score, Gate | Deduct | Tiers)


def without_what_is_to_come(text: str, *, months: bool) -> str:
    """The clauses of folded words that tell what is so; empty where all that is told is still to come or under way.

    What is denied (还没印发，下周发) or was done although it goes on (每月都在开) stays.

    Args:
        text: what was said.
        months: plans for a named month (打算10月开) are to come too; False where the caller knows the day.
    """
    parts = _MARKS.split(text)
    kept = [not is_to_come(part) or (not months and _FOR_A_MONTH.search(part)) for part in parts]
    if all(kept):
        return text
    left = "".join(part for part, stays in zip(parts, kept, strict=True) if stays)
    return left if _SAYS.search(left) else ""


def is_unfinished(text: str) -> bool:
    """Whether a clause of folded words speaks of what is not done yet, and not of doing it once more (还准备再报1篇)."""
    parts = [part for part in _MARKS.split(text) if is_to_come(part)]
    return any(not _ONCE_MORE.search(part) and not _FOR_A_MONTH.search(part) for part in parts)


def is_to_come(clause: str) -> bool:
    """Whether one clause of folded words speaks of what is not done yet."""
    found = _SOON.search(clause)
    over = _ALREADY if found else _DONE
    found = found or _UNDER_WAY.search(clause) or _MEANT.search(clause)
    if found is None or over.search(clause, found.end()):
        return False
    return not _ALWAYS.search(clause) and not _DENIED.search(clause)
