"""The buttons, commands and words of 核查 (see `routes`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from channels.keys import Key
from handlers.review import (
    reviewing,
    reviewing_across,
    reviewing_sample,
    reviewing_screen,
    reviewing_verdicts,
)
from handlers.turn import Turn

Handle = Callable[[Turn, Key], Awaitable[None]]

PRESSES: dict[str, Handle] = {
    "rv": reviewing.show,
    "rv-next": reviewing.next_one,
    "rv-units": reviewing.by_unit,
    "rv-unit": reviewing.unit_chosen,
    "rv-items": reviewing.by_item,
    "rv-item": reviewing.item_chosen,
    "rv-across": reviewing.across,
    "rv-rows": reviewing.rows,
    "rv-skip": reviewing.skip,
    "rv-end": reviewing.end,
    "rv-see": reviewing_screen.open_one,
    "rv-files": reviewing_screen.more_files,
    "rv-pass": reviewing_verdicts.passed,
    "rv-back": reviewing_verdicts.ask_return,
    "rv-why": reviewing_verdicts.returned,
    "rv-set": reviewing_verdicts.ask_value,
    "rv-value": reviewing_verdicts.value,
    "rv-said": reviewing_verdicts.changed,
    "rv-undo": reviewing_verdicts.undo,
    "rv-row": reviewing_across.show,
    "rv-rest": reviewing_across.ask_rest,
    "rv-rest-go": reviewing_across.pass_rest,
    "rv-sample": reviewing_sample.ask,
    "rv-draw": reviewing_sample.draw,
    "rv-sampled": reviewing_sample.show,
    "rv-sample-go": reviewing_sample.pass_others,
    "rv-sample-all": reviewing_sample.pass_although,
}

COMMANDS: dict[str, Callable[[Turn, str], Awaitable[None]]] = {
    "review": reviewing.start,
    "sample": lambda turn, _: reviewing_sample.ask(turn, Key("rv-sample", (), 0)),
    "across": lambda turn, _: reviewing.across(turn),
    "take-back": lambda turn, _: reviewing_verdicts.last(turn),
}

EXPECTED: dict[str, Handle] = {
    "rv-why": reviewing_verdicts.returned,
    "rv-value": reviewing_verdicts.value,
    "rv-said": reviewing_verdicts.changed,
    "rv-draw": reviewing_sample.draw,
}
