"""换用今年细则: the office picks the year's rubric, sees what it does clause by clause and to whom, and confirms."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import FileRef, Option
from handlers import office
from handlers.people.enrolling import SHEETS
from handlers.turn import Turn
from handlers.year import adopting_news
from rubrics import loader
from rubrics.errors import KaopingError, RubricError
from rubrics.model import Rubric
from storage import adoption, adoption_wish, editions, reminding
from storage.adoption import Adopted
from storage.adoption_wish import UnclearError, Wish
from storage.errors import RosterError
from storage.files import FileStore
from storage.people import Membership
from storage.roster import RosterUnit, read_roster
from storage.trial import on_trial

OVERLAYS = (".yaml", ".yml")
MOST_MISTAKES = 20

_Draft = dict[str, Any]


class _Read(NamedTuple):
    """The files of a draft, or what is wrong with them."""

    overlay: str | None
    handed_down: tuple[RosterUnit, ...]
    problems: tuple[str, ...] = ()


async def start(turn: Turn, key: Key) -> None:
    """换用细则: which one? Those that assess units of this campaign."""
    membership = office.working(turn)
    if membership is None:
        return
    turn.state["adopt_version"] = version = int(turn.state.get("adopt_version", 0)) + 1
    turn.state["adopt"] = {"version": version}
    found = await _candidates(turn, membership)
    options = [
        Option(keys.pack("adopt-pick", rubric.id, version=version), f"细则{n}") for n, rubric in enumerate(found, 1)
    ]
    running = {rubric.id: rubric.title for rubric in membership.rubrics}
    turn.say("adopt-rubrics", tuple(options), found=found, running=running)


async def picked(turn: Turn, key: Key) -> None:
    """A rubric is chosen: what it would do."""
    membership = office.working(turn)
    draft = turn.held("adopt", key) if membership else None
    if membership is None or draft is None:
        return
    if [*key.parts] not in [[rubric.id] for rubric in await _candidates(turn, membership)]:
        turn.say("stale")
        return
    await _look(turn, membership, {"version": draft["version"], "rubric": key.parts[0]})


async def instead_of(turn: Turn, key: Key) -> None:
    """Which one it replaces."""
    membership = office.working(turn)
    draft = turn.held("adopt", key) if membership else None
    if membership is None or draft is None:
        return
    if "rubric" not in draft or len(key.parts) != 1 or membership.rubric(key.parts[0]) is None:
        turn.say("stale")
        return
    await _look(turn, membership, {**draft, "instead": key.parts[0]})


def wants(turn: Turn) -> bool:
    """Whether files are the year's own: asked for just now, beneath the preview."""
    return turn.expected is not None and turn.expected.verb == "adopt-files" and not turn.event.in_group


async def received(turn: Turn) -> None:
    """The year's overlay, a sheet of tasks, or both."""
    membership = office.working(turn)
    draft = turn.held("adopt", turn.expected) if membership and turn.expected else None
    if membership is None or draft is None:
        return
    draft = dict(draft)
    for file in turn.event.files:
        kind = _kind(file)
        if kind is None:
            turn.expect(keys.pack("adopt-files", version=draft["version"]))
            turn.say("adopt-other-file", name=file.name)
            return
        draft[kind] = [file.ref, file.name]
    await _look(turn, membership, draft)


async def words(turn: Turn, key: Key) -> None:
    """Words where files were asked for: they are asked for again."""
    if office.working(turn) is not None and turn.held("adopt", key) is not None:
        turn.expect(keys.pack("adopt-files", version=key.version))
        turn.say("adopt-other-file", name="")


async def confirmed(turn: Turn, key: Key) -> None:
    """确认: carried out as a whole, and each unit is told once."""
    membership = office.working(turn)
    draft = turn.held("adopt", key) if membership else None
    if membership is None or draft is None:
        return
    if "rubric" not in draft:
        turn.say("stale")
        return
    await _read_then(turn, membership, draft, _carry_out)


async def put_down(turn: Turn, key: Key) -> None:
    """取消."""
    if office.working(turn) is not None and turn.held("adopt", key) is not None:
        turn.state.pop("adopt")
        turn.say("adopt-dropped")


async def _candidates(turn: Turn, membership: Membership) -> list[Rubric]:
    """What could take the place of a rubric of the campaign: not what was replaced already."""
    running = {rubric.id for rubric in membership.rubrics}
    ended = {r.id for r in await editions.ever_of_campaign(turn.connection, membership.campaign_id)} - running
    categories = {category for rubric in membership.rubrics for category in rubric.categories}
    known = (loader.load(ident) for ident in loader.rubric_ids() if ident not in ended)
    return [rubric for rubric in known if categories.intersection(rubric.categories)]


def _kind(file: FileRef) -> str | None:
    name = file.name.lower()
    return "overlay" if name.endswith(OVERLAYS) else "tasks" if name.endswith(SHEETS) else None


