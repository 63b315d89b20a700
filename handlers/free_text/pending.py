"""Facts of a message that wait for a tap: kept in the dialogue's state, so that a restart changes nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from channels import keys
from channels.port import Option
from handlers.free_text.hearing import Fact
from handlers.turn import Place, Turn
from rubrics.matching.spelling import fold
from rubrics.numerals import normalise
from rubrics.wording import verdict

_SENTENCES = re.compile(r"[,，。;；!！\n]+")


class Waiting(NamedTuple):
    """A fact that waits. ``words`` are the piece it came from, ``places`` the clauses it may be about.

    ``unit_id``: whose fact it is; ``sure``: the first clause is meant.
    """

    words: str
    places: tuple[Place, ...]
    unit_id: int
    hedged: bool = False
    sure: bool = False


def put(turn: Turn, facts: Sequence[Fact | Waiting], text: str, *, offer: bool = False) -> int:
    """Let facts wait in place of those that did; returns the version their buttons carry.

    Args:
        offer: nobody need come back to them: words that were not understood, or others' business.
    """
    _put_off(turn, text)
    turn.state["heard_version"] = version = int(turn.state.get("heard_version", 0)) + 1
    waiting = [_packed(fact) for fact in facts]
    turn.state["heard"] = {"version": version, "text": text[:500], "facts": waiting, "offer": offer}
    return version


def _put_off(turn: Turn, text: str) -> None:
    """Say once that the facts of a message are not written down, before those of another take their place."""
    held = turn.state.get("heard")
    if held is None or held["offer"] or held["text"] == text[:500] or not held["facts"]:
        return
    turn.state["heard_off"] = held
    option = Option(keys.pack("mean-each", version=held["version"]), "接着记")
    turn.say("heard-waits", (option,), said=held["text"][:30], count=len(held["facts"]))


def _packed(fact: Fact | Waiting) -> dict[str, Any]:
    return {
        "words": fact.words[:200],
        "unit": fact.unit_id,
        "places": [[place.rubric.id, place.criterion.id] for place in fact.places],
        "hedged": fact.hedged,
        "sure": fact.sure,
    }


def of(turn: Turn, version: int | None = None) -> list[Waiting]:
    """What waits; nothing where the button is of an older message, or the unit is no longer the person's."""
    held, off = turn.state.get("heard"), turn.state.get("heard_off")
    if off is not None and off["version"] == version:
        turn.state["heard"], turn.state["heard_off"] = off, held  # they were put off, and are asked for again
        held = off
    if held is None or (version is not None and held["version"] != version):
        return []
    waiting = (one for one in held["facts"] if turn.of_unit(one["unit"]))
    return [Waiting(one["words"], _places(turn, one), one["unit"], one["hedged"], one["sure"]) for one in waiting]


def _places(turn: Turn, one: dict[str, Any]) -> tuple[Place, ...]:
    about = ({"unit": one["unit"], "rubric": rubric, "criterion": criterion} for rubric, criterion in one["places"])
    return tuple(place for place in map(turn.place_of, about) if place)


def text(turn: Turn) -> str:
    """The message they came from."""
    held = turn.state.get("heard")
    return str(held["text"]) if held else ""


def said(turn: Turn, fact: Waiting) -> str:
    """What the person wrote about a fact: the sentences its piece came from, else the whole message."""
    whole = text(turn)
    own = [part for part in _SENTENCES.split(whole) if fold(part) and fold(part) in fact.words]
    return "，".join(own) or whole


def agreed(turn: Turn) -> str | None:
    """The button that a typed 对 or 是的 presses: the one that writes down what was just shown."""
    labels = turn.state.get("labels", {})
    key: str | None = labels.get("确认") or labels.get("全部记下")
    meant = key and key.startswith("mean") and verdict(normalise(turn.event.text[:20]))
    return key if meant else None


def drop_first(turn: Turn) -> None:
    """The first one is settled."""
    held = turn.state["heard"]
    held["facts"] = held["facts"][1:]
    if not held["facts"]:
        turn.state.pop("heard")


def forget(turn: Turn) -> None:
    """Nothing waits any more."""
    turn.state.pop("heard", None)


def onward(turn: Turn) -> tuple[Option, ...]:
    """The way on to the facts of the same message that still wait; it stands on each receipt."""
    held = turn.state.get("heard")
    if held is None or held["offer"]:
        return ()
    return (Option(keys.pack("mean-each", version=held["version"]), f"还有 {len(held['facts'])} 句没记"),)


def put_first(turn: Turn, fact: Waiting, said: str) -> int:
    """Let a fact wait before those of the same message; returns the version."""
    whole = text(turn)
    rest = of(turn) if said in whole else []
    return put(turn, [fact, *rest], whole if rest else said)
