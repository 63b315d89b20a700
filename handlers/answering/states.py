"""The honest states behind 更多: 还没到时候 with its day, 不清楚, 本地没有 as an application with its reason, and 跳过."""

from __future__ import annotations

import re
from datetime import date, timedelta

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.answering.keeping import keep
from handlers.answering.until_when import day_said, month_end, quarter_end
from handlers.turn import Place, Turn
from rubrics.values import State
from storage import absences, answers

STATES: dict[State, answers.State] = {
    State.NOT_YET: "not_yet",
    State.UNKNOWN: "unknown",
    State.NOT_HERE: "not_here",
}
"""The honest states as they are kept."""

LABELS = ("还没到时候", "不清楚", "本地没有", "跳过")
UNTIL = ("本月底", "下季度", "年底")
FEWEST_CHARACTERS = 4
MOST_DAYS = 366

_BARE = re.compile("(本地|我们|这里|本镇|镇里)?(没有|不适用|不涉及|无此项)(的|了|这项|这个)?")
_MARKS = re.compile(r"[\s,，。、；;:：!！~]+")


async def more(turn: Turn, key: Key) -> None:
    """The states a clause may be in instead of an answer, and what was filled in so far."""
    place = turn.place(key)
    if place is None:
        turn.say("stale")
        return
    options = [Option(keys.pack("state", *place.parts, i, version=key.version), w) for i, w in enumerate(LABELS)]
    current = (await answers.current_in(turn.connection, place.unit_id, place.rubric.id)).get(place.criterion.id)
    if current:
        options.append(Option(keys.pack("log", *place.parts), "填报记录"))
    options.append(Option(keys.pack("back"), "返回"))
    turn.expect(keys.pack("more", *place.parts, version=key.version))  # so that 返回 is back to the question
    turn.say("more", tuple(options), criterion=place.criterion, current=current)


async def pressed(turn: Turn, key: Key) -> None:
    """A pressed honest state, or 跳过."""
    place = turn.place(key)
    if place is None or len(key.parts) != 4 or key.parts[3] not in {"0", "1", "2", "3"}:
        turn.say("stale")
    elif key.parts[3] == "3":
        skip(turn, place)
    else:
        state = list(STATES)[int(key.parts[3])]
        await stated(turn, place, state, state.value, key.version)


async def stated(turn: Turn, place: Place, state: State, words: str, version: int) -> None:
    """Keep a state; 本地没有 only with its reason, 还没到时候 also without its day."""
    if state is State.NOT_HERE:
        if _is_reason(words):
            await _apply(turn, place, words, version)
        else:
            await _ask_why(turn, place, version)
        return
    until = day_said(words, turn.today) if state is State.NOT_YET else None
    note = until.isoformat() if until and until >= turn.today else ""
    receipt = await keep(turn, place, None, words, version, state=STATES[state], note=note)
    if receipt and state is State.NOT_YET and not note:
        ask_until(turn, place, receipt.version)


def ask_until(turn: Turn, place: Place, version: int) -> None:
    """Ask until when a clause has to wait that was just kept as 还没到时候."""
    offered = _offered(turn.today)
    turn.expect(keys.pack("when", *place.parts, version=version))
    keys_of = (keys.pack("when", *place.parts, i, version=version) for i in range(len(UNTIL)))
    turn.say("until-when", tuple(Option(k, w) for k, w in zip(keys_of, UNTIL, strict=True) if w in offered))


def skip(turn: Turn, place: Place) -> None:
    """Go on without this clause for now; it comes again once the others are done."""
    turn.close(place)
    skipped = turn.state.setdefault("skipped", [])
    if list(place.parts) not in skipped:
        skipped.append(list(place.parts))
    turn.say("skipped", (Option(keys.pack("next", place.unit_id), "下一项"),), criterion=place.criterion)


async def skip_open(turn: Turn) -> None:
    """跳过, typed."""
    place = turn.place_of(turn.state["open"]) if "open" in turn.state else None
    if place is None:
        turn.say("nothing-open", office=turn.office)
    else:
        skip(turn, place)


async def when(turn: Turn, key: Key) -> None:
    """The day until which a clause has to wait: pressed, or typed where it was asked for."""
    place = turn.place(key)
    if place is None or len(key.parts) not in (3, 4):
        turn.say("stale")
        return
    current = (await answers.current_in(turn.connection, place.unit_id, place.rubric.id)).get(place.criterion.id)
    if current is None or current.state != "not_yet":
        turn.say("changed-since", (_change(place),), criterion=place.criterion, current=current)
        return
    words = turn.event.text if len(key.parts) == 3 else _label(key.parts[3])
    until = _offered(turn.today).get(words.strip()) or day_said(words, turn.today)
    if until is None or not turn.today <= until <= turn.today + timedelta(days=MOST_DAYS):
        turn.expect(keys.pack("when", *place.parts, version=key.version))
        turn.say("no-such-day", said=words.strip()[:20], until=until)
        return
    await keep(turn, place, None, words, key.version, state="not_yet", note=until.isoformat())


async def why(turn: Turn, key: Key) -> None:
    """The reason for 本地没有."""
    place = turn.place(key)
    if place is None:
        turn.say("stale")
    elif not _is_reason(turn.event.text, bare=True):
        turn.expect(keys.pack("why", *place.parts, version=key.version))
        turn.say("reason-too-short", (Option(keys.pack("back"), "返回"),))
    else:
        await _apply(turn, place, turn.event.text, key.version)


async def _ask_why(turn: Turn, place: Place, version: int) -> None:
    membership = turn.of_unit(place.unit_id)
    assert membership is not None
    about = (membership.campaign_id, place.rubric.id, place.criterion.id)
    decision = await absences.decision_in(turn.connection, *about)
    turn.expect(keys.pack("why", *place.parts, version=version))
    turn.say("ask-why", (Option(keys.pack("back"), "返回"),), criterion=place.criterion, decision=decision)


async def _apply(turn: Turn, place: Place, reason: str, version: int) -> None:
    if await keep(turn, place, None, "本地没有", version, state="not_here", note=reason.strip()):
        membership = turn.of_unit(place.unit_id)
        assert membership is not None
        about = (membership.campaign_id, place.rubric.id, place.criterion.id)
        decision = await absences.decision_in(turn.connection, *about)
        if decision:
            turn.say("already-decided", criterion=place.criterion, decision=decision)


def _is_reason(words: str, *, bare: bool = False) -> bool:
    """Whether words say more than that there is nothing; ``bare``: they were asked for as the reason alone."""
    rest = _MARKS.sub("", words)
    return len(rest if bare and not _BARE.fullmatch(rest) else _BARE.sub("", rest, count=1)) >= FEWEST_CHARACTERS


def _label(position: str) -> str:
    return UNTIL[int(position)] if position in {"0", "1", "2"} else ""


def _offered(today: date) -> dict[str, date]:
    """The days behind the buttons; one that is the same as a nearer one, or of next year, is left out."""
    offered: dict[str, date] = {}
    days = (month_end(today.year, today.month), quarter_end(today, 1), date(today.year, 12, 31))
    for label, day in zip(UNTIL, days, strict=True):
        if day.year == today.year and day not in offered.values():
            offered[label] = day
    return offered


def _change(place: Place) -> Option:
    return Option(keys.pack("ask", *place.parts), "修改")
