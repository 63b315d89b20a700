"""A figure against the files' text: read once a content after they came, and asked about like anything else."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from entering import add
from filed import attach, do, kept, withdraw
from stored import NOW, TASKS, TOWNS, campaign, joined, rows
from written import written

from storage import answers, doubts, erasing, evidence, file_figures, verdicts
from storage.database import Database
from storage.file_text import NoText, TextReader
from storage.files import FileStore
from storage.text_process import Limits

ZONE = ZoneInfo("Asia/Shanghai")
CLAUSE = "8.2a"
SAID = "填的是 99%，文件里没有这个数，有 95%，以哪个为准？"


@pytest.fixture(autouse=True)
def made(run: Any) -> None:
    found = campaign(run, rubrics=(TOWNS, TASKS))
    joined(run, found)
    joined(run, found, "o1", "王处", role="office", unit=None)
    answer(run, 99)


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "evidence")


def answer(run: Any, fact: object, ident: str = CLAUSE, at: datetime = NOW) -> None:
    run(lambda database: answers.record(database, at, 1, 1, TOWNS, ident, fact))


def receive(run: Any, store: FileStore, *words: str, unit_id: int = 1) -> int:
    content = "\n".join(words).encode()
    given = (NOW, 1, unit_id, kept(store, content), "统计.txt", len(content), "text")
    return int(do(run, evidence.receive_in, *given).id)


def sent(run: Any, store: FileStore, *words: str, ident: str = CLAUSE, **more: Any) -> int:
    evidence_id = receive(run, store, *words)
    attach(run, evidence_id, ident, **more)
    return evidence_id


def read(run: Any, store: FileStore, at: datetime = NOW, **limits: Any) -> int:
    async def work(database: Database) -> int:
        async with TextReader(store, Limits(**limits)) as reader:
            return await file_figures.read_new(database, reader, at)

    return int(run(work))


def stored(run: Any) -> list[str | None]:
    return [lines for (lines,) in rows(run, "SELECT lines FROM file_figures ORDER BY rowid")]


def asked(run: Any, ident: str = CLAUSE) -> list[str]:
    return [
        one.said for one in written(run, doubts.of_clause_in, 1, ZONE, (1, TOWNS.id, ident)) if one.kind == "figure"
    ]


def test_a_figure_the_files_do_not_have_is_a_question_without_a_press(run: Any, store: FileStore) -> None:
    sent(run, store, "新增特种设备使用登记率95%。")
    before = asked(run)
    read(run, store)

    found = written(run, doubts.of_campaign_in, 1, ZONE)

    assert before == []
    assert [one.said for one in found[1, TOWNS.id, CLAUSE]] == [SAID]


@pytest.mark.parametrize(
    "words", ["新增特种设备使用登记率99%", "登记率百分之九十九，检验率95%", "99/100台已登记", "共检查3次"]
)
def test_files_that_have_it_or_none_of_its_kind_raise_no_question(run: Any, store: FileStore, words: str) -> None:
    sent(run, store, words)
    read(run, store)

    assert asked(run) == []


def test_the_figure_may_stand_in_any_file_of_the_clause(run: Any, store: FileStore) -> None:
    sent(run, store, "登记率95%")
    read(run, store)
    sent(run, store, "登记率99%")
    assert asked(run) == []  # the second is still to be read

    read(run, store)

    assert asked(run) == []


def test_a_file_longer_than_what_is_read_may_have_it_further_on(run: Any, store: FileStore) -> None:
    sent(run, store, "登记率95%", "其他情况" * 20)
    read(run, store, characters=40)

    assert (asked(run), stored(run)) == ([], [None])


def test_entries_are_no_figure_of_a_text(run: Any, store: FileStore) -> None:
    entry = add(run, "10.2", "信息", NOW.date())
    sent(run, store, "今年共报信息8条", ident="10.2", entry_id=entry.entry.id)
    read(run, store)

    assert asked(run, "10.2") == []


def test_a_verdict_settles_it_until_the_answer_is_another(run: Any, store: FileStore) -> None:
    sent(run, store, "登记率95%")
    read(run, store, NOW + timedelta(minutes=1))
    basis = written(run, verdicts.shown_in, 1, TOWNS, CLAUSE)
    written(run, verdicts.pass_in, NOW, 2, 1, TOWNS, CLAUSE, basis=basis)
    assert asked(run) == [SAID]  # read after it

    written(run, verdicts.pass_in, NOW + timedelta(minutes=2), 2, 1, TOWNS, CLAUSE, basis=basis)
    assert asked(run) == []

    answer(run, 98, at=NOW + timedelta(minutes=3))
    assert len(asked(run)) == 1


def test_the_right_figure_ends_the_question(run: Any, store: FileStore) -> None:
    sent(run, store, "登记率95%")
    read(run, store)

    answer(run, 95)

    assert asked(run) == []


def test_only_what_has_numbers_is_kept_and_nobodys_number(run: Any, store: FileStore) -> None:
    receive(
        run, store, "孟河镇特种设备情况。", "登记率95%，由李强（32041119800101123X、13912345678）填报。", "第", "12"
    )
    read(run, store)

    assert stored(run) == ["登记率95%"]


def test_the_same_content_is_read_once_whoever_sent_it(run: Any, store: FileStore) -> None:
    for unit_id in (1, 2):
        receive(run, store, "登记率95%", unit_id=unit_id)

    assert (read(run, store), read(run, store)) == (1, 0)
    assert stored(run) == ["登记率95%"]


def test_a_reader_that_has_no_time_is_asked_again(run: Any, store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    async def busy(*_: Any, **__: Any) -> NoText:
        return NoText("busy")

    sent(run, store, "登记率95%")
    with monkeypatch.context() as patched:
        patched.setattr(TextReader, "text_of", busy)
        assert read(run, store) == 0

    assert read(run, store) == 1


def test_a_file_that_cannot_be_read_is_not_tried_for_ever(run: Any, store: FileStore) -> None:
    given = (NOW, 1, 1, kept(store, b"PK no zip"), "统计.docx", 9, "docx")
    do(run, evidence.receive_in, *given)

    assert (read(run, store), read(run, store)) == (1, 0)
    assert stored(run) == [""]


def test_what_was_withdrawn_and_what_has_no_text_is_left_alone(run: Any, store: FileStore) -> None:
    withdraw(run, receive(run, store, "登记率95%"))
    do(run, evidence.receive_in, NOW, 1, 1, kept(store, b"photo"), "照片.jpg", 5, "jpeg")

    assert read(run, store) == 0


def test_nothing_of_an_erased_file_stays_unless_another_unit_has_it_too(run: Any, store: FileStore) -> None:
    for unit_id in (1, 2):
        receive(run, store, "登记率95%", unit_id=unit_id)
    read(run, store)

    do(run, erasing.erase_in, NOW, 2, 1, 1, "发错了")
    assert stored(run) == ["登记率95%"]
    do(run, erasing.erase_in, NOW, 2, 1, 2, "发错了")
    assert stored(run) == []


def test_a_file_erased_while_it_was_read_leaves_nothing(
    run: Any, store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    ident = sent(run, store, "登记率95%")
    reading = TextReader.text_of

    async def erased_meanwhile(self: TextReader, ref: str, kind: str) -> Any:
        found = await reading(self, ref, kind)
        async with database_of[0].write() as connection:
            await erasing.erase_in(connection, NOW, 2, 1, ident, "发错了")
        return found

    database_of: list[Database] = []

    async def work(database: Database) -> int:
        database_of.append(database)
        async with TextReader(store, Limits()) as reader:
            return await file_figures.read_new(database, reader, NOW)

    monkeypatch.setattr(TextReader, "text_of", erased_meanwhile)

    assert (run(work), stored(run)) == (0, [])
