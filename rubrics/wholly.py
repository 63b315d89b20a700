"""Words that say a rate is 100% without a figure: 都达标了, 全部合格, 全覆盖."""

from __future__ import annotations

import re

_ALL = re.compile(r"(?:全部|全都|全|都)都?(?P<rest>[\u4e00-\u9fff]{0,8})")
_NEGATION = re.compile("[没未不无差错]")
_DONE = (
    "达标|达到|达成|合格|完成|做到|落实|到位|覆盖|建档|建成|整改|通过|验收|办结|办理|办完|参加|开展|纳入|符合|满足|解决|兑现|成立"
    "|持证|配齐|配备|培训|检验|检测|检定|抽检|处理|查处|查实|执行|实施|实行"
)
_TOLD = "登记|公示|录入|发放|安装|上报|报送|提交|回复|签订|检查|建|办|做|弄|搞|改|查|检|测|抽|验|签|配|装|贴|交|报|评|培|训|发|过|达|完|齐|有|是"
"""Done only with a particle behind it: 都登记了 tells of something, 全部登记 may be an order."""

_WORD = re.compile(
    rf"已经?|早已|均|按(?:[时期]|要求)|及时|如期|完全|要求|标准|(?:{_DONE})|(?:{_TOLD})(?:[好完成齐上到]|到位)?[了过](?=$)"
    rf"|(?:{_TOLD})(?:[好完成齐到])(?=了?$)|[了过](?=$)"
)
_TELLS = re.compile(rf"{_DONE}|{_TOLD}")
_ASKING = re.compile("多少|百分之几|几|没有|了没|今年|上半年|下半年|全部|是否")
_CHANGE = re.compile("(?:下降|降低|减少|提高|提升|增长|增加|上升)了?(?:百分之几|多少)")
"""A rate of change: all of it is no answer."""


def all_of_it(question: str, words: str) -> bool:
    """Whether words say that all of what a question asks for is done; 都在开会 and 全部撤回 are about something else.

    Args:
        question: what was asked, with the clause's label.
        words: normalised text.
    """
    found = _ALL.fullmatch(words)
    if found is None or _NEGATION.search(words) or _CHANGE.search(question):
        return False
    rest = found["rest"]
    if rest in ("", "了", "是", "有", "是的"):
        return True
    left = _WORD.sub(" ", rest)
    own = [part for part in left.split() if part]
    return all(_is_of(question, part) for part in own) and bool(own or _TELLS.search(rest))


def _is_of(question: str, part: str) -> bool:
    """Whether a stretch is made of pairs of characters that stand in the question."""
    bare = _ASKING.sub(" ", question)
    pairs = [part[at : at + 2] for at in range(len(part) - 1)]
    return bool(pairs) and all(pair in bare for pair in pairs)
