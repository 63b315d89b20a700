"""抽查: clauses nothing is odd about, some of them drawn and looked at; once that went well the others are passed together."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from typing import NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.proof.proof_standing import at, told
from handlers.review.reviewing_selection import Chosen, choose, looks
from handlers.turn import Turn
from rubrics.numerals import normalise
from storage import doubts, samples
from storage.people import Membership
from storage.review_passing import Shown, pass_many_in
from storage.review_queue import Clause, Look
from storage.samples import Drawn, Sample

SHARES = ("20%", "10%", "30%", "50%")
"""Offered, the usual one first."""

_SAID = re.compile(r"(?P<number>\d{1,5})\s*(?P<unit>%|条|个)?")


class Progress(NamedTuple):
    """How a sample stands: those drawn that were passed as claimed, that were not, that wait; and the others that wait.

    ``odd``: of the others those that a question has come up about since the draw; they are looked at one by one.
    """

    passed: int
    bad: int
    left: int
    others: list[tuple[Drawn, Look]]
    odd: list[Look]


@told
async def ask(turn: Turn, key: Key) -> None:
    """抽查: how much is there, and how much is to be drawn."""
    membership = office.working(turn)
    if membership is None:
        return
    population = await _population(turn, membership)
    if population:
        turn.expect(keys.pack("rv-draw"))
    options = [Option(keys.pack("rv-draw", share.rstrip("%")), f"抽 {share}") for share in SHARES if population]
    turn.say("sample-how", (*options, Option(keys.pack("rv"), "返回")), called="", population=len(population))


@told
async def draw(turn: Turn, key: Key) -> None:
    """A share or a number: drawn, recorded, and the drawn ones are looked at first."""
    membership = office.working(turn)
    if membership is None:
        return
    words = f"{key.parts[0]}%" if key.parts else turn.event.text
    population = await _population(turn, membership)
    number = _number(words, len(population))
    if not number:
        turn.expect(keys.pack("rv-draw"))
        turn.say("sample-unclear", said=words.strip()[:20])
        return
    drawn = [Drawn(look.clause, look.basis) for look in population]
    about = (membership.person_id, membership.campaign_id, drawn, number)
    sample = await samples.draw_in(turn.connection, turn.now, *about)
    names = {look.unit_id: look.unit for look in population}
    units = list(Counter(names[one.clause[0]] for one in sample.chosen).items())
    await choose(turn, membership, Chosen())
    options = (Option(keys.pack("rv-next"), "下一条"), Option(keys.pack("rv-sampled", sample.id), "抽查进度"))
    turn.say("sample-drawn", options, sample=sample, units=units)


@told
async def show(turn: Turn, key: Key) -> None:
    """抽查进度: what became of those drawn, and what can be done with the others."""
    membership = office.working(turn)
    if membership is not None:
        sample = await samples.find_in(turn.connection, membership.campaign_id, at(key, 0))
        _say_state(turn, sample, await _progress(turn, membership, sample))


def _say_state(turn: Turn, sample: Sample, stands: Progress) -> None:
    options = [Option(keys.pack("rv-next"), "下一条")]
    if not stands.left and stands.others:
        verb, label = ("rv-sample-all", "其余照样通过") if stands.bad else ("rv-sample-go", "其余全部通过")
        options = [Option(keys.pack(verb, sample.id), label), Option(keys.pack("rv-next"), "逐条看")]
    words = {"passed": stands.passed, "bad": stands.bad, "left": stands.left}
    words |= {"others": len(stands.others), "odd": len(stands.odd)}
    turn.say("sample-state", (*options, Option(keys.pack("rv"), "返回")), sample=sample, **words)


@told
async def pass_others(turn: Turn, key: Key) -> None:
    """其余全部通过: only once all that were drawn were passed as claimed."""
    await _pass_others(turn, key, although_bad=False)


@told
async def pass_although(turn: Turn, key: Key) -> None:
    """其余照样通过: the office has read that some were not as claimed, and decides so."""
    await _pass_others(turn, key, although_bad=True)


async def _pass_others(turn: Turn, key: Key, *, although_bad: bool) -> None:
    membership = office.working(turn)
    if membership is None:
        return
    sample = await samples.find_in(turn.connection, membership.campaign_id, at(key, 0))
    stands = await _progress(turn, membership, sample)
    if stands.left or not stands.others or (stands.bad and not although_bad):
        _say_state(turn, sample, stands)
        return
    those = [Shown(look.unit_id, look.rubric, look.criterion.id, drawn.basis) for drawn, look in stands.others]
    passed, left = await pass_many_in(turn.connection, turn.now, membership.person_id, those, how="sample")
    names = {look.unit_id: look.unit for _, look in stands.others}
    # changed since the draw: it is looked at by itself
    kept = [(names[one.unit_id], one.rubric.criteria[one.criterion_id].label, why) for one, why in left]
    kept += [(look.unit, look.criterion.label, "有疑问") for look in stands.odd]
    back = (Option(keys.pack("rv"), "返回"),)
    turn.say("sample-passed", back, sample=sample, passed=len(passed), kept=kept)


async def _population(turn: Turn, membership: Membership) -> list[Look]:
    """The clauses that can be drawn: answered, with all their proof, without a question, and never decided about."""
    odd = await doubts.of_campaign_in(turn.connection, membership.campaign_id, turn.zone)
    found = []
    for look in await looks(turn, membership):
        if look.state == "new" and not odd.get(look.clause):
            known = await turn.known(look.unit_id, look.rubric)
            if look.criterion.id not in known.lacking:
                found.append(look)
    return found


async def _progress(turn: Turn, membership: Membership, sample: Sample) -> Progress:
    now: dict[Clause, Look] = {look.clause: look for look in await looks(turn, membership)}
    drawn = [now[one.clause] for one in sample.chosen if one.clause in now]
    fine = sum(look.state == "settled" and look.verdict is not None and look.verdict.kind == "pass" for look in drawn)
    left = sum(look.state in {"new", "unanswered", "open"} for look in drawn)
    questions = await doubts.of_campaign_in(turn.connection, membership.campaign_id, turn.zone)
    waiting = [(one, now[one.clause]) for one in sample.others if one.clause in now and now[one.clause].waits]
    others = [(one, look) for one, look in waiting if one.clause not in questions]
    odd = [look for one, look in waiting if one.clause in questions]
    return Progress(fine, len(drawn) - fine - left, left, others, odd)


def _number(words: str, population: int) -> int:
    """How many a share (20%) or a number (15 条) is; 0 where the words say neither."""
    found = _SAID.fullmatch(normalise(words).strip())
    if found is None:
        return 0
    number = int(found["number"])
    share = Decimal(min(number, 100)) / 100
    return max(samples.size_of(population, share), 1) if found["unit"] == "%" and number else number
