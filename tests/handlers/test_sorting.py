"""待归类材料: sorted all at once or one by one, proposed by name, taken back, moved."""

from __future__ import annotations

from papers import JPEG, RUBRIC, ask, unsorted, uses
from talk import Office, Person


def test_a_file_without_a_question_waits_until_it_is_said_what_it_proves(office: Office, chen: Person) -> None:
    said = chen.send_file("微信图片_2011.jpg", content=JPEG)

    assert "待归类材料" in said
    chen.press("归类")
    chen.press("组织领导")
    assert "已归到【年度计划】" in chen.press("年度计划")
    assert uses(office, "1.4") == [("微信图片_2011.jpg", 0, None)]
    assert "没有待归类的材料" in chen.send("待归类材料")


def test_the_files_of_one_submission_are_sorted_at_once_and_no_others(office: Office, chen: Person) -> None:
    chen.send_file("旧的.pdf")
    chen.send_file("1.pdf", "2.pdf")

    chen.press("归类")
    chen.press("组织领导")
    said = chen.press("专人负责")

    assert "· 1.pdf" in said
    assert "还有 1 份待归类材料" in said
    assert uses(office, "1.1") == [("1.pdf", 0, None), ("2.pdf", 0, None)]
    assert unsorted(office) == ["旧的.pdf"]


def test_all_that_waits_is_sorted_at_once_from_the_inbox(office: Office, chen: Person) -> None:
    chen.send_file("1.pdf")
    chen.send_file("2.pdf")

    assert "待归类材料 2 份" in chen.send("待归类材料")
    chen.press("组织领导")
    chen.press("年度计划")

    assert [name for name, *_ in uses(office, "1.4")] == ["1.pdf", "2.pdf"]


def test_files_are_sorted_one_by_one_and_the_next_one_is_offered(office: Office, chen: Person) -> None:
    chen.send_file("1.pdf", "2.pdf")
    chen.press("逐份归类")
    chen.press("组织领导")
    chen.press("年度计划")

    said = chen.press("下一份")

    assert "2.pdf" in said
    assert "1.pdf" not in said
    chen.press("组织领导")
    chen.press("专人负责")
    assert (uses(office, "1.4"), uses(office, "1.1")) == ([("1.pdf", 0, None)], [("2.pdf", 0, None)])


def test_a_name_that_speaks_of_a_clause_is_proposed(office: Office, chen: Person) -> None:
    chen.send_file("孟河镇名牌培育规划.pdf")

    assert "名牌规划" in chen.labels
    assert "已归到【名牌规划】" in chen.press("名牌规划")
    assert uses(office, "2.1") == [("孟河镇名牌培育规划.pdf", 0, None)]


def test_a_name_that_says_nothing_is_proposed_nothing(chen: Person) -> None:
    chen.send_file("IMG_2031.pdf")

    assert chen.labels == ["归类", "换一份", "撤回"]


def test_a_waiting_file_can_be_taken_back(office: Office, chen: Person) -> None:
    chen.send_file("错的.pdf")
    chen.press("归类")

    assert "撤回了《错的.pdf》" in chen.press("撤回")
    assert unsorted(office) == []
    assert "没有改动任何东西" in chen.press("撤回")


def test_forty_files_are_counted_and_sorted_at_once(office: Office, chen: Person) -> None:
    for start in range(4):
        chen.send_file(*(f"{start}-{n}.pdf" for n in range(10)))

    said = chen.send("待归类材料")

    assert "待归类材料 40 份" in said
    assert "还有 10 份没有列出来" in said
    chen.press("组织领导")
    chen.press("年度计划")
    assert len(uses(office, "1.4")) == 40


def test_a_file_at_the_wrong_clause_goes_to_another(office: Office, chen: Person) -> None:
    ask(chen, "1.4")
    chen.send_file("规划.pdf")

    chen.press("换一条")
    chen.press("创名牌")
    chen.press("名牌规划")

    assert (uses(office, "1.4"), uses(office, "2.1")) == ([], [("规划.pdf", 0, None)])


def test_a_button_for_files_sorted_meanwhile_says_so(office: Office, chen: Person) -> None:
    chen.send_file("1.pdf", "2.pdf")
    chen.press("归类")
    chen.press("组织领导")
    old = chen.key("年度计划")
    chen.press("专人负责")

    assert "没有待归类的材料" in chen.press_key(old)
    assert uses(office, "1.4") == []


def test_a_key_with_a_range_of_nonsense_moves_nothing(office: Office, chen: Person) -> None:
    ask(chen, "1.4")
    chen.send_file("计划.pdf")

    for which in ("", "x", "9-1", "-1"):
        assert chen.press_key(f"move:1,{RUBRIC},1.4,{which}:0")

    assert uses(office, "1.4") == [("计划.pdf", 0, None)]
