"""Who is at the page: a random token in a cookie, of which only the hash is kept; and how one gets in."""

from __future__ import annotations

import hashlib
import math
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from aiohttp import web

from channels.lines import Lines
from channels.port import Inbox, Sessions, Transcript
from channels.web import fields, words
from channels.web.guard import RefusedError, answer
from channels.web.intake import take
from channels.web.limits import Limits, Recent, place_of

COOKIE = "kaoping"
SESSION_DAYS = 180


class Doors:
    """Opens sessions and recognises them."""

    def __init__(
        self,
        inbox: Inbox,
        sessions: Sessions,
        transcript: Transcript,
        clock: Callable[[], datetime],
        secure_cookie: bool,
        limits: Limits,
    ) -> None:
        self._inbox = inbox
        self._sessions = sessions
        self._transcript = transcript
        self._tries = Recent(limits.tries, limits.tries_seconds, clock)
        self._said = Recent(limits.messages, limits.messages_seconds, clock)
        self._clock = clock
        self._secure = secure_cookie

    async def known(self, request: web.Request) -> str | None:
        """The address of the request's session, None for a stranger."""
        token = request.cookies.get(COOKIE)
        return await self._sessions.address_of(hashed(token), self._clock()) if token else None

    async def address(self, request: web.Request) -> str:
        """The address of the request's session.

        Raises:
            RefusedError: 401, no session or an ended one.
        """
        address = await self.known(request)
        if address is None:
            raise RefusedError(401, words.NO_SESSION)
        return address

    async def speaker(self, request: web.Request) -> str:
        """The address of the request's session, which says one thing more.

        Raises:
            RefusedError: 401, no session or an ended one; 429, too much said lately.
        """
        address = await self.address(request)
        if wait := self._said.wait_seconds(address):
            raise RefusedError(429, words.MANY_MESSAGES.format(seconds=wait), wait)
        self._said.add(address)
        return address

    async def enter(self, request: web.Request, lines: Lines) -> web.Response:
        """The pressed 进入: a session where there is none, and the code handed over; the core answers in the chat.

        ``id`` makes pressing again safe after an answer that was lost on the way: it gives the same address, which
        may be bound already, a new token, and no second event. It is as secret as the token, so only hashes of it
        are kept.
        """
        data = await fields.read_object(request)
        fields.only(data, {"code"}, {"id"})
        code = fields.code(data["code"])
        press = fields.client_id(data["id"]) if "id" in data else secrets.token_urlsafe(24)
        response = answer({"entered": True}, 202)
        known = await self.known(request)
        address = known or "web-" + hashed(f"address {press}")[:32]
        await self._one_try(place_of(request), address)
        if known is None:
            await self._begin(address, response)
        event_id = hashed(f"event {press}")[:32]
        await take(self._inbox, lines, self._clock(), address, event_id, {"start_code": code})
        return response

    async def _one_try(self, place: str, address: str) -> None:
        """Count a try, so that codes cannot be guessed by the thousand.

        Whether a code is right, the core says later; an address that has got in since takes one try back, so that
        a whole office may enter through one line.
        """
        inside = bool(await self._transcript.status(address))
        if self._tries.wait_seconds(place):
            for tried in self._tries.marks(place):
                if await self._transcript.status(tried):
                    self._tries.forget(place, tried)
        if wait := self._tries.wait_seconds(place):
            raise RefusedError(429, words.MANY_TRIES.format(minutes=math.ceil(wait / 60)), wait)
        self._tries.add(place, "" if inside else address)

    async def _begin(self, address: str, response: web.Response) -> None:
        token, life = secrets.token_urlsafe(32), timedelta(days=SESSION_DAYS)
        await self._sessions.open(hashed(token), address, self._clock() + life)
        response.set_cookie(
            COOKIE, token, max_age=int(life.total_seconds()), httponly=True, samesite="Strict", secure=self._secure
        )


def hashed(secret: str) -> str:
    """The sha256 of a secret, as it is kept."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
