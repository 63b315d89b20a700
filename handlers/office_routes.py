"""The office's buttons and commands, and the words they ask for (see `routes`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from channels.keys import Key
from handlers import (
    booking,
    campaigning,
    deciding,
    disputing,
    enrolling,
    inviting,
    scoring,
    staffing,
    today,
    unit_card,
)
from handlers.turn import Turn

Handle = Callable[[Turn, Key], Awaitable[None]]

PRESSES: dict[str, Handle] = {
    "scores": scoring.scores,
    "unit": unit_card.pressed,
    "fact-unit": booking.of_unit,
    "fact-clause": booking.clause_chosen,
    "fact-other": booking.other_clause,
    "fact-pick": booking.value_chosen,
    "fact-yes": booking.confirmed,
    "fact-anew": booking.anew,
    "fact-no": booking.put_down,
    "dispute": disputing.dispute,
    "disputes": disputing.waiting,
    "uphold": disputing.uphold,
    "dismiss": disputing.dismiss,
    "absences": deciding.waiting,
    "absence": deciding.decide,
    "campaign": campaigning.shown,
    "campaign-of": campaigning.other,
    "phase": campaigning.ask_phase,
    "readings": campaigning.readings,
    "handed-in": campaigning.handed_in,
    "waive": campaigning.waive,
    "opinions": campaigning.opinions,
    "dead": campaigning.dead_letters,
    "people": staffing.show,
    "remove": staffing.ask_removal,
    "invite": inviting.pressed,
    "invite-unit": inviting.of_unit,
    "invite-role": inviting.role_chosen,
    "invite-name": inviting.name_chosen,
    "invite-again": inviting.again,
    "invite-missing": inviting.missing,
    "invite-all": inviting.everybody,
    "roster-rubric": enrolling.rubric_pressed,
    "roster-read": enrolling.rubrics_done,
    "roster-yes": enrolling.confirmed,
    "roster-no": enrolling.put_down,
    "roster-empty": enrolling.template_pressed,
    "today": today.show,
}

COMMANDS: dict[str, Callable[[Turn, str], Awaitable[None]]] = {
    "scores": lambda turn, _: scoring.scores(turn),
    "unit": unit_card.unit,
    "fact": booking.start,
    "campaign": campaigning.show,
    "invite": inviting.start,
    "people": lambda turn, _: staffing.show(turn),
    "absences": lambda turn, _: deciding.waiting(turn),
    "disputes": lambda turn, _: disputing.waiting(turn),
    "handed-in": lambda turn, _: campaigning.handed_in(turn),
    "roster": enrolling.template,
    "today": lambda turn, _: today.show(turn),
}

EXPECTED: dict[str, Handle] = {
    "fact-note": booking.note,
    "fact-unit": booking.unit_said,
    "fact-value": booking.value_said,
    "fact-basis": booking.basis_said,
    "dispute-why": disputing.disputed,
    "dismiss-why": disputing.dismissed,
    "absence-why": deciding.decided,
    "phase-days": campaigning.phase_said,
    "remove-who": staffing.named,
    "invite-words": inviting.said,
    "invite-named": inviting.name_said,
}
