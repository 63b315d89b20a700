"""报送信息: title, text and files in one or several messages, a receipt that is its proof, and what it counts for."""

from __future__ import annotations

import re
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import FileRef, Option
from handlers.answering import collecting
from handlers.made import keep_made
from handlers.proof.proof_standing import told, year_of
from handlers.sending import report_desk
from handlers.turn import Turn
from rubrics.dates import Day, find_days
from storage import entries, evidence, information, information_counting
from storage.campaigns import units_in
from storage.files import FileStore
from storage.freezing import frozen_in
from storage.information import Report
from storage.people import Membership

MOST_FILES = 20
_BUTTONS = frozenset({"稍后", "现在填", "已经报过了", "同去年", "确认", "修改", "下一项"})
"""Words of other buttons: nobody means them as a line of a report."""
_DATED = re.compile(r"^\s*(?:报送)?(?:日期|时间)?\s*[:：]?\s*(?P<day>\S{3,12})\s*$")
_NAMED = re.compile(r"^\s*(?:报送)?(?:日期|时间)")


class Draft(NamedTuple):
    """A report as far as it was sent. ``said_on``: the day it names in a line of its own, as ISO text.

    ``ahead``: such a day, as it was typed last, that is still to come and was therefore not taken.
    """

    version: int
    unit: int
    lines: list[str]
    files: list[dict[str, Any]]
    said_on: str = ""
    ahead: str = ""

    @property
    def title(self) -> str:
        """The first line; without words the first file's name."""
        if self.lines:
            return self.lines[0][: information.TITLE_CHARACTERS]
        return str(self.files[0]["name"]).rpartition(".")[0][: information.TITLE_CHARACTERS] if self.files else ""

    @property
    def text(self) -> str:
        """What follows the title."""
        return "\n".join(self.lines[1:])


async def start(turn: Turn, words: str) -> None:
    """``/report``, with the report behind it or not; the office without a unit gets its table."""
    membership = turn.liaison
    if membership is None or membership.unit_id is None:
        await report_desk.show(turn)
    elif not await _frozen(turn, membership):
        if turn.event.option is None and not words.strip() and _begun(turn) is not None:
            await go_on(turn, keys.Key("report-on", (), turn.state["report"]["version"]))
            return
        turn.state["report_version"] = version = int(turn.state.get("report_version", 0)) + 1
        draft = Draft(version, membership.unit_id, [], [])
        if words.strip():
            _show(turn, membership, _with_words(turn, membership, draft, words))
        else:
            _ask(turn, membership, draft)


async def pressed(turn: Turn, key: Key) -> None:
    """A button that begins a report; with a unit in it, the report is that unit's from now on."""
    if key.parts and turn.of_unit(int(key.parts[0]) if key.parts[0].isdigit() else 0) is None:
        turn.say("stale")
        return
    if key.parts:
        turn.state["unit"] = int(key.parts[0])
    await start(turn, "")


def wants(turn: Turn) -> bool:
    """Whether files are part of a report that is being made."""
    return turn.expected is not None and turn.expected.verb == "report" and "report" in turn.state


def is_aside(turn: Turn) -> bool:
    """Whether words that are a command are one, although the text of a report is awaited: one line, no heading of it."""
    return wants(turn) and not re.search(r"[:：\n]", turn.event.text.strip())


def still_waits(turn: Turn) -> None:
    """Say that a report is not sent yet, where something else was done instead of writing on."""
    draft = _begun(turn)
    onward = keys.parse(turn.state.get("expects", ""))
    written_on = onward is not None and onward.verb == "report"
    if draft is None or turn.pending or written_on or turn.expected is None or turn.expected.verb != "report":
        return
    options = (
        Option(keys.pack("report-on", version=draft.version), "接着写"),
        Option(keys.pack("report-go", version=draft.version), "报送"),
        Option(keys.pack("report-drop", version=draft.version), "取消"),
    )
    turn.say("report-waits", options, draft=draft)


def _begun(turn: Turn) -> Draft | None:
    """The report that is being made, once something of it was sent."""
    held = turn.state.get("report")
    return Draft(**held) if held and (held["lines"] or held["files"]) else None


async def go_on(turn: Turn, key: Key) -> None:
    """接着写: what was sent so far."""
    found = _draft(turn, key)
    if found is not None:
        draft, membership = found
        _show(turn, membership, draft)


async def more(turn: Turn, key: Key) -> None:
    """Further words of the report; those of a button elsewhere are not added before that is meant."""
    found = _draft(turn, key)
    if found is None:
        return
    draft, membership = found
    words = turn.event.text.strip()
    if words in _BUTTONS:
        turn.state["report_line"] = words
        turn.expect(keys.pack("report", version=draft.version))
        options = (
            Option(keys.pack("report-add", version=draft.version), "加进去"),
            Option(keys.pack("report-go", version=draft.version), "报送"),
            Option(keys.pack("report-drop", version=draft.version), "取消"),
        )
        turn.say("report-not-added", options, said=words, draft=draft)
        return
    _show(turn, membership, _with_words(turn, membership, draft, words))


