"""Whose each command is: one clear list, by which words of a command somebody cannot use are taken as an answer."""

from __future__ import annotations

from handlers.turn import Turn

LIAISON, OFFICE, LEADER, UNIT_LEADER, PROVIDER, EXPERT = (
    "liaison",
    "office",
    "leader",
    "unit-leader",
    "provider",
    "expert",
)
"""What somebody can be here; a leader of no unit is the office's, the other the leader of one unit."""

EVERYBODY = frozenset({LIAISON, OFFICE, LEADER, UNIT_LEADER, PROVIDER, EXPERT})
_DESK = frozenset({OFFICE})
_SEEING = frozenset({OFFICE, LEADER})
_UNITS = frozenset({LIAISON})
_BOTH = frozenset({LIAISON, OFFICE})

OF: dict[str, frozenset[str]] = {
    **dict.fromkeys(("help", "start", "cancel", "back", "device", "feedback", "own-name"), EVERYBODY),
    **dict.fromkeys(
        ("list", "next", "inbox", "undo", "wrong", "swap", "entries", "proof", "by-number", "offline"), _UNITS
    ),
    **dict.fromkeys(("skip", "submit", "leave", "leave-end", "rows", "carry"), _UNITS),
    "me": frozenset({LIAISON, UNIT_LEADER}),
    **dict.fromkeys(("scores", "unit"), frozenset({OFFICE, LEADER, UNIT_LEADER})),
    **dict.fromkeys(("today", "missing", "campaign", "snapshot", "results", "groups"), _SEEING),
    **dict.fromkeys(
        ("people", "absences", "handed-in", "learnt", "unseen", "motions", "year", "late", "roster"), _DESK
    ),
    **dict.fromkeys(("fact", "invite", "remind", "notice", "year-end", "open-again", "review", "veto"), _DESK),
    **dict.fromkeys(("sample", "across", "take-back", "bulletin", "escalate"), _DESK),
    **dict.fromkeys(("unbooked", "deliberate", "sampled", "adopt", "remove", "doubts"), _DESK),
    **dict.fromkeys(("final", "silent", "targets"), _SEEING),
    **dict.fromkeys(("losses", "readings"), _SEEING),
    **dict.fromkeys(("gap", "score-log"), _BOTH),
    "talk": _DESK,
    "doings": _BOTH | {LEADER},
    **dict.fromkeys(("appeals", "disputes", "erase", "handover"), _BOTH),
    **dict.fromkeys(("rectify", "report", "export"), _BOTH | {LEADER}),
    "clue": _BOTH | {PROVIDER},
    **dict.fromkeys(("judge", "visit", "opinion"), frozenset({EXPERT, OFFICE})),
    "provide": frozenset({PROVIDER}),
}
"""Command → who can do something with it; everybody else is told that it is not theirs."""


def roles_of(turn: Turn) -> frozenset[str]:
    """What the person is, in any campaign."""
    return frozenset(UNIT_LEADER if m.role == "leader" and m.unit_id is not None else m.role for m in turn.memberships)


def may(turn: Turn, command: str) -> bool:
    """Whether a command is one of the person's."""
    return bool(OF[command] & roles_of(turn))
