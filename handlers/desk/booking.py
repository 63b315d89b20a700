"""记情况: a fact only the office knows, booked against units with its 依据 and what it costs, told to each at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.desk import (
    booked_news,
    booking_checks,
    fact_notes,
)
from handlers.desk.booked import book
from handlers.desk.booking_draft import Draft, Setting, draft_of, next_version, setting_of
from handlers.desk.fact_costs import cost_words
from handlers.desk.fact_news import is_news
from handlers.desk.fact_notes import Clause
from handlers.free_text import which_campaign
from handlers.turn import Turn
from handlers.units import find
from handlers.year import vetoing
from rubrics.answers import asked_of
from rubrics.errors import FactError, KaopingError
from rubrics.fact_words import fact_words
from storage import campaigns, reaching
from storage.office_facts import Booked
from storage.trial import on_trial


async def start(turn: Turn, words: str, *, two: bool = False) -> None:
    """``/fact`` with a note behind it, or the question what happened.

    Args:
        two: only clauses that take two people are meant (一票否决).
    """
    if office.working(turn) is not None and not which_campaign.asks(turn, "veto" if two else "fact", words):
        await begin(turn, words, two=two)


async def begin(turn: Turn, words: str, *, two: bool = False) -> None:
    """As `start`, once it is known which year is meant."""
    membership = office.working(turn)
    if membership is None:
        return
    known = await campaigns.units_in(turn.connection, membership.campaign_id)
    if not words.strip():
        _ask_note(turn, known[0].name, [clause.label for clause in vetoing.clauses(membership)] if two else [])
        return
    note = fact_notes.read_note(words, known)
    if note.problem:
        turn.expect(_note_key(two=two))
        turn.say("refused", _put_down(turn), said=note.problem)
        return
    values = {str(ident): value for ident, value in note.values.items()}
    loose = tuple(str(ident) for ident in note.loose)
    draft = Draft(next_version(turn), values, words=note.clause_words, basis=note.basis, loose=loose, two=two)
    await _go_on(turn, draft)


async def prefilled(turn: Turn, values: dict[str, str], clause: Clause, words: str, basis: str) -> None:
    """A note that was understood: what it does not say is asked, then it is read back as any other."""
    if office.working(turn) is not None:
        about = (clause.rubric.id, clause.criterion.id)
        await _go_on(turn, Draft(next_version(turn), values, *about, words=words, basis=basis))


async def note(turn: Turn, key: Key) -> None:
    """The note that was asked for."""
    await begin(turn, turn.event.text, two=bool(key.parts))


def wants(turn: Turn) -> bool:
    """Whether words that nothing else understands are a note: the office names a 依据."""
    held = any(membership.role == "office" for membership in office.campaigns_of(turn))
    return held and "依据" in turn.event.text and not turn.event.in_group


async def of_unit(turn: Turn, key: Key) -> None:
    """记情况 on a unit's card."""
    if office.working(turn) is not None:
        values = {key.parts[0]: ""} if len(key.parts) == 1 else {}
        await _go_on(turn, Draft(next_version(turn), values))


async def clause_chosen(turn: Turn, key: Key) -> None:
    """A clause's button."""
    draft = draft_of(turn, key)
    if draft is not None and len(key.parts) == 2:
        await _go_on(turn, replace(draft, rubric=key.parts[0], criterion=key.parts[1]))


async def unit_said(turn: Turn, key: Key) -> None:
    """The units that were asked for, by name, or with how many each; one number that was said before stays."""
    draft = draft_of(turn, key)
    membership = office.working(turn) if draft else None
    if draft is None or membership is None:
        return
    known = await campaigns.units_in(turn.connection, membership.campaign_id)
    note = fact_notes.read_note(turn.event.text, known)
    said = set(draft.values.values())
    before = said.pop() if len(said) == 1 else ""
    values = {str(ident): value or before for ident, value in note.values.items()}
    values = values or {str(unit.id): before for unit in find(known, turn.event.text)[:1]}
    loose = tuple(str(ident) for ident in note.loose)
    await _go_on(turn, replace(draft, values=values, basis=note.basis or draft.basis, loose=loose))


