"""Who was away from a meeting, as the office says it: 缺 环保局，其余到; 环保局没来; 除环保局外都到; 都来了."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.sending.groups import who
from rubrics.numerals import normalise
from storage.campaigns import Unit

_NOBODY = re.compile(
    "(?:没有?|无)人?(?:缺席?|没来|没到|不来|请假)|(?:没有?|无|不|未)缺席?|缺席?的?:?(?:无|没有?|零|0)|一个(?:没少|不少|不缺)"
)
_AWAY = re.compile("缺|没有?人?(?:来|到|去|参加|出席)|未(?:来|到|参加|出席|派)|不在|不来|没派|没见|请假|除外")
_THERE = re.compile("到|来|参加|出席|齐")
_NO = re.compile("没有?|无|没有?人|无人")
_OTHERS = re.compile("(?:其[余他它]|剩下|别)的?(?:单位|部门|乡镇|镇|街道|局)?")
_BUT = re.compile("除了?(?P<these>.{2,60}?)(?:[以之]?外|,|(?=其[余他]))")
_UNKNOWN = re.compile("局|镇|乡|街道|委|办|中心")
_BREAK = re.compile("[,;。!?\n]")


def away(invited: Sequence[Unit], words: str) -> tuple[Unit, ...] | None:
    """The units that were away, in roster order, none of them where all came; None where that cannot be read."""
    said = normalise(words.replace("\n", ","))
    if _NO.fullmatch(said.strip(",。!.")):
        return ()
    absent: set[int] = set()
    there: set[int] = set()
    everybody = False
    for part, is_away in _parts(said):
        found, rest = who(invited, _OTHERS.sub("", part).replace("除外", ""))
        if is_away is None or _UNKNOWN.search(rest) or (is_away and not found):
            return None
        (absent if is_away else there).update(unit.id for unit in found)
        everybody = everybody or (not is_away and not found)
    if absent & there or not (absent or everybody or len(there) == len(invited)):
        return None
    return tuple(unit for unit in invited if unit.id in absent)


def _parts(said: str) -> list[tuple[str, bool | None]]:
    """The parts of a sentence, each with whether it says who was away; names alone go with what stands beside them."""
    but = [(hit["these"], True) for hit in _BUT.finditer(said)]
    words = [part for part in _BREAK.split(_BUT.sub("", said)) if part]
    states = [_is_away(part) for part in words]
    for place, state in enumerate(states):
        if state is None:
            before = next((one for one in reversed(states[:place]) if one is not None), None)
            states[place] = before if before is not None else next((s for s in states[place:] if s is not None), None)
    return [*but, *zip(words, states, strict=True)]


def _is_away(part: str) -> bool | None:
    if _NOBODY.search(part):
        return False
    return True if _AWAY.search(part) else False if _THERE.search(part) else None
