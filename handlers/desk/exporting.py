"""导出: papers and packs for who may have them. The office all, a leader the one page, a liaison the own unit's."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import units as naming
from handlers.desk import exporting_basis as basis
from handlers.desk import exporting_papers as papers
from handlers.desk.exporting_papers import About, Made, Work
from handlers.proof.proof_standing import at, told
from handlers.turn import Turn
from reports import pack
from reports.pack import Wish
from storage import audit, campaigns
from storage.errors import NotFoundError
from storage.people import Membership

NAMES = {
    "sheet": "得分表",
    "pack": "佐证包",
    "report": "自评报告",
    "annex": "附件1",
    "page": "领导一页",
    "notice": "通报稿",
    "data": "数据",
}
"""What can be had, and what it is called."""

ALSO_CALLED = {"正式考核表": "sheet", "考核表": "sheet", "通报": "notice", "材料": "pack", "附件一": "annex"}
EVERY_UNIT = frozenset({"全部单位", "全部", "所有单位", "各单位"})

OF_UNITS = frozenset({"sheet", "pack", "report", "data"})
OF_ROLE = {"office": tuple(NAMES), "leader": ("page",), "liaison": ("pack", "report")}
SLOW_OF_ALL = frozenset({"sheet"})
"""Of hundreds of units it takes seconds to read, and nobody could answer meanwhile: the command line makes it."""
MOST_BUTTONS = 40
ALL = 0
"""Stands for all units in a key."""

_HIDE, _OLD = "h", "o"
_LEAST_BYTES = 100_000  # 0.1 MB, so that a small pack does not look empty
_BYTES_A_SECOND = 20_000_000  # what a slow disk copies; a guess too high is worse than one too low


class _Asked(NamedTuple):
    """Who asks for what, checked: the membership that gives the right to it."""

    membership: Membership
    what: str
    unit_id: int | None


async def start(turn: Turn, words: str) -> None:
    """``/export``, ``导出 佐证包 孟河``: what the person may have, or at once what the words name."""
    offered = _offered(turn)
    if not offered:
        turn.say("export-nobody")
        return
    what, rest = _kind(words.strip())
    if what is None:
        turn.say("export", _choices(offered), kinds=[NAMES[kind] for _, kind in offered], said=words.strip()[:20])
        return
    found = next((one for one, kind in offered if kind == what), None)
    if found is None:
        turn.say("export-not-yours", what=NAMES[what], kinds=[NAMES[kind] for _, kind in offered])
        return
    await _named(turn, found, what, rest)


def _kind(words: str) -> tuple[str | None, str]:
    """What words begin with, by any of its names, and the words behind it."""
    called = {name: kind for kind, name in NAMES.items()} | ALSO_CALLED
    name = max((name for name in called if words.startswith(name)), key=len, default="")
    return called.get(name), words.removeprefix(name).strip()


def _offered(turn: Turn) -> list[tuple[Membership, str]]:
    """What the person may have, each kind once, by the membership that gives it; the chosen campaign first."""
    chosen = turn.state.get("campaign")
    held = sorted(turn.memberships, key=lambda m: m.campaign_id != chosen)
    if (own := turn.liaison) is not None:
        held.insert(0, own)
    found: dict[str, Membership] = {}
    for kind in NAMES:
        for role, kinds in OF_ROLE.items():
            one = next((m for m in held if m.role == role and _whole(m)), None)
            if one is not None and kind in kinds and kind not in found:
                found[kind] = one
    return [(membership, kind) for kind, membership in found.items()]


def _whole(m: Membership) -> bool:
    """Whether a membership is of the kind its role has here: offices and leaders of no unit, liaisons of one."""
    return (m.unit_id is not None) == (m.role == "liaison")


def _choices(offered: list[tuple[Membership, str]]) -> tuple[Option, ...]:
    return tuple(Option(_key("export", m, kind), NAMES[kind]) for m, kind in offered)


def _key(verb: str, m: Membership, what: str, *more: str | int) -> str:
    return keys.pack(verb, m.campaign_id, what, *(more or (m.unit_id or ALL,)))


async def _named(turn: Turn, membership: Membership, what: str, words: str) -> None:
    """The rest of the words: a unit, a day for 附件1, a score or a snapshot for a table or 通报稿."""
    how = ""
    if what == "annex":
        await _annex_at(turn, _Asked(membership, what, None), words)
        return
    if what in ("sheet", "notice"):
        how, words = basis.wanted(words)
    if how and (not words or what not in OF_UNITS):
        await _as_said(turn, _Asked(membership, what, None), how)
        return
    if not words or membership.role == "liaison" or what not in OF_UNITS:
        await _whose(turn, _Asked(membership, what, membership.unit_id))
        return
    known = await campaigns.units_in(turn.connection, membership.campaign_id)
    if words in EVERY_UNIT and (what not in SLOW_OF_ALL or len(known) <= MOST_BUTTONS):
        await _as_said(turn, _Asked(membership, what, None), how)
        return
    found = naming.find(known, words)
    if len(found) == 1:
        await _as_said(turn, _Asked(membership, what, found[0].id), how)
    elif found:
        options = tuple(Option(_key("export-of", membership, what, one.id), one.name[:10]) for one in found)
        turn.say("which-of-units", options, said=words[:20])
    else:
        turn.say("no-such-unit", said=words[:20])


async def _as_said(turn: Turn, asked: _Asked, how: str) -> None:
    """Of a unit or of all, with the score that was said, or else asked for; too many units for one answer are not made."""
    about = await _about(turn, asked) if how else None
    if about is None:
        await _go_on(turn, asked)
    elif asked.what in SLOW_OF_ALL and asked.unit_id is None and about.campaign.units > MOST_BUTTONS:
        await _whose(turn, asked)
    elif _fits(asked.what, how):
        try:
            await _make(turn, asked, about, how)
        except NotFoundError as error:
            turn.say("refused", said=str(error))
    else:
        await _go_on(turn, asked)


@told
async def chosen(turn: Turn, key: Key) -> None:
    """A kind was pressed."""
    asked = _asked(turn, key)
    if asked is None:
        turn.say("stale")
    elif asked.what == "annex":
        turn.expect(keys.pack("export-day", *key.parts))
        turn.say("export-day", (Option(keys.pack("export-go", *key.parts), "现在的"),))
    else:
        await _whose(turn, asked)


async def _whose(turn: Turn, asked: _Asked) -> None:
    """Of which unit? Asked only where there is a choice."""
    m = asked.membership
    if m.role == "liaison" or asked.what not in OF_UNITS:
        await _go_on(turn, asked)
        return
    known = await campaigns.units_in(turn.connection, m.campaign_id)
    every = Option(_key("export-of", m, asked.what, ALL), "全部单位")
    options = [every] if asked.what not in SLOW_OF_ALL or len(known) <= MOST_BUTTONS else []
    if len(known) <= MOST_BUTTONS:
        options += [Option(_key("export-of", m, asked.what, unit.id), unit.name[:10]) for unit in known]
    turn.say("export-whose", tuple(options), what=NAMES[asked.what], too_many=every not in options)


@told
async def of_unit(turn: Turn, key: Key) -> None:
    """A unit was pressed, or all."""
    asked = _asked(turn, key)
    if asked is None:
        turn.say("stale")
    else:
        await _go_on(turn, asked)


async def _go_on(turn: Turn, asked: _Asked) -> None:
    """What is quick is made at once; of a table the score is asked for, of a pack its size is said first."""
    about = await _about(turn, asked)
    if about is None:
        turn.say("stale")
    elif asked.what == "sheet":
        await _which_score(turn, asked, about)
    elif asked.what == "pack":
        await _preview(turn, asked, about)
    else:
        await _make(turn, asked, about, "")


async def _which_score(turn: Turn, asked: _Asked, about: About) -> None:
    go_on = partial(_key, "export-go", asked.membership, "sheet", about.unit_id or ALL)
    frozen = await basis.newest(turn, asked.membership.campaign_id)
    options = tuple(Option(go_on(how), label) for how, label in (*frozen, *basis.SCORES))
    turn.say("export-score", options, whose=about.whose, snapshots=frozen)


async def _preview(turn: Turn, asked: _Asked, about: About) -> None:
    whole = await papers.pack_of(turn, about, Wish())
    if not whole.lines:
        turn.say("export-empty", whose=about.whose)
        return
    go_on = partial(_key, "export-go", asked.membership, "pack", about.unit_id or ALL)
    old = sum(line.state in (pack.REPLACED, pack.WITHDRAWN) for line in whole.lines)
    ways = [("p", "做佐证包"), (f"p{_HIDE}", "隐去证件号")]
    ways += [(f"p{_OLD}", "连已撤回的"), (f"p{_OLD}{_HIDE}", "连撤回的并隐去")] if old else []
    turn.say(
        "export-pack",
        tuple(Option(go_on(how), label) for how, label in ways),
        whose=about.whose,
        files=len(whole.files),
        lines=len(whole.lines),
        shared=sum(bool(line.path) for line in whole.lines) - len(whole.files),
        named=sum(line.state in (pack.BY_NUMBER, pack.OFFLINE) for line in whole.lines),
        old=old,
        megabytes=f"{max(whole.size_bytes, _LEAST_BYTES) / 1e6:.1f}",
        minutes=1 + whole.size_bytes // (60 * _BYTES_A_SECOND),
        split=about.unit_id is None and whole.size_bytes > papers.MOST_SENT_BYTES,
    )


@told
async def go(turn: Turn, key: Key) -> None:
    """Make it: the last part of the key says with which score, how, or of which day."""
    asked = _asked(turn, key)
    about = await _about(turn, asked) if asked else None
    how = key.parts[3] if len(key.parts) == 4 else ""
    if asked is None or about is None or not _fits(asked.what, how):
        turn.say("stale")
    else:
        await _make(turn, asked, about, how)


def _fits(what: str, how: str) -> bool:
    if what == "sheet":
        return how in {score for score, _ in basis.SCORES} or basis.snapshot_in(how) is not None
    if what == "notice":
        return not how or how == basis.NOW or basis.snapshot_in(how) is not None
    if what == "pack":
        return how[:1] == "p" and set(how[1:]) <= {_OLD, _HIDE}
    return not how


async def _make(turn: Turn, asked: _Asked, about: About, how: str) -> None:
    turn.prepare(await _work(turn, asked.what, about, how), partial(_made, asked, about))


async def _work(turn: Turn, what: str, about: About, how: str) -> Work:
    if what == "sheet":
        number = basis.snapshot_in(how)
        return await papers.official_tables(turn, about, "verified" if number else how, number)
    if what == "pack":
        hide = _HIDE in how
        return await papers.evidence_packs(turn, about, Wish(_OLD in how, hide, hide))
    if what == "annex":
        return await papers.annexes(turn, about, papers.end_of(turn, how))
    if what == "notice":
        return await papers.bulletins(turn, about, papers.NOW if how == basis.NOW else basis.snapshot_in(how))
    quick = {"report": papers.self_reports, "page": papers.leader_pages, "data": papers.data}
    return await quick[what](turn, about)


async def _made(asked: _Asked, about: About, turn: Turn, made: list[Made]) -> None:
    """Send what was made, and note who has it; in between somebody may have been removed."""
    membership = _may(turn, asked.membership.campaign_id, asked.what, asked.unit_id)
    if membership is None:
        turn.say("stale")
        return
    if papers.nothing(made):
        turn.say("export-empty", whose=about.whose)
        return
    what = NAMES[asked.what]
    if failed := papers.failures(made):
        turn.say("export-failed", what=what, whose=about.whose, why=failed)
        return
    notes = [one.said for one in made if one.said]
    of = next((one.basis for one in made if one.basis), "")
    others = await _others(turn, asked) if asked.what == "notice" else ()
    head = await audit.head_in(turn.connection)
    said = {"notes": notes, "head": head.words, "basis": of, "others": bool(others)}
    turn.say("export-made", others, what=what, whose=about.whose, **said)
    files = [one.file for one in made if one.file is not None]
    for file in files:
        turn.show(file)
    subject = {"what": asked.what, "unit": about.unit_id, "sha256": [file.ref for file in files]}
    person = str(membership.person_id)
    await audit.record(turn.connection, turn.now, person, "export.made", subject, membership.campaign_id)


async def _others(turn: Turn, asked: _Asked) -> tuple[Option, ...]:
    """The scores 通报稿 may be made of; none where there are only those of now."""
    frozen = await basis.newest(turn, asked.membership.campaign_id)
    ways = [*frozen, (basis.NOW, "按现在的")] if frozen else []
    return tuple(Option(_key("export-go", asked.membership, asked.what, ALL, how), label) for how, label in ways)


@told
async def day_said(turn: Turn, key: Key) -> None:
    """The day 附件1 is to be of."""
    asked = _asked(turn, key)
    if asked is None:
        turn.say("stale")
    else:
        await _annex_at(turn, asked, turn.event.text)


async def _annex_at(turn: Turn, asked: _Asked, words: str) -> None:
    about = await _about(turn, asked)
    if about is None:
        turn.say("stale")
        return
    day = basis.day_in(turn, words, about.campaign.year)
    again = keys.pack("export-day", asked.membership.campaign_id, asked.what, ALL)
    if words.strip() and day is None:
        turn.expect(again)
        turn.say("export-day-unclear", said=words[:20])
    elif day is not None and day > turn.today:
        turn.expect(again)
        turn.say("export-day-future", (Option(_key("export-go", asked.membership, asked.what), "现在的"),), day=day)
    else:
        await _make(turn, asked, about, day.isoformat() if day else "")


def _asked(turn: Turn, key: Key) -> _Asked | None:
    """What a key asks for, where the person may have it; a forged or old one gives nothing."""
    if len(key.parts) not in (3, 4) or key.parts[1] not in NAMES or not key.parts[2].isdigit():
        return None
    unit_id = at(key, 2) or None
    membership = _may(turn, at(key, 0), key.parts[1], unit_id)
    return _Asked(membership, key.parts[1], unit_id) if membership else None


def _may(turn: Turn, campaign_id: int, what: str, unit_id: int | None) -> Membership | None:
    """The membership that lets the person have something of a campaign, or of one of its units."""
    held = (m for m in turn.memberships if m.campaign_id == campaign_id and what in OF_ROLE.get(m.role, ()))
    return next((m for m in held if _whole(m) and (m.role != "liaison" or m.unit_id == unit_id)), None)


async def _about(turn: Turn, asked: _Asked) -> About | None:
    """The campaign and the unit; None where the unit is none of the campaign's."""
    campaign_id = asked.membership.campaign_id
    (campaign,) = await campaigns.campaigns_in(turn.connection, campaign_id)
    if asked.unit_id is None:
        return About(campaign, None, "")
    known = await campaigns.units_in(turn.connection, campaign_id)
    unit = next((one for one in known if one.id == asked.unit_id), None)
    return About(campaign, unit.id, unit.name) if unit else None
