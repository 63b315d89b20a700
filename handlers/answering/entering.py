"""Entries (台账): each meeting, report or award in one message, said back where something is odd, then with its files."""

from __future__ import annotations

import re
import zlib
from datetime import date
from typing import Any, NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.answering import (
    asking,
    clue_offers,
    collecting,
    entry_amiss,
    honouring,
    keeping,
    late,
    recent,
)
from handlers.free_text import corrections
from handlers.proof import (
    attaching,
    destination,
)
from handlers.proof.proof_standing import Standing, more, one_of, standing, told, year_of
from handlers.turn import Place, Turn
from rubrics.amounts import Number, parse_number
from rubrics.dates import Day
from rubrics.entry_text import Written, read_entry
from storage import entries
from storage.late_answers import SAID_CHARACTERS
from storage.late_named import Named
from storage.people import Membership

_MEASURES = "个只家张所期条次起项件份篇批场"
_BUTTON = re.compile(rf"^\s*再?登记(?:一[{_MEASURES}])?(?:[\s:：,，]+|(?=[0-9])|$)")
"""登记 or 登记一项, typed before what is to be registered; no part of its name."""

_BEGIN = re.compile(rf"再?登记一[{_MEASURES}]?[。.!！~ ]*")
"""Typed for the button that begins an entry, whatever it counts in."""

_DRAFTS = ("entry_draft", "entry_put_off")
_SAME_NUMBER = "same-number"
"""One 文号 and another name, where it is open whether that is another one."""


class Draft(NamedTuple):
    """An entry before it is kept. ``odd`` are the codes of what a person should look at first."""

    name: str
    on: date | None
    number: str
    odd: tuple[str, ...]
    granted_by: str = ""
    level: str = ""

    @property
    def version(self) -> int:
        """Tells the button of this draft from that of another."""
        said = f"{self.name}|{self.on}|{self.number}|{self.granted_by}|{self.level}"
        return zlib.crc32(f"{said}|{_SAME_NUMBER if self.is_another else ''}".encode()) % 10**9

    @property
    def is_another(self) -> bool:
        """Whether it is asked, or was said, that it is no other entry with the same 文号."""
        return _SAME_NUMBER in self.odd


async def new(turn: Turn, key: Key) -> None:
    """Ask for an entry in one message; a question that is open stays so."""
    place, membership = _own(turn, key)
    if place is None or membership is None:
        turn.say("stale")
    elif not await collecting.over(turn, membership, place):
        noted = turn.state.get("entry_draft")
        if noted and key.version and _unpacked(noted).version == key.version:
            turn.state.pop("entry_draft")  # 修改: it is written anew
        turn.expect(keys.pack("entry-new", *place.parts))
        honour = honouring.clause_of(place) is not None
        turn.say("entry-ask", _around(turn, place), criterion=place.criterion, honour=honour)


def _own(turn: Turn, key: Key) -> tuple[Place | None, Membership | None]:
    place = turn.place(key)
    found = place if place and place.criterion.entries else None
    return found, turn.of_unit(found.unit_id) if found else None


def is_entry(turn: Turn) -> bool:
    """Whether words under an open question tell of an entry: a name with a day or a 文号, and not just a figure."""
    place = turn.place_of(turn.state["open"])
    membership = turn.of_unit(place.unit_id) if place else None
    if place is None or membership is None or place.criterion.entries is None:
        return False
    if begins(turn.event.text):
        return True
    if corrections.begins(turn.event.text):
        return False  # 不对，是5月12日 is no entry of that name
    written = read(turn, place, turn.event.text)
    sure = any(not found.bare for found in written.days)
    begun = bool(_BUTTON.match(turn.event.text)) or turn.event.text.strip().startswith(one_of(place.criterion.entries))
    return (len(written.name) > 1 or begun) and bool(sure or written.number)


def begins(words: str) -> bool:
    """Whether words are those of a button that begins an entry (登记一项), also with another measure word than its own."""
    return _BEGIN.fullmatch(words.strip()) is not None


async def typed_under_question(turn: Turn) -> None:
    """Words under an open question that tell of an entry."""
    place = turn.place_of(turn.state["open"])
    assert place is not None
    await typed(turn, Key("entry-new", tuple(str(part) for part in place.parts), 0))


