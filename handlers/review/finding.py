"""What a 考核组 finds on site, by phone: photos, 属实 存疑 不符, a sentence; in any order, and also in one message."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from channels import keys
from channels.keys import Key
from channels.port import FileRef, Option
from handlers import office
from handlers.proof.proof_standing import at, told
from handlers.proof.proving import PICTURES
from handlers.review import (
    shown_clause,
    visiting,
)
from handlers.review.reviewing_selection import shown_of, version_of
from handlers.review.visiting import Place
from handlers.turn import Turn
from reports.visit_sheet import OUTCOMES
from storage import campaigns, findings, reaching, review_queue
from storage.errors import NotFoundError
from storage.findings import FINE, Finding
from storage.review_queue import Look

MOST_PHOTOS = 20
WORDS = {word: outcome for outcome, word in OUTCOMES.items()}
_SAID = re.compile(rf"({'|'.join(WORDS)})[\s，,。:：;；]*")


@told
async def begin(turn: Turn, key: Key) -> None:
    """A clause on site: question, answer and files, then what is found."""
    place = await visiting.place_of(turn, key)
    if place is None:
        return
    look = place.look
    shown = await shown_clause.show(turn, look.unit_id, look.unit, look.rubric, look.criterion)
    before = await findings.of_clause_in(turn.connection, *look.clause)
    turn.state["finding_version"] = version = int(turn.state.get("finding_version", 0)) + 1
    turn.state["finding"] = {"version": version, "clause": [*look.clause], "files": [], "outcome": "", "words": ""}
    turn.expect(keys.pack("fd-words", version=version))
    photos = [Option(keys.pack("fd-see", *look.clause), "现场照片")] if any(one.files for one in before) else []
    turn.say("visit-clause", (*_outcomes(version), *photos, _back(look.unit_id)), shown=shown, before=before)
    waiting = turn.state.pop("visit_photos", None)
    if waiting is not None and waiting["unit"] == look.unit_id:
        draft = turn.state["finding"]
        draft["files"] = waiting["files"]
        await _take(turn, draft, place, waiting["words"])


def _outcomes(version: int) -> tuple[Option, ...]:
    return tuple(Option(keys.pack("fd-say", outcome, version=version), word) for outcome, word in OUTCOMES.items())


def _back(unit_id: int) -> Option:
    return Option(keys.pack("vs-unit", unit_id), "返回")


def wants(turn: Turn) -> bool:
    """Whether files are photos of what is being found, or of a unit that is being looked at."""
    return turn.expected is not None and turn.expected.verb in {"fd-words", "vs-unit"}


async def received(turn: Turn) -> None:
    """Photos of what is being found, perhaps with words beneath them."""
    assert turn.expected is not None
    await (_received if turn.expected.verb == "fd-words" else _before_clause)(turn, turn.expected)


@told
async def _before_clause(turn: Turn, key: Key) -> None:
    """Photos before it was said of which clause: kept until one of the unit's is chosen."""
    found = await visiting.unit_of(turn, key)
    if found is None:
        return
    _, unit = found
    held = turn.state.get("visit_photos")
    before = held if held and held["unit"] == unit.id else {}
    files = _with_new(turn, before.get("files", ()))
    words = "，".join(part for part in (before.get("words", ""), turn.event.text.strip()) if part)
    turn.state["visit_photos"] = {"unit": unit.id, "files": files, "words": words}
    turn.expect(keys.pack("vs-unit", unit.id))
    turn.say("visit-photos", (Option(keys.pack("vs-unit", unit.id), "看清单"),), unit=unit, photos=len(files))


