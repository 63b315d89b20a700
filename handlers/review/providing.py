"""确认数据: the department that leads a row of the tasks confirms several towns' figures in one message, read back first."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.free_text import matchers
from handlers.proof.proof_standing import told
from handlers.review import provided_words
from handlers.sending.selecting import select
from handlers.turn import Turn
from rubrics.errors import FactError
from rubrics.facts import Fact, parse_fact
from rubrics.figures import plain
from rubrics.kinds import Threshold
from rubrics.providing import Led, reviewed_by
from storage import campaigns, editions, provided, unit_facts, verdicts
from storage.campaigns import Unit
from storage.people import Membership
from storage.provided import Outcome
from storage.trial import on_trial

MOST_BUTTONS = 24


def membership_of(turn: Turn) -> Membership | None:
    """The person's membership as who provides a department's data, of the newest campaign; says why where there is none."""
    found = next((m for m in turn.memberships if m.role == "provider" and m.unit_id is not None), None)
    if found is None or turn.event.in_group:
        turn.say("provide-nobody")
        return None
    return found


async def start(turn: Turn, words: str = "") -> None:
    """确认数据: with words the figures; without them what the department may confirm and review."""
    membership = membership_of(turn)
    if membership is None:
        return
    places = await provided.led_in(turn.connection, membership.campaign_id, membership.unit_id or 0)
    if words.strip():
        await _read(turn, membership, places, words)
        return
    rubrics = await editions.of_campaign(turn.connection, membership.campaign_id)
    clauses = reviewed_by(rubrics, membership.unit_name)
    sums = await provided.sums_in(turn.connection, membership.campaign_id)
    lines = [(place, sums.get((place.tasks.id, place.criterion.id)), _threshold(place)) for place in places]
    options = [Option(keys.pack("pv-row", rubric.id, c.id), f"看 {c.label}"[:10]) for rubric, c in clauses]
    if places:
        turn.expect(keys.pack("provide"))
    words_of = {"unit": membership.unit_name, "lines": lines, "clauses": clauses}
    towns = await _towns(turn, membership, places)
    turn.say("provide-start", tuple(options[:MOST_BUTTONS]), towns=towns, **words_of)


async def show(turn: Turn, key: Key) -> None:
    """返回 to what may be confirmed."""
    await start(turn)


async def typed(turn: Turn, key: Key) -> None:
    """The figures, after they were asked for."""
    await start(turn, turn.event.text)


async def heard(turn: Turn) -> bool:
    """Whether free words of a department are figures for its towns, without 确认数据 before them; then they are read back."""
    membership = next((m for m in turn.memberships if m.role == "provider" and m.unit_id is not None), None)
    if membership is None:
        return False
    places = await provided.led_in(turn.connection, membership.campaign_id, membership.unit_id or 0)
    read = provided_words.read(await _towns(turn, membership, places), turn.event.text)
    if not ((read.figures or read.unclear) and provided_words.nothing_else(places, read.words)):
        return False
    await _read(turn, membership, places, turn.event.text)
    return True


async def _read(turn: Turn, membership: Membership, places: Sequence[Led], words: str) -> None:
    towns = await _towns(turn, membership, places)
    said = provided_words.read(towns, words)
    if said.unclear or not said.figures:
        turn.expect(keys.pack("provide"))
        turn.say("provide-unclear", unclear=said.unclear, places=places, towns=towns)
        return
    found = provided_words.meant(places, said.words)
    if not found:
        if lacking := matchers.missing(await matchers.wanted(turn)):
            turn.prepare(partial(matchers.build, lacking), lambda again, _: start(again, words))
            return
        clauses = (await select(turn, membership, towns, said.words)).clauses
        found = tuple(one for one in places if (one.tasks.id, one.criterion.id) in clauses)
    figures = [[unit.id, plain(figure)] for unit, figure in said.figures]
    if len(found) == 1:
        await _preview(turn, membership, found[0], figures)
        return
    draft = _version(turn)
    turn.state["provide"] = {"version": draft, "figures": figures}
    several = found or tuple(places)
    options = tuple(
        Option(keys.pack("pv-which", one.tasks.id, one.criterion.id, version=draft), one.criterion.label[:10])
        for one in several
    )
    turn.say("provide-which", options[:MOST_BUTTONS], figures=said.figures)


async def _towns(turn: Turn, membership: Membership, places: Sequence[Led]) -> list[Unit]:
    """The units the department's targets are handed down to."""
    categories = {category for place in places for category in place.rubric.categories}
    known = await campaigns.units_in(turn.connection, membership.campaign_id)
    return [unit for unit in known if unit.category in categories]


