"""Files: name, caption and the text inside propose clauses, a day and a 文号, confirmed on one screen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from linked import link_of, with_page
from linked import send as linked_send
from made_files import a_docx
from papers import ask, unsorted, uses
from talk import ZONE, Office, Person

from channels.port import FileRef
from handlers.conversation import Conversation
from storage import evidence, phases
from storage.file_text import TextReader

PLAN = (
    "孟河镇人民政府文件",
    "孟政发〔2026〕3号",
    "关于印发孟河镇名牌培育规划的通知",
    "各村、各企业：现将名牌培育规划印发给你们。",
    "孟河镇人民政府",
    "2026年3月14日",
)


@pytest.fixture
def office(office: Office) -> Iterator[Office]:
    """The campaign, with files looked into."""
    reader = TextReader(office.files)
    clock = lambda: office.now  # noqa: E731
    office.conversation = Conversation(office.database, office.files, clock, ZONE, lambda: None, reader=reader)
    yield office
    office.run(reader.close())


def described(office: Office) -> list[tuple[str, str]]:
    """Day and 文号 of each file."""

    async def read() -> Any:
        async with office.database.read() as connection:
            held = await evidence.of_unit_in(connection, 1)
        return [(str(one.evidence.dated_on or ""), one.evidence.number) for one in held]

    return office.run(read())  # type: ignore[no-any-return]


def send(person: Person, name: str, content: bytes, text: str = "") -> str:
    """A file whose content is exactly this."""
    return person._event(files=(stored_as(person.office, name, content),), text=text)


def stored_as(office: Office, name: str, content: bytes) -> FileRef:
    """A kept file whose content is exactly this."""

    async def chunks() -> Any:
        yield content

    kept = office.run(office.files.store(chunks(), name, 1 << 20))
    return FileRef(kept["ref"], name, kept["size_bytes"])


def test_the_text_inside_tells_clause_day_and_number_where_the_name_says_nothing(office: Office, chen: Person) -> None:
    text = send(chen, "扫描0012.docx", a_docx(*PLAN))

    assert "像是 【名牌规划】" in text
    assert "日期 2026年3月14日，文号 孟政发〔2026〕3号" in text
    assert uses(office, "2.1") == []
    chen.press("名牌规划")
    assert [name for name, _, _ in uses(office, "2.1")] == ["扫描0012.docx"]
    assert described(office) == [("2026-03-14", "孟政发〔2026〕3号")]


def test_a_file_that_says_nothing_waits_to_be_sorted(office: Office, chen: Person) -> None:
    text = send(chen, "扫描0013.docx", a_docx("今天的菜单：红烧肉、青菜"))

    assert "点“归类”" in text
    assert unsorted(office) == ["扫描0013.docx"]
    assert described(office) == [("", "")]


def test_a_broken_file_is_kept_and_its_trouble_said(office: Office, chen: Person) -> None:
    text = chen.send_file("会议材料.pdf", content=b"%PDF-1.4 nothing more")

    assert "照常保存" in text
    assert unsorted(office) == ["会议材料.pdf"]


def test_a_caption_tells_the_clause(office: Office, chen: Person) -> None:
    assert "像是 【打假联络员】" in chen.send_file("IMG_1.jpg", content=b"\xff\xd8\xff\xe0", text="打假联络员名单")
    chen.press("打假联络员")

    assert [name for name, _, _ in uses(office, "7.2")] == ["IMG_1.jpg"]


def test_several_files_are_confirmed_on_one_screen(office: Office, chen: Person) -> None:
    text = chen.send_file("名牌培育规划.pdf", "质监协管员花名册.xls", "随手拍.jpg", content=b"%PDF-1.4 ")

    assert "名牌培育规划.pdf" in text
    assert "看不出用在哪" in text
    assert len(chen.rows()[-1]["options"]) == len(set(chen.labels))
    reply = chen.press("全部确认")
    assert "【名牌规划】名牌培育规划.pdf" in reply
    assert [name for name, _, _ in uses(office, "2.1")] == ["名牌培育规划.pdf"]
    assert [name for name, _, _ in uses(office, "1.3")] == ["质监协管员花名册.xls"]
    assert unsorted(office) == ["随手拍.jpg"]


def test_several_files_one_by_one(office: Office, chen: Person) -> None:
    chen.send_file("名牌培育规划.pdf", "质监协管员花名册.xls")
    assert "名牌培育规划.pdf" in chen.press("逐个看")

    assert "质监协管员花名册.xls" in chen.press("先放着")
    chen.press("质监协管员")

    assert unsorted(office) == ["名牌培育规划.pdf"]
    assert [name for name, _, _ in uses(office, "1.3")] == ["质监协管员花名册.xls"]


def test_a_confirmation_of_older_files_says_so(office: Office, chen: Person) -> None:
    chen.send_file("名牌培育规划.pdf", "质监协管员花名册.xls")
    key = chen.key("全部确认")
    chen.press("全部确认")

    assert "已经变了" in chen.press_key(key)


def test_a_file_for_several_clauses_can_be_used_for_all(office: Office, chen: Person) -> None:
    text = chen.send_file("材料.pdf", text="质量工作专题会议纪要，另附名牌培育规划")
    assert "这份也能用于" in text

    chen.press("都用")

    assert uses(office, "1.2")
    assert uses(office, "2.1")


def test_the_open_question_takes_the_file_without_a_look_inside(office: Office, chen: Person) -> None:
    ask(chen, "1.3")

    text = send(chen, "扫描0012.docx", a_docx(*PLAN))

    assert "已归到【质监协管员】" in text
    assert uses(office, "2.1") == []


OLD = (
    "孟政发〔2025〕3号",
    "关于印发2025年质量振兴工作计划的通知",
    "各村：现印发计划。",
    "孟河镇人民政府",
    "2025年2月6日",
)


def test_day_and_number_inside_a_file_sent_for_a_question_are_kept(office: Office, chen: Person) -> None:
    ask(chen, "1.4")
    chen.send("有")

    said = send(chen, "年度计划.docx", a_docx(*OLD))

    assert "日期 2025年2月6日，文号 孟政发〔2025〕3号" in said
    assert "写的是 2025年2月6日，不在 2026 年度，是不是拿错了？" in said
    assert [name for name, _, _ in uses(office, "1.4")] == ["年度计划.docx"]
    assert described(office) == [("2025-02-06", "孟政发〔2025〕3号")]


def test_what_the_name_says_counts_where_the_text_does_not(office: Office, chen: Person) -> None:
    ask(chen, "1.4")

    said = send(chen, "孟政发〔2026〕3号 2026年2月6日 年度工作计划.pdf", b"%PDF-1.4 scanned")

    assert described(office) == [("2026-02-06", "孟政发〔2026〕3号")]
    assert "拿错" not in said


def test_the_day_a_scanner_puts_in_a_name_is_not_that_of_the_document(office: Office, chen: Person) -> None:
    ask(chen, "1.4")

    send(chen, "扫描全能王 2026-11-20 10.15.pdf", b"%PDF-1.4 scanned")
    send(chen, "IMG_20260314_101112.pdf", b"%PDF-1.4 scanned too")

    assert described(office) == [("", ""), ("", "")]


def test_a_day_to_come_in_a_name_is_not_taken(office: Office, chen: Person) -> None:
    ask(chen, "1.4")

    send(chen, "2027年3月1日计划.pdf", b"%PDF-1.4 scanned")

    assert described(office) == [("", "")]


def test_what_in_force_of_an_earlier_year_is_not_called_wrong(office: Office, chen: Person) -> None:
    ask(chen, "2.1")

    said = send(chen, "名牌规划.docx", a_docx(*OLD))

    assert "日期 2025年2月6日" in said
    assert "拿错" not in said


def test_a_file_in_place_of_another_is_read_too(office: Office, chen: Person) -> None:
    ask(chen, "1.4")
    send(chen, "计划.pdf", b"%PDF-1.4 scanned")
    chen.press("换一份")

    said = send(chen, "计划.docx", a_docx(*OLD))

    assert "计划.docx" in said
    assert described(office) == [("2025-02-06", "孟政发〔2025〕3号")]


def test_words_that_are_awaited_are_awaited_still_once_the_file_is_read(office: Office, chen: Person) -> None:
    ask(chen, "1.4")
    chen.press("交材料")
    chen.press("只报文号")

    send(chen, "计划.docx", a_docx(*OLD))

    assert "记下了，算【年度计划】的材料" in chen.send("年度质量工作计划，孟政发〔2026〕4号")


def test_a_day_that_was_typed_stays(office: Office, chen: Person) -> None:
    ask(chen, "1.4")
    chen.send_file("先发.pdf")
    office.run(_describe(office))

    send(chen, "先发.pdf", b"%PDF-1.4 minutes" + "先发.pdf".encode())

    assert described(office) == [("2026-01-02", "")]


async def _describe(office: Office) -> None:
    async with office.database.write() as connection:
        await evidence.describe_in(connection, office.now, 1, 1, 1, dated_on=date(2026, 1, 2))


def test_sorted_by_hand_to_another_clause_a_file_keeps_its_day_and_number(office: Office, chen: Person) -> None:
    send(chen, "扫描0012.docx", a_docx(*PLAN))

    chen.press_key("use:1,xinbei-2011-towns,1.4,1:0")

    assert [name for name, _, _ in uses(office, "1.4")] == ["扫描0012.docx"]
    assert described(office) == [("2026-03-14", "孟政发〔2026〕3号")]


def test_a_file_nobody_can_place_keeps_its_day_and_number(office: Office, chen: Person) -> None:
    said = send(chen, "扫描0013.docx", a_docx("孟政发〔2026〕8号", "关于吃饭的通知", "孟河镇人民政府", "2026年5月4日"))

    assert "点“归类”" in said
    assert described(office) == [("2026-05-04", "孟政发〔2026〕8号")]


def test_a_colleagues_file_is_read_when_it_is_taken(office: Office, chen: Person) -> None:
    reader = TextReader(office.files)
    pages = with_page(office, reader)
    kept = stored_as(office, "年度计划.docx", a_docx(*OLD))
    linked_send(office, pages, link_of(chen, "1.4"), "有", kept)

    said = chen.press("采用")
    office.run(reader.close())

    assert "日期 2025年2月6日，文号 孟政发〔2025〕3号" in said
    assert "拿错" in said
    assert described(office) == [("2025-02-06", "孟政发〔2025〕3号")]


def test_a_file_after_the_lock_is_read_too(office: Office, chen: Person) -> None:
    office.run(_close(office))

    said = send(chen, "年度计划.docx", a_docx(*OLD))

    assert "1 份材料先收下了" in said
    assert described(office) == [("2025-02-06", "孟政发〔2025〕3号")]


async def _close(office: Office) -> None:
    async with office.database.write() as connection:
        await phases.set_in(connection, office.now, "test", 1, "自评", date(2026, 11, 1), date(2026, 11, 20))
