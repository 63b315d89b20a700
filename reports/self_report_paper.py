"""The 自评报告 as a Word draft: plain sentences by item, places to write in, the signature, the list of attachments.

The office's own form is ``自评报告.docx`` (see `word_template`): ``{{标题}} {{单位}} {{年度}} {{考核办}} {{日期}}``, and
the parts ``{{各项情况}}`` (by rubric and item), ``{{做法和不足}}`` and ``{{附件清单}}``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, partial

from reports.lettering import clean
from reports.self_report import Chapter, Section, SelfReport
from reports.word import Sheet
from reports.word_template import BLANK_AT, Filling, filled

TEMPLATE = "自评报告.docx"
"""The office's own form, where it has one."""

TO_WRITE = "（请补充）"
_ATTACHMENTS = ("序号", "附件（佐证包里的文件）")
_WIDTHS_MM = (16, 154)  # 170: A4 between margins of 20
_NUMERALS = "一二三四五六七八九十"
_ITEMS, _REST, _LIST = "{{各项情况}}", "{{做法和不足}}", "{{附件清单}}"


def document(report: SelfReport, template: bytes | None = None) -> bytes:
    """The draft as a docx file; what only the unit can say is marked （请补充）.

    Args:
        template: the office's own instead of ours.

    Raises:
        ValueError: no rubric assesses the unit.
        TemplateError: the template cannot be filled.
    """
    if not report.chapters:
        raise ValueError("a report needs a rubric that assesses the unit")
    day = report.made_at.date()
    words = {
        "{{标题}}": f"{report.unit}{report.year}年度质量工作自评报告",
        "{{单位}}": report.unit,
        "{{年度}}": str(report.year),
        "{{考核办}}": report.office,
        "{{日期}}": f"{day.year}年{day.month}月{day.day}日",
    }
    parts = {
        _ITEMS: partial(_write_chapters, report=report),
        _REST: partial(_write_rest, report=report),
        _LIST: partial(_write_attachments, paths=report.attachments),
    }
    title = clean(words["{{标题}}"])
    return filled(template or blank(), Filling(title, words, parts, (_ITEMS,), report.made_at))


@lru_cache(maxsize=1)
def blank() -> bytes:
    """Our own template, to be changed and kept as the office's."""
    sheet = Sheet("{{标题}}", BLANK_AT)
    sheet.paragraph("{{标题}}", size=18, bold=True, centred=True)
    sheet.paragraph("（草稿，由填报内容生成，请核对、补充后使用）", centred=True)
    sheet.paragraph("{{考核办}}：现将本单位 {{年度}} 年度质量工作自评情况报告如下。")
    sheet.paragraph(_ITEMS)
    sheet.paragraph(_REST)
    sheet.paragraph("本单位对以上内容和所附材料的真实性负责。")
    sheet.keep_together((("", "单位（盖章）：{{单位}}"), ("负责人（签字）：", "日期：　　　　年　　月　　日")))
    sheet.paragraph(_LIST)
    sheet.footer("{{单位}}　{{日期}}生成")
    return sheet.saved()


def _write_chapters(sheet: Sheet, report: SelfReport) -> None:
    for number, chapter in enumerate(report.chapters):
        _write_chapter(sheet, chapter, _numeral(number))


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
    title = f"{section.number}. {clean(section.title)}"
    if section.by_others:
        sheet.paragraph(f"{title}（{points}{section.by_others}，暂计{_spaced(section.claimed)}）", bold=True)
        sheet.paragraph(f"工作情况：{_joined((*section.done, f'{section.by_others}，本单位不用填'))}。")
        return
    sheet.paragraph(f"{title}（{points}自评{_spaced(section.claimed)}）", bold=True)
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
