"""A campaign with files, entries and named documents on disk: what packs, annexes and reports are read from."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from talk import START, ZONE, Office

from reports import pack
from reports.pack import Pack, Wish
from rubrics import loader
from rubrics.model import Rubric
from rubrics.proof import WHOLE
from storage import answers, entries, evidence, proof_notes
from storage.roster import RosterUnit

RUBRICS = ("xinbei-2011-towns", "xinbei-2011-departments", "xinbei-2011-tasks")
TOWNS, DEPARTMENTS, TASKS = (loader.load(ident) for ident in RUBRICS)
PDF, JPEG, OLD_WORD = b"%PDF-1.4 ", b"\xff\xd8\xff\xe0 ", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 "
MENGHE, XIXIASHU, BUREAU = 1, 2, 3


class World:
    """孟河镇, 西夏墅镇 and 质监分局; a liaison of the first (person 1) did all that is done here."""

    def __init__(self, folder: Path, units: list[RosterUnit] | None = None) -> None:
        named = units or [
            RosterUnit("孟河镇", "镇", ("孟河",), (), ()),
            RosterUnit("西夏墅镇", "镇", (), (), ()),
            RosterUnit("质监分局", "部门", ("质监",), (), ()),
        ]
        self.office = Office(folder, RUBRICS, named)
        self.chen = self.office.person("chen", "liaison", named[0].name)
        self.files = self.office.files

    def close(self) -> None:
        self.office.close()

    def do(self, what: Any, *about: Any, at: datetime = START, person: int = 1, **words: Any) -> Any:
        """One use case in a unit of work of its own: `what(connection, at, person, …)`."""

        async def work() -> Any:
            async with self.office.database.write() as connection:
                return await what(connection, at, person, *about, **words)

        return self.office.run(work())

    def read(self, what: Any, *about: Any, **words: Any) -> Any:
        """What a reading function says: `what(connection, …)`."""

        async def work() -> Any:
            async with self.office.database.read() as connection:
                return await what(connection, *about, **words)

        return self.office.run(work())

    def file(
        self, name: str, content: bytes = PDF, unit: int = MENGHE, dated_on: date | None = None, **words: Any
    ) -> evidence.Evidence:
        """A file of a unit, its bytes its own."""

        async def chunks() -> AsyncIterator[bytes]:
            yield content + f"{unit} {name}".encode("utf-8", "replace")

        kept = self.office.run(self.files.store(chunks(), "x", 1 << 22))
        kind = self.office.run(self.files.type_of(kept["ref"]))
        about = (unit, kept["ref"], name, kept["size_bytes"], kind.kind)
        made: evidence.Evidence = self.do(evidence.receive_in, *about, dated_on=dated_on, **words)
        return made

    def proves(
        self, file: evidence.Evidence, criterion: str, rubric: Rubric = TOWNS, *, part: int = WHOLE, **words: Any
    ) -> evidence.Evidence:
        self.do(evidence.attach_in, file.unit_id, file.id, rubric, criterion, part=part, **words)
        return file

    def entry(self, criterion: str, name: str, day: date | None, unit: int = MENGHE, **words: Any) -> int:
        added = self.do(entries.add_in, unit, TOWNS, criterion, name=name, happened_on=day, **words)
        ident: int = added.entry.id
        return ident

    def answer(self, criterion: str, fact: object, unit: int = MENGHE, rubric: Rubric = TOWNS, **words: Any) -> None:
        self.do(answers.record_in, unit, rubric, criterion, fact, **words)

    def note(self, criterion: str, kind: str, title: str, unit: int = MENGHE, **words: Any) -> None:
        self.do(proof_notes.add_in, unit, TOWNS, criterion, kind=kind, title=title, **words)

    def pack(self, unit: int | None = MENGHE, wish: Wish | None = None) -> Pack:
        made: Pack = self.read(pack.collect, self.office.campaign, unit, START, ZONE, wish)
        return made
