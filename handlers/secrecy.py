"""涉密: words and files that are marked as secret are not kept; 线下核验 is offered in their place."""

from __future__ import annotations

from channels import keys
from channels.port import Option
from handlers import destination
from handlers.turn import Turn
from storage.files import classified_word


def explain(turn: Turn) -> None:
    """Say why nothing was kept of a message, and what to do; a question that was asked is still asked."""
    if turn.expected:
        turn.expect(keys.pack(turn.expected.verb, *turn.expected.parts, version=turn.expected.version))
    to = destination.of(turn)
    offline = to is not None and to.place.criterion.proof != "none"
    options = (Option(keys.pack("offline", *to.place.parts, to.entry_id), "线下核验"),) if to and offline else ()
    turn.say("classified", options, word=classified_word(turn.event.text), files=turn.event.files)
