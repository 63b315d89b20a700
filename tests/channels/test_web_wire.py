"""The web channel over the wire: entering, speaking, the stream, and what strangers and other sites cannot do."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable

import pytest
from webworld import Browser, World

from channels.port import Event, FileRef, Option, Reply
from channels.web.doors import COOKIE
from channels.web.intake import event_of
from channels.web.server import WebChannel

Play = Callable[..., World]
ID = "client-id-00000001"


def only_address(world: World) -> str:
    ((address, _),) = world.sessions.rows.values()
    return address


# ---- entering


@pytest.mark.parametrize("path", ["/", "/j/ABCD-EFGH-JKLM"])
def test_opening_a_link_changes_nothing(play: Play, path: str) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        status, page, headers = await browser.get(path)
        assert (status, "进入" in page, "ABCD" in page) == (200, True, False)
        assert "Set-Cookie" not in headers

    world = play(scene)

    assert (world.sessions.rows, world.inbox.rows, world.core.heard) == ({}, {}, [])


def test_entering_opens_a_session_and_hands_the_code_over(play: Play) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter(" ABCD-EFGH-JKLM ")
        async with browser.events() as events:
            assert [row["text"][:2] for row in await events.rows(1)] == ["欢迎"]

    world = play(scene)

    (event,) = world.core.heard
    assert (event.channel, event.start_code, event.address) == ("web", "ABCD-EFGH-JKLM", only_address(world))
    assert event.at == world.clock.now


@pytest.mark.parametrize("secure", [False, True])
def test_the_cookie_is_http_only_strict_and_lasts_180_days(play: Play, secure: bool) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        own = {"Origin": browser.base}
        async with browser.http.post(f"{browser.base}/enter", json={"code": "X"}, headers=own) as response:
            cookie = response.cookies[COOKIE]
        assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/")
        assert (cookie["max-age"], bool(cookie["secure"])) == (str(180 * 86_400), secure)
        world.token = cookie.value  # type: ignore[attr-defined]

    world = play(scene, secure_cookie=secure)

    ((kept, (_, expires_at)),) = world.sessions.rows.items()
    assert kept == hashlib.sha256(world.token.encode()).hexdigest()  # type: ignore[attr-defined]
    assert (expires_at - world.clock.now).days == 180


def test_entering_again_with_a_session_keeps_the_address(play: Play) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter("FIRST")
        await browser.enter("SECOND")
        await world.until(lambda: len(world.core.heard) == 2)

    world = play(scene)

    assert [event.start_code for event in world.core.heard] == ["FIRST", "SECOND"]
    assert {event.address for event in world.core.heard} == {only_address(world)}


def test_pressing_again_after_a_lost_answer_gives_the_same_address_and_one_event(play: Play) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        press = {"code": "ONCE", "id": "a-press-of-the-button"}
        assert (await browser.post("/enter", press))[0] == 202
        browser.http.cookie_jar.clear()  # the answer with the cookie never arrived
        assert (await browser.post("/enter", press))[0] == 202
        assert (await browser.say(1, "在"))[0] == 202
        await world.until(lambda: len(world.core.heard) == 2)

    world = play(scene)

    assert [(event.start_code, event.text) for event in world.core.heard] == [("ONCE", ""), (None, "在")]
    assert len({event.address for event in world.core.heard}) == 1
    assert all("a-press-of-the-button" not in event_id for _, event_id in world.inbox.rows)


def test_two_browsers_get_two_addresses(play: Play) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        async with Browser(channel) as other:
            await other.enter()

    world = play(scene)

    assert len({address for address, _ in world.sessions.rows.values()}) == 2


def test_an_empty_code_is_asked_for_in_a_sentence(play: Play) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        status, answer = await browser.post("/enter", {"code": "  "})
        assert (status, "请输入邀请码" in answer["error"]) == (400, True)

    assert play(scene).sessions.rows == {}


@pytest.mark.parametrize("cookie", [None, "forged", "\udcff"])
def test_a_stranger_gets_a_sentence_and_nothing_else(play: Play, cookie: str | None) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        if cookie is not None:
            browser.http.headers["Cookie"] = f"{COOKIE}={cookie}"
        assert json.loads((await browser.get("/session"))[1])["entered"] is False
        status, text, _ = await browser.get("/events")
        assert (status, "邀请链接" in text) == (401, True)
        assert (await browser.say(1, "x"))[0] == 401
        assert (await browser.post("/files", b"x", Content_Type="multipart/form-data; boundary=b"))[0] == 401

    assert play(scene).inbox.rows == {}


def test_a_session_ends_after_180_days_and_its_open_stream_with_it(play: Play) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        async with browser.events() as events:
            await events.rows(1)
            world.clock.move(days=181)
            assert await events.until("end") is None
        assert (await browser.say(1, "x"))[0] == 401

    play(scene, round_seconds=0.02)


# ---- the stream


def test_the_stream_tells_history_status_and_what_is_new(play: Play) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        async with browser.events() as events:
            (welcome,) = await events.rows(1)
            assert [option["label"] for option in welcome["options"]] == ["有", "没有"]
            assert (welcome["mine"], welcome["settled"], welcome["at"]) == (False, None, "2026-11-21T08:00:00+00:00")
            assert (await events.until("status")).startswith("孟河镇")
            assert await browser.say(1, "你好\n第二行") == (202, {"ok": True})
            mine, reply = await events.rows(2)
            assert (mine["text"], mine["mine"], reply["text"]) == ("你好\n第二行", True, "收到：你好\n第二行")
            assert await events.until("handled") == ID

    play(scene)


def test_a_changed_status_is_told_once(play: Play) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        async with browser.events() as events:
            await events.until("status")
            world.transcript.lines[only_address(world)] = "孟河镇 · 自报 80"
            await channel.send(only_address(world), 1, Reply(""))
            assert await events.until("status") == "孟河镇 · 自报 80"
            await channel.send(only_address(world), 1, Reply(""))
            await browser.say(1, "x")
            kinds = [(await events.next())[0] for _ in range(3)]
            assert kinds == ["row", "row", "handled"]

    play(scene)


@pytest.mark.parametrize("by_header", [False, True])
def test_reconnecting_goes_on_without_loss_or_doubles(play: Play, by_header: bool) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        seen: list[int] = []
        for number in range(30):
            place = {"Last_Event_ID": str(seen[-1])} if by_header and seen else {}
            after = seen[-1] if seen and not by_header else None
            async with browser.events(after, **place) as events:
                await browser.say(number, f"第{number}条")
                wanted = 1 if number % 3 else 2  # cut off at changing places
                seen += [row["id"] for row in await events.rows(wanted)]
        async with browser.events(seen[-1]) as events:
            seen += [row["id"] for row in await events.rows(61 - len(seen))]
        assert seen == list(range(1, 62))

    play(scene)


def test_the_header_of_a_reconnecting_browser_counts_more_than_its_first_address(play: Play) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        await browser.say(1, "x")
        await world.until(lambda: len(world.transcript.rows) == 3)
        async with browser.events(0, Last_Event_ID="2") as events:
            assert [row["id"] for row in await events.rows(1)] == [3]

    play(scene)


def test_rows_by_the_thousand_arrive_whole(play: Play) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        await world.until(lambda: len(world.core.heard) == 1)
        for number in range(1000):
            world.transcript.add(only_address(world), str(number))
        async with browser.events() as events:
            assert [row["id"] for row in await events.rows(1001)] == list(range(1, 1002))

    play(scene)


def test_a_row_written_without_a_wake_is_found_in_the_next_round_and_idle_streams_send_comments(play: Play) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        async with browser.events() as events:
            await events.rows(1)
            assert await events.until("comment") == ": \n\n"
            world.transcript.add(only_address(world), "悄悄话")
            assert [row["text"] for row in await events.rows(1)] == ["悄悄话"]

    play(scene, round_seconds=0.02)


def test_a_person_sees_no_row_of_another(play: Play) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        async with Browser(channel) as other, browser.events() as events:
            await events.rows(1)
            await other.enter()
            await other.say(1, "别人的话")
            await world.until(lambda: len(world.core.heard) == 3)
            await browser.say(1, "我的话")
            assert [row["text"] for row in await events.rows(2)] == ["我的话", "收到：我的话"]

    play(scene)


@pytest.mark.parametrize("place", ["-1", "abc", "1.5", "²", "9" * 19])
def test_a_place_that_is_none_is_refused(play: Play, place: str) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        assert (await browser.get("/events", params={"after": place}))[0] == 400

    play(scene)


def test_open_streams_do_not_hold_up_the_end() -> None:
    async def main() -> float:
        world = World()
        loop = asyncio.get_running_loop()
        async with world.serving() as channel:
            browser = Browser(channel)
            await browser.enter()
            stream = browser.events()
            events = await stream.__aenter__()
            await events.rows(1)
            began = loop.time()
        took = loop.time() - began
        await stream.__aexit__(None, None, None)
        await browser.http.close()
        return took

    assert asyncio.run(main()) < 1


def test_a_restart_loses_neither_session_nor_history() -> None:
    async def main() -> list[str]:
        world = World()
        async with world.serving() as first:
            port, browser = first.port, Browser(first)
            await browser.enter()
            await world.until(lambda: len(world.transcript.rows) == 1)
        async with world.serving(port), browser:
            await browser.say(1, "又来了")
            async with browser.events(0) as events:
                return [row["text"][:5] for row in await events.rows(3)]

    assert asyncio.run(main()) == ["欢迎！有没", "又来了", "收到：又来"]


# ---- speaking


def test_a_press_settles_the_row_and_tells_every_open_page(play: Play) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        async with browser.events() as events:
            (row,) = await events.rows(1)
            press = {"id": ID, "option": "yn:1.2,1:0", "message_id": row["id"], "label": "有"}
            assert await browser.post("/say", press) == (202, {"ok": True})
            assert await browser.post("/say", press) == (202, {"ok": True})
            assert await events.until("settled") == {"id": row["id"], "label": "有"}
        async with browser.events() as events:
            assert [row["settled"] for row in await events.rows(1)] == ["有"]

    world = play(scene)

    assert [event.option for event in world.core.heard] == [None, "yn:1.2,1:0"]


def test_a_press_on_another_person_s_row_settles_nothing(play: Play) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        row = world.transcript.add("web-someone", "有没有？", options=(Option("k:1:0", "有"),))
        await browser.enter()
        press = {"id": ID, "option": "k:1:0", "message_id": row, "label": "有"}
        assert (await browser.post("/say", press))[0] == 202

    assert play(scene).transcript.rows[0][1]["settled"] is None


def test_two_people_may_use_the_same_id(play: Play) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        async with Browser(channel) as other:
            for person in (browser, other):
                await person.enter()
                assert (await person.say(1, "一样的编号"))[0] == 202
            await world.until(lambda: len(world.core.heard) == 4)

    play(scene)


def test_an_event_that_cannot_be_kept_is_not_confirmed(play: Play, caplog: pytest.LogCaptureFixture) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        world.inbox.broken = True
        status, answer = await browser.say(1, "写不下")
        assert (status, set(answer), "重试" in answer["error"]) == (500, {"error"}, True)
        world.inbox.broken = False
        assert (await browser.say(1, "写不下"))[0] == 202  # the same id again is not lost

    world = play(scene)

    assert [event.text for event in world.core.heard] == ["", "写不下"]
    assert "disk full" in caplog.text


def test_a_kept_event_is_the_same_after_a_restart(play: Play) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        await browser.say(1, "原话")
        await browser.post("/say", {"id": ID + "b", "option": "k:1:0", "message_id": 1, "label": "有"})
        await world.until(lambda: len(world.core.heard) == 3)

    world = play(scene)

    rows = json.loads(json.dumps([(key[1], *row) for key, row in world.inbox.rows.items()]))
    assert [event_of(*row) for row in rows] == world.core.heard


def test_an_event_in_the_core_s_words() -> None:
    event = event_of(
        "a:1", "a", {"at": "2026-11-21T08:00:00+00:00", "files": [{"ref": "r", "name": "n", "size_bytes": 1}]}
    )

    assert event == Event("web", "a:1", "a", event.at, files=(FileRef("r", "n", 1),))
