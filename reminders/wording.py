"""The words of a digest and of a proposal to the office, and the buttons below a digest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from channels import keys
from channels.port import Option
from channels.text import environment
from reminders.escalation import Escalation
from reminders.obligations import Obligation
from reminders.planner import Digest, Pile

NAMED = 3  # matters a line names before it counts the rest
SHOWN_DAYS = 6  # of the days on which somebody was reminded, the last ones

Render = Callable[..., str]


class Line(NamedTuple):
    """What is due at one time: its first names, how many there are, and the points at stake."""

    when: str
    names: tuple[str, ...]
    matters: int
    points: Fraction


def renderer(zone: ZoneInfo) -> Render:
    """Fills this room's templates."""
    templates = environment(Path(__file__).parent / "templates", zone)
    templates.filters["day"] = _day

    def render(template: str, **words: object) -> str:
        return templates.get_template(f"{template}.j2").render(**words)

    return render


def digest_text(render: Render, digest: Digest) -> str:
    """What a person reads: per unit what is open, one line a date."""
    piles = [
        {
            "unit": pile.unit,
            "lines": tuple(_lines(pile, digest.on)),
            "matters": sum(not o.hint for o in pile.obligations),
            "points": _sum(pile.obligations),
        }
        for pile in digest.piles
    ]
    return render("digest", piles=piles)


def options(digest: Digest) -> tuple[Option, ...]:
    """现在填 the most urgent matter, 稍后, 已经报过了; the keys carry unit and day, so an old button still has a meaning."""
    pile = digest.piles[0]
    first = pile.obligations[0]
    now = _ask(pile, first)
    later = keys.pack("later", digest.campaign_id, f"{digest.on:%Y%m%d}")
    reported = keys.pack("reported", digest.campaign_id, f"{digest.on:%Y%m%d}")
    return (Option(now, "现在填"), Option(later, "稍后"), Option(reported, "已经报过了"))


def escalation_text(render: Render, campaign: str, found: Escalation) -> str:
    """What the office may send on; the bot does not.

    Args:
        campaign: its code, the year first: who reads this knows of no campaign.
    """
    days = found.reminded_on[-SHOWN_DAYS:]
    names = [o.what for o in found.obligations]
    return render("escalation", campaign=campaign, found=found, names=names[:NAMED], more=len(names) - NAMED, days=days)


def _ask(pile: Pile, first: Obligation) -> str:
    if first.kind == "submit":
        return keys.pack("submit", pile.unit_id)
    if first.kind == "report":
        return keys.pack("report-new", pile.unit_id)
    if first.kind == "rectify":
        return keys.pack("rectify-list", pile.unit_id)
    return keys.pack("ask", pile.unit_id, first.rubric_id, first.criteria[0])


def _lines(pile: Pile, today: date) -> Iterator[Line]:
    """The matters of a unit by date; what was sent back first, then those late, hints last."""
    late_first = sorted(pile.obligations, key=lambda o: (o.kind != "returned", o.key not in pile.overdue))
    for when, group in groupby(late_first, key=lambda o: _when(o, pile, today)):
        matters = list(group)
        names = tuple(o.what for o in matters[:NAMED])
        yield Line(when, names, len(matters), _sum(matters))


def _when(obligation: Obligation, pile: Pile, today: date) -> str:
    if obligation.hint:
        return "提示"
    if obligation.key in pile.overdue:
        return f"已过期限 {_day(obligation.limit)}"
    if obligation.due < today:
        return (
            f"该办了，按进度 {_day(obligation.due)}" if obligation.limit >= today else f"请补办 {_day(obligation.due)}"
        )
    if obligation.due == today:
        return "就在今天"
    return f"{_day(obligation.due)}前" if obligation.due == obligation.limit else f"建议 {_day(obligation.due)}前"


def _sum(matters: Iterable[Obligation]) -> Fraction:
    """The points at stake, a clause counted once."""
    return sum({(o.rubric_id, o.criteria[0]): o.points for o in matters}.values(), Fraction(0))


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"
