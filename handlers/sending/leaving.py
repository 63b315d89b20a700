"""请假: days away and who stands in, said in one message; 销假 ends them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.turn import Turn
from rubrics.dates import Day, find_days
from rubrics.numerals import parse_run
from storage import people, reaching, resting
from storage.errors import StorageError
from storage.people import Member, Membership

_CANCEL = Option(keys.pack("leave-drop"), "取消")
NEXT_YEAR_DAYS = 180  # a day so long ago, said without its year, is one of next year
_TO_DAY = re.compile(r"\s*(?:到|至|—|-|~|～)\s*(\d{1,2})\s*[日号]?")
_DEPUTY = re.compile(r"(?:由|请|托)\s*(?P<name>[^\s，。,、由请托]{2,20}?)\s*(?:来|帮忙|临时)?(?:代|替|负责)")
_NAME = re.compile(r"[一-鿿·]{2,6}")
_NEAR = {"今天": 0, "明天": 1, "后天": 2}
_LENGTH = re.compile(r"(?P<number>[0-9]+|[一二两三四五六七八九十]+)个?(?P<unit>天|周|星期|礼拜)")
MOST_DAYS = 180  # a longer one is no length of a leave, but a figure


async def said(turn: Turn, words: str) -> None:
    """Keep the days behind the command, with a deputy where one is named; how to say it where they are not clear."""
    membership = _own(turn)
    if membership is None:
        turn.say("no-unit", office=turn.office)
        return
    days = _days(turn, words)
    if days is None:
        await _how(turn, membership, _length(words), _span(turn, words))
        return
    if named := _DEPUTY.search(words):
        await _with_deputy(turn, membership, days, named["name"])
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
        lacking = key.version and not _length(words)  # 三天 was said before, now from when on
        await said(turn, f"{words} {key.version}天" if lacking else words)
        return
    await _with_deputy(turn, membership, days, named["name"] if (named := _DEPUTY.search(words)) else words)


async def elsewhere(turn: Turn, key: Key) -> bool:
    """Whether words that come while days or a deputy are awaited are none of these."""
    words = turn.event.text.strip()
    if _days(turn, words) is not None or _DEPUTY.search(words):
        return False
    return _days_of(key) is None or not _NAME.fullmatch(words)


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
    turn.say("leave-kept", **words)
    told = await reaching.office_in(turn.connection, membership.campaign_id)
    words |= {"who": membership.name or "联络员", "units": list(mine.values())}
    await office.tell(turn, told, "told-leave", **words)
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
    starts = [(word, turn.today + timedelta(days=days)) for word, days in _NEAR.items() if length]
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
    named = _span(turn, words)
    return named if named and turn.today <= named[1] else None


def _span(turn: Turn, words: str) -> tuple[date, date] | None:
    """The first and last day a text names, over or not; one day alone is both."""
    today = turn.today
    for word, days in _NEAR.items():
        day = today + timedelta(days=days)
        words = words.replace(word, f"{day.month}月{day.day}日")
    found = [one for one in find_days(words[:200], Day(*today.timetuple()[:3])) if one.day]
    if not found or found[0].day is None:
        return None
    first = _ahead(date(*found[0].day), today)
    if len(found) > 1 and found[1].day:
        last = _ahead(date(*found[1].day), today)
    elif ends := _TO_DAY.match(words, found[0].end):
        last = _with_day(first, int(ends[1]))
    else:
        last = first + timedelta(days=max(_length(words[: found[0].start] + words[found[0].end :]), 1) - 1)
    return first, last


def _length(words: str) -> int:
    """How many days a text says somebody is away (三天, 一周); 0 where it does not."""
    found = _LENGTH.search(words)
    number = parse_run(found["number"].replace("两", "二")) if found else None
    days = int(number * (1 if found["unit"] == "天" else 7)) if found and number else 0
    return days if days <= MOST_DAYS else 0


def _ahead(day: date, today: date) -> date:
    if (today - day).days <= NEXT_YEAR_DAYS:
        return day
    return date(day.year + 1, day.month, min(day.day, 28) if day.month == 2 else day.day)


def _with_day(first: date, day: int) -> date:
    try:
        return first.replace(day=day)
    except ValueError:
        return first - timedelta(days=1)  # no such day: the end is before the start, and that is said


def _days_of(key: Key) -> tuple[date, date] | None:
    """The days that were said before, where a key carries them."""
    first, last = (_day_of(part) for part in key.parts) if len(key.parts) == 2 else (None, None)
    return (first, last) if first and last else None


def _day_of(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None
