"""Who gave an honour (授予单位): asked once beneath its entry, may be skipped, said or changed later in the ledger."""

from __future__ import annotations

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.answering import collecting
from handlers.proof.proof_standing import at, told
from handlers.turn import Place, Turn
from rubrics.honours import counts_honours, level_of, read_giver
from rubrics.model import Criterion
from storage import entries
from storage.entries import Entry

ASKED, WANTED = "entry-by", "entry-giver"
"""What the next words are: an answer to the question beneath a new entry, or what somebody pressed 写授予单位 for."""

NOBODY = frozenset({"不知道", "不清楚", "不记得", "没有", "无", "不写", "没写"})


def clause_of(place: Place | None) -> Criterion | None:
    """The clause, where it counts honours."""
    return place.criterion if place and counts_honours(place.criterion) else None


def ask(turn: Turn, place: Place, entry: Entry | None) -> tuple[Option, ...]:
    """Expect who gave a new honour that does not say it; the button that goes without, nothing where all is said."""
    if entry is None or entry.granted_by or clause_of(place) is None:
        return ()
    turn.expect(keys.pack(ASKED, *place.parts, entry.id))
    return (Option(keys.pack("entry-bare", *place.parts), "跳过"),)


def button(place: Place, entry: Entry) -> tuple[Option, ...]:
    """写授予单位 on an honour's card."""
    if clause_of(place) is None:
        return ()
    return (Option(keys.pack(WANTED, *place.parts, entry.id), "改授予单位" if entry.granted_by else "写授予单位"),)


def declined(turn: Turn) -> bool:
    """Whether words that came when the giver might have been said are about something else."""
    asked = turn.expected is not None and turn.expected.verb == ASKED
    words = turn.event.text.strip().rstrip("。.")
    return asked and words not in NOBODY and not read_giver(words).by


@told
async def wanted(turn: Turn, key: Key) -> None:
    """写授予单位: asked, whatever was said before."""
    found = await _entry(turn, key)
    if found is not None:
        place, entry, _ = found
        turn.expect(keys.pack(WANTED, *place.parts, entry.id))
        turn.say("entry-giver", (_back(place),), entry=entry)


@told
async def said(turn: Turn, key: Key) -> None:
    """Who gave it, typed."""
    found = await _entry(turn, key)
    if found is None:
        return
    place, entry, person_id = found
    words = turn.event.text.strip().rstrip("。.")
    if words in NOBODY:
        turn.say("entry-bare", _onward(place))
        return
    given = read_giver(words, anybody=key.verb == WANTED)
    level = given.level or entry.level or level_of(place.criterion)
    about = (turn.connection, turn.now, person_id, place.unit_id, place.rubric, entry.id)
    turn.say("entry-given", _onward(place), entry=await entries.grant_in(*about, given.by, level))


async def bare(turn: Turn, key: Key) -> None:
    """跳过: it stays without."""
    place = turn.place(key)
    if place is None or clause_of(place) is None:
        turn.say("stale")
    else:
        turn.say("entry-bare", _onward(place))


async def _entry(turn: Turn, key: Key) -> tuple[Place, Entry, int] | None:
    """The honour a key names and who speaks for its unit; says why where it cannot be changed."""
    place = turn.place(key)
    found = await collecting.changeable(turn, place if clause_of(place) else None)
    if found is None:
        return None
    place, membership = found
    held = await entries.of_clause_in(turn.connection, place.unit_id, place.rubric.id, place.criterion.id)
    entry = next((one for one in held if one.id == at(key, 3)), None)
    if entry is None:
        turn.say("stale")
        return None
    return place, entry, membership.person_id


def _onward(place: Place) -> tuple[Option, ...]:
    return (_back(place), Option(keys.pack("next", place.unit_id), "下一项"))


def _back(place: Place) -> Option:
    return Option(keys.pack("entries", *place.parts), "台账")
