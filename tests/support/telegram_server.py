"""A strict Bot API server on loopback: what Telegram would refuse it refuses, what nobody should send it remembers.

People are added with `person` and `group`; they write with `say`, `press`, `send_file`, `album`, `edit`. What the bot
sent lies in `messages`. A method or field that is not known here is a fault: `faults` must be empty at the end.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web
from telegram_rules import METHODS, RefusedError, caption_of, checked_text, commands_of, keyboard_of

TOKEN = "4242:AAH-loopback-token-that-nobody-may-read"
USERNAME = "kaoping_bot"
DATE = 1_795_223_520  # 2026-11-21 09:12 in Shanghai
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


@dataclass
class Chat:
    id: int
    kind: str = "private"
    blocked: bool = False
    moved_to: int | None = None

    def as_json(self) -> dict[str, Any]:
        names = {"first_name": "陈芳"} if self.kind == "private" else {"title": "新北质量"}
        return {"id": self.id, "type": self.kind, **names}


@dataclass
class Message:
    """Something the bot sent, as it stands now."""

    id: int
    chat: Chat
    text: str
    method: str
    keyboard: list[list[dict[str, str]]] | None = None
    file_name: str = ""
    content: bytes = b""
    at: float = 0.0
    edits: int = 0

    @property
    def labels(self) -> list[list[str]]:
        return [[button["text"] for button in row] for row in self.keyboard or []]

    def as_json(self) -> dict[str, Any]:
        found: dict[str, Any] = {"message_id": self.id, "date": DATE, "chat": self.chat.as_json()}
        found["from"] = {"id": 4242, "is_bot": True, "first_name": "考评", "username": USERNAME}
        if self.method == "sendMessage":
            found["text"] = self.text
        else:
            found["document"] = {"file_id": "sent", "file_unique_id": "sent", "file_name": self.file_name}
            found |= {"caption": self.text} if self.text else {}
        return found | ({"reply_markup": {"inline_keyboard": self.keyboard}} if self.keyboard else {})


@dataclass
class Trouble:
    """An answer that is given in place of the right one."""

    status: int
    description: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    html: str = ""
    only: Callable[[dict[str, Any]], bool] = lambda data: True


@dataclass
class StoredFile:
    content: bytes
    cut_at: list[int] = field(default_factory=list)  # each download takes one: so many bytes, then the line is cut
    silent: bool = False  # cut without a length that would give it away
    asked: int = 0


class TelegramServer:
    def __init__(self) -> None:
        self.base = ""
        self.chats: dict[int, Chat] = {}
        self.messages: list[Message] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.answered: list[str] = []
        self.files: dict[str, StoredFile] = {}
        self.faults: list[str] = []
        self.trouble: dict[str, deque[Trouble]] = defaultdict(deque)
        self.delay: dict[str, float] = {}
        self.pending: dict[int, Any] = {}
        self.again: list[Any] = []
        """Delivered once more though confirmed, or without a number that could confirm it."""
        self.given: dict[Any, int] = {}
        self.confirmed = 0
        self.menu: dict[str, str] = {}
        self.webhook: dict[str, str] = {}
        self.webhook_answers: list[tuple[int, int]] = []
        self._numbers, self._ids = itertools.count(1000), itertools.count(1)
        self._something, self._poller = asyncio.Event(), 0

    @asynccontextmanager
    async def serving(self, port: int = 0) -> AsyncIterator[TelegramServer]:
        app = web.Application(client_max_size=60_000_000)
        app.add_routes(
            [
                web.post("/bot{token}/{method}", self._call),
                web.get("/file/bot{token}/{path:.+}", self._download),
            ]
        )
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        self.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        delivering = asyncio.create_task(self._deliver())
        try:
            yield self
        finally:
            delivering.cancel()
            self._poller += 1
            self._something.set()
            await runner.cleanup()

    # People

    def person(self, chat_id: int) -> Chat:
        return self.chats.setdefault(chat_id, Chat(chat_id))

    def group(self, chat_id: int = -500) -> Chat:
        return self.chats.setdefault(chat_id, Chat(chat_id, "group" if chat_id > -1_000_000 else "supergroup"))

    def update(self, kind: str, content: Any, number: int | None = None) -> int:
        """Queue an update; the same number again is a redelivery."""
        number = next(self._numbers) if number is None else number
        return self.raw({"update_id": number, kind: content})

    def raw(self, update: Any) -> int:
        """Queue whatever it is."""
        number = update.get("update_id") if isinstance(update, dict) else None
        if isinstance(number, int) and number > self.confirmed:
            self.pending[number] = update
        else:
            self.again.append(update)
        self.given.pop(number, None)
        self._something.set()
        return number if isinstance(number, int) else 0

    def taken(self, number: int) -> bool:
        """Whether an update was given out and the bot has come back since, with another offset or a 200."""
        return number in self.given and self._poller > self.given[number]

    def message(self, chat_id: int, **content: Any) -> dict[str, Any]:
        chat = self.chats[chat_id]
        sender = {"id": abs(chat_id), "is_bot": False, "first_name": "陈芳"}
        return {"message_id": next(self._ids), "date": DATE, "chat": chat.as_json(), "from": sender, **content}

    def say(self, chat_id: int, text: str, number: int | None = None) -> int:
        return self.update("message", self.message(chat_id, text=text), number)

    def edit(self, chat_id: int, message_id: int, text: str, date: int = DATE + 60) -> int:
        old = self.message(chat_id, text=text, edit_date=date)
        return self.update("edited_message", {**old, "message_id": message_id})

    def press(self, message: Message, data: str, query_id: str | None = None, number: int | None = None) -> int:
        query = {
            "id": query_id or f"q{next(self._ids)}",
            "from": {"id": abs(message.chat.id), "is_bot": False, "first_name": "陈芳"},
            "chat_instance": "1",
            "message": message.as_json(),
            "data": data,
        }
        return self.update("callback_query", query, number)

    def file(self, content: bytes, **options: Any) -> dict[str, Any]:
        """Keep bytes to be fetched; gives the fields every kind of file has."""
        ident = f"file{next(self._ids)}"
        self.files[ident] = StoredFile(content, **options)
        return {"file_id": ident, "file_unique_id": ident, "file_size": len(content)}

    def send_file(self, chat_id: int, name: str, content: bytes, **message: Any) -> int:
        document = {**self.file(content), "file_name": name}
        return self.update("message", self.message(chat_id, document=document, **message))

    def photo(self, content: bytes) -> list[dict[str, Any]]:
        """A photo as Telegram has it: thumbnails before the picture, and here one behind it, too."""
        sizes = [(b"tiny", 90, 120), (content, 960, 1280), (b"small", 320, 420)]
        return [{**self.file(bytes_), "width": width, "height": height} for bytes_, width, height in sizes]

    def send_photo(self, chat_id: int, content: bytes, **message: Any) -> int:
        return self.update("message", self.message(chat_id, photo=self.photo(content), **message))

    # The API

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if request.match_info["token"] != TOKEN:
            return _refusal(RefusedError(401, "Unauthorized"))
        data = await _fields(request)
        self.calls.append((method, data))
        await asyncio.sleep(self.delay.get(method, 0))
        if self.trouble[method] and self.trouble[method][0].only(data):
            return _troubled(self.trouble[method].popleft())
        try:
            if method not in METHODS:
                raise RefusedError(404, "Not Found")
            required, allowed = METHODS[method]
            if missing := required - data.keys() or data.keys() - required - allowed:
                raise RefusedError(400, f"Bad Request: {method} {sorted(missing)}", fault=True)
            result = await getattr(self, f"_on_{method}")(data)
        except RefusedError as error:
            if error.fault or error.status == 404:
                self.faults.append(f"{method}: {error.description}")
            return _refusal(error)
        return web.json_response({"ok": True, "result": result})

    async def _on_getMe(self, data: dict[str, Any]) -> Any:  # noqa: N802 - Telegram's name
        return {"id": 4242, "is_bot": True, "first_name": "考评", "username": USERNAME}

    async def _on_getUpdates(self, data: dict[str, Any]) -> Any:  # noqa: N802
        if self.webhook:
            raise RefusedError(409, "Conflict: can't use getUpdates method while webhook is active")
        self._poller += 1
        me, until = self._poller, time.monotonic() + int(data.get("timeout", 0))
        self._something.set()  # whoever polled before is told
        offset = int(data.get("offset", 0))
        if offset:
            self.confirmed = max(self.confirmed, offset - 1)
            self.pending = {number: update for number, update in self.pending.items() if number >= offset}
        while True:
            if me != self._poller:
                raise RefusedError(409, "Conflict: terminated by other getUpdates request")
            found = [update for number, update in sorted(self.pending.items()) if number >= offset]
            if found or self.again or time.monotonic() >= until:
                found = [*self.again, *found][: int(data.get("limit", 100))]
                self.again = []
                self.given |= {update["update_id"]: me for update in found if _numbered(update)}
                return found
            self._something.clear()
            try:
                await asyncio.wait_for(self._something.wait(), max(0.0, until - time.monotonic()))
            except TimeoutError:
                continue

    async def _on_setWebhook(self, data: dict[str, Any]) -> Any:  # noqa: N802
        if data.get("drop_pending_updates"):
            raise RefusedError(400, "Bad Request: pending updates would be lost", fault=True)
        self.webhook = {"url": data["url"], "secret": data.get("secret_token", "")}
        self._something.set()
        return True

    async def _on_deleteWebhook(self, data: dict[str, Any]) -> Any:  # noqa: N802
        if data.get("drop_pending_updates"):
            raise RefusedError(400, "Bad Request: pending updates would be lost", fault=True)
        self.webhook = {}
        return True

    async def _on_setMyCommands(self, data: dict[str, Any]) -> Any:  # noqa: N802
        self.menu = commands_of(data)
        return True

    async def _on_getFile(self, data: dict[str, Any]) -> Any:  # noqa: N802
        file = self.files.get(data["file_id"])
        if file is None:
            raise RefusedError(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        if len(file.content) > 20_971_520:
            raise RefusedError(400, "Bad Request: file is too big")
        found = {"file_id": data["file_id"], "file_unique_id": data["file_id"], "file_path": data["file_id"]}
        return {**found, "file_size": len(file.content)}

    async def _on_answerCallbackQuery(self, data: dict[str, Any]) -> Any:  # noqa: N802
        self.answered.append(data["callback_query_id"])
        return True

    async def _on_sendMessage(self, data: dict[str, Any]) -> Any:  # noqa: N802
        chat, text, keyboard = self._reach(data), checked_text(data["text"]), keyboard_of(data)
        return self._sent(Message(next(self._ids), chat, text, "sendMessage", keyboard))

    async def _on_sendDocument(self, data: dict[str, Any]) -> Any:  # noqa: N802
        return self._sent_file(data, "sendDocument", "document", 52_428_800)

    async def _on_sendPhoto(self, data: dict[str, Any]) -> Any:  # noqa: N802
        if not data["photo"][1].startswith((b"\x89PNG", b"\xff\xd8")):
            raise RefusedError(400, "Bad Request: IMAGE_PROCESS_FAILED")
        return self._sent_file(data, "sendPhoto", "photo", 10_485_760)

    async def _on_editMessageText(self, data: dict[str, Any]) -> Any:  # noqa: N802
        return self._edit(data, checked_text(data["text"]))

    async def _on_editMessageCaption(self, data: dict[str, Any]) -> Any:  # noqa: N802
        return self._edit(data, caption_of(data))

    async def _on_editMessageReplyMarkup(self, data: dict[str, Any]) -> Any:  # noqa: N802
        return self._edit(data, None)

    def _sent_file(self, data: dict[str, Any], method: str, part: str, most: int) -> Any:
        chat, caption, keyboard, (name, content) = self._reach(data), caption_of(data), keyboard_of(data), data[part]
        if len(content) > most or not content:
            raise RefusedError(413, "Request Entity Too Large")
        return self._sent(Message(next(self._ids), chat, caption, method, keyboard, name, content))

    def _sent(self, message: Message) -> Any:
        message.at = time.monotonic()
        self.messages.append(message)
        return message.as_json()

    def _reach(self, data: dict[str, Any]) -> Chat:
        chat = self.chats.get(int(data["chat_id"]))
        if chat is None:
            raise RefusedError(400, "Bad Request: chat not found")
        if chat.moved_to:
            description = "Bad Request: group chat was upgraded to a supergroup chat"
            raise RefusedError(400, description, {"migrate_to_chat_id": chat.moved_to})
        if chat.blocked:
            raise RefusedError(403, "Forbidden: bot was blocked by the user")
        return chat

    def _edit(self, data: dict[str, Any], text: str | None) -> Any:
        chat, keyboard = self._reach(data), keyboard_of(data)
        same = [m for m in self.messages if m.chat is chat and m.id == int(data["message_id"])]
        if not same:
            raise RefusedError(400, "Bad Request: message to edit not found")
        message = same[0]
        text = message.text if text is None else text
        if (text, keyboard) == (message.text, message.keyboard):
            raise RefusedError(400, "Bad Request: message is not modified: specified new message content is the same")
        message.text, message.keyboard, message.edits = text, keyboard, message.edits + 1
        return message.as_json()

    # Files and webhook

    async def _download(self, request: web.Request) -> web.StreamResponse:
        file = self.files[request.match_info["path"]]
        file.asked += 1
        if not file.cut_at:
            return web.Response(body=file.content)
        part = file.content[: file.cut_at.pop(0)]
        if file.silent:
            return web.Response(body=part)  # a proxy that has lost the rest, and says so to nobody
        response = web.StreamResponse(headers={"Content-Length": str(len(file.content))})
        await response.prepare(request)
        await response.write(part)
        assert request.transport
        request.transport.close()
        return response

    async def _deliver(self) -> None:
        """One update after another, each again until it is answered with 200."""
        async with aiohttp.ClientSession() as http:
            while True:
                await asyncio.sleep(0.01)
                for number, update in sorted(self.pending.items()) if self.webhook else []:
                    status = await self.deliver(http, update)
                    self.webhook_answers.append((number, status))
                    if status != 200:
                        break
                    self.confirmed = max(self.confirmed, number)
                    self.pending.pop(number, None)

    async def deliver(self, http: aiohttp.ClientSession, update: Any) -> int:
        """Bring an update to the webhook once; gives the answer's status, 0 where nobody listens."""
        headers = {SECRET_HEADER: self.webhook["secret"]}
        try:
            async with http.post(self.webhook["url"], json=update, headers=headers) as answer:
                return answer.status
        except aiohttp.ClientConnectionError:
            return 0


def _numbered(update: Any) -> bool:
    return isinstance(update, dict) and isinstance(update.get("update_id"), int)


async def _fields(request: web.Request) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in (await request.post()).items():
        found[name] = (value.filename, value.file.read()) if isinstance(value, web.FileField) else value
    return found


def _refusal(error: RefusedError) -> web.Response:
    body = {"ok": False, "error_code": error.status, "description": error.description}
    return web.json_response(body | ({"parameters": error.parameters} if error.parameters else {}), status=error.status)


def _troubled(trouble: Trouble) -> web.Response:
    if trouble.html:
        return web.Response(text=trouble.html, status=trouble.status, content_type="text/html")
    return _refusal(RefusedError(trouble.status, trouble.description, trouble.parameters))


def too_many(seconds: int, **only: Any) -> Trouble:
    return Trouble(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds}, **only)
