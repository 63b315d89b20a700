"""Of which scores or which day an exported paper is to be: as people type it, and what else they could have had."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from handlers.proof.proof_standing import LONGEST_ID
from handlers.turn import Turn
from rubrics.dates import Day, find_days
from storage import snapshots

SCORES = (("verified", "按已核"), ("proven", "按有材料"), ("claimed", "按自报"))
NOW = "now"
"""In place of a snapshot: the scores as they are."""

MOST_SNAPSHOTS = 3
_FROZEN = "s"
_SNAPSHOT = re.compile(r"(?:按)?(?:第\s*(\d{1,12})\s*号\s*快照|快照\s*(?:第\s*)?(\d{1,12})\s*号?)")
_CURRENT = re.compile(r"(?:按)?(?:现在|当前|目前)的?(?:得分|分数)?")


class Wanted(NamedTuple):
    """What words ask for: ``how`` as a key has it, empty where they do not say; the words beside it."""

    how: str
    rest: str


def wanted(words: str) -> Wanted:
    """A snapshot (快照1, 第 1 号快照), one of the three scores (按自报), or 现在, wherever the words have it."""
    if found := _SNAPSHOT.search(words):
        return Wanted(key_of(int(found[1] or found[2])), _without(words, found))
    for score, label in SCORES:
        if found := re.search(rf"按?{label[1:]}", words):
            return Wanted(score, _without(words, found))
    if found := _CURRENT.search(words):
        return Wanted(NOW, _without(words, found))
    return Wanted("", words)


def key_of(number: int) -> str:
    """A snapshot in a key: ``s3``."""
    return f"{_FROZEN}{number}"


def snapshot_in(how: str) -> int | None:
    """The number of a snapshot in a key."""
    number = how.removeprefix(_FROZEN)
    return int(number) if number != how and number.isdigit() and len(number) <= LONGEST_ID else None


async def newest(turn: Turn, campaign_id: int) -> list[tuple[str, str]]:
    """The newest snapshots, the newest first: in a key, and as a button says it."""
    held = await snapshots.of_campaign_in(turn.connection, campaign_id)
    return [(key_of(one.number), f"快照{one.number}") for one in reversed(held[-MOST_SNAPSHOTS:])]


def day_in(turn: Turn, words: str, year: int) -> date | None:
    """The last day the words name; one said without its year that is still to come is that of the campaign's year."""
    today = Day(*turn.today.timetuple()[:3])
    for of_year in (None, year):
        days = [found.day for found in find_days(words, today, of_year) if found.day is not None]
        if not days:
            return None
        if date(*days[-1]) <= turn.today:
            break
    return date(*days[-1])


def _without(words: str, found: re.Match[str]) -> str:
    return f"{words[: found.start()]} {words[found.end() :]}".strip(" 的，,")
