"""A clause and what a message says about it: written down, asked about where that is not all, echoed where it is odd."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from channels import keys
from channels.port import Option
from handlers.answering import (
    asking,
    claims,
    clue_offers,
)
from handlers.answering.claims import Claim
from handlers.free_text import (
    hearing,
    pending,
)
from handlers.turn import Place, Turn
from rubrics.amounts import find_numbers
from rubrics.errors import FactError
from rubrics.fact_words import fact_words
from rubrics.facts import Fact, parse_fact
from rubrics.kinds import Bonus, Count, Deduct, Tiers
from rubrics.matching.stating import Value
from rubrics.model import Criterion
from rubrics.values import Done, parse_answer
from storage import answers
from storage.answers import Answer


async def take(turn: Turn, place: Place, words: str, said: str, *, instead: bool = False) -> bool:
    """Write down what words say about a clause; returns whether it is settled or its question asked.

    Args:
        words: the piece of the message about this clause, as the matcher spells it.
        said: as the person wrote it; kept as what was said.
        instead: it is a correction, so it replaces a count that was given before.

    Returns:
        False where one more tap was asked for, and the fact has still to wait.
    """
    fact = fact_of(place, hearing.value_of(place, words, turn.today))
    current = await _current(turn, place)
    done = parse_answer(place.criterion, words) if place.criterion.target else None
    if not is_own(turn, place):
        say_theirs(turn, [place])
    elif clue_offers.tells(place, said):
        clue_offers.offer(turn, place, said)
    elif isinstance(done, Done) and (fact is None or isinstance(fact, bool)):
        await asking.task_done(turn, place, done, said)
    elif fact is None:
        await asking.ask(turn, place, heard=said)
    elif current and current.state == "answered" and current.fact == fact:
        say_same(turn, place, fact, current)
    elif not instead and _adds_up(place.criterion, current, fact):
        _ask_which_count(turn, place, current, fact, words, said)
        return False
    else:
        await write(turn, place, fact, said, current)
    return True


def say_same(turn: Turn, place: Place, fact: Fact, current: Answer) -> None:
    """What was heard is what stands already; both are shown, for they may be meant differently."""
    said = echo_of(place.criterion, fact)
    turn.say("heard-same", (_change(place),), criterion=place.criterion, current=current, fact=said)


def is_own(turn: Turn, place: Place) -> bool:
    """Whether the unit answers for a clause itself."""
    membership = turn.of_unit(place.unit_id)
    return membership is not None and place in hearing.own_places(membership)


def say_theirs(turn: Turn, places: Sequence[Place], options: tuple[Option, ...] = ()) -> None:
    """Whose business clauses are that the unit does not answer for."""
    theirs = [(place.criterion, hearing.owner_of(place)) for place in places]
    aside = asking.put_aside(turn)
    back = (Option(keys.pack("ask", *aside.parts), f"回到 {aside.criterion.label}"),) if aside else ()
    turn.say("heard-theirs", (*options, *back), theirs=theirs, aside=aside.criterion if aside else None)


async def write(turn: Turn, place: Place, fact: Fact, said: str, current: Answer | None) -> None:
    """Write a fact down as the clause's answer; a doubtful one is echoed with its worth first."""
    claim = claim_of(place, fact, said)
    await claims.made(turn, place, claim, current.version if current else 0, current, None)


def claim_of(place: Place, fact: Fact, said: str) -> Claim:
    """What was said, as a claim."""
    criterion, echo = place.criterion, echo_of(place.criterion, fact)
    counted = criterion.entries.at_least if criterion.entries else None
    short = fact is False and bool(counted or criterion.measures) and any(n for n in find_numbers(said[:200]))
    needs = f"{counted} {criterion.entries.unit}" if short and counted and criterion.entries else ""
    figure = short or (isinstance(fact, Decimal) and bool(fact))
    return Claim(fact, said, echo, figure, needs, read=f"【{criterion.label}】“{echo}”")


def echo_of(criterion: Criterion, fact: Fact) -> str:
    """A fact in the words of its question: the button it would be, else the figure with its unit."""
    if isinstance(fact, Decimal):
        label = next((label for label, value in criterion.answer.buttons.items() if value == fact), None)
        return label or fact_words(criterion, fact)
    return fact_words(criterion, fact)


def fact_of(place: Place, value: Value) -> Fact | None:
    """A matcher's value as the clause's fact: a measured figure is its tier; None where there is none, or none it takes."""
    score = place.criterion.score
    if value is None:
        return None
    if isinstance(score, Tiers) and isinstance(value, Decimal):
        return _tier(score, value)
    try:
        return parse_fact(place.criterion, value)
    except FactError:
        return None


def _tier(score: Tiers, value: Decimal) -> Decimal | None:
    reached = [n for n, tier in enumerate(score.tiers) if tier.at_least is None or tier.at_least <= value]
    return Decimal(reached[0]) if reached else None


def shown(place: Place, words: str, turn: Turn) -> str:
    """What a message says about a clause, as it is read back; empty where it states no value."""
    fact = fact_of(place, hearing.value_of(place, words, turn.today))
    return "" if fact is None else echo_of(place.criterion, fact)


async def is_plain(turn: Turn, place: Place, words: str, said: str) -> bool:
    """Whether words can be written down about a clause with no further question."""
    fact = fact_of(place, hearing.value_of(place, words, turn.today))
    current = await _current(turn, place)
    if clue_offers.tells(place, said):
        return False
    if fact is None or place.criterion.target or not is_own(turn, place) or _adds_up(place.criterion, current, fact):
        return False
    return await claims.doubt_about(turn, place, claim_of(place, fact, said), current) is None


def _adds_up(criterion: Criterion, current: Answer | None, fact: Fact) -> bool:
    """Whether a further count may be meant on top of the one given before."""
    before = current.fact if current and current.state == "answered" else None
    repeats = isinstance(criterion.score, Deduct) and not criterion.score.once
    counts = isinstance(criterion.score, Bonus | Count) or repeats or criterion.entries is not None
    return counts and isinstance(before, Decimal) and isinstance(fact, Decimal) and before > 0 and fact > 0


def _ask_which_count(turn: Turn, place: Place, current: Answer | None, fact: Fact, words: str, said: str) -> None:
    assert current is not None
    assert isinstance(current.fact, Decimal)
    assert isinstance(fact, Decimal)
    version = pending.put_first(turn, pending.Waiting(words, (place,), place.unit_id), said)
    whole = echo_of(place.criterion, current.fact + fact)
    options = (
        Option(keys.pack("mean-set", *place.parts, version=version), f"改成 {echo_of(place.criterion, fact)}"),
        Option(keys.pack("mean-add", *place.parts, version=version), f"一共 {whole}"),
        Option(keys.pack("mean-skip", version=version), "不改"),
    )
    turn.say("heard-count", options, criterion=place.criterion, current=current, fact=echo_of(place.criterion, fact))


async def counted(turn: Turn, place: Place, words: str, said: str, *, more: bool) -> None:
    """Write a count down in place of the one before, or on top of it."""
    current = await _current(turn, place)
    fact = fact_of(place, hearing.value_of(place, words, turn.today))
    if fact is None:
        await asking.ask(turn, place, heard=said)
        return
    if more and isinstance(fact, Decimal) and current and isinstance(current.fact, Decimal):
        fact = current.fact + fact
    await write(turn, place, fact, said, current)


async def _current(turn: Turn, place: Place) -> Answer | None:
    return (await answers.current_in(turn.connection, place.unit_id, place.rubric.id)).get(place.criterion.id)


def _change(place: Place) -> Option:
    return Option(keys.pack("ask", *place.parts), "修改")