async def typed(turn: Turn, key: Key, words: str | None = None) -> None:
    """An entry's message; a bare number answers the question instead.

    Args:
        words: where they were typed before; else those of this event.
    """
    words = turn.event.text if words is None else words
    place, membership = _own(turn, key)
    if place is None or membership is None:
        turn.say("gone")
        return
    if begins(words):
        await new(turn, key)
        return
    if corrections.begins(words):
        await _corrected(turn, place, key, words)
        return
    written = read(turn, place, words)
    if not written.days and not written.number and _bare(place, words) and turn.opened(place):
        await asking.typed(turn, words)
        return
    if not entries.same_name(written.name) and not written.number:
        turn.expect(keys.pack("entry-new", *place.parts))
        turn.say("entry-nameless", _around(turn, place), criterion=place.criterion)
        return
    if not written.number and clue_offers.counts(place):  # one with a 文号 is verified
        clue_offers.offer(turn, place, turn.event.text)
        return
    draft = _draft(turn, membership, written)
    if await collecting.closed(turn, membership, place):
        await _late(turn, place, draft, words)
    else:
        await _taken(turn, place, membership, draft, words)


async def _corrected(turn: Turn, place: Place, key: Key, words: str) -> None:
    """Words that say that something was wrong, typed for an entry: about the one before it, else it is asked for again."""
    if not await entry_amiss.shown(turn, words):
        await new(turn, key)


def read(turn: Turn, place: Place, words: str) -> Written:
    """What a line says about an entry of a clause that has them."""
    membership = turn.of_unit(place.unit_id)
    assert membership is not None
    assert place.criterion.entries is not None
    today = Day(*turn.today.timetuple()[:3])
    told = words.strip().removeprefix(one_of(place.criterion.entries))  # the button's words are no name
    return read_entry(_BUTTON.sub("", told), today, year_of(membership), honouring.clause_of(place))


def _bare(place: Place, words: str) -> bool:
    """Whether the words are just a count."""
    assert place.criterion.entries is not None
    number = parse_number(words, place.criterion.entries.unit, whole=True)
    return isinstance(number, Number) and len(words.strip()) <= len(number.text) + 2


def _draft(turn: Turn, membership: Membership, written: Written) -> Draft:
    on = date(*written.day) if written.day else None
    odd = {
        "no-name": not entries.same_name(written.name),
        "no-day": not written.days,
        "no-such-day": bool(written.days) and on is None,
        "several-days": len({found.day for found in written.days}) > 1,
        "outside": on is not None and on.year != year_of(membership),
        "to-come": on is not None and on > turn.today,
    }
    return Draft(written.name, on, written.number, tuple(code for code, holds in odd.items() if holds), *written.given)


async def _late(turn: Turn, place: Place, draft: Draft, said: str) -> None:
    """After the lock an entry waits for its reason; what is odd about it the office sees itself."""
    words = {name: value for name, value in draft._asdict().items() if name not in ("on", "odd")}
    day = draft.on.isoformat() if draft.on else None
    await late.named(turn, place, Named("entry", {**words, "happened_on": day, "said": said.strip()[:SAID_CHARACTERS]}))


def _put_off(turn: Turn, draft: Draft) -> None:
    """An entry that was said back and never confirmed is not lost without a word when another one comes."""
    noted = turn.state.pop("entry_draft", None)
    place = turn.place_of(noted) if noted else None
    if noted is None or place is None or _unpacked(noted).version == draft.version:
        return
    turn.state["entry_put_off"] = noted
    before = _unpacked(noted)
    sure = Option(keys.pack("entry-yes", *place.parts, version=before.version), f"登记“{before.name[:5]}”")
    turn.say("entry-waits", (sure,), draft=before, criterion=place.criterion)


def _unpacked(noted: dict[str, Any]) -> Draft:
    on = date.fromisoformat(noted["draft"]["on"]) if noted["draft"]["on"] else None
    return Draft(**{**noted["draft"], "on": on, "odd": tuple(noted["draft"]["odd"])})


async def _taken(turn: Turn, place: Place, membership: Membership, draft: Draft, words: str) -> None:
    _put_off(turn, draft)
    if draft.odd:
        _check(turn, place, membership, draft, words)
    else:
        await _add(turn, place, membership, draft, words)


def _check(
    turn: Turn, place: Place, membership: Membership, draft: Draft, words: str, same: entries.Entry | None = None
) -> None:
    """Say it back with what is odd about it; ``same`` is the entry that has its 文号."""
    on = draft.on.isoformat() if draft.on else None
    unit, rubric, criterion = place.parts
    about = {"unit": unit, "rubric": rubric, "criterion": criterion}
    turn.state["entry_draft"] = {**about, "draft": {**draft._asdict(), "on": on}, "said": words}
    options = (
        Option(keys.pack("entry-yes", *place.parts, version=draft.version), "确认"),
        Option(keys.pack("entry-new", *place.parts, version=draft.version), "修改"),
    )
    honour = honouring.clause_of(place) is not None
    shown = {"draft": draft, "criterion": place.criterion, "year": year_of(membership), "honour": honour, "same": same}
    turn.say("entry-check", options, **shown)


