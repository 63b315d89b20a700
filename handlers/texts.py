"""This room's templates, and what they may ask of a rubric."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from channels.text import environment
from handlers.turn import Render
from rubrics.answers import asked_of
from rubrics.model import Criterion, Measure, Rubric
from rubrics.tasks import asked
from storage.scorecards import SummaryRow


def renderer(zone: ZoneInfo) -> Render:
    """Fills this room's templates."""
    here = Path(__file__).parent / "templates"
    templates = environment([here, *sorted(folder for folder in here.iterdir() if folder.is_dir())], zone)
    templates.globals["example"] = _example
    templates.globals["label"] = _label
    templates.globals["item_label"] = lambda rubric, ident: next(i.label for i in rubric.items if i.id == ident)
    templates.globals["asked_count"] = _asked_count

    def render(template: str, **words: object) -> str:
        return templates.get_template(f"{template}.j2").render(**words)

    return render


def _example(criterion: Criterion, measure: Measure | None) -> str:
    return "完成了，或 3/4" if criterion.target and not measure else asked_of(criterion, measure).example


def _asked_count(rubric: Rubric, row: SummaryRow) -> int:
    return sum(len(clauses) for clauses in asked(rubric, row.unit, row.category).values())


def _label(rubric: Rubric, gain: dict[str, object]) -> str:
    ident = gain.get("criterion")
    if ident:
        return rubric.criteria[str(ident)].label
    return next(item.label for item in rubric.items if item.id == gain["item"])
