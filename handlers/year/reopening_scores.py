"""Frozen scores opened again: proposed with a reason, open once a second person has agreed. The snapshot stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from channels import keys
from channels.keys import Key
from handlers import office
from handlers.turn import Turn
from handlers.year.motions import Kind, propose
from storage.errors import StorageError
from storage.freezing import frozen_in, reopening
from storage.motions import Motion
from storage.people import Membership


async def ask_why(turn: Turn, key: Key) -> None:
    """重新开放: the reason is asked for."""
    if await _frozen(turn) is not None:
        turn.expect(keys.pack("reopen-why"))
        turn.say("reopen-why")


async def proposed(turn: Turn, key: Key) -> None:
    """The reason: it is proposed."""
    found = await _frozen(turn)
    if found is None:
        return
    membership, number = found
    if await propose(turn, membership, "reopen", KIND, reopening(number), turn.event.text) is None:
        turn.expect(keys.pack("reopen-why"))


async def _frozen(turn: Turn) -> tuple[Membership, int] | None:
    """The snapshot that holds, for who does the office's work; else why not is said."""
    membership = office.working(turn)
    if membership is None:
        return None
    frozen = await frozen_in(turn.connection, membership.campaign_id)
    if frozen is None:
        turn.say("not-frozen")
        return None
    return membership, frozen.number


async def _carry(turn: Turn, membership: Membership, motion: Motion) -> str:
    """Nothing but the agreement itself opens the scores again (see `storage.freezing`)."""
    return await _about(turn, membership, motion.subject)


async def _about(turn: Turn, membership: Membership, subject: Mapping[str, Any]) -> str:
    frozen = await frozen_in(turn.connection, membership.campaign_id)
    if frozen is None or subject != reopening(frozen.number):
        raise StorageError("得分现在没有冻结在这份快照上，不用再重新开放")
    return f"第 {frozen.number} 号快照审定冻结的得分重新开放，可以再核定；快照本身不变"


KIND = Kind(_about, _carry)
