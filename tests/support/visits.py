"""What flow tests of visits set up: people with names, answers of a unit, what lies there, groups as they are kept."""

from __future__ import annotations

from datetime import date
from typing import Any

from talk import Office, Person

from storage import answers, findings, invitations, phases, proof_notes, review_groups
from storage.editions import in_force
from storage.findings import Finding
from storage.review_groups import Group

TOWNS = in_force("xinbei-2011-towns", {})


def joined(office: Office, address: str, name: str, role: str, unit: str | None = None) -> Person:
    """Somebody with a name."""
    about = (office.database, office.now, "test", office.campaign, role)
    person = Person(office, address)
    person.start(office.run(invitations.invite(*about, unit=unit, name=name)).code)
    return person


def do(office: Office, use_case: Any, *given: Any, **words: Any) -> Any:
    async def work() -> Any:
        async with office.database.write() as connection:
            return await use_case(connection, *given, **words)

    return office.run(work())


def answer(office: Office, ident: str, fact: object, unit_id: int = 1) -> None:
    do(office, answers.record_in, office.now, 1, unit_id, TOWNS, ident, fact)


def offline(office: Office, ident: str, unit_id: int = 1) -> None:
    words = {"kind": "offline", "title": "分工文件", "place": "档案室 3 号柜"}
    do(office, proof_notes.add_in, office.now, 1, unit_id, TOWNS, ident, **words)


def lock(office: Office) -> None:
    """自评 is over since 11-15; it is the 21st."""
    do(office, phases.set_in, office.now, "test", 1, "自评", date(2026, 11, 1), date(2026, 11, 15))


def groups(office: Office) -> list[Group]:
    return do(office, review_groups.of_campaign_in, 1)  # type: ignore[no-any-return]


def found(office: Office, unit_id: int = 1) -> list[Finding]:
    return do(office, findings.of_unit_in, unit_id)  # type: ignore[no-any-return]
