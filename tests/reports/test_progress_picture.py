"""Units under a rubric without points: rows done of rows, as a list."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from reports.score_picture import drawings, pictures
from reports.score_table import Done, Range, Row, ScoreTable

TASKS = ScoreTable(
    "2011年区质量振兴工作目标任务责任分解表",
    "截至 11-21 15:00",
    (),
    (
        Row("质监分局", (), total=Done(12, 20)),
        Row("环保局", (), total=Done(0, 3)),
        Row("审计局", (), total=Done(0, 0)),
    ),
)


def test_a_department_is_shown_with_its_rows_done(words: Any) -> None:
    (drawing,) = drawings(TASKS)

    assert [text for text, _ in words(drawing)][2:] == [
        "质监分局",
        "完成 12/20 行",
        "环保局",
        "完成 0/3 行",
        "审计局",
        "没有承担的任务",
    ]


def test_a_bar_is_as_long_as_what_is_done() -> None:
    (drawing,) = drawings(TASKS._replace(rows=TASKS.rows[:1]))

    track, bar = drawing.boxes
    assert bar.width == track.width * 12 / 20


def test_what_only_has_proof_makes_a_paler_bar(words: Any) -> None:
    (drawing,) = drawings(TASKS._replace(rows=(Row("质监分局", (), total=Done(5, 20, 12)),)))

    track, proven, verified = drawing.boxes
    assert (proven.width, verified.width) == (track.width * 12 / 20, track.width * 5 / 20)
    assert proven.fill != verified.fill
    assert words(drawing)[-1][0] == "完成 5–12/20 行"


def test_a_total_in_points_is_said_without_a_bar(words: Any) -> None:
    rows = (Row("雁江区", ()), Row("安岳县", (), total=Range(Decimal(40), Decimal(55))))

    (drawing,) = drawings(TASKS._replace(rows=rows))

    assert [text for text, _ in words(drawing)][2:] == ["雁江区", "—", "安岳县", "40–55"]


def test_a_roster_without_such_units_says_so(table: ScoreTable, words: Any) -> None:
    (drawing,) = drawings(table._replace(rows=()))

    assert words(drawing)[-1][0] == "名册里还没有这类单位"
    assert pictures(table._replace(rows=()))[0].startswith(b"\x89PNG")
