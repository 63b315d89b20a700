"""Screens opened by their name: 疑问, 经办记录, 差在哪, 核查意见, 谁没回 and others, each otherwise behind a button."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import (
    office,
    units,
)
from handlers.answering import gaps
from handlers.desk import (
    losses,
    nothing_happened,
    snapshots,
)
from handlers.people import (
    doings,
    staffing,
)
from handlers.review import (
    doubting,
    reviewing_sample,
    visiting,
)
from handlers.sending import notice_desk
from handlers.turn import Turn
from handlers.year import (
    adopting,
    campaigning,
    result_desk,
    year_desk,
)
from storage import campaigns, doubts, notices, review_queue, samples
from storage.campaigns import Unit
from storage.people import Membership

MOST_BUTTONS = 36


async def questions(turn: Turn, words: str) -> None:
    """疑问: the units there are open questions about, never the own one; with a unit's name those about it."""
    membership = office.working(turn)
    if membership is None:
        return
    if words:
        unit = await _unit(turn, membership, words, "doubts")
        if unit is not None:
            await doubting.of_unit(turn, Key("doubts", (str(unit.id),), 0))
        return
    own = await review_queue.own_units_in(turn.connection, membership.person_id)
    found = await doubts.of_campaign_in(turn.connection, membership.campaign_id, turn.zone)
    count: dict[int, int] = {}
    for clause, those in found.items():
        count[clause[0]] = count.get(clause[0], 0) + len(those)
    known = await campaigns.units_in(turn.connection, membership.campaign_id)
    lines = [(unit, count[unit.id]) for unit in known if unit.id in count and unit.id not in own]
    options = (Option(keys.pack("doubts", unit.id), unit.name[:10]) for unit, _ in lines[:MOST_BUTTONS])
    turn.say("doubts-everywhere", tuple(options), lines=[(unit.name, number) for unit, number in lines])


async def records(turn: Turn, words: str) -> None:
    """经办记录 of a unit; of the own one for who is nothing but its liaison."""
    await _of_unit(turn, words, _UnitScreen("经办记录", "doings", doings.show, office.seeing))


async def gap(turn: Turn, words: str) -> None:
    """差在哪 of a unit; of the own one for its liaison."""
    await _of_unit(turn, words, _UnitScreen(gaps.GAP, "gap", gaps.show, office.working))


async def score_log(turn: Turn, words: str) -> None:
    """历次得分 of a unit; of the own one for its liaison."""
    await _of_unit(turn, words, _UnitScreen(gaps.LOG, "score-log", gaps.log, office.working))


class _UnitScreen(NamedTuple):
    """A screen about one unit: its name, the verb of its buttons, what shows it, and who of the office may see it."""

    name: str
    verb: str
    show: Callable[[Turn, Key], Awaitable[None]]
    may: Callable[[Turn], Membership | None]


async def _of_unit(turn: Turn, words: str, screen: _UnitScreen) -> None:
    own = turn.liaison
    if own is not None and own.unit_id is not None and words in ("", own.unit_name):
        await screen.show(turn, Key(screen.verb, (str(own.unit_id),), 0))
        return
    membership = screen.may(turn)
    if membership is None:
        return
    if not words:
        known = await campaigns.units_in(turn.connection, membership.campaign_id)
        options = tuple(Option(keys.pack(screen.verb, unit.id), unit.name[:10]) for unit in known[:MOST_BUTTONS])
        turn.say("which-unit", options, screen=screen.name, example=known[0].name)
    elif unit := await _unit(turn, membership, words, screen.verb):
        await screen.show(turn, Key(screen.verb, (str(unit.id),), 0))


async def opinions(turn: Turn, words: str) -> None:
    """核查意见 of a unit; without its name the units one visits."""
    who = await visiting.visitor(turn) if words else None
    if who is not None:
        unit = await _unit(turn, who.membership, words, "vs-paper")
        if unit is not None:
            await visiting.opinion(turn, Key("vs-paper", (str(unit.id),), 0))
    elif not words:
        await visiting.start(turn, "")


async def sampled(turn: Turn) -> None:
    """抽查进度: of the newest sample; where none was drawn, how much is to be."""
    membership = office.working(turn)
    if membership is None:
        return
    sample = await samples.newest_in(turn.connection, membership.campaign_id)
    if sample is None:
        await reviewing_sample.ask(turn, Key("rv-sample", (), 0))
    else:
        await reviewing_sample.show(turn, Key("rv-sampled", (str(sample.id),), 0))


async def silent(turn: Turn) -> None:
    """谁没回: of the newest notice, with the way to the others."""
    membership = office.seeing(turn)
    if membership is None:
        return
    found = await notices.of_campaign_in(turn.connection, membership.campaign_id)
    if not found:
        turn.say("no-notice")
        return
    newest = max(found, key=lambda notice: notice.number)
    await notice_desk.listed(turn, Key("notice-list", (str(newest.id),), 0))


async def _unit(turn: Turn, membership: Membership, words: str, verb: str) -> Unit | None:
    """The one unit some words mean; else those it may be are asked for, each with a button that goes on."""
    known = await campaigns.units_in(turn.connection, membership.campaign_id)
    found = units.find(known, words)
    if len(found) == 1:
        return found[0]
    options = tuple(Option(keys.pack(verb, unit.id), unit.name[:10]) for unit in found)
    turn.say("which-of-units" if found else "no-such-unit", options, said=words[:20])
    return None


COMMANDS: dict[str, Callable[[Turn, str], Awaitable[None]]] = {
    "doubts": questions,
    "doings": records,
    "opinion": opinions,
    "sampled": lambda turn, _: sampled(turn),
    "silent": lambda turn, _: silent(turn),
    "unbooked": lambda turn, _: nothing_happened.show(turn, Key("nh", (), 0)),
    "deliberate": lambda turn, _: year_desk.deliberate(turn),
    "final": lambda turn, _: snapshots.show(turn),
    "adopt": lambda turn, _: adopting.start(turn, Key("adopt", (), 0)),
    "remove": staffing.removal,
    "gap": gap,
    "score-log": score_log,
    "losses": lambda turn, _: losses.show(turn, Key("lost", (), 0)),
    "readings": lambda turn, _: campaigning.readings(turn, Key("readings", (), 0)),
    "talk": result_desk.typed,
}
"""Command → its screen (see `routes`)."""
