"""Evidence files: each under the hash of its content, whole and durable before anything refers to it.

A crash leaves at most a temporary file, which `FileStore.sweep` deletes. A kept file is never changed, and deleted
only where it should never have come (`discard`).
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from storage.errors import NotFoundError
from storage.file_types import FileType, Refused, inspect, seen

CLASSIFIED = ("秘密", "机密", "绝密")
_HARMLESS = re.compile("商业秘密|国家秘密法|秘密码|[机绝]密(?:码|闭|封[性件圈垫胶不良])")  # not 机密封存
NOT_HERE = "文件名里有「{word}」：涉密材料请不要发到这里，系统没有保存，请走线下核验，只报标题、文号和存放地点"
LARGE = "文件超过 {megabytes:g} MB，系统没有保存，请压缩或分成几个再发"
EMPTY = "这个文件是空的，请检查后重新发送"

BLOCK_BYTES = 1_048_576
_REF = re.compile("[0-9a-f]{64}")
_TEMPORARY = ("incoming-", ".part")


class FileStore:
    """The evidence folder. Fulfils `channels.port.FileSink`; made at the first file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def store(self, chunks: AsyncIterator[bytes], name: str, limit_bytes: int) -> dict[str, Any]:
        """Keep a file durably: ``{ref, size_bytes}``, or ``{refused: sentence}`` with nothing kept.

        Raises whatever ``chunks`` raises, and OSError where the disk fails; nothing is left of the file then.
        """
        if word := classified_word(name):
            return {"refused": NOT_HERE.format(word=word)}
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, temporary = tempfile.mkstemp(_TEMPORARY[1], _TEMPORARY[0], self.folder)
        try:
            with os.fdopen(handle, "wb") as file:
                ref, size_bytes = await _receive(chunks, file, limit_bytes)
            if size_bytes > limit_bytes:
                return {"refused": LARGE.format(megabytes=round(limit_bytes / BLOCK_BYTES, 1))}
            if size_bytes == 0:
                return {"refused": EMPTY}
            refused = await asyncio.to_thread(self._keep, Path(temporary), name, ref)
            return {"refused": refused.sentence} if refused else {"ref": ref, "size_bytes": size_bytes}
        finally:
            Path(temporary).unlink(missing_ok=True)

    def discard(self, ref: str) -> None:
        """Delete a kept file that must not be here and that nothing refers to; one that is gone is gone."""
        self.path_of(ref).unlink(missing_ok=True)

    async def type_of(self, ref: str) -> FileType:
        """What a kept file is, by its content.

        Raises:
            NotFoundError: no such file, or it is no longer what was kept.
        """
        path = self.path_of(ref)
        if not await asyncio.to_thread(path.is_file):
            raise NotFoundError("这个文件不在证据文件夹里，请联系质量科")
        found = await asyncio.to_thread(inspect, path) if path.stat().st_size else Refused(EMPTY)
        if isinstance(found, Refused):
            raise NotFoundError("这个文件已经损坏，请联系质量科")
        return found

    def path(self, ref: str) -> str:
        """Where a kept file lies, to send it back.

        Raises:
            FileNotFoundError: there is no such file.
        """
        try:
            found = self.path_of(ref)
        except NotFoundError as error:
            raise FileNotFoundError(str(error)) from None
        if not found.is_file():
            raise FileNotFoundError("这个文件不在证据文件夹里，请联系质量科")
        return str(found)

    def path_of(self, ref: str) -> Path:
        """Where the file of a reference lies, or would lie.

        Raises:
            NotFoundError: not a reference: 64 hexadecimal digits in lower case.
        """
        if not _REF.fullmatch(ref):
            raise NotFoundError("没有这个文件，请从清单里重新选择")
        return self.folder / ref[:2] / ref

    def sweep(self, older_than: datetime) -> int:
        """Delete what uploads cut off by a crash left behind before a moment; returns how many. Kept files stay."""
        count = 0
        for path in self.folder.glob("*".join(_TEMPORARY)):
            with suppress(FileNotFoundError):  # its upload has just ended
                if path.stat().st_mtime < older_than.timestamp():
                    path.unlink()
                    count += 1
        return count

    def _keep(self, temporary: Path, name: str, ref: str) -> Refused | None:
        found = inspect(temporary, name)
        if isinstance(found, Refused):
            return found
        _sync(temporary)
        target = self.path_of(ref)
        target.parent.mkdir(exist_ok=True, mode=0o700)
        if not target.exists():
            os.replace(temporary, target)  # a rival's file of this name has the same content
        for place in (target.parent, self.folder, self.folder.parent):  # each may have just been made, also by a rival
            _sync(place)
        return None


def classified_word(text: str) -> str | None:
    """The word of secrecy in a name, a caption or a message; None where there is none.

    A word counts as a marking (秘密★10年) and as plain text. It does not where its letters belong to two other words
    (手机密码, 发动机密封), in the name of the law on secrets (保守国家秘密法) and in trade secrets (商业秘密).
    """
    left = _HARMLESS.sub("、", seen(text))
    return next((word for word in CLASSIFIED if word in left), None)


def sha256_of(path: Path) -> str:
    """The hash of a file's content, read in blocks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


async def _receive(chunks: AsyncIterator[bytes], file: BinaryIO, limit_bytes: int) -> tuple[str, int]:
    """Hash and size; more than the limit means that the rest was not read."""
    digest, size_bytes = hashlib.sha256(), 0
    async for chunk in chunks:
        size_bytes += len(chunk)
        if size_bytes > limit_bytes:
            break
        digest.update(chunk)
        file.write(chunk)
    return digest.hexdigest(), size_bytes


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
