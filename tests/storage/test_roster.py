"""Rosters: what a good one gives, and where a bad one is told to be wrong."""

from __future__ import annotations

import random
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from rosters import HEADER, roster

from rubrics import loader
from storage.errors import RosterError
from storage.roster import Target, read_roster, write_template

RUBRICS = [loader.load(ident) for ident in ("xinbei-2011-towns", "xinbei-2011-departments", "xinbei-2011-tasks")]


def problems(path: Path) -> tuple[str, ...]:
    with pytest.raises(RosterError) as caught:
        read_roster(path, RUBRICS)
    return caught.value.problems


def test_a_row_gives_a_unit_with_aliases_liaisons_and_targets(tmp_path: Path) -> None:
    path = roster(
        tmp_path / "r.xlsx",
        (" 孟河镇 ", "镇", "孟河、小黄山,孟河", "陈芳，李明", 3, None),
        (None, None, None),
        ("质监分局", "部门", None, None),
        targets=("xinbei-2011-towns:2.4", "xinbei-2011-towns:4.2"),
    )

    menghe, bureau = read_roster(path, RUBRICS)

    assert (menghe.name, menghe.category) == ("孟河镇", "镇")
    assert menghe.aliases == ("孟河", "小黄山")
    assert menghe.liaisons == ("陈芳", "李明")
    assert menghe.targets == (Target("xinbei-2011-towns", "2.4", Decimal(3)),)
    assert (bureau.name, bureau.aliases, bureau.targets) == ("质监分局", (), ())


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ((None, "镇", "孟河"), "第2行：没有写单位名"),
        (("孟河镇", "村"), "第2行 孟河镇：类别「村」没有对应的细则，可填：镇、街道、部门"),
        (("孟河镇", None), "第2行 孟河镇：类别「」"),
        (("孟河镇", "镇", "孟河镇"), "「孟河镇」在第2行已经用过"),
        (("孟" * 61, "镇"), "有 61 个字，最多 60 个字"),
        (("孟河镇", "镇", None, None, "三只"), "第2行 孟河镇 xinbei-2011-towns:2.4：「三只」要填不小于 0 的数字"),
        (("孟河镇", "镇", None, None, -1), "「-1」要填不小于 0 的数字"),
        (("孟河镇", "镇", None, None, "NaN"), "「NaN」要填不小于 0 的数字"),
        (("质监分局", "部门", None, None, 3), "这份细则不考核部门"),
    ],
)
def test_a_wrong_cell_is_told_by_row_and_column(tmp_path: Path, row: tuple[Any, ...], words: str) -> None:
    path = roster(tmp_path / "r.xlsx", row, targets=("xinbei-2011-towns:2.4",))

    assert any(words in problem for problem in problems(path))


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    path = roster(tmp_path / "r.xlsx", ("孟河镇", "村"), (None, "镇", "孟河"), ("西夏墅镇", "镇", "孟河"))

    assert len(problems(path)) == 3


@pytest.mark.parametrize("title", ["xinbei-2011-towns:9.9", "xinbei-2011-towns:1.1", "nope:2.4", "备注"])
def test_a_column_that_hands_nothing_down_is_refused(tmp_path: Path, title: str) -> None:
    path = roster(tmp_path / "r.xlsx", ("孟河镇", "镇"), targets=(title,))

    assert [p for p in problems(path) if f"第1行第5列「{title}」" in p]


def test_a_column_given_twice_is_refused(tmp_path: Path) -> None:
    path = roster(tmp_path / "r.xlsx", ("孟河镇", "镇"), targets=("xinbei-2011-towns:2.4", "xinbei-2011-towns:2.4"))

    assert any("写了两遍" in problem for problem in problems(path))


def test_missing_columns_are_named(tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    roster(path)
    book = load_workbook(path)
    book.active["B1"] = "种类"
    book.save(path)

    assert problems(path)[0].startswith("第1行第2列要写「类别」")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut", "单位,类别\n孟河镇,镇".encode()])
def test_a_file_that_is_no_xlsx_gets_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "r.xlsx"
    path.write_bytes(content)

    assert "不是能打开的 xlsx 表格" in problems(path)[0]


def test_a_missing_file_and_an_empty_roster_get_a_sentence(tmp_path: Path) -> None:
    assert "没有文件" in problems(tmp_path / "no.xlsx")[0]
    assert "花名册里没有单位" in problems(roster(tmp_path / "r.xlsx"))[0]


def test_the_template_lists_every_task_that_can_be_handed_down_and_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"

    write_template(path, RUBRICS)

    book = load_workbook(path)
    titles = [cell.value for cell in book.worksheets[0][1]]
    assert titles[:4] == list(HEADER)
    assert {"xinbei-2011-towns:2.4", "xinbei-2011-towns:5.3"} <= set(titles)
    book.worksheets[0].append(["孟河镇", "镇"])
    book.save(path)
    assert [unit.name for unit in read_roster(path, RUBRICS)] == ["孟河镇"]


def test_a_roster_is_read_whatever_its_file_is_called(tmp_path: Path) -> None:
    kept = roster(tmp_path / "r.xlsx", ("孟河镇", "镇", "孟河", "陈芳")).rename(tmp_path / ("5" * 64))

    assert [unit.name for unit in read_roster(kept, RUBRICS)] == ["孟河镇"]


def test_a_roster_sent_to_the_bot_is_called_what_the_sender_called_it(tmp_path: Path) -> None:
    path = tmp_path / ("5" * 64)
    path.write_bytes(b"no sheet")

    with pytest.raises(RosterError, match=r"「花名册.xlsx」不是能打开的") as caught:
        read_roster(path, RUBRICS, "花名册.xlsx")
    assert "555" not in str(caught.value)


@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")  # about styles it cannot find in what was damaged
@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_roster_gets_a_sentence_or_is_read(tmp_path: Path, seed: int) -> None:
    """Half of them once ended in a traceback: each library beneath openpyxl has errors of its own."""
    whole = roster(tmp_path / "whole.xlsx", ("孟河镇", "镇", "孟河", "陈芳"))
    dice = random.Random(seed)
    with zipfile.ZipFile(whole) as book, zipfile.ZipFile(tmp_path / "damaged.xlsx", "w") as damaged:
        victim = dice.choice(book.namelist())
        for name in book.namelist():
            content = bytearray(book.read(name))
            for _ in range(3 * (name == victim)):
                content[dice.randrange(len(content))] = dice.choice(b'<>"0/a&')
            damaged.writestr(name, bytes(content[: dice.randrange(len(content))] if seed % 4 == 0 else content))

    try:
        found = read_roster(tmp_path / "damaged.xlsx", RUBRICS)
    except RosterError as error:
        assert str(error)  # noqa: PT017 - either end is right
    else:
        assert len(found) == 1


def test_a_roster_longer_than_can_be_read_is_not_cut_silently(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.roster.ROW_LIMIT", 2)
    units = [(f"{name}镇", "镇", "", "") for name in "甲乙丙丁"]

    assert len(read_roster(roster(tmp_path / "two.xlsx", *units[:2]), RUBRICS)) == 2
    assert "花名册最多 2 个单位，第4行起没有读，请分成几份" in problems(roster(tmp_path / "four.xlsx", *units))
