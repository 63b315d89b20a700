"""``kaoping due``: what would be said to whom at a moment, and why; nothing is sent and nothing written.

What only this command needs is imported by it: scoring must start in a fraction of a second.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

import click

from bot.options import as_json_option
from bot.usage import CallError
from rubrics.figures import exact_number, two_decimals

if TYPE_CHECKING:
    from reminders.known import Situation
    from reminders.planner import Digest, Plan
    from reminders.wording import Render
    from storage.database import Database
    from storage.reminding_waiting import Waiting


class Looked(NamedTuple):
    """What would be said at a moment: by the planner, what is on its way already, and the office's week."""

    at: datetime
    situation: Situation
    plan: Plan
    waiting: list[Waiting]
    week: str | None
    past: bool


@click.command()
@click.option("--campaign", "code", required=True, metavar="C", help="考核编号，见 kaoping campaign list。")
@click.option("--at", "moment", metavar="ISO-TIME", help="哪个时刻，例如 2026-12-01T09:00；不写就是现在。")
@as_json_option
def due(code: str, moment: str | None, as_json: bool) -> None:
    """看某个时刻会提醒谁、提醒什么、为什么，还有等着发的通知、催办和一周情况；不发送任何消息。各单位填报的情况按现在的算。"""
    from bot.settings import load_settings
    from reminders.wording import renderer

    zone = ZoneInfo(load_settings().timezone)
    looked = _looked(code, _moment(moment, zone), zone)
    render = renderer(zone)
    if as_json:
        click.echo(json.dumps(_json(code, looked, render), ensure_ascii=False, indent=2))
        return
    for line in _words(looked, render):
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


def _looked(code: str, at: datetime, zone: ZoneInfo) -> Looked:
    from bot.data_commands import reading
    from handlers.sending import weekly
    from handlers.texts import renderer
    from reminders.known import situation_in
    from reminders.planner import plan
    from storage import campaigns
    from storage.reminding_waiting import waiting_in

    async def read(database: Database) -> Looked:
        campaign = await campaigns.find(database, code)
        async with database.read() as connection:
            situation = await situation_in(connection, campaign.id, at, zone, replayed=True)
            planned = plan(at, situation.campaign, situation.people)
            waiting = await waiting_in(connection, campaign.id, at)
            week = await weekly.due_in(connection, at, zone, campaign, renderer(zone), replayed=True)
        return Looked(at, situation, planned, waiting, week.text if week else None, at < datetime.now(zone))

    return reading(read)


def _words(looked: Looked, render: Render) -> list[str]:
    at, situation, plan = looked.at, looked.situation, looked.plan
    lines = [line for digest in plan.digests for line in _lines(digest, render)]
    lines += [f"{held.person}  不提醒：{held.why}" for held in plan.held]
    lines += [line for one in looked.waiting for line in _waiting_lines(one, at)]
    if looked.week:
        lines += ["考核办  一周情况", *_indented(looked.week)]
    if situation.deserted:
        lines.append(f"还没有联络员加入：{'、'.join(situation.deserted)}")
    if plan.opens_at:
        lines.append(f"{at:%Y-%m-%d %H:%M} 不在上班时间，不发提醒；下一次从 {plan.opens_at:%Y-%m-%d %H:%M} 开始")
    elif situation.campaign.closed:
        lines.append("填报已经截止，不再提醒")
    elif not plan.digests:
        lines.append(f"{at:%Y-%m-%d %H:%M} 没有人需要提醒")
    lines += [f"{year} 年的节假日安排还没有公布，按周一到周五算" for year in plan.guessed]
    return lines + (["这是过去的时刻：各单位填报的情况按现在的算，不是当时的"] if looked.past else [])


def _lines(digest: Digest, render: Render) -> list[str]:
    """To whom, how much and why; below it what they would read."""
    from channels.text import points
    from reminders.wording import digest_text

    units = "、".join(pile.unit for pile in digest.piles)
    stake = f"，关系 {points(digest.points)} 分" if digest.points else ""
    head = f"{digest.person}  {units}  {_matters(digest)} 件{stake}  {digest.why}"
    return [head, *_indented(digest_text(render, digest))]


def _waiting_lines(one: Waiting, at: datetime) -> list[str]:
    due = one.due_at.astimezone(at.tzinfo)
    what = {"digest": "提醒", "push": "催办", "notice": "通知"}[one.kind]
    why = f"（{one.why}）" if one.why else ""
    return [f"{one.person or '联络员'}  等着发的{what}  {due:%Y-%m-%d %H:%M} 起{why}", *_indented(one.text)]


def _indented(text: str) -> list[str]:
    return [f"    {line}" for line in text.strip().splitlines()]


def _matters(digest: Digest) -> int:
    return sum(not o.hint for pile in digest.piles for o in pile.obligations)


def _json(code: str, looked: Looked, render: Render) -> dict[str, Any]:
    at, plan = looked.at, looked.plan
    return {
        "campaign": code,
        "at": at.isoformat(),
        "closed": looked.situation.campaign.closed,
        "opens_at": plan.opens_at.isoformat() if plan.opens_at else None,
        "digests": [_digest_json(digest, render) for digest in plan.digests],
        "held": [{"person": held.person, "why": held.why} for held in plan.held],
        "waiting": [_waiting_json(one, at) for one in looked.waiting],
        "week": looked.week,
        "without_liaison": list(looked.situation.deserted),
        "guessed_years": list(plan.guessed),
    }


def _waiting_json(one: Waiting, at: datetime) -> dict[str, Any]:
    return {**one._asdict(), "due_at": one.due_at.astimezone(at.tzinfo).isoformat()}


def _digest_json(digest: Digest, render: Render) -> dict[str, Any]:
    from reminders.wording import digest_text

    return {
        "person": digest.person,
        "kind": digest.kind,
        "why": digest.why,
        "points": exact_number(two_decimals(digest.points)),
        "text": digest_text(render, digest).strip(),
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
