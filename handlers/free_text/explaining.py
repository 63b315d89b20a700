"""信息要报几条？ A question is answered with what the clause asks for, its proof and its points; nothing is written down."""

from __future__ import annotations

import re

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.answering import (
    handed_down,
    standing,
)
from handlers.free_text import (
    hearing,
    searching,
)
from handlers.turn import Place, Turn
from storage import answers
from storage.people import Membership

_ASKS = re.compile(
    r"[?？]\s*$|[吗嘛]\s*[。.]?$|(?:要|得|该|需要?|才|能|可以|算|给|加|扣|值).{0,8}(?:几|多少)|怎么|怎样|咋|如何|什么|啥|哪些|哪一?[条项]|要不要|算不算|是不是要"
)
_OWN_SCORE = re.compile(
    r"^(?:我们?|咱们?|本镇|镇里|单位|现在|目前|一共|总共|今年|的|得了?|有|考了?)*(?:多少|几)分了?[吗呢?？]*$"
)
_STATES = re.compile(r"[了过].{0,4}[0-9一二两三四五六七八九十]+[次条个家只项件]")
_OF_THE_OPEN = re.compile("这一?[条项个]|材料|交什么|交啥|什么意思|啥意思|怎么[填算交答写]|[几多少]+分|算不算")
_LONGEST = 40


def asks(words: str) -> bool:
    """Whether words are a question rather than a report."""
    said = words.strip()
    return len(said) <= _LONGEST and bool(_ASKS.search(said)) and not _STATES.search(said)


async def explains(turn: Turn, membership: Membership, opened: Place | None) -> bool:
    """Whether words are a question about a clause of the unit, and were answered."""
    words = turn.event.text
    if _OWN_SCORE.match(words.strip()):
        await standing.mine(turn)
        return True
    if not asks(words):
        return False
    found = await searching.clauses(turn, membership.campaign_id, hearing.own_places(membership), _bare(words))
    if not found and opened is not None and _OF_THE_OPEN.search(words):
        found = [opened]
    if not found:
        return False
    counted = [place for place in found if _is_counted_in(place, words)]
    if len(found) == 1 or len(counted) == 1:
        await show(turn, (counted or found)[0])
    else:
        options = (Option(keys.pack("explain", *place.parts), place.criterion.label) for place in found[:3])
        turn.say("explain-which", tuple(options))
    return True


def _bare(words: str) -> str:
    return re.sub(r"[?？吗呢嘛]|多少|几|要不要|怎么|什么|啥|如何|哪些|材料|要交|才算|得分|加分|扣分|分$", " ", words)


def _is_counted_in(place: Place, words: str) -> bool:
    """Whether 几条, 几次 asks for what the clause counts."""
    criterion = place.criterion
    unit = criterion.answer.unit or (criterion.entries.unit if criterion.entries else "")
    return bool(unit) and f"几{unit}" in words


async def pressed(turn: Turn, key: Key) -> None:
    """The clause that the question was about."""
    place = turn.place(key)
    if place is None:
        turn.say("stale")
    else:
        await show(turn, place)


async def show(turn: Turn, place: Place) -> None:
    """A clause's facts; the question that is open stays so."""
    current = (await answers.current_in(turn.connection, place.unit_id, place.rubric.id)).get(place.criterion.id)
    breakdown = await turn.scored(place.unit_id, place.rubric)
    turn.say(
        "explain",
        (Option(keys.pack("ask", *place.parts), "回答问题"), Option(keys.pack("list", place.unit_id), "清单")),
        criterion=place.criterion,
        item=place.rubric.item_of[place.criterion.id],
        current=current,
        gain=breakdown.gain(place.criterion.id),
        task=await handed_down.of(turn, place),
    )
