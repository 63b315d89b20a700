"""提交自评: what is missing, the sheet to sign, the signed page, and what a later change does to it."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from talk import Office, Person

from channels import keys
from channels.port import Event, FileRef
from handlers.answering import submitting
from rubrics import loader
from rubrics.tasks import asked
from storage import answers, audit, phases, submissions
from storage.submissions import Submission

TOWNS = loader.load("xinbei-2011-towns")


def answer(person: Person, criterion: str, words: str) -> str:
    person.press_key(keys.pack("ask", 1, TOWNS.id, criterion))
    return person.send(words)


def go(person: Person, rubric: str = TOWNS.id, unit: int = 1) -> str:
    return person.press_key(keys.pack("submit-go", unit, rubric))


def standing(office: Office, rubric: str = TOWNS.id) -> Submission | None:
    async def read() -> Submission | None:
        async with office.database.read() as connection:
            return await submissions.current_in(connection, 1, rubric)

    found: Submission | None = office.run(read())
    return found


def sheet_of(office: Office, person: Person) -> Any:
    file = person.rows()[-1]["file"]
    return docx.Document(BytesIO(Path(office.files.path(file["ref"])).read_bytes()))


def signed_page(person: Person, *names: str) -> str:
    return person.send_file(*names, content=b"\xff\xd8\xff\xe0 signed")


def test_what_is_missing_comes_first(chen: Person) -> None:
    chen.send_file("a.pdf")
    answer(chen, "1.1", "有")

    said = chen.send("提交自评")

    assert "组织领导：质量专题会、质监协管员、年度计划、责任制与奖惩" in said
    assert "专人负责：还差 专人和部门分工文件" in said
    assert "还有 1 份材料没有归类" in said
    assert chen.labels == ["先补", "仍要提交", "清单"]


def test_the_sheet_has_the_answers_the_points_and_the_number_to_sign(office: Office, chen: Person) -> None:
    answer(chen, "10.2", "4条")
    answer(chen, "1.1", "有")
    chen.send("提交自评")

    said = go(chen)

    assert "2026-S001" in said
    sheet = sheet_of(office, chen)
    rows = [[cell.text for cell in row.cells] for row in sheet.tables[0].rows]
    assert rows[1][1].endswith("1.1 专人负责：有")
    assert rows[10][3] == "3"
    assert rows[-1][1:4] == ["合计", "100", "5"]
    assert any("2026-S001" in paragraph.text for paragraph in sheet.paragraphs)
    found = standing(office)
    assert found is not None
    assert (found.state, found.claimed.total) == ("open", 5)


def test_the_same_figures_handed_in_twice_are_one_submission(office: Office, chen: Person) -> None:
    answer(chen, "10.2", "4条")
    go(chen)
    first = chen.rows()[-1]["file"]["ref"]

    said = go(chen)

    assert "2026-S001" in said
    assert chen.rows()[-1]["file"]["ref"] == first


def test_a_tasks_table_counts_targets_on_its_sheet(office: Office, chen: Person) -> None:
    said = go(chen, "xinbei-2011-tasks")

    assert "2026-S001" in said
    rows = [[cell.text for cell in row.cells] for row in sheet_of(office, chen).tables[0].rows]
    assert [row[0] for row in rows[1:-1]] == ["19", "20"]
    assert rows[1][3] == "0/2"
    assert rows[-1][3] == "完成 0/2 行"


def test_the_sheet_tells_every_meeting_behind_a_claim(office: Office, chen: Person) -> None:
    chen.press_key(keys.pack("ask", 1, TOWNS.id, "1.2"))
    for words in ("3月14日 第一次质量会", "4月14日 第二次质量会"):
        chen.press_key(keys.pack("entry", 1, TOWNS.id, "1.2"))
        chen.send(words)

    go(chen)

    (content,) = [row.cells[1].text for row in sheet_of(office, chen).tables[0].rows if row.cells[0].text == "1"]
    assert "质量专题会：2 次以上，其中3月14日“第一次质量会”、4月14日“第二次质量会”" in content


def test_the_sheet_tells_an_answer_that_nobody_typed(office: Office, chen: Person) -> None:
    chen.press_key(keys.pack("ask", 1, TOWNS.id, "1.1"))
    chen.press("有")

    go(chen)

    (content,) = [row.cells[1].text for row in sheet_of(office, chen).tables[0].rows if row.cells[0].text == "1"]
    assert content.endswith("1.1 专人负责：有")


def test_the_sheet_says_how_many_tasks_are_not_done(office: Office) -> None:
    liu = office.person("liu", "liaison", "环保局")
    tasks = loader.load("xinbei-2011-tasks")

    async def answer_all(connection: Any) -> None:
        for clauses in asked(tasks, "环保局", "部门").values():
            for criterion in clauses:
                fact = False if criterion.answer.buttons else 0
                await answers.record_in(connection, office.now, 1, 3, tasks, criterion.id, fact)

    async def work() -> None:
        async with office.database.write() as connection:
            await answer_all(connection)

    office.run(work())
    go(liu, "xinbei-2011-departments", 3)

    rows = {row.cells[0].text: row.cells[1].text for row in sheet_of(office, liu).tables[0].rows}
    assert "4.2 任务完成数：少 3 项" in rows["4"]
    assert rows["4"].endswith("\n4.3 由考核办记，本单位不用填")


def test_the_sheet_says_who_answers_what_the_unit_is_not_asked(office: Office) -> None:
    wu = office.person("wu", "liaison", "质监分局")

    go(wu, "xinbei-2011-departments", 4)

    rows = {row.cells[0].text: [cell.text for cell in row.cells] for row in sheet_of(office, wu).tables[0].rows}
    assert rows["5"][1:4] == ["重大质量事故\n由考核办记，本单位不用填", "25", "—"]
    assert rows["4"][1].endswith("\n4.1、4.2 等任务分解表出结果，4.3 由考核办记，本单位不用填")


def test_the_signed_page_closes_it_with_a_receipt(office: Office, chen: Person) -> None:
    answer(chen, "10.2", "4条")
    go(chen)

    assert "这是签字的自评表吗" in signed_page(chen, "图片_1.png")
    said = chen.press("是")

    assert "2026-S001 提交完成" in said
    found = standing(office)
    assert found is not None
    assert found.state == "closed"
    assert "已经提交完成" in chen.send("提交自评")
    assert "不用再交" in chen.press_key(chen.key("是"))


def test_a_file_that_is_something_else_waits_to_be_sorted(office: Office, chen: Person) -> None:
    go(chen)
    signed_page(chen, "图片_1.png")

    said = chen.press("否")

    assert "待归类材料" in said
    found = standing(office)
    assert found is not None
    assert found.state == "open"


def test_a_document_or_a_file_for_an_open_question_is_no_signed_page(chen: Person) -> None:
    go(chen)

    assert "签字的自评表吗" not in chen.send_file("说明.txt", content="会议情况".encode())
    chen.press_key(keys.pack("ask", 1, TOWNS.id, "1.4"))
    assert "签字的自评表吗" not in signed_page(chen, "图片_2.jpg")


def test_of_two_that_wait_the_person_says_which_is_signed(office: Office, chen: Person) -> None:
    go(chen)
    go(chen, "xinbei-2011-tasks")

    signed_page(chen, "图片_1.png")
    said = chen.press("2026-S002")

    assert "2026-S002 提交完成" in said
    found = standing(office)
    assert found is not None
    assert found.state == "open"


def test_an_answer_changed_after_it_says_that_it_must_be_signed_again(office: Office, chen: Person) -> None:
    answer(chen, "10.2", "4条")
    go(chen)

    said = answer(chen, "10.2", "3条")

    assert "自评 2026-S001 交过以后这里改了" in said
    assert standing(office) is None
    assert "2026-S001" not in answer(chen, "1.1", "有")
    assert "2026-S002" in go(chen)


def test_an_answer_taken_back_after_it_says_so_too(office: Office, chen: Person) -> None:
    answer(chen, "10.2", "4条")
    take_back = chen.key("撤回")
    go(chen)

    assert "自评 2026-S001 交过以后这里改了" in chen.press_key(take_back)


@pytest.mark.parametrize(
    "key",
    ["submit-go:2,xinbei-2011-towns:0", "submit-go:1,hunan:0", "submit-go:1:0", "signed:2,1,1:0", "signed:1,1:0"],
)
def test_another_units_assessment_cannot_be_handed_in_or_closed(office: Office, chen: Person, key: str) -> None:
    said = chen.press_key(key)

    assert "没有改动任何东西" in said


def test_a_page_that_is_not_the_units_closes_nothing(office: Office, chen: Person) -> None:
    go(chen)

    said = chen.press_key("signed:1,1,999:0")

    assert "没有这份签字页" in said
    found = standing(office)
    assert found is not None
    assert found.state == "open"


def test_nothing_is_handed_in_after_the_close(office: Office, chen: Person) -> None:
    async def close() -> None:
        async with office.database.write() as connection:
            days = (date(2026, 10, 1), date(2026, 11, 15))
            await phases.set_in(connection, office.now, "test", office.campaign.id, phases.SELF_ASSESSMENT, *days)

    office.run(close())

    assert "自评已经在 11月15日 截止" in go(chen)
    assert standing(office) is None


def test_the_office_does_not_hand_in(office: Office) -> None:
    wang = office.person("wang", "office")

    assert "考核办不用填报" in wang.send("提交自评")
    assert "没有改动任何东西" in go(wang)


def meanwhile(office: Office, monkeypatch: pytest.MonkeyPatch, *events: Event) -> None:
    """Let something else happen while the first sheet is being made."""
    make, waiting = submitting._make, list(events)

    async def make_slowly(files: Any, sheet: Any) -> FileRef:
        while waiting:
            await office.conversation.receive(waiting.pop(0))
        return await make(files, sheet)

    monkeypatch.setattr(submitting, "_make", make_slowly)


def test_a_sheet_is_made_again_when_an_answer_changed_meanwhile(
    office: Office, chen: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(chen, "10.2", "4条")
    office.person("li", "liaison", "孟河镇")
    question = _event(office, "li", option=keys.pack("ask", 1, TOWNS.id, "10.2"))
    meanwhile(office, monkeypatch, question, _event(office, "li", text="3条"))

    go(chen)

    found = standing(office)
    assert found is not None
    assert found.claimed.total == 2
    rows = [[cell.text for cell in row.cells] for row in sheet_of(office, chen).tables[0].rows]
    assert rows[-1][3] == "2"


def test_a_sheet_is_made_again_when_another_unit_took_its_number(
    office: Office, chen: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.person("li", "liaison", "西夏墅镇")
    meanwhile(office, monkeypatch, _event(office, "li", option=keys.pack("submit-go", 2, TOWNS.id)))

    said = go(chen)

    assert "2026-S002" in said
    assert any("2026-S002" in paragraph.text for paragraph in sheet_of(office, chen).paragraphs)


def _event(office: Office, address: str, **words: Any) -> Event:
    return Event("test", office.next_id(), address, office.now, **words)


def test_the_chain_holds(office: Office, chen: Person) -> None:
    go(chen)
    signed_page(chen, "图片_1.png")
    chen.press("是")

    async def walk() -> audit.Chain:
        async with office.database.read() as connection:
            return await audit.walk(connection)

    assert office.run(walk()).broken == ()


def test_after_the_sheet_a_picture_is_the_signed_page_whatever_was_open_before(chen: Person) -> None:
    chen.press_key(keys.pack("ask", 1, TOWNS.id, "1.4"))
    go(chen)

    assert "签字的自评表吗" in signed_page(chen, "扫描.jpg")


def test_two_pictures_in_a_row_are_asked_about_together_and_wait_meanwhile(chen: Person) -> None:
    go(chen)
    signed_page(chen, "第一页.jpg")
    first = chen.key("否")

    said = signed_page(chen, "第二页.jpg")

    assert "“第一页.jpg”“第二页.jpg”" in said
    assert "第一页.jpg" in chen.send("待归类材料")
    assert "待归类材料" in chen.press_key(first)
    assert "第一页" not in signed_page(chen, "第三页.jpg")  # that was answered