async def measure_chosen(turn: Turn, key: Key) -> None:
    """A button that says which of a clause's measures happened."""
    draft = draft_of(turn, key)
    setting = await setting_of(turn, draft) if draft else None
    clause = setting.clause(draft) if setting and draft else None
    if draft is None or clause is None:
        return
    place = key.parts[0] if key.parts else ""
    if not place.isdigit() or int(place) >= len(clause.criterion.measures):
        turn.say("stale")
        return
    await _go_on(turn, replace(draft, measure=clause.criterion.measures[int(place)].key))


async def value_chosen(turn: Turn, key: Key) -> None:
    """A button that says how many."""
    await _value(turn, key, key.parts[0] if key.parts else "", pressed=True)


async def value_said(turn: Turn, key: Key) -> None:
    """How many, in words."""
    await _value(turn, key, turn.event.text, pressed=False)


async def _value(turn: Turn, key: Key, words: str, *, pressed: bool) -> None:
    draft = draft_of(turn, key)
    setting = await setting_of(turn, draft) if draft else None
    clause = setting.clause(draft) if setting and draft else None
    if draft is None or clause is None:
        return
    if pressed:
        labels = _labels(clause)
        if not words.isdigit() or int(words) >= len(labels):
            turn.say("stale")
            return
        words = labels[int(words)]
    await _go_on(turn, replace(draft, values={ident: value or words for ident, value in draft.values.items()}))


async def basis_said(turn: Turn, key: Key) -> None:
    """The 依据 that was asked for."""
    await basis_typed(turn, key, turn.event.text)


async def basis_typed(turn: Turn, key: Key, words: str) -> None:
    """Words that are the 依据."""
    draft = draft_of(turn, key)
    if draft is not None:
        await _go_on(turn, replace(draft, basis=words.strip()))


async def confirmed(turn: Turn, key: Key) -> None:
    """确认: booked for all units or for none, each that it concerns is told at once; a veto is only proposed."""
    draft = draft_of(turn, key)
    setting = await setting_of(turn, draft) if draft else None
    clause = setting.clause(draft) if setting and draft else None
    if draft is None or setting is None or clause is None or await office.refuse_own(turn, setting.units.values()):
        return
    try:
        facts, by = setting.facts(draft), setting.membership
        if vetoing.takes_two(clause, facts.values()):
            if await vetoing.ask(turn, by, clause, facts, draft.basis):
                turn.state.pop("fact")
            return
        booked, _ = await book(turn, setting, clause, facts, draft.basis, by.person_id)
    except KaopingError as error:
        turn.say("refused", said=str(error))
        return
    turn.state.pop("fact")
    told = {one.fact.id: await booked_news.tell(turn, clause, one) if is_news(one) else 0 for one in booked}
    turn.say("fact-booked", clause=clause, booked=booked, told=told, words=_words(clause, booked))


async def put_down(turn: Turn, key: Key) -> None:
    """取消: the note that was asked for, or the draft the button belongs to."""
    draft = turn.state.get("fact")
    if draft is None and key.version == 0:
        turn.say("fact-dropped")
    elif draft_of(turn, key) is not None:
        turn.state.pop("fact")
        turn.say("fact-dropped")


def drop(turn: Turn) -> str:
    """Put down what was begun; returns the words it began with, empty where nothing was."""
    return str(turn.state.pop("fact", {}).get("words", ""))


async def anew(turn: Turn, key: Key) -> None:
    """修改: what is to be changed; the rest stays. A whole note may be typed instead."""
    draft = draft_of(turn, key)
    if draft is None:
        return
    turn.expect(_note_key(two=draft.two))
    options = tuple(Option(keys.pack("fact-edit", what, version=draft.version), label) for what, label in _PARTS)
    turn.say("fact-edit", (*options, *_put_down(turn)))


_PARTS = (("unit", "改单位"), ("clause", "改条目"), ("value", "改几起"), ("basis", "改依据"))


