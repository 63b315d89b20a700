"""What a reviewer has chosen to look at, one after the other: kept in the dialogue, asked again at every step."""

from __future__ import annotations

from typing import Any, NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.review import reviewing_news
from handlers.turn import Turn
from reminders.stakes import at_stake
from storage import review_holds, review_queue, samples, verdicts
from storage.people import Membership
from storage.review_holds import Hold
from storage.review_queue import Look

BASIS_CHARACTERS = 8
"""As much of a basis as a button carries: enough to see that something has changed."""


class Seen(NamedTuple):
    """A clause of a unit that the person may look at."""

    membership: Membership
    look: Look


class Chosen(NamedTuple):
    """Where the next clause comes from: these units, these clauses; empty is all. ``called`` says it in words."""

    units: tuple[int, ...] = ()
    clauses: tuple[tuple[str, str], ...] = ()
    called: str = ""

    def has(self, look: Look) -> bool:
        """Whether a clause is among them."""
        clause = (look.rubric.id, look.criterion.id)
        return (not self.units or look.unit_id in self.units) and (not self.clauses or clause in self.clauses)


async def choose(turn: Turn, membership: Membership, chosen: Chosen) -> None:
    """Go on with these; what was skipped before comes again, and the units that are left hear what there is to hear."""
    about = {"units": chosen.units, "clauses": chosen.clauses, "called": chosen.called}
    turn.state["review"] = {**about, "skipped": []}
    if chosen.units:
        await reviewing_news.leave(turn, membership, chosen.units)


def chosen(turn: Turn) -> Chosen:
    """What was chosen last."""
    kept: dict[str, Any] = turn.state.get("review", {})
    clauses = tuple((rubric_id, criterion_id) for rubric_id, criterion_id in kept.get("clauses", ()))
    return Chosen(tuple(kept.get("units", ())), clauses, kept.get("called", ""))


async def looks(turn: Turn, membership: Membership, unit_id: int | None = None) -> list[Look]:
    """All clauses the person may review: not those of a unit they belong to or have belonged to."""
    own = await review_queue.own_units_in(turn.connection, membership.person_id)
    found = await review_queue.of_campaign_in(turn.connection, membership.campaign_id, turn.today, unit_id)
    return [look for look in found if look.unit_id not in own]


async def next_look(turn: Turn, membership: Membership) -> tuple[Look | None, list[Hold]]:
    """The next clause of what was chosen that nobody else looks at; and who looks at the others.

    What changed since its verdict comes first, then what was drawn in a sample, then by points.
    """
    those = chosen(turn)
    skipped = {tuple(clause) for clause in turn.state.get("review", {}).get("skipped", ())}
    held = await review_holds.held_in(turn.connection, turn.now, membership.campaign_id)
    waiting = [look for look in await looks(turn, membership) if look.waits and those.has(look)]
    others = [held[w.clause] for w in waiting if w.clause in held and held[w.clause].person_id != membership.person_id]
    free = [w for w in waiting if w.clause not in {hold.clause for hold in others}]
    sample = await samples.newest_in(turn.connection, membership.campaign_id)
    drawn = {one.clause for one in sample.chosen} if sample else set()
    ordered = sorted(
        review_queue.in_order(free, at_stake),
        key=lambda look: (look.clause in skipped, look.state != "changed", look.clause not in drawn),
    )
    return next(iter(ordered), None), others


async def seen(turn: Turn, key: Key, parts: int = 3) -> Seen | None:
    """The clause a key begins with, where the person may review it; else why not is said.

    Args:
        parts: how many parts the key must have.
    """
    membership = office.working(turn)
    if membership is None:
        return None
    if len(key.parts) != parts or not key.parts[0].isdigit() or len(key.parts[0]) > 9:
        turn.say("stale")
        return None
    found = await review_queue.of_campaign_in(
        turn.connection, membership.campaign_id, turn.today, unit_id := int(key.parts[0])
    )
    look = next((one for one in found if one.clause == (unit_id, key.parts[1], key.parts[2])), None)
    if look is None:
        turn.say("stale")
        return None
    if unit_id in await review_queue.own_units_in(turn.connection, membership.person_id):
        turn.say("own-unit", units=[look.unit])
        return None
    return Seen(membership, look)


async def seen_as_shown(turn: Turn, key: Key, parts: int = 4) -> Seen | None:
    """As `seen`, where the clause and its verdict are still what the button was made for; else what changed is said."""
    found = await seen(turn, key, parts)
    if found is None:
        return None
    look, again = found.look, (Option(keys.pack("rv-see", *found.look.clause), "再看一遍"),)
    if shown_of(look) != key.parts[3]:
        turn.say("review-changed", again, look=look)
    elif version_of(look) != key.version:
        newest = await verdicts.newest_in(turn.connection, *look.clause)
        turn.say("review-decided", again, look=look, newest=newest)
    else:
        return found
    return None


def shown_of(look: Look) -> str:
    """What a button carries of the version somebody was shown."""
    return look.basis[:BASIS_CHARACTERS]


def version_of(look: Look) -> int:
    """Which verdict somebody was shown; 0 for none."""
    return look.verdict.id if look.verdict else 0


def key_of(verb: str, look: Look, *more: str | int) -> str:
    """A button's key for a clause, the version and the verdict it is shown with."""
    return keys.pack(verb, *look.clause, shown_of(look), *more, version=version_of(look))
