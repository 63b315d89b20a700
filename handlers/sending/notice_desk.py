"""A notice once it is out: what a unit answers, with which files, and who has not."""

from __future__ import annotations

import re
from collections.abc import Sequence

from channels import keys
from channels.keys import Key
from channels.port import FileRef, Option
from handlers import office
from handlers.proof.proof_standing import at
from handlers.proof.proving import PICTURES
from handlers.turn import Turn
from rubrics.errors import KaopingError
from storage import evidence, notice_files, notices
from storage.notices import Notice, Said
from storage.people import Membership

MOST_SHOWN = 6
MOST_FILES = 10
_COMES = re.compile(r"\s*(?:来|去)?(?:参加|参会|出席|到会)(?:会议)?[。.！!]*$")
_CANNOT = re.compile(
    "(?:我们?|本单位|我[局镇办]|单位)?[都也]?(?:不|没法|没有?空|无法|不能|没有?人)(?:参加|参会|出席|去|来)了?[。.！!]*|.{0,4}(?:参加|去|来)不了[。.！!]*"
)

LABELS: dict[Said, str] = {"got": "收到", "come": "参加", "not": "不参加", "sent": "已交材料"}
_ASKED: dict[str, tuple[Said, ...]] = {"read": ("got",), "meeting": ("come", "not"), "material": ("got", "sent")}


def answers(notice: Notice, unit_id: int) -> tuple[Option, ...]:
    """The buttons below a notice."""
    said = _ASKED[notice.kind]
    return tuple(Option(keys.pack("notice-say", notice.id, unit_id, one), LABELS[one]) for one in said)


def choices(found: Sequence[Notice]) -> tuple[Option, ...]:
    """A button for each of the newest notices."""
    return tuple(Option(keys.pack("notice-list", one.id), f"通知{one.number}") for one in found[:MOST_SHOWN])


async def answered(turn: Turn, key: Key) -> None:
    """收到, 参加, 不参加, 已交材料; it can be pressed again, the last counts."""
    found = await _own(turn, key)
    said = next((one for one in LABELS if key.parts[2:] == (one,)), None)
    if found is None or said is None or said not in _ASKED[found[0].kind]:
        turn.say("stale")
        return
    notice, membership = found
    unit_id = membership.unit_id or 0
    await notices.answer_in(turn.connection, turn.now, membership.person_id, unit_id, notice, said)
    if said == "come":
        turn.expect(keys.pack("notice-who", notice.id, unit_id))
    elif said == "sent":
        turn.expect(keys.pack("notice-paper", notice.id, unit_id))
    turn.say("notice-answered", notice=notice, said=said, label=LABELS[said], unit=membership.unit_name)


async def who_comes(turn: Turn, key: Key) -> None:
    """Who comes to the meeting; that nobody can come after all is an answer too."""
    found = await _own(turn, key)
    if found is None:
        turn.say("stale")
        return
    notice, membership = found
    unit_id, words = membership.unit_id or 0, turn.event.text.strip()
    about = (turn.connection, turn.now, membership.person_id, unit_id, notice)
    if _CANNOT.fullmatch(words):
        await notices.answer_in(*about, "not", words)
        turn.say("notice-answered", notice=notice, said="not", label=LABELS["not"], unit=membership.unit_name)
        return
    await notices.answer_in(*about, "come", words)
    turn.say("notice-who", notice=notice, who=_COMES.sub("", words)[: notices.WORDS_CHARACTERS])


def wants(turn: Turn) -> bool:
    """Whether files are what a notice asked for."""
    return turn.expected is not None and turn.expected.verb == "notice-paper"


async def received(turn: Turn) -> None:
    """The material a notice asked for: kept among the unit's files, named in the answer."""
    assert turn.expected is not None
    found = await _own(turn, turn.expected)
    if found is None:
        turn.say("stale")
        return
    notice, membership = found
    unit_id = membership.unit_id or 0
    for file in turn.event.files:
        kind, macro = await turn.files.type_of(file.ref)
        about = (turn.connection, turn.now, membership.person_id, unit_id, file.ref, file.name, file.size_bytes, kind)
        await evidence.receive_in(*about, macro=macro)
    names = notices.JOINED.join(file.name for file in turn.event.files)
    person_id = membership.person_id
    await notices.answer_in(turn.connection, turn.now, person_id, unit_id, notice, "sent", names, anew=True)
    turn.expect(keys.pack("notice-paper", notice.id, unit_id))  # more may come
    turn.say("notice-papers", notice=notice, names=names)


async def listed(turn: Turn, key: Key) -> None:
    """谁没回: who has not seen it, who has not answered, who has, in one list."""
    found = await of_office(turn, key)
    if found is None:
        return
    membership, notice = found
    standing = await notices.standing_in(turn.connection, notice.id)
    silent = [one for one in standing if not one.answer]
    files = await notice_files.of_notice_in(turn.connection, notice.id)
    options = []
    if membership.role == "office":
        options += [Option(keys.pack("notice-again", notice.id), "再提醒一次")] if silent else []
        options += [Option(keys.pack("notice-came", notice.id), "到会情况")] if notice.kind == "meeting" else []
        options += [
            Option(keys.pack("notice-papers", notice.id, one.unit_id), f"看 {one.unit}"[:10])
            for one in standing
            if one.unit_id in files
        ]
    turn.say(
        "notice-list",
        tuple(options),
        notice=notice,
        silent=silent,
        answered=[one for one in standing if one.answer],
        labels=LABELS,
        files={unit_id: [file.name for file in those] for unit_id, those in files.items()},
        absent=[one.unit for one in standing if one.came is False],
    )
    missing = [one.unit for one in silent if one.delivered in {"nobody", "failed"}]
    if missing and membership.role == "office":
        turn.say("notice-copy", notice=notice, units=missing)


async def papers(turn: Turn, key: Key) -> None:
    """The files a unit sent in answer to a notice."""
    found = await of_office(turn, key, working=True)
    if found is None:
        return
    unit_id = at(key, 1)
    files = (await notice_files.of_notice_in(turn.connection, found[1].id, (unit_id,))).get(unit_id, [])
    if not files:
        turn.say("stale")
    for file in files[-MOST_FILES:]:
        picture = file.kind in PICTURES and not file.macro
        turn.show(FileRef(file.ref, file.name, file.size_bytes), file.name, as_picture=picture)
    if len(files) > MOST_FILES:
        turn.say("notice-papers-more", left=len(files) - MOST_FILES)


async def _own(turn: Turn, key: Key) -> tuple[Notice, Membership] | None:
    """A notice addressed to a unit of the person's."""
    membership = turn.of_unit(at(key, 1))
    if membership is None or membership.unit_id is None:
        return None
    try:
        return await notices.find_in(turn.connection, at(key, 0), unit_id=membership.unit_id), membership
    except KaopingError:  # a forged or damaged button
        return None


async def of_office(turn: Turn, key: Key, *, working: bool = False) -> tuple[Membership, Notice] | None:
    """A notice of the person's campaign, and what they are there; says why not."""
    membership = office.working(turn) if working else office.seeing(turn)
    if membership is None:
        return None
    try:
        return membership, await notices.find_in(turn.connection, at(key, 0), campaign_id=membership.campaign_id)
    except KaopingError:  # a forged or damaged button
        turn.say("stale")
        return None
