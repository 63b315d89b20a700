"""现场核查 by phone: the list of a unit, photos, 属实 存疑 不符 and a sentence; what the office decides on it."""

from __future__ import annotations

from typing import Any

import pytest
from talk import Office, Person
from visits import TOWNS, answer, do, found, joined, lock, offline

from channels import keys
from storage import evidence, people, scorecards, verdicts

JPEG = b"\xff\xd8\xff\xe0 jpeg"
LABEL = {ident: TOWNS.criteria[ident].label for ident in TOWNS.criteria}


@pytest.fixture
def wang(office: Office, chen: Person) -> Person:
    """王处 of the office; chen is 孟河镇's liaison."""
    return joined(office, "wang", "王处", "office")


@pytest.fixture
def li(office: Office, wang: Person) -> Person:
    """李工, an expert of the group that visits 孟河镇; 1.2 is claimed without proof, 1.1 lies there, 2.1 is fine."""
    expert = joined(office, "li", "李工", "expert")
    answer(office, "1.2", True)
    answer(office, "1.1", True)
    answer(office, "2.1", True)
    offline(office, "1.1")
    lock(office)
    wang.send("考核组 一组 王处、李工：孟河镇 12月3日")
    wang.press("确认")
    return expert


def see(person: Person, ident: str, unit_id: int = 1) -> str:
    return person.press_key(keys.pack("vs-see", unit_id, TOWNS.id, ident))


def given(office: Office, ident: str) -> list[tuple[str, str, str]]:
    those = do(office, verdicts.history_in, 1, TOWNS.id, ident)
    return [(one.kind, one.how, one.reason) for one in those]


def noted(office: Office) -> list[tuple[str, str, str, int]]:
    return [(one.criterion_id, one.outcome, one.words, len(one.files)) for one in found(office)]


def test_a_member_sees_the_units_and_what_to_look_at(li: Person) -> None:
    assert "孟河镇 12月3日，一组" in li.send("现场核查")
    said = li.press("孟河镇")

    assert f"1.1 {LABEL['1.1']}（有）" in said
    assert "看原件：分工文件，在 档案室 3 号柜" in said
    assert f"1.2 {LABEL['1.2']}" in said
    assert "疑问：" in said
    assert li.labels[-2:] == ["现场核查表", "返回"]


def test_the_office_sees_the_units_of_all_groups_also_without_one_of_its_own(office: Office, li: Person) -> None:
    zhao = joined(office, "zhao", "赵某", "office")

    assert "孟河镇 12月3日，一组" in zhao.send("现场核查")
    assert zhao.labels == ["孟河镇", "考核组"]


def test_while_there_is_no_group_it_says_how_one_is_made(wang: Person) -> None:
    assert "打“考核组”编好组" in wang.send("现场核查")


def test_a_photo_sent_twice_is_one_and_no_more_than_twenty_are_kept(office: Office, li: Person) -> None:
    see(li, "1.2")
    li.send_file("台账.jpg", content=JPEG)
    assert "照片 1 张" in li.send_file("台账.jpg", content=JPEG)
    said = li.send_file(*(f"{n}.jpg" for n in range(25)), content=JPEG)

    assert "多出的 6 张没有收" in said
    assert "照片 20 张" in said


def test_photos_a_word_and_a_sentence_in_this_order(office: Office, li: Person) -> None:
    li.send("现场核查 孟河")
    said = li.press(LABEL["1.2"])
    assert TOWNS.criteria["1.2"].ask in said

    assert "照片 2 张" in li.send_file("会议室.jpg", "台账.jpg", content=JPEG)
    assert "请写一句看到了什么" in li.press("不符")
    said = li.send("台账停在九月")

    assert "已记：孟河镇" in said
    assert noted(office) == [("1.2", "wrong", "台账停在九月", 2)]
    assert found(office)[0].group_id == 1
    assert do(office, evidence.of_unit_in, 1) == []


def test_all_of_it_in_one_message(office: Office, li: Person) -> None:
    see(li, "1.2")

    said = li.send_file("台账.jpg", content=JPEG, text="不符，台账停在九月")

    assert "不符，台账停在九月（照片 1 张）" in said
    assert noted(office) == [("1.2", "wrong", "台账停在九月", 1)]