async def add(turn: Turn, key: Key) -> None:
    """加进去: the words of a button are a line of the report after all."""
    found = _draft(turn, key)
    line = turn.state.pop("report_line", "")
    if found is not None:
        draft, membership = found
        _show(turn, membership, draft._replace(lines=[*draft.lines, line] if line else draft.lines))


async def received(turn: Turn) -> None:
    """Files of the report, with their caption."""
    assert turn.expected is not None
    found = _draft(turn, turn.expected)
    if found is None:
        return
    draft, membership = found
    known = {file["ref"] for file in draft.files}
    fresh = [file._asdict() for file in turn.event.files if file.ref not in known]
    draft = draft._replace(files=[*draft.files, *fresh][:MOST_FILES])
    _show(turn, membership, _with_words(turn, membership, draft, turn.event.text))


@told
async def go(turn: Turn, key: Key) -> None:
    """报送; what seems to be there already is asked about once (``again`` in the key)."""
    found = _draft(turn, key)
    if found is None:
        return
    draft, membership = found
    if await _frozen(turn, membership):
        return
    same = await _same(turn, draft)
    if same is not None and "again" not in key.parts:
        await _say_same(turn, draft, same)
        return
    content = _receipt_text(membership, draft, turn.today)
    name = f"{draft.title[:30]}（报送件）.txt"
    turn.prepare(partial(_write, turn.files, name, content), partial(_keep, key))


async def _frozen(turn: Turn, membership: Membership) -> bool:
    """Whether the year is over, which is then said; after the lock alone a report is still taken, without points."""
    frozen = await frozen_in(turn.connection, membership.campaign_id)
    return frozen is not None and await collecting.over(turn, membership)


async def drop(turn: Turn, key: Key) -> None:
    """取消."""
    if _draft(turn, key) is not None:
        turn.state.pop("report")
        turn.state.pop("expects", None)
        turn.say("report-dropped")


def _ask(turn: Turn, membership: Membership, draft: Draft) -> None:
    turn.state["report"] = draft._asdict()
    turn.expect(keys.pack("report", version=draft.version))
    others = [m for m in turn.memberships if m.role == "liaison" and m.unit_id not in (None, membership.unit_id)]
    options = [Option(keys.pack("report-new", m.unit_id or 0), m.unit_name[:10]) for m in others]
    options.append(Option(keys.pack("report-mine", draft.unit), "我报的"))
    if any(m.role == "office" for m in turn.memberships):
        options.append(Option(keys.pack("report-table"), "上报统计"))
    turn.say("report-how", tuple(options), unit=membership.unit_name)


def _with_words(turn: Turn, membership: Membership, draft: Draft, words: str) -> Draft:
    lines = list(draft.lines)
    said_on, ahead = draft.said_on, ""
    for line in filter(None, (line.strip() for line in words.splitlines())):
        on = _day_of(turn, membership, line)
        if on is None:
            lines.append(line)
        elif on <= turn.today:
            said_on = on.isoformat()
        elif _NAMED.match(line):
            ahead = line
        else:
            lines.append(line)  # a day to come may well be the text
    return draft._replace(lines=lines, said_on=said_on, ahead=ahead)


def _day_of(turn: Turn, membership: Membership, line: str) -> date | None:
    """The day a line of its own names."""
    found = _DATED.match(line)
    days = find_days(found["day"], Day(*turn.today.timetuple()[:3]), year_of(membership)) if found else []
    if found is None or len(days) != 1 or days[0].day is None or days[0].text != found["day"]:
        return None
    return date(*days[0].day)


def _show(turn: Turn, membership: Membership, draft: Draft) -> None:
    """What was sent so far; more may follow, or 报送."""
    size = sum(map(len, draft.lines))
    if size > information.TEXT_CHARACTERS:
        turn.expect(keys.pack("report", version=draft.version))
        turn.say("report-long", size=size, most=information.TEXT_CHARACTERS)
        return
    turn.state["report"] = draft._asdict()
    turn.expect(keys.pack("report", version=draft.version))
    options = (
        Option(keys.pack("report-go", version=draft.version), "报送"),
        Option(keys.pack("report-new"), "重写"),
        Option(keys.pack("report-drop", version=draft.version), "取消"),
    )
    on = date.fromisoformat(draft.said_on) if draft.said_on else turn.today
    turn.say("report-check", options, unit=membership.unit_name, draft=draft, on=on, refused=turn.event.refused)


class _Same(NamedTuple):
    """An earlier report that seems to be this one: by ``file``, else by title."""

    report: Report
    file: bool
    final: bool  # the same title on the same day cannot be another one


