"""Experts' opinions: allowed figures with a sentence, on one version; the office verifies one of the allowed figures."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from filed import receive
from stored import NOW, campaign, chain, joined, rows
from written import written

from rubrics import loader
from rubrics.errors import FactError
from storage import evidence, opinions, unit_facts, verdicts
from storage.errors import NotFoundError, StorageError
from storage.opinions import Opinion
from storage.roster import RosterUnit
from storage.verdicts import ChangedError, OwnUnitError

HUNAN = loader.load("hunan")
CLAUSE = "26.1"
LATER = NOW + timedelta(hours=1)
UNITS = (RosterUnit("浏阳市", "市", (), (), ()), RosterUnit("宁乡市", "市", (), (), ()))


@pytest.fixture(autouse=True)
def made(run: Any) -> Any:
    made = campaign(run, rubrics=(HUNAN,), units=UNITS)
    joined(run, made, unit="浏阳市")  # person 1
    for n, name in enumerate(("李", "周", "吴"), 1):
        joined(run, made, f"e{n}", name, role="expert", unit=None)  # persons 2, 3, 4
    joined(run, made, "o1", "王处", role="office", unit=None)  # person 5
    return made


def shown(run: Any) -> str:
    return written(run, verdicts.shown_in, 1, HUNAN, CLAUSE)


def give(run: Any, person: int, mark: int, words: str = "形式多样", clause: str = CLAUSE, **more: Any) -> None:
    basis = more.get("basis") or shown(run)
    written(run, opinions.give_in, NOW, person, 1, HUNAN, clause, Decimal(mark), words, basis=basis)


def standing(run: Any) -> tuple[list[Opinion], list[Opinion]]:
    return written(run, opinions.standing_in, 1, 1, HUNAN, CLAUSE)


def settle(run: Any, mark: int, person: int = 5) -> verdicts.Given:
    return written(run, opinions.settle_in, LATER, person, 1, HUNAN, CLAUSE, Decimal(mark), basis=shown(run))


def test_the_newest_opinion_of_each_expert_counts(run: Any) -> None:
    give(run, 2, 20)
    give(run, 3, 10, "渠道少")
    give(run, 2, 5, "再看了一遍")

    current, outdated = standing(run)

    assert [(one.person, one.mark, one.words) for one in current] == [("李", 5, "再看了一遍"), ("周", 10, "渠道少")]
    assert outdated == []
    assert rows(run, "SELECT count(*) FROM opinion") == [(3,)]
    assert chain(run).broken == ()


def test_an_opinion_on_an_earlier_version_counts_no_more(run: Any) -> None:
    give(run, 2, 20)
    kept = receive(run, "1" * 64)
    written(run, evidence.attach_in, NOW, 1, 1, kept.id, HUNAN, CLAUSE)

    current, outdated = standing(run)

    assert (current, [one.mark for one in outdated]) == ([], [20])


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ({"mark": 15}, FactError),
        ({"mark": 20, "words": " "}, StorageError),
        ({"mark": 20, "clause": "1.1"}, NotFoundError),
        ({"mark": 20, "basis": "0" * 64}, ChangedError),
    ],
)
def test_what_is_no_opinion_is_refused(run: Any, words: dict[str, Any], kind: type[Exception]) -> None:
    with pytest.raises(kind):
        give(run, 2, **words)

    assert rows(run, "SELECT count(*) FROM opinion") == [(0,)]


def test_nobody_judges_the_unit_they_belong_to(run: Any) -> None:
    with pytest.raises(OwnUnitError):
        give(run, 1, 20)


def test_the_office_verifies_one_figure_with_the_experts_as_the_reason(run: Any) -> None:
    for person, mark in ((2, 20), (3, 10), (4, 10)):
        give(run, person, mark)

    given = settle(run, 10)

    assert (given.verdict.how, given.verdict.fact) == ("expert", 10)
    assert given.verdict.reason == "3 位专家打分 20、10、10，取最接近平均分的一档"
    known = run(lambda database: unit_facts.read(database, 1, HUNAN))
    assert known.verified[CLAUSE] == 10


def test_another_allowed_figure_than_the_offered_one_says_so(run: Any) -> None:
    give(run, 2, 20)

    assert settle(run, 5).verdict.reason == "1 位专家打分 20，由考核办定"


def test_without_an_opinion_nothing_is_verified(run: Any) -> None:
    with pytest.raises(StorageError, match="还没有专家"):
        settle(run, 10)


def test_the_office_verifies_nothing_of_its_own_unit(run: Any) -> None:
    give(run, 2, 20)

    with pytest.raises(OwnUnitError):
        settle(run, 20, person=1)
