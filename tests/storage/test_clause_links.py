"""Links for one clause as rows: only the hash is kept, files prove nothing before they are taken over, all is audited."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from filed import do, kept
from stored import NOW, TOWNS, campaign, chain, joined, rows

from storage import clause_links, evidence
from storage.clause_links import LinkError, Sent, UsedError
from storage.errors import NotFoundError, StorageError
from storage.files import FileStore

TODAY = NOW.date()


@pytest.fixture
def chen(run: Any) -> int:
    return joined(run, campaign(run)).person_id


def made(run: Any, chen: int, criterion: str = "1.1") -> tuple[clause_links.Link, str]:
    return do(run, clause_links.make_in, NOW, chen, 1, 1, TOWNS, criterion)  # type: ignore[no-any-return]


def answer(run: Any, code: str, said: str = "有", *files: Sent, at: Any = NOW) -> Any:
    return do(run, clause_links.answer_in, at, TODAY, code, "王五", said, files)


@pytest.fixture
def paper(folder: Path) -> Sent:
    return Sent(kept(FileStore(folder / "evidence")), "文件.pdf", 9, "pdf", False)


def test_only_the_hash_of_a_code_is_kept(run: Any, chen: int) -> None:
    link, code = made(run, chen)

    assert rows(run, "SELECT code_sha256 FROM clause_link") == [(hashlib.sha256(code.encode()).hexdigest(),)]
    dump = str(rows(run, "SELECT * FROM audit")) + str(rows(run, "SELECT * FROM clause_link"))
    assert code not in dump
    assert len(code) == 24
    assert link.expires_at == NOW + timedelta(days=7)


def test_what_comes_is_withdrawn_evidence_until_it_is_taken_over(run: Any, chen: int, paper: Sent) -> None:
    link, code = made(run, chen)
    answer(run, code, "有", paper)
    assert rows(run, "SELECT withdrawn_at IS NOT NULL FROM evidence") == [(1,)]

    (taken,) = do(run, clause_links.decide_in, NOW, chen, 1, link.id, taken=True)

    assert (taken.ref, taken.name, taken.withdrawn_at) == (paper.ref, "文件.pdf", None)
    assert [one.id for one in do(run, evidence.unsorted_in, 1)] == [taken.id]
    assert chain(run).broken == ()


def test_left_there_is_nothing(run: Any, chen: int, paper: Sent) -> None:
    link, code = made(run, chen)
    answer(run, code, "有", paper)

    assert do(run, clause_links.decide_in, NOW, chen, 1, link.id, taken=False) == []
    assert do(run, evidence.unsorted_in, 1) == []


def test_the_words_of_a_colleague_stand_in_no_audit_row(run: Any, chen: int) -> None:
    _, code = made(run, chen)
    answer(run, code, "机器在三号楼")

    assert "三号楼" not in str(rows(run, "SELECT * FROM audit"))
    assert rows(run, "SELECT actor, action FROM audit ORDER BY id DESC LIMIT 1") == [("link 1", "link.answered")]


def test_the_last_second_counts_and_the_next_does_not(run: Any, chen: int) -> None:
    link, code = made(run, chen)
    other = made(run, chen)[1]

    answer(run, code, at=link.expires_at - timedelta(seconds=1))
    with pytest.raises(LinkError, match="已经过期"):
        answer(run, other, at=link.expires_at)


def test_one_answer_and_the_same_again_is_the_same(run: Any, chen: int, paper: Sent) -> None:
    _, code = made(run, chen)

    assert [answer(run, code, "有", paper)[1] for _ in range(2)] == [True, False]
    with pytest.raises(UsedError):
        answer(run, code, "没有", paper)
    with pytest.raises(UsedError):
        answer(run, code, "有")


def test_a_link_of_another_unit_is_not_found(run: Any, chen: int) -> None:
    link, code = made(run, chen)
    answer(run, code)

    with pytest.raises(NotFoundError):
        do(run, clause_links.revoke_in, NOW, chen, 2, link.id)
    with pytest.raises(NotFoundError):
        do(run, clause_links.decide_in, NOW, chen, 2, link.id, taken=True)


def test_nothing_is_decided_before_it_is_answered_and_nothing_twice(run: Any, chen: int) -> None:
    link, code = made(run, chen)
    with pytest.raises(StorageError, match="还没有人填"):
        do(run, clause_links.decide_in, NOW, chen, 1, link.id, taken=True)
    answer(run, code)
    do(run, clause_links.decide_in, NOW, chen, 1, link.id, taken=False)

    with pytest.raises(StorageError, match="已经定过了：不用"):
        do(run, clause_links.decide_in, NOW, chen, 1, link.id, taken=True)


def test_a_clause_that_is_not_there_gets_no_link(run: Any, chen: int) -> None:
    with pytest.raises(NotFoundError):
        made(run, chen, "99")
