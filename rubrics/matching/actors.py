"""Words of a clause that only name who did something else: 特设安全员报了两条信息."""

from __future__ import annotations

import re

from rubrics.matching.scoring import Cover
from rubrics.matching.splitting import Part

_ACTS = re.compile(
    r"(?:[员办]|办公室|小组|(?<![给帮让请对向为把])(?:企业|单位|协会|中心))的?"
    r"(?:[小老][\u4e00-\u9fff]|(?:[\u4e00-\u9fff]{1,2})?(?:主任|科长|局长|总|厂长|书记|同志)|老总|老板|负责人|代表)?"
    r"(?:今年|上月|昨天|也|又|都|还|已经?|一共|共)*"
    r"(?P<act>[上]?报(?!名|告|酬|到)[了送过]|说|来了|来参加|去了|去参加|参加|写了|跑[了到]|提供|送[了来]|通报|来?讲了|来讲|听了|来听|去听|换人|请假|退休|调走)"
)
_OF_THE_DEED = 3.0  # explained behind the verb: the clause is about what was done


def only_acts(text: str, best: Cover, part: Part) -> bool:
    """Whether what the best clause explains stands before a verb of somebody's, and nothing of it behind.

    Args:
        text: the folded message.
        best: what the clause explains of it.
        part: the fact in question.
    """
    end = min(len(text), part.end)
    acts = _ACTS.search(text, part.start, min(len(text), end + 4))
    if acts is None or acts.start("act") > end:
        return False
    named = best.score(part.start, acts.start("act"))
    done = best.score(acts.start("act"), end) if acts.start("act") < end else 0.0
    return named > 0 and done < _OF_THE_DEED
