"""What an answer still lacks to count as proven (需补充), in words and as the next thing to do."""

from __future__ import annotations

from decimal import Decimal

from channels import keys
from channels.port import Option
from handlers.turn import Place, Turn
from rubrics.figures import plain
from rubrics.model import Criterion, Rubric
from storage import answers
from storage.unit_facts import UnitFacts


def words(criterion: Criterion, facts: UnitFacts) -> str:
    """What a clause lacks: the parts of its proof that are not there (会议纪要), with counts how many have all."""
    parts = "、".join(facts.proofs.lacking(criterion))
    claimed = facts.own.get(criterion.id)
    if criterion.entries is None or not isinstance(claimed, Decimal):
        if parts or criterion.entries is None:
            return parts
        return f"{criterion.entries.at_least or 1} {criterion.entries.unit}都有材料的台账"
    proven = facts.proven.get(criterion.id)
    shown = plain(proven) if isinstance(proven, Decimal) else "0"
    unit = criterion.entries.unit
    left = parts or f"{plain(claimed - Decimal(shown))} {unit}的材料"
    return f"{left}（{plain(claimed)} {unit}里材料齐的 {shown} {unit}）"


async def ask(turn: Turn, unit_id: int, rubric: Rubric, leave_out: set[tuple[object, ...]]) -> bool:
    """Ask for the files of the first clause that lacks proof; False where none does.

    The clause is the open question then, so that the files sent next are its proof.
    """
    facts = await turn.known(unit_id, rubric)
    ident = next((ident for ident in facts.lacking if (unit_id, rubric.id, ident) not in leave_out), None)
    if ident is None:
        return False
    place = Place(unit_id, rubric, rubric.criteria[ident])
    current = (await answers.current_in(turn.connection, unit_id, rubric.id)).get(ident)
    version = current.version if current else 0
    about = {"unit": unit_id, "rubric": rubric.id, "criterion": ident, "version": version}
    first = place.criterion.measures[0].key if place.criterion.measures else None
    turn.state["open"] = {**about, "measure": first, "parts": {}, "said": {}}
    options = (
        Option(keys.pack("state", *place.parts, 3, version=version), "跳过"),
        Option(keys.pack("ask", *place.parts), "修改"),
        Option(keys.pack("list", unit_id), "清单"),
    )
    turn.say("lacking", options, criterion=place.criterion, current=current, lacks=words(place.criterion, facts))
    return True
