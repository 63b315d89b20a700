"""Submissions (提交自评): handed in with a sheet to sign, closed by the signed page or waived, stale once an answer changes.

One submission a unit and rubric stands at a time; the earlier ones keep their number and their end.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, Literal, NamedTuple

import msgspec
from sqlalchemy import Select, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.model import Rubric
from storage import audit
from storage.campaigns import place_in
from storage.errors import NotFoundError, StorageError
from storage.prepared import often
from storage.scorecards import Figures
from storage.tables import CampaignRow, UnitRow
from storage.tables_answers import PersonRow
from storage.tables_evidence import EvidenceRow
from storage.tables_ledger import SubmissionRow

_submission: Any = SubmissionRow.__table__  # type: ignore[attr-defined]
_campaign: Any = CampaignRow.__table__  # type: ignore[attr-defined]
_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]
_person: Any = PersonRow.__table__  # type: ignore[attr-defined]
_evidence: Any = EvidenceRow.__table__  # type: ignore[attr-defined]


class Submission(NamedTuple):
    """A unit's 自评 of a rubric. ``number`` names it to people (2026-S003); ``sheet_ref`` is the page to sign."""

    id: int
    number: str
    campaign_id: int
    unit_id: int
    unit: str
    rubric_id: str
    card: str
    sheet_ref: str
    person_id: int
    person: str
    at: datetime
    closed_at: datetime | None
    signed_id: int | None
    waived_by: int | None
    reopened_at: datetime | None

    @property
    def state(self) -> Literal["open", "closed", "waived", "reopened"]:
        """``open`` waits for the signed page; ``reopened``: an answer changed after it, or a newer one replaced it."""
        if self.reopened_at is not None:
            return "reopened"
        if self.closed_at is None:
            return "open"
        return "closed" if self.waived_by is None else "waived"

    @property
    def claimed(self) -> Figures:
        """The figures on the sheet."""
        return msgspec.json.decode(self.card, type=Figures)


async def open_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    unit_id: int,
    rubric: Rubric,
    claimed_card: str,
    sheet_ref: str,
) -> Submission:
    """Hand a unit's 自评 in; where the one that stands says the same figures, it is given back as it is.

    Args:
        claimed_card: the claimed figures as `scorecards.SummaryRow.cards` has them.
        sheet_ref: the kept file with the page to sign.

    Raises:
        NotFoundError: no such unit, or the rubric does not assess it.
    """
    campaign_id = await place_in(connection, unit_id, rubric)
    standing = await current_in(connection, unit_id, rubric.id)
    if standing is not None and standing.card == claimed_card:
        return standing
    if standing is not None:
        await _end(connection, at, person_id, standing)
    last = select(func.max(_submission.c.number)).where(_submission.c.campaign_id == campaign_id)
    number = ((await connection.execute(last)).scalar() or 0) + 1
    row = {"campaign_id": campaign_id, "number": number, "unit_id": unit_id, "rubric_id": rubric.id}
    said = {"claimed": claimed_card, "sheet_ref": sheet_ref, "person_id": person_id, "at": at}
    await connection.execute(insert(_submission).values(**row, **said))
    (opened,) = await _all(connection, _submission.c.campaign_id == campaign_id, _submission.c.number == number)
    sha256 = hashlib.sha256(claimed_card.encode()).hexdigest()
    await _audit(connection, at, person_id, "submission.opened", opened, claimed_sha256=sha256, sheet=sheet_ref)
    return opened


async def close_in(
    connection: AsyncConnection, at: datetime, person_id: int, unit_id: int, submission_id: int, signed_id: int
) -> Submission:
    """Close a submission with the signed page.

    Args:
        unit_id: the person's own; an id that came from a person must not reach another unit's submission or file.
        signed_id: evidence of the unit.

    Raises:
        NotFoundError: the unit has no such submission or file.
        StorageError: it does not wait for a signed page.
    """
    found = await _waiting(connection, submission_id, _submission.c.unit_id == unit_id)
    held = (_evidence.c.id == signed_id, _evidence.c.unit_id == unit_id, _evidence.c.withdrawn_at.is_(None))
    if (await connection.execute(select(_evidence.c.id).where(*held))).first() is None:
        raise NotFoundError("没有这份签字页，或者已经撤回，请把签好字的那一页再拍照发一次")
    await _set(connection, found, closed_at=at, signed_id=signed_id)
    await _audit(connection, at, person_id, "submission.closed", found, evidence=signed_id)
    return found._replace(closed_at=at, signed_id=signed_id)


