"""How a criterion scores: one record a rule kind, with the figures of the source."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

import msgspec

from rubrics.records import Figure, Record, refuse_negative

Comparison = Literal[">=", "<=", "<"]


class Rule(Record, frozen=True, kw_only=True, tag_field="kind"):
    """Base of all rule kinds."""

    @property
    def kind(self) -> str:
        """The rule kind, as the register names it."""
        return str(self.__struct_config__.tag)


class YesNo(Rule, frozen=True, kw_only=True, tag="yesno"):
    """Met or not met. Without ``points`` the clause shares its item's points equally with its neighbours."""

    points: Figure | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        refuse_negative(self, ("points",))


class Checkpoint(YesNo, frozen=True, kw_only=True, tag="checkpoint"):
    """A yes/no that shares its indicator's points."""


class Rank(YesNo, frozen=True, kw_only=True, tag="rank"):
    """Whether the stated position or share is reached."""


class Threshold(Rule, frozen=True, kw_only=True, tag="number"):
    """Met when the figure satisfies ``op threshold``. ``threshold`` is absent where the year's rules set it."""

    points: Figure | None = None
    op: Comparison = ">="
    threshold: Figure | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        refuse_negative(self, ("points",))


class Rate(Threshold, frozen=True, kw_only=True, tag="rate"):
    """A rate of a whole, in percent."""


class Count(Threshold, frozen=True, kw_only=True, tag="count"):
    """A count of awards or projects; more than the threshold adds nothing."""


class Tier(Record, frozen=True, kw_only=True):
    """One of several exclusive steps, best first; ``at_least`` bounds the rubric's measure from below."""

    label: str
    points: Figure
    ask: str
    at_least: Figure | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        refuse_negative(self, ("points",))


class Tiers(Rule, frozen=True, kw_only=True, tag="tiers"):
    """Exclusive tiers in the order of the source; the fact is the 0-based index."""

    tiers: Annotated[tuple[Tier, ...], msgspec.Meta(min_length=2)]
    measure: str | None = None
    printed_as: Literal["tiers", "clauses"] = "tiers"

    @property
    def points(self) -> Decimal:
        """The top tier."""
        return max(tier.points for tier in self.tiers)


class Judged(Rule, frozen=True, kw_only=True, tag="judged"):
    """An expert picks one of the allowed figures; the fact is the points given."""

    allowed: Annotated[tuple[Figure, ...], msgspec.Meta(min_length=1)]

    def __post_init__(self) -> None:
        super().__post_init__()
        refuse_negative(self, ("allowed",))

    @property
    def points(self) -> Decimal:
        """The best mark."""
        return max(self.allowed)


class ScaleStep(Record, frozen=True, kw_only=True):
    """Points from a figure on."""

    at_least: Figure
    points: Figure

    def __post_init__(self) -> None:
        super().__post_init__()
        refuse_negative(self, ("points",))


class Scale(Rule, frozen=True, kw_only=True, tag="scale"):
    """Graded points for a share, as only a year's own rules (an overlay) can set them. The fact is the figure."""

    steps: Annotated[tuple[ScaleStep, ...], msgspec.Meta(min_length=1)]

    @property
    def points(self) -> Decimal:
        """The best step."""
        return max(step.points for step in self.steps)


class Shortfall(Rule, frozen=True, kw_only=True, tag="per_shortfall"):
    """``base`` points at ``target``; ``per_step`` lost for each ``step`` the achieved figure falls short.

    A measure with its own base never falls below 0. With base 0 the loss comes out of the item.
    """

    base: Figure
    target: Figure
    step: Figure
    per_step: Figure
    rounding: Literal["ceil", "floor", "linear"] | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        refuse_negative(self, ("base", "target"))
        if self.step <= 0 or self.per_step <= 0:
            raise ValueError("step 和 per_step 要大于 0")

    @property
    def points(self) -> Decimal:
        """The measure's own base; what a step takes from the item where it has none."""
        return self.base if self.base else -self.per_step


class Deduct(Rule, frozen=True, kw_only=True, tag="deduct"):
    """``per`` points lost for each occurrence, or once only."""

    per: Figure
    once: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        refuse_negative(self, ("per",))

    @property
    def points(self) -> Decimal:
        """What one occurrence takes."""
        return -self.per


class Bonus(Rule, frozen=True, kw_only=True, tag="bonus"):
    """``per`` points for each award; with ``beyond`` only once that criterion is met (the surplus over a target)."""

    per: Figure
    once: bool = False
    beyond: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        refuse_negative(self, ("per",))

    @property
    def points(self) -> Decimal:
        """What one award adds."""
        return self.per


class Gate(Rule, frozen=True, kw_only=True, tag="zero_item"):
    """zero_item: the item is worth 0, bonus included."""

    @property
    def points(self) -> None:
        """A gate earns nothing."""
        return None


class Veto(Gate, frozen=True, kw_only=True, tag="veto"):
    """Only the grade changes."""


class Precondition(Gate, frozen=True, kw_only=True, tag="precondition"):
    """The unit is not accepted for assessment; only the grade changes."""


Score = (
    YesNo | Checkpoint | Rank | Threshold | Rate | Count | Tiers | Judged | Scale | Shortfall | Deduct | Bonus
    | Gate | Veto | Precondition
)  # fmt: skip
"""Any rule, told apart by ``kind``."""
