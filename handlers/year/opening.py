"""待年终 and 复开: what is still taken after the lock, set by the office in one line and told to the units concerned."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import (
    office,
    units,
)
from handlers.proof.proof_standing import at, told
from handlers.turn import Turn
from handlers.year import campaigning
from rubrics.dates import Day, find_days
from rubrics.errors import KaopingError
from rubrics.model import Rubric
from rubrics.tasks import asked
from storage import campaigns, openings, reaching
from storage.campaigns import Unit
from storage.openings import Opening
from storage.people import Membership

_NUMBER = re.compile(r"(?<![0-9.\-])[0-9]{1,2}\.[0-9]{1,2}[a-c]?(?![0-9.])")
_CANCEL = Option(keys.pack("opening-drop"), "取消")
_MARKS = " ，,。;；:：\n\t"


class Said(NamedTuple):
    """What a line says: the clauses its number may mean, until when, and why."""

    clauses: tuple[tuple[Rubric, str], ...]
    until: date | None
    why: str


async def show(turn: Turn, key: Key | None = None) -> None:
    """What is open now, each with 关上, and how to open more."""
    membership = office.seeing(turn)
    if membership is None:
        return
    found = await openings.standing_in(turn.connection, membership.campaign_id, turn.today)
    options: list[Option] = []
    if membership.role == "office":
        options = [Option(keys.pack("year-end"), "定待年终"), Option(keys.pack("open-again"), "复开")]
        options += [Option(keys.pack("open-end", one.id), f"关上 {number}") for number, one in enumerate(found, 1)]
    turn.say("openings", tuple(options), found=[(one, _label(membership, one)) for one in found])


async def year_end(turn: Turn, words: str) -> None:
    """待年终 with a line behind it (3.1 2027-01-31 why), or asked for it."""
    if office.working(turn) is None:
        return
    if words:
        await _year_end(turn, words)
    else:
        turn.expect(keys.pack("year-end"))
        turn.say("year-end-how", (_CANCEL,), again=False)


async def year_end_pressed(turn: Turn, key: Key) -> None:
    """定待年终: asked for the line; with parts, which rubric's clause is meant."""
    if key.parts:
        await _year_end(turn, str(turn.state.pop("year_end", "")), key.parts[0])
    else:
        await year_end(turn, "")


async def year_end_said(turn: Turn, key: Key) -> None:
    """The line that was asked for."""
    await _year_end(turn, turn.event.text)


async def reopen(turn: Turn, words: str) -> None:
    """复开 with a line behind it (孟河镇 1.2 12-20 why; without a number the whole unit), or asked for it."""
    if office.working(turn) is None:
        return
    if words:
        await _reopen(turn, words)
    else:
        turn.expect(keys.pack("open-again"))
        turn.say("reopen-how", (_CANCEL,), again=False)


async def reopen_pressed(turn: Turn, key: Key) -> None:
    """复开: asked for the line."""
    await reopen(turn, "")


async def reopen_said(turn: Turn, key: Key) -> None:
    """The line that was asked for."""
    await _reopen(turn, turn.event.text)


async def elsewhere(turn: Turn, key: Key) -> bool:
    """Whether words that come while a line is awaited are none: no figure and no unit in them, or they set a phase."""
    if campaigning.wants(turn):
        return True
    membership = next((m for m in office.campaigns_of(turn) if m.role == "office"), None)
    words = turn.event.text
    return membership is None or not (re.search("[0-9]", words) or await _unit(turn, membership, words))


async def drop(turn: Turn, key: Key) -> None:
    """取消: nothing is opened."""
    turn.say("opening-dropped", (Option(keys.pack("openings"), "开着的"),))


@told
async def end(turn: Turn, key: Key) -> None:
    """关上."""
    membership = office.working(turn)
    if membership is None:
        return
    by = (membership.person_id, membership.campaign_id, at(key, 0))
    closed = await openings.end_in(turn.connection, turn.now, *by)
    turn.say("opening-ended", opening=closed, label=_label(membership, closed))


