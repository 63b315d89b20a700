"""Who has not answered a clause yet, and the words to remind them with, for the office to copy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from channels import keys
from channels.port import Option
from handlers import searching
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


class Reminded(NamedTuple):
    """A unit, its liaisons' names, whether any has joined, and the clauses it has to answer."""

    unit: Unit
    people: tuple[str, ...]
    joined: bool
    criteria: tuple[Criterion, ...]


async def tell(turn: Turn, membership: Membership, units: Sequence[Unit], words: str, *, text: bool) -> bool:
    """Tell who lacks what words speak of; False where they speak of no clause and no unit is named.

    Args:
        units: only these; all where none is named.
        text: also the words to remind them with.
    """
    known = await campaigns.units_in(turn.connection, membership.campaign_id)
    chosen = [unit for unit in known if not units or unit.id in {one.id for one in units}]
    places = [Place(0, rubric, criterion) for rubric in membership.rubrics for criterion in rubric.criteria.values()]
    said = words.strip()
    found = await searching.clauses(turn, membership.campaign_id, places, said, searching.TYPED) if said else []
    lacks = [lack for place in found[:MOST_CLAUSES] if (lack := await _lack(turn, membership, place, chosen)).asked]
    if not lacks and not (text and units and not said):
        return False
    if text:
        _say_reminder(turn, chosen, lacks)
    else:
        open_units = {unit.id: unit for lack in lacks for unit in lack.units}
        turn.say("lacking-units", _cards(list(open_units.values())), lacks=lacks)
    return True


async def _lack(turn: Turn, membership: Membership, place: Place, units: Sequence[Unit]) -> Lack:
    rubric, criterion = place.rubric, place.criterion
    bound = [unit for unit in units if unit.category in rubric.categories and _is_asked(rubric, criterion, unit)]
    done = await answered.units_in(turn.connection, membership.campaign_id, rubric.id, criterion.id)
    return Lack(rubric, criterion, tuple(unit for unit in bound if unit.id not in done), len(bound))


def _is_asked(rubric: Rubric, criterion: Criterion, unit: Unit) -> bool:
    return criterion in asked(rubric, unit.name, unit.category).get(rubric.item_of[criterion.id].id, ())


def _say_reminder(turn: Turn, chosen: Sequence[Unit], lacks: Sequence[Lack]) -> None:
    """Whom to remind of what; without a clause, of all that is open."""
    reminded = []
    for unit in chosen:
        criteria = tuple(lack.criterion for lack in lacks if unit in lack.units)
        liaisons = [member for member in unit.members if member.role == "liaison"]
        if criteria or not lacks:
            people = tuple(member.name for member in liaisons if member.name)
            reminded.append(Reminded(unit, people, bool(liaisons), criteria))
    turn.say("remind-text", _cards([one.unit for one in reminded]), reminded=reminded)


def _cards(units: Sequence[Unit]) -> tuple[Option, ...]:
    return tuple(Option(keys.pack("unit", unit.id), unit.name[:10]) for unit in units[:MOST_OPTIONS])
