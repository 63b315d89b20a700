"""核查意见: read back from Word; every figure is the engine's; what is still open is named; both sign."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from proof_world import MENGHE, TOWNS, World
from talk import START, ZONE

from reports import review_opinion
from reports.review_opinion import ReviewOpinion
from reports.score_table import shown
from rubrics.figures import plain, two_decimals
from storage import findings, review_groups, scorecards, unit_facts, verdicts

THEN = START + timedelta(hours=1)
PHOTO = {"ref": "a" * 64, "name": "台账.jpg", "size_bytes": 9}
OFFICE, EXPERT = 2, 3


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """1.1 was seen to be so and passed, 10.2 changed from 4 to 2, 1.2 sent back, 2.1 seen but not decided."""
    made = World(tmp_path / "data")
    made.office.person("wang", "office")
    made.office.person("li", "expert")
    for ident, fact in (("1.1", True), ("1.2", True), ("2.1", True), ("2.3", True), ("10.2", 4)):
        made.answer(ident, fact)
    made.do(review_groups.save_in, 1, "一组", (OFFICE, EXPERT), ((MENGHE, date(2026, 12, 3)),))
    find(made, "1.1", "fine", "")
    find(made, "10.2", "wrong", "只有两条见报", (PHOTO, PHOTO))
    find(made, "1.2", "doubtful", "纪要没有签到")
    find(made, "2.1", "wrong", "规划没有发文")
    decide(made, verdicts.pass_in, "1.1")
    decide(made, verdicts.change_in, "10.2", 2, "只有两条见报")
    decide(made, verdicts.return_in, "1.2", "纪要没有签到")
    yield made
    made.close()


def find(world: World, ident: str, outcome: str, words: str, files: Any = ()) -> None:
    about = (MENGHE, TOWNS, ident, outcome, words, files)
    world.do(findings.add_in, *about, at=THEN, person=EXPERT, group_id=1)


def decide(world: World, how: Any, ident: str, *words: object, came: str = "visit") -> None:
    basis = world.read(verdicts.shown_in, MENGHE, TOWNS, ident)
    world.do(how, MENGHE, TOWNS, ident, *words, at=THEN, person=OFFICE, basis=basis, how=came)


def opinion(world: World, unit: int = MENGHE) -> ReviewOpinion:
    about = (world.office.campaign, unit, THEN, ZONE)
    return world.read(review_opinion.of_unit, *about)  # type: ignore[no-any-return]


def read(made: ReviewOpinion) -> Any:
    return docx.Document(BytesIO(review_opinion.document(made)))


def rows(made: ReviewOpinion) -> dict[str, list[str]]:
    table = read(made).tables[0]
    return {row.cells[1].text.split(" ")[0]: [cell.text for cell in row.cells] for row in table.rows[1:]}


def said(made: ReviewOpinion) -> str:
    return "\n".join(paragraph.text for paragraph in read(made).paragraphs)


def points(world: World, ident: str, which: str) -> str:
    """What the engine gives a clause on its own."""
    known = world.read(unit_facts.of_unit, MENGHE, TOWNS)
    scored = scorecards.plan_of(TOWNS).score(getattr(known, which))
    (line,) = [line for line in scored.lines if line.clause.id == ident]
    return plain(two_decimals(scored.points(line.points)))


def test_unit_group_and_days_stand_on_top(world: World) -> None:
    text = said(opinion(world))

    assert "孟河镇2026年度质量工作核查意见" in text
    assert "被核查单位：孟河镇　　考核组：一组（" in text
    assert "核查日期：2026年11月21日" in text


def test_each_clause_has_what_was_found_and_old_and_new_with_the_engines_points(world: World) -> None:
    made = rows(opinion(world))

    assert list(made) == ["1.1", "1.2", "2.1", "10.2"]
    assert made["10.2"][2] == "11月21日 没写姓名：不符，只有两条见报（照片 2 张）"
    assert made["10.2"][3] == f"4 条，{points(world, '10.2', 'claimed')} 分"
    assert made["10.2"][4] == f"2 条，{points(world, '10.2', 'verified')} 分"
    assert made["10.2"][5] == "只有两条见报"
    assert made["1.1"][3:] == [f"有，{points(world, '1.1', 'claimed')} 分"] * 2 + ["—"]
    assert made["1.2"][4:] == ["退回", "纪要没有签到"]
    assert made["2.1"][4:] == ["待核", "—"]


def test_the_totals_are_the_engines(world: World) -> None:
    (row,) = [r for r in world.read(scorecards.summary_in, 1, MENGHE) if r.rubric_id == TOWNS.id]

    total = f"自报 {shown(row.claimed.total)} 分，截至目前已核 {shown(row.verified.total)} 分。"

    assert f"满分 100 分，{total}" in said(opinion(world))
    assert row.verified.total != row.claimed.total
    assert row.verified.total != Decimal(0)


def test_what_is_still_open_is_named(world: World) -> None:
    left = opinion(world).left

    label = {ident: TOWNS.criteria[ident].label for ident in TOWNS.criteria}
    assert f"1.2 {label['1.2']}已退回，等单位补" in left
    assert f"2.1 {label['2.1']}看过了，还没有核定" in left
    assert any(words.startswith(f"2.3 {label['2.3']}还没有看（疑问：") for words in left)
    assert not any(words.startswith(("1.1 ", "10.2 ")) for words in left)
    assert all(f"{words}。" in said(opinion(world)) for words in left)


def test_a_verdict_at_the_desk_is_not_on_the_paper_of_the_visit(world: World) -> None:
    decide(world, verdicts.pass_in, "2.3", came="seen")

    assert "2.3" not in rows(opinion(world))


def test_what_changed_after_the_verdict_waits_again(world: World) -> None:
    world.answer("10.2", 3)

    made = rows(opinion(world))

    assert made["10.2"][3].startswith("3 条")
    assert made["10.2"][4] == "变更待核"


def test_an_ended_group_still_signs(world: World) -> None:
    world.do(review_groups.end_in, 1, 1)

    assert opinion(world).group == "一组"


def test_both_sign(world: World) -> None:
    last = read(opinion(world)).tables[-1]

    assert [cell.text for cell in last.rows[0].cells] == ["考核组（签字）：", "孟河镇负责人（签字、盖章）："]


def test_a_unit_nobody_looked_at_has_no_paper(world: World) -> None:
    made = opinion(world, unit=2)

    assert made.lines == ()
    with pytest.raises(ValueError, match="something that was looked at"):
        review_opinion.document(made)


def test_hostile_words_stay_words(world: World) -> None:
    find(world, "2.2", "wrong", "=1+1\u202e<w:p/>\x07")

    assert "不符，=1+1<w:p/>" in rows(opinion(world))["2.2"][2]
