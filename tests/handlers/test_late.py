"""补报: what comes after the lock is kept with a reason, decided by the office, told to the unit."""

from __future__ import annotations

from typing import Any

import pytest
from talk import Office, Person
from year_end import TOWNS, do, lock

from channels import keys
from storage import entries, evidence, late_answers, proof_notes, snapshots, unit_facts

BY_NUMBER = next(
    c.id
    for c in TOWNS.criteria.values()
    if c.by != "office" and c.proof != "none" and c.proof.by_number and not c.entries and len(c.proof.parts) == 1
)
A_KEY = keys.pack("late-yes", 1)


@pytest.fixture
def wang(office: Office) -> Person:
    return office.person("wang", "office")


@pytest.fixture
def locked(office: Office, chen: Person, wang: Person) -> Office:
    lock(office)
    return office


def ask(person: Person, criterion: str) -> str:
    return person.press_key(keys.pack("ask", 1, TOWNS.id, criterion))


def own(office: Office) -> dict[str, Any]:
    return office.run(unit_facts.read(office.database, 1, TOWNS)).own


def late(person: Person, said: str = "4条", why: str = "汇总晚了") -> str:
    ask(person, "10.2")
    person.send(said)
    return person.send(why)


def test_a_late_answer_waits_for_its_reason_and_then_for_the_office(locked: Office, chen: Person, wang: Person) -> None:
    ask(chen, "10.2")
    assert "请写一句原因" in chen.send("4条")

    assert "已请考核办看补报" in chen.send("汇总晚了")

    assert own(locked) == {}
    told = wang.rows()[-1]["text"]
    assert "孟河镇 补报第 1 号：10.2" in told
    assert "原因：汇总晚了" in told
    assert wang.labels == ["同意", "不同意"]


def test_granted_it_counts_and_the_unit_is_told(locked: Office, chen: Person, wang: Person) -> None:
    late(chen)

    assert "已同意" in wang.press("同意")

    assert own(locked) == {"10.2": 4}
    assert "考核办同意了补报第 1 号" in chen.rows()[-1]["text"]
    assert "没有等着答复的补报" in wang.send("补报")


def test_refused_the_unit_reads_why_and_nothing_counts(locked: Office, chen: Person, wang: Person) -> None:
    late(chen)
    wang.press("不同意")
    assert "不同意要写一句理由" in wang.send("1")

    wang.send("时间太晚")

    assert own(locked) == {}
    assert "时间太晚" in chen.rows()[-1]["text"]


def test_files_sent_under_a_question_are_kept_and_attached_once_granted(
    locked: Office, chen: Person, wang: Person
) -> None:
    ask(chen, "1.1")
    chen.send("有")
    assert "材料 2 份" in chen.send_file("纪要.pdf", "照片.pdf")
    chen.send("原件刚找到")
    assert wang.labels == ["同意", "不同意", "看材料"]
    wang.press("看材料")
    wang.press("同意")

    used = do(locked, evidence.of_clause_in, 1, TOWNS.id, "1.1")
    assert sorted(use.evidence.name for use in used) == ["照片.pdf", "纪要.pdf"]
    assert own(locked) == {"1.1": True}


def test_proof_by_its_number_is_kept_and_added_once_granted(locked: Office, chen: Person, wang: Person) -> None:
    ask(chen, BY_NUMBER)
    kept = chen.send("质量工作意见 常政发〔2026〕12号")
    asked = chen.send("文件才印发")
    told = wang.rows()[-1]["text"]
    before = do(locked, proof_notes.of_clause_in, 1, TOWNS.id, BY_NUMBER)
    wang.press("同意")

    assert "质量工作意见 常政发〔2026〕12号" in kept
    assert "请写一句原因" in kept
    assert "常政发〔2026〕12号" in asked
    assert "凭证 质量工作意见 常政发〔2026〕12号" in told
    assert before == []
    (note,) = do(locked, proof_notes.of_clause_in, 1, TOWNS.id, BY_NUMBER)
    assert (note.title, note.number, note.person_id) == ("质量工作意见", "常政发〔2026〕12号", 1)


def test_an_entry_is_kept_and_added_once_granted(locked: Office, chen: Person, wang: Person) -> None:
    ask(chen, "1.2")
    kept = chen.send("2026年3月14日 质量工作推进会")
    ask(chen, "1.2")
    chen.send("2026年6月2日 质量例会")
    chen.send("台账才补上")
    told = wang.rows()[-1]["text"]
    before = own(locked)
    wang.press("同意")

    assert "2026-03-14 质量工作推进会" in kept
    assert "台账 2026-03-14 质量工作推进会；台账 2026-06-02 质量例会" in told
    assert before == {}
    assert [one.name for one in do(locked, entries.of_clause_in, 1, TOWNS.id, "1.2")] == ["质量工作推进会", "质量例会"]


def test_what_one_number_names_twice_is_added_as_it_was_granted(locked: Office, wang: Person) -> None:
    zhou = locked.person("zhou", "liaison", "环保局")
    villages = "xinbei-2011-tasks", "4.6"
    for name in ("小河村", "银河村"):
        zhou.press_key(keys.pack("ask", 3, *villages))
        zhou.send(f"{name} 2026年6月2日 常环〔2026〕5号")
    zhou.send("台账才补上")
    wang.press("同意")

    assert [one.name for one in do(locked, entries.of_clause_in, 3, *villages)] == ["小河村", "银河村"]


