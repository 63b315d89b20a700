"""Damaged updates by the thousand: each becomes an event or ends, none raises, and none takes the next one with it."""

from __future__ import annotations

import asyncio
import copy
import os
import random
from typing import Any
from zoneinfo import ZoneInfo

from fakes import FixedClock, MemoryInbox
from telegram_server import TelegramServer

from channels.port import Event
from channels.telegram.albums import Albums
from channels.telegram.intake import Intake
from channels.telegram.updates import Reader

SEED = int(os.environ.get("KAOPING_TEST_SEED", "20261121"))
COUNT = int(os.environ.get("KAOPING_TEST_POISONS", "1500"))
ODD: tuple[Any, ...] = (
    None, True, -1, 0, 1.5, 2**70, "", "\0", "名" * 5000, "\ud800", [], {}, [[]], {"": {}}, "9" * 400, -(2**63),
)  # fmt: skip


def healthy() -> list[dict[str, Any]]:
    """One update of each kind a person can make."""
    server = TelegramServer()
    server.person(7001)
    server.group(-500)
    server.say(7001, "信息报了3条")
    server.say(7001, "/start ABCD-EFGH-JKLM")
    server.say(-500, "@kaoping_bot 得分")
    server.edit(7001, 1, "改成4条")
    server.send_file(7001, "纪要.pdf", b"%PDF", caption="质量例会")
    server.send_photo(7001, b"jpeg", media_group_id="g1")
    person = {"id": 7001, "is_bot": False, "first_name": "陈芳"}
    pressed = {**server.message(7001, text="有没有？"), "reply_markup": {"inline_keyboard": [[]]}}
    query = {"id": "q", "from": person, "chat_instance": "1", "message": pressed, "data": "yn:1.2,1:0"}
    server.update("callback_query", query)
    return [update for _, update in sorted(server.pending.items())]


def damaged(update: Any, dice: random.Random) -> Any:
    """An update with one to three of its values, keys or branches replaced."""
    found = copy.deepcopy(update)
    for _ in range(dice.randint(1, 3)):
        place = found
        while isinstance(place, dict) and place:
            key = dice.choice(list(place))
            if not isinstance(place[key], dict) or dice.random() < 0.4:
                if dice.random() < 0.3:
                    del place[key]
                else:
                    place[key] = dice.choice(ODD)
                break
            place = place[key]
    return dice.choice(ODD) if dice.random() < 0.02 else found


def test_no_damaged_update_raises_or_is_lost() -> None:
    dice = random.Random(SEED)
    print(f"seed {SEED}, {COUNT} updates")  # noqa: T201 - shown where the test fails
    sound = healthy()
    heard: list[Event] = []
    inbox = MemoryInbox()

    async def main() -> None:
        albums = Albums(heard.append, 0.0)
        reader = Reader("kaoping_bot", ZoneInfo("Asia/Shanghai"))
        intake = Intake(inbox, FixedClock(), reader, albums, lambda update: None)
        for number in range(COUNT):
            update = damaged({**dice.choice(sound), "update_id": number}, dice)
            for kept in await intake.keep_all([update], 0.0, 0.0):
                await intake.hand_over(kept)
            last = {"update_id": COUNT + number, "message": {**sound[0]["message"], "text": f"第{number}条"}}
            for kept in await intake.keep_all([last], 0.0, 0.0):
                await intake.hand_over(kept)
        albums.close()

    asyncio.run(main())

    ended = inbox.dropped.keys()
    events = {ident for event in heard for ident in (event.id, *event.parts)}
    assert {ident for _, ident in inbox.rows} == ended | events
    assert not ended & events
    assert [event.text for event in heard if event.text.startswith("第")] == [f"第{n}条" for n in range(COUNT)]
    assert len([why for why in inbox.dropped.values() if why]) > COUNT / 4
    said = [
        part for e in heard for part in (e.text, e.option or "", e.start_code or "", *(f.ref + f.name for f in e.files))
    ]
    assert [part for part in said if "\0" in part or any("\ud800" <= letter <= "\udfff" for letter in part)] == []
    assert "陈芳" not in "".join(inbox.dropped.values())
