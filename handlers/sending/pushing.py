"""催办: whom it concerns, who was reminded lately and who cannot be reached, shown before; 发送 sends one message a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.free_text import matchers, which_campaign
from handlers.sending import (
    open_matters,
    selecting,
)
from handlers.sending.open_matters import Owing
from handlers.turn import Render, Turn
from reminders import wording, workdays
from reminders.known import ANSWERING
from reminders.planner import Digest, Pile
from storage import audit, campaigns, conversation, dialogues, pushes
from storage.campaigns import Unit
from storage.freezing import frozen_in
from storage.people import Membership
from storage.pushes import Liaison
from storage.reminding import PUSH, Telling

AGAIN_AFTER = timedelta(hours=24)
"""Who was reminded so lately is skipped."""

MOST_LINES = 30
A_MESSAGE = 10
"""So many texts to be forwarded are joined in one message."""


class Draft(NamedTuple):
    """What is to be pushed: to which units (none means all), about which clauses (none means whatever is open).

    ``late``: only what is overdue.
    """

    version: int
    units: list[int]
    clauses: list[list[str]]
    late: bool = False


class To(NamedTuple):
    """Who is to get a message, with their matters by unit. ``waits_until``: a question is being answered till then."""

    liaison: Liaison
    piles: tuple[Pile, ...]
    waits_until: datetime | None = None

    @property
    def matters(self) -> int:
        """How many matters of the person's units."""
        return sum(len(pile.obligations) for pile in self.piles)


class Unreached(NamedTuple):
    """A unit nobody can be reached for. ``names`` are its liaisons, or those the roster expects.

    ``matters``: each with its day. ``joined``: somebody has joined for it, and needs no code;
    ``blocked``: and has shut the bot out, not only gone on leave.
    """

    unit: str
    names: tuple[str, ...]
    why: str
    matters: tuple[str, ...]
    joined: bool
    blocked: bool


class Preview(NamedTuple):
    """What 发送 would do. ``skipped``: reminded within a day; ``done``: units that owe nothing of what was asked.

    ``closed_on``: 自评 is over on the day it is sent, so that what comes is 补报.
    """

    to: tuple[To, ...]
    skipped: tuple[tuple[str, datetime], ...]
    unreached: tuple[Unreached, ...]
    done: tuple[str, ...]
    closed_on: date | None = None

    @property
    def answering(self) -> tuple[Liaison, ...]:
        """Those with a question open just now: they are told a little later."""
        return tuple(one.liaison for one in self.to if one.waits_until is not None)

    @property
    def matters(self) -> int:
        """How many matters of units, each once: those of a unit with two people are told to both."""
        return sum({pile.unit_id: len(pile.obligations) for one in self.to for pile in one.piles}.values())


async def start(turn: Turn, words: str) -> None:
    """``/remind``: everyone who is behind, or those and what the words behind it name."""
    if office.working(turn) is not None and not which_campaign.asks(turn, "remind", words):
        await begin(turn, words)


async def begin(turn: Turn, words: str) -> None:
    """As `start`, once it is known which year is meant."""
    membership = office.working(turn)
    if membership is None:
        return
    words = which_campaign.without_year(words)
    if words.strip() and (lacking := matchers.missing(await matchers.wanted(turn))):
        turn.prepare(partial(matchers.build, lacking), lambda again, _: begin(again, words))
        return
    units = await campaigns.units_in(turn.connection, membership.campaign_id)
    chosen = await selecting.select(turn, membership, units, words)
    if chosen.unclear:
        turn.expect(keys.pack("push-words"))
        turn.say("push-unclear", said=chosen.unclear[:20])
        return
    await preview(turn, membership, [unit.id for unit in chosen.units], chosen.clauses, late=chosen.late)


async def pressed(turn: Turn, key: Key) -> None:
    """催办 as a button: of everybody, of a unit, of an item (rubric and item)."""
    membership = office.working(turn)
    if membership is None:
        return
    units = [unit.id for unit in await campaigns.units_in(turn.connection, membership.campaign_id)]
    if not key.parts:
        await preview(turn, membership, units, ())
    elif len(key.parts) == 1 and key.parts[0] in map(str, units):
        await preview(turn, membership, [int(key.parts[0])], ())
    elif clauses := _clauses_of(membership, key):
        await preview(turn, membership, units, clauses)
    else:
        turn.say("stale")


def _clauses_of(membership: Membership, key: Key) -> tuple[selecting.Clause, ...]:
    rubric = membership.rubric(key.parts[0]) if len(key.parts) == 2 else None
    item = next((item for item in rubric.items if item.id == key.parts[1]), None) if rubric else None
    return tuple((rubric.id, criterion.id) for criterion in item.criteria) if rubric and item else ()


