"""What the papers of the whole campaign must say, each figure against the engine's on the books kept by hand."""

from __future__ import annotations

import hashlib

import whole_campaign_papers as papers
from recalculated import recalculated
from talk import ZONE
from whole_campaign import DEPARTMENTS, PLANS, TASKS, TOWNS, Books, Sheet, Year, rows_of
from whole_campaign_papers import grids, one, paragraphs, sent, tables

from channels import keys
from reports import official_filling, official_sheet
from reports.check_sheet import Checked
from reports.official_filling import Filled
from reports.score_table import NOTHING
from rubrics import losses
from rubrics.model import Rubric
from storage import scorecards, unit_facts

SCORES = ("claimed", "proven", "verified")


def same_as_books(year: Year, *scores: str) -> None:
    """The facts of all units, and the stored scores, are what the books say: all three, or those that are named."""
    rows = {(row.unit, row.rubric_id): row for row in year.read(scorecards.summary_in, 1)}
    for sheet in year.books.sheets:
        known = year.read(unit_facts.of_unit, sheet.unit_id, sheet.rubric)
        for score in scores or SCORES:
            assert getattr(known, score) == year.books.facts(sheet, score), (sheet.name, score)
            figures, scored = getattr(rows[sheet.name], score), year.books.scored(sheet, score)
            if sheet.rubric is TASKS:
                own = rows_of(sheet, scored)
                assert {ident: figures.rows[ident] for ident in own} == own
            else:
                assert papers.printed(figures.total) == papers.total(sheet, scored)


def filled(year: Year, score: str, snapshot: int | None = None) -> list[Filled]:
    found = year.read(official_filling.tables_in, 1, score, year.office.now, ZONE, snapshot=snapshot)
    assert [(made.table.unit, made.rubric.id) for made in found] == [sheet.name for sheet in year.books.sheets]
    return found  # type: ignore[no-any-return]


def check_official_tables(year: Year) -> None:
    """The frozen tables as the chat gives them, xlsx with 校核 and docx; then those of what is claimed and proven."""
    year.wang.send("导出 得分表")
    year.wang.press("全部单位")
    made = sent(year.wang, lambda: year.wang.press("快照1"))
    for rubric in (TOWNS, DEPARTMENTS, TASKS):
        ours = {name: content for name, content in made.items() if rubric.title in name}
        check_workbook(year.books, rubric, "verified", one(ours, ".xlsx"))
        check_documents(year.books, rubric, papers.unzipped(one(ours, ".zip")))
    for score in ("claimed", "proven"):
        found = filled(year, score)
        for rubric in (TOWNS, DEPARTMENTS):
            own = [made for made in found if made.rubric.id == rubric.id]
            checked = [made.checked for made in own]
            content = official_sheet.workbook([made.table for made in own], PLANS[rubric.id], checked)
            check_workbook(year.books, rubric, score, content)


def check_workbook(books: Books, rubric: Rubric, score: str, content: bytes) -> None:
    """The official tables of a rubric as xlsx, and its 校核 sheet worked out again by an engine that is not ours."""
    own, plan = [sheet for sheet in books.sheets if sheet.rubric is rubric], PLANS[rubric.id]
    pages = grids(content, {sheet.unit for sheet in own})
    for sheet in own:
        expected = papers.expected_column(sheet, books.scored(sheet, score))
        assert papers.scored_column(pages[sheet.unit]) == expected, (sheet.name, score)
    again = recalculated(content, plan, [Checked(sheet.unit, books.scored(sheet, score)) for sheet in own])
    figures = len(rubric.criteria) + len(rubric.items) + (rubric is not TASKS)  # a total, where there is one
    assert (again.different, again.said, again.cells) == ([], 0, len(own) * figures)


def check_documents(books: Books, rubric: Rubric, made: dict[str, bytes]) -> None:
    """The official table of each unit as docx, which names the snapshot."""
    own = [sheet for sheet in books.sheets if sheet.rubric is rubric]
    assert list(made) == [f"{sheet.unit}.docx" for sheet in own]
    for sheet in own:
        content = made[f"{sheet.unit}.docx"]
        expected = papers.expected_column(sheet, books.scored(sheet, "verified"))
        assert papers.scored_column(tables(content)[0]) == expected, sheet.name
        assert "2026年度 · 已核 · 快照 1 · 2027-01-27 · 审定" in paragraphs(content)


def check_what_the_chat_exports(year: Year) -> None:
    """自评报告 and 附件1 as the chat gives them for all units."""
    year.wang.send("导出 自评报告")
    reports = papers.unzipped(one(sent(year.wang, lambda: year.wang.press("全部单位")), ".zip"))
    for sheet in (sheet for sheet in year.books.sheets if sheet.rubric is not TASKS):
        check_self_report(year.books, sheet, paragraphs(reports[f"2026_{sheet.unit}_自评报告.docx"]))
    done = "工作情况：小组和班子：工作班子 有，领导小组 没有；职责分工：有；有效运作：没有；考核兑现：有。"
    assert done in paragraphs(reports["2026_质监分局_自评报告.docx"])
    annexes = sent(year.wang, lambda: year.wang.send("导出 附件1 1月27日"))
    own = [sheet for sheet in year.books.sheets if sheet.rubric is TASKS]
    rows = {sheet.unit: rows_of(sheet, year.books.scored(sheet, "claimed")) for sheet in own}
    expected = [
        (item.id, unit, f"{found[item.id][0]}/{found[item.id][1]}")
        for item in TASKS.items
        for unit, found in rows.items()
        if item.id in found
    ]
    (sheet_rows,) = grids(one(annexes, ".xlsx")).values()
    assert [(row[0], row[2], row[4]) for row in sheet_rows[3:]] == expected
    assert [(row[0], row[2], row[4]) for row in tables(one(annexes, ".docx"))[0][1:]] == expected


