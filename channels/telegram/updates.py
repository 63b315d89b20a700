"""From a kept update to an event: aiogram's types read it, the rest is choosing."""

from __future__ import annotations

import mimetypes
import re
from datetime import UTC, datetime, tzinfo
from typing import NamedTuple

from aiogram.enums import ChatType, ContentType
from aiogram.types import CallbackQuery, Message, Update

from channels.names import shown_name
from channels.port import Event, FileRef, Kept
from channels.telegram import words
from channels.telegram.raw import CHANNEL

OTHERS = {
    ContentType.STICKER: words.STICKER,
    ContentType.VOICE: words.VOICE,
    ContentType.LOCATION: words.PLACE,
    ContentType.VENUE: words.PLACE,
    ContentType.CONTACT: words.CONTACT,
    ContentType.POLL: words.POLL,
    ContentType.DICE: words.DICE,
    ContentType.GAME: words.GAME,
    ContentType.STORY: words.STORY,
    ContentType.PAID_MEDIA: words.PAID,
    ContentType.CHECKLIST: words.LIST,
    ContentType.RICH_MESSAGE: words.UNKNOWN,
    ContentType.UNKNOWN: words.UNKNOWN,
}
"""What a person can send that is neither text nor file. Every other type is Telegram's own notice, and no event."""

# An animation comes with a document that is the same file, so the document goes first.
FILES = (
    ("document", words.FILE, ""),
    ("video", words.VIDEO, ".mp4"),
    ("audio", words.AUDIO, ".mp3"),
    ("video_note", words.VIDEO, ".mp4"),
    ("animation", words.MOVING, ".mp4"),
)


class Heard(NamedTuple):
    """An event whose files are still Telegram's ids; ``album``: what it is to be collected with."""

    event: Event
    album: str | None = None


class Reader:
    """Reads updates meant for one bot."""

    def __init__(self, username: str, zone: tzinfo) -> None:
        """For the bot of this name; ``zone`` dates the names of photos."""
        self._zone = zone
        self._me = re.compile(rf"(?<!\w)@{re.escape(username)}(?!\w)", re.IGNORECASE)
        self._to_me = re.compile(rf"(/\w+)@{re.escape(username)}(?!\w)", re.IGNORECASE)

    def heard(self, kept: Kept, update: Update) -> Heard | None:
        """What a person did; None for what is nothing for the core."""
        if update.callback_query:
            return self._press(kept, update.callback_query)
        if message := update.message or update.edited_message:
            return self._message(kept, message, edited=update.message is None)
        return None

    def _press(self, kept: Kept, query: CallbackQuery) -> Heard | None:
        if query.data is None or query.message is None:
            return None
        at = datetime.fromisoformat(kept.raw["at"])
        in_group = query.message.chat.type != ChatType.PRIVATE
        return Heard(Event(CHANNEL, kept.id, kept.address, at, option=_clean(query.data), in_group=in_group))

    def _message(self, kept: Kept, message: Message, edited: bool) -> Heard | None:
        in_group = message.chat.type != ChatType.PRIVATE
        text: str | None = _clean(message.text or message.caption or "")
        if in_group:
            text = self._addressed(text or "")
        files = () if in_group else tuple(self._files(message))
        other = "" if files else OTHERS.get(ContentType(message.content_type), "")
        if text is None or not (text or files or (other and not edited)):  # a live location is edited every few seconds
            return None
        at = datetime.fromtimestamp(message.edit_date, UTC) if message.edit_date else message.date.astimezone(UTC)
        event = Event(CHANNEL, kept.id, kept.address, at, self._to_me.sub(r"\1", text), files=files)
        if (code := kept.raw.get("start_code")) is not None:
            event = event._replace(start_code=_clean(code), text="")
        album = message.media_group_id if files and not edited else None
        return Heard(event._replace(other=other, edited=edited, in_group=in_group), album)

    def _addressed(self, text: str) -> str | None:
        """A group's text without the bot's name; None where it is not meant for the bot."""
        if text.startswith("/"):
            other = re.match(r"/\w+@", text) and not self._to_me.match(text)
            return None if other else text
        return self._me.sub("", text).strip() if self._me.search(text) else None

    def _files(self, message: Message) -> list[FileRef]:
        if message.photo:
            largest = max(message.photo, key=lambda size: size.width * size.height)
            return [FileRef(_clean(largest.file_id), self._name(message, words.PHOTO, ".jpg"), largest.file_size or 0)]
        for attribute, kind, ending in FILES:
            if file := getattr(message, attribute):
                ending = mimetypes.guess_extension(getattr(file, "mime_type", None) or "") or ending
                name = shown_name(getattr(file, "file_name", None) or self._name(message, kind, ending))
                return [FileRef(_clean(file.file_id), name, file.file_size or 0)]
        return []

    def _name(self, message: Message, kind: str, ending: str) -> str:
        return f"{kind}_{message.date.astimezone(self._zone):%Y%m%d_%H%M}{ending}"


def _clean(text: str) -> str:
    """Text that a database takes: JSON can spell half a character and a NUL."""
    return text.encode("utf-8", "ignore").decode().replace("\0", "")
