"""核查: clause by clause with the proof itself; 通过, 退回, 改分, 撤销; two reviewers at once; what changes meanwhile."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from talk import Office, Person

from channels import keys
from storage import answers, campaigns, invitations, office_facts, people, phases, unit_facts, verdicts
from storage.editions import in_force
from storage.roster import RosterUnit

TOWNS = "xinbei-2011-towns"
RUBRIC = in_force(TOWNS, {})


@pytest.fixture
def wang(office: Office, chen: Person) -> Person:
    """Somebody of the office; chen is 孟河镇's liaison."""
    return office.person("wang", "office")


def answer(office: Office, ident: str, fact: object, unit_id: int = 1, person_id: int = 1) -> None:
    office.run(answers.record(office.database, office.now, person_id, unit_id, RUBRIC, ident, fact, said=str(fact)))


def known(office: Office, unit_id: int = 1) -> unit_facts.UnitFacts:
    return office.run(unit_facts.read(office.database, unit_id, RUBRIC))  # type: ignore[no-any-return]


def given(office: Office, ident: str, unit_id: int = 1) -> list[tuple[str, str, str]]:
    async def read() -> Any:
        async with office.database.read() as connection:
            found = await verdicts.history_in(connection, unit_id, TOWNS, ident)
        return [(one.kind, one.how, one.reason) for one in found]

    return office.run(read())  # type: ignore[no-any-return]


def lock(office: Office) -> None:
    """自评 is over since 11-01."""

    async def close() -> None:
        async with office.database.write() as connection:
            await phases.set_in(connection, office.now, "test", 1, "自评", date(2026, 10, 1), date(2026, 11, 1))

    office.run(close())


def see(reviewer: Person, ident: str, unit_id: int = 1) -> str:
    return reviewer.press_key(keys.pack("rv-see", unit_id, TOWNS, ident))


def test_how_much_waits_is_said_by_unit(office: Office, wang: Person) -> None:
    answer(office, "1.1", True)
    answer(office, "10.2", 4)
    answer(office, "1.1", True, unit_id=2)

    text = wang.send("核查")

    assert "待核 3 条" in text
    assert "孟河镇  2 条" in text
    assert wang.labels == ["下一条", "按单位", "按条目", "一条看全部单位", "抽查", "先到这里"]


def test_a_clause_shows_question_answer_receipt_and_the_files_themselves(
    office: Office, chen: Person, wang: Person
) -> None:
    chen.press_key(keys.pack("ask", 1, TOWNS, "1.1"))
    chen.send("有")
    chen.send_file("分工文件.pdf")

    text = wang.send("核查 孟河镇")

    assert "孟河镇【" in text
    assert RUBRIC.criteria["1.1"].ask in text
    assert "填报：有" in text
    assert "回执 2026-000001" in text
    files = [row["file"]["name"] for row in wang.rows() if row["file"]]
    assert files == ["分工文件.pdf"]
    assert wang.labels == ["通过", "退回", "改分", "跳过", "看全部单位", "返回"]


def test_more_than_six_files_come_behind_more(office: Office, chen: Person, wang: Person) -> None:
    chen.press_key(keys.pack("ask", 1, TOWNS, "1.1"))
    chen.send("有")
    chen.send_file(*(f"{n}.pdf" for n in range(8)))

    wang.send("核查 孟河镇")
    first = [row["file"]["name"] for row in wang.rows() if row["file"]]
    text = wang.press("更多材料 2")

    assert len(first) == 6
    assert "材料第 7 到 8 份，共 8 份" in text
    assert len([row for row in wang.rows() if row["file"]]) == 8
    assert wang.labels[0] == "通过"


def test_passing_counts_what_is_claimed_and_the_next_one_comes(office: Office, wang: Person) -> None:
    answer(office, "1.1", True)
    answer(office, "10.2", 4)
    wang.send("核查 孟河镇")
    first = "1.1" if RUBRIC.criteria["1.1"].label in wang.rows()[-1]["text"] else "10.2"

    text = wang.press("通过")

    assert "通过：孟河镇" in text
    assert "已核 0 →" in text
    assert given(office, first) == [("pass", "seen", "")]
    other = {"1.1", "10.2"} - {first}
    assert RUBRIC.criteria[other.pop()].ask in text
    assert "没有等着核查的" in wang.press("通过")


def test_a_file_can_be_sent_back_as_unreadable(office: Office, chen: Person, wang: Person) -> None:
    chen.press_key(keys.pack("ask", 1, TOWNS, "1.1"))
    chen.send("有")
    chen.send_file("分工文件.pdf")
    wang.send("核查 孟河镇")
    wang.press("退回")

    wang.press("看不清")

    assert given(office, "1.1") == [("return", "seen", "看不清")]


