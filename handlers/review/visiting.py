"""现场核查: who visits a unit, what is to be looked at there, the sheet and the 核查意见 as paper."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import FileRef, Option
from handlers import units
from handlers.made import keep_made
from handlers.proof.proof_standing import at, told
from handlers.review import grouping
from handlers.turn import Turn
from reports import review_opinion, visit_sheet
from reports.pack_names import name_of
from reports.review_opinion import ReviewOpinion
from reports.templates import TemplateError, in_form
from storage import campaigns, findings, review_groups, review_queue, visit_clauses
from storage.campaigns import Campaign, Unit
from storage.files import FileStore
from storage.people import Membership
from storage.review_groups import ROLES, Group
from storage.review_queue import Clause, Look

MOST_LINES = 20
MOST_BUTTONS = 36


class Visitor(NamedTuple):
    """Somebody who may look at units on site: the office at all, an expert at those of the own groups."""

    membership: Membership
    groups: tuple[Group, ...]

    def goes_to(self, unit_id: int) -> bool:
        """Whether the person may look at a unit; the own one is another question."""
        return self.membership.role == "office" or any(group.visit_of(unit_id) for group in self.groups)

    def group_of(self, unit_id: int) -> Group | None:
        """The person's group that visits a unit."""
        return next((group for group in self.groups if group.visit_of(unit_id)), None)


class Place(NamedTuple):
    """A clause of a unit that the person may look at on site."""

    visitor: Visitor
    look: Look


async def visitor(turn: Turn) -> Visitor | None:
    """Who the person is on site; says so where they have nothing to do there."""
    if turn.event.in_group:
        turn.say("not-in-group")
        return None
    held = [m for m in turn.memberships if m.unit_id is None and m.role in ROLES]
    first = turn.state.get("campaign")
    for m in sorted(held, key=lambda m: (m.campaign_id != first, -m.campaign_id, m.role != "office")):
        groups = await review_groups.of_campaign_in(turn.connection, m.campaign_id)
        mine = tuple(group for group in groups if group.has(m.person_id))
        if mine or m.role == "office":
            return Visitor(m, mine)
    turn.say("visit-nobody")
    return None


async def start(turn: Turn, words: str) -> None:
    """现场核查: the units the person visits, by day; with a unit's name that unit."""
    who = await visitor(turn)
    if who is None:
        return
    if not words:
        await _units(turn, who)
    elif unit := await _called(turn, who, words):
        await show_unit(turn, Key("vs-unit", (str(unit.id),), 0))
    else:
        turn.say("no-such-unit", said=words[:20])


async def _units(turn: Turn, who: Visitor) -> None:
    """For the office without a group the units of all groups; never the own one."""
    groups = who.groups or await review_groups.of_campaign_in(turn.connection, who.membership.campaign_id)
    own = await review_queue.own_units_in(turn.connection, who.membership.person_id)
    visits = [(group, visit) for group in groups for visit in group.visits if visit.unit_id not in own]
    options = [Option(keys.pack("vs-unit", visit.unit_id), visit.unit[:10]) for _, visit in visits[:MOST_BUTTONS]]
    if who.membership.role == "office":
        options.append(Option(keys.pack("vg"), "考核组"))
    turn.say("visits", tuple(options), visits=visits, today=turn.today)


async def _called(turn: Turn, who: Visitor, words: str) -> Unit | None:
    known = await campaigns.units_in(turn.connection, who.membership.campaign_id)
    found = units.find(known, words)
    return found[0] if len(found) == 1 else None


async def show(turn: Turn, key: Key) -> None:
    """返回 to the units."""
    await start(turn, "")


@told
async def show_unit(turn: Turn, key: Key) -> None:
    """A unit's list: what to look at, what was found already; any other clause by its words."""
    found = await unit_of(turn, key)
    if found is None:
        return
    who, unit = found
    campaign_id = who.membership.campaign_id
    to_look = await visit_clauses.of_unit_in(turn.connection, campaign_id, unit.id, turn.today, turn.zone)
    noted = await findings.of_unit_in(turn.connection, unit.id)
    seen = {one.clause: visit_sheet.OUTCOMES[one.outcome] for one in noted}  # the newest of a clause
    listed = [one.look.clause for one in to_look]
    labels = {(r.id, c.id): c.label for r in who.membership.rubrics for c in r.criteria.values()}
    others = [(labels.get(clause[1:], clause[2]), word) for clause, word in seen.items() if clause not in listed]
    turn.expect(keys.pack("vs-unit", unit.id))
    turn.say(
        "visit-unit",
        _options(unit, labels, list(dict.fromkeys([*listed, *seen])), papers=(bool(to_look), bool(noted))),
        unit=unit,
        lines=[(visit_sheet.line_of(one), seen.get(one.look.clause, "")) for one in to_look[:MOST_LINES]],
        more=max(len(to_look) - MOST_LINES, 0),
        others=others,
    )


