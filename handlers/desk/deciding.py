"""本地没有: what units applied for, decided once for all of them alike, with a reason each of them reads."""

from __future__ import annotations

from typing import Any

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.turn import Turn
from rubrics.model import Rubric
from storage import absences, reaching
from storage.absences import Waiting
from storage.errors import StorageError
from storage.people import Membership

MOST_SHOWN = 6


async def waiting(turn: Turn, key: Key | None = None) -> None:
    """The clauses with applications nobody has decided, a message each."""
    membership = office.working(turn)
    if membership is None:
        return
    found = await absences.waiting_in(turn.connection, membership.campaign_id)
    for one in found[:MOST_SHOWN]:
        rubric = membership.rubric(one.rubric_id)
        assert rubric is not None
        turn.say("absence", _answers(one), waiting=one, rubric=rubric, criterion=rubric.criteria[one.criterion_id])
    if not found or len(found) > MOST_SHOWN:
        turn.say("absences-left", left=max(len(found) - MOST_SHOWN, 0))


async def decide(turn: Turn, key: Key) -> None:
    """同意 or 不同意: the reason is asked for."""
    found = await _to_decide(turn, key)
    if found is None:
        return
    _, rubric, one = found
    turn.expect(keys.pack("absence-why", *key.parts))
    turn.say(
        "absence-why", waiting=one, rubric=rubric, criterion=rubric.criteria[one.criterion_id], granted=_granted(key)
    )


async def decided(turn: Turn, key: Key) -> None:
    """The reason: the decision stands, and each unit that applied is told."""
    found = await _to_decide(turn, key)
    if found is None:
        return
    membership, rubric, one = found
    by = (membership.person_id, membership.campaign_id, rubric, one.criterion_id, _granted(key))
    try:
        done = await absences.decide_in(turn.connection, turn.now, *by, turn.event.text)
    except StorageError as error:
        turn.expect(keys.pack("absence-why", *key.parts))
        turn.say("refused", said=str(error))
        return
    words: dict[str, Any] = {"decision": done.decision, "criterion": rubric.criteria[one.criterion_id]}
    told = 0
    for application in done.applications:
        reached = await reaching.liaisons_in(turn.connection, application.unit_id, turn.today)
        told += await office.tell(turn, reached, "told-absence", unit=application.unit, **words)
    turn.say("absence-decided", decided=done, told=told, **words)


def _answers(one: Waiting) -> tuple[Option, ...]:
    return tuple(
        Option(keys.pack("absence", one.rubric_id, one.criterion_id, granted), label)
        for granted, label in ((1, "同意"), (0, "不同意"))
    )


def _granted(key: Key) -> bool:
    return key.parts[2] == "1"


async def _to_decide(turn: Turn, key: Key) -> tuple[Membership, Rubric, Waiting] | None:
    """What a key is about, while it waits and the person may decide it; says why not."""
    membership = office.working(turn)
    if membership is None:
        return None
    rubric = membership.rubric(key.parts[0]) if len(key.parts) == 3 else None
    if rubric is None or key.parts[1] not in rubric.criteria or key.parts[2] not in {"0", "1"}:
        turn.say("stale")
        return None
    found = await absences.waiting_in(turn.connection, membership.campaign_id)
    one = next((w for w in found if (w.rubric_id, w.criterion_id) == key.parts[:2]), None)
    if one is None:
        decision = await absences.decision_in(turn.connection, membership.campaign_id, rubric.id, key.parts[1])
        turn.say("absence-over", decision=decision, criterion=rubric.criteria[key.parts[1]])
        return None
    mine = await office.own_units(turn)
    own = [application.unit for application in one.applications if application.unit_id in mine]
    if own:
        turn.say("own-unit", units=own)
        return None
    return membership, rubric, one
