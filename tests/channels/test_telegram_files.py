"""Telegram, files: fetched on receipt, whole or with a sentence; albums are one event."""

from __future__ import annotations

import asyncio
from typing import Any

from telegram_server import TOKEN, Trouble, too_many
from telegram_world import CHEN, TelegramWorld

MINUTES = b"%PDF-1.7 " + bytes(range(256)) * 700


def stored(world: TelegramWorld) -> list[bytes]:
    return [world.files.kept[file.ref] for event in world.core.heard for file in event.files]


def hear(count: int, *steps: Any, **settings: Any) -> TelegramWorld:
    async def act(world: TelegramWorld) -> None:
        for step in steps:
            step(world)
        await world.heard(count)

    return TelegramWorld(**settings).start(act)


def test_a_document_is_kept_under_its_name_with_its_caption_as_text() -> None:
    world = hear(1, lambda w: w.server.send_file(CHEN, "会议纪要.pdf", MINUTES, caption="质量例会"))

    (event,) = world.core.heard
    assert [(file.name, file.size_bytes) for file in event.files] == [("会议纪要.pdf", len(MINUTES))]
    assert (event.text, event.refused) == ("质量例会", ())
    assert stored(world) == [MINUTES]
    assert world.files.largest_chunk <= 65_536


def test_of_a_photo_the_largest_is_taken_and_named_by_its_minute() -> None:
    world = hear(1, lambda w: w.server.send_photo(CHEN, MINUTES))

    assert [file.name for file in world.core.heard[0].files] == ["图片_20261121_0912.jpg"]
    assert stored(world) == [MINUTES]


def test_videos_sounds_and_animations_are_files_too() -> None:
    def send(world: TelegramWorld) -> None:
        moving = {"width": 9, "height": 9, "duration": 1}
        files = [world.server.file(MINUTES + bytes([n])) for n in range(4)]
        for fields in (
            {"video": {**files[0], **moving, "mime_type": "video/mp4"}},
            {"audio": {**files[1], "duration": 1}},
            {"video_note": {**files[2], "length": 9, "duration": 1}},
            {"animation": {**files[3], **moving}, "document": {**files[3], "file_name": "动.mp4"}},
        ):
            world.server.update("message", world.server.message(CHEN, **fields))

    world = hear(4, send)

    names = [file.name for event in world.core.heard for file in event.files]
    assert names == ["视频_20261121_0912.mp4", "音频_20261121_0912.mp3", "视频_20261121_0912.mp4", "动.mp4"]
    assert [content[-1] for content in stored(world)] == [0, 1, 2, 3]


def test_a_name_is_data_and_never_a_path() -> None:
    world = hear(1, lambda w: w.server.send_file(CHEN, "../../etc/\u202ecron\0.pdf", MINUTES))

    assert [file.name for file in world.core.heard[0].files] == ["cron.pdf"]


def test_an_album_is_one_event_with_every_caption_and_numbered_photos() -> None:
    def send(world: TelegramWorld) -> None:
        world.server.send_photo(CHEN, b"one", media_group_id="g1")
        world.server.send_photo(CHEN, b"two", media_group_id="g1", caption="例会照片")
        world.server.send_photo(CHEN, b"three", media_group_id="g1")

    world = hear(1, send)

    (event,) = world.core.heard
    assert [file.name for file in event.files] == [f"图片_20261121_0912{more}.jpg" for more in ("", "_2", "_3")]
    assert stored(world) == [b"one", b"two", b"three"]
    assert (event.id, event.parts, event.text) == ("u1000", ("u1001", "u1002"), "例会照片")


def test_parts_of_an_album_may_come_one_by_one() -> None:
    async def act(world: TelegramWorld) -> None:
        for content in (b"one", b"two", b"three"):
            world.server.send_photo(CHEN, content, media_group_id="g1")
            await asyncio.sleep(0.04)
        await world.heard(1)
        await asyncio.sleep(0.15)

    world = TelegramWorld().start(act)

    assert [len(event.files) for event in world.core.heard] == [3]


def test_two_albums_in_a_row_are_two_events_and_words_do_not_overtake_them() -> None:
    def send(world: TelegramWorld) -> None:
        for album in ("g1", "g2"):
            for number in range(2):
                world.server.send_file(CHEN, f"{album}-{number}.pdf", MINUTES, media_group_id=album)
        world.server.say(CHEN, "就这些")

    world = hear(3, send)

    named = [[file.name for file in event.files] or event.text for event in world.core.heard]
    assert named == [["g1-0.pdf", "g1-1.pdf"], ["g2-0.pdf", "g2-1.pdf"], "就这些"]


def test_an_album_cut_by_a_restart_becomes_whole() -> None:
    async def main() -> TelegramWorld:
        world = TelegramWorld()
        async with world.serving():
            async with world.running():
                released = asyncio.Event()

                async def never(event: object) -> None:
                    await asyncio.wait_for(released.wait(), 0.01)  # the process ends before anything is handled

                world.core.before = never
                world.server.send_file(CHEN, "一.pdf", MINUTES, media_group_id="g1")
                await world.until(lambda: world.inbox.rows)
            world.core.before = None
            world.server.send_file(CHEN, "二.pdf", MINUTES, media_group_id="g1")
            async with world.running(world.kept()):
                await world.heard(1)
        return world

    world = asyncio.run(main())

    (event,) = world.core.heard
    assert ([file.name for file in event.files], event.parts) == (["一.pdf", "二.pdf"], ("u1001",))


