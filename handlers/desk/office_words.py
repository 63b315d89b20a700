"""What the office says in its own words: 孟河镇现在多少分, 谁还没报信息, 催一下西夏墅的特种设备, 孟河镇抽检不合格1起."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from functools import partial

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.desk import (
    booking,
    fact_notes,
    office_said,
    scoring,
    unanswered,
    unit_card,
)
from handlers.desk.fact_notes import Clause
from handlers.desk.office_said import Said
from handlers.free_text import (
    matchers,
    which_campaign,
)
from handlers.sending import pushing
from handlers.turn import Turn
from storage import campaigns
from storage.people import Membership

_SOURCE = re.compile("号|通报|文件|公告|通知|报告|简报|[日晚]报|http|网|电视|名单|记录|表|书|函")
"""What a 依据 is called by; words without it may be about something else."""


async def understood(turn: Turn) -> bool:
    """Whether words of somebody who sees all units meant something, and that was done."""
    return await _understood(turn, turn.event.text)


async def _understood(turn: Turn, text: str, *, settled: bool = False) -> bool:
    """As `understood`.

    Args:
        settled: it has been asked which year is meant.
    """
    if not office.campaigns_of(turn):
        return False
    if not settled:
        which_campaign.named(turn, text)
    membership = office.seeing(turn)
    assert membership is not None
    said = await _said(turn, membership, text)
    if said.reminds and not said.asks_score:
        await (pushing.begin if settled else pushing.start)(turn, said.to_remind)
        return True
    if await _looked(turn, membership, said):
        return True
    units = said.units or said.near
    if not units or await office.own_units(turn) & {unit.id for unit in units}:
        return False
    if said.asks_something and said.units:
        await _scores(turn, membership, said)
        return True
    if await _note(turn, membership, said, text, settled=settled):
        return True
    return _offers(turn, membership, said)


async def _said(turn: Turn, membership: Membership, text: str) -> Said:
    units = await campaigns.units_in(turn.connection, membership.campaign_id)
    return office_said.named(units, which_campaign.without_year(text))


async def _looked(turn: Turn, membership: Membership, said: Said) -> bool:
    """Whether words ask for scores or who has not answered, and that was shown."""
    if said.asks_score:
        await _scores(turn, membership, said)
        return True
    if said.asks_who:
        known = await campaigns.units_in(turn.connection, membership.campaign_id)
        return await unanswered.tell(turn, membership, office_said.of_category(known, said), said.clause_words)
    return False


async def _scores(turn: Turn, membership: Membership, said: Said) -> None:
    if len(said.units) == 1:
        await unit_card.show_card(turn, membership.campaign_id, said.units[0].id)
    elif said.units or said.near:
        buttons = (Option(keys.pack("unit", one.id), one.name[:10]) for one in said.units or said.near)
        turn.say("which-of-units", tuple(buttons), said=turn.event.text.strip()[:20])
    else:
        await scoring.scores(turn)


def _offers(turn: Turn, membership: Membership, said: Said) -> bool:
    """What can be done with a unit, where nothing else of the words was understood; not for who fills in answers."""
    if not said.units or turn.liaison is not None:
        return False
    turn.look_at(membership)
    unit = said.units[0]
    options = [Option(keys.pack("unit", unit.id), "看得分")]
    options += [Option(keys.pack("fact-unit", unit.id), "记情况")] if membership.role == "office" else []
    turn.say("unit-what", tuple(options), said=turn.event.text.strip()[:20], unit=unit)
    return True


async def _note(turn: Turn, membership: Membership, said: Said, text: str, *, settled: bool) -> bool:
    """A fact about units that the office may book: everything that was said is filled in beforehand."""
    found = await _clause(turn, membership, said)
    if found is None:
        return False
    if not settled and membership.role == "office" and which_campaign.asks(turn, "said", text):
        return True
    clause, piece = found
    basis = fact_notes.read_note(said.rest, said.units or said.near).basis
    values = office_said.values(said, clause, piece, turn.today)
    await booking.prefilled(turn, values, clause, said.rest, basis)
    return True


async def _clause(turn: Turn, membership: Membership, said: Said) -> tuple[Clause, str] | None:
    """The clause that can be booked for the units and that the words are most about, with those words."""
    bookable = fact_notes.bookable(membership.rubrics, {unit.category for unit in said.units or said.near})
    best: tuple[float, Clause, str] | None = None
    for rubric in {clause.rubric.id: clause.rubric for clause in bookable}.values():
        reading = await matchers.of(turn, membership.campaign_id, rubric)
        for match in reading.matcher.match(said.rest, turn.today):
            clause = next(
                (c for i in match.candidates for c in bookable if (c.rubric, c.criterion.id) == (rubric, i)), None
            )
            if clause and (best is None or match.score > best[0]):
                best = (match.score, clause, match.text)
    return best[1:] if best else None


async def of_year(turn: Turn, key: Key) -> None:
    """The year's button: what was asked for is done in that campaign."""
    found = which_campaign.said(turn, key)
    if found is None:
        return
    what, text = found
    if what == "said":
        if not await _understood(turn, text, settled=True):
            turn.say("heard-nothing-here", said=text[:20])
    elif what == "remind":
        await pushing.begin(turn, text)
    else:
        await booking.begin(turn, text, two=what == "veto")


