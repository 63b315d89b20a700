"""Codes for another device: single use, minutes long, the same person on a further address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from stored import NOW, campaign, chain, code_for, joined, redeem, rows
from written import written

from storage import devices, invitations, people
from storage.errors import InvitationError

SOON = NOW + timedelta(minutes=14)


@pytest.fixture
def chen(run: Any) -> int:
    made = campaign(run)
    person_id = joined(run, made).person_id
    joined(run, made, unit="西夏墅镇")
    return person_id


def code(run: Any, person_id: int = 1, at: Any = NOW) -> str:
    return written(run, devices.code_in, at, person_id)


def addresses(run: Any) -> list[tuple[Any, ...]]:
    return rows(run, "SELECT person_id, channel, address FROM address ORDER BY id")


def test_a_code_lets_the_same_person_in_from_another_device(run: Any, chen: int) -> None:
    here = run(lambda database: people.memberships(database, "web", "a1"))

    entered = redeem(run, "b2", code(run).lower(), at=SOON)

    assert (entered.membership, entered.already, entered.device) == (here[0], False, True)
    assert run(lambda database: people.memberships(database, "web", "b2")) == here
    assert addresses(run) == [(chen, "web", "a1"), (chen, "web", "b2")]


def test_an_invitation_is_no_device_code(run: Any) -> None:
    assert redeem(run, "a1", code_for(run, campaign(run))).device is False


def test_the_code_is_kept_only_as_a_hash(run: Any, chen: int) -> None:
    fresh = code(run)

    assert rows(run, "SELECT code_sha256 FROM device_code") == [(invitations.hashed(fresh),)]
    assert fresh not in str(rows(run, "SELECT * FROM device_code")) + str(rows(run, "SELECT * FROM audit"))


def test_a_code_is_used_once_and_a_second_tap_is_harmless(run: Any, chen: int) -> None:
    fresh = code(run)
    redeem(run, "b2", fresh)

    assert redeem(run, "b2", fresh, at=NOW + timedelta(days=1)).already
    with pytest.raises(InvitationError, match="换设备码已经用过"):
        redeem(run, "c3", fresh)
    assert len(addresses(run)) == 2


def test_a_code_is_good_for_fifteen_minutes_and_not_after(run: Any, chen: int) -> None:
    fresh = code(run)

    with pytest.raises(InvitationError, match="换设备码已经过期（15 分钟内有效）"):
        redeem(run, "b2", fresh, at=NOW + timedelta(minutes=15))
    assert not redeem(run, "b2", fresh, at=NOW + timedelta(minutes=15, microseconds=-1)).already


def test_a_newer_code_ends_the_older(run: Any, chen: int) -> None:
    old, new = code(run), code(run, at=SOON)

    with pytest.raises(InvitationError, match="换设备码已经过期"):
        redeem(run, "b2", old, at=SOON)
    assert redeem(run, "b2", new, at=SOON).device


def test_another_persons_device_is_refused_and_the_code_stays_good(run: Any, chen: int) -> None:
    joined(run, campaign(run, 2027), "l1", "李明")
    fresh = code(run)

    with pytest.raises(InvitationError, match="另一个人的身份"):
        redeem(run, "l1", fresh)
    assert not redeem(run, "b2", fresh).already


def test_the_persons_own_device_is_already_in_and_uses_the_code_up(run: Any, chen: int) -> None:
    assert redeem(run, "a1", code(run)).already
    assert rows(run, "SELECT used_at IS NOT NULL FROM device_code") == [(1,)]
    assert len(addresses(run)) == 1


def test_a_person_who_was_removed_lets_nobody_in(run: Any, chen: int) -> None:
    fresh = code(run)
    run(lambda database: people.remove(database, NOW, "cli", chen, 1))

    with pytest.raises(InvitationError, match="不在考核名单里"):
        redeem(run, "b2", fresh)
    assert len(addresses(run)) == 1


def test_an_unknown_code_is_no_device_code(run: Any, chen: int) -> None:
    with pytest.raises(InvitationError, match="没有这个换设备码"):
        written(run, devices.redeem_in, NOW, "web", "b2", "AAAA-BBBB-CCCC")
    with pytest.raises(InvitationError, match="没有这个邀请码"):
        redeem(run, "b2", "AAAA-BBBB-CCCC")


def test_making_and_using_a_code_is_in_the_trail_without_the_address(run: Any, chen: int) -> None:
    redeem(run, "secret-address", code(run))

    assert rows(run, "SELECT actor, action, subject FROM audit ORDER BY id DESC LIMIT 2") == [
        ("1", "device.joined", '{"device_code":1,"person":1}'),
        ("1", "device.code-made", '{"device_code":1,"person":1}'),
    ]
    assert chain(run).broken == ()
