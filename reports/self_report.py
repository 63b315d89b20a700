"""What a unit's 自评报告 says: by item what was done, with which figures and proof, what is claimed and what is lacking."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from reports import pack
from reports.office_name import office_of
from reports.pack import Line, Pack
from reports.score_table import Done, shown
from reports.self_words import answered, by_others, open_words
from rubrics.breakdown import Breakdown
from rubrics.clauses import is_met
from rubrics.kinds import Bonus
from rubrics.model import NA, Criterion, Item, Rubric
from rubrics.tasks import asked
from storage import answers, campaigns, editions, entries, scorecards, unit_facts
from storage.answers import Answer
from storage.campaigns import Campaign, Unit
from storage.entries import Entry
from storage.scorecards import Figures
from storage.unit_facts import UnitFacts


class Section(NamedTuple):
    """One item: sentences on what was done and what is lacking; ``proof`` names the files as they are in the pack.

    ``by_others``: who answers what is left of an item that the unit is asked nothing of.
    """

    number: str
    title: str
    points: str
    claimed: str
    done: tuple[str, ...]
    proof: tuple[str, ...]
    lacking: tuple[str, ...]
    by_others: str = ""


class Chapter(NamedTuple):
    """One rubric: three scores as they are printed, and a section an item."""

    title: str
    claimed: str
    proven: str
    of: str
    sections: tuple[Section, ...]


class SelfReport(NamedTuple):
    """A unit's report of a year to the office.

    ``attachments`` are the paths of the files in its evidence pack, in the pack's order.
    """

    unit: str
    year: int
    made_at: datetime
    chapters: tuple[Chapter, ...]
    attachments: tuple[str, ...]
    office: str


class _Known(NamedTuple):
    """What is known of a unit under a rubric."""

    rubric: Rubric
    facts: UnitFacts
    answers: Mapping[str, Answer]
    entries: Mapping[str, list[Entry]]
    proof: Mapping[str, list[Line]]


async def of_unit(
    connection: AsyncConnection, campaign: Campaign, unit_id: int, at: datetime, zone: ZoneInfo
) -> SelfReport:
    """The report as of this unit of work, its figures the engine's; ``at`` must be aware."""
    unit = next(unit for unit in await campaigns.units_in(connection, campaign.id) if unit.id == unit_id)
    return await _report(connection, campaign, unit, await pack.collect(connection, campaign, unit_id, at, zone))


async def of_campaign(
    connection: AsyncConnection, campaign: Campaign, at: datetime, zone: ZoneInfo
) -> list[SelfReport]:
    """The reports of all units that a rubric assesses, in roster order."""
    packs = await pack.collect_each(connection, campaign, at, zone)
    units = await campaigns.units_in(connection, campaign.id)
    made = [await _report(connection, campaign, unit, packs[unit.id]) for unit in units]
    return [report for report in made if report.chapters]


async def _report(connection: AsyncConnection, campaign: Campaign, unit: Unit, packed: Pack) -> SelfReport:
    rubrics = [r for r in await editions.of_campaign(connection, campaign.id) if unit.category in r.categories]
    chapters = [await _chapter(connection, unit, rubric, packed) for rubric in rubrics]
    found = tuple(chapter for chapter in chapters if chapter.sections)
    paths = tuple(line.path for line in packed.files)
    return SelfReport(unit.name, campaign.year, packed.made_at, found, paths, office_of(rubrics))


async def _chapter(connection: AsyncConnection, unit: Unit, rubric: Rubric, packed: Pack) -> Chapter:
    facts = await unit_facts.of_unit(connection, unit.id, rubric)
    counted = {
        c.id: await entries.of_clause_in(connection, unit.id, rubric.id, c.id)
        for c in rubric.criteria.values()
        if facts.proofs.entries(c.id)
    }
    said = await answers.current_in(connection, unit.id, rubric.id)
    proof = pack.by_clause(line for line in packed.lines if line.rubric == rubric.title)
    known = _Known(rubric, facts, said, counted, proof)
    plan = scorecards.plan_of(rubric)
    claimed = plan.score(facts.claimed)
    figures, proven = scorecards.figures_of(claimed), scorecards.figures_of(plan.score(facts.proven))
    own = asked(rubric, unit.name, unit.category)
    sections = [
        _section(known, item, claimed, figures, own.get(item.id, ()))
        for item in rubric.items
        if item.id in own or item.role in {"scored", "bonus"}
    ]
    of = "" if figures.max is None else shown(figures.max)
    return Chapter(rubric.title, _total(figures, own), _total(proven, own), of, tuple(sections))


