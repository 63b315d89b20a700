"""读法: another reading is tried by unit, proposed with a reason, and in force once a second person has agreed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.turn import Turn
from handlers.year.motions import Kind, propose
from rubrics.errors import KaopingError
from rubrics.model import Reading, Rubric
from storage import reaching, reading_switch
from storage.errors import NotFoundError
from storage.motions import Motion, OnePersonError
from storage.people import Membership
from storage.reading_switch import Move, option_of, switchable
from storage.trial import on_trial


class _Choice(NamedTuple):
    """A reading and one of its options, as a button names them."""

    rubric: Rubric
    reading: Reading
    option: str

    @property
    def parts(self) -> tuple[str | int, ...]:
        return (self.rubric.id, self.reading.id, list(self.reading.options).index(self.option))


def buttons(membership: Membership, rubric: Rubric) -> tuple[Option, ...]:
    """A button for each reading of a rubric that could be another one, for who does the office's work."""
    if membership.role != "office":
        return ()
    return tuple(
        Option(keys.pack("reading", rubric.id, reading.id), f"换 {reading.id}"[:10])
        for reading in rubric.readings
        if reading.options
    )


async def options(turn: Turn, key: Key) -> None:
    """The options of a reading; the one in force is none to choose."""
    membership = office.working(turn)
    if membership is None:
        return
    found = _reading(membership, key)
    if found is None:
        turn.say("stale")
        return
    rubric, reading = found
    now = option_of(rubric, reading)
    others = [
        Option(keys.pack("reading-try", rubric.id, reading.id, place), f"试 {place + 1}")
        for place, option in enumerate(reading.options)
        if option != now
    ]
    turn.say("reading-options", tuple(others), rubric=rubric, reading=reading, now=now)


async def preview(turn: Turn, key: Key) -> None:
    """What an option would do to each unit: carried out and undone."""
    found = await _chosen(turn, key)
    if found is None:
        return
    membership, choice = found
    try:
        moves = await _on_trial(turn, membership, choice.rubric.id, choice.reading.id, choice.option)
    except KaopingError as error:
        turn.say("refused", said=str(error))
        return
    ask = Option(keys.pack("reading-ask", *choice.parts), "提请")
    again = Option(keys.pack("reading", choice.rubric.id, choice.reading.id), "返回")
    turn.say("reading-preview", (ask, again), choice=choice, moves=moves, now=option_of(choice.rubric, choice.reading))


async def ask_why(turn: Turn, key: Key) -> None:
    """提请: the reason is asked for."""
    found = await _chosen(turn, key)
    if found is not None:
        turn.expect(keys.pack("reading-why", *found[1].parts))
        turn.say("reading-why", choice=found[1])


async def proposed(turn: Turn, key: Key) -> None:
    """The reason: it is proposed, the units it moves are those it concerns."""
    found = await _chosen(turn, key)
    if found is None:
        return
    membership, choice = found
    about = (choice.rubric.id, choice.reading.id, choice.option)
    try:
        moves = await _on_trial(turn, membership, *about)
    except KaopingError as error:
        turn.say("refused", said=str(error))
        return
    names = dict(zip(("rubric", "reading", "option"), about, strict=True))
    subject = {"units": reading_switch.units_of(moves), **names}
    made = await propose(turn, membership, "reading", KIND, subject, turn.event.text)
    if made is None:
        turn.expect(keys.pack("reading-why", *choice.parts))


async def _about(turn: Turn, membership: Membership, subject: Mapping[str, Any]) -> str:
    choice = _of(membership, subject)
    moves = await _on_trial(turn, membership, choice.rubric.id, choice.reading.id, choice.option)
    return _said(turn, choice, moves)


async def _carry(turn: Turn, membership: Membership, motion: Motion) -> str:
    """Switch, and tell each unit the rubric assesses once: a rule of theirs has changed, moved or not."""
    choice = _of(membership, motion.subject)
    about = (choice.rubric.id, choice.reading.id, choice.option)
    tried = await _on_trial(turn, membership, *about)
    if await office.own_units(turn) & set(reading_switch.units_of(tried)):  # others than when it was proposed
        raise OnePersonError("换了以后你自己单位的得分会变，按回避要求请考核办其他人同意")
    moves = await reading_switch.switch_in(
        turn.connection, turn.now, membership.person_id, membership.campaign_id, *about
    )
    for move in moves:
        reached = await reaching.liaisons_in(turn.connection, move.unit_id, turn.today)
        await office.tell(turn, reached, "told-reading", choice=choice, move=move, why=motion.why)
    return _said(turn, choice, moves)


def _said(turn: Turn, choice: _Choice, moves: tuple[Move, ...]) -> str:
    return turn.render(
        "reading-moves", choice=choice, moves=moves, now=option_of(choice.rubric, choice.reading)
    ).strip()


async def _on_trial(
    turn: Turn, membership: Membership, rubric_id: str, reading_id: str, option: str
) -> tuple[Move, ...]:
    about = (membership.person_id, membership.campaign_id, rubric_id, reading_id, option)
    async with on_trial(turn.connection):
        return await reading_switch.switch_in(turn.connection, turn.now, *about)


def _of(membership: Membership, subject: Mapping[str, Any]) -> _Choice:
    """What a motion names, of the campaign as it is now.

    Raises:
        NotFoundError: the campaign runs the rubric no more, or it has no such reading.
    """
    rubric = membership.rubric(subject["rubric"])
    if rubric is None:
        raise NotFoundError("这份细则已经换下，这条读法不用再换")
    return _Choice(rubric, switchable(rubric, subject["reading"]), subject["option"])


def _reading(membership: Membership, key: Key) -> tuple[Rubric, Reading] | None:
    rubric = membership.rubric(key.parts[0]) if len(key.parts) >= 2 else None
    reading = rubric.reading.get(key.parts[1]) if rubric else None
    return (rubric, reading) if rubric and reading and reading.options else None


async def _chosen(turn: Turn, key: Key) -> tuple[Membership, _Choice] | None:
    """What a button names, for who does the office's work; else why not is said."""
    membership = office.working(turn)
    if membership is None:
        return None
    found = _reading(membership, key)
    place = key.parts[2] if len(key.parts) == 3 else ""
    if found is None or not place.isdigit() or int(place) >= len(found[1].options):
        turn.say("stale")
        return None
    rubric, reading = found
    return membership, _Choice(rubric, reading, list(reading.options)[int(place)])


KIND = Kind(_about, _carry)
