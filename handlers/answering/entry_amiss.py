"""不对，是5月12日: words that correct the entry registered last change nothing; they show it, with the way to mend it."""

from __future__ import annotations

from channels import keys
from channels.keys import Key
from handlers.answering import ledger, recent
from handlers.free_text import corrections
from handlers.turn import Place, Turn
from rubrics.dates import Day
from rubrics.entry_text import read_entry


def last(turn: Turn, words: str) -> tuple[Place, Key] | None:
    """The clause of the entry done last and the key that shows it, where words only say that it is wrong, or give a day."""
    done = recent.acts(turn)
    taken = keys.parse(done[0].undo) if done else None
    place = turn.place(taken) if taken and taken.verb == "entry-take" else None
    if taken is None or place is None or not corrections.begins(words):
        return None
    if not corrections.is_bare(words) and not _tells_day(turn, words):
        return None
    return place, taken._replace(verb="entry")


def _tells_day(turn: Turn, words: str) -> bool:
    today = Day(*turn.today.timetuple()[:3])
    left = corrections.becomes(words) or corrections.left_of(words)
    return bool(read_entry(left, today, turn.today.year).days)


async def shown(turn: Turn, words: str) -> bool:
    """Show the entry that words correct and say how it is mended; False where they correct none."""
    found = last(turn, words)
    if found is None:
        return False
    place, key = found
    turn.say("entry-amiss", criterion=place.criterion)
    await ledger.card(turn, key)
    return True
