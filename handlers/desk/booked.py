"""Facts booked for several units at once, with the earlier 没发生 they prove wrong."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.desk import booking_checks
from handlers.desk.booking_draft import Setting
from handlers.desk.fact_notes import Clause
from handlers.turn import Turn
from rubrics.facts import Fact
from storage import office_facts
from storage.office_facts import Booked, OfficeFact


async def book(
    turn: Turn, setting: Setting, clause: Clause, facts: Mapping[int, Fact], basis: str, person_id: int
) -> tuple[tuple[Booked, ...], list[OfficeFact]]:
    """Book, and mark the earlier 没发生 it proves wrong as 不计; returns these too.

    Args:
        setting: its units are those of the facts.
        facts: unit id → the fact.

    Raises:
        KaopingError: as `office_facts.book_many_in`, before anything is written.
    """
    earlier = await booking_checks.overtaken(turn, setting, clause, facts)
    booked = await office_facts.book_many_in(
        turn.connection, turn.now, person_id, clause.rubric, clause.criterion.id, facts, basis
    )
    number = {one.fact.unit_id: one.fact.id for one in booked}
    for old in earlier:
        why = f"后来记了发生过（第 {number[old.unit_id]} 号）"
        await office_facts.dismiss_in(turn.connection, turn.now, person_id, old.campaign_id, old.id, why)
    return booked, earlier
