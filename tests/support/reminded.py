"""A campaign of three towns whose liaisons are reminded through storage and a messenger that takes everything."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from talk import ZONE, Office, Person

from channels.port import Capabilities, Outcome, Receive, Reply
from reminders.delivery import Delivery
from reminders.known import owed_in
from reminders.obligations import Obligation
from reminders.saying import Reminders
from storage import answers, phases, reminding
from storage.database import Database
from storage.inbox import Inbox
from storage.people import members_in
from storage.reminding import DIGEST, PUSH, Told
from storage.roster import RosterUnit

TOWNS = "xinbei-2011-towns"
UNITS = [RosterUnit(name, "镇", (), (), ()) for name in ("孟河镇", "西夏墅镇", "薛家镇")]
MONDAY = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)  # 9:30 in the office's zone


class Messenger:
    """Takes what it is given; ``before`` may end the program first."""

    name = "test"
    capabilities = Capabilities()

    def __init__(self) -> None:
        self.sent: list[tuple[str, int, str]] = []

    async def run(self, receive: Receive) -> None:
        raise AssertionError("not run here")

    async def send(self, address: str, message_id: int, reply: Reply) -> Outcome:
        self.sent.append((address, message_id, reply.text))
        return Outcome("sent")


class World(Office):
    """A campaign of three towns with a messenger, and the program that can end at any point."""

    def __init__(self, folder: Path, zone: ZoneInfo = ZONE) -> None:
        super().__init__(folder, (TOWNS,), UNITS)
        self.zone, self.messenger = zone, Messenger()
        self.set_phase("日常收集", date(2026, 1, 1), date(2026, 12, 31))

    def reminders(self, database: Database | None = None) -> Reminders:
        return Reminders(database or self.database, lambda: self.now, self.zone, lambda: None)

    def tick(self, at: datetime | None = None) -> int:
        self.now = at or self.now
        return self.run(self.reminders().tick())

    def deliver(self) -> None:
        checks = {DIGEST: self.reminders().is_true, PUSH: self.reminders().is_open}
        delivery = Delivery(self.database, lambda: self.now, {"test": self.messenger}, checks=checks)
        self.run(delivery.once())

    def pushed(self) -> list[tuple[str, int, str]]:
        """What was sent unasked."""
        ids = {told.message_id for told in self.told()}
        return [one for one in self.messenger.sent if one[1] in ids]

    def told(self) -> list[Told]:
        async def read() -> list[Told]:
            async with self.database.read() as connection:
                return await reminding.told_in(connection, self.campaign.id)

        return self.run(read())

    def set_phase(self, name: str, first: date, last: date) -> None:
        async def write() -> None:
            async with self.database.write() as connection:
                await phases.set_in(connection, self.now, "test", self.campaign.id, name, first, last)

        self.run(write())

    def owed(self, unit_id: int) -> tuple[Obligation, ...]:
        async def read() -> tuple[Obligation, ...]:
            async with self.database.read() as connection:
                return await owed_in(connection, self.campaign.id, unit_id, self.zone)

        return self.run(read())

    def acts(self, person: Person) -> None:
        """The person does something, as the inbox has it."""
        self.run(Inbox(self.database, lambda: self.now).keep("test", self.next_id(), person.address, {}))


async def members(world: World) -> Any:
    async with world.database.read() as connection:
        return await members_in(connection, world.campaign.id)


def does(world: World, rubric: Any, member: Any) -> None:
    """All that is asked now is answered honestly, with 不清楚."""
    today = world.now.astimezone(ZONE).date()
    open_now = {o.criteria[0] for o in world.owed(member.unit_id) if o.askable_from <= today and not o.hint}
    for ident in sorted(open_now):
        about = (world.now, member.person_id, member.unit_id, rubric, ident)
        world.run(answers.record(world.database, *about, state="unknown"))