def test_an_answer_is_sent_back_with_a_canned_reason_or_words(office: Office, wang: Person) -> None:
    answer(office, "1.1", True)
    answer(office, "10.2", 4)

    see(wang, "1.1")
    assert "为什么" in wang.press("退回")
    assert "与所报不符" in wang.labels
    assert "看不清" not in wang.labels  # there is no file to look at
    assert "退回：孟河镇" in wang.press("与所报不符")
    see(wang, "10.2")
    wang.press("退回")
    wang.send("第三条是转发的，请换一条")

    assert given(office, "1.1") == [("return", "seen", "与所报不符")]
    assert given(office, "10.2") == [("return", "seen", "第三条是转发的，请换一条")]


def test_a_reason_too_short_is_asked_again(office: Office, wang: Person) -> None:
    answer(office, "1.1", True)
    see(wang, "1.1")
    wang.press("退回")

    assert "理由" in wang.send("缺")
    wang.send("缺会议签到表")

    assert given(office, "1.1") == [("return", "seen", "缺会议签到表")]


def test_a_figure_is_changed_with_a_reason_after_it_was_read_back(office: Office, wang: Person) -> None:
    answer(office, "10.2", 4)
    see(wang, "10.2")
    wang.press("改分")
    assert wang.labels[:2] == ["3 条", "2 条"]

    back = wang.press("3 条")
    before = given(office, "10.2")
    text = wang.press("重复计数")

    assert "自报 4 条 → 核定 3 条" in back
    assert before == []
    assert "改分：孟河镇" in text
    assert known(office).verified == {"10.2": 3}
    assert given(office, "10.2") == [("change", "seen", "重复计数")]


def test_another_value_can_be_typed_and_a_wrong_one_is_asked_again(office: Office, wang: Person) -> None:
    answer(office, "10.2", 40)
    see(wang, "10.2")
    wang.press("改分")

    assert "核定成多少" in wang.send("很多")
    wang.send("二十条")
    wang.send("其余是转发的")

    assert known(office).verified == {"10.2": 20}


def test_typed_labels_equal_presses(office: Office, wang: Person) -> None:
    answer(office, "3.1", 95)
    answer(office, "10.2", 4)
    wang.send("核查 孟河镇")

    assert "先跳过" in wang.send("跳过")
    assert "待核 2 条" in wang.send("返回")
    wang.send("下一条")
    wang.send("通过")
    assert "又在待核里" in wang.send("撤销")


def test_a_rate_is_typed(office: Office, wang: Person) -> None:
    answer(office, "3.1", 95)
    see(wang, "3.1")

    assert "请打字回答" in wang.press("改分")
    wang.send("6/8")
    wang.press("数字对不上")

    assert known(office).verified == {"3.1": 75}


def test_a_verdict_can_be_taken_back(office: Office, wang: Person) -> None:
    answer(office, "1.1", True)
    see(wang, "1.1")
    wang.press("通过")

    text = wang.press("撤销")

    assert "又在待核里" in text
    assert known(office).verified == {}
    assert "新的结论" in wang.press("撤销")


def test_what_changed_while_it_was_looked_at_is_not_decided(office: Office, wang: Person) -> None:
    answer(office, "10.2", 4)
    see(wang, "10.2")
    answer(office, "10.2", 5)

    text = wang.press("通过")

    assert "刚改过" in text
    assert given(office, "10.2") == []


def test_a_changed_answer_comes_back_with_both_versions(office: Office, chen: Person, wang: Person) -> None:
    answer(office, "10.2", 4)
    see(wang, "10.2")
    wang.press("通过")
    answer(office, "10.2", 5)

    text = wang.send("核查 孟河镇")

    assert "变更待核" in text
    assert "原来：4 条" in text
    assert "现在：5 条" in text


def test_new_proof_is_named_beside_the_last_verdict(office: Office, chen: Person, wang: Person) -> None:
    chen.press_key(keys.pack("ask", 1, TOWNS, "1.1"))
    chen.send("有")
    chen.send_file("旧.pdf")
    see(wang, "1.1")
    wang.press("退回")
    wang.press("与所报不符")
    chen.press_key(keys.pack("proof", 1, TOWNS, "1.1"))
    chen.send_file("新.pdf")

    text = wang.send("核查 孟河镇")

    assert "退回“与所报不符”" in text
    assert "新交：新.pdf" in text
    assert "原来：" not in text


