"""The office's scores: a short text at once with what changed since the last snapshot, then a picture a rubric."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import partial

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office, units
from handlers.answering import standing
from handlers.desk import snapshots as looking_back
from handlers.desk import unit_card
from handlers.desk.score_drawing import Drawn, Scored, Since, draw, say_scores
from handlers.turn import Turn
from reports.score_table import PICTURE_UNITS
from reports.standings import Standing, table
from rubrics.model import Rubric
from storage import campaigns, score_history, scorecards, snapshots, unit_facts
from storage.freezing import frozen_in
from storage.people import Membership
from storage.scorecards import SummaryRow
from storage.snapshots import Snapshot

_BENEATH = (Option(keys.pack("lost"), "丢分最多"), Option(keys.pack("snapshots"), "快照"))


async def mine(turn: Turn) -> None:
    """我的得分: a liaison's three scores; who is a unit's leader and no liaison reads the unit's card."""
    if turn.liaison is not None or not await _own_card(turn):
        await standing.mine(turn)


async def _own_card(turn: Turn) -> bool:
    own = next((m for m in turn.memberships if m.role == "leader" and m.unit_id is not None), None)
    if own is None or office.campaigns_of(turn) or turn.event.in_group:
        return False
    await unit_card.show_card(turn, own.campaign_id, own.unit_id or 0)
    return True


async def start(turn: Turn, words: str) -> None:
    """得分: of all units; 得分 初评 those of a snapshot, 得分 孟河镇 the unit's card."""
    membership = office.seeing(turn) if words and not await _own_card(turn) else None
    if not words:
        await scores(turn)
    elif membership is not None:
        found = units.find(await campaigns.units_in(turn.connection, membership.campaign_id), words)
        await (unit_card.unit(turn, words) if found else looking_back.of_scores(turn, membership, words))


async def scores(turn: Turn, key: Key | None = None) -> None:
    """All units of the campaign in roster order; a unit's own leader reads the own unit's card."""
    if await _own_card(turn):
        return
    membership = office.seeing(turn)
    if membership is None:
        return
    frozen = await frozen_in(turn.connection, membership.campaign_id)
    found = await (_approved(turn, membership, frozen.number) if frozen else _current(turn, membership))
    tables = [one.table for one in found]
    turn.prepare(partial(draw, turn.files, tables, turn.now), partial(_show, found))


async def _current(turn: Turn, membership: Membership) -> list[Scored]:
    """The scores as they are now, with what changed since the newest snapshot."""
    newest = await snapshots.newest_in(turn.connection, membership.campaign_id)
    before = await snapshots.rows_in(turn.connection, newest) if newest else []
    return [
        await _read(turn, membership, rubric, rows, _since(newest, before, rows))
        for rubric, rows in await by_rubric(turn, membership)
    ]


async def _approved(turn: Turn, membership: Membership, number: int) -> list[Scored]:
    """What was frozen, from its snapshot alone, with what would be different if it were opened again."""
    snapshot = await snapshots.find_in(turn.connection, membership.campaign_id, number)
    held = looking_back.tables_of(
        turn, await snapshots.read_in(turn.connection, snapshot), f"以审定的第 {number} 号快照为准"
    )
    now = {rubric.id: rows for rubric, rows in await by_rubric(turn, membership)}
    return [one._replace(since=_since(snapshot, one.rows, now.get(one.rubric.id, []))) for one in held]


async def by_rubric(turn: Turn, membership: Membership) -> list[tuple[Rubric, list[SummaryRow]]]:
    """The stored scores of a campaign's units, by rubric in the campaign's order."""
    rows = defaultdict(list)
    for row in await scorecards.summary_in(turn.connection, membership.campaign_id):
        rows[row.rubric_id].append(row)
    return [(rubric, rows[rubric.id]) for rubric in membership.rubrics if rubric.id in rows]


def _since(newest: Snapshot | None, before: Sequence[SummaryRow], rows: Sequence[SummaryRow]) -> Since | None:
    return Since(newest, score_history.changes(before, rows)) if newest else None


async def _read(
    turn: Turn, membership: Membership, rubric: Rubric, rows: list[SummaryRow], since: Since | None
) -> Scored:
    standings = [Standing(row) for row in rows]
    if len(rows) <= PICTURE_UNITS and scorecards.plan_of(rubric).max_points is not None:
        standings = [await _worked_out(turn, rubric, row) for row in rows]
    made = table(rubric, standings, membership.campaign_code, turn.now, turn.zone)
    return Scored(rubric, rows, made, since)


async def _worked_out(turn: Turn, rubric: Rubric, row: SummaryRow) -> Standing:
    known = await unit_facts.of_unit(turn.connection, row.unit_id, rubric)
    plan = scorecards.plan_of(rubric)
    return Standing(row, plan.score(known.proven), plan.score(known.verified))


async def _show(found: Sequence[Scored], turn: Turn, drawn: Sequence[Drawn]) -> None:
    membership = office.seeing(turn)  # asked again: in between somebody may have been removed
    if membership is not None:
        say_scores(turn, found, drawn, _BENEATH, leader=membership.role == "leader")
