"""``kaoping due``: what would be said to whom at a moment, and why; nothing is sent and nothing written.

What only this command needs is imported by it: scoring must start in a fraction of a second.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from bot.options import as_json_option
from bot.usage import CallError
from rubrics.figures import exact_number, two_decimals

if TYPE_CHECKING:
    from reminders.known import Situation
    from reminders.planner import Digest, Plan
    from storage.database import Database


@click.command()
@click.option("--campaign", "code", required=True, metavar="C", help="考核编号，见 kaoping campaign list。")
@click.option("--at", "moment", metavar="ISO-TIME", help="哪个时刻，例如 2026-12-01T09:00；不写就是现在。")
@as_json_option
def due(code: str, moment: str | None, as_json: bool) -> None:
    """看某个时刻会提醒谁、提醒什么、为什么；不发送任何消息。各单位填报的情况按现在的算。"""
    from bot.settings import load_settings

    zone = ZoneInfo(load_settings().timezone)
    at = _moment(moment, zone)
    situation, plan = _planned(code, at, zone)
    if as_json:
        click.echo(json.dumps(_json(code, at, situation, plan), ensure_ascii=False, indent=2))
        return
    for line in _words(at, situation, plan):
        click.echo(line)


def _moment(text: str | None, zone: ZoneInfo) -> datetime:
    """A moment as it was typed; without an offset in the office's zone."""
    if text is None:
        return datetime.now(zone)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CallError(f"--at「{text[:30]}」看不懂，请写成 2026-12-01T09:00 这样") from error
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)


def _planned(code: str, at: datetime, zone: ZoneInfo) -> tuple[Situation, Plan]:
    from bot.data_commands import reading
    from reminders.known import situation_in
    from reminders.planner import plan
    from storage import campaigns

    async def read(database: Database) -> Situation:
        campaign = await campaigns.find(database, code)
        async with database.read() as connection:
            return await situation_in(connection, campaign.id, at, zone, replayed=True)

    situation = reading(read)
    return situation, plan(at, situation.campaign, situation.people)


def _words(at: datetime, situation: Situation, plan: Plan) -> list[str]:
    lines = [_line(digest) for digest in plan.digests]
    lines += [f"{held.person}  不提醒：{held.why}" for held in plan.held]
    if situation.deserted:
        lines.append(f"还没有联络员加入：{'、'.join(situation.deserted)}")
    if plan.opens_at:
        lines.append(f"{at:%Y-%m-%d %H:%M} 不在上班时间，不发消息；下一次从 {plan.opens_at:%Y-%m-%d %H:%M} 开始")
    elif situation.campaign.closed:
        lines.append("填报已经截止，不再提醒")
    elif not plan.digests:
        lines.append(f"{at:%Y-%m-%d %H:%M} 没有人需要提醒")
    lines += [f"{year} 年的节假日安排还没有公布，按周一到周五算" for year in plan.guessed]
    return lines


def _line(digest: Digest) -> str:
    from channels.text import points

    units = "、".join(pile.unit for pile in digest.piles)
    stake = f"，关系 {points(digest.points)} 分" if digest.points else ""
    return f"{digest.person}  {units}  {_matters(digest)} 件{stake}  {digest.why}"


def _matters(digest: Digest) -> int:
    return sum(not o.hint for pile in digest.piles for o in pile.obligations)


def _json(code: str, at: datetime, situation: Situation, plan: Plan) -> dict[str, Any]:
    return {
        "campaign": code,
        "at": at.isoformat(),
        "closed": situation.campaign.closed,
        "opens_at": plan.opens_at.isoformat() if plan.opens_at else None,
        "digests": [_digest_json(digest) for digest in plan.digests],
        "held": [{"person": held.person, "why": held.why} for held in plan.held],
        "without_liaison": list(situation.deserted),
        "guessed_years": list(plan.guessed),
    }


def _digest_json(digest: Digest) -> dict[str, Any]:
    return {
        "person": digest.person,
        "kind": digest.kind,
        "why": digest.why,
        "points": exact_number(two_decimals(digest.points)),
        "units": [
            {
                "unit": pile.unit,
                "matters": [
                    {
                        "key": o.key,
                        "kind": o.kind,
                        "what": o.what,
                        "due": o.due.isoformat(),
                        "overdue": o.key in pile.overdue,
                    }
                    for o in pile.obligations
                ],
            }
            for pile in digest.piles
        ],
    }
