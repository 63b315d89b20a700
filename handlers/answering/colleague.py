"""转同事: a question passed on by a link, answered without joining; 采用 or 不用 by the liaison."""

from __future__ import annotations

from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.answering import (
    asking,
    collecting,
    overtaken,
    states,
)
from handlers.free_text import taking
from handlers.proof import attaching, inside
from handlers.proof.inside import Insides
from handlers.proof.proof_standing import at, told
from handlers.texts import renderer
from handlers.turn import Place, Turn
from rubrics.numerals import normalise
from rubrics.values import Known, Parsed, Stated, parse_answer
from storage import answers, clause_links, conversation, evidence, reaching
from storage.answers import Answer
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
    await _take(turn, key)


async def _read(key: Key, turn: Turn, insides: Insides) -> None:
    """采用, in a turn of its own once the files are read; meanwhile somebody may have decided."""
    await told(partial(_take, insides=insides))(turn, key)


async def _take(turn: Turn, key: Key, insides: Insides | None = None) -> None:
    found = await _waiting(turn, key)
    if found is None:
        return
    link, place, person_id = found
    if await collecting.changeable(turn, place) is None or await _is_overtaken(turn, place, link, key.version):
        return
    sent = [await evidence.find_in(turn.connection, link.unit_id, ident) for ident in link.files]
    there = [file for file in sent if file.erased_at is None]
    if insides is None and (slow := await inside.texts(turn, there)):
        turn.prepare(slow, partial(_read, key))
        return
    insides = insides or inside.named(turn, there)
    taken = await clause_links.decide_in(turn.connection, turn.now, person_id, link.unit_id, link.id, taken=True)
    files = [await inside.noted(turn, person_id, file, insides[file.ref].document) for file in taken]
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


async def _is_overtaken(turn: Turn, place: Place, link: Link, version: int) -> bool:
    """Whether another answer stands than when the question was passed on; it is shown, and one more 采用 replaces it.

    Args:
        version: the answer that was shown to who pressed; 0 where none was.
    """
    current = await _current(turn, place)
    if not link.said or not overtaken.stands(current, version) or current is None or current.at <= link.at:
        return False
    meant = _meant(place, link)
    if isinstance(meant, Known) and (current.state, current.fact) == ("answered", meant.fact):
        return False
    options = [
        Option(
            keys.pack("colleague-take", link.unit_id, link.id, version=current.version), f"改成{link.name}填的"[:10]
        ),
        Option(keys.pack("colleague-leave", link.unit_id, link.id), "不用"),
    ]
    turn.say("colleague-overtaken", tuple(options), link=link, criterion=place.criterion, current=current)
    return True


async def _current(turn: Turn, place: Place) -> Answer | None:
    return (await answers.current_in(turn.connection, place.unit_id, place.rubric.id)).get(place.criterion.id)


def _meant(place: Place, link: Link) -> Parsed | None:
    """What the colleague's words mean as they are; None where a clause asks for several figures."""
    return None if place.criterion.measures else parse_answer(place.criterion, link.said)


async def _write(turn: Turn, place: Place, link: Link) -> None:
    """The colleague's words as if the liaison had typed them to the question; what they leave open is asked."""
    said = f"{link.said[:MOST_SAID]}（同事{link.name}填）"
    current = await _current(turn, place)
    match _meant(place, link):
        case Known(fact):
            await taking.write(turn, place, fact, said, current)
        case Stated(state):
            await states.stated(turn, place, state, said, current.version if current else 0)
        case _:
            await taking.take(turn, place, normalise(link.said), said)