@told
async def which(turn: Turn, key: Key) -> None:
    """Which target the figures are of."""
    membership = membership_of(turn)
    draft = turn.held("provide", key) if membership else None
    if membership is None or draft is None:
        return
    place = await _place(turn, membership, key.parts)
    if place is None:
        turn.say("stale")
    else:
        await _preview(turn, membership, place, draft["figures"])


async def _place(turn: Turn, membership: Membership, clause: Sequence[str]) -> Led | None:
    """The target of these ids, where the department still leads it."""
    places = await provided.led_in(turn.connection, membership.campaign_id, membership.unit_id or 0)
    return next((one for one in places if [one.tasks.id, one.criterion.id] == list(clause)), None)


async def _preview(turn: Turn, membership: Membership, place: Led, figures: list[list[Any]]) -> None:
    """Read back what the figures come to, carried out and undone; 确认 does it."""
    names = {unit.id: unit.name for unit in await _towns(turn, membership, (place,))}
    try:
        checked = {unit_id: Decimal(figure) for unit_id, figure in figures if unit_id in names}
        for figure in checked.values():
            parse_fact(place.criterion, figure)
    except FactError as error:
        turn.expect(keys.pack("provide"))
        turn.say("refused", said=str(error))
        return
    bases = {
        unit_id: await verdicts.shown_in(turn.connection, unit_id, place.rubric, place.clause.id) for unit_id in checked
    }
    claimed = {unit_id: await _claim(turn, unit_id, place) for unit_id in checked}
    about = {unit_id: (figure, bases[unit_id]) for unit_id, figure in checked.items()}
    async with on_trial(turn.connection):
        found = await _confirm(turn, membership, place, about)
        row = await _own_row(turn, membership, place) if any(not one.why for one in found) else None
    draft = _version(turn)
    kept = {unit_id: [plain(figure), basis] for unit_id, (figure, basis) in about.items()}
    turn.state["provide"] = {
        "version": draft,
        "clause": [place.tasks.id, place.criterion.id],
        "figures": [[unit_id, *said] for unit_id, said in kept.items()],
    }
    options = [Option(keys.pack("pv-go", version=draft), "确认")] if row else []
    words = {"place": place, "found": found, "names": names, "claimed": claimed, "row": row}
    turn.say(
        "provide-check",
        (*options, Option(keys.pack("pv-drop", version=draft), "取消")),
        threshold=_threshold(place),
        unit=membership.unit_name,
        **words,
    )


@told
async def confirmed(turn: Turn, key: Key) -> None:
    """确认: the towns' clause is verified and the department's row counts the sum once."""
    membership = membership_of(turn)
    draft = turn.held("provide", key) if membership else None
    if membership is None or draft is None:
        return
    place = await _place(turn, membership, draft.get("clause", ()))
    if place is None:
        turn.say("stale")
        return
    turn.state.pop("provide")
    about = {unit_id: (Decimal(figure), basis) for unit_id, figure, basis in draft["figures"]}
    found = await _confirm(turn, membership, place, about)
    row = await _own_row(turn, membership, place) if any(not one.why for one in found) else None
    names = {unit.id: unit.name for unit in await _towns(turn, membership, (place,))}
    words = {"place": place, "found": found, "names": names, "row": row, "threshold": _threshold(place)}
    turn.say("provide-done", (Option(keys.pack("pv"), "接着确认"),), unit=membership.unit_name, **words)


async def dropped(turn: Turn, key: Key) -> None:
    """取消: nothing was confirmed."""
    if membership_of(turn) is not None and turn.held("provide", key) is not None:
        turn.state.pop("provide")
        turn.say("provide-dropped")


async def _confirm(
    turn: Turn, membership: Membership, place: Led, about: dict[int, tuple[Decimal, str]]
) -> list[Outcome]:
    by = (membership.person_id, membership.campaign_id, membership.unit_id or 0)
    return await provided.confirm_in(turn.connection, turn.now, *by, place.tasks.id, place.criterion.id, about)


async def _own_row(turn: Turn, membership: Membership, place: Led) -> provided.Row:
    by = (membership.person_id, membership.campaign_id, membership.unit_id or 0)
    clause = (place.tasks.id, place.criterion.id)
    return await provided.own_row_in(turn.connection, turn.now, turn.today, *by, *clause)


async def _claim(turn: Turn, unit_id: int, place: Led) -> Fact | None:
    return (await unit_facts.of_unit(turn.connection, unit_id, place.rubric)).own.get(place.clause.id)


def _threshold(place: Led) -> Decimal | None:
    """The district's figure, where the tasks set one."""
    return place.criterion.score.threshold if isinstance(place.criterion.score, Threshold) else None


def _version(turn: Turn) -> int:
    """The version of a new draft; buttons of older ones are stale."""
    turn.state["provide_version"] = version = int(turn.state.get("provide_version", 0)) + 1
    return version
