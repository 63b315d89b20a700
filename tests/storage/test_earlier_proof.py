"""沿用去年: proof in force of the unit of the same name, kept anew; nothing of the year, of others, withdrawn or erased."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from filed import attach, receive, withdraw
from stored import DEPARTMENTS, NOW, TOWNS, campaign, chain, joined, rows
from written import written

from storage import answers, earlier_proof, evidence, proof_notes, unit_facts, verdicts
from storage.earlier_proof import Earlier

ONE, OTHER = "1" * 64, "2" * 64
LATER = NOW + timedelta(days=1)
NOW_UNIT = 4  # 孟河镇 in 2027


@pytest.fixture(autouse=True)
def now(run: Any) -> Any:
    before = campaign(run, 2026, (TOWNS, DEPARTMENTS))
    joined(run, before)
    joined(run, before, "o1", "王处", role="office", unit=None)
    return campaign(run, 2027, (TOWNS, DEPARTMENTS))


def offered(run: Any, unit_id: int = NOW_UNIT) -> list[Earlier]:
    return written(run, earlier_proof.of_unit_in, 2, unit_id)


def kept(run: Any, ident: str = "1.1", unit_id: int = 1, ref: str = ONE, **words: Any) -> int:
    file = receive(run, ref, unit_id, **words)
    attach(run, file.id, ident, unit_id=unit_id)
    return file.id


def test_only_what_may_be_of_an_earlier_year_is_offered(run: Any) -> None:
    kept(run, name="分工.pdf")
    kept(run, "8.2a", ref=OTHER)

    (found,) = offered(run)

    assert (found.year, found.criterion.id, [one.file.name for one in found.files]) == (2026, "1.1", ["分工.pdf"])


def test_what_was_withdrawn_or_erased_or_is_anothers_is_not_offered(run: Any) -> None:
    withdraw(run, kept(run))
    kept(run, unit_id=2, ref=OTHER)

    assert offered(run) == []
    assert [one.year for one in offered(run, 5)] == [2026]


def test_it_is_kept_as_evidence_of_this_campaign_with_the_same_content(run: Any) -> None:
    kept(run, name="分工.pdf", number="孟政发〔2024〕3号")
    (found,) = offered(run)

    (new,) = written(run, earlier_proof.carry_in, NOW, 1, NOW_UNIT, found)

    assert (new.campaign_id, new.unit_id, new.ref, new.name) == (2, NOW_UNIT, ONE, "分工.pdf")
    assert new.number == "孟政发〔2024〕3号"
    known = run(lambda database: unit_facts.read(database, NOW_UNIT, TOWNS))
    assert known.proofs.lacking(TOWNS.criteria["1.1"]) == ()
    assert rows(run, "SELECT count(*) FROM evidence WHERE withdrawn_at IS NULL") == [(2,)]
    assert chain(run).broken == ()


def test_carried_over_twice_it_is_there_once(run: Any) -> None:
    kept(run)
    (found,) = offered(run)

    for _ in range(2):
        written(run, earlier_proof.carry_in, NOW, 1, NOW_UNIT, found)

    uses = written(run, evidence.of_clause_in, NOW_UNIT, TOWNS.id, "1.1")
    assert len(uses) == 1


def test_a_document_that_was_named_is_named_again_and_one_seen_on_the_spot_is_not(run: Any) -> None:
    said = {"kind": "number", "title": "职责分工", "number": "孟政发〔2024〕3号"}
    written(run, proof_notes.add_in, NOW, 1, 1, TOWNS, "1.1", **said)
    seen = {"kind": "offline", "title": "协管员名单", "place": "档案室"}
    written(run, proof_notes.add_in, NOW, 1, 1, TOWNS, "1.3", **seen)

    (found,) = offered(run)
    written(run, earlier_proof.carry_in, NOW, 1, NOW_UNIT, found)

    notes = written(run, proof_notes.of_clause_in, NOW_UNIT, TOWNS.id, "1.1")
    assert [(note.title, note.number) for note in notes] == [("职责分工", "孟政发〔2024〕3号")]


def claim(run: Any) -> None:
    run(lambda database: answers.record(database, NOW, 1, 1, TOWNS, "1.1", True))


def decide(run: Any, how: Any, *words: Any) -> None:
    """By the office of 2026 on the clause as it is."""
    basis = written(run, verdicts.shown_in, 1, TOWNS, "1.1")
    written(run, how, LATER, 2, 1, TOWNS, "1.1", *words, basis=basis)


def test_what_the_office_sent_back_is_not_offered_and_what_mended_it_is(run: Any) -> None:
    claim(run)
    kept(run, name="旧规划.pdf")
    decide(run, verdicts.return_in, "规划已过期")

    returned = offered(run)
    kept(run, ref=OTHER, name="新规划.pdf", at=LATER + timedelta(days=1))

    assert returned == []
    assert [one.file.name for found in offered(run) for one in found.files] == ["新规划.pdf"]


def test_what_the_office_found_not_to_hold_is_not_offered(run: Any) -> None:
    claim(run)
    kept(run)
    decide(run, verdicts.change_in, False, "文件已废止")

    assert offered(run) == []


def test_what_the_office_passed_is_offered(run: Any) -> None:
    claim(run)
    kept(run)
    decide(run, verdicts.return_in, "看不清")
    decide(run, verdicts.pass_in)

    assert len(offered(run)) == 1


def test_the_first_campaign_has_nothing_to_carry_over(run: Any) -> None:
    kept(run)

    assert written(run, earlier_proof.of_unit_in, 1, 1) == []
