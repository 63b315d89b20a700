"""考核组: made and changed by typing, read back before it counts; ended; each member gets the sheets of the visits."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date
from functools import partial

from channels import keys
from channels.keys import Key
from channels.port import FileRef, Option
from handlers import office
from handlers.made import keep_made
from handlers.people import own_name
from handlers.proof.proof_standing import at, told
from handlers.review import visit_words
from handlers.review.visit_words import Said
from handlers.turn import Turn
from reports import visit_sheet
from reports.pack_names import name_of
from reports.visit_sheet import VisitSheet
from rubrics.errors import KaopingError
from storage import campaigns, conversation, reaching, review_groups, review_queue
from storage.files import FileStore
from storage.people import Membership
from storage.review_groups import Group
from storage.trial import on_trial

Sheets = list[tuple[int, FileRef]]
"""Files by the unit they are about."""


async def start(turn: Turn, words: str) -> None:
    """考核组: who goes where; with words behind it a group is made or changed."""
    if words:
        await _said(turn, words)
    else:
        await _show(turn)


async def show(turn: Turn, key: Key) -> None:
    """The groups, pressed."""
    await _show(turn)


async def _show(turn: Turn) -> None:
    membership = office.seeing(turn)
    if membership is None:
        return
    groups = await review_groups.of_campaign_in(turn.connection, membership.campaign_id)
    options: list[Option] = []
    if membership.role == "office":
        turn.expect(keys.pack("vg-new"))
        for group in groups:
            about = (("vg-send", "发表"), ("vg-end", "结束"))
            options += [Option(keys.pack(verb, group.id), f"{label} {group.name}"[:10]) for verb, label in about]
    nameless = membership.role == "office" and own_name.lacks(membership)
    turn.say("groups", tuple(options), groups=groups, works=membership.role == "office", unnamed=nameless)


async def typed(turn: Turn, key: Key) -> None:
    """The words that were asked for."""
    await _said(turn, turn.event.text)


async def _said(turn: Turn, words: str) -> None:
    membership = office.working(turn)
    if membership is None:
        return
    units = await campaigns.units_in(turn.connection, membership.campaign_id)
    said = visit_words.read(words, units, turn.today)
    known = await review_groups.candidates_in(turn.connection, membership.campaign_id)
    people, wrong = _people(said.people, known)
    if said.wrong or wrong:
        _ask_again(turn, said.wrong or wrong)
        return
    try:
        await _read_back(turn, membership, said, people)
    except KaopingError as error:  # what the group may not be, said before it is confirmed
        _ask_again(turn, str(error))


def _ask_again(turn: Turn, wrong: str) -> None:
    turn.expect(keys.pack("vg-new"))
    turn.say("group-unclear", wrong=wrong.rstrip("。"))


async def _read_back(turn: Turn, membership: Membership, said: Said, people: Sequence[int]) -> None:
    visits = [(unit.id, day) for unit, day in said.visits]
    about = (membership.person_id, membership.campaign_id, said.name, people, visits)
    groups = await review_groups.of_campaign_in(turn.connection, membership.campaign_id)
    async with on_trial(turn.connection):
        tried = await review_groups.save_in(turn.connection, turn.now, *about)
    before = next((group for group in groups if group.id == tried.id), None)
    turn.state["group_version"] = version = int(turn.state.get("group_version", 0)) + 1
    places = [[unit_id, day.isoformat() if day else None] for unit_id, day in visits]
    turn.state["group"] = {"version": version, "name": said.name, "members": [*people], "visits": places}
    options = (Option(keys.pack("vg-go", version=version), "确认"), Option(keys.pack("vg"), "取消"))
    turn.say("group-check", options, group=tried, before=before)


@told
async def confirmed(turn: Turn, key: Key) -> None:
    """确认: the group is kept as it was read back."""
    membership = office.working(turn)
    draft = turn.held("group", key) if membership else None
    if membership is None or draft is None:
        return
    visits = [(unit_id, date.fromisoformat(day) if day else None) for unit_id, day in draft["visits"]]
    about = (membership.person_id, membership.campaign_id, draft["name"], draft["members"], visits)
    group = await review_groups.save_in(turn.connection, turn.now, *about)
    turn.state.pop("group")
    turn.say("group-kept", (Option(keys.pack("vg-send", group.id), "发现场表"), _back()), group=group)


@told
async def end(turn: Turn, key: Key) -> None:
    """结束: asked once more, then the group has no units any more (version 1 of the key)."""
    found = await _group(turn, key)
    if found is None:
        return
    membership, group = found
    if key.version == 0:
        options = (Option(keys.pack("vg-end", group.id, version=1), "确认"), _back())
        turn.say("group-end-sure", options, group=group)
        return
    about = (membership.person_id, membership.campaign_id, group.id)
    ended = await review_groups.end_in(turn.connection, turn.now, *about)
    turn.say("group-ended", (_back(),), group=ended)


@told
async def send(turn: Turn, key: Key) -> None:
    """发表: the sheets are written while nothing is held, then each member gets those of the visits."""
    found = await _group(turn, key)
    if found is None:
        return
    membership, group = found
    (campaign,) = await campaigns.campaigns_in(turn.connection, membership.campaign_id)
    units = await campaigns.units_in(turn.connection, campaign.id)
    going = [unit for unit in units if group.visit_of(unit.id)]
    made = [(u.id, await visit_sheet.of_unit(turn.connection, campaign, u, group, turn.now, turn.zone)) for u in going]
    sheets = [(unit_id, sheet) for unit_id, sheet in made if sheet.lines]
    if sheets:
        turn.prepare(partial(written, turn.files, sheets), partial(_sent, key))
    else:
        turn.say("visit-empty", (_back(),), whose=group.name)


async def written(files: FileStore, sheets: Sequence[tuple[int, VisitSheet]]) -> Sheets:
    """The sheets as kept files."""
    made = []
    for unit_id, sheet in sheets:
        content = await asyncio.to_thread(visit_sheet.document, sheet)
        made.append((unit_id, await keep_made(files, f"{name_of(sheet.name)}.docx", content)))
    return made


async def _sent(key: Key, turn: Turn, made: Sheets) -> None:
    """To every member; in between the group may have changed, so what is sent is what it still visits."""
    found = await _group(turn, key)
    if found is None:
        return
    membership, group = found
    reached, missed = 0, []
    for member in group.members:
        own = await review_queue.own_units_in(turn.connection, member.person_id)
        mine = [(unit_id, file) for unit_id, file in made if unit_id not in own and group.visit_of(unit_id)]
        if await _tell(turn, group, member.person_id, mine):
            reached += 1
        else:
            missed.append(member.name or "没写姓名")
    turn.say("visit-sent", (_back(),), group=group, sheets=len(made), reached=reached, missed=missed)
    if not group.has(membership.person_id):
        own = await office.own_units(turn)
        for unit_id, file in made:
            if unit_id not in own:
                turn.show(file, file.name)


async def _tell(turn: Turn, group: Group, person_id: int, files: Sheets) -> bool:
    addresses = await reaching.member_in(turn.connection, group.campaign_id, person_id)
    visits = [visit for visit in group.visits if any(unit_id == visit.unit_id for unit_id, _ in files)]
    options = tuple(Option(keys.pack("vs-unit", visit.unit_id), visit.unit[:10]) for visit in visits)
    if not addresses or not files:
        return False
    await office.tell(turn, addresses, "told-visit", options, group=group, visits=visits)
    for one in addresses:
        about = (turn.connection, turn.now, one.channel, one.address)
        for _, file in files:
            await conversation.say(*about, file.name, file=file._asdict(), push=True)
    return True


async def _group(turn: Turn, key: Key) -> tuple[Membership, Group] | None:
    """The group at work that a key names, for who does the office's work; says why not."""
    membership = office.working(turn)
    if membership is None:
        return None
    groups = await review_groups.of_campaign_in(turn.connection, membership.campaign_id)
    group = next((one for one in groups if len(key.parts) == 1 and one.id == at(key, 0)), None)
    if group is None:
        turn.say("stale")
        return None
    return membership, group


def _people(names: Sequence[str], known: Sequence[tuple[int, str]]) -> tuple[list[int], str]:
    """Who is meant, by ids; a sentence where it is nobody or not clear."""
    found = []
    for said in names:
        exact = [ident for ident, name in known if name == said]
        near = exact or [ident for ident, name in known if name and (said in name or name in said)]
        if len(near) != 1:
            why = "有好几位，请写全名" if near else "不是考核办的人也不是专家，请先 邀请"
            return [], f"“{said[:20]}”{why}；{_there(known)}"
        found += near
    return found, ""


def _there(known: Sequence[tuple[int, str]]) -> str:
    """Who may be in a group; who has no name yet cannot be, and how to get one."""
    named = [name for _, name in known if name]
    unnamed = len(known) - len(named)
    nameless = f"还有 {unnamed} 位没写姓名，请他本人打“我叫 ”加姓名" if unnamed else ""
    return "；".join(part for part in (f"现有：{'、'.join(named)}" if named else "", nameless) if part)


def _back() -> Option:
    return Option(keys.pack("vg"), "考核组")
