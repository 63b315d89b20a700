"""One clause of all units on one screen; 其余全部通过 for what was shown and has not changed; 抽查."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from talk import Office, Person
from year_end import lock

from channels import keys
from rubrics import loader
from storage import answers, evidence, proof_notes, samples, verdicts
from storage.editions import in_force

TOWNS = "xinbei-2011-towns"
RUBRIC = in_force(TOWNS, {})
ACROSS = keys.pack("rv-row", TOWNS, "1.1", 0)


@pytest.fixture
def wang(office: Office, chen: Person) -> Person:
    """Somebody of the office; both towns claim 1.1, 西夏墅镇 without proof."""
    wang = office.person("wang", "office")
    answer(office, "1.1", True)
    answer(office, "1.1", True, unit_id=2)
    prove(office, "1.1")
    return wang


def answer(office: Office, ident: str, fact: object, unit_id: int = 1) -> None:
    office.run(answers.record(office.database, office.now, 1, unit_id, RUBRIC, ident, fact, said=str(fact)))


def prove(office: Office, ident: str, unit_id: int = 1) -> None:
    async def note() -> None:
        async with office.database.write() as connection:
            about = (connection, office.now, 1, unit_id, RUBRIC, ident)
            await proof_notes.add_in(*about, kind="offline", title="原件", place="档案室")

    office.run(note())


def given(office: Office) -> list[tuple[int, str, str, str]]:
    async def read() -> Any:
        async with office.database.read() as connection:
            return await verdicts.of_campaign_in(connection, 1)

    return [(one.unit_id, one.criterion_id, one.kind, one.how) for one in office.run(read())]


def test_all_units_stand_on_one_screen(office: Office, wang: Person) -> None:
    wang.send("核查")
    wang.press("一条看全部单位")
    wang.press("组织领导")

    text = wang.press("专人负责")

    assert "1. 孟河镇：有，材料齐 · 待核" in text
    assert "2. 西夏墅镇：有，还差 专人和部门分工文件 · 待核" in text
    assert wang.labels == ["孟河镇", "西夏墅镇", "其余全部通过", "返回"]
    assert "孟河镇【专人负责】" in wang.press("孟河镇")


def test_the_rest_is_read_back_and_then_passed(office: Office, wang: Person) -> None:
    prove(office, "1.1", unit_id=2)
    wang.press_key(ACROSS)

    back = wang.press("其余全部通过")
    before = given(office)
    text = wang.press("确认")

    assert "把这 2 个单位全部通过：孟河镇、西夏墅镇" in back
    assert before == []
    assert "通过 2 个单位" in text
    assert given(office) == [(1, "1.1", "pass", "rest"), (2, "1.1", "pass", "rest")]


def test_what_lacks_proof_is_named_and_left(office: Office, wang: Person) -> None:
    wang.press_key(ACROSS)

    back = wang.press("其余全部通过")
    wang.press("确认")

    assert "把这 1 个单位全部通过：孟河镇" in back
    assert "西夏墅镇（材料不全）" in back
    assert given(office) == [(1, "1.1", "pass", "rest")]


def test_what_changes_before_confirmation_is_named_and_left(office: Office, wang: Person) -> None:
    prove(office, "1.1", unit_id=2)
    wang.press_key(ACROSS)
    wang.press("其余全部通过")
    answer(office, "1.1", False)

    text = wang.press("确认")

    assert "孟河镇（刚改过）" in text
    assert given(office) == [(2, "1.1", "pass", "rest")]


def test_what_a_colleague_looks_at_or_has_decided_is_left(office: Office, wang: Person) -> None:
    prove(office, "1.1", unit_id=2)
    li = office.person("li", "office")
    wang.press_key(ACROSS)
    li.press_key(keys.pack("rv-see", 2, TOWNS, "1.1"))
    held = wang.press("其余全部通过")
    li.press("退回")
    li.press("与所报不符")
    li.send("核查 结束")

    wang.press("确认")

    assert "西夏墅镇（同事在看）" in held
    assert sorted(given(office)) == [(1, "1.1", "pass", "rest"), (2, "1.1", "return", "seen")]


def test_what_raises_a_question_is_left_and_shown_with_it(office: Office, chen: Person, wang: Person) -> None:
    zhao = office.person("zhao", "liaison", "西夏墅镇")
    for person, unit_id in ((chen, 1), (zhao, 2)):
        person.press_key(keys.pack("proof", unit_id, TOWNS, "1.1"))
        person.send_file("分工文件.pdf")
    wang.press_key(ACROSS)

    rest = wang.press("其余全部通过")
    text = wang.press_key(keys.pack("rv-see", 1, TOWNS, "1.1"))

    assert "孟河镇（有疑问）" in rest
    assert "西夏墅镇（有疑问）" in rest
    assert "想问一句：" in text


def test_the_own_unit_is_never_among_the_rest(office: Office, wang: Person) -> None:
    both = office.person("both", "office")
    both.start(office.invite("liaison", "孟河镇"))

    text = both.press_key(ACROSS)

    assert "孟河镇" not in text
    assert "西夏墅镇" in text


@pytest.fixture
def silent(office: Office, wang: Person) -> Person:
    """After the lock 西夏墅镇 has not answered 1.3, which 孟河镇 claims with proof."""
    answer(office, "1.3", True)
    prove(office, "1.3")
    lock(office)
    wang.press_key(keys.pack("rv-row", TOWNS, "1.3", 0))
    return wang


def test_who_has_not_answered_is_not_passed_with_the_rest(office: Office, silent: Person) -> None:
    back = silent.press("其余全部通过")
    text = silent.press("确认")

    assert "把这 1 个单位全部通过：孟河镇。" in back
    assert "没填的 1 个单位不算在内：西夏墅镇。" in back
    assert "没填的没有动：西夏墅镇。" in text
    assert given(office) == [(1, "1.3", "pass", "rest")]


def test_who_has_not_answered_is_settled_where_it_is_said_and_what_that_means_is_read_back(
    office: Office, silent: Person
) -> None:
    silent.press("其余全部通过")
    back = silent.press("没填的也核定")
    before = given(office)
    text = silent.press("确认")

    assert "没填的 1 个单位按没填核定，不得分：西夏墅镇。" in back
    assert "没填的也核定" not in silent.labels
    assert before == []
    assert "按没填核定 1 个单位：西夏墅镇。" in text
    assert given(office) == [(1, "1.3", "pass", "rest"), (2, "1.3", "pass", "rest")]


def test_where_nobody_has_answered_only_settling_that_is_offered(office: Office, wang: Person) -> None:
    lock(office)
    wang.press_key(keys.pack("rv-row", TOWNS, "2.1", 0))

    back = wang.press("其余全部通过")

    assert "没有填了可以一起通过的" in back
    assert "没填的 2 个单位不算在内：孟河镇、西夏墅镇" in back
    assert wang.labels == ["没填的也核定", "返回"]


@pytest.mark.parametrize(
    ("rubric", "ident", "means"),
    [
        (TOWNS, "10.2", "不得分"),
        (TOWNS, "2.5a", "不加分"),
        (TOWNS, "6.5", "不算有问题，也不算没有问题"),
        ("xinbei-2011-departments", "1.2", "不扣分，查实要扣的请逐条改分"),
        ("xinbei-2011-tasks", "1.1", "算没完成"),
    ],
)
def test_what_settling_without_an_answer_means_is_said_for_each_kind_of_clause(
    office: Office, wang: Person, rubric: str, ident: str, means: str
) -> None:
    lock(office)
    wang.press_key(keys.pack("rv-row", rubric, ident, 0))
    wang.press("其余全部通过")

    assert f"按没填核定，{means}" in wang.press("没填的也核定")


def test_a_withdrawn_answer_is_no_answer_to_pass(office: Office, silent: Person) -> None:
    silent.press("其余全部通过")
    silent.press("确认")
    office.run(answers.record(office.database, office.now, 1, 1, RUBRIC, "1.3", state="withdrawn"))
    silent.press_key(keys.pack("rv-row", TOWNS, "1.3", 0))

    assert "没填的 2 个单位不算在内：孟河镇、西夏墅镇" in silent.press("其余全部通过")


def test_who_has_applied_for_not_here_waits_for_that_decision(office: Office, wang: Person) -> None:
    words: dict[str, Any] = {"state": "not_here", "note": "没有规模企业"}
    office.run(answers.record(office.database, office.now, 1, 1, RUBRIC, "3.1", **words))
    lock(office)
    wang.press_key(keys.pack("rv-row", TOWNS, "3.1", 0))

    text = wang.press("其余全部通过")

    assert "没填的 1 个单位不算在内：西夏墅镇。" in text
    assert "孟河镇（申请本地没有，先定申请）" in text


def test_an_older_screen_confirms_nothing(office: Office, wang: Person) -> None:
    wang.press_key(ACROSS)
    old = wang.key("其余全部通过")
    wang.press_key(ACROSS)

    assert "没有改动任何东西" in wang.press_key(old)
    assert "没有改动任何东西" in wang.press_key(old.replace("rv-rest", "rv-rest-go"))
    assert given(office) == []


@pytest.mark.parametrize(
    "verb", ["rv-row", "rv-rest", "rv-rest-go", "rv-sample", "rv-draw", "rv-sampled", "rv-sample-go"]
)
def test_only_the_office_may(office: Office, chen: Person, wang: Person, verb: str) -> None:
    leader = office.person("lead", "leader")

    assert "只有考核办" in chen.press_key(f"{verb}::0")
    assert "只能看" in leader.press_key(f"{verb}::0")


# --- 抽查 ---------------------------------------------------------------------------------------------------


def drawn(office: Office) -> samples.Sample:
    async def read() -> Any:
        async with office.database.read() as connection:
            return await samples.newest_in(connection, 1)

    return office.run(read())  # type: ignore[no-any-return]


@pytest.fixture
def five(office: Office, wang: Person) -> Person:
    """孟河镇 claims five clauses with their proof; 西夏墅镇's claim without proof is never drawn."""
    for ident in ("1.3", "1.4", "2.1", "2.2"):
        answer(office, ident, True)
        prove(office, ident)
    return wang


