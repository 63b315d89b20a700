"""Which of several campaigns the office means: a year it names, else one tap before something is booked or sent."""

from __future__ import annotations

import re

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.free_text import whose
from handlers.proof.proof_standing import year_of
from handlers.turn import Turn
from rubrics.numerals import normalise

_YEAR = re.compile(r"20[0-9]{2}年(?:度)?(?!\s*[0-9])的?|(?:去年|今年|本年|上年)度?的?")
_SOURCE = re.compile(r"(?:依据|凭据|根据|来源).*|[〔\[［【（(]\s*20[0-9]{2}\s*[〕\]］】）)]", re.DOTALL)
"""The year of a document says nothing about the year of what it tells."""


async def open_years(turn: Turn) -> dict[int, str]:
    """Each campaign of the person's office with its code, where several take answers now; else empty."""
    held = {m.campaign_id: m for m in office.campaigns_of(turn)}
    if len(held) < 2:
        return {}
    several = sum([await whose.collects(turn, m) for m in held.values()]) > 1
    return {m.campaign_id: m.campaign_code for m in held.values()} if several else {}


def named(turn: Turn, words: str) -> bool:
    """Whether words name the year of one campaign of the person's; it is then the one they are at, as after 换到."""
    years = whose.years_in(turn, _SOURCE.sub(" ", words))
    found = [m for m in office.campaigns_of(turn) if year_of(m) in years]
    if len(found) == 1:
        turn.state["campaign"] = found[0].campaign_id
    return len(found) == 1


def without_year(words: str) -> str:
    """Words without the year they name; a day stays whole."""
    return _YEAR.sub(" ", normalise(words))


def asks(turn: Turn, what: str, words: str) -> bool:
    """Ask for which year words are, where several campaigns take answers and none is named; they are kept until then.

    Args:
        what: what is to be done with them once it is known (see `said`).
    """
    if named(turn, words) or not turn.desk_years:
        return False
    turn.state["year_version"] = version = int(turn.state.get("year_version", 0)) + 1
    turn.state["year_of"] = {"version": version, "what": what, "text": words[:500]}
    options = tuple(
        Option(keys.pack("desk-year", ident, version=version), f"{code} 年度"[:10])
        for ident, code in turn.desk_years.items()
    )
    turn.say("which-year", options, said=words.strip()[:20])
    return True


def said(turn: Turn, key: Key) -> tuple[str, str] | None:
    """What was to be done, and the words, once a year's button was pressed; else why not is said."""
    held = turn.held("year_of", key)
    if held is None:
        return None
    mine = {str(m.campaign_id): m.campaign_id for m in office.campaigns_of(turn)}
    chosen = mine.get(key.parts[0]) if len(key.parts) == 1 else None
    if chosen is None or turn.event.in_group:
        turn.say("stale")
        return None
    turn.state.pop("year_of")
    turn.state["campaign"] = chosen
    return held["what"], held["text"]
