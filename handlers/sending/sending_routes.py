"""The buttons and words of what liaisons send beside their checklist: information reports, clues, answers to notices (see `routes`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from channels.keys import Key
from handlers.review import finding
from handlers.sending import (
    clue_choices,
    clues,
    notice_desk,
    noticing,
    report_withdrawal,
    reporting,
)
from handlers.turn import Turn
from handlers.year import (
    adopting,
    rectifying,
)

Handle = Callable[[Turn, Key], Awaitable[None]]

PRESSES: dict[str, Handle] = {
    "report-new": reporting.pressed,
    "report-go": reporting.go,
    "report-drop": reporting.drop,
    "report-on": reporting.go_on,
    "report-add": reporting.add,
    "report-mine": report_withdrawal.mine,
    "report-undo": report_withdrawal.withdraw,
    "notice-say": notice_desk.answered,
    "clue-see": clues.see,
    "clue-hand": clues.ask_hand,
    "clue-to": clues.hand,
    "clue-true": clues.is_true,
    "clue-new": clues.new_case,
    "clue-same": clues.same_case,
    "clue-false": clues.ask_false,
    "clue-ask": clue_choices.ask,
    "clue-give": clue_choices.give,
    "clue-count": clue_choices.count,
    "clue-not": clue_choices.nothing,
}

COMMANDS: dict[str, Callable[[Turn, str], Awaitable[None]]] = {"report": reporting.start, "clue": clues.start}

EXPECTED: dict[str, Handle] = {
    "report": reporting.more,
    "notice-who": notice_desk.who_comes,
    "clue": clues.given,
    "clue-why": clues.why_false,
}

FILES: tuple[tuple[Callable[[Turn], bool], Callable[[Turn], Awaitable[None]]], ...] = (
    (reporting.wants, reporting.received),
    (clues.wants, clues.received),
    (notice_desk.wants, notice_desk.received),
    (noticing.wants, noticing.received),
    (rectifying.wants, rectifying.received),
    (adopting.wants, adopting.received),
    (finding.wants, finding.received),
)
"""Files that were asked for just now, and who takes them; all others are proof."""


def taker(turn: Turn) -> Callable[[Turn], Awaitable[None]] | None:
    """Who takes the files of this turn; None where they are proof."""
    return next((take for wants, take in FILES if wants(turn)), None)
