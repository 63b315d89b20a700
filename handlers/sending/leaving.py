"""请假: days away and who stands in, said in one message; 销假 ends them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import names, office
from handlers.sending import leave_gaps, leave_words
from handlers.turn import Turn
from storage import people, reaching, resting
from storage.errors import StorageError
from storage.people import Member, Membership

_CANCEL = Option(keys.pack("leave-drop"), "取消")
_POINTED = re.compile(r"[一-鿿]{1,10}(?:·[一-鿿]{1,10})+")  # 阿卜杜拉·买买提
_POLITE = re.compile("(?<=..)(?:同志|老师)$")


async def said(turn: Turn, words: str) -> None:
    """Keep the days behind the command, with a deputy where one is named; how to say it where they are not clear."""
    membership = _own(turn)
    if membership is None:
        turn.say("no-unit", office=turn.office)
        return
    days = _days(turn, words)
    if days is None:
        await _how(turn, membership, leave_words.length(words), leave_words.span(words, turn.today))
        return
    if name := leave_words.deputy(words):
        await _with_deputy(turn, membership, days, name)
    else:
        await _keep(turn, membership, days, None)


async def _with_deputy(turn: Turn, membership: Membership, days: tuple[date, date], name: str) -> None:
    found = await _called(turn, membership, name)
    if len(found) == 1:
        await _keep(turn, membership, days, found[0])
    else:
        await _which(turn, membership, name, found, days)


async def typed(turn: Turn, key: Key) -> None:
    """The words that were asked for; where only the deputy was unknown, a name is enough."""
    words = turn.event.text.strip()
    days = _days_of(key)
    membership = _own(turn)
    if membership is None or days is None or _days(turn, words) is not None:
        lacking = key.version and not leave_words.length(words)  # 三天 was said before, now from when on
        await said(turn, f"{words} {key.version}天" if lacking else words)
        return
    await _with_deputy(turn, membership, days, leave_words.deputy(words) or _POLITE.sub("", words))


async def elsewhere(turn: Turn, key: Key) -> bool:
    """Whether words that come while days or a deputy are awaited are none of these."""
    words = turn.event.text.strip()
    if _days(turn, words) is not None or leave_words.deputy(words):
        return False
    return _days_of(key) is None or not await _is_somebody(turn, _POLITE.sub("", words))


async def _is_somebody(turn: Turn, words: str) -> bool:
    """Whether words are a colleague's name, or can only be somebody's: 好的 and 转同事 are asked about by no name."""
    membership = _own(turn)
    if membership is not None and await _called(turn, membership, words):
        return True
    return bool(_POINTED.fullmatch(words)) or names.is_called(words)


async def drop(turn: Turn, key: Key) -> None:
    """取消: no leave is kept."""
    turn.say("leave-dropped")


async def chosen(turn: Turn, key: Key) -> None:
    """A deputy of several of that name; 0 is nobody."""
    membership = _own(turn)
    parts = key.parts
    if membership is None or len(parts) != 3 or not all(part.isdigit() for part in parts):
        turn.say("stale")
        return
    days = _day_of(parts[0]), _day_of(parts[1])
    members = [m for m in await _others(turn, membership) if str(m.person_id) == parts[2]]
    if days[0] is None or days[1] is None or (parts[2] != "0" and not members):
        turn.say("stale")
        return
    await _keep(turn, membership, (days[0], days[1]), members[0] if members else None)


async def back(turn: Turn) -> None:
    """销假."""
    membership = _own(turn)
    if membership is None:
        turn.say("no-unit", office=turn.office)
        return
    ended = await resting.back_in(turn.connection, turn.now, membership.campaign_id, membership.person_id, turn.today)
    turn.say("leave-ended", ended=ended)


async def _keep(turn: Turn, membership: Membership, days: tuple[date, date], deputy: Member | None) -> None:
    about = (membership.campaign_id, membership.person_id, *days, deputy.person_id if deputy else None)
    try:
        await resting.leave_in(turn.connection, turn.now, *about)
    except StorageError as error:
        turn.say("refused", said=str(error))
        return
    mine = {m.unit_id: m.unit_name for m in turn.memberships if m.campaign_id == membership.campaign_id and m.unit_id}
    members = await people.members_in(turn.connection, membership.campaign_id)
    serves = {m.unit_id for m in members if deputy and m.person_id == deputy.person_id and m.role == "liaison"}
    strange = [name for ident, name in mine.items() if deputy and ident not in serves]
    words: dict[str, Any] = {"first": days[0], "last": days[1], "deputy": deputy, "strange": strange}
    words["gaps"] = await leave_gaps.of_leave(turn, membership, days, deputy)
    turn.say("leave-kept", **words)
    told = await reaching.office_in(turn.connection, membership.campaign_id)
    words |= {"who": membership.name or "联络员", "units": list(mine.values())}
    await office.tell(turn, told, "told-leave", **words)
    for gap in words["gaps"]:
        if not gap.own and not gap.by:
            left = await reaching.member_in(turn.connection, membership.campaign_id, gap.whose_id)
            await office.tell(turn, left, "told-no-deputy", gap=gap)
    if deputy is not None:
        reached = await reaching.member_in(turn.connection, membership.campaign_id, deputy.person_id)
        await office.tell(turn, reached, "told-deputy", **words)


async def _which(turn: Turn, membership: Membership, name: str, found: list[Member], days: tuple[date, date]) -> None:
    """Nobody or several are called so."""
    packed = [f"{day:%Y%m%d}" for day in days]
    options = [Option(keys.pack("leave", *packed, m.person_id), f"{m.name} {m.unit}"[:10]) for m in found]
    options += [Option(keys.pack("leave", *packed, 0), "不要人代"), _CANCEL]
    others = [m.name for m in await _others(turn, membership) if m.name]
    turn.expect(keys.pack("leave", *packed))
    turn.say("leave-which", tuple(options), name=name, found=found, others=list(dict.fromkeys(others))[:12])


async def _how(turn: Turn, membership: Membership, length: int, past: tuple[date, date] | None) -> None:
    """How to say it; where only the first day is lacking, from when on it is; days that are over are said to be."""
    mine = [a for a in await resting.leaves_in(turn.connection, membership.campaign_id) if a.ends_on >= turn.today]
    turn.expect(keys.pack("leave", version=length))
    starts = [(word, turn.today + timedelta(days=days)) for word, days in leave_words.NEAR.items() if length]
    spans = [(word, first, first + timedelta(days=length - 1)) for word, first in starts]
    options = [Option(keys.pack("leave", f"{a:%Y%m%d}", f"{b:%Y%m%d}", 0), f"{word}起") for word, a, b in spans]
    example = [turn.today + timedelta(days=days) for days in (7, 11)]
    away = [a for a in mine if a.person_id == membership.person_id]
    turn.say("leave-how", (*options, _CANCEL), length=length, away=away, past=past, example=example)


async def _called(turn: Turn, membership: Membership, name: str) -> list[Member]:
    return [member for member in await _others(turn, membership) if member.name == name]


async def _others(turn: Turn, membership: Membership) -> list[Member]:
    """Everybody else in the campaign, each once."""
    members = await people.members_in(turn.connection, membership.campaign_id)
    return list({m.person_id: m for m in members if m.person_id != membership.person_id}.values())


def _own(turn: Turn) -> Membership | None:
    return turn.liaison


def _days(turn: Turn, words: str) -> tuple[date, date] | None:
    """The first and last day a text names; None where they are over, or it names none."""
    named = leave_words.span(words, turn.today)
    return named if named and turn.today <= named[1] else None


def _days_of(key: Key) -> tuple[date, date] | None:
    """The days that were said before, where a key carries them."""
    first, last = (_day_of(part) for part in key.parts) if len(key.parts) == 2 else (None, None)
    return (first, last) if first and last else None


def _day_of(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None
