"""Few words that deny something (讲座还没办): one tap says whether that is a no, or only not time yet."""

from __future__ import annotations

import re

from channels import keys
from channels.port import Option
from handlers.answering import states
from handlers.free_text import (
    hearing,
    pending,
    showing,
    taking,
)
from handlers.free_text.hearing import MOST_PLACES
from handlers.free_text.pending import Waiting
from handlers.turn import Place, Turn
from rubrics.matching.spelling import fold
from rubrics.values import State
from rubrics.wording import VERB
from storage import answers
from storage.people import Membership

LONGEST = 16
"""Characters; more words are about something if the matcher finds it."""

_LEAD = "(?:今年|我们?|咱们?|我?镇里?|街道|目前|现在|至今|那个)*"
_STILL = "(?:今年|目前|现在|至今|一直|还|都|也|暂时?|真的?|确实)*(?:没有?|尚?未|没得|木有)(?:再|有)?"
_DONE = f"(?P<verb>{VERB}*)(?:好|完|成|到|上|过|齐|全)?[了过的呢啊吧]*"
_THING = "(?P<thing>[\u4e00-\u9fff]{2,8}?)"
_DENIES = (
    re.compile(f"{_LEAD}{_THING}{_STILL}{_DONE}"),
    re.compile(f"{_LEAD}{_STILL}(?P<verb>{VERB}*)过?{_THING}[了呢啊吧]*"),
)


def denied(turn: Turn, membership: Membership, words: str) -> list[Place]:
    """The unit's own clauses, at most three, that few words may deny; none where they do not."""
    text = fold(words) if len(words) <= LONGEST else ""
    said = [match for match in (pattern.fullmatch(text) for pattern in _DENIES) if match]
    own = hearing.own_places(membership) if said else []
    found = [place for place in own if any(_is_denied(fold(place.criterion.label), match) for match in said)]
    return [place for place in found if taking.shown(place, text, turn)][:MOST_PLACES]


def _is_denied(label: str, said: re.Match[str]) -> bool:
    """Whether the name is of what was not done; where nothing was to be done (没有特种设备), of what there is none of."""
    return said["thing"] in label if said["verb"] else label.endswith(said["thing"])


async def asks(turn: Turn, membership: Membership, words: str, opened: Place | None = None) -> bool:
    """Whether words deny something that a clause of the unit's may be about, and that was asked."""
    found, text = denied(turn, membership, words.strip()), fold(words)
    if not found or opened in found:
        return False
    version = pending.put(turn, [Waiting(text, tuple(found), found[0].unit_id)], words, offer=True)
    if len(found) > 1:
        showing.first(turn)
    else:
        await _ask(turn, found[0], text, version)
    return True


async def asks_one(turn: Turn, membership: Membership, words: str) -> bool:
    """Whether words deny what only one clause has in its name, and that was asked."""
    return len(denied(turn, membership, words.strip())) == 1 and await asks(turn, membership, words)


async def _ask(turn: Turn, place: Place, text: str, version: int) -> None:
    current = (await answers.current_in(turn.connection, place.unit_id, place.rubric.id)).get(place.criterion.id)
    not_yet = (*place.parts, states.LABELS.index(State.NOT_YET.value))
    said = taking.shown(place, text, turn)
    options = (
        Option(keys.pack("mean", 0, version=version), said[:10]),
        Option(keys.pack("state", *not_yet, version=current.version if current else 0), State.NOT_YET.value),
        Option(keys.pack("mean-none", version=version), "都不是"),
        Option(keys.pack("mean-skip", version=version), "不记"),
    )
    turn.say("heard-denied", options, criterion=place.criterion, said=said)
