"""Multipart uploads, passed on chunk by chunk; no file is ever whole in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any, NamedTuple

from aiohttp import BodyPartReader, MultipartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from channels.names import shown_name
from channels.port import FileSink
from channels.web import fields, words
from channels.web.guard import RefusedError

CHUNK_BYTES = 65_536
MOST_FILES = 20
MOST_ID_BYTES = 64
# RFC 7578 4.7, 4.8: no part of a form has these; aiohttp believes them.
_NEVER_IN_A_FORM = ("Content-Length", "Content-Transfer-Encoding", "Content-Encoding")


class Upload(NamedTuple):
    """What came with one request: kept files as ``{ref, name, size_bytes}``, the others as ``{name, refused}``.

    ``texts``: the form's other fields, by name.
    """

    client_id: str
    kept: list[dict[str, Any]]
    refused: list[dict[str, str]]
    texts: Mapping[str, str] = {}


async def read(
    request: web.Request, files: FileSink, limit_bytes: int, texts: Mapping[str, tuple[int, bool]] | None = None
) -> Upload:
    """Stream every file of a form to the sink; the form's first part is ``id``.

    Args:
        texts: fields that come next, in this order: how many characters each may have, and whether it may be empty.
            Beside them no file is needed.

    Raises:
        RefusedError: no form (415), no or too large a total (411, 413), cut off or malformed (400).
    """
    if request.content_type != "multipart/form-data":
        raise RefusedError(415, words.WRONG_TYPE)
    if request.content_length is None:  # every browser says it; without, there is no end to what must be read
        raise RefusedError(411, words.NO_LENGTH)
    if request.content_length > MOST_FILES * limit_bytes:
        raise RefusedError(413, words.LARGE_UPLOAD.format(megabytes=limit_bytes // 1_048_576))
    try:
        return await _parts(await request.multipart(), files, limit_bytes, texts or {})
    except (ValueError, AssertionError, ConnectionError, HttpProcessingError) as error:  # all that aiohttp raises here
        raise RefusedError(400, words.CUT_OFF) from error


async def _parts(
    form: MultipartReader, files: FileSink, limit_bytes: int, texts: Mapping[str, tuple[int, bool]]
) -> Upload:
    client_id = fields.client_id(await _text(await _next(form), "id", MOST_ID_BYTES))
    said = {name: await _field(await _next(form), name, *bounds) for name, bounds in texts.items()}
    upload = Upload(client_id, [], [], said)
    while (part := await _next(form)) is not None:
        if part.name != "file" or part.filename is None:
            raise RefusedError(400, words.UNKNOWN_FIELDS)
        name = shown_name(part.filename)
        if len(upload.kept) + len(upload.refused) >= MOST_FILES:
            upload.refused.append({"name": name, "refused": words.MANY_FILES.format(most=MOST_FILES)})
            continue
        stored = await files.store(_chunks(part), name, limit_bytes)
        if "refused" in stored:
            upload.refused.append({"name": name, "refused": stored["refused"]})
        else:
            upload.kept.append({"ref": stored["ref"], "name": name, "size_bytes": stored["size_bytes"]})
    if not upload.kept and not upload.refused and not any(said.values()):
        raise RefusedError(400, words.NO_FILES)
    return upload


async def _next(form: MultipartReader) -> BodyPartReader | None:
    """The next part; what the sink left of the one before is read and dropped, so that the answer arrives."""
    part = await form.next()
    if isinstance(part, MultipartReader) or (part and any(header in part.headers for header in _NEVER_IN_A_FORM)):
        raise RefusedError(400, words.UNKNOWN_FIELDS)
    return part


async def _field(part: BodyPartReader | None, name: str, most: int, optional: bool) -> str:
    """A text of the form; four bytes are the longest letter."""
    return fields.written(await _text(part, name, 4 * most), name, most, optional=optional)


async def _text(part: BodyPartReader | None, name: str, most_bytes: int) -> str:
    """A field's words; one that is too long is cut one block behind its limit, and refused by its length."""
    if part is None or part.name != name or part.filename is not None:
        raise RefusedError(400, words.WRONG_FIELD.format(field=name))
    found = b""
    async for chunk in _chunks(part):
        found += chunk
        if len(found) > most_bytes:
            break
    return found.decode("utf-8", "replace")


async def _chunks(part: BodyPartReader) -> AsyncIterator[bytes]:
    while not part.at_eof():
        if chunk := await part.read_chunk(CHUNK_BYTES):
            yield chunk
