"""快照: the scores of all units taken and numbered, looked at again as they were, and frozen with 审定."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import partial

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.desk.score_drawing import Drawn, Scored, draw, say_scores
from handlers.proof.proof_standing import at
from handlers.turn import Turn
from handlers.year import appeal_desk
from reports.score_table import PICTURE_UNITS
from reports.standings import Standing, table
from rubrics.errors import KaopingError
from storage import appeals, late_answers, phases, review_queue, snapshots
from storage.freezing import frozen_in
from storage.people import Membership
from storage.scorecards import plan_of
from storage.snapshots import Card, Snapshot, SnapshotContent

MOST_LISTED = 8
MOST_NAMED = 12

_ALL = Option(keys.pack("snapshots"), "快照")
_NUMBERED = re.compile(r"第?\s*(?P<number>[0-9]{1,6})\s*号?")


async def start(turn: Turn, words: str) -> None:
    """快照: those there are; 快照 第3号 shows one, other words name one to be taken (快照 初评)."""
    if not words:
        await show(turn)
        return
    if numbered := _NUMBERED.fullmatch(words):
        await look(turn, int(numbered["number"]))
        return
    membership = office.working(turn)
    if membership is None:
        return
    there = await called(turn, membership, words)
    if there is None:
        await _take(turn, membership, words)
        return
    options = (
        Option(keys.pack("snapshot", there.number), f"看第{there.number}号"),
        Option(keys.pack("snapshot-again", there.number), "再存一份"),
    )
    turn.say("snapshot-there", options, snapshot=there)


async def called(turn: Turn, membership: Membership, name: str) -> Snapshot | None:
    """The newest snapshot of a name."""
    found = await snapshots.of_campaign_in(turn.connection, membership.campaign_id)
    return next((one for one in reversed(found) if one.name and one.name == name.strip()), None)


async def again(turn: Turn, key: Key) -> None:
    """再存一份: another snapshot of the same name."""
    membership = office.working(turn)
    if membership is None:
        return
    try:
        before = await snapshots.find_in(turn.connection, membership.campaign_id, at(key, 0))
    except KaopingError as error:
        turn.say("refused", said=str(error))
        return
    await _take(turn, membership, before.name)


async def of_scores(turn: Turn, membership: Membership, words: str) -> None:
    """得分 初评: the scores of that snapshot; says so where there is none."""
    numbered = _NUMBERED.fullmatch(words)
    there = None if numbered else await called(turn, membership, words)
    if numbered or there:
        await look(turn, int(numbered["number"]) if numbered else there.number if there else 0)
    else:
        turn.say("snapshot-unknown", (Option(keys.pack("scores"), "现在的得分"), _ALL), said=words[:20])


async def show(turn: Turn, key: Key | None = None) -> None:
    """The snapshots there are, newest first, and what may be done."""
    membership = office.seeing(turn)
    if membership is None:
        return
    found = list(reversed(await snapshots.of_campaign_in(turn.connection, membership.campaign_id)))
    frozen = await frozen_in(turn.connection, membership.campaign_id)
    options = [Option(keys.pack("snapshot", one.number), f"看第{one.number}号") for one in found[:MOST_LISTED]]
    if membership.role == "office":
        own = [Option(keys.pack("snapshot-take"), "做快照")]
        own += [Option(keys.pack("reopen"), "重新开放") if frozen else Option(keys.pack("snapshot-final"), "审定")]
        options = own + options
    turn.say("snapshots", tuple(options), found=found[:MOST_LISTED], more=len(found[MOST_LISTED:]), frozen=frozen)


async def ask_name(turn: Turn, key: Key) -> None:
    """做快照: its name is asked for; it may have none."""
    if office.working(turn) is not None:
        turn.expect(keys.pack("snapshot-name"))
        options = (Option(keys.pack("snapshot-bare"), "不起名"), Option(keys.pack("snapshots"), "取消"))
        turn.say("snapshot-name", options)


async def named(turn: Turn, key: Key) -> None:
    """The name of a snapshot that is to be taken."""
    membership = office.working(turn)
    if membership is not None:
        await _take(turn, membership, turn.event.text)


async def bare(turn: Turn, key: Key) -> None:
    """不起名: a snapshot without a name."""
    membership = office.working(turn)
    if membership is not None:
        await _take(turn, membership, "")


async def finish(turn: Turn, key: Key) -> None:
    """审定: asked once more with what is not reviewed yet, then taken and frozen.

    The confirming button (version: the number of the snapshot it will be) holds for one snapshot only.
    """
    membership = office.working(turn)
    if membership is None:
        return
    newest = await snapshots.newest_in(turn.connection, membership.campaign_id)
    number = newest.number + 1 if newest else 1
    if key.version == number:
        await _take(turn, membership, "", final=True)
    elif key.version:
        turn.say("stale")
    elif await frozen_in(turn.connection, membership.campaign_id):
        turn.say("refused", said="得分已经审定冻结，不用再审定；要改请点 重新开放")
    else:
        looks = await review_queue.of_campaign_in(turn.connection, membership.campaign_id, turn.today)
        behind = review_queue.left_of(looks)
        appeal_until = await _appeal_until(turn, membership)
        waiting = len(await appeals.open_in(turn.connection, membership.campaign_id))
        late = len(await late_answers.open_in(turn.connection, membership.campaign_id))
        label = "仍要审定" if appeal_until or waiting or late else "确认"
        sure = Option(keys.pack("snapshot-final", version=number), label)
        turn.say(
            "snapshot-sure",
            (sure, Option(keys.pack("snapshots"), "取消")),
            behind=behind[:MOST_NAMED],
            units=len(behind),
            left=review_queue.unsettled(looks),
            appeal_until=appeal_until,
            appeals=waiting,
            late=late,
        )


async def _appeal_until(turn: Turn, membership: Membership) -> date | None:
    """The last day of the 初评反馈, while units may still appeal against what would be frozen."""
    calendar = await phases.of_campaign_in(turn.connection, membership.campaign_id)
    running = (phase.ends_on for phase in calendar if phase.name == phases.FEEDBACK and phase.ends_on >= turn.today)
    return next(running, None)


async def one(turn: Turn, key: Key) -> None:
    """A snapshot as it was: text, pictures and sheet, from nothing but itself."""
    await look(turn, int(key.parts[0]) if len(key.parts) == 1 and key.parts[0].isdigit() else 0)


async def look(turn: Turn, number: int) -> None:
    """The snapshot of a number."""
    membership = office.seeing(turn)
    if membership is None:
        return
    try:
        snapshot = await snapshots.find_in(turn.connection, membership.campaign_id, number)
        found = tables_of(turn, await snapshots.read_in(turn.connection, snapshot))
    except KaopingError as error:
        turn.say("refused", said=str(error))
        return
    tables = [scored.table for scored in found]
    turn.prepare(partial(draw, turn.files, tables, snapshot.at, sheet=True), partial(_show, found))


def tables_of(turn: Turn, content: SnapshotContent, source: str = "") -> list[Scored]:
    """The score tables of a snapshot, one a rubric, each naming it (or with words that do: ``source``)."""
    at, final = content.snapshot.at, content.snapshot.final
    source = source or content.snapshot.title
    found = []
    for rubric in content.rubrics:
        cards = [card for card in content.cards if card.row.rubric_id == rubric.id]
        if cards:
            whole = len(cards) <= PICTURE_UNITS and plan_of(rubric).max_points is not None
            standings = [_standing(content, card) if whole else Standing(card.row) for card in cards]
            made = table(rubric, standings, content.campaign, at, turn.zone, source, final=final)
            found.append(Scored(rubric, [card.row for card in cards], made, final=final))
    return found


def _standing(content: SnapshotContent, card: Card) -> Standing:
    plan = plan_of(content.rubric(card.row.rubric_id))
    return Standing(card.row, plan.score(card.proven), plan.score(card.verified))


async def _show(found: Sequence[Scored], turn: Turn, drawn: Sequence[Drawn]) -> None:
    membership = office.seeing(turn)  # asked again: in between somebody may have been removed
    if membership is not None:
        say_scores(turn, found, drawn, (), leader=membership.role == "leader")


async def _take(turn: Turn, membership: Membership, name: str, *, final: bool = False) -> None:
    by = (membership.person_id, membership.campaign_id, membership.campaign_code)
    ended = await appeals.open_in(turn.connection, membership.campaign_id) if final else []
    try:
        taken: Snapshot = await snapshots.take_in(turn.connection, turn.now, *by, name, final=final)
    except KaopingError as error:
        turn.say("refused", said=str(error))
        return
    look = Option(keys.pack("snapshot", taken.number), f"看第{taken.number}号")
    told = await appeal_desk.over(turn, membership, ended)
    options = (look, Option(keys.pack("snapshots"), "快照"))
    turn.say("snapshot-taken", options, snapshot=taken, ended=len(ended), told=told)
