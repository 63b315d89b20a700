"""A pack as it is written: unpacked by the standard library, its index read back by another one."""

from __future__ import annotations

import hashlib
import io
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from proof_world import JPEG, MENGHE, OLD_WORD, XIXIASHU, World

from reports.pack import CURRENT, Line, Pack, Wish
from reports.pack_index import HEADS, NAME
from reports.pack_zip import Packed, write_pack
from storage.files import FileStore

DAY = date(2026, 3, 14)
NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "=HYPERLINK(\"http://x\",\"y\")", "http://example.com", "007")  # fmt: skip


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "data")
    yield made
    made.close()


def written(pack: Pack, store: FileStore, folder: Path, **words: Any) -> tuple[Packed, zipfile.ZipFile]:
    packed = write_pack(pack, store, folder / "pack.zip", **words)
    archive = zipfile.ZipFile(folder / "pack.zip")
    assert archive.testzip() is None
    return packed, archive


def index(archive: zipfile.ZipFile) -> Any:
    return openpyxl.load_workbook(io.BytesIO(archive.read(NAME))).worksheets[0]


def rows(sheet: Any) -> list[dict[str, Any]]:
    heads = [cell.value for cell in sheet[3]]
    return [dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=4)]


def made_of(store: FileStore, count: int, kind: str = "pdf", content: bytes = b"") -> Pack:
    """A pack of so many small files that are in the store."""
    lines = []
    for number in range(count):
        body = content or f"%PDF-1.4 {number}".encode()
        ref = hashlib.sha256(body).hexdigest()
        store.path_of(ref).parent.mkdir(parents=True, exist_ok=True)
        store.path_of(ref).write_bytes(body)
        path = f"01_组织领导/1-2_会议_孟河镇_2026-03-14_{number}.pdf"
        about = (
            "孟河镇",
            "各镇考核",
            "1 组织领导",
            "1.2 会议",
            "纪要",
            "会议",
            f"{number}.pdf",
            DAY,
            NOW,
            "陈芳",
            "",
            "",
        )
        lines.append(Line(*about, CURRENT, "", len(body), ref, kind, path))
    return Pack("目录", NOW, Wish(), tuple(lines), "第 1 行 0123456789abcdef")


def test_every_file_is_in_the_pack_as_it_was_sent(world: World, tmp_path: Path) -> None:
    first = world.proves(world.file("规划.pdf", dated_on=DAY), "2.1")
    second = world.proves(world.file("照片.jpg", JPEG, unit=XIXIASHU, dated_on=DAY), "2.1")

    packed, archive = written(world.pack(None), world.files, tmp_path)

    contents = {name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist() if name != NAME}
    assert contents == {
        "孟河镇/02_创名牌/2-1_名牌规划_孟河镇_2026-03-14.pdf": first.ref,
        "西夏墅镇/02_创名牌/2-1_名牌规划_西夏墅镇_2026-03-14.jpg": second.ref,
    }
    assert (packed.files, packed.broken, packed.size_bytes) == (2, (), (tmp_path / "pack.zip").stat().st_size)


def test_the_index_has_a_line_a_proof_with_a_link_to_its_file(world: World, tmp_path: Path) -> None:
    world.proves(world.file("规划.pdf", dated_on=DAY, number="孟政发〔2026〕3号"), "2.1")
    world.note("1.1", "offline", "分工文件", place="档案室")

    _, archive = written(world.pack(), world.files, tmp_path)
    offline, file = rows(index(archive))

    assert tuple(file) == HEADS
    assert file["文件"].hyperlink.target == "02_创名牌/2-1_名牌规划_孟河镇_2026-03-14.pdf"
    assert file["文件"].hyperlink.target in archive.namelist()
    assert file["材料日期"].value.date() == DAY
    assert file["收到时间"].value == datetime(2026, 11, 21, 9, 0)  # noqa: DTZ001 - a sheet's times have no zone
    said = {head: cell.value for head, cell in file.items()}
    assert (said["状态"], said["文号"], said["原文件名"], said["单位"]) == (
        "现行",
        "孟政发〔2026〕3号",
        "规划.pdf",
        "孟河镇",
    )
    assert said["SHA-256"] == hashlib.sha256(archive.read(file["文件"].value)).hexdigest()
    assert (offline["状态"].value, offline["存放地点"].value, offline["文件"].hyperlink) == ("线下核验", "档案室", None)


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_of_the_index_is_ever_a_formula(world: World, tmp_path: Path, text: str) -> None:
    award = world.entry("3.3a", text + "省质量奖", DAY, number=text)
    world.proves(world.file(text, number=text), "3.3a", entry_id=award)
    world.note("1.1", "offline", text + "文件", place=text + "柜")

    _, archive = written(world.pack(), world.files, tmp_path)
    sheet = index(archive)

    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "inlineStr"}
    assert all(cell.quotePrefix for cell in cells if cell.data_type in ("s", "inlineStr"))
    assert text.strip() in {cell.value for cell in cells}
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(archive.read(NAME))).read("xl/worksheets/sheet1.xml")
    assert all(cell.hyperlink is None or cell.hyperlink.target in archive.namelist() for cell in cells)