def look_at_drawn(office: Office, reviewer: Person, *presses: str) -> None:
    for one in drawn(office).chosen:
        reviewer.press_key(keys.pack("rv-see", *one.clause))
        for label in presses:
            reviewer.press(label)


def test_a_share_is_drawn_recorded_and_looked_at_first(office: Office, five: Person) -> None:
    five.send("核查")
    how = five.press("抽查")

    text = five.press("抽 20%")
    first = five.press("下一条")

    sample = drawn(office)
    assert "有 5 条" in how
    assert f"5 条里抽出 1 条（随机种子 {sample.seed}" in text
    assert samples.draw(sample.seed, sample.population, 1) == sample.chosen
    assert RUBRIC.criteria[sample.chosen[0].clause[2]].ask in first
    assert {one.clause[0] for one in sample.population} == {1}


@pytest.mark.parametrize(("words", "number"), [("40%", 2), ("3条", 3), ("3", 3), ("100%", 5), ("15 条", 5)])
def test_how_much_is_drawn_can_be_typed(office: Office, five: Person, words: str, number: int) -> None:
    five.press_key("rv-sample::0")
    five.send(words)

    assert len(drawn(office).chosen) == number


def test_what_is_no_number_is_asked_again(office: Office, five: Person) -> None:
    five.press_key("rv-sample::0")

    assert "没有看懂" in five.send("一些")
    five.send("2条")

    assert len(drawn(office).chosen) == 2


