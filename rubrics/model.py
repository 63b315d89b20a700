"""What a rubric is: frozen records, checked when a file is loaded.

A rubric (评分细则) has sections, items (考核内容) and criteria (评分要点). Every figure of a source document
lives in a YAML file under ``rubrics/data``; nothing here or in the engine knows a rubric by name.
`docs/rubric-format.md` explains each key to whoever writes such a file.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

NA = "na"
"""The fact of a clause that does not apply (合理缺项)."""


def _decimal(value: object) -> object:
    """A Decimal from quoted text or a whole number; a binary float has already lost the printed figure."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError('写成带引号的数字，例如 "0.5"')
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise ValueError('写成带引号的数字，例如 "0.5"') from None
    if not number.is_finite():
        raise ValueError("要一个有限的数")
    return number


Figure = Annotated[Decimal, BeforeValidator(_decimal)]
"""A figure exactly as the source prints it."""

Comparison = Literal[">=", "<=", "<"]
MonthDay = Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]


class Record(BaseModel):
    """Base of all records: frozen, unknown keys refused."""

    # Built when first used: the root pulls in all others, so importing builds each schema once, not twice.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


# --- how a criterion scores -------------------------------------------------------------------------------


class YesNo(Record):
    """Met or not met. Without ``points`` the clause shares its item's points equally with its neighbours."""

    kind: Literal["yesno", "checkpoint", "rank"]
    points: Figure | None = None


class Threshold(Record):
    """Met when the figure satisfies ``op threshold``. ``threshold`` is absent where the year's rules set it."""

    kind: Literal["rate", "number", "count"]
    points: Figure | None = None
    op: Comparison = ">="
    threshold: Figure | None = None


class Tier(Record):
    """One of several exclusive steps, best first; ``at_least`` bounds the rubric's measure from below."""

    label: str
    points: Figure
    ask: str
    at_least: Figure | None = None


class Tiers(Record):
    """Exclusive tiers in the order of the source; the fact is the 0-based index."""

    kind: Literal["tiers"]
    tiers: Annotated[tuple[Tier, ...], Field(min_length=2)]
    measure: str | None = None
    printed_as: Literal["tiers", "clauses"] = "tiers"

    @property
    def points(self) -> Decimal:
        """The top tier."""
        return max(tier.points for tier in self.tiers)


class Judged(Record):
    """An expert picks one of the allowed figures; the fact is the points given."""

    kind: Literal["judged"]
    allowed: Annotated[tuple[Figure, ...], Field(min_length=1)]

    @property
    def points(self) -> Decimal:
        """The best mark."""
        return max(self.allowed)


class ScaleStep(Record):
    """Points from a figure on."""

    at_least: Figure
    points: Figure


class Scale(Record):
    """Graded points for a share, as only a year's own rules (an overlay) can set them. The fact is the figure."""

    kind: Literal["scale"]
    steps: Annotated[tuple[ScaleStep, ...], Field(min_length=1)]

    @property
    def points(self) -> Decimal:
        """The best step."""
        return max(step.points for step in self.steps)


class Shortfall(Record):
    """``base`` points at ``target``; ``per_step`` lost for each ``step`` the achieved figure falls short.

    A measure with its own base never falls below 0. With base 0 the loss comes out of the item.
    """

    kind: Literal["per_shortfall"]
    base: Figure
    target: Figure
    step: Figure
    per_step: Figure
    rounding: Literal["ceil", "floor", "linear"] | None = None

    @property
    def points(self) -> Decimal:
        """The measure\'s own base; what a step takes from the item where it has none."""
        return self.base if self.base else -self.per_step


class Deduct(Record):
    """``per`` points lost for each occurrence, or once only."""

    kind: Literal["deduct"]
    per: Figure
    once: bool = False

    @property
    def points(self) -> Decimal:
        """What one occurrence takes."""
        return -self.per


class Bonus(Record):
    """``per`` points for each award; with ``beyond`` only once that criterion is met (the surplus over a target)."""

    kind: Literal["bonus"]
    per: Figure
    once: bool = False
    beyond: str | None = None

    @property
    def points(self) -> Decimal:
        """What one award adds."""
        return self.per


class Gate(Record):
    """zero_item: the item is worth 0, bonus included. veto, precondition: only the grade changes."""

    kind: Literal["zero_item", "veto", "precondition"]
    points: None = None


Score = Annotated[
    YesNo | Threshold | Tiers | Judged | Scale | Shortfall | Deduct | Bonus | Gate, Field(discriminator="kind")
]


# --- how a criterion is asked and proved ------------------------------------------------------------------


class Answer(Record):
    """How a person answers: buttons (label → fact, ``count`` asks how many), or a figure with its unit and range."""

    buttons: dict[str, bool | int | Literal["count"]] = {}
    unit: str = ""
    range: tuple[Figure, Figure] | None = None
    whole: bool = False
    part: str | None = None  # what the numerator counts, so that 6/7家 can be kept as it was said
    of: str | None = None  # what the denominator counts
    as_of: bool = False  # a rate or stock needs the day it was counted


