"""到会情况: a meeting's attendance sheet, shown with what it costs, booked with the notice as 依据, corrected when said anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.desk import booked_news
from handlers.desk.disputing import what_of
from handlers.desk.fact_costs import cost_words
from handlers.desk.fact_news import is_news, is_nothing
from handlers.desk.fact_notes import Clause
from handlers.sending import notice_came
from handlers.sending.notice_desk import of_office
from handlers.turn import Turn
from rubrics.errors import KaopingError
from rubrics.kinds import Deduct
from rubrics.numerals import normalise
from storage import campaigns, notices, office_facts, reaching
from storage.notices import Notice, Standing
from storage.office_facts import Booked, OfficeFact
from storage.people import Membership
from storage.trial import on_trial

ABSENT = "缺席"
"""An alias or label of the clauses that count who stayed away from a meeting."""


class _Sheet(NamedTuple):
    """What a sheet books, and the absences of the sheet before it that count no more: as they were, and what that does."""

    booked: list[tuple[Clause, Booked]]
    taken: list[tuple[OfficeFact, Booked]]


async def ask_came(turn: Turn, key: Key) -> None:
    """到会情况: who was absent?"""
    found = await of_office(turn, key, working=True)
    if found is None:
        return
    notice = found[1]
    if notice.kind != "meeting":
        turn.say("stale")
        return
    standing = await notices.standing_in(turn.connection, notice.id)
    turn.expect(keys.pack("notice-came", notice.id))
    all_there = Option(keys.pack("notice-all", notice.id), "全到")
    turn.say("notice-came", (all_there,), refused=[one.unit for one in standing if one.answer == "not"])


async def came_said(turn: Turn, key: Key) -> None:
    """缺 环保局，其余到: shown with what it costs before it is booked."""
    found = await of_office(turn, key, working=True)
    if found is None:
        return
    membership, notice = found
    standing = await notices.standing_in(turn.connection, notice.id)
    units = await campaigns.units_in(turn.connection, membership.campaign_id)
    invited = {one.unit_id for one in standing}
    absent = notice_came.away([unit for unit in units if unit.id in invited], turn.event.text)
    if absent is None:
        turn.expect(keys.pack("notice-came", notice.id))
        turn.say("notice-came-unclear", said=turn.event.text.strip()[:30])
        return
    await _show_sheet(turn, membership, notice, standing, [unit.id for unit in absent])


async def everybody_came(turn: Turn, key: Key) -> None:
    """全到."""
    found = await of_office(turn, key, working=True)
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
            sheet = await _book(turn, membership, notice, standing, absent, clauses)
            costs = await _costs(turn, sheet.booked)
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
    words = {**_words(notice, standing, absent), "costs": costs, "taken": sheet.taken, "counted": bool(sheet.booked)}
    turn.say("notice-sheet", options, **words)


async def book(turn: Turn, key: Key) -> None:
    """确认: the sheet is kept, the absences are booked with the notice as 依据, and those units hear of it."""
    found = await of_office(turn, key, working=True)
    held = turn.state.get("sheet")
    if found is None:
        return
    membership, notice = found
    if held is None or held["version"] != key.version or held["notice"] != notice.id:
        turn.say("stale")
        return
    units = await campaigns.units_in(turn.connection, membership.campaign_id)
    if await office.refuse_own(turn, [unit for unit in units if unit.id in held["absent"]]):
        return
    standing = await notices.standing_in(turn.connection, notice.id)
    clauses = _clauses(membership, notice)
    try:
        sheet = await _book(turn, membership, notice, standing, held["absent"], clauses)
    except KaopingError as error:
        turn.say("refused", said=str(error))
        return
    turn.state.pop("sheet")
    await notices.set_came_in(turn.connection, turn.now, membership.person_id, notice, held["absent"])
    for clause, one in sheet.booked:
        if one.fact.fact:
            await booked_news.tell(turn, clause, one)
    for old, one in sheet.taken:
        reached = await reaching.liaisons_in(turn.connection, old.unit_id, turn.today)
        await office.tell(turn, reached, "told-dismissed", one=one, what=await what_of(turn, old))
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
) -> _Sheet:
    """One absence for who was away, none for who came: both are the office's word.

    A sheet that is corrected takes back what the one before it booked otherwise.
    """
    sheet = _Sheet([], [])
    own = await office.own_units(turn)
    for clause in clauses:
        facts: dict[int, object] = {
            one.unit_id: Decimal(int(one.unit_id in absent))
            for one in standing
            if one.category in clause.rubric.categories and one.unit_id not in own
        }
        for old in await _booked_before(turn, notice, clause, facts):
            if old.fact == facts.get(old.unit_id):
                facts.pop(old.unit_id)
            else:
                wrong = (membership.person_id, membership.campaign_id, old.id, "到会情况更正")
                changed = await office_facts.dismiss_in(turn.connection, turn.now, *wrong)
                sheet.taken.extend([] if is_nothing(old.fact) else [(old, changed)])
        if facts:
            basis = f"{_basis(turn, notice)}{notice.title}》到会情况"
            about = (turn.connection, turn.now, membership.person_id, clause.rubric, clause.criterion.id)
            made = await office_facts.book_many_in(*about, facts, basis)
            sheet.booked.extend((clause, one) for one in made)
    return sheet


def _basis(turn: Turn, notice: Notice) -> str:
    """How the 依据 of what is booked by a notice begins."""
    return f"通知第 {notice.number} 号（{notice.at.astimezone(turn.zone).date().isoformat()}）《"


async def _booked_before(turn: Turn, notice: Notice, clause: Clause, units: Iterable[int]) -> list[OfficeFact]:
    """What an earlier sheet of the notice booked for some units, where it still counts."""
    beginning = _basis(turn, notice)
    return [
        old
        for unit_id in units
        for old in await office_facts.of_unit_in(turn.connection, unit_id)
        if (old.rubric_id, old.criterion_id) == (clause.rubric.id, clause.criterion.id)
        and old.basis.startswith(beginning)
        and old.state != "dismissed"
    ]


async def _costs(turn: Turn, booked: Sequence[tuple[Clause, Booked]]) -> list[tuple[str, str, str]]:
    """What each booking that is news does: unit, clause, and the cost in words."""
    news = [(clause, one) for clause, one in booked if is_news(one)]
    return [(one.fact.unit, clause.criterion.label, await cost_words(turn, *clause, one)) for clause, one in news]


def _words(notice: Notice, standing: Sequence[Standing], absent: Sequence[int]) -> dict[str, Any]:
    away = [one.unit for one in standing if one.unit_id in absent]
    return {"notice": notice, "absent": away, "there": len(standing) - len(away)}
