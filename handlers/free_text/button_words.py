"""Words of buttons that are not beneath the open question: 同去年 where it was scrolled away or never stood, 同意."""

from __future__ import annotations

import re

from channels.keys import Key
from handlers.answering import (
    asking,
    drafting,
    last_year,
)
from handlers.turn import Place, Turn
from rubrics.numerals import normalise

_LAST_YEAR = re.compile("(?:同|照|按|[和跟与]?)(?:去年|上年|上年度)(?:的|一样|相同|一致|同样|填|报|办)*")
_SAYS_SAME = re.compile("[同照按]|一样|一致")
_BUTTONS = re.compile("不?同意|确认|修改|采纳|驳回|退回|通过|登记一[\u4e00-\u9fff]|交材料|转同事|更多|全部记下|逐条看")


async def pressed(turn: Turn, place: Place) -> bool:
    """Whether words are a button's, and were taken as its press or refused by name."""
    words = normalise(turn.event.text).strip("。.!~ ")
    if _LAST_YEAR.fullmatch(words) and _SAYS_SAME.search(words):
        if await last_year.of(turn, place):
            version = int(turn.state["open"]["version"])
            await drafting.same(turn, Key("last-year", tuple(str(part) for part in place.parts), version))
        else:
            asking.refused(turn, place, "这一条查不到去年的答案")
        return True
    if _BUTTONS.fullmatch(words):
        asking.refused(turn, place, f"这一问没有“{words}”这个按钮")
        return True
    return False
