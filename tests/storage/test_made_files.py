"""Large files the bot makes: moved into the store whole, and nothing left behind."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.files import FileStore
from storage.made_files import adopt, exports_of, room_for


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "data" / "evidence")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()


def test_a_made_file_is_found_under_its_hash(store: FileStore) -> None:
    with room_for(store) as place:
        place.write_bytes(b"PK made")
        ref = adopt(store, place)

    assert ref == hashlib.sha256(b"PK made").hexdigest()
    assert Path(store.path(ref)).read_bytes() == b"PK made"
    assert [path.name for path in store.folder.iterdir()] == [ref[:2]]


def test_the_same_file_made_twice_is_kept_once(store: FileStore) -> None:
    refs = set()
    for _ in range(2):
        with room_for(store) as place:
            place.write_bytes(b"PK made")
            refs.add(adopt(store, place))

    assert len(refs) == 1


def test_what_is_not_adopted_goes(store: FileStore) -> None:
    with pytest.raises(ValueError, match="cut off"):
        _cut_off(store)

    assert list(store.folder.iterdir()) == []


def _cut_off(store: FileStore) -> None:
    with room_for(store) as place:
        place.write_bytes(b"half")
        raise ValueError("cut off")


def test_what_a_crash_leaves_is_swept(store: FileStore) -> None:
    room = room_for(store)
    place = room.__enter__()  # the program ends before the block does
    place.write_bytes(b"half")

    assert store.sweep(datetime.now(UTC) + timedelta(days=1)) == 1


def test_exports_lie_beside_the_evidence_for_the_administrator_alone(store: FileStore) -> None:
    folder = exports_of(store)

    assert folder == store.folder.parent / "exports" == exports_of(store)
    assert folder.stat().st_mode & 0o077 == 0
