"""An answer that was understood: kept with its receipt, and what it did to the score."""

from __future__ import annotations

from channels import keys
from channels.port import Option
from handlers.turn import Place, Turn
from rubrics.errors import FactError
from rubrics.facts import Fact
from storage import answers
from storage.errors import ChangedMeanwhileError


async def keep(
    turn: Turn, place: Place, fact: Fact | None, words: str, version: int, *, state: answers.State = "answered"
) -> None:
    """Write an answer down and say what it is worth; the later of two colleagues is told instead.

    Args:
        words: as the person said it.
        version: the version the question was asked for; the person's own later answers may be replaced.
    """
    membership = turn.of_unit(place.unit_id)
    assert membership is not None
    known = (await answers.current_in(turn.connection, place.unit_id, place.rubric.id)).get(place.criterion.id)
    mine = known is not None and known.person_id == membership.person_id
    before = await turn.scored(place.unit_id, place.rubric)
    try:
        receipt = await answers.record_in(
            turn.connection,
            turn.now,
            membership.person_id,
            place.unit_id,
            place.rubric,
            place.criterion.id,
            fact,
            state=state,
            said=words,
            expected_version=None if mine else version,
        )
    except ChangedMeanwhileError as error:
        opened = turn.opened(place)
        if opened:
            opened["version"] = error.version  # whoever says it again has read that a colleague answered
        again = Option(keys.pack("ask", *place.parts), "修改")
        turn.say("refused", (again,), said=str(error))
        return
    except FactError as error:
        turn.say("refused", (Option(keys.pack("ask", *place.parts), "修改"),), said=str(error))
        return
    turn.close(place)
    after = await turn.scored(place.unit_id, place.rubric)
    options = (
        Option(keys.pack("next", place.unit_id), "下一项"),
        Option(keys.pack("ask", *place.parts, version=receipt.version), "修改"),
        Option(keys.pack("list", place.unit_id), "清单"),
    )
    turn.say(
        "kept",
        options,
        receipt=receipt,
        criterion=place.criterion,
        state=state,
        said=words.strip()[:30],
        why=after.why(place.criterion.id),
        total=after.total,
        gained=None if after.total is None or before.total is None else after.total - before.total,
    )