def test_a_sentence_first_then_the_word(office: Office, li: Person) -> None:
    see(li, "1.2")

    assert "是哪一种" in li.send("签到表缺两次")
    li.press("存疑")

    assert noted(office) == [("1.2", "doubtful", "签到表缺两次", 0)]


def test_in_order_needs_no_sentence_anything_else_does(office: Office, li: Person) -> None:
    see(li, "1.1")
    li.press("属实")
    li.press("没有要说的")
    see(li, "1.2")
    li.press("不符")

    assert "要写一句" in li.send("缺")
    assert noted(office) == [("1.1", "fine", "", 0)]
    assert "已记" in li.send("缺签到表")
    assert noted(office)[1:] == [("1.2", "wrong", "缺签到表", 0)]


def test_another_clause_is_found_by_number_and_by_words(office: Office, li: Person) -> None:
    li.send("现场核查 孟河")
    assert TOWNS.criteria["2.1"].ask in li.send("2.1")
    li.send("现场核查 孟河")
    assert TOWNS.criteria["10.2"].ask in li.send("信息上报")
    li.send("现场核查 孟河")
    assert "没有对上" in li.send("火星移民")


def test_the_office_hears_what_an_expert_found_but_not_what_was_fine(wang: Person, li: Person) -> None:
    see(li, "1.1")
    li.press("属实")
    li.press("没有要说的")
    before = len(wang.rows())

    see(li, "1.2")
    said = li.send("不符 台账停在九月")

    (told,) = wang.rows()[before:]
    assert "已告诉考核办 1 人" in said
    assert "不符：台账停在九月" in told["text"]
    assert [option["label"] for option in told["options"]] == ["看现场情况"]


def test_who_of_the_office_belongs_to_the_unit_is_not_told_and_decides_nothing(
    office: Office, wang: Person, li: Person
) -> None:
    zhao = joined(office, "zhao", "赵某", "office")
    joined(office, "zhao", "赵某", "liaison", "孟河镇")
    before = len(zhao.rows())
    see(li, "1.2")
    li.send("不符 台账停在九月")
    wang.press("看现场情况")

    assert len(zhao.rows()) == before
    for label in ("退回", "改分"):
        assert "您自己也在 孟河镇" in zhao.press_key(wang.key(label))
    assert "您自己也在 孟河镇" in zhao.press_key(keys.pack("fd-see", 1, TOWNS.id, "1.2"))
    assert given(office, "1.2") == []


def test_a_value_button_that_was_tampered_with_sets_nothing(office: Office, wang: Person, li: Person) -> None:
    see(wang, "1.2")
    wang.send("不符 台账停在九月")
    wang.press("改分")
    real = wang.key(next(label for label in wang.labels if label != "返回"))
    verb, parts, version = real.split(":")

    for place in ("99", "-1", "x", "1,1"):
        wang.press_key(f"{verb}:{','.join([*parts.split(',')[:2], place])}:{version}")
    wang.press_key(f"{verb}:99,{','.join(parts.split(',')[1:])}:{version}")
    wang.press_key(f"{verb}:{parts}:7")

    assert given(office, "1.2") == []


def test_an_expert_decides_nothing(office: Office, li: Person) -> None:
    see(li, "1.2")
    li.send("不符 台账停在九月")

    assert li.labels == ["撤回这条", "下一条"]
    for verb in ("fd-pass", "fd-back", "fd-set"):
        li.press_key(keys.pack(verb, 1, "00000000"))
    li.press_key(keys.pack("fd-value", 1, "00000000", 0))
    assert given(office, "1.2") == []


def test_the_office_sends_back_with_the_sentence_as_the_reason(office: Office, wang: Person, li: Person) -> None:
    see(wang, "1.2")
    wang.send("不符 台账停在九月")
    assert wang.labels == ["改分", "退回", "撤回这条", "下一条"]

    said = wang.press("退回")

    assert "台账停在九月" in said
    assert given(office, "1.2") == [("return", "visit", "台账停在九月")]
    assert "撤销" in wang.labels
    wang.press("撤销")
    assert [kind for kind, *_ in given(office, "1.2")] == ["return", "open"]


