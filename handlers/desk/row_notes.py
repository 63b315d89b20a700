"""存在问题 and 下步打算: what a department says about the rows of the tasks table it leads, for 附件1."""

from __future__ import annotations

from typing import NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.proof.proof_standing import at
from handlers.turn import Turn
from reports.score_table import Done
from rubrics.errors import KaopingError
from rubrics.model import Item, Rubric
from rubrics.tasks import duties
from storage import scorecards, task_notes
from storage.people import Membership
from storage.task_notes import TaskNote

MOST_BUTTONS = 36


class Row(NamedTuple):
    """A row the unit leads: its targets done, and what was said about it."""

    item: Item
    done: Done
    note: TaskNote | None


class _Place(NamedTuple):
    membership: Membership
    rubric: Rubric
    item: Item

    @property
    def parts(self) -> tuple[str | int, ...]:
        return (self.membership.unit_id or 0, self.rubric.id, self.item.id)


async def show(turn: Turn) -> None:
    """存在问题: the rows the unit leads, what was said about each, and buttons to say it."""
    membership = turn.liaison
    if membership is None:
        turn.say("no-unit", office=turn.office)
        return
    rubric = _tasks(membership)
    rows = await _rows(turn, membership, rubric) if rubric else []
    if rubric is None or not rows:
        turn.say("row-none", unit=membership.unit_name)
        return
    options = tuple(
        Option(
            keys.pack("row-note", *_Place(membership, rubric, row.item).parts), f"{row.item.id} {row.item.label}"[:10]
        )
        for row in rows[:MOST_BUTTONS]
    )
    turn.say("row-list", options, unit=membership.unit_name, rows=rows)


def _tasks(membership: Membership) -> Rubric | None:
    return next((r for r in membership.rubrics if any(item.role == "task" for item in r.items)), None)


async def _rows(turn: Turn, membership: Membership, rubric: Rubric) -> list[Row]:
    groups = tuple(name for name, categories in rubric.groups.items() if membership.unit_category in categories)
    unit_id = membership.unit_id or 0
    scored = scorecards.figures_of(await turn.scored(unit_id, rubric)).rows
    notes = await task_notes.newest_in(turn.connection, membership.campaign_id, rubric.id)
    bound = duties(rubric, membership.unit_name, groups)
    return [Row(duty.row, Done(*scored[duty.row.id]), notes.get((unit_id, duty.row.id))) for duty in bound]


async def ask(turn: Turn, key: Key) -> None:
    """A row was pressed: what stands in its way?"""
    place = _place(turn, key)
    if place is None:
        turn.say("stale")
        return
    turn.expect(keys.pack("row-problem", *place.parts))
    turn.say("row-problem", item=place.item)


async def problem_said(turn: Turn, key: Key) -> None:
    """The problem; then what is to be done about it."""
    place = _place(turn, key)
    if place is None:
        turn.say("stale")
        return
    if len(turn.event.text.strip()) > task_notes.WORD_CHARACTERS:
        turn.expect(keys.pack("row-problem", *place.parts))
        turn.say("row-long", most=task_notes.WORD_CHARACTERS)
        return
    turn.state["row_problem"] = turn.event.text.strip()
    turn.expect(keys.pack("row-next", *place.parts))
    turn.say("row-next", item=place.item)


async def next_said(turn: Turn, key: Key) -> None:
    """The next step: both are kept, and 附件1 has them."""
    place = _place(turn, key)
    if place is None:
        turn.say("stale")
        return
    words = {"problem": turn.state.get("row_problem", ""), "next_step": turn.event.text}
    about = (turn.connection, turn.now, place.membership.person_id, place.membership.unit_id or 0)
    try:
        note = await task_notes.add_in(*about, place.rubric, place.item.id, **words)
    except KaopingError as error:
        turn.expect(keys.pack("row-next", *place.parts))
        turn.say("refused", said=str(error))
        return
    turn.state.pop("row_problem", None)
    turn.say("row-kept", item=place.item, note=note)


def _place(turn: Turn, key: Key) -> _Place | None:
    """The row a key names, where the person's unit leads it."""
    membership = turn.of_unit(at(key, 0)) if len(key.parts) == 3 else None
    rubric = _tasks(membership) if membership else None
    if membership is None or rubric is None or rubric.id != key.parts[1]:
        return None
    groups = tuple(name for name, categories in rubric.groups.items() if membership.unit_category in categories)
    bound = (duty.row for duty in duties(rubric, membership.unit_name, groups))
    item = next((item for item in bound if item.id == key.parts[2]), None)
    return _Place(membership, rubric, item) if item else None
