"""No in the dialects, put as it is written elsewhere: 冇开, 冒得, 呒不, 没得啥子 are 没开, 没有."""

from __future__ import annotations

import re

_DEEDS = (
    "开|搞|做|办|建|签|评|拿|来|去|查|完|到|成|有|落|通|整|改|检|抽|培|写|定|订|印|批|上报|兑|参|收到|设|配|验|申|召|组|见"
    "|让|过|发[生现文]"
)
_ENDS = r"(?=$|[^\u4e00-\u9fff]|[了啊呢哦嘛咯哩喽噻])"
_TREES = "林苗树草土竹红实原古"
_ASKED = re.compile("有冇(?!得)")
_NONE = re.compile(
    rf"[冇呒嘸][有得没沒不拨]|[冇呒嘸]{_ENDS}|莫得|冒得(?![很高快])|没得(?![到过分奖说比挑商第优0-9])"
    rf"|(?<![{_TREES}])木有(?![限机])"
)
_NOT_YET = re.compile(
    rf"[冇呒嘸朆]|[不弗勿]曾|(?<![假感仿直外虚])冒(?={_DEEDS})(?!.名)"  # 假冒, 冒充, 冒牌, 冒出来 deny nothing
)
_NOT = re.compile("弗(?=[是会能合到行要好去来肯让给])|(?<![请切])勿(?=[是会能合到行肯让给])")
_OF_ANY_KIND = re.compile("(?<=没有)(?:啥子?|么子|么得|么里|什么|任何)(?!时候)")
_PLAINLY = ((_ASKED, "有没有"), (_NONE, "没有"), (_NOT_YET, "没"), (_NOT, "不"), (_OF_ANY_KIND, ""))


def put_plainly(text: str) -> str:
    """The words with a dialect's ways of denying as 没, 没有 and 不.

    Args:
        text: half width, without spaces.
    """
    for said, plainly in _PLAINLY:
        text = said.sub(plainly, text)
    return text
