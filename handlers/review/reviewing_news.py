"""退回 and 改分 of a unit, and what became of those it knows, arrive as one message: once the reviewer leaves it, or half
an hour later, in office hours.

What a unit was told and the note that it was told are one unit of work: a stop leaves both or neither.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from channels import keys
from channels.port import Option
from handlers.texts import renderer
from handlers.turn import Render, Turn
from reminders import workdays
from reminders.stakes import at_stake
from rubrics.fact_words import fact_words
from rubrics.facts import Fact
from rubrics.model import Criterion, Rubric
from storage import campaigns, conversation, dialogues, editions, reaching, returns, review_holds, verdicts
from storage.database import Database
from storage.people import Membership
from storage.reaching import Reached
from storage.verdicts import Verdict

GATHERED_FOR = timedelta(minutes=30)
MOST_BUTTONS = 12


class News(NamedTuple):
    """The units that were told, and those that will be once offices are open, or once a colleague is done with them."""

    told: tuple[str, ...] = ()
    later: tuple[str, ...] = ()


async def leave(turn: Turn, membership: Membership, towards: Collection[int] = ()) -> News:
    """Tell the units the reviewer has decided about, where it is time and nobody else is at work there.

    A unit is left by choosing others, or by ending: where clauses of many units come one after the other, each unit
    would hear of every single one.

    Args:
        towards: the units chosen now; they are not left.
    """
    waiting = await returns.untold_in(turn.connection, membership.campaign_id)
    held = (await review_holds.held_in(turn.connection, turn.now, membership.campaign_id)).values()
    busy = {hold.clause[0] for hold in held if hold.person_id != membership.person_id}
    decided = [those for those in waiting.values() if any(one.person_id == membership.person_id for one in those)]
    mine = [those for those in decided if those[0].unit_id not in towards]
    is_open = workdays.is_open(turn.now, turn.zone)
    now = [those for those in mine if is_open and those[0].unit_id not in busy]
    told = [those for those in now if await _say_in(turn.connection, turn.now, turn.today, turn.render, those)]
    return News(_units(told), _units(those for those in mine if those not in told))


def _units(many: Iterable[Sequence[Verdict]]) -> tuple[str, ...]:
    return tuple(those[0].unit for those in many)


async def tick(database: Database, now: datetime, zone: ZoneInfo) -> int:
    """Tell the units whose first return has waited for half an hour, in office hours; returns how many units were told."""
    if not workdays.is_open(now, zone):
        return 0
    render, told, today = renderer(zone), 0, now.astimezone(zone).date()
    async with database.read() as connection:
        found = await campaigns.campaigns_in(connection)
        due = [one.id for one in found if _due(await returns.untold_in(connection, one.id), now)]
    for campaign_id in due:
        async with database.write() as connection:
            waiting = _due(await returns.untold_in(connection, campaign_id), now)
            told += sum([await _say_in(connection, now, today, render, those) for those in waiting])
    return told


def _due(waiting: Mapping[int, list[Verdict]], now: datetime) -> list[list[Verdict]]:
    return [those for those in waiting.values() if now - those[0].at >= GATHERED_FOR]


async def _say_in(
    connection: AsyncConnection, now: datetime, today: date, render: Render, those: Sequence[Verdict]
) -> bool:
    """Tell a unit's liaisons; False where it has none yet: who joins later is told then."""
    reached = await reaching.liaisons_in(connection, those[0].unit_id, today)
    if not reached:
        return False
    rubrics = {rubric.id: rubric for rubric in await editions.of_campaign(connection, those[0].campaign_id)}
    returned = [one for one in those if one.kind == "return"]
    labels = ["去补"] if len(returned) == 1 else [f"去补 {n}" for n in range(1, len(returned) + 1)]
    options = [
        Option(keys.pack("ask", one.unit_id, one.rubric_id, one.criterion_id), label)
        for one, label in zip(returned[:MOST_BUTTONS], labels, strict=False)
    ]
    text = _text(render, rubrics, those)
    for one in reached:
        await _tell(connection, now, one, text, options)
    await verdicts.told_in(connection, now, (one.id for one in those))
    return True


def _text(render: Render, rubrics: dict[str, Rubric], those: Sequence[Verdict]) -> str:
    def clause(one: Verdict) -> Criterion:
        return rubrics[one.rubric_id].criteria[one.criterion_id]

    returned = [one for one in those if one.kind == "return"]
    changed = [one for one in those if one.kind == "change"]
    passed = [one for one in those if one.kind == "pass"]
    return render(
        "told-returned",
        unit=those[0].unit,
        returned=[(one, clause(one).label) for one in returned],
        worth=sum((at_stake(rubrics[one.rubric_id], clause(one)) for one in returned), Fraction(0)),
        changed=[
            (one, clause(one).label, _words(clause(one), one.claimed), _words(clause(one), one.fact)) for one in changed
        ],
        passed=[(clause(one).label, _words(clause(one), one.fact)) for one in passed],
        undone=[clause(one).label for one in those if one.kind == "open"],
    ).strip()


def _words(criterion: Criterion, fact: Fact | None) -> str:
    return "没填" if fact is None else fact_words(criterion, fact)


async def _tell(connection: AsyncConnection, now: datetime, one: Reached, text: str, options: Sequence[Option]) -> None:
    """Say it at an address; a typed label of its buttons equals a press."""
    packed = [(option.key, option.label) for option in options]
    await conversation.say(connection, now, one.channel, one.address, text, packed, push=True)
    state = await dialogues.state_in(connection, one.channel, one.address)
    state["labels"] = {**state.get("labels", {}), **{option.label: option.key for option in options}}
    await dialogues.set_state(connection, now, one.channel, one.address, state)
