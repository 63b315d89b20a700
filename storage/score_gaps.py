"""What separates what a unit claims from what is verified: by item, and what of it can still be mended."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from rubrics.breakdown import Breakdown
from rubrics.engine import Plan
from rubrics.figures import plain, two_decimals
from rubrics.model import Criterion, Item
from storage.unit_facts import UnitFacts


class ItemGap(NamedTuple):
    """An item that is verified with other points than claimed.

    ``lacking``: clauses that claim more than is proven; ``returned``: sent back; ``changed``: since they were verified,
    whatever they lack: they wait for the office. ``waiting``: clauses with their proof that nobody has looked at.
    ``decided``: clauses that are reviewed and worth less than claimed, each with why. ``awaits``: how many targets of
    the tasks table have to be settled first.
    """

    item: Item
    claimed: Decimal
    verified: Decimal
    lacking: tuple[Criterion, ...]
    returned: tuple[Criterion, ...]
    changed: tuple[Criterion, ...]
    waiting: tuple[Criterion, ...]
    decided: tuple[str, ...]
    awaits: int

    def mendable(self, *, collecting: bool) -> bool:
        """Whether the unit itself can still do something about it; what was sent back it can also after the lock."""
        return bool(self.returned or (collecting and self.lacking))


class Gap(NamedTuple):
    """A unit under a rubric with a total; ``points`` is claimed less verified, as printed."""

    points: Decimal
    items: tuple[ItemGap, ...]

    def mendable(self, *, collecting: bool) -> int:
        """How many items the unit can do something about, while answers are still taken or after."""
        return sum(item.mendable(collecting=collecting) for item in self.items)


def gap_of(plan: Plan, known: UnitFacts) -> Gap | None:
    """What separates the two scores; None where the rubric has no total."""
    claimed, verified = plan.score(known.claimed), plan.score(known.verified)
    if claimed.total is None or verified.total is None:
        return None
    items = []
    for mine, theirs in zip(claimed.items, verified.items, strict=True):
        if mine.points != theirs.points and mine.plan.item.role in {"scored", "bonus"}:
            figures = (_printed(claimed.points(mine.points)), _printed(verified.points(theirs.points)))
            item = mine.plan.item
            items.append(_gap(item, *figures, known, tuple(_decided(item, claimed, verified, known))))
    return Gap(_printed(claimed.total) - _printed(verified.total), tuple(items))


def _decided(item: Item, claimed: Breakdown, verified: Breakdown, known: UnitFacts) -> Iterator[str]:
    """Why each reviewed clause of an item is worth less than claimed."""
    for mine, theirs in zip(claimed.lines, verified.lines, strict=True):
        less = verified.points(theirs.points) < claimed.points(mine.points)
        if less and theirs.plan.item is item and theirs.clause.id in known.reviewed:
            yield verified.why(theirs.clause.id)


def _gap(item: Item, claimed: Decimal, verified: Decimal, known: UnitFacts, decided: tuple[str, ...]) -> ItemGap:
    said = [c for c in item.criteria if c.id in known.own or c.id in known.verdicts]
    returned = tuple(c for c in said if (v := known.verdicts.get(c.id)) and v.returned)
    stale = {c.id: v.kind for c in said if (v := known.verdicts.get(c.id)) and not v.current}
    short = {c.id for c in said if c.id in known.lacking and c not in returned and c.id not in known.reviewed}
    changed = tuple(c for c in said if c.id in stale and (stale[c.id] != "return" or c.id not in short))
    lacking = tuple(c for c in said if c.id in short and c not in changed)
    done = {c.id for c in (*lacking, *returned, *changed)}
    waiting = tuple(c for c in said if c.id not in done and c.id not in known.reviewed)
    awaits = max((known.awaits.get(c.id, 0) for c in item.criteria), default=0)
    return ItemGap(item, claimed, verified, lacking, returned, changed, waiting, decided, awaits)


def _printed(points: object) -> Decimal:
    return Decimal(plain(two_decimals(points)))  # type: ignore[arg-type]
