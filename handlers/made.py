"""Files the bot makes itself (pictures, sheets): kept like any other, so that they can be sent again."""

from __future__ import annotations

from collections.abc import AsyncIterator

from channels.port import FileRef
from storage.errors import StorageError
from storage.files import FileStore


async def keep_made(files: FileStore, name: str, content: bytes) -> FileRef:
    """Keep what was made under its name, and refer to it.

    Raises:
        StorageError: the store does not take it.
    """
    kept = await files.store(_whole(content), name, len(content))
    if "refused" in kept:
        raise StorageError(f"做好的文件「{name}」没有存下：{kept['refused']}")
    return FileRef(kept["ref"], name, kept["size_bytes"])


async def _whole(content: bytes) -> AsyncIterator[bytes]:
    yield content
