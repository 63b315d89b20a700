"""What a rubric is: frozen records, checked when a file is loaded.

A rubric (评分细则) has sections, items (考核内容) and criteria (评分要点). Every figure of a source document
lives in a YAML file under ``rubrics/data``; nothing here or in the engine knows a rubric by name.
`docs/rubric-format.md` explains each key to whoever writes such a file.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, Literal

import msgspec

from rubrics.kinds import Comparison, Judged, Scale, Score, Shortfall, Threshold, Tiers, YesNo
from rubrics.records import Figure, MonthDay, Record, refuse_negative

NA = "na"
"""The fact of a clause that does not apply (合理缺项)."""


class Answer(Record, frozen=True, kw_only=True):
    """How a person answers: buttons (label → fact, ``count`` asks how many), or a figure with its unit and range."""

    buttons: dict[str, bool | int | Literal["count"]] = {}
    unit: str = ""
    range: tuple[Figure, Figure] | None = None
    whole: bool = False
    part: str | None = None  # what the numerator counts, so that 6/7家 can be kept as it was said
    of: str | None = None  # what the denominator counts
    as_of: bool = False  # a rate or stock needs the day it was counted


class Measure(Record, frozen=True, kw_only=True):
    """One of several conditions inside a clause. Conditions with the same ``either`` are alternatives."""

    key: str
    ask: str
    name: str = ""  # the official indicator name, accepted as a key too
    op: Comparison | None = None
    threshold: Figure | None = None
    unit: str = ""
    range: tuple[Figure, Figure] | None = None
    buttons: dict[str, bool] = {}
    holds_when: bool = True
    either: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if (self.op is None) != (self.threshold is None):
            raise ValueError("op 和 threshold 要么都写，要么都不写")


class Proof(Record, frozen=True, kw_only=True):
    """What counts as proof: every part is needed; ``by_number``: title and 文号 suffice."""

    parts: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    valid: Literal["this_year", "in_force", "any"] = "this_year"
    by_number: bool = False
    exists: Literal["any_time", "after_event", "after_year"] = "any_time"


class Entries(Record, frozen=True, kw_only=True):
    """What a count is made of: one entry each with its date and files. ``at_least`` makes a yes of that many."""

    noun: str
    unit: str
    at_least: int | None = None
    counts: Literal["reported", "adopted"] = "reported"
    ladder: str | None = None  # one achievement counts once, at the highest rung of the ladder


class Target(Record, frozen=True, kw_only=True):
    """A task set from above. done: true from the target on; percent: of the task; ceiling: at most the figure."""

    set_by: str
    unit: str
    how: Literal["done", "percent", "ceiling"] = "done"


class HandDown(Record, frozen=True, kw_only=True):
    """A district-wide figure whose parts are the targets of units under another rubric's criterion."""

    rubric: str
    criterion: str


class Derived(Record, frozen=True, kw_only=True):
    """A fact worked out from another rubric's answers."""

    rubric: str
    how: Literal["none_done", "rows_short"]
    unit_of_count: Literal["row", "target"] = "row"
    roles: Literal["lead", "lead_and_cooperating"] = "lead"


class Cadence(Record, frozen=True, kw_only=True):
    """When something is due in the year: so many times, in a month, on a day, or by a day."""

    times: int | None = None
    per: Literal["year", "half_year", "quarter"] = "year"
    month: Annotated[int, msgspec.Meta(ge=1, le=12)] | None = None
    day: MonthDay | None = None
    by: MonthDay | None = None
    name: str = ""


class Criterion(Record, frozen=True, kw_only=True):
    """One scoring clause (评分要点)."""

    id: str
    ask: str
    label: str
    score: Score
    answer: Answer = Answer()
    measures: tuple[Measure, ...] = ()
    combine: Literal["all", "any"] = "all"
    entries: Entries | None = None
    target: Target | None = None
    hand_down: HandDown | None = None
    derived: Derived | None = None
    proof: Proof | Literal["none"]
    by: Literal["unit", "department", "office"] = "unit"
    provider: str | None = None  # the department that knows the figure
    nature: Literal["omission", "event"] | None = None
    na_allowed: bool = False
    aliases: tuple[str, ...] = ()
    cadence: tuple[Cadence, ...] = ()
    covers: tuple[str, ...] = ()
    printed: str | None = None  # the figure as the source prints it; None where it prints none
    source: str
    was: str | None = None  # id of the same clause in the rubric's previous edition
    readings: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """The rule kind, as the register names it."""
        return self.score.kind

    @property
    def official_measures(self) -> dict[str, Measure]:
        """Measures by every key a fact may use."""
        return {key: m for m in self.measures for key in (m.key, m.name) if key}


def earned(criterion: Criterion) -> Decimal:
    """The most a clause can earn by figures of its own; 0 for one that shares, deducts or adds a bonus."""
    score = criterion.score
    if isinstance(score, Shortfall):
        return score.base
    if isinstance(score, YesNo | Threshold | Tiers | Judged | Scale):
        return score.points or Decimal(0)
    return Decimal(0)