def test_two_reviewers_get_different_clauses(office: Office, wang: Person) -> None:
    li = office.person("li", "office")
    answer(office, "1.1", True)
    answer(office, "10.2", 4)

    first = wang.send("核查 孟河镇")
    second = li.send("核查 孟河镇")

    asks = {ident for ident in ("1.1", "10.2") if RUBRIC.criteria[ident].ask in first}
    others = {ident for ident in ("1.1", "10.2") if RUBRIC.criteria[ident].ask in second}
    assert asks | others == {"1.1", "10.2"}
    assert asks & others == set()


def test_a_clause_somebody_looks_at_is_named_and_free_after_ten_minutes(office: Office, wang: Person) -> None:
    li = office.person("li", "office")
    answer(office, "1.1", True)
    see(wang, "1.1")

    held = see(li, "1.1")
    nothing = li.send("核查 孟河镇")
    office.now += timedelta(minutes=11)
    free = see(li, "1.1")

    assert "正在看这一条" in held
    assert "只剩同事正在看的" in nothing
    assert "正在看" not in free
    assert li.labels[0] == "通过"


def test_what_a_colleague_has_decided_meanwhile_is_not_decided_over(office: Office, wang: Person) -> None:
    li = office.person("li", "office")
    answer(office, "10.2", 4)
    see(wang, "10.2")
    office.now += timedelta(minutes=11)
    see(li, "10.2")
    li.press("通过")

    text = wang.press("通过")
    wang.press("改分")

    assert "已经通过，您这次没有记" in text
    assert wang.labels == ["再看一遍"]
    assert given(office, "10.2") == [("pass", "seen", "")]


def test_a_reason_that_comes_after_a_colleague_s_verdict_is_not_kept(office: Office, wang: Person) -> None:
    li = office.person("li", "office")
    answer(office, "10.2", 4)
    see(wang, "10.2")
    wang.press("改分")
    wang.press("3 条")
    office.now += timedelta(minutes=11)
    see(li, "10.2")
    li.press("通过")

    assert "已经通过" in wang.send("有一条是转发的")
    assert given(office, "10.2") == [("pass", "seen", "")]


def test_skipped_ones_come_last(office: Office, wang: Person) -> None:
    answer(office, "1.1", True)
    answer(office, "10.2", 4)
    wang.send("核查 孟河镇")
    first = wang.rows()[-1]["text"]

    wang.press("跳过")
    second = wang.rows()[-1]["text"]
    wang.press("跳过")

    assert second != first
    assert wang.rows()[-1]["text"] == first


@pytest.mark.parametrize("words", ["核查 10.2", "核查 信息上报", "/review 孟河镇 10.2"])
def test_words_choose_what_to_look_at(office: Office, wang: Person, words: str) -> None:
    answer(office, "1.1", True)
    answer(office, "10.2", 4)

    assert RUBRIC.criteria["10.2"].ask in wang.send(words)


def test_words_that_name_nothing_say_what_to_type(office: Office, wang: Person) -> None:
    answer(office, "1.1", True)

    assert "没有对上" in wang.send("核查 天上的星星")


def test_an_unanswered_clause_is_in_the_queue_only_after_the_lock(office: Office, wang: Person) -> None:
    before = wang.send("核查")
    lock(office)

    after = wang.send("核查 孟河镇")

    assert "没有待核的" in before
    assert "到期没填" in after
    assert "退回" not in wang.labels


@pytest.mark.parametrize("role", ["leader", "expert"])
def test_others_than_the_office_get_nothing(office: Office, wang: Person, role: str) -> None:
    answer(office, "1.1", True)
    see(wang, "1.1")
    key = wang.key("通过")
    other = office.person("zhou", role)

    for said in (
        other.send("核查"),
        other.press_key(key),
        other.press_key("rv-next::0"),
        other.press_key("rv-undo:1:0"),
    ):
        assert "只有考核办" in said or "只能看" in said
    assert given(office, "1.1") == []


def test_a_liaison_and_a_stranger_get_nothing(office: Office, chen: Person, wang: Person) -> None:
    answer(office, "1.1", True)
    see(wang, "1.1")
    key = wang.key("通过")

    assert "只有考核办" in chen.press_key(key)
    assert "邀请" in Person(office, "nobody").press_key(key)
    assert given(office, "1.1") == []


def test_nobody_reviews_their_own_unit(office: Office, chen: Person, wang: Person) -> None:
    answer(office, "1.1", True)
    see(wang, "1.1")
    key = wang.key("通过")
    both = office.person("both", "office")
    both.start(office.invite("liaison", "孟河镇"))

    overview = both.send("核查")
    named = both.send("核查 孟河镇")
    pressed = both.press_key(key)

    assert "没有待核的" in overview
    assert "您自己也在 孟河镇" in named
    assert "不能自己定" in pressed
    assert given(office, "1.1") == []


