"""What a booked fact is worth saying."""

from __future__ import annotations

from rubrics.facts import Fact
from storage.office_facts import Booked


def is_nothing(fact: Fact) -> bool:
    """Whether a fact says that nothing happened: 0, or no."""
    return not fact


def is_news(booked: Booked) -> bool:
    """Whether a booking is to be told: that nothing happened and nothing changed is no news to anybody."""
    return not is_nothing(booked.fact.fact) or booked.before != booked.after
