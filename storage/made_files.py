"""Large files the bot makes itself (packs): moved into the store under their hash without being read into memory."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.files import FileStore, sha256_of

EXPORTS = "exports"
"""The folder beside the evidence for what is too large to be sent."""


def adopt(store: FileStore, made: Path) -> str:
    """The reference of a made file, which the store now has; it must lie on the store's disk.

    What people send is looked into before it is kept (`FileStore.store`); what the bot packed from such files is not.
    """
    ref = sha256_of(made)
    target = store.path_of(ref)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.replace(made, target)
    for place in (target.parent, store.folder):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    return ref


@contextmanager
def room_for(store: FileStore) -> Iterator[Path]:
    """An empty file on the store's disk to be written; what is left of it goes, also after a crash (`sweep`)."""
    store.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(".part", "incoming-", store.folder)
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def exports_of(store: FileStore) -> Path:
    """The folder for what is too large to be sent, made where it is not there."""
    folder = store.folder.parent / EXPORTS
    folder.mkdir(exist_ok=True, mode=0o700)
    return folder
