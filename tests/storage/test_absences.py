"""本地没有: applications wait until the office decides about the clause, for all units alike."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from stored import NOW, TOWNS, campaign, chain, joined, rows
from written import written

from rubrics import loader
from storage import absences, answers, scorecards
from storage.absences import Application, Decided, Decision, Waiting
from storage.errors import NotFoundError, StorageError
from storage.roster import RosterUnit

LATER = NOW + timedelta(hours=1)
HUNAN = loader.load("hunan")
NA_CLAUSE = next(ident for ident, criterion in HUNAN.criteria.items() if criterion.na_allowed)


@pytest.fixture
def office(run: Any) -> int:
    units = [RosterUnit(name, HUNAN.categories[0], (), (), ()) for name in ("甲市", "乙市")]
    units += [RosterUnit("孟河镇", "镇", (), (), ())]
    made = campaign(run, rubrics=(HUNAN, TOWNS), units=units)
    joined(run, made, unit="甲市")
    return joined(run, made, "o1", "王处", role="office", unit=None).person_id


def say(
    run: Any, unit_id: int, state: Any = "not_here", *, ident: str = NA_CLAUSE, note: str = "没有", **words: Any
) -> None:
    rubric = words.pop("rubric", HUNAN)
    run(lambda db: answers.record(db, NOW, 1, unit_id, rubric, ident, state=state, note=note, **words))


def decide(run: Any, granted: bool, *, ident: str = NA_CLAUSE, why: str = "本地确无此类企业", **words: Any) -> Decided:
    rubric = words.pop("rubric", HUNAN)
    return written(run, absences.decide_in, LATER, 2, 1, rubric, ident, granted, why)


def maxima(run: Any) -> list[Decimal | None]:
    found = run(lambda database: scorecards.summary(database, 1))
    return [row.claimed.max for row in found if row.rubric_id == HUNAN.id]


def test_applications_wait_by_clause_in_roster_order_with_their_reasons(run: Any, office: int) -> None:
    say(run, 3, ident="2.4", rubric=TOWNS, note="没有名牌企业")
    say(run, 2, note="乙的理由")
    say(run, 1, note="甲的理由")

    applied = (Application(1, "甲市", "甲的理由", 1, NOW), Application(2, "乙市", "乙的理由", 1, NOW))
    assert written(run, absences.waiting_in, 1) == [
        Waiting(HUNAN.id, NA_CLAUSE, applied),
        Waiting(TOWNS.id, "2.4", (Application(3, "孟河镇", "没有名牌企业", 1, NOW),)),
    ]


def test_an_application_taken_back_or_answered_does_not_wait(run: Any, office: int) -> None:
    say(run, 1)
    say(run, 2)
    say(run, 1, "withdrawn")
    say(run, 2, "unknown")

    assert written(run, absences.waiting_in, 1) == []


def test_a_granted_absence_changes_the_scores_of_those_who_applied_only(run: Any, office: int) -> None:
    say(run, 1)
    say(run, 2, "unknown")
    assert maxima(run) == [1060, 1060]

    decided = decide(run, True)

    assert [a.unit for a in decided.applications] == ["甲市"]
    assert maxima(run) == [1055, 1060]
    assert run(lambda database: scorecards.recompute(database, NOW, 1)) == []


def test_a_unit_that_applies_later_is_under_the_same_decision(run: Any, office: int) -> None:
    decide(run, True)

    say(run, 2)

    assert maxima(run) == [1060, 1055]
    assert written(run, absences.waiting_in, 1) == []


def test_a_later_decision_replaces_the_earlier(run: Any, office: int) -> None:
    say(run, 1)
    decide(run, True)

    decide(run, False, why="复核后不同意")

    expected = Decision(HUNAN.id, NA_CLAUSE, False, "复核后不同意", office, LATER)
    assert written(run, absences.decision_in, 1, HUNAN.id, NA_CLAUSE) == expected
    assert maxima(run) == [1060, 1060]
    assert rows(run, "SELECT granted FROM absence ORDER BY id") == [(1,), (0,)]


def test_a_clause_without_reasonable_absence_gets_its_decision_and_no_points(run: Any, office: int) -> None:
    say(run, 3, ident="2.4", rubric=TOWNS)
    before = run(lambda database: scorecards.summary(database, 1))[-1]

    decided = decide(run, True, ident="2.4", rubric=TOWNS)

    after = run(lambda database: scorecards.summary(database, 1))[-1]
    assert decided.decision.granted is True
    assert (after.cards, after.answered) == (before.cards, before.answered)
    assert written(run, absences.waiting_in, 1) == []


def test_an_undecided_clause_has_no_decision(run: Any, office: int) -> None:
    say(run, 1)

    assert written(run, absences.decision_in, 1, HUNAN.id, NA_CLAUSE) is None


def test_a_decision_needs_a_reason_and_a_clause_of_the_campaign(run: Any, office: int) -> None:
    with pytest.raises(StorageError, match="请写一句理由"):
        decide(run, True, why=" ")
    with pytest.raises(NotFoundError, match="没有「99」这一条"):
        decide(run, True, ident="99")
    with pytest.raises(NotFoundError, match=r"没有「veto.1」这一条"):
        decide(run, True, ident="veto.1", rubric=loader.load("ziyang-2016"))
    assert rows(run, "SELECT count(*) FROM absence") == [(0,)]


def test_a_decision_is_in_the_trail_without_its_words(run: Any, office: int) -> None:
    decide(run, False)

    ((actor, action, subject),) = rows(run, "SELECT actor, action, subject FROM audit ORDER BY id DESC LIMIT 1")
    assert (actor, action) == ("2", "absence.decided")
    assert f'"criterion":"{NA_CLAUSE}","granted":false' in subject
    assert "企业" not in subject
    assert chain(run).broken == ()
