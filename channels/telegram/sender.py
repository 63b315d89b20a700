"""The sending half of a bot: python-telegram-bot behind our pacer. It never polls and asks nothing when it starts."""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path, PurePath

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputFile, LinkPreviewOptions
from telegram.error import BadRequest, ChatMigrated, TelegramError
from telegram.ext import ExtBot

from channels.port import FileRef, FileSink, Option, Outcome, Reply
from channels.telegram import layout, words
from channels.telegram.outcomes import outcome_of
from channels.telegram.pacer import Asked, Pacer
from channels.telegram.presses import Pressed
from channels.telegram.requests import Requests
from channels.telegram.secrecy import scrub
from channels.telegram.settling import settle

PHOTO_BYTES = 10_485_760
UPLOAD_BYTES = 52_428_800
GRACE_SECONDS = 5.0
_PICTURES = {".png", ".jpg", ".jpeg"}
_MOST_ROWS_REMEMBERED = 1000
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)  # a preview opens the link: an invitation is nobody else's to open

_Step = Callable[[int], Awaitable[object]]


class Sender:
    """Sends replies, one after another within a row of the outbox."""

    def __init__(self, token: str, api_base: str, pacer: Pacer, files: FileSink, most_options: int) -> None:
        """Nothing is sent. ``initialize`` of the bot is never called: it would ask Telegram who the bot is."""
        self._request = Requests()
        base = api_base.rstrip("/")
        self.bot: ExtBot[Asked] = ExtBot(
            token,
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            request=self._request,
            get_updates_request=self._request,
            rate_limiter=pacer,
        )
        self._pacer, self._files, self._most_options = pacer, files, most_options
        self._moved: dict[int, int] = {}
        self._done: OrderedDict[int, int] = OrderedDict()
        self._out: set[asyncio.Future[None]] = set()
        self._closed = False

    async def close(self) -> None:
        """Send nothing more; what is out already is let come back, so that it is known how it ended."""
        self._closed = True
        await self._pacer.shutdown()
        if self._out:
            await asyncio.wait(self._out, timeout=GRACE_SECONDS)
        await self._request.shutdown()

    def moved(self, old: int, new: int) -> None:
        """Remember that a group has another id now."""
        self._moved[old] = new

    async def send(self, address: str, message_id: int, reply: Reply) -> Outcome:
        """Send a row of the outbox; what of it has gone out from this process already does not go out again."""
        if self._closed:
            return Outcome("retry", why=words.STOPPED)
        ended = asyncio.get_running_loop().create_future()
        self._out.add(ended)
        try:
            return await self._send(address, message_id, reply)
        finally:
            self._out.discard(ended)
            ended.set_result(None)

    async def _send(self, address: str, message_id: int, reply: Reply) -> Outcome:
        try:
            chat = int(address)
        except ValueError:
            return Outcome("unknown", why=words.NO_CHAT)
        try:
            steps = self._steps(reply, Asked(message_id, reply.push))
        except OSError:
            return Outcome("failed", why=words.FILE_GONE)
        if isinstance(steps, Outcome):
            return steps
        try:
            for number in range(self._done.get(message_id, 0), len(steps)):
                await self._step(steps[number], chat)
                self._remember(message_id, number + 1)
        except TelegramError as error:
            return outcome_of(error)
        except OSError as error:
            return Outcome("failed", why=scrub(error))
        return Outcome("sent")

    async def settle(self, press: Pressed) -> None:
        """Settle a pressed option, as far as it goes."""
        await settle(self.bot, press)

    async def _step(self, step: _Step, chat: int) -> None:
        chat = self._moved.get(chat, chat)
        try:
            await step(chat)
        except ChatMigrated as error:
            self.moved(chat, error.new_chat_id)
            await step(error.new_chat_id)

    def _remember(self, message_id: int, steps: int) -> None:
        self._done[message_id] = steps
        self._done.move_to_end(message_id)
        if len(self._done) > _MOST_ROWS_REMEMBERED:
            self._done.popitem(last=False)

    def _steps(self, reply: Reply, mark: Asked) -> list[_Step] | Outcome:
        """One call each; buttons go under the last text, what does not fit under one message under further ones."""
        first, *others = layout.keyboards(reply.options, self._most_options) or [()]
        captioned = reply.file is not None and layout.units(reply.text) <= layout.CAPTION_UNITS
        texts = [] if captioned else layout.pieces(reply.text)
        steps: list[_Step] = [partial(self._text, text, (), mark) for text in texts]
        if reply.file is not None:
            path = Path(self._files.path(reply.file.ref))
            size = path.stat().st_size
            if size > UPLOAD_BYTES:
                return Outcome("failed", why=words.FILE_LARGE.format(most=UPLOAD_BYTES // 1_048_576))
            picture = reply.as_picture and PurePath(reply.file.name).suffix.lower() in _PICTURES and size <= PHOTO_BYTES
            caption = reply.text if captioned else ""
            steps.append(partial(self._file, path, reply.file, caption, first, mark, picture))
        else:
            steps[-1:] = [partial(self._text, texts[-1] if texts else reply.text, first, mark)]
        return steps + [partial(self._text, words.GOES_ON, group, mark) for group in others]

    async def _text(self, text: str, options: Sequence[Option], mark: Asked, chat: int) -> None:
        await self.bot.send_message(
            chat, text, reply_markup=_keyboard(options), link_preview_options=_NO_PREVIEW, rate_limit_args=mark
        )

    async def _file(
        self,
        path: Path,
        file: FileRef,
        caption: str,
        options: Sequence[Option],
        mark: Asked,
        picture: bool,
        chat: int,
    ) -> None:
        """A file; a picture that Telegram will not show as one goes as a document."""
        send = partial(
            self._upload,
            path,
            file.name,
            caption=caption or None,
            reply_markup=_keyboard(options),
            mark=mark,
            chat=chat,
        )
        if picture:
            with contextlib.suppress(BadRequest):
                await send(as_photo=True)
                return
        await send(as_photo=False)

    async def _upload(
        self,
        path: Path,
        name: str,
        *,
        as_photo: bool,
        caption: str | None,
        reply_markup: InlineKeyboardMarkup | None,
        mark: Asked,
        chat: int,
    ) -> None:
        with path.open("rb") as content:
            sent = InputFile(content, name, read_file_handle=False)  # streamed, never whole in memory
            call = self.bot.send_photo if as_photo else self.bot.send_document
            await call(chat, sent, caption=caption, reply_markup=reply_markup, rate_limit_args=mark)


def _keyboard(options: Sequence[Option]) -> InlineKeyboardMarkup | None:
    if not options:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(o.label, callback_data=o.key) for o in row] for row in layout.rows(options)]
    )
