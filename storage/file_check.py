"""Whether every file that rows refer to is there and has the bytes it was kept with."""

from __future__ import annotations

import asyncio

from storage import erasing, erasing_packs, file_references
from storage.database import Database
from storage.errors import NotFoundError
from storage.file_references import Broken, Reference
from storage.files import FileStore, sha256_of


async def missing_or_changed(database: Database, store: FileStore) -> list[Broken]:
    """Everything whose file is gone or has other bytes; reads each file once.

    What was erased has no file to be found (see `erasing.left_over`), also in the messages it once came by, and neither
    have packs that held it. A file that something has for its own sake is not named once more for each message it went with.
    """
    async with database.read() as connection:
        kept = await file_references.kept_in(connection)
        known = {*(one.ref for one in kept), *await erasing.gone_in(connection)}
        known |= await erasing_packs.erased_in(connection)
        said = {one.ref: one for one in await file_references.said_in(connection) if one.ref not in known}
    wanted: list[Reference] = [*kept, *said.values()]
    whys = {ref: await asyncio.to_thread(_why, store, ref) for ref in dict.fromkeys(one.ref for one in wanted)}
    return [Broken(one, why) for one in wanted if (why := whys[one.ref])]


def _why(store: FileStore, ref: str) -> str:
    try:
        return "" if sha256_of(store.path_of(ref)) == ref else "文件内容被改过"
    except (FileNotFoundError, NotFoundError):
        return "文件不见了"
