"""What `/scores` of all units costs from the stored scorecards, beside the raw read of the answers they stand for.

Asked: at most 0.1 of the raw read for 21, 1,000 and 10,000 units, and a recomputation that agrees exactly.
"""

from __future__ import annotations

import asyncio
import json
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from rubrics import loader
from rubrics.errors import FactError
from rubrics.facts import parse_fact
from rubrics.model import Criterion
from storage import campaigns, invitations, kept_facts, people, scorecards
from storage.data_folder import database_path, initialise
from storage.database import Database
from storage.roster import RosterUnit

NOW = datetime(2026, 11, 21, tzinfo=UTC)
TOWNS = loader.load("xinbei-2011-towns")
SIZES = (21, 1_000, 10_000)
ROUNDS = 7
SEED = 20261121

ANSWER = (
    "INSERT INTO answer (campaign_id, receipt, unit_id, rubric_id, criterion_id, version, state, fact, note, said,"
    " person_id, at) VALUES (1, ?, ?, ?, ?, 1, 'answered', ?, '', '', 1, '2026-11-21T00:00:00.000000Z')"
)
RAW = (
    "SELECT u.name, a.criterion_id, a.fact FROM answer a JOIN unit u ON u.id = a.unit_id WHERE a.campaign_id = 1"
    " ORDER BY u.position, a.id"
)


def fact(criterion: Criterion, dice: random.Random) -> str:
    for value in (dice.choice((True, False)), dice.randint(0, 3), dice.randint(90, 100), 1, 0):
        try:
            return kept_facts.fact_text(parse_fact(criterion, value))
        except FactError:
            continue
    raise AssertionError(criterion.id)


async def fill(path: Path, size: int) -> None:
    """A campaign of so many units, each with an answer to all 44 clauses."""
    units = [RosterUnit(f"第{number}镇", "镇", (), (), ()) for number in range(size)]
    database = Database(path)
    made = await campaigns.create(database, NOW, "bench", 2026, [TOWNS], units)
    code = (await invitations.invite(database, NOW, "bench", made, "liaison", unit=units[0].name)).code
    await people.redeem(database, NOW, "bench", "chen", code)
    await database.close()
    dice = random.Random(SEED)
    numbers = iter(range(1, size * len(TOWNS.criteria) + 1))
    with sqlite3.connect(path) as connection:
        for unit in range(1, size + 1):
            rows = [(next(numbers), unit, TOWNS.id, c.id, fact(c, dice)) for c in TOWNS.criteria.values()]
            connection.executemany(ANSWER, rows)
    connection.close()


def median_ms(work: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e3


def measure(size: int) -> str:
    with tempfile.TemporaryDirectory() as name, asyncio.Runner() as runner:
        initialise(Path(name))
        path = database_path(Path(name))
        runner.run(fill(path, size))
        database = Database(path)
        runner.run(scorecards.recompute(database, NOW, 1))
        stored = median_ms(lambda: runner.run(scorecards.summary(database, 1)))
        wrong = len(runner.run(scorecards.recompute(database, NOW, 1)))
        runner.run(database.close())
        connection = sqlite3.connect(path)
        raw = median_ms(lambda: [(unit, c, json.loads(f)) for unit, c, f in connection.execute(RAW)])
        connection.close()
    return f"{size:>6} units: stored {stored:7.1f} ms, raw answers {raw:7.1f} ms: {stored / raw:.3f}; recomputed: {wrong} differ"


def main() -> None:
    for size in SIZES:
        print(measure(size))


if __name__ == "__main__":
    main()
