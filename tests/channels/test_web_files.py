"""Files over the wire: to whom, under which headers, whole, in ranges or not at all because they are there already."""

from __future__ import annotations

import json
from collections.abc import Callable
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from webworld import Browser, World, form

from channels.web.downloads import content_disposition
from channels.web.server import WebChannel

Play = Callable[..., World]
PDF = b"%PDF-1.7 " + bytes(range(256)) * 40
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 40


def told(world: World, content: bytes, name: str = "会议纪要.pdf", **more: Any) -> int:
    """A file in the conversation of the only person; gives its row."""
    ((address, _),) = world.sessions.rows.values()
    file = {"ref": world.files.keep(content), "name": name, "size_bytes": len(content), **more}
    return world.transcript.add(address, "", file=file)


async def fetched(browser: Browser, row: int, **headers: str) -> tuple[int, bytes, Any]:
    own = {name.replace("_", "-"): value for name, value in headers.items()}
    async with browser.http.get(f"{browser.base}/file/{row}", headers=own) as response:
        return response.status, await response.read(), response.headers


def test_a_file_comes_back_whole_as_a_download_that_can_do_nothing(play: Play, tmp_path: Path) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        row = told(world, PDF)
        status, content, headers = await fetched(browser, row)
        assert (status, content) == (200, PDF)
        assert (headers["Content-Type"], headers["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff")
        assert headers["Content-Disposition"].startswith("attachment; ")
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "sandbox" in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "private, max-age=31536000, immutable"
        assert headers["ETag"].strip('"') in world.files.kept

    play(scene, folder=tmp_path)


@pytest.mark.parametrize(
    ("content", "name", "kind", "shown"),
    [
        (PNG, "得分表.png", "image/png", "inline"),
        (b"\xff\xd8\xff\xe0", "照片.jpg", "image/jpeg", "inline"),
        (PNG, "名字像程序.html", "image/png", "inline"),
        (b"<svg onload='alert(1)'/>", "图.svg", "application/octet-stream", "attachment"),
        (b"<script>alert(1)</script>", "名字像图.png", "application/octet-stream", "attachment"),
        (b"", "空.png", "application/octet-stream", "attachment"),
    ],
)
def test_only_the_bytes_decide_what_is_shown(
    play: Play, tmp_path: Path, content: bytes, name: str, kind: str, shown: str
) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        _, _, headers = await fetched(browser, told(world, content, name))
        assert (headers["Content-Type"], headers["Content-Disposition"].split(";")[0]) == (kind, shown)

    play(scene, folder=tmp_path)


def test_a_person_gets_the_files_they_sent(play: Play, tmp_path: Path) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        assert (await browser.post("/files", form(("会议纪要.pdf", PDF))))[0] == 202
        await world.until(lambda: len(world.core.heard) == 2)
        (file,) = world.core.heard[1].files
        row = world.transcript.add(world.core.heard[1].address, "", mine=True, file=file._asdict())
        async with browser.events(row - 1) as events:
            (shown,) = await events.rows(1)
        assert shown["file"] == {"name": "会议纪要.pdf", "size_bytes": len(PDF), "picture": False}  # and no reference
        assert (await fetched(browser, row))[1] == PDF

    play(scene, folder=tmp_path)


def test_nobody_gets_the_file_of_another_or_without_a_session(play: Play, tmp_path: Path) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        row = told(world, PDF)
        async with Browser(channel) as other:
            assert (await fetched(other, row))[0] == 401
            await other.enter()
            status, content, headers = await fetched(other, row)
        assert (status, "没有这个文件" in json.loads(content)["error"]) == (404, True)
        assert headers["Cache-Control"] == "no-store"

    play(scene, folder=tmp_path)


def test_a_row_without_a_file_and_a_file_that_is_gone_get_a_sentence(play: Play, tmp_path: Path) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        row = told(world, PDF)
        world.files.kept.clear()
        answers = [json.loads((await fetched(browser, place))[1])["error"] for place in (1, row, 10**17)]
        assert ["没有这个" in answers[0], "请联系质量科" in answers[1], "没有这个" in answers[2]] == [True] * 3

    play(scene, folder=tmp_path)


@pytest.mark.parametrize("place", ["0x1", "-1", "", "1/2", "..%2f..", "9" * 19, "٣"])
def test_what_names_no_row_is_no_file(play: Play, place: str) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        assert (await browser.get(f"/file/{place}"))[0] == 404

    play(scene)


def test_a_file_comes_in_ranges(play: Play, tmp_path: Path) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        row = told(world, PDF)
        status, content, headers = await fetched(browser, row, Range="bytes=100-199")
        assert (status, content) == (206, PDF[100:200])
        assert headers["Content-Range"] == f"bytes 100-199/{len(PDF)}"
        assert (await fetched(browser, row, Range="bytes=-5"))[1] == PDF[-5:]
        assert (await fetched(browser, row, Range=f"bytes={len(PDF)}-"))[0] == 416

    play(scene, folder=tmp_path)


def test_a_file_the_browser_has_already_is_not_sent_again(play: Play, tmp_path: Path) -> None:
    async def scene(world: World, channel: WebChannel, browser: Browser) -> None:
        await browser.enter()
        row = told(world, PDF)
        tag = (await fetched(browser, row))[2]["ETag"]
        status, content, headers = await fetched(browser, row, If_None_Match=f'"other", {tag}')
        assert (status, content, headers["ETag"]) == (304, b"", tag)
        assert "sandbox" in headers["Content-Security-Policy"]  # a browser puts these in place of those it kept
        assert (await fetched(browser, row, If_None_Match='"other"'))[0] == 200

    play(scene, folder=tmp_path)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_any_name_arrives_and_none_breaks_out_of_its_header(name: str) -> None:
    header = content_disposition("attachment", name)

    assert header.isascii()
    assert header.isprintable()
    plain, starred = header.split("; filename*=UTF-8''")
    read = Message()
    read["Content-Disposition"] = plain
    assert [key for key, _ in read.get_params(header="Content-Disposition")] == ["attachment", "filename"]
    assert unquote(starred) == name
    assert not set(starred) & set(" ;,\"'*()")
