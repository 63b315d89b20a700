"""记情况: a fact only the office knows, booked against units with its 依据 and what it costs, told to each at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import fact_notes, office
from handlers.fact_notes import Clause
from handlers.fact_words import fact_words, is_news, is_nothing
from handlers.turn import Turn
from handlers.units import find
from rubrics.answers import asked_of
from rubrics.dates import Day, find_days
from rubrics.errors import FactError, KaopingError
from rubrics.facts import Fact
from storage import campaigns, office_facts, reaching
from storage.campaigns import Unit
from storage.office_facts import Booked
from storage.people import Membership
from storage.trial import on_trial

_LEVEL = re.compile("中央|央视|全国|国家|省|市|区|县")
_EXPOSED = "曝光"


@dataclass(frozen=True)
class Draft:
    """What is to be booked, as far as it is known. ``values``: unit id (as text, for JSON) → how many, in words."""

    version: int
    values: dict[str, str] = field(default_factory=dict)
    rubric: str = ""
    criterion: str = ""
    words: str = ""
    basis: str = ""


class _Setting(NamedTuple):
    """The campaign a draft is about: its units, and the clauses that can be booked for those of the draft."""

    membership: Membership
    units: dict[str, Unit]
    clauses: list[Clause]

    def clause(self, draft: Draft) -> Clause | None:
        """The clause of a draft, where it is one of these."""
        wanted = (draft.rubric, draft.criterion)
        return next((c for c in self.clauses if (c.rubric.id, c.criterion.id) == wanted), None)


async def start(turn: Turn, words: str) -> None:
    """``/fact`` with a note behind it, or the question what happened."""
    membership = office.working(turn)
    if membership is None:
        return
    if not words.strip():
        turn.expect(keys.pack("fact-note"))
        turn.say("fact-how")
        return
    known = await campaigns.units_in(turn.connection, membership.campaign_id)
    note = fact_notes.read_note(words, known)
    if note.problem:
        turn.expect(keys.pack("fact-note"))
        turn.say("refused", said=note.problem)
        return
    values = {str(ident): value for ident, value in note.values.items()}
    await _go_on(turn, Draft(_next_version(turn), values, words=note.clause_words, basis=note.basis))


async def prefilled(turn: Turn, values: dict[str, str], clause: Clause, words: str, basis: str) -> None:
    """A note that was understood: what it does not say is asked, then it is read back as any other."""
    if office.working(turn) is not None:
        about = (clause.rubric.id, clause.criterion.id)
        await _go_on(turn, Draft(_next_version(turn), values, *about, words=words, basis=basis))


async def note(turn: Turn, key: Key) -> None:
    """The note that was asked for."""
    await start(turn, turn.event.text)


def wants(turn: Turn) -> bool:
    """Whether words that nothing else understands are a note: the office names a 依据."""
    held = any(membership.role == "office" for membership in office.campaigns_of(turn))
    return held and "依据" in turn.event.text and not turn.event.in_group


async def of_unit(turn: Turn, key: Key) -> None:
    """记情况 on a unit's card."""
    if office.working(turn) is not None:
        values = {key.parts[0]: ""} if len(key.parts) == 1 else {}
        await _go_on(turn, Draft(_next_version(turn), values))


async def clause_chosen(turn: Turn, key: Key) -> None:
    """A clause's button."""
    draft = _draft(turn, key)
    if draft is not None and len(key.parts) == 2:
        await _go_on(turn, replace(draft, rubric=key.parts[0], criterion=key.parts[1]))


async def unit_said(turn: Turn, key: Key) -> None:
    """The units that were asked for, by name, or with how many each."""
    draft = _draft(turn, key)
    membership = office.working(turn) if draft else None
    if draft is None or membership is None:
        return
    known = await campaigns.units_in(turn.connection, membership.campaign_id)
    note = fact_notes.read_note(turn.event.text, known)
    values = {str(ident): value for ident, value in note.values.items()}
    values = values or {str(unit.id): "" for unit in find(known, turn.event.text)[:1]}
    await _go_on(turn, replace(draft, values=values, basis=note.basis or draft.basis))


