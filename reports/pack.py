"""What goes into an evidence pack (佐证包): a line for each thing a piece of proof proves, and where its file lies in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from reports.pack_masks import masked
from reports.pack_names import ending_of, file_name, folder_name, name_of, spelled
from rubrics.model import Criterion, Rubric
from rubrics.proof import UNSAID, WHOLE
from storage import audit, campaigns, clues, editions, proof_listing
from storage.campaigns import Campaign, Unit
from storage.proof_listing import Listed

ELSEWHERE = "98_自评和整改"
UNSORTED = "99_待归类材料"
CURRENT, REPLACED, WITHDRAWN, ERASED = "现行", "已替换", "已撤回", "已清除"
WAITING, BY_NUMBER, OFFLINE, CLUE = "待归类", "只报文号", "线下核验", "线索不入包"
MISSING, CHANGED = "缺失", "内容不符"
"""What an index says of a line; the last two are found out when the files are read."""

_NO_RUBRIC = "~"  # sorts behind every rubric


class Wish(NamedTuple):
    """What is asked of a pack: 已撤回 and 已替换 files too; ID and mobile numbers hidden in names and index."""

    withdrawn: bool = False
    hide_identities: bool = False
    hide_mobiles: bool = False


class Line(NamedTuple):
    """A line of the index. ``path`` is the file's in the pack, empty where there is none.

    ``dated_on`` is the day the proof is about, ``received_at`` when it came, in the zone whose time is printed.
    """

    unit: str
    rubric: str
    item: str
    clause: str
    part: str
    name: str
    sent_as: str
    dated_on: date | None
    received_at: datetime
    sender: str
    number: str
    place: str
    state: str
    version: str
    size_bytes: int
    ref: str
    kind: str
    path: str


class Pack(NamedTuple):
    """What is to be written: ``title`` on the index, its lines in roster order, by item and clause.

    ``head``: the head of the audit trail then, as people keep it.
    """

    title: str
    made_at: datetime
    wish: Wish
    lines: tuple[Line, ...]
    head: str

    @property
    def files(self) -> tuple[Line, ...]:
        """The lines with a file, each file once."""
        return tuple({line.path: line for line in reversed(self.lines) if line.path}.values())[::-1]

    @property
    def size_bytes(self) -> int:
        """How much its files hold; the pack is hardly larger."""
        return sum(line.size_bytes for line in self.files)


async def collect(
    connection: AsyncConnection,
    campaign: Campaign,
    unit_id: int | None,
    at: datetime,
    zone: ZoneInfo,
    wish: Wish | None = None,
) -> Pack:
    """All proof of a campaign, or of one of its units, as it is in this unit of work; ``at`` must be aware.

    Clues (打假线索) never go into a pack: neither the files sent with them, nor what is attached to their clause.
    """
    known = await _read(connection, campaign, unit_id)
    making = _Making(known, wish or Wish(), zone, several=unit_id is None)
    lines = [line for unit in known.units for line in making.lines(unit, known.listed[unit.id])]
    return _pack(
        campaign, "全部单位" if unit_id is None else known.units[0].name, at, zone, making.wish, lines, known.head
    )


async def collect_each(
    connection: AsyncConnection, campaign: Campaign, at: datetime, zone: ZoneInfo, wish: Wish | None = None
) -> dict[int, Pack]:
    """A pack a unit, by its id; what all of them need is read once."""
    known, asked = await _read(connection, campaign, None), wish or Wish()
    made = {}
    for unit in known.units:
        lines = _Making(known, asked, zone, several=False).lines(unit, known.listed[unit.id])
        made[unit.id] = _pack(campaign, unit.name, at, zone, asked, lines, known.head)
    return made


def _pack(
    campaign: Campaign, whose: str, at: datetime, zone: ZoneInfo, wish: Wish, lines: Iterable[Line], head: str
) -> Pack:
    return Pack(f"{campaign.code} 年度考核佐证材料目录 · {whose}", at.astimezone(zone), wish, tuple(lines), head)


class _Known(NamedTuple):
    """What packs are made from; ``secret`` are the files that were sent with clues."""

    rubrics: tuple[Rubric, ...]
    units: tuple[Unit, ...]
    listed: Mapping[int, list[Listed]]
    secret: frozenset[str]
    head: str


async def _read(connection: AsyncConnection, campaign: Campaign, unit_id: int | None) -> _Known:
    rubrics = await editions.of_campaign(connection, campaign.id)
    units = tuple(u for u in await campaigns.units_in(connection, campaign.id) if unit_id in (None, u.id))
    listed: dict[int, list[Listed]] = defaultdict(list)
    for one in await proof_listing.of_campaign_in(connection, campaign.id, unit_id):
        listed[one.unit_id].append(one)
    told = await clues.of_campaign_in(connection, campaign.id)
    secret = frozenset(str(file["ref"]) for clue in told for file in clue.files)
    return _Known(rubrics, units, listed, secret, (await audit.head_in(connection)).words)


class _Making:
    """What all lines of a pack need, and the names that are taken."""

    def __init__(self, known: _Known, wish: Wish, zone: ZoneInfo, *, several: bool) -> None:
        self.rubrics = {rubric.id: rubric for rubric in known.rubrics}
        self.wish, self.zone, self.secret, self.several = wish, zone, known.secret, several
        self.clue_clauses = {(rubric.id, criterion.id) for rubric, criterion in clues.clauses(known.rubrics)}
        self.taken: set[str] = set()
        self.alike: Counter[tuple[object, ...]] = Counter()

    def lines(self, unit: Unit, listed: Sequence[Listed]) -> list[Line]:
        """A unit's lines: by rubric, item and clause, what waits to be sorted last."""
        order = [*self.rubrics, _NO_RUBRIC]
        known = [one for one in listed if not one.rubric_id or self._criterion(one) is not None]
        known.sort(key=lambda one: (order.index(one.rubric_id or _NO_RUBRIC), self._position(one)))
        hidden = {one.evidence_id for one in known if one.evidence_id is not None and self._is_clue(one)}
        used = {one.rubric_id for one in known if one.rubric_id}
        top = [name_of(self._hide(unit.name))] if self.several else []
        paths: dict[tuple[str, int], str] = {}
        made = []
        for one in known:
            clue = one.evidence_id in hidden or self._is_clue(one)
            line = self._line(unit, one, clue=clue)
            if line.ref and self._packed(line.state):
                folder = self._folder(top, one, apart=len(used) > 1)
                place = (folder, one.evidence_id or 0)
                if place not in paths:
                    paths[place] = self._path(folder, unit, one, line)
                line = line._replace(path=paths[place])
            made.append(line)
        return made

    def _criterion(self, one: Listed) -> Criterion | None:
        rubric = self.rubrics.get(one.rubric_id)
        return rubric.criteria.get(one.criterion_id) if rubric else None

    def _position(self, one: Listed) -> int:
        return list(self.rubrics[one.rubric_id].criteria).index(one.criterion_id) if one.rubric_id else 0

    def _is_clue(self, one: Listed) -> bool:
        return (one.rubric_id, one.criterion_id) in self.clue_clauses or one.ref in self.secret

    def _packed(self, state: str) -> bool:
        return state in (CURRENT, WAITING) or (self.wish.withdrawn and state in (REPLACED, WITHDRAWN))

    def _line(self, unit: Unit, one: Listed, *, clue: bool) -> Line:
        criterion, rubric = self._criterion(one), self.rubrics.get(one.rubric_id)
        item = rubric.item_of[one.criterion_id] if rubric else None
        state = CLUE if clue else _state(one)
        shown = state not in (CLUE, ERASED)  # neither is to be told by its name
        return Line(
            unit=unit.name,
            rubric=rubric.title if rubric else "",
            item=f"{item.id} {item.title}" if item else "",
            clause=f"{criterion.id} {criterion.label}" if criterion else "",
            part=_part(criterion, one.part) if criterion else "",
            name=self._hide(self._words(one)) if shown else "",
            sent_as=self._hide(one.name) if shown else "",
            dated_on=one.dated_on or one.happened_on,
            received_at=one.received_at.astimezone(self.zone),
            sender=one.sender if state != CLUE else "",
            number=self._hide(one.number) if shown else "",
            place=self._hide(one.place) if shown else "",
            state=state,
            version=f"第 {one.version} 版，共 {one.versions} 版" if one.versions > 1 else "",
            size_bytes=one.size_bytes if state != CLUE else 0,
            ref=one.ref if state != CLUE else "",
            kind=one.file_kind,
            path="",
        )

    def _words(self, one: Listed) -> str:
        """What a piece of proof is called: the meeting, report or award, else its clause; a named document its title."""
        criterion = self._criterion(one)
        if one.kind != "file":
            return one.name
        return one.entry or one.serves or (criterion.label if criterion else one.name.rpartition(".")[0] or one.name)

    def _folder(self, top: Sequence[str], one: Listed, *, apart: bool) -> str:
        if not one.rubric_id:
            return "/".join([*top, ELSEWHERE if one.serves else UNSORTED])
        rubric = self.rubrics[one.rubric_id]
        item = rubric.item_of[one.criterion_id]
        between = [name_of(rubric.title)] if apart else []
        return "/".join([*top, *between, folder_name(item.id, item.label)])

    def _path(self, folder: str, unit: Unit, one: Listed, line: Line) -> str:
        day = line.dated_on or line.received_at.date()
        ending = ending_of(one.file_kind, one.name)
        version = one.version if one.versions > 1 else None
        whose = self._hide(unit.name)
        alike = (spelled(folder), one.criterion_id, spelled(line.name), spelled(whose), day, ending, version)
        while True:  # what is alike is counted; what only becomes alike when it is cut is found to be taken
            self.alike[alike] += 1
            again = self.alike[alike]
            name = file_name(one.criterion_id, line.name, whose, day, ending, version=version, again=again)
            path = f"{folder}/{name}"
            if spelled(path) not in self.taken:
                self.taken.add(spelled(path))
                return path

    def _hide(self, text: str) -> str:
        return masked(text, identities=self.wish.hide_identities, mobiles=self.wish.hide_mobiles)


def _state(one: Listed) -> str:
    if one.erased:
        return ERASED
    if one.replaced or one.withdrawn:
        return REPLACED if one.replaced else WITHDRAWN
    if one.kind != "file":
        return BY_NUMBER if one.kind == "number" else OFFLINE
    return CURRENT if one.rubric_id or one.serves else WAITING


def _part(criterion: Criterion, part: int) -> str:
    parts = () if criterion.proof == "none" else criterion.proof.parts
    if part == UNSAID:
        return parts[0] if len(parts) == 1 else "没有说明是哪一部分"
    if part == WHOLE:
        return "、".join(parts)
    return parts[part] if part < len(parts) else ""


def by_clause(lines: Iterable[Line], *, state: Callable[[str], bool] = lambda state: True) -> dict[str, list[Line]]:
    """The lines by their clause (编号 and label), in order."""
    found: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        if line.clause and state(line.state):
            found[line.clause].append(line)
    return dict(found)