class Measure(Record):
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

    @model_validator(mode="after")
    def _figure_or_condition(self) -> Measure:
        if (self.op is None) != (self.threshold is None):
            raise ValueError("op 和 threshold 要么都写，要么都不写")
        return self


class Proof(Record):
    """What counts as proof: every part is needed; ``by_number``: title and 文号 suffice."""

    parts: Annotated[tuple[str, ...], Field(min_length=1)]
    valid: Literal["this_year", "in_force", "any"] = "this_year"
    by_number: bool = False
    exists: Literal["any_time", "after_event", "after_year"] = "any_time"


class Entries(Record):
    """What a count is made of: one entry each with its date and files. ``at_least`` makes a yes of that many."""

    noun: str
    unit: str
    at_least: int | None = None
    counts: Literal["reported", "adopted"] = "reported"
    ladder: str | None = None  # one achievement counts once, at the highest rung of the ladder


class Target(Record):
    """A task set from above. done: true from the target on; percent: of the task; ceiling: at most the figure."""

    set_by: str
    unit: str
    how: Literal["done", "percent", "ceiling"] = "done"


class HandDown(Record):
    """A district-wide figure whose parts are the targets of units under another rubric's criterion."""

    rubric: str
    criterion: str


class Derived(Record):
    """A fact worked out from another rubric's answers."""

    rubric: str
    how: Literal["none_done", "rows_short"]
    unit_of_count: Literal["row", "target"] = "row"
    roles: Literal["lead", "lead_and_cooperating"] = "lead"


class Cadence(Record):
    """When something is due in the year: so many times, in a month, on a day, or by a day."""

    times: int | None = None
    per: Literal["year", "half_year", "quarter"] = "year"
    month: int | None = Field(default=None, ge=1, le=12)
    day: MonthDay | None = None
    by: MonthDay | None = None
    name: str = ""


class Criterion(Record):
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


class Item(Record):
    """An item (考核内容) with its criteria."""

    id: str
    title: str
    label: str
    points: Figure | None = None
    role: Literal["scored", "bonus", "gate", "info", "task"] = "scored"
    section: str | None = None
    fit: Literal["cap", "scale"] = "cap"
    serial: str | None = None
    lead: tuple[str, ...] = ()
    cooperating: tuple[str, ...] = ()
    content: tuple[str, ...] = ()
    source: str
    readings: tuple[str, ...] = ()
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]


class Section(Record):
    """A group of items (指标类别); its points are the sum of theirs."""

    id: str
    title: str
    points: Figure | None = None


class Band(Record):
    """A grade earned by reaching ``at_least``; ``printed_to`` is the upper end the source prints."""

    grade: str
    at_least: Figure
    printed_to: Figure | None = None


class Option(Record):
    """A way to read an unclear clause; ``set`` is laid over the rubric (rules, items, criteria)."""

    note: str
    set: dict[str, Any] = {}


class Reading(Record):
    """How an unclear clause is read, and which other readings a campaign may choose."""

    id: str
    title: str
    note: str
    covers: tuple[str, ...] = ()  # codes of the linter's findings that this reading answers
    use: str | None = None
    options: dict[str, Option] = {}

    @model_validator(mode="after")
    def _default_is_an_option(self) -> Reading:
        if self.options and self.use not in self.options:
            raise ValueError(f"use 写了「{self.use}」，可选的是：{'、'.join(self.options)}")
        return self


class BodyTarget(Record):
    """A target the document's body names, and the criteria of the annex that carry it (none: a gap to report)."""

    text: str
    source: str
    carried_by: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()


class Rules(Record):
    """Switches of the engine that a source or a reading decides."""

    step: Literal["ceil", "floor", "linear"] = "ceil"
    band_rounding: Literal["exact", "rounded"] = "exact"
    deduction_only: Literal["all_answered", "full"] = "all_answered"
    item_bonus: Literal["beyond", "within"] = "beyond"
    missing: Literal["rescale", "give", "ignore"] = "rescale"
    veto_grade: str | None = None
    precondition_grade: str | None = None


class SourceDoc(Record):
    """The published document, cited once."""

    title: str
    issuer: str
    number: str | None = None
    date: str | None = None


class Phase(Record):
    """A step of the assessment, and when it is due in the source's words."""

    name: str
    due: str = ""


class Rubric(Record):
    """A rubric as it is in force: the file, with the chosen readings and the year's overlay laid over it."""

    id: str
    title: str
    year: int | None = None
    assessed: str
    source: SourceDoc
    previous: str | None = None
    total: Figure | None = None
    no_total: str = ""
    rules: Rules = Rules()
    bands: tuple[Band, ...] = ()
    sections: tuple[Section, ...] = ()
    phases: tuple[Phase, ...] = ()
    readings: tuple[Reading, ...] = ()
    body_targets: tuple[BodyTarget, ...] = ()
    items: Annotated[tuple[Item, ...], Field(min_length=1)]
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
