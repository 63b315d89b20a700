"""Files of proof as they arrive: under a question, after it, without one; never to another unit."""

from __future__ import annotations

from datetime import timedelta

import pytest
from papers import JPEG, RUBRIC, ask, file_id, proven, stored, unsorted, uses
from talk import Office, Person

from channels import keys
from rubrics import loader
from rubrics.proof import UNSAID, WHOLE
from storage.conversation import Transcript

ALL_RUBRICS = (
    "changzhou",
    "hunan",
    "towns-2010",
    "xinbei-2011-departments",
    "xinbei-2011-tasks",
    RUBRIC,
    "ziyang-2016",
)


def test_a_file_while_a_question_is_open_belongs_to_it(office: Office, chen: Person) -> None:
    ask(chen, "1.2")

    said = chen.send_file("会议纪要.pdf", "会议通知.pdf")

    assert "收到 2 份材料，已归到【质量专题会】" in said
    assert "材料齐了" in said
    assert uses(office, "1.2") == [("会议纪要.pdf", 1, None), ("会议通知.pdf", 0, None)]
    assert "回执" in chen.send("两次")  # the question is still open


def test_a_file_sent_right_after_the_answer_belongs_to_it_and_raises_the_proven_score(
    office: Office, chen: Person
) -> None:
    ask(chen, "1.4")
    chen.press("有")

    said = chen.send_file("2026年计划.pdf")

    assert "已归到【年度计划】" in said
    assert "有材料 2 分（+2）" in said
    assert proven(office) == 2


def test_hours_after_the_answer_a_file_waits_to_be_sorted(office: Office, chen: Person) -> None:
    ask(chen, "1.4")
    chen.press("有")
    office.now += timedelta(hours=3)

    said = chen.send_file("扫描.pdf")

    assert "待归类材料" in said
    assert unsorted(office) == ["扫描.pdf"]


def test_a_cancelled_question_gets_no_more_files(office: Office, chen: Person) -> None:
    ask(chen, "1.4")
    chen.press("有")
    ask(chen, "1.5")
    chen.send("取消")

    chen.send_file("扫描.pdf")

    assert unsorted(office) == ["扫描.pdf"]


def test_proof_before_the_answer_is_kept_and_counts_once_it_is_given(office: Office, chen: Person) -> None:
    ask(chen, "1.4")

    said = chen.send_file("计划.pdf")

    assert "还没有回答，回答了才算分" in said
    assert proven(office) == 0
    chen.press("有")
    assert proven(office) == 2


def test_which_part_a_file_is_is_guessed_by_its_name_and_asked_where_it_says_nothing(
    office: Office, chen: Person
) -> None:
    ask(chen, "1.2")

    said = chen.send_file("2月专题会纪要.pdf", "IMG_2031.pdf")

    assert "2月专题会纪要.pdf → 会议纪要" in said
    assert "材料不全（还差 会议通知）" in said
    assert "《IMG_2031.pdf》是哪一部分" in said
    assert chen.labels[:3] == ["会议通知", "会议纪要", "都在里面"]
    assert "材料齐了" in chen.press("会议通知")
    assert uses(office, "1.2") == [("2月专题会纪要.pdf", 1, None), ("IMG_2031.pdf", 0, None)]


def test_the_caption_tells_the_part_too(office: Office, chen: Person) -> None:
    ask(chen, "1.2")

    chen.send_file("IMG_2031.pdf", text="这是会议通知")

    assert uses(office, "1.2") == [("IMG_2031.pdf", 0, None)]


def test_several_files_that_say_nothing_are_asked_about_one_after_the_other(office: Office, chen: Person) -> None:
    ask(chen, "1.2")

    assert "后面还有 1 份" in chen.send_file("1.pdf", "2.pdf")
    assert "《2.pdf》是哪一部分" in chen.press("会议纪要")
    assert "材料齐了" in chen.press("会议通知")
    assert sorted(uses(office, "1.2")) == [("1.pdf", 1, None), ("2.pdf", 0, None)]


def test_one_file_with_everything_in_it_is_enough(office: Office, chen: Person) -> None:
    ask(chen, "1.5")
    chen.send_file("全套.pdf")

    said = chen.press("都在里面")

    assert "材料齐了" in said
    assert uses(office, "1.5") == [("全套.pdf", WHOLE, None)]


