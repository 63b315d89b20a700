"""A campaign that begins on last year's rubric, with something known about every sort of clause."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from stored import NOW, joined, rows
from written import written

from rubrics import loader
from storage import adoption, answers, campaigns, entries, evidence, office_facts, scorecards, verdicts
from storage.adoption import Adopted
from storage.adoption_wish import Wish
from storage.roster import RosterUnit, Target

OLD = loader.load("towns-2010")
NEW = loader.load("xinbei-2011-towns")
DEPARTMENTS = loader.load("xinbei-2011-departments")
LATER = NOW + timedelta(days=30)
UNITS = (
    RosterUnit("孟河镇", "镇", ("孟河",), (), (Target(OLD.id, "2.4", Decimal(3)),)),
    RosterUnit("西夏墅镇", "镇", (), (), ()),
    RosterUnit("滨江园区办", "园区办", (), (), ()),
    RosterUnit("质监分局", "部门", (), (), ()),
)
OVERLAY = f"""
overlay: 2026年度
rubric: {OLD.id}
set:
  criteria:
    "1.3": {{score: {{points: 2}}}}
    "1.5": {{score: {{points: 2}}}}
    "10.2": {{score: {{kind: per_shortfall, base: 3, target: 6, step: 1, per_step: "0.5"}}}}
"""
"""Two clauses are worth something else, one asks for more."""


def begun(run: Any) -> None:
    """陈芳 (person 1) answers for 孟河镇, 王处 (person 2) is of the office; the year's rules are not out yet."""

    async def create(database: Any) -> campaigns.Campaign:
        rubrics = [OLD, DEPARTMENTS]
        return await campaigns.create(database, NOW, "cli", 2026, rubrics, UNITS, provisional=[OLD.id])

    made = run(create)
    joined(run, made)
    joined(run, made, "o1", "王处", role="office", unit=None)


def answer(run: Any, ident: str, fact: object = None, unit_id: int = 1, **words: Any) -> None:
    run(lambda database: answers.record(database, NOW, 1, unit_id, OLD, ident, fact, **words))


def file(run: Any, name: str, ident: str, **words: Any) -> int:
    """A file of 孟河镇 that proves a clause; no bytes are looked at here."""
    kept = written(run, evidence.receive_in, NOW, 1, 1, name.ljust(64, "0"), f"{name}.pdf", 9, "pdf")
    written(run, evidence.attach_in, NOW, 1, 1, kept.id, OLD, ident, **words)
    return int(kept.id)


def entry(run: Any, ident: str, name: str) -> int:
    words: dict[str, Any] = {"name": name, "happened_on": date(2026, 3, 14)}
    return int(written(run, entries.add_in, NOW, 1, 1, OLD, ident, **words).entry.id)


def passed(run: Any, ident: str) -> None:
    basis = written(run, verdicts.shown_in, 1, OLD, ident)
    written(run, verdicts.pass_in, NOW, 2, 1, OLD, ident, basis=basis)


def book(run: Any, ident: str, fact: object) -> None:
    written(run, office_facts.book_in, NOW, 2, 1, OLD, ident, fact, "质监〔2026〕3号")


def adopt(run: Any, rubric_id: str = NEW.id, at: Any = LATER, by: int | None = 2, **wish: Any) -> Adopted:
    return written(run, adoption.adopt_in, at, by, 1, Wish(rubric_id, **wish))


def totals(run: Any) -> dict[str, Decimal | None]:
    """自报 by unit under the towns' rubric."""
    found = run(lambda database: scorecards.summary(database, 1))
    return {row.unit: row.claimed.total for row in found if row.rubric_id != DEPARTMENTS.id}


def counts(run: Any) -> dict[str, int]:
    """How many rows there are of what people said and the office decided."""
    tables = ("answer", "entry", "evidence", "evidence_use", "proof_note", "office_fact", "verdict", "target")
    return {table: rows(run, f"SELECT count(*) FROM {table}")[0][0] for table in tables}
