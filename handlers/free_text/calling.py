"""Clauses and items called by their name, number or alias alone: they open; a figure behind the name answers at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.answering import (
    asking,
    checklist,
)
from handlers.free_text import (
    hearing,
    taking,
)
from handlers.turn import Place, Turn
from rubrics.matching.spelling import fold
from rubrics.values import Refused, parse_answer
from storage.people import Membership

MOST_CALLED = 6
"""So many clauses of one name are shown as buttons."""

LONGEST = 40
"""Characters; what is longer is no name."""

_name = lru_cache(maxsize=16_384)(fold)
"""The rubrics' own words in one spelling: the same ones are compared with every message."""

_MARKS = " 。.!！?？,，;；、:：~…\"“”'‘’()（）【】《》[]"
_LIST = re.compile(r"[、,，;；\n]")
_NUMBERED = re.compile(r"第?(?P<id>[0-9]{1,2}[a-c]?\.[0-9]{1,2}[a-c]?)[项条款]?[ .、:,]*(?P<name>.*)")
_FIGURE = re.compile(r"[ :=,是为有到达]*(?P<figure>[-负]?[0-9]+(?:\.[0-9]+)?(?:%|‰|/[0-9]+)?[\u4e00-\u9fff]?)")


class Called(NamedTuple):
    """What is called by name. ``alias``: in words that only stand for it, which are kept with the answer."""

    places: list[Place]
    alias: bool = False
    figure: str = ""


def by_name(membership: Membership, text: str) -> Called | None:
    """The unit's own clauses whose label, or number and label, the text is; a figure may stand behind either.

    Several names side by side call all their clauses.
    """
    listed = [by_name(membership, part) for part in _LIST.split(text) if _said(part)] if _LIST.search(text) else []
    if len(listed) > 1 and all(one and not one.figure for one in listed):
        return Called([place for one in listed if one for place in one.places])
    said = _said(text)
    own = hearing.own_places(membership) if said else []
    numbered = _NUMBERED.fullmatch(said)
    bare = numbered["name"] if numbered else said
    named = [(place, _name(place.criterion.label)) for place in own]
    found = [place for place, label in named if label == bare]
    if found:
        exact = [place for place in found if numbered and place.criterion.id == numbered["id"]]
        return Called(exact or found)
    if numbered:
        named += [(place, "") for place in own if place.criterion.id == numbered["id"]]
    figures = [(place, figure) for place, label in named if (figure := _behind(label, bare))]
    return Called([place for place, _ in figures], figure=figures[0][1]) if figures else None


def _behind(label: str, said: str) -> str:
    """The figure that stands behind a name and is all that does; empty where there is none."""
    match = _FIGURE.fullmatch(said.removeprefix(label)) if said.startswith(label) else None
    return match["figure"] if match else ""


def by_number_or_alias(membership: Membership, text: str) -> Called | None:
    """The unit's own clauses whose bare number the text is, or words that stand for it as a whole."""
    said = _said(text)
    own = hearing.own_places(membership) if said else []
    numbered = _NUMBERED.fullmatch(said)
    if numbered and not numbered["name"]:
        ident = numbered["id"]
        exact = [place for place in own if place.criterion.id == ident]
        found = exact or [place for place in own if place.criterion.id.rstrip("abc") == ident]
        return Called(found) if found else None
    found = [
        place for place in own if any(_name(alias) == said for alias in place.criterion.aliases if " " not in alias)
    ]
    return Called(found, alias=True) if found else None


async def opens(turn: Turn, membership: Membership, text: str, *, whole: bool = True) -> bool:
    """Open what words call; False where they call nothing of the unit's.

    Args:
        whole: numbers and aliases count too, not only names.
    """
    called = by_name(membership, text)
    if called is None and (item := _item(membership, text)):
        await checklist.item(turn, item)
        return True
    if called is None and whole:
        called = by_number_or_alias(membership, text)
    if called is None:
        return False
    if len(called.places) > 1:
        _ask_which(turn, called.places)
    elif called.figure:
        await _figure(turn, called.places[0], text, called.figure)
    else:
        await asking.ask(turn, called.places[0], heard=text if called.alias else "")
    return True


def is_name(membership: Membership, text: str) -> bool:
    """Whether words are the name of a clause or an item, and nothing more."""
    return by_name(membership, text) is not None or _item(membership, text) is not None


async def _figure(turn: Turn, place: Place, text: str, figure: str) -> None:
    """A figure told with the name; one that the question cannot take is refused in its words."""
    measured = not place.criterion.measures
    if measured and isinstance(parse_answer(place.criterion, figure), Refused):
        await asking.answered(turn, place, figure)
    else:
        await taking.take(turn, place, _said(text), text)


def _item(membership: Membership, text: str) -> Key | None:
    """The button of the item whose name a text is."""
    said = _said(text)
    items = ((rubric, item) for rubric in membership.rubrics for item in rubric.items if said)
    named = {(rubric.id, item.id) for rubric, item in items if _name(item.label) == said}
    own = (
        {(p.rubric.id, p.rubric.item_of[p.criterion.id].id) for p in hearing.own_places(membership)} if named else set()
    )
    first = min(named & own, default=None)
    return Key("item", (str(membership.unit_id or 0), *first), 0) if first else None


def _ask_which(turn: Turn, places: Sequence[Place]) -> None:
    """Clauses of one name are told apart by their numbers and items."""
    shown = places[:MOST_CALLED]
    options = (Option(keys.pack("ask", *p.parts), f"{p.criterion.id} {p.criterion.label}") for p in shown)
    clauses = [(place.criterion, place.rubric.item_of[place.criterion.id]) for place in shown]
    turn.say("called-which", tuple(options), clauses=clauses)


def _said(text: str) -> str:
    return fold(text.strip(_MARKS)) if len(text) <= LONGEST else ""
