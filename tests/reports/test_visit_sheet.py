"""现场核查表: read back from Word; each clause with its question, answer, what to look at, and a box to tick."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from proof_world import MENGHE, TOWNS, World
from talk import START, ZONE

from reports import visit_sheet
from reports.visit_sheet import Line, VisitSheet
from storage import campaigns, findings, review_groups, review_queue, samples, visit_clauses
from storage.review_groups import Group, Member, Visit
from storage.samples import Drawn

GROUP = Group(
    1, 1, "一组", None, None, None, (Member(2, "王处", True), Member(3, "李工", False)),
    (Visit(MENGHE, "孟河镇", date(2026, 12, 3)),),
)  # fmt: skip


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "data")
    made.answer("1.1", True)
    made.note("1.1", "offline", "分工文件", number="孟政发〔2026〕3号", place="档案室 3 号柜")
    made.answer("1.2", True)
    made.answer("2.2", False)
    yield made
    made.close()


def sheet(world: World, group: Group | None = GROUP) -> VisitSheet:
    (unit, *_) = world.read(campaigns.units_in, world.office.campaign.id)
    about = (world.office.campaign, unit, group, START, ZONE)
    return world.read(visit_sheet.of_unit, *about)  # type: ignore[no-any-return]


def read(made: VisitSheet) -> Any:
    return docx.Document(BytesIO(visit_sheet.document(made)))


def rows(made: VisitSheet) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in read(made).tables[0].rows]


def test_who_goes_where_and_when_stands_on_top(world: World) -> None:
    text = "\n".join(paragraph.text for paragraph in read(sheet(world)).paragraphs)

    assert "孟河镇2026年度现场核查表" in text
    assert "考核组：一组（王处、李工）　　核查日期：2026年12月3日" in text


def test_each_clause_has_question_answer_what_to_look_at_and_a_box(world: World) -> None:
    made = rows(sheet(world))

    assert made[0] == ["序号", "条目和问题", "填报", "看什么", "现场情况"]
    criterion = TOWNS.criteria["1.1"]
    row = next(row for row in made if row[1].startswith("1.1 "))
    assert row[1] == f"1.1 {criterion.label}\n{criterion.ask}"
    assert row[2] == "有"
    assert "看原件：分工文件（孟政发〔2026〕3号），在 档案室 3 号柜" in row[3].split("\n")
    assert row[4].split("\n")[0] == "□属实　□存疑　□不符"


def test_it_lists_just_what_is_worth_looking_at(world: World) -> None:
    to_look = world.read(visit_clauses.of_unit_in, 1, MENGHE, START.date(), ZONE)

    made = rows(sheet(world))[1:]

    expected = [f"{one.look.criterion.id} {one.look.criterion.label}" for one in to_look]
    assert [row[1].split("\n")[0] for row in made] == expected
    assert [row[0] for row in made] == [str(n) for n in range(1, len(expected) + 1)]
    assert not any(name.startswith("2.2 ") for name in expected)


def test_a_question_and_a_sample_say_why(world: World) -> None:
    looks = world.read(review_queue.of_campaign_in, 1, START.date(), MENGHE)
    (look,) = [one for one in looks if one.clause == (MENGHE, TOWNS.id, "2.2")]
    world.do(samples.draw_in, 1, [Drawn(look.clause, look.basis)], 1)

    made = {row[1].split(" ")[0]: row[3] for row in rows(sheet(world))[1:]}

    assert made["2.2"].startswith("抽查：核对")
    assert made["1.2"].startswith("疑问：")


def find(world: World, ident: str, outcome: str, words: str) -> None:
    world.office.person("wang", "office")
    world.do(findings.add_in, MENGHE, TOWNS, ident, outcome, words, person=2)


def test_what_was_found_already_is_on_the_sheet(world: World) -> None:
    find(world, "1.1", "fine", "")
    world.do(findings.add_in, MENGHE, TOWNS, "1.1", "wrong", "柜里没有这份文件", person=2)

    made = {row[1].split(" ")[0]: row[4].split("\n") for row in rows(sheet(world))[1:]}

    assert made["1.1"][0] == "□属实　□存疑　■不符"
    assert made["1.1"][1].endswith("：属实")
    assert made["1.1"][2].endswith("：不符，柜里没有这份文件")
    assert made["1.2"][0] == "□属实　□存疑　□不符"


def test_what_was_found_about_another_clause_is_on_the_sheet_too(world: World) -> None:
    find(world, "2.2", "doubtful", "说是去年的")

    *_, last = rows(sheet(world))

    assert last[1].startswith("2.2 ")
    assert "存疑，说是去年的" in last[4]
    text = "\n".join(paragraph.text for paragraph in read(sheet(world)).paragraphs)
    assert "已经记过 1 条" in text


def test_without_a_group_who_and_when_are_left_to_be_written(world: World) -> None:
    made = sheet(world, None)

    assert (made.group, made.members, made.on) == ("", (), None)
    text = "\n".join(paragraph.text for paragraph in read(made).paragraphs)
    assert "核查日期：　　　　年　　月　　日" in text


def test_a_group_that_goes_elsewhere_gives_no_day(world: World) -> None:
    elsewhere = GROUP._replace(visits=(Visit(2, "西夏墅镇", date(2026, 12, 4)),))

    assert sheet(world, elsewhere).on is None


def test_a_sheet_without_clauses_is_refused(world: World) -> None:
    with pytest.raises(ValueError, match="nothing to look at"):
        visit_sheet.document(sheet(world)._replace(lines=()))


def test_hostile_and_endless_words_stay_words(world: World) -> None:
    odd = Line("1.1", "\u202e=1+1" + "长" * 300, "<w:p/>\x00", "\ud83d", ("@SUM(A1)",))
    made = sheet(world)._replace(unit="镇\u202e", lines=(odd,))

    (row,) = rows(made)[1:]

    assert row[1] == "1.1 =1+1" + "长" * 300 + "\n<w:p/>"
    assert row[3] == "@SUM(A1)"


def test_a_kept_group_is_what_the_sheet_names(world: World) -> None:
    world.office.person("wang", "office")
    saved = world.do(review_groups.save_in, 1, "二组", (2,), ((MENGHE, None),))

    assert sheet(world, saved).group == "二组"
