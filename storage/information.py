"""Information reports (信息上报): each with a receipt that is its proof, adopted or sent back by the office."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import audit, numbering
from storage.errors import NotFoundError, StorageError
from storage.tables import CampaignRow, UnitRow
from storage.tables_answers import PersonRow
from storage.tables_evidence import EvidenceRow
from storage.tables_push import InformationRow, InformationTermRow
from storage.texts import storable, to_json

TITLE_CHARACTERS = 200
TEXT_CHARACTERS = 20_000
WHY_CHARACTERS = 500
WITHDRAWN = "本单位撤回"  # why a report was given back that its own unit took back

State = Literal["reported", "adopted", "returned"]

_report: Any = InformationRow.__table__  # type: ignore[attr-defined]
_term: Any = InformationTermRow.__table__  # type: ignore[attr-defined]
_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]
_person: Any = PersonRow.__table__  # type: ignore[attr-defined]
_decider: Any = _person.alias("decider")
_campaign: Any = CampaignRow.__table__  # type: ignore[attr-defined]
_evidence: Any = EvidenceRow.__table__  # type: ignore[attr-defined]


class Report(NamedTuple):
    """An information report. ``evidence``: ids of the unit's files that prove it, its receipt first.

    ``reported_on`` is the day the unit names, ``received_on`` that on which it came here. ``decider``: who of the
    office adopted it or sent it back.
    """

    id: int
    campaign_id: int
    code: str
    number: int
    unit_id: int
    unit: str
    title: str
    text: str
    reported_on: date
    received_on: date
    evidence: tuple[int, ...]
    state: State
    why: str
    person_id: int
    person: str
    at: datetime
    decider: str = ""
    decided_at: datetime | None = None

    @property
    def withdrawn(self) -> bool:
        """Taken back by its own unit, before the office decided."""
        return self.state == "returned" and self.why == WITHDRAWN

    @property
    def receipt(self) -> str:
        """``信息2026-0003``."""
        return f"信息{self.code}-{self.number:04d}"


class Term(NamedTuple):
    """A 报送期限: a report is due by ``last`` that came on ``first``, the day after the one before, or later."""

    first: date
    last: date


async def add_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    unit_id: int,
    *,
    title: str,
    text: str,
    reported_on: date,
    received_on: date,
    evidence: Sequence[int],
) -> Report:
    """Keep a report; what it counts for is `information_counting`'s. Whether it came before is the caller's question.

    Raises:
        NotFoundError: no such unit.
        StorageError: no title, or more text than is kept: it is not cut behind the person's back.
    """
    words = storable(title.strip(), TITLE_CHARACTERS)
    if not any(letter.isalnum() for letter in words):
        raise StorageError("这条信息还没有标题，请先发一行标题")
    if len(text) > TEXT_CHARACTERS:
        raise StorageError(f"正文有 {len(text)} 个字，最多 {TEXT_CHARACTERS} 个字，请改发文件")
    campaign_id, number = await numbering.next_in(connection, _report, unit_id)
    content = storable(text)
    row = {
        "campaign_id": campaign_id,
        "number": number,
        "unit_id": unit_id,
        "title": words,
        "text": content,
        "reported_on": reported_on,
        "received_on": received_on,
        "evidence": to_json(list(evidence)),
        "person_id": person_id,
        "at": at,
    }
    added = await connection.execute(insert(_report).values(**row, state="reported", why=""))
    (ident,) = added.inserted_primary_key or (0,)
    report = await find_in(connection, int(ident))
    await _audit(connection, at, person_id, "information.reported", report, words + content)
    return report


async def find_in(
    connection: AsyncConnection, report_id: int, *, unit_id: int | None = None, campaign_id: int | None = None
) -> Report:
    """A report by its id; of that unit or campaign where given.

    Raises:
        NotFoundError: there is none.
    """
    found = await _all(connection, _report.c.id == report_id)
    if not found or unit_id not in (None, found[0].unit_id) or campaign_id not in (None, found[0].campaign_id):
        raise NotFoundError("没有这条信息，请从最新的消息里重新选")
    return found[0]


async def of_unit_in(connection: AsyncConnection, unit_id: int) -> list[Report]:
    """All reports of a unit in the order they were made, also those sent back."""
    return await _all(connection, _report.c.unit_id == unit_id)


async def of_campaign_in(
    connection: AsyncConnection, campaign_id: int, first: date | None = None, last: date | None = None
) -> list[Report]:
    """The reports of a campaign with a day between two days, both inclusive; oldest first."""
    where = [_report.c.campaign_id == campaign_id]
    where += [_report.c.reported_on >= first] if first else []
    where += [_report.c.reported_on <= last] if last else []
    return await _all(connection, *where)


async def with_content_in(connection: AsyncConnection, unit_id: int, refs: Sequence[str]) -> Report | None:
    """The unit's report that has one of these files already, if any; what was sent back may be sent again."""
    held = select(_evidence.c.id).where(_evidence.c.unit_id == unit_id, _evidence.c.sha256.in_(tuple(refs)))
    same = set((await connection.execute(held)).scalars())
    own = await of_unit_in(connection, unit_id)
    return next((one for one in own if one.state != "returned" and same.intersection(one.evidence)), None)


