"""Evidence files: whole, durable and under their hash, or not there at all."""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import NotFoundError
from storage.file_types import PROGRAM, FileType
from storage.files import EMPTY, FileStore

PDF = b"%PDF-1.7\n" + b"x" * 100
MB = 1_048_576
KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from storage import files

def kill(*_):
    os.kill(os.getpid(), signal.SIGKILL)

async def chunks():
    yield b"%PDF-1.7"
    if sys.argv[2] == "streaming":
        kill()

files.os.replace = kill
asyncio.run(files.FileStore(Path(sys.argv[1])).store(chunks(), "a.pdf", 1000))
"""


async def chunks(content: bytes, error: BaseException | None = None) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 50):
        yield content[start : start + 50]
    if error:
        raise error


def store(root: Path, content: bytes, name: str = "a.pdf", limit: int = MB, **words: Any) -> dict[str, Any]:
    return asyncio.run(FileStore(root).store(chunks(content, **words), name, limit))


def files(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "data" / "evidence"


def test_a_file_lies_under_its_hash(root: Path) -> None:
    stored = store(root, PDF)

    ref = hashlib.sha256(PDF).hexdigest()
    assert stored == {"ref": ref, "size_bytes": 109}
    assert files(root) == [f"{ref[:2]}/{ref}"]
    assert FileStore(root).path_of(ref).read_bytes() == PDF
    assert asyncio.run(FileStore(root).type_of(ref)) == FileType("pdf")


def test_the_same_content_again_keeps_the_old_file(root: Path) -> None:
    path = FileStore(root).path_of(store(root, PDF)["ref"])
    before = path.stat()

    again = store(root, PDF, "b.pdf")

    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert files(root) == [f"{again['ref'][:2]}/{again['ref']}"]


def test_a_file_of_just_the_limit_is_kept(root: Path) -> None:
    assert store(root, PDF, limit=109)["size_bytes"] == 109


def test_a_file_over_the_limit_is_not_read_to_its_end_nor_kept(root: Path) -> None:
    stored = store(root, PDF + b"x" * 2 * MB, limit=MB, error=AssertionError("read to its end"))

    assert "1 MB" in stored["refused"]
    assert files(root) == []


def test_an_empty_file_and_a_program_are_refused_and_leave_nothing(root: Path) -> None:
    assert [store(root, content) for content in (b"", b"MZ\x90")] == [{"refused": EMPTY}, {"refused": PROGRAM}]
    assert files(root) == []


@pytest.mark.parametrize("error", [ConnectionError("cut off"), asyncio.CancelledError()])
def test_a_stream_cut_off_leaves_nothing(root: Path, error: BaseException) -> None:
    with pytest.raises(type(error)):
        store(root, PDF, error=error)

    assert files(root) == []


@pytest.mark.parametrize("name", ["秘密.pdf", "关于…的通知（机密★）.docx", "绝\u200b密.pdf", "机 密.pdf", "a/../绝密"])
def test_a_name_that_says_secret_is_refused_before_a_byte_is_read(root: Path, name: str) -> None:
    stored = store(root, b"", name, error=AssertionError("read"))

    assert "线下核验" in stored["refused"]
    assert not root.exists()


@pytest.mark.parametrize(
    "name", ["../../x", "/etc/passwd", "长" * 300, "\u202efdp.exe", "a\x00b", "\ud83d", "", ".", "C:\\x"]
)
def test_a_hostile_name_is_never_a_path(root: Path, name: str) -> None:
    ref = store(root, PDF, name)["ref"]

    assert files(root.parent) == [f"evidence/{ref[:2]}/{ref}"]


@pytest.mark.parametrize("ref", ["", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n", "/" * 64, "ａ" * 64])
def test_what_is_no_reference_has_no_path(root: Path, ref: str) -> None:
    with pytest.raises(NotFoundError):
        FileStore(root).path_of(ref)


def test_the_type_of_a_file_that_is_gone_or_damaged_is_an_error_with_a_sentence(root: Path) -> None:
    ref = store(root, PDF)["ref"]
    path = FileStore(root).path_of(ref)

    for content in (b"\x00\x01", b""):
        path.write_bytes(content)
        with pytest.raises(NotFoundError, match="损坏"):
            asyncio.run(FileStore(root).type_of(ref))
    path.unlink()
    with pytest.raises(NotFoundError, match="不在"):
        asyncio.run(FileStore(root).type_of(ref))


def test_sweeping_deletes_old_temporary_files_only(root: Path) -> None:
    ref = store(root, PDF)["ref"]
    kept = FileStore(root).path_of(ref)
    now = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
    ages = {root / "incoming-old.part": 2, root / "incoming-new.part": 0, root / "notes.txt": 9, kept: 9}
    for path, hours in ages.items():
        path.write_bytes(PDF)
        os.utime(path, ((now - timedelta(hours=hours)).timestamp(),) * 2)

    assert FileStore(root).sweep(now - timedelta(hours=1)) == 1

    assert files(root) == sorted([f"{ref[:2]}/{ref}", "incoming-new.part", "notes.txt"])


def test_sweeping_before_the_first_file_finds_nothing(root: Path) -> None:
    assert FileStore(root).sweep(datetime.now(UTC)) == 0


@pytest.mark.parametrize("moment", ["streaming", "renaming"])
def test_a_kill_leaves_a_temporary_file_that_is_swept(root: Path, moment: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(root), moment], cwd=Path(__file__).parents[2], check=False
    )

    assert ended.returncode == -signal.SIGKILL
    left = files(root)
    assert len(left) == 1
    assert left[0].startswith("incoming-")
    assert FileStore(root).sweep(datetime.now(UTC) + timedelta(hours=1)) == 1
    assert files(root) == []


def test_many_uploads_of_the_same_file_at_once_are_one_file(root: Path) -> None:
    async def many() -> list[dict[str, Any]]:
        return await asyncio.gather(*(FileStore(root).store(chunks(PDF), "a.pdf", MB) for _ in range(20)))

    refs = {stored["ref"] for stored in asyncio.run(many())}

    assert files(root) == [f"{ref[:2]}/{ref}" for ref in refs]


@given(st.binary(max_size=300), st.text(max_size=40), st.sampled_from([b"", b"%PDF-", b"PK\x03\x04", b"\xff\xd8\xff"]))
def test_whatever_is_sent_is_kept_under_its_hash_or_refused_with_a_sentence(
    content: bytes, name: str, head: bytes
) -> None:
    with tempfile.TemporaryDirectory() as outside:
        root = Path(outside) / "evidence"
        sent = head + content

        stored = store(root, sent, name, limit=250)

        ref = hashlib.sha256(sent).hexdigest()
        kept = "refused" not in stored
        assert stored == ({"ref": ref, "size_bytes": len(sent)} if kept else {"refused": stored["refused"]})
        assert files(Path(outside)) == ([f"evidence/{ref[:2]}/{ref}"] if kept else [])