def test_a_part_said_wrongly_is_said_again_and_the_newer_word_counts(office: Office, chen: Person) -> None:
    ask(chen, "1.2")
    chen.send_file("会议纪要.pdf")
    chen.press("这条的材料")
    chen.press("1. 会议纪要")
    chen.press("改是哪部分")

    assert "还差 会议纪要" in chen.press("会议通知")
    assert uses(office, "1.2") == [("会议纪要.pdf", 0, None)]


def test_a_part_there_is_not_changes_nothing(office: Office, chen: Person) -> None:
    ask(chen, "1.2")
    chen.send_file("会议纪要.pdf")
    ident = file_id(office, "会议纪要.pdf")

    for part in ("2", "-2", "-3"):
        assert "没有改动任何东西" in chen.press_key(f"part:1,{RUBRIC},1.2,0,{ident},{part}:0")

    assert uses(office, "1.2") == [("会议纪要.pdf", 1, None)]


def test_the_same_file_twice_is_kept_once_and_said(office: Office, chen: Person) -> None:
    ask(chen, "1.4")
    chen.send_file("计划.pdf")

    said = chen.send_file("计划.pdf")

    assert "以前发过，没有重复存" in said
    assert len(uses(office, "1.4")) == 1


def test_a_photo_of_small_print_gets_a_hint_and_a_file_does_not(chen: Person) -> None:
    ask(chen, "1.4")

    assert "请用“文件”方式发原图" in chen.send_file("图片_3.jpg", content=JPEG)
    assert "请用“文件”方式发原图" not in chen.send_file("计划.jpg", content=JPEG)


def test_what_could_not_be_taken_is_said_beside_what_was(office: Office, chen: Person) -> None:
    ask(chen, "1.4")

    said = chen.send("", files=(stored(office, "计划二.pdf"),), refused=("装机.exe 是程序，不收，请发文件本身",))

    assert "计划二.pdf" in said
    assert "没有收：装机.exe 是程序" in said


def stored_files(office: Office) -> list[str]:
    return [path.name for path in office.files.folder.rglob("*") if path.is_file()]


def test_a_caption_with_a_word_of_secrecy_is_not_kept_and_the_way_to_do_it_is_offered(
    office: Office, chen: Person
) -> None:
    ask(chen, "1.4")

    said = chen.send_file("计划.pdf", text="这份是机密文件")

    assert "这里有“机密”，没有记下" in said
    assert "线下核验" in chen.labels
    assert uses(office, "1.4") == []
    assert unsorted(office) == []
    assert all("机密文件" not in row["text"] and not row["file"] for row in chen.rows())
    assert stored_files(office) == []


def test_a_file_somebody_else_has_sent_before_outlives_the_one_with_a_word_of_secrecy(
    office: Office, chen: Person
) -> None:
    ask(chen, "1.4")
    chen.send_file("计划.pdf")

    chen.send_file("计划.pdf", text="这份是机密文件")

    assert uses(office, "1.4") == [("计划.pdf", 0, None)]
    assert len(stored_files(office)) == 1


def test_a_caption_about_the_law_on_trade_secrets_is_kept(office: Office, chen: Person) -> None:
    ask(chen, "1.4")

    chen.send_file("计划.pdf", text="含商业秘密保护一节")

    assert uses(office, "1.4") == [("计划.pdf", 0, None)]
    assert any(row["text"] == "含商业秘密保护一节" for row in chen.rows())


def test_typed_words_of_secrecy_are_not_kept_either(office: Office, chen: Person) -> None:
    ask(chen, "1.4")

    said = chen.send("有，绝密件一份")

    assert "没有记下" in said
    texts = [row["text"] for row in office.run(Transcript(office.database, "test", nothing).since("chen", 0, 99))]
    assert not any("绝密件" in text for text in texts)


async def nothing(_: str) -> str:
    return ""


def test_a_strangers_file_is_not_filed(office: Office) -> None:
    stranger = Person(office, "x")

    assert "邀请码" in stranger.send_file("a.pdf")


