"""The proof of a clause: listed, sent back, taken back, replaced, used again, dated, and named without a file."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from papers import RUBRIC, ask, facts, file_id, notes, proof, proven, unsorted, uses
from talk import Office, Person

from storage import evidence, phases


def held(office: Office, name: str) -> evidence.Evidence:
    ident = file_id(office, name)

    async def read() -> evidence.Evidence:
        async with office.database.read() as connection:
            return await evidence.find_in(connection, 1, ident)

    return office.run(read())  # type: ignore[no-any-return]


def with_macro() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for name in ("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"):
            packed.writestr(name, "x")
    return made.getvalue()


def test_the_material_of_a_clause_is_listed_with_its_parts_and_what_is_lacking(chen: Person) -> None:
    ask(chen, "1.2")
    chen.send_file("会议纪要.pdf")

    said = proof(chen, "1.2")

    assert "1. 会议纪要.pdf · 会议纪要 · 11-21 09:00 发来" in said
    assert "材料不全（还差 会议通知）" in said
    assert chen.labels == ["1. 会议纪要", "台账", "登记一次", "线下核验", "返回"]


def test_a_clause_without_material_says_what_to_send_and_takes_the_next_files(office: Office, chen: Person) -> None:
    said = proof(chen, "1.4")

    assert "还没有材料" in said
    assert "交什么才算：年度实施计划" in said
    chen.send_file("扫描.pdf")
    assert uses(office, "1.4") == [("扫描.pdf", 0, None)]


def test_a_file_is_sent_back_as_it_was(office: Office, chen: Person) -> None:
    ask(chen, "1.4")
    chen.send_file("计划.pdf")
    chen.press("这条的材料")
    chen.press("1. 计划")

    chen.press("看")

    file = chen.rows()[-1]["file"]
    assert (file["ref"], file["name"]) == (held(office, "计划.pdf").ref, "计划.pdf")


def test_a_file_with_macros_is_marked_and_only_sent_as_a_download(office: Office, chen: Person) -> None:
    ask(chen, "1.4")

    assert "台账.xlsx（含宏）" in chen.send_file("台账.xlsx", content=with_macro())
    chen.press("这条的材料")
    assert "（含宏，只能下载）" in chen.press("1. 台账")
    assert "含宏" in chen.press("看")
    assert chen.rows()[-1]["file"]["as_picture"] is False


def test_a_file_taken_back_proves_nothing_any_more_and_sent_again_it_does(office: Office, chen: Person) -> None:
    ask(chen, "1.4")
    chen.press("有")
    chen.send_file("计划.pdf")
    chen.press("这条的材料")
    chen.press("1. 计划")

    said = chen.press("撤回")

    assert "撤回了《计划.pdf》" in said
    assert proven(office) == 0
    chen.press("年度计划")
    chen.send_file("计划.pdf")
    assert proven(office) == 2


def test_the_next_file_takes_the_place_of_the_one_to_be_replaced(office: Office, chen: Person) -> None:
    ask(chen, "1.4")
    chen.press("有")
    chen.send_file("初稿.pdf")
    chen.press("这条的材料")
    chen.press("1. 初稿")

    assert "请发新的文件" in chen.press("换一份")
    assert "直接发文件" in chen.send("好的")
    assert "《定稿.pdf》换下了《初稿.pdf》" in chen.send_file("定稿.pdf")

    assert uses(office, "1.4") == [("定稿.pdf", 0, None)]
    assert proven(office) == 2


def test_a_replacement_that_is_put_down_replaces_nothing(office: Office, chen: Person) -> None:
    ask(chen, "1.4")
    chen.send_file("初稿.pdf")
    chen.press("这条的材料")
    chen.press("1. 初稿")
    chen.press("换一份")
    chen.send("清单")

    chen.send_file("别的.pdf")

    assert {name for name, *_ in uses(office, "1.4")} == {"初稿.pdf", "别的.pdf"}


def test_the_very_same_file_is_no_replacement(office: Office, chen: Person) -> None:
    ask(chen, "1.4")
    chen.send_file("初稿.pdf")
    chen.press("这条的材料")
    chen.press("1. 初稿")
    chen.press("换一份")

    assert "同一份材料" in chen.send_file("初稿.pdf")
    assert uses(office, "1.4") == [("初稿.pdf", 0, None)]


def test_several_files_do_not_replace_one_and_are_not_lost(office: Office, chen: Person) -> None:
    ask(chen, "1.4")
    chen.send_file("初稿.pdf")
    chen.press("这条的材料")
    chen.press("1. 初稿")
    chen.press("换一份")

    chen.send_file("甲.pdf", "乙.pdf")

    assert {name for name, *_ in uses(office, "1.4")} == {"初稿.pdf", "甲.pdf", "乙.pdf"}
    assert "换下了《初稿.pdf》" in chen.send_file("定稿.pdf")  # still awaited


def test_one_file_proves_a_second_clause_too(office: Office, chen: Person) -> None:
    ask(chen, "1.4")
    chen.send_file("计划和规划.pdf")
    chen.press("这条的材料")
    chen.press("1. 计划和规划")
    chen.press("也用于")
    chen.press("创名牌")

    assert "已归到【名牌规划】" in chen.press("名牌规划")

    assert uses(office, "1.4") == uses(office, "2.1") == [("计划和规划.pdf", 0, None)]


def open_card(chen: Person) -> None:
    ask(chen, "1.2")
    chen.send_file("会议纪要.pdf")
    chen.press("这条的材料")
    chen.press("1. 会议纪要")
    chen.press("日期文号")


@pytest.mark.parametrize(
    ("words", "on", "number"),
    [
        ("3月14日 常新质〔2026〕3号", "2026-03-14", "常新质〔2026〕3号"),
        ("三月十四", "2026-03-14", ""),
        ("常新质[2026]3号", "None", "常新质[2026]3号"),
    ],
)
def test_day_and_number_of_a_file_are_typed(office: Office, chen: Person, words: str, on: str, number: str) -> None:
    open_card(chen)

    chen.send(words)

    file = held(office, "会议纪要.pdf")
    assert (str(file.dated_on), file.number) == (on, number)


@pytest.mark.parametrize(
    ("words", "said"), [("不知道", "没有读到日期或文号"), ("2月30日", "日历上没有"), ("3月1日和3月2日", "有几个日期")]
)
def test_what_is_no_day_is_asked_again(office: Office, chen: Person, words: str, said: str) -> None:
    open_card(chen)

    assert said in chen.send(words)
    assert held(office, "会议纪要.pdf").dated_on is None
    chen.send("3月14日")
    assert str(held(office, "会议纪要.pdf").dated_on) == "2026-03-14"


def test_a_day_outside_the_year_counts_only_after_it_was_said(office: Office, chen: Person) -> None:
    open_card(chen)

    assert "不在 2026 年" in chen.send("2025年3月14日")
    assert held(office, "会议纪要.pdf").dated_on is None
    assert "2025年3月14日" in chen.press("确认")
    assert str(held(office, "会议纪要.pdf").dated_on) == "2025-03-14"


def test_a_confirmation_of_another_day_is_stale(office: Office, chen: Person) -> None:
    open_card(chen)
    chen.send("2025年3月14日")
    old = chen.key("确认")
    chen.press("修改")
    chen.send("2024年3月14日")

    assert "没有改动任何东西" in chen.press_key(old)
    assert held(office, "会议纪要.pdf").dated_on is None


def test_a_document_in_force_may_be_of_an_earlier_year(office: Office, chen: Person) -> None:
    ask(chen, "1.1")  # valid: in_force
    chen.send_file("分工.pdf")
    chen.press("这条的材料")
    chen.press("1. 分工")
    chen.press("日期文号")

    chen.send("2024年3月14日")

    assert str(held(office, "分工.pdf").dated_on) == "2024-03-14"


def test_title_and_number_suffice_where_the_rubric_says_so(office: Office, chen: Person) -> None:
    ask(chen, "1.4")
    chen.press("有")
    proof(chen, "1.4")
    chen.press("只报文号")

    assert "还缺文号" in chen.send("质量振兴实施计划")
    said = chen.send("《质量振兴实施计划》，常新质〔2026〕9号")

    assert "标题：质量振兴实施计划" in said
    assert "文号：常新质〔2026〕9号" in said
    assert notes(office, "1.4") == [("number", "质量振兴实施计划", "常新质〔2026〕9号", "")]
    assert proven(office) == 2
    chen.press("撤回")
    assert proven(office) == 0


def test_where_the_paper_is_needed_a_number_is_not_enough(office: Office, chen: Person) -> None:
    proof(chen, "1.5")

    assert "只报文号" not in chen.labels
    assert "只报文号不够" in chen.press_key(f"by-number:1,{RUBRIC},1.5,0:0")
    assert notes(office, "1.5") == []


def test_what_may_not_be_sent_is_named_with_where_it_lies(office: Office, chen: Person) -> None:
    ask(chen, "1.5")
    chen.press("是")
    proof(chen, "1.5")
    chen.press("线下核验")
    chen.press("全部都在")

    assert "还缺存放地点" in chen.send("责任书")
    said = chen.send("责任书和奖惩凭证，常新质〔2026〕8号，镇档案室3号柜")

    assert "考核办会到现场核对" in said
    assert notes(office, "1.5") == [("offline", "责任书和奖惩凭证", "常新质〔2026〕8号", "镇档案室3号柜")]
    assert proven(office) == 3


def test_a_title_with_a_word_of_secrecy_is_asked_again(office: Office, chen: Person) -> None:
    chen.press_key(f"offline:1,{RUBRIC},1.5,0,-1:0")

    assert "不带密级字样" in chen.send("绝密责任书，镇档案室")
    assert notes(office, "1.5") == []
    assert "记下了" in chen.send("责任书，镇档案室")


def test_a_named_document_proves_only_the_part_it_is_said_to_be(office: Office, chen: Person) -> None:
    ask(chen, "1.5")
    chen.press("是")
    proof(chen, "1.5")

    assert "哪一部分" in chen.press("线下核验")
    assert chen.labels == ["目标责任书", "考核办法", "奖惩兑现凭证", "全部都在", "返回"]
    chen.press("目标责任书")
    said = chen.send("质量责任书 镇档案室3号柜")

    assert "材料（目标责任书）" in said
    assert "还差 考核办法、奖惩兑现凭证" in said
    assert notes(office, "1.5") == [("offline", "质量责任书", "", "镇档案室3号柜")]
    assert proven(office) == 0
    assert "在镇档案室3号柜 · 目标责任书" in chen.press("这条的材料")
    chen.press("线下核验")
    chen.press("考核办法")
    chen.send("考核办法，镇档案室")
    chen.press("这条的材料")
    assert "奖惩兑现凭证：" in chen.press("线下核验")  # the one part that is left is not asked for
    chen.send("奖惩通报，镇档案室")
    assert proven(office) == 3


def test_a_forged_part_proves_nothing(office: Office, chen: Person) -> None:
    chen.press_key(f"offline:1,{RUBRIC},1.5,0,7:0")

    assert "没有这一部分" in chen.send("责任书，镇档案室")
    assert notes(office, "1.5") == []


@pytest.mark.parametrize("key", ["note-take:1,xinbei-2011-towns,1.4,99:0", "note-take:2,xinbei-2011-towns,1.4,1:0", "offline:2,xinbei-2011-towns,1.4,0:0",
                                 "by-number:1,xinbei-2011-towns,9.9,0:0", "offline:1,xinbei-2011-towns,6.5,0:0", "about-yes:1,1,2025-01-01:0"])  # fmt: skip
def test_a_forged_key_names_nothing(office: Office, chen: Person, key: str) -> None:
    said = chen.press_key(key)

    assert "没有" in said or "不" in said
    assert unsorted(office) == []


def test_once_self_assessment_is_over_nothing_is_taken_back_or_added(office: Office, chen: Person) -> None:
    ask(chen, "1.4")
    chen.send_file("计划.pdf")
    close_self_assessment(office)
    proof(chen, "1.4")
    chen.press("1. 计划")

    chen.press("撤回")
    chen.send_file("补充.pdf")
    chen.press_key(f"offline:1,{RUBRIC},1.4,0:0")
    chen.send("计划，镇档案室")

    assert uses(office, "1.4") == [("计划.pdf", 0, None)]
    assert (unsorted(office), notes(office, "1.4")) == (["补充.pdf"], [])  # what comes late is kept, and waits


@pytest.mark.parametrize("begin", ["open", "answered", "proof"])
def test_a_title_and_number_typed_for_a_clause_are_its_proof(office: Office, chen: Person, begin: str) -> None:
    ask(chen, "1.4")
    if begin != "open":
        chen.press("有")
    if begin == "proof":
        chen.press("清单")
        proof(chen, "1.4")

    chen.send("质量振兴实施计划，常新质〔2026〕9号")

    assert notes(office, "1.4") == [("number", "质量振兴实施计划", "常新质〔2026〕9号", "")]


def test_a_number_alone_is_named_as_the_rubric_names_the_document(office: Office, chen: Person) -> None:
    proof(chen, "1.4")

    chen.send("常新质〔2026〕9号")

    assert notes(office, "1.4") == [("number", "年度实施计划", "常新质〔2026〕9号", "")]


def test_a_number_typed_where_the_paper_is_needed_proves_nothing(office: Office, chen: Person) -> None:
    proof(chen, "1.5")

    chen.send("责任书，常新质〔2026〕9号")

    assert notes(office, "1.5") == []


def test_typed_words_do_what_the_buttons_of_the_last_clause_do(office: Office, chen: Person) -> None:
    ask(chen, "1.2")
    chen.press("是")
    chen.send("我的得分")

    assert "【质量专题会】的材料" in chen.send("材料")
    assert "质量专题会" in chen.send("台账")
    chen.send("清单")
    assert "撤回" in chen.send("撤回")
    assert facts(office).own == {}
    assert "没有可以撤回的回答" in chen.send("撤回")


def close_self_assessment(office: Office) -> None:
    async def write() -> None:
        async with office.database.write() as connection:
            about = (1, phases.SELF_ASSESSMENT, date(2026, 11, 1), date(2026, 11, 15))
            await phases.set_in(connection, office.now, "test", *about)

    office.run(write())
