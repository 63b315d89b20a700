"""Questions to the reviewer (see `rubrics.doubts`) by unit and clause: computed, never stored, and gone with a verdict.

A verdict settles what could be seen when it was given; what came to light later is asked all the same.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics import doubts
from rubrics.dates import Day
from rubrics.doubts import Elsewhere, Paper, Question
from rubrics.facts import Fact, read_json
from rubrics.kinds import Bonus
from rubrics.model import Criterion, Rubric
from rubrics.tasks import asked
from storage import campaigns, doubt_rows, editions, provided
from storage.doubt_rows import Rows
from storage.entries import same_name, same_number
from storage.review_queue import Clause

_SHOWN_CHARACTERS = 8
_SHORTEST_NAME = 4  # 名牌 is no award's name


class Doubt(NamedTuple):
    """A question about a clause of a unit, since a moment."""

    kind: str
    said: str
    to_unit: str
    since: datetime

    @property
    def ident(self) -> str:
        """What a button carries of it: the same question, the same word."""
        return hashlib.sha256(f"{self.kind}{self.said}".encode()).hexdigest()[:_SHOWN_CHARACTERS]


async def of_campaign_in(
    connection: AsyncConnection, campaign_id: int, zone: ZoneInfo, unit_id: int | None = None
) -> dict[Clause, list[Doubt]]:
    """The open questions of a campaign, by clause; of one unit where it is given.

    Args:
        zone: the office's, in which a moment is a day.

    Raises:
        NotFoundError: no such campaign.
    """
    rubrics = await editions.of_campaign(connection, campaign_id)
    (campaign,) = await campaigns.campaigns_in(connection, campaign_id)
    figured = [
        (one.id, criterion.id) for one in rubrics for criterion in one.criteria.values() if doubts.compares(criterion)
    ]
    rows = await doubt_rows.read(connection, campaign_id, figured, unit_id)
    names = {unit.id: unit.name for unit in await campaigns.units_in(connection, campaign_id)}
    sums = await provided.sums_in(connection, campaign_id)
    known = _Known(rows, campaign.year, campaign.created_at.astimezone(zone).date(), zone, names, sums)
    found: dict[Clause, list[Doubt]] = {}
    for unit in rows.units:
        for rubric in (one for one in rubrics if unit.category in one.categories):
            own = asked(rubric, unit.name, unit.category).values()
            against = dict(_against(known, unit.id, rubric))
            for criterion in (criterion for clauses in own for criterion in clauses):
                clause = (unit.id, rubric.id, criterion.id)
                said = [*known.about(clause, criterion), *against.get(criterion.id, ())]
                if left := {one.ident: one for one in said if not known.settled(clause, one.since)}:
                    found[clause] = list(left.values())  # a file and its entry have one 文号: asked once
    return found


async def of_clause_in(connection: AsyncConnection, campaign_id: int, zone: ZoneInfo, clause: Clause) -> list[Doubt]:
    """The open questions about one clause."""
    return (await of_campaign_in(connection, campaign_id, zone, clause[0])).get(clause, [])


class _Copies(NamedTuple):
    """Who has a file of one content: units of this campaign by id, those of earlier years, and when each here came."""

    here: dict[int, str]
    before: list[Elsewhere]
    moments: list[datetime]

    def add(self, row: Any, *, here: bool, year: int) -> None:
        """One more who has it; rows come oldest first."""
        if here:
            self.here[row.unit_id] = row.unit
            self.moments.append(row.at)
        elif row.year < year:
            self.before.append(Elsewhere(row.unit, row.year))


class _Known:
    """The rows by clause."""

    def __init__(
        self, rows: Rows, year: int, begun: date, zone: ZoneInfo, names: dict[int, str], sums: dict[Any, Any]
    ) -> None:
        self.year, self.begun, self.zone, self.names, self.sums = year, _day(begun), zone, names, sums
        self.papers, self.answers, self.last = _by_clause(rows.papers), _by_clause(rows.answers), _by_clause(rows.last)
        self.figures = _by_clause(rows.figures)
        self.verdicts = {_clause(row): row for row in rows.verdicts}
        self.copies: dict[str, _Copies] = {}
        for row in rows.copies:
            self.copies.setdefault(row.sha256, _Copies({}, [], [])).add(row, here=row.unit_id in names, year=year)
        self.numbers: dict[str, list[Any]] = defaultdict(list)
        self.awards: dict[tuple[str, str, str], list[Any]] = defaultdict(list)
        for row in rows.named:
            if row.number:
                self.numbers[same_number(row.number)].append(row)
            if row.source == "entry" and len(same_name(row.name)) >= _SHORTEST_NAME:
                self.awards[row.rubric_id, row.criterion_id, same_name(row.name)].append(row)

    def settled(self, clause: Clause, since: datetime) -> bool:
        """Whether somebody has decided about the clause since a question came up."""
        verdict = self.verdicts.get(clause)
        return verdict is not None and verdict.kind != "open" and bool(verdict.at >= since)

    def about(self, clause: Clause, criterion: Criterion) -> Iterator[Doubt]:
        """All questions about one clause by itself."""
        papers = list({(row.source, row.id): row for row in self.papers[clause]}.values())
        for row in papers:
            yield from self._about_paper(clause, criterion, row)
        entries = [row for row in papers if row.source == "entry"]
        if entries:
            yield from _since(max(row.at for row in entries), doubts.same_days(criterion, map(self.paper, entries)))
        yield from self._about_answer(clause, criterion, papers)

    def paper(self, row: Any) -> Paper:
        """A row as the pure questions take it."""
        held, made, saved = (day and _day(day) for day in (row.held, row.made_on, row.saved_on))
        came = _day(row.at.astimezone(self.zone).date())
        return Paper(row.name, row.day and _day(row.day), row.number, came, held, made, saved, row.photo)

    def _about_paper(self, clause: Clause, criterion: Criterion, row: Any) -> Iterator[Doubt]:
        paper = self.paper(row)
        yield from _since(row.since, doubts.about_paper(criterion, paper, self.year, self.begun))
        if row.read_at is not None:
            yield from _since(max(row.since, row.read_at), doubts.about_making(criterion, paper, self.year))
        copies = self.copies.get(row.sha256, _Copies({}, [], []))
        now = [name for unit_id, name in copies.here.items() if unit_id != clause[0]]
        yield from _since(max([row.since, *copies.moments[-1:]]), doubts.shared(paper, now))
        said = doubts.used_before(criterion, paper, copies.before, self.names[clause[0]])
        yield from _since(row.since, said)
        same = [one for one in self.numbers.get(same_number(row.number), ()) if one.unit_id != clause[0]]
        what = f"文号 {row.number} "
        if not same and row.source == "entry" and isinstance(criterion.score, Bonus):
            same = [one for one in self.awards[*clause[1:], same_name(row.name)] if one.unit_id != clause[0]]
            what = f"“{row.name}”"
        if not now:  # the same file has the same 文号: one question is enough
            said = doubts.same_named(what, _names(self.names[one.unit_id] for one in same))
            yield from _since(max([row.since, *(one.at for one in same)]), said)

    def _about_answer(self, clause: Clause, criterion: Criterion, papers: list[Any]) -> Iterator[Doubt]:
        versions = self.answers[clause]
        newest = versions[-1] if versions else None
        moments = [row.since for row in papers] + ([newest.at] if newest else [])
        if not moments:
            return
        fact = None if newest is None or newest.fact is None else read_json(newest.fact)
        stated = newest is not None and newest.state not in {"answered", "withdrawn"}  # 还没到时候 is an answer
        pieces = 0 if stated else len(papers)
        entries = sum(row.source == "entry" for row in papers)
        yield from _since(max(moments), doubts.about_claim(criterion, fact, pieces, entries))
        if newest is not None and fact is not None:
            earlier = (row.said for row in versions[:-1] if row.fact is not None)
            yield from _since(newest.at, doubts.shrunken(criterion, newest.said, earlier))
            last = [row for row in self.last[clause] if row.year == max(row.year for row in self.last[clause])]
            said = (row.said for row in last[-1:])
            yield from _since(newest.at, doubts.shrunken(criterion, newest.said, said, f"{_year(last)} 年"))
            units = self.sums.get(clause[1:])
            if units is not None:
                yield from _since(max(newest.at, units.at), doubts.handed_down(criterion, fact, units.figure))
            yield from self._about_figure(clause, criterion, newest.at, fact)

    def _about_figure(self, clause: Clause, criterion: Criterion, said_at: datetime, fact: Fact) -> Iterator[Doubt]:
        """Held against all files together, once each was read to its end: the figure may stand in any."""
        files = {row.sha256: row for row in self.figures[clause]}.values()
        if not files or any(row.lines is None for row in files):
            return
        since = max(said_at, *(max(row.since, row.read_at) for row in files))
        if not self.settled(clause, since):  # looking for it takes longer than all else
            text = "\n".join(row.lines for row in files)
            yield from _since(since, doubts.against_text(criterion, fact, text))


def _against(known: _Known, unit_id: int, rubric: Rubric) -> Iterator[tuple[str, list[Doubt]]]:
    """Questions between a unit's clauses."""
    newest = {ident: known.answers[unit_id, rubric.id, ident][-1:] for ident in rubric.criteria}
    facts = {ident: read_json(rows[0].fact) for ident, rows in newest.items() if rows and rows[0].fact is not None}
    for ident, question in doubts.contradictions(rubric, facts):
        related = {ident, getattr(rubric.criteria[ident].score, "beyond", None)}
        since = max(rows[0].at for name, rows in newest.items() if name in related and rows)
        yield ident, [*_since(since, (question,))]


def _since(moment: datetime, questions: Iterable[Question]) -> Iterator[Doubt]:
    return (Doubt(one.kind, one.said, one.to_unit, moment) for one in questions)


def _by_clause(rows: Iterable[Any]) -> dict[Clause, list[Any]]:
    found: dict[Clause, list[Any]] = defaultdict(list)
    for row in rows:
        found[_clause(row)].append(row)
    return found


def _clause(row: Any) -> Clause:
    return (row.unit_id, row.rubric_id, row.criterion_id)


def _names(units: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(units))


def _year(rows: list[Any]) -> int:
    return rows[-1].year if rows else 0


def _day(day: date) -> Day:
    return Day(day.year, day.month, day.day)