async def said(turn: Turn, key: Key) -> None:
    """The words of 修改."""
    await begin(turn, turn.event.text)


async def change(turn: Turn, key: Key) -> None:
    """修改: whom and about what, in words."""
    if _draft(turn, key) is not None:
        turn.expect(keys.pack("push-words"))
        turn.say("push-how")


async def drop(turn: Turn, key: Key) -> None:
    """取消."""
    if _draft(turn, key) is not None:
        turn.state.pop("push")
        turn.state.pop("push_copy", None)
        turn.say("push-dropped")


async def preview(
    turn: Turn,
    membership: Membership,
    units: Sequence[int],
    clauses: Sequence[selecting.Clause],
    *,
    late: bool = False,
) -> None:
    """Show what 发送 would do; nothing is sent."""
    turn.state["push_version"] = version = int(turn.state.get("push_version", 0)) + 1
    draft = Draft(version, list(units), [list(one) for one in clauses], late)
    opens = workdays.next_open(turn.now, turn.zone)
    shown = await _work_out(turn, membership, draft, opens.astimezone(turn.zone).date())
    later = opens > turn.now
    turn.state["push"] = turn.state["push_copy"] = draft._asdict()
    options = _options(version, shown, later=later)
    about = [*selecting.labels(membership, clauses), *(["过了期限的"] if late else [])]
    frozen = await frozen_in(turn.connection, membership.campaign_id)
    words = {"shown": shown, "about": about, "opens": opens if later else None, "frozen": frozen}
    turn.say("push-check", options, **words, most=MOST_LINES)


def _options(version: int, shown: Preview, *, later: bool) -> tuple[Option, ...]:
    options = [Option(keys.pack("push-go", version=version), "发送")] if shown.to else []
    options += [Option(keys.pack("push-go", "now", version=version), "现在就发")] if shown.to and later else []
    options += _copy(version, shown)
    return (
        *options,
        Option(keys.pack("push-change", version=version), "修改"),
        Option(keys.pack("push-drop", version=version), "取消"),
    )


def _copy(version: int, shown: Preview) -> tuple[Option, ...]:
    return (Option(keys.pack("push-copy", version=version), "要转发的文字"),) if shown.unreached else ()


async def copy(turn: Turn, key: Key) -> None:
    """要转发的文字: what can be sent by other ways to those who cannot be reached; the buttons come last, again."""
    membership = office.working(turn)
    held = turn.held("push_copy", key) if membership else None
    if membership is None or held is None:
        return
    opens = workdays.next_open(turn.now, turn.zone)
    shown = await _work_out(turn, membership, Draft(**held), opens.astimezone(turn.zone).date())
    those = shown.unreached[:MOST_LINES]
    later = opens > turn.now
    waits = turn.state.get("push", {}).get("version") == key.version
    for start in range(0, len(those), A_MESSAGE):
        last = start + A_MESSAGE >= len(those)
        options = _options(key.version, shown._replace(unreached=()), later=later) if last and waits else ()
        few = those[start : start + A_MESSAGE]
        turn.say("push-copy", options, those=few, home=turn.home, campaign=membership.campaign_code)
    if not those:
        turn.say("push-copy-none")


async def go(turn: Turn, key: Key) -> None:
    """发送: worked out again, so that who has answered or was reminded meanwhile is left alone."""
    draft = _draft(turn, key)
    membership = office.working(turn) if draft else None
    if membership is None or draft is None:
        return
    turn.state.pop("push")
    opens = workdays.next_open(turn.now, turn.zone)
    due_at = None if "now" in key.parts or opens <= turn.now else opens
    found = await _work_out(turn, membership, draft, (due_at or turn.now).astimezone(turn.zone).date())
    render = wording.renderer(turn.zone)
    for one in found.to:
        await _send(turn, membership, one, due_at or _after(turn, one), render, found.closed_on)
    subject = {"people": [one.liaison.person_id for one in found.to], "due": due_at.isoformat() if due_at else None}
    await audit.record(
        turn.connection, turn.now, str(membership.person_id), "push.sent", subject, membership.campaign_id
    )
    later = max((at for one in found.to if (at := _after(turn, one))), default=None)
    turn.say("push-sent", _copy(draft.version, found), shown=found, due_at=due_at, later=later)


def _after(turn: Turn, one: To) -> datetime | None:
    """When somebody who is answering just now is told, in office hours where these still last."""
    return workdays.next_open(one.waits_until, turn.zone) if one.waits_until else None


