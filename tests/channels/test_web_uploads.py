"""Uploads over the wire: streamed, limited, several at once, cut off, malformed."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from webworld import Browser, World, form

from channels.names import MOST_NAME, shown_name
from channels.web.server import WebChannel
from channels.web.uploads import CHUNK_BYTES

Play = Callable[..., World]
ID = "client-id-00000001"


def parts(*texts: str) -> bytes:
    return "".join(f"--b\r\n{text}\r\n" for text in texts).encode() + b"--b--\r\n"


def test_several_files_are_one_event(play: Play) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        sent = form(("会议纪要.pdf", b"%PDF minutes"), ("签到表.jpg", b"\xff\xd8 list"))
        assert await browser.post("/files", sent) == (202, {"ok": True, "refused": []})
        await world.until(lambda: len(world.core.heard) == 2)

    world = play(scene)

    files = world.core.heard[1].files
    assert [(file.name, world.files.kept[file.ref], file.size_bytes) for file in files] == [
        ("会议纪要.pdf", b"%PDF minutes", 12),
        ("签到表.jpg", b"\xff\xd8 list", 7),
    ]


def test_a_large_file_passes_in_small_chunks_and_arrives_whole(play: Play) -> None:
    content = bytes(range(256)) * 20_000 + b"\r\n--almost a boundary\r\n"

    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        assert (await browser.post("/files", form(("台账.zip", content))))[0] == 202

    world = play(scene, max_file_bytes=10_000_000)

    (arrived,) = world.files.kept.values()
    assert hashlib.sha256(arrived).digest() == hashlib.sha256(content).digest()  # a short report when it is not
    assert world.files.largest_chunk <= 2 * CHUNK_BYTES


@pytest.mark.parametrize(("size", "kept"), [(100_000, 1), (100_001, 0)])
def test_the_limit_is_exact_and_beyond_it_there_is_a_sentence(play: Play, size: int, kept: int) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        status, answer = await browser.post("/files", form(("录像.mp4", b"x" * size)))
        if not kept:
            assert (status, answer["error"]) == (422, "「录像.mp4」超过大小限制，没有收。")
            assert answer["refused"] == [{"name": "录像.mp4", "refused": "「录像.mp4」超过大小限制，没有收。"}]

    world = play(scene)

    assert (len(world.files.kept), len(world.inbox.rows)) == (kept, 1 + kept)


def test_a_refused_file_does_not_take_the_others_with_it(play: Play) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        sent = form(("甲.pdf", b"1"), ("大.mp4", b"x" * 400_000), ("乙.exe", b"2"), ("丙.pdf", b"3"))
        status, answer = await browser.post("/files", sent)
        assert (status, [file["name"] for file in answer["refused"]]) == (202, ["大.mp4", "乙.exe"])
        await world.until(lambda: len(world.core.heard) == 2)

    world = play(scene)

    assert [file.name for file in world.core.heard[1].files] == ["甲.pdf", "丙.pdf"]


def test_the_twenty_first_file_is_refused(play: Play) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        status, answer = await browser.post("/files", form(*((f"{n}.pdf", b"%d" % n) for n in range(22))))
        assert (status, [file["name"] for file in answer["refused"]]) == (202, ["20.pdf", "21.pdf"])

    assert len(play(scene).files.kept) == 20


def test_an_upload_tried_again_is_one_event(play: Play) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        for _ in range(3):
            assert (await browser.post("/files", form(("甲.pdf", b"1"))))[0] == 202
        await browser.say(2, "完")
        await world.until(lambda: len(world.core.heard) >= 3)

    assert [len(event.files) for event in play(scene).core.heard] == [0, 1, 0]


def test_an_upload_cut_off_is_no_event_and_hurts_nobody(play: Play, caplog: pytest.LogCaptureFixture) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        cookie = "; ".join(f"{cookie.key}={cookie.value}" for cookie in browser.http.cookie_jar)
        _, writer = await asyncio.open_connection("127.0.0.1", channel.port)
        head = f"POST /files HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\nContent-Length: 90000\r\n"
        head += "Content-Type: multipart/form-data; boundary=b\r\n\r\n"
        start = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
        for piece in (head.encode() + parts(NAMED)[:-7], start.encode() + b"x" * 20_000, b"x" * 20_000):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.05)  # in packets of their own, as from a phone
        await world.until(lambda: world.files.begun == 1)
        writer.close()
        await writer.wait_closed()
        assert (await browser.say(2, "还在"))[0] == 202
        await world.until(lambda: len(world.core.heard) == 2)

    world = play(scene)

    assert (world.files.begun, world.files.kept, len(world.inbox.rows)) == (1, {}, 2)
    assert "failed" not in caplog.text


FILE = 'Content-Disposition: form-data; name="file"; filename="a.pdf"\r\n{}\r\nabc'
NAMED = f'Content-Disposition: form-data; name="id"\r\n\r\n{ID}'
MALFORMED = [
    b"",
    b"no boundary at all",
    b"--b--\r\n",
    parts(FILE.format("")),
    parts(NAMED),
    parts(NAMED)[:-7],
    parts(NAMED, FILE.format(""))[:-7],
    parts(NAMED, FILE.format("Content-Length: 999999\r\n")),
    parts(NAMED, FILE.format("Content-Length: abc\r\n")),
    parts(NAMED, FILE.format("Content-Transfer-Encoding: base64\r\n")),
    parts(NAMED, FILE.format("Content-Encoding: gzip\r\n")),
    parts(NAMED, FILE.format("Content-Type: multipart/mixed; boundary=c\r\n")),
    parts(NAMED, FILE.format("X: " + "y" * 20_000 + "\r\n")),
    parts(NAMED, FILE.format("X: y\r\n" * 300)),
    parts(NAMED, FILE.format("no header line\r\n")),
    parts(NAMED, 'Content-Disposition: form-data; name="role"\r\n\r\noffice'),
    parts('Content-Disposition: form-data; name="id"\r\n\r\n' + "x" * 70_000, FILE.format("")),
    parts('Content-Disposition: form-data; name="id"\r\n\r\n\' OR 1=1 --', FILE.format("")),
]


@pytest.mark.parametrize("body", MALFORMED, ids=range(len(MALFORMED)))
def test_a_malformed_form_gets_a_sentence_and_is_no_event(
    play: Play, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        async with asyncio.timeout(5):
            status, answer = await browser.post("/files", body, Content_Type="multipart/form-data; boundary=b")
        assert (status, set(answer)) == (400, {"error"})

    assert len(play(scene).inbox.rows) == 1
    assert "failed" not in caplog.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content_Type": "multipart/form-data"}, 400),
        ({"Content_Type": "multipart/form-data; boundary=" + "b" * 80}, 400),
        ({"Content_Type": "multipart/mixed; boundary=b"}, 415),
        ({"Content_Type": "application/json"}, 415),
    ],
    ids=str,
)
def test_what_is_no_form_is_refused(play: Play, headers: dict[str, str], status: int) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        assert (await browser.post("/files", parts(NAMED, FILE.format("")), **headers))[0] == status

    assert len(play(scene).inbox.rows) == 1


def test_a_form_without_its_length_is_refused(play: Play) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        async def body() -> AsyncIterator[bytes]:
            yield parts(NAMED, FILE.format(""))

        await browser.enter()
        headers = {"Origin": browser.base, "Content-Type": "multipart/form-data; boundary=b"}
        async with browser.http.post(f"{browser.base}/files", data=body(), headers=headers) as response:
            assert response.status == 411

    assert play(scene).files.begun == 0


def test_too_large_a_total_is_refused_before_a_byte_is_read(play: Play) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        status, answer = await browser.post("/files", form(("大.zip", b"x" * 2_100_000)))
        assert (status, "MB" in answer["error"]) == (413, True)

    assert play(scene).files.begun == 0


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("会议纪要.pdf", "会议纪要.pdf"),
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\陈\签到表.xlsx", "签到表.xlsx"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("证\u202efdp.exe", "证fdp.exe"),
        ("..", "未命名文件"),
        ("", "未命名文件"),
    ],
)
def test_a_name_is_shown_without_path_and_tricks(sent: str, shown: str) -> None:
    assert shown_name(sent) == shown


@given(st.text(max_size=400))
def test_any_name_becomes_a_short_visible_one(sent: str) -> None:
    name = shown_name(sent)

    assert 0 < len(name) <= MOST_NAME
    assert name.isprintable()
    assert not {"/", "\\", "\0"} & set(name)
    assert shown_name(name) == name
