"""学到的说法: words remembered from a person's own choice, for the campaign; the office sees and removes them."""

from __future__ import annotations

import re
from functools import cache

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.free_text import matchers
from handlers.proof.proof_standing import at, told
from handlers.turn import Place, Turn
from rubrics.matching.index import Index
from rubrics.matching.scoring import covers
from rubrics.matching.spelling import fold
from rubrics.matching.words import either, words
from storage import learnt
from storage.tables_learnt import ALIAS_CHARACTERS

MOST_WORDS = 2
"""So many are learnt from one message."""

SHORTEST = 2
MOST_SHOWN = 30

_SAYING = re.compile(
    r"[^\u4e00-\u9fff]+|[零一二两三四五六七八九十百千万几多少]+(?:个|次|条|家|只|项|件|张|份|场|期|起|位|名|人|批|台|套|块)?"
    r"|[的了过着吗呢吧啊和与及在到把被给从对]|没有?|还没|已经?|都|全|也|又|就|那个?|这个?|[我你他她咱]们?|每个?|各个?"
    r"|开了?|办了?|做了?|搞了?|报了?|发了?|拿了?|有|是|个"
)


async def learn(turn: Turn, place: Place, said: str) -> None:
    """Remember the words by which a person has said a clause, where some tell it apart."""
    membership = turn.of_unit(place.unit_id)
    assert membership is not None
    index = (await matchers.of(turn, membership.campaign_id, place.rubric)).index
    for alias in aliases_of(said, index, index.place[place.criterion.id]):
        about = (membership.person_id, membership.campaign_id, place.rubric.id, place.criterion.id)
        await learnt.add_in(turn.connection, turn.now, *about, alias)


def aliases_of(said: str, index: Index, own: int) -> list[str]:
    """The words of a message that no other clause of the rubric calls its own, the longest first."""
    runs = [run for piece in _SAYING.split(_everyday().sub(" ", fold(said))) for run in piece.split()]
    short = [run[-ALIAS_CHARACTERS:] for run in runs if len(run) >= SHORTEST]
    telling = [run for run in dict.fromkeys(short) if run not in words().common and not _is_others(run, index, own)]
    return sorted(telling, key=lambda run: -len(run))[:MOST_WORDS]


def _is_others(run: str, index: Index, own: int) -> bool:
    """Whether another clause's own word stands in it."""
    return any(cover.place != own and cover.specific(0, len(run)) >= SHORTEST for cover in covers(index, run))


@cache
def _everyday() -> re.Pattern[str]:
    return either(sorted(words().benign))


async def show(turn: Turn, key: Key | None = None) -> None:
    """All words learnt in the campaign, with who taught them, each to be removed."""
    membership = office.working(turn)
    if membership is None:
        return
    found = await learnt.of_campaign_in(turn.connection, membership.campaign_id)
    labels = {(r.id, c.id): c.label for r in membership.rubrics for c in r.criteria.values()}
    options = tuple(Option(keys.pack("learnt-drop", one.id), f"删除{one.alias}"[:10]) for one in found[:MOST_SHOWN])
    turn.say("learnt", options, found=found[:MOST_SHOWN], more=len(found) - MOST_SHOWN, labels=labels)


@told
async def remove(turn: Turn, key: Key) -> None:
    """删除."""
    membership = office.working(turn)
    if membership is not None:
        about = (membership.person_id, membership.campaign_id, at(key, 0))
        await learnt.remove_in(turn.connection, turn.now, *about)
        await show(turn)
