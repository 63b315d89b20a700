"""The 自评报告 as a Word draft: plain sentences by item, places to write in, the signature, the list of attachments."""

from __future__ import annotations

from collections.abc import Sequence

from reports.lettering import clean
from reports.self_report import Chapter, Section, SelfReport
from reports.word import Sheet

TO_WRITE = "（请补充）"
_ATTACHMENTS = ("序号", "附件（佐证包里的文件）")
_WIDTHS_MM = (16, 154)  # 170: A4 between margins of 20
_NUMERALS = "一二三四五六七八九十"


def document(report: SelfReport) -> bytes:
    """The draft as a docx file; what only the unit can say is marked （请补充）.

    Raises:
        ValueError: no rubric assesses the unit.
    """
    if not report.chapters:
        raise ValueError("a report needs a rubric that assesses the unit")
    unit, day = clean(report.unit), report.made_at.date()
    title = f"{unit}{report.year}年度质量工作自评报告"
    sheet = Sheet(title, report.made_at)
    sheet.paragraph(title, size=18, bold=True, centred=True)
    sheet.paragraph("（草稿，由填报内容生成，请核对、补充后使用）", centred=True)
    sheet.paragraph(f"质量工作领导小组办公室：现将本单位 {report.year} 年度质量工作自评情况报告如下。")
    for number, chapter in enumerate(report.chapters):
        _write_chapter(sheet, chapter, _numeral(number))
    _write_rest(sheet, report)
    sheet.keep_together((("", f"单位（盖章）：{unit}"), ("负责人（签字）：", "日期：　　　　年　　月　　日")))
    _write_attachments(sheet, report.attachments)
    sheet.footer(f"{unit}　{day.year}年{day.month}月{day.day}日生成")
    return sheet.saved()


def _write_chapter(sheet: Sheet, chapter: Chapter, numeral: str) -> None:
    sheet.paragraph(f"{numeral}、{clean(chapter.title)}", size=14, bold=True)
    of = f"，满分 {chapter.of} 分" if chapter.of else ""
    unit = " 分" if chapter.of else ""
    sheet.paragraph(f"自评{_spaced(chapter.claimed)}{unit}{of}；其中有材料的{_spaced(chapter.proven)}{unit}。")
    for section in chapter.sections:
        _write_section(sheet, section)


def _spaced(words: str) -> str:
    return words if words.startswith("完成") else f" {words}"


def _write_section(sheet: Sheet, section: Section) -> None:
    points = f"标准分 {section.points} 分，" if section.points else ""
    sheet.paragraph(f"{section.number}. {clean(section.title)}（{points}自评{_spaced(section.claimed)}）", bold=True)
    done = _joined(section.done) or f"还没有填报{TO_WRITE}"
    sheet.paragraph(f"工作情况：{done}。")
    sheet.paragraph(f"佐证材料：{_joined(section.proof) or '没有'}。")
    sheet.paragraph(f"不足：{_joined(section.lacking) or '没有'}。")
    if section.lacking:
        sheet.paragraph(f"下步打算：{TO_WRITE}")


def _write_rest(sheet: Sheet, report: SelfReport) -> None:
    number = len(report.chapters)
    sheet.paragraph(f"{_numeral(number)}、主要做法和成效", size=14, bold=True)
    sheet.paragraph(TO_WRITE)
    sheet.paragraph(f"{_numeral(number + 1)}、存在的不足和下步打算", size=14, bold=True)
    for chapter in report.chapters:
        for section in chapter.sections:
            if section.lacking:
                sheet.paragraph(f"{section.number}. {clean(section.title)}：{_joined(section.lacking)}。")
    sheet.paragraph(f"下步打算：{TO_WRITE}")
    sheet.paragraph("本单位对以上内容和所附材料的真实性负责。")


def _write_attachments(sheet: Sheet, paths: Sequence[str]) -> None:
    sheet.paragraph(f"附件清单（共 {len(paths)} 份）", size=14, bold=True)
    if paths:
        table = sheet.table(_ATTACHMENTS, _WIDTHS_MM, whole_rows=False)
        for number, path in enumerate(paths, 1):
            sheet.row(table, ([str(number)], [clean(path)]), (0,))


def _joined(sentences: Sequence[str]) -> str:
    return "；".join(clean(words).rstrip("。；") for words in sentences)


def _numeral(number: int) -> str:
    return _NUMERALS[number] if number < len(_NUMERALS) else str(number + 1)
