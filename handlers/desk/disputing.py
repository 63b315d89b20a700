"""有异议: a unit disputes what was booked against it; the office upholds it or marks it 不计, each with a reason."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import Any, TypeVar

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.desk.fact_news import is_news, is_nothing
from handlers.turn import Turn
from handlers.year import lifting
from rubrics.errors import KaopingError
from rubrics.fact_words import fact_words
from storage import editions, office_facts, reaching
from storage.office_facts import OfficeFact
from storage.people import Membership

MOST_LISTED = 10

OF_DISPUTE = 1
"""Version of a button that answers an open dispute; 不计 on a unit's card needs none."""

_T = TypeVar("_T")


async def dispute(turn: Turn, key: Key) -> None:
    """A liaison presses 有异议: the reason is asked for."""
    found = await _of_own_unit(turn, key)
    if found is None:
        return
    if found.state != "booked":
        turn.say("not-disputable", fact=found)
        return
    turn.expect(keys.pack("dispute-why", found.id))
    turn.say("dispute-why", fact=found, what=await what_of(turn, found))


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
    told = await office.tell(turn, reached, "told-dispute", _decisions(now), fact=now, what=await what_of(turn, now))
    turn.say("disputed", fact=now, told=told)


async def typed(turn: Turn) -> None:
    """异议: what waits for the office; for a liaison what is booked against the own unit."""
    if office.campaigns_of(turn) or turn.liaison is None:
        await waiting(turn)
        return
    if not await show_booked(turn, turn.liaison, MOST_LISTED):
        turn.say("no-bookings", unit=turn.liaison.unit_name)


async def show_booked(turn: Turn, membership: Membership, most: int) -> int:
    """What is booked against a liaison's unit and counts, newest first; each can be disputed. Returns how many."""
    booked = await office_facts.of_unit_in(turn.connection, membership.unit_id or 0)
    counted = [fact for fact in reversed(booked) if fact.state != "dismissed" and not is_nothing(fact.fact)]
    for fact in counted[:most]:
        rubric = membership.rubric(fact.rubric_id)
        assert rubric is not None  # what was booked is of a rubric that assesses the unit
        options = (Option(keys.pack("dispute", fact.id), "有异议"),) if fact.state == "booked" else ()
        worth = (await turn.scored(fact.unit_id, rubric)).why(fact.criterion_id)
        turn.say("booked", options, fact=fact, what=await what_of(turn, fact), worth=worth)
    if len(counted) > most:
        turn.say("more-bookings", left=len(counted) - most)
    return len(counted)


async def waiting(turn: Turn, key: Key | None = None) -> None:
    """The disputes that wait, those that wait longest first."""
    membership = office.working(turn)
    if membership is None:
        return
    booked = await office_facts.of_campaign_in(turn.connection, membership.campaign_id)
    open_ones = [fact for fact in booked if fact.state == "disputed"]
    for fact in open_ones:
        turn.say("told-dispute", _decisions(fact), fact=fact, what=await what_of(turn, fact))
    if not open_ones:
        turn.say("no-disputes")


async def uphold(turn: Turn, key: Key) -> None:
    """维持: the reason is asked for."""
    await _ask_why(turn, key, "uphold-why", {"disputed"}, "nothing-disputed")


async def upheld(turn: Turn, key: Key) -> None:
    """The reason of 维持: the booking goes on counting, and the unit is told why."""
    decided = await _decide(turn, key, office_facts.uphold_in)
    if decided is None:
        return
    _, now = decided
    words: dict[str, Any] = {"fact": now, "what": await what_of(turn, now), "why": turn.event.text.strip()}
    reached = await reaching.liaisons_in(turn.connection, now.unit_id, turn.today)
    told = await office.tell(turn, reached, "told-upheld", **words)
    turn.say("upheld", told=told, **words)


async def dismiss(turn: Turn, key: Key) -> None:
    """不计: the reason is asked for."""
    await _ask_why(turn, key, "dismiss-why", {"booked", "disputed", "upheld"}, "dismissed-before")


async def dismissed(turn: Turn, key: Key) -> None:
    """The reason of 不计; the unit is told with what it gets back. A veto is only proposed to be lifted."""
    found = await _to_decide(turn, key)
    if found is not None and _answered(turn, key, found[1]):
        return
    if found is not None and lifting.takes_two(*found):
        if await lifting.ask(turn, *found, turn.event.text) is None:
            turn.expect(keys.pack(key.verb, found[1].id, version=key.version))
        return
    decided = await _decide(turn, key, office_facts.dismiss_in) if found else None
    if decided is None:
        return
    fact, changed = decided
    words: dict[str, Any] = {"one": changed, "what": await what_of(turn, fact)}
    reached = await reaching.liaisons_in(turn.connection, fact.unit_id, turn.today) if is_news(changed) else ()
    told = await office.tell(turn, reached, "told-dismissed", **words)
    turn.say("dismissed", told=told, **words)


async def _ask_why(turn: Turn, key: Key, verb: str, states: Collection[str], otherwise: str) -> None:
    """Ask for the reason of a decision, where the booking is in one of the states it is for."""
    found = await _to_decide(turn, key)
    if found is None:
        return
    _, fact = found
    if _answered(turn, key, fact):
        return
    if fact.state not in states:
        turn.say(otherwise, fact=fact)
        return
    turn.expect(keys.pack(verb, fact.id, version=key.version))
    turn.say(verb, fact=fact, what=await what_of(turn, fact))


async def _decide(turn: Turn, key: Key, write: Callable[..., Awaitable[_T]]) -> tuple[OfficeFact, _T] | None:
    """Decide with the words as the reason: the booking as it was, and what became of it; a refusal asks again."""
    found = await _to_decide(turn, key)
    if found is None:
        return None
    membership, fact = found
    if _answered(turn, key, fact):
        return None
    about = (turn.connection, turn.now, membership.person_id, membership.campaign_id, fact.id)
    try:
        return fact, await write(*about, turn.event.text)
    except KaopingError as error:
        turn.expect(keys.pack(key.verb, fact.id, version=key.version))
        turn.say("refused", said=str(error))
        return None


def _decisions(fact: OfficeFact) -> tuple[Option, ...]:
    return tuple(
        Option(keys.pack(verb, fact.id, version=OF_DISPUTE), label)
        for verb, label in (("uphold", "维持"), ("dismiss", "不计"))
    )


def _answered(turn: Turn, key: Key, fact: OfficeFact) -> bool:
    """Whether a button beneath a dispute comes after somebody's answer to it; then that answer is said."""
    late = key.version == OF_DISPUTE and fact.state in {"upheld", "dismissed"}
    if late:
        turn.say("dispute-answered", (Option(keys.pack("unit", fact.unit_id), "看这个单位"),), fact=fact)
    return late


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
    if await office.own_unit(turn, found.unit_id):
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


async def what_of(turn: Turn, fact: OfficeFact) -> str:
    """What a booking says, in words: 抽检不合格 1 个."""
    rubrics = await editions.ever_of_campaign(turn.connection, fact.campaign_id)
    criterion = next(rubric for rubric in rubrics if rubric.id == fact.rubric_id).criteria[fact.criterion_id]
    return f"{criterion.label} {fact_words(criterion, fact.fact)}"
