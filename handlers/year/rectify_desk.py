"""整改, the office's side: begun after the notice, seen by unit, each reported line struck off (销号) or sent back."""

from __future__ import annotations

from datetime import date

from channels import keys
from channels.keys import Key
from channels.port import FileRef, Option
from handlers import office
from handlers.proof.proof_standing import at, told
from handlers.turn import Turn
from rubrics.errors import KaopingError
from storage import campaigns, evidence, phases, reaching, rectifications, reminding, review_queue
from storage.freezing import frozen_in
from storage.people import Membership
from storage.rectifications import Rectification

MOST_UNITS = 40


def label(membership: Membership, line: Rectification) -> str:
    """A line's clause as its rubric calls it; its number where the rubric is not in force any more."""
    rubric = membership.rubric(line.rubric_id)
    if rubric is None or line.criterion_id not in rubric.criteria:
        return line.criterion_id
    return rubric.criteria[line.criterion_id].label


async def show(turn: Turn, key: Key | None = None) -> None:
    """How far each unit is; before it has begun, 开始整改."""
    membership = office.seeing(turn)
    if membership is None:
        return
    lines = await rectifications.lines_in(turn.connection, membership.campaign_id)
    by_unit: dict[int, list[Rectification]] = {}
    for line in lines:
        by_unit.setdefault(line.unit_id, []).append(line)
    options = [Option(keys.pack("rectify-unit", unit_id), those[0].unit[:10]) for unit_id, those in by_unit.items()]
    if membership.role == "office":
        options.insert(0, Option(keys.pack("rectify-begin"), "补列清单" if lines else "开始整改"))
    sheet = (Option(keys.pack("rectify-sheet", 0), "清单表格"),) if lines else ()
    before = bool(lines) and await rectifications.before_approval_in(turn.connection, membership.campaign_id)
    words = {"units": list(by_unit.values()), "today": turn.today, "before": before}
    turn.say("rectify-units", (*options[:MOST_UNITS], *sheet), **words)


async def begin(turn: Turn, key: Key) -> None:
    """开始整改: asked once more, then each unit gets its list (version 1 of the key)."""
    membership = office.working(turn)
    if membership is None:
        return
    calendar = await phases.of_campaign_in(turn.connection, membership.campaign_id)
    noticed = next((phase.starts_on for phase in calendar if phase.name == phases.NOTICE), None)
    if noticed is None:
        year = (await reminding.issued_on_in(turn.connection, membership.campaign_id)).year + 1
        turn.say("rectify-no-notice", (Option(keys.pack("phase"), "改日期"),), year=year)
    elif key.version == 0:
        await _ask(turn, membership, noticed)
    else:
        about = (membership.person_id, membership.campaign_id, noticed, turn.today)
        try:
            made = await rectifications.begin_in(turn.connection, turn.now, *about)
        except KaopingError as error:
            turn.say("refused", said=str(error))
            return
        await _tell_units(turn, membership, made)


async def _ask(turn: Turn, membership: Membership, noticed: date) -> None:
    """Whether to begin; before 审定 that is said first: what nobody has looked at is in no list yet."""
    frozen = await frozen_in(turn.connection, membership.campaign_id) is not None
    looks = [] if frozen else await review_queue.of_campaign_in(turn.connection, membership.campaign_id, turn.today)
    yes = Option(keys.pack("rectify-begin", version=1), "确认" if frozen else "仍要开始")
    approve = () if frozen else (Option(keys.pack("snapshots"), "审定快照"),)
    turn.say(
        "rectify-sure",
        (*approve, yes, Option(keys.pack("rectify-all"), "取消")),
        noticed=noticed,
        due=rectifications.one_month_after(noticed),
        frozen=frozen,
        left=review_queue.unsettled(looks).waiting,
    )


async def of_unit(turn: Turn, key: Key) -> None:
    """The lines of a unit, those to be struck off as buttons."""
    membership = office.seeing(turn)
    if membership is None:
        return
    lines = await rectifications.lines_in(turn.connection, membership.campaign_id, at(key, 0))
    if not lines:
        turn.say("stale")
        return
    options: tuple[Option, ...] = ()
    if membership.role == "office":
        waiting = [line for line in lines if line.state == "reported"]
        options = tuple(Option(keys.pack("rectify-look", line.id), label(membership, line)[:10]) for line in waiting)
    options += papers(lines[0].unit_id)
    shown = [(line, label(membership, line)) for line in lines]
    turn.say("rectify-list", (*options, Option(keys.pack("rectify-all"), "返回")), unit=lines[0].unit, lines=shown)


