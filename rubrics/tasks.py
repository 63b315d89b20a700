"""What a tasks table means for a department: which rows bind it, and the facts that follow for its own rubric.

Unanswered is not "not completed": the facts stay open until every target of the rows that count has an answer,
or the collection phase has closed (readings X2, K6).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import NamedTuple

from rubrics.clauses import is_met
from rubrics.facts import Facts
from rubrics.model import Criterion, Derived, Item, Rubric


class Duty(NamedTuple):
    """A row a unit answers for, and the targets of it that it reports."""

    row: Item
    targets: tuple[Criterion, ...]
    own: bool  # answered by each unit for itself, as the rows every department shares


class DerivedFact(NamedTuple):
    """A fact worked out from tasks; None while open. ``because`` says from what, for the office."""

    fact: bool | Decimal | None
    because: str


def duties(
    tasks: Rubric,
    unit: str,
    groups: Collection[str] = (),
    roles: str = "lead",
    reporters: Mapping[str, str] | None = None,
) -> list[Duty]:
    """The rows that bind a unit.

    Args:
        groups: the group names the unit belongs to (区各部门), which some rows name instead of units.
        roles: ``lead``, or ``lead_and_cooperating`` where the office reads it so.
        reporters: criterion id → the one unit that reports it (主报单位), where the office has named one;
            other leads then do not carry that target.
    """
    named = reporters or {}
    found = []
    for row in tasks.items:
        bound = row.lead + (row.cooperating if roles == "lead_and_cooperating" else ())
        own = bool(set(groups) & set(row.lead))
        if unit not in bound and not own:
            continue
        targets = tuple(c for c in row.criteria if own or named.get(c.id, unit) == unit)
        if targets:
            found.append(Duty(row, targets, own))
    return found


def asked(rubric: Rubric, unit: str, category: str) -> dict[str, tuple[Criterion, ...]]:
    """The clauses a unit is asked itself, by item: not what the office knows, what is derived, or others' rows."""
    groups = tuple(name for name, categories in rubric.groups.items() if category in categories)
    bound = {duty.row.id: duty.targets for duty in duties(rubric, unit, groups)}
    found = {}
    for item in rubric.items:
        clauses = bound.get(item.id, ()) if item.role == "task" else item.criteria
        own = tuple(c for c in clauses if c.by != "office" and c.derived is None)
        if own:
            found[item.id] = own
    return found


class Overrule(NamedTuple):
    """The office's own fact in place of a derived one, and why."""

    fact: bool | Decimal
    reason: str


def derive(
    criterion: Criterion,
    tasks: Rubric,
    unit: str,
    answers: Facts,
    *,
    groups: Collection[str] = (),
    reporters: Mapping[str, str] | None = None,
    closed: bool = False,
    overrule: Overrule | None = None,
) -> DerivedFact:
    """The fact of a department's clause that depends on its tasks.

    Args:
        answers: facts of the tasks table as this unit or its rows' reporters gave them.
        groups, reporters: see ``duties``; which rows count follows from the criterion's reading (X2).
        closed: the collection phase is over; what is unanswered then counts as not done.
        overrule: what the office decided instead.

    Raises:
        ValueError: the criterion is not derived.

    Source: xinbei-2011-departments 4.1 and 4.2.
    """
    rule = criterion.derived
    if rule is None:
        raise ValueError(f"{criterion.id} is not derived")
    if overrule is not None:
        return DerivedFact(overrule.fact, f"考核办改定：{overrule.reason}")
    bound = duties(tasks, unit, groups, rule.roles, reporters)
    targets = [c for duty in bound for c in duty.targets]
    missing = [c.id for c in targets if c.id not in answers]
    if not targets:
        return DerivedFact(None, "没有牵头的任务")
    if missing and not closed:
        return DerivedFact(None, f"还有 {len(missing)} 个目标没有填：{'、'.join(missing[:5])}")
    met = {c.id for c in targets if c.id in answers and is_met(c, answers[c.id])}
    if rule.how == "none_done":
        return DerivedFact(not met, f"{len(targets)} 个目标完成 {len(met)} 个")
    done = _done(rule, bound, met)
    total = len(targets) if rule.unit_of_count == "target" else len(bound)
    return DerivedFact(Decimal(total - done), f"{total} 项任务完成 {done} 项，少 {total - done} 项")


def _done(rule: Derived, bound: Collection[Duty], met: Collection[str]) -> int:
    if rule.unit_of_count == "target":
        return sum(c.id in met for duty in bound for c in duty.targets)
    return sum(all(c.id in met for c in duty.targets) for duty in bound)
