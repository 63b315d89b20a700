"""考核组: members, units and days; nobody visits their own unit; a unit is one group's; changed and ended."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from stored import NOW, campaign, chain, joined, rows
from written import written

from storage import people, review_groups
from storage.errors import NotFoundError, StorageError
from storage.review_groups import Group, Member, Visit
from storage.verdicts import OwnUnitError

MENGHE, XIXIASHU = 1, 2
THIRD, FOURTH = date(2026, 12, 3), date(2026, 12, 4)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def made(run: Any) -> Any:
    """王处 (1) is of the office, 李工 (2) an expert, 陈芳 (3) 孟河镇's liaison."""
    found = campaign(run)
    joined(run, found, "o1", "王处", role="office", unit=None)
    joined(run, found, "e1", "李工", role="expert", unit=None)
    joined(run, found, "a1", "陈芳")
    return found


def save(run: Any, name: str = "一组", members: Any = (1, 2), visits: Any = None, at: Any = NOW) -> Group:
    places = ((MENGHE, THIRD), (XIXIASHU, FOURTH)) if visits is None else visits
    return written(run, review_groups.save_in, at, 1, 1, name, members, places)  # type: ignore[no-any-return]


def groups(run: Any) -> list[Group]:
    return written(run, review_groups.of_campaign_in, 1)  # type: ignore[no-any-return]


def test_a_group_has_members_units_and_days(run: Any, made: Any) -> None:
    group = save(run)

    assert groups(run) == [group]
    assert group.members == (Member(1, "王处", True), Member(2, "李工", False))
    assert group.visits == (Visit(MENGHE, "孟河镇", THIRD), Visit(XIXIASHU, "西夏墅镇", FOURTH))
    assert (group.starts_on, group.ends_on) == (THIRD, FOURTH)
    assert ("review_group.saved",) in rows(run, "SELECT action FROM audit")
    assert chain(run).broken == ()


def test_a_group_said_again_is_what_was_said_last(run: Any, made: Any) -> None:
    first = save(run)

    group = save(run, members=(2,), visits=((MENGHE, None),), at=LATER)

    assert group.id == first.id
    assert group.members == (Member(2, "李工", True),)
    assert (group.visits, group.starts_on) == ((Visit(MENGHE, "孟河镇", None),), None)
    assert len(rows(run, "SELECT id FROM review_group_member")) == 3


def test_nobody_visits_the_own_unit_and_it_says_who(run: Any, made: Any) -> None:
    joined(run, made, "e1", "李工", unit="西夏墅镇")

    with pytest.raises(OwnUnitError, match=r"李工是西夏墅镇的人.*回避"):
        save(run)

    assert groups(run) == []


def test_who_has_left_the_unit_does_not_visit_it_either(run: Any, made: Any) -> None:
    joined(run, made, "e1", "李工", unit="西夏墅镇")
    written(run, people.remove_in, NOW, "cli", 2, 1)
    joined(run, made, "e1", "李工", role="expert", unit=None)

    with pytest.raises(OwnUnitError, match="李工是西夏墅镇的人"):
        save(run)


@pytest.mark.parametrize("members", [(3,), (1, 99)])
def test_a_liaison_or_somebody_unknown_belongs_to_no_group(run: Any, made: Any, members: Any) -> None:
    with pytest.raises(NotFoundError, match="考核办的人或专家"):
        save(run, members=members)


def test_a_unit_of_another_campaign_is_not_visited(run: Any, made: Any) -> None:
    campaign(run, year=2027)

    with pytest.raises(NotFoundError, match="不在这次考核里"):
        save(run, visits=((4, THIRD),))


@pytest.mark.parametrize(("name", "members", "visits"), [(" ", (1,), None), ("一组", (), None), ("一组", (1,), ())])
def test_a_group_without_name_people_or_units_is_refused(
    run: Any, made: Any, name: str, members: Any, visits: Any
) -> None:
    with pytest.raises(StorageError, match="要有组名、成员和去的单位"):
        save(run, name, members, visits)


def test_a_unit_is_visited_by_one_group(run: Any, made: Any) -> None:
    save(run)

    with pytest.raises(StorageError, match="西夏墅镇已经归一组去"):
        save(run, "二组", (2,), ((XIXIASHU, THIRD),))
    with pytest.raises(StorageError, match="写了两次"):
        save(run, "二组", (2,), ((3, THIRD), (3, FOURTH)))


def test_an_ended_group_leaves_its_units_to_another_and_can_come_back(run: Any, made: Any) -> None:
    first = save(run)

    ended = written(run, review_groups.end_in, LATER, 1, 1, first.id)
    second = save(run, "二组", (2,), ((XIXIASHU, THIRD),))

    assert ended.ended_at == LATER
    assert groups(run) == [second]
    assert written(run, review_groups.find_in, 1, first.id).members == first.members
    with pytest.raises(StorageError, match="已经结束"):
        written(run, review_groups.end_in, LATER, 1, 1, first.id)
    assert save(run, visits=((MENGHE, THIRD),)).id == first.id


def test_a_group_of_another_campaign_is_not_found(run: Any, made: Any) -> None:
    group = save(run)

    with pytest.raises(NotFoundError, match="没有这个考核组"):
        written(run, review_groups.find_in, 2, group.id)
