"""我叫 王芳: who joined without a name writes it once, so that groups and records can name them."""

from __future__ import annotations

from channels import keys
from channels.port import Option
from handlers import office
from handlers.turn import Turn
from storage import own_names
from storage.errors import StorageError
from storage.people import Membership

COMMAND = "我叫"


def lacks(membership: Membership) -> bool:
    """Whether somebody is named in groups and records, and has no name yet."""
    return not membership.name and membership.unit_id is None


async def said(turn: Turn, words: str) -> None:
    """The name, behind the command or as the sentence 我叫王芳."""
    try:
        name = await own_names.give_in(
            turn.connection, turn.now, turn.memberships[0].person_id, words.removeprefix(COMMAND)
        )
    except StorageError as error:
        turn.say("refused", said=str(error))
        return
    works = any(m.role == "office" for m in office.campaigns_of(turn))
    turn.say("own-name", (Option(keys.pack("vg"), "考核组"),) if works else (), name=name)
