"""都没发生: what only the office can know is listed, read back, booked at once, and a reviewed unit has one figure."""

from __future__ import annotations

from typing import Any

import pytest
from talk import Office, Person
from year_end import TOWNS, do, reviewed, set_phase

from handlers.desk import nothing_happened
from rubrics.model import Rubric
from rubrics.tasks import asked
from storage import office_facts, phases, scorecards, snapshots
from storage.scorecards import SummaryRow


@pytest.fixture
def wang(office: Office) -> Person:
    return office.person("wang", "office")


def booked(office: Office) -> list[tuple[str, str, Any, str]]:
    """Unit, clause, fact and basis of all that counts, by unit."""
    found = do(office, office_facts.of_campaign_in, office.campaign.id)
    return sorted((one.unit, one.criterion_id, one.fact, one.basis) for one in found if one.state != "dismissed")


def row(office: Office, rubric: Rubric = TOWNS) -> SummaryRow:
    rows = office.run(scorecards.summary(office.database, office.campaign.id))
    return next(one for one in rows if one.unit_id == 1 and one.rubric_id == rubric.id)  # type: ignore[no-any-return]


def read_back(wang: Person, basis: str = "年终核对") -> str:
    """To the point where only 确认 is left."""
    wang.press_key("nh::0")
    wang.press("都没发生")
    return wang.send(basis)


def test_the_year_desk_and_the_deliberation_lead_to_what_nobody_booked(wang: Person) -> None:
    wang.send("年终工作")
    assert "只有考核办知道的情况，8 条还有单位没记" in wang.press("综合审议")

    said = wang.press("没记的情况")

    assert "抽检不合格（6.3），2 个单位：孟河镇、西夏墅镇" in said
    assert "所管领域事故（5.2），2 个单位：环保局、质监分局" in said
    assert wang.labels[:2] == ["都没发生", "抽检不合格"]


def test_all_is_read_back_with_its_basis_before_anything_is_booked(office: Office, wang: Person) -> None:
    said = read_back(wang, "年终核对会议纪要")

    assert "要记下 16 项没发生" in said
    assert "依据：年终核对会议纪要" in said
    assert booked(office) == []


def test_one_tap_books_that_nothing_happened_for_all_that_lack_it(office: Office, wang: Person) -> None:
    wang.send("记情况 孟河镇 抽检不合格1起 依据 通报〔2026〕8号")
    wang.press("确认")
    read_back(wang)

    said = wang.press("确认")

    assert "记下了 8 条、15 项没发生" in said
    found = booked(office)
    assert ("孟河镇", "6.3", 1, "通报〔2026〕8号") in found
    assert len(found) == 16
    assert {(fact, basis) for _, _, fact, basis in found if not fact} == {(0, "年终核对"), (False, "年终核对")}
    assert "都记过了" in wang.press("看没记的")


def test_one_clause_can_be_booked_by_itself(office: Office, wang: Person) -> None:
    wang.press_key("nh::0")
    wang.press("拒检拒抽")
    wang.press("年终核对")
    wang.press("确认")

    assert booked(office) == [("孟河镇", "6.4", 0, "年终核对"), ("西夏墅镇", "6.4", 0, "年终核对")]


def test_a_unit_reviewed_in_full_has_one_figure_in_place_of_a_range(office: Office, wang: Person) -> None:
    set_phase(office, phases.SELF_ASSESSMENT, office.now.date().replace(day=1), office.now.date().replace(day=15))
    for criterion in (one for own in asked(TOWNS, "孟河镇", "镇").values() for one in own):
        reviewed(office, "wang", "pass", criterion.id)
    before = row(office)
    read_back(wang)
    wang.press("确认")

    after = row(office)

    assert before.reviewed < before.of
    assert after.reviewed == after.of
    leader = office.person("leader", "leader")
    assert "没核完" not in leader.send("单位 孟河镇")


def test_what_somebody_booked_in_between_is_left_alone(office: Office, wang: Person) -> None:
    read_back(wang)
    zhao = office.person("zhao", "office")
    zhao.send("记情况 孟河镇 抽检不合格2起 依据 通报〔2026〕9号")
    zhao.press("确认")

    assert "有 1 项这中间已经有人记过" in wang.press("确认")

    assert [one for one in booked(office) if one[:2] == ("孟河镇", "6.3")] == [("孟河镇", "6.3", 2, "通报〔2026〕9号")]


def test_ones_own_unit_is_left_out_and_named(office: Office, wang: Person) -> None:
    wang.start(office.invite("liaison", "孟河镇"))

    assert "您自己的单位 孟河镇 不在里面" in read_back(wang)
    wang.press("确认")

    assert {unit for unit, *_ in booked(office)} == {"西夏墅镇", "环保局", "质监分局"}


@pytest.mark.parametrize("words", ["没有依据", "无", "1"])
def test_without_a_basis_nothing_goes_on(office: Office, wang: Person, words: str) -> None:
    assert "没有读到依据" in read_back(wang, words)
    assert "要记下 16 项" in wang.press("年终核对")
    assert booked(office) == []


def test_an_old_or_dropped_button_books_nothing(office: Office, wang: Person) -> None:
    read_back(wang)
    old = wang.key("确认")
    wang.press("取消")

    assert "没有改动" in wang.press_key(old)
    wang.press_key("nh::0")
    wang.press("都没发生")
    assert "没有改动" in wang.press_key(old.replace(":1", ":2"))  # not read back yet
    assert booked(office) == []


def test_the_units_are_not_told_of_what_did_not_happen(office: Office, wang: Person) -> None:
    chen = office.person("chen", "liaison", "孟河镇")
    heard = len(chen.rows())
    read_back(wang)
    wang.press("确认")

    assert len(chen.rows()) == heard


def test_frozen_scores_are_not_touched(office: Office, wang: Person) -> None:
    read_back(wang)
    key = wang.key("确认")
    do(office, snapshots.take_in, office.now, "test", office.campaign.id, office.campaign.code, "终评", final=True)

    assert "审定" in wang.press_key(key)
    assert "都没发生" not in (wang.press_key("nh::0"), *wang.labels)
    assert booked(office) == []


@pytest.mark.parametrize("role", ["liaison", "leader", "provider", "expert"])
def test_only_the_office_gets_there(office: Office, wang: Person, role: str) -> None:
    read_back(wang)
    key = wang.key("确认")
    unit = {"liaison": "孟河镇", "provider": "环保局"}.get(role)
    other = office.person("other", role, unit)

    for pressed in ("nh::0", "nh-of::0", f"nh-of:{TOWNS.id},6.3:0", "nh-basis::1", key, "nh-drop::1"):
        assert "抽检不合格" not in other.press_key(pressed)

    assert booked(office) == []


def test_only_so_many_are_booked_in_one_turn(office: Office, wang: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nothing_happened, "MOST_AT_ONCE", 5)
    read_back(wang)

    assert "还有没记的，请再点一次" in wang.press("确认")

    assert len(booked(office)) == 5
