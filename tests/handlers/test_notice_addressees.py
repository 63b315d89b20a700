"""To whom a notice goes: what is written before its colon, and nobody by guess."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from talk import Office, Person

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in the office's zone


@pytest.fixture
def wang(office: Office) -> Person:
    """Somebody of the office."""
    office.now = MONDAY
    return office.person("wang", "office")


@pytest.mark.parametrize(
    ("head", "whom"),
    [
        ("各镇和部门", "发给全部 4 个单位、0 人"),
        ("除孟河镇外各镇", "发给 1 个单位、0 人：西夏墅镇"),
        ("除孟河镇外", "发给 3 个单位、0 人：西夏墅镇、环保局、质监分局"),
        ("各镇、各部门（质监分局除外）", "发给 3 个单位、0 人：孟河镇、西夏墅镇、环保局"),
    ],
)
def test_a_notice_goes_to_whom_its_head_names(office: Office, wang: Person, head: str, whom: str) -> None:
    shown = wang.send(f"发通知 {head}：请看附件")

    assert whom in shown
    assert head not in shown


@pytest.mark.parametrize("head", ["各镇和开发区", "除奔牛镇外各镇", "各街道", "请各镇于11月28日前报总结，联系人"])
def test_a_head_that_is_not_all_understood_is_asked_about(office: Office, wang: Person, head: str) -> None:
    asked = wang.send(f"发通知 {head}：请看附件")

    assert "发给谁？" in asked
    assert "发送" not in wang.labels
    shown = wang.send("各镇")
    assert "发给 2 个单位、0 人：孟河镇、西夏墅镇" in shown
    assert f"{head}：请看附件" in shown


@pytest.mark.parametrize("head", ["会议时间", "全区质量工作会议的通知", "各项工作安排"])
def test_a_colon_inside_the_text_names_nobody(office: Office, wang: Person, head: str) -> None:
    shown = wang.send(f"发通知 {head}：11月28日")

    assert "4 个单位" in shown
    assert f"{head}：11月28日" in shown


def test_another_choice_is_not_taken_by_half(office: Office, wang: Person) -> None:
    wang.send("发通知 请看附件")
    wang.press("改对象")

    assert "没有单位「奔牛镇」" in wang.send("孟河镇、奔牛镇")

    assert "发给 1 个单位、0 人：孟河镇" in wang.send("孟河镇")
