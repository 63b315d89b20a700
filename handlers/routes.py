"""What an event asks for: each command and each button of the bot, and the handler it goes to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from channels import keys
from channels.keys import Key
from handlers import (
    audiences,
    guidance,
    office,
    secrecy,
    steps,
)
from handlers.answering import (
    asking,
    checklist,
    claims,
    entering,
    handed_down,
    honouring,
    keeping,
    last_clause,
    overtaken,
    own_units,
    states,
    submitting,
    waiting,
)
from handlers.desk import (
    booking,
    disputing,
    exporting_routes,
    office_routes,
    office_words,
    score_routes,
    scoring,
    screens,
    today,
    unbooked_routes,
)
from handlers.free_text import (
    free_routes,
    matchers,
    pending,
    searching,
    understanding,
)
from handlers.people import (
    devices,
    enrolling,
    feedback,
    joining,
    people_routes,
)
from handlers.proof import (
    filing,
    naming_typed,
    noting,
    proof_or_entry,
    proof_routes,
    sorting,
)
from handlers.review import (
    expert_routes,
    providing,
    reviewing_routes,
    visit_routes,
)
from handlers.sending import (
    leaving,
    reminder_routes,
    reporting,
    sending_routes,
)
from handlers.turn import Turn
from handlers.words import command_of, stands_apart
from handlers.year import (
    adopting_routes,
    campaigning,
    issuing_routes,
    motion_routes,
    opening,
    phase_routes,
    targets_desk,
    targets_routes,
)
from storage.files import classified_word

PRESSES: dict[str, Callable[[Turn, Key], Awaitable[None]]] = {
    "ans": asking.pressed,
    "more": states.more,
    "state": states.pressed,
    "when": states.when,
    "ask": asking.again,
    "sure": claims.confirmed,
    "leave-so": overtaken.left,
    "undo": keeping.undo,
    "log": keeping.history,
    "task-ok": handed_down.confirm,
    "task-no": handed_down.doubt,
    "back": steps.back,
    "submit": submitting.show,
    "submit-go": submitting.hand_in,
    "signed": submitting.close,
    "next": checklist.next_one,
    "list": checklist.show,
    "item": checklist.item,
    **proof_routes.PRESSES,
    **reminder_routes.PRESSES,
    **reviewing_routes.PRESSES,
    **exporting_routes.PRESSES,
    **free_routes.PRESSES,
    **sending_routes.PRESSES,
    **issuing_routes.PRESSES,
    **targets_routes.PRESSES,
    **motion_routes.PRESSES,
    **people_routes.PRESSES,
    **score_routes.PRESSES,
    **visit_routes.PRESSES,
    **expert_routes.PRESSES,
    **phase_routes.PRESSES,
    **unbooked_routes.PRESSES,
    **adopting_routes.PRESSES,
    **office_routes.PRESSES,
}
"""What each option key's verb does; every button of the bot is here."""

COMMANDS: dict[str, Callable[[Turn, str], Awaitable[None]]] = {
    "list": lambda turn, _: checklist.show(turn),
    "next": lambda turn, _: checklist.next_one(turn),
    "me": lambda turn, _: scoring.mine(turn),
    "inbox": lambda turn, _: sorting.show(turn),
    "undo": lambda turn, _: last_clause.undo(turn),
    "wrong": lambda turn, _: last_clause.wrong(turn),
    "swap": lambda turn, _: last_clause.swap(turn),
    "entries": lambda turn, _: last_clause.entries(turn),
    "proof": lambda turn, _: last_clause.proof(turn),
    "by-number": lambda turn, _: naming_typed.by_number(turn),
    "offline": lambda turn, _: naming_typed.offline(turn),
    "start": joining.typed,
    "cancel": lambda turn, _: steps.cancel(turn),
    "back": lambda turn, _: _back(turn),
    "skip": lambda turn, _: states.skip_open(turn),
    "submit": lambda turn, _: submitting.show(turn),
    "device": lambda turn, _: devices.code(turn),
    "feedback": feedback.given,
    "disputes": lambda turn, _: disputing.typed(turn),
    "help": lambda turn, _: guidance.help_with(turn),
    **reminder_routes.COMMANDS,
    **reviewing_routes.COMMANDS,
    **office_routes.COMMANDS,
    **exporting_routes.COMMANDS,
    **free_routes.COMMANDS,
    **sending_routes.COMMANDS,
    **phase_routes.COMMANDS,
    **unbooked_routes.COMMANDS,
    **adopting_routes.COMMANDS,
    **issuing_routes.COMMANDS,
    **targets_routes.COMMANDS,
    **motion_routes.COMMANDS,
    **people_routes.COMMANDS,
    **score_routes.COMMANDS,
    **visit_routes.COMMANDS,
    **expert_routes.COMMANDS,
    **screens.COMMANDS,
}
"""What each command does with the words behind it (see `words` for what people type)."""

