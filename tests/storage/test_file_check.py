"""Every kept file that a row refers to is checked, and named with what it belongs to."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from filed import broken, do, kept, receive
from sqlalchemy import text
from stored import NOW, TOWNS, campaign, joined

from storage import (
    clause_links,
    clues,
    conversation,
    erasing,
    file_references,
    findings,
    late_answers,
    notices,
    submissions,
)
from storage.clause_links import Sent
from storage.database import Database
from storage.files import FileStore
from storage.inbox import Inbox

NAME = "材料.pdf"
AT = "2026-11-21T08:00:00.000000Z"
Kept = Callable[[Any, str], object]


@pytest.fixture
def store(folder: Path, run: Any) -> FileStore:
    made = campaign(run)
    joined(run, made)
    joined(run, made, "o1", "王处", role="office", unit=None)
    return FileStore(folder / "evidence")


def execute(run: Any, query: str) -> None:
    async def work(database: Database) -> None:
        async with database.write() as connection:
            await connection.execute(text(query))

    run(work)


def attached(ref: str) -> dict[str, Any]:
    return {"ref": ref, "name": NAME, "size_bytes": 9}


def finding(run: Any, ref: str) -> None:
    do(run, findings.add_in, NOW, 2, 1, TOWNS, "1.2", "wrong", "没有", [attached(ref)])


def clue(run: Any, ref: str) -> None:
    do(run, clues.add_in, NOW, 1, 1, "东街有假货", [attached(ref)])


def notice(run: Any, ref: str) -> None:
    about = {"kind": "read", "text": "开会", "file": attached(ref), "answer_by": None, "unit_ids": [1]}
    do(run, notices.add_in, NOW, 2, 1, **about)


def sheet(run: Any, ref: str) -> None:
    do(run, submissions.open_in, NOW, 1, 1, TOWNS, '{"total":"1"}', ref)


def evidence_alone(run: Any, ref: str) -> int:
    return receive(run, ref, name=NAME).id


def signed(run: Any, ref: str) -> None:
    sheet(run, ref)
    execute(run, f"UPDATE submission SET signed_id = {evidence_alone(run, ref)}, sheet_ref = '{ref}'")


def late(run: Any, ref: str) -> None:
    do(run, late_answers.ask_in, NOW, 1, 1, TOWNS, "1.2", None, "", [evidence_alone(run, ref)], "刚拿到")


def rectified(run: Any, ref: str) -> None:
    names = "campaign_id, unit_id, rubric_id, criterion_id, lost, because, measure, who, due_on, files, at, answer"
    values = (
        f"1, 1, 'xinbei-2011-towns', '1.2', '1', '', '', '', '2026-12-31', '[{evidence_alone(run, ref)}]', '{AT}', ''"
    )
    execute(run, f"INSERT INTO rectification ({names}) VALUES ({values})")


def by_colleague(run: Any, ref: str) -> None:
    _, code = do(run, clause_links.make_in, NOW, 1, 1, 1, TOWNS, "1.2")
    sent = Sent(ref, NAME, 9, "pdf", macro=False)
    do(run, clause_links.answer_in, NOW, date(2026, 11, 21), code, "小王", "有", [sent])


def message(run: Any, ref: str) -> None:
    do(run, conversation.say, NOW, "web", "a1", "收好", (), attached(ref))


def event(run: Any, ref: str) -> None:
    run(lambda database: Inbox(database, lambda: NOW).keep("web", "e1", "a1", {"text": "", "files": [attached(ref)]}))


EVIDENCE = "第 1 份材料，孟河镇《材料.pdf》"
KINDS: list[tuple[Kept, list[str]]] = [
    (evidence_alone, [EVIDENCE]),
    (finding, ["孟河镇 1.2 实地核查的照片《材料.pdf》"]),
    (clue, ["线索2026-0001 的附件《材料.pdf》"]),
    (notice, ["考核 2026 第 1 号通知的附件《材料.pdf》"]),
    (sheet, ["孟河镇自评 2026-S001 待签字的页"]),
    (signed, [f"{EVIDENCE}（自评签字页）", "孟河镇自评 2026-S001 待签字的页"]),
    (late, [f"{EVIDENCE}（补报）"]),
    (rectified, [f"{EVIDENCE}（整改）"]),
    (by_colleague, [f"{EVIDENCE}（转同事）"]),
    (message, ["第 1 条消息的文件《材料.pdf》"]),
    (event, ["收件箱第 1 条的文件《材料.pdf》"]),
]


@pytest.mark.parametrize(("keep", "named"), KINDS)
def test_a_flipped_byte_is_reported_with_what_it_belongs_to(
    run: Any, store: FileStore, keep: Kept, named: list[str]
) -> None:
    ref = kept(store)
    keep(run, ref)
    assert broken(run, store) == []
    path = store.path_of(ref)
    content = path.read_bytes()

    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert [(file.of, file.ref, why) for file, why in broken(run, store)] == [
        (one, ref, "文件内容被改过") for one in named
    ]

    path.unlink()
    assert [(file.of, why) for file, why in broken(run, store)] == [(one, "文件不见了") for one in named]


def test_a_file_of_two_owners_is_named_twice_and_its_messages_are_not(run: Any, store: FileStore) -> None:
    ref = kept(store)
    for keep in (message, event, evidence_alone, finding):
        keep(run, ref)
    store.path_of(ref).unlink()

    assert [file.of for file, _ in broken(run, store)] == [EVIDENCE, "孟河镇 1.2 实地核查的照片《材料.pdf》"]


def test_a_message_sent_to_many_names_its_file_once(run: Any, store: FileStore) -> None:
    ref = kept(store)
    for _ in range(3):
        message(run, ref)
    store.path_of(ref).unlink()

    assert len(broken(run, store)) == 1


def test_an_erased_file_is_missed_neither_as_evidence_nor_in_the_message_it_came_by(run: Any, store: FileStore) -> None:
    ref = kept(store)
    ident = evidence_alone(run, ref)
    message(run, ref)
    event(run, ref)
    do(run, erasing.erase_in, NOW, 1, 1, ident, "发错了")
    assert [file.of for file, _ in run(lambda database: erasing.left_over(database, store))] == [EVIDENCE]

    run(lambda database: erasing.clean(database, store))

    assert (store.path_of(ref).exists(), broken(run, store)) == (False, [])


@pytest.mark.parametrize("keep", [finding, clue, notice, sheet])
def test_erasing_a_units_file_leaves_the_bytes_of_whatever_else_has_them(
    run: Any, store: FileStore, keep: Kept
) -> None:
    ref = kept(store)
    ident = evidence_alone(run, ref)
    keep(run, ref)
    do(run, erasing.erase_in, NOW, 1, 1, ident, "发错了")

    assert run(lambda database: erasing.clean(database, store)) == 0
    assert (store.path_of(ref).exists(), broken(run, store)) == (True, [])


@pytest.mark.parametrize("keep", [evidence_alone, finding, clue, notice, sheet, message])
def test_bytes_that_something_has_are_known(run: Any, store: FileStore, keep: Kept) -> None:
    ref = kept(store)
    assert not do(run, file_references.is_known_in, ref)

    keep(run, ref)

    assert do(run, file_references.is_known_in, ref)
    assert not do(run, file_references.is_known_in, hashlib.sha256(b"other").hexdigest())
