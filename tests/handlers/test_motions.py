"""What takes two people: a veto is proposed by one and agreed to by another; forged, replayed, own and foreign buttons."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from talk import Office, Person

from channels import keys
from storage import audit, motions, office_facts, people, scorecards
from storage.roster import RosterUnit

CHANGZHOU = "changzhou"
NOTE = "/fact 武进区 质量安全事件 发生过 依据 常政办〔2026〕7号"


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Office]:
    units = [RosterUnit("武进区", "区", (), (), ()), RosterUnit("溧阳市", "辖市", (), (), ())]
    made = Office(tmp_path / "city", (CHANGZHOU,), units)
    yield made
    made.close()


@pytest.fixture
def wang(city: Office) -> Person:
    return city.person("wang", "office")


@pytest.fixture
def zhao(city: Office, wang: Person) -> Person:
    return city.person("zhao", "office")


@pytest.fixture
def gu(city: Office) -> Person:
    """武进区's liaison."""
    return city.person("gu", "liaison", "武进区")


def propose(wang: Person) -> str:
    wang.send(NOTE)
    return wang.press("确认")


def booked(office: Office) -> list[tuple[str, Any, str]]:
    async def read() -> Any:
        async with office.database.read() as connection:
            return await office_facts.of_campaign_in(connection, 1)

    return [(one.criterion_id, one.fact, one.state) for one in office.run(read())]


def states(office: Office) -> list[str]:
    async def read() -> Any:
        async with office.database.read() as connection:
            return await motions.of_campaign_in(connection, 1)

    return [one.state for one in office.run(read())]


def grade(office: Office) -> str | None:
    row = next(row for row in office.run(scorecards.summary(office.database, 1)) if row.unit == "武进区")
    return row.claimed.grade


def broken(office: Office) -> Any:
    async def walk() -> Any:
        async with office.database.read() as connection:
            return (await audit.walk(connection)).broken

    return office.run(walk())


def newest(person: Person) -> str:
    return str(person.rows()[-1]["text"])


def test_a_veto_is_read_back_as_what_takes_two_and_booked_only_when_agreed(
    city: Office, gu: Person, wang: Person, zhao: Person
) -> None:
    text = wang.send(NOTE)
    assert "要考核办两个人定" in text

    text = wang.press("确认")
    assert "还没有生效" in text
    assert "已请考核办 1 位同事同意" in text
    assert booked(city) == []
    assert "提请" not in newest(gu)

    assert "武进区 发生过：得分不变，等次按一票否决" in newest(zhao)
    assert "确认后马上办" in zhao.press("同意")
    assert booked(city) == []
    text = zhao.press("确认")

    assert "已同意第 1 号提请" in text
    assert booked(city) == [("veto.1", True, "booked")]
    assert grade(city) == "D"
    assert "考核办记了 武进区 的一条情况" in newest(gu)
    assert "同意了您的第 1 号提请" in newest(wang)
    assert broken(city) == ()


def test_the_words_of_the_buttons_can_be_typed(city: Office, wang: Person, zhao: Person) -> None:
    propose(wang)

    zhao.send("同意")
    zhao.send("确认")

    assert booked(city) == [("veto.1", True, "booked")]


def test_that_nothing_happened_needs_one_person_only(city: Office, wang: Person) -> None:
    wang.send("/fact 武进区 质量安全事件 没发生 依据 常政办〔2026〕7号")

    assert "记好了" in wang.press("确认")
    assert booked(city) == [("veto.1", False, "booked")]


def test_alone_the_office_is_told_to_invite_and_can_go_on_then(city: Office, wang: Person) -> None:
    text = propose(wang)
    assert "请先发 邀请" in text
    assert (states(city), booked(city)) == ([], [])

    city.person("zhao", "office")

    assert "已请考核办 1 位同事同意" in wang.press("确认")


def test_the_same_person_cannot_agree_with_a_forged_button(city: Office, wang: Person, zhao: Person) -> None:
    propose(wang)

    for version in (0, 1):
        assert "这是你自己提的" in wang.press_key(keys.pack("motion-yes", 1, version=version))
    assert "这是你自己提的" in wang.press_key(keys.pack("motion-no", 1))
    assert (states(city), booked(city)) == (["open"], [])


def test_an_agreement_pressed_again_books_nothing_more(city: Office, wang: Person, zhao: Person) -> None:
    propose(wang)
    zhao.press("同意")
    sure = zhao.key("确认")
    zhao.press_key(sure)

    assert "已经同意并办了" in zhao.press_key(sure)
    assert len(booked(city)) == 1


@pytest.mark.parametrize("role", ["leader", "provider", "expert", "liaison", "stranger"])
def test_nobody_else_sees_or_decides_a_motion(city: Office, wang: Person, zhao: Person, role: str) -> None:
    propose(wang)
    unit = "溧阳市" if role in {"liaison", "provider"} else None
    someone = Person(city, "li") if role == "stranger" else city.person("li", role, unit)

    for verb in ("motion-yes", "motion-no", "motion-drop", "motions"):
        for version in (0, 1):
            heard = someone.press_key(keys.pack(verb, *(() if verb == "motions" else (1,)), version=version))
            assert "武进区" not in heard
    assert "武进区" not in someone.send("提请")
    assert (states(city), booked(city)) == (["open"], [])


def test_who_was_removed_decides_nothing(city: Office, wang: Person, zhao: Person) -> None:
    propose(wang)
    button = zhao.key("同意")
    membership = city.run(people.memberships(city.database, "test", "zhao"))[0]
    city.run(people.remove(city.database, city.now, "cli", membership.person_id, 1))

    assert "邀请码" in zhao.press_key(button)
    assert states(city) == ["open"]