def asked(handle: Callable[[Turn, Key], Awaitable[None]]) -> Callable[[Turn, Key], Awaitable[None]]:
    """Words of a note that was asked for; a look at something in between leaves the question open."""
    return partial(_asked, handle)


async def _asked(handle: Callable[[Turn, Key], Awaitable[None]], turn: Turn, key: Key) -> None:
    membership = office.working(turn)
    if membership is None:
        return
    text = turn.event.text
    if _SOURCE.search(text):
        await handle(turn, key)
        return
    said = await _said(turn, membership, text)
    if key.verb != "fact-basis" and not (said.asks_points or said.asks_who):  # a name is an answer there
        await handle(turn, key)
    elif said.asks_who and (lacking := matchers.missing(await matchers.wanted(turn))):
        turn.prepare(partial(matchers.build, lacking), partial(_again, handle))
    elif await _looked(turn, membership, said):
        turn.expect(keys.pack(key.verb, *key.parts, version=key.version))
        turn.say("still-asked")
    else:
        await handle(turn, key)


async def _again(handle: Callable[[Turn, Key], Awaitable[None]], turn: Turn, _: None) -> None:
    key = keys.parse(turn.state.pop("expects", ""))
    assert key is not None  # it was there in the turn that this one is taken again for
    await _asked(handle, turn, key)


async def basis_said(turn: Turn, key: Key) -> None:
    """The 依据 that was asked for; where the words rather tell of something else, one tap decides."""
    membership = office.working(turn)
    text = turn.event.text
    if membership is None or _SOURCE.search(text) or "fact" not in turn.state:
        await booking.basis_said(turn, key)
        return
    said = await _said(turn, membership, text)
    if not said.states or await _clause(turn, membership, said) is None:
        await booking.basis_said(turn, key)
        return
    turn.expect(keys.pack(key.verb, *key.parts, version=key.version))
    turn.state["fact_other"] = {"version": key.version, "text": text[:500]}
    options = (("fact-is-basis", "就是依据"), ("fact-instead", "另记一件"), ("fact-no", "取消"))
    turn.say(
        "fact-another",
        tuple(Option(keys.pack(verb, version=key.version), label) for verb, label in options),
        said=text.strip()[:30],
    )


async def is_basis(turn: Turn, key: Key) -> None:
    """就是依据."""
    if held := turn.held("fact_other", key):
        turn.state.pop("fact_other")
        await booking.basis_typed(turn, key, held["text"])


async def instead(turn: Turn, key: Key) -> None:
    """另记一件: what was begun before is put down, and said to be."""
    held = turn.held("fact_other", key)
    if held is None or not office.working(turn):
        return
    turn.state.pop("fact_other")
    if dropped := booking.drop(turn):
        turn.say("fact-put-aside", words=dropped)
    if not await _understood(turn, held["text"]):
        turn.say("heard-nothing-here", said=held["text"][:20])
