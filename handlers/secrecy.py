"""涉密: words and files that are marked as secret are not kept; 线下核验 is offered in their place."""

from __future__ import annotations

from channels import keys
from channels.port import Option
from handlers.proof import destination
from handlers.turn import Turn
from storage import file_references, inbox
from storage.files import classified_word


async def refuse(turn: Turn) -> None:
    """Keep nothing of a message, say why and what to do; a question that was asked is still asked."""
    await inbox.forget_in(turn.connection, turn.event.channel, (turn.event.id, *turn.event.parts))
    for file in turn.event.files:
        if not await file_references.is_known_in(turn.connection, file.ref):
            turn.files.discard(file.ref)
    if turn.expected:
        turn.expect(keys.pack(turn.expected.verb, *turn.expected.parts, version=turn.expected.version))
    to = destination.of(turn)
    offline = to is not None and to.place.criterion.proof != "none"
    options = (Option(keys.pack("offline", *to.place.parts, to.entry_id), "线下核验"),) if to and offline else ()
    turn.say("classified", options, word=classified_word(turn.event.text), files=turn.event.files)