def test_an_album_is_handed_over_when_the_channel_stops() -> None:
    async def act(world: TelegramWorld) -> None:
        number = world.server.send_file(CHEN, "一.pdf", MINUTES, media_group_id="g1")
        await world.until(lambda: world.server.taken(number))

    world = TelegramWorld(timings=None).start(act)

    assert [len(event.files) for event in world.core.heard] == [1]


def test_a_download_that_is_cut_is_fetched_again() -> None:
    for silent in (False, True):

        def send(world: TelegramWorld, silent: bool = silent) -> None:
            cut = world.server.file(MINUTES, cut_at=[70_000, 0], silent=silent)
            world.server.update("message", world.server.message(CHEN, document={**cut, "file_name": "纪要.pdf"}))

        world = hear(1, send)

        assert stored(world) == [MINUTES]
        assert len(world.files.kept) == 1
        assert [file.asked for file in world.server.files.values()] == [3]


def test_a_download_that_stays_cut_is_said_and_its_neighbours_are_kept() -> None:
    def send(world: TelegramWorld) -> None:
        cut = world.server.file(MINUTES, cut_at=[10] * 9)
        document = {**cut, "file_name": "坏.pdf"}
        world.server.update("message", world.server.message(CHEN, document=document, media_group_id="g1"))
        world.server.send_file(CHEN, "好.pdf", MINUTES, media_group_id="g1")

    world = hear(1, send)

    (event,) = world.core.heard
    assert [file.name for file in event.files] == ["好.pdf"]
    assert event.refused == ("「坏.pdf」没有收全，系统没有保存，请重新发送。",)
    assert stored(world) == [MINUTES]


def test_trouble_with_the_path_of_a_file_is_waited_out() -> None:
    def send(world: TelegramWorld) -> None:
        bad = [Trouble(502, html="<h1>Bad Gateway</h1>"), Trouble(400, "Bad Request: temporarily unavailable")]
        world.server.trouble["getFile"].extend(bad)
        world.server.send_file(CHEN, "纪要.pdf", MINUTES)

    world = hear(1, send)

    assert stored(world) == [MINUTES]


def test_being_asked_to_wait_for_a_file_is_obeyed() -> None:
    async def act(world: TelegramWorld) -> None:
        world.server.trouble["getFile"].append(too_many(1))
        world.server.send_file(CHEN, "纪要.pdf", MINUTES)
        begun = asyncio.get_running_loop().time()
        await world.heard(1)
        assert asyncio.get_running_loop().time() - begun >= 1.0

    assert stored(TelegramWorld().start(act)) == [MINUTES]


def test_a_file_above_the_limit_is_not_fetched_and_the_person_is_told_what_to_do() -> None:
    def send(world: TelegramWorld) -> None:
        large = {**world.server.file(MINUTES), "file_size": 26_214_400, "file_name": "录像.mp4"}
        world.server.update("message", world.server.message(CHEN, document=large))

    world = hear(1, send)

    (event,) = world.core.heard
    sentence = "「录像.mp4」有 25 MB，超过 20 MB，在 Telegram 里收不了，请压缩或分成几个再发，或到网页版上传。"
    assert (event.files, event.refused) == ((), (sentence,))
    assert not any(method == "getFile" for method, _ in world.server.calls)


def test_a_file_that_telegram_finds_too_large_is_said_too() -> None:
    def send(world: TelegramWorld) -> None:
        world.server.trouble["getFile"].append(Trouble(400, "Bad Request: file is too big"))
        unsized = {key: value for key, value in world.server.file(MINUTES).items() if key != "file_size"}
        world.server.update("message", world.server.message(CHEN, document={**unsized, "file_name": "录像.mp4"}))

    world = hear(1, send)

    (sentence,) = world.core.heard[0].refused
    assert sentence.startswith("「录像.mp4」太大，在 Telegram 里收不了（最多 20 MB）")


def test_the_house_s_own_smaller_limit_holds() -> None:
    world = hear(1, lambda w: w.server.send_file(CHEN, "大.pdf", bytes(3_145_728)), max_file_bytes=2_097_152)

    (sentence,) = world.core.heard[0].refused
    assert sentence.startswith("「大.pdf」有 3 MB，超过 2 MB")


def test_what_the_evidence_room_refuses_reaches_the_core_as_its_sentence() -> None:
    world = hear(1, lambda w: w.server.send_file(CHEN, "setup.exe", b"MZ"))

    assert world.core.heard[0].refused == ("「setup.exe」是程序，没有收。",)
    assert [file.asked for file in world.server.files.values()] == [1]  # a refusal is not tried again


def test_no_path_of_a_file_and_no_token_is_kept() -> None:
    world = hear(1, lambda w: w.server.send_file(CHEN, "纪要.pdf", MINUTES))

    assert TOKEN.partition(":")[2] not in world.rows()
    assert "file_path" not in world.rows()
