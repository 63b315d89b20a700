"""How a clause stands with its proof: what it lacks, how many entries have theirs, what is proven (有材料)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from decimal import Decimal
from fractions import Fraction
from functools import wraps
from typing import NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.answering import clue_offers, reviewed
from handlers.turn import Place, Turn
from rubrics.errors import KaopingError
from rubrics.model import Entries
from rubrics.proof import beyond
from storage import campaigns, scorecards
from storage.people import Membership

LONGEST_ID = 12  # digits; more than any table has rows


class Standing(NamedTuple):
    """What a person wants to know after each file.

    ``lacking``: the parts still to come, of the entry asked about or of the clause. ``proven``: the unit's points
    with proof, None where the rubric has no total. ``claimed`` is a reported count, ``target`` the figure that awards
    of this clause fill first. ``yes``: it is reported as done, however many entries there are. ``again``: it has changed
    since the office looked (变更待核).
    """

    lacking: tuple[str, ...]
    entries: int
    with_proof: int
    answered: bool
    claimed: Decimal | None
    proven: Decimal | Fraction | None
    target: Decimal | None
    yes: bool = False
    again: bool = False


async def standing(turn: Turn, place: Place, entry_id: int = 0) -> Standing:
    """How a clause of the unit stands, as of this turn."""
    known = await turn.known(place.unit_id, place.rubric)
    claim = known.own.get(place.criterion.id)
    total = scorecards.plan_of(place.rubric).score(known.proven).total
    entries = known.proofs.entries(place.criterion.id)
    target_id = beyond(place.criterion)
    targets = await campaigns.targets_in(turn.connection, place.unit_id, place.rubric.id) if target_id else {}
    return Standing(
        known.proofs.lacking(place.criterion, entry_id),
        len(entries),
        min(len(entries), known.proofs.proven_entries(place.criterion)),
        claim is not None,
        claim if isinstance(claim, Decimal) else None,
        total,
        targets.get(target_id or ""),
        claim is True,
        reviewed.waits_again(known.verdicts.get(place.criterion.id)),
    )


def more(before: Standing, after: Standing) -> Decimal | Fraction:
    """How many proven points a change brought."""
    if before.proven is None or after.proven is None:
        return Decimal(0)
    return Fraction(after.proven) - Fraction(before.proven)


def one_of(entries: Entries) -> str:
    """登记一次, 登记一条: the button that begins an entry."""
    return f"登记一{entries.unit}"


def buttons(place: Place) -> tuple[Option, ...]:
    """What a question offers besides its answers: 登记一次 where entries count, 交材料 where proof is needed.

    Clues are no entries that the unit makes itself: they have a way of their own.
    """
    criterion = place.criterion
    found = []
    if clue_offers.counts(place):
        found.append(clue_offers.button(place))
    elif criterion.entries:
        found.append(Option(keys.pack("entry-new", *place.parts), one_of(criterion.entries)))
    if criterion.proof != "none":
        found.append(Option(keys.pack("proof", *place.parts), "交材料"))
    return tuple(found)


def year_of(membership: Membership) -> int:
    """The campaign's year."""
    return int(membership.campaign_code[:4])


def at(key: Key, position: int) -> int:
    """A number of a key; 0 where there is none."""
    part = key.parts[position] if position < len(key.parts) else ""
    return int(part) if part.removeprefix("-").isdigit() and len(part) <= LONGEST_ID else 0


def told(handle: Callable[[Turn, Key], Awaitable[None]]) -> Callable[[Turn, Key], Awaitable[None]]:
    """Let a handler's person be told in one sentence what cannot be done, in place of an apology."""

    @wraps(handle)
    async def telling(turn: Turn, key: Key) -> None:
        try:
            await handle(turn, key)
        except KaopingError as error:
            turn.say("refused", said=str(error))

    return telling