async def _same(turn: Turn, draft: Draft) -> _Same | None:
    refs = [file["ref"] for file in draft.files]
    held = await information.with_content_in(turn.connection, draft.unit, refs) if refs else None
    on = date.fromisoformat(draft.said_on) if draft.said_on else turn.today
    title = entries.same_name(draft.title)
    for one in await information.of_unit_in(turn.connection, draft.unit):
        if one.state != "returned" and entries.same_name(one.title) == title:
            return _Same(one, file=False, final=one.reported_on == on)
    return _Same(held, file=True, final=False) if held else None


async def _say_same(turn: Turn, draft: Draft, same: _Same) -> None:
    turn.expect(keys.pack("report", version=draft.version))
    again = () if same.final else (Option(keys.pack("report-go", "again", version=draft.version), "仍要报送"),)
    options = (
        *again,
        Option(keys.pack("report-new"), "重写"),
        Option(keys.pack("report-drop", version=draft.version), "取消"),
    )
    turn.say("report-same", options, same=same)


def _receipt_text(membership: Membership, draft: Draft, today: date) -> bytes:
    """The report as a file: what was sent, by whom, on which day; it proves that it was."""
    names = [str(file["name"]) for file in draft.files]
    lines = [draft.title, "", draft.text, "", f"报送单位：{membership.unit_name}", f"报送人：{membership.name}"]
    lines += [f"信息日期：{draft.said_on or today.isoformat()}", f"收到日期：{today.isoformat()}"]
    lines += [f"附件：{'、'.join(names)}"] if names else []
    return "\n".join(lines).encode()


async def _write(files: FileStore, name: str, content: bytes) -> FileRef:
    return await keep_made(files, name, content)


async def _keep(key: Key, turn: Turn, receipt: FileRef) -> None:
    found = _draft(turn, key)
    if found is None:
        return
    draft, membership = found
    kept = [receipt, *(FileRef(**file) for file in draft.files)]
    ids = list(dict.fromkeys([await _evidence(turn, membership, file) for file in kept]))
    on = date.fromisoformat(draft.said_on) if draft.said_on else turn.today
    words: dict[str, Any] = {"title": draft.title, "text": draft.text, "reported_on": on, "received_on": turn.today}
    about = (turn.connection, turn.now, membership.person_id, draft.unit)
    report = await information.add_in(*about, **words, evidence=ids)
    counted = await information_counting.count_in(
        turn.connection, turn.now, await unit_of(turn, membership), report, turn.today
    )
    turn.state.pop("report")
    turn.state.pop("expects", None)
    all_of = [one for one in await information.of_unit_in(turn.connection, draft.unit) if one.state != "returned"]
    today = sum(one.received_on == turn.today for one in all_of)
    options = (
        Option(keys.pack("report-new"), "再报一条"),
        Option(keys.pack("file", draft.unit, ids[0]), "看回执"),
        Option(keys.pack("report-undo", draft.unit, report.id), "撤回这条"),
        Option(keys.pack("next", draft.unit), "下一项"),
    )
    turn.say(
        "report-kept",
        options,
        report=report,
        counted=counted,
        scores=await _scores(turn, draft.unit, counted),
        total=len(all_of),
        today=today if today >= report_desk.MANY_A_DAY else 0,
    )


async def unit_of(turn: Turn, membership: Membership) -> information_counting.Unit:
    """The unit of a liaison, as reports are counted for it."""
    assert membership.unit_id is not None
    known = await units_in(turn.connection, membership.campaign_id)
    one = next(unit for unit in known if unit.id == membership.unit_id)
    return information_counting.Unit(one.id, one.name, one.category, membership.rubrics)


async def _scores(turn: Turn, unit_id: int, counted: list[information_counting.Counted]) -> dict[str, str]:
    """Why each clause is worth what it is now, by rubric and clause."""
    found = {}
    for one in counted:
        scored = await turn.scored(unit_id, one.rubric)
        found[f"{one.rubric.id}/{one.criterion.id}"] = scored.why(one.criterion.id)
    return found


async def _evidence(turn: Turn, membership: Membership, file: FileRef) -> int:
    kind, macro = await turn.files.type_of(file.ref)
    given = (membership.person_id, membership.unit_id or 0, file.ref, file.name, file.size_bytes, kind)
    return (await evidence.receive_in(turn.connection, turn.now, *given, macro=macro, dated_on=turn.today)).id


def _draft(turn: Turn, key: Key) -> tuple[Draft, Membership] | None:
    """The report a button or question belongs to; says so where it is another one by now, or no longer the person's."""
    found = turn.state.get("report")
    membership = turn.of_unit(found["unit"]) if found else None
    if found is None or membership is None or found["version"] != key.version:
        turn.say("stale")
        return None
    return Draft(**found), membership