BENEATH = frozenset(
    {
        "back",
        "cancel",
        "undo",
        "gap",
        "score-log",
        "swap",
        "entries",
        "proof",
        "by-number",
        "offline",
        "skip",
        "take-back",
        "sample",
        "across",
        "clue",
    }
)
"""Commands that are also labels of buttons: those beneath what was just said are meant first."""

EXPECTED: dict[str, Callable[[Turn, Key], Awaitable[None]]] = {
    "when": waiting.typed,
    "why": states.why,
    "task-no": handed_down.doubted,
    "feedback": feedback.typed,
    **proof_routes.EXPECTED,
    **reminder_routes.EXPECTED,
    **reviewing_routes.EXPECTED,
    **exporting_routes.EXPECTED,
    **free_routes.EXPECTED,
    **sending_routes.EXPECTED,
    **issuing_routes.EXPECTED,
    **targets_routes.EXPECTED,
    **motion_routes.EXPECTED,
    **people_routes.EXPECTED,
    **score_routes.EXPECTED,
    **visit_routes.EXPECTED,
    **expert_routes.EXPECTED,
    **phase_routes.EXPECTED,
    **unbooked_routes.EXPECTED,
    **adopting_routes.EXPECTED,
    **office_routes.EXPECTED,
}
"""Where words go that the turn before asked for (`Turn.expect`)."""

ELSEWHERE: dict[str, Callable[[Turn, Key], Awaitable[bool]]] = {
    "leave": leaving.elsewhere,
    "year-end": opening.elsewhere,
    "open-again": opening.elsewhere,
    "targets": targets_desk.elsewhere,
}
"""Whether words are none of those that were asked for, where these have a form."""

FORMED = frozenset({*ELSEWHERE, "invite-words", "push-words", "remove-who"})
"""Where names or a line of a form are asked for: a command is none of these, whatever stands behind it."""

RESUMED = frozenset(
    {"invite-words", "invite-role", "invite-named", "notice-text", "notice-whom", "notice-by", "notice-file"}
    | {"fact-note", "fact-unit", "fact-value", "fact-basis", "rv-why", "rv-value", "rv-said"}
)
"""What the office is asked and may look something up for before it answers."""

LOOKING = frozenset({"today", "missing", "scores", "unit", "people", "handed-in", "unseen", "help", "doings", "silent"})
"""Commands that only show something: what was asked before them stays open (`RESUMED`)."""


async def route(turn: Turn) -> None:
    """Find what an event asks for; whatever it is, something is said."""
    event = turn.event
    turn.expected = keys.parse(turn.state.pop("expects", ""))
    code = event.start_code or joining.code_in(event.text)
    if event.in_group:
        guidance.in_group(turn)
    elif code:
        await joining.join(turn, code)
    elif not turn.memberships:
        await joining.stranger(turn)
    elif event.option is not None:
        await _press(turn, event.option)
    elif classified_word(event.text):
        await secrecy.refuse(turn)
    elif event.files and (take := sending_routes.taker(turn)):
        await take(turn)
    elif event.files:
        await (enrolling.received if enrolling.wants(turn) else filing.received)(turn)
    elif event.refused:
        guidance.refused_files(turn)
    elif event.edited:
        guidance.edited(turn)
    elif event.other and not event.text:
        guidance.cannot_read(turn)
    else:
        await _words(turn)
    reporting.still_waits(turn)


