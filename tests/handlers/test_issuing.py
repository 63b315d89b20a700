"""印发日期: set in any notation, read back with what it moves, and the year is paced from it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from talk import ZONE, Office, Person

from reminders.known import owed_in
from reminders.obligations import Obligation
from storage import reminding


@pytest.fixture
def wang(office: Office) -> Person:
    """Somebody of the office."""
    office.now = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    return office.person("wang", "office")


def issued(office: Office) -> date | None:
    async def read() -> Any:
        async with office.database.read() as connection:
            return (await reminding.issued_on_in(connection, 1))[1]

    return office.run(read())  # type: ignore[no-any-return]


def owed(office: Office) -> dict[str, Obligation]:
    async def read() -> Any:
        async with office.database.read() as connection:
            return await owed_in(connection, 1, 1, ZONE)

    return {one.key: one for one in office.run(read())}


def test_the_day_a_campaign_was_set_up_stands_until_another_is_said(office: Office, wang: Person) -> None:
    assert "细则印发日期还没有填，各项事情先从建立考核的 2026年11月21日 起安排" in wang.send("/campaign")
    assert "先从建立考核的 2026年11月21日 起安排" in wang.press("印发日期")


@pytest.mark.parametrize("words", ["2026年6月23日", "6.23", "六月二十三日", "2026-06-23"])
def test_a_day_in_any_notation_is_read_back_and_kept_once_confirmed(office: Office, wang: Person, words: str) -> None:
    wang.send("/campaign")
    wang.press("印发日期")

    assert "印发日期定为 2026年6月23日。" in wang.send(words)
    assert issued(office) is None
    assert "印发日期定为 2026年6月23日" in wang.press("确认")

    assert issued(office) == date(2026, 6, 23)
    assert "细则印发：2026年6月23日" in wang.send("/campaign")


def test_it_says_how_many_matters_move_and_moves_them(office: Office, wang: Person) -> None:
    before = owed(office)
    wang.send("/campaign")
    wang.press("印发日期")
    shown = wang.send("6月23日")
    assert owed(office) == before

    wang.press("确认")

    after = owed(office)
    moved = sum(after[key] != before[key] for key in after.keys() & before.keys() if not after[key].hint)
    assert moved > 10
    assert "4 个单位的安排随之改变" in shown
    assert min(one.due for one in after.values()) < min(one.due for one in before.values())


def test_a_day_that_changes_nothing_says_so(wang: Person) -> None:
    wang.send("/campaign")
    wang.press("印发日期")

    assert "各单位没有事情因此换日期" in wang.send("11月21日")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("上半年", "没看出是哪一天"),
        ("2月30日", "日历上没有「2月30日」"),
        ("6月23日或7月1日", "看到 2 个日期"),
        ("2011年6月23日", "不在 2026 年或它的前一年"),
    ],
)
def test_a_day_that_cannot_be_meant_is_asked_for_again(office: Office, wang: Person, words: str, why: str) -> None:
    wang.send("/campaign")
    wang.press("印发日期")

    assert why in wang.send(words)

    wang.send("6月23日")
    wang.press("确认")
    assert issued(office) == date(2026, 6, 23)


def test_an_older_button_does_nothing(office: Office, wang: Person) -> None:
    wang.send("/campaign")
    wang.press("印发日期")
    wang.send("6月23日")
    older = wang.key("确认")
    wang.send("/campaign")
    wang.press("印发日期")
    wang.send("7月1日")

    wang.press_key(older)
    assert issued(office) is None
    wang.press("确认")

    assert issued(office) == date(2026, 7, 1)


@pytest.mark.parametrize("key", ["issued::0", "issued-yes::1"])
def test_a_liaison_does_not_say_when_the_rules_went_out(office: Office, wang: Person, chen: Person, key: str) -> None:
    chen.press_key(key)
    chen.send("6月23日")

    assert issued(office) is None
