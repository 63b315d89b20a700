"""申诉, the office's side: what waits, 维持 or 改 by somebody else than the reviewer, told with both scores and reasons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.proof.proof_standing import at, told
from handlers.turn import Place, Turn
from rubrics.errors import KaopingError
from rubrics.fact_words import fact_words
from rubrics.facts import Fact, read_json
from rubrics.model import Rubric
from rubrics.values import Known, Refused, parse_answer
from storage import appeals, kept_facts, reaching, verdicts
from storage.appeals import Appeal
from storage.people import Membership
from storage.verdicts import Verdict

MOST_SHOWN = 6
_INVITE = (Option(keys.pack("invite"), "邀请"),)


def scores(rubric: Rubric, verdict: Verdict) -> dict[str, Any]:
    """What a verdict says, in words: what was claimed, and what was verified instead."""
    criterion = rubric.criteria[verdict.criterion_id]
    claimed = "没有填" if verdict.claimed is None else fact_words(criterion, verdict.claimed)
    verified = "没有填" if verdict.fact is None else fact_words(criterion, verdict.fact)
    return {"criterion": criterion, "claimed": claimed, "verified": "退回" if verdict.kind == "return" else verified}


def decisions(appeal: Appeal) -> tuple[Option, ...]:
    """What can be done about an appeal."""
    return Option(keys.pack("appeal-keep", appeal.id), "维持"), Option(keys.pack("appeal-alter", appeal.id), "改")


async def tell(turn: Turn, appeal: Appeal, words: dict[str, Any]) -> tuple[int, bool]:
    """Tell the office of an appeal, the buttons for who may decide alone; to how many, and whether anybody may."""
    deciders = await appeals.deciders_in(turn.connection, appeal)
    reached = await reaching.office_in(turn.connection, appeal.campaign_id)
    may = [one for one in reached if one.person_id in deciders]
    others = [one for one in reached if one.person_id not in deciders]
    words = {**words, "nobody": not deciders}
    people = await office.tell(turn, may, "told-appeal", decisions(appeal), **words, may=True)
    people += await office.tell(turn, others, "told-appeal", () if deciders else _INVITE, **words, may=False)
    return people, bool(deciders)


async def over(turn: Turn, membership: Membership, ended: Sequence[Appeal]) -> int:
    """Tell the units whose appeals 审定 has ended unanswered; returns to how many people."""
    people = 0
    for appeal in ended:
        reached = await reaching.liaisons_in(turn.connection, appeal.unit_id, turn.today)
        people += await office.tell(turn, reached, "told-appeal-over", **await _words(turn, membership, appeal))
    return people


async def waiting(turn: Turn, key: Key | None = None) -> None:
    """The appeals that wait, the oldest first."""
    membership = office.working(turn)
    if membership is None:
        return
    found = await appeals.open_in(turn.connection, membership.campaign_id)
    for appeal in found[:MOST_SHOWN]:
        deciders = await appeals.deciders_in(turn.connection, appeal)
        may = membership.person_id in deciders
        words = {**await _words(turn, membership, appeal), "may": may, "nobody": not deciders}
        turn.say("told-appeal", decisions(appeal) if may else _INVITE if not deciders else (), **words)
    if not found or len(found) > MOST_SHOWN:
        turn.say("appeals-left", left=max(len(found) - MOST_SHOWN, 0))


@told
async def keep(turn: Turn, key: Key) -> None:
    """维持: the reason is asked for."""
    found = await _to_decide(turn, key)
    if found is not None:
        turn.expect(keys.pack("appeal-keep", found[1].id))
        turn.say("appeal-keep-why", **await _words(turn, *found))


@told
async def kept(turn: Turn, key: Key) -> None:
    """The reason of 维持."""
    found = await _to_decide(turn, key)
    if found is None:
        return
    membership, appeal = found
    words = await _words(turn, *found)
    try:
        done = await appeals.uphold_in(turn.connection, turn.now, membership.person_id, appeal, turn.event.text)
    except KaopingError as error:
        turn.expect(keys.pack("appeal-keep", appeal.id))
        turn.say("refused", said=str(error))
        return
    await _tell(turn, done, {**words, "appeal": done, "now": words["verified"]})


@told
async def alter(turn: Turn, key: Key) -> None:
    """改: what is to count instead is asked for; 按申报的算 is what the unit claims now."""
    found = await _to_decide(turn, key)
    if found is None:
        return
    membership, appeal = found
    place = _place(membership, appeal)
    claimed = (await turn.known(appeal.unit_id, place.rubric)).own.get(appeal.criterion_id)
    basis = await verdicts.shown_in(turn.connection, appeal.unit_id, place.rubric, appeal.criterion_id)
    turn.state["altering"] = {"appeal": appeal.id, "basis": basis, "fact": None}
    turn.expect(keys.pack("appeal-value", appeal.id))
    as_claimed = () if claimed is None else (Option(keys.pack("appeal-own", appeal.id), "按申报的算"),)
    now = "" if claimed is None else fact_words(place.criterion, claimed)
    turn.say("appeal-value", as_claimed, **await _words(turn, *found), own=now)


@told
async def as_claimed(turn: Turn, key: Key) -> None:
    """按申报的算."""
    found = await _to_decide(turn, key)
    if found is None:
        return
    membership, appeal = found
    own = (await turn.known(appeal.unit_id, _place(membership, appeal).rubric)).own.get(appeal.criterion_id)
    await _value(turn, membership, appeal, own)


@told
async def value_said(turn: Turn, key: Key) -> None:
    """What is to count instead, typed as a unit would answer it."""
    found = await _to_decide(turn, key)
    if found is None:
        return
    membership, appeal = found
    read = parse_answer(_place(membership, appeal).criterion, turn.event.text)
    if isinstance(read, Known):
        await _value(turn, membership, appeal, read.fact)
        return
    turn.expect(keys.pack("appeal-value", appeal.id))
    turn.say("refused", said=read.said if isinstance(read, Refused) else "请按这一条的填法写核定的数或 有/没有")


@told
async def altered(turn: Turn, key: Key) -> None:
    """The reason of 改: another verdict takes the place of the first."""
    found = await _to_decide(turn, key)
    held = turn.state.get("altering")
    if found is None:
        return
    membership, appeal = found
    if held is None or held["appeal"] != appeal.id or held["fact"] is None:
        turn.say("stale")
        return
    words, place, fact = await _words(turn, *found), _place(membership, appeal), read_json(held["fact"])
    about = (membership.person_id, appeal, place.rubric, fact, turn.event.text)
    try:
        done = await appeals.change_in(turn.connection, turn.now, *about, basis=held["basis"])
    except KaopingError as error:
        turn.expect(keys.pack("appeal-why-new", appeal.id))
        turn.say("refused", said=str(error))
        return
    turn.state.pop("altering")
    await _tell(turn, done, {**words, "appeal": done, "now": fact_words(place.criterion, fact)})


async def _value(turn: Turn, membership: Membership, appeal: Appeal, fact: Fact | None) -> None:
    held = turn.state.get("altering")
    if held is None or held["appeal"] != appeal.id or fact is None:
        turn.say("stale")
        return
    held["fact"] = kept_facts.fact_text(fact)
    turn.expect(keys.pack("appeal-why-new", appeal.id))
    new = fact_words(_place(membership, appeal).criterion, fact)
    turn.say("appeal-new-why", **await _words(turn, membership, appeal), new=new)


async def _tell(turn: Turn, appeal: Appeal, words: dict[str, Any]) -> None:
    reached = await reaching.liaisons_in(turn.connection, appeal.unit_id, turn.today)
    people = await office.tell(turn, reached, "appeal-answered", **words)
    turn.say("appeal-decided", (Option(keys.pack("appeals-open"), "申诉"),), told=people, **words)


async def _words(turn: Turn, membership: Membership, appeal: Appeal) -> dict[str, Any]:
    verdict = await verdicts.find_in(turn.connection, appeal.campaign_id, appeal.verdict_id)
    rubric = _place(membership, appeal).rubric
    return {"appeal": appeal, "verdict": verdict, **scores(rubric, verdict)}


def _place(membership: Membership, appeal: Appeal) -> Place:
    rubric = membership.rubric(appeal.rubric_id)
    assert rubric is not None  # the office sees every rubric of its campaign
    return Place(appeal.unit_id, rubric, rubric.criteria[appeal.criterion_id])


async def _to_decide(turn: Turn, key: Key) -> tuple[Membership, Appeal] | None:
    """The appeal a key names, where the person may decide it.

    Raises:
        StorageError: why they may not.
    """
    membership = office.working(turn)
    if membership is None:
        return None
    mine = await appeals.of_campaign_in(turn.connection, membership.campaign_id)
    appeal = next((one for one in mine if len(key.parts) == 1 and one.id == at(key, 0)), None)
    if appeal is None or appeal.state != "open":
        turn.say("stale")
        return None
    await appeals.decidable_in(turn.connection, membership.person_id, appeal)
    return membership, appeal
