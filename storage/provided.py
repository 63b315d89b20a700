"""Figures a lead department confirms for several towns: they verify the towns' clause and make up the department's row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.facts import Fact, parse_fact
from rubrics.figures import legible, plain, with_unit
from rubrics.model import Rubric
from rubrics.providing import Led, is_done, led, siblings
from storage import answers, audit, campaigns, editions, openings, unit_facts, verdicts
from storage.errors import NotFoundError, StorageError
from storage.overruling import is_the_offices
from storage.tables import UnitRow
from storage.tables_answers import PersonRow
from storage.tables_review import ProvidedRow
from storage.verdicts import Given

SUM = "各镇合计："
"""How the department's own answer begins where it was made from the towns' figures."""

_provided: Any = ProvidedRow.__table__  # type: ignore[attr-defined]
_person: Any = PersonRow.__table__  # type: ignore[attr-defined]
_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]


class Provided(NamedTuple):
    """A town's figure as it was confirmed."""

    figure: Decimal
    person: str
    at: datetime


class Sum(NamedTuple):
    """What the towns were confirmed with, all in all, and when the last of it was."""

    figure: Decimal
    at: datetime


class Outcome(NamedTuple):
    """What a confirmed figure came to for a town.

    ``total``: of all targets that are part of its task. ``done``: None where that is open: no task was handed down, or
    another target of the same task has no figure yet (``waits`` names it). ``why``: why nothing was confirmed.
    ``before``: the figure this one takes the place of, where it is another.
    """

    unit_id: int
    figure: Decimal
    total: Decimal
    target: Decimal | None
    done: bool | None
    waits: tuple[str, ...]
    given: Given | None = None
    why: str = ""
    before: Decimal | None = None


class Row(NamedTuple):
    """The department's own row: what the towns add up to, and what it answers; ``kept``: the answer is that sum.

    ``locked``: it is not, because the row is no longer answered; else because its liaison has said something else.
    """

    total: Decimal
    answered: Fact | None
    kept: bool
    locked: bool = False


async def newest_in(connection: AsyncConnection, campaign_id: int) -> dict[tuple[str, str, int], Provided]:
    """The figure that counts of each target and town: rubric, criterion, town."""
    query = select(_provided, _person.c.name).join(_person, _person.c.id == _provided.c.person_id)
    rows = await connection.execute(query.where(_provided.c.campaign_id == campaign_id).order_by(_provided.c.id))
    return {(r.rubric_id, r.criterion_id, r.unit_id): Provided(Decimal(r.figure), r.name, r.at) for r in rows}


async def sums_in(connection: AsyncConnection, campaign_id: int) -> dict[tuple[str, str], Sum]:
    """What the towns were confirmed with, by target; missing where nothing was."""
    found: dict[tuple[str, str], Sum] = {}
    for (rubric_id, criterion_id, _), one in (await newest_in(connection, campaign_id)).items():
        before = found.get((rubric_id, criterion_id), Sum(Decimal(0), one.at))
        found[rubric_id, criterion_id] = Sum(before.figure + one.figure, max(before.at, one.at))
    return found


async def led_in(connection: AsyncConnection, campaign_id: int, provider_id: int) -> tuple[Led, ...]:
    """The targets whose parts a department may confirm."""
    query = select(_unit.c.name).where(_unit.c.id == provider_id, _unit.c.campaign_id == campaign_id)
    name = (await connection.execute(query)).scalar()
    return led(await editions.of_campaign(connection, campaign_id), name) if name else ()


async def _led(
    connection: AsyncConnection, campaign_id: int, provider_id: int, rubric_id: str, criterion_id: str
) -> Led:
    places = await led_in(connection, campaign_id, provider_id)
    place = next((one for one in places if (one.tasks.id, one.criterion.id) == (rubric_id, criterion_id)), None)
    if place is None:
        raise NotFoundError("这一行不是本单位牵头的，数据要由牵头部门确认")
    return place


async def confirm_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    campaign_id: int,
    provider_id: int,
    rubric_id: str,
    criterion_id: str,
    figures: Mapping[int, tuple[Decimal, str]],
) -> list[Outcome]:
    """Confirm figures for towns; one that cannot be confirmed says why and leaves the others as they are.

    Args:
        rubric_id, criterion_id: the target in the tasks.
        figures: by town: the figure, and the basis of the town's clause as it was shown.

    Raises:
        NotFoundError: the department does not lead that row, or a unit is of another campaign.
        FactError: a figure that cannot be.
    """
    place = await _led(connection, campaign_id, provider_id, rubric_id, criterion_id)
    for figure, _ in figures.values():
        parse_fact(place.criterion, figure)  # before anything is kept
    rubrics = await editions.of_campaign(connection, campaign_id)
    found = []
    for unit_id, (figure, basis) in figures.items():
        said = await _outcome(connection, campaign_id, rubrics, place, unit_id, figure)
        try:
            await verdicts.refuse_own_in(connection, person_id, unit_id)
            given = await _verify(connection, at, person_id, place, said, basis)
        except StorageError as error:
            found.append(said._replace(why=str(error)))
            continue
        await _keep(connection, at, person_id, campaign_id, provider_id, place, unit_id, figure)
        found.append(said._replace(given=given))
    return found


