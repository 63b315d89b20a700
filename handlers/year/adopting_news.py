"""今年细则已定: one message to each unit, with what was carried over and what it has to answer anew."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from channels import keys
from handlers.turn import Render
from storage import conversation, reaching
from storage.adoption import Adopted, UnitChange


class Told(NamedTuple):
    """How many people were told, and the units nobody has joined for: who joins later finds the new list."""

    people: int
    deserted: tuple[str, ...]


async def tell_in(connection: AsyncConnection, now: datetime, today: date, render: Render, done: Adopted) -> Told:
    """Tell the liaisons, in the unit of work that takes the rubric; where only tasks came, those they are for."""
    people: set[int] = set()
    deserted = []
    for change in done.units:
        if done.only_tasks and not change.tasks:
            continue
        reached = await reaching.liaisons_in(connection, change.unit.id, today)
        text = render("told-adopted", done=done, change=change).strip()
        for one in reached:
            await conversation.say(connection, now, one.channel, one.address, text, _options(change), push=True)
            people.add(one.person_id)
        if not reached:
            deserted.append(change.unit.name)
    return Told(len(people), tuple(deserted))


def _options(change: UnitChange) -> list[tuple[str, str]]:
    options = [(keys.pack("list", change.unit.id), "清单")]
    return [*options, (keys.pack("sort", change.unit.id), "待归类材料")] if change.loose else options