async def edit(turn: Turn, key: Key) -> None:
    """改单位, 改条目, 改几起, 改依据: that is asked again."""
    draft = draft_of(turn, key)
    what = key.parts[0] if key.parts else ""
    if draft is None:
        return
    if what == "unit":
        _ask_unit(turn, draft)
    elif what == "clause":
        await other_clause(turn, key)
    elif what == "value":
        await _go_on(turn, replace(draft, values=dict.fromkeys(draft.values, "")))
    elif what == "basis":
        await _go_on(turn, replace(draft, basis=""))
    else:
        turn.say("stale")


def _ask_note(turn: Turn, example: str, labels: Sequence[str]) -> None:
    """Ask for a note; ``labels``: of the clauses it can be about, where they are those that take two people."""
    turn.state.pop("fact", None)
    turn.expect(_note_key(two=bool(labels)))
    turn.say("veto-how" if labels else "fact-how", _put_down(turn), example=example, labels=labels)


def _note_key(*, two: bool) -> str:
    return keys.pack("fact-note", *(("two",) if two else ()))


def _put_down(turn: Turn) -> tuple[Option, ...]:
    version = turn.state["fact"]["version"] if "fact" in turn.state else 0
    return (Option(keys.pack("fact-no", version=version), "取消"),)


async def _go_on(turn: Turn, draft: Draft) -> None:
    """Ask for what is missing, one thing at a time; with everything at hand, read it back."""
    setting = await setting_of(turn, draft)
    if setting is None:
        return
    if not draft.criterion:
        likely = fact_notes.likely(setting.clauses, draft.words)
        if draft.two and draft.values and not draft.words and len(setting.clauses) == 1:
            likely = tuple(setting.clauses)
        if len(likely) == 1:
            draft = replace(draft, rubric=likely[0].rubric.id, criterion=likely[0].criterion.id)
            setting = await setting_of(turn, draft) or setting
    if await office.refuse_own(turn, setting.units.values()):
        return
    turn.state["fact"] = asdict(draft)
    clause = setting.clause(draft)
    if not draft.values:
        _ask_unit(turn, draft)
    elif clause is None:
        _ask_clause(turn, draft, setting)
    else:
        await _ask_rest(turn, setting, clause, draft)


async def _ask_rest(turn: Turn, setting: Setting, clause: Clause, draft: Draft) -> None:
    """What a clause that is known still needs: how many, which measure, the basis."""
    draft = replace(draft, values={ident: draft.values[ident] for ident in setting.units})
    if wrong := _wrong_values(clause, draft):
        _ask_value(turn, draft, setting, clause, wrong)
        return
    if booking_checks.measure_wanted(clause, draft):
        draft = replace(draft, measure=booking_checks.said_measure(clause.criterion, draft.words))
        turn.state["fact"]["measure"] = draft.measure
    if booking_checks.measure_wanted(clause, draft):
        _ask_measure(turn, draft, clause)
    elif low := booking_checks.too_low(clause, draft):
        turn.say("fact-too-low", (*_changes(draft), *_put_down(turn)), clause=clause, low=low)
    elif lacking := booking_checks.basis_lacks(turn, clause, draft):
        turn.expect(keys.pack("fact-basis", version=draft.version))
        exposed = booking_checks.is_exposure(draft)
        turn.say("fact-basis", _put_down(turn), clause=clause, exposed=exposed, lacking=lacking, said=draft.basis)
    else:
        await _read_back(turn, setting, clause, draft)


def _changes(draft: Draft) -> tuple[Option, ...]:
    return tuple(
        Option(keys.pack(verb, version=draft.version), label)
        for verb, label in (("fact-anew", "修改"), ("fact-other", "换一条"))
    )


def _ask_unit(turn: Turn, draft: Draft) -> None:
    turn.expect(keys.pack("fact-unit", version=draft.version))
    turn.say("fact-which-unit", _put_down(turn), words=draft.words)


