"""Which unit, and which year, a message is about, where a person answers for several."""

from __future__ import annotations

import re
from collections.abc import Sequence

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.proving import year_of
from handlers.turn import Turn
from rubrics.numerals import normalise
from storage import campaigns, phases
from storage.people import Membership

_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})(?=年|[-./][01]?[0-9]|[〕\]】）)])")


async def memberships(turn: Turn) -> list[Membership]:
    """The memberships a message may be about, the likeliest first: several only where words and habit leave it open.

    A unit that is named decides, then the unit chosen last; a year that is named decides between campaigns.
    """
    own = [m for m in turn.memberships if m.role == "liaison" and m.unit_id is not None]
    first = turn.liaison
    assert first is not None
    open_ones = [m for m in own if await collects(turn, m)] or [first]
    named = [m for m in open_ones if await _is_named(turn, m)]
    chosen = [m for m in open_ones if m.unit_name == first.unit_name] if "unit" in turn.state else []
    found = named or chosen or open_ones
    years = {int(year) for year in _YEAR.findall(normalise(turn.event.text))}
    of_year = [m for m in found if year_of(m) in years]
    found = of_year or found
    return sorted(found, key=lambda m: m.unit_id != first.unit_id)


async def collects(turn: Turn, membership: Membership) -> bool:
    """Whether a membership's campaign still takes answers."""
    return phases.collecting(await phases.of_campaign_in(turn.connection, membership.campaign_id), turn.today)


async def _is_named(turn: Turn, membership: Membership) -> bool:
    said = normalise(turn.event.text)
    units = await campaigns.units_in(turn.connection, membership.campaign_id)
    unit = next(unit for unit in units if unit.id == membership.unit_id)
    return any(len(name) > 1 and normalise(name) in said for name in (unit.name, *unit.aliases))


def ask(turn: Turn, found: Sequence[Membership]) -> None:
    """One tap decides; the message is kept until then."""
    turn.state["heard_version"] = version = int(turn.state.get("heard_version", 0)) + 1
    turn.state["whose"] = {"version": version, "text": turn.event.text[:500]}
    years = len({m.campaign_id for m in found}) > 1
    options = tuple(
        Option(keys.pack("mean-for", m.unit_id or 0, version=version), _label(m, years=years)) for m in found
    )
    turn.say("heard-whose", options, years=years)


def _label(membership: Membership, *, years: bool) -> str:
    return f"{membership.campaign_code} {membership.unit_name}"[:10] if years else membership.unit_name[:10]


def text_of(turn: Turn, key: Key) -> str | None:
    """The message a button is about; None where another one came since."""
    held = turn.state.get("whose")
    if held is None or held["version"] != key.version:
        return None
    turn.state.pop("whose")
    return str(held["text"])
