"""提交自评: what is missing first, then the sheet to sign, and the photo of the signed page that closes it."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import FileRef, Option
from handlers.answering import (
    claims,
    self_sheet,
    still_open,
)
from handlers.made import keep_made
from handlers.proof import lacking
from handlers.turn import Turn
from reports.self_assessment import SelfAssessment, document
from rubrics.model import Rubric
from rubrics.tasks import asked
from storage import answers, evidence, scorecards, submissions
from storage.errors import NotFoundError, StorageError
from storage.evidence import Evidence
from storage.files import FileStore
from storage.people import Membership
from storage.submissions import Submission

NO_SHEET = "0" * 64
"""Stands for the sheet while its number is being found out; the unit of work that has it is undone."""

SIGNED_KINDS = frozenset({"pdf", "png", "jpeg", "gif", "webp", "heic"})
"""What a signed page is sent as: a photo or a scan."""


class Assessed(NamedTuple):
    """A liaison's unit under one rubric."""

    membership: Membership
    rubric: Rubric

    @property
    def unit_id(self) -> int:
        """The unit."""
        return self.membership.unit_id or 0


async def show(turn: Turn, key: Key | None = None) -> None:
    """What is missing under each rubric before it is handed in."""
    claims.put_off(turn)
    asked_for = int(key.parts[0]) if key and key.parts and key.parts[0].isdigit() else None
    membership = turn.liaison if asked_for is None else turn.of_unit(asked_for)
    if membership is None:
        turn.say("no-unit", office=turn.office)
        return
    found = await still_open.of(turn, membership)
    for rubric in membership.rubrics:
        about = Assessed(membership, rubric)
        if found is None or await submissions.current_in(turn.connection, about.unit_id, rubric.id):
            await _preview(turn, about)
    if found is not None:
        await still_open.say(turn, membership, found)


async def _preview(turn: Turn, about: Assessed) -> None:
    membership, rubric = about
    own = asked(rubric, membership.unit_name, membership.unit_category)
    current = await answers.current_in(turn.connection, about.unit_id, rubric.id)
    done = {ident for ident, answer in current.items() if answer.state != "withdrawn"}
    unclear = [rubric.criteria[i].label for i, a in current.items() if a.state == "unknown" and i in rubric.criteria]
    facts = await turn.known(about.unit_id, rubric)
    labels = {item.id: item.label for item in rubric.items}
    missing = {labels[item]: [c.label for c in clauses if c.id not in done] for item, clauses in own.items()}
    unanswered = [(label, clauses) for label, clauses in missing.items() if clauses]
    lacks = [(rubric.criteria[i].label, lacking.words(rubric.criteria[i], facts)) for i in facts.lacking]
    unsorted = len(await evidence.unsorted_in(turn.connection, about.unit_id))
    standing = await submissions.current_in(turn.connection, about.unit_id, rubric.id)
    turn.say(
        "submit",
        _offers(about, standing, complete=not (unanswered or lacks or unsorted)),
        unit=membership.unit_name,
        rubric=rubric,
        standing=standing,
        claimed=scorecards.figures_of(scorecards.plan_of(rubric).score(facts.claimed)),
        unanswered=unanswered,
        unclear=unclear,
        lacking=lacks,
        unsorted=unsorted,
    )


def _offers(about: Assessed, standing: Submission | None, *, complete: bool) -> tuple[Option, ...]:
    go_on = keys.pack("submit-go", about.unit_id, about.rubric.id)
    to_list = Option(keys.pack("list", about.unit_id), "清单")
    if standing is not None:
        return (Option(go_on, "再看自评表"), to_list) if standing.state == "open" else (to_list,)
    if complete:
        return (Option(go_on, "出自评表"), to_list)
    return (Option(keys.pack("next", about.unit_id), "先补"), Option(go_on, "仍要提交"), to_list)


async def hand_in(turn: Turn, key: Key) -> None:
    """Make the sheet; what stands already with the same figures is sent once more."""
    about = _assessed(turn, key)
    if about is None:
        turn.say("stale")
        return
    card = await _card(turn, about)
    standing = await submissions.current_in(turn.connection, about.unit_id, about.rubric.id)
    if standing is not None and standing.card == card:
        _send(turn, about, standing)
        return
    found = await still_open.of(turn, about.membership)
    if found is not None:
        await still_open.say(turn, about.membership, found)
        return
    await _prepare(turn, about, key, (await _open(turn, about, card, NO_SHEET)).number)


async def _prepare(turn: Turn, about: Assessed, key: Key, number: str) -> None:
    """Have the sheet made under its number; this turn, and what it has opened to find the number out, is undone."""
    sheet = await self_sheet.of(turn, about.membership, about.rubric, number)
    turn.prepare(partial(_make, turn.files, sheet), partial(_handed_in, key=key, sheet=sheet))


async def _make(files: FileStore, sheet: SelfAssessment) -> FileRef:
    content = await asyncio.to_thread(document, sheet)
    return await keep_made(files, f"{sheet.unit}自评表{sheet.receipt}.docx", content)