async def waive_in(
    connection: AsyncConnection, at: datetime, person_id: int, campaign_id: int, submission_id: int
) -> Submission:
    """Close a submission without a signed page, as the office may.

    Raises:
        NotFoundError: the campaign has no such submission.
        StorageError: it does not wait for a signed page.
    """
    found = await _waiting(connection, submission_id, _submission.c.campaign_id == campaign_id)
    await _set(connection, found, closed_at=at, waived_by=person_id)
    await _audit(connection, at, person_id, "submission.waived", found)
    return found._replace(closed_at=at, waived_by=person_id)


async def reopen_in(
    connection: AsyncConnection, at: datetime, person_id: int, unit_id: int, rubric_id: str
) -> Submission | None:
    """End the submission that stands, signed or not, because an answer was changed after it; None where none stands."""
    standing = await current_in(connection, unit_id, rubric_id)
    return None if standing is None else await _end(connection, at, person_id, standing)


async def current_in(connection: AsyncConnection, unit_id: int, rubric_id: str) -> Submission | None:
    """The submission of a unit that stands: open, closed or waived."""
    found = (await connection.execute(_STANDING, {"unit": unit_id, "rubric": rubric_id})).first()
    return None if found is None else _submission_of(found)


async def of_campaign_in(connection: AsyncConnection, campaign_id: int) -> list[Submission]:
    """The submissions of a campaign that stand, in roster order."""
    return await _all(connection, _submission.c.campaign_id == campaign_id, _STANDS)


_STANDS = _submission.c.reopened_at.is_(None)

_QUERY: Select[Any] = (
    select(
        _submission.c.id,
        _submission.c.number,
        _submission.c.campaign_id,
        _submission.c.unit_id,
        _unit.c.name.label("unit"),
        _submission.c.rubric_id,
        _submission.c.claimed.label("card"),
        _submission.c.sheet_ref,
        _submission.c.person_id,
        _person.c.name.label("person"),
        _submission.c.at,
        _submission.c.closed_at,
        _submission.c.signed_id,
        _submission.c.waived_by,
        _submission.c.reopened_at,
        _campaign.c.code,
    )
    .join(_unit, _unit.c.id == _submission.c.unit_id)
    .join(_campaign, _campaign.c.id == _submission.c.campaign_id)
    .join(_person, _person.c.id == _submission.c.person_id)
    .order_by(_unit.c.position, _submission.c.id)
)
_STANDING = often(
    _QUERY.where(_submission.c.unit_id == bindparam("unit"), _submission.c.rubric_id == bindparam("rubric"), _STANDS)
)
"""Every answer asks for it."""


async def _all(connection: AsyncConnection, *where: Any) -> list[Submission]:
    return [_submission_of(row) for row in await connection.execute(_QUERY.where(*where))]


def _submission_of(row: Any) -> Submission:
    return Submission(*row[:-1])._replace(number=f"{row.code}-S{row.number:03d}")


async def _waiting(connection: AsyncConnection, submission_id: int, of: Any) -> Submission:
    found = await _all(connection, _submission.c.id == submission_id, of)
    if not found:
        raise NotFoundError("没有这份自评，请从 /submit 重新开始")
    if found[0].state != "open":
        raise StorageError(_NOT_OPEN[found[0].state].format(number=found[0].number))
    return found[0]


_NOT_OPEN = {
    "closed": "自评 {number} 已经收到签字页，不用再交",
    "waived": "自评 {number} 考核办已经免交签字页，不用再交",
    "reopened": "自评 {number} 提交后填报又改过，这一份不算了，请重新 /submit",
}


async def _end(connection: AsyncConnection, at: datetime, person_id: int, standing: Submission) -> Submission:
    await _set(connection, standing, reopened_at=at)
    await _audit(connection, at, person_id, "submission.reopened", standing)
    return standing._replace(reopened_at=at)


async def _set(connection: AsyncConnection, found: Submission, **values: object) -> None:
    await connection.execute(update(_submission).where(_submission.c.id == found.id).values(**values))


async def _audit(
    connection: AsyncConnection, at: datetime, person_id: int, action: str, found: Submission, **more: str | int
) -> None:
    subject = {"submission": found.id, "unit": found.unit_id, "rubric": found.rubric_id, **more}
    await audit.record(connection, at, str(person_id), action, subject, found.campaign_id)
