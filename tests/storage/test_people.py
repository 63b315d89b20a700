"""Joining with an invitation: once, by one person, and over at once when the office says so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from stored import NOW, TOWNS, campaign, chain, code_for, joined, redeem, rows
from written import written

from storage import devices, people
from storage.database import Database
from storage.errors import InvitationError, NotFoundError
from storage.people import Joined, Member, Membership


def memberships(run: Any, address: str = "a1") -> tuple[Membership, ...]:
    return run(lambda database: people.memberships(database, "web", address))


def test_a_code_makes_the_person_of_an_address_a_liaison_of_the_unit(run: Any) -> None:
    made = campaign(run)
    code = code_for(run, made, name="陈芳")

    found = redeem(run, "a1", code)

    towns = (TOWNS,)
    expected = Membership(1, "陈芳", made.id, "2026", 1, "孟河镇", "镇", "liaison", towns)
    assert found == Joined(expected, already=False)
    assert memberships(run) == (expected,)
    assert rows(run, "SELECT used_at IS NOT NULL, used_by FROM invitation") == [(1, 1)]


def test_a_joining_is_in_the_audit_trail_without_code_address_or_name(run: Any) -> None:
    code = code_for(run, campaign(run), name="陈芳")

    redeem(run, "secret-address", code)

    ((actor, action, subject),) = rows(run, "SELECT actor, action, subject FROM audit ORDER BY id DESC LIMIT 1")
    assert (actor, action) == ("1", "member.joined")
    assert subject == '{"invitation":1,"person":1,"role":"liaison","unit":1}'
    assert chain(run).broken == ()


def test_the_same_code_from_the_same_address_again_is_already_joined(run: Any) -> None:
    code = code_for(run, campaign(run))
    first = redeem(run, "a1", code)

    again = redeem(run, "a1", f" {code.lower()} ", at=NOW + timedelta(days=100))

    assert again == Joined(first.membership, already=True)
    assert rows(run, "SELECT count(*) FROM membership") == [(1,)]


def test_a_reissued_code_of_a_place_held_already_is_used_up_and_adds_nothing(run: Any) -> None:
    made = campaign(run)
    first = joined(run, made)

    again = redeem(run, "a1", code_for(run, made, name="陈芳"))

    assert again == Joined(first, already=True)
    assert rows(run, "SELECT count(*) FROM membership") == [(1,)]
    assert rows(run, "SELECT count(*) FROM invitation WHERE used_at IS NULL") == [(0,)]


def test_a_person_may_serve_several_units_and_a_unit_have_several_people(run: Any) -> None:
    made = campaign(run)
    joined(run, made, unit="西夏墅镇")
    joined(run, made, unit="孟河镇")
    joined(run, made, "a2", "李明", unit="孟河镇")

    assert [(m.person_id, m.unit_name) for m in memberships(run)] == [(1, "孟河镇"), (1, "西夏墅镇")]
    assert [(m.person_id, m.name, m.unit_name) for m in memberships(run, "a2")] == [(2, "李明", "孟河镇")]


def test_the_office_has_no_unit_and_every_rubric_and_the_newest_campaign_comes_first(run: Any) -> None:
    joined(run, campaign(run), unit="质监分局")
    joined(run, campaign(run, 2027), role="office", unit=None)

    newest, department = memberships(run)

    assert (newest.campaign_code, newest.role, newest.unit_id, newest.unit_name) == ("2027", "office", None, "")
    assert newest.rubric_ids == ("xinbei-2011-towns", "xinbei-2011-departments")
    assert department.rubric_ids == ("xinbei-2011-departments",)


def test_the_same_address_in_another_channel_is_a_stranger(run: Any) -> None:
    joined(run, campaign(run))

    assert run(lambda database: people.memberships(database, "telegram", "a1")) == ()
    assert memberships(run, "a2") == ()


def refused(run: Any, code: str, sentence: str, **words: Any) -> None:
    before = rows(run, "SELECT (SELECT count(*) FROM person), (SELECT count(*) FROM membership), count(*) FROM audit")
    with pytest.raises(InvitationError, match=sentence):
        redeem(run, "a9", code, **words)
    after = rows(run, "SELECT (SELECT count(*) FROM person), (SELECT count(*) FROM membership), count(*) FROM audit")
    assert after == before


@pytest.mark.parametrize("code", ["AAAA-BBBB-CCCC", "", "你好", "'; DROP TABLE person"])
def test_an_unknown_code_is_refused(run: Any, code: str) -> None:
    code_for(run, campaign(run))

    refused(run, code, "没有这个邀请码.*请考核办")


def test_a_code_is_good_until_its_last_moment_and_not_after(run: Any) -> None:
    made = campaign(run)
    early, late = code_for(run, made, name="甲", days=1), code_for(run, made, name="乙", days=1)
    end = NOW + timedelta(days=1)

    assert not redeem(run, "a1", early, at=end - timedelta(microseconds=1)).already
    refused(run, late, "已经过期.*请考核办", at=end)


def test_a_code_somebody_else_used_is_refused(run: Any) -> None:
    code = code_for(run, campaign(run))
    redeem(run, "a1", code)

    refused(run, code, "已经用过.*请考核办")


def test_a_revoked_code_is_refused_and_the_newer_one_works(run: Any) -> None:
    made = campaign(run)
    old, new = code_for(run, made, name="陈芳"), code_for(run, made, name="陈芳")

    refused(run, old, "已经作废.*最新")
    assert not redeem(run, "a9", new).already


def test_a_code_of_another_campaign_is_unknown_where_the_campaign_is_given(run: Any) -> None:
    made, other = campaign(run), campaign(run, 2027)
    code = code_for(run, made)

    refused(run, code, "没有这个邀请码", campaign=other)
    assert not redeem(run, "a1", code, campaign=made).already


def test_a_removed_person_sees_nothing_at_once_and_their_old_code_is_no_way_back(run: Any) -> None:
    made = campaign(run)
    code = code_for(run, made)
    person_id = redeem(run, "a1", code).membership.person_id
    joined(run, made, unit="西夏墅镇")

    run(lambda database: people.remove(database, NOW, "cli", person_id, made.id))

    assert memberships(run) == ()
    refused(run, code, "已经用过")
    with pytest.raises(InvitationError, match="已经用过"):
        redeem(run, "a1", code)
    assert rows(run, "SELECT actor, action, subject FROM audit ORDER BY id DESC LIMIT 1") == [
        ("cli", "member.removed", '{"memberships":2,"person":1}')
    ]


def test_a_removed_person_comes_back_with_a_new_code_as_the_same_person(run: Any) -> None:
    made = campaign(run)
    first = joined(run, made)
    run(lambda database: people.remove(database, NOW, "cli", first.person_id, made.id))

    assert joined(run, made) == first
    assert rows(run, "SELECT count(*) FROM person") == [(1,)]


def test_removing_somebody_who_is_not_there_says_so_and_other_campaigns_stay(run: Any) -> None:
    made, other = campaign(run), campaign(run, 2027)
    person_id = joined(run, made).person_id

    with pytest.raises(NotFoundError, match="不在这次考核里"):
        run(lambda database: people.remove(database, NOW, "cli", person_id, other.id))

    assert [m.campaign_id for m in memberships(run)] == [made.id]


def test_a_joining_that_fails_later_in_its_unit_of_work_leaves_nothing(run: Any) -> None:
    code = code_for(run, campaign(run))

    async def fail(database: Database) -> None:
        async with database.write() as connection:
            await people.redeem_in(connection, NOW, "web", "a1", code)
            assert len(await people.memberships_in(connection, "web", "a1")) == 1
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        run(fail)

    assert memberships(run) == ()
    assert not redeem(run, "a2", code).already


def test_the_members_of_a_campaign_stand_in_roster_order_with_their_channels(run: Any) -> None:
    made = campaign(run)
    joined(run, made, "a1", "李明", unit="西夏墅镇")
    joined(run, made, "a2", "陈芳")
    joined(run, made, "a3", "王处", role="office", unit=None)
    gone = joined(run, made, "a4", "赵六").person_id
    run(lambda database: people.remove(database, NOW, "cli", gone, made.id))
    code = written(run, devices.code_in, NOW, 2)
    written(run, people.redeem_in, NOW, "telegram", "t2", code)

    assert written(run, people.members_in, made.id) == [
        Member(3, "王处", "office", None, "", NOW, ("web",)),
        Member(2, "陈芳", "liaison", 1, "孟河镇", NOW, ("web", "telegram")),
        Member(1, "李明", "liaison", 2, "西夏墅镇", NOW, ("web",)),
    ]