async def _handed_in(turn: Turn, file: FileRef, *, key: Key, sheet: SelfAssessment) -> None:
    """The sheet is made; where anything on it has changed meanwhile, it is made again."""
    about = _assessed(turn, key)
    if about is None:
        turn.say("stale")
        return
    now = await self_sheet.of(turn, about.membership, about.rubric, sheet.receipt)
    if now._replace(made_at=sheet.made_at) != sheet:
        await hand_in(turn, key)
        return
    opened = await _open(turn, about, await _card(turn, about), file.ref)
    if opened.number == sheet.receipt:
        _send(turn, about, opened)
    else:
        await _prepare(turn, about, key, opened.number)  # another unit's took the number


def _send(turn: Turn, about: Assessed, submission: Submission) -> None:
    for asked_before in ("open", "claim", "files_to"):
        turn.state.pop(asked_before, None)  # the next picture is the signed page, whatever was asked before
    path = turn.files.path_of(submission.sheet_ref)
    name = f"{about.membership.unit_name}自评表{submission.number}（{about.rubric.title}）.docx"
    words = {"unit": about.membership.unit_name, "rubric": about.rubric, "submission": submission}
    text = turn.render("sheet", **words).strip()
    options = (Option(keys.pack("list", about.unit_id), "清单"),)
    turn.show(FileRef(submission.sheet_ref, name, path.stat().st_size), text, options)


async def wants(turn: Turn) -> bool:
    """Whether files sent now may be a signed page: photos or scans, a 自评 waits, and nothing else is being asked."""
    if turn.expected or "open" in turn.state or not await _waiting(turn):
        return False
    kinds = {(await turn.files.type_of(file.ref)).kind for file in turn.event.files}
    return bool(kinds) and kinds <= SIGNED_KINDS


async def signed(turn: Turn, *pages: Evidence) -> None:
    """Ask whether files are the signed sheet, of which 自评 where several wait; the last page has the signature."""
    page = pages[-1]
    waiting = await _waiting(turn)
    asked_about = [*await _asked_about(turn, page), *pages]
    turn.state["signed"] = [one.id for one in asked_about]
    yes = [
        Option(keys.pack("signed", page.unit_id, one.id, page.id), "是" if len(waiting) == 1 else one.number)
        for one in waiting
    ]
    no = Option(keys.pack("signed", page.unit_id, 0, page.id), "否")
    turn.say("is-it-signed", (*yes, no), names=[one.name for one in asked_about])


async def _asked_about(turn: Turn, page: Evidence) -> list[Evidence]:
    """The pages sent just before that the question was put about and not answered: one question is for all."""
    before = set(turn.state.get("signed", ())) - {page.id}
    return [one for one in await evidence.unsorted_in(turn.connection, page.unit_id) if one.id in before]


async def close(turn: Turn, key: Key) -> None:
    """Close a 自评 with its signed page, or leave the file to be sorted."""
    if len(key.parts) != 3 or not all(part.isdigit() for part in key.parts):
        turn.say("stale")
        return
    unit_id, submission_id, evidence_id = (int(part) for part in key.parts)
    membership = turn.of_unit(unit_id)
    if membership is None:
        turn.say("stale")
        return
    turn.state.pop("signed", None)
    try:
        if not submission_id:
            file = await evidence.find_in(turn.connection, unit_id, evidence_id)
            turn.say("not-signed", (Option(keys.pack("sort", unit_id), "归类"),), name=file.name)
            return
        about = (membership.person_id, unit_id, submission_id, evidence_id)
        closed = await submissions.close_in(turn.connection, turn.now, *about)
    except (NotFoundError, StorageError) as error:
        turn.say("refused", said=str(error))
    else:
        turn.say("signed", submission=closed)


async def _waiting(turn: Turn) -> list[Submission]:
    membership = turn.liaison
    if membership is None:
        return []
    found = []
    for rubric in membership.rubrics:
        standing = await submissions.current_in(turn.connection, membership.unit_id or 0, rubric.id)
        if standing is not None and standing.state == "open":
            found.append(standing)
    return found


async def _card(turn: Turn, about: Assessed) -> str:
    rows = await scorecards.summary_in(turn.connection, about.membership.campaign_id, about.unit_id)
    return next(row.cards[0] for row in rows if row.rubric_id == about.rubric.id)


async def _open(turn: Turn, about: Assessed, card: str, sheet_ref: str) -> Submission:
    person_id = about.membership.person_id
    return await submissions.open_in(turn.connection, turn.now, person_id, about.unit_id, about.rubric, card, sheet_ref)


def _assessed(turn: Turn, key: Key) -> Assessed | None:
    membership = turn.of_unit(int(key.parts[0])) if len(key.parts) == 2 and key.parts[0].isdigit() else None
    rubric = membership.rubric(key.parts[1]) if membership else None
    return Assessed(membership, rubric) if membership and rubric else None
