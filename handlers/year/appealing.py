"""申诉, the unit's side: the verdicts on the own unit that may still be appealed against, one, and its reason."""

from __future__ import annotations

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.proof.proof_standing import at
from handlers.turn import Turn
from handlers.year import appeal_desk
from rubrics.errors import KaopingError
from rubrics.model import Rubric
from storage import appeals
from storage.freezing import frozen_in
from storage.people import Membership
from storage.verdicts import Verdict

MOST_SHOWN = 20


async def typed(turn: Turn) -> None:
    """申诉: what the own unit may appeal against; for the office what waits."""
    if office.campaigns_of(turn) or turn.liaison is None:
        await appeal_desk.waiting(turn)
    else:
        await _list(turn, turn.liaison)


async def listed(turn: Turn, key: Key) -> None:
    """The button beneath a feedback."""
    membership = turn.of_unit(at(key, 0)) if len(key.parts) == 1 else None
    if membership is None:
        turn.say("stale")
    else:
        await _list(turn, membership)


async def ask(turn: Turn, key: Key) -> None:
    """One verdict: the reason is asked for."""
    found = await _own(turn, key)
    if found is None:
        return
    membership, verdict, rubric = found
    turn.expect(keys.pack("appeal-why", membership.unit_id or 0, verdict.id))
    turn.say("appeal-why", verdict=verdict, **appeal_desk.scores(rubric, verdict))


async def made(turn: Turn, key: Key) -> None:
    """The reason: the appeal stands, and the office hears of it."""
    found = await _own(turn, key)
    if found is None:
        return
    membership, verdict, rubric = found
    about = (membership.person_id, membership.unit_id or 0, tuple(membership.rubrics), verdict.id, turn.event.text)
    try:
        appeal = await appeals.appeal_in(turn.connection, turn.now, *about, turn.zone)
    except KaopingError as error:
        turn.expect(keys.pack("appeal-why", *key.parts))
        turn.say("refused", said=str(error))
        return
    words = {"appeal": appeal, "verdict": verdict, **appeal_desk.scores(rubric, verdict)}
    people, decidable = await appeal_desk.tell(turn, appeal, words)
    turn.say("appeal-made", told=people, decidable=decidable, **words)


async def _frozen(turn: Turn, membership: Membership) -> bool:
    """Whether scores are frozen, so that no verdict can be changed any more; it is then said in the unit's words."""
    frozen = await frozen_in(turn.connection, membership.campaign_id) is not None
    if frozen:
        turn.say("appeal-frozen", (Option(keys.pack("list", membership.unit_id or 0), "清单"),))
    return frozen


async def _list(turn: Turn, membership: Membership) -> None:
    unit_id = membership.unit_id or 0
    rubrics = {rubric.id: rubric for rubric in membership.rubrics}
    found = await appeals.appealable_in(turn.connection, unit_id, tuple(membership.rubrics), turn.today, turn.zone)
    lines = [(verdict, last, appeal_desk.scores(rubrics[verdict.rubric_id], verdict)) for verdict, last in found]
    options = tuple(
        Option(keys.pack("appeal", unit_id, verdict.id), words["criterion"].label) for verdict, _, words in lines
    )
    frozen = await frozen_in(turn.connection, membership.campaign_id)
    if lines and await _frozen(turn, membership):
        options, lines = (), []
    mine = await appeals.of_unit_in(turn.connection, unit_id)
    said = [(one, rubrics[one.rubric_id].criteria[one.criterion_id]) for one in mine if one.rubric_id in rubrics]
    turn.say(
        "appeals", options[:MOST_SHOWN], unit=membership.unit_name, lines=lines[:MOST_SHOWN], mine=said, frozen=frozen
    )


async def _own(turn: Turn, key: Key) -> tuple[Membership, Verdict, Rubric] | None:
    """The verdict a key names, while the person's unit may appeal against it; says why not."""
    membership = turn.of_unit(at(key, 0)) if len(key.parts) == 2 else None
    if membership is None:
        turn.say("stale")
        return None
    if await _frozen(turn, membership):
        return None
    rubrics = {rubric.id: rubric for rubric in membership.rubrics}
    found = await appeals.appealable_in(
        turn.connection, membership.unit_id or 0, tuple(membership.rubrics), turn.today, turn.zone
    )
    verdict = next((one for one, _ in found if one.id == at(key, 1)), None)
    if verdict is None:
        turn.say("appeal-closed")
        return None
    return membership, verdict, rubrics[verdict.rubric_id]
