"""What comes after the lock (补报): kept with a reason, and counted only once the office grants it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import Select, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.facts import Fact, parse_fact, read_json
from rubrics.model import Rubric
from storage import answers, audit, evidence, late_named, verdicts
from storage.answers import Receipt
from storage.campaigns import place_in
from storage.errors import NotFoundError, StorageError
from storage.freezing import refuse_frozen_in
from storage.kept_facts import fact_text
from storage.late_named import Named
from storage.tables import UnitRow
from storage.tables_answers import PersonRow
from storage.tables_closing import LateAnswerRow
from storage.tables_evidence import EvidenceRow
from storage.texts import storable

WORD_CHARACTERS = 500
SAID_CHARACTERS = 200
FEWEST_CHARACTERS = 2

_late: Any = LateAnswerRow.__table__  # type: ignore[attr-defined]
_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]
_person: Any = PersonRow.__table__  # type: ignore[attr-defined]
_evidence: Any = EvidenceRow.__table__  # type: ignore[attr-defined]


class LateAnswer(NamedTuple):
    """An answer, proof, or both, that came after the lock. ``files`` are ids of evidence; ``fact`` is None for proof alone.

    ``named``: proof by its 文号, and entries.
    """

    id: int
    campaign_id: int
    unit_id: int
    unit: str
    rubric_id: str
    criterion_id: str
    fact: Fact | None
    said: str
    files: tuple[int, ...]
    named: tuple[Named, ...]
    why: str
    person_id: int
    person: str
    at: datetime
    decided_by: int | None
    decided_at: datetime | None
    granted: bool | None
    answer: str

    @property
    def state(self) -> Literal["open", "granted", "refused"]:
        """Where it stands."""
        if self.granted is None:
            return "open"
        return "granted" if self.granted else "refused"


class Granted(NamedTuple):
    """What a grant made of it: the receipt of the answer, the files attached, and how many were gone by then."""

    late: LateAnswer
    receipt: Receipt | None
    attached: int
    gone: int


async def ask_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    unit_id: int,
    rubric: Rubric,
    criterion_id: str,
    fact: object,
    said: str,
    files: Collection[int],
    why: str,
    named: Sequence[Named] = (),
) -> LateAnswer:
    """Keep what came late, with the reason; it changes no score.

    Args:
        fact: as `rubrics.facts.parse_fact` takes it; None where only proof came.
        files: evidence of the unit, kept and not attached.
        named: proof by its 文号, and entries; added once granted.

    Raises:
        FactError: a fact the clause cannot take.
        NotFoundError: no such unit, clause or evidence of it.
        FrozenError: the scores are frozen.
        StorageError: no reason, or neither an answer nor proof.
    """
    if criterion_id not in rubric.criteria:
        raise NotFoundError(f"细则「{rubric.id}」没有「{criterion_id}」这一条，请从清单里重新选")
    words = _words(why, "请写一句为什么补报，考核办要看")
    campaign_id = await place_in(connection, unit_id, rubric)
    await refuse_frozen_in(connection, campaign_id)
    await _check_content(connection, unit_id, fact, files, named)
    values = {
        "campaign_id": campaign_id,
        "unit_id": unit_id,
        "rubric_id": rubric.id,
        "criterion_id": criterion_id,
        "fact": None if fact is None else fact_text(parse_fact(rubric.criteria[criterion_id], fact)),
        "said": storable(said, SAID_CHARACTERS),
        "files": json.dumps(sorted(set(files))),
        "named": late_named.text_of(named),
        "why": words,
        "person_id": person_id,
        "at": at,
    }
    made = (await connection.execute(insert(_late).values(**values).returning(_late.c.id))).scalar_one()
    late = await find_in(connection, campaign_id, made)
    await _audit(connection, at, person_id, "late.asked", late, words)
    return late


async def grant_in(
    connection: AsyncConnection, at: datetime, person_id: int, late: LateAnswer, rubric: Rubric
) -> Granted:
    """Let it count: an answer with its files in the name of who sent it, as of now.

    Raises:
        OwnUnitError: who decides belongs to the unit.
        FrozenError: the scores are frozen.
        StorageError: it is decided already, or nothing of it is left.
    """
    await _decidable(connection, person_id, late)
    held = await _held(connection, late.unit_id, late.files)
    if late.fact is None and not held and not late.named:
        raise StorageError("要补的材料已经被单位撤掉，没有可同意的了，请答复不同意")
    place = (late.unit_id, rubric, late.criterion_id)
    receipt = None
    if late.fact is not None:
        receipt = await answers.record_in(connection, at, late.person_id, *place, late.fact, said=late.said)
    for evidence_id in held:
        attached = (late.unit_id, evidence_id, rubric, late.criterion_id)
        await evidence.attach_in(connection, at, late.person_id, *attached)
    gone = len(late.files) - len(held) + await _add_named(connection, at, late, rubric)
    decided = await _decide(connection, at, person_id, late, granted=True, words="")
    return Granted(decided, receipt, len(held), gone)


async def _add_named(connection: AsyncConnection, at: datetime, late: LateAnswer, rubric: Rubric) -> int:
    """Add what was named; how much of it can no longer be, such as proof of an entry that was withdrawn."""
    gone = 0
    for one in late.named:
        try:
            await late_named.add_in(connection, at, late.person_id, late.unit_id, rubric, late.criterion_id, one)
        except StorageError:
            gone += 1  # said with the files that are gone
    return gone


async def refuse_in(
    connection: AsyncConnection, at: datetime, person_id: int, late: LateAnswer, reason: str
) -> LateAnswer:
    """Leave it out, with a reason the unit is told; answer and files stay on record.

    Raises:
        OwnUnitError: who decides belongs to the unit.
        StorageError: it is decided already, or there is no reason.
    """
    await _decidable(connection, person_id, late)
    words = _words(reason, "不同意要写一句理由，单位会看到")
    return await _decide(connection, at, person_id, late, granted=False, words=words)


async def find_in(connection: AsyncConnection, campaign_id: int, late_id: int) -> LateAnswer:
    """A late answer of a campaign.

    Raises:
        NotFoundError: the campaign has none of that id.
    """
    found = await _all(connection, _query().where(_late.c.campaign_id == campaign_id, _late.c.id == late_id))
    if not found:
        raise NotFoundError("没有找到这条补报，请从补报清单里重新选")
    return found[0]


async def open_in(connection: AsyncConnection, campaign_id: int) -> list[LateAnswer]:
    """Those that wait for the office, the oldest first."""
    waiting = (_late.c.campaign_id == campaign_id, _late.c.granted.is_(None))
    return await _all(connection, _query().where(*waiting))


async def of_unit_in(connection: AsyncConnection, unit_id: int) -> list[LateAnswer]:
    """All of a unit, the oldest first."""
    return await _all(connection, _query().where(_late.c.unit_id == unit_id))


async def _check_content(
    connection: AsyncConnection, unit_id: int, fact: object, files: Collection[int], named: Sequence[Named]
) -> None:
    held = await _held(connection, unit_id, files)
    if len(held) != len(set(files)):
        raise NotFoundError("这份材料已经撤掉了，请重新发一次")
    if fact is None and not held and not named:
        raise StorageError("没有要补的内容，请先填这一条或发材料")


async def _decidable(connection: AsyncConnection, person_id: int, late: LateAnswer) -> None:
    await verdicts.refuse_own_in(connection, person_id, late.unit_id)
    now = await find_in(connection, late.campaign_id, late.id)
    if now.state != "open":
        raise StorageError("这条补报已经答复过了")
    await refuse_frozen_in(connection, late.campaign_id)


async def _decide(
    connection: AsyncConnection, at: datetime, person_id: int, late: LateAnswer, *, granted: bool, words: str
) -> LateAnswer:
    values = {"decided_by": person_id, "decided_at": at, "granted": granted, "answer": words}
    await connection.execute(update(_late).where(_late.c.id == late.id).values(**values))
    await _audit(connection, at, person_id, "late.granted" if granted else "late.refused", late, words)
    return await find_in(connection, late.campaign_id, late.id)


async def _held(connection: AsyncConnection, unit_id: int, files: Collection[int]) -> Sequence[int]:
    """Those of the files that are the unit's and still there."""
    mine = (_evidence.c.unit_id == unit_id, _evidence.c.id.in_(tuple(files)), _evidence.c.withdrawn_at.is_(None))
    query = select(_evidence.c.id).where(*mine, _evidence.c.erased_at.is_(None)).order_by(_evidence.c.id)
    return (await connection.execute(query)).scalars().all()


