"""The conversation: each event becomes one turn, one unit of work, and always at least one reply."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from channels import keys
from channels.keys import Key
from channels.port import Event
from channels.text import environment
from handlers import asking, checklist, filing, joining, standing
from handlers.turn import Render, Turn
from handlers.words import command_of
from rubrics.answers import asked_of
from rubrics.model import Criterion, Measure, Rubric
from rubrics.tasks import asked
from storage import conversation, dialogues, inbox, people
from storage.clock import Clock
from storage.database import Database
from storage.files import FileStore
from storage.scorecards import SummaryRow

log = logging.getLogger(__name__)

PRESSES: dict[str, Callable[[Turn, Key], Awaitable[None]]] = {
    "ans": asking.pressed,
    "more": asking.more,
    "state": asking.stated,
    "ask": asking.again,
    "next": checklist.next_one,
    "list": checklist.show,
    "item": checklist.item,
    "scores": standing.scores,
    "sort": filing.show_unsorted,
    "sort-item": filing.choose_clause,
    "use": filing.use,
}
"""What each option key's verb does; every button of the bot is here."""


class Conversation:
    """Receives the events of every channel."""

    def __init__(
        self, database: Database, files: FileStore, clock: Clock, zone: ZoneInfo, said: Callable[[], None]
    ) -> None:
        """Nothing is opened.

        Args:
            files: where a channel has put the bytes of an event's files.
            said: told after each turn that the outbox has something to send.
        """
        self._database, self._files, self._clock, self._said = database, files, clock, said
        self._render = renderer(zone)

    async def receive(self, event: Event) -> None:
        """Handle an event and answer it; an error leaves nothing but an apology with a reference number."""
        try:
            await self._turn(event, route)
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("event %s of %s failed, reference %s", event.id, event.channel, reference)

            async def apologise(turn: Turn) -> None:
                turn.say("apology", reference=reference)

            await self._turn(event, apologise)
        self._said()

    async def _turn(self, event: Event, handle: Callable[[Turn], Awaitable[None]]) -> None:
        async with self._database.write() as connection:
            now = self._clock()
            kept = await inbox.find_in(connection, event.channel, event.id)
            if kept and not await inbox.handled_in(connection, now, kept.id):
                return  # done before: a redelivery after a crash
            if event.text and not event.option:
                await conversation.heard(connection, now, event.channel, event.address, event.text)
            for file in event.files:
                await conversation.heard(connection, now, event.channel, event.address, "", file._asdict())
            known = await people.memberships_in(connection, event.channel, event.address)
            state = await dialogues.state_in(connection, event.channel, event.address)
            turn = Turn(event, now, connection, known, state, self._render, self._files)
            await handle(turn)
            for reply in turn.replies:
                options = [(option.key, option.label) for option in reply.options]
                await conversation.say(connection, now, event.channel, event.address, reply.text, options)
            if turn.replies:
                turn.state["labels"] = {o.label: o.key for reply in turn.replies for o in reply.options}
            await dialogues.set_state(connection, now, event.channel, event.address, turn.state)


async def route(turn: Turn) -> None:
    """Find what an event asks for; whatever it is, something is said."""
    event = turn.event
    code = event.start_code or joining.code_in(event.text)
    if code:
        await joining.join(turn, code)
    elif not turn.memberships:
        await joining.stranger(turn)
    elif event.option is not None:
        await _press(turn, event.option)
    elif event.files:
        await filing.received(turn)
    else:
        await _words(turn)


async def _press(turn: Turn, text: str) -> None:
    key = keys.parse(text)
    handle = PRESSES.get(key.verb) if key else None
    if key is None or handle is None:
        turn.say("stale")
    else:
        await handle(turn, key)


async def _words(turn: Turn) -> None:
    match command_of(turn.event.text):
        case ("list", _):
            await checklist.show(turn)
        case ("next", _):
            await checklist.next_one(turn)
        case ("me", _):
            await standing.mine(turn)
        case ("inbox", _):
            await filing.show_unsorted(turn)
        case ("scores", _):
            await standing.scores(turn)
        case ("unit", name):
            await (standing.unit(turn, name) if name else _help(turn))
        case ("start", code):
            await (joining.join(turn, code) if code else _help(turn))
        case ("cancel", _):
            turn.say("cancelled" if turn.state.pop("open", None) else "nothing-open", office=turn.office)
        case ("help", _):
            await _help(turn)
        case _ if (key := turn.state.get("labels", {}).get(turn.event.text.strip())) and key[:3] != "ans":
            await _press(turn, key)  # a typed label equals a press
        case _ if "open" in turn.state:
            await asking.typed(turn)
        case _ if key:
            await _press(turn, key)
        case _:
            said = turn.event.text.strip()[:20]
            turn.say("unknown", said=said, advice=turn.render("help", liaison=turn.liaison, office=turn.office))


async def _help(turn: Turn) -> None:
    turn.say("help", liaison=turn.liaison, office=turn.office)


def renderer(zone: ZoneInfo) -> Render:
    """Fills this room's templates."""
    templates = environment(Path(__file__).parent / "templates", zone)
    templates.globals["example"] = _example
    templates.globals["label"] = _label
    templates.globals["item_label"] = lambda rubric, ident: next(i.label for i in rubric.items if i.id == ident)
    templates.globals["asked_count"] = _asked_count
    templates.globals["done_rows"] = lambda row: f"完成 {sum(d == of for d, of in row.claimed.rows.values())} 行"

    def render(template: str, **words: object) -> str:
        return templates.get_template(f"{template}.j2").render(**words)

    return render


def _example(criterion: Criterion, measure: Measure | None) -> str:
    return "完成了，或 3/4" if criterion.target and not measure else asked_of(criterion, measure).example


def _asked_count(rubric: Rubric, row: SummaryRow) -> int:
    return sum(len(clauses) for clauses in asked(rubric, row.unit, row.category).values())


def _label(rubric: Rubric, gain: dict[str, object]) -> str:
    ident = gain.get("criterion")
    if ident:
        return rubric.criteria[str(ident)].label
    return next(item.label for item in rubric.items if item.id == gain["item"])
