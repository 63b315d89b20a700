"""Who has not answered a clause yet, for the office."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from channels import keys
from channels.port import Option
from handlers.free_text import searching
from handlers.turn import MOST_OPTIONS, Place, Turn
from rubrics.model import Criterion, Rubric
from rubrics.tasks import asked
from storage import answered, campaigns
from storage.campaigns import Unit
from storage.people import Membership

MOST_CLAUSES = 4


class Lack(NamedTuple):
    """A clause with the units that have not answered it, of those that are asked."""

    rubric: Rubric
    criterion: Criterion
    units: tuple[Unit, ...]
    asked: int


async def tell(turn: Turn, membership: Membership, units: Sequence[Unit], words: str) -> bool:
    """Tell who lacks what words speak of; False where they speak of no clause.

    Args:
        units: only these; all where none is named.
    """
    known = await campaigns.units_in(turn.connection, membership.campaign_id)
    chosen = [unit for unit in known if not units or unit.id in {one.id for one in units}]
    places = [Place(0, rubric, criterion) for rubric in membership.rubrics for criterion in rubric.criteria.values()]
    said = words.strip()
    found = await searching.clauses(turn, membership.campaign_id, places, said, searching.TYPED) if said else []
    lacks = [lack for place in found[:MOST_CLAUSES] if (lack := await _lack(turn, membership, place, chosen)).asked]
    if lacks:
        open_units = {unit.id: unit for lack in lacks for unit in lack.units}
        turn.say("lacking-units", _cards(list(open_units.values())), lacks=lacks)
    return bool(lacks)


async def _lack(turn: Turn, membership: Membership, place: Place, units: Sequence[Unit]) -> Lack:
    rubric, criterion = place.rubric, place.criterion
    bound = [unit for unit in units if unit.category in rubric.categories and _is_asked(rubric, criterion, unit)]
    done = await answered.units_in(turn.connection, membership.campaign_id, rubric.id, criterion.id)
    return Lack(rubric, criterion, tuple(unit for unit in bound if unit.id not in done), len(bound))


def _is_asked(rubric: Rubric, criterion: Criterion, unit: Unit) -> bool:
    return criterion in asked(rubric, unit.name, unit.category).get(rubric.item_of[criterion.id].id, ())


def _cards(units: Sequence[Unit]) -> tuple[Option, ...]:
    return tuple(Option(keys.pack("unit", unit.id), unit.name[:10]) for unit in units[:MOST_OPTIONS])
