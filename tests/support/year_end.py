"""What flow tests of the year's last phases set up: phases, verdicts of a reviewer, keys that were forged."""

from __future__ import annotations

from datetime import date
from typing import Any

from talk import Office

from rubrics import loader
from storage import people, phases, verdicts

TOWNS = loader.load("xinbei-2011-towns")


def do(office: Office, use_case: Any, *given: Any, **words: Any) -> Any:
    async def work() -> Any:
        async with office.database.write() as connection:
            return await use_case(connection, *given, **words)

    return office.run(work())


def set_phase(office: Office, name: str, starts_on: date, ends_on: date) -> None:
    do(office, phases.set_in, office.now, "test", office.campaign.id, name, starts_on, ends_on)


def lock(office: Office) -> None:
    """自评 ended on 15 November; it is the 21st."""
    set_phase(office, phases.SELF_ASSESSMENT, date(2026, 11, 1), date(2026, 11, 15))


def person_id(office: Office, address: str) -> int:
    async def read() -> int:
        async with office.database.read() as connection:
            return (await people.memberships_in(connection, "test", address))[0].person_id

    return office.run(read())


def reviewed(office: Office, by: str, how: str, ident: str, *words: Any, unit_id: int = 1) -> int:
    """A verdict of somebody of the office; returns its id."""
    basis = do(office, verdicts.shown_in, unit_id, TOWNS, ident)
    about = (office.now, person_id(office, by), unit_id, TOWNS, ident, *words)
    given = do(office, getattr(verdicts, f"{how}_in"), *about, basis=basis)
    return given.verdict.id
