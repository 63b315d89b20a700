"""授予单位 of an honour in the conversation: read from its line, asked once, skipped, added later, printed in 备注."""

from __future__ import annotations

from typing import Any

import pytest
from papers import RUBRIC, ask, facts, ledger, uses
from talk import ZONE, Office, Person

from reports.official_filling import tables_in
from storage import entries

LINE = "3月14日 省名牌 常州某厂 省质监局授予 苏质〔2026〕3号"
BARE = "3月14日 省名牌 常州某厂 苏质〔2026〕3号"


def given(office: Office, criterion: str = "2.5a") -> list[tuple[str, str]]:
    """Who gave each honour of a clause, and its level."""

    async def read() -> list[tuple[str, str]]:
        async with office.database.read() as connection:
            held = await entries.of_clause_in(connection, 1, RUBRIC, criterion)
            return [(one.granted_by, one.level) for one in held]

    return office.run(read())  # type: ignore[no-any-return]


def remarks(office: Office) -> str:
    """The honours as the official table of 孟河镇 prints them."""

    async def read() -> Any:
        async with office.database.read() as connection:
            filled = await tables_in(connection, office.campaign.id, "claimed", office.now, ZONE, unit_id=1)
            table = next(one.table for one in filled if one.rubric.id == RUBRIC)
            return "\n".join((*(note for line in table.lines for note in line.notes), *table.remarks))

    return office.run(read())  # type: ignore[no-any-return]


def test_giver_and_level_are_read_from_the_line(office: Office, chen: Person) -> None:
    ask(chen, "2.5a")

    said = chen.send(LINE)

    assert "省名牌 常州某厂 苏质〔2026〕3号（省质监局授予，省级）" in said
    assert "谁授予的" not in said
    assert (ledger(office, "2.5a"), given(office)) == (
        [("省名牌 常州某厂", "2026-03-14", "苏质〔2026〕3号")],
        [("省质监局", "省级")],
    )


def test_the_official_table_prints_who_gave_it(office: Office, chen: Person) -> None:
    ask(chen, "3.3a")

    chen.send("3月14日 省质量奖 常州某厂 江苏省人民政府授予 苏政发〔2026〕8号")

    assert "· 省质量奖 常州某厂（江苏省人民政府，省级，苏政发〔2026〕8号）" in remarks(office)


def test_an_honour_without_its_giver_is_kept_and_asked_about_once(office: Office, chen: Person) -> None:
    ask(chen, "2.5a")

    said = chen.send(BARE)

    assert "登记了" in said
    assert "谁授予的" in said
    assert given(office) == [("", "省级")]
    assert "（江苏省质监局授予，省级）" in chen.send("江苏省质监局颁发的")
    assert given(office) == [("江苏省质监局", "省级")]


@pytest.mark.parametrize("words", ["跳过", "不知道", "没有"])
def test_the_question_may_be_left_unanswered(office: Office, chen: Person, words: str) -> None:
    ask(chen, "2.5a")
    chen.send(BARE)
    before = facts(office).own

    said = chen.send(words)

    assert "先不写授予单位" in said
    assert (given(office), facts(office).own) == ([("", "省级")], before)


def test_the_next_honour_is_no_answer_to_who_gave_the_last(office: Office, chen: Person) -> None:
    ask(chen, "2.5a")
    chen.send(BARE)

    chen.send("4月2日 省名牌 常州另一厂 省质监局授予 苏质〔2026〕9号")

    assert [name for name, _, _ in ledger(office, "2.5a")] == ["省名牌 常州某厂", "省名牌 常州另一厂"]
    assert given(office) == [("", "省级"), ("省质监局", "省级")]


def test_a_certificate_sent_first_leaves_the_question_open(office: Office, chen: Person) -> None:
    ask(chen, "2.5a")
    chen.send(BARE)

    chen.send_file("名牌证书.pdf")
    chen.send("江苏省质监局")

    assert [name for name, _, _ in uses(office, "2.5a")] == ["名牌证书.pdf"]
    assert given(office) == [("江苏省质监局", "省级")]


def test_words_about_something_else_are_not_taken_for_a_giver(office: Office, chen: Person) -> None:
    ask(chen, "2.5a")
    chen.send(BARE)

    said = chen.send("我们开了两次质量例会")

    assert "授予单位" not in said
    assert given(office) == [("", "省级")]


def test_it_can_be_added_and_changed_later_in_the_ledger(office: Office, chen: Person) -> None:
    ask(chen, "2.5a")
    chen.send(BARE)
    chen.press("台账")
    chen.press(chen.labels[0])
    chen.press("写授予单位")

    assert "（卓越国际授予，国家级）" in chen.send("卓越国际 国家级")

    chen.press("台账")
    chen.press(chen.labels[0])
    chen.press("改授予单位")
    chen.send("江苏省质监局")
    assert given(office) == [("江苏省质监局", "国家级")]


def test_the_same_line_again_adds_who_gave_it(office: Office, chen: Person) -> None:
    ask(chen, "2.5a")
    chen.send(BARE)

    assert "不重复计" in chen.send(LINE)

    assert given(office) == [("省质监局", "省级")]


def test_an_odd_honour_is_said_back_with_its_giver(office: Office, chen: Person) -> None:
    ask(chen, "2.5a")

    assert "授予单位：省质监局（省级）" in chen.send(LINE.replace("3月14日", "2025年3月14日"))

    chen.press("确认")
    assert given(office) == [("省质监局", "省级")]


def test_meetings_and_clues_have_no_giver(chen: Person) -> None:
    for criterion, line in (
        ("1.2", "3月14日 质量专题会 常新质〔2026〕3号"),
        ("4.4a", "3月14日 某国标 常州某厂 GB-2026-118"),
    ):
        ask(chen, criterion)
        assert "谁授予的" not in chen.send(line)


def test_nobody_reaches_the_honour_of_another_unit(office: Office, chen: Person) -> None:
    ask(chen, "2.5a")
    chen.send(BARE)
    li = office.person("li", "liaison", "西夏墅镇")

    for key in (f"entry-giver:1,{RUBRIC},2.5a,1:0", f"entry-giver:2,{RUBRIC},2.5a,1:0", f"entry-giver:2,{RUBRIC},1.2,1:0",
                f"entry-giver:1,{RUBRIC},2.5a:0", f"entry-bare:1,{RUBRIC},2.5a:0"):  # fmt: skip
        assert "常州某厂" not in li.press_key(key)
        li.send("江苏省质监局")

    assert given(office) == [("", "省级")]


TURNED = "\u202e奖量质省\u2066"


def test_marks_that_turn_the_writing_are_not_said_back(office: Office, chen: Person) -> None:
    ask(chen, "3.3a")

    chen.send(f"3月14日 {TURNED}省质量奖 苏政发〔2026〕8号")
    chen.send_file(f"证书{TURNED}.pdf")
    chen.press_key(f"entries:1,{RUBRIC},3.3a:0")

    said = [row for row in chen.rows() if not row["mine"]]
    shown = "".join(row["text"] + "".join(one["label"] for one in row["options"]) for row in said)
    assert "奖量质省省质量奖" in shown
    assert "证书奖量质省.pdf" in shown
    assert not {"\u202e", "\u2066"} & set(shown)


def test_a_file_given_back_has_a_name_that_reads_forwards(office: Office, chen: Person) -> None:
    ask(chen, "1.1")
    chen.send_file("\u202efdp.分工文件.pdf")
    chen.press_key("file-show:1,1:0")

    assert chen.rows()[-1]["file"]["name"] == "fdp.分工文件.pdf"