async def _outcome(
    connection: AsyncConnection, campaign_id: int, rubrics: Sequence[Rubric], place: Led, unit_id: int, figure: Decimal
) -> Outcome:
    if await campaigns.place_in(connection, unit_id, place.rubric) != campaign_id:
        raise NotFoundError("这个单位不在这次考核里，请重新写镇名")
    held = await newest_in(connection, campaign_id)
    parts = siblings(rubrics, place.rubric.id, place.clause.id)
    mine = (place.tasks.id, place.criterion.id)
    by_id = {rubric.id: rubric for rubric in rubrics}
    known = {part: figure if part == mine else _figure(held.get((*part, unit_id))) for part in parts}
    target = (await campaigns.targets_in(connection, unit_id, place.rubric.id)).get(place.clause.id)
    total = sum((one for one in known.values() if one is not None), Decimal(0))
    waits = tuple(by_id[part[0]].criteria[part[1]].label for part, one in known.items() if one is None)
    before = _figure(held.get((*mine, unit_id)))
    other = before if before != figure else None
    return Outcome(unit_id, figure, total, target, is_done(target, tuple(known.values())), waits, before=other)


def _figure(found: Provided | None) -> Decimal | None:
    return found.figure if found else None


async def _verify(
    connection: AsyncConnection, at: datetime, person_id: int, place: Led, said: Outcome, basis: str
) -> Given | None:
    """The verdict on the town's clause: what it claims, or what the figure says instead.

    None while that is open, and where the office has settled the clause so already: its verdict stands.
    """
    if said.done is None:
        return None
    about = (connection, at, person_id, said.unit_id, place.rubric, place.clause.id)
    known = await unit_facts.of_unit(connection, said.unit_id, place.rubric)
    standing = known.verdicts.get(place.clause.id)
    if standing and standing.settles and is_the_offices(standing) and standing.fact == said.done:
        return None
    if known.own.get(place.clause.id) == said.done:
        return await verdicts.pass_in(*about, basis=basis, how="provider")
    unit = place.clause.target.unit if place.clause.target else place.criterion.answer.unit
    reason = f"牵头部门确认 {with_unit(said.total, unit)}，任务 {with_unit(said.target or Decimal(0), unit)}"
    return await verdicts.change_in(*about, said.done, reason, basis=basis, how="provider")


async def _keep(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    campaign_id: int,
    provider_id: int,
    place: Led,
    unit_id: int,
    figure: Decimal,
) -> None:
    clause = {"rubric_id": place.tasks.id, "criterion_id": place.criterion.id, "unit_id": unit_id}
    said = {**clause, "provider_id": provider_id, "figure": plain(figure)}
    row = {**said, "campaign_id": campaign_id, "person_id": person_id, "at": at}
    await connection.execute(insert(_provided).values(**row))
    await audit.record(connection, at, str(person_id), "figure.provided", said, campaign_id)


async def own_row_in(
    connection: AsyncConnection,
    at: datetime,
    today: date,
    person_id: int,
    campaign_id: int,
    provider_id: int,
    rubric_id: str,
    criterion_id: str,
) -> Row:
    """Let the department's own answer be what the towns add up to, once.

    An answer its liaison gave stays: it may count what lies in no town. So does one that is locked.

    Raises:
        NotFoundError: the department does not lead that row.
    """
    place = await _led(connection, campaign_id, provider_id, rubric_id, criterion_id)
    total = (await sums_in(connection, campaign_id))[rubric_id, criterion_id].figure
    current = (await answers.current_in(connection, provider_id, rubric_id)).get(criterion_id)
    ours = current is None or current.state == "withdrawn" or current.said.startswith(SUM)
    takes = (await openings.open_in(connection, campaign_id, provider_id, today)).takes(rubric_id, criterion_id)
    fact = current.fact if current else None
    if not (ours and takes):
        return Row(total, fact, fact == total, locked=ours and fact != total)
    if fact != total:
        said = SUM + await _said(connection, campaign_id, rubric_id, criterion_id)
        about = (connection, at, person_id, provider_id, place.tasks, criterion_id)
        await answers.record_in(*about, total, said=said)
    return Row(total, total, kept=True)


async def _said(connection: AsyncConnection, campaign_id: int, rubric_id: str, criterion_id: str) -> str:
    held = await newest_in(connection, campaign_id)
    units = await campaigns.units_in(connection, campaign_id)
    figures = ((unit.name, held.get((rubric_id, criterion_id, unit.id))) for unit in units)
    return "、".join(f"{name} {legible(one.figure)}" for name, one in figures if one is not None)
