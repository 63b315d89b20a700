"""Which unit, and which year, a message is about, where a person answers for several."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.answering import collecting
from handlers.proof.proof_standing import at, told
from handlers.proof.proving import year_of
from handlers.turn import Turn
from rubrics.numerals import normalise
from storage import campaigns, evidence
from storage.people import Membership

MOST_FILES = 50
"""So many are moved to another year by one tap."""

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
    years = _years_in(turn, turn.event.text)
    of_year = [m for m in found if year_of(m) in years]
    found = of_year or found
    return sorted(found, key=lambda m: m.unit_id != first.unit_id)


def _years_in(turn: Turn, words: str) -> set[int]:
    said = {int(year) for year in _YEAR.findall(normalise(words))}
    said |= {turn.today.year - 1} if re.search("去年|上年度", words) else set()
    return said | ({turn.today.year} if re.search("今年|本年", words) else set())


async def years(turn: Turn) -> dict[int, str]:
    """The campaign of each unit a person answers for, where several campaigns take answers now; else empty."""
    own = [m for m in turn.memberships if m.role == "liaison" and m.unit_id is not None]
    if len({m.campaign_id for m in own}) < 2:
        return {}
    found = {m.unit_id or 0: m for m in own if await collects(turn, m)}
    several = len({m.campaign_id for m in found.values()}) > 1
    return {unit_id: m.campaign_code for unit_id, m in found.items()} if several else {}


def of_files(turn: Turn, membership: Membership, said: Iterable[tuple[str, date | None]]) -> Membership:
    """The membership whose year files are about: that of the days they are signed with, else of their names.

    Args:
        said: each file's name with the caption, and its day where it tells one.
    """
    about: set[int] = set()
    for words, day in said:
        about |= {day.year} if day else _years_in(turn, words)
    same = [m for m in turn.memberships if m.unit_id in turn.years and m.unit_name == membership.unit_name]
    fitting = [m for m in same if about == {year_of(m)}]
    return fitting[0] if len(fitting) == 1 else membership


def other_years(turn: Turn, membership: Membership, which: str) -> tuple[Option, ...]:
    """Buttons that take files just arrived to the same unit's other year."""
    same = [m for m in turn.memberships if m.unit_id in turn.years and m.unit_name == membership.unit_name]
    return tuple(
        Option(keys.pack("file-year", membership.unit_id or 0, m.unit_id or 0, which), f"是 {m.campaign_code} 年的")
        for m in same
        if m.campaign_id != membership.campaign_id
    )


@told
async def move(turn: Turn, key: Key) -> None:
    """Files are about another year: withdrawn in the one, waiting to be sorted in the other."""
    here, there = (turn.of_unit(at(key, 0)), turn.of_unit(at(key, 1))) if len(key.parts) == 3 else (None, None)
    if here is None or there is None or not await collects(turn, there):
        turn.say("stale")
        return
    first, _, last = key.parts[2].partition("-")
    waiting = await evidence.unsorted_in(turn.connection, here.unit_id or 0)
    moved = [file for file in waiting if first.isdigit() and int(first) <= file.id <= int(last or first)][:MOST_FILES]
    for file in moved:
        await evidence.withdraw_in(turn.connection, turn.now, here.person_id, here.unit_id or 0, file.id)
        given = (there.person_id, there.unit_id or 0, file.ref, file.name, file.size_bytes, file.kind)
        await evidence.receive_in(turn.connection, turn.now, *given, macro=file.macro)
    which = Option(keys.pack("sort", there.unit_id or 0), "归类")
    turn.say("files-moved", (which,) if moved else (), files=moved, year=there.campaign_code)


async def collects(turn: Turn, membership: Membership) -> bool:
    """Whether a membership's campaign still takes answers, if only of some clauses."""
    return not await collecting.closed(turn, membership)


async def _is_named(turn: Turn, membership: Membership) -> bool:
    said = normalise(turn.event.text)
    units = await campaigns.units_in(turn.connection, membership.campaign_id)
    unit = next(unit for unit in units if unit.id == membership.unit_id)
    return any(len(name) > 1 and normalise(name) in said for name in (unit.name, *unit.aliases))


async def names_another(turn: Turn, membership: Membership, text: str) -> bool:
    """Whether words name a unit of the campaign, and not the own one."""
    said = normalise(text)
    units = await campaigns.units_in(turn.connection, membership.campaign_id)
    named = {u.id for u in units for name in (u.name, *u.aliases) if len(name) > 1 and normalise(name) in said}
    return bool(named) and membership.unit_id not in named


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
