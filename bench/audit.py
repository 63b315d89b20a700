"""How much does checking the audit trail cost beside the hashing it cannot do without?

Asked: 100,000 rows verified in at most 3 times a bare sha256 loop over the same canonical texts.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import sqlite3
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage import audit
from storage.data_folder import database_path, initialise
from storage.database import Database

ROWS = 100_000
ROUNDS = 5
SEED = 20261121


def trail(path: Path) -> list[str]:
    """Fill a database with a trail as answers leave it, and return the texts that were hashed."""
    some = random.Random(SEED)
    at, previous, rows, texts = datetime(2026, 1, 4, 1, 0, tzinfo=UTC), audit.GENESIS, [], []
    for number in range(1, ROWS + 1):
        at += timedelta(microseconds=some.randrange(60_000_000))
        subject = {"answer": number, "unit": some.randrange(21), "criterion": f"{some.randrange(10)}.1"}
        content = audit.canonical(subject | {"sha256": some.randbytes(32).hex(), "version": 1})
        actor = str(some.randrange(40))
        text = audit.canonical([previous, at.timestamp(), actor, "answer.recorded", 1, content])
        digest = audit.row_hash(previous, at, actor, "answer.recorded", 1, content)
        moment = at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        rows.append((number, moment, actor, "answer.recorded", 1, content, previous, digest))
        texts.append(text)
        previous = digest
    columns = "id, at, actor, action, campaign_id, subject, previous_hash, hash"
    with sqlite3.connect(path) as connection:
        connection.execute(
            "INSERT INTO campaign (id, code, year, created_at) VALUES (1, '2026', 2026, '2026-01-04T00:00:00.000000Z')"
        )
        connection.executemany(f"INSERT INTO audit ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    connection.close()
    return texts


def bare(texts: list[str]) -> float:
    began = time.perf_counter()
    for text in texts:
        hashlib.sha256(text.encode()).hexdigest()
    return time.perf_counter() - began


def bare_with_reading(path: Path, texts: list[str]) -> float:
    """The same loop beside reading the rows, as a check must: no more than fetched and counted."""
    began = time.perf_counter()
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT * FROM audit ORDER BY id")
        count = sum(len(hashlib.sha256(text.encode()).hexdigest()) > 0 for _, text in zip(rows, texts, strict=True))
    connection.close()
    assert count == ROWS
    return time.perf_counter() - began


async def verified(path: Path) -> float:
    database = Database(path)
    began = time.perf_counter()
    async with database.read() as connection:
        chain = await audit.walk(connection)
    took = time.perf_counter() - began
    await database.close()
    assert (chain.rows, chain.broken) == (ROWS, ())
    return took


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        initialise(Path(name))
        path = database_path(Path(name))
        texts = trail(path)
        rounds = [(asyncio.run(verified(path)), bare_with_reading(path, texts), bare(texts)) for _ in range(ROUNDS)]
    ours, reading, hashing = (statistics.median(column) for column in zip(*rounds, strict=True))
    print(
        f"{ROWS} audit rows, seed {SEED}: verified in {ours * 1e3:.0f} ms: {ours / reading:.2f} times a loop that reads"
        f" and hashes ({reading * 1e3:.0f} ms; asked: at most 3), {ours / hashing:.2f} times one that only hashes"
        f" texts in memory ({hashing * 1e3:.0f} ms)"
    )


if __name__ == "__main__":
    main()
