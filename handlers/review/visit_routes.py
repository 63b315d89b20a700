"""The buttons, commands and words of 考核组, 现场核查, findings and the papers of 整改 (see `routes`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from channels.keys import Key
from handlers.review import (
    finding,
    finding_verdicts,
    grouping,
    visit_naming,
    visiting,
)
from handlers.turn import Turn
from handlers.year import rectify_papers

Handle = Callable[[Turn, Key], Awaitable[None]]

PRESSES: dict[str, Handle] = {
    "vg": grouping.show,
    "vg-go": grouping.confirmed,
    "vg-end": grouping.end,
    "vg-send": grouping.send,
    "vs": visiting.show,
    "vs-unit": visiting.show_unit,
    "vs-see": finding.begin,
    "vs-sheet": visiting.sheet,
    "vs-paper": visiting.opinion,
    "fd-say": finding.pressed,
    "fd-none": finding.nothing_more,
    "fd-undo": finding.take_back,
    "fd-see": finding.see,
    "fd-pass": finding_verdicts.passed,
    "fd-back": finding_verdicts.returned,
    "fd-set": finding_verdicts.ask_value,
    "fd-value": finding_verdicts.value,
    "rectify-sheet": rectify_papers.workbook,
    "rectify-paper": rectify_papers.document,
}

COMMANDS: dict[str, Callable[[Turn, str], Awaitable[None]]] = {"groups": grouping.start, "visit": visiting.start}

EXPECTED: dict[str, Handle] = {
    "vg-new": grouping.typed,
    "vs-unit": visit_naming.named,
    "fd-words": finding.said,
    "fd-value": finding_verdicts.value,
}
