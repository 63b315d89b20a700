"""Telegram, what comes in: kept first, read afterwards, and nothing stops what comes next."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from telegram_server import DATE, TOKEN, Trouble, too_many
from telegram_world import CHEN, TelegramWorld, free_port

from channels.port import Kept

GROUP = -500


def content(world: TelegramWorld, **fields: Any) -> int:
    return world.server.update("message", world.server.message(CHEN, **fields))


def test_words_become_an_event_with_the_moment_they_were_sent() -> None:
    async def act(world: TelegramWorld) -> None:
        world.server.say(CHEN, "信息报了3条")
        await world.heard(1)

    (event,) = TelegramWorld().start(act).core.heard

    assert (event.channel, event.address, event.text) == ("telegram", str(CHEN), "信息报了3条")
    assert event.at == datetime.fromtimestamp(DATE, UTC)
    assert not event.edited
    assert not event.in_group


def test_a_start_code_is_told_apart_and_marked_so_that_the_inbox_blanks_it() -> None:
    async def act(world: TelegramWorld) -> None:
        world.server.say(CHEN, "/start ABCD-EFGH-JKLM")
        world.server.say(CHEN, "/start@Kaoping_Bot ABCD-EFGH-JKLM")
        world.server.say(CHEN, "/start")
        await world.heard(3)

    world = TelegramWorld().start(act)

    assert [(e.start_code, e.text) for e in world.core.heard] == [("ABCD-EFGH-JKLM", "")] * 2 + [(None, "/start")]
    raws = [raw for _, raw in world.inbox.rows.values()]
    assert ['"start_code"' in json.dumps(raw) for raw in raws] == [True, True, False]


def test_an_edited_message_says_so_and_each_edit_counts() -> None:
    async def act(world: TelegramWorld) -> None:
        world.server.say(CHEN, "开了2次会")
        world.server.edit(CHEN, 1, "开了3次会")
        world.server.edit(CHEN, 1, "开了4次会")  # within the same second
        await world.heard(3)

    heard = TelegramWorld().start(act).core.heard

    assert [(e.text, e.edited) for e in heard] == [("开了2次会", False), ("开了3次会", True), ("开了4次会", True)]
    assert heard[1].at == datetime.fromtimestamp(DATE + 60, UTC)
    assert len({event.id for event in heard}) == 3


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"sticker": {"type": "regular", "width": 9, "height": 9, "is_animated": False, "is_video": False}}, "表情"),
        ({"voice": {"duration": 3}}, "语音"),
        ({"location": {"latitude": 31.8, "longitude": 119.9}}, "位置"),
        ({"contact": {"phone_number": "0519", "first_name": "王"}}, "名片"),
        ({"dice": {"emoji": "🎲", "value": 3}}, "骰子"),
        ({}, "这类消息"),
        ({"a_type_of_next_year": {"what": 1}}, "这类消息"),
    ],
)
def test_what_the_core_cannot_use_is_named(fields: dict[str, Any], word: str) -> None:
    async def act(world: TelegramWorld) -> None:
        filled = {
            key: {**value, "file_id": "f", "file_unique_id": "f"} if key in ("sticker", "voice") else value
            for key, value in fields.items()
        }
        content(world, **filled)
        await world.heard(1)

    (event,) = TelegramWorld().start(act).core.heard

    assert (event.other, event.text, event.files) == (word, "", ())


def test_a_live_location_is_heard_once_and_not_at_each_step() -> None:
    async def act(world: TelegramWorld) -> None:
        place = {"location": {"latitude": 31.8, "longitude": 119.9}}
        content(world, **place)
        for second in range(3):
            moved = world.server.message(CHEN, **place, edit_date=DATE + second)
            world.server.update("edited_message", moved)
        world.server.say(CHEN, "好了")
        await world.heard(2)

    world = TelegramWorld().start(act)

    assert [event.other or event.text for event in world.core.heard] == ["位置", "好了"]
    assert list(world.inbox.dropped.values()) == [""] * 3


def test_what_is_nothing_for_the_core_is_ended_without_a_complaint() -> None:
    async def act(world: TelegramWorld) -> None:
        member = {"user": {"id": 4242, "is_bot": True, "first_name": "考评"}, "status": "member"}
        common = {"chat": world.server.chats[CHEN].as_json(), "from": member["user"], "date": DATE}
        world.server.update("my_chat_member", {**common, "old_chat_member": member, "new_chat_member": member})
        content(world, pinned_message=world.server.message(CHEN, text="置顶"))
        content(world, new_chat_members=[member["user"]])
        world.server.update("something_of_next_year", {"what": 1})
        world.server.say(CHEN, "还在")
        await world.heard(1)

    world = TelegramWorld().start(act)

    assert [event.text for event in world.core.heard] == ["还在"]
    assert list(world.inbox.dropped.values()) == [""] * 4


def test_a_malformed_update_goes_to_the_dead_letters_and_the_next_one_is_handled() -> None:
    async def act(world: TelegramWorld) -> None:
        poison = [
            {"update_id": 2001, "message": {"chat": {"id": "not a number"}}},
            {"update_id": 2002, "message": 7},
            {"update_id": 2003, "message": {**world.server.message(CHEN), "text": {"机密": 1}}},
            {"update_id": 2004, "callback_query": {"id": 5}},
            {"message": world.server.message(CHEN, text="without an id")},
            ["not", "an", "object"],
            None,
        ]
        for update in poison:
            world.server.raw(update)
        world.server.say(CHEN, "还在", 2005)
        await world.heard(1)
        await world.until(lambda: world.server.confirmed == 2005)

    world = TelegramWorld().start(act)

    assert [event.text for event in world.core.heard] == ["还在"]
    assert len(world.inbox.dropped) == 7
    assert all(why.startswith("看不懂的更新") and "机密" not in why for why in world.inbox.dropped.values())


def test_nothing_is_confirmed_before_it_is_kept() -> None:
    async def act(world: TelegramWorld) -> None:
        world.inbox.broken = True
        first, second = world.server.say(CHEN, "一"), world.server.say(CHEN, "二")
        await asyncio.sleep(0.15)
        assert world.server.confirmed < first
        assert world.core.heard == []
        world.inbox.broken = False
        await world.until(lambda: world.server.confirmed == second)
        await world.heard(2)

    world = TelegramWorld().start(act)

    assert [event.text for event in world.core.heard] == ["一", "二"]


def test_what_waited_from_before_the_restart_comes_first() -> None:
    async def main() -> TelegramWorld:
        world = TelegramWorld()
        async with world.serving():
            async with world.running():
                world.server.say(CHEN, "fail")
                await world.until(lambda: world.inbox.rows)
                await asyncio.sleep(0.05)
            world.server.say(CHEN, "后来的")
            old = Kept("u1000", str(CHEN), _with_text(world, "以前的"))
            async with world.running([old]):
                await world.heard(2)
        return world

    world = asyncio.run(main())

    assert [event.text for event in world.core.heard] == ["以前的", "后来的"]


def _with_text(world: TelegramWorld, text: str) -> dict[str, Any]:
    ((_, raw),) = world.inbox.rows.values()
    raw["update"]["message"]["text"] = text
    return raw


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(409, "Conflict: terminated by other getUpdates request"),
        Trouble(401, "Unauthorized"),
        Trouble(502, html="<html><body><h1>502 Bad Gateway</h1></body></html>"),
        Trouble(500, "Internal Server Error: restart"),
        too_many(1),
    ],
    ids=lambda trouble: str(trouble.status),
)
@pytest.mark.parametrize("method", ["getUpdates", "getMe"])
def test_receiving_goes_on_after_trouble(
    method: str, trouble: Trouble, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    slept = []
    real = asyncio.sleep

    async def quick(seconds: float, result: Any = None) -> Any:
        slept.append(seconds)
        return await real(min(seconds, 0.02), result)

    async def main() -> TelegramWorld:
        world = TelegramWorld()
        async with world.serving():
            world.server.trouble[method].extend([trouble] * 2)
            monkeypatch.setattr("channels.telegram.client.asyncio.sleep", quick)
            world.server.say(CHEN, "还在")
            async with world.running():
                await world.heard(1)
        return world

    with caplog.at_level("DEBUG"):
        world = asyncio.run(main())

    assert [event.text for event in world.core.heard] == ["还在"]
    assert f"Telegram {method} failed" in caplog.text
    assert slept.count(1.0 if trouble.status == 429 else 0.02) >= 1
    assert TOKEN not in caplog.text


def test_a_second_poller_is_survived() -> None:
    async def main() -> TelegramWorld:
        world, rival = TelegramWorld(), TelegramWorld()
        async with world.serving():
            rival.server = world.server
            async with world.running(), rival.running():
                world.server.say(CHEN, "给谁")
                await world.until(lambda: world.core.heard or rival.core.heard)
        return world

    world = asyncio.run(main())

    assert [method for method, _ in world.server.calls].count("getUpdates") >= 2


def test_a_server_that_is_away_is_waited_for() -> None:
    port = free_port()

    async def main() -> TelegramWorld:
        world = TelegramWorld()
        world.server.base = f"http://127.0.0.1:{port}"
        async with world.running(ready=False) as channel:
            await asyncio.sleep(0.1)
            assert not channel.started.is_set()
            async with world.server.serving(port):
                world.server.say(CHEN, "来了")
                await world.heard(1)
        return world

    world = asyncio.run(main())

    assert [event.text for event in world.core.heard] == ["来了"]


def test_a_group_s_chatter_is_not_heard_but_commands_and_mentions_are() -> None:
    async def act(world: TelegramWorld) -> None:
        world.server.group(GROUP)
        for text in ("今天吃什么", "/scores@kaoping_bot", "/help@other_bot", "@Kaoping_Bot 得分", "@kaoping_bots 得分"):
            world.server.say(GROUP, text)
        world.server.say(GROUP, "/list")
        world.server.send_file(GROUP, "总结.pdf", b"%PDF", caption="@kaoping_bot 收一下")
        await world.heard(4)

    world = TelegramWorld().start(act)

    assert [event.text for event in world.core.heard] == ["/scores", "得分", "/list", "收一下"]
    assert all(event.in_group and event.address == str(GROUP) and not event.files for event in world.core.heard)
    assert len(world.inbox.dropped) == 3
    assert all(file.asked == 0 for file in world.server.files.values())  # a group's files are nobody's evidence


def test_a_group_that_moved_is_answered_at_its_new_address() -> None:
    async def act(world: TelegramWorld) -> None:
        world.server.group(GROUP)
        world.server.group(-1_000_500)
        world.server.update("message", world.server.message(GROUP, migrate_to_chat_id=-1_000_500))
        world.server.say(GROUP, "/help")
        await world.heard(1)
        assert (await world.send("请私聊我", to=GROUP)).state == "sent"

    world = TelegramWorld().start(act)

    assert world.last().chat.id == -1_000_500
    assert [data["chat_id"] for method, data in world.server.calls if method == "sendMessage"] == ["-1000500"]