def _query() -> Select[Any]:
    joined = select(_late, _unit.c.name.label("unit"), _person.c.name.label("person"))
    joined = joined.join(_unit, _unit.c.id == _late.c.unit_id).join(_person, _person.c.id == _late.c.person_id)
    return joined.order_by(_late.c.id)


async def _all(connection: AsyncConnection, query: Select[Any]) -> list[LateAnswer]:
    found = []
    for row in await connection.execute(query):
        values = {name: getattr(row, name) for name in LateAnswer._fields}
        read = {"fact": None if row.fact is None else read_json(row.fact), "files": tuple(json.loads(row.files))}
        read["named"] = late_named.read(row.named)
        found.append(LateAnswer(**{**values, **read}))
    return found


def _words(text: str, missing: str) -> str:
    words = storable(text.strip(), WORD_CHARACTERS)
    if len(words) < FEWEST_CHARACTERS:
        raise StorageError(missing)
    return words


async def _audit(
    connection: AsyncConnection, at: datetime, person_id: int, action: str, late: LateAnswer, words: str
) -> None:
    content = audit.canonical([None if late.fact is None else fact_text(late.fact), late.said, words])
    content += late_named.text_of(late.named) if late.named else ""
    subject = {
        "late": late.id,
        "unit": late.unit_id,
        "rubric": late.rubric_id,
        "criterion": late.criterion_id,
        "files": list(late.files),
        "sha256": hashlib.sha256(content.encode()).hexdigest(),
    }
    await audit.record(connection, at, str(person_id), action, subject, late.campaign_id)
