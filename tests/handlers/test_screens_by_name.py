"""What stands on a button can be typed as well, when another message stands already."""

from __future__ import annotations

from datetime import date

import pytest
from talk import Office, Person
from year_end import TOWNS, do, set_phase

from channels import keys
from storage import phases, result_steps


@pytest.fixture
def wang(office: Office) -> Person:
    return office.person("wang", "office", None)


@pytest.fixture
def answered(office: Office, chen: Person) -> Office:
    chen.press_key(keys.pack("ask", 1, TOWNS.id, "1.1"))
    chen.send("有")
    return office


def test_the_office_types_what_separates_the_scores_of_a_unit(answered: Office, wang: Person) -> None:
    assert "自报与已核差 2 分" in wang.send("差在哪 孟河镇")
    assert "没有看懂" not in wang.send("历次得分 孟河")
    assert "看哪个单位的差在哪" in wang.send("差在哪")
    assert "自报与已核差 2 分" in wang.press("孟河镇")


def test_a_liaison_types_it_for_the_own_unit_alone(answered: Office, chen: Person) -> None:
    for words in ("差在哪", "差在哪 孟河镇"):
        chen.send("帮助")
        assert "孟河镇 · " in chen.send(words)
    assert chen.send("历次得分").startswith("孟河镇 历次得分")
    assert "西夏墅镇 · " not in chen.send("差在哪 西夏墅镇")


def test_beneath_a_units_card_it_is_that_units_button(answered: Office, wang: Person) -> None:
    wang.send("单位 孟河镇")

    assert "自报与已核差 2 分" in wang.send("差在哪")


def test_readings_losses_and_visiting_groups_are_typed(office: Office, wang: Person) -> None:
    assert wang.send("读法") == wang.press_key(keys.pack("readings"))
    assert wang.send("丢分最多") == wang.press_key(keys.pack("lost"))
    assert wang.send("核查组") == wang.send("考核组")
    assert wang.send("向社会公布") == wang.send("结果运用")


def test_somebody_is_removed_by_name(office: Office, chen: Person, wang: Person) -> None:
    assert "孟河镇" in wang.send("移出 孟河镇")
    wang.press(wang.labels[0])
    wang.press("确认")

    assert "孟河镇" not in chen.send("清单")


def test_a_talk_is_put_on_the_checklist_and_a_second_look_with_days_is_the_phase(office: Office, wang: Person) -> None:
    assert "约谈 孟河镇 3月20日" in wang.send("约谈")
    assert "约谈（孟河镇）" in wang.send("约谈 孟河镇 2027年3月20日")
    wang.send("回头看 西夏墅镇 2027年4月1日")
    found = do(office, result_steps.of_campaign_in, 1)
    assert [(one.name, one.unit, one.due_on) for one in found] == [
        ("约谈", "孟河镇", date(2027, 3, 20)),
        ("回头看", "西夏墅镇", date(2027, 4, 1)),
    ]

    set_phase(office, "通报", date(2027, 1, 20), date(2027, 1, 20))
    wang.send("回头看 2027-04-01 2027-04-10")
    assert do(office, phases.of_campaign_in, 1)[-1] == phases.Phase("回头看", date(2027, 4, 1), date(2027, 4, 10))
    assert len(do(office, result_steps.of_campaign_in, 1)) == 2


def test_others_add_nothing_to_the_checklist(office: Office, chen: Person) -> None:
    for person in (chen, office.person("zhou", "leader")):
        person.send("约谈 孟河镇 2027年3月20日")

    assert do(office, result_steps.of_campaign_in, 1) == []