async def value_chosen(turn: Turn, key: Key) -> None:
    """A button that says how many."""
    await _value(turn, key, key.parts[0] if key.parts else "", pressed=True)


async def value_said(turn: Turn, key: Key) -> None:
    """How many, in words."""
    await _value(turn, key, turn.event.text, pressed=False)


async def _value(turn: Turn, key: Key, words: str, *, pressed: bool) -> None:
    draft = _draft(turn, key)
    setting = await _setting(turn, draft) if draft else None
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
    draft = _draft(turn, key)
    if draft is not None:
        await _go_on(turn, replace(draft, basis=turn.event.text.strip()))


async def confirmed(turn: Turn, key: Key) -> None:
    """确认: booked for all units or for none; each that it concerns is told at once."""
    draft = _draft(turn, key)
    setting = await _setting(turn, draft) if draft else None
    if draft is None or setting is None or office.refuse_own(turn, setting.units.values()):
        return
    try:
        booked = await _book(turn, setting, draft)
    except KaopingError as error:
        turn.say("refused", said=str(error))
        return
    turn.state.pop("fact")
    clause = setting.clause(draft)
    assert clause is not None
    told = {one.fact.id: await _tell(turn, clause, one) for one in booked}
    turn.say("fact-booked", clause=clause, booked=booked, told=told, words=_words(clause, booked))


async def put_down(turn: Turn, key: Key) -> None:
    """取消."""
    if _draft(turn, key) is not None:
        turn.state.pop("fact")
        turn.say("fact-dropped")


async def anew(turn: Turn, key: Key) -> None:
    """修改: the note is said again."""
    if _draft(turn, key) is not None:
        turn.expect(keys.pack("fact-note"))
        turn.say("fact-how")


async def _go_on(turn: Turn, draft: Draft) -> None:
    """Ask for what is missing, one thing at a time; with everything at hand, read it back."""
    setting = await _setting(turn, draft)
    if setting is None or office.refuse_own(turn, setting.units.values()):
        return
    draft = replace(draft, values={ident: draft.values[ident] for ident in setting.units})
    if not draft.criterion:
        likely = fact_notes.likely(setting.clauses, draft.words)
        if len(likely) == 1:
            draft = replace(draft, rubric=likely[0].rubric.id, criterion=likely[0].criterion.id)
    turn.state["fact"] = asdict(draft)
    clause = setting.clause(draft)
    if not draft.values:
        turn.expect(keys.pack("fact-unit", version=draft.version))
        turn.say("fact-which-unit", words=draft.words)
    elif clause is None:
        _ask_clause(turn, draft, setting)
    elif wrong := _wrong_values(clause, draft):
        _ask_value(turn, draft, setting, clause, wrong)
    elif lacking := _basis_lacks(turn, clause, draft):
        turn.expect(keys.pack("fact-basis", version=draft.version))
        turn.say("fact-basis", clause=clause, exposed=_EXPOSED in clause.criterion.label, lacking=lacking)
    else:
        await _read_back(turn, setting, draft)


def _ask_clause(turn: Turn, draft: Draft, setting: _Setting) -> None:
    likely = fact_notes.likely(setting.clauses, draft.words)
    options = tuple(
        Option(keys.pack("fact-clause", c.rubric.id, c.criterion.id, version=draft.version), c.criterion.label)
        for c in likely or setting.clauses
    )
    more = (Option(keys.pack("fact-other", version=draft.version), "都不是"),) if likely else ()
    turn.say("fact-which-clause", (*options, *more), words=draft.words, clauses=setting.clauses)


async def other_clause(turn: Turn, key: Key) -> None:
    """都不是: every clause that can be booked."""
    draft = _draft(turn, key)
    if draft is not None:
        await _go_on(turn, replace(draft, words="", rubric="", criterion=""))


def _wrong_values(clause: Clause, draft: Draft) -> str:
    """Why a value cannot be booked yet; empty where all can."""
    for value in draft.values.values():
        try:
            fact_notes.fact_of(clause.criterion, value)
        except FactError as error:
            return str(error) if value else "还没有写"
    return ""


