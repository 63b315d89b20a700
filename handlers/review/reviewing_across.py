"""One clause of all units on one screen, so that alike is judged alike; 其余全部通过 for those that were shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.proof import lacking
from handlers.proof.proof_standing import at, told
from handlers.review import reviewing
from handlers.review.reviewing_screen import claimed_words
from handlers.review.reviewing_selection import looks
from handlers.turn import Turn
from storage import doubts, review_holds, verdicts
from storage.errors import StorageError
from storage.people import Membership
from storage.review_holds import Hold
from storage.review_queue import Look, State

AT_ONCE = 30
"""Units on one screen; more come behind 更多."""

STATES: dict[State, str] = {
    "changed": "变更待核",
    "new": "待核",
    "unanswered": "到期没填",
    "returned": "已退回",
    "settled": "已核",
    "open": "还没填",
}


class Row(NamedTuple):
    """A unit's line. ``proof``: what lacks, or that it is all there; ``holder``: who looks at it now."""

    look: Look
    claimed: str
    proof: str
    state: str
    holder: str
    lacks: bool


class Rest(NamedTuple):
    """Who is passed together, and who is left alone and why."""

    those: list[Look]
    left: list[tuple[str, str]]


@told
async def show(turn: Turn, key: Key) -> None:
    """A clause with all units: answer, proof, verdict."""
    membership = office.working(turn)
    if membership is None:
        return
    found = await _of_clause(turn, membership, key.parts[:2])
    start = at(key, 2)
    if len(key.parts) != 3 or not found or not 0 <= start < len(found):
        turn.say("stale")
        return
    criterion, page = found[0].criterion, found[start : start + AT_ONCE]
    rows = await _rows(turn, membership, page)
    shown = {str(row.look.unit_id): row.look.basis for row in rows if row.look.waits}
    draft = reviewing.next_version(turn)
    clause = [page[0].rubric.id, criterion.id]
    turn.state["across"] = {"version": draft, "clause": clause, "shown": shown}
    options = [Option(keys.pack("rv-see", *row.look.clause), row.look.unit[:10]) for row in rows]
    if shown:
        options.append(Option(keys.pack("rv-rest", version=draft), "其余全部通过"))
    if start + AT_ONCE < len(found):
        options.append(Option(keys.pack("rv-row", *clause, start + AT_ONCE), "更多"))
    turn.say(
        "review-across",
        (*options, Option(keys.pack("rv"), "返回")),
        criterion=criterion,
        rows=rows,
        start=start,
        total=len(found),
    )


@told
async def ask_rest(turn: Turn, key: Key) -> None:
    """其余全部通过: who that is, and who is left, read back first."""
    found = await _rest(turn, key)
    if found is None:
        return
    draft, rest = found
    criterion = await _criterion(turn, draft)
    back = Option(keys.pack("rv-row", *draft["clause"], 0), "返回")
    if not rest.those:
        turn.say("review-rest-none", (back,), criterion=criterion, left=rest.left)
        return
    options = (Option(keys.pack("rv-rest-go", version=draft["version"]), "确认"), back)
    turn.say("review-rest-sure", options, criterion=criterion, those=[look.unit for look in rest.those], left=rest.left)


@told
async def pass_rest(turn: Turn, key: Key) -> None:
    """确认: each is passed on the version that was shown; what has changed since is named and left."""
    found = await _rest(turn, key)
    membership = office.working(turn)
    if found is None or membership is None:
        return
    draft, rest = found
    passed, left = [], list(rest.left)
    for look in rest.those:
        about = (membership.person_id, look.unit_id, look.rubric, look.criterion.id)
        try:
            await verdicts.pass_in(turn.connection, turn.now, *about, basis=look.basis, how="rest")
            passed.append(look.unit)
        except StorageError as error:
            left.append((look.unit, str(error)))
    turn.state.pop("across")
    options = (Option(keys.pack("rv-row", *draft["clause"], 0), "再看一遍"), Option(keys.pack("rv"), "返回"))
    turn.say("review-rest-done", options, criterion=await _criterion(turn, draft), passed=passed, left=left)


async def _rest(turn: Turn, key: Key) -> tuple[dict[str, Any], Rest] | None:
    """The screen a button belongs to, and what of it can be passed now."""
    membership = office.working(turn)
    draft = turn.held("across", key) if membership else None
    if membership is None or draft is None:
        return None
    if membership.rubric(draft["clause"][0]) is None:  # another rubric has taken its place since
        turn.say("stale")
        return None
    looked = {str(look.unit_id): look for look in await _of_clause(turn, membership, draft["clause"])}
    held = await review_holds.held_in(turn.connection, turn.now, membership.campaign_id)
    rest = Rest([], [])
    for unit, basis in draft["shown"].items():
        look = looked.get(unit)
        if look is None or not look.waits:
            continue  # decided about meanwhile
        why = await _why_left(turn, membership, look, basis, held.get(look.clause))
        if why:
            rest.left.append((look.unit, why))
        else:
            rest.those.append(look)
    return draft, rest


async def _why_left(turn: Turn, membership: Membership, look: Look, basis: str, hold: Hold | None) -> str:
    """Why a unit is not passed with the rest; empty where it is."""
    if look.basis != basis:
        return "刚改过"
    if hold is not None and hold.person_id != membership.person_id:
        return f"{hold.person or '同事'}在看"
    known = await turn.known(look.unit_id, look.rubric)
    if look.criterion.id in known.lacking:
        return "材料不全"
    odd = await doubts.of_clause_in(turn.connection, membership.campaign_id, turn.zone, look.clause)
    return "有疑问" if odd else ""


async def _rows(turn: Turn, membership: Membership, page: Sequence[Look]) -> list[Row]:
    held = await review_holds.held_in(turn.connection, turn.now, membership.campaign_id)
    rows = []
    for look in page:
        known = await turn.known(look.unit_id, look.rubric)
        fact, lacks = known.own.get(look.criterion.id), look.criterion.id in known.lacking
        proof = f"还差 {lacking.words(look.criterion, known)}" if lacks else ""
        if not proof and fact is not None and look.criterion.proof != "none":
            proof = "材料齐"
        hold = held.get(look.clause)
        holder = (hold.person or "同事") if hold and hold.person_id != membership.person_id else ""
        rows.append(Row(look, claimed_words(look.criterion, fact), proof, _state(look), holder, lacks))
    return rows


def _state(look: Look) -> str:
    """In words; a settled one with what was verified where that was changed."""
    if look.state == "settled" and look.verdict is not None and look.verdict.kind == "change":
        return f"已核为 {claimed_words(look.criterion, look.verdict.fact)}"
    return STATES[look.state]


async def _of_clause(turn: Turn, membership: Membership, clause: Sequence[str]) -> list[Look]:
    found = await looks(turn, membership)
    return [look for look in found if [look.rubric.id, look.criterion.id] == list(clause)]


async def _criterion(turn: Turn, draft: dict[str, Any]) -> Any:
    membership = office.working(turn)
    rubric = membership.rubric(draft["clause"][0]) if membership else None
    assert rubric is not None  # the screen was made in this campaign
    return rubric.criteria[draft["clause"][1]]
