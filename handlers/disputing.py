"""有异议: a unit disputes what was booked against it; the office upholds it, or marks it 不计 with a reason."""

from __future__ import annotations

from typing import Any

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.fact_words import fact_words, is_news
from handlers.turn import Turn
from rubrics.errors import KaopingError
from storage import editions, office_facts, reaching
from storage.office_facts import OfficeFact
from storage.people import Membership


async def dispute(turn: Turn, key: Key) -> None:
    """A liaison presses 有异议: the reason is asked for."""
    found = await _of_own_unit(turn, key)
    if found is None:
        return
    if found.state != "booked":
        turn.say("not-disputable", fact=found)
        return
    turn.expect(keys.pack("dispute-why", found.id))
    turn.say("dispute-why", fact=found, what=await _what(turn, found))


async def disputed(turn: Turn, key: Key) -> None:
    """The reason of a dispute; the office hears of it at once."""
    found = await _of_own_unit(turn, key)
    membership = turn.of_unit(found.unit_id) if found else None
    if found is None or membership is None:
        return
    try:
        now = await office_facts.dispute_in(
            turn.connection, turn.now, membership.person_id, found.unit_id, found.id, turn.event.text
        )
    except KaopingError as error:
        turn.expect(keys.pack("dispute-why", found.id))
        turn.say("refused", said=str(error))
        return
    reached = await reaching.office_in(turn.connection, found.campaign_id)
    told = await office.tell(turn, reached, "told-dispute", _decisions(now), fact=now, what=await _what(turn, now))
    turn.say("disputed", fact=now, told=told)


async def waiting(turn: Turn, key: Key | None = None) -> None:
    """The disputes that wait, those that wait longest first."""
    membership = office.working(turn)
    if membership is None:
        return
    booked = await office_facts.of_campaign_in(turn.connection, membership.campaign_id)
    open_ones = [fact for fact in booked if fact.state == "disputed"]
    for fact in open_ones:
        turn.say("told-dispute", _decisions(fact), fact=fact, what=await _what(turn, fact))
    if not open_ones:
        turn.say("no-disputes")


async def uphold(turn: Turn, key: Key) -> None:
    """维持: it goes on counting; the unit is told."""
    found = await _to_decide(turn, key)
    if found is None:
        return
    membership, fact = found
    try:
        now = await office_facts.uphold_in(
            turn.connection, turn.now, membership.person_id, membership.campaign_id, fact.id
        )
    except KaopingError as error:
        turn.say("refused", said=str(error))
        return
    what = await _what(turn, now)
    reached = await reaching.liaisons_in(turn.connection, now.unit_id)
    await office.tell(turn, reached, "told-upheld", fact=now, what=what)
    turn.say("upheld", fact=now, what=what)


async def dismiss(turn: Turn, key: Key) -> None:
    """不计: the reason is asked for."""
    found = await _to_decide(turn, key)
    if found is None:
        return
    if found[1].state == "dismissed":
        turn.say("dismissed-before", fact=found[1])
        return
    turn.expect(keys.pack("dismiss-why", found[1].id))
    turn.say("dismiss-why", fact=found[1], what=await _what(turn, found[1]))


async def dismissed(turn: Turn, key: Key) -> None:
    """The reason of 不计; the unit is told with what it gets back."""
    found = await _to_decide(turn, key)
    if found is None:
        return
    membership, fact = found
    try:
        changed = await office_facts.dismiss_in(
            turn.connection, turn.now, membership.person_id, membership.campaign_id, fact.id, turn.event.text
        )
    except KaopingError as error:
        turn.expect(keys.pack("dismiss-why", fact.id))
        turn.say("refused", said=str(error))
        return
    words: dict[str, Any] = {"one": changed, "what": await _what(turn, fact)}
    reached = await reaching.liaisons_in(turn.connection, fact.unit_id) if is_news(changed) else ()
    told = await office.tell(turn, reached, "told-dismissed", **words)
    turn.say("dismissed", told=told, **words)


def _decisions(fact: OfficeFact) -> tuple[Option, ...]:
    return Option(keys.pack("uphold", fact.id), "维持"), Option(keys.pack("dismiss", fact.id), "不计")


async def _of_own_unit(turn: Turn, key: Key) -> OfficeFact | None:
    """The booking a key names, where it is about a unit the person is liaison of."""
    found = await _find(turn, key)
    if found is None or turn.of_unit(found.unit_id) is None:
        turn.say("stale")
        return None
    return found


async def _to_decide(turn: Turn, key: Key) -> tuple[Membership, OfficeFact] | None:
    """The booking a key names, where the person may decide about it; says why not."""
    membership = office.working(turn)
    if membership is None:
        return None
    found = await _find(turn, key)
    if found is None or found.campaign_id != membership.campaign_id:
        turn.say("stale")
        return None
    if office.own_unit(turn, found.unit_id):
        turn.say("own-unit", units=[found.unit])
        return None
    return membership, found


async def _find(turn: Turn, key: Key) -> OfficeFact | None:
    if len(key.parts) != 1 or not key.parts[0].isdigit():
        return None
    try:
        return await office_facts.find_in(turn.connection, int(key.parts[0]))
    except KaopingError:  # a forged or damaged button
        return None


async def _what(turn: Turn, fact: OfficeFact) -> str:
    rubrics = await editions.of_campaign(turn.connection, fact.campaign_id)
    criterion = next(rubric for rubric in rubrics if rubric.id == fact.rubric_id).criteria[fact.criterion_id]
    return f"{criterion.label} {fact_words(criterion, fact.fact)}"
