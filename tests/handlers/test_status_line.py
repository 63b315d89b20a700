"""The line on top says by when the next thing is to be done."""

from __future__ import annotations

from datetime import UTC, date, datetime

from talk import ZONE, Office, Person
from visits import TOWNS, answer, do, joined

from handlers.status import status_line
from storage import phases, verdicts


def line(office: Office, address: str, at: datetime) -> str:
    return office.run(status_line(office.database, "test", address, at, ZONE))


def test_the_line_on_top_names_the_next_date(office: Office, chen: Person) -> None:
    found = line(office, "chen", office.now)

    assert found.startswith("孟河镇 · 2026")
    assert found.endswith("下一件 12月21日")


def test_what_is_late_is_said_without_a_day(office: Office, chen: Person) -> None:
    assert line(office, "chen", datetime(2026, 12, 28, 2, 0, tzinfo=UTC)).endswith("有事到期了")


def test_a_deadline_of_the_office_moves_the_date(office: Office, chen: Person) -> None:
    async def sooner() -> None:
        async with office.database.write() as connection:
            days = (date(2026, 11, 1), date(2026, 12, 10))
            await phases.set_in(connection, office.now, "test", office.campaign.id, "自评", *days)

    office.run(sooner())

    assert line(office, "chen", office.now).endswith("下一件 12月10日")


def test_who_has_no_unit_has_no_next_date(office: Office) -> None:
    office.person("li", "office")

    assert line(office, "li", office.now) == "考核办 · 2026"


def test_who_is_of_the_office_and_of_a_town_reads_both(office: Office) -> None:
    li = office.person("li", "office")
    li.start(office.invite("liaison", "孟河镇"))

    assert line(office, "li", office.now).startswith("考核办兼孟河镇 · 2026 · 已核 ")
    li.send("得分")
    assert line(office, "li", office.now).startswith("考核办兼孟河镇 · 2026 · 已核 ")


def test_what_was_sent_back_is_not_counted_among_what_lacks_too(office: Office, chen: Person) -> None:
    joined(office, "wang", "王处", "office")
    answer(office, "1.1", True)
    answer(office, "1.4", True)
    about = (office.now, 2, 1, TOWNS, "1.1", "没盖章")
    given = do(office, verdicts.return_in, *about, basis=do(office, verdicts.shown_in, 1, TOWNS, "1.1"))
    do(office, verdicts.told_in, office.now, [given.verdict.id])

    assert "需补充 1 · 退回 1" in line(office, "chen", office.now)
    assert "需补充 1 条" in chen.send("我的得分")
