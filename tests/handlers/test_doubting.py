"""Questions beside a review: shown to the office, sent to a unit only by a press, never with another unit's name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from dated_files import slides
from made_files import a_docx
from talk import ZONE, Office, Person

from channels import keys
from handlers.conversation import Conversation
from handlers.review import doubting
from storage import answers, coming_due, doubts, evidence, file_dates, file_figures, people, review_queue, verdicts
from storage.doubts import Doubt
from storage.editions import in_force
from storage.file_text import TextReader
from storage.review_queue import Look

TOWNS = "xinbei-2011-towns"
RUBRIC = in_force(TOWNS, {})
MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday, 10:00 in the office's zone
SATURDAY = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)
CLAUSE = "8.2a"


@pytest.fixture
def li(office: Office, chen: Person) -> Person:
    """西夏墅镇's liaison; chen is 孟河镇's."""
    return office.person("li", "liaison", "西夏墅镇")


@pytest.fixture
def wang(office: Office, chen: Person, li: Person) -> Person:
    """Somebody of the office on a working morning; both towns have sent the same file for the same clause."""
    wang = office.person("wang", "office")
    office.now = MORNING
    for person, unit_id in ((chen, 1), (li, 2)):
        person.press_key(keys.pack("ask", unit_id, TOWNS, CLAUSE))
        person.send("98%")
        if "确认" in person.labels:
            person.press("确认")
        person.send_file("登记表.pdf")
    return wang


def found(office: Office, unit_id: int = 1, ident: str = CLAUSE) -> list[Doubt]:
    async def read() -> Any:
        async with office.database.read() as connection:
            return await doubts.of_clause_in(connection, 1, ZONE, (unit_id, TOWNS, ident))

    return office.run(read())  # type: ignore[no-any-return]


def look(office: Office, ident: str = CLAUSE) -> Look:
    async def read() -> Any:
        async with office.database.read() as connection:
            looks = await review_queue.of_campaign_in(connection, 1, office.now.date(), 1)
        return next(one for one in looks if one.criterion.id == ident)

    return office.run(read())  # type: ignore[no-any-return]


def press(person: Person, verb: str, *more: str, ident: str = CLAUSE) -> str:
    return person.press_key(keys.pack(verb, 1, TOWNS, ident, *more))


def told(person: Person) -> list[str]:
    return [row["text"] for row in person.rows() if not row["mine"] and "想问一句" in row["text"]]


def given(office: Office) -> list[tuple[str, str]]:
    async def read() -> Any:
        async with office.database.read() as connection:
            return [(v.kind, v.reason) for v in await verdicts.history_in(connection, 1, TOWNS, CLAUSE)]

    return office.run(read())  # type: ignore[no-any-return]


def test_the_reviewer_sees_a_question_and_the_unit_hears_nothing_by_itself(
    office: Office, chen: Person, wang: Person
) -> None:
    text = press(wang, "doubt")

    assert "《登记表.pdf》西夏墅镇也交了，是两家共用的吗？" in text
    assert wang.labels == ["问单位 1", "按此退回 1", "返回这一条"]
    assert told(chen) == []


def test_the_questions_of_a_unit_are_seen_together(office: Office, wang: Person) -> None:
    office.run(answers.record(office.database, office.now, 1, 1, RUBRIC, "1.1", True))

    text = wang.press_key(keys.pack("doubts", 1))

    assert "孟河镇 有 2 个疑问，在 2 条里" in text
    assert "一份材料也没有" in text
    assert RUBRIC.criteria[CLAUSE].label in wang.labels


def test_what_the_review_screen_offers(office: Office, wang: Person) -> None:
    those = found(office)

    labels = [option.label for option in doubting.options(look(office), those, files=True)]

    assert labels == ["疑问 1", "看文件里的数"]
    assert doubting.options(look(office), [], files=False) == ()


def test_the_review_screen_and_the_units_card_lead_to_the_questions(office: Office, wang: Person) -> None:
    wang.press_key(keys.pack("rv-see", 1, TOWNS, CLAUSE))
    assert "疑问 1" in wang.labels
    assert "看文件里的数" in wang.labels
    assert "是两家共用的吗" in wang.press("疑问 1")

    wang.send("单位 孟河镇")

    assert "是两家共用的吗" in wang.press("疑问 1")


def test_a_press_asks_the_unit_in_the_reviewers_name_without_the_other_units(
    office: Office, chen: Person, li: Person, wang: Person
) -> None:
    press(wang, "doubt")
    text = wang.press("问单位 1")

    (asked,) = told(chen)
    assert "已经用您的名义问 孟河镇" in text
    assert "别的单位也交了同一份，是共用的文件吗？" in asked
    assert "西夏墅" not in asked
    assert told(li) == []
    assert RUBRIC.criteria[CLAUSE].ask in chen.press("去看")


def test_the_same_question_is_asked_once_whoever_looks(office: Office, chen: Person, wang: Person) -> None:
    press(wang, "doubt")
    key = wang.key("问单位 1")
    wang.press_key(key)
    ma = office.person("ma", "office")

    assert "已经问过" in ma.press_key(key)
    assert "已问过单位" in press(ma, "doubt")
    assert len(told(chen)) == 1


def test_outside_office_hours_it_waits_for_the_next_working_day(office: Office, chen: Person, wang: Person) -> None:
    office.now = SATURDAY
    press(wang, "doubt")

    assert "11-30 09:00" in wang.press("问单位 1")
    assert told(chen) == []
    office.now = datetime(2026, 11, 30, 1, 0, 1, tzinfo=UTC)
    office.run(coming_due.bring_due(office.database, office.now))
    assert len(told(chen)) == 1


def test_an_answer_is_sent_back_with_the_question_as_the_reason(office: Office, wang: Person) -> None:
    press(wang, "doubt")

    text = wang.press("按此退回 1")

    assert "退回：孟河镇" in text
    assert given(office) == [("return", "《登记表.pdf》别的单位也交了同一份，是共用的文件吗？")]
    assert found(office) == []
    wang.press("撤销")
    assert len(found(office)) == 1


def test_a_verdict_ends_the_question_and_its_old_button_says_so(office: Office, chen: Person, wang: Person) -> None:
    press(wang, "doubt")
    key = wang.key("问单位 1")
    wang.press_key(keys.pack("rv-see", 1, TOWNS, CLAUSE))
    wang.press("通过")

    assert "已经没有了" in wang.press_key(key)
    assert "没有要问的了" in press(wang, "doubt")
    assert told(chen) == []


def test_a_version_that_changed_is_not_sent_back(office: Office, wang: Person) -> None:
    press(wang, "doubt")
    key = wang.key("按此退回 1")
    office.run(answers.record(office.database, office.now, 1, 1, RUBRIC, CLAUSE, 97))

    wang.press_key(key)

    assert given(office) == []


def test_a_unit_without_liaisons_cannot_be_asked(office: Office, wang: Person) -> None:
    press(wang, "doubt")
    office.run(people.remove(office.database, office.now, "test", 1, 1))

    assert "还没有联络员" in wang.press("问单位 1")


@pytest.fixture
def reading(office: Office) -> Iterator[None]:
    """Files can be looked into."""
    reader = TextReader(office.files)
    before = office.conversation
    office.conversation = Conversation(
        office.database, office.files, lambda: office.now, ZONE, lambda: None, reader=reader
    )
    yield
    office.run(reader.close())
    office.conversation = before


@pytest.mark.usefixtures("reading")
def test_a_figure_is_held_against_the_files_text(office: Office, chen: Person, wang: Person) -> None:
    chen.press_key(keys.pack("ask", 1, TOWNS, CLAUSE))
    chen.send_file("统计.docx", content=a_docx("新增特种设备使用登记率95%。"))

    text = press(wang, "doubt-file")

    assert "填的是 98%，文件里没有这个数，有 95%，以哪个为准？" in text


def test_a_file_made_months_after_its_date_is_asked_about_like_anything_else(
    office: Office, chen: Person, wang: Person
) -> None:
    chen.press_key(keys.pack("ask", 1, TOWNS, CLAUSE))
    chen.send_file("培训.pptx", content=slides("2026-11-05T01:00:00Z"))

    async def dated() -> None:
        async with office.database.write() as connection:
            (file,) = [
                one for one in await evidence.of_clause_in(connection, 1, TOWNS, CLAUSE) if one.evidence.kind == "pptx"
            ]
            about = (connection, office.now, 1, 1, file.evidence.id)
            await evidence.describe_in(*about, dated_on=date(2026, 3, 14))
        async with TextReader(office.files) as reader:
            await file_dates.read_new(office.database, reader, office.now, ZONE)

    office.run(dated())

    text = press(wang, "doubt")
    said = "《培训.pptx》写的是 2026年3月14日，文件属性显示 2026年11月5日制作，是后来整理或扫描的吗？"
    assert said in text
    assert told(chen) == []
    number = next(line.split(".")[0] for line in text.splitlines() if said in line)
    wang.press(f"问单位 {number}")
    assert said in told(chen)[0]


def test_a_figure_the_files_do_not_have_is_seen_wherever_questions_are(office: Office, chen: Person) -> None:
    wang = office.person("wang", "office")
    chen.press_key(keys.pack("ask", 1, TOWNS, CLAUSE))
    chen.send("98%")
    if "确认" in chen.labels:
        chen.press("确认")
    chen.send_file("统计.docx", content=a_docx("新增特种设备使用登记率95%。"))
    assert found(office) == []

    async def look_inside() -> None:
        async with TextReader(office.files) as reader:
            await file_figures.read_new(office.database, reader, office.now)

    office.run(look_inside())
    said = "填的是 98%，文件里没有这个数，有 95%，以哪个为准？"

    assert said in wang.press_key(keys.pack("rv-see", 1, TOWNS, CLAUSE))
    assert "看文件里的数" not in wang.labels  # it was looked for
    assert said in press(wang, "doubt")
    assert said in wang.press_key(keys.pack("doubts", 1))
    wang.press_key(keys.pack("rv-row", TOWNS, CLAUSE, 0))
    assert "孟河镇（有疑问）" in wang.press("其余全部通过")


def test_files_without_text_are_said_to_be_opened(wang: Person) -> None:
    assert "请直接打开看" in press(wang, "doubt-file")


@pytest.mark.parametrize(
    ("role", "unit"), [("liaison", "环保局"), ("leader", None), ("expert", None), ("provider", "质监分局")]
)
def test_each_other_role_gets_nothing(office: Office, chen: Person, wang: Person, role: str, unit: str | None) -> None:
    (doubt,) = found(office)
    basis = look(office).basis[:8]
    other = office.person("other", role, unit)

    said = [press(other, "doubt"), press(other, "doubt-file"), other.press_key(keys.pack("doubts", 1))]
    said += [press(other, "doubt-ask", doubt.ident), press(other, "doubt-back", basis, doubt.ident)]

    assert not [text for text in said if "登记表" in text or "西夏墅" in text]
    assert (told(chen), given(office)) == ([], [])


def test_nobody_asks_or_sends_back_the_own_unit(office: Office, chen: Person, wang: Person) -> None:
    (doubt,) = found(office)
    wang.start(office.invite("liaison", "孟河镇"))

    said = [press(wang, "doubt-ask", doubt.ident), wang.press_key(keys.pack("doubts", 1))]
    said.append(press(wang, "doubt-back", look(office).basis[:8], doubt.ident))

    assert all("本单位的事不能自己定" in text for text in said)
    assert (told(chen), given(office)) == ([], [])


def test_forged_keys_and_strangers_change_nothing(office: Office, chen: Person, wang: Person) -> None:
    (doubt,) = found(office)

    assert "已经没有了" in press(wang, "doubt-ask", "00000000")
    assert "没有改动任何东西" in wang.press_key(keys.pack("doubt-ask", 99, TOWNS, CLAUSE, doubt.ident))
    assert "没有改动任何东西" in wang.press_key(keys.pack("doubts", 99))
    assert "邀请" in press(Person(office, "nobody"), "doubt-ask", doubt.ident)
    assert (told(chen), given(office)) == ([], [])


def test_the_button_and_the_list_count_the_same(office: Office, wang: Person) -> None:
    for ident in ("1.1", "1.2", "1.4"):
        office.run(answers.record(office.database, office.now, 1, 1, RUBRIC, ident, True))
    wang.send("单位 孟河镇")
    button = next(label for label in wang.labels if label.startswith("疑问"))

    text = wang.press(button)

    several = button.removeprefix("疑问 ")
    assert f"孟河镇 有 {several} 个疑问" in text
    assert text.count("· ") == int(several)
    assert f"孟河镇 {several} 个" in wang.send("疑问")
