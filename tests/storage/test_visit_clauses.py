"""What is worth looking at on site: what is doubtful, what lies there, what was drawn; not what is settled."""

from __future__ import annotations

from typing import Any

import pytest
from stored import NOW, TOWNS, campaign, joined
from talk import ZONE
from written import written

from storage import answers, proof_notes, review_queue, samples, verdicts, visit_clauses
from storage.samples import Drawn
from storage.visit_clauses import ToLook

TODAY = NOW.date()


@pytest.fixture
def office(run: Any) -> int:
    made = campaign(run)
    joined(run, made)
    for ident in ("1.1", "1.2", "2.1", "2.2"):
        written(run, answers.record_in, NOW, 1, 1, TOWNS, ident, ident != "2.2")
    return joined(run, made, "o1", "王处", role="office", unit=None).person_id


def to_look(run: Any, unit_id: int = 1) -> dict[str, ToLook]:
    found = written(run, visit_clauses.of_unit_in, 1, unit_id, TODAY, ZONE)
    return {one.look.criterion.id: one for one in found}


def offline(run: Any, ident: str) -> None:
    words = {"kind": "offline", "title": "分工文件", "place": "档案室 3 号柜"}
    written(run, proof_notes.add_in, NOW, 1, 1, TOWNS, ident, **words)


def test_a_clause_claimed_without_proof_is_looked_at_with_its_question(run: Any, office: int) -> None:
    found = to_look(run)

    assert [one.said for one in found["1.2"].doubts] != []
    assert found["1.2"].answer is not None
    assert "2.2" not in found


def test_what_lies_at_the_unit_is_looked_at_where_it_lies(run: Any, office: int) -> None:
    offline(run, "1.1")

    assert [note.place for note in to_look(run)["1.1"].offline] == ["档案室 3 号柜"]


def test_what_a_sample_drew_is_looked_at(run: Any, office: int) -> None:
    (look,) = [
        one for one in written(run, review_queue.of_campaign_in, 1, TODAY, 1) if one.clause == (1, TOWNS.id, "2.2")
    ]

    written(run, samples.draw_in, NOW, office, 1, [Drawn(look.clause, look.basis)], 1)

    assert (to_look(run)["2.2"].sampled, to_look(run)["1.2"].sampled) == (True, False)


def test_what_the_office_has_settled_is_not_looked_at_again(run: Any, office: int) -> None:
    offline(run, "1.1")
    basis = written(run, verdicts.shown_in, 1, TOWNS, "1.1")

    written(run, verdicts.pass_in, NOW, office, 1, TOWNS, "1.1", basis=basis)

    assert "1.1" not in to_look(run)


def test_another_units_clauses_are_not_among_them(run: Any, office: int) -> None:
    assert to_look(run, 2) == {}
