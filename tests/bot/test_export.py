"""`kaoping export`: the official tables on paper, from the campaign as it is or from a snapshot, in the office's template."""

from __future__ import annotations

import asyncio
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import formualizer
import openpyxl
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from bot.changes import carry_out
from bot.export_commands import export
from rubrics import loader
from storage import answers, campaigns, entries, scorecards, snapshots
from storage.clock import utc_now
from storage.data_folder import DATABASE, initialise
from storage.database import Database

TOWNS, DEPARTMENTS = loader.load("xinbei-2011-towns"), loader.load("xinbei-2011-departments")
LONG = "质" * 200
PERSON = 1
PROVINCIAL = ("6.1c 省级荣誉：加 5 分", "· =省质量工作先进集体（江苏省人民政府，省级，苏政发〔2026〕18号）")


async def fill(folder: Path) -> None:
    database = Database(folder / DATABASE)
    roster = [
        ["孟河镇", "镇", ["孟河"], [], []],
        ["=薛家镇", "镇", [], [], []],
        ["质监分局", "部门", [], [], []],
        [LONG, "镇", [], [], []],
    ]
    rubrics = [TOWNS.id, DEPARTMENTS.id]
    await carry_out(database, utc_now, "campaign new", {"year": 2026, "rubrics": rubrics, "roster": roster})
    async with database.write() as connection:
        await connection.execute(
            text("INSERT INTO person (id, name, created_at) VALUES (1, '陈芳', '2026-01-05 00:00:00')")
        )
        campaign = (await campaigns.campaigns_in(connection))[0]
        town = await campaigns.find_unit(connection, campaign.id, "孟河镇")
        for ident, fact in {"10.1": True, "10.2": Decimal(3)}.items():
            await answers.record_in(connection, utc_now(), PERSON, town, TOWNS, ident, fact)
        office = await campaigns.find_unit(connection, campaign.id, "质监分局")
        honour = {"name": "=省质量工作先进集体", "number": "苏政发〔2026〕18号", "happened_on": date(2026, 5, 6)}
        await entries.add_in(connection, utc_now(), PERSON, office, DEPARTMENTS, "6.1c", **honour)  # type: ignore[arg-type]
        await connection.execute(text("UPDATE entry SET granted_by = '江苏省人民政府', level = '省级'"))
        await snapshots.take_in(connection, utc_now(), "cli", campaign.id, campaign.code, "初评")
        await answers.record_in(connection, utc_now(), PERSON, town, TOWNS, "1.1", True)
        await entries.add_in(connection, utc_now(), PERSON, office, DEPARTMENTS, "6.1a", name="区质量先进")
    await database.close()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export") / "data"
    initialise(folder)
    asyncio.run(fill(folder))
    return folder


def exported(folder: Path, out: Path, *options: str, what: str = "sheet") -> Result:
    call = ["--campaign", "2026", "--what", what, "--out", str(out), *options]
    return CliRunner(env={"KAOPING_DATA_DIR": str(folder)}).invoke(export, call)


def totals(folder: Path) -> dict[tuple[str, str], Any]:
    """The stored claimed totals, by unit and rubric."""

    async def read() -> dict[tuple[str, str], Any]:
        database = Database(folder / DATABASE)
        rows = await scorecards.summary(database, 1)
        await database.close()
        return {(row.unit, row.rubric_id): row.claimed.total for row in rows}

    return asyncio.run(read())


def test_a_category_becomes_a_workbook_with_the_stored_totals(filled: Path, tmp_path: Path) -> None:
    done = exported(filled, tmp_path / "towns.xlsx", "--rubric", TOWNS.id, "--score", "claimed")

    book = openpyxl.load_workbook(tmp_path / "towns.xlsx", data_only=True)
    assert done.output.startswith(f"已写 1 个 sheet 文件到 {tmp_path / 'towns.xlsx'}\n操作记录到第 ")
    assert book.sheetnames == ["汇总", "孟河镇", "=薛家镇", LONG[:31], "事实", "校核"]
    summary = {row[0]: row[-1] for row in book["汇总"].iter_rows(min_row=5, values_only=True)}
    assert summary == {unit: total for (unit, rubric), total in totals(filled).items() if rubric == TOWNS.id}
    assert summary["孟河镇"] == 2 + 2 + 2  # 10.1, 10.2 one short of 4, 1.1


def test_the_check_sheet_of_an_export_agrees_with_another_engine(filled: Path, tmp_path: Path) -> None:
    exported(filled, tmp_path / "towns.xlsx", "--rubric", TOWNS.id, "--score", "claimed")

    book = formualizer.load_workbook_bytes((tmp_path / "towns.xlsx").read_bytes())
    book.evaluate_all()

    assert book.get_value("校核", 1, 2) == 0


def test_one_unit_becomes_a_document_with_its_honours(filled: Path, tmp_path: Path) -> None:
    exported(filled, tmp_path / "a.docx", "--unit", "质监分局", "--score", "claimed")

    opened = docx.Document(str(tmp_path / "a.docx"))
    cells = [[cell.text for cell in row.cells] for row in opened.tables[0].rows]
    assert "被考核工作部门：质监分局　　　　得分：7" in [paragraph.text for paragraph in opened.paragraphs]
    assert cells[6][5:] == ["7", "\n".join(("6.1a 区级荣誉：加 2 分", "· 区质量先进", *PROVINCIAL))]