async def _send(
    turn: Turn, membership: Membership, one: To, due_at: datetime | None, render: Render, closed_on: date | None
) -> None:
    """One message with all of a person's matters, to where they were seen last."""
    liaison = one.liaison
    on = (due_at or turn.now).astimezone(turn.zone).date()
    why = pushes.ASKED_LATE if closed_on else pushes.ASKED
    about_whom = (membership.campaign_id, liaison.person_id, liaison.name)
    digest = Digest(*about_whom, on, "regular", why, one.piles, _close(one, on))
    digest_words = wording.digest_text(render, digest).strip()
    late = any(not matter.after_lock for pile in one.piles for matter in pile.obligations)
    text = turn.render("push", digest=digest_words, closed_on=closed_on if late else None).strip()
    packed = [(option.key, option.label) for option in wording.options(digest)]
    assert liaison.where is not None
    place = (liaison.where.channel, liaison.where.address)
    asks = PUSH if due_at else ""  # what waits may have become untrue
    row = await conversation.say(turn.connection, turn.now, *place, text, packed, due_at=due_at, push=True, asks=asks)
    key = f"push:{membership.campaign_id}:{liaison.person_id}:{turn.now:%Y%m%d%H%M%S%f}"
    about = (membership.campaign_id, liaison.person_id, key, on)
    telling = Telling(*about, kind="regular", why=digest.why, matters=digest.matters, close_on=digest.close)
    await pushes.note_in(turn.connection, turn.now, telling, row)
    if due_at is None:  # else once it has come: nobody means a button they have not seen
        await dialogues.offer_in(turn.connection, *place, {label: key for key, label in packed})


def _close(one: To, on: date) -> date | None:
    """The next deadline of what is open."""
    closes = [matter.limit for pile in one.piles for matter in pile.obligations if matter.phase and matter.limit >= on]
    return min(closes, default=None)


async def _work_out(turn: Turn, membership: Membership, draft: Draft, on: date) -> Preview:
    """Who would be told what on a day: that of the sending, since a leave may begin or end before."""
    owing = [one for one in await open_matters.of_campaign(turn, membership, on) if one.unit.id in draft.units]
    wanted = [(rubric_id, ident) for rubric_id, ident in draft.clauses]
    cut = [one.only(wanted, late=draft.late) for one in owing]
    behind = {one.unit.id: one for one in cut if one.matters}
    liaisons = await pushes.liaisons_in(turn.connection, membership.campaign_id, behind, on)
    lately = await pushes.reminded_in(turn.connection, [one.person_id for one in liaisons], turn.now - AGAIN_AFTER)
    there = [one for one in liaisons if one.where is not None and not one.away]
    fresh = [one for one in there if one.person_id not in lately]
    answered = {unit_id for one in there for unit_id in one.unit_ids}
    return Preview(
        tuple(To(one, tuple(_pile(behind[ident]) for ident in one.unit_ids), _busy(turn, one)) for one in fresh),
        tuple((_called(one, behind), lately[one.person_id]) for one in there if one.person_id in lately),
        tuple(_unreached(one, liaisons, turn.today) for ident, one in behind.items() if ident not in answered),
        tuple(one.unit.name for one in cut if not one.matters),
        await open_matters.closed_on(turn, membership, on),
    )


def _busy(turn: Turn, liaison: Liaison) -> datetime | None:
    """Until when somebody counts as answering a question, where they are."""
    asked_at = liaison.where.asked_at if liaison.where else None
    until = asked_at + ANSWERING if asked_at else None
    return until if until and until > turn.now else None


def _pile(owing: Owing) -> Pile:
    return Pile(owing.unit.id, owing.unit.name, owing.matters, owing.overdue)


def _called(one: Liaison, behind: dict[int, Owing]) -> str:
    units = "、".join(behind[ident].unit.name for ident in one.unit_ids)
    return f"{units} {one.name}".strip()


def _unreached(owing: Owing, liaisons: Sequence[Liaison], today: date) -> Unreached:
    unit: Unit = owing.unit
    mine = tuple(one.name for one in liaisons if unit.id in one.unit_ids)
    away = any(one.away for one in liaisons if unit.id in one.unit_ids)
    why = "请假，没有人代" if away else "屏蔽了机器人" if mine else "还没有人加入"
    matters = tuple(open_matters.in_words(one, today) for one in owing.matters)
    return Unreached(unit.name, mine or unit.expected, why, matters, bool(mine), bool(mine) and not away)


def _draft(turn: Turn, key: Key) -> Draft | None:
    """The push a button belongs to, for who may still do this; says so where it is another one by now."""
    held = turn.held("push", key) if office.working(turn) else None
    return Draft(**held) if held else None
