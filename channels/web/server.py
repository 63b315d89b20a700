"""The web channel: an aiohttp server for one page, its events out and its POSTs in."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import aclosing
from datetime import datetime
from pathlib import Path

from aiohttp import web

from channels.lines import Lines
from channels.port import (
    Capabilities,
    Colleagues,
    Event,
    FileSink,
    Inbox,
    Kept,
    Outcome,
    Receive,
    Reply,
    Sessions,
    Transcript,
)
from channels.web import downloads, fields, guard, uploads, words
from channels.web.colleague import ColleagueDoor
from channels.web.doors import Doors, hashed
from channels.web.intake import CHANNEL, client_part, event_of, take
from channels.web.limits import Limits
from channels.web.streams import ROUND_SECONDS, Streams

STATIC = Path(__file__).parent / "static"
ASSETS = ("page.css", "keep.js", "log.js", "send.js", "page.js", "colleague.css", "colleague.js")
MOST_JSON_BYTES = 65_536
MOST_FILE_BYTES = 52_428_800
GRACE_SECONDS = 5.0
_log = logging.getLogger(__name__)


class WebChannel:
    """The embedded web chat behind the port.

    ``receive`` must return only when the event's rows are in the transcript: the page then takes away what it
    showed in their place.
    """

    name = CHANNEL

    def __init__(
        self,
        host: str,
        port: int,
        inbox: Inbox,
        sessions: Sessions,
        transcript: Transcript,
        files: FileSink,
        clock: Callable[[], datetime],
        *,
        secure_cookie: bool = False,
        max_file_bytes: int = MOST_FILE_BYTES,
        round_seconds: float = ROUND_SECONDS,
        limits: Limits | None = None,
        colleagues: Colleagues | None = None,
    ) -> None:
        """Nothing is opened before ``run``.

        Args:
            port: 0 takes a free one.
            clock: gives the present moment, aware.
            secure_cookie: where the page is reached by https only.
            round_seconds: how often an idle stream looks again and sends a comment.
            limits: how many codes may be tried and messages sent; the usual ones where none are given.
            colleagues: what is behind links for one clause; without it there are none.
        """
        self.capabilities = Capabilities(options=12, text_characters=fields.MOST_TEXT, file_bytes=max_file_bytes)
        self.started = asyncio.Event()
        self._host, self._port = host, port
        self._inbox, self._transcript, self._files, self._clock = inbox, transcript, files, clock
        self._doors = Doors(inbox, sessions, transcript, clock, secure_cookie, limits or Limits())
        self._colleague = ColleagueDoor(colleagues, files, clock, max_file_bytes, limits or Limits())
        self._streams = Streams(transcript, round_seconds)
        self._lines: Lines

    @property
    def port(self) -> int:
        """The port served at, once ``started`` is set; before, the one asked for."""
        return self._port

    async def run(self, receive: Receive, waiting: Sequence[Kept] = ()) -> None:
        """Serve until cancelled; then end the streams and let the events at hand be worked through.

        Raises:
            OSError: the port is taken or not allowed.
        """
        self._lines = Lines(receive, self._handled)
        for kept in waiting:
            self._lines.put(event_of(*kept))
        # No access log: a link's path holds its code. No automatic unpacking: a small body must stay small.
        runner = web.AppRunner(
            self._application(), access_log=None, auto_decompress=False, shutdown_timeout=GRACE_SECONDS
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, self._host, self._port).start()
            self._port = runner.addresses[0][1]
            self.started.set()
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()
            await self._lines.close(GRACE_SECONDS)

    async def send(self, address: str, message_id: int, reply: Reply) -> Outcome:
        """Wake the pages of an address; the message is a row of the transcript already, which they read."""
        self._streams.wake(address)
        return Outcome("sent")

    def _application(self) -> web.Application:
        application = web.Application(middlewares=[guard.in_sentences], client_max_size=MOST_JSON_BYTES)
        application.on_response_prepare.append(guard.protect)
        application.on_shutdown.append(self._end_streams)
        application.add_routes(
            [
                web.get("/", self._page),
                web.get("/j/{code}", self._page),
                web.get("/c/{code}", self._one_question),
                web.get("/c/{code}/question", self._colleague.question),
                web.post("/c/{code}", self._colleague.take),
                *(web.get(f"/{name}", self._asset) for name in ASSETS),
                web.get("/file/{row:[0-9]{1,18}}", self._file),
                web.get("/session", self._session),
                web.get("/events", self._events, allow_head=False),
                web.post("/enter", self._enter),
                web.post("/say", self._say),
                web.post("/files", self._upload),
                web.post("/seen", self._seen),
            ]
        )
        return application

    async def _end_streams(self, _: web.Application) -> None:
        self._streams.close()

    def _handled(self, event: Event) -> None:
        self._streams.note(event.address, "handled", client_part(event))

    async def _page(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(STATIC / "page.html")

    async def _one_question(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(STATIC / "colleague.html")

    async def _asset(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(STATIC / request.path.removeprefix("/"), headers={"Cache-Control": "no-cache"})

    async def _session(self, request: web.Request) -> web.Response:
        """Whether the browser is in, which a page that cannot see its cookie asks; and the limit for a file.

        ``who`` names the address without giving it away: a page keeps unsent words for it and nobody else.
        """
        address = await self._doors.known(request)
        who = None if address is None else hashed(f"page {address}")[:16]
        return guard.answer({"entered": who is not None, "who": who, "max_file_bytes": self.capabilities.file_bytes})

    async def _file(self, request: web.Request) -> web.StreamResponse:
        address = await self._doors.address(request)
        row_id = int(request.match_info["row"])
        return await downloads.respond(request, address, row_id, self._transcript, self._files)

    async def _enter(self, request: web.Request) -> web.Response:
        return await self._doors.enter(request, self._lines)

    async def _say(self, request: web.Request) -> web.Response:
        address = await self._doors.speaker(request)
        data = await fields.read_object(request)
        if "option" in data:
            return await self._press(address, data)
        fields.only(data, {"id", "text"})
        client_id, text = fields.client_id(data["id"]), fields.said(data["text"])
        fresh = await take(self._inbox, self._lines, self._clock(), address, client_id, {"text": text})
        return guard.answer({"ok": True, **_again(fresh)}, 202)

    async def _press(self, address: str, data: dict[str, object]) -> web.Response:
        fields.only(data, {"id", "option", "message_id", "label"})
        client_id, message_id = fields.client_id(data["id"]), fields.row_id(data["message_id"])
        key, label = fields.option_key(data["option"]), fields.label(data["label"])
        raw = {"option": key, "message_id": message_id, "label": label}
        await take(self._inbox, self._lines, self._clock(), address, client_id, raw)
        # Also for an id that came before: the first request may have ended between the two.
        await self._transcript.settle(address, message_id, label)
        self._streams.note(address, "settled", {"id": message_id, "label": label})
        return guard.answer({"ok": True}, 202)

    async def _seen(self, request: web.Request) -> web.Response:
        """The page has shown the rows up to one: only now were they delivered."""
        address = await self._doors.address(request)
        data = await fields.read_object(request)
        fields.only(data, {"row"})
        await self._transcript.seen(address, fields.row_id(data["row"]), self._clock())
        return guard.answer({"ok": True}, 202)

    async def _upload(self, request: web.Request) -> web.Response:
        address = await self._doors.speaker(request)
        upload = await uploads.read(request, self._files, self.capabilities.file_bytes)
        if not upload.kept:
            return guard.answer({"error": upload.refused[0]["refused"], "refused": upload.refused}, 422)
        fresh = await take(self._inbox, self._lines, self._clock(), address, upload.client_id, {"files": upload.kept})
        return guard.answer({"ok": True, "refused": upload.refused, **_again(fresh)}, 202)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        address = await self._doors.address(request)
        place = request.headers.get("Last-Event-ID") or request.query.get("after") or "0"
        if not place.isascii() or not place.isdigit() or len(place) > 18:
            raise guard.RefusedError(400, words.WRONG_FIELD.format(field="after"))
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
        await response.prepare(request)

        async def still_valid() -> bool:
            return await self._doors.known(request) == address

        try:
            async with aclosing(self._streams.frames(address, int(place), still_valid)) as frames:
                async for frame in frames:
                    await response.write(frame)
        except ConnectionError:
            _log.debug("a page went away")
        except Exception:  # noqa: BLE001 - the answer has begun, so that no status can say it; the page comes again
            _log.exception("a stream broke off")
        return response


def _again(fresh: bool) -> dict[str, object]:
    """What a page must know of an id that came before: nobody will be told of it again, its rows are on their way."""
    return {} if fresh else {"again": True}