def test_the_offices_file_is_no_units_proof(office: Office) -> None:
    wang = office.person("wang", "office")

    wang.send_file("a.pdf")

    assert unsorted(office, 1) == []


@pytest.mark.parametrize(
    "key",
    ["part:2,xinbei-2011-towns,1.2,0,1,0:0", "part:1,xinbei-2011-towns,1.2,0,1,0:0", "of-entry:2,xinbei-2011-towns,1.2,1:0",
     "file:2,1:0", "file:1,1:0", "file-show:1,1:0", "file-show:2,1:0", "file-take:1,1:0", "file-take:2,1:0", "file-swap:1,1:0",
     "file-about:1,1:0", "file-also:1,1:0", "use:1,xinbei-2011-towns,1.4,1:0", "move:1,xinbei-2011-towns,1.4,1:0",
     "use:2,xinbei-2011-towns,1.4,1:0", "proof:2,xinbei-2011-towns,1.4:0", "file-part:1,xinbei-2011-towns,1.2,1:0"],
)  # fmt: skip
def test_another_units_material_cannot_be_reached(office: Office, chen: Person, key: str) -> None:
    li = office.person("li", "liaison", "西夏墅镇")
    li.send_file("secret-plan.pdf")

    said = chen.press_key(key)

    assert said
    assert "secret-plan" not in said
    assert all(row["file"] is None for row in chen.rows())
    assert unsorted(office, 2) == ["secret-plan.pdf"]
    assert uses(office, "1.4") == uses(office, "1.2") == uses(office, "1.4", 2) == []


def test_a_part_nobody_has_said_proves_nothing_yet(office: Office, chen: Person) -> None:
    ask(chen, "1.5")
    chen.press("是")
    chen.send_file("扫描.pdf")

    assert uses(office, "1.5") == [("扫描.pdf", UNSAID, None)]
    assert proven(office) == 0
    assert keys.parse(chen.key("都在里面")) is not None


def test_a_photo_while_a_submission_waits_may_be_the_signed_sheet(office: Office, chen: Person) -> None:
    ask(chen, "1.4")
    chen.press("有")
    chen.send("提交自评")
    chen.press("仍要提交")

    said = chen.send_file("签字页.jpg", content=JPEG)

    assert "签字" in said
    assert {"是", "否"} <= set(chen.labels)
    assert uses(office, "1.4") == []


def test_a_photo_under_a_question_is_proof_also_while_a_submission_waits(office: Office, chen: Person) -> None:
    ask(chen, "1.4")
    chen.press("有")
    chen.send("提交自评")
    chen.press("仍要提交")
    ask(chen, "1.4")

    assert "已归到【年度计划】" in chen.send_file("计划.jpg", content=JPEG)


@pytest.mark.parametrize("rubric", ALL_RUBRICS)
def test_a_key_has_room_for_ids_of_a_large_campaign(rubric: str) -> None:
    longest = max(loader.load(rubric).criteria, key=len)

    for verb, ids in (("part", (10**6, 10**6, WHOLE)), ("of-entry", (10**6, 10**6)), ("move", (f"{10**6}-{10**6}",))):
        key = keys.pack(verb, 10**5, rubric, longest, *ids)
        assert len(key) <= keys.LIMIT_BYTES


def test_a_file_named_for_another_clause_is_asked_about_before_it_counts(office: Office, chen: Person) -> None:
    ask(chen, "1.4")

    said = chen.send_file("名牌培育规划.pdf")

    assert "是【年度计划】这一条的吗" in said
    assert chen.labels == ["这一条", "名牌规划"]
    assert (uses(office, "1.4"), unsorted(office)) == ([], ["名牌培育规划.pdf"])
    chen.press("名牌规划")
    assert [name for name, *_ in uses(office, "2.1")] == ["名牌培育规划.pdf"]


def test_a_file_named_for_another_clause_may_be_for_this_one_all_the_same(office: Office, chen: Person) -> None:
    ask(chen, "1.4")
    chen.send_file("名牌培育规划.pdf", "计划.pdf")

    chen.press("这一条")

    assert {name for name, *_ in uses(office, "1.4")} == {"名牌培育规划.pdf", "计划.pdf"}
