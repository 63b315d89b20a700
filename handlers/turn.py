"""One turn of a conversation: what a handler may look at, and what it may say.

A turn is one unit of work: the person's words, the answer, its score, the replies and the dialogue's state
commit together or not at all.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from channels.keys import Key
from channels.port import Event, FileRef, Option, Reply
from rubrics.breakdown import Breakdown
from rubrics.model import Criterion, Rubric
from storage import scorecards, unit_facts
from storage.file_text import TextReader
from storage.files import FileStore
from storage.people import Membership
from storage.unit_facts import UnitFacts

MOST_OPTIONS = 12  # a message; the web page shows them in rows
Render = Callable[..., str]
"""Fills a template of this room: ``render("name", **words)``."""


class Place(NamedTuple):
    """A clause of a unit: what a question is about."""

    unit_id: int
    rubric: Rubric
    criterion: Criterion

    @property
    def parts(self) -> tuple[str | int, ...]:
        """As an option key carries it."""
        return (self.unit_id, self.rubric.id, self.criterion.id)


class Pending(NamedTuple):
    """Slow work a turn needs (a picture, a sheet, a file to be read), and what to do in a turn with its result."""

    work: Callable[[], Awaitable[Any]]
    then: Callable[[Turn, Any], Awaitable[None]]


@dataclass
class Turn:
    """What a handler works with. ``state`` is kept between turns; only JSON values go in.

    ``expected`` is what the turn before asked these words for (see `expect`). ``years``: the campaign of each of the
    person's units, where several take answers now; what is said about a unit then begins with its year. ``desk_years``:
    the same of the campaigns whose office the person is of.
    """

    event: Event
    now: datetime
    connection: AsyncConnection
    memberships: tuple[Membership, ...]
    state: dict[str, Any]
    render: Render
    files: FileStore
    zone: ZoneInfo  # the office's
    home: str = ""  # where the web page is reached
    reader: TextReader | None = None  # without one no file is looked into
    replies: list[Reply] = field(default_factory=list)
    pending: Pending | None = None
    years: Mapping[int, str] = field(default_factory=dict)
    desk_years: Mapping[int, str] = field(default_factory=dict)
    expected: Key | None = None
    _about: Membership | None = None  # looked at last, so what is said next is about it

    def say(self, template: str, options: tuple[Option, ...] = (), **words: Any) -> None:
        """Reply with a filled template; more options than fit go on in further messages."""
        text = self._year() + self.render(template, **words).strip()
        for start in range(0, max(len(options), 1), MOST_OPTIONS):
            self.replies.append(
                Reply(text if not start else self.render("more-options"), options[start : start + MOST_OPTIONS])
            )

    def show(
        self, file: FileRef, text: str = "", options: tuple[Option, ...] = (), *, as_picture: bool = False
    ) -> None:
        """Reply with a stored file."""
        self.replies.append(Reply(text, options, file, as_picture=as_picture))

    def prepare(self, work: Callable[[], Awaitable[Any]], then: Callable[[Turn, Any], Awaitable[None]]) -> None:
        """Have slow work done while the one writer is free: this turn is undone, ``then`` gets a fresh one.

        ``work`` must not touch the database; what it needs of it is read in this turn.
        """
        self.pending = Pending(work, then)

    def _year(self) -> str:
        if (one := self._about) is None:
            return ""
        code = self.desk_years.get(one.campaign_id) if one.unit_id is None else self.years.get(one.unit_id)
        return f"〔{code} 年度〕\n" if code else ""

    @property
    def today(self) -> date:
        """The day it is in the office's zone."""
        return self.now.astimezone(self.zone).date()

    def expect(self, key: str) -> None:
        """Let the next typed words, or files, go to what a key names; a press or a command puts that down."""
        self.state["expects"] = key

    def look_at(self, membership: Membership | None) -> None:
        """Let what is said next be about a membership's campaign; None where it is about several."""
        self._about = membership

    def of_unit(self, unit_id: int) -> Membership | None:
        """The person's membership as a unit's liaison; None where the unit is not theirs."""
        found = next((m for m in self.memberships if m.role == "liaison" and m.unit_id == unit_id), None)
        self._about = found or self._about
        return found

    @property
    def liaison(self) -> Membership | None:
        """The membership a liaison speaks for now: the unit chosen last, else the first."""
        chosen = self.of_unit(self.state["unit"]) if "unit" in self.state else None
        self._about = chosen or next((m for m in self.memberships if m.role == "liaison"), None)
        return self._about

    @property
    def office(self) -> Membership | None:
        """The membership of somebody who sees every unit's scores."""
        return next((m for m in self.memberships if m.role in {"office", "leader"} and m.unit_id is None), None)

    def opened(self, place: Place) -> dict[str, Any] | None:
        """The open question's state, where it is about this clause."""
        found: dict[str, Any] | None = self.state.get("open")
        same = found and (found["unit"], found["rubric"], found["criterion"]) == place.parts
        return found if same else None

    def close(self, place: Place) -> None:
        """Put the question of this clause down; another one stays open."""
        if self.opened(place):
            self.state.pop("open")

    async def known(self, unit_id: int, rubric: Rubric) -> UnitFacts:
        """What is known about the unit, as of this turn."""
        return await unit_facts.of_unit(self.connection, unit_id, rubric)

    async def scored(self, unit_id: int, rubric: Rubric) -> Breakdown:
        """The unit's claimed score with its reasons, as of this turn."""
        return await scorecards.claimed_in(self.connection, unit_id, rubric)

    def place_of(self, about: Mapping[str, Any]) -> Place | None:
        """The clause that a part of the dialogue's state is about, if it is still there and the person's."""
        return self.place(Key("state", (str(about["unit"]), about["rubric"], about["criterion"]), 0))

    def held(self, name: str, key: Key) -> dict[str, Any] | None:
        """The draft in the state that a button belongs to; says so where it is another one by now, or gone."""
        found: dict[str, Any] | None = self.state.get(name)
        if found is None or found["version"] != key.version:
            self.say("stale")
            return None
        return found

    def place(self, key: Key) -> Place | None:
        """The clause a key names, if it is there and the unit is the person's."""
        if len(key.parts) < 3 or not key.parts[0].isdigit():
            return None
        membership = self.of_unit(int(key.parts[0]))
        rubric = membership.rubric(key.parts[1]) if membership else None
        criterion = rubric.criteria.get(key.parts[2]) if rubric else None
        return Place(int(key.parts[0]), rubric, criterion) if rubric and criterion else None
