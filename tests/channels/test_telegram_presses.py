"""Telegram, pressed options: settled at once by the adapter, and never in the way of the event."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from fakes import MemoryFiles
from telegram_server import Trouble, too_many
from telegram_world import CHEN, TelegramWorld

from channels.port import FileRef

YES, NO = ("yn:1.2,1:0", "有"), ("yn:1.2,0:0", "没有")


def test_a_press_is_answered_the_buttons_go_and_the_choice_is_written_below() -> None:
    async def act(world: TelegramWorld) -> None:
        await world.send("有没有？", YES, NO)
        world.server.press(world.last(), NO[0])
        await world.until(lambda: world.last().edits)
        await world.heard(1)

    world = TelegramWorld().start(act)

    assert (world.last().text, world.last().keyboard) == ("有没有？\n已选：没有", None)
    assert len(world.server.answered) == 1
    assert [(event.option, event.text) for event in world.core.heard] == [(NO[0], "")]


def test_a_button_of_any_row_is_settled_with_its_own_label() -> None:
    async def act(world: TelegramWorld) -> None:
        await world.send("哪一项？", *((f"item:{n}:0", f"第{n}项") for n in range(12)))
        world.server.press(world.last(), "item:11:0")
        await world.until(lambda: world.last().edits)

    assert TelegramWorld().start(act).last().text == "哪一项？\n已选：第11项"


def test_buttons_under_a_file_are_settled_in_its_caption(tmp_path: Path) -> None:
    (tmp_path / "ref").write_bytes(b"xlsx")
    files = MemoryFiles(tmp_path)
    files.kept["ref"] = b"xlsx"

    async def act(world: TelegramWorld) -> None:
        await world.send("得分表", YES, file=FileRef("ref", "得分表.xlsx", 4))
        await world.send("长" * 1020, YES, file=FileRef("ref", "得分表.xlsx", 4))
        for message in world.server.messages:
            world.server.press(message, YES[0])
        await world.until(lambda: all(message.edits for message in world.server.messages))

    messages = TelegramWorld(files=files).start(act).server.messages

    assert [message.text for message in messages] == [
        "得分表\n已选：有",
        "长" * 1020,
    ]  # no room: the buttons go at least
    assert [message.keyboard for message in messages] == [None, None]


def test_a_full_message_only_loses_its_buttons() -> None:
    async def act(world: TelegramWorld) -> None:
        await world.send("字" * 4096, YES)
        world.server.press(world.last(), YES[0])
        await world.until(lambda: world.last().edits)

    world = TelegramWorld().start(act)

    assert (world.last().text, world.last().keyboard) == ("字" * 4096, None)


def test_the_same_press_delivered_twice_is_one_event() -> None:
    async def act(world: TelegramWorld) -> None:
        await world.send("有没有？", YES, NO)
        for _ in range(3):
            world.server.press(world.last(), YES[0], "the-same-press")
        world.server.say(CHEN, "完了")
        await world.heard(2)

    assert [event.option for event in TelegramWorld().start(act).core.heard] == [YES[0], None]


def test_two_presses_of_one_message_are_two_events_and_not_modified_is_fine(caplog: pytest.LogCaptureFixture) -> None:
    async def act(world: TelegramWorld) -> None:
        await world.send("有没有？", YES, NO)
        message = world.last()
        for query in ("one", "two"):
            world.server.press(message, YES[0], query)
        await world.heard(2)
        await world.until(lambda: [method for method, _ in world.server.calls].count("editMessageText") == 2)

    with caplog.at_level("DEBUG", "channels.telegram"):
        world = TelegramWorld().start(act)

    assert world.last().text == "有没有？\n已选：有"
    assert "Message is not modified" in caplog.text
    assert [record for record in caplog.records if record.levelname in ("WARNING", "ERROR")] == []


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(400, "Bad Request: query is too old and response timeout expired or query ID is invalid"),
        Trouble(502, html="<h1>Bad Gateway</h1>"),
        too_many(1),
    ],
    ids=lambda trouble: str(trouble.status),
)
def test_settling_that_fails_does_not_stop_the_event(trouble: Trouble) -> None:
    async def act(world: TelegramWorld) -> None:
        await world.send("有没有？", YES)
        for method in ("answerCallbackQuery", "editMessageText"):
            world.server.trouble[method].append(trouble)
        world.server.press(world.last(), YES[0])
        await world.heard(1)

    assert [event.option for event in TelegramWorld().start(act).core.heard] == [YES[0]]


def test_settling_that_hangs_does_not_delay_the_event() -> None:
    async def act(world: TelegramWorld) -> None:
        await world.send("有没有？", YES)
        world.server.delay["answerCallbackQuery"] = 0.5
        begun = asyncio.get_running_loop().time()
        world.server.press(world.last(), YES[0])
        await world.heard(1)
        assert asyncio.get_running_loop().time() - begun < 0.4

    TelegramWorld().start(act)


def test_a_button_too_old_to_be_read_still_counts() -> None:
    async def act(world: TelegramWorld) -> None:
        chat = world.server.chats[CHEN].as_json()
        query: dict[str, Any] = {
            "id": "old",
            "from": {"id": CHEN, "is_bot": False, "first_name": "陈芳"},
            "chat_instance": "1",
            "message": {"chat": chat, "message_id": 3, "date": 0},
            "data": YES[0],
        }
        world.server.update("callback_query", query)
        await world.heard(1)

    world = TelegramWorld().start(act)

    assert [(event.option, event.address) for event in world.core.heard] == [(YES[0], str(CHEN))]
    assert not any(method.startswith("edit") for method, _ in world.server.calls)


def test_a_press_without_a_key_or_a_message_is_answered_and_ended() -> None:
    async def act(world: TelegramWorld) -> None:
        person = {"id": CHEN, "is_bot": False, "first_name": "陈芳"}
        common = {"from": person, "chat_instance": "1"}
        world.server.update("callback_query", {**common, "id": "game", "game_short_name": "g"})
        world.server.update("callback_query", {**common, "id": "inline", "inline_message_id": "i", "data": "x"})
        await world.until(lambda: len(world.server.answered) == 2)

    world = TelegramWorld().start(act)

    assert world.inbox.dropped == {"cgame": "", "cinline": ""}


def test_a_press_that_waited_through_a_restart_is_settled_then() -> None:
    async def main() -> TelegramWorld:
        world = TelegramWorld()
        async with world.serving():
            async with world.running():
                await world.send("有没有？", YES)
                world.server.trouble["editMessageText"].append(Trouble(502, html="<h1>down</h1>"))

                async def never(event: object) -> None:
                    raise RuntimeError("the process ends here")

                world.core.before = never
                world.server.press(world.last(), YES[0])
                await world.until(lambda: not world.server.trouble["editMessageText"])
            world.core.before = None
            async with world.running(world.kept()):
                await world.heard(1)
                await world.until(lambda: world.last().edits)
        return world

    world = asyncio.run(main())

    assert (world.core.heard[0].option, world.last().text) == (YES[0], "有没有？\n已选：有")
