"""Who owes what and was told when, as storage fills it for the planner; and who stands in for whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from reminders.obligations import Obligation
from reminders.pacing import Calendar
from reminders.quiet import Said, Snooze


class Campaign(NamedTuple):
    """The campaign that is planned for. ``closed``: nothing more is said."""

    id: int
    zone: ZoneInfo
    calendar: Calendar
    closed: bool = False


class Desk(NamedTuple):
    """A unit with what it still owes, the most urgent first, as `open_obligations` gives it."""

    unit_id: int
    unit: str
    obligations: tuple[Obligation, ...]


class Leave(NamedTuple):
    """Days away, both inclusive, and who stands in."""

    starts_on: date
    ends_on: date
    deputy_id: int | None = None

    def runs(self, today: date) -> bool:
        """Whether the person is away on a day."""
        return self.starts_on <= today <= self.ends_on


class Person(NamedTuple):
    """A liaison, or a deputy without a desk of their own.

    ``said``: every digest the person got, oldest first. ``announced``: the days on which an obligation of a unit was
    told to this person, by unit and key. ``answering``: a question is open and was touched in the last minutes.
    ``reachable``: false where the person has blocked the bot or never opened a link.
    """

    id: int
    name: str
    desks: tuple[Desk, ...] = ()
    said: tuple[Said, ...] = ()
    announced: Mapping[tuple[int, str], tuple[date, ...]] = {}
    snooze: Snooze | None = None
    leave: Leave | None = None
    answering: bool = False
    reachable: bool = True


class Held(NamedTuple):
    """Who owes something and is not told, and why."""

    person_id: int
    person: str
    why: str


def is_present(person: Person, today: date) -> bool:
    """Whether a person can be told anything on a day."""
    return person.reachable and not (person.leave and person.leave.runs(today))


def routed(people: Sequence[Person], today: date) -> tuple[Iterator[Person], tuple[Held, ...]]:
    """Those who are told on a day, a deputy with the desks of who is away; and those nobody can be told for.

    A unit whose other liaison is there needs no deputy.
    """
    absent = [person for person in people if not is_present(person, today)]
    if not absent:
        return iter(people), ()
    by_id = {person.id: person for person in people}
    covered = {desk.unit_id for person in people if is_present(person, today) for desk in person.desks}
    extra: dict[int, list[Desk]] = {}
    held: list[Held] = []
    for person in absent:
        owed = [desk for desk in person.desks if desk.obligations]
        stands_in = _stand_in(person, by_id, today)
        if stands_in is not None:
            extra.setdefault(stands_in.id, []).extend(owed)
        elif any(desk.unit_id not in covered for desk in owed):
            held.append(Held(person.id, person.name, _why_absent(person)))
    return _with_extra(people, extra, today), tuple(held)


def _with_extra(people: Iterable[Person], extra: Mapping[int, list[Desk]], today: date) -> Iterator[Person]:
    for person in people:
        if not is_present(person, today):
            continue
        more = extra.get(person.id)
        if more:
            by_unit = {desk.unit_id: desk for desk in (*more, *person.desks)}  # a unit's own desk wins, said once
            own = [desk.unit_id for desk in person.desks]
            order = [*own, *(ident for ident in by_unit if ident not in own)]
            yield person._replace(desks=tuple(by_unit[ident] for ident in order))
        else:
            yield person


def _stand_in(person: Person, by_id: Mapping[int, Person], today: date) -> Person | None:
    """The first in the chain of deputies who is there; a circle of absent people has none."""
    seen = {person.id}
    deputy_id = person.leave.deputy_id if person.leave else None
    while deputy_id is not None and deputy_id not in seen:
        seen.add(deputy_id)
        deputy = by_id.get(deputy_id)
        if deputy is None or is_present(deputy, today):
            return deputy
        deputy_id = deputy.leave.deputy_id if deputy.leave else None
    return None


def _why_absent(person: Person) -> str:
    if not person.reachable:
        return "联系不上（没有打开过链接，或屏蔽了机器人），没有替代的人"
    return "请假，没有代理人"
