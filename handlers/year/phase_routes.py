"""The buttons and commands of the year's last phases: 补报, 待年终, 复开, 初评反馈, 申诉, 综合审议, 结果运用, 整改 (see `routes`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from channels.keys import Key
from handlers.answering import late
from handlers.turn import Turn
from handlers.year import (
    appeal_desk,
    appealing,
    first_results,
    opening,
    rectify_desk,
    rectifying,
    result_desk,
    year_desk,
)

Handle = Callable[[Turn, Key], Awaitable[None]]

PRESSES: dict[str, Handle] = {
    "year": year_desk.show,
    "deliberate": year_desk.deliberate,
    "late": late.waiting,
    "late-of": late.of_clause,
    "late-why": late.ask_why,
    "late-yes": late.grant,
    "late-no": late.refuse,
    "late-files": late.show_files,
    "openings": opening.show,
    "year-end": opening.year_end_pressed,
    "open-again": opening.reopen_pressed,
    "open-end": opening.end,
    "opening-drop": opening.drop,
    "feedback": first_results.ask,
    "feedback-go": first_results.send,
    "appeal-days": first_results.ask_days,
    "appeals": appealing.listed,
    "appeal": appealing.ask,
    "appeals-open": appeal_desk.waiting,
    "appeal-keep": appeal_desk.keep,
    "appeal-alter": appeal_desk.alter,
    "appeal-own": appeal_desk.as_claimed,
    "results": result_desk.show,
    "results-add": result_desk.propose,
    "result-add": result_desk.ask_own,
    "result": result_desk.one,
    "result-done": result_desk.done,
    "result-drop": result_desk.drop,
    "result-due": result_desk.ask_day,
    "rectify-list": rectifying.listed,
    "rectify": rectifying.one,
    "rectify-done": rectifying.report,
    "rectify-all": rectify_desk.show,
    "rectify-begin": rectify_desk.begin,
    "rectify-unit": rectify_desk.of_unit,
    "rectify-look": rectify_desk.look,
    "rectify-close": rectify_desk.close,
    "rectify-back": rectify_desk.ask_back,
}

COMMANDS: dict[str, Callable[[Turn, str], Awaitable[None]]] = {
    "year": lambda turn, _: year_desk.show(turn),
    "late": lambda turn, _: late.waiting(turn),
    "appeals": lambda turn, _: appealing.typed(turn),
    "rectify": lambda turn, _: rectifying.typed(turn),
    "results": lambda turn, _: result_desk.show(turn),
    "year-end": opening.year_end,
    "open-again": opening.reopen,
}

EXPECTED: dict[str, Handle] = {
    "late-why": late.why,
    "late-clause": late.clause,
    "late-no": late.refused,
    "year-end": opening.year_end_said,
    "open-again": opening.reopen_said,
    "appeal-days": first_results.days_said,
    "appeal-why": appealing.made,
    "appeal-keep": appeal_desk.kept,
    "appeal-value": appeal_desk.value_said,
    "appeal-why-new": appeal_desk.altered,
    "result-add": result_desk.own_said,
    "result-due": result_desk.day_said,
    "rectify": rectifying.planned,
    "rectify-back": rectify_desk.sent_back,
}
