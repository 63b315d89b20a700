"""How often is too often: codes tried from one place, messages of one session, and what is remembered of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from aiohttp.test_utils import make_mocked_request
from fakes import FixedClock
from hypothesis import given
from hypothesis import strategies as st
from webworld import Browser, World, form

from channels.web import limits
from channels.web.limits import Limits, Recent, place_of
from channels.web.server import WebChannel

Play = Callable[..., World]


def no_code_is_right(world: World) -> None:
    async def stranger(address: str) -> str:
        return ""

    world.transcript.status = stranger  # type: ignore[method-assign]


async def tried(channel: WebChannel, count: int, **headers: str) -> list[int]:
    """Codes tried one after another, each by a browser without a cookie."""
    found = []
    for number in range(count):
        async with Browser(channel) as browser:
            found.append((await browser.post("/enter", {"code": f"GUESS-{number}"}, **headers))[0])
    return found


def test_after_ten_wrong_codes_there_is_a_sentence_with_the_time_to_wait(play: Play) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        no_code_is_right(world)
        assert await tried(channel, 10) == [202] * 10
        world.clock.move(minutes=4)
        own = {"Origin": browser.base}
        async with browser.http.post(f"{browser.base}/enter", json={"code": "RIGHT"}, headers=own) as response:
            assert (response.status, response.headers["Retry-After"]) == (429, "360")
            assert "请过 6 分钟再试" in await response.text()
            assert response.cookies == {}
        world.clock.move(minutes=6)
        assert await tried(channel, 1) == [202]

    assert "RIGHT" not in [event.start_code for event in play(scene).core.heard]


def test_a_whole_office_gets_in_through_one_line(play: Play) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        for number in range(40):
            async with Browser(channel) as one:
                await one.enter(f"CODE-{number}")
                await world.until(lambda number=number: len(world.transcript.lines) == number + 1)

    assert len(play(scene).sessions.rows) == 40


def test_whoever_is_inside_cannot_try_codes_without_end(play: Play) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        await world.until(lambda: len(world.transcript.lines) == 1)
        found = [(await browser.post("/enter", {"code": f"GUESS-{number}"}))[0] for number in range(12)]
        assert found == [202] * 10 + [429] * 2  # the first, which led in, was taken back

    play(scene)


def test_behind_a_proxy_each_place_counts_for_itself_and_none_can_pose_as_another(play: Play) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        no_code_is_right(world)
        assert await tried(channel, 11, X_Forwarded_For="198.51.100.1") == [202] * 10 + [429]
        assert await tried(channel, 1, X_Forwarded_For="198.51.100.2") == [202]
        assert await tried(channel, 1, X_Forwarded_For="203.0.113.5, 198.51.100.1") == [429]

    play(scene)


@pytest.mark.parametrize(
    ("remote", "forwarded", "place"),
    [
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # only a proxy on this machine is believed
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("::1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("::ffff:203.0.113.9", "", "203.0.113.9"),
        ("2001:db8:1:2:aaaa::1", "", "2001:db8:1:2::/64"),
        ("127.0.0.1", "2001:db8:1:2:bbbb::2", "2001:db8:1:2::/64"),
    ],
)
def test_the_place_a_request_comes_from(remote: str, forwarded: str, place: str) -> None:
    request = make_mocked_request("POST", "/enter", {"X-Forwarded-For": forwarded}).clone(remote=remote)

    assert place_of(request) == place


def test_a_session_says_so_many_things_a_minute_and_then_a_sentence_says_when_again(play: Play) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        for number in range(59):
            assert (await browser.say(number, "话"))[0] == 202
        assert (await browser.post("/files", form(("甲.pdf", b"1"), client_id="client-id-of-upload")))[0] == 202
        status, answer = await browser.say(60, "太多")
        assert (status, answer["error"]) == (429, "一分钟内发得太多了，请过 60 秒再发。")
        assert (await browser.post("/files", form(("乙.pdf", b"2"))))[0] == 429
        async with Browser(channel) as other:
            await other.enter()
            assert (await other.say(1, "别人"))[0] == 202
        world.clock.move(seconds=60)
        assert (await browser.say(60, "太多"))[0] == 202

    world = play(scene, limits=Limits(messages=60))

    assert len(world.inbox.rows) == 2 + 60 + 1 + 1
    assert len(world.files.kept) == 1


def test_the_limits_can_be_set(play: Play) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        assert [(await browser.say(number, "话"))[0] for number in range(3)] == [202, 202, 429]

    play(scene, limits=Limits(messages=2))


def test_what_is_remembered_stays_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_KEYS", 100)
    recent = Recent(10, 600, FixedClock())

    for number in range(1000):
        recent.add(f"place {number}")
        recent.add("busy")

    assert len(recent) == 100
    assert recent.wait_seconds("busy") == 600  # who is busy is not pushed out by others


@given(st.lists(st.integers(0, 30), max_size=60))
def test_no_span_ever_holds_more_than_the_limit(pauses: Sequence[int]) -> None:
    clock = FixedClock()
    recent, taken = Recent(5, 60, clock), []

    for pause in pauses:
        clock.move(seconds=pause)
        wait = recent.wait_seconds("a")
        lately = [at for at in taken if at > clock.now - timedelta(seconds=60)]
        assert (wait == 0) == (len(lately) < 5)  # nor is anything refused for which there is room
        if wait == 0:
            recent.add("a")
            taken.append(clock.now)