def test_the_others_pass_only_after_those_drawn(office: Office, five: Person) -> None:
    five.press_key("rv-sample::0")
    five.send("2条")

    early = five.press_key("rv-sample-go:1:0")
    look_at_drawn(office, five, "通过")
    five.press_key("rv-sampled:1:0")
    text = five.press("其余全部通过")

    assert "还有 2 条没有结论" in early
    assert "其余通过 3 条" in text
    assert sorted(how for *_, how in given(office)) == ["sample", "sample", "sample", "seen", "seen"]


def test_where_one_was_not_as_claimed_the_office_decides(office: Office, five: Person) -> None:
    five.press_key("rv-sample::0")
    five.send("1条")
    look_at_drawn(office, five, "退回", "与所报不符")

    refused = five.press_key("rv-sample-go:1:0")
    passed = len(given(office))
    text = five.press("其余照样通过")

    assert "退回或改过 1 条" in refused
    assert passed == 1
    assert "其余通过 4 条" in text


def test_what_changed_after_the_draw_is_left_to_be_looked_at(office: Office, five: Person) -> None:
    five.press_key("rv-sample::0")
    five.send("1条")
    look_at_drawn(office, five, "通过")
    changed = drawn(office).others[0].clause[2]
    answer(office, changed, False)

    text = five.press_key("rv-sample-go:1:0")

    assert "其余通过 3 条；留下 1 条逐条看" in text
    assert changed not in {ident for _, ident, *_ in given(office)}


