"""目标任务: the office hands a task down to units or changes it, after a preview; their liaisons are asked to confirm it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.proof.proof_standing import told
from handlers.review import provided_words
from handlers.turn import Turn
from handlers.year.targets_standing import is_asked, of_campaign, with_tasks
from rubrics.amounts import located
from rubrics.errors import KaopingError
from rubrics.figures import plain
from rubrics.model import Criterion, Rubric
from rubrics.numerals import normalise
from storage import campaigns, reaching, targets
from storage.campaigns import Unit
from storage.freezing import refuse_frozen_in
from storage.people import Membership
from storage.targets import HandedDown
from storage.trial import on_trial

MOST_BUTTONS = 24
_PAPER = re.compile(
    r"(?:文号|依据)?[:：\s]*(?P<number>[一-鿿A-Za-z]{1,12}[〔\[（(]20[0-9]{2}[〕\]）)]\s*第?[0-9]{1,5}\s*号)"
)


class Change(NamedTuple):
    """A unit's task as it is and as it shall be; ``before`` is None where nothing was handed down yet."""

    unit: Unit
    before: HandedDown | None
    after: HandedDown

    @property
    def same(self) -> bool:
        """Whether nothing changes, so that a confirmed task stays confirmed."""
        before = self.before
        return before is not None and (before.figure, before.number) == (self.after.figure, self.after.number)


async def show(turn: Turn, words: str = "") -> None:
    """What is handed down, clause by clause; with words behind it a task is set (名牌任务 孟河3 西夏墅2)."""
    if words.strip():
        await _read(turn, words)
        return
    membership = office.seeing(turn)
    if membership is None:
        return
    stands = await of_campaign(turn, membership)
    works = membership.role == "office"
    if works and stands:
        turn.expect(keys.pack("targets"))
    units = [*(unit for unit, _ in stands[0].tasks), *stands[0].without] if stands else []
    several = len({stand.rubric.id for stand in stands}) > 1
    turn.say("targets", stands=stands, several=several, works=works, example=[unit.name for unit in units[:2]])


async def shown(turn: Turn, key: Key) -> None:
    """目标任务, the button of /campaign."""
    await show(turn)


async def elsewhere(turn: Turn, expected: Key) -> bool:
    """Whether words have no figure, and so are none of what the screen asked for."""
    return not located(normalise(turn.event.text))


async def typed(turn: Turn, key: Key) -> None:
    """A clause, units and their figures, after they were asked for."""
    await _read(turn, turn.event.text)


async def _read(turn: Turn, words: str) -> None:
    membership = office.working(turn)
    if membership is None:
        return
    paper = _PAPER.search(words)
    clauses = with_tasks(membership.rubrics)
    known = await campaigns.units_in(turn.connection, membership.campaign_id)
    units = [unit for unit in known if any(is_asked(*clause, unit) for clause in clauses)]
    said = provided_words.read(units, _PAPER.sub(" ", words))
    if said.unclear or not said.figures:
        turn.expect(keys.pack("targets"))
        turn.say("targets-unclear", unclear=said.unclear, clauses=clauses, example=[unit.name for unit in units[:2]])
        return
    draft = {
        "figures": [[unit.id, plain(figure)] for unit, figure in said.figures],
        "number": paper["number"] if paper else "",
    }
    found = _meant(clauses, said.words)
    if len(found) == 1:
        await _preview(turn, membership, *found[0], draft)
        return
    version = _keep(turn, draft)
    options = (Option(keys.pack("tg-of", r.id, c.id, version=version), c.label[:10]) for r, c in found or clauses)
    turn.say("targets-which", tuple(options)[:MOST_BUTTONS], figures=said.figures, said=said.words)


def _meant(clauses: Sequence[tuple[Rubric, Criterion]], words: str) -> list[tuple[Rubric, Criterion]]:
    """The clauses the words name, those with the longest name; all where there is only one, none where none is named."""
    if len(clauses) == 1:
        return list(clauses)
    lengths = [
        max((len(name) for name in provided_words.names_of(one) if name in words), default=0) for _, one in clauses
    ]
    longest = max(lengths, default=0)
    return [clause for clause, length in zip(clauses, lengths, strict=True) if length == longest] if longest else []


async def which(turn: Turn, key: Key) -> None:
    """Which clause the figures are of."""
    membership = office.working(turn)
    draft = turn.held("targets", key) if membership else None
    if membership is None or draft is None:
        return
    clause = _clause(membership, key.parts)
    if clause is None:
        turn.say("stale")
    else:
        await _preview(turn, membership, *clause, draft)


def _clause(membership: Membership, parts: Sequence[str]) -> tuple[Rubric, Criterion] | None:
    return next(((r, c) for r, c in with_tasks(membership.rubrics) if [r.id, c.id] == list(parts)), None)


