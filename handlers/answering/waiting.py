"""Words where a day was asked for after 还没到时候: the day, or after all the answer, or that there is nothing of the kind."""

from __future__ import annotations

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.answering import asking, states
from handlers.answering.until_when import day_said
from handlers.turn import Place, Turn
from rubrics.matching.polarity import is_denied
from rubrics.matching.spelling import fold
from rubrics.values import Refused, parse_answer
from storage import answers

LONGEST = 30
"""Characters; more is no answer to when."""


async def typed(turn: Turn, key: Key) -> None:
    """The day, typed; words with none of it answer the question where they can."""
    place = turn.place(key)
    words = turn.event.text.strip()
    version = await _waits(turn, place) if place else 0
    if place is None or not version or len(words) > LONGEST or day_said(words, turn.today):
        await states.when(turn, key)
    elif not place.criterion.measures and not isinstance(parse_answer(place.criterion, words), Refused):
        await asking.answered(turn, place, words)
    elif is_denied(fold(words)):
        turn.expect(keys.pack("when", *place.parts, version=key.version))
        not_here = (*place.parts, states.LABELS.index("本地没有"))
        options = (
            Option(keys.pack("state", *not_here, version=version), "本地没有"),
            Option(keys.pack("ask", *place.parts), "回答问题"),
        )
        turn.say("no-day-but-no", options, criterion=place.criterion, said=words)
    else:
        await states.when(turn, key)


async def _waits(turn: Turn, place: Place) -> int:
    """The version of the answer that only says that it is too early; 0 where there is none."""
    current = (await answers.current_in(turn.connection, place.unit_id, place.rubric.id)).get(place.criterion.id)
    return current.version if current and current.state == "not_yet" else 0