def test_the_office_changes_the_score_with_the_sentence_as_the_reason(office: Office, wang: Person, li: Person) -> None:
    see(wang, "1.2")
    wang.send("不符 台账停在九月")
    wang.press("改分")
    verified = next(label for label in wang.labels if label != "返回")

    said = wang.press(verified)

    assert f"核定 {verified}，台账停在九月" in said
    assert given(office, "1.2") == [("change", "visit", "台账停在九月")]
    assert office.run(scorecards.recompute(office.database, office.now, 1)) == []


def test_what_was_seen_to_be_so_is_passed_as_seen_on_site(office: Office, wang: Person, li: Person) -> None:
    see(wang, "1.1")
    wang.send("属实 原件在")
    wang.press("通过")

    assert given(office, "1.1") == [("pass", "visit", "")]


def test_a_value_that_cannot_be_is_asked_again(office: Office, wang: Person, li: Person) -> None:
    answer(office, "10.2", 4)
    see(wang, "10.2")
    wang.send("不符 只有两条")
    wang.press("改分")

    assert "核定成多少" in wang.send("许多")
    assert given(office, "10.2") == []
    wang.send("2")
    assert given(office, "10.2") == [("change", "visit", "只有两条")]


def test_a_decision_on_what_has_changed_since_is_refused(office: Office, wang: Person, li: Person) -> None:
    see(wang, "1.2")
    wang.send("不符 台账停在九月")
    answer(office, "1.2", False)

    wang.press("退回")
    wang.press("改分")

    assert given(office, "1.2") == []


def test_the_review_screen_and_the_card_show_what_was_found(wang: Person, li: Person) -> None:
    see(li, "1.2")
    li.send_file("台账.jpg", content=JPEG, text="不符 台账停在九月")

    assert "现场：不符，台账停在九月（照片 1 张），李工" in wang.press_key(keys.pack("rv-see", 1, TOWNS.id, "1.2"))
    said = wang.press("现场情况 1")
    assert "李工：不符，台账停在九月（照片 1 张）" in said
    assert [row["file"]["name"] for row in wang.rows() if row["file"]][-1] == "台账.jpg"
    assert wang.labels == ["改分", "退回", "看这一条"]
    assert f"现场 {LABEL['1.2']}：不符，台账停在九月（照片 1 张）" in wang.send("单位 孟河镇")


def test_the_leader_sees_findings_and_decides_nothing(office: Office, wang: Person, li: Person) -> None:
    see(li, "1.2")
    li.send("不符 台账停在九月")
    leader = joined(office, "leader", "刘主任", "leader")

    said = leader.press_key(keys.pack("fd-see", 1, TOWNS.id, "1.2"))

    assert "台账停在九月" in said
    assert leader.labels == []
    assert leader.press_key(keys.pack("fd-see", 99, TOWNS.id, "1.2"))
    assert "考核组的事" in see(leader, "1.2")


def test_who_noted_it_takes_it_back(office: Office, wang: Person, li: Person) -> None:
    see(li, "1.2")
    li.send("不符 台账停在九月")

    assert "只有记下的人能撤回" in wang.press_key("fd-undo:1:0")
    assert "已撤回" in li.press("撤回这条")
    assert noted(office) == []


def test_a_button_of_an_earlier_note_says_so(office: Office, li: Person) -> None:
    see(li, "1.2")
    old = li.key("不符")
    see(li, "1.1")

    assert "没有改动" in li.press_key(old)
    assert "没有改动" in li.press_key("fd-say:great:2")
    li.press("不符")
    assert "没有改动" in li.press_key("fd-none::2")
    assert noted(office) == []


def others(office: Office) -> dict[str, Person]:
    made = {
        "an expert of no group": joined(office, "zhou", "周工", "expert"),
        "another liaison": joined(office, "liu", "刘某", "liaison", "西夏墅镇"),
        "a provider": joined(office, "pan", "潘某", "provider", "环保局"),
        "a stranger": Person(office, "nobody"),
    }
    gone = joined(office, "gone", "吴工", "office")

    async def remove() -> None:
        async with office.database.write() as connection:
            (member,) = await people.memberships_in(connection, "test", "gone")
            await people.remove_in(connection, office.now, "test", member.person_id, 1)

    office.run(remove())
    return {**made, "somebody removed": gone}


