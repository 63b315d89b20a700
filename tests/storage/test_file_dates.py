"""When evidence says it was made: read once a content after it came, kept beside it, and asked about at its clause."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dated_files import photo, slides
from entering import add
from filed import attach, do, kept, withdraw
from made_files import TYPES, zipped
from stored import NOW, TASKS, TOWNS, campaign, joined, rows
from written import written

from storage import answers, doubts, evidence, file_dates, verdicts
from storage.database import Database
from storage.file_text import NoText, TextReader
from storage.files import FileStore
from storage.text_process import Limits

ZONE = ZoneInfo("Asia/Shanghai")
CLAUSE = "8.2a"
MARCH = date(2026, 3, 14)


@pytest.fixture(autouse=True)
def made(run: Any) -> None:
    found = campaign(run, rubrics=(TOWNS, TASKS))
    joined(run, found)
    joined(run, found, "o1", "王处", role="office", unit=None)


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "evidence")


def receive(run: Any, store: FileStore, content: bytes, kind: str = "pptx", unit_id: int = 1, **words: Any) -> int:
    given = (NOW, 1, unit_id, kept(store, content), "培训.pptx", len(content), kind)
    return int(do(run, evidence.receive_in, *given, **words).id)


def read(run: Any, store: FileStore, at: datetime = NOW, **limits: Any) -> int:
    async def work(database: Database) -> int:
        async with TextReader(store, Limits(**limits)) as reader:
            return await file_dates.read_new(database, reader, at, ZONE)

    return int(run(work))


def stored(run: Any) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = rows(run, "SELECT made_on, saved_on FROM file_dates ORDER BY rowid")
    return found


def asked(run: Any, ident: str = CLAUSE, unit_id: int = 1) -> list[str]:
    return [one.said for one in written(run, doubts.of_clause_in, 1, ZONE, (unit_id, TOWNS.id, ident))]


def test_a_file_made_months_after_its_date_is_asked_about_at_its_clause(run: Any, store: FileStore) -> None:
    run(lambda database: answers.record(database, NOW, 1, 1, TOWNS, CLAUSE, 99))
    attach(run, receive(run, store, slides("2026-11-05T01:00:00Z"), dated_on=MARCH), CLAUSE)
    read(run, store)

    (said,) = asked(run)

    assert said == "《培训.pptx》写的是 2026年3月14日，文件属性显示 2026年11月5日制作，是后来整理或扫描的吗？"


def test_a_photo_of_an_entry_is_held_against_the_entrys_day(run: Any, store: FileStore) -> None:
    criterion = next(c for c in TOWNS.criteria.values() if c.entries and c.entries.unit == "次" and c.by == "unit")
    entry = add(run, criterion.id, "质量例会", MARCH)
    ident = receive(run, store, photo("2026:11:05 09:12:33"), "jpeg")
    attach(run, ident, criterion.id, entry_id=entry.entry.id)
    read(run, store)

    assert any(
        "证明的是 2026年3月14日的事，照片属性显示 2026年11月5日拍摄" in said for said in asked(run, criterion.id)
    )


def test_a_verdict_settles_it_unless_the_dates_were_read_later(run: Any, store: FileStore) -> None:
    run(lambda database: answers.record(database, NOW, 1, 1, TOWNS, CLAUSE, 99))
    attach(run, receive(run, store, slides("2026-11-05T01:00:00Z"), dated_on=MARCH), CLAUSE)
    read(run, store, NOW + timedelta(minutes=1))

    def passed(at: datetime) -> None:
        basis = written(run, verdicts.shown_in, 1, TOWNS, CLAUSE)
        written(run, verdicts.pass_in, at, 2, 1, TOWNS, CLAUSE, basis=basis)

    passed(NOW)
    assert len(asked(run)) == 1
    passed(NOW + timedelta(minutes=2))
    assert asked(run) == []


def test_the_same_content_is_read_once_whoever_sent_it(run: Any, store: FileStore) -> None:
    content = slides("2026-11-05T01:00:00Z", "2026-11-06T01:00:00Z")
    receive(run, store, content)

    assert read(run, store) == 1
    receive(run, store, content, unit_id=2)
    assert read(run, store) == 0
    assert stored(run) == [("2026-11-05", "2026-11-06")]


def test_a_moment_is_a_day_in_the_offices_zone(run: Any, store: FileStore) -> None:
    receive(run, store, slides("2026-11-04T17:00:00Z", "2026-11-04T17:00:00"))
    read(run, store)

    assert stored(run) == [("2026-11-05", "2026-11-04")]


@pytest.mark.parametrize(
    "absurd",
    ["1989-12-31T00:00:00Z", "1601-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00",
     "2026-11-22T00:00:00", "2027-01-05T00:00:00Z"],
)  # fmt: skip
def test_dates_before_1990_and_still_to_come_are_no_dates(run: Any, store: FileStore, absurd: str) -> None:
    receive(run, store, slides(absurd, "2026-11-21T10:00:00"))
    read(run, store)

    assert stored(run) == [(None, "2026-11-21")]


def test_a_file_that_cannot_be_read_is_not_tried_for_ever(run: Any, store: FileStore) -> None:
    receive(run, store, zipped({"[Content_Types].xml": TYPES, "ppt/a.xml": "a", "docProps/core.xml": "<a"}))

    assert (read(run, store), read(run, store)) == (1, 0)
    assert stored(run) == [(None, None)]


def test_a_reader_that_has_no_time_is_asked_again(run: Any, store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    async def busy(*_: Any, **__: Any) -> NoText:
        return NoText("busy")

    receive(run, store, slides("2026-11-05T01:00:00Z"))
    with monkeypatch.context() as patched:
        patched.setattr(TextReader, "dates_of", busy)
        assert read(run, store) == 0

    assert read(run, store) == 1


def test_what_was_withdrawn_and_what_has_no_dates_is_left_alone(run: Any, store: FileStore) -> None:
    withdraw(run, receive(run, store, slides("2026-11-05T01:00:00Z")))
    receive(run, store, "质量".encode(), "text")

    assert read(run, store) == 0
