"""The text inside files: read in a process of its own, in order, and without anybody waiting for a file that hangs."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from made_files import a_docx, a_docx_of, a_pdf, an_xlsx

from storage import file_types
from storage.file_text import READ_KINDS, SENTENCES, FileText, NoText, TextReader
from storage.files import FileStore
from storage.text_process import Limits

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DAY = datetime(2026, 3, 14, tzinfo=UTC).replace(tzinfo=None)  # sheets know no zones
NAMESPACES = f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


async def chunks(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def kept(store: FileStore, content: bytes) -> str:
    return str((await store.store(chunks(content), "材料", 10_000_000))["ref"])


def reading(folder: Path, use: Callable[[FileStore, TextReader], Awaitable[Any]], **limits: Any) -> Any:
    async def main() -> Any:
        store = FileStore(folder / "evidence")
        async with TextReader(store, Limits(**limits)) as reader:
            return await use(store, reader)

    return asyncio.run(main())


def text_of(folder: Path, content: bytes, kind: str, **limits: Any) -> FileText | NoText:
    async def use(store: FileStore, reader: TextReader) -> FileText | NoText:
        return await reader.text_of(await kept(store, content), kind)

    found = reading(folder, use, **limits)
    assert isinstance(found, FileText | NoText)
    return found


def gone(pid: int | None) -> bool:
    assert pid is not None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


# --- what is read -----------------------------------------------------------------------------------------


def test_a_docx_is_read_with_its_tables(tmp_path: Path) -> None:
    content = a_docx("会议纪要", "2026年3月14日", table=[["姓名", "单位"], ["张三", "孟河镇"]])

    assert text_of(tmp_path, content, "docx") == FileText("会议纪要\n2026年3月14日\n姓名\t单位\n张三\t孟河镇")


def test_a_docx_is_read_with_insertions_and_boxes_but_not_with_what_was_struck_out(tmp_path: Path) -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>常新政办〔2026〕35号</w:t></w:r></w:p></w:txbxContent>"
    body = (
        f"<w:document {NAMESPACES}><w:body><w:p><w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
        "<w:p><w:ins><w:r><w:t>培训两次</w:t></w:r></w:ins><w:del><w:r><w:delText>一次</w:delText></w:r></w:del></w:p>"
        "<w:p><w:r><w:instrText>PAGE</w:instrText><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t></w:r></w:p>"
        "</w:body></w:document>"
    )

    assert text_of(tmp_path, a_docx_of(body), "docx") == FileText("常新政办〔2026〕35号\n\n培训两次\n甲\t乙\n丙")


def test_an_xlsx_is_read_as_its_sheets_show_it(tmp_path: Path) -> None:
    rows = [["日期", "培训率", "人数"], [DAY, 0.956, 12.0], [None, None, None], ["小计", "", 3.5]]
    content = an_xlsx({"特设台账": rows, "空表": [], "名单": [["张三"]]}, {"B2": "0.0%"})

    assert text_of(tmp_path, content, "xlsx") == FileText(
        "特设台账\n日期\t培训率\t人数\n2026-03-14\t95.6%\t12\n小计\t\t3.5\n名单\n张三"
    )


def test_hidden_and_further_sheets_are_left_out(tmp_path: Path) -> None:
    content = an_xlsx({name: [[name]] for name in "甲乙丙丁戊"}, hidden="乙")

    assert text_of(tmp_path, content, "xlsx") == FileText("甲\n甲\n丙\n丙\n丁\n丁", cut=True)


def test_a_chinese_pdf_is_read_page_by_page_up_to_the_fifth(tmp_path: Path) -> None:
    content = a_pdf("孟河镇质量工作例会\n会议纪要", "二", "三", "四", "五", "六")

    found = text_of(tmp_path, content, "pdf")

    assert isinstance(found, FileText)
    assert found.text.split() == ["孟河镇质量工作例会", "会议纪要", "二", "三", "四", "五"]
    assert found.cut


def test_radicals_that_a_pdf_shows_for_characters_become_characters(tmp_path: Path) -> None:
    assert text_of(tmp_path, a_pdf("人\u2ea0\u2f42件，意\u2ec5，\uf9b5，\ufb01t"), "pdf") == FileText(
        "人民文件，意见，例，fit"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_is_read_in_the_encodings_of_daily_life(tmp_path: Path, encoding: str) -> None:
    assert text_of(tmp_path, "培训率：95%\r\n\x0c㎡\r\n".encode(encoding), "text") == FileText("培训率：95%\n㎡")


@pytest.mark.parametrize(
    ("kind", "content"),
    [("text", ("质量" * 500).encode()), ("docx", a_docx("质量" * 500)), ("pdf", a_pdf("质量" * 500)), ("xlsx", an_xlsx({"质": [["质量" * 500]] * 2}))],
)  # fmt: skip
def test_only_the_beginning_of_a_long_text_is_given(tmp_path: Path, kind: str, content: bytes) -> None:
    found = text_of(tmp_path, content, kind, characters=30)

    assert isinstance(found, FileText)
    assert (len(found.text), found.cut) == (30, True)


# --- what is not ------------------------------------------------------------------------------------------


def test_photos_and_old_formats_start_no_process(tmp_path: Path) -> None:
    async def use(_: FileStore, reader: TextReader) -> tuple[set[NoText], int | None]:
        others = set(file_types.KINDS) - READ_KINDS
        return {await reader.text_of("a" * 64, kind) for kind in others}, reader.worker_pid  # type: ignore[misc]

    assert reading(tmp_path, use) == ({NoText("kind")}, None)


@pytest.mark.parametrize("ref", ["0" * 64, "../../etc/passwd", ""])
def test_a_file_that_is_not_there_is_told(tmp_path: Path, ref: str) -> None:
    async def use(_: FileStore, reader: TextReader) -> FileText | NoText:
        return await reader.text_of(ref, "pdf")

    assert reading(tmp_path, use) == NoText("missing")


def test_every_reason_has_a_sentence_that_ends_in_what_to_do() -> None:
    assert {why: NoText(why).sentence for why in SENTENCES} == SENTENCES
    assert all("请" in sentence for sentence in SENTENCES.values())


# --- the process ------------------------------------------------------------------------------------------


def test_fifty_files_at_once_are_read_in_order_by_one_process(tmp_path: Path) -> None:
    ended: list[int] = []

    async def use(store: FileStore, reader: TextReader) -> tuple[list[FileText | NoText], set[int | None]]:
        pids: set[int | None] = set()

        async def one(number: int, ref: str) -> FileText | NoText:
            found = await reader.text_of(ref, "text")
            ended.append(number)
            pids.add(reader.worker_pid)
            return found

        refs = [await kept(store, f"第{number}份".encode()) for number in range(50)]
        return await asyncio.gather(*(one(number, ref) for number, ref in enumerate(refs))), pids

    found, pids = reading(tmp_path, use, files_per_worker=100)

    assert found == [FileText(f"第{number}份") for number in range(50)]
    assert ended == list(range(50))
    assert len(pids) == 1


def test_the_process_is_replaced_after_its_share_of_files_and_ends_with_the_reader(tmp_path: Path) -> None:
    async def use(store: FileStore, reader: TextReader) -> list[int | None]:
        ref = await kept(store, "质量".encode())
        pids = []
        for _ in range(4):
            assert await reader.text_of(ref, "text") == FileText("质量")
            pids.append(reader.worker_pid)
        return pids

    pids = reading(tmp_path, use, files_per_worker=2)

    assert pids[0] == pids[1] != pids[2] == pids[3]
    assert all(gone(pid) for pid in pids)


def test_a_process_killed_between_and_in_the_middle_of_files_costs_nothing(tmp_path: Path) -> None:
    async def use(store: FileStore, reader: TextReader) -> list[FileText | NoText]:
        ref = await kept(store, "质量".encode())
        found = [await reader.text_of(ref, "text")]
        stopped = reader.worker_pid
        assert stopped is not None
        os.kill(stopped, signal.SIGSTOP)  # so that it is asked, and killed before it can answer
        asked = asyncio.create_task(reader.text_of(ref, "text"))
        await asyncio.sleep(0.1)
        os.kill(stopped, signal.SIGKILL)
        found.append(await asked)
        assert reader.worker_pid not in {None, stopped}
        return found

    assert reading(tmp_path, use) == [FileText("质量")] * 2


def test_a_process_that_hangs_is_killed_and_the_next_file_read(tmp_path: Path) -> None:
    async def use(store: FileStore, reader: TextReader) -> tuple[list[FileText | NoText], int | None]:
        ref = await kept(store, "质量".encode())
        found = [await reader.text_of(ref, "text")]
        hanging = reader.worker_pid
        assert hanging is not None
        os.kill(hanging, signal.SIGSTOP)
        return [*found, await reader.text_of(ref, "text"), await reader.text_of(ref, "text")], hanging

    found, hanging = reading(tmp_path, use, wall_seconds=3)

    assert found == [FileText("质量"), NoText("slow"), FileText("质量")]
    assert gone(hanging)


def test_an_asker_who_leaves_does_not_leave_his_answer_to_the_next(tmp_path: Path) -> None:
    async def use(store: FileStore, reader: TextReader) -> FileText | NoText:
        first, second = [await kept(store, words.encode()) for words in ("第一份", "第二份")]
        await reader.text_of(first, "text")
        assert reader.worker_pid is not None
        os.kill(reader.worker_pid, signal.SIGSTOP)
        leaving = asyncio.create_task(reader.text_of(first, "text"))
        await asyncio.sleep(0.1)
        leaving.cancel()
        return await reader.text_of(second, "text")

    assert reading(tmp_path, use) == FileText("第二份")


def test_who_waits_too_long_for_others_is_told_and_they_are_still_read(tmp_path: Path) -> None:
    async def use(store: FileStore, reader: TextReader) -> list[FileText | NoText]:
        ref = await kept(store, "质量".encode())
        await reader.text_of(ref, "text")
        assert reader.worker_pid is not None
        os.kill(reader.worker_pid, signal.SIGSTOP)
        asked = [asyncio.create_task(reader.text_of(ref, "text")) for _ in range(2)]
        waited = await asked[1]
        os.kill(reader.worker_pid, signal.SIGCONT)
        return [await asked[0], waited]

    assert reading(tmp_path, use, patience_seconds=0.2) == [FileText("质量"), NoText("busy")]


def test_a_process_that_is_not_asked_ends_and_another_takes_the_next_file(tmp_path: Path) -> None:
    async def use(store: FileStore, reader: TextReader) -> FileText | NoText:
        ref = await kept(store, "质量".encode())
        await reader.text_of(ref, "text")
        idle = reader.worker_pid
        async with asyncio.timeout(10):
            while not gone(idle):
                await asyncio.sleep(0.02)
        assert reader.worker_pid is None
        return await reader.text_of(ref, "text")

    assert reading(tmp_path, use, idle_seconds=0.05) == FileText("质量")


def test_the_process_sees_no_settings_and_no_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAOPING_TELEGRAM_TOKEN", "12:secret")

    async def use(store: FileStore, reader: TextReader) -> bytes:
        await reader.text_of(await kept(store, "质量".encode()), "text")
        return Path(f"/proc/{reader.worker_pid}/environ").read_bytes()

    if not Path("/proc/self/environ").exists():
        pytest.skip("this system does not show the environment of a process")
    assert b"KAOPING" not in reading(tmp_path, use)
