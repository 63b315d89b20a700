"""一票否决 and preconditions: one of the office names unit and basis, another agrees, only then it is booked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from handlers.desk import booked_news
from handlers.desk.booked import book
from handlers.desk.booking_draft import Setting
from handlers.desk.fact_costs import cost_words
from handlers.desk.fact_news import is_news, is_nothing
from handlers.desk.fact_notes import Clause
from handlers.turn import Turn
from handlers.year.motions import Kind, propose
from rubrics.fact_words import fact_words
from rubrics.facts import Fact, read_json
from rubrics.model import Criterion
from storage import campaigns
from storage.errors import NotFoundError
from storage.kept_facts import fact_text
from storage.motions import Motion
from storage.office_facts import Booked
from storage.people import Membership
from storage.trial import on_trial
from storage.verdicts import TWO_PEOPLE


def clauses(membership: Membership) -> list[Criterion]:
    """The clauses of a campaign that take two people."""
    return [one for rubric in membership.rubrics for one in rubric.criteria.values() if one.kind in TWO_PEOPLE]


def takes_two(clause: Clause, facts: Iterable[Fact]) -> bool:
    """Whether a booking must be agreed to by a second person; that nothing happened needs one only."""
    return clause.criterion.kind in TWO_PEOPLE and any(not is_nothing(fact) for fact in facts)


async def ask(
    turn: Turn, membership: Membership, clause: Clause, facts: Mapping[int, Fact], basis: str
) -> Motion | None:
    """Propose a booking; says why where it cannot be proposed."""
    subject = {
        "what": "book",
        "units": sorted(facts),
        "rubric": clause.rubric.id,
        "criterion": clause.criterion.id,
        "facts": {str(ident): fact_text(fact) for ident, fact in facts.items()},
        "basis": basis,
    }
    return await propose(turn, membership, "veto", KIND, subject, basis)


async def _about(turn: Turn, membership: Membership, subject: Mapping[str, Any]) -> str:
    async with on_trial(turn.connection):
        clause, booked = await _book(turn, membership, subject, membership.person_id)
        costs = {one.fact.id: await cost_words(turn, *clause, one) for one in booked}
    return turn.render("veto-about", **_words(clause, booked), costs=costs).strip()


async def _carry(turn: Turn, membership: Membership, motion: Motion) -> str:
    """Book it in the name of who proposed it; who agreed stands in the motion and its audit row."""
    clause, booked = await _book(turn, membership, motion.subject, motion.person_id)
    for one in booked:
        if is_news(one):
            await booked_news.tell(turn, clause, one)
    costs = {one.fact.id: await cost_words(turn, *clause, one) for one in booked}
    return turn.render("veto-about", **_words(clause, booked), costs=costs).strip()


def _words(clause: Clause, booked: Iterable[Booked]) -> dict[str, Any]:
    found = list(booked)
    words = {one.fact.id: fact_words(clause.criterion, one.fact.fact) for one in found}
    return {"clause": clause, "booked": found, "words": words}


async def _book(
    turn: Turn, membership: Membership, subject: Mapping[str, Any], person_id: int
) -> tuple[Clause, tuple[Booked, ...]]:
    rubric = membership.rubric(subject["rubric"])
    criterion = rubric.criteria.get(subject["criterion"]) if rubric else None
    if rubric is None or criterion is None:
        raise NotFoundError("这次考核的细则里已经没有这一条，不能再记")
    facts = {int(ident): read_json(text) for ident, text in subject["facts"].items()}
    known = await campaigns.units_in(turn.connection, membership.campaign_id)
    clause = Clause(rubric, criterion)
    setting = Setting(membership, {str(unit.id): unit for unit in known if unit.id in facts}, [clause])
    booked, _ = await book(turn, setting, clause, facts, subject["basis"], person_id)
    return clause, booked


KIND = Kind(_about, _carry)
