"""Questions to the reviewer: shown beside a clause and by unit, sent to the unit only where the reviewer says so."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.proof.proof_standing import told
from handlers.review.reviewing_selection import Seen, key_of, seen, seen_as_shown
from handlers.turn import Turn
from reminders import workdays
from rubrics.doubts import Question, against_text, compares
from storage import campaigns, conversation, dialogues, doubts, doubts_asked, evidence, reaching, verdicts
from storage.doubts import Doubt
from storage.file_text import READ_KINDS, FileText, TextReader
from storage.reaching import Reached
from storage.review_queue import Look

MOST_FILES = 6
"""So many files of a clause are looked into at once."""

MOST_BUTTONS = 24


async def of(turn: Turn, campaign_id: int, look: Look) -> list[Doubt]:
    """The open questions about a clause, for the review screen."""
    return await doubts.of_clause_in(turn.connection, campaign_id, turn.zone, look.clause)


async def button(turn: Turn, unit_id: int) -> tuple[Option, ...]:
    """疑问 3: how many open questions there are about a unit, for its card; none where there are none, or it is one's own."""
    membership = next((m for m in office.campaigns_of(turn) if m.role == "office"), None)
    if membership is None or await office.own_unit(turn, unit_id):
        return ()
    units = await campaigns.units_in(turn.connection, membership.campaign_id)
    if all(unit.id != unit_id for unit in units):
        return ()  # of another campaign than the one the person works in
    found = await doubts.of_campaign_in(turn.connection, membership.campaign_id, turn.zone, unit_id)
    several = sum(len(those) for those in found.values())
    return (Option(keys.pack("doubts", unit_id), f"疑问 {several}"),) if several else ()


def options(look: Look, found: Sequence[Doubt], *, files: bool) -> tuple[Option, ...]:
    """What a review screen offers: the questions, and a look for the figure in the files unless that is one of them."""
    those = [Option(keys.pack("doubt", *look.clause), f"疑问 {len(found)}")] if found else []
    figures = files and compares(look.criterion) and all(doubt.kind != "figure" for doubt in found)
    return (*those, *([Option(keys.pack("doubt-file", *look.clause), "看文件里的数")] if figures else ()))


@told
async def show(turn: Turn, key: Key) -> None:
    """The questions about one clause; each can be sent to the unit, or the answer sent back with it."""
    found = await seen(turn, key)
    if found is None:
        return
    look = found.look
    those = await of(turn, found.membership.campaign_id, look)
    asked = [await doubts_asked.asked_in(turn.connection, found.membership.campaign_id, look.clause, d) for d in those]
    buttons = []
    for place, doubt in enumerate(those, 1):
        if asked[place - 1] is None:
            buttons.append(Option(keys.pack("doubt-ask", *look.clause, doubt.ident), f"问单位 {place}"))
        if look.state not in {"open", "unanswered"}:
            buttons.append(Option(key_of("doubt-back", look, doubt.ident), f"按此退回 {place}"))
    turn.say("doubts", (*buttons, _see(look)), look=look, doubts=list(zip(those, asked, strict=True)))


@told
async def of_unit(turn: Turn, key: Key) -> None:
    """All open questions about a unit, with a way to each clause."""
    membership = office.working(turn)
    if membership is None:
        return
    units = await campaigns.units_in(turn.connection, membership.campaign_id)
    unit = next((one for one in units if key.parts == (str(one.id),)), None)
    if unit is None:
        turn.say("stale")
        return
    if await office.refuse_own(turn, (unit,)):
        return
    found = await doubts.of_campaign_in(turn.connection, membership.campaign_id, turn.zone, unit.id)
    rubrics = {rubric.id: rubric for rubric in membership.rubrics}
    lines = [(rubrics[clause[1]].criteria[clause[2]].label, those) for clause, those in found.items()]
    names = (rubrics[clause[1]].criteria[clause[2]].label for clause in found)
    buttons = [Option(keys.pack("rv-see", *clause), name) for clause, name in zip(found, names, strict=True)]
    several = sum(len(those) for _, those in lines)
    turn.say("doubts-unit", tuple(buttons[:MOST_BUTTONS]), unit=unit, lines=lines, several=several)


