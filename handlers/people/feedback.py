"""意见反馈: whatever a person wants to say about the bot or the assessment, for the office to read."""

from __future__ import annotations

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.turn import Turn
from handlers.year import campaigning
from storage import feedback, reaching
from storage.errors import StorageError
from storage.people import Membership

MOST_SHOWN = 200


async def given(turn: Turn, words: str) -> None:
    """Keep what stands behind the command; ask for it where nothing does."""
    if not words.strip() and any(m.role == "office" for m in office.campaigns_of(turn)):
        await campaigning.opinions(turn)
        return
    if not words.strip():
        turn.expect(keys.pack("feedback"))
        turn.say("ask-feedback")
        return
    member = turn.liaison or turn.memberships[0]
    try:
        number = await feedback.add_in(turn.connection, turn.now, member.person_id, member.campaign_id, words)
    except StorageError as error:
        turn.expect(keys.pack("feedback"))
        turn.say("refused", said=str(error))
        return
    await _tell(turn, member, words)
    turn.say("feedback-kept", number=number)


async def _tell(turn: Turn, member: Membership, words: str) -> None:
    """The office hears of it at once; who wrote it is of the office is not told of the own words."""
    reached = await reaching.office_in(turn.connection, member.campaign_id)
    others = [one for one in reached if one.person_id != member.person_id]
    said = words.strip()
    shown = said if len(said) <= MOST_SHOWN else f"{said[:MOST_SHOWN]}…"
    await office.tell(
        turn, others, "told-feedback", (Option(keys.pack("opinions"), "意见反馈"),), by=member, said=shown
    )


async def typed(turn: Turn, key: Key) -> None:
    """The words that were asked for."""
    await given(turn, turn.event.text)
