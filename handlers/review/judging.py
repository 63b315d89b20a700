"""专家评分: an expert sees a judged clause and gives one of the allowed figures with a sentence, unseen by the others."""

from __future__ import annotations

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.proof.proof_standing import at, told
from handlers.review import (
    judging_desk,
    shown_clause,
)
from handlers.review.judging_desk import Place, places_of
from handlers.review.reviewing_selection import BASIS_CHARACTERS
from handlers.turn import Turn
from rubrics.facts import parse_fact
from rubrics.figures import plain
from rubrics.kinds import Judged
from storage import opinions, review_queue, verdicts
from storage.errors import StorageError
from storage.opinions import Opinion
from storage.people import Membership

MOST_BUTTONS = 40


async def start(turn: Turn, words: str = "") -> None:
    """专家评分: to an expert what is to be judged, to the office what experts gave."""
    membership = expert(turn)
    if membership is not None and not turn.event.in_group:
        await _list(turn, membership)
    else:
        await judging_desk.show(turn)


async def show(turn: Turn, key: Key) -> None:
    """返回 to the list."""
    await start(turn)


def expert(turn: Turn) -> Membership | None:
    """The person's membership as an expert, of the newest campaign."""
    return next((m for m in turn.memberships if m.role == "expert"), None)


async def _list(turn: Turn, membership: Membership) -> None:
    places = await places_of(turn, membership)
    given = await opinions.of_campaign_in(turn.connection, membership.campaign_id)
    mine = {c for c, those in given.items() if any(one.person_id == membership.person_id for one in those)}
    lines = [(place, place.parts in mine) for place in places]
    ordered = [place for place, done in lines if not done] + [place for place, done in lines if done]
    options = tuple(Option(keys.pack("jd-see", *place.parts), place.unit.name[:10]) for place in ordered[:MOST_BUTTONS])
    turn.say("judge-list", options, lines=lines)


@told
async def see(turn: Turn, key: Key) -> None:
    """One clause: question, answer, files. What others gave is shown only to who has given a figure too."""
    place = await _place(turn, key, 3)
    if place is None:
        return
    shown = await shown_clause.show(turn, place.unit.id, place.unit.name, place.rubric, place.criterion)
    about = (turn.connection, place.membership.campaign_id, place.unit.id, place.rubric, place.criterion.id)
    current, outdated = await opinions.standing_in(*about)
    mine = _mine(current, place)
    score = place.criterion.score
    assert isinstance(score, Judged)
    marks = [
        Option(keys.pack("jd-mark", *place.parts, shown.basis[:BASIS_CHARACTERS], n), f"{plain(mark)} 分")
        for n, mark in enumerate(score.allowed)
    ]
    turn.say(
        "judge-screen",
        (*marks, Option(keys.pack("jd"), "返回")),
        shown=shown,
        mine=mine,
        others=[one for one in current if one != mine] if mine else [],
        again=mine is None and _mine(outdated, place) is not None,
    )


def _mine(given: list[Opinion], place: Place) -> Opinion | None:
    return next((one for one in given if one.person_id == place.membership.person_id), None)


@told
async def marked(turn: Turn, key: Key) -> None:
    """A figure was pressed: why?"""
    place = await _place(turn, key, 5)
    if place is None:
        return
    assert isinstance(place.criterion.score, Judged)
    allowed = place.criterion.score.allowed
    if not (key.parts[4].isdigit() and at(key, 4) < len(allowed)):
        turn.say("stale")
        return
    if await _changed(turn, place, key.parts[3]):
        return
    mark = allowed[at(key, 4)]
    turn.expect(keys.pack("jd-why", *key.parts))
    turn.say("judge-why", (Option(keys.pack("jd-see", *place.parts), "返回"),), place=place, mark=mark)


@told
async def said(turn: Turn, key: Key) -> None:
    """The sentence: the opinion is kept."""
    place = await _place(turn, key, 5)
    if place is None or await _changed(turn, place, key.parts[3]):
        return
    assert isinstance(place.criterion.score, Judged)
    mark = place.criterion.score.allowed[at(key, 4)]
    parse_fact(place.criterion, mark)
    turn.expect(keys.pack("jd-why", *key.parts))  # a sentence that is refused may be said anew
    about = (place.membership.person_id, place.unit.id, place.rubric, place.criterion.id)
    basis = await verdicts.shown_in(turn.connection, *about[1:])
    await opinions.give_in(turn.connection, turn.now, *about, mark, turn.event.text, basis=basis)
    turn.state.pop("expects", None)
    options = (Option(keys.pack("jd-see", *place.parts), "看这一条"), Option(keys.pack("jd"), "下一个"))
    turn.say("judge-done", options, place=place, mark=mark)


async def _changed(turn: Turn, place: Place, shown: str) -> bool:
    """Say so where the unit has changed the clause since the screen was made."""
    basis = await verdicts.shown_in(turn.connection, place.unit.id, place.rubric, place.criterion.id)
    if basis.startswith(shown) and len(shown) == BASIS_CHARACTERS:
        return False
    turn.say("judge-changed", (Option(keys.pack("jd-see", *place.parts), "重新看"),), place=place)
    return True


async def _place(turn: Turn, key: Key, parts: int) -> Place | None:
    """The clause a key begins with, where the person is an expert who may judge it; else why not is said."""
    membership = expert(turn)
    if membership is None or turn.event.in_group:
        turn.say("judge-nobody")
        return None
    places = await places_of(turn, membership) if len(key.parts) == parts else []
    found = next((one for one in places if tuple(str(part) for part in one.parts) == key.parts[:3]), None)
    if found is None:
        await _refuse(turn, membership, key)
    return found


async def _refuse(turn: Turn, membership: Membership, key: Key) -> None:
    own = await review_queue.own_units_in(turn.connection, membership.person_id)
    if at(key, 0) in own:
        raise StorageError("您在这个单位任过职，要回避，这一条请其他专家打分")
    turn.say("stale")
