"""The tables of review (核查): verdicts, who is at what, appeals, opinions, groups, samples, findings (see ``tables``)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.clock import UtcDateTime

VERDICTS = ("pass", "change", "return", "open")
"""通过, 改分, 退回; ``open`` takes a verdict back and puts the clause in the queue again."""

HOW = ("seen", "rest", "sample", "visit", "provider", "expert", "appeal")
"""How a verdict came about: looked at, passed with all the rest, left out by a sample, on site, by the lead department,
from experts' opinions, after an appeal."""

FINDINGS = ("fine", "doubtful", "wrong")
"""What somebody on site found: 属实, 存疑, 不符."""


def _one_of(column: str, words: tuple[str, ...], name: str) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(word) for word in words)})", name=name)


class VerdictRow(SQLModel, table=True):
    """A verdict (核定) on one version of an answer and its proof. Append only: the newest counts, while its basis stands."""

    __tablename__ = "verdict"
    __table_args__ = (
        _one_of("kind", VERDICTS, "verdict_kind"),
        _one_of("how", HOW, "verdict_how"),
        Index("ix_verdict_clause", "unit_id", "rubric_id", "criterion_id"),
        Index("ix_verdict_campaign", "campaign_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    unit_id: int = Field(foreign_key="unit.id")
    rubric_id: str = Field(max_length=60)
    criterion_id: str = Field(max_length=20)
    kind: str = Field(max_length=10)
    how: str = Field(max_length=10)
    fact: str | None = Field(default=None)  # JSON text; what is verified, none for 退回 and where nothing was answered
    claimed: str | None = Field(default=None)  # JSON text; what the unit said then
    reason: str = Field(max_length=500)
    answer_version: int  # 0 where nothing was answered
    basis: str = Field(max_length=64)  # of the version and everything that is to prove it, see `storage.verdicts`
    person_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # when the unit heard of it


class ReviewHoldRow(SQLModel, table=True):
    """Somebody is looking at a clause: others are given another one until then."""

    __tablename__ = "review_hold"
    __table_args__ = (UniqueConstraint("unit_id", "rubric_id", "criterion_id"),)

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id", index=True)
    unit_id: int = Field(foreign_key="unit.id")
    rubric_id: str = Field(max_length=60)
    criterion_id: str = Field(max_length=20)
    person_id: int = Field(foreign_key="person.id")
    until: datetime = Field(sa_type=UtcDateTime)


class AppealRow(SQLModel, table=True):
    """A unit's 申诉 against a verdict, decided by somebody other than the reviewer; both scores and reasons stay."""

    __tablename__ = "appeal"
    __table_args__ = (Index("ix_appeal_campaign", "campaign_id", "unit_id"),)

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    unit_id: int = Field(foreign_key="unit.id")
    verdict_id: int = Field(foreign_key="verdict.id", unique=True)
    text: str = Field(max_length=500)
    person_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)
    before: str | None = Field(default=None)  # the unit's verified total then, a decimal as text; none without a total
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    why: str = Field(default="", max_length=500)
    decision_id: int | None = Field(
        default=None, foreign_key="verdict.id"
    )  # the verdict that took its place; none: 维持
    after: str | None = Field(default=None)


class OpinionRow(SQLModel, table=True):
    """What one expert gives for a judged clause; the newest of each expert counts."""

    __tablename__ = "opinion"
    __table_args__ = (Index("ix_opinion_clause", "unit_id", "rubric_id", "criterion_id"),)

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    unit_id: int = Field(foreign_key="unit.id")
    rubric_id: str = Field(max_length=60)
    criterion_id: str = Field(max_length=20)
    fact: str  # JSON text
    basis: str = Field(max_length=64)
    words: str = Field(max_length=500)
    person_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)


class ReviewGroupRow(SQLModel, table=True):
    """A 考核组 with its days on site, both inclusive."""

    __tablename__ = "review_group"
    __table_args__ = (UniqueConstraint("campaign_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    name: str = Field(max_length=60)
    starts_on: date | None = Field(default=None)
    ends_on: date | None = Field(default=None)
    person_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ReviewGroupMemberRow(SQLModel, table=True):
    """Who belongs to a 考核组."""

    __tablename__ = "review_group_member"

    id: int | None = Field(default=None, primary_key=True)
    group_id: int = Field(foreign_key="review_group.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    lead: bool
    at: datetime = Field(sa_type=UtcDateTime)
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ReviewGroupUnitRow(SQLModel, table=True):
    """Which unit a 考核组 visits, and when."""

    __tablename__ = "review_group_unit"

    id: int | None = Field(default=None, primary_key=True)
    group_id: int = Field(foreign_key="review_group.id", index=True)
    unit_id: int = Field(foreign_key="unit.id")
    visit_on: date | None = Field(default=None)
    at: datetime = Field(sa_type=UtcDateTime)
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SampleRow(SQLModel, table=True):
    """A random sample of unproblematic clauses, with its seed so that it can be drawn again."""

    __tablename__ = "sample"

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id", index=True)
    seed: str = Field(max_length=40)
    population: str  # JSON: [[unit id, rubric id, criterion id, basis]]
    chosen: str  # JSON, a part of the population
    person_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)


class FindingRow(SQLModel, table=True):
    """What somebody found on site about a clause: a word, a sentence, photos."""

    __tablename__ = "finding"
    __table_args__ = (
        _one_of("outcome", FINDINGS, "finding_outcome"),
        Index("ix_finding_clause", "unit_id", "rubric_id", "criterion_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    unit_id: int = Field(foreign_key="unit.id")
    rubric_id: str = Field(max_length=60)
    criterion_id: str = Field(max_length=20)
    group_id: int | None = Field(default=None, foreign_key="review_group.id")
    outcome: str = Field(max_length=10)
    words: str = Field(max_length=500)
    files: str  # JSON: [[sha256, name, bytes]]
    person_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class TaskNoteRow(SQLModel, table=True):
    """What a department says about a row of the tasks (存在问题, 下步打算); the newest counts."""

    __tablename__ = "task_note"
    __table_args__ = (Index("ix_task_note_row", "unit_id", "rubric_id", "item_id"),)

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    unit_id: int = Field(foreign_key="unit.id")
    rubric_id: str = Field(max_length=60)
    item_id: str = Field(max_length=20)
    problem: str = Field(max_length=500)
    next_step: str = Field(max_length=500)
    person_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)


class ProvidedRow(SQLModel, table=True):
    """A town's figure as the department that leads a row of the tasks confirms it; the newest counts."""

    __tablename__ = "provided"
    __table_args__ = (Index("ix_provided_clause", "campaign_id", "rubric_id", "criterion_id"),)

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    provider_id: int = Field(foreign_key="unit.id")  # the department
    rubric_id: str = Field(max_length=60)  # of the tasks
    criterion_id: str = Field(max_length=20)
    unit_id: int = Field(foreign_key="unit.id")  # the town
    figure: str = Field(max_length=30)  # a decimal as text
    person_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)