def test_what_was_named_late_survives_a_restart_and_counts_nowhere_when_refused(
    locked: Office, chen: Person, wang: Person
) -> None:
    ask(chen, "1.2")
    chen.send("2026年3月14日 质量工作推进会")
    locked.restart()
    chen.send("台账才补上")
    wang.press("不同意")
    wang.send("时间太晚")

    assert do(locked, entries.of_clause_in, 1, TOWNS.id, "1.2") == []
    (one,) = do(locked, late_answers.of_unit_in, 1)
    assert [named.called for named in one.named] == ["2026-03-14 质量工作推进会"]


def test_proof_named_twice_is_asked_for_once(locked: Office, chen: Person, wang: Person) -> None:
    for _ in range(2):
        ask(chen, "1.2")
        chen.send("2026年3月14日 质量工作推进会")
    chen.send("台账才补上")

    (one,) = do(locked, late_answers.open_in, 1)
    assert len(one.named) == 1


def test_once_the_scores_are_frozen_nothing_named_is_taken(locked: Office, chen: Person, wang: Person) -> None:
    ask(chen, "1.2")
    do(locked, snapshots.take_in, locked.now, "cli", 1, "2026", final=True)

    assert "已经审定" in chen.send("2026年3月14日 质量工作推进会")
    assert do(locked, late_answers.open_in, 1) == []


def test_one_reason_is_asked_for_all_that_came_meanwhile(locked: Office, chen: Person, wang: Person) -> None:
    ask(chen, "10.2")
    chen.send("4条")
    ask(chen, "1.1")
    chen.send("有")

    chen.send("换了联络员")

    found = do(locked, late_answers.open_in, 1)
    assert [(one.criterion_id, one.why) for one in found] == [("10.2", "换了联络员"), ("1.1", "换了联络员")]


def test_a_file_that_came_without_a_word_is_kept_and_asked_about(locked: Office, chen: Person, wang: Person) -> None:
    assert "是哪一条" in chen.send_file("纪要.pdf")
    assert "没有找到" in chen.send("不知道呀")
    assert "请写一句原因" in chen.send("1.1")

    chen.send("原件刚找到")

    (one,) = do(locked, late_answers.open_in, 1)
    assert (one.criterion_id, one.fact, len(one.files)) == ("1.1", None, 1)


def test_a_file_that_nobody_asked_for_is_proposed_by_its_name(locked: Office, chen: Person, wang: Person) -> None:
    ask(chen, "1.1")
    chen.send("有")
    chen.send("汇总晚了")

    assert "看名字可能是" in chen.send_file("特设台账6月.xlsx")
    assert chen.labels == [TOWNS.criteria["9.2"].label, TOWNS.criteria["1.1"].label]
    assert TOWNS.criteria["9.2"].label in chen.press(TOWNS.criteria["9.2"].label)
    chen.send("台账才整理好")

    assert [one.criterion_id for one in do(locked, late_answers.open_in, 1)] == ["1.1", "9.2"]


def test_it_survives_a_restart_before_the_reason_is_written(locked: Office, chen: Person, wang: Person) -> None:
    ask(chen, "10.2")
    chen.send("4条")
    locked.restart()

    assert "已请考核办看补报" in chen.send("汇总晚了")


def test_an_honest_state_is_not_taken_after_the_lock(locked: Office, chen: Person, wang: Person) -> None:
    ask(chen, "10.2")

    assert "自评已经在 11月15日 截止" in chen.send("不清楚")
    assert do(locked, late_answers.open_in, 1) == []


@pytest.mark.parametrize("verb", ["late-yes", "late-no", "late-files", "late"])
def test_only_the_office_decides_and_nobody_for_the_own_unit(
    locked: Office, chen: Person, wang: Person, verb: str
) -> None:
    late(chen)
    others = [
        locked.person("zhou", "leader"),
        locked.person("li", "liaison", "西夏墅镇"),
        locked.person("expert", "expert"),
        Person(locked, "stranger"),
    ]
    both = locked.person("both", "office")
    both.start(locked.invite("liaison", "孟河镇"))

    for person in (chen, *others):
        person.press_key(keys.pack(verb, 1))
        assert "同意了" not in person.rows()[-1]["text"]
    if verb != "late":
        assert "孟河镇" in both.press_key(keys.pack(verb, 1))
        assert own(locked) == {}
    assert [one.state for one in do(locked, late_answers.of_unit_in, 1)] == ["open"]


def test_forged_and_replayed_buttons_say_so(locked: Office, chen: Person, wang: Person) -> None:
    late(chen)
    key = wang.key("同意")
    wang.press_key(key)

    for forged in (key, keys.pack("late-yes", 99), keys.pack("late-yes"), keys.pack("late-of", 2, TOWNS.id, "1.1")):
        assert "没有改动任何东西" in wang.press_key(forged)
    assert own(locked) == {"10.2": 4}


def test_once_the_scores_are_frozen_nothing_is_taken(locked: Office, chen: Person, wang: Person) -> None:
    do(locked, snapshots.take_in, locked.now, "cli", 1, "2026", final=True)

    ask(chen, "10.2")
    assert "已经审定" in chen.send("4条")
    assert do(locked, late_answers.open_in, 1) == []


def test_what_waits_stands_in_the_office_s_day(locked: Office, chen: Person, wang: Person) -> None:
    late(chen)

    assert "补报 1 条" in wang.send("今天")
    assert "补报第 1 号" in wang.press("看补报")
