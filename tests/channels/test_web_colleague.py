"""The page behind a link for one clause, over the wire: harmless to open, one answer, nothing else to be seen."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from links import GOOD, USED, MemoryColleagues
from webworld import Browser, World

from channels.web.limits import Limits
from channels.web.server import WebChannel

Play = Callable[..., World]
PATH = f"/c/{GOOD}"


def filled(
    *files: tuple[str, bytes], name: str = "王五", said: str = "开了4次", more: dict[str, str] | None = None
) -> aiohttp.FormData:
    """The form as the page sends it."""
    made = aiohttp.FormData(quote_fields=False, default_to_multipart=True)
    for field, value in {"id": "client-id-00000001", "name": name, "said": said, **(more or {})}.items():
        made.add_field(field, value)
    for file, content in files:
        made.add_field("file", io.BytesIO(content), filename=file, content_type="application/octet-stream")
    return made


def test_opening_and_asking_change_nothing_and_set_no_cookie(play: Play) -> None:
    behind = MemoryColleagues()

    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        for _ in range(3):
            status, page, headers = await browser.get(PATH)
            assert (status, GOOD in page, "孟河镇" in page) == (200, False, False)
            assert "Set-Cookie" not in headers
            assert "default-src 'none'" in headers["Content-Security-Policy"]
            assert headers["Referrer-Policy"] == "no-referrer"
            assert "no-store" in headers["Cache-Control"]
            status, asked, headers = await browser.get(f"{PATH}/question")
            assert (status, "质量专题会" in asked, "no-store" in headers["Cache-Control"]) == (200, True, True)

    world = play(scene, colleagues=behind)

    assert (behind.answers, world.inbox.rows, world.sessions.rows) == ([], {}, {})


def test_an_answer_comes_with_its_files(play: Play) -> None:
    behind = MemoryColleagues()

    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        form = filled(("../会议纪要.pdf", b"%PDF"), name=" 王五 ")
        assert await browser.post(PATH, form) == (202, {"ok": True})

    world = play(scene, colleagues=behind)

    ((name, said, (file,)),) = behind.answers
    assert (name, said, world.files.kept[file.ref]) == ("王五", "开了4次", b"%PDF")
    assert "/" not in file.name


def test_words_alone_or_files_alone_are_enough_and_nothing_is_not(play: Play) -> None:
    behind = MemoryColleagues()

    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        status, answer = await browser.post(PATH, filled(said="  "))
        assert (status, "写一句或选文件" in answer["error"]) == (400, True)
        assert (await browser.post(PATH, filled(("a.pdf", b"%PDF"), said="")))[0] == 202

    play(scene, colleagues=behind)

    assert [said for _, said, _ in behind.answers] == [""]


@pytest.mark.parametrize(
    ("form", "status"),
    [
        (filled(name=""), 400),
        (filled(name="长" * 61), 400),
        (filled(said="长" * 501), 400),
        (filled(said="长" * 100_000), 400),
        (filled(name="a\x00b"), 400),
        (filled(more={"unit": "2"}), 400),
        (aiohttp.FormData({"name": "王五", "said": "有"}, default_to_multipart=True), 400),
        (b"{}", 415),
    ],
    ids=["no name", "long name", "long words", "very long words", "nul", "a field more", "no id", "no form"],
)
def test_a_form_that_is_not_the_pages_is_refused(play: Play, form: Any, status: int) -> None:
    behind = MemoryColleagues()

    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        found, answer = await browser.post(PATH, form)
        assert found == status
        assert answer["error"]

    world = play(scene, colleagues=behind)

    assert (behind.answers, world.files.kept) == ([], {})


def test_a_hostile_file_ends_nothing_and_is_said(play: Play) -> None:
    behind = MemoryColleagues()

    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        status, answer = await browser.post(PATH, filled(("程序.exe", b"MZ")))
        assert (status, "程序" in answer["error"]) == (422, True)
        status, answer = await browser.post(PATH, filled(("大.pdf", b"x" * 200_000)))
        assert (status, "大小" in answer["error"]) == (422, True)
        assert behind.answers == []
        assert (await browser.post(PATH, filled(("好.pdf", b"%PDF"))))[0] == 202  # the link is still good

    play(scene, colleagues=behind)


@pytest.mark.parametrize(("path", "status"), [("/c/forged", 404), ("/c/" + "x" * 2000, 404)])
def test_a_forged_link_leads_nowhere_and_nothing_is_kept(play: Play, path: str, status: int) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        assert (await browser.get(f"{path}/question"))[0] == status
        assert (await browser.post(path, filled(("a.pdf", b"%PDF"))))[0] == status

    assert play(scene, colleagues=MemoryColleagues()).files.begun == 0


def test_a_used_link_says_so_and_keeps_nothing(play: Play) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.post(PATH, filled())
        assert await browser.post(PATH, filled(("a.pdf", b"%PDF"))) == (409, {"error": USED})
        assert (await browser.get(f"{PATH}/question"))[0] == 409

    assert play(scene, colleagues=MemoryColleagues()).files.begun == 0


def test_a_revoked_or_expired_link_says_so_and_keeps_nothing(play: Play) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        assert await browser.post(PATH, filled(("a.pdf", b"%PDF"))) == (410, {"error": "这个链接已经过期"})
        assert (await browser.get(f"{PATH}/question"))[0] == 410

    assert play(scene, colleagues=MemoryColleagues(closed="这个链接已经过期")).files.begun == 0


def test_without_anything_behind_it_there_are_no_links(play: Play) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        assert (await browser.get(f"{PATH}/question"))[0] == 404
        assert (await browser.post(PATH, filled()))[0] == 404

    play(scene)


def test_another_site_cannot_send_an_answer(play: Play) -> None:
    behind = MemoryColleagues()

    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        assert (await browser.post(PATH, filled(), Origin="https://evil.example"))[0] == 403
        assert (await browser.post(PATH, filled(), Sec_Fetch_Site="cross-site"))[0] == 403

    play(scene, colleagues=behind)

    assert behind.answers == []


def test_codes_cannot_be_guessed_by_the_thousand(play: Play) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        for n in range(3):
            assert (await browser.get(f"/c/guess{n}/question"))[0] == 404
        status, answer, headers = await browser.get(f"{PATH}/question")
        assert (status, "过 10 分钟再试" in answer, headers["Retry-After"]) == (429, True, "600")
        world.clock.move(minutes=11)
        assert (await browser.get(f"{PATH}/question"))[0] == 200

    play(scene, colleagues=MemoryColleagues(), limits=Limits(tries=3))


def test_one_link_cannot_be_sent_to_without_end(play: Play) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        for _ in range(3):
            assert (await browser.post(PATH, filled(("程序.exe", b"MZ"))))[0] == 422
        assert (await browser.post(PATH, filled()))[0] == 429

    play(scene, colleagues=MemoryColleagues(), limits=Limits(tries=3))


def test_an_upload_without_its_length_is_refused(play: Play) -> None:
    behind = MemoryColleagues()

    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        async def endless() -> Any:
            yield b"--x\r\n"

        headers = {"Origin": browser.base, "Content-Type": "multipart/form-data; boundary=x"}
        async with browser.http.post(browser.base + PATH, data=endless(), headers=headers) as response:
            assert response.status == 411

    play(scene, colleagues=behind)

    assert behind.answers == []
