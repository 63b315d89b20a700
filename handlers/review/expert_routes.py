"""The buttons, commands and words of questions, experts, lead departments and 沿用去年 (see `routes`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from channels.keys import Key
from handlers.answering import carrying_over
from handlers.review import (
    doubting,
    judging,
    judging_desk,
    provider_reviewing,
    providing,
)
from handlers.turn import Turn

Handle = Callable[[Turn, Key], Awaitable[None]]

PRESSES: dict[str, Handle] = {
    "doubt": doubting.show,
    "doubts": doubting.of_unit,
    "doubt-ask": doubting.ask_unit,
    "doubt-back": doubting.send_back,
    "doubt-file": doubting.look_inside,
    "carry": carrying_over.carry,
    "jd": judging.show,
    "jd-see": judging.see,
    "jd-mark": judging.marked,
    "jx": judging_desk.back,
    "jx-see": judging_desk.see,
    "jx-set": judging_desk.settle,
    "pv": providing.show,
    "pv-which": providing.which,
    "pv-go": providing.confirmed,
    "pv-drop": providing.dropped,
    "pv-row": provider_reviewing.row,
    "pv-see": provider_reviewing.see,
    "pv-pass": provider_reviewing.passed,
    "pv-back": provider_reviewing.ask_return,
    "pv-why": provider_reviewing.returned,
}

COMMANDS: dict[str, Callable[[Turn, str], Awaitable[None]]] = {
    "carry": lambda turn, _: carrying_over.show(turn),
    "judge": judging.start,
    "provide": providing.start,
}

EXPECTED: dict[str, Handle] = {
    "jd-why": judging.said,
    "provide": providing.typed,
    "pv-why": provider_reviewing.returned,
}
