"""What the web channel refuses: malformed requests, other sites; the headers of every answer; what the logs hold."""

from __future__ import annotations

import gzip
import json
import logging
from collections.abc import Callable

import pytest
from webworld import Browser, World

from channels.web.server import WebChannel

Play = Callable[..., World]
ID = "client-id-00000001"

BAD = [
    (b"", 400),
    (b"{", 400),
    (b"[]", 400),
    (b'"text"', 400),
    (b"\xff\xfe", 400),
    (b"[" * 20_000, 400),
    (b"9" * 10_000, 400),
    (b"{}", 400),
    (b'{"id": "client-id-00000001"}', 400),
    (b'{"id": "client-id-00000001", "text": "x", "role": "office"}', 400),
    (b'{"id": "client-id-00000001", "text": 5}', 400),
    (b'{"id": "client-id-00000001", "text": "   "}', 400),
    (b'{"id": "client-id-00000001", "text": "\\ud800"}', 400),
    (b'{"id": "client-id-00000001", "text": "a\\u0000"}', 400),
    (b'{"id": "short", "text": "x"}', 400),
    (b'{"id": "client:id/0000000001", "text": "x"}', 400),
    (b'{"id": 1234567890123456, "text": "x"}', 400),
    (json.dumps({"id": ID, "text": "长" * 4001}).encode(), 400),
    (json.dumps({"id": ID, "text": "长" * 40_000}).encode(), 413),
    (json.dumps({"id": ID, "option": "k" * 65, "message_id": 1, "label": "有"}).encode(), 400),
    (json.dumps({"id": ID, "option": "k", "message_id": True, "label": "有"}).encode(), 400),
    (json.dumps({"id": ID, "option": "k", "message_id": 2**63, "label": "有"}).encode(), 400),
    (json.dumps({"id": ID, "option": "k", "message_id": 1, "label": ""}).encode(), 400),
    (json.dumps({"id": ID, "option": "k", "message_id": 1}).encode(), 400),
]


@pytest.mark.parametrize(("body", "status"), BAD, ids=[str(number) for number in range(len(BAD))])
def test_what_is_no_proper_request_gets_one_sentence(play: Play, body: bytes, status: int) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        found, answer = await browser.post("/say", body, Content_Type="application/json")
        assert (found, set(answer)) == (status, {"error"})
        assert answer["error"].endswith("。")
        assert "Traceback" not in answer["error"]

    assert len(play(scene).inbox.rows) == 1


def test_a_packed_body_is_not_unpacked(play: Play) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        body = gzip.compress(json.dumps({"id": ID, "text": "x"}).encode())
        headers = {"Content_Type": "application/json", "Content_Encoding": "gzip"}
        assert (await browser.post("/say", body, **headers))[0] == 400

    play(scene)


# ---- other sites, headers, logs

FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Sec_Fetch_Site": "cross-site"},
    {"Sec_Fetch_Site": "same-site"},
    {"Origin": "http://127.0.0.1:1"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
@pytest.mark.parametrize("path", ["/enter", "/say", "/files"])
def test_another_site_cannot_make_a_browser_speak(play: Play, path: str, headers: dict[str, str]) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        status, answer = await browser.post(path, {"id": ID, "text": "x", "code": "X"}, **headers)
        assert (status, "不是从本页面" in answer["error"]) == (403, True)

    assert len(play(scene).inbox.rows) == 1


def test_a_proxy_that_renames_the_host_is_no_hindrance_where_the_browser_vouches(play: Play) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        headers = {"Sec_Fetch_Site": "same-origin", "Origin": "https://kaoping.example"}
        assert (await browser.post("/enter", {"code": "X"}, **headers))[0] == 202

    play(scene)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded"])
@pytest.mark.parametrize("path", ["/enter", "/say", "/files"])
def test_a_post_of_a_simple_form_is_refused(play: Play, path: str, kind: str) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        body = json.dumps({"id": ID, "text": "x"}).encode()
        assert (await browser.post(path, body, Content_Type=kind))[0] == 415

    play(scene)


def test_every_answer_has_the_safe_headers(play: Play) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        for path in ("/", "/j/X", "/page.js", "/page.css", "/session", "/events", "/nowhere"):
            _, _, headers = await browser.get(path)
            policy = headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'none'")
            assert "unsafe" not in policy
            assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "no-referrer")
            assert headers["Cache-Control"] == ("no-cache" if path.startswith("/page.") else "no-store")
            assert "ython" not in headers["Server"]

    play(scene)


@pytest.mark.parametrize(("path", "status"), [("/nowhere", 404), ("/say", 405), ("/../server.py", 404)])
def test_a_wrong_path_or_method_gets_a_sentence(play: Play, path: str, status: int) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        found, text, _ = await browser.get(path)
        assert (found, set(json.loads(text))) == (status, {"error"})

    play(scene)


def test_logs_hold_no_code_no_token_and_no_words(play: Play, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    seen: list[str] = []

    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.get("/j/CODE-CODE-CODE")
        await browser.enter("CODE-CODE-CODE")
        seen.extend(cookie.value for cookie in browser.http.cookie_jar)
        async with browser.events() as events:
            await events.rows(1)
        await browser.say(1, "悄悄话")
        world.inbox.broken = True
        await browser.say(2, "悄悄话")
        await browser.post("/enter", {"code": "CODE-CODE-CODE"})

    play(scene)

    assert not any(secret in caplog.text for secret in ("CODE-CODE", "悄悄话", *seen))