@pytest.mark.parametrize(
    "key",
    [
        "rv-see:9,xinbei-2011-towns,1.1:0",
        "rv-see:1,xinbei-2011-towns,99.1:0",
        "rv-see:3,xinbei-2011-towns,1.1:0",
        "rv-pass:1,xinbei-2011-towns,1.1:0",
        "rv-see:x,y,z:0",
        "rv-see::0",
        "rv-unit:99:0",
        "rv-item:nothing,1:0",
        "rv-row:xinbei-2011-towns,99.9,0:0",
        "rv-rest:5:5",
        "rv-said:0:7",
        "rv-files:1,xinbei-2011-towns,1.1,7:0",
    ],
)
def test_a_forged_button_says_so(office: Office, wang: Person, key: str) -> None:
    answer(office, "1.1", True)

    assert "没有改动任何东西" in wang.press_key(key)


def test_a_button_of_another_version_or_reason_says_so(office: Office, wang: Person) -> None:
    answer(office, "1.1", True)
    see(wang, "1.1")
    basis = wang.key("通过").split(",")[3].split(":")[0]

    assert "刚改过" in wang.press_key(f"rv-pass:1,{TOWNS},1.1,00000000:0")
    assert "没有改动" in wang.press_key(f"rv-why:1,{TOWNS},1.1,{basis},99:0")
    assert "没有改动" in wang.press_key(f"rv-value:1,{TOWNS},1.1,{basis},99:0")
    assert "没有找到" in wang.press_key("rv-undo:77:0")
    assert given(office, "1.1") == []


def test_who_was_removed_and_who_is_of_another_campaign_get_nothing(office: Office, wang: Person) -> None:
    answer(office, "1.1", True)
    see(wang, "1.1")
    key = wang.key("通过")
    made = campaigns.create(
        office.database, office.now, "test", 2027, [RUBRIC], [RosterUnit("孟河镇", "镇", (), (), ())]
    )
    other = office.run(made)
    code = office.run(invitations.invite(office.database, office.now, "test", other, "office")).code
    next_year = Person(office, "next")
    next_year.start(code)
    ours = next_year.press_key(key)

    async def remove() -> None:
        async with office.database.write() as connection:
            await people.remove_in(connection, office.now, "test", 2, 1)

    office.run(remove())

    assert "没有改动任何东西" in ours
    assert "通过：" not in wang.press_key(key)
    assert given(office, "1.1") == []


def test_a_settled_clause_can_be_opened_by_its_name_and_decided_anew(office: Office, wang: Person) -> None:
    answer(office, "10.2", 4)
    see(wang, "10.2")
    wang.press("通过")

    text = wang.send("核查 孟河镇 10.2")
    wang.press("退回")
    wang.press("与所报不符")

    assert "已核" in text
    assert [kind for kind, *_ in given(office, "10.2")] == ["pass", "return"]


def test_before_it_is_answered_nothing_is_decided(office: Office, wang: Person) -> None:
    text = see(wang, "1.1")

    assert "还没填" in text
    assert wang.labels == ["跳过", "看全部单位", "返回"]


@pytest.mark.parametrize("words", ["按单位", "按条目"])
def test_units_and_items_that_wait_are_offered(office: Office, wang: Person, words: str) -> None:
    answer(office, "1.1", True)
    wang.send("核查")

    wang.press(words)
    first = wang.labels[0]
    text = wang.press(first)

    assert first == {"按单位": "孟河镇", "按条目": "组织领导"}[words]
    assert RUBRIC.criteria["1.1"].ask in text


def test_what_the_office_booked_stands_beside_the_answer(office: Office, wang: Person) -> None:
    answer(office, "7.3", 3)

    async def book() -> None:
        async with office.database.write() as connection:
            await office_facts.book_in(connection, office.now, 2, 1, RUBRIC, "7.3", 1, "稽查月报")

    office.run(book())

    assert "考核办记的：第 1 号 1 条（稽查月报）" in see(wang, "7.3")


def test_after_a_restart_the_screen_still_works(office: Office, wang: Person) -> None:
    answer(office, "1.1", True)
    see(wang, "1.1")
    office.restart()

    assert "通过：孟河镇" in wang.press("通过")


def test_a_yes_offers_what_it_can_be_changed_to_in_words(office: Office, chen: Person, wang: Person) -> None:
    answer(office, "1.2", True)
    see(wang, "1.2")

    text = wang.press("改分")

    assert "自报 2 次以上，核定成什么？这一条能选的是：不到 2 次。" in text
    assert "不到 2 次" in wang.labels
