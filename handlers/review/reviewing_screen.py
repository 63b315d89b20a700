"""One clause of a unit on one screen: its proof itself, then the question, the answer, what it claims and what to decide."""

from __future__ import annotations

from typing import Any, NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import FileRef, Option
from handlers.proof import lacking
from handlers.proof.proof_standing import at, told
from handlers.proof.proving import PICTURES
from handlers.review import (
    doubting,
    finding,
)
from handlers.review.reviewing_selection import Seen, key_of, seen
from handlers.turn import Turn
from rubrics.fact_words import fact_words
from rubrics.facts import Fact
from rubrics.model import Criterion
from storage import (
    answers,
    entries,
    evidence,
    findings,
    office_facts,
    proof_notes,
    review_changes,
    review_holds,
    review_rows,
    scorecards,
    verdicts,
)
from storage.answers import Answer
from storage.evidence import Evidence
from storage.freezing import frozen_in
from storage.review_changes import Changes
from storage.review_queue import Look
from storage.verdicts import Verdict

FILES_AT_ONCE = 6


class Before(NamedTuple):
    """The last verdict, and what the unit has changed since."""

    verdict: Verdict
    said: str
    changes: Changes


@told
async def open_one(turn: Turn, key: Key) -> None:
    """A clause's button, also one of a clause that is settled."""
    found = await seen(turn, key)
    if found is not None:
        await show(turn, found)


async def show(turn: Turn, found: Seen) -> None:
    """Look at a clause: nobody else is given it meanwhile."""
    membership, look = found
    about = (turn.connection, turn.now, membership.campaign_id, membership.person_id, look.clause)
    other = await review_holds.take_in(*about)
    files = await _files(turn, look)
    _send(turn, look, files[:FILES_AT_ONCE])
    current = (await answers.current_in(turn.connection, look.unit_id, look.rubric.id)).get(look.criterion.id)
    known = await turn.known(look.unit_id, look.rubric)
    version = current.version if current else 0
    questions = await doubting.of(turn, membership.campaign_id, look)
    further = doubting.options(look, questions, files=bool(files))
    noted = await findings.of_clause_in(turn.connection, *look.clause)
    frozen = await frozen_in(turn.connection, membership.campaign_id) is not None
    turn.say(
        "review-screen",
        () if other else (*_options(look, len(files), frozen=frozen), *further, *finding.button(look, noted)),
        look=look,
        other=other,
        frozen=frozen,
        current=current,
        filled=_filled(look.criterion, current),
        receipt=await review_rows.receipt_in(turn.connection, *look.clause, version),
        why=scorecards.plan_of(look.rubric).score(known.claimed).why(look.criterion.id),
        lacks=lacking.words(look.criterion, known) if look.criterion.id in known.lacking else "",
        files=files,
        notes=await proof_notes.of_clause_in(turn.connection, *look.clause),
        entries=await entries.of_clause_in(turn.connection, *look.clause),
        booked=await _booked(turn, look),
        before=await _before(turn, look, current),
        questions=questions,
        noted=finding.words_of(noted),
    )


@told
async def more_files(turn: Turn, key: Key) -> None:
    """更多: the next files of a clause, with the buttons again beneath them."""
    found = await seen(turn, key, 4)
    if found is None:
        return
    files, start = await _files(turn, found.look), at(key, 3)
    if not 0 < start < len(files):
        turn.say("stale")
        return
    _send(turn, found.look, files[start : start + FILES_AT_ONCE])
    shown = min(start + FILES_AT_ONCE, len(files))
    frozen = await frozen_in(turn.connection, found.membership.campaign_id) is not None
    options = _options(found.look, len(files), shown, frozen=frozen)
    turn.say("review-files", options, look=found.look, shown=shown, files=files, start=start)


def _options(look: Look, files: int, shown: int = FILES_AT_ONCE, *, frozen: bool) -> tuple[Option, ...]:
    """What can be decided: nothing while the unit may still answer, or once the scores are frozen.

    Without an answer there is nothing to send back.
    """
    decisions = (
        (("rv-pass", "通过"), ("rv-back", "退回"), ("rv-set", "改分")) if look.state != "open" and not frozen else ()
    )
    left_out = "rv-back" if look.state == "unanswered" else ""
    options = [Option(key_of(verb, look), label) for verb, label in decisions if verb != left_out]
    options.append(Option(keys.pack("rv-skip", *look.clause), "跳过"))
    if files > shown:
        options.append(Option(keys.pack("rv-files", *look.clause, shown), f"更多材料 {files - shown}"))
    options.append(Option(keys.pack("rv-row", look.rubric.id, look.criterion.id, 0), "看全部单位"))
    return (*options, Option(keys.pack("rv"), "返回"))


async def _files(turn: Turn, look: Look) -> list[Evidence]:
    used = await evidence.of_clause_in(turn.connection, *look.clause)
    return list({use.evidence.id: use.evidence for use in used}.values())


def _send(turn: Turn, look: Look, files: list[Evidence]) -> None:
    """The files themselves, pictures as pictures; one whose bytes are gone for good is only named."""
    for file in files:
        if file.erased_at is None:
            text = turn.render("review-file", file=file, look=look).strip()
            picture = file.kind in PICTURES and not file.macro
            turn.show(FileRef(file.ref, file.name, file.size_bytes), text, as_picture=picture)


def _filled(criterion: Criterion, answer: Answer | None) -> str:
    """The answer as the scoring reads it; its own words stand beside it."""
    return fact_words(criterion, answer.fact) if answer and answer.fact is not None else ""


async def _booked(turn: Turn, look: Look) -> list[tuple[Any, str]]:
    """What the office booked on the clause, in words."""
    found = await office_facts.of_unit_in(turn.connection, look.unit_id)
    here = [f for f in found if (f.rubric_id, f.criterion_id) == look.clause[1:] and f.state != "dismissed"]
    return [(fact, fact_words(look.criterion, fact.fact)) for fact in here]


async def _before(turn: Turn, look: Look, current: Answer | None) -> Before | None:
    """The last verdict that was not taken back, what was answered then, and what came and went since."""
    if look.verdict is None:
        return None
    last = (await verdicts.history_in(turn.connection, *look.clause))[-1]
    changes = await review_changes.since_in(turn.connection, *look.clause, last.at)
    said = "" if current and current.version == last.answer_version else claimed_words(look.criterion, last.claimed)
    return Before(last, said, changes)


def claimed_words(criterion: Criterion, fact: Fact | None) -> str:
    """A fact in words, or that there was none."""
    return "没填" if fact is None else fact_words(criterion, fact)
