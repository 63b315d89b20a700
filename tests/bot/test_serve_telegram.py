"""The whole bot over Telegram: from the first /start to the office's table, through a restart, beside the web page."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
from telegram_server import TelegramServer, Trouble
from telegram_service import RUBRIC, Bot, Browser, Person

from channels.telegram.raw import kept_of
from handlers.words import command_of
from storage.clock import utc_now
from storage.database import Database
from storage.inbox import Inbox

PDF = b"%PDF-1.7\n" + b"minutes " * 20
JPEG = b"\xff\xd8\xff\xe0" + b"photo " * 50
CHEN, LI, OFFICE = 7001, 7002, 7003


def play(folder: Path, scene: Callable[[Bot], Awaitable[None]], server: TelegramServer | None = None) -> Bot:
    async def main() -> Bot:
        bot = Bot(folder / "data", server)
        async with bot.server.serving():
            await scene(bot)
        assert bot.server.faults == []
        return bot

    return asyncio.run(main())


async def liaison(bot: Bot, chat: int = CHEN, unit: str = "孟河镇") -> Person:
    person = Person(bot, chat)
    assert f"欢迎，已加入：{unit}" in await person.say(f"/start {bot.codes[unit]}")
    return person


def claimed(bot: Bot, clause: str) -> list[tuple[Any, ...]]:
    query = "SELECT version, state, fact FROM answer WHERE unit_id = 1 AND criterion_id = ? ORDER BY version"
    return bot.rows(query, clause)


def test_a_liaison_joins_answers_and_sends_proof_and_the_office_sees_the_table(tmp_path: Path) -> None:
    async def scene(bot: Bot) -> None:
        await bot.begin()
        async with bot.running():
            chen, office = await liaison(bot), Person(bot, OFFICE)
            assert "【" in await chen.say("下一项")

            await chen.press_key(f"ask:1,{RUBRIC},2.3:0")
            assert "记下了：有" in await chen.press("有")
            asked = next(m for m in chen.told if "已选：有" in m.text)
            assert (asked.keyboard, asked.edits) == (None, 1)

            await chen.press_key(f"ask:1,{RUBRIC},3.1:0")
            assert "记下了：九成五" in await chen.say("九成五")
            assert "收到 1 份材料" in await chen.send_file("培训签到表.pdf", PDF)
            assert "收到 2 份材料" in await chen.send_album(JPEG, JPEG + b"2", caption="培训率统计")

            assert "考核办" in await office.say(f"/start {bot.codes['office']}")
            await office.say("得分")
            assert [m.method for m in office.told][-1] in {"sendPhoto", "sendDocument"}
            assert office.told[-1].content.startswith(b"\x89PNG")
            assert "孟河镇" in await office.say("单位 孟河镇")

    bot = play(tmp_path, scene)

    assert claimed(bot, "2.3") == [(1, "answered", "true")]
    assert claimed(bot, "3.1") == [(1, "answered", "95")]
    assert bot.rows("SELECT count(*) FROM evidence WHERE unit_id = 1") == [(3,)]
    assert bot.rows("SELECT count(*) FROM message WHERE outcome <> 'sent' AND NOT mine") == [(0,)]
    raws = "".join(raw for (raw,) in bot.rows("SELECT raw FROM inbox"))
    assert [code for code in bot.codes.values() if code in raws] == []


def test_what_was_kept_before_the_end_is_answered_after_the_next_start_and_old_buttons_still_work(
    tmp_path: Path,
) -> None:
    async def scene(bot: Bot) -> None:
        await bot.begin()
        async with bot.running():
            chen = await liaison(bot)
            await chen.press_key(f"ask:1,{RUBRIC},3.1:0")
        update = {"update_id": 50, "message": bot.server.message(CHEN, text="95%")}
        kept = kept_of(update, utc_now())
        database = Database(bot.path)
        await Inbox(database, utc_now).keep("telegram", kept.id, kept.address, kept.raw)  # and then the power went
        await database.close()
        bot.server.say(CHEN, "我的得分")  # Telegram holds it until somebody polls again
        bot.server.raw(update)  # and gives once more what it does not know to be confirmed
        async with bot.running():
            await bot.until(lambda: any("我的" in m.text or "自报" in m.text for m in chen.told[-2:]))
            await bot.rest()
            assert "记下了：没有" in await chen.press_key(f"ans:1,{RUBRIC},2.3,,1:0")

    bot = play(tmp_path, scene)

    assert claimed(bot, "3.1") == [(1, "answered", "95")]
    said = [text for (text,) in bot.rows("SELECT text FROM message WHERE mine")]
    assert said.count("95%") == 1
    assert said.index("95%") < said.index("我的得分")


def test_who_blocks_the_bot_holds_nobody_up_and_is_reached_again_later(tmp_path: Path) -> None:
    async def scene(bot: Bot) -> None:
        await bot.begin()
        async with bot.running():
            chen, li = await liaison(bot), await liaison(bot, LI, "西夏墅镇")
            bot.server.person(CHEN).blocked = True
            bot.server.say(CHEN, "清单")
            assert await li.say("清单")
            await bot.rest()
            assert bot.rows("SELECT address, outcome FROM message WHERE outcome <> 'sent'") == [(str(CHEN), "blocked")]
            bot.server.person(CHEN).blocked = False
            assert await chen.say("清单")

    play(tmp_path, scene)


def test_another_poller_on_the_token_is_waited_out(tmp_path: Path) -> None:
    async def scene(bot: Bot) -> None:
        await bot.begin()
        conflict = Trouble(409, "Conflict: terminated by other getUpdates request")
        bot.server.trouble["getUpdates"].extend([conflict] * 3)
        async with bot.running():
            await liaison(bot)
        assert not bot.server.trouble["getUpdates"]

    play(tmp_path, scene)


def test_the_web_page_is_served_beside_it_and_both_speak_of_the_same_unit(tmp_path: Path) -> None:
    async def scene(bot: Bot) -> None:
        await bot.begin()
        async with bot.running(), aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
            chen, wang = await liaison(bot), Browser(bot, http)
            await wang.post("/enter", code=bot.codes["colleague"])
            await asyncio.gather(chen.press_key(f"ans:1,{RUBRIC},2.3,,0:0"), wang.post("/say", text="清单"))
            await wang.post("/say", text="我的得分")
            assert "自报" in wang.told()[-1]

    bot = play(tmp_path, scene)

    assert claimed(bot, "2.3") == [(1, "answered", "true")]
    assert {channel for (channel,) in bot.rows("SELECT channel FROM message WHERE NOT mine AND outcome = 'sent'")} == {
        "web",
        "telegram",
    }


def test_what_people_say_to_each_other_in_a_group_is_neither_answered_nor_kept(tmp_path: Path) -> None:
    async def scene(bot: Bot) -> None:
        bot.server.group(-500)
        async with bot.running():
            bot.server.say(-500, "晚上一起吃饭，别告诉老王")
            bot.server.say(-500, "/scores")
            await bot.until(lambda: bot.server.messages)
            await bot.rest()

    bot = play(tmp_path, scene)

    assert len(bot.server.messages) == 1
    assert "私聊" in bot.server.messages[0].text
    assert [raw for (raw,) in bot.rows("SELECT raw FROM inbox") if "吃饭" in raw] == []
    assert bot.rows("SELECT count(*) FROM inbox WHERE raw = '{}' AND handled_at IS NOT NULL") == [(1,)]


def test_telegram_offers_the_commands_and_each_is_understood(tmp_path: Path) -> None:
    async def scene(bot: Bot) -> None:
        async with bot.running():
            await bot.until(lambda: bot.server.menu)

    offered = play(tmp_path, scene).server.menu

    assert {
        "list": "清单",
        "next": "下一项",
        "me": "我的得分",
        "help": "帮助",
        "scores": "得分",
    }.items() <= offered.items()
    assert [command for command in offered if command_of(f"/{command}") is None] == []
    assert [words for words in offered.values() if command_of(words) is None] == []


def test_a_bot_whose_commands_telegram_refuses_works_all_the_same(tmp_path: Path) -> None:
    async def scene(bot: Bot) -> None:
        await bot.begin()
        bot.server.trouble["setMyCommands"].append(Trouble(429, "Too Many Requests", {"retry_after": 5}))
        async with bot.running():
            await liaison(bot)

    assert play(tmp_path, scene).server.menu == {}


class Counting(TelegramServer):
    """Knows how many messages are under way, and which rows were not marked when the next one came."""

    def __init__(self) -> None:
        super().__init__()
        self.out = self.most_out = self.most_unmarked = 0
        self.bot: Bot

    async def _on_sendMessage(self, data: dict[str, Any]) -> Any:  # noqa: N802
        self.out += 1
        self.most_out = max(self.most_out, self.out)
        await asyncio.sleep(0.02)
        self.out -= 1
        sent: object = await super()._on_sendMessage(data)
        ((marked,),) = self.bot.rows("SELECT count(*) FROM message WHERE outcome = 'sent'")
        self.most_unmarked = max(self.most_unmarked, len(self.messages) - marked)
        return sent


def test_at_most_two_messages_are_out_that_a_crash_would_send_again(tmp_path: Path) -> None:
    server, everybody = Counting(), range(8001, 8031)

    async def scene(bot: Bot) -> None:
        server.bot = bot
        async with bot.running():
            for chat in everybody:
                server.person(chat)
                server.say(chat, "在吗")
            await bot.until(lambda: len(server.messages) >= len(everybody))
            await bot.rest()

    play(tmp_path, scene, server)

    assert (server.most_out, server.most_unmarked) == (2, 2)
    assert {message.chat.id for message in server.messages} == set(everybody)