def _with_new(turn: Turn, before: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The photos so far and those of this turn, each once; says so where they are too many."""
    kept = {file["ref"] for file in before}
    photos = [*before, *(file._asdict() for file in turn.event.files if file.ref not in kept)]
    if len(photos) > MOST_PHOTOS:
        turn.say("finding-full", most=MOST_PHOTOS, dropped=len(photos) - MOST_PHOTOS)
    return photos[:MOST_PHOTOS]


@told
async def _received(turn: Turn, key: Key) -> None:
    found = await _draft(turn, key)
    if found is None:
        return
    draft, place = found
    draft["files"] = _with_new(turn, draft["files"])
    await _take(turn, draft, place, turn.event.text)


@told
async def said(turn: Turn, key: Key) -> None:
    """Words: a verdict word, a sentence, or both."""
    found = await _draft(turn, key)
    if found is not None:
        await _take(turn, *found, turn.event.text)


@told
async def pressed(turn: Turn, key: Key) -> None:
    """属实, 存疑, 不符."""
    found = await _draft(turn, key)
    if found is None:
        return
    draft, place = found
    if key.parts[:1] not in {(outcome,) for outcome in OUTCOMES}:
        turn.say("stale")
        return
    draft["outcome"] = key.parts[0]
    await _take(turn, draft, place, "")


@told
async def nothing_more(turn: Turn, key: Key) -> None:
    """没有要说的: 属实 without a sentence."""
    found = await _draft(turn, key)
    if found is None:
        return
    draft, place = found
    if draft["outcome"] == FINE:
        await _keep(turn, draft, place)
    else:
        turn.say("stale")


async def _take(turn: Turn, draft: dict[str, Any], place: Place, text: str) -> None:
    """Note what was said, and keep the finding once its word and sentence are there; else ask for what lacks."""
    words = text.strip()
    if match := _SAID.match(words):
        draft["outcome"], words = WORDS[match[1]], words[match.end() :]
    draft["words"] = "，".join(part for part in (draft["words"], words) if part)
    if draft["outcome"] and draft["words"]:
        await _keep(turn, draft, place)
        return
    version = draft["version"]
    turn.expect(keys.pack("fd-words", version=version))
    options = _outcomes(version) if not draft["outcome"] else ()
    options += (Option(keys.pack("fd-none", version=version), "没有要说的"),) if draft["outcome"] == FINE else ()
    word = OUTCOMES.get(draft["outcome"], "")
    turn.say("finding-more", options, look=place.look, photos=len(draft["files"]), word=word, words=draft["words"])


async def _draft(turn: Turn, key: Key) -> tuple[dict[str, Any], Place] | None:
    """The draft a key belongs to, where its clause is still the person's to look at; else why not is said."""
    draft = turn.held("finding", key)
    if draft is None:
        return None
    place = await visiting.place_of(turn, Key("vs-see", tuple(str(part) for part in draft["clause"]), 0))
    return (draft, place) if place else None


async def _keep(turn: Turn, draft: dict[str, Any], place: Place) -> None:
    who, look = place
    group = who.group_of(look.unit_id)
    version = draft["version"]
    turn.expect(keys.pack("fd-words", version=version))  # a sentence that is refused may be said anew
    words, draft["words"] = draft["words"], ""
    about = (who.membership.person_id, look.unit_id, look.rubric, look.criterion.id, draft["outcome"], words)
    found = await findings.add_in(
        turn.connection, turn.now, *about, draft["files"], group_id=group.id if group else None
    )
    turn.state.pop("finding")
    turn.state.pop("expects", None)
    people = 0
    if who.membership.role != "office" and found.outcome != FINE:
        people = await _tell_office(turn, found, look)
    options = (*_decisions(found, look, office=who.membership.role == "office"), *_next(found))
    turn.say("finding-kept", options, look=look, found=found, word=OUTCOMES[found.outcome], people=people)


def _decisions(found: Finding, look: Look, *, office: bool) -> tuple[Option, ...]:
    """What can be decided on it, with its sentence as the reason; nothing while the unit may still answer."""
    if not office or look.state == "open":
        return ()
    pairs = {"fine": (("fd-pass", "通过"),), "doubtful": (("fd-back", "退回"), ("fd-set", "改分"))}
    shown = shown_of(look)
    return tuple(
        Option(keys.pack(verb, found.id, shown, version=version_of(look)), label)
        for verb, label in pairs.get(found.outcome, (("fd-set", "改分"), ("fd-back", "退回")))
        if not (verb == "fd-back" and look.state == "unanswered")
    )


def _next(found: Finding) -> tuple[Option, ...]:
    return Option(keys.pack("fd-undo", found.id), "撤回这条"), Option(keys.pack("vs-unit", found.unit_id), "下一条")


async def _tell_office(turn: Turn, found: Finding, look: Look) -> int:
    """The office decides about what an expert found; who belongs to the unit is not told by this."""
    unit = found.unit_id
    reached = [
        one
        for one in await reaching.office_in(turn.connection, found.campaign_id)
        if unit not in await review_queue.own_units_in(turn.connection, one.person_id)
    ]
    options = (Option(keys.pack("fd-see", *look.clause), "看现场情况"),)
    words = {"look": look, "found": found, "word": OUTCOMES[found.outcome]}
    return await office.tell(turn, reached, "told-finding", options, **words)


@told
async def take_back(turn: Turn, key: Key) -> None:
    """撤回这条."""
    who = await visiting.visitor(turn)
    if who is None:
        return
    found = await findings.find_in(turn.connection, who.membership.campaign_id, at(key, 0))
    place = await visiting.place_of(turn, Key("vs-see", tuple(str(part) for part in found.clause), 0))
    if place is not None:
        await findings.withdraw_in(turn.connection, turn.now, who.membership.person_id, found)
        turn.say(
            "finding-undone", (Option(keys.pack("vs-see", *found.clause), "再记"), _back(found.unit_id)), found=found
        )


@told
async def see(turn: Turn, key: Key) -> None:
    """What was found about a clause, with its photos: for who visits the unit and for who sees all units."""
    look = await _seen(turn, key)
    if look is None:
        return
    found = await findings.of_clause_in(turn.connection, *look.clause)
    for one in found:
        for photo in one.files:
            await _show(turn, FileRef(*photo), f"{look.unit}【{look.criterion.label}】{OUTCOMES[one.outcome]}")
    works = any(m.role == "office" for m in office.campaigns_of(turn))
    decisions = _decisions(found[-1], look, office=works) if found and look.state != "settled" else ()
    desk = (Option(keys.pack("rv-see", *look.clause), "看这一条"),) if works else ()
    turn.say("findings", (*decisions, *desk), look=look, findings=found, outcomes=OUTCOMES)


async def _seen(turn: Turn, key: Key) -> Look | None:
    leading = next((m for m in office.campaigns_of(turn) if m.role == "leader"), None)
    working = any(m.role == "office" for m in office.campaigns_of(turn))
    if leading is None or working or turn.event.in_group:
        place = await visiting.place_of(turn, key)
        return place.look if place else None
    units = {unit.id for unit in await campaigns.units_in(turn.connection, leading.campaign_id)}
    if len(key.parts) == 3 and at(key, 0) in units:
        looks = await review_queue.of_campaign_in(turn.connection, leading.campaign_id, turn.today, at(key, 0))
        found = next((one for one in looks if tuple(str(part) for part in one.clause) == key.parts), None)
        if found is not None:
            return found
    turn.say("stale")
    return None


async def _show(turn: Turn, file: FileRef, text: str) -> None:
    try:
        kind = await turn.files.type_of(file.ref)
    except NotFoundError as error:  # gone from the disk: the finding stands without it
        turn.say("refused", said=f"{file.name}：{error}")
        return
    turn.show(file, text, as_picture=kind.kind in PICTURES and not kind.macro)


def words_of(found: Sequence[Finding]) -> list[tuple[str, Finding]]:
    """Findings with their words, for the review screen and the unit's card."""
    return [(OUTCOMES[one.outcome], one) for one in found]


def button(look: Look, found: Sequence[Finding]) -> tuple[Option, ...]:
    """What a review screen offers: the photos, and to decide with what was found as the reason."""
    return (Option(keys.pack("fd-see", *look.clause), f"现场情况 {len(found)}"),) if found else ()