def _ask_clause(turn: Turn, draft: Draft, setting: Setting) -> None:
    likely = fact_notes.likely(setting.clauses, draft.words)
    options = tuple(
        Option(keys.pack("fact-clause", c.rubric.id, c.criterion.id, version=draft.version), c.criterion.label)
        for c in likely or setting.clauses
    )
    more = (Option(keys.pack("fact-other", version=draft.version), "都不是"),) if likely else ()
    turn.say("fact-which-clause", (*options, *more, *_put_down(turn)), words=draft.words, clauses=setting.clauses)


def _ask_measure(turn: Turn, draft: Draft, clause: Clause) -> None:
    options = tuple(
        Option(keys.pack("fact-measure", place, version=draft.version), measure.key)
        for place, measure in enumerate(clause.criterion.measures)
    )
    turn.say("fact-which-measure", (*options, *_put_down(turn)), clause=clause)


async def other_clause(turn: Turn, key: Key) -> None:
    """都不是: every clause that can be booked."""
    draft = draft_of(turn, key)
    if draft is not None:
        await _go_on(turn, replace(draft, words="", rubric="", criterion="", measure=""))


def _wrong_values(clause: Clause, draft: Draft) -> str:
    """Why a value cannot be booked yet; empty where all can."""
    for value in draft.values.values():
        try:
            fact_notes.fact_of(clause.criterion, value)
        except FactError as error:
            return str(error) if value else "还没有写"
    return ""


def _ask_value(turn: Turn, draft: Draft, setting: Setting, clause: Clause, wrong: str) -> None:
    """Ask how many for the units whose number is missing or cannot be."""
    kept = {ident: value if _counts(clause, value) else "" for ident, value in draft.values.items()}
    turn.state["fact"]["values"] = kept
    turn.expect(keys.pack("fact-value", version=draft.version))
    options = tuple(
        Option(keys.pack("fact-pick", place, version=draft.version), label)
        for place, label in enumerate(_labels(clause))
    )
    names = [setting.units[ident].name for ident, value in kept.items() if not value]
    options = (*options, *_put_down(turn))
    turn.say(
        "fact-how-many", options, clause=clause, units=names, unit=asked_of(clause.criterion, None).unit, wrong=wrong
    )


def _counts(clause: Clause, words: str) -> bool:
    try:
        fact_notes.fact_of(clause.criterion, words)
    except FactError:
        return False
    return True


def _labels(clause: Clause) -> tuple[str, ...]:
    """Buttons that are an answer by themselves; where it is asked how many, only 没发生."""
    buttons = clause.criterion.answer.buttons
    if any(value == "count" for value in buttons.values()):
        return tuple(label for label, value in buttons.items() if value != "count")
    return tuple(buttons) or (() if asked_of(clause.criterion, None).unit else ("没发生", "发生过"))


async def _read_back(turn: Turn, setting: Setting, clause: Clause, draft: Draft) -> None:
    """What would be booked and what it costs: carried out and undone, so that the figures are those of 确认."""
    try:
        async with on_trial(turn.connection):
            facts = setting.facts(draft)
            booked, before = await book(turn, setting, clause, facts, draft.basis, setting.membership.person_id)
            costs = {one.fact.id: await cost_words(turn, *clause, one) for one in booked}
            reached = {
                one.fact.id: await reaching.liaisons_in(turn.connection, one.fact.unit_id, turn.today)
                for one in booked
                if is_news(one)
            }
    except KaopingError as error:
        turn.say("refused", (*_changes(draft), *_put_down(turn)), said=str(error))
        return
    words = {"costs": costs, "reached": reached, "before": before, "basis": draft.basis}
    words["two"] = vetoing.takes_two(clause, facts.values())
    yes = Option(keys.pack("fact-yes", version=draft.version), "确认")
    options = (yes, *_changes(draft), *_put_down(turn))
    turn.say("fact-check", options, clause=clause, booked=booked, words=_words(clause, booked), **words)


def _words(clause: Clause, booked: Sequence[Booked]) -> dict[int, str]:
    return {one.fact.id: fact_words(clause.criterion, one.fact.fact) for one in booked}
