"""A veto or precondition that was booked is lifted (不计) as it was booked: proposed by one, agreed to by another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers import office
from handlers.desk.fact_news import is_nothing
from handlers.turn import Turn
from handlers.year.motions import Kind, propose
from rubrics.fact_words import fact_words
from rubrics.model import Criterion
from storage import office_facts, reaching
from storage.errors import NotFoundError, StorageError
from storage.motions import Motion
from storage.office_facts import OfficeFact
from storage.people import Membership
from storage.verdicts import TWO_PEOPLE


def takes_two(membership: Membership, fact: OfficeFact) -> bool:
    """Whether a booking can only be lifted by two people."""
    return _criterion(membership, fact).kind in TWO_PEOPLE and not is_nothing(fact.fact)


async def ask(turn: Turn, membership: Membership, fact: OfficeFact, why: str) -> Motion | None:
    """Propose to lift a booking; says why where it cannot be proposed."""
    subject = {"what": "lift", "units": [fact.unit_id], "fact": fact.id}
    return await propose(turn, membership, "veto", KIND, subject, why)


async def _about(turn: Turn, membership: Membership, subject: Mapping[str, Any]) -> str:
    fact = await office_facts.find_in(turn.connection, subject["fact"], campaign_id=membership.campaign_id)
    if fact.state == "dismissed":
        raise StorageError("这条记录已经不计了，不用再改")
    return f"第 {fact.id} 号不计：{fact.unit} {_words(membership, fact)}（依据：{fact.basis}）"


async def _carry(turn: Turn, membership: Membership, motion: Motion) -> str:
    """Lift it in the name of who proposed it, and tell the unit."""
    about = await _about(turn, membership, motion.subject)
    by = (motion.person_id, motion.campaign_id, motion.subject["fact"])
    lifted = await office_facts.dismiss_in(turn.connection, turn.now, *by, motion.why)
    reached = await reaching.liaisons_in(turn.connection, lifted.fact.unit_id, turn.today)
    await office.tell(turn, reached, "told-dismissed", one=lifted, what=_words(membership, lifted.fact))
    return about


def _words(membership: Membership, fact: OfficeFact) -> str:
    criterion = _criterion(membership, fact)
    return f"{criterion.label} {fact_words(criterion, fact.fact)}"


def _criterion(membership: Membership, fact: OfficeFact) -> Criterion:
    rubric = membership.rubric(fact.rubric_id)
    criterion = rubric.criteria.get(fact.criterion_id) if rubric else None
    if criterion is None:
        raise NotFoundError("这次考核的细则里已经没有这一条，不能再改")
    return criterion


KIND = Kind(_about, _carry)