def _total(figures: Figures, own: Collection[str]) -> str:
    """The total; of a tasks table how many of the unit's own rows are complete."""
    if figures.rows:
        rows = [row for ident, row in figures.rows.items() if ident in own]
        return f"完成 {shown(Done(sum(done == of for done, of in rows), len(rows)))} 行"
    return shown(figures.total)


def _section(known: _Known, item: Item, claimed: Breakdown, figures: Figures, own: tuple[Criterion, ...]) -> Section:
    facts = known.facts.claimed
    said, counted = known.answers, known.entries
    done = [answered(c, facts[c.id], said.get(c.id), counted.get(c.id, ())) for c in item.criteria if c.id in facts]
    silent = [c for c in own if c.id not in facts and not isinstance(c.score, Bonus)]  # no bonus is no fault
    lacking = [f"{c.label}{open_words(said.get(c.id))}" for c in silent]
    lacking += [claimed.why(c.id) for c in item.criteria if c.id in facts and _falls_short(claimed, item, c)]
    wanted = [known.rubric.criteria[ident] for ident in known.facts.lacking if known.rubric.item_of[ident] is item]
    lacking += [f"{c.label}的材料还没有交齐{_parts(known, c)}" for c in wanted]
    proof = [words for c in item.criteria for words in _proof(known.proof.get(f"{c.id} {c.label}", ()))]
    if item.id in figures.rows:
        points, worth = "", f"完成 {shown(Done(*figures.rows[item.id]))} 个目标"
    elif item.id in figures.items:
        points, worth = shown(item.points), f"{shown(figures.items[item.id])} 分"
    else:
        points, worth = shown(item.points), _bonus(claimed, item)
    others = "" if own else by_others(item, facts)
    proof = list(dict.fromkeys(proof))
    return Section(item.id, item.title, points, worth, tuple(done), tuple(proof), tuple(lacking), others)


def _bonus(claimed: Breakdown, item: Item) -> str:
    score = next((score for score in claimed.items if score.plan.item.id == item.id), None)
    if score is None or claimed.total is None or score.state == "untotalled":
        return "未定分值"
    return f"{shown(scorecards.figures_of(claimed).bonus)} 分"


def _falls_short(claimed: Breakdown, item: Item, criterion: Criterion) -> bool:
    """Whether a clause that was answered costs something: points not earned, a deduction, a target not met."""
    line = next(line for line in claimed.lines if line.clause.id == criterion.id)
    assert line.fact is not None
    if item.role == "task":
        return not is_met(criterion, line.fact)
    if line.clause.role == "gate":
        return line.fact != NA and is_met(criterion, line.fact)
    if line.clause.role == "bonus" or claimed.total is None or line.fact == NA:
        return False
    return line.points < (line.clause.of or 0)


def _parts(known: _Known, criterion: Criterion) -> str:
    """Which parts lack; of a count the single entries' proof is meant."""
    missing = known.facts.proofs.lacking(criterion)
    return f"（缺{'、'.join(missing)}）" if missing and not known.entries.get(criterion.id) else ""


def _proof(lines: list[Line] | tuple[Line, ...]) -> list[str]:
    """The proof of a clause: files by their name in the pack, named documents by title and 文号."""
    found = []
    for line in lines:
        if line.path:
            found.append(line.path.rpartition("/")[2])
        elif line.state in (pack.BY_NUMBER, pack.OFFLINE):
            where = "，".join(word for word in (line.number, line.place) if word)
            found.append(f"{line.name}（{where}）" if where else line.name)
    return found