async def _look(turn: Turn, membership: Membership, draft: _Draft) -> None:
    """Show what a draft comes to, under a version of its own: what was shown before is no longer confirmed."""
    await _read_then(turn, membership, draft, _preview)


async def _read_then(turn: Turn, membership: Membership, draft: _Draft, then: Any) -> None:
    try:
        rubrics = await adoption_wish.rubrics_in(turn.connection, membership.campaign_id, _wish(draft))
    except UnclearError:  # which one goes is asked instead
        _ask_instead_of(turn, membership, draft)
        return
    except KaopingError as error:
        turn.say("refused", said=str(error))
        return
    turn.prepare(partial(_read, turn.files, dict(draft), rubrics), partial(then, draft))


def _ask_instead_of(turn: Turn, membership: Membership, draft: _Draft) -> None:
    version = _keep(turn, draft)
    options = [
        Option(keys.pack("adopt-for", rubric.id, version=version), f"换下{n}")
        for n, rubric in enumerate(membership.rubrics, 1)
    ]
    turn.say("adopt-instead", tuple(options), rubrics=membership.rubrics)


def _keep(turn: Turn, draft: _Draft) -> int:
    turn.state["adopt_version"] = version = int(turn.state.get("adopt_version", 0)) + 1
    turn.state["adopt"] = {**draft, "version": version}
    return version


def _wish(draft: _Draft, read: _Read | None = None) -> Wish:
    files = (read.overlay, read.handed_down) if read else (None, ())
    return Wish(draft["rubric"], draft.get("instead"), *files)


async def _read(files: FileStore, draft: _Draft, rubrics: Sequence[Rubric]) -> _Read:
    """Read the files of a draft, away from the loop."""
    return await asyncio.to_thread(_read_files, files, draft, rubrics)


def _read_files(files: FileStore, draft: _Draft, rubrics: Sequence[Rubric]) -> _Read:
    try:
        overlay = None
        if "overlay" in draft:
            ref, name = draft["overlay"]
            overlay = adoption_wish.overlay_text(files.path_of(ref).read_bytes(), name)
        ref, name = draft.get("tasks", (None, ""))
        return _Read(overlay, tuple(read_roster(files.path_of(ref), rubrics, name)) if ref else ())
    except KaopingError as error:
        return _Read(None, (), _problems(error))


def _problems(error: KaopingError) -> tuple[str, ...]:
    if isinstance(error, RosterError):
        return error.problems
    if isinstance(error, RubricError):
        return tuple(str(problem) for problem in error.problems)
    return (str(error),)


async def _preview(draft: _Draft, turn: Turn, read: _Read) -> None:
    membership = office.working(turn)
    if membership is None:
        return
    version = _keep(turn, draft)
    turn.expect(keys.pack("adopt-files", version=version))
    done = await _tried(turn, membership, draft, read)
    if not isinstance(done, Adopted):
        _say_wrong(turn, done)
        return
    options = [Option(keys.pack(f"adopt-{verb}", version=version), label) for verb, label in _DECISIONS]
    turn.say("adopt-preview", tuple(options), done=done, draft=draft)


_DECISIONS = (("yes", "确认"), ("no", "取消"))


async def _tried(turn: Turn, membership: Membership, draft: _Draft, read: _Read) -> Adopted | tuple[str, ...]:
    """What it would come to: carried out and undone; or what is wrong."""
    if read.problems:
        return read.problems
    about = (membership.person_id, membership.campaign_id, _wish(draft, read))
    try:
        async with on_trial(turn.connection):
            return await adoption.adopt_in(turn.connection, turn.now, *about)
    except KaopingError as error:
        return _problems(error)


async def _carry_out(draft: _Draft, turn: Turn, read: _Read) -> None:
    membership = office.working(turn)
    if membership is None:
        return
    tried = await _tried(turn, membership, draft, read)
    if not isinstance(tried, Adopted):
        _say_wrong(turn, tried)
        return
    about = (membership.person_id, membership.campaign_id, _wish(draft, read))
    done = await adoption.adopt_in(turn.connection, turn.now, *about)
    told = await adopting_news.tell_in(turn.connection, turn.now, turn.today, turn.render, done)
    turn.state.pop("adopt", None)
    issued = await reminding.issued_on_in(turn.connection, membership.campaign_id)
    asks = issued.on is None and not done.only_tasks
    if asks:
        turn.expect(keys.pack("issued-day"))
    turn.say("adopted", (Option(keys.pack("campaign"), "考核"),), done=done, told=told, asks=asks)


def _say_wrong(turn: Turn, problems: Sequence[str]) -> None:
    more = max(len(problems) - MOST_MISTAKES, 0)
    turn.say("adopt-wrong", problems=problems[:MOST_MISTAKES], more=more)
