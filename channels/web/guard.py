"""What every request passes: same-origin, safe headers, errors as one sentence and never a traceback."""

from __future__ import annotations

import json
import logging
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from channels.web import words

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
SERVER = "kaoping"  # aiohttp would name its version and Python's
_SENTENCES = {404: words.NOT_FOUND, 405: words.WRONG_METHOD, 413: words.LARGE_REQUEST}
_log = logging.getLogger(__name__)


class RefusedError(Exception):
    """A request that cannot be taken: a status and the sentence for the person.

    ``wait_seconds``: when it may be tried again; 0 says nothing about it.
    """

    def __init__(self, status: int, sentence: str, wait_seconds: int = 0) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.wait_seconds = wait_seconds


def answer(data: dict[str, object], status: int = 200) -> web.Response:
    """A JSON answer."""
    return web.json_response(text=json.dumps(data, ensure_ascii=False), status=status)


async def protect(request: web.Request, response: web.StreamResponse) -> None:
    """Safe headers for every response; what may depend on a session is not cached where it does not say so itself."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["Server"] = SERVER
    response.headers.setdefault("Cache-Control", "no-store")


@web.middleware
async def in_sentences(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn whatever goes wrong into a status and one sentence."""
    try:
        if request.method not in ("GET", "HEAD"):
            require_same_origin(request)
        return await handler(request)
    except RefusedError as refused:
        response = answer({"error": refused.sentence}, refused.status)
        if refused.wait_seconds:
            response.headers["Retry-After"] = str(refused.wait_seconds)
        return response
    except web.HTTPException as error:
        return answer({"error": _SENTENCES.get(error.status, words.REFUSED)}, error.status)
    except Exception:  # noqa: BLE001 - whatever it is, the person gets a sentence and the log the rest
        resource = request.match_info.route.resource
        # The route's pattern, not the path: the path of a link holds its code.
        _log.exception("%s %s failed", request.method, resource.canonical if resource else "?")
        return answer({"error": words.FAILED}, 500)


def require_same_origin(request: web.Request) -> None:
    """Refuse what another site makes a browser send.

    A browser sends ``Sec-Fetch-Site`` on https and localhost and ``Origin`` with every POST; a client that sends
    neither is no browser and carries nobody's cookie. The page must not use ``mode: "same-origin"``: with
    no-referrer that makes Origin "null".

    Raises:
        RefusedError: 403.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        same = site == "same-origin"
    else:
        origin = request.headers.get("Origin")
        same = origin is None or urlsplit(origin).netloc == request.host
    if not same:
        raise RefusedError(403, words.FORBIDDEN)