def test_a_missing_and_a_changed_file_are_told_not_packed_and_no_error(world: World, tmp_path: Path) -> None:
    gone, changed, there = (world.proves(world.file(f"{n}.pdf"), "2.1") for n in "一二三")
    world.files.path_of(gone.ref).unlink()
    world.files.path_of(changed.ref).write_bytes(b"other")

    packed, archive = written(world.pack(), world.files, tmp_path)

    told = {row["原文件名"].value: (row["状态"].value, row["文件"].hyperlink is None) for row in rows(index(archive))}
    assert told == {"一.pdf": ("缺失", True), "二.pdf": ("内容不符", True), "三.pdf": ("现行", False)}
    assert [line.sent_as for line in packed.broken] == ["一.pdf", "二.pdf"]
    assert len(archive.namelist()) == 2
    assert archive.read(archive.namelist()[0]) == world.files.path_of(there.ref).read_bytes()


def test_what_is_compressed_already_is_stored_and_the_rest_deflated(world: World, tmp_path: Path) -> None:
    for clause, name, content in (("2.1", "a.jpg", JPEG), ("2.2", "b.doc", OLD_WORD + b"x" * 9999)):
        world.proves(world.file(name, content), clause)

    _, archive = written(world.pack(), world.files, tmp_path)

    methods = {info.filename[-4:]: info.compress_type for info in archive.infolist()}
    assert methods == {".jpg": zipfile.ZIP_STORED, ".doc": zipfile.ZIP_DEFLATED, "xlsx": zipfile.ZIP_STORED}


def test_chinese_names_are_marked_as_utf_8_and_hostile_ones_stay_inside(world: World, tmp_path: Path) -> None:
    hostile = ("../../../etc/passwd", "C:\\Windows\\x", "/abs", "\u202egnp.exe", "CON", "报" * 250, "a\x00b")
    for number, name in enumerate(hostile):
        award = world.entry("3.3a", f"{name}{number}", DAY)
        world.proves(world.file(name), "3.3a", entry_id=award)
        world.file(f"{name}·")

    _, archive = written(world.pack(), world.files, tmp_path)
    archive.extractall(tmp_path / "out")

    names = [info.filename for info in archive.infolist()]
    assert len(names) == len(set(names)) == 2 * len(hostile) + 1
    assert all(info.flag_bits & 0x800 for info in archive.infolist())
    assert not any(part in ("", ".", "..") or "\\" in part or ":" in part for name in names for part in name.split("/"))
    unpacked = {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert unpacked == set(names)


def test_a_pack_of_a_thousand_files_is_written_without_being_held(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "evidence")
    pack = made_of(store, 1000)
    steps: list[tuple[int, int]] = []

    packed, archive = written(pack, store, tmp_path, progress=lambda done, of: steps.append((done, of)))

    assert (packed.files, len(archive.namelist())) == (1000, 1001)
    assert len(rows(index(archive))) == 1000
    assert steps == [(done, 1000) for done in range(1001)]


def test_a_large_file_passes_through_in_blocks(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "evidence")
    pack = made_of(store, 1, content=b"%PDF" + bytes(60_000_000))
    write_pack(made_of(store, 1), store, tmp_path / "warm.zip")  # what is imported late is not counted

    tracemalloc.start()
    write_pack(pack, store, tmp_path / "pack.zip")
    most_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert most_bytes < 12_000_000


def test_what_a_plain_zip_cannot_hold_gets_zip64(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FileStore(tmp_path / "evidence")
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 100_000)

    _, archive = written(made_of(store, 3, content=b"%PDF" + bytes(200_000)), store, tmp_path)

    assert b"PK\x06\x06" in (tmp_path / "pack.zip").read_bytes()  # the directory's ZIP64 end
    assert len(archive.namelist()) == 4


def test_a_pack_that_fails_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "evidence")
    (tmp_path / "pack.zip").write_bytes(b"yesterday's")

    def full(done: int, of: int) -> None:
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        write_pack(made_of(store, 2), store, tmp_path / "pack.zip", full)

    assert (tmp_path / "pack.zip").read_bytes() == b"yesterday's"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["evidence", "pack.zip"]


def test_a_file_from_before_zips_knew_its_year_is_packed(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "evidence")
    pack = made_of(store, 1)
    early = pack._replace(lines=(pack.lines[0]._replace(received_at=datetime(1970, 1, 1, tzinfo=UTC)),))

    _, archive = written(early, store, tmp_path)

    assert archive.infolist()[0].date_time[0] == 1980


def test_a_pack_of_a_unit_without_proof_holds_the_index_alone(world: World, tmp_path: Path) -> None:
    packed, archive = written(world.pack(MENGHE), world.files, tmp_path)

    assert (packed.files, archive.namelist()) == (0, [NAME])
    assert "没有材料" in index(archive)["A2"].value
