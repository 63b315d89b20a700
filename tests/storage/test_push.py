"""Notices, information reports and clues as they are kept: numbered, audited without words, changed only forward."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics import loader
from storage import audit, campaigns, clues, information, invitations, notices, people
from storage.database import Database
from storage.errors import NotFoundError, StorageError
from storage.roster import RosterUnit
from storage.tables import AuditRow

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
Run = Callable[[Callable[[Database], Awaitable[Any]]], Any]

_audit: Any = AuditRow.__table__  # type: ignore[attr-defined]


@pytest.fixture
def write(run: Run) -> Callable[[Callable[[AsyncConnection], Awaitable[Any]]], Any]:
    """Runs a use case in a campaign of a town and a department; person 1 is the town's liaison."""

    async def prepare(database: Database) -> None:
        rubrics = [loader.load("xinbei-2011-towns"), loader.load("xinbei-2011-departments")]
        units = [RosterUnit("孟河镇", "镇", (), (), ()), RosterUnit("环保局", "部门", (), (), ())]
        made = await campaigns.create(database, NOW, "test", 2026, rubrics, units)
        code = (await invitations.invite(database, NOW, "test", made, "liaison", unit="孟河镇")).code
        await people.redeem(database, NOW, "test", "chen", code)

    run(prepare)

    def runner(use_case: Callable[[AsyncConnection], Awaitable[Any]]) -> Any:
        async def work(database: Database) -> Any:
            async with database.write() as connection:
                return await use_case(connection)

        return run(work)

    return runner


async def reported(connection: AsyncConnection, title: str = "质量月", on: date = TODAY) -> information.Report:
    words: dict[str, Any] = {"title": title, "text": "正文机密词", "reported_on": on, "received_on": on}
    return await information.add_in(connection, NOW, 1, 1, **words, evidence=[])


def test_reports_are_numbered_and_found_by_their_days(write: Any) -> None:
    async def work(connection: AsyncConnection) -> Any:
        first = await reported(connection, "春天", date(2026, 3, 1))
        second = await reported(connection, "秋天", date(2026, 9, 30))
        spring = await information.of_campaign_in(connection, 1, date(2026, 3, 1), date(2026, 3, 31))
        return first.receipt, second.receipt, [one.title for one in spring]

    assert write(work) == ("信息2026-0001", "信息2026-0002", ["春天"])


@pytest.mark.parametrize("title", ["", "  ", "！！"])
def test_a_report_needs_a_title(write: Any, title: str) -> None:
    with pytest.raises(StorageError, match="还没有标题"):
        write(lambda connection: reported(connection, title))


def test_a_report_of_no_unit_or_of_another_campaign_is_not_found(write: Any) -> None:
    async def work(connection: AsyncConnection) -> None:
        one = await reported(connection)
        await information.find_in(connection, one.id, unit_id=1, campaign_id=1)
        await information.find_in(connection, one.id, unit_id=2)

    with pytest.raises(NotFoundError):
        write(work)


def test_a_day_is_missed_once_it_has_passed_without_a_report_since_the_one_before(write: Any) -> None:
    terms = (date(2026, 3, 31), date(2026, 6, 30), date(2026, 12, 10))

    async def work(connection: AsyncConnection) -> Any:
        await reported(connection, "一", date(2026, 3, 31))
        back = await reported(connection, "二", date(2026, 6, 30))
        await information.decide_in(connection, NOW, 1, back, "returned", "请补时间")
        all_of = await information.of_unit_in(connection, 1)
        return (
            information.missed(terms, all_of[:1], date(2026, 6, 30)),
            information.missed(terms, all_of, date(2026, 7, 1)),
            information.missed(terms, [], date(2026, 3, 31)),
        )

    assert write(work) == ((), (date(2026, 6, 30),), ())


def test_the_newest_days_count(write: Any) -> None:
    async def work(connection: AsyncConnection) -> Any:
        before = await information.terms_in(connection, 1)
        await information.set_terms_in(connection, NOW, 1, 1, [date(2026, 12, 10)])
        await information.set_terms_in(connection, NOW, 1, 1, [date(2026, 12, 20), date(2026, 6, 30)])
        return before, await information.terms_in(connection, 1)

    assert write(work) == ((), (date(2026, 6, 30), date(2026, 12, 20)))


def test_no_words_of_anybody_are_in_the_audit_trail(write: Any) -> None:
    async def work(connection: AsyncConnection) -> Any:
        await reported(connection)
        clue = await clues.add_in(connection, NOW, 1, 1, "正文机密词")
        await clues.decide_in(connection, NOW, 1, clue, is_true=False, why="正文机密词")
        words: dict[str, Any] = {"kind": "read", "text": "正文机密词", "file": None, "answer_by": None, "unit_ids": [1]}
        notice = await notices.add_in(connection, NOW, 1, 1, **words)
        await notices.answer_in(connection, NOW, 1, 1, notice, "got", "正文机密词")
        rows = list(await connection.execute(select(_audit.c.action, _audit.c.subject)))
        return [row.action for row in rows], "".join(row.subject for row in rows)

    actions, subjects = write(work)
    assert {"information.reported", "clue.given", "clue.false", "notice.sent", "notice.answered"} <= set(actions)
    assert "机密" not in subjects
    assert "\\u673a" not in subjects


def test_an_answer_said_twice_is_kept_once(write: Any) -> None:
    async def work(connection: AsyncConnection) -> Any:
        words: dict[str, Any] = {"kind": "read", "text": "通知", "file": None, "answer_by": None, "unit_ids": [2, 1, 2]}
        notice = await notices.add_in(connection, NOW, 1, 1, **words)
        for answer in ("got", "got"):
            await notices.answer_in(connection, NOW, 1, 1, notice, answer)
        said = [row.action for row in await connection.execute(select(_audit.c.action))]
        return [(one.unit, one.answer) for one in await notices.standing_in(connection, notice.id)], said

    standing, said = write(work)
    assert standing == [("孟河镇", "got"), ("环保局", "")]
    assert said.count("notice.answered") == 1


@pytest.mark.parametrize(("text", "units"), [("", [1]), ("字" * 2001, [1]), ("通知", [])])
def test_a_notice_needs_words_and_somebody_to_read_them(write: Any, text: str, units: list[int]) -> None:
    words: dict[str, Any] = {"kind": "read", "text": text, "file": None, "answer_by": None, "unit_ids": units}

    with pytest.raises(StorageError):
        write(lambda connection: notices.add_in(connection, NOW, 1, 1, **words))


def test_a_clue_is_not_verified_by_who_gave_it_nor_joined_to_one_that_is_not_true(write: Any) -> None:
    async def own(connection: AsyncConnection) -> None:
        await clues.hand_in(connection, NOW, 1, await clues.add_in(connection, NOW, 1, 1, "线索一"), 1)

    async def joined(connection: AsyncConnection) -> None:
        first = await clues.add_in(connection, NOW, 1, 1, "线索二")
        second = await clues.add_in(connection, NOW, 1, 1, "线索三")
        await clues.decide_in(connection, NOW, 1, second, is_true=True, same_case=first)

    with pytest.raises(StorageError, match="不能由报的单位自己核实"):
        write(own)
    with pytest.raises(StorageError, match="还没有核实为属实"):
        write(joined)


def test_the_chain_still_holds(write: Any) -> None:
    async def work(connection: AsyncConnection) -> Any:
        await reported(connection)
        return await audit.walk(connection)

    assert write(work).broken == ()
