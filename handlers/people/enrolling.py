"""A campaign from a roster sent to the bot: the rubrics are chosen, the roster is read and shown, 确认 makes it all."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.made import keep_made
from handlers.turn import Turn
from rubrics import loader
from rubrics.model import Rubric
from storage import campaigns, invitations, people
from storage.campaigns import Campaign
from storage.errors import RosterError
from storage.files import FileStore
from storage.roster import RosterUnit, read_roster, write_template

MOST_MISTAKES = 20
SHEETS = (".xlsx", ".xls", ".et", ".xlsm")
TEMPLATE = "花名册空表.xlsx"


class _Read(NamedTuple):
    """A roster that was read, or what is wrong with it."""

    units: tuple[RosterUnit, ...]
    problems: tuple[str, ...]


def wants(turn: Turn) -> bool:
    """Whether a file is a roster: a sheet from the office, who sends proof of a unit only if they are its liaison."""
    if len(turn.event.files) != 1 or turn.event.in_group:
        return False
    if not any(m.role == "office" for m in office.campaigns_of(turn)):
        return False
    name = turn.event.files[0].name.lower()
    asked_for = turn.expected is not None and turn.expected.verb == "roster"
    return name.endswith(SHEETS) and (asked_for or turn.liaison is None or "花名册" in name or "roster" in name)


async def received(turn: Turn) -> None:
    """A roster came: with which rubrics? Those of the present campaign are marked."""
    membership = office.working(turn)
    if membership is None:
        return
    (file,) = turn.event.files
    chosen = [rubric.id for rubric in membership.rubrics]
    version = int(turn.state.get("roster", {}).get("version", 0)) + 1
    turn.state["roster"] = {"ref": file.ref, "name": file.name, "rubrics": chosen, "version": version}
    _ask_rubrics(turn)


async def rubric_pressed(turn: Turn, key: Key) -> None:
    """A rubric is marked, or not any more."""
    if _draft(turn, key) is None:
        return
    ident = key.parts[0] if key.parts else ""
    if ident not in loader.rubric_ids():
        turn.say("stale")
        return
    chosen: list[str] = turn.state["roster"]["rubrics"]
    if ident in chosen:
        chosen.remove(ident)
    else:
        chosen.append(ident)
    _ask_rubrics(turn)


async def rubrics_done(turn: Turn, key: Key) -> None:
    """The rubrics are chosen: read the roster, show what it holds or what is wrong with it."""
    draft = _draft(turn, key)
    if draft is None:
        return
    if not draft["rubrics"]:
        _ask_rubrics(turn)
        return
    work = partial(_read, turn.files, draft["ref"], draft["name"], _rubrics(draft))
    turn.prepare(work, partial(_preview, key))


async def confirmed(turn: Turn, key: Key) -> None:
    """确认: the roster is read once more, and the campaign made as a whole or not at all."""
    draft = _draft(turn, key)
    if draft is not None:
        work = partial(_read, turn.files, draft["ref"], draft["name"], _rubrics(draft))
        turn.prepare(work, partial(_create, key))


async def put_down(turn: Turn, key: Key) -> None:
    """取消."""
    if _draft(turn, key) is not None:
        turn.state.pop("roster")
        turn.say("roster-dropped")


async def template(turn: Turn, words: str = "") -> None:
    """花名册空表: an empty roster for the rubrics of the present campaign."""
    membership = office.working(turn)
    if membership is not None:
        turn.prepare(partial(_template, turn.files, membership.rubrics), _send_template)


async def template_pressed(turn: Turn, key: Key) -> None:
    """The button of 花名册空表."""
    await template(turn)


def _ask_rubrics(turn: Turn) -> None:
    draft = turn.state["roster"]
    known = [loader.load(ident) for ident in loader.rubric_ids()]
    options = [
        Option(keys.pack("roster-rubric", rubric.id, version=draft["version"]), f"细则{place}")
        for place, rubric in enumerate(known, 1)
    ]
    done = Option(keys.pack("roster-read", version=draft["version"]), "完成")
    turn.say(
        "roster-rubrics", (*options, *((done,) if draft["rubrics"] else ())), rubrics=known, chosen=draft["rubrics"],
        name=draft["name"],
    )  # fmt: skip


def _rubrics(draft: dict[str, Any]) -> list[Rubric]:
    """The chosen rubrics in the order of the list."""
    return [loader.load(ident) for ident in loader.rubric_ids() if ident in draft["rubrics"]]


async def _read(files: FileStore, ref: str, name: str, rubrics: list[Rubric]) -> _Read:
    try:
        return _Read(tuple(await asyncio.to_thread(read_roster, files.path_of(ref), rubrics, name)), ())
    except RosterError as error:
        return _Read((), error.problems)


async def _preview(key: Key, turn: Turn, read: _Read) -> None:
    draft = _draft(turn, key)
    if draft is None:
        return
    if read.problems:
        empty = Option(keys.pack("roster-empty"), "花名册空表")
        turn.expect(keys.pack("roster"))
        more = max(len(read.problems) - MOST_MISTAKES, 0)
        turn.say("roster-wrong", (empty,), problems=read.problems[:MOST_MISTAKES], more=more)
        return
    same_year = [c for c in await campaigns.campaigns_in(turn.connection) if c.year == turn.today.year]
    options = tuple(
        Option(keys.pack(verb, version=key.version), label)
        for verb, label in (("roster-yes", "确认"), ("roster-no", "取消"))
    )
    turn.say(
        "roster-preview",
        options,
        units=read.units,
        categories=Counter(unit.category for unit in read.units),
        liaisons=sum(len(unit.liaisons) for unit in read.units),
        targets=sum(len(unit.targets) for unit in read.units),
        rubrics=_rubrics(draft),
        year=turn.today.year,
        same_year=same_year,
    )


async def _create(key: Key, turn: Turn, read: _Read) -> None:
    draft, membership = _draft(turn, key), office.working(turn)
    if draft is None or membership is None:
        return
    if read.problems:
        await _preview(key, turn, read)
        return
    actor = str(membership.person_id)
    made = await campaigns.create_in(turn.connection, turn.now, actor, turn.today.year, _rubrics(draft), read.units)
    await _join(turn, actor, membership.name, made)
    turn.state.pop("roster")
    turn.state["campaign"] = made.id
    options = (
        Option(keys.pack("phase"), "改日期"),
        Option(keys.pack("invite-missing"), "剩余未加入"),
        Option(keys.pack("invite", "office"), "考核办的人"),
    )
    turn.say("roster-made", options, campaign=made)


async def _join(turn: Turn, actor: str, name: str, made: Campaign) -> None:
    """Who makes a campaign is of its office; the others are invited."""
    invitation = await invitations.invite_in(turn.connection, turn.now, actor, made.id, "office", name=name)
    event = turn.event
    await people.redeem_in(turn.connection, turn.now, event.channel, event.address, invitation.code)


async def _template(files: FileStore, rubrics: tuple[Rubric, ...]) -> Any:
    def written() -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / TEMPLATE
            write_template(path, rubrics)
            return path.read_bytes()

    return await keep_made(files, TEMPLATE, await asyncio.to_thread(written))


async def _send_template(turn: Turn, file: Any) -> None:
    turn.show(file, turn.render("roster-empty").strip())


def _draft(turn: Turn, key: Key) -> dict[str, Any] | None:
    """The roster a button belongs to, for who may still do this; says so where it is another one by now."""
    return turn.held("roster", key) if office.working(turn) else None
