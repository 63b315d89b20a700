"""Campaigns and invitations: whole or not at all, single use, and every change in the audit trail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from stored import code_for, joined, redeem
from written import written

from rubrics import loader
from rubrics.errors import RubricError
from storage import audit, campaigns, editions, invitations, people
from storage.database import Database
from storage.errors import InvitationError, NotFoundError
from storage.roster import RosterUnit, Target

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
TOWNS = loader.load("xinbei-2011-towns")
MENGHE = RosterUnit("孟河镇", "镇", ("孟河",), ("陈芳",), (Target("xinbei-2011-towns", "2.4", Decimal("3")),))
XIXIASHU = RosterUnit("西夏墅镇", "镇", (), (), ())


def made(run: Any, *units: RosterUnit, year: int = 2026) -> campaigns.Campaign:
    return run(lambda database: campaigns.create(database, NOW, "cli", year, [TOWNS], units or (MENGHE, XIXIASHU)))


def rows(run: Any, query: str) -> list[tuple[Any, ...]]:
    async def read(database: Database) -> list[tuple[Any, ...]]:
        async with database.read() as connection:
            return [tuple(row) for row in (await connection.execute(text(query))).all()]

    return run(read)


def invite(
    run: Any, campaign: campaigns.Campaign, role: str, at: datetime = NOW, **words: Any
) -> invitations.Invitation:
    return run(lambda database: invitations.invite(database, at, "cli", campaign, role, **words))


def test_a_campaign_is_stored_with_all_its_units(run: Any) -> None:
    campaign = made(run)

    assert run(lambda database: campaigns.find(database, "2026")) == campaign
    assert (campaign.code, campaign.units, campaign.rubric_ids) == ("2026", 2, ("xinbei-2011-towns",))
    assert rows(run, "SELECT name FROM unit ORDER BY position") == [("孟河镇",), ("西夏墅镇",)]
    assert rows(run, "SELECT criterion_id, figure FROM target") == [("2.4", "3")]
    assert rows(run, "SELECT edition_sha256 FROM campaign_rubric") == [(campaigns.edition(TOWNS),)]
    assert rows(run, "SELECT action, campaign_id FROM audit") == [("campaign.created", campaign.id)]


def test_a_second_campaign_of_a_year_gets_a_number(run: Any) -> None:
    assert [made(run).code, made(run).code, made(run, year=2027).code] == ["2026", "2026-2", "2027"]


def test_units_that_clash_leave_no_campaign_behind(run: Any) -> None:
    with pytest.raises(IntegrityError):
        made(run, MENGHE, MENGHE)

    assert rows(run, "SELECT count(*) FROM campaign") == [(0,)]
    assert rows(run, "SELECT count(*) FROM audit") == [(0,)]


def test_an_unknown_campaign_names_those_there_are(run: Any) -> None:
    made(run)

    with pytest.raises(NotFoundError, match="现有：2026"):
        run(lambda database: campaigns.find(database, "2025"))


def test_the_edition_changes_with_any_figure(run: Any) -> None:
    switched = loader.load_with("xinbei-2011-towns", {"T6": "base100"})

    assert campaigns.edition(switched) != campaigns.edition(TOWNS)
    assert campaigns.edition(TOWNS) == campaigns.edition(loader.build(loader._text("xinbei-2011-towns")))


def test_an_invitation_is_kept_only_as_a_hash(run: Any) -> None:
    invitation = invite(run, made(run), "liaison", unit="孟河", name="陈芳")

    ((stored, unit),) = rows(run, "SELECT code_sha256, unit.name FROM invitation JOIN unit ON unit.id = unit_id")
    assert unit == "孟河镇"
    assert stored == invitations.hashed(invitation.code)
    assert invitation.code not in str(rows(run, "SELECT * FROM invitation")) + str(rows(run, "SELECT * FROM audit"))
    assert invitation.expires_at == NOW + timedelta(days=14)


def test_a_code_typed_with_small_letters_and_spaces_is_the_same_code() -> None:
    code = invitations.new_code()

    assert invitations.hashed(f" {code.lower().replace('-', ' ')} ") == invitations.hashed(code)
    assert len({invitations.new_code() for _ in range(1000)}) == 1000


def test_reissuing_revokes_the_unused_one_of_the_same_person_only(run: Any) -> None:
    campaign = made(run)
    invite(run, campaign, "liaison", unit="孟河镇", name="陈芳")
    invite(run, campaign, "liaison", unit="孟河镇", name="李明")
    invite(run, campaign, "office")

    invite(run, campaign, "liaison", unit="孟河镇", name="陈芳")

    assert rows(run, "SELECT role, name, revoked_at IS NULL FROM invitation ORDER BY id") == [
        ("liaison", "陈芳", 0),
        ("liaison", "李明", 1),
        ("office", "", 1),
        ("liaison", "陈芳", 1),
    ]


@pytest.mark.parametrize(
    ("role", "words", "sentence"),
    [
        ("boss", {}, "没有角色「boss」"),
        ("liaison", {}, "要写明单位"),
        ("provider", {}, "要写明单位"),
        ("office", {"days": 0}, "1 到 90"),
        ("office", {"days": 91}, "1 到 90"),
    ],
)
def test_an_impossible_invitation_is_refused(run: Any, role: str, words: dict[str, Any], sentence: str) -> None:
    campaign = made(run)

    with pytest.raises(InvitationError, match=sentence):
        invite(run, campaign, role, **words)
    assert rows(run, "SELECT count(*) FROM invitation") == [(0,)]


def test_a_unit_of_another_campaign_is_not_found(run: Any) -> None:
    made(run)
    other = made(run, XIXIASHU, year=2027)

    with pytest.raises(NotFoundError, match="没有单位「孟河镇」"):
        invite(run, other, "liaison", unit="孟河镇")


def test_every_change_is_one_audit_row_and_the_chain_is_whole(run: Any) -> None:
    campaign = made(run)
    invite(run, campaign, "office")

    async def walk(database: Database) -> audit.Chain:
        async with database.read() as connection:
            return await audit.walk(connection)

    assert rows(run, "SELECT action FROM audit") == [("campaign.created",), ("invitation.made",)]
    assert run(walk).broken == ()


def switched(run: Any, readings: dict[str, dict[str, str]]) -> campaigns.Campaign:
    return run(lambda database: campaigns.create(database, NOW, "cli", 2026, [TOWNS], (MENGHE,), readings))


def test_the_readings_a_campaign_chooses_are_in_force_there(run: Any) -> None:
    campaign = switched(run, {TOWNS.id: {"T6": "base100"}})

    (rubric,) = written(run, editions.of_campaign, campaign.id)
    assert rubric == loader.load_with(TOWNS.id, {"T6": "base100"})
    assert rows(run, "SELECT edition_sha256 FROM campaign_rubric") == [(campaigns.edition(rubric),)]
    ((subject,),) = rows(run, "SELECT subject FROM audit")
    assert '"readings":{"xinbei-2011-towns":{"T6":"base100"}}' in subject


@pytest.mark.parametrize(
    ("readings", "sentence"),
    [
        ({"hunan": {"R1": "floor"}}, "读法写给了「hunan」，这次考核的细则是：xinbei-2011-towns"),
        ({TOWNS.id: {"T99": "floor"}}, "「T99」不是可切换的读法"),
        ({TOWNS.id: {"T6": "base30"}}, "没有「base30」这种读法，可选：base60、base100"),
    ],
)
def test_a_reading_that_is_not_there_leaves_no_campaign_behind(run: Any, readings: Any, sentence: str) -> None:
    with pytest.raises((NotFoundError, RubricError), match=sentence):
        switched(run, readings)
    assert rows(run, "SELECT count(*) FROM campaign") == [(0,)]


def test_units_come_with_their_names_and_their_people(run: Any) -> None:
    campaign = made(run)
    joined(run, campaign, "a1", "陈芳")
    joined(run, campaign, "a2", "李明", role="leader")
    gone = joined(run, campaign, "a3", "赵六").person_id
    run(lambda database: people.remove(database, NOW, "cli", gone, campaign.id))

    members = (campaigns.UnitMember(1, "陈芳", "liaison"), campaigns.UnitMember(2, "李明", "leader"))
    assert written(run, campaigns.units_in, campaign.id) == [
        campaigns.Unit(1, "孟河镇", "镇", ("孟河",), ("陈芳",), members),
        campaigns.Unit(2, "西夏墅镇", "镇", (), (), ()),
    ]


def test_one_campaign_is_read_by_its_id(run: Any) -> None:
    made(run)
    other = made(run, year=2027)

    assert written(run, campaigns.campaigns_in, other.id) == [other]
    assert written(run, campaigns.campaigns_in, 9) == []


def reissue(run: Any, invitation_id: int, at: datetime = NOW, campaign_id: int = 1, **words: Any) -> Any:
    return written(run, invitations.reissue_in, at, "1", campaign_id, invitation_id, **words)


def test_a_person_invites_in_the_turns_own_unit_of_work(run: Any) -> None:
    campaign = made(run)

    invitation = written(run, invitations.invite_in, NOW, "7", campaign.id, "liaison", unit="孟河", name="陈芳")

    assert redeem(run, "a1", invitation.code).membership.unit_name == "孟河镇"
    assert rows(run, "SELECT actor FROM audit WHERE action = 'invitation.made'") == [("7",)]


def test_an_expired_invitation_is_reissued_in_one_call(run: Any) -> None:
    campaign = made(run)
    old = invite(run, campaign, "liaison", unit="孟河", name="陈芳", days=1)

    new = reissue(run, 1, NOW + timedelta(days=2))

    assert (new.role, new.unit, new.name) == ("liaison", "孟河镇", "陈芳")
    assert new.expires_at == NOW + timedelta(days=16)
    assert new.code != old.code
    assert rows(run, "SELECT revoked_at IS NULL FROM invitation ORDER BY id") == [(0,), (1,)]


def test_a_used_or_foreign_invitation_is_not_reissued(run: Any) -> None:
    joined(run, made(run))

    with pytest.raises(InvitationError, match="已经有人用过了"):
        reissue(run, 1)
    for campaign_id, invitation_id in ((2, 1), (1, 9)):
        with pytest.raises(NotFoundError, match="没有这份邀请"):
            reissue(run, invitation_id, campaign_id=campaign_id)
    with pytest.raises(InvitationError, match="1 到 90"):
        reissue(run, 1, days=0)


def test_a_name_that_cannot_be_kept_is_refused(run: Any) -> None:
    with pytest.raises(InvitationError, match="最多 60 个字，写的有 61 个"):
        invite(run, made(run), "office", name="长" * 61)


def test_who_was_invited_and_has_not_joined_is_listed(run: Any) -> None:
    campaign = made(run)
    joined(run, campaign)
    invite(run, campaign, "liaison", unit="西夏墅镇", name="李明", days=1)
    code_for(run, campaign, "office", unit=None, name="王处")
    reissue(run, 2)

    pending = written(run, invitations.pending_in, campaign.id)

    assert [(p.id, p.role, p.unit_id, p.unit, p.name) for p in pending] == [
        (3, "office", None, "", "王处"),
        (4, "liaison", 2, "西夏墅镇", "李明"),
    ]
