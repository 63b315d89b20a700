"""Days of a leave on which the one in whose hands it is put is away too: 李四 names 陈芳, who is on leave herself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from handlers.turn import Turn
from storage import people, resting, standing_in
from storage.people import Member, Membership

MOST_DAYS = 60
"""Looked at one by one; a longer time away has a gap within them, or is none worth a sentence."""


class Gap(NamedTuple):
    """Days, both inclusive, on which a deputy is away. ``by``: who stands in then; empty where on some day nobody does.

    ``whose``: who counts on the deputy, by name and id; ``own``: that is who asks for leave now, else somebody who had
    named this person before.
    """

    first: date
    last: date
    deputy: str
    whose: str
    whose_id: int
    own: bool
    by: str


async def of_leave(turn: Turn, membership: Membership, days: tuple[date, date], deputy: Member | None) -> list[Gap]:
    """The gaps a leave that was just noted has, and those it makes for others who had named this person."""
    names = {m.person_id: m.name for m in await people.members_in(turn.connection, membership.campaign_id)}
    found = []
    for one in await resting.leaves_in(turn.connection, membership.campaign_id):
        first, last = max(one.starts_on, days[0]), min(one.ends_on, days[1])
        pairs = [(one.person_id, membership.person_id)] if deputy and one.person_id == deputy.person_id else []
        pairs += [(membership.person_id, one.person_id)] if one.deputy_id == membership.person_id else []
        for absent, whose in pairs if first <= last else ():
            by = "、".join(names[i] for i in await _by(turn, membership.campaign_id, whose, first, last))
            who, counting = names.get(absent, ""), names.get(whose, "")
            found.append(Gap(first, last, who, counting, whose, whose == membership.person_id, by))
    return found


async def _by(turn: Turn, campaign_id: int, person_id: int, first: date, last: date) -> list[int]:
    """Who stands in for somebody on those days, each once; nobody where that is so on any of them."""
    found: list[int] = []
    for n in range(min((last - first).days + 1, MOST_DAYS)):
        deputies = await standing_in.deputies_in(turn.connection, campaign_id, first + timedelta(days=n))
        by = deputies.get(person_id)
        if by is None:
            return []
        found += [by] if by not in found else []
    return found
