"""核查: how much waits, what to look at first, and on to the next one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.free_text import matchers
from handlers.proof.proof_standing import told
from handlers.review import (
    reviewing_news,
    reviewing_screen,
)
from handlers.review.reviewing_selection import Chosen, Seen, choose, chosen, looks, next_look, seen
from handlers.sending.groups import who
from handlers.sending.selecting import select
from handlers.turn import Turn
from rubrics.model import Item, Rubric
from rubrics.numerals import normalise
from storage import campaigns, review_holds, samples
from storage.people import Membership
from storage.review_queue import Look

MOST_BUTTONS = 40
LABEL_CHARACTERS = 10
END = ("结束", "end", "先到这里")


async def start(turn: Turn, words: str) -> None:
    """核查: how much waits; with words the clauses or the unit they name; 核查 结束 leaves."""
    membership = office.working(turn)
    if membership is None:
        return
    if words in END:
        await end(turn)
    elif words:
        await _named(turn, membership, words)
    else:
        await _overview(turn, membership)


async def show(turn: Turn, key: Key) -> None:
    """返回 to how much waits."""
    await start(turn, "")


async def _overview(turn: Turn, membership: Membership) -> None:
    await choose(turn, membership, Chosen())
    found = await looks(turn, membership)
    waiting = [look for look in found if look.waits]
    states = Counter(look.state for look in found)
    sample = await samples.newest_in(turn.connection, membership.campaign_id)
    drawn = {one.clause for one in sample.chosen} if sample else set()
    pairs = (("rv-next", "下一条"), ("rv-units", "按单位"), ("rv-items", "按条目"), ("rv-across", "一条看全部单位"))
    there = {"rv-across"} if any(_answered(look) for look in found) else set()
    there |= {"rv-next", "rv-units", "rv-items"} if waiting else set()
    options = [Option(keys.pack(verb), label) for verb, label in pairs if verb in there]
    options += [Option(keys.pack("rv-sample"), "抽查")] if waiting else []
    options += [Option(keys.pack("rv-sampled", sample.id), "抽查进度")] if sample else []
    turn.say(
        "review-start",
        (*options, Option(keys.pack("rv-end"), "先到这里")),
        campaign=membership.campaign_code,
        called="",
        waiting=len(waiting),
        changed=states["changed"],
        unanswered=states["unanswered"],
        returned=states["returned"],
        settled=states["settled"],
        units=list(Counter(look.unit for look in waiting).items()),
        sample=sample,
        sample_left=sum(look.clause in drawn for look in waiting),
        example=_example(found),
    )


def _example(found: Sequence[Look]) -> str:
    """What can be typed behind 核查."""
    return f"{found[0].unit}，或 核查 {found[0].criterion.id}" if found else "单位名"


async def _named(turn: Turn, membership: Membership, words: str) -> None:
    """核查 孟河镇, 核查 1.2, 核查 孟河镇 例会: the clauses some words name, of the units they name."""
    units = await campaigns.units_in(turn.connection, membership.campaign_id)
    named, rest = who(units, words)
    clauses = _by_id(membership.rubrics, rest)
    if not clauses and rest:
        if lacking := matchers.missing(await matchers.wanted(turn)):
            turn.prepare(partial(matchers.build, lacking), lambda again, _: start(again, words))
            return
        selection = await select(turn, membership, units, words)
        if selection.unclear or not (named or selection.clauses):
            turn.say("review-unclear", said=words[:20], example=_example(await looks(turn, membership)))
            return
        clauses = selection.clauses
    if await office.refuse_own(turn, named if len(named) < len(units) else ()):
        return
    some = tuple(unit.id for unit in named) if len(named) < len(units) else ()
    await choose(turn, membership, Chosen(some, clauses, words[:20]))
    found = [look for look in await looks(turn, membership) if chosen(turn).has(look)] if clauses else []
    if len(found) == 1:
        await reviewing_screen.show(turn, Seen(membership, found[0]))  # meant just so: also a settled one
    else:
        await go_on(turn, membership)


def _by_id(rubrics: Sequence[Rubric], rest: str) -> tuple[tuple[str, str], ...]:
    """The clauses of an id (1.2) or of an item's (1)."""
    said = normalise(rest).strip("第条项 ")
    by_clause = tuple((rubric.id, said) for rubric in rubrics if said in rubric.criteria)
    items = ((rubric, item) for rubric in rubrics for item in rubric.items if item.id == said)
    return by_clause or tuple((rubric.id, c.id) for rubric, item in items for c in item.criteria)


async def next_one(turn: Turn, key: Key) -> None:
    """下一条 of what was chosen."""
    membership = office.working(turn)
    if membership is not None:
        await go_on(turn, membership)


async def go_on(turn: Turn, membership: Membership) -> None:
    """Show the next clause that waits; where none is left say so: what was decided last can still be taken back."""
    look, held = await next_look(turn, membership)
    if look is not None:
        await reviewing_screen.show(turn, Seen(membership, look))
        return
    names = {unit.id: unit.name for unit in await campaigns.units_in(turn.connection, membership.campaign_id)}
    turn.say(
        "review-none",
        (Option(keys.pack("rv"), "看全部"), Option(keys.pack("rv-end"), "先到这里")),
        called=chosen(turn).called,
        held=held,
        names=names,
    )


