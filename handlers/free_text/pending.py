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

_AGREES = re.compile("[都全]?对的?|没错|[都就]?是的?|嗯+|是这样的?|对对+|好的?|可以|行|ok")
_REFUSES = re.compile(
    "不对|不是的?|不是这[个样条]|错了|[说写报打填记搞弄听]错了?|[别不]要?记了?|不用记?了?|不要了?|算了|都不对|都错了?"
)
_PROPOSING = ("mean", "mean-all", "mean-set")
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


def put(turn: Turn, facts: Sequence[Fact | Waiting], text: str, *, offer: bool = False, other_unit: str = "") -> int:
    """Let facts wait in place of those that did; returns the version their buttons carry.

    Args:
        offer: nobody need come back to them: words that were not understood, or others' business.
        other_unit: the unit the message names, where it is not the person's.
    """
    _put_off(turn, text)
    turn.state["heard_version"] = version = int(turn.state.get("heard_version", 0)) + 1
    held = {"version": version, "text": text[:500], "facts": [_packed(fact) for fact in facts], "offer": offer}
    turn.state["heard"] = {**held, "other_unit": other_unit} if other_unit else held
    return version


def mend(turn: Turn, facts: Sequence[Waiting], said: str) -> None:
    """Let the facts of a message wait as they were corrected before they were written down."""
    whole, other = f"{text(turn)}，{said}", other_unit(turn)
    turn.state.pop("heard", None)
    put(turn, facts, whole, other_unit=other)


def _put_off(turn: Turn, text: str) -> None:
    """Say once that the facts of a message are not written down, before those of another take their place."""
    held = turn.state.get("heard")
    if held is None or held["offer"] or held["text"] == text[:500] or not held["facts"]:
        return
    turn.state["heard_off"] = held
    _say_waiting(turn, held)


def wait(turn: Turn, facts: Sequence[Fact | Waiting], said: str) -> None:
    """Let facts wait behind what is being asked just now, and say so."""
    put(turn, facts, said)
    _say_waiting(turn, turn.state["heard"])


def _say_waiting(turn: Turn, held: dict[str, Any]) -> None:
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


def other_unit(turn: Turn) -> str:
    """The unit that the message names, where it is not the person's; else empty."""
    held = turn.state.get("heard")
    return str(held.get("other_unit", "")) if held else ""


def shown(turn: Turn) -> list[Waiting]:
    """The facts that the message said last proposes to write down; empty where it proposes none."""
    held = turn.state.get("heard")
    parsed = [keys.parse(key) for key in turn.state.get("labels", {}).values()]
    versions = {key.version for key in parsed if key and key.verb in _PROPOSING}
    return of(turn) if held and not held["offer"] and held["version"] in versions else []


def agreed(turn: Turn) -> str | None:
    """The button that a typed 对 or 不对 presses: what was just shown is written down, or is not."""
    labels = turn.state.get("labels", {})
    words = normalise(turn.event.text[:20]).strip(" 。.!！~")
    key: str | None = labels.get("确认") or labels.get("全部记下")
    if _REFUSES.fullmatch(words):
        key = labels.get("不记") or labels.get("取消") or labels.get("不改")
    elif not verdict(words):
        return None
    return key if key and key.startswith("mean") else None


def is_plain_word(turn: Turn) -> bool:
    """Whether words only say yes or no to what was just shown, although a question is open too."""
    words = normalise(turn.event.text[:20]).strip(" 。.!！~")
    return bool(_AGREES.fullmatch(words.lower()) or _REFUSES.fullmatch(words)) and agreed(turn) is not None


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
