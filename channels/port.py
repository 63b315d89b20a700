"""The neutral port: an incoming event, an outgoing reply, and a channel between them.

Addresses and file references are opaque strings. The core never edits a message, it sends new ones; the adapter
settles a pressed option at once. What a channel cannot show becomes text; its limits are data.

What an adapter must keep it keeps through the small protocols below, whose methods take and give builtins only.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple, Protocol


class FileRef(NamedTuple):
    """A received file, already kept: ``ref`` is what the file sink gave for it."""

    ref: str
    name: str
    size_bytes: int


class Event(NamedTuple):
    """Something a person did. ``id`` is unique in the channel; ``option`` is a pressed key (see ``keys``).

    ``text`` beside files is their caption. ``parts``: ids of further kept events it was collected from (an album).
    ``refused`` holds a sentence for each file that could not be taken;
    ``other`` names what the core cannot use (语音, 表情, 位置); ``edited``: the text replaces one sent before.
    """

    channel: str
    id: str
    address: str
    at: datetime
    text: str = ""
    option: str | None = None
    start_code: str | None = None
    files: tuple[FileRef, ...] = ()
    refused: tuple[str, ...] = ()
    other: str = ""
    edited: bool = False
    in_group: bool = False
    parts: tuple[str, ...] = ()


class Option(NamedTuple):
    """A button: its key carries its whole meaning, its label has at most 10 characters."""

    key: str
    label: str


class Reply(NamedTuple):
    """What is said: text, options, or a stored file (``as_picture``: to be looked at, not only downloaded).

    ``push``: said unasked; where a channel must wait, an answer overtakes it.
    """

    text: str
    options: tuple[Option, ...] = ()
    file: FileRef | None = None
    as_picture: bool = False
    push: bool = False


class Capabilities(NamedTuple):
    """A channel's limits. More options than it shows become a numbered list."""

    options: int = 6
    label_characters: int = 10
    text_characters: int = 4096
    file_bytes: int = 20_971_520


class Outcome(NamedTuple):
    """How a sending ended. ``retry_after_seconds`` only with ``retry``; ``why`` never holds a token."""

    state: Literal["sent", "blocked", "unknown", "failed", "retry"]
    retry_after_seconds: float = 0
    why: str = ""


class Kept(NamedTuple):
    """A raw event as the inbox has it."""

    id: str
    address: str
    raw: dict[str, Any]


Receive = Callable[[Event], Awaitable[None]]


class Channel(Protocol):
    """A messenger behind the port."""

    name: str
    capabilities: Capabilities

    async def run(self, receive: Receive, waiting: Sequence[Kept] = ()) -> None:
        """Receive until cancelled: keep the raw event, confirm it, then hand it over; in order per address.

        Args:
            waiting: kept before the last end and not handled; they come first, in this order.
        """

    async def send(self, address: str, message_id: int, reply: Reply) -> Outcome:
        """Say something. ``message_id`` is the outbox row; sending the same row twice must be harmless."""


class Inbox(Protocol):
    """Raw events, kept before they are confirmed to the messenger."""

    async def keep(self, channel: str, event_id: str, address: str, raw: dict[str, Any]) -> bool:
        """Keep an event durably; False where it is already there."""

    async def drop(self, channel: str, event_id: str, why: str) -> None:
        """End a kept event that is nothing for the core; ``why`` says what is wrong with it, empty where nothing is."""


class Sessions(Protocol):
    """Who holds a browser's cookie. Tokens are kept as hashes."""

    async def open(self, token_sha256: str, address: str, expires_at: datetime) -> None:
        """Bind a token to an address."""

    async def address_of(self, token_sha256: str, now: datetime) -> str | None:
        """The address of a valid token."""

    async def end(self, token_sha256: str) -> None:
        """Forget a token."""


class Transcript(Protocol):
    """What was said at an address, both ways, in order of its row ids."""

    async def since(self, address: str, after_id: int, limit: int) -> list[dict[str, Any]]:
        """Rows after an id: ``{id, at, mine, text, options: [{key, label}], settled, file}``, oldest first."""

    async def file_of(self, address: str, message_id: int) -> dict[str, Any] | None:
        """The file of a row, ``{ref, name, size_bytes}``; None where the address has no such row or the row no file."""

    async def settle(self, address: str, message_id: int, label: str) -> None:
        """Remember that an option of a message was pressed, so that its buttons stay off."""

    async def seen(self, address: str, up_to_id: int, at: datetime) -> None:
        """Remember that a page has shown the rows up to an id: only then were they delivered."""

    async def status(self, address: str) -> str:
        """The line on top: where the person stands, always current; empty for a stranger."""


class FileSink(Protocol):
    """Where received bytes go, before anything else is done with them."""

    async def store(self, chunks: AsyncIterator[bytes], name: str, limit_bytes: int) -> dict[str, Any]:
        """Stream to disk: ``{ref, size_bytes}``, or ``{refused: sentence}``."""

    def path(self, ref: str) -> str:
        """Where a kept file lies, to send it back; FileNotFoundError where it does not."""


class Colleagues(Protocol):
    """Questions passed on by a link (转同事), answered by somebody who has not joined and sees nothing else."""

    async def question(self, code: str) -> dict[str, Any]:
        """What the link asks, and changes nothing: ``{unit, label, questions, proof, until}``.

        Or ``{refused: sentence, state}``: ``unknown`` where there never was such a link, ``used`` where it was answered,
        else ``closed``.
        """

    async def answer(self, code: str, name: str, said: str, files: Sequence[FileRef]) -> str:
        """Keep what was sent, durably, and have who passed it on told; empty, or a sentence that says why not."""
