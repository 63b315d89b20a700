"""What is kept about proof, read as the tests ask for it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

from talk import Office, Person

from channels import keys
from channels.port import FileRef
from rubrics import loader
from storage import entries, evidence, proof_notes, scorecards, unit_facts

RUBRIC = "xinbei-2011-towns"
JPEG = b"\xff\xd8\xff\xe0 jpeg"


def ask(person: Person, criterion: str) -> str:
    return person.press_key(keys.pack("ask", 1, RUBRIC, criterion))


def proof(person: Person, criterion: str) -> str:
    return person.press_key(keys.pack("proof", 1, RUBRIC, criterion))


def uses(office: Office, criterion: str, unit_id: int = 1) -> list[tuple[str, int, int | None]]:
    """Name, part and entry of each file of a clause."""
    held = _read(office, evidence.of_clause_in, unit_id, RUBRIC, criterion)
    return [(use.evidence.name, use.part, use.entry_id) for use in held]


def unsorted(office: Office, unit_id: int = 1) -> list[str]:
    return [file.name for file in _read(office, evidence.unsorted_in, unit_id)]


def notes(office: Office, criterion: str) -> list[tuple[str, str, str, str]]:
    held = _read(office, proof_notes.of_clause_in, 1, RUBRIC, criterion)
    return [(note.kind, note.title, note.number, note.place) for note in held]


def ledger(office: Office, criterion: str) -> list[tuple[str, str, str]]:
    """Name, day and 文号 of each entry."""
    held = _read(office, entries.of_clause_in, 1, RUBRIC, criterion)
    return [(entry.name, str(entry.happened_on or ""), entry.number) for entry in held]


def file_id(office: Office, name: str, unit_id: int = 1) -> int:
    filed = _read(office, evidence.of_unit_in, unit_id)
    return next(one.evidence.id for one in filed if one.evidence.name == name)


def facts(office: Office) -> unit_facts.UnitFacts:
    return office.run(unit_facts.read(office.database, 1, loader.load(RUBRIC)))  # type: ignore[no-any-return]


def proven(office: Office) -> Decimal | None:
    """The unit's proven points."""
    rows = office.run(scorecards.summary(office.database, 1))
    return next(row.proven.total for row in rows if row.unit_id == 1 and row.rubric_id == RUBRIC)  # type: ignore[no-any-return]


def stored(office: Office, name: str, content: bytes = b"%PDF-1.4") -> FileRef:
    """A file as a channel hands it over."""

    async def chunks() -> AsyncIterator[bytes]:
        yield content + name.encode()

    kept = office.run(office.files.store(chunks(), name, 1 << 20))
    return FileRef(kept["ref"], name, kept["size_bytes"])


def _read(office: Office, what: Any, *about: Any) -> Any:
    async def read() -> Any:
        async with office.database.read() as connection:
            return await what(connection, *about)

    return office.run(read())
