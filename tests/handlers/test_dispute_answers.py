"""A dispute is answered once: a colleague's older button, or the reason it asked for, overturns nothing."""

from __future__ import annotations

from typing import Any

import pytest
from talk import Office, Person

from storage import office_facts

NOTE = "孟河镇 拒检拒抽 1起 依据 常市监〔2026〕12号"


@pytest.fixture
def wang(office: Office) -> Person:
    """Somebody of the office."""
    return office.person("wang", "office")


@pytest.fixture
def zhao(office: Office) -> Person:
    """Somebody else of the office."""
    return office.person("zhao", "office")


@pytest.fixture
def disputed(office: Office, chen: Person, wang: Person, zhao: Person) -> None:
    """A booking that 孟河镇 disputes."""
    wang.send(NOTE)
    wang.press("确认")
    chen.press("有异议")
    chen.send("当天是设备故障")


def state(office: Office) -> str:
    async def read() -> Any:
        async with office.database.read() as connection:
            return (await office_facts.of_unit_in(connection, 1))[0].state

    return str(office.run(read()))


def test_a_colleagues_older_button_does_not_overturn_an_answer(
    office: Office, disputed: None, wang: Person, zhao: Person
) -> None:
    wang.press("维持")
    wang.send("检测机构复核过")

    assert "已经答复：维持" in zhao.press("不计")
    assert state(office) == "upheld"
    assert "已经答复：维持" in zhao.press("维持")


def test_a_reason_that_comes_after_the_answer_changes_nothing(
    office: Office, disputed: None, wang: Person, zhao: Person
) -> None:
    zhao.press("不计")
    wang.press("维持")
    wang.send("检测机构复核过")

    assert "已经答复：维持" in zhao.send("设备确实坏了")
    assert state(office) == "upheld"


def test_what_was_upheld_can_still_be_dismissed_from_the_units_card(
    office: Office, disputed: None, wang: Person, zhao: Person
) -> None:
    wang.press("维持")
    wang.send("检测机构复核过")
    zhao.press("不计")

    zhao.press("看这个单位")
    zhao.press("不计第1号")
    zhao.send("区里定了不计")

    assert state(office) == "dismissed"


def test_upholding_after_a_colleague_dismissed_says_so(
    office: Office, disputed: None, wang: Person, zhao: Person
) -> None:
    wang.press("不计")
    wang.send("设备确实坏了")

    assert "已经不计了（设备确实坏了）" in zhao.press("维持")
    assert state(office) == "dismissed"