def papers(unit_id: int) -> tuple[Option, ...]:
    """A unit's list as a workbook, and its 整改报告."""
    return Option(keys.pack("rectify-sheet", unit_id), "清单表格"), Option(
        keys.pack("rectify-paper", unit_id), "整改报告"
    )


async def look(turn: Turn, key: Key) -> None:
    """A reported line with its proof."""
    found = await _to_decide(turn, key)
    if found is None:
        return
    membership, line = found
    for evidence_id in line.files:
        file = await evidence.find_in(turn.connection, line.unit_id, evidence_id)
        if file.withdrawn_at is None and file.erased_at is None:
            turn.show(FileRef(file.ref, file.name, file.size_bytes), file.name, as_picture=file.kind in {"jpg", "png"})
    options = (Option(keys.pack("rectify-close", line.id), "销号"), Option(keys.pack("rectify-back", line.id), "退回"))
    turn.say("rectify", options, line=line, label=label(membership, line))


@told
async def close(turn: Turn, key: Key) -> None:
    """销号; the unit hears of it once its last line is struck off."""
    found = await _to_decide(turn, key)
    if found is None:
        return
    membership, line = found
    await rectifications.close_in(turn.connection, turn.now, membership.person_id, line)
    lines = await rectifications.lines_in(turn.connection, line.campaign_id, line.unit_id)
    left = sum(other.state != "closed" for other in lines)
    people = 0
    if not left:
        reached = await reaching.liaisons_in(turn.connection, line.unit_id, turn.today)
        people = await office.tell(turn, reached, "told-rectify-closed", unit=line.unit, lines=len(lines))
    options = (Option(keys.pack("rectify-unit", line.unit_id), line.unit[:10]),)
    turn.say("rectify-closed", options, line=line, label=label(membership, line), left=left, told=people)


async def ask_back(turn: Turn, key: Key) -> None:
    """退回: the reason is asked for."""
    found = await _to_decide(turn, key)
    if found is not None:
        turn.expect(keys.pack("rectify-back", found[1].id))
        turn.say("rectify-back-why", line=found[1], label=label(*found))


async def sent_back(turn: Turn, key: Key) -> None:
    """The reason of 退回."""
    found = await _to_decide(turn, key)
    if found is None:
        return
    membership, line = found
    by = (membership.person_id, line, turn.event.text)
    try:
        now = await rectifications.send_back_in(turn.connection, turn.now, *by)
    except KaopingError as error:
        turn.expect(keys.pack("rectify-back", line.id))
        turn.say("refused", said=str(error))
        return
    reached = await reaching.liaisons_in(turn.connection, line.unit_id, turn.today)
    options = (Option(keys.pack("rectify", line.unit_id, line.id), "去补"),)
    people = await office.tell(turn, reached, "told-rectify-back", options, line=now, label=label(membership, line))
    turn.say("rectify-sent-back", line=now, label=label(membership, line), told=people)


async def _tell_units(turn: Turn, membership: Membership, made: list[Rectification]) -> None:
    people = 0
    units = {line.unit_id for line in made}
    for unit in await campaigns.units_in(turn.connection, membership.campaign_id):
        if unit.id in units:
            lines = [(line, label(membership, line)) for line in made if line.unit_id == unit.id]
            options = (Option(keys.pack("rectify-list", unit.id), "整改清单"),)
            reached = await reaching.liaisons_in(turn.connection, unit.id, turn.today)
            people += await office.tell(turn, reached, "told-rectify", options, unit=unit.name, lines=lines)
    turn.say(
        "rectify-begun", (Option(keys.pack("rectify-all"), "整改"),), lines=len(made), units=len(units), told=people
    )


async def _to_decide(turn: Turn, key: Key) -> tuple[Membership, Rectification] | None:
    """The reported line a key names, where the person may decide about it; says why not."""
    membership = office.working(turn)
    if membership is None:
        return None
    lines = await rectifications.lines_in(turn.connection, membership.campaign_id)
    line = next((one for one in lines if len(key.parts) == 1 and one.id == at(key, 0)), None)
    if line is None or line.state != "reported":
        turn.say("stale")
        return None
    if await office.own_unit(turn, line.unit_id):
        turn.say("own-unit", units=[line.unit])
        return None
    return membership, line
