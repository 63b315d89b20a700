"""What people say instead of pressing a button: yes, no, and the honest states."""

from __future__ import annotations

import re
from enum import Enum


class State(Enum):
    """An answer that is neither yes nor no nor a figure."""

    NOT_YET = "还没到时候"
    UNKNOWN = "不清楚"
    NOT_HERE = "本地没有"


_LEAD = (
    r"(?:我们|我镇|本镇|镇里|街道|这个|那个|这项|今年|本年度?|目前|暂时?|现在|至今|从来|从|一直|其实|确实|的确|当然|肯定"
    r"|都|全部|全都?|早就|早已|已经?|也|是|还|真的?|倒是?|应该|大概|可能|好像|估计|似乎|差不多|记得)*"
)
VERB = (
    r"(?:做到|达到|达标|提升|增加|到位|做|办|弄|搞|开展|召开|开通|开|发文|发布|发生|发|建立|建成|建|签|报送|上报|报|评|订|制定|定|设立|设"
    r"|立|装|检查|查|测|审|配|培训|交|印发|印|出台|出现|出|成立|落实|实施|组织|完成|明确|纳入|安排|通过|合格|齐|整改|改|推行"
    r"|执行|举办|参加|申报|获得|拿到|创成|存在|有)"
)
_TAIL = r"[了过的啊呢呀哦哈嘛吧]*"
_BEGUN = "(?:新增|新创|创|编好|写|起草|拟|动手|启动|开始)"  # not done where none of it is; done means more
_NONE = r"(?:尚未|从未|并未|未曾|不曾|没得|没有?|木有|冇|未|无)"
_HAPPENED = r"(?:发生|出现|存在|出|有)"
_YES = re.compile(rf"{_LEAD}(?:是|对|有|嗯|恩|yes|y|[√✓✔✅☑]|对勾|you|shi|dui)+{_TAIL}")
_CONSENT = re.compile(
    rf"(?:好|行|可以|ok|okay|没问题|没错|不错|必须|当然|[👌👍]|全部|都){_TAIL}|{_LEAD}{VERB}+(?:好|完|成|到|上|过)?{_TAIL}"
)
_EVENT = re.compile(rf"{_LEAD}{_HAPPENED}+(?:过)?{_TAIL}")
_NO = re.compile(
    rf"{_LEAD}(?:否|不是|不对|不|no|n|x|[×✗✘❌✕]|meiyou|mei|fou){_TAIL}"
    rf"|{_LEAD}{_NONE}(?:都|全部|全|完全|再|去|能)*(?:{VERB}*|{_BEGUN})(?:好|完|成|到|上|过)?{_TAIL}"
)
_NOT_ONE = re.compile(
    r"(?:一|1(?=[\u4e00-\u9fff]{0,2}[都也]))[\u4e00-\u9fff]{0,2}?(?:都|也)?(?:还)?(?:没|未|无)(?:有)?[\u4e00-\u9fff]{0,6}"
)
_TURN = re.compile(r"但|不过|可是|后来|取消|准备|打算|计划|除|只有|部分|还差|如果|要是")
_NEGATION = re.compile(r"[没未不无]|尚")
_MARKS = re.compile(r"[,，。;；!！?？、~…:：\s]+")

_NOT_YET = re.compile(
    r"(?:没|未|不)到时[候间]?|时[候间](?:还)?(?:没|未)到|还早|为时过早|到时候?再|(?:没|未)轮到|没出(?:来|结果)|(?:没|未)公布"
    r"|还没统计|^(?:还|尚)?(?:没|未)[^0-9,，。;；]{0,6}[,，]?(?:计划|打算|准备|拟|安排在?|放在|定在?)[^,，。;；]{0,2}(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})月|(?:年底|下半年|下个?月)(?:才|再)|^还没到$|not_yet"
)
_UNKNOWN = re.compile(
    r"不(?:太|大|是很)?(?:清楚|知道|晓得|了解|确定|懂)|说不准|没把握|[搞弄记]不清|忘了|待核实|要?问一下|我问问|查一下再"
)
_NEVER = re.compile(r"没有?这(?:回|码|种|个)?事|没有的事|没有?这种情况")
_NOT_HERE = re.compile(
    rf"(?:本地|本区|辖区)(?:里|内)?没有?|(?:不|没|未)涉及|不适用|合理缺项|无此(?:项|类)|{_NEVER.pattern}"
    r"|没有?(?:这|那|此|该|相关)(?:个|种|类|项|样|方面)?(?:的)?(?:业务|情况|企业|单位|项目|工作|设备|东西)?$"
)


def clauses(words: str) -> list[str]:
    """The parts between punctuation marks."""
    return [part for part in _MARKS.split(words.strip("\"'“”‘’()（）.").lower()) if part]


def verdict(words: str, *, event: bool = False) -> bool | None:
    """True for a yes, False for a no, None where normalised words are neither or turn round later.

    Args:
        words: normalised text.
        event: the question is whether something happened; 好的 and 完成了 are no answer to it, 没这回事 is a no.
    """
    parts = clauses(words)
    if not parts:
        return None
    first = _one(parts[0], event=event)
    for part in parts[1:]:
        other = _one(part, event=event)
        if other is not None and other != first:
            return None
        if other is None and (_TURN.search(part) or (first and _NEGATION.search(part))):
            return None
    return first


def _one(clause: str, *, event: bool) -> bool | None:
    if _YES.fullmatch(clause) or (_EVENT if event else _CONSENT).fullmatch(clause):
        return True
    if event and clause in ("没问题", "没错", "不错"):
        return None
    if _NO.fullmatch(clause) or _NOT_ONE.fullmatch(clause) or (event and _NEVER.search(clause)):
        return False
    return None


def state_of(words: str) -> State | None:
    """The honest state that normalised words say, or None."""
    if _NOT_YET.search(words):
        return State.NOT_YET
    first = next(iter(clauses(words)), "")
    if _UNKNOWN.search(first):
        return State.UNKNOWN
    return State.NOT_HERE if _NOT_HERE.search(first) else None


def not_a_single_one(words: str) -> bool:
    """Whether the words say 一次都没有: a number that is none."""
    return any(_NOT_ONE.fullmatch(re.sub(rf"^{_LEAD}", "", part)) for part in clauses(words))


def is_negative(label: str) -> bool:
    """Whether a button or tier is worded as a no."""
    return bool(re.match(r"[没未否不无]|尚[未无]", label)) or "没有" in label


def core(label: str) -> str:
    """The bare wording of a button: 没增加 for 没有增加过."""
    return re.sub(r"^没有(?=.)|^(?:尚)?未(?=.)", "没", re.sub(rf"^{_LEAD}(?=..)|(?<=..){_TAIL}$", "", label))