async def _press(turn: Turn, text: str) -> None:
    key = keys.parse(text)
    handle = PRESSES.get(key.verb) if key else None
    if key is None or handle is None:
        turn.say("stale")
    else:
        await handle(turn, key)


async def _words(turn: Turn) -> None:
    key = turn.state.get("labels", {}).get(turn.event.text.strip())
    found = _command(turn, key)
    if found:
        await COMMANDS[found[0]](turn, found[1])
        _stay_open(turn, found[0])
    elif key and key[:3] != "ans":
        await _press(turn, key)  # a typed label equals a press
    elif turn.expected and turn.expected.verb in EXPECTED and not await _declined(turn, turn.expected):
        await EXPECTED[turn.expected.verb](turn, turn.expected)
    elif named := noting.meant(turn):
        await proof_or_entry.typed(turn, named)
    elif "open" in turn.state and await understanding.answers_plainly(turn):
        await _answer(turn)
    elif key:
        await _press(turn, key)
    elif unit := await own_units.typed(turn):
        await checklist.show(turn, unit)
    elif campaigning.wants(turn):
        await campaigning.show(turn, turn.event.text)
    elif booking.wants(turn):
        await booking.start(turn, turn.event.text)
    elif agreed := pending.agreed(turn):
        await _press(turn, agreed)
    elif lacking := matchers.missing(await matchers.wanted(turn)):
        turn.prepare(partial(matchers.build, lacking), lambda again, _: route(again))
    elif "open" in turn.state:
        if not await understanding.under_question(turn):
            await _answer(turn)
    elif not (await providing.heard(turn) or await office_words.understood(turn) or await understanding.heard(turn)):
        guidance.unknown(turn, searching.unknown(turn))


def _stay_open(turn: Turn, command: str) -> None:
    """Keep what was asked open over a look at something, and say so: the next words are the answer."""
    asked = turn.expected
    if asked is None or asked.verb not in RESUMED or command not in LOOKING or "expects" in turn.state:
        return
    turn.expect(keys.pack(asked.verb, *asked.parts, version=asked.version))
    if turn.replies:
        last = turn.replies[-1]
        turn.replies[-1] = last._replace(text=f"{last.text}\n\n{turn.render('still-asked').strip()}")


async def _back(turn: Turn) -> None:
    """返回, typed: what the last message's button of that kind does; of who fills nothing in, to the day's screen."""
    labels = turn.state.get("labels", {})
    beneath = next((key for label, key in labels.items() if label.startswith("返回")), None)
    if beneath and "open" not in turn.state:
        await _press(turn, beneath)
    elif turn.liaison is None and any(m.role == "office" for m in office.campaigns_of(turn)):
        await today.show(turn)
    else:
        await steps.back(turn)


async def _declined(turn: Turn, expected: Key) -> bool:
    """Whether the words are rather something else than what was asked for."""
    elsewhere = ELSEWHERE.get(expected.verb)
    return honouring.declined(turn) or (elsewhere is not None and await elsewhere(turn, expected))


async def _answer(turn: Turn) -> None:
    if entering.is_entry(turn):
        await entering.typed_under_question(turn)
    else:
        understanding.note_levels(turn)
        await asking.typed(turn)


def _command(turn: Turn, key: str | None) -> tuple[str, str] | None:
    """The command these words are; none where they are rather an answer to what was just said."""
    found = command_of(turn.event.text)
    if found is None or (found[0] in BENEATH and key):
        return None  # the 取消 beneath what was just said
    if turn.event.text.lstrip().startswith(("/", "／")):
        return found
    if turn.expected is not None and turn.expected.verb in FORMED:
        return found
    if reporting.is_aside(turn):
        return found if audiences.may(turn, found[0]) else None
    asked = turn.expected is not None or "open" in turn.state
    if asked and not audiences.may(turn, found[0]):
        return None  # 今天 is a date to who is no office
    awaited = turn.expected is not None and turn.expected.verb in EXPECTED  # words, not only files
    return None if found[1] and awaited and not stands_apart(turn.event.text) else found
