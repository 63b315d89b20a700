"""整改 on paper: 整改清单 as a workbook for the office (all units) or a unit, and the unit's 整改报告."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from channels.keys import Key
from channels.port import FileRef
from handlers import office
from handlers.made import keep_made
from handlers.proof.proof_standing import at, told
from handlers.turn import Turn
from reports import rectification_sheet
from reports.pack_names import name_of
from reports.rectification_sheet import Rectified
from reports.templates import TemplateError, in_form
from storage import campaigns
from storage.files import FileStore


class _Asked(NamedTuple):
    """Whose list: of all units where ``unit_id`` is None."""

    campaign_id: int
    unit_id: int | None


@told
async def workbook(turn: Turn, key: Key) -> None:
    """整改清单 as xlsx: 0 in the key is all units."""
    await _make(turn, key, _list, "整改清单.xlsx")


@told
async def document(turn: Turn, key: Key) -> None:
    """整改报告 of one unit as docx."""
    if at(key, 0):
        await _make(turn, key, _report, "整改报告.docx")
    else:
        turn.say("stale")


def _list(made: Rectified, data_folder: Path) -> bytes:
    return in_form(data_folder, rectification_sheet.LIST_TEMPLATE, partial(rectification_sheet.workbook, made))


def _report(made: Rectified, data_folder: Path) -> bytes:
    return in_form(data_folder, rectification_sheet.TEMPLATE, partial(rectification_sheet.document, made))


async def _make(turn: Turn, key: Key, write: Callable[[Rectified, Path], bytes], name: str) -> None:
    asked = await _may(turn, key)
    if asked is None:
        return
    (campaign,) = await campaigns.campaigns_in(turn.connection, asked.campaign_id)
    about = (campaign, turn.now, turn.zone, asked.unit_id)
    made = await rectification_sheet.of_campaign(turn.connection, *about)
    if not made.lines:
        turn.say("rectify-nothing")
        return
    called = name_of(f"{campaign.code}_{made.unit or '全部单位'}_{name.split('.')[0]}") + f".{name.split('.')[1]}"
    written = partial(write, made, turn.files.folder.parent)
    turn.prepare(partial(_written, turn.files, written, called), partial(_send, key))


async def _written(files: FileStore, write: Callable[[], bytes], name: str) -> FileRef | TemplateError:
    try:
        return await keep_made(files, name, await asyncio.to_thread(write))
    except TemplateError as error:
        return error


async def _send(key: Key, turn: Turn, made: FileRef | TemplateError) -> None:
    """In between somebody may have been removed."""
    if await _may(turn, key) is None:
        return
    if isinstance(made, TemplateError):
        turn.say("refused", said=str(made))
    else:
        turn.show(made, made.name)


async def _may(turn: Turn, key: Key) -> _Asked | None:
    """Whose list the person may have: the liaison's own unit's, for who sees all units any; else why not is said."""
    unit_id = at(key, 0)
    own = turn.of_unit(unit_id) if unit_id and len(key.parts) == 1 and not turn.event.in_group else None
    if own is not None:
        return _Asked(own.campaign_id, unit_id)
    membership = office.seeing(turn)
    if membership is None:
        return None
    units = {unit.id for unit in await campaigns.units_in(turn.connection, membership.campaign_id)}
    if len(key.parts) != 1 or (key.parts[0] != "0" and unit_id not in units):
        turn.say("stale")
        return None
    return _Asked(membership.campaign_id, unit_id or None)