def prove_by_file(office: Office, ident: str, unit_id: int = 1) -> None:
    """A file of the same content for the same clause, whoever sends it."""

    async def send() -> None:
        async with office.database.write() as connection:
            by = (connection, office.now, 1, unit_id)
            file = await evidence.receive_in(*by, ident.ljust(64, "0"), f"{ident}.pdf", 9, "pdf")
            await evidence.attach_in(*by, file.id, RUBRIC, ident)

    office.run(send())


def test_what_a_question_came_up_about_after_the_draw_is_left_to_be_looked_at(office: Office, five: Person) -> None:
    for ident in ("1.1", "1.3", "1.4", "2.1", "2.2"):
        prove_by_file(office, ident)
    five.press_key("rv-sample::0")
    five.send("1条")
    look_at_drawn(office, five, "通过")
    odd = drawn(office).others[0].clause[2]
    prove_by_file(office, odd, unit_id=2)

    state = five.press_key("rv-sampled:1:0")
    text = five.press("其余全部通过")

    assert "其余 3 条可以一起通过。\n另有 1 条抽样以后有了疑问，要逐条看。" in state
    assert f"其余通过 3 条；留下 1 条逐条看：孟河镇 {RUBRIC.criteria[odd].label}（有疑问）" in text
    assert odd not in {ident for _, ident, *_ in given(office)}
    assert "另有 1 条抽样以后有了疑问" in five.press_key("rv-sampled:1:0")
    assert "其余全部通过" not in five.labels


def test_without_anything_to_draw_from_it_is_said(office: Office, chen: Person) -> None:
    wang = office.person("wang", "office")

    assert "没有可以抽查的" in wang.press_key("rv-draw:20:0")
    assert "没有找到这次抽查" in wang.press_key("rv-sampled:7:0")


def test_a_share_is_rounded_up() -> None:
    assert samples.size_of(11, Decimal("0.2")) == 3


def test_items_of_one_name_say_whose_they_are(office: Office, wang: Person) -> None:
    departments = loader.load("xinbei-2011-departments")
    office.run(answers.record(office.database, office.now, 1, 3, departments, "1.1", True))

    wang.send("一条看全部单位")

    assert [label for label in wang.labels if "组织领导" in label] == ["组织领导（镇）", "组织领导（部门）"]
