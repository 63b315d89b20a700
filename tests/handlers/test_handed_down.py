"""The task handed down, shown with its question: confirmed once, or said to be wrong."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from talk import Office, Person

from channels import keys
from rubrics import loader
from storage import feedback, people, targets
from storage.targets import HandedDown

TOWNS = loader.load("xinbei-2011-towns")
QUESTION = keys.pack("ask", 1, TOWNS.id, "2.4")


def tasks(office: Office) -> list[HandedDown]:
    async def read() -> list[HandedDown]:
        async with office.database.read() as connection:
            return await targets.handed_down_in(connection, 1)

    found: list[HandedDown] = office.run(read())
    return found


def hand_down(office: Office, figure: int) -> None:
    async def write() -> None:
        async with office.database.write() as connection:
            (member,) = await people.memberships_in(connection, "test", "chen")
            about = (member.person_id, 1, TOWNS, "2.4", Decimal(figure))
            paper = {"number": "常新质〔2026〕1号", "issued_on": date(2026, 3, 1)}
            await targets.set_target_in(connection, office.now, *about, **paper)

    office.run(write())


def test_a_task_is_confirmed_once(office: Office, chen: Person) -> None:
    hand_down(office, 3)
    said = chen.press_key(QUESTION)

    confirmed = chen.press("任务数对")

    assert "下达任务 3 只（常新质〔2026〕1号，2026-03-01）" in said
    assert "任务数对不对" in said
    assert "您已经确认" in confirmed
    assert tasks(office)[0].confirmed_at is not None
    assert "任务数对不对" not in chen.press_key(QUESTION)
    assert "任务数对" not in chen.labels


def test_a_figure_that_changed_since_it_was_shown_is_not_confirmed(office: Office, chen: Person) -> None:
    chen.press_key(QUESTION)
    hand_down(office, 5)

    said = chen.press("任务数对")

    assert "从 3 改成 5" in said
    assert tasks(office)[0].confirmed_at is None


def test_a_wrong_figure_goes_to_the_office_with_what_it_should_be(office: Office, chen: Person) -> None:
    chen.press_key(QUESTION)

    asked = chen.press("任务数不对")
    said = chen.send("应该是2只，常新质〔2026〕1号")

    async def read() -> list[str]:
        async with office.database.read() as connection:
            return [one.text for one in await feedback.of_campaign_in(connection, office.campaign.id)]

    assert "现在的任务数是 3 只" in asked
    assert "意见第 1 号" in said
    assert office.run(read()) == ["孟河镇：任务数不对。名牌任务现在是 3 只。单位说：应该是2只，常新质〔2026〕1号"]
    assert tasks(office)[0].confirmed_at is None


def test_the_question_stays_open_when_the_doubt_is_put_down(chen: Person) -> None:
    chen.press_key(QUESTION)
    chen.press("任务数不对")

    assert "【名牌任务】" in chen.press("返回")
    assert "得 5 分" in chen.send("3只")


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("task-ok:2,xinbei-2011-towns,2.4,3:0", "没有改动任何东西"),
        ("task-ok:1,xinbei-2011-towns,2.4,x:0", "没有改动任何东西"),
        ("task-ok:1,xinbei-2011-towns,3.2,1:0", "没有下达任务"),
        ("task-no:2,xinbei-2011-towns,2.4:0", "没有改动任何东西"),
    ],
)
def test_a_forged_button_confirms_nothing(office: Office, chen: Person, key: str, said: str) -> None:
    assert said in chen.press_key(key)
    assert tasks(office)[0].confirmed_at is None