async def _year_end(turn: Turn, words: str, rubric_id: str = "") -> None:
    membership = office.working(turn)
    if membership is None:
        return
    said = _read(turn, membership.rubrics, words)
    clauses = [one for one in said.clauses if rubric_id in ("", one[0].id)]
    if len(clauses) > 1 and said.until:
        turn.state["year_end"] = words[:500]
        options = tuple(Option(keys.pack("year-end", rubric.id), rubric.criteria[i].label) for rubric, i in clauses)
        turn.say("which-clause-of", options, clauses=[(rubric, rubric.criteria[i]) for rubric, i in clauses])
        return
    if not clauses or said.until is None:
        turn.expect(keys.pack("year-end"))
        turn.say("year-end-how", (_CANCEL,), again=True)
        return
    rubric, ident = clauses[0]
    about = (membership.person_id, membership.campaign_id, rubric, ident, said.until, said.why)
    try:
        made = await openings.year_end_in(turn.connection, turn.now, *about)
    except KaopingError as error:
        campaigning.refused(turn, "year-end", error)
        return
    concerned = [
        one
        for one in await campaigns.units_in(turn.connection, membership.campaign_id)
        if one.category in rubric.categories
    ]
    await _tell(turn, membership, made, concerned)


async def _reopen(turn: Turn, words: str) -> None:
    membership = office.working(turn)
    if membership is None:
        return
    found = await _unit(turn, membership, words)
    rubrics = [rubric for rubric in membership.rubrics if found and found.category in rubric.categories]
    rest = words.replace(found.name, " ") if found else words
    said = _read(turn, rubrics, rest)
    said = said._replace(clauses=tuple(one for one in said.clauses if found and _answers(found, *one)))
    number = _NUMBER.search(rest)
    if found is None or said.until is None or (number and len(said.clauses) != 1):
        turn.expect(keys.pack("open-again"))
        turn.say("reopen-how", (_CANCEL,), again=True)
        return
    if await office.own_unit(turn, found.id):
        turn.say("own-unit", units=[found.name])
        return
    rubric, ident = said.clauses[0] if said.clauses else (None, None)
    about = (membership.person_id, membership.campaign_id, found.id, said.until, said.why, turn.today, rubric, ident)
    try:
        made = await openings.reopen_in(turn.connection, turn.now, *about)
    except KaopingError as error:
        campaigning.refused(turn, "open-again", error)
        return
    await _tell(turn, membership, made, [found])


async def _tell(turn: Turn, membership: Membership, made: Opening, concerned: Sequence[Unit]) -> None:
    people = 0
    label = _label(membership, made)
    for unit in concerned:
        reached = await reaching.liaisons_in(turn.connection, unit.id, turn.today)
        options = (Option(keys.pack("list", unit.id), "清单"),)
        people += await office.tell(turn, reached, "told-opening", options, opening=made, label=label, unit=unit.name)
    turn.say("opening-made", (Option(keys.pack("openings"), "开着的"),), opening=made, label=label, told=people)


def _read(turn: Turn, rubrics: Sequence[Rubric], words: str) -> Said:
    number = _NUMBER.search(words)
    ident = number.group() if number else ""
    rest = words.replace(ident, " ", 1) if ident else words
    days = find_days(rest, Day(*turn.today.timetuple()[:3]), turn.today.year)
    until = date(*days[0].day) if len(days) == 1 and days[0].day else None
    if until is not None and until < turn.today and str(until.year) not in days[0].text:
        until = _next_year(until)  # 1-31, said in December
    for day in days:
        rest = rest.replace(day.text, " ")
    why = " ".join(rest.removeprefix("到").split()).strip(_MARKS).removeprefix("到").strip(_MARKS)
    clauses = tuple((rubric, ident) for rubric in rubrics if ident in rubric.criteria)
    return Said(clauses, until, why)


def _next_year(day: date) -> date:
    return date(day.year + 1, 3, 1) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)


def _answers(unit: Unit, rubric: Rubric, ident: str) -> bool:
    """Whether the unit answers a clause itself; rows of a tasks table are a department's."""
    return any(c.id == ident for part in asked(rubric, unit.name, unit.category).values() for c in part)


async def _unit(turn: Turn, membership: Membership, words: str) -> Unit | None:
    """The one unit that the first of the words name."""
    known = await campaigns.units_in(turn.connection, membership.campaign_id)
    named = [unit for unit in known if unit.name in words]
    if len(named) == 1:
        return named[0]
    first = words.split()[0] if words.split() else ""
    found = units.find(known, first) if first else ()
    return found[0] if len(found) == 1 else None


def _label(membership: Membership, opening: Opening) -> str:
    """What is open, in words: 全部, or the clause."""
    rubric = membership.rubric(opening.rubric_id or "")
    if rubric is None or opening.criterion_id not in rubric.criteria:
        return "全部内容"
    return f"{opening.criterion_id} {rubric.criteria[opening.criterion_id].label}"
