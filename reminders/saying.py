"""A tick of the planner: what is to be said now, said once; and whether it is still true, asked just before it is sent.

A digest's message and the note that it was said are one unit of work: a stop at any point leaves both or neither, and
the next tick says what is missing. The planner computes beside the event loop.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from reminders import planner, wording, workdays
from reminders.desks import Person, routed
from reminders.known import Situation, around_in, calendar_in, owed_by_in, situation_in
from reminders.planner import Digest
from storage import campaigns, conversation, pushes, reaching, reminding
from storage.clock import Clock
from storage.database import Database
from storage.freezing import frozen_in
from storage.reminding import Telling, Told

log = logging.getLogger(__name__)


class Reminders:
    """Says what is due in the campaigns of a database."""

    def __init__(self, database: Database, clock: Clock, zone: ZoneInfo, said: Callable[[], None]) -> None:
        """Nothing is read.

        Args:
            said: told when the outbox has something to send.
        """
        self._database, self._clock, self._zone, self._said = database, clock, zone, said
        self._render = wording.renderer(zone)

    async def tick(self) -> int:
        """Say what is to be said now; how many digests that were. One that cannot be said keeps no other back."""
        if not workdays.is_open(self._clock(), self._zone):
            return 0
        said = 0
        for campaign in await campaigns.campaigns(self._database):
            for digest in await self._planned(campaign.id):
                try:
                    said += await self._say(digest)
                except Exception:
                    log.exception("the digest %s could not be said; the next tick tries again", digest.key)
        return said

    async def is_true(self, message_id: int) -> bool:
        """Whether the digest of a message may still be sent: nothing in it is done, and the person wants to hear now."""
        async with self._database.read() as connection:
            told = await reminding.one_in(connection, message_id)
        if told is None:
            return False
        about = told.telling
        digest = Digest(about.campaign_id, about.person_id, "", about.on, "regular", about.why, ())
        return await self._still(digest, about.matters) is not None

    async def is_open(self, message_id: int) -> bool:
        """Whether a push of the office that had to wait may be sent: something in it is open, and answers are taken.

        One that was written for after the close of 自评 speaks of 补报 and may go out. The office hears of one
        that may not although something in it is open.
        """
        async with self._database.read() as connection:
            told = await reminding.one_in(connection, message_id)
            if told is None:
                return False
            campaign_id, matters = told.telling.campaign_id, told.telling.matters
            close = (await calendar_in(connection, campaign_id, self._zone)).answers_close
            over = close < self._clock().astimezone(self._zone).date()
            locked = over and told.telling.why != pushes.ASKED_LATE
            frozen = await frozen_in(connection, campaign_id) is not None
            units = {unit_id for unit_id, _ in matters}
            owed = await owed_by_in(connection, campaign_id, units, self._zone)
        owing = [(unit_id, o) for unit_id, found in owed.items() for o in found if (unit_id, o.key) in matters]
        if any(o.kind == "rectify" or not (frozen or (locked and not o.after_lock)) for _, o in owing):
            return True
        if owing:
            await self._not_sent(told)
        return False

    async def _not_sent(self, told: Told) -> None:
        """Tell the office that a push of theirs came too late: what it asked for is still open."""
        about = told.telling
        async with self._database.write() as connection:
            people = await reminding.duties_of_in(connection, about.campaign_id, {about.person_id})
            wanted = dict.fromkeys(unit_id for unit_id, _ in about.matters)
            units = [(await reminding.unit_in(connection, unit_id))[0] for unit_id in wanted]
            text = self._render("not-sent", on=about.on, people=people[:1], units=units)
            for one in await reaching.office_in(connection, about.campaign_id):
                await conversation.say(connection, self._clock(), one.channel, one.address, text.strip(), push=True)
        self._said()

    async def _planned(self, campaign_id: int) -> tuple[Digest, ...]:
        now = self._clock()
        async with self._database.read() as connection:
            situation = await situation_in(connection, campaign_id, now, self._zone)
        plan = await asyncio.to_thread(planner.plan, now, situation.campaign, situation.people)
        return plan.digests

    async def _say(self, digest: Digest) -> bool:
        """Say a digest unless it was said already or is no longer true."""
        situation = await self._still(digest, digest.matters)
        where = situation.where.get(digest.person_id) if situation else None
        if where is None:
            return False
        text = wording.digest_text(self._render, digest).strip()
        options = [(option.key, option.label) for option in wording.options(digest)]
        about = (digest.campaign_id, digest.person_id, digest.key, digest.on, digest.kind, digest.why)
        telling = Telling(*about, digest.matters, digest.close)
        async with self._database.write() as connection:
            said = await reminding.say_in(connection, self._clock(), where, telling, text, options)
        if said is not None:
            self._said()
        return said is not None

    async def _still(self, digest: Digest, matters: reminding.Matters) -> Situation | None:
        """How its campaign stands, where all of a digest may still be said."""
        now = self._clock()
        async with self._database.read() as connection:
            units = {unit_id for unit_id, _ in matters}
            about = (digest.campaign_id, now, self._zone, digest.person_id, units)
            situation = await around_in(connection, *about)
        person = _as_routed(situation, digest.person_id, now)
        if person is None or not planner.is_still_true(digest, now, situation.campaign, person):
            return None
        owed = {(desk.unit_id, o.key) for desk in person.desks for o in desk.obligations}
        return situation if owed.issuperset(matters) else None


def _as_routed(situation: Situation, person_id: int, now: datetime) -> Person | None:
    """The person with the desks they answer for on the day; None where they are away or gone."""
    there, _ = routed(situation.people, now.astimezone(situation.campaign.zone).date())
    return next((person for person in there if person.id == person_id), None)
