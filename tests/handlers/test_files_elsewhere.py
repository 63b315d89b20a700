"""Files that come after something else was put in place: they go where they say, or one tap decides."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from made_files import a_docx
from papers import JPEG, ask, unsorted, uses
from talk import ZONE, Office, Person
from told import TOWNS

from channels.port import FileRef
from handlers.conversation import Conversation
from rubrics import loader
from storage import campaigns
from storage.file_text import TextReader
from storage.roster import RosterUnit

UNITS = [RosterUnit("孟河镇", "镇", ("孟河",), (), ())]
MEETING = ("质量工作专题会议纪要", "会议研究了全镇质量工作，要求各村落实。")
NEW = ("关于印发名牌培育规划的通知", "孟河镇人民政府", "2026年3月14日")
OLD = ("关于印发名牌培育规划的通知", "孟政发〔2025〕3号", "孟河镇人民政府", "2025年3月14日")


@pytest.fixture
def office(office: Office) -> Iterator[Office]:
    """The campaign, with files looked into."""
    reader = TextReader(office.files)
    clock = lambda: office.now  # noqa: E731
    office.conversation = Conversation(office.database, office.files, clock, ZONE, lambda: None, reader=reader)
    yield office
    office.run(reader.close())


@pytest.fixture
def both(office: Office, chen: Person) -> Person:
    """孟河镇's liaison of 2026 (unit 1) and of 2025 (unit 5)."""
    first = office.campaign
    office.campaign = office.run(
        campaigns.create(office.database, office.now, "test", 2025, [loader.load(TOWNS)], UNITS)
    )
    chen.start(office.invite("liaison", "孟河镇"))
    office.campaign = first
    return chen


def send(person: Person, name: str, content: bytes, text: str = "") -> str:
    """A file whose content is exactly this."""
    return person._event(files=(stored_as(person.office, name, content),), text=text)


def stored_as(office: Office, name: str, content: bytes) -> FileRef:
    """A kept file whose content is exactly this."""

    async def chunks() -> AsyncIterator[bytes]:
        yield content

    kept = office.run(office.files.store(chunks(), name, 1 << 20))
    return FileRef(kept["ref"], name, kept["size_bytes"])


def kept(person: Person) -> None:
    """名牌规划 is answered, and what was asked about it is over."""
    person.send("名牌规划印发了")
    assert [name for name, *_ in uses(person.office, "2.1")] == []


@pytest.mark.parametrize(
    ("name", "content", "caption"),
    [
        ("质量例会纪要3月.docx", a_docx(*MEETING), ""),
        ("扫描0001.docx", a_docx("打假联络员名单", "张三 一村", "李四 二村"), ""),
        ("IMG_1.jpg", JPEG, "质量例会签到照片"),
        ("讲座签到表.jpg", JPEG, ""),
        ("信息3期.docx", a_docx("第三期"), ""),
    ],
)
def test_what_is_plainly_another_clauses_is_asked_for(
    office: Office, chen: Person, name: str, content: bytes, caption: str
) -> None:
    kept(chen)

    said = send(chen, name, content, caption)

    assert "是【名牌规划】这一条的吗" in said
    assert (uses(office, "2.1"), unsorted(office)) == ([], [name])
    chen.press("这一条")
    assert [one for one, *_ in uses(office, "2.1")] == [name]


@pytest.mark.parametrize(("name", "content"), [("IMG_2.jpg", JPEG), ("名牌规划.docx", a_docx("x"))])
def test_what_says_nothing_else_still_goes_there(office: Office, chen: Person, name: str, content: bytes) -> None:
    kept(chen)

    send(chen, name, content)

    assert [one for one, *_ in uses(office, "2.1")] == [name]


def test_a_name_with_a_word_of_the_clauses_proof_goes_there(office: Office, chen: Person) -> None:
    ask(chen, "2.4")
    chen.send("完成了")

    send(chen, "江苏名牌公告.jpg", JPEG)  # by itself rather 新增省名牌

    assert [name for name, *_ in uses(office, "2.4")] == ["江苏名牌公告.jpg"]


def test_several_are_one_screen(office: Office, chen: Person) -> None:
    kept(chen)
    files = [stored_as(office, name, JPEG + name.encode()) for name in ("讲座签到表.jpg", "质量例会纪要.jpg", "a.jpg")]

    said = chen._event(files=tuple(files))

    assert [name for name, *_ in uses(office, "2.1")] == ["a.jpg"]
    assert "讲座签到表.jpg" in said
    assert "全部确认" in chen.labels
    chen.press("全部确认")
    assert unsorted(office) == []


def test_an_open_question_takes_what_it_gets(office: Office, chen: Person) -> None:
    ask(chen, "2.1")

    send(chen, "扫描0002.docx", a_docx(*MEETING))

    assert [name for name, *_ in uses(office, "2.1")] == ["扫描0002.docx"]


def test_the_head_names_the_year_the_file_went_to(office: Office, both: Person) -> None:
    said = send(both, "名牌规划.docx", a_docx(*NEW))

    assert said.startswith("〔2026 年度〕")
    assert "是 2025 年的" in both.labels
    assert (unsorted(office), unsorted(office, 5)) == (["名牌规划.docx"], [])


def test_each_file_goes_to_its_own_year(office: Office, both: Person) -> None:
    files = tuple(stored_as(office, name, JPEG + name.encode()) for name in ("2025名牌规划.jpg", "2026名牌规划.jpg"))

    said = both._event(files=files)

    assert (unsorted(office), unsorted(office, 5)) == (["2026名牌规划.jpg"], ["2025名牌规划.jpg"])
    assert "〔2025 年度〕2025名牌规划.jpg" in said
    both.press("全部确认")
    assert (unsorted(office), unsorted(office, 5)) == ([], [])
    assert [[n for n, *_ in uses(office, "2.1", unit)] for unit in (1, 5)] == [
        ["2026名牌规划.jpg"],
        ["2025名牌规划.jpg"],
    ]


@pytest.mark.parametrize("name", ["2026名牌规划.jpg", "孟河2026名牌规划.jpg", "2026_名牌规划.jpg"])
def test_a_bare_year_in_a_name_is_read(office: Office, both: Person, name: str) -> None:
    send(both, name, JPEG)

    assert (unsorted(office), unsorted(office, 5)) == ([name], [])


@pytest.mark.parametrize("name", ["奖励2026家企业名单.jpg", "IMG_20260314.jpg", "2026人名单.jpg"])
def test_other_figures_are_no_year(office: Office, both: Person, name: str) -> None:
    send(both, name, JPEG)

    assert (unsorted(office), unsorted(office, 5)) == ([], [name])


@pytest.mark.parametrize("opened", [True, False])
def test_a_paper_of_the_other_year_is_asked_for(office: Office, both: Person, opened: bool) -> None:
    ask(both, "2.1")
    if not opened:
        both.send("有")

    said = send(both, "名牌规划.docx", a_docx(*OLD))

    assert said.startswith("〔2026 年度〕")
    assert "是 2025 年的" in said
    assert (uses(office, "2.1"), unsorted(office)) == ([], ["名牌规划.docx"])
    both.press("是 2025 年的")
    assert (unsorted(office), unsorted(office, 5)) == ([], ["名牌规划.docx"])


def test_a_paper_of_the_other_year_may_be_this_ones(office: Office, both: Person) -> None:
    ask(both, "2.1")
    send(both, "名牌规划.docx", a_docx(*OLD))

    both.press("这一条")

    assert [name for name, *_ in uses(office, "2.1")] == ["名牌规划.docx"]
