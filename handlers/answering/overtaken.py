"""A button shown before the answer that stands was given: what stands is said, and only one more tap replaces it."""

from __future__ import annotations

import hashlib
from typing import Any

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.turn import Place, Turn
from rubrics.facts import Fact
from storage.answers import Answer, State
from storage.kept_facts import fact_text

SHORT = 6
"""Characters of an answer that still fit a button."""


def stands(known: Answer | None, version: int) -> bool:
    """Whether a newer answer stands than the one a question was asked for."""
    return known is not None and version < known.version and known.state != "withdrawn"


def ask(
    turn: Turn, place: Place, known: Answer, fact: Fact | None, words: str, *, state: State, note: str, read: str
) -> None:
    """Ask whether the answer that stands is to be replaced; nothing is kept yet."""
    said = words.strip()
    content = "" if fact is None else fact_text(fact)
    mark = hashlib.sha256(f"{state} {note} {content} {said}".encode()).hexdigest()[:8]
    about: dict[str, Any] = {"unit": place.unit_id, "rubric": place.rubric.id, "criterion": place.criterion.id}
    turn.state["claim"] = {
        **about,
        "fact": content,
        "said": words[:200],
        "mark": mark,
        "version": known.version,
        "state": state,
        "note": note,
        "read": read,
    }
    turn.state.pop("put_off", None)
    label = f"改成“{said}”" if len(said) <= SHORT else "改成这样"
    options = (
        Option(keys.pack("sure", *place.parts, mark, version=known.version), label),
        Option(keys.pack("leave-so", *place.parts), "不改"),
    )
    turn.say("overtaken", options, criterion=place.criterion, current=known, said=said[:30])


async def left(turn: Turn, key: Key) -> None:
    """不改: what stands stays."""
    place = turn.place(key)
    if place is None:
        turn.say("stale")
        return
    for name in ("claim", "put_off"):
        if (noted := turn.state.get(name)) and turn.place_of(noted) == place:
            turn.state.pop(name)
    turn.close(place)
    turn.say("left-so", (Option(keys.pack("next", place.unit_id), "下一项"),), criterion=place.criterion)
