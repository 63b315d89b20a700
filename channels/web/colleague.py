"""转同事: the page behind a link for one clause. Whoever has the link sees one question and may answer it once.

There is no session and no cookie: the link's code is all there is, it stands in the path and in no log. Opening the page
and asking what it asks change nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from channels.port import Colleagues, FileRef, FileSink
from channels.web import uploads, words
from channels.web.doors import hashed
from channels.web.guard import RefusedError, answer
from channels.web.limits import Limits, Recent, place_of

TEXTS = {"name": (60, False), "said": (500, True)}
"""The fields of the page: how many characters, and whether it may be empty."""

USED, CLOSED = 409, 410
"""What a page is told by a link's status: 409 after it has sent, and the reply was lost, means that all has arrived."""


class ColleagueDoor:
    """Answers what the page asks, and takes what it sends."""

    def __init__(
        self,
        colleagues: Colleagues | None,
        files: FileSink,
        clock: Callable[[], datetime],
        max_file_bytes: int,
        limits: Limits,
    ) -> None:
        """Without ``colleagues`` there is no link that leads anywhere."""
        self._colleagues, self._files, self._max_file_bytes = colleagues, files, max_file_bytes
        self._wrong = Recent(limits.tries, limits.tries_seconds, clock)
        self._sent = Recent(limits.tries, limits.tries_seconds, clock)

    async def question(self, request: web.Request) -> web.Response:
        """What the link asks."""
        asked = await self._asked(request)
        return answer({**asked, "max_file_bytes": self._max_file_bytes})

    async def take(self, request: web.Request) -> web.Response:
        """What the colleague sends: name, words, files; a link that leads nowhere is refused before a byte is kept."""
        await self._asked(request)
        key = hashed(_code(request))
        if wait := self._sent.wait_seconds(key):
            raise RefusedError(429, words.MANY_ANSWERS.format(minutes=math.ceil(wait / 60)), wait)
        self._sent.add(key)
        upload = await uploads.read(request, self._files, self._max_file_bytes, TEXTS)
        if upload.refused:  # all or nothing: there is no second time for the rest
            return answer({"error": upload.refused[0]["refused"], "refused": upload.refused}, 422)
        if not upload.texts["said"] and not upload.kept:
            raise RefusedError(400, words.NO_ANSWER)
        assert self._colleagues is not None
        files = [FileRef(file["ref"], file["name"], file["size_bytes"]) for file in upload.kept]
        refused = await self._colleagues.answer(_code(request), upload.texts["name"], upload.texts["said"], files)
        if refused:
            raise RefusedError(CLOSED, refused)
        return answer({"ok": True}, 202)

    async def _asked(self, request: web.Request) -> dict[str, object]:
        place = place_of(request)
        if wait := self._wrong.wait_seconds(place):
            raise RefusedError(429, words.MANY_LINKS.format(minutes=math.ceil(wait / 60)), wait)
        found: dict[str, object] = {"state": "unknown"}
        if self._colleagues is not None:
            found = await self._colleagues.question(_code(request))
        if found.get("state") == "unknown":
            self._wrong.add(place)  # so that codes cannot be guessed by the thousand
            raise RefusedError(404, words.NO_LINK)
        if "refused" in found:
            raise RefusedError(USED if found["state"] == "used" else CLOSED, str(found["refused"]))
        return found


def _code(request: web.Request) -> str:
    return request.match_info["code"]
