"""Which unit, and which year, a message is about, where a person answers for several."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.answering import collecting
from handlers.proof.proof_standing import at, told, year_of
from handlers.turn import Turn
from rubrics.entry_text import take_number
from rubrics.numerals import normalise
from storage import campaigns, evidence
from storage.people import Membership

MOST_FILES = 50
"""So many are moved to another year by one tap."""

_COUNTED = "(?:[个家次条项户元人万亿千百件起批例场期只张份台套吨米号多余]|名(?![牌录单]))"
_YEAR = re.compile(
    rf"(?<![0-9])(20[0-9]{{2}})(?=年|[-./][01]?[0-9]|[〕\]】）)]|(?!{_COUNTED})[一-鿿])|^(20[0-9]{{2}})(?![0-9]|{_COUNTED})"
)
"""A year as it is written, or as a name begins (2026名牌规划.pdf); 2026家 is none."""


_HAN = re.compile("[一-鿿]")
"""Without one, words name no unit: most figures."""


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
    years = years_in(turn, turn.event.text)
    of_year = [m for m in found if year_of(m) in years]
    found = of_year or found
    return sorted(found, key=lambda m: m.unit_id != first.unit_id)


def years_in(turn: Turn, words: str) -> set[int]:
    """The years words name, 去年 and 今年 among them."""
    said = {int(hit[1] or hit[2]) for hit in _YEAR.finditer(normalise(words))}
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


def of_files(turn: Turn, membership: Membership, said: Iterable[tuple[str, date | None]]) -> list[Membership]:
    """Of each file the membership whose year it is about: that of the day it is signed with, else of its name.

    Args:
        membership: where files go that name no year, or none that takes answers.
        said: each file's name with the caption, and its day where it tells one.
    """
    same = [m for m in turn.memberships if m.unit_id in turn.years and m.unit_name == membership.unit_name]
    found = []
    for words, day in said:
        about = {day.year} if day else years_in(turn, words)
        fitting = [m for m in same if about == {year_of(m)}]
        found.append(fitting[0] if len(fitting) == 1 else membership)
    return found


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


async def another_named(turn: Turn, membership: Membership, text: str, *, at_first: bool = False) -> str:
    """The unit that words name and that answers for the same as the own one; empty where they name none, or the own too.

    Args:
        at_first: only what the words begin with counts, for an answer may well mention others.
    """
    _, rest = take_number(text)  # 新质监〔2026〕3号 names nobody
    said = normalise(rest)
    if not _HAN.search(said):
        return ""
    scored = [rubric for rubric in membership.rubrics if any(item.role != "task" for item in rubric.items)]
    alike = {category for rubric in scored for category in rubric.categories}
    found = await campaigns.called_in(turn.connection, membership.campaign_id)
    named = [unit for unit in found if (not alike or unit.category in alike) and _names(unit, said, at_first=at_first)]
    own = any(unit.id == membership.unit_id for unit in named)
    return named[0].names[0] if named and not own else ""


def _names(unit: campaigns.Called, said: str, *, at_first: bool) -> bool:
    names = [_name(name) for name in unit.names if len(name) > 1]
    return any(said.startswith(name) if at_first else name in said for name in names)


_name = lru_cache(maxsize=16_384)(normalise)


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
