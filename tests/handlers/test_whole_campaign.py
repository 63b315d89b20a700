"""A whole campaign of nine towns and twelve departments, from filing to the last line struck off, and all its papers.

Three liaisons and two people of the office talk; what the other eighteen units answer is recorded in bulk. No rubric of
this campaign has a veto: what takes two people here is a reading that is switched, and scores that are opened again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import whole_campaign_papers as papers
from recalculated import recalculated
from talk import ZONE, Person
from whole_campaign import DEPARTMENTS, PLANS, TASKS, TOWNS, Books, Sheet, Year, look_at, rows_of
from whole_campaign_papers import grids, one, paragraphs, sent, tables

from channels import keys
from reports import official_filling, official_sheet, official_word
from reports.check_sheet import Checked
from reports.official_filling import Filled
from rubrics import losses
from storage import audit, rectifications, result_steps, samples, scorecards, submissions, targets, unit_facts

SCORES = ("claimed", "proven", "verified")
PHASES = (
    ("目标备案", "2026-01-05 2026-01-31"),
    ("日常收集", "2026-02-01 2026-12-31"),
    ("自评", "2026-12-01 2027-01-10"),
    ("资料核查", "2027-01-11 2027-01-20"),
    ("实地核查", "2027-01-15 2027-01-20"),
)
MENGHE, LUOXI, CHUNJIANG = ("孟河镇", TOWNS.id), ("罗溪镇", TOWNS.id), ("春江镇", TOWNS.id)


@pytest.fixture
def year(tmp_path: Path) -> Iterator[Year]:
    made = Year(tmp_path / "data")
    yield made
    made.office.close()


def test_a_whole_campaign_and_every_figure_of_its_papers(year: Year) -> None:
    file_targets(year)
    collect(year)
    hand_in(year)
    review_clauses(year)
    review_on_site(year)
    review_the_rest(year)
    book_what_the_office_knows(year)
    refuse_another_reading(year)
    give_first_results_and_decide_an_appeal(year)
    freeze(year)
    check_official_tables(year)
    check_what_the_chat_exports(year)
    check_lists_of_units(year)
    check_the_evidence_pack(year)
    check_the_opinion_on_site(year)
    use_the_results(year)
    rectify(year)
    open_again_and_change(year)
    check_nothing_is_out_of_step(year)


def file_targets(year: Year) -> None:
    """目标备案: the calendar, and every task handed down is confirmed."""
    for name, days in PHASES:
        assert f"{name} 定在" in year.wang.send(f"考核 {name} {days}")
    assert "下达任务 3 只" in year.chen.press_key(keys.pack("ask", 2, TOWNS.id, "2.4"))
    assert "您已经确认" in year.chen.press("任务数对")
    year.do(year.confirm_all)
    assert year.read(targets.unconfirmed_in, 1) == []


def collect(year: Year) -> None:
    """日常收集: what is answered and proven is what the books say."""
    year.on(date(2026, 6, 9))
    year.say_all()
    year.do(year.answer_all)
    for sheet in year.books.sheets:
        known = year.read(unit_facts.of_unit, sheet.unit_id, sheet.rubric)
        assert known.own == year.books.claimed[sheet.name], sheet.name
    assert "自报 62" in year.chen.send("我的得分")


def hand_in(year: Year) -> None:
    """自评: made, signed and sent by a town and by a department."""
    year.on(date(2026, 12, 8))
    for person, unit, rubric in ((year.chen, "孟河镇", TOWNS), (year.gao, "质监分局", DEPARTMENTS)):
        sheet = year.books.of(unit, rubric)
        assert "仍要提交" in person.send("提交自评") or "出自评表" in person.labels
        made = sent(person, lambda p=person, s=sheet: p.press_key(keys.pack("submit-go", s.unit_id, s.rubric.id)))
        last = tables(one(made, ".docx"))[0][-1]
        assert last[3] == papers.total(sheet, year.books.scored(sheet, "claimed"))
        person.send_file("签字页.jpg", content=b"\xff\xd8\xff\xe0 signed")
        assert "提交完成" in person.press("是")
        found = year.read(submissions.current_in, sheet.unit_id, rubric.id)
        assert found is not None
        assert found.state == "closed"


def review_clauses(year: Year) -> None:
    """资料核查: one passed, one changed, one sent back, mended and passed; then a clause of all towns together."""
    year.on(date(2027, 1, 12))
    menghe, wang, chen = year.books.of("孟河镇", TOWNS), year.wang, year.chen
    assert "待核 699 条，到期没填 41 条" in wang.send("核查")
    look_at(wang, menghe, "1.1")
    wang.press("通过")
    look_at(wang, menghe, "10.2")
    wang.press("改分")
    wang.press("3 条")
    assert "重复计数" in wang.press("重复计数")
    year.books.instead[MENGHE, "10.2"] = Decimal(3)
    look_at(wang, menghe, "2.3")
    wang.press("退回")
    wang.send("缺申报回执")
    wang.send("核查 结束")
    assert "退回 1 项，共 5 分；改分 1 项" in chen.rows()[-1]["text"]
    chen.press("去补")
    assert "材料齐了" in chen.send_file("申报回执.pdf")
    year.books.bare.remove((MENGHE, "2.3"))
    assert "变更待核" in look_at(wang, menghe, "2.3")
    wang.press("通过")
    year.zhao.press_key(keys.pack("rv-row", TOWNS.id, "1.4", 0))
    year.zhao.press("其余全部通过")
    assert "通过 9 个单位" in year.zhao.press("确认")


def review_on_site(year: Year) -> None:
    """实地核查: a group, a photo, 不符 and a sentence, which is the reason of 改分."""
    year.on(date(2027, 1, 16))
    year.wang.send("考核组 一组 王处：罗溪镇 1月18日")
    year.wang.press("确认")
    year.on(date(2027, 1, 18))
    year.wang.press_key(keys.pack("vs-see", year.books.of("罗溪镇", TOWNS).unit_id, TOWNS.id, "2.2"))
    photo = b"\xff\xd8\xff\xe0 photo"
    assert "不符，文件没有印发" in year.wang.send_file("现场.jpg", content=photo, text="不符 文件没有印发")
    year.wang.press("改分")
    assert "核定 没有，文件没有印发" in year.wang.press("没有")
    year.books.instead[LUOXI, "2.2"] = False


def review_the_rest(year: Year) -> None:
    """抽查: three are drawn and looked at, the others that raise no question pass; what is left is passed one by one."""
    year.zhao.press_key(keys.pack("rv-sample"))
    year.zhao.send("3条")
    sample = year.read(samples.newest_in, 1)
    assert samples.draw(sample.seed, sample.population, 3) == sample.chosen
    for drawn in sample.chosen:
        year.zhao.press_key(keys.pack("rv-see", *drawn.clause))
        year.zhao.press("通过")
    year.zhao.press_key(keys.pack("rv-sampled", sample.id))
    assert f"其余通过 {len(sample.population) - 3} 条" in year.zhao.press("其余全部通过")
    assert year.do(year.pass_rest) > 0
    assert "没有待核的" in year.wang.send("核查")


def book_what_the_office_knows(year: Year) -> None:
    """记情况: one in the chat, whose unit hears of it; of everything else what happened, and that nothing did."""
    year.do(year.book_all, ("孟河镇", TOWNS.id, "6.3"))
    year.wang.send("/fact 孟河镇 抽检不合格 1起 依据 常市监〔2026〕12号")
    assert "记好了" in year.wang.press("确认")
    assert "有异议" in year.chen.rows()[-1]["text"]
    same_as_books(year)


def same_as_books(year: Year) -> None:
    """The three sets of facts of all units, and the three stored scores, are what the books say."""
    rows = {(row.unit, row.rubric_id): row for row in year.read(scorecards.summary_in, 1)}
    for sheet in year.books.sheets:
        known = year.read(unit_facts.of_unit, sheet.unit_id, sheet.rubric)
        for score in SCORES:
            assert getattr(known, score) == year.books.facts(sheet, score), (sheet.name, score)
            figures, scored = getattr(rows[sheet.name], score), year.books.scored(sheet, score)
            if sheet.rubric is TASKS:
                own = rows_of(sheet, scored)
                assert {ident: figures.rows[ident] for ident in own} == own
            else:
                assert papers.printed(figures.total) == papers.total(sheet, scored)


def refuse_another_reading(year: Year) -> None:
    """A reading takes two: proposed with what it would do to each unit, refused with a reason, nothing changed."""
    year.wang.press_key(keys.pack("reading", TOWNS.id, "T6"))
    tried = year.wang.press("试 2")
    year.wang.press("提请")
    assert "还没有生效" in year.wang.send("区里原来按全部算")
    year.zhao.press("不同意")
    assert "什么都没有改" in year.zhao.send("年初没有这样定")
    assert "年初没有这样定" in year.wang.rows()[-1]["text"]
    assert "· 西夏墅镇 自报 -5" in tried
    same_as_books(year)


def give_first_results_and_decide_an_appeal(year: Year) -> None:
    """初评反馈 to each unit; a 申诉 that the reviewer may not decide, and another does; 综合审议 finds nothing open."""
    year.on(date(2027, 1, 21))
    year.wang.send("年终工作")
    year.wang.press("初评反馈")
    assert "已发给 21 个单位的 21 人" in year.wang.press("发出")
    menghe = year.books.of("孟河镇", TOWNS)
    three = [papers.total(menghe, year.books.scored(menghe, score)) for score in SCORES]
    assert "自报 {}，有材料 {}，已核 {}".format(*three) in year.chen.rows()[-1]["text"]
    year.chen.press("申诉")
    year.chen.press(TOWNS.criteria["10.2"].label)
    assert "申诉第 1 号收到了" in year.chen.send("四条都是原创，没有重复")
    assert "请考核办另一位同事" in year.wang.press("改")
    year.zhao.press("改")
    year.zhao.press("按申报的算")
    assert "已核总分 61 → 62" in year.zhao.send("查了原件，确是四条")
    del year.books.instead[MENGHE, "10.2"]
    year.on(date(2027, 1, 27))
    year.zhao.send("年终工作")
    assert "可以审定" in year.zhao.press("综合审议")


def freeze(year: Year) -> None:
    """审定: the final snapshot of scores that are reviewed in full."""
    year.wang.send("快照")
    assert "所有单位都核完了" in year.wang.press("审定")
    assert "第 1 号快照（审定）" in year.wang.press("确认")
    same_as_books(year)


# --- papers -------------------------------------------------------------------------------------------------


def filled(year: Year, score: str, snapshot: int | None = None) -> list[Filled]:
    found = year.read(official_filling.tables_in, 1, score, year.office.now, ZONE, snapshot=snapshot)
    assert [(made.table.unit, made.rubric.id) for made in found] == [sheet.name for sheet in year.books.sheets]
    return found  # type: ignore[no-any-return]


def check_official_tables(year: Year) -> None:
    """xlsx with 校核, and docx: item by item and in total what the engine says; three scores, now and frozen."""
    for score, snapshot in (("verified", 1), ("claimed", None), ("proven", None)):
        found = filled(year, score, snapshot)
        for rubric, plan in ((TOWNS, PLANS[TOWNS.id]), (DEPARTMENTS, PLANS[DEPARTMENTS.id]), (TASKS, PLANS[TASKS.id])):
            own = [sheet for sheet in year.books.sheets if sheet.rubric is rubric]
            made = [one.table for one in found if one.rubric.id == rubric.id]
            checked = [Checked(sheet.unit, year.books.scored(sheet, score)) for sheet in own]
            content = official_sheet.workbook(made, plan, [one.checked for one in found if one.rubric.id == rubric.id])
            pages = grids(content)
            for sheet in own:
                expected = papers.expected_column(sheet, year.books.scored(sheet, score))
                assert papers.scored_column(pages[sheet.unit]) == expected, (sheet.name, score)
            again = recalculated(content, plan, checked)
            assert (again.different, again.said) == ([], 0)
            assert again.cells > 400
    for sheet, one_filled in zip(year.books.sheets, filled(year, "verified", 1), strict=True):
        content = official_word.document(one_filled.table)
        expected = papers.expected_column(sheet, year.books.scored(sheet, "verified"))
        assert papers.scored_column(tables(content)[0]) == expected, sheet.name
        assert any("快照 1 · 2027-01-27 · 审定" in words for words in paragraphs(content))


def check_what_the_chat_exports(year: Year) -> None:
    """得分表, 自评报告, 附件1 as the chat gives them for all units."""
    year.wang.send("导出 得分表")
    year.wang.press("全部单位")
    books = [grids(c) for name, c in sent(year.wang, lambda: year.wang.press("快照1")).items() if name.endswith("xlsx")]
    for sheet in year.books.sheets:
        (page,) = (b[sheet.unit] for b in books if sheet.unit in b and b[sheet.unit][0][0] == sheet.rubric.title)
        assert papers.scored_column(page) == papers.expected_column(sheet, year.books.scored(sheet, "verified"))
    year.wang.send("导出 自评报告")
    reports = papers.unzipped(one(sent(year.wang, lambda: year.wang.press("全部单位")), ".zip"))
    for sheet in (sheet for sheet in year.books.sheets if sheet.rubric is not TASKS):
        check_self_report(year.books, sheet, paragraphs(reports[f"2026_{sheet.unit}_自评报告.docx"]))
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
        assert [row[4] for row in listed[place][1:]] == missing
        assert {row[1]: row[2] for row in told[place][1:]} == totals
        lost = papers.most_lost(year.books, rubric)
        assert f"离满分差得最多的项目：{lost}。" in paragraphs(page)
        assert f"失分较多的项目：{lost}。" in paragraphs(notice)
    done = papers.totals(year.books, TASKS)
    assert {row[1]: row[2] for row in told[2][1:]} == done
    assert f"完成行数：{'、'.join(f'{unit} {rows}' for unit, rows in done.items())}。" in paragraphs(page)
    assert any("快照 1 · 2027-01-27 · 审定" in words for words in paragraphs(notice))
