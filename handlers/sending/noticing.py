"""发通知: text and file to a selection of units, with what is to be answered by when; shown before it goes out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import FileRef, Option
from handlers import office
from handlers.proof.proof_standing import at
from handlers.sending import (
    notice_days,
    notice_desk,
    selecting,
)
from handlers.turn import Turn
from reminders import workdays
from rubrics.errors import KaopingError
from storage import campaigns, conversation, dialogues, notices, pushes
from storage.campaigns import Unit
from storage.notices import Kind, Notice
from storage.people import Membership
from storage.pushes import Liaison

AGAIN_AFTER = timedelta(hours=24)

KINDS: dict[Kind, str] = {"read": "收到", "meeting": "参加会议", "material": "交材料"}
"""What a notice asks for."""

_HEAD = re.compile(r"^(?:发给|通知|致|给)?\s*(?P<whom>[^:：\n]{1,60})[:：]\s*(?P<text>.+)", re.DOTALL)
_GROUP = re.compile("(?:请|发给|通知)?(?:各(?!项|类|种|级)|除)")
_ADDRESSED = re.compile("(?:镇|乡|街道|局|委|办|区|单位|部门|的)$")
_MEETING = re.compile("(?:召开|开[一-鿿]{0,8}会(?![计员])|开会|参会|参加会议|会议通知|出席|到会)")
_PAPER = "(?:材料|总结|计划|表|报告|名单|数据)"
_MATERIAL = re.compile(
    f"(?:报送|上报|提交|交来?|报来|反馈|填报).{{0,12}}{_PAPER}|(?<![通公简情汇])(?:报|送)[^，,。；;\\n]{{0,12}}{_PAPER}"
    f"|{_PAPER}[^，,。；;\\n]{{0,8}}[报交送][送来到至给]"
)


class Draft(NamedTuple):
    """A notice before it goes out. ``by``: ISO day, empty where there is none."""

    version: int
    text: str
    units: list[int]
    kind: str
    by: str
    file: dict[str, Any] | None


async def start(turn: Turn, words: str) -> None:
    """``/notice`` with the notice behind it; without, the notices there are, and the question what to write."""
    membership = office.working(turn)
    if membership is None:
        return
    if words.strip():
        await _show(turn, membership, await _read(turn, membership, words, None))
        return
    turn.expect(keys.pack("notice-text"))
    found = await notices.of_campaign_in(turn.connection, membership.campaign_id)
    turn.say("notice-how", notice_desk.choices(found), found=found[: notice_desk.MOST_SHOWN])


async def written(turn: Turn, key: Key) -> None:
    """The text that was asked for."""
    await start(turn, turn.event.text)


def wants(turn: Turn) -> bool:
    """Whether a file is that of a notice: asked for just now, or while its preview is open."""
    return turn.expected is not None and turn.expected.verb in {"notice-text", "notice-file"}


async def received(turn: Turn) -> None:
    """The file of a notice; its caption, where there is one, is the text."""
    membership = office.working(turn)
    if membership is None:
        return
    file = turn.event.files[0]._asdict()
    held = turn.state.get("notice")
    if turn.event.text.strip():
        draft = await _read(turn, membership, turn.event.text, file)
    elif held is not None and turn.expected and turn.expected.verb == "notice-file":
        draft = Draft(**held)._replace(file=file)
    else:
        draft = await _read(turn, membership, f"{file['name'].rpartition('.')[0]}，请查收附件。", file)
    await _show(turn, membership, draft, extra=len(turn.event.files) - 1)


async def _read(turn: Turn, membership: Membership, words: str, file: dict[str, Any] | None) -> Draft:
    """What a notice says by itself: whom before a colon, what is asked, and the day before which.

    It is for nobody yet where the words before the colon name units, and more than could be read.
    """
    units = await campaigns.units_in(turn.connection, membership.campaign_id)
    head = _HEAD.match(words)
    named, unread = selecting.addressed(units, head["whom"]) if head else ((), "")
    whom = bool(named) and not unread
    text = head["text"].strip() if head and whom else words.strip()
    unclear = (bool(named) and len(named) < len(units)) or _is_group(head)
    ids = [unit.id for unit in named] if whom else [] if unclear else [unit.id for unit in units]
    kind: Kind = "meeting" if _MEETING.search(text) else "material" if _MATERIAL.search(text) else "read"
    by = _day_before(turn, text)
    turn.state["notice_version"] = version = int(turn.state.get("notice_version", 0)) + 1
    return Draft(version, text, ids, kind, by.isoformat() if by else "", file)


def _is_group(head: re.Match[str] | None) -> bool:
    """Whether the words before a colon name somebody, though nobody who is on the roster (各开发区, 没回的)."""
    return head is not None and (_GROUP.match(head["whom"]) or _ADDRESSED.search(head["whom"])) is not None


def _day_before(turn: Turn, text: str) -> date | None:
    """The day by which something is asked (11月28日前), not the day of a meeting, nor one that has passed."""
    on = notice_days.by(text, turn.today)
    return on if on is not None and on >= turn.today else None


async def _show(turn: Turn, membership: Membership, draft: Draft, extra: int = 0) -> None:
    units = {unit.id: unit for unit in await campaigns.units_in(turn.connection, membership.campaign_id)}
    chosen = [units[ident] for ident in draft.units if ident in units]
    liaisons = await pushes.liaisons_in(turn.connection, membership.campaign_id, draft.units, turn.today)
    turn.state["notice"] = draft._asdict()
    if not chosen:
        turn.expect(keys.pack("notice-whom", version=draft.version))
        turn.say("notice-whom-unclear", (Option(keys.pack("notice-drop", version=draft.version), "取消"),))
        return
    turn.expect(keys.pack("notice-file", version=draft.version))
    opens = workdays.next_open(turn.now, turn.zone)
    later = opens > turn.now
    verbs = [("notice-go", "发送"), *([("notice-now", "现在就发")] if later else [])]
    verbs += [("notice-whom", "改对象"), ("notice-kind", "改回复"), ("notice-by", "改日期")]
    verbs += [("notice-anew", "修改"), ("notice-drop", "取消")]
    turn.say(
        "notice-check",
        tuple(Option(keys.pack(verb, version=draft.version), label) for verb, label in verbs),
        draft=draft,
        units=[unit.name for unit in chosen],
        everybody=len(chosen) == len(units),
        people=sum(one.where is not None for one in liaisons),
        nobody=_nobody(chosen, liaisons),
        asks=KINDS[_kind(draft)],
        by=date.fromisoformat(draft.by) if draft.by else None,
        passed=notice_days.by(draft.text, turn.today),
        today=turn.today,
        opens=opens if later else None,
        extra=extra,
    )


def _kind(draft: Draft) -> Kind:
    return next(kind for kind in KINDS if kind == draft.kind)


def _nobody(units: list[Unit], liaisons: list[Liaison]) -> list[str]:
    """The units nobody can be reached for."""
    reached = {ident for one in liaisons if one.where is not None for ident in one.unit_ids}
    return [unit.name for unit in units if unit.id not in reached]


async def ask_whom(turn: Turn, key: Key) -> None:
    """改对象."""
    _ask(turn, key, "notice-whom")


def _ask(turn: Turn, key: Key, verb: str) -> None:
    """Ask what is to be different in the notice, where it is still the one the button belongs to."""
    if _draft(turn, key) is not None:
        turn.expect(keys.pack(verb, version=key.version))
        turn.say(verb)


async def whom_said(turn: Turn, key: Key) -> None:
    """The units, by name or as a group."""
    found = _draft(turn, key)
    if found is None:
        return
    draft, membership = found
    units = await campaigns.units_in(turn.connection, membership.campaign_id)
    named, unread = selecting.addressed(units, turn.event.text)
    if not named or unread:
        turn.expect(keys.pack("notice-whom", version=key.version))
        turn.say("no-such-unit", said=(unread or turn.event.text.strip())[:20])
        return
    await _show(turn, membership, draft._replace(units=[unit.id for unit in named]))


async def kind_pressed(turn: Turn, key: Key) -> None:
    """改回复: which, then chosen."""
    found = _draft(turn, key)
    if found is None:
        return
    draft, membership = found
    if not key.parts:
        options = tuple(
            Option(keys.pack("notice-kind", kind, version=key.version), name) for kind, name in KINDS.items()
        )
        turn.say("notice-kind", options)
    elif key.parts[0] in KINDS:
        await _show(turn, membership, draft._replace(kind=key.parts[0]))
    else:
        turn.say("stale")


async def ask_by(turn: Turn, key: Key) -> None:
    """改日期."""
    _ask(turn, key, "notice-by")


async def by_said(turn: Turn, key: Key) -> None:
    """By which day an answer is due; 不限 for none."""
    found = _draft(turn, key)
    if found is None:
        return
    draft, membership = found
    days = notice_days.named(turn.event.text, turn.today)
    on = days[0] if len(days) == 1 else None
    if "不限" in turn.event.text:
        await _show(turn, membership, draft._replace(by=""))
    elif on is not None and on >= turn.today:
        await _show(turn, membership, draft._replace(by=on.isoformat()))
    else:
        _ask(turn, key, "notice-by")


async def anew(turn: Turn, key: Key) -> None:
    """修改: the notice is written again."""
    if _draft(turn, key) is not None:
        turn.expect(keys.pack("notice-text"))
        turn.say("notice-anew")


async def drop(turn: Turn, key: Key) -> None:
    """取消."""
    if _draft(turn, key) is not None:
        turn.state.pop("notice")
        turn.say("notice-dropped")


async def go(turn: Turn, key: Key) -> None:
    """发送: at once in office hours, else when they begin; 现在就发 does not wait."""
    found = _draft(turn, key)
    if found is None:
        return
    draft, membership = found
    by = date.fromisoformat(draft.by) if draft.by else None
    words: dict[str, Any] = {"kind": _kind(draft), "text": draft.text, "file": draft.file, "answer_by": by}
    about = (turn.connection, turn.now, membership.person_id, membership.campaign_id)
    try:
        notice = await notices.add_in(*about, **words, unit_ids=draft.units)
    except KaopingError as error:
        turn.expect(keys.pack("notice-text"))
        turn.say("refused", said=str(error))
        return
    turn.state.pop("notice")
    liaisons = await pushes.liaisons_in(turn.connection, membership.campaign_id, draft.units, turn.today)
    opens = workdays.next_open(turn.now, turn.zone)
    due_at = opens if key.verb == "notice-go" and opens > turn.now else None
    units = await campaigns.units_in(turn.connection, membership.campaign_id)
    names = {unit.id: unit.name for unit in units}
    for one in liaisons:
        await _send(turn, notice, names, one, one.unit_ids, due_at)
    chosen = [unit for unit in units if unit.id in draft.units]
    options = (Option(keys.pack("notice-list", notice.id), "谁没回"),)
    people = sum(one.where is not None for one in liaisons)
    turn.say("notice-sent", options, notice=notice, people=people, nobody=_nobody(chosen, liaisons), due_at=due_at)


async def again(turn: Turn, key: Key) -> None:
    """再提醒一次: to those who have not answered; who got it within a day is left alone."""
    membership = office.working(turn)
    if membership is None:
        return
    try:
        notice = await notices.find_in(turn.connection, at(key, 0), campaign_id=membership.campaign_id)
    except KaopingError:  # a forged or damaged button
        turn.say("stale")
        return
    silent = [one.unit_id for one in await notices.standing_in(turn.connection, notice.id) if not one.answer]
    lately = await notices.sent_since_in(turn.connection, notice.id, turn.now - AGAIN_AFTER)
    opens = workdays.next_open(turn.now, turn.zone)
    due_at = opens if opens > turn.now else None
    names = {unit.id: unit.name for unit in await campaigns.units_in(turn.connection, membership.campaign_id)}
    people = skipped = 0
    for one in await pushes.liaisons_in(turn.connection, membership.campaign_id, silent, turn.today):
        units = tuple(ident for ident in one.unit_ids if (ident, one.person_id) not in lately)
        await _send(turn, notice, names, one, units, due_at)
        people += bool(units) and one.where is not None
        skipped += not units
    turn.say("notice-again", notice=notice, people=people, skipped=skipped, due_at=due_at)


async def _send(
    turn: Turn, notice: Notice, names: Mapping[int, str], one: Liaison, unit_ids: Iterable[int], due_at: datetime | None
) -> None:
    """Say a notice to a liaison, once a unit that is theirs: each unit answers for itself."""
    if one.where is None:
        return
    file = {**FileRef(**notice.file)._asdict(), "as_picture": False} if notice.file else None
    for unit_id in unit_ids:
        text = turn.render("notice", notice=notice, unit=names[unit_id], asks=KINDS[notice.kind]).strip()
        options = notice_desk.answers(notice, unit_id)
        packed = [(option.key, option.label) for option in options]
        place = (one.where.channel, one.where.address)
        row = await conversation.say(turn.connection, turn.now, *place, text, packed, file, due_at, push=True)
        await notices.note_sent_in(turn.connection, notice.id, unit_id, one.person_id, row)
        if due_at is None:  # else once it has come: nobody means a button they have not seen
            await dialogues.offer_in(turn.connection, *place, {label: key for key, label in packed})


def _draft(turn: Turn, key: Key) -> tuple[Draft, Membership] | None:
    """The notice a button belongs to, for who may still send it; says so where it is another one by now."""
    membership = office.working(turn)
    held = turn.held("notice", key) if membership else None
    return (Draft(**held), membership) if held and membership else None
