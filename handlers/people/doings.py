"""经办记录: who did what for a unit, day by day."""

from __future__ import annotations

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.proof.proof_standing import at
from handlers.turn import Turn
from storage import campaigns, doings

MOST_DAYS = 30
WORDS = {
    "joined": "加入",
    "answered": "填报 {} 条",
    "filed": "交材料 {} 份",
    "entered": "登记台账 {} 条",
    "passed-on": "转同事 {} 条",
    "helped": "替填 {} 条",
    "submitted": "提交自评 {} 次",
    "appealed": "申诉 {} 条",
    "mended": "报整改完成 {} 条",
    "away": "请假 {} 次",
    "unwanted": "提请删除误发 {} 份",
    "erased": "同意删除误发 {} 份",
    "reviewed": "核查 {} 条",
    "booked": "记情况 {} 条",
    "left": "交出",
}


def button(unit_id: int) -> Option:
    """The button on a unit's card."""
    return Option(keys.pack("doings", unit_id), "经办记录")


async def show(turn: Turn, key: Key) -> None:
    """The days of a unit, newest first: for who sees all units, and for the unit's own liaisons."""
    own = turn.of_unit(at(key, 0))
    membership = own or office.seeing(turn)
    if membership is None:
        return
    known = await campaigns.units_in(turn.connection, membership.campaign_id)
    unit = next((one for one in known if one.id == at(key, 0)), None)
    if unit is None:
        turn.say("stale")
        return
    days = await doings.of_unit_in(turn.connection, unit.id, turn.zone)
    shown = [
        (day, "、".join(WORDS[kind].format(count) for kind, count in day.counts.items())) for day in days[:MOST_DAYS]
    ]
    turn.say("doings", unit=unit, days=shown, more=max(len(days) - MOST_DAYS, 0))
