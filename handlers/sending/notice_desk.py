"""A notice once it is out: what a unit answers, who has not, and the attendance sheet of a meeting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.desk import booked_news
from handlers.desk.fact_costs import cost_words
from handlers.desk.fact_news import is_news
from handlers.desk.fact_notes import Clause
from handlers.proof.proof_standing import at
from handlers.sending import selecting
from handlers.turn import Turn
from rubrics.errors import KaopingError
from rubrics.kinds import Deduct
from rubrics.numerals import normalise
from storage import campaigns, evidence, notices, office_facts
from storage.notices import Notice, Said, Standing
from storage.office_facts import Booked
from storage.people import Membership
from storage.trial import on_trial

MOST_SHOWN = 6
ABSENT = "缺席"
"""An alias or label of the clauses that count who stayed away from a meeting."""

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
    """Who comes to the meeting."""
    found = await _own(turn, key)
    if found is None:
        turn.say("stale")
        return
    notice, membership = found
    about = (turn.connection, turn.now, membership.person_id, membership.unit_id or 0, notice)
    await notices.answer_in(*about, "come", turn.event.text)
    turn.say("notice-who", notice=notice, who=turn.event.text.strip()[: notices.WORDS_CHARACTERS])


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
    names = "、".join(file.name for file in turn.event.files)
    await notices.answer_in(turn.connection, turn.now, membership.person_id, unit_id, notice, "sent", names)
    turn.expect(keys.pack("notice-paper", notice.id, unit_id))  # more may come
    turn.say("notice-papers", notice=notice, names=names)


async def listed(turn: Turn, key: Key) -> None:
    """谁没回: who has not seen it, who has not answered, who has, in one list."""
    found = await _of_office(turn, key)
    if found is None:
        return
    membership, notice = found
    standing = await notices.standing_in(turn.connection, notice.id)
    silent = [one for one in standing if not one.answer]
    options = []
    if membership.role == "office":
        options += [Option(keys.pack("notice-again", notice.id), "再提醒一次")] if silent else []
        options += [Option(keys.pack("notice-came", notice.id), "到会情况")] if notice.kind == "meeting" else []
    turn.say(
        "notice-list",
        tuple(options),
        notice=notice,
        silent=silent,
        answered=[one for one in standing if one.answer],
        labels=LABELS,
        absent=[one.unit for one in standing if one.came is False],
    )
    missing = [one.unit for one in silent if one.delivered in {"nobody", "failed"}]
    if missing and membership.role == "office":
        turn.say("notice-copy", notice=notice, units=missing)


async def ask_came(turn: Turn, key: Key) -> None:
    """到会情况: who was absent?"""
    found = await _of_office(turn, key, working=True)
    if found is None or found[1].kind != "meeting":
        if found is not None:
            turn.say("stale")
        return
    notice = found[1]
    standing = await notices.standing_in(turn.connection, notice.id)
    turn.expect(keys.pack("notice-came", notice.id))
    all_there = Option(keys.pack("notice-all", notice.id), "全到")
    turn.say("notice-came", (all_there,), notice=notice, refused=[one.unit for one in standing if one.answer == "not"])


async def came_said(turn: Turn, key: Key) -> None:
    """缺 环保局，其余到: shown with what it costs before it is booked."""
    found = await _of_office(turn, key, working=True)
    if found is None:
        return
    membership, notice = found
    standing = await notices.standing_in(turn.connection, notice.id)
    units = await campaigns.units_in(turn.connection, membership.campaign_id)
    invited = {one.unit_id for one in standing}
    said = normalise(turn.event.text)
    named, rest = selecting.who([unit for unit in units if unit.id in invited], said)
    everybody = any(word in said for word in ("全到", "都到", "全部到", "无缺席", "没有缺")) and not named
    if not everybody and (not named or "缺" not in said or any(mark in rest for mark in ("局", "镇", "街道"))):
        turn.expect(keys.pack("notice-came", notice.id))
        turn.say("notice-came-unclear", said=turn.event.text.strip()[:30])
        return
    await _show_sheet(turn, membership, notice, standing, [unit.id for unit in named])


async def everybody_came(turn: Turn, key: Key) -> None:
    """全到."""
    found = await _of_office(turn, key, working=True)
    if found is not None:
        membership, notice = found
        standing = await notices.standing_in(turn.connection, notice.id)
        await _show_sheet(turn, membership, notice, standing, [])


async def _show_sheet(
    turn: Turn, membership: Membership, notice: Notice, standing: Sequence[Standing], absent: list[int]
) -> None:
    """What 确认 would book, carried out and undone, so that the figures are those of 确认."""
    clauses = _clauses(membership, notice)
    try:
        async with on_trial(turn.connection):
            booked = await _book(turn, membership, notice, standing, absent, clauses)
            costs = await _costs(turn, booked)
    except KaopingError as error:
        turn.say("refused", said=str(error))
        return
    turn.state["notice_version"] = version = int(turn.state.get("notice_version", 0)) + 1
    turn.state["sheet"] = {"version": version, "notice": notice.id, "absent": absent}
    options = (
        Option(keys.pack("notice-book", notice.id, version=version), "确认"),
        Option(keys.pack("notice-came", notice.id), "修改"),
        Option(keys.pack("notice-list", notice.id), "取消"),
    )
    turn.say("notice-sheet", options, **_words(notice, standing, absent), costs=costs, counted=bool(booked))


async def book(turn: Turn, key: Key) -> None:
    """确认: the sheet is kept, the absences are booked with the notice as 依据, and those units hear of it."""
    found = await _of_office(turn, key, working=True)
    held = turn.state.get("sheet")
    if found is None:
        return
    membership, notice = found
    if held is None or held["version"] != key.version or held["notice"] != notice.id:
        turn.say("stale")
        return
    units = await campaigns.units_in(turn.connection, membership.campaign_id)
    if office.refuse_own(turn, [unit for unit in units if unit.id in held["absent"]]):
        return
    standing = await notices.standing_in(turn.connection, notice.id)
    clauses = _clauses(membership, notice)
    try:
        booked = await _book(turn, membership, notice, standing, held["absent"], clauses)
    except KaopingError as error:
        turn.say("refused", said=str(error))
        return
    turn.state.pop("sheet")
    await notices.set_came_in(turn.connection, turn.now, membership.person_id, notice, held["absent"])
    for clause, one in booked:
        if one.fact.fact:
            await booked_news.tell(turn, clause, one)
    turn.say("notice-booked", **_words(notice, standing, held["absent"]))


def _clauses(membership: Membership, notice: Notice) -> list[Clause]:
    """The clauses that count absences from such a meeting: it must be called what they call it (联席会议)."""
    said = normalise(notice.text)
    found = []
    for rubric in membership.rubrics:
        for criterion in rubric.criteria.values():
            names = (criterion.label, *criterion.aliases)
            counts = criterion.by == "office" and isinstance(criterion.score, Deduct) and ABSENT in names
            if counts and any(len(name) > 2 and " " not in name and normalise(name) in said for name in names):
                found.append(Clause(rubric, criterion))
    return found


async def _book(
    turn: Turn,
    membership: Membership,
    notice: Notice,
    standing: Sequence[Standing],
    absent: Sequence[int],
    clauses: Sequence[Clause],
) -> list[tuple[Clause, Booked]]:
    """One absence for who was away, none for who came: both are the office's word.

    A sheet that is corrected takes back what the one before it booked otherwise.
    """
    booked: list[tuple[Clause, Booked]] = []
    on = notice.at.astimezone(turn.zone).date()
    basis = f"通知第 {notice.number} 号（{on.isoformat()}）《{notice.title}》到会情况"
    for clause in clauses:
        facts: dict[int, object] = {
            one.unit_id: Decimal(int(one.unit_id in absent))
            for one in standing
            if one.category in clause.rubric.categories and not office.own_unit(turn, one.unit_id)
        }
        for unit_id in await _unchanged(turn, membership, clause, facts, basis):
            facts.pop(unit_id)
        if facts:
            about = (turn.connection, turn.now, membership.person_id, clause.rubric, clause.criterion.id)
            booked += [(clause, one) for one in await office_facts.book_many_in(*about, facts, basis)]
    return booked


async def _unchanged(
    turn: Turn, membership: Membership, clause: Clause, facts: Mapping[int, object], basis: str
) -> list[int]:
    """The units of which the same was booked before; what was booked otherwise is 不计 from now on."""
    same = []
    for unit_id, fact in facts.items():
        for old in await office_facts.of_unit_in(turn.connection, unit_id):
            mine = (old.rubric_id, old.criterion_id, old.basis) == (clause.rubric.id, clause.criterion.id, basis)
            if mine and old.state != "dismissed" and old.fact == fact:
                same.append(unit_id)
            elif mine and old.state != "dismissed":
                about = (turn.connection, turn.now, membership.person_id, membership.campaign_id, old.id)
                await office_facts.dismiss_in(*about, "到会情况更正")
    return same


async def _costs(turn: Turn, booked: Sequence[tuple[Clause, Booked]]) -> list[tuple[str, str, str]]:
    """What each booking that is news does: unit, clause, and the cost in words."""
    news = [(clause, one) for clause, one in booked if is_news(one)]
    return [(one.fact.unit, clause.criterion.label, await cost_words(turn, *clause, one)) for clause, one in news]


def _words(notice: Notice, standing: Sequence[Standing], absent: Sequence[int]) -> dict[str, Any]:
    away = [one.unit for one in standing if one.unit_id in absent]
    return {"notice": notice, "absent": away, "there": len(standing) - len(away)}


async def _own(turn: Turn, key: Key) -> tuple[Notice, Membership] | None:
    """A notice addressed to a unit of the person's."""
    membership = turn.of_unit(at(key, 1))
    if membership is None or membership.unit_id is None:
        return None
    try:
        return await notices.find_in(turn.connection, at(key, 0), unit_id=membership.unit_id), membership
    except KaopingError:  # a forged or damaged button
        return None


async def _of_office(turn: Turn, key: Key, *, working: bool = False) -> tuple[Membership, Notice] | None:
    """A notice of the person's campaign; says why not."""
    membership = office.working(turn) if working else office.seeing(turn)
    if membership is None:
        return None
    try:
        return membership, await notices.find_in(turn.connection, at(key, 0), campaign_id=membership.campaign_id)
    except KaopingError:  # a forged or damaged button
        turn.say("stale")
        return None
