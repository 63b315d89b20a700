"""The official tables as files: a workbook a rubric and a document a unit and rubric, in the office's own templates."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reports.templates import naming, template_of

if TYPE_CHECKING:
    from reports.official_filling import Filled


def workbooks(found: Sequence[Filled], data_folder: Path) -> dict[str, bytes]:
    """By rubric id: a sheet a unit; without a template of the office's also the summary and the 校核 sheets."""
    from reports.official_book import workbook_from
    from reports.official_sheet import workbook
    from storage import scorecards

    made = {}
    for rubric in {filled.rubric.id: filled.rubric for filled in found}.values():
        own = [filled for filled in found if filled.rubric.id == rubric.id]
        tables, checked = [filled.table for filled in own], [filled.checked for filled in own]
        template = template_of(data_folder, f"{rubric.id}.xlsx")
        plan = scorecards.plan_of(rubric)
        with naming(f"{rubric.id}.xlsx"):
            made[rubric.id] = workbook_from(template, tables) if template else workbook(tables, plan, checked)
    return made


def documents(found: Sequence[Filled], data_folder: Path) -> list[tuple[Filled, bytes]]:
    """A document for each table."""
    from reports.official_word import document

    templates = {filled.rubric.id: template_of(data_folder, f"{filled.rubric.id}.docx") for filled in found}
    made = []
    for filled in found:
        with naming(f"{filled.rubric.id}.docx"):
            made.append((filled, document(filled.table, templates[filled.rubric.id])))
    return made
