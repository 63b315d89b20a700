"""What of one rubric still holds under another that takes its place: clause by clause, carried over or asked again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from rubrics.compare import differences
from rubrics.model import Criterion, Rubric

Kind = Literal["same", "worth", "changed", "new", "dropped"]
"""不变, though it may be printed otherwise; only worth something else; asked again; 新增; 不再考."""

_PRINTED = "printed"
_WORTH = frozenset({"points", "base", "per_step", "per"})
"""Where clauses may differ while what was answered and proven stays as true as it was."""


class Clause(NamedTuple):
    """A clause of the old rubric, of the new one, or of both. ``details``: what is different, in sentences."""

    kind: Kind
    old: Criterion | None
    new: Criterion | None
    details: tuple[str, ...] = ()

    @property
    def carried(self) -> bool:
        """Whether what is known about the old clause is known about the new one."""
        return self.kind in {"same", "worth"}


def clauses(old: Rubric, new: Rubric) -> tuple[Clause, ...]:
    """All clauses in the order of the new rubric, those that are dropped last; not those that follow from others.

    A rubric that names the other as its edition before says itself which clause was which; of any two others only
    clauses of the same label and kind are taken for one.
    """
    pairs = _pairs(old, new)
    found = [_clause(pairs.get(ident), criterion) for ident, criterion in new.criteria.items() if not criterion.derived]
    taken = {criterion.id for criterion in pairs.values()}
    found += [Clause("dropped", c, None) for c in old.criteria.values() if c.id not in taken and not c.derived]
    return tuple(found)


def items(found: Iterable[Clause], old: Rubric, new: Rubric) -> Mapping[str, str]:
    """Item of the old rubric → the item of the new one that has its carried clauses; those that went to several are left out."""
    goes_to: dict[str, set[str]] = {}
    for clause in found:
        if clause.carried and clause.old and clause.new:
            goes_to.setdefault(old.item_of[clause.old.id].id, set()).add(new.item_of[clause.new.id].id)
    return {ident: next(iter(those)) for ident, those in goes_to.items() if len(those) == 1}


def _pairs(old: Rubric, new: Rubric) -> Mapping[str, Criterion]:
    """New id → the clause of the old rubric; each of those once."""
    pairs: dict[str, Criterion] = {}
    for ident, was in _named(old, new):
        if was in old.criteria and was not in {criterion.id for criterion in pairs.values()}:
            pairs[ident] = old.criteria[was]
    return pairs


def _named(old: Rubric, new: Rubric) -> Iterator[tuple[str, str]]:
    if old.id == new.id:
        yield from ((ident, ident) for ident in new.criteria)
    elif new.previous == old.id:
        yield from ((ident, criterion.was) for ident, criterion in new.criteria.items() if criterion.was)
    else:
        known = {(c.label, c.kind): c.id for c in old.criteria.values()}
        labels = [Counter(c.label for c in rubric.criteria.values()) for rubric in (old, new)]
        for ident, criterion in new.criteria.items():
            was = known.get((criterion.label, criterion.kind))
            if was is not None and all(counted[criterion.label] == 1 for counted in labels):
                yield ident, was


def _clause(old: Criterion | None, new: Criterion) -> Clause:
    if old is None:
        return Clause("new", None, new)
    found = tuple(differences(old, new))
    details = (*(one.text for one in found), *_asked_otherwise(old, new))
    keys = {one.key for one in found} - {_PRINTED}
    if len(details) > len(found) or not keys <= _WORTH:
        return Clause("changed", old, new, details)
    return Clause("worth" if keys else "same", old, new, details)


def _asked_otherwise(old: Criterion, new: Criterion) -> Iterator[str]:
    """Where a fact of the one would say something else of the other, though the sources demand the same."""
    if (old.answer.unit, old.answer.part, old.answer.of) != (new.answer.unit, new.answer.part, new.answer.of):
        yield f"填报口径：{_figure(old)} → {_figure(new)}"
    if old.entries != new.entries:
        yield f"登记的内容：{_counted(old)} → {_counted(new)}"
    if (old.by == "office") != (new.by == "office"):
        yield "填报人：改由考核办登记" if new.by == "office" else "填报人：改由单位填报"


def _figure(criterion: Criterion) -> str:
    answer = criterion.answer
    return "／".join(part for part in (answer.part, answer.of, answer.unit) if part) or "选一项"


def _counted(criterion: Criterion) -> str:
    entries = criterion.entries
    if entries is None:
        return "不逐条登记"
    least = f"，满 {entries.at_least} {entries.unit}" if entries.at_least else ""
    return f"{entries.noun}（按{'采用' if entries.counts == 'adopted' else '报送'}数{least}）"
