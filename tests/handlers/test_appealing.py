"""初评反馈 and 申诉: each unit sees only its own; another person than the reviewer decides; both sides read both."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from talk import Office, Person
from year_end import TOWNS, do, lock, reviewed, set_phase

from channels import keys
from storage import appeals, phases, unit_facts


@pytest.fixture
def wang(office: Office) -> Person:
    """The reviewer."""
    return office.person("wang", "office")


@pytest.fixture
def li(office: Office) -> Person:
    """Another colleague."""
    return office.person("li", "office")


@pytest.fixture
def told(office: Office, chen: Person, wang: Person, li: Person) -> Office:
    """A changed figure the unit has been told of in the feedback."""
    chen.press_key(keys.pack("ask", 1, TOWNS.id, "10.2"))
    chen.send("4条")
    lock(office)
    reviewed(office, "wang", "change", "10.2", 3, "有一条是转发")
    wang.send("年终工作")
    wang.press("初评反馈")
    wang.press("发出")
    return office


def verified(office: Office) -> dict[str, Any]:
    return office.run(unit_facts.read(office.database, 1, TOWNS)).verified


def appeal(chen: Person) -> str:
    chen.press("申诉")
    chen.press(TOWNS.criteria["10.2"].label)
    return chen.send("四条都是原创")


def test_each_unit_hears_of_its_own_scores_and_losses_alone(told: Office, chen: Person) -> None:
    said = chen.rows()[-1]["text"]

    assert said.startswith("孟河镇 初评反馈")
    assert "10.2" in said
    assert "还没有核定" in said
    assert "11月26日 前申诉" in said
    assert "西夏墅" not in said


def test_the_phase_begins_with_the_feedback_and_it_is_not_sent_twice_by_chance(told: Office, wang: Person) -> None:
    found = {phase.name: phase for phase in do(told, phases.of_campaign_in, 1)}
    assert found["初评反馈"].runs(told.now.date())

    wang.send("年终工作")
    assert "已经发过" in wang.press("初评反馈")


def test_days_that_clash_are_said_before_anything_is_confirmed(office: Office, wang: Person) -> None:
    set_phase(office, "自评", date(2026, 12, 1), date(2026, 12, 15))
    wang.send("年终工作")

    assert "不能早于「自评」的2026年12月1日" in wang.press("初评反馈")
    assert wang.labels == ["改日期", "返回"]


def test_what_was_sent_back_is_named_with_its_reason_and_what_nobody_looked_at_is_counted(
    office: Office, chen: Person, wang: Person
) -> None:
    for ident in ("1.1", "1.2", "1.4"):
        chen.press_key(keys.pack("ask", 1, TOWNS.id, ident))
        chen.send("有")
    lock(office)
    reviewed(office, "wang", "return", "1.1", "没有名单")
    reviewed(office, "wang", "pass", "1.2")
    wang.send("年终工作")
    wang.press("初评反馈")
    wang.press("发出")

    said = chen.rows()[-1]["text"]
    assert f"· 1.1 {TOWNS.criteria['1.1'].label} 被退回，补好前不算分：没有名单" in said
    counted = re.search("另有 ([0-9]+) 条还没有核定，其中没有填的 ([0-9]+) 条", said)
    assert counted
    assert int(counted[1]) - int(counted[2]) == 1  # 1.4 was answered and not looked at


def test_a_button_pressed_again_sends_nothing_again(told: Office, chen: Person, wang: Person, li: Person) -> None:
    heard = len(chen.rows())

    for one in (wang, li):
        assert "11-21 09:00 已经发出，没有再发" in one.press_key(keys.pack("feedback-go", version=1))
    assert len(chen.rows()) == heard

    wang.press("初评反馈")
    wang.press("再发一次")
    assert len(chen.rows()) == heard + 1


def test_units_nobody_answers_for_are_named_as_not_reached(told: Office, wang: Person) -> None:
    said = next(row["text"] for row in reversed(wang.rows()) if row["text"].startswith("初评反馈已发"))

    assert "已发给 1 个单位的 1 人" in said
    assert "3 个单位没有联络员能收到，没有发：西夏墅镇、环保局、质监分局" in said


def test_once_it_is_frozen_the_unit_reads_a_sentence_of_its_own(told: Office, chen: Person, wang: Person) -> None:
    wang.send("快照")
    assert "申诉期到 11月26日，还没有结束" in wang.press("审定")
    wang.press("仍要审定")

    assert "得分已经审定，不再收申诉" in chen.press("申诉")
    verdict = keys.pack("appeal", 1, 1)
    assert "得分已经审定，不再收申诉" in chen.press_key(verdict)


def test_the_days_can_be_set(told: Office, wang: Person) -> None:
    wang.press_key(keys.pack("appeal-days"))
    assert "1 到 60" in wang.send("0")
    assert "7 天内可以申诉" in wang.send("7天")


def test_an_appeal_is_upheld_by_another_and_told_with_both_reasons(told: Office, chen: Person, li: Person) -> None:
    assert "申诉第 1 号收到了" in appeal(chen)
    assert "四条都是原创" in li.rows()[-1]["text"]

    li.press("维持")
    li.send("第四条是转发")

    said = chen.rows()[-1]["text"]
    assert "有一条是转发" in said
    assert "第四条是转发" in said
    assert "维持" in said
    assert verified(told) == {"10.2": 3}


def test_an_appeal_that_is_right_changes_the_verdict(told: Office, chen: Person, li: Person) -> None:
    appeal(chen)
    li.press("改")
    li.press("按申报的算")
    said = li.send("确是原创")

    assert "→" in said
    assert "已告诉 1 人" in said
    assert verified(told) == {"10.2": 4}
    (one,) = do(told, appeals.of_unit_in, 1)
    assert (one.state, one.why) == ("changed", "确是原创")


def test_another_figure_can_be_typed_and_what_is_none_is_asked_again(told: Office, chen: Person, li: Person) -> None:
    appeal(chen)
    li.press("改")
    assert "理由" not in li.send("随便")
    assert "改为" in li.send("2条")
    li.send("再核少一条")

    assert verified(told) == {"10.2": 2}


def test_the_reviewer_is_told_to_leave_it_to_another(told: Office, chen: Person, wang: Person, li: Person) -> None:
    appeal(chen)

    assert "由考核办的另一位同事答复" in wang.rows()[-1]["text"]
    assert wang.labels == []
    assert "由考核办的另一位同事答复" in wang.send("申诉")
    assert wang.labels == []
    assert "请您办" in li.send("申诉")
    assert li.labels == ["维持", "改"]
    for label in ("维持", "改"):
        assert "你核的" in wang.press_key(li.key(label))
    assert [one.state for one in do(told, appeals.of_unit_in, 1)] == ["open"]


def test_where_nobody_else_can_decide_a_colleague_is_to_be_invited_first(
    office: Office, chen: Person, wang: Person
) -> None:
    chen.press_key(keys.pack("ask", 1, TOWNS.id, "10.2"))
    chen.send("4条")
    lock(office)
    reviewed(office, "wang", "change", "10.2", 3, "有一条是转发")
    wang.send("年终工作")
    wang.press("初评反馈")
    wang.press("发出")

    assert "要先请一位同事来" in appeal(chen)
    assert "请先邀请一位同事" in wang.rows()[-1]["text"]
    assert wang.labels == ["邀请"]
    li = office.person("li", "office")
    assert "请您办" in li.send("申诉")
    li.press("维持")
    assert "已告诉 1 人" in li.send("第四条是转发")


def test_approval_ends_what_was_not_answered_and_tells_the_unit(
    told: Office, chen: Person, wang: Person, li: Person
) -> None:
    appeal(chen)
    decide = li.key("维持")
    wang.send("快照")
    assert "1 条申诉没有答复，审定后不再答复" in wang.press("审定")

    assert "1 条申诉没有答复，按原核定算，已告诉 1 人" in wang.press("仍要审定")

    ended = chen.rows()[-1]["text"]
    assert "申诉第 1 号（信息上报）到审定时没有答复，按原核定 3 条 算" in ended
    assert "到审定时没有答复" in chen.send("申诉")
    assert "没有等着复核的申诉" in li.send("申诉")
    assert "申诉" not in li.send("今天")
    assert "审定冻结" in li.press_key(decide)


def test_opened_again_what_was_not_answered_waits_again(told: Office, chen: Person, wang: Person, li: Person) -> None:
    appeal(chen)
    wang.send("快照")
    wang.press("审定")
    wang.press("仍要审定")
    wang.send("快照")
    wang.press("重新开放")
    wang.send("漏了一条申诉")
    li.press("同意")
    li.press("确认")

    assert "请您办" in li.send("申诉")


def test_what_was_changed_to_the_whole_claim_is_not_offered_again(told: Office, chen: Person, li: Person) -> None:
    appeal(chen)
    li.press("改")
    li.press("按申报的算")
    li.send("看过报纸，确实原创")

    assert "没有可以申诉的核定" in chen.send("申诉")


def test_it_is_appealed_against_once_and_listed_with_its_answer(told: Office, chen: Person, li: Person) -> None:
    appeal(chen)

    said = chen.send("申诉")
    assert "等考核办复核" in said
    assert "没有可以申诉" in said
    assert "现在不能申诉" in chen.press_key(keys.pack("appeal", 1, 1))


def test_deliberation_lists_what_is_open_until_it_is_settled(told: Office, chen: Person, li: Person) -> None:
    appeal(chen)

    li.send("年终工作")
    said = li.press("综合审议")
    assert "申诉 1 条" in said
    assert "孟河镇 没核" in said

    li.press("申诉")
    li.press("维持")
    li.send("第四条是转发")
    assert "申诉" not in li.press_key(keys.pack("deliberate"))


@pytest.mark.parametrize(
    "key",
    [
        keys.pack("appeal-keep", 1),
        keys.pack("appeal-alter", 1),
        keys.pack("appeal-own", 1),
        keys.pack("appeals-open"),
        keys.pack("appeals", 1),
        keys.pack("appeal", 1, 1),
        keys.pack("feedback-go", version=1),
        keys.pack("deliberate"),
        keys.pack("year"),
    ],
)
def test_leaders_other_units_and_strangers_get_nothing(told: Office, chen: Person, key: str) -> None:
    appeal(chen)
    heard = len(chen.rows())
    zhou = told.person("zhou", "leader")
    other = told.person("other", "liaison", "西夏墅镇")

    for person in (zhou, other, Person(told, "stranger")):
        person.press_key(key)
        person.send("按规定维持")
        assert "四条都是原创" not in "".join(row["text"] for row in person.rows())
    assert len(chen.rows()) == heard
    assert [one.state for one in do(told, appeals.of_unit_in, 1)] == ["open"]


def test_forged_and_replayed_keys_say_so(told: Office, chen: Person, li: Person) -> None:
    appeal(chen)
    key = li.key("维持")
    li.press("维持")
    li.send("第四条是转发")

    for forged in (key, keys.pack("appeal-keep", 99), keys.pack("appeal-alter"), keys.pack("appeal-own", 1)):
        assert "没有改动任何东西" in li.press_key(forged)


def test_what_waits_stands_in_the_office_s_day(told: Office, chen: Person, li: Person) -> None:
    appeal(chen)

    assert "申诉 1 条" in li.send("今天")
    assert "看申诉" in li.labels
