"""The task handed down to a unit, shown with its question: confirmed by the unit once, or said to be wrong."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.turn import Place, Turn
from rubrics.figures import plain
from storage import feedback, targets
from storage.errors import NotFoundError, StorageError
from storage.targets import HandedDown


async def of(turn: Turn, place: Place) -> HandedDown | None:
    """What was handed down to the unit for a clause; None where nothing was."""
    if place.criterion.target is None:
        return None
    here = (place.rubric.id, place.criterion.id)
    tasks = await targets.handed_down_in(turn.connection, place.unit_id)
    return next((task for task in tasks if (task.rubric_id, task.criterion_id) == here), None)


def options(task: HandedDown | None) -> tuple[Option, ...]:
    """The buttons to confirm a task's figure, until one is pressed; the key carries the figure that was shown."""
    if task is None or task.confirmed_at is not None:
        return ()
    about = (task.unit_id, task.rubric_id, task.criterion_id)
    right = Option(keys.pack("task-ok", *about, plain(task.figure)), "任务数对")
    return (right, Option(keys.pack("task-no", *about), "任务数不对"))


async def confirm(turn: Turn, key: Key) -> None:
    """The unit has read its task."""
    place = turn.place(key)
    membership = turn.of_unit(place.unit_id) if place else None
    if place is None or membership is None or len(key.parts) != 4:
        turn.say("stale")
        return
    again = (Option(keys.pack("ask", *place.parts), "回答问题"),)
    about = (place.unit_id, place.rubric.id, place.criterion.id)
    try:
        seen = Decimal(key.parts[3])
        task = await targets.confirm_target_in(turn.connection, turn.now, membership.person_id, *about, seen)
    except InvalidOperation:
        turn.say("stale")
    except (NotFoundError, StorageError) as error:
        turn.say("refused", again, said=str(error))
    else:
        turn.say("task-confirmed", again, task=task, criterion=place.criterion)


async def doubt(turn: Turn, key: Key) -> None:
    """The figure is wrong: ask what it should be."""
    place = turn.place(key)
    if place is None:
        turn.say("stale")
        return
    turn.expect(keys.pack("task-no", *place.parts))
    task = await of(turn, place)
    turn.say("task-wrong", (Option(keys.pack("back"), "返回"),), task=task, criterion=place.criterion)


async def doubted(turn: Turn, key: Key) -> None:
    """What it should be goes to the office as feedback."""
    place = turn.place(key)
    membership = turn.of_unit(place.unit_id) if place else None
    if place is None or membership is None:
        turn.say("stale")
        return
    task = await of(turn, place)
    words = turn.render(
        "task-feedback", unit=membership.unit_name, task=task, criterion=place.criterion, said=turn.event.text[:500]
    )
    number = await feedback.add_in(turn.connection, turn.now, membership.person_id, membership.campaign_id, words)
    turn.say("task-doubted", (Option(keys.pack("ask", *place.parts), "回答问题"),), number=number)
