"""What the office says in its own words: 孟河镇现在多少分, 谁还没报信息, 催一下西夏墅的特种设备, 孟河镇抽检不合格1起."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

from channels import keys
from channels.port import Option
from handlers import office
from handlers.desk import (
    booking,
    fact_notes,
    scoring,
    unanswered,
    unit_card,
)
from handlers.desk.fact_notes import Clause
from handlers.free_text import (
    hearing,
    matchers,
)
from handlers.free_text.taking import fact_of
from handlers.sending import pushing
from handlers.turn import Place, Turn
from handlers.units import names
from rubrics.fact_words import fact_words
from rubrics.numerals import normalise
from storage import campaigns
from storage.campaigns import Unit
from storage.people import Membership

NEAR = 66
"""How alike a name and a misspelt one of three characters are, of 100: one differs."""

SHORTEST_NAME = 3

_SCORE = re.compile(r"(?:多少|几)分|得分|分数|考得怎么样")
_WHO = re.compile(r"谁.{0,6}(?:没|未|不)|(?:哪些|哪几个|哪个|还有).{0,6}(?:没|未)|还?[差缺]谁|没[报填交]的")
_REMIND = re.compile(r"(?:催|提醒|督促)(?:一下)?")
_ABOUT = re.compile(
    r"谁|还有|哪些|哪几个|哪个|单位|镇街|没有?|未|不|[报填交]了?(?=$|[?？。])|的|催一?[下催]?|提醒一?下?|督促一?下?|一下|现在|[?？。]"
)


class Said(NamedTuple):
    """The office's words: the units that are named, those that nearly are, and what is left of the words."""

    units: tuple[Unit, ...]
    near: tuple[Unit, ...]
    rest: str


async def understood(turn: Turn) -> bool:
    """Whether words of somebody who sees all units meant something, and that was done."""
    if not office.campaigns_of(turn):
        return False
    membership = office.seeing(turn)
    assert membership is not None
    said = named(await campaigns.units_in(turn.connection, membership.campaign_id), turn.event.text)
    if _SCORE.search(said.rest):
        await _scores(turn, membership, said)
        return True
    if _REMIND.search(said.rest):
        await pushing.start(turn, _REMIND.sub(" ", turn.event.text))
        return True
    if _WHO.search(said.rest):
        return await unanswered.tell(turn, membership, said.units or said.near, _ABOUT.sub(" ", said.rest))
    units = said.units or said.near
    if not units or any(office.own_unit(turn, unit.id) for unit in units):
        return False
    return await _note(turn, membership, units, said.rest)


def named(units: Sequence[Unit], text: str) -> Said:
    """Find units by any of their names in a text, the longest name first; else those misspelt by a character."""
    rest = normalise(text)
    found: list[Unit] = []
    for name, unit in sorted(((n, u) for u in units for n in names(u)), key=lambda pair: -len(pair[0])):
        if len(name) > 1 and name in rest:
            rest = rest.replace(name, " ")
            found = [*found, *([] if unit in found else [unit])]
    short = {unit.name.rstrip("镇街道"): unit for unit in units if unit.category in {"镇", "街道"}}
    for stem, unit in short.items():
        if len(stem) > 1 and stem in rest:
            rest = rest.replace(stem, " ")
            found = [*found, *([] if unit in found else [unit])]
    if found:
        return Said(tuple(found), (), rest.strip())
    near = {name: unit for unit in units for name in names(unit) if len(name) >= SHORTEST_NAME}
    for name, unit in near.items():
        windows = [rest[at : at + len(name)] for at in range(len(rest) - len(name) + 1)]
        misspelt = next((window for window in windows if fuzz.ratio(window, name) >= NEAR), None)
        if misspelt:
            return Said((), (unit,), rest.replace(misspelt, " ").strip())
    return Said((), (), rest)


async def _scores(turn: Turn, membership: Membership, said: Said) -> None:
    if len(said.units) == 1:
        await unit_card.show_card(turn, membership.campaign_id, said.units[0].id)
    elif said.units or said.near:
        buttons = (Option(keys.pack("unit", one.id), one.name[:10]) for one in said.units or said.near)
        turn.say("which-of-units", tuple(buttons), said=turn.event.text.strip()[:20])
    else:
        await scoring.scores(turn)


async def _note(turn: Turn, membership: Membership, units: Sequence[Unit], words: str) -> bool:
    """A fact about units that the office may book: everything that was said is filled in beforehand."""
    note = fact_notes.read_note(words, units)
    bookable = fact_notes.bookable(membership.rubrics, {unit.category for unit in units})
    best: tuple[float, Clause, str] | None = None
    for rubric in {clause.rubric.id: clause.rubric for clause in bookable}.values():
        reading = await matchers.of(turn, membership.campaign_id, rubric)
        for match in reading.matcher.match(words, turn.today):
            clause = next(
                (c for i in match.candidates for c in bookable if (c.rubric, c.criterion.id) == (rubric, i)), None
            )
            if clause and (best is None or match.score > best[0]):
                best = (match.score, clause, match.text)
    if best is None:
        return False
    _, clause, piece = best
    place = Place(units[0].id, *clause)
    fact = fact_of(place, hearing.value_of(place, piece, turn.today))
    value = "" if fact is None else fact_words(clause.criterion, fact)
    await booking.prefilled(turn, {str(unit.id): value for unit in units}, clause, words, note.basis)
    return True
