"""Once the scores are approved nothing is taken, whatever day 自评 ends, and each card shows what was approved."""

from __future__ import annotations

from typing import Any

import pytest
from talk import Office, Person
from year_end import TOWNS, do, lock, person_id

from channels import keys
from storage import answers, phases
from storage.freezing import FrozenError


@pytest.fixture
def wang(office: Office) -> Person:
    return office.person("wang", "office")


def say(person: Person, criterion: str, words: str) -> str:
    person.press_key(keys.pack("ask", 1, TOWNS.id, criterion))
    return person.send(words)


def freeze(wang: Person) -> None:
    wang.send("审定")
    wang.press("审定")
    wang.press(next(label for label in wang.labels if label in {"确认", "仍要审定"}))


def own(office: Office) -> dict[str, Any]:
    return do(office, answers.current_in, 1, TOWNS.id)


def test_self_assessment_is_not_opened_by_another_date(office: Office, chen: Person, wang: Person) -> None:
    lock(office)
    freeze(wang)

    assert "第 1 号快照审定冻结" in wang.send("自评 11-01 12-20")
    assert "审定" in say(chen, "2.2", "有")
    assert own(office) == {}


def test_the_words_after_a_refused_date_are_no_answer_to_it(office: Office, wang: Person) -> None:
    lock(office)
    freeze(wang)
    wang.send("自评 11-01 12-20")

    assert "孟河镇" in wang.send("单位 孟河镇")
    assert "阶段" not in wang.send("你好")


def test_no_other_way_moves_the_lock_either(office: Office, wang: Person) -> None:
    lock(office)
    freeze(wang)
    days = (phases.SELF_ASSESSMENT, office.now.date(), office.now.date())

    with pytest.raises(FrozenError):
        do(office, phases.set_in, office.now, "cli", 1, *days)


@pytest.mark.parametrize("words", ["有", "提交自评", "下一项"])
def test_where_no_lock_was_ever_set_nothing_is_taken_either(
    office: Office, chen: Person, wang: Person, words: str
) -> None:
    freeze(wang)

    assert "审定" in (say(chen, "2.2", words) if words == "有" else chen.send(words))
    assert own(office) == {}


def test_the_units_card_is_of_the_snapshot_and_names_it(office: Office, chen: Person, wang: Person) -> None:
    say(chen, "1.1", "有")
    say(chen, "10.2", "4条")
    wang.press_key(keys.pack("rv-see", 1, TOWNS.id, "10.2"))
    wang.press("通过")
    freeze(wang)
    answered_all_the_same(office)

    card = chen.send("我的得分")

    assert "审定得分 3 / 100 分，以第 1 号快照（审定）为准（自报 5，有材料 0）" in card
    assert "10. 宣传信息  3/5 分" in card
    assert "最能加分" not in card
    assert "需补充" not in card
    assert chen.labels == ["差在哪", "历次得分"]


def test_the_offices_card_is_of_the_snapshot_and_names_it(office: Office, chen: Person, wang: Person) -> None:
    say(chen, "1.1", "有")
    freeze(wang)
    answered_all_the_same(office)

    card = wang.send("单位 孟河镇")

    assert "以第 1 号快照（审定）为准：自报 2 / 100 分，有材料 0，已核 0" in card
    assert "需补充" not in card
    assert "还能补" not in card


def answered_all_the_same(office: Office) -> None:
    """An answer kept after the scores were frozen, as one could be before."""
    do(office, answers.record_in, office.now, person_id(office, "chen"), 1, TOWNS, "2.2", True, said="有")