def test_nobody_else_sees_or_notes_anything(office: Office, chen: Person, li: Person) -> None:
    see(li, "1.2")
    draft = li.key("不符")
    li.send("不符 台账停在九月")
    pressed = [draft, "vs:0:0", "vs-unit:1:0", "vs-sheet:1:0", "vs-paper:1:0", "fd-undo:1:0", "fd-none::1"]
    pressed += [keys.pack(verb, 1, TOWNS.id, "1.2") for verb in ("vs-see", "fd-see")]

    for who, person in {**others(office), "the own liaison": chen}.items():
        for key in pressed:
            assert "台账" not in person.press_key(key), (who, key)
        person.send("现场核查 孟河镇")
        person.send("不符 都不对")
        assert [row for row in person.rows() if row["file"]] == [], who
    assert noted(office) == [("1.2", "wrong", "台账停在九月", 0)]


def test_an_expert_reaches_no_unit_of_another_group(office: Office, wang: Person, li: Person) -> None:
    answer(office, "1.2", True, unit_id=2)

    assert "没有改动" in see(li, "1.2", unit_id=2)
    assert "没有改动" in li.press_key("vs-unit:2:0")
    wang.press_key("vg-end:1:1")
    assert "考核组的事" in see(li, "1.2")


def test_who_belongs_to_the_unit_by_now_does_not_look_at_it(office: Office, li: Person) -> None:
    joined(office, "li", "李工", "liaison", "孟河镇")

    assert "您自己也在 孟河镇" in see(li, "1.2")
    assert "您自己也在 孟河镇" in li.press_key("vs-unit:1:0")


def test_the_papers_come_from_the_units_list(office: Office, li: Person) -> None:
    li.send("现场核查 孟河")
    assert "孟河镇2026年度现场核查表.docx" in li.press("现场核查表")
    assert "还没有记过现场情况" in li.press_key("vs-paper:1:0")
    see(li, "1.2")
    li.send("不符 台账停在九月")
    li.send("现场核查 孟河")

    li.press("核查意见")

    names = [row["file"]["name"] for row in li.rows() if row["file"]]
    assert names == ["孟河镇2026年度现场核查表.docx", "孟河镇2026年度质量工作核查意见.docx"]


def test_a_sentence_may_begin_like_a_command(office: Office, li: Person) -> None:
    see(li, "1.2")
    li.press("存疑")

    li.send("核查 时负责人不在")

    assert noted(office) == [("1.2", "doubtful", "核查 时负责人不在", 0)]


def test_a_photo_gone_from_the_disk_leaves_the_finding_readable(office: Office, wang: Person, li: Person) -> None:
    see(li, "1.2")
    li.send_file("台账.jpg", content=JPEG, text="不符 台账停在九月")
    photo: Any = found(office)[0].files[0]
    office.files.discard(photo.ref)

    said = wang.press_key(keys.pack("fd-see", 1, TOWNS.id, "1.2"))

    assert "台账.jpg：" in said
    assert "不符，台账停在九月" in said


def test_a_photo_before_the_clause_waits_for_it(office: Office, li: Person) -> None:
    li.send("现场核查 孟河镇")

    said = li.send_file("柜子.jpg", content=JPEG)

    assert "先点一条" in said
    assert "不用填报" not in said
    assert "照片 1 张" in li.press(LABEL["1.1"][:10])
    li.send("不符 柜里没有")
    assert noted(office) == [("1.1", "wrong", "柜里没有", 1)]


def test_a_photos_words_wait_with_it_and_the_clause_may_be_typed(office: Office, li: Person) -> None:
    li.send("现场核查 孟河镇")
    li.send_file("柜子.jpg", content=JPEG, text="柜里没有")
    li.send_file("门.jpg", content=JPEG)

    li.send("1.1")
    li.press("不符")

    assert noted(office) == [("1.1", "wrong", "柜里没有", 2)]


def test_photos_of_one_unit_do_not_go_to_another(office: Office, li: Person, wang: Person) -> None:
    wang.send("现场核查 孟河镇")
    wang.send_file("柜子.jpg", content=JPEG)

    see(wang, "1.1", 2)
    wang.send("不符 柜里没有")

    assert [len(one.files) for one in found(office, 2)] == [0]
