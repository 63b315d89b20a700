"""Links for one clause: a town's office with a web page's address, and what stands behind the page."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

from talk import ZONE, Office, Person

from channels.port import FileRef
from handlers.answering.colleague import teller
from handlers.conversation import Conversation
from storage.colleague_pages import ColleaguePages
from storage.file_text import TextReader

HOME = "https://kp.example.cn"


def with_page(office: Office, reader: TextReader | None = None) -> ColleaguePages:
    """Give the office's people a page, and return what answers its links."""
    clock = lambda: office.now  # noqa: E731 - read anew each time
    office.conversation = Conversation(
        office.database, office.files, clock, ZONE, lambda: None, reader=reader, home=lambda: HOME
    )
    return ColleaguePages(office.database, office.files, clock, ZONE, teller(clock, ZONE), lambda: None)


def link_of(person: Person, clause: str = "1.2") -> str:
    """The code of a fresh link for a clause of unit 1."""
    said = person.press_key(f"colleague:1,xinbei-2011-towns,{clause}:0")
    found = re.search(f"{HOME}/c/([0-9A-Za-z_-]+)", said)
    assert found, said
    return found[1]


def file(office: Office, name: str, content: bytes = b"%PDF-1.4 minutes") -> FileRef:
    """A file as the page keeps it."""

    async def chunks() -> AsyncIterator[bytes]:
        yield content + name.encode()

    kept = office.run(office.files.store(chunks(), name, 1 << 20))
    return FileRef(kept["ref"], name, kept["size_bytes"])


def send(office: Office, pages: ColleaguePages, code: str, said: str, *files: FileRef, name: str = "王五") -> Any:
    """Answer a link as a colleague."""
    return office.run(pages.answer(code, name, said, files))
