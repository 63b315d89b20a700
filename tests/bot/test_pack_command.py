"""The evidence pack on the command line: written beside the running bot, or a sentence why not."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from proof_world import XIXIASHU, World

from bot.pack_command import export_pack
from bot.usage import CallError
from reports.pack import Wish
from storage import evidence
from storage.errors import NotFoundError

IDENTITY = "11010519491231002X"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    made = World(tmp_path / "data")
    monkeypatch.setenv("KAOPING_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    made.proves(made.file(f"规划{IDENTITY}.pdf"), "2.1")
    made.proves(made.file("规划.pdf", unit=XIXIASHU), "2.1")
    yield made
    made.close()


def names(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()


def test_all_units_go_into_one_pack_in_a_folder(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export_pack("2026", None, tmp_path / "out", Wish())

    target = tmp_path / "out" / "2026_全部单位_佐证包.zip"
    assert [name.split("/")[0] for name in names(target)] == ["孟河镇", "西夏墅镇", "目录.xlsx"]
    assert capsys.readouterr() == (f"已写 2 份文件、2 行目录到 {target}\n", "")


def test_one_unit_by_any_of_its_names_goes_into_a_named_file(world: World, tmp_path: Path) -> None:
    export_pack("2026", "孟河", tmp_path / "x.zip", Wish())

    assert [name.split("/")[0] for name in names(tmp_path / "x.zip")] == ["02_创名牌", "目录.xlsx"]


def test_id_numbers_are_hidden_where_asked(world: World, tmp_path: Path) -> None:
    export_pack("2026", None, tmp_path / "x.zip", Wish(hide_identities=True))

    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        sheet = openpyxl.load_workbook(io.BytesIO(archive.read("目录.xlsx"))).worksheets[0]
    said = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    assert IDENTITY not in said
    assert "规划110105********002X.pdf" in said
    assert "身份证号已隐去，文件内容没有改动" in said


def test_what_is_missing_is_said_and_the_rest_is_packed(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = world.read(evidence.find_in, XIXIASHU, 2)
    world.files.path_of(file.ref).unlink()

    export_pack("2026", None, tmp_path / "x.zip", Wish())

    said = capsys.readouterr()
    assert "已写 1 份文件、2 行目录" in said.out
    assert said.err == "西夏墅镇 2.1 名牌规划 规划.pdf：缺失，没有放进包里\n"


def test_a_wrong_place_unit_or_campaign_is_a_sentence(world: World, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    with pytest.raises(CallError, match=r"上一级文件夹 .* 不存在"):
        export_pack("2026", None, tmp_path / "no" / "where", Wish())
    with pytest.raises(CallError, match=r"是一个文件，请写文件夹，或写成 名字\.zip"):
        export_pack("2026", None, tmp_path / "file", Wish())
    with pytest.raises(NotFoundError, match="没有单位「火星镇」"):
        export_pack("2026", "火星镇", tmp_path / "x.zip", Wish())
    with pytest.raises(NotFoundError, match="没有编号为「1999」的考核"):
        export_pack("1999", None, tmp_path / "x.zip", Wish())
    assert not (tmp_path / "x.zip").exists()