class Item(Record, frozen=True, kw_only=True):
    """An item (考核内容) with its criteria."""

    id: str
    title: str
    label: str
    points: Figure | None = None
    role: Literal["scored", "bonus", "gate", "info", "task"] = "scored"
    section: str | None = None
    group: str | None = None  # a smaller group within the section, as the table prints it
    fit: Literal["cap", "scale"] = "cap"
    serial: str | None = None
    lead: tuple[str, ...] = ()
    cooperating: tuple[str, ...] = ()
    content: tuple[str, ...] = ()
    source: str
    readings: tuple[str, ...] = ()
    criteria: Annotated[tuple[Criterion, ...], msgspec.Meta(min_length=1)]

    def __post_init__(self) -> None:
        super().__post_init__()
        refuse_negative(self, ("points",))

    @property
    def sharing(self) -> tuple[Criterion, ...]:
        """The clauses without points of their own, which split what the others leave of the item equally."""
        return tuple(c for c in self.criteria if isinstance(c.score, YesNo | Threshold) and c.score.points is None)

    @property
    def share(self) -> Fraction | None:
        """What each sharing clause is worth, in points; None where nothing is shared."""
        if self.points is None or not self.sharing:
            return None
        fixed = sum((earned(c) for c in self.criteria), Decimal(0))
        return Fraction(self.points - fixed) / len(self.sharing)


class Section(Record, frozen=True, kw_only=True):
    """A group of items (指标类别); its points are the sum of theirs. ``printed``: as the table prints it, else its title."""

    id: str
    title: str
    points: Figure | None = None
    printed: str | None = None


class Band(Record, frozen=True, kw_only=True):
    """A grade earned by reaching ``at_least``; ``printed_to`` is the upper end the source prints."""

    grade: str
    at_least: Figure
    printed_to: Figure | None = None


class Option(Record, frozen=True, kw_only=True):
    """A way to read an unclear clause; ``set`` is laid over the rubric (rules, items, criteria)."""

    note: str
    set: dict[str, Any] = {}


class Reading(Record, frozen=True, kw_only=True):
    """How an unclear clause is read, and which other readings a campaign may choose."""

    id: str
    title: str
    note: str
    covers: tuple[str, ...] = ()  # codes of the linter's findings that this reading answers
    use: str | None = None
    options: dict[str, Option] = {}

    def __post_init__(self) -> None:
        if self.options and self.use not in self.options:
            raise ValueError(f"use 写了「{self.use}」，可选的是：{'、'.join(self.options)}")


class BodyTarget(Record, frozen=True, kw_only=True):
    """A target the document's body names, and the criteria of the annex that carry it (none: a gap to report)."""

    text: str
    source: str
    carried_by: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()


class Rules(Record, frozen=True, kw_only=True):
    """Switches of the engine that a source or a reading decides."""

    step: Literal["ceil", "floor", "linear"] = "ceil"
    band_rounding: Literal["exact", "rounded"] = "exact"
    deduction_only: Literal["all_answered", "full"] = "all_answered"
    item_bonus: Literal["beyond", "within"] = "beyond"
    missing: Literal["rescale", "give", "ignore"] = "rescale"
    veto_grade: str | None = None
    precondition_grade: str | None = None


class SourceDoc(Record, frozen=True, kw_only=True):
    """The published document, cited once."""

    title: str
    issuer: str
    number: str | None = None
    date: str | None = None


class Phase(Record, frozen=True, kw_only=True):
    """A step of the assessment, and when it is due in the source's words."""

    name: str
    due: str = ""


class ResultStep(Record, frozen=True, kw_only=True):
    """What the source has done with the result (结果运用): for every campaign, or for each unit of some grades."""

    name: str
    source: str
    grades: tuple[str, ...] = ()  # none: once for the campaign
    within_months: int | None = None  # after the notice, where the source says so


class Rubric(Record, frozen=True, kw_only=True, dict=True):
    """A rubric as it is in force: the file, with the chosen readings and the year's overlay laid over it."""

    id: str
    title: str
    year: int | None = None
    assessed: str
    office: str = ""  # who runs the assessment, as papers address it; empty where the source names nobody
    categories: tuple[str, ...] = ()  # kinds of unit it assesses, as a roster names them
    groups: dict[str, tuple[str, ...]] = {}  # what a tasks table calls a kind of unit, and the categories it means
    source: SourceDoc
    previous: str | None = None
    total: Figure | None = None
    no_total: str = ""
    rules: Rules = Rules()
    bands: tuple[Band, ...] = ()
    sections: tuple[Section, ...] = ()
    phases: tuple[Phase, ...] = ()
    results: tuple[ResultStep, ...] = ()
    readings: tuple[Reading, ...] = ()
    body_targets: tuple[BodyTarget, ...] = ()
    items: Annotated[tuple[Item, ...], msgspec.Meta(min_length=1)]
    chosen: dict[str, str] = {}  # reading id → option, where a campaign switched it
    overlay: str | None = None

    @cached_property
    def criteria(self) -> dict[str, Criterion]:
        """All criteria by id, in the order of the source."""
        return {c.id: c for item in self.items for c in item.criteria}

    @cached_property
    def item_of(self) -> dict[str, Item]:
        """The item of each criterion id."""
        return {c.id: item for item in self.items for c in item.criteria}

    @cached_property
    def reading(self) -> dict[str, Reading]:
        """Readings by id."""
        return {reading.id: reading for reading in self.readings}
