"""A file of the conversation, sent back: whole or in ranges, as a download or, where it is harmless, to be looked at."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import quote

from aiohttp import ETag, web

from channels.port import FileSink, Transcript
from channels.web import words
from channels.web.guard import RefusedError

# Nothing of a file may run in the page's origin: not a script in it, not a form, not a request.
CSP = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
_PICTURES = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))


async def respond(
    request: web.Request, address: str, row_id: int, transcript: Transcript, files: FileSink
) -> web.StreamResponse:
    """The file of a row of this address; a row never gets another file, so that a browser may keep it.

    Raises:
        RefusedError: 404, no such row at this address, a row without a file, or a file that is gone.
    """
    file = await transcript.file_of(address, row_id)
    if file is None:
        raise RefusedError(404, words.NO_FILE)
    try:
        path = Path(files.path(file["ref"]))
        kind = await asyncio.to_thread(picture_type, path)
    except FileNotFoundError as error:
        raise RefusedError(404, words.LOST_FILE) from error
    headers = {
        "Content-Security-Policy": CSP,
        "Cache-Control": "private, max-age=31536000, immutable",
        "Content-Type": kind or "application/octet-stream",
        "Content-Disposition": content_disposition("inline" if kind else "attachment", file["name"]),
    }
    if any(tag.value in (file["ref"], "*") for tag in request.if_none_match or ()):
        return web.Response(status=304, headers={**headers, "ETag": f'"{file["ref"]}"'})
    return _KeptFile(path, file["ref"], headers)


class _KeptFile(web.FileResponse):
    """A file response whose ETag is the hash of the content; aiohttp's is made of time and size."""

    def __init__(self, path: Path, ref: str, headers: dict[str, str]) -> None:
        super().__init__(path, headers=headers)
        self._ref = ref

    @property
    def etag(self) -> ETag:
        """The hash, whatever is set."""
        return ETag(self._ref)

    @etag.setter
    def etag(self, _: ETag | str | None) -> None:
        self.headers["ETag"] = f'"{self._ref}"'


def picture_type(path: Path) -> str | None:
    """The type of a picture every browser can only show, by its first bytes, whatever its name; None for all else."""
    with path.open("rb") as file:
        head = file.read(16)
    return next((kind for start, kind in _PICTURES if head.startswith(start)), None)


def content_disposition(kind: str, name: str) -> str:
    """The header with a name in any script (RFC 6266, RFC 5987), and an ASCII one for what cannot read that."""
    plain = "".join(letter if letter.isascii() and letter.isprintable() else "_" for letter in name)
    plain = plain.replace("\\", "_").replace('"', "_").replace("%", "_")
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='', errors='replace')}"
