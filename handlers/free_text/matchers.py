"""What finds clauses in free text, built once for a rubric and the words learnt in a campaign, outside of any turn."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from handlers.turn import Turn
from rubrics.matching import Matcher
from rubrics.matching.index import Index
from rubrics.model import Rubric
from storage import campaigns, editions, learnt
from storage.database import Database

MOST_KEPT = 64
"""As many as editions of rubrics are kept; each is a few hundred kilobytes."""

_Name = tuple[str, tuple[tuple[str, str], ...], str | None, tuple[tuple[str, str], ...]]


@dataclass(frozen=True)
class Reading:
    """A rubric's words: to read messages with, and to look clauses up by."""

    matcher: Matcher
    index: Index


class Wanted(NamedTuple):
    """A rubric as a campaign reads it, and the words learnt there: words → criterion id."""

    rubric: Rubric
    learnt: Mapping[str, str]

    @property
    def name(self) -> _Name:
        """Tells one reading from another; a rubric in force is told by its readings and its overlay."""
        rubric = self.rubric
        return rubric.id, tuple(sorted(rubric.chosen.items())), rubric.overlay, tuple(sorted(self.learnt.items()))


_built: OrderedDict[_Name, Reading] = OrderedDict()


async def wanted(turn: Turn) -> list[Wanted]:
    """What a person's words may be about: the rubrics of all they are, once each."""
    found: dict[_Name, Wanted] = {}
    for campaign_id in dict.fromkeys(m.campaign_id for m in turn.memberships):
        aliases = await learnt.aliases_in(turn.connection, campaign_id)
        for membership in turn.memberships:
            if membership.campaign_id == campaign_id:
                for rubric in membership.rubrics:
                    one = Wanted(rubric, aliases.get(rubric.id, {}))
                    found[one.name] = one
    return list(found.values())


async def warm(database: Database) -> None:
    """Build what every campaign needs, pinyin included, so that the first message need not wait for it."""
    async with database.read() as connection:
        known = [campaign.id for campaign in await campaigns.campaigns_in(connection)]
        in_force = await editions.of_campaigns(connection, known)
        aliases = {ident: await learnt.aliases_in(connection, ident) for ident in known}
    readings = [Wanted(r, aliases[ident].get(r.id, {})) for ident, rubrics in in_force.items() for r in rubrics]
    await build(readings)
    for one in readings[:1]:
        await asyncio.to_thread(_built[one.name].matcher.match, "zhiliang")


def missing(readings: Iterable[Wanted]) -> list[Wanted]:
    """Those that are not built yet."""
    return [one for one in readings if one.name not in _built]


async def build(readings: Iterable[Wanted]) -> None:
    """Build what is missing, in a thread: a tenth of a second each."""
    for one in missing(readings):
        _built[one.name] = await asyncio.to_thread(_read, one)
    while len(_built) > MOST_KEPT:
        _built.popitem(last=False)


def _read(one: Wanted) -> Reading:
    return Reading(Matcher(one.rubric, one.learnt), Index(one.rubric, one.learnt))


async def of(turn: Turn, campaign_id: int, rubric: Rubric) -> Reading:
    """The reading of a rubric in a campaign; built here where a word was learnt since the turn began."""
    aliases = await learnt.aliases_in(turn.connection, campaign_id)
    one = Wanted(rubric, aliases.get(rubric.id, {}))
    if one.name not in _built:
        _built[one.name] = _read(one)
    _built.move_to_end(one.name)
    return _built[one.name]