async def _preview(
    turn: Turn, membership: Membership, rubric: Rubric, criterion: Criterion, draft: dict[str, Any]
) -> None:
    """Read back what the figures change, carried out and undone; 确认 does it."""
    try:
        async with on_trial(turn.connection):
            changes, others = await _set(turn, membership, rubric, criterion, draft)
    except KaopingError as error:
        turn.say("refused", said=str(error))
        return
    if await office.refuse_own(turn, [change.unit for change in changes]):
        return
    options: tuple[Option, ...] = (Option(keys.pack("targets"), "返回"),)
    if any(not change.same for change in changes):
        version = _keep(turn, {**draft, "clause": [rubric.id, criterion.id]})
        sure = Option(keys.pack("tg-yes", version=version), "确认")
        options = (sure, Option(keys.pack("tg-drop", version=version), "取消"))
    turn.say("targets-check", options, criterion=criterion, changes=changes, others=others)


async def _set(
    turn: Turn, membership: Membership, rubric: Rubric, criterion: Criterion, draft: dict[str, Any]
) -> tuple[list[Change], list[Unit]]:
    """Set the tasks that change; also gives the units of the draft that the rubric does not assess.

    Raises:
        FrozenError: scores are frozen.
        StorageError: a figure that cannot be.
    """
    await refuse_frozen_in(turn.connection, membership.campaign_id)
    known = {unit.id: unit for unit in await campaigns.units_in(turn.connection, membership.campaign_id)}
    held = await _held(turn, membership, rubric, criterion)
    changes, others = [], []
    for unit_id, figure in draft["figures"]:
        unit = known[unit_id]
        if not is_asked(rubric, criterion, unit):
            others.append(unit)
            continue
        before = held.get(unit_id)
        number = draft["number"] or (before.number if before else "")
        if before is not None and (before.figure, before.number) == (Decimal(figure), number):
            changes.append(Change(unit, before, before))
            continue
        issued_on = turn.today if draft["number"] or before is None else before.issued_on
        about = (membership.person_id, unit_id, rubric, criterion.id, Decimal(figure))
        task = await targets.set_target_in(turn.connection, turn.now, *about, number=number, issued_on=issued_on)
        changes.append(Change(unit, before, task))
    return changes, others


async def _held(turn: Turn, membership: Membership, rubric: Rubric, criterion: Criterion) -> dict[int, HandedDown]:
    """What was handed down for a clause, by unit."""
    found = await targets.of_campaign_in(turn.connection, membership.campaign_id)
    return {task.unit_id: task for task in found if (task.rubric_id, task.criterion_id) == (rubric.id, criterion.id)}


@told
async def confirmed(turn: Turn, key: Key) -> None:
    """确认: the tasks are handed down, and each unit's liaisons are asked whether the figure is right."""
    membership = office.working(turn)
    draft = turn.held("targets", key) if membership else None
    if membership is None or draft is None:
        return
    clause = _clause(membership, draft.get("clause", ()))
    if clause is None:
        turn.say("stale")
        return
    rubric, criterion = clause
    turn.state.pop("targets")
    changes, _ = await _set(turn, membership, rubric, criterion, draft)
    done = [change for change in changes if not change.same]
    unreached = [change.unit.name for change in done if not await _tell(turn, rubric, criterion, change)]
    options = (Option(keys.pack("targets"), "目标任务"),)
    turn.say("targets-set", options, criterion=criterion, changes=done, unreached=unreached)


async def _tell(turn: Turn, rubric: Rubric, criterion: Criterion, change: Change) -> int:
    """Tell a unit's liaisons of their task; returns how many it goes to."""
    about = (change.unit.id, rubric.id, criterion.id)
    right = Option(keys.pack("task-ok", *about, plain(change.after.figure)), "任务数对")
    options = (right, Option(keys.pack("task-no", *about), "任务数不对"), Option(keys.pack("ask", *about), "看这一条"))
    reached = await reaching.liaisons_in(turn.connection, change.unit.id, turn.today)
    return await office.tell(turn, reached, "told-target", options, criterion=criterion, change=change)


async def dropped(turn: Turn, key: Key) -> None:
    """取消: nothing was handed down."""
    if office.working(turn) is not None and turn.held("targets", key) is not None:
        turn.state.pop("targets")
        turn.say("targets-dropped")


def _keep(turn: Turn, draft: dict[str, Any]) -> int:
    """Keep a draft until it is confirmed; returns its version, and buttons of older ones are stale."""
    turn.state["targets_version"] = version = int(turn.state.get("targets_version", 0)) + 1
    turn.state["targets"] = {**draft, "version": version}
    return version