@told
async def sure(turn: Turn, key: Key) -> None:
    """确认: keep the entry as it was said back."""
    place, membership = _own(turn, key)
    held = (turn.state.get(name) for name in _DRAFTS)
    noted = next((one for one in held if one and _unpacked(one).version == key.version), None)
    if place is None or membership is None or noted is None or turn.place_of(noted) != place:
        turn.say("stale")
        return
    draft = _unpacked(noted)
    for name in _DRAFTS:
        if turn.state.get(name) == noted:
            turn.state.pop(name)
    if await collecting.closed(turn, membership, place):
        await _late(turn, place, draft, noted["said"])
    else:
        await _add(turn, place, membership, draft, noted["said"])


async def _add(turn: Turn, place: Place, membership: Membership, draft: Draft, said: str) -> None:
    before = await standing(turn, place)
    about = (turn.connection, turn.now, membership.person_id, place.unit_id, place.rubric, place.criterion.id)
    added = await entries.add_in(
        *about,
        name=draft.name,
        happened_on=draft.on,
        number=draft.number,
        granted_by=draft.granted_by,
        level=draft.level,
        said=said.strip(),
        another=draft.is_another,
    )
    if added.unsure:
        _check(turn, place, membership, draft._replace(odd=(*draft.odd, _SAME_NUMBER)), said, added.duplicate)
        return
    if added.entry is None:
        await _say_same(turn, place, membership, added.duplicate, draft)
        return
    destination.remember(turn, place, added.entry.id, invited=True)
    recent.entered(turn, place, added.entry.id, draft.name)
    if (opened := turn.opened(place)) and added.receipt:
        opened["version"] = added.receipt.version
    stale = await keeping.ended_submission(turn, place) if added.changed else ""
    await _say_kept(turn, place, added, before, stale)


async def _say_same(turn: Turn, place: Place, membership: Membership, old: entries.Entry | None, draft: Draft) -> None:
    """It is there already; who gave it is added where that was not known."""
    if old is not None and draft.granted_by and not old.granted_by:
        about = (turn.connection, turn.now, membership.person_id, place.unit_id, place.rubric, old.id)
        old = await entries.grant_in(*about, draft.granted_by, draft.level)
    options = (Option(keys.pack("entry", *place.parts, _id(old)), "看这一条"), *_around(turn, place))
    turn.say("entry-same", options, old=old, criterion=place.criterion)


async def _say_kept(turn: Turn, place: Place, added: entries.Added, before: Standing, stale: str) -> None:
    entry_id = _id(added.entry)
    after = await standing(turn, place, entry_id)
    scored = await turn.scored(place.unit_id, place.rubric)
    asks = await attaching.next_question(turn, place)
    questions = asks.options if asks.entry_of else honouring.ask(turn, place, added.entry)  # one question a message
    turn.say(
        "entry-kept",
        (*questions, *_around(turn, place, again=True)),
        criterion=place.criterion,
        entry=added.entry,
        asks=asks,
        ask_giver=bool(questions) and not asks.entry_of,
        replaced=added.replaced,
        old_label=place.rubric.criteria[added.replaced.criterion_id].label if added.replaced else "",
        receipt=added.receipt,
        by_number=bool(added.entry and added.entry.number) and not after.lacking and place.criterion.proof != "none",
        standing=after,
        gained=more(before, after),
        why=scored.why(place.criterion.id),
        claimed=scored.total,
        stale=stale,
    )


def _id(entry: entries.Entry | None) -> int:
    return entry.id if entry else 0


def _around(turn: Turn, place: Place, *, again: bool = False) -> tuple[Option, ...]:
    """Where one can go from an entry."""
    assert place.criterion.entries is not None
    options = [Option(keys.pack("entry-new", *place.parts), f"再{one_of(place.criterion.entries)}")] if again else []
    options.append(Option(keys.pack("entries", *place.parts), "台账"))
    if again:
        options.append(Option(keys.pack("next", place.unit_id), "下一项"))
    else:
        options.append(Option(keys.pack("ask", *place.parts), "返回"))
    return tuple(options)