@told
async def ask_unit(turn: Turn, key: Key) -> None:
    """问单位: this question goes to the unit's liaisons in the reviewer's name, in office hours."""
    found = await seen(turn, key, 4)
    if found is None:
        return
    membership, look = found
    doubt = await _named(turn, found, key.parts[3])
    if doubt is None:
        return
    if when := await doubts_asked.asked_in(turn.connection, membership.campaign_id, look.clause, doubt):
        turn.say("doubt-asked-before", (_see(look),), look=look, when=when)
        return
    reached = await reaching.liaisons_in(turn.connection, look.unit_id, turn.today)
    if not reached:
        turn.say("doubt-nobody", (_see(look),), look=look)
        return
    is_open = workdays.is_open(turn.now, turn.zone)
    text = turn.render("told-doubt", person=membership.name, look=look, question=doubt.to_unit).strip()
    for one in reached:
        await _tell(turn, one, text, look, now=is_open)
    about = (membership.person_id, membership.campaign_id, look.clause, doubt)
    await doubts_asked.note_in(turn.connection, turn.now, *about)
    due = None if is_open else workdays.next_open(turn.now, turn.zone)
    turn.say("doubt-asked", (_see(look),), look=look, question=doubt.to_unit, due=due)


async def _tell(turn: Turn, one: Reached, text: str, look: Look, *, now: bool) -> None:
    """Say it at an address, or once offices are open; a typed label of its button equals a press."""
    option = Option(keys.pack("ask", *look.clause), "去看")
    due = None if now else workdays.next_open(turn.now, turn.zone)
    about = (turn.connection, turn.now, one.channel, one.address)
    await conversation.say(*about, text, [(option.key, option.label)], due_at=due, push=True)
    if now and (one.channel, one.address) != (turn.event.channel, turn.event.address):
        state = await dialogues.state_in(turn.connection, one.channel, one.address)
        state["labels"] = {**state.get("labels", {}), option.label: option.key}
        await dialogues.set_state(turn.connection, turn.now, one.channel, one.address, state)


@told
async def send_back(turn: Turn, key: Key) -> None:
    """按此退回: the answer is sent back with the question as the reason; the unit hears it with the others."""
    found = await seen_as_shown(turn, key, 5)
    doubt = await _named(turn, found, key.parts[4]) if found else None
    if found is None or doubt is None:
        return
    membership, look = found
    about = (membership.person_id, look.unit_id, look.rubric, look.criterion.id, doubt.to_unit)
    given = await verdicts.return_in(turn.connection, turn.now, *about, basis=look.basis)
    undo = Option(keys.pack("rv-undo", given.verdict.id), "撤销")
    turn.say("doubt-back", (undo, Option(keys.pack("rv-next"), "下一条")), look=look, reason=doubt.to_unit)


async def _named(turn: Turn, found: Seen, ident: str) -> Doubt | None:
    those = await of(turn, found.membership.campaign_id, found.look)
    doubt = next((one for one in those if one.ident == ident), None)
    if doubt is None:
        turn.say("doubt-gone", (_see(found.look),), look=found.look)
    return doubt


@told
async def look_inside(turn: Turn, key: Key) -> None:
    """看文件里的数: the files are read while the one writer is free, then the figure is looked for."""
    found = await seen(turn, key)
    if found is None:
        return
    used = await evidence.of_clause_in(turn.connection, *found.look.clause)
    files = {
        u.evidence.ref: u.evidence.kind for u in used if u.evidence.kind in READ_KINDS and not u.evidence.erased_at
    }
    if turn.reader is None or not files:
        turn.say("doubt-unreadable", (_see(found.look),), look=found.look)
        return
    turn.prepare(partial(_read, turn.reader, list(files.items())[:MOST_FILES]), partial(_looked, key))


async def _read(reader: TextReader, files: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The text of each file; without those that have none."""
    texts = {}
    for ref, kind in files:
        found = await reader.text_of(ref, kind)
        if isinstance(found, FileText):
            texts[ref] = found.text
    return texts


async def _looked(key: Key, turn: Turn, texts: dict[str, str]) -> None:
    found = await seen(turn, key)
    if found is None:
        return
    look = found.look
    if not texts:
        turn.say("doubt-unreadable", (_see(look),), look=look)
        return
    fact = (await turn.known(look.unit_id, look.rubric)).own.get(look.criterion.id)
    questions: list[Question] = list(against_text(look.criterion, fact, "\n".join(texts.values())))
    turn.say("doubt-figure", (_see(look),), look=look, questions=questions, files=len(texts), answered=fact is not None)


def _see(look: Look) -> Option:
    return Option(keys.pack("rv-see", *look.clause), "返回这一条")
