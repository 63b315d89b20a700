"""Motions: one of the office proposes, another decides; never the same person, nobody of a unit concerned."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from stored import NOW, campaign, chain, joined, rows
from written import written

from rubrics import loader
from storage import motions, people, unit_facts, verdicts
from storage.errors import NotFoundError, StorageError
from storage.motions import Motion, OnePersonError
from storage.roster import RosterUnit

LATER = NOW + timedelta(hours=1)
SUBJECT = {"units": [1], "what": "book"}
WANG, ZHAO = 1, 2


@pytest.fixture
def office(run: Any) -> Any:
    made = campaign(run)
    joined(run, made, "o1", "王处", role="office", unit=None)
    joined(run, made, "o2", "赵科", role="office", unit=None)
    return made


def propose(run: Any, by: int = WANG, subject: Any = SUBJECT, why: str = "区质监〔2026〕3号") -> Motion:
    return written(run, motions.propose_in, NOW, by, 1, "veto", subject, why)


def test_what_is_proposed_waits_for_another_person(run: Any, office: Any) -> None:
    made = propose(run)

    assert (made.state, made.person, made.subject, made.why) == ("open", "王处", SUBJECT, "区质监〔2026〕3号")
    assert written(run, motions.open_in, 1) == [made]
    assert written(run, motions.deciders_in, 1, WANG, SUBJECT) == {ZHAO}


def test_another_person_agrees_once(run: Any, office: Any) -> None:
    made = propose(run)

    agreed = written(run, motions.agree_in, LATER, ZHAO, 1, made.id)

    assert (agreed.state, agreed.decider, agreed.decided_at) == ("agreed", "赵科", LATER)
    assert written(run, motions.open_in, 1) == []
    with pytest.raises(StorageError, match="已经同意"):
        written(run, motions.agree_in, LATER, ZHAO, 1, made.id)
    with pytest.raises(StorageError, match="已经同意"):
        written(run, motions.withdraw_in, LATER, WANG, 1, made.id)


@pytest.mark.parametrize("decide", [motions.agree_in, motions.refuse_in])
def test_the_same_person_never_decides_the_own_motion(run: Any, office: Any, decide: Any) -> None:
    made = propose(run)
    more = ("不成立",) if decide is motions.refuse_in else ()

    with pytest.raises(OnePersonError, match="另一位同事"):
        written(run, decide, LATER, WANG, 1, made.id, *more)
    assert written(run, motions.find_in, 1, made.id).state == "open"


def test_nobody_of_a_concerned_unit_proposes_or_decides(run: Any, office: Any) -> None:
    sun = joined(run, office, "o3", "孙工", role="office", unit=None).person_id
    made = propose(run)
    written(run, _make_liaison, sun)

    with pytest.raises(OnePersonError, match="回避"):
        written(run, motions.agree_in, LATER, sun, 1, made.id)
    with pytest.raises(OnePersonError, match="回避"):
        propose(run, by=sun)
    assert written(run, motions.deciders_in, 1, WANG, SUBJECT) == {ZHAO}


async def _make_liaison(connection: Any, person_id: int) -> None:
    from sqlalchemy import text

    row = {"person": person_id, "at": NOW.replace(tzinfo=None).isoformat(" ")}
    await connection.execute(
        text(
            "INSERT INTO membership (person_id, campaign_id, unit_id, role, joined_at)"
            " VALUES (:person, 1, 1, 'liaison', :at)"
        ),
        row,
    )


def test_alone_nobody_can_propose_and_is_told_to_invite(run: Any) -> None:
    joined(run, campaign(run), "o1", "王处", role="office", unit=None)

    with pytest.raises(OnePersonError, match="邀请"):
        propose(run)
    assert rows(run, "SELECT * FROM motion") == []


def test_who_was_removed_counts_no_more(run: Any, office: Any) -> None:
    made = propose(run)
    run(lambda database: people.remove(database, NOW, "cli", ZHAO, 1))

    with pytest.raises(NotFoundError, match="考核办人员"):
        written(run, motions.agree_in, LATER, ZHAO, 1, made.id)
    with pytest.raises(OnePersonError):
        propose(run, subject={"units": [2]})


def test_another_campaign_has_neither_the_motion_nor_the_right(run: Any, office: Any) -> None:
    made = propose(run)
    other = campaign(run, year=2027)
    there = joined(run, other, "o9", "外人", role="office", unit=None).person_id

    with pytest.raises(NotFoundError):
        written(run, motions.agree_in, LATER, there, other.id, made.id)
    with pytest.raises(NotFoundError):
        written(run, motions.agree_in, LATER, there, 1, made.id)


def test_a_refusal_needs_a_reason_and_ends_the_motion(run: Any, office: Any) -> None:
    made = propose(run)

    with pytest.raises(StorageError, match="理由"):
        written(run, motions.refuse_in, LATER, ZHAO, 1, made.id, " ")
    refused = written(run, motions.refuse_in, LATER, ZHAO, 1, made.id, "通报里没有这个单位")

    assert (refused.state, refused.answer) == ("refused", "通报里没有这个单位")


def test_only_who_proposed_takes_it_back(run: Any, office: Any) -> None:
    made = propose(run)

    with pytest.raises(NotFoundError):
        written(run, motions.withdraw_in, LATER, ZHAO, 1, made.id)
    assert written(run, motions.withdraw_in, LATER, WANG, 1, made.id).state == "withdrawn"


def test_the_same_thing_does_not_wait_twice(run: Any, office: Any) -> None:
    propose(run)

    with pytest.raises(StorageError, match="已经有了"):
        propose(run, by=ZHAO, subject={"what": "book", "units": [1]})
    assert propose(run, subject={"units": [2], "what": "book"}).id == 2


@pytest.mark.parametrize(("rubric_id", "ident"), [("changzhou", "veto.1"), ("hunan", None)])
def test_a_veto_is_never_verified_by_one_reviewer(run: Any, rubric_id: str, ident: str | None) -> None:
    rubric = loader.load(rubric_id)
    criterion = next(c for c in rubric.criteria.values() if c.id == ident or (not ident and c.kind == "precondition"))
    units = (RosterUnit("武进区", rubric.categories[0], (), (), ()),)
    made = campaign(run, rubrics=(rubric,), units=units)
    by = joined(run, made, "o1", "王处", role="office", unit=None).person_id
    basis = written(run, verdicts.shown_in, 1, rubric, criterion.id)
    happened: Any = {criterion.measures[0].key: criterion.measures[0].holds_when} if criterion.measures else True

    with pytest.raises(StorageError, match="两个人定"):
        written(run, verdicts.change_in, NOW, by, 1, rubric, criterion.id, happened, "经查属实", basis=basis)
    written(run, verdicts.change_in, NOW, by, 1, rubric, criterion.id, False, "经查没有", basis=basis)

    assert run(lambda database: unit_facts.read(database, 1, rubric)).verified == {criterion.id: False}


def test_the_trail_has_each_step_and_no_words(run: Any, office: Any) -> None:
    made = propose(run)
    written(run, motions.agree_in, LATER, ZHAO, 1, made.id)

    steps = rows(run, "SELECT actor, action, subject FROM audit WHERE action LIKE 'motion.%' ORDER BY id")

    assert [step[:2] for step in steps] == [("1", "motion.proposed"), ("2", "motion.agreed")]
    assert not any("质监" in step[2] for step in steps)
    assert chain(run).broken == ()
