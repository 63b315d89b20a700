"""意见反馈: whatever a person wants to say about the bot or the assessment, for the office to read."""

from __future__ import annotations

from channels import keys
from channels.keys import Key
from handlers.turn import Turn
from storage import feedback
from storage.errors import StorageError


async def given(turn: Turn, words: str) -> None:
    """Keep what stands behind the command; ask for it where nothing does."""
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
    turn.say("feedback-kept", number=number)


async def typed(turn: Turn, key: Key) -> None:
    """The words that were asked for."""
    await given(turn, turn.event.text)
