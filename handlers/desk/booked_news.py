"""A unit hears of what the office has just booked against it, with what it costs and how to dispute it."""

from __future__ import annotations

from channels import keys
from channels.port import Option
from handlers import office
from handlers.desk.fact_costs import cost_words
from handlers.desk.fact_notes import Clause
from handlers.turn import Turn
from rubrics.fact_words import fact_words
from storage import reaching
from storage.office_facts import Booked


async def tell(turn: Turn, clause: Clause, one: Booked) -> int:
    """Tell the unit's liaisons of a booking; returns how many people it goes to."""
    reached = await reaching.liaisons_in(turn.connection, one.fact.unit_id, turn.today)
    options = (Option(keys.pack("dispute", one.fact.id), "有异议"),)
    what = f"{clause.criterion.label} {fact_words(clause.criterion, one.fact.fact)}"
    cost = await cost_words(turn, *clause, one)
    return await office.tell(turn, reached, "told-booked", options, one=one, what=what, cost=cost, **clause._asdict())
