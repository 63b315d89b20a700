"""Telegram, what goes out: in the sizes Telegram takes, and every refusal is an outcome without the token."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from fakes import MemoryFiles
from telegram_server import TOKEN, Trouble, too_many
from telegram_world import CHEN, TelegramWorld

from channels.port import FileRef, Outcome

PNG = b"\x89PNG\r\n\x1a\n" + bytes(500)


@pytest.fixture
def with_files(tmp_path: Path) -> TelegramWorld:
    return TelegramWorld(files=MemoryFiles(tmp_path))


def kept(world: TelegramWorld, content: bytes, name: str) -> FileRef:
    async def chunks():
        yield content

    found = asyncio.run(world.files.store(chunks(), name, 60_000_000))
    return FileRef(found["ref"], name, len(content))


def test_words_go_out_as_they_are_without_markup_or_preview() -> None:
    async def act(world: TelegramWorld) -> None:
        assert await world.send("得分 <b>90</b> & 更多：http://127.0.0.1:8000/j/ABCD") == Outcome("sent")

    world = TelegramWorld().start(act)

    assert world.last().text == "得分 <b>90</b> & 更多：http://127.0.0.1:8000/j/ABCD"
    assert '"is_disabled": true' in world.server.calls[-1][1]["link_preview_options"]


def test_a_long_text_goes_out_in_parts_with_the_buttons_under_the_last() -> None:
    lines = [f"{number}. {'质' * 90}" for number in range(100)]

    async def act(world: TelegramWorld) -> None:
        assert (await world.send("\n".join(lines), ("list::0", "清单"))).state == "sent"

    messages = TelegramWorld().start(act).server.messages

    assert "\n".join(message.text for message in messages).split("\n") == lines
    assert [message.labels for message in messages] == [[], [], [["清单"]]]


def test_short_labels_share_a_row_and_a_long_one_stands_alone() -> None:
    async def act(world: TelegramWorld) -> None:
        labels = ("有", "没有", "不清楚", "更多", "还没到时候", "本地没有", "第一档（一二三四五六）")
        await world.send("选哪个？", *((f"k:{n}:0", label) for n, label in enumerate(labels)))

    world = TelegramWorld().start(act)

    rows = [["有", "没有", "不清楚", "更多"], ["还没到时候", "本地没有"], ["第一档（一二三四五六）"]]
    assert world.last().labels == rows


def test_more_options_than_a_message_shows_go_on_in_further_ones_and_none_is_lost() -> None:
    async def act(world: TelegramWorld) -> None:
        await world.send("哪一项？", *((f"k:{n}:0", f"第{n}项") for n in range(30)))

    messages = TelegramWorld().start(act).server.messages

    assert [sum(map(len, message.labels)) for message in messages] == [12, 12, 6]
    keys = [button["callback_data"] for message in messages for row in message.keyboard or [] for button in row]
    assert keys == [f"k:{n}:0" for n in range(30)]


def test_a_key_of_64_bytes_goes_through() -> None:
    async def act(world: TelegramWorld) -> None:
        key = f"ans:{'1' * 58}:0"
        assert (len(key), (await world.send("？", (key, "是"))).state) == (64, "sent")

    TelegramWorld().start(act)


def test_a_file_goes_out_under_its_name_with_text_and_buttons(with_files: TelegramWorld) -> None:
    file = kept(with_files, b"xlsx" * 500, "得分表.xlsx")

    async def act(world: TelegramWorld) -> None:
        assert (await world.send("得分表好了", ("scores::0", "得分"), file=file)).state == "sent"

    message = with_files.start(act).last()

    assert (message.method, message.file_name, message.content) == ("sendDocument", "得分表.xlsx", b"xlsx" * 500)
    assert (message.text, message.labels) == ("得分表好了", [["得分"]])


def test_a_long_text_with_a_file_goes_before_it(with_files: TelegramWorld) -> None:
    file = kept(with_files, b"xlsx", "得分表.xlsx")

    async def act(world: TelegramWorld) -> None:
        await world.send("字" * 1025, ("scores::0", "得分"), file=file)

    messages = with_files.start(act).server.messages

    sent = [(message.method, len(message.text), message.labels) for message in messages]
    assert sent == [("sendMessage", 1025, []), ("sendDocument", 0, [["得分"]])]


def test_a_picture_is_shown_and_one_that_cannot_be_goes_as_a_document(with_files: TelegramWorld) -> None:
    good, broken = kept(with_files, PNG, "得分.png"), kept(with_files, b"no picture", "坏.png")
    other, large = kept(with_files, PNG + b"!", "得分.svg"), kept(with_files, PNG.ljust(10_485_761), "大.png")

    async def act(world: TelegramWorld) -> None:
        for file in (good, broken, other, large):
            assert (await world.send("看图", file=file, as_picture=True)).state == "sent"

    messages = with_files.start(act).server.messages

    assert [message.method for message in messages] == ["sendPhoto", "sendDocument", "sendDocument", "sendDocument"]
    assert messages[1].content == b"no picture"


def test_a_file_that_is_gone_or_too_large_fails_with_a_sentence(with_files: TelegramWorld) -> None:
    large = kept(with_files, bytes(52_428_801), "大.zip")

    async def act(world: TelegramWorld) -> None:
        gone = await world.send("给你", file=FileRef("00" * 32, "没有.pdf", 1))
        assert gone == Outcome("failed", why="要发送的文件找不到了")
        too_large = await world.send("给你", file=large)
        assert too_large == Outcome("failed", why="文件超过 Telegram 的发送上限 50 MB，请到网页版下载")

    assert with_files.start(act).server.messages == []


def test_who_blocked_the_bot_and_who_is_not_there_are_told_apart() -> None:
    async def act(world: TelegramWorld) -> None:
        world.server.person(7002).blocked = True
        assert await world.send("在吗", to=7002) == Outcome("blocked", why="Forbidden: bot was blocked by the user")
        assert (await world.send("在吗", to=7003)).state == "unknown"
        assert (await world.send("在吗", to="web-1")).state == "unknown"
        assert (await world.send("在吗")).state == "sent"

    TelegramWorld().start(act)


@pytest.mark.parametrize(
    ("trouble", "state"),
    [
        (Trouble(502, html="<html><h1>Bad Gateway</h1></html>"), "retry"),
        (Trouble(500, "Internal Server Error"), "retry"),
        (Trouble(401, "Unauthorized"), "retry"),
        (Trouble(404, "Not Found"), "retry"),
        (Trouble(400, "Bad Request: something is wrong with it"), "failed"),
        (Trouble(403, "Forbidden: user is deactivated"), "blocked"),
        (Trouble(400, "Bad Request: chat not found"), "unknown"),
    ],
    ids=lambda found: str(getattr(found, "status", found)),
)
def test_each_refusal_is_an_outcome_without_the_token(
    trouble: Trouble, state: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def act(world: TelegramWorld) -> None:
        world.server.trouble["sendMessage"].append(trouble)
        outcome = await world.send("提醒")
        assert outcome.state == state
        assert outcome.why
        assert TOKEN.partition(":")[2] not in outcome.why
        assert (await world.send("再来")).state == "sent"

    with caplog.at_level("DEBUG"):
        TelegramWorld().start(act)

    assert "sendMessage" in caplog.text  # the libraries do log the addresses they call
    assert TOKEN.partition(":")[2] not in caplog.text


def test_a_server_that_is_away_is_a_reason_to_try_again() -> None:
    async def main() -> Outcome:
        world = TelegramWorld()
        async with world.serving(), world.running():
            pass
        world.server.base = "http://127.0.0.1:9"
        async with world.running(ready=False):
            return await world.send("在吗")

    outcome = asyncio.run(main())

    assert (outcome.state, TOKEN in outcome.why) == ("retry", False)


def test_after_the_channel_has_stopped_a_message_is_kept_for_later() -> None:
    async def main() -> Outcome:
        world = TelegramWorld()
        async with world.serving():
            async with world.running():
                await world.send("一")
            return await world.send("二")

    assert asyncio.run(main()) == Outcome("retry", why="Telegram 通道已停")


def test_too_many_requests_name_the_wait_and_hold_that_chat_only() -> None:
    async def act(world: TelegramWorld) -> None:
        world.server.person(7002)
        world.server.trouble["sendMessage"].append(too_many(30, only=lambda data: data["chat_id"] == str(CHEN)))
        assert (await world.send("一")).retry_after_seconds == 30
        again = await world.send("二")  # said at once, not after half a minute
        assert (again.state, 25 < again.retry_after_seconds <= 30) == ("retry", True)
        assert (await world.send("三", to=7002)).state == "sent"

    world = TelegramWorld().start(act)

    assert [message.text for message in world.server.messages] == ["三"]


def test_a_group_that_moved_unnoticed_still_gets_its_message() -> None:
    async def act(world: TelegramWorld) -> None:
        world.server.group(-500).moved_to = -1_000_500
        world.server.group(-1_000_500)
        assert (await world.send("请私聊我", to=-500)).state == "sent"
        assert (await world.send("请私聊我", to=-500)).state == "sent"

    world = TelegramWorld().start(act)

    asked = [data["chat_id"] for method, data in world.server.calls if method == "sendMessage"]
    assert asked == ["-500", "-1000500", "-1000500"]


def test_a_row_that_failed_half_way_goes_on_where_it_stopped() -> None:
    text = "一" * 4096 + "二" * 100

    async def act(world: TelegramWorld) -> None:
        world.server.trouble["sendMessage"].append(
            Trouble(502, html="<h1>no</h1>", only=lambda data: "二" in data["text"])
        )
        assert (await world.send(text)).state == "retry"
        world.rewind()
        assert (await world.send(text)).state == "sent"

    messages = TelegramWorld().start(act).server.messages

    assert [message.text[0] for message in messages] == ["一", "二"]


def test_starting_to_send_asks_telegram_nothing() -> None:
    async def act(world: TelegramWorld) -> None:
        before = len(world.server.calls)
        await world.send("一")
        assert [method for method, _ in world.server.calls[before:] if method != "getUpdates"] == ["sendMessage"]

    TelegramWorld().start(act)
