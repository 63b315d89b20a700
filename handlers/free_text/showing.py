"""What was heard in a message, shown for a tap: all its facts on one screen, or the first with its clauses."""

from __future__ import annotations

import re

from channels import keys
from channels.port import Option
from handlers.free_text import (
    pending,
    taking,
)
from handlers.free_text.pending import Waiting
from handlers.turn import Turn

_SEVERAL = re.compile("[,;。].")


def everything(turn: Turn) -> None:
    """One screen with all facts of a message; of one alone its own."""
    waiting = [fact for fact in pending.of(turn) if fact.places]
    if len(waiting) < 2:
        first(turn)
        return
    version = turn.state["heard"]["version"]
    options = (
        Option(keys.pack("mean-all", version=version), "全部记下"),
        Option(keys.pack("mean-each", version=version), "逐条看"),
        Option(keys.pack("mean-no", version=version), "取消"),
    )
    facts = [(fact.places[0].criterion, _reads(turn, fact)) for fact in waiting]
    turn.say("heard-all", options, facts=facts, theirs=_theirs(turn, waiting[0]))


def first(turn: Turn) -> None:
    """The first fact that waits, with the clauses it may be about."""
    fact = next(iter(pending.of(turn)), None)
    if fact is None or not fact.places:
        pending.forget(turn)
        turn.say("stale")
        return
    version = turn.state["heard"]["version"]
    places = fact.places[:1] if fact.sure else fact.places
    labels = ["确认"] if len(places) == 1 else [place.criterion.label for place in places]
    options = [Option(keys.pack("mean", n, version=version), label) for n, label in enumerate(labels)]
    options.append(Option(keys.pack("mean-none", version=version), "都不是"))
    options.append(Option(keys.pack("mean-skip", version=version), "不记"))
    choices = [(place.criterion, taking.shown(place, fact.words, turn)) for place in places]
    several = len(places) > 1 and bool(_SEVERAL.search(fact.words))
    left = len(pending.of(turn)) - 1
    about = {"fact": fact, "choices": choices, "left": left, "several": several, "theirs": _theirs(turn, fact)}
    turn.say("heard-one", tuple(options), **about)


def _reads(turn: Turn, fact: Waiting) -> str:
    return taking.shown(fact.places[0], fact.words, turn)


def _theirs(turn: Turn, fact: Waiting) -> tuple[str, str] | None:
    """The unit that the message names, and the one it would be written down for, where they are two."""
    named = pending.other_unit(turn)
    membership = turn.of_unit(fact.unit_id) if named else None
    return (named, membership.unit_name) if membership else None