async def decide_in(
    connection: AsyncConnection, at: datetime, person_id: int, report: Report, state: State, why: str = ""
) -> Report:
    """Note that the office adopted a report (采用) or sent it back with a reason (退回).

    Raises:
        StorageError: it is so already, a return without a reason, or the unit has taken it back.
    """
    words = storable(why.strip(), WHY_CHARACTERS)
    if report.withdrawn:
        raise StorageError(f"{report.receipt} 已被{report.unit}撤回，不用再处理")
    if report.state == state:
        raise StorageError(f"{report.receipt} 已经{'采用' if state == 'adopted' else '退回'}，不用再点")
    if state == "returned" and len(words) < 2:
        raise StorageError("退回要写一句理由，报的人才知道怎么改")
    changed = update(_report).where(_report.c.id == report.id)
    await connection.execute(changed.values(state=state, why=words, decided_by=person_id, decided_at=at))
    await _audit(connection, at, person_id, f"information.{state}", report, words)
    return report._replace(state=state, why=words)


async def withdraw_in(connection: AsyncConnection, at: datetime, person_id: int, report: Report) -> Report:
    """Note that the unit takes its report back; what followed from it is ended by `information_counting`.

    Raises:
        StorageError: the office has decided about it, or it was taken back before.
    """
    if report.withdrawn:
        raise StorageError(f"{report.receipt} 已经撤回，不用再点")
    if report.state != "reported":
        done = "采用" if report.state == "adopted" else "退回"
        raise StorageError(f"{report.receipt} 考核办已经{done}，不能自己撤回，请联系考核办")
    changed = update(_report).where(_report.c.id == report.id)
    await connection.execute(changed.values(state="returned", why=WITHDRAWN, decided_by=person_id, decided_at=at))
    await _audit(connection, at, person_id, "information.withdrawn", report, "")
    return report._replace(state="returned", why=WITHDRAWN)


async def set_terms_in(
    connection: AsyncConnection, at: datetime, person_id: int, campaign_id: int, days: Sequence[date]
) -> tuple[date, ...]:
    """Set the days by which departments report (报送期限), in place of those set before.

    Raises:
        StorageError: no days.
    """
    terms = tuple(sorted(set(days)))
    if not terms:
        raise StorageError("没有看到日期，请发每次报送的截止日，例如：6月30日 12月10日")
    kept = [day.isoformat() for day in terms]
    row = {"campaign_id": campaign_id, "days": to_json(kept), "person_id": person_id, "at": at}
    await connection.execute(insert(_term).values(**row))
    await audit.record(connection, at, str(person_id), "information.terms", {"days": kept}, campaign_id)
    return terms


async def terms_in(connection: AsyncConnection, campaign_id: int) -> tuple[date, ...]:
    """The days by which departments report, in order; none while the office has set none."""
    newest = select(_term.c.days).where(_term.c.campaign_id == campaign_id).order_by(_term.c.id.desc()).limit(1)
    days = (await connection.execute(newest)).scalar()
    return tuple(date.fromisoformat(day) for day in json.loads(days)) if days else ()


async def asked_terms_in(connection: AsyncConnection, campaign_id: int, zone: ZoneInfo) -> tuple[Term, ...]:
    """The days by which departments report that could still be kept when they were set, in order."""
    newest = select(_term.c.days, _term.c.at).where(_term.c.campaign_id == campaign_id)
    row = (await connection.execute(newest.order_by(_term.c.id.desc()).limit(1))).first()
    if row is None:
        return ()
    days = [date.fromisoformat(day) for day in json.loads(row.days)]
    set_on = row.at.astimezone(zone).date()
    spans = zip((date.min, *(day + timedelta(days=1) for day in days)), days, strict=False)
    return tuple(Term(first, last) for first, last in spans if last >= set_on)


def missed(terms: Sequence[date], reports: Sequence[Report], today: date) -> tuple[date, ...]:
    """The days that have passed without a report since the one before; what was sent back is none."""
    days = [report.received_on for report in reports if report.state != "returned"]
    found = []
    before = date.min
    for term in sorted(terms):
        if term < today and not any(before < day <= term for day in days):
            found.append(term)
        before = term
    return tuple(found)


async def _all(connection: AsyncConnection, *where: Any) -> list[Report]:
    query = (
        select(
            _report,
            _unit.c.name.label("unit"),
            _person.c.name.label("person"),
            _decider.c.name.label("decider"),
            _campaign.c.code,
        )
        .join(_unit, _unit.c.id == _report.c.unit_id)
        .join(_person, _person.c.id == _report.c.person_id)
        .join(_campaign, _campaign.c.id == _report.c.campaign_id)
        .join(_decider, _decider.c.id == _report.c.decided_by, isouter=True)
        .where(*where)
        .order_by(_report.c.id)
    )
    return [_of(row) for row in await connection.execute(query)]


def _of(row: Any) -> Report:
    values = {field: getattr(row, field) for field in Report._fields}
    return Report(**{**values, "evidence": tuple(json.loads(row.evidence)), "decider": row.decider or ""})


async def _audit(
    connection: AsyncConnection, at: datetime, person_id: int, action: str, report: Report, words: str
) -> None:
    subject = {"information": report.id, "unit": report.unit_id, "sha256": hashlib.sha256(words.encode()).hexdigest()}
    await audit.record(connection, at, str(person_id), action, subject, report.campaign_id)