def test_a_refusal_is_told_with_its_reason_and_nothing_is_booked(city: Office, wang: Person, zhao: Person) -> None:
    propose(wang)

    zhao.press("不同意")
    assert "理由" in zhao.send("嗯")
    text = zhao.send("通报还没有正式印发")

    assert "什么都没有改" in text
    assert "通报还没有正式印发" in newest(wang)
    assert (states(city), booked(city)) == (["refused"], [])
    assert "已经定为不同意" in zhao.press_key(keys.pack("motion-yes", 1, version=1))


def test_what_was_taken_back_cannot_be_agreed_to(city: Office, wang: Person, zhao: Person) -> None:
    propose(wang)
    assert "收回了" in wang.press("收回")

    assert "已经由提的人收回" in zhao.press("同意")
    assert "只有提的人能收回" in zhao.press_key(keys.pack("motion-drop", 1))
    assert booked(city) == []


def test_nobody_agrees_for_the_own_unit(city: Office, wang: Person, zhao: Person) -> None:
    propose(wang)
    zhao.start(city.invite("liaison", "武进区"))

    assert "回避" in zhao.press_key(keys.pack("motion-yes", 1, version=1))
    assert booked(city) == []


def test_what_waits_is_listed_and_in_the_day(city: Office, wang: Person, zhao: Person) -> None:
    assert "没有等人同意的提请" in zhao.send("提请")
    propose(wang)

    assert "要两个人定的提请 1 条" in zhao.send("今天")
    assert "质量安全事件" in zhao.press("看提请")
    assert zhao.labels == ["同意", "不同意"]
    wang.send("提请")
    assert wang.labels == ["收回"]


def test_a_motion_that_no_longer_fits_is_said_and_not_marked_agreed(city: Office, wang: Person, zhao: Person) -> None:
    propose(wang)
    zhao.send(NOTE.replace("7号", "8号"))
    zhao.press("确认")
    wang.press("同意")
    wang.press("确认")  # the other one's motion is booked first
    wang.press_key(keys.pack("snapshot-final"))
    wang.press("确认")

    assert "审定冻结" in zhao.press_key(keys.pack("motion-yes", 1, version=1))
    assert states(city) == ["open", "agreed"]
    assert len(booked(city)) == 1


def test_a_veto_begun_by_its_name_is_about_clauses_that_take_two_people(
    city: Office, wang: Person, zhao: Person
) -> None:
    asked = wang.send("一票否决 武进区")

    assert "质量安全事件" in asked
    assert "创新全市推广" not in "".join([asked, *wang.labels])
    wang.press("发生过")
    assert "要考核办两个人定" in wang.send("依据 常政办〔2026〕7号")
    wang.press("确认")
    assert "武进区 发生过" in zhao.rows()[-1]["text"]
    assert booked(city) == []


def test_a_veto_by_name_alone_says_what_to_write_and_takes_the_note(city: Office, wang: Person) -> None:
    asked = wang.send("一票否决")

    assert "质量安全事件" in asked
    assert "武进区 质量安全事件 发生过 依据" in asked
    assert "要考核办两个人定" in wang.send("武进区 发生过 依据 常政办〔2026〕7号")


def test_another_clause_cannot_be_booked_as_a_veto(city: Office, wang: Person) -> None:
    wang.send("一票否决 武进区 中国质量奖 1项 依据 国质〔2026〕1号")

    assert wang.labels == ["质量安全事件", "取消"]


def test_a_veto_is_lifted_by_two_people_as_it_was_booked(city: Office, gu: Person, wang: Person, zhao: Person) -> None:
    propose(wang)
    zhao.press("同意")
    zhao.press("确认")

    zhao.press_key(keys.pack("dismiss", 1))
    assert "还没有生效" in zhao.send("复核后撤销了认定")
    assert grade(city) == "D"

    assert "第 1 号不计" in newest(wang)
    wang.press("同意")
    wang.press("确认")

    assert booked(city) == [("veto.1", True, "dismissed")]
    assert "不计了" in newest(gu)


def test_the_office_of_another_campaign_cannot_decide(city: Office, wang: Person, zhao: Person) -> None:
    from rubrics import loader
    from storage import campaigns, invitations

    propose(wang)
    units = [RosterUnit("金坛区", "区", (), (), ())]
    other = city.run(campaigns.create(city.database, city.now, "test", 2027, [loader.load(CHANGZHOU)], units))
    code = city.run(invitations.invite(city.database, city.now, "test", other, "office")).code
    foreign = Person(city, "foreign")
    foreign.start(code)

    assert "武进区" not in foreign.press_key(keys.pack("motion-yes", 1, version=1))
    assert (states(city), booked(city)) == (["open"], [])


def test_a_bonus_beyond_its_cap_says_so_before_and_after_it_is_booked(city: Office, gu: Person, wang: Person) -> None:
    asked = wang.send("记情况 武进区 中国质量奖 3项 依据 国质〔2026〕1号")

    cap = "加分合计 9 分，最多计 5 分"
    assert f"自报 0 → 5 分（+5），{cap}" in asked
    wang.press("确认")
    assert cap in gu.rows()[-1]["text"]
    again = wang.send("记情况 武进区 全国质量奖 1项 依据 国质〔2026〕2号")
    assert "得分不变，加分合计" in again


def test_a_bonus_within_its_cap_names_no_cap(city: Office, wang: Person) -> None:
    assert "最多计" not in wang.send("记情况 武进区 创新全市推广 1项 依据 常质〔2026〕1号")
