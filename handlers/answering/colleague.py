"""转同事: a question passed on by a link, answered without joining; 采用 or 不用 by the liaison."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.answering import (
    asking,
    collecting,
    states,
)
from handlers.free_text import taking
from handlers.proof import attaching
from handlers.proof.proof_standing import at, told
from handlers.texts import renderer
from handlers.turn import Place, Turn
from rubrics.numerals import normalise
from rubrics.values import Known, Stated, parse_answer
from storage import answers, clause_links, conversation, evidence, reaching
from storage.clause_links import Link
from storage.clock import Clock
from storage.colleague_pages import Tell, clause_of
from storage.evidence import Evidence

MOST_SAID = 150
"""Characters of a colleague's words in an answer; all of them stay with the link."""


@told
async def forward(turn: Turn, key: Key) -> None:
    """A link for the clause, as a message to be forwarded."""
    found = await collecting.changeable(turn, turn.place(key))
    if found is None:
        return
    place, membership = found
    if not taking.is_own(turn, place):
        taking.say_theirs(turn, [place])
        return
    if not turn.home:
        turn.say("colleague-no-page")
        return
    about = (membership.person_id, membership.campaign_id, place.unit_id, place.rubric, place.criterion.id)
    link, code = await clause_links.make_in(turn.connection, turn.now, *about)
    url = f"{turn.home.rstrip('/')}/c/{code}"
    turn.say("colleague-link", unit=membership.unit_name, criterion=place.criterion, link=link, url=url)
    off = Option(keys.pack("colleague-off", place.unit_id, link.id), "作废链接")
    turn.say("colleague-hint", (off, Option(keys.pack("ask", *place.parts), "返回")), days=clause_links.LINK_DAYS)


@told
async def revoke(turn: Turn, key: Key) -> None:
    """作废: the link is worth nothing from now on."""
    membership = turn.of_unit(at(key, 0))
    if membership is None:
        turn.say("stale")
        return
    link = await clause_links.revoke_in(turn.connection, turn.now, membership.person_id, at(key, 0), at(key, 1))
    place = _place(turn, link)
    options = (asking.pass_on(place), Option(keys.pack("ask", *place.parts), "返回")) if place else ()
    turn.say("colleague-off", options, criterion=place.criterion if place else None)


@told
async def take(turn: Turn, key: Key) -> None:
    """采用: what the colleague wrote becomes the unit's answer, with the name in it; the files prove the clause."""
    found = await _waiting(turn, key)
    if found is None:
        return
    link, place, person_id = found
    if await collecting.changeable(turn, place) is None:
        return
    files = await clause_links.decide_in(turn.connection, turn.now, person_id, link.unit_id, link.id, taken=True)
    if files and place.criterion.proof == "none":
        turn.say("colleague-files-wait", files=files)
    elif files:
        await attaching.attach(turn, place, files)
    if link.said:
        await _write(turn, place, link)
    elif not files:
        turn.say("colleague-files-gone")


@told
async def leave(turn: Turn, key: Key) -> None:
    """不用: nothing is written down, and the files stay withdrawn."""
    found = await _waiting(turn, key)
    if found is None:
        return
    link, place, person_id = found
    await clause_links.decide_in(turn.connection, turn.now, person_id, link.unit_id, link.id, taken=False)
    options = (Option(keys.pack("ask", *place.parts), "我来填"), asking.pass_on(place))
    turn.say("colleague-left", options, link=link, criterion=place.criterion)


def teller(clock: Clock, zone: ZoneInfo) -> Tell:
    """Tells who passed a question on that it was answered: the words and the files, with 采用 and 不用."""
    render = renderer(zone)

    async def tell(connection: AsyncConnection, link: Link) -> None:
        criterion = await clause_of(connection, link)
        files = [await evidence.find_in(connection, link.unit_id, ident) for ident in link.files]
        text = render("colleague-came", link=link, criterion=criterion, files=files).strip()
        options = [(keys.pack(f"colleague-{verb}", link.unit_id, link.id), label) for verb, label in _CHOICES]
        for one in await reaching.member_in(connection, link.campaign_id, link.person_id):
            to = (connection, clock(), one.channel, one.address)
            for file in files:
                await conversation.say(*to, file.name, file=_sent(file), push=True)
            await conversation.say(*to, text, options, push=True)

    return tell


_CHOICES = (("take", "采用"), ("leave", "不用"))


def _sent(file: Evidence) -> dict[str, object]:
    return {"ref": file.ref, "name": file.name, "size_bytes": file.size_bytes}


async def _waiting(turn: Turn, key: Key) -> tuple[Link, Place, int] | None:
    """The link of a button whose answer waits, of a unit of the person's; else why not is said."""
    membership = turn.of_unit(at(key, 0))
    if membership is None:
        turn.say("stale")
        return None
    link = await clause_links.waiting_in(turn.connection, at(key, 0), at(key, 1))
    place = _place(turn, link)
    if place is None:
        turn.say("gone")
        return None
    return link, place, membership.person_id


def _place(turn: Turn, link: Link) -> Place | None:
    return turn.place(Key("colleague", (str(link.unit_id), link.rubric_id, link.criterion_id), 0))


async def _write(turn: Turn, place: Place, link: Link) -> None:
    """The colleague's words as if the liaison had typed them to the question; what they leave open is asked."""
    said = f"{link.said[:MOST_SAID]}（同事{link.name}填）"
    meant = None if place.criterion.measures else parse_answer(place.criterion, link.said)
    current = (await answers.current_in(turn.connection, place.unit_id, place.rubric.id)).get(place.criterion.id)
    match meant:
        case Known(fact):
            await taking.write(turn, place, fact, said, current)
        case Stated(state):
            await states.stated(turn, place, state, said, current.version if current else 0)
        case _:
            await taking.take(turn, place, normalise(link.said), said)