@told
async def skip(turn: Turn, key: Key) -> None:
    """跳过: the others first."""
    found = await seen(turn, key)
    if found is None:
        return
    state = turn.state.setdefault("review", {})
    state["skipped"] = [*(one for one in state.get("skipped", []) if one != [*found.look.clause]), [*found.look.clause]]
    turn.say("review-skipped", look=found.look)
    await go_on(turn, found.membership)


async def by_unit(turn: Turn, key: Key) -> None:
    """按单位: each unit with how much of it waits."""
    membership = office.working(turn)
    if membership is None:
        return
    waiting = Counter((look.unit_id, look.unit) for look in await looks(turn, membership) if look.waits)
    options = tuple(Option(keys.pack("rv-unit", unit), name[:10]) for unit, name in [*waiting][:MOST_BUTTONS])
    turn.say("review-units", (*options, Option(keys.pack("rv"), "返回")), waiting=waiting, most=MOST_BUTTONS)


async def unit_chosen(turn: Turn, key: Key) -> None:
    """One unit, clause by clause."""
    membership = office.working(turn)
    if membership is None:
        return
    known = await campaigns.units_in(turn.connection, membership.campaign_id)
    unit = next((one for one in known if key.parts == (str(one.id),)), None)
    if unit is None:
        turn.say("stale")
    elif not await office.refuse_own(turn, (unit,)):
        await choose(turn, membership, Chosen((unit.id,), (), unit.name))
        await go_on(turn, membership)


async def by_item(turn: Turn, key: Key) -> None:
    """按条目: each item with something waiting."""
    await _items(turn, "rv-item")


async def across(turn: Turn, key: Key | None = None) -> None:
    """一条看全部单位: first the item, then the clause."""
    await _items(turn, "rv-rows")


async def _items(turn: Turn, verb: str) -> None:
    membership = office.working(turn)
    if membership is None:
        return
    wanted = _answered if verb == "rv-rows" else _waits
    found = await looks(turn, membership)
    waiting = {(look.rubric.id, look.rubric.item_of[look.criterion.id].id) for look in found if wanted(look)}
    pairs = ((rubric, item) for rubric in membership.rubrics for item in rubric.items)
    there = [(rubric, item) for rubric, item in pairs if (rubric.id, item.id) in waiting]
    alike = Counter(item.label for _, item in there)
    options = [
        Option(keys.pack(verb, rubric.id, item.id), _of_kind(rubric, item) if alike[item.label] > 1 else item.label)
        for rubric, item in there
    ]
    if not options:
        turn.say("review-items-none", (Option(keys.pack("rv"), "返回"),))
        return
    turn.say("review-items", (*options, Option(keys.pack("rv"), "返回")))


def _of_kind(rubric: Rubric, item: Item) -> str:
    """An item's label with whose it is, where several rubrics have one of that name: 组织领导（镇）."""
    kind = "分解" if item.role == "task" else rubric.categories[0] if rubric.categories else ""
    return f"{item.label[: LABEL_CHARACTERS - len(kind) - 2]}（{kind}）" if kind else item.label


def _waits(look: Look) -> bool:
    return look.waits


async def item_chosen(turn: Turn, key: Key) -> None:
    """One item, unit by unit."""
    found = _item(turn, key)
    if found is not None:
        membership, rubric, item = found
        await choose(turn, membership, Chosen((), tuple((rubric.id, c.id) for c in item.criteria), item.label))
        await go_on(turn, membership)


async def rows(turn: Turn, key: Key) -> None:
    """The clauses of an item, to see one of them with all units."""
    found = _item(turn, key)
    if found is None:
        return
    membership, rubric, item = found
    found_there = (look for look in await looks(turn, membership) if look.rubric.id == rubric.id)
    there = {look.criterion.id for look in found_there if _answered(look)}
    options = [Option(keys.pack("rv-row", rubric.id, c.id, 0), c.label) for c in item.criteria if c.id in there]
    turn.say("review-rows", (*options, Option(keys.pack("rv-across"), "返回")), item=item)


def _answered(look: Look) -> bool:
    """Whether there is something to see of a clause: a unit has answered it, or the office has decided about it."""
    return look.state not in {"open", "unanswered"}


def _item(turn: Turn, key: Key) -> tuple[Membership, Rubric, Item] | None:
    """The item a key names; says so where there is none, or the person is no office."""
    membership = office.working(turn)
    if membership is None:
        return None
    rubric = membership.rubric(key.parts[0]) if len(key.parts) == 2 else None
    item = next((one for one in rubric.items if one.id == key.parts[1]), None) if rubric else None
    if rubric is None or item is None:
        turn.say("stale")
        return None
    return membership, rubric, item


async def end(turn: Turn, key: Key | None = None) -> None:
    """先到这里: nothing is held any more, and the units hear what there is to hear."""
    membership = office.working(turn)
    if membership is None:
        return
    await review_holds.let_go_in(turn.connection, turn.now, membership.campaign_id, membership.person_id)
    news = await reviewing_news.leave(turn, membership)
    turn.state.pop("review", None)
    turn.state.pop("verdict", None)
    turn.say("review-ended", told=news.told, later=news.later)


def next_version(turn: Turn) -> int:
    """The version of a new draft; buttons of older ones are stale."""
    turn.state["review_version"] = version = int(turn.state.get("review_version", 0)) + 1
    return version