def check_self_report(books: Books, sheet: Sheet, words: list[str]) -> None:
    claimed, proven = (books.scored(sheet, score) for score in ("claimed", "proven"))
    total = f"自评 {papers.total(sheet, claimed)} 分，满分 100 分；其中有材料的 {papers.total(sheet, proven)} 分。"
    assert total in words, sheet.name
    for item, points in zip(sheet.rubric.items, papers.points(claimed).values(), strict=True):
        of = papers.printed(item.points or 0)
        assert f"{item.id}. {item.title}（标准分 {of} 分，自评 {papers.printed(points)} 分）" in words, sheet.name


def check_lists_of_units(year: Year) -> None:
    """领导一页 as the leader gets it, and 通报稿 from the snapshot: totals, what is lacking, what most units lost."""
    page = one(sent(year.leader, lambda: year.leader.send("导出 领导一页")), ".docx")
    notice = one(sent(year.wang, lambda: year.wang.send("导出 通报稿")), ".docx")
    listed, told = tables(page), tables(notice)
    for place, rubric in enumerate((TOWNS, DEPARTMENTS)):
        own = [sheet for sheet in year.books.sheets if sheet.rubric is rubric]
        totals = papers.totals(year.books, rubric)
        missing = [str(papers.lacking(year.books, sheet)) for sheet in own]
        assert {row[0]: row[1] for row in listed[place][1:]} == totals
        assert {row[2] for row in listed[place][1:]} == {f"{len(rubric.criteria)}/{len(rubric.criteria)}"}
        assert [row[4] for row in listed[place][1:]] == missing
        assert {row[1]: row[2] for row in told[place][1:]} == totals
        lost = papers.most_lost(year.books, rubric)
        assert f"离满分差得最多的项目：{lost}。" in paragraphs(page)
        assert f"失分较多的项目：{lost}。" in paragraphs(notice)
    done = papers.totals(year.books, TASKS)
    assert {row[1]: row[2] for row in told[2][1:]} == done
    assert f"完成行数：{'、'.join(f'{unit} {rows}' for unit, rows in done.items())}。" in paragraphs(page)
    assert any("快照 1 · 2027-01-27 · 审定" in words for words in paragraphs(notice))


def check_the_evidence_pack(year: Year) -> None:
    """A town's pack: the files of its clauses and the signed page, each where the index says, its bytes the index's hash."""
    year.wang.send("导出 佐证包 孟河镇")
    held = papers.unzipped(one(sent(year.wang, lambda: year.wang.press("做佐证包")), ".zip"))
    (index,) = grids(held.pop("目录.xlsx")).values()
    head = index[2]
    rows = [dict(zip(head, row, strict=True)) for row in index[3:]]
    files = {row["文件"]: row for row in rows if row["文件"]}
    names = ["专人和部门分工文件.pdf", "名牌申报材料.pdf", "申报回执.pdf", "使用登记率统计.pdf", "签字页.jpg"]
    assert [row["原文件名"] for row in files.values() if row["状态"] == "现行"] == names
    assert {path: hashlib.sha256(content).hexdigest() for path, content in held.items()} == {
        path: row["SHA-256"] for path, row in files.items()
    }
    assert {row["状态"] for row in rows} >= {"现行", "线下核验"}


def check_the_opinion_on_site(year: Year) -> None:
    """核查意见: what was found, old and new, and the totals of both rubrics."""
    sheet = year.books.of("罗溪镇", TOWNS)
    content = one(sent(year.wang, lambda: year.wang.press_key(keys.pack("vs-paper", sheet.unit_id))), ".docx")
    (row,) = [row for row in tables(content)[0][1:] if row[1] == f"2.2 {TOWNS.criteria['2.2'].label}"]
    claimed, verified = (papers.total(sheet, year.books.scored(sheet, score)) for score in ("claimed", "verified"))
    total = f"《{TOWNS.title}》满分 100 分，自报 {claimed} 分，截至目前已核 {verified} 分。"
    assert "不符" in row[2]
    assert "文件没有印发" in row[2]
    assert (row[3][0], row[4][:2]) == ("有", "没有")
    assert total in paragraphs(content)


def check_the_list_to_mend(year: Year) -> None:
    """整改清单: every clause that lost something, with how much, for all units."""
    content = one(sent(year.wang, lambda: year.wang.press_key(keys.pack("rectify-sheet", 0))), ".xlsx")
    (page,) = grids(content).values()
    head = page[2]
    listed = [(row[1], row[head.index("条目")], row[head.index("扣分")]) for row in page[3:]]
    expected = [
        (sheet.unit, f"{loss.criterion.id} {loss.criterion.label}", papers.printed(loss.lost) if loss.lost else NOTHING)
        for sheet in year.books.sheets
        for loss in losses.of_unit(year.books.scored(sheet, "verified"), sheet.unit, sheet.category)
    ]
    assert listed == expected
