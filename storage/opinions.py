"""What experts give for judged clauses: each for themselves, on one version of answer and proof; the newest of each counts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.facts import parse_fact, read_json
from rubrics.figures import plain
from rubrics.kinds import Judged
from rubrics.model import Criterion, Rubric
from rubrics.providing import nearest
from storage import audit, unit_facts, verdicts
from storage.campaigns import place_in
from storage.errors import NotFoundError, StorageError
from storage.freezing import refuse_frozen_in
from storage.kept_facts import fact_text
from storage.review_queue import Clause
from storage.tables_answers import PersonRow
from storage.tables_review import OpinionRow
from storage.texts import storable
from storage.verdicts import ChangedError, Given

WORDS_CHARACTERS = 500
FEWEST_CHARACTERS = 2

_opinion: Any = OpinionRow.__table__  # type: ignore[attr-defined]
_person: Any = PersonRow.__table__  # type: ignore[attr-defined]


class Opinion(NamedTuple):
    """What an expert gives, and why; ``basis``: of the version it was given on."""

    clause: Clause
    mark: Decimal
    words: str
    person_id: int
    person: str
    at: datetime
    basis: str


def judged(rubrics: Iterable[Rubric], category: str) -> tuple[tuple[Rubric, Criterion], ...]:
    """The clauses experts judge, for a kind of unit."""
    return tuple(
        (rubric, criterion)
        for rubric in rubrics
        if category in rubric.categories
        for criterion in rubric.criteria.values()
        if isinstance(criterion.score, Judged)
    )


async def of_campaign_in(connection: AsyncConnection, campaign_id: int) -> dict[Clause, list[Opinion]]:
    """The opinion that counts of each expert, by clause, in the order they were first given."""
    query = select(_opinion, _person.c.name).join(_person, _person.c.id == _opinion.c.person_id)
    found: dict[Clause, dict[int, Opinion]] = {}
    for row in await connection.execute(query.where(_opinion.c.campaign_id == campaign_id).order_by(_opinion.c.id)):
        clause = (row.unit_id, row.rubric_id, row.criterion_id)
        mark = read_json(row.fact)
        assert isinstance(mark, Decimal)
        one = Opinion(clause, mark, row.words, row.person_id, row.name, row.at, row.basis)
        found.setdefault(clause, {})[row.person_id] = one
    return {clause: list(those.values()) for clause, those in found.items()}


async def give_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    unit_id: int,
    rubric: Rubric,
    criterion_id: str,
    mark: Decimal,
    words: str,
    *,
    basis: str,
) -> None:
    """Keep an expert's opinion with its sentence; an earlier one stays and counts no more.

    Args:
        basis: what the expert was shown, as `verdicts.shown_in` gave it.

    Raises:
        NotFoundError: no such judged clause, or the rubric does not assess the unit.
        FactError: a figure that is not allowed.
        OwnUnitError: the expert belongs to the unit.
        ChangedError: the answer or its proof has changed since.
        FrozenError: the scores are frozen (审定).
        StorageError: no sentence.
    """
    criterion = _criterion(rubric, criterion_id)
    campaign_id = await place_in(connection, unit_id, rubric)
    await verdicts.refuse_own_in(connection, person_id, unit_id)
    await refuse_frozen_in(connection, campaign_id)
    fact = parse_fact(criterion, mark)
    why = storable(words.strip(), WORDS_CHARACTERS)
    if len(why) < FEWEST_CHARACTERS:
        raise StorageError("打分要写一句理由，考核办定分时会看到")
    if (await unit_facts.of_unit(connection, unit_id, rubric)).bases.of(criterion_id) != basis:
        raise ChangedError("单位刚改过这一条，请重新打开看过再打分")
    clause = {"unit_id": unit_id, "rubric_id": rubric.id, "criterion_id": criterion_id}
    row = {**clause, "fact": fact_text(fact), "basis": basis, "words": why, "person_id": person_id, "at": at}
    await connection.execute(insert(_opinion).values(campaign_id=campaign_id, **row))
    subject = {**clause, "fact": row["fact"], "sha256": hashlib.sha256(why.encode()).hexdigest()}
    await audit.record(connection, at, str(person_id), "opinion.given", subject, campaign_id)


async def standing_in(
    connection: AsyncConnection, campaign_id: int, unit_id: int, rubric: Rubric, criterion_id: str
) -> tuple[list[Opinion], list[Opinion]]:
    """The opinions on a clause as it is now, and those on an earlier version of it, which count no more."""
    found = (await of_campaign_in(connection, campaign_id)).get((unit_id, rubric.id, criterion_id), [])
    basis = await verdicts.shown_in(connection, unit_id, rubric, criterion_id)
    return [one for one in found if one.basis == basis], [one for one in found if one.basis != basis]


async def settle_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    unit_id: int,
    rubric: Rubric,
    criterion_id: str,
    mark: Decimal,
    *,
    basis: str,
) -> Given:
    """Verify one of the allowed figures, with the experts' as the reason.

    Raises:
        StorageError: no expert has given one; else as `verdicts.give_in`.
    """
    criterion = _criterion(rubric, criterion_id)
    campaign_id = await place_in(connection, unit_id, rubric)
    current, _ = await standing_in(connection, campaign_id, unit_id, rubric, criterion_id)
    if not current:
        raise StorageError("还没有专家给这一条打分，等专家打了分再定")
    known = await unit_facts.of_unit(connection, unit_id, rubric)
    about = (connection, at, person_id, unit_id, rubric, criterion_id)
    if known.own.get(criterion_id) == mark:
        return await verdicts.pass_in(*about, basis=basis, how="expert")
    return await verdicts.change_in(*about, mark, reason_of(criterion, current, mark), basis=basis, how="expert")


def reason_of(criterion: Criterion, opinions: Iterable[Opinion], mark: Decimal) -> str:
    """Why that figure was verified: what the experts gave, and whether it is the one nearest to their mean."""
    marks = [one.mark for one in opinions]
    assert isinstance(criterion.score, Judged)
    rule = "取最接近平均分的一档" if nearest(criterion.score, marks) == mark else "由考核办定"
    return f"{len(marks)} 位专家打分 {'、'.join(plain(one) for one in marks)}，{rule}"


def _criterion(rubric: Rubric, criterion_id: str) -> Criterion:
    criterion = rubric.criteria.get(criterion_id)
    if criterion is None or not isinstance(criterion.score, Judged):
        raise NotFoundError("这一条不由专家打分，请从清单里重新选")
    return criterion
