"""Words to a clause that counts true clues which tell of a case themselves: offered as a clue, never kept as its answer.

An answer and its proof are read by the whole unit and by who reviews; a clue is not.
"""

from __future__ import annotations

import re
from decimal import Decimal

from channels import keys
from channels.port import Option
from handlers.turn import Place, Turn
from rubrics.amounts import Number, find_numbers, parse_number
from rubrics.fact_words import fact_words
from rubrics.matching.polarity import is_denied
from rubrics.matching.spelling import fold
from rubrics.model import Criterion
from rubrics.values import Stated, parse_answer
from storage import clues

SHORT = 12
"""Characters; so few words with a figure, or a denial, tell of no case."""

LEAST = 6  # characters that tell where something is or who does it
_VERIFIED = re.compile("[查核]实|属实|认定|采纳")


def counts(place: Place) -> bool:
    """Whether a clause counts clues that turned out true."""
    return clues.counts(place.criterion)


def is_count(criterion: Criterion, words: str) -> bool:
    """Whether words about such a clause say how many there are, or why that is not known."""
    said = fold(words)
    bare = parse_number(said, criterion.answer.unit, whole=True)
    if isinstance(bare, Number) and len(said) <= len(bare.text) + 2:
        return True
    figures = _figures(criterion, said)
    if figures:
        return any(one != 1 for one in figures) or len(said) <= SHORT or bool(_VERIFIED.search(said))
    return len(said) <= SHORT and (is_denied(said) or isinstance(parse_answer(criterion, words), Stated))


def _figures(criterion: Criterion, said: str) -> list[Decimal]:
    unit = criterion.answer.unit
    return [one.value for one in find_numbers(said[:200], unit) if isinstance(one, Number) and one.unit == unit]


def tells(place: Place, words: str) -> bool:
    """Whether words about a clause tell of a case that is a clue of its own."""
    letters = sum(letter.isalnum() for letter in words)
    return counts(place) and letters >= LEAST and not is_count(place.criterion, words)


def offer(turn: Turn, place: Place, words: str) -> None:
    """Ask what words are that tell of a case: a clue of their own, or only a count; they are not kept before that."""
    turn.state["clue_version"] = version = int(turn.state.get("clue_version", 0)) + 1
    unit, rubric, criterion = place.parts
    figure = next(iter(_figures(place.criterion, fold(words))), Decimal(1))
    about = {"unit": unit, "rubric": rubric, "criterion": criterion}
    count = fact_words(place.criterion, figure)
    turn.state["clue_words"] = {**about, "version": version, "words": words.strip(), "count": count}
    turn.state.pop("clue_files", None)
    ask(turn)


def ask(turn: Turn) -> None:
    """The question of an offer; files that come before it is answered wait for the clue."""
    held = turn.state["clue_words"]
    version, words, count = held["version"], held["words"], held["count"]
    turn.expect(keys.pack("clue-offer", version=version))
    options = (
        Option(keys.pack("clue-give", version=version), "报这条线索"),
        Option(keys.pack("clue-count", version=version), f"只记核实了 {count}"),
        Option(keys.pack("clue-not", version=version), "都不是"),
    )
    turn.say("clue-offer", options, said=words, count=count, files=turn.state.get("clue_files", ()))


def button(place: Place) -> Option:
    """The way from such a clause's question to a clue."""
    return Option(keys.pack("clue-ask", place.unit_id), "报打假线索")
