"""An evidence pack written to a zip as a stream: never in memory, whole or not at all, each file checked as it passes."""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, NamedTuple

from reports.pack import CHANGED, MISSING, Line, Pack
from reports.pack_index import NAME, write_index
from storage.errors import NotFoundError
from storage.files import FileStore, sha256_of

BLOCK_BYTES = 1_048_576
_WHOLE_BYTES = 4 * BLOCK_BYTES
"""Up to here a file is read once, and the very bytes that were checked are packed."""

_AHEAD = 2
STORED = frozenset(
    {"pdf", "png", "jpeg", "gif", "webp", "heic", "video", "docx", "xlsx", "pptx", "ofd", "zip", "rar", "7z"}
)
"""Kinds that are compressed already; trying again costs time and saves nothing."""

_FIRST_YEAR, _LAST_YEAR = 1980, 2107  # what a zip can say

Progress = Callable[[int, int], None]
"""Told how many of how many files are done."""


class Packed(NamedTuple):
    """A pack as it was written, its lines as the index has them; ``broken`` are the lines whose file is not in it."""

    pack: Pack
    files: int
    size_bytes: int

    @property
    def broken(self) -> tuple[Line, ...]:
        """The lines whose file was gone or has other bytes than were sent."""
        return tuple(line for line in self.pack.lines if line.state in (MISSING, CHANGED))


def write_pack(pack: Pack, store: FileStore, target: Path, progress: Progress = lambda done, of: None) -> Packed:
    """Write a pack with its index; a file of that name is replaced only by a whole pack.

    A file that is gone is 缺失 in the index, one with other bytes than were sent 内容不符 and not linked.

    Raises:
        OSError: the place cannot be written.
    """
    handle, name = tempfile.mkstemp(".part", "incoming-", target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            found = _fill(pack, store, file, progress)
            file.flush()
            os.fsync(file.fileno())
        size_bytes = temporary.stat().st_size
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)
    return Packed(found, len(found.files), size_bytes)


def _fill(pack: Pack, store: FileStore, file: BinaryIO, progress: Progress) -> Pack:
    broken: dict[str, str] = {}
    files = pack.files
    with zipfile.ZipFile(file, "w") as archive:
        for done, (line, read) in enumerate(_checked(files, store)):
            progress(done, len(files))
            if read.wrong:
                broken[line.path] = read.wrong
            else:
                _add(archive, store, line, read.content)
        found = pack._replace(lines=tuple(_as_found(line, broken) for line in pack.lines))
        _add_index(archive, found)
    progress(len(files), len(files))
    return found


def _as_found(line: Line, broken: dict[str, str]) -> Line:
    return line._replace(state=broken[line.path], path="") if line.path in broken else line


class _Read(NamedTuple):
    """What is wrong with a file, and its bytes where it is small enough to be held."""

    wrong: str
    content: bytes | None = None


def _checked(files: Sequence[Line], store: FileStore) -> Iterator[tuple[Line, _Read]]:
    """Each file as it was read and checked; the next ones are read while one is being packed."""
    with ThreadPoolExecutor(1) as beside:
        ahead: deque[tuple[Line, Future[_Read]]] = deque()
        for line in files:
            ahead.append((line, beside.submit(_read, store, line)))
            if len(ahead) > _AHEAD:
                first, found = ahead.popleft()
                yield first, found.result()
        while ahead:
            first, found = ahead.popleft()
            yield first, found.result()


def _read(store: FileStore, line: Line) -> _Read:
    try:
        path = store.path_of(line.ref)
        if path.stat().st_size > _WHOLE_BYTES:
            return _Read("" if sha256_of(path) == line.ref else CHANGED)
        content = path.read_bytes()
    except (FileNotFoundError, NotFoundError):
        return _Read(MISSING)
    return _Read("", content) if sha256(content).hexdigest() == line.ref else _Read(CHANGED)


def _add(archive: zipfile.ZipFile, store: FileStore, line: Line, content: bytes | None) -> None:
    method = zipfile.ZIP_STORED if line.kind in STORED else zipfile.ZIP_DEFLATED
    info = _info(line.path, line.received_at, method)
    if content is not None:
        archive.writestr(info, content)
        return
    with store.path_of(line.ref).open("rb") as source:
        info.file_size = os.fstat(source.fileno()).st_size  # so that what is too large for a plain zip gets ZIP64
        with archive.open(info, "w") as into:
            shutil.copyfileobj(source, into, BLOCK_BYTES)


def _add_index(archive: zipfile.ZipFile, pack: Pack) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        index = Path(scratch) / NAME
        write_index(pack, index)
        with index.open("rb") as source, archive.open(_info(NAME, pack.made_at, zipfile.ZIP_STORED), "w") as into:
            shutil.copyfileobj(source, into, BLOCK_BYTES)


def _info(path: str, moment: datetime, method: int) -> zipfile.ZipInfo:
    year = min(max(moment.year, _FIRST_YEAR), _LAST_YEAR)
    info = zipfile.ZipInfo(path, (year, *moment.timetuple()[1:6]))
    info.compress_type, info.external_attr = method, 0o600 << 16
    return info