def _ask_value(turn: Turn, draft: Draft, setting: _Setting, clause: Clause, wrong: str) -> None:
    """Ask how many for the units whose number is missing or cannot be."""
    kept = {ident: value if _counts(clause, value) else "" for ident, value in draft.values.items()}
    turn.state["fact"]["values"] = kept
    turn.expect(keys.pack("fact-value", version=draft.version))
    options = tuple(
        Option(keys.pack("fact-pick", place, version=draft.version), label)
        for place, label in enumerate(_labels(clause))
    )
    names = [setting.units[ident].name for ident, value in kept.items() if not value]
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


def _basis_lacks(turn: Turn, clause: Clause, draft: Draft) -> str:
    """What the basis lacks; for 曝光 it is medium, level and date."""
    if len(draft.basis) < office_facts.FEWEST_CHARACTERS:
        return "依据"
    facts = [fact_notes.fact_of(clause.criterion, value) for value in draft.values.values()]
    if _EXPOSED not in draft.words or all(is_nothing(fact) for fact in facts):
        return ""
    days = find_days(draft.basis, Day(*turn.today.timetuple()[:3]))
    missing = [] if days else ["日期"]
    missing += [] if _LEVEL.search(draft.basis) else ["级别"]
    return "和".join(missing)


async def _read_back(turn: Turn, setting: _Setting, draft: Draft) -> None:
    """What would be booked and what it costs: carried out and undone, so that the figures are those of 确认."""
    clause = setting.clause(draft)
    assert clause is not None
    try:
        async with on_trial(turn.connection):
            booked = await _book(turn, setting, draft)
    except KaopingError as error:
        turn.say("refused", said=str(error))
        return
    options = tuple(
        Option(keys.pack(verb, version=draft.version), label)
        for verb, label in (
            ("fact-yes", "确认"),
            ("fact-anew", "修改"),
            ("fact-other", "换一条"),
            ("fact-no", "取消"),
        )
    )
    turn.say("fact-check", options, clause=clause, booked=booked, basis=draft.basis, words=_words(clause, booked))


async def _book(turn: Turn, setting: _Setting, draft: Draft) -> tuple[Booked, ...]:
    clause = setting.clause(draft)
    if clause is None:
        raise FactError("这一条现在不能记，请重新发一遍")
    facts: dict[int, Fact] = {
        int(ident): fact_notes.fact_of(clause.criterion, value) for ident, value in draft.values.items()
    }
    by = setting.membership.person_id
    return await office_facts.book_many_in(
        turn.connection, turn.now, by, clause.rubric, clause.criterion.id, facts, draft.basis
    )


async def _tell(turn: Turn, clause: Clause, one: Booked) -> int:
    """Tell the unit's liaisons; that nothing happened and nothing changed is no news to anybody."""
    if not is_news(one):
        return 0
    reached = await reaching.liaisons_in(turn.connection, one.fact.unit_id)
    options = (Option(keys.pack("dispute", one.fact.id), "有异议"),)
    what = f"{clause.criterion.label} {fact_words(clause.criterion, one.fact.fact)}"
    return await office.tell(turn, reached, "told-booked", options, one=one, what=what, **clause._asdict())


def _words(clause: Clause, booked: Sequence[Booked]) -> dict[int, str]:
    return {one.fact.id: fact_words(clause.criterion, one.fact.fact) for one in booked}


async def _setting(turn: Turn, draft: Draft) -> _Setting | None:
    membership = office.working(turn)
    if membership is None:
        return None
    known = await campaigns.units_in(turn.connection, membership.campaign_id)
    units = {str(unit.id): unit for unit in known if str(unit.id) in draft.values}
    clauses = fact_notes.bookable(membership.rubrics, {unit.category for unit in units.values()})
    return _Setting(membership, units, clauses)


def _draft(turn: Turn, key: Key) -> Draft | None:
    """The draft a button or question belongs to; says so where it is another one by now."""
    found: dict[str, Any] | None = turn.state.get("fact")
    if found is None or found["version"] != key.version:
        turn.say("stale")
        return None
    return Draft(**found)


def _next_version(turn: Turn) -> int:
    turn.state["fact_version"] = version = int(turn.state.get("fact_version", 0)) + 1
    return version
