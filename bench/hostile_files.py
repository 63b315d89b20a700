"""Does any hostile file get past the store, and does a kill during an upload leave a row without its file?

5,000 seeded files of every kind a sender should not send, under names that want out of the folder, among good ones.
What must hold is worked out by the generator, which knows what it made; the store sees only name and bytes.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import random
import signal
import struct
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

from storage.data_folder import database_path, initialise
from storage.database import Database
from storage.file_types import MOST_MEMBERS
from storage.files import CLASSIFIED, FileStore, sha256_of
from storage.inbox import Inbox

FILES = 5000
KILLS = 40
LIMIT_BYTES = 262_144
CHUNK_BYTES = 16_384
SLOWEST_SECONDS = 5.0  # for one file on a busy machine; a bomb that is opened takes minutes
SCRIPT_ENDINGS = (".bat", ".BAT", ".vbs ", ".ps1.", ".ｊｓ", ".h\u200bta", ".cmd")


class Made(NamedTuple):
    """A hostile file. ``must``: kept, refused, or either; ``macro`` where it must be marked."""

    kind: str
    content: bytes
    must: str
    name: str = ""
    macro: bool = False


def pdf(rng: random.Random) -> bytes:
    return b"%PDF-1.7\n" + rng.randbytes(rng.randrange(20, 3000)) + b"\n%%EOF"


def zipped(names: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in names.items():
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=compression)
    return out.getvalue()


def document(rng: random.Random, **more: bytes) -> bytes:
    return zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": rng.randbytes(200), **more})


def encrypted(content: bytes) -> bytes:
    """Sets the flag of every entry, in the local headers and in the directory."""
    made = bytearray(content)
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = made.find(magic)
        while at >= 0:
            made[at + offset] |= 1
            at = made.find(magic, at + 4)
    return bytes(made)


def ole(rng: random.Random, inside: bytes = b"") -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + inside + bytes(rng.randrange(64, 2048))


@cache
def bomb() -> bytes:
    """128 MB of zeros, packed twice."""
    inner = zipped({f"{n}.bin": bytes(16_777_216) for n in range(8)})
    return zipped({"inner.zip": inner})


@cache
def crowd() -> bytes:
    return zipped({f"{n}": b"" for n in range(MOST_MEMBERS + 1)}, zipfile.ZIP_STORED)


def pixel_bomb(rng: random.Random) -> bytes:
    header = struct.pack(">II", rng.randrange(30_000, 60_000), 60_000) + b"\x08\x02\x00\x00\x00"
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + header + rng.randbytes(60)


def program(rng: random.Random) -> Made:
    magic = rng.choice([b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa\xcf"])
    return Made("program", magic + rng.randbytes(rng.randrange(1, 5000)), "refused")


def script(rng: random.Random) -> Made:
    body = rng.choice([b"#!/bin/sh\nrm -rf /", b"\xef\xbb\xbf#!/usr/bin/python", b"<html><ScRiPt>x</script>",
                       b"<p>" * 3000 + b"<script>x</script>"])  # fmt: skip
    return Made("script", body, "refused")


def named_script(rng: random.Random) -> Made:
    name = rng.choice(["report", "年度计划.pdf", "a\u202e"]) + rng.choice(SCRIPT_ENDINGS)
    return Made("text named a script", b"@echo off\r\ndel *.*", "refused", name)


def app(rng: random.Random) -> Made:
    member = rng.choice(["AndroidManifest.xml", "META-INF/MANIFEST.MF", "Payload/kaoping.app/Info.plist"])
    return Made("app", zipped({member: b"x", "classes.dex": rng.randbytes(99)}), "refused")


def classified(rng: random.Random) -> Made:
    word = rng.choice([" ", "\u200b", "\u3000", ""]).join(rng.choice(CLASSIFIED))
    return Made("classified name", pdf(rng), "refused", f"2026年{word}文件.pdf")


def truncated(rng: random.Random) -> Made:
    whole = document(rng)
    return Made("truncated document", whole[: rng.randrange(8, len(whole) - 22)], "refused")


def noise(rng: random.Random) -> Made:
    return Made("noise", b"\x01\x00\xff\x00" + rng.randbytes(rng.randrange(1, 4000)), "refused")


def large(rng: random.Random) -> Made:
    return Made("too large", pdf(rng).ljust(LIMIT_BYTES + rng.randrange(1, LIMIT_BYTES), b" "), "refused")


def good(rng: random.Random) -> Made:
    size = LIMIT_BYTES if rng.random() < 0.05 else 0
    text = rng.choice([b"meeting", "会议纪要".encode(), "会议纪要".encode("gb18030")]) * rng.randrange(1, 90)
    content = rng.choice([pdf(rng).ljust(size, b" "), document(rng), text, b"\xff\xd8\xff\xe0" + rng.randbytes(500)])
    return Made("good", content, "kept")


MAKERS: tuple[Callable[[random.Random], Made], ...] = (
    program, script, named_script, app, classified, truncated, noise, large, good, good, good,
    lambda rng: Made("macros", document(rng, **{"word/vbaProject.bin": b"x"}), "kept", macro=True),
    lambda rng: Made("macros, old", ole(rng, "_VBA_PROJECT".encode("utf-16-le")), "kept", macro=True),
    lambda rng: Made("installer", ole(rng, b"\x84\x10\x0c\0\0\0\0\0\xc0\0\0\0\0\0\0\x46"), "refused"),
    lambda rng: Made("encrypted", encrypted(document(rng)), "refused"),
    lambda rng: Made("encrypted, old", ole(rng, "EncryptedPackage".encode("utf-16-le")), "refused"),
    lambda rng: Made("empty", b"", "refused"),
    lambda rng: Made("empty zip", zipped({}), "refused"),
    lambda rng: Made("zip bomb", bomb(), "either"),
    lambda rng: Made("pixel bomb", pixel_bomb(rng), "either"),
)  # fmt: skip
"""The crowded zip is over the usual limit and comes once, by itself."""

NAMES = (
    "../../outside.pdf", "..", ".", "", "/etc/cron.d/kaoping", "/tmp/outside.pdf", "C:\\Windows\\evil.dll", "~/.ssh/config",
    "CON", "nul.txt", "COM1.pdf", "a" * 300 + ".pdf", "计划\u202efdp.exe", "a\0.pdf", "\0", "line\nbreak.pdf", "\ud83d.pdf",
    "$(reboot).pdf", "'; DROP TABLE evidence; --", "年度计划.pdf", "x.jpg", "report.docx", "incoming-1.part", "a/b/../../c",
)  # fmt: skip


class Outcome(NamedTuple):
    """What came of the files: counts by kind and ending, and what must not be."""

    counts: Counter[tuple[str, str]]
    faults: list[str]


async def send(seed: int, count: int, folder: Path) -> Outcome:
    """Send seeded files to a store under a folder and check each against what its maker knows."""
    rng = random.Random(seed)
    store = FileStore(folder / "evidence")
    (folder / "evidence").mkdir()
    before = listed(folder)
    counts: Counter[tuple[str, str]] = Counter()
    faults: list[str] = []
    kept: set[str] = set()
    for number in range(count):
        made = rng.choice(MAKERS)(rng)
        name = made.name or rng.choice(NAMES)
        found = await keep(store, made, name, rng, LIMIT_BYTES)
        counts[made.kind, "refused" if "refused" in found else "kept"] += 1
        faults += [f"seed {seed}, file {number} ({made.kind}, {name!r}): {why}" for why in wrong(store, made, found)]
        if "ref" in found:
            kept.add(found["ref"])
            if (await store.type_of(found["ref"])).macro != made.macro and made.kind != "zip bomb":
                faults.append(f"seed {seed}, file {number} ({made.kind}): macro is not {made.macro}")
    crowded = Made("crowded zip", crowd(), "refused")
    found = await keep(store, crowded, "many.zip", rng, 16 * LIMIT_BYTES)
    faults += [f"crowded zip: {why}" for why in wrong(store, crowded, found)]
    there = listed(folder) - before
    places = {f"evidence/{ref[:2]}/{ref}" for ref in kept} | {f"evidence/{ref[:2]}" for ref in kept}
    faults += [f"left over or outside: {place}" for place in sorted(there ^ places)]
    return Outcome(counts, faults)


async def keep(store: FileStore, made: Made, name: str, rng: random.Random, limit: int) -> dict[str, str]:
    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(made.content), CHUNK_BYTES):
            yield made.content[start : start + CHUNK_BYTES]
        while made.kind == "too large" and made.content[-1:] == b" " and rng.random() < 0.999:
            yield bytes(CHUNK_BYTES)  # nearly without an end: the store has to stop reading

    async with asyncio.timeout(SLOWEST_SECONDS):
        return await store.store(chunks(), name, limit)


def wrong(store: FileStore, made: Made, found: dict[str, str]) -> list[str]:
    """What is not as it must be with one file."""
    if "refused" in found:
        sentence = found["refused"]
        said = 8 <= len(sentence) <= 120 and "\u4e00" <= sentence[0] <= "\u9fff" and str(store.folder) not in sentence
        return (["no sentence"] if not said else []) + (["refused a good file"] if made.must == "kept" else [])
    path = store.path_of(found["ref"])
    same = path.is_file() and sha256_of(path) == found["ref"] == hashlib.sha256(made.content).hexdigest()
    small = path.stat().st_size <= LIMIT_BYTES
    return [
        why
        for why, bad in (("kept", made.must == "refused"), ("not its content", not same), ("too large", not small))
        if bad
    ]


def listed(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def kill(seed: int, kills: int, folder: Path) -> tuple[int, list[str]]:
    """Kill a process that stores files and keeps events about them; kept rows, and those without their file."""
    rng = random.Random(seed)
    initialise(folder)
    for number in range(kills):
        command = [sys.executable, __file__, "--upload", str(folder), f"{seed}-{number}"]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
            assert child.stdout
            child.stdout.readline()  # the first file is kept: it is at work
            try:
                child.wait(rng.uniform(0, 0.06))
            except subprocess.TimeoutExpired:
                child.send_signal(signal.SIGKILL)
    return asyncio.run(rows_without_files(folder))


async def rows_without_files(folder: Path) -> tuple[int, list[str]]:
    store = FileStore(folder / "evidence")
    store.sweep(datetime.now(UTC) + timedelta(days=1))
    database = Database(database_path(folder))
    events = await Inbox(database, lambda: datetime.now(UTC)).waiting("web")
    await database.close()
    refs = [file["ref"] for event in events for file in event.raw["files"]]
    faults = [ref for ref in refs if not store.path_of(ref).is_file() or sha256_of(store.path_of(ref)) != ref]
    return len(refs), faults + [f"left over: {path}" for path in store.folder.glob("*.part")]


async def upload(folder: Path, seed: str) -> None:
    """What is killed: files stored and rows about them written, without end."""
    rng = random.Random(seed)
    store, database = FileStore(folder / "evidence"), Database(database_path(folder))
    inbox = Inbox(database, lambda: datetime.now(UTC))
    for number in range(100_000):
        made = Made("good", pdf(rng).ljust(rng.randrange(100, LIMIT_BYTES), b" "), "kept")
        found = await keep(store, made, "minutes.pdf", rng, LIMIT_BYTES)
        await inbox.keep("web", f"{seed}-{number}", "chen", {"files": [{**found, "name": "minutes.pdf"}]})
        print(number, flush=True)


def main() -> None:
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 20261121
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        outcome = asyncio.run(send(seed, FILES, Path(one)))
        rows, lost = kill(seed, KILLS, Path(two))
    for (kind, ending), count in sorted(outcome.counts.items()):
        print(f"{kind:22} {ending:8} {count:5}")
    print(f"{datetime.now(UTC):%Y-%m-%d} seed {seed}: {FILES} files, {len(outcome.faults)} faults")
    print(f"{KILLS} kills during upload: {rows} rows, {len(lost)} without their file")
    for fault in outcome.faults + lost:
        print(fault.encode("utf-8", "replace").decode())
    sys.exit(bool(outcome.faults or lost))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--upload"]:
        asyncio.run(upload(Path(sys.argv[2]), sys.argv[3]))
    else:
        main()
