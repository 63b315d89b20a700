"""What tests of the storage room set up: a campaign with its units, people who joined, rows as they lie."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text

from rubrics import loader
from storage import audit, campaigns, invitations, people
from storage.database import Database
from storage.roster import RosterUnit

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
TOWNS = loader.load("xinbei-2011-towns")
DEPARTMENTS = loader.load("xinbei-2011-departments")
TASKS = loader.load("xinbei-2011-tasks")
UNITS = (
    RosterUnit("孟河镇", "镇", ("孟河",), (), ()),
    RosterUnit("西夏墅镇", "镇", (), (), ()),
    RosterUnit("质监分局", "部门", (), (), ()),
)


def campaign(run: Any, year: int = 2026, rubrics: Any = (TOWNS, DEPARTMENTS), units: Any = UNITS) -> campaigns.Campaign:
    return run(lambda database: campaigns.create(database, NOW, "cli", year, list(rubrics), units))


def code_for(
    run: Any, made: campaigns.Campaign, role: str = "liaison", unit: str | None = "孟河镇", **words: Any
) -> str:
    invitation = run(lambda database: invitations.invite(database, NOW, "cli", made, role, unit=unit, **words))
    return invitation.code


def redeem(run: Any, address: str, code: str, at: datetime = NOW, **words: Any) -> people.Joined:
    return run(lambda database: people.redeem(database, at, "web", address, code, **words))


def joined(
    run: Any, made: campaigns.Campaign, address: str = "a1", name: str = "陈芳", **words: Any
) -> people.Membership:
    return redeem(run, address, code_for(run, made, name=name, **words)).membership


def rows(run: Any, query: str) -> list[tuple[Any, ...]]:
    """Rows through a connection of their own, so only committed data counts."""

    async def read(database: Database) -> list[tuple[Any, ...]]:
        async with database.read() as connection:
            return [tuple(row) for row in (await connection.execute(text(query))).all()]

    return run(read)


def chain(run: Any) -> audit.Chain:
    async def walk(database: Database) -> audit.Chain:
        async with database.read() as connection:
            return await audit.walk(connection)

    return run(walk)
