"""What was on its way to liaisons at a moment."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from stored import NOW, campaign, joined
from written import written

from storage import conversation, pushes, reminding
from storage.reminding import Telling
from storage.reminding_waiting import Waiting, waiting_in

HOUR = timedelta(hours=1)


@pytest.fixture
def pushed(run: Any) -> int:
    """A push of the office that goes in an hour; the id of its message."""
    chen = joined(run, campaign(run))

    async def push(connection: Any) -> int:
        row = await conversation.say(connection, NOW, "web", "a1", "还有 1 件", (), due_at=NOW + HOUR, push=True)
        telling = Telling(chen.campaign_id, chen.person_id, "push:1:1:1", date(2026, 11, 21), "regular", "催办", ())
        await pushes.note_in(connection, NOW, telling, row)
        return row

    return written(run, push)  # type: ignore[no-any-return]


def test_a_push_waits_until_it_is_sent(run: Any, pushed: int) -> None:
    (found,) = written(run, waiting_in, 1, NOW)
    assert (found.kind, found.text, found.due_at) == ("push", "还有 1 件", NOW + HOUR)

    run(lambda database: conversation.sent(database, pushed, "sent", NOW + 2 * HOUR))

    assert written(run, waiting_in, 1, NOW + 3 * HOUR) == []
    assert written(run, waiting_in, 1, NOW + HOUR) == [found]  # then it was still on its way
    assert written(run, waiting_in, 1, NOW - HOUR) == []


@pytest.mark.parametrize("ending", ["blocked", "failed", "dropped"])
def test_what_ended_unsent_does_not_wait(run: Any, pushed: int, ending: Any) -> None:
    run(lambda database: conversation.sent(database, pushed, ending, NOW + HOUR))

    assert written(run, waiting_in, 1, NOW + HOUR) == []


def test_a_digest_waits_too_and_another_campaign_has_none(run: Any) -> None:
    chen = joined(run, campaign(run))
    campaign(run, 2027)
    telling = Telling(1, chen.person_id, "digest:1:1:2026-11-21", date(2026, 11, 21), "regular", "第一次告知", ())

    async def say(connection: Any) -> None:
        (where,) = await reminding.where_in(connection, 1, (chen.person_id,))
        await reminding.say_in(connection, NOW, where, telling, "还有 2 件", ())

    written(run, say)

    found = written(run, waiting_in, 1, NOW)
    assert found == [Waiting("digest", found[0].person, "还有 2 件", NOW, "")]
    assert written(run, waiting_in, 2, NOW) == []
