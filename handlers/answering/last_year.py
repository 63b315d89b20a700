"""去年: what a unit of the same name answered last time to the same clause. Shown, and offered as a draft, never a fact."""

from __future__ import annotations

from typing import NamedTuple

from channels import keys
from channels.port import Option
from handlers.turn import Place, Turn
from rubrics.compare import compare
from rubrics.errors import FactError
from rubrics.fact_words import fact_words
from rubrics.facts import Fact, parse_fact
from rubrics.model import Rubric
from storage import answers, campaigns, editions
from storage.campaigns import Campaign
from storage.errors import NotFoundError


class LastYear(NamedTuple):
    """An answer of an earlier campaign; ``words`` show it, ``when`` is 去年 or the year."""

    fact: Fact
    words: str
    when: str


async def of(turn: Turn, place: Place) -> LastYear | None:
    """What the unit answered in its campaign before, where the clause is the same; None where there is nothing."""
    membership = turn.of_unit(place.unit_id)
    if membership is None:
        return None
    known = await campaigns.campaigns_in(turn.connection)
    this = next(one for one in known if one.id == membership.campaign_id)
    for before in sorted((one for one in known if one.year < this.year), key=lambda one: (-one.year, -one.id)):
        try:
            unit_id = await campaigns.find_unit(turn.connection, before.id, membership.unit_name)
        except NotFoundError:  # it was not assessed then
            continue
        fact = await _answered(turn, before, unit_id, place)
        when = "去年" if before.year == this.year - 1 else f"{before.year}年"
        return None if fact is None else LastYear(fact, fact_words(place.criterion, fact), when)
    return None


def options(place: Place, found: LastYear | None, version: int) -> tuple[Option, ...]:
    """同去年: one tap fills the draft."""
    return (Option(keys.pack("last-year", *place.parts, version=version), f"同{found.when}"),) if found else ()


async def _answered(turn: Turn, campaign: Campaign, unit_id: int, place: Place) -> Fact | None:
    """The fact of the same clause then, if this year's clause can take it."""
    for rubric in await editions.of_campaign(turn.connection, campaign.id):
        ident = _pairs(rubric, place.rubric).get(place.criterion.id)
        answer = (await answers.current_in(turn.connection, unit_id, rubric.id)).get(ident) if ident else None
        if answer and answer.state == "answered" and answer.fact is not None:
            try:
                return parse_fact(place.criterion, answer.fact)
            except FactError:  # the clause takes other answers now
                return None
    return None


def _pairs(old: Rubric, new: Rubric) -> dict[str, str]:
    """This year's clauses that ask the same, with the ids they had; a new number alone makes no other clause."""
    if old.id != new.id and new.previous != old.id:
        return {}
    kept = (change for change in compare(old, new) if not change.details)
    return {c.new: c.old for c in kept if c.new in new.criteria and c.old in old.criteria and c.new and c.old}