def _options(
    unit: Unit, labels: dict[tuple[str, str], str], clauses: Sequence[Clause], *, papers: tuple[bool, bool]
) -> tuple[Option, ...]:
    """The clauses, then the sheet and the 核查意见 where there is something to write on them."""
    sheet, opinion = papers
    options = [Option(keys.pack("vs-see", *c), labels.get(c[1:], c[2])[:10]) for c in clauses[:MOST_BUTTONS]]
    options += [Option(keys.pack("vs-sheet", unit.id), "现场核查表")] if sheet else []
    options += [Option(keys.pack("vs-paper", unit.id), "核查意见")] if opinion else []
    return (*options, Option(keys.pack("vs"), "返回"))


@told
async def sheet(turn: Turn, key: Key) -> None:
    """现场核查表 of one unit, to whoever asks for it."""
    found = await unit_of(turn, key)
    if found is None:
        return
    who, unit = found
    campaign = await _campaign(turn, who)
    group = who.group_of(unit.id) or await review_opinion.group_of(turn.connection, campaign.id, unit.id, [])
    made = await visit_sheet.of_unit(turn.connection, campaign, unit, group, turn.now, turn.zone)
    if made.lines:
        turn.prepare(partial(grouping.written, turn.files, [(unit.id, made)]), partial(_send, key))
    else:
        turn.say("visit-empty", (Option(keys.pack("vs"), "返回"),), whose=unit.name)


@told
async def opinion(turn: Turn, key: Key) -> None:
    """核查意见 of one unit, for both signatures."""
    found = await unit_of(turn, key)
    if found is None:
        return
    who, unit = found
    about = (await _campaign(turn, who), unit.id, turn.now, turn.zone)
    made = await review_opinion.of_unit(turn.connection, *about)
    if made.lines:
        turn.prepare(partial(_written, turn.files, unit.id, made), partial(_send_opinion, key))
    else:
        turn.say("opinion-empty", (Option(keys.pack("vs-unit", unit.id), "返回"),), unit=unit)


async def _written(files: FileStore, unit_id: int, made: ReviewOpinion) -> grouping.Sheets | TemplateError:
    form = (files.folder.parent, review_opinion.TEMPLATE)
    try:
        content = await asyncio.to_thread(in_form, *form, partial(review_opinion.document, made))
    except TemplateError as error:
        return error
    return [(unit_id, await keep_made(files, f"{name_of(made.name)}.docx", content))]


async def _send_opinion(key: Key, turn: Turn, made: grouping.Sheets | TemplateError) -> None:
    """The paper, or why the office's form of it cannot be filled."""
    if not isinstance(made, TemplateError):
        await _send(key, turn, made)
    elif await unit_of(turn, key) is not None:
        turn.say("refused", said=str(made))


async def _send(key: Key, turn: Turn, made: Sequence[tuple[int, FileRef]]) -> None:
    """In between somebody may have been removed."""
    if await unit_of(turn, key) is not None:
        for _, file in made:
            turn.show(file, file.name)


async def _campaign(turn: Turn, who: Visitor) -> Campaign:
    (found,) = await campaigns.campaigns_in(turn.connection, who.membership.campaign_id)
    return found


async def unit_of(turn: Turn, key: Key) -> tuple[Visitor, Unit] | None:
    """The unit a key begins with, where the person may look at it on site; else why not is said."""
    who = await visitor(turn)
    if who is None:
        return None
    known = await campaigns.units_in(turn.connection, who.membership.campaign_id)
    unit = next((one for one in known if one.id == at(key, 0) and who.goes_to(one.id)), None)
    if unit is None:
        turn.say("stale")
    elif unit.id in await review_queue.own_units_in(turn.connection, who.membership.person_id):
        turn.say("own-unit", units=[unit.name])
    else:
        return who, unit
    return None


async def place_of(turn: Turn, key: Key, parts: int = 3) -> Place | None:
    """The clause a key begins with, where the person may look at it on site; else why not is said."""
    found = await unit_of(turn, key) if len(key.parts) == parts else None
    if found is None:
        if len(key.parts) != parts:
            turn.say("stale")
        return None
    who, unit = found
    looks = await review_queue.of_campaign_in(turn.connection, who.membership.campaign_id, turn.today, unit.id)
    look = next((one for one in looks if one.clause == (unit.id, key.parts[1], key.parts[2])), None)
    if look is None:
        turn.say("stale")
        return None
    return Place(who, look)
