"""Joining by link or code, and what a stranger is told."""

from __future__ import annotations

import re
import unicodedata

from channels import keys
from channels.port import Option
from handlers.desk import disputing
from handlers.guidance import help_with
from handlers.people import own_name
from handlers.turn import Turn
from storage import people
from storage.errors import InvitationError

MOST_BOOKED = 3

_CODE = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{4}-[0-9A-Za-z]{4}-[0-9A-Za-z]{4}(?![0-9A-Za-z])")
_BARE = re.compile(r"(?=.*[A-Za-z])[0-9A-Za-z]{4}[ ]?[0-9A-Za-z]{4}[ ]?[0-9A-Za-z]{4}")


def code_in(text: str) -> str | None:
    """The invitation code in what somebody typed or pasted; twelve bare digits are a number, not a code."""
    words = unicodedata.normalize("NFKC", text).strip()
    found = _CODE.search(words) or _BARE.fullmatch(words)
    return found[0] if found else None


async def join(turn: Turn, code: str) -> None:
    """Use an invitation for this address."""
    event = turn.event
    try:
        joined = await people.redeem_in(turn.connection, turn.now, event.channel, event.address, code)
    except InvitationError as error:
        turn.say("refused", said=str(error))
        return
    membership = joined.membership
    options: tuple[Option, ...] = ()
    if membership.role == "liaison":
        turn.state["unit"] = membership.unit_id
        unit_id = membership.unit_id or 0
        options = (Option(keys.pack("next", unit_id), "下一项"), Option(keys.pack("list", unit_id), "清单"))
    elif membership.unit_id is None and membership.role in {"office", "leader"}:
        options = (Option(keys.pack("scores"), "得分"),)
    turn.say(
        "joined",
        options,
        membership=membership,
        already=joined.already,
        device=joined.device,
        unnamed=own_name.lacks(membership),
    )
    if membership.role == "liaison" and not joined.already and not joined.device:
        await disputing.show_booked(turn, membership, MOST_BOOKED)  # nobody could be told when it was booked


async def typed(turn: Turn, code: str) -> None:
    """``/start``, with a code or without."""
    await (join(turn, code) if code else help_with(turn))


async def stranger(turn: Turn) -> None:
    """Words of somebody who has not joined: a code, or the way to get one."""
    code = turn.event.start_code or code_in(turn.event.text)
    if code:
        await join(turn, code)
    else:
        turn.say("stranger")