def test_an_honour_registered_after_a_snapshot_is_not_in_it(filled: Path, tmp_path: Path) -> None:
    exported(filled, tmp_path / "a.docx", "--unit", "质监分局", "--score", "claimed", "--snapshot", "1")

    row = docx.Document(str(tmp_path / "a.docx")).tables[0].rows[6]
    assert [row.cells[5].text, row.cells[6].text] == ["5", "\n".join(PROVINCIAL)]


def test_verified_is_what_is_printed_unless_another_score_is_named(filled: Path, tmp_path: Path) -> None:
    exported(filled, tmp_path / "a.docx", "--unit", "孟河")

    opened = docx.Document(str(tmp_path / "a.docx"))
    assert opened.paragraphs[1].text.endswith("得分：0")
    assert opened.paragraphs[2].text.startswith("2026年度 · 已核 · 截至 ")


def test_a_snapshot_gives_the_figures_of_its_day_and_is_named(filled: Path, tmp_path: Path) -> None:
    exported(filled, tmp_path / "a.docx", "--unit", "孟河", "--score", "claimed", "--snapshot", "1")

    opened = docx.Document(str(tmp_path / "a.docx"))
    assert opened.paragraphs[1].text.endswith("得分：4")  # 1.1 was answered later
    assert opened.paragraphs[2].text.startswith("2026年度 · 自报 · 快照 1「初评」 · 20")


def test_a_folder_gets_a_workbook_a_rubric_and_a_document_a_unit(filled: Path, tmp_path: Path) -> None:
    exported(filled, tmp_path / "all")

    names = {path.name for path in (tmp_path / "all").iterdir()}
    assert {f"{TOWNS.id}.xlsx", f"{DEPARTMENTS.id}.xlsx", f"=薛家镇.{TOWNS.id}.docx"} <= names
    assert len(names) == 2 + 4
    assert all(len(name.encode()) < 255 for name in names)


def test_the_blank_forms_of_all_papers_are_written_to_be_changed(filled: Path, tmp_path: Path) -> None:
    exported(filled, tmp_path / "blank", what="template")

    names = {path.name for path in (tmp_path / "blank").iterdir()}
    assert names >= {
        f"{TOWNS.id}.docx",
        "通报稿.docx",
        "自评报告.docx",
        "领导一页.docx",
        "核查意见.docx",
        "整改报告.docx",
    }
    assert "{{考核情况}}" in [one.text for one in docx.Document(str(tmp_path / "blank" / "通报稿.docx")).paragraphs]


def test_the_offices_template_is_used_where_there_is_one(filled: Path, tmp_path: Path) -> None:
    exported(filled, tmp_path / "blank", "--rubric", TOWNS.id, what="template")
    template = docx.Document(str(tmp_path / "blank" / f"{TOWNS.id}.docx"))
    template.paragraphs[0].runs[0].text = "常州市新北区 {{标题}}"
    (filled / "templates").mkdir(exist_ok=True)
    template.save(str(filled / "templates" / f"{TOWNS.id}.docx"))

    exported(filled, tmp_path / "a.docx", "--unit", "孟河", "--score", "claimed")

    (filled / "templates" / f"{TOWNS.id}.docx").unlink()
    opened = docx.Document(str(tmp_path / "a.docx"))
    assert opened.paragraphs[0].text == f"常州市新北区 {TOWNS.title}"
    assert opened.tables[0].rows[10].cells[4].text == "4"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--unit", "没有镇"), "没有单位「没有镇」"),
        (("--rubric", "hunan"), "没有可以导出的"),
        (("--snapshot", "9"), "没有第 9 号快照，现有：1"),
        ((), "要写 2 个文件"),
    ],
)
def test_what_cannot_be_exported_is_a_sentence(
    filled: Path, tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    done = exported(filled, tmp_path / "a.xlsx", *options)

    assert said in str(done.exception)
    assert list(tmp_path.iterdir()) == []


def test_a_score_is_not_asked_of_facts(filled: Path, tmp_path: Path) -> None:
    done = exported(filled, tmp_path / "facts", "--score", "proven", what="facts")

    assert "只用于 --what sheet" in str(done.exception)


def test_a_workbook_of_the_office_is_filled_too(filled: Path, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["序号", "实得分"])
    (filled / "templates").mkdir(exist_ok=True)
    book.save(filled / "templates" / f"{TOWNS.id}.xlsx")

    exported(filled, tmp_path / "a.xlsx", "--unit", "孟河", "--score", "claimed")

    (filled / "templates" / f"{TOWNS.id}.xlsx").unlink()
    rows = list(openpyxl.load_workbook(tmp_path / "a.xlsx")["孟河镇"].iter_rows(values_only=True))
    assert rows[0] == ("序号", "实得分")
    assert rows[10:12] == [("10", 4), ("合计", 6)]
