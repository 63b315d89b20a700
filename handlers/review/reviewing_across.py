"""One clause of all units on one screen, so that alike is judged alike; 其余全部通过 for those that were shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
from rubrics.kinds import Bonus, Deduct, Gate, Shortfall
from rubrics.model import Criterion, Rubric
from storage import absences, answers, doubts, review_holds
from storage.people import Membership
from storage.review_holds import Hold
from storage.review_passing import Shown, pass_many_in
from storage.review_queue import Look, State

AT_ONCE = 30
"""Units on one screen; more come behind 更多."""

ALSO_SILENT = "silent"
"""In a key: those without an answer are meant too."""

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
    """Who is passed together, and who is left alone and why.

    ``silent`` are those without an answer: nothing is claimed there that could be passed, so they are only among the
    others where the reviewer says so.
    """

    those: list[Look]
    silent: list[Look]
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
    """其余全部通过: who that is, and who is left, read back first; 没填的也核定 adds who has not answered."""
    found = await _rest(turn, key)
    if found is None:
        return
    draft, rest = found
    rubric, criterion = _clause(turn, draft)
    also = ALSO_SILENT in key.parts
    more = [Option(keys.pack("rv-rest", ALSO_SILENT, version=draft["version"]), "没填的也核定")]
    parts = (ALSO_SILENT,) if also else ()
    options = [Option(keys.pack("rv-rest-go", *parts, version=draft["version"]), "确认")]
    options = [*(options if rest.those or (also and rest.silent) else ()), *(more if rest.silent and not also else ())]
    turn.say(
        "review-rest-sure",
        (*options, Option(keys.pack("rv-row", *draft["clause"], 0), "返回")),
        criterion=criterion,
        those=_names(rest.those),
        silent=_names(rest.silent),
        also=also,
        means=_without_answer(rubric, criterion),
        left=rest.left,
    )


@told
async def pass_rest(turn: Turn, key: Key) -> None:
    """确认: each is passed on the version that was shown; what has changed since is named and left."""
    found = await _rest(turn, key)
    membership = office.working(turn)
    if found is None or membership is None:
        return
    draft, rest = found
    also = ALSO_SILENT in key.parts
    looks_there = [*rest.those, *(rest.silent if also else ())]
    shown = [Shown(look.unit_id, look.rubric, look.criterion.id, look.basis) for look in looks_there]
    passed, refused = await pass_many_in(turn.connection, turn.now, membership.person_id, shown, how="rest")
    names = {look.unit_id: look.unit for look in looks_there}
    done = {one.unit_id for one in passed}
    turn.state.pop("across")
    turn.say(
        "review-rest-done",
        (Option(keys.pack("rv-row", *draft["clause"], 0), "再看一遍"), Option(keys.pack("rv"), "返回")),
        criterion=_clause(turn, draft)[1],
        passed=_names(look for look in rest.those if look.unit_id in done),
        silent=_names(look for look in rest.silent if look.unit_id in done),
        left=[*rest.left, *((names[one.unit_id], why) for one, why in refused)],
        unanswered=[] if also else _names(rest.silent),
    )


def _names(looks_there: Iterable[Look]) -> list[str]:
    return [look.unit for look in looks_there]


def _without_answer(rubric: Rubric, criterion: Criterion) -> str:
    """What it means for the score that a clause is settled without an answer: silence is never a "no"."""
    score = criterion.score
    if rubric.item_of[criterion.id].role == "task":
        return "算没完成"
    if isinstance(score, Bonus):
        return "不加分"
    if isinstance(score, Deduct) or (isinstance(score, Shortfall) and not score.base):
        return "不扣分，查实要扣的请逐条改分"
    if isinstance(score, Gate):
        return "不算有问题，也不算没有问题；查清了请逐条改分"
    return "不得分"


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
    waiting = [looked[unit] for unit in draft["shown"] if unit in looked and looked[unit].waits]  # not decided since
    held = await review_holds.held_in(turn.connection, turn.now, membership.campaign_id)
    odd = await doubts.of_campaign_in(turn.connection, membership.campaign_id, turn.zone)
    rest = Rest([], [], [])
    for look in waiting:
        changed = look.basis != draft["shown"][str(look.unit_id)]
        why = (
            "刚改过"
            if changed
            else _held_by(membership, held.get(look.clause)) or await _why_left(turn, membership, look)
        )
        why = why or ("有疑问" if odd.get(look.clause) else "")
        if why:
            rest.left.append((look.unit, why))
        else:
            answered = (await turn.known(look.unit_id, look.rubric)).own.get(look.criterion.id) is not None
            (rest.those if answered else rest.silent).append(look)
    return draft, rest


def _held_by(membership: Membership, hold: Hold | None) -> str:
    """Who else looks at a clause now; empty for nobody."""
    other = hold is not None and hold.person_id != membership.person_id
    return f"{hold.person or '同事'}在看" if hold is not None and other else ""


async def _why_left(turn: Turn, membership: Membership, look: Look) -> str:
    """Why what a unit has said is not settled with the others'; empty where it is."""
    known = await turn.known(look.unit_id, look.rubric)
    if look.criterion.id in known.lacking:
        return "材料不全"
    given = (await answers.current_in(turn.connection, look.unit_id, look.rubric.id)).get(look.criterion.id)
    if given is None or given.state != "not_here":
        return ""
    decided = await absences.decision_in(turn.connection, membership.campaign_id, *look.clause[1:])
    return "" if decided else "申请本地没有，先定申请"


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


def _clause(turn: Turn, draft: dict[str, Any]) -> tuple[Rubric, Criterion]:
    membership = office.working(turn)
    rubric = membership.rubric(draft["clause"][0]) if membership else None
    assert rubric is not None  # the screen was made in this campaign
    return rubric, rubric.criteria[draft["clause"][1]]
