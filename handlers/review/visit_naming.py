"""Which clause of a unit somebody on site means by some words."""

from __future__ import annotations

from functools import partial

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.free_text import matchers
from handlers.proof.proof_standing import told
from handlers.review import (
    finding,
    visiting,
)
from handlers.sending.selecting import select
from handlers.turn import Turn
from rubrics.numerals import normalise
from storage import review_queue

MOST_BUTTONS = 36


@told
async def named(turn: Turn, key: Key) -> None:
    """Words that name a clause of the unit: its number, its label, or what it is about."""
    found = await visiting.unit_of(turn, key)
    if found is None:
        return
    who, unit = found
    if lacking := matchers.missing(await matchers.wanted(turn)):
        turn.prepare(partial(matchers.build, lacking), partial(_named_again, key))
        return
    words = turn.event.text.strip()
    looks = await review_queue.of_campaign_in(turn.connection, who.membership.campaign_id, turn.today, unit.id)
    meant = [look for look in looks if normalise(words) in {look.criterion.id, normalise(look.criterion.label)}]
    if not meant:
        chosen = await select(turn, who.membership, [unit], words)
        meant = [look for look in looks if look.clause[1:] in set(chosen.clauses)]
    if len(meant) == 1:
        turn.state.pop("expects", None)
        await finding.begin(turn, Key("vs-see", tuple(str(part) for part in meant[0].clause), 0))
        return
    turn.expect(keys.pack("vs-unit", unit.id))
    options = tuple(Option(keys.pack("vs-see", *look.clause), look.criterion.label) for look in meant[:MOST_BUTTONS])
    back = Option(keys.pack("vs-unit", unit.id), "返回")
    turn.say("visit-which", (*options, back), said=words[:20], found=len(meant), unit=unit)


async def _named_again(key: Key, turn: Turn, _: object) -> None:
    await named(turn, key)
