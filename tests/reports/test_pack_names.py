"""Names inside a pack: whatever is sent, every system can unpack it, and nothing about it can leave its folder."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest

from reports.pack_names import MOST_BYTES, ending_of, file_name, folder_name, name_of, spelled

DAY = date(2026, 3, 14)
HOSTILE = (
    "../../etc/passwd", "..\\..\\windows", "/etc/passwd", "C:\\x.pdf", "\\\\server\\share", "~/x", "a/../b", "..", ".",
    ".htaccess", "", "   ", "\x00\x07\x1b", "a\nb\r\tc", "\u202egnp.exe", "\u200b\ufeff", "CON", "con.pdf", "Com1.txt",
    "LPT9", "COM¹", "name. . .", "x" * 300, "报" * 300, "👨‍👩‍👧" * 60, "é" * 200, "a:b*c?d\"e<f>g|h", "50%#1", "\ud83d", "－" * 99,
)  # fmt: skip


def test_a_name_says_clause_words_unit_day_and_version() -> None:
    assert (
        file_name("1.2", "质量工作专题会议", "孟河镇", DAY, "pdf", version=2)
        == "1-2_质量工作专题会议_孟河镇_2026-03-14_v2.pdf"
    )


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_it_is_called_it_is_one_plain_name(text: str) -> None:
    for name in (name_of(text), file_name("1.2", text, text, DAY, "pdf", version=3, again=7), folder_name("2", text)):
        assert not set(name) & set('/\\:*?"<>|#%')
        assert not any(unicodedata.category(character) in ("Cc", "Cf", "Cs") for character in name)
        assert name == unicodedata.normalize("NFC", name)
        assert 0 < len(name.encode()) <= MOST_BYTES
        assert name.strip(". ") == name
        assert name.split(".")[0].upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "COM¹", "LPT9"}


def test_what_is_too_long_gives_way_in_the_middle_never_day_version_or_ending() -> None:
    name = file_name("2.5a", "报" * 300, "孟河镇", DAY, "docx", version=12, again=3)

    assert name.startswith("2-5a_报报报")
    assert name.endswith("_孟河镇_2026-03-14_v12_3.docx")
    assert MOST_BYTES - 3 < len(name.encode()) <= MOST_BYTES


def test_folders_sort_as_the_items_do() -> None:
    folders = [folder_name(number, "创名牌") for number in ("2", "10", "3b")]

    assert folders == ["02_创名牌", "10_创名牌", "03b_创名牌"]
    assert sorted(folders) == ["02_创名牌", "03b_创名牌", "10_创名牌"]


@pytest.mark.parametrize(
    ("kind", "sent_as", "ending"),
    [
        ("pdf", "纪要.PDF", "pdf"),
        ("jpeg", "照片.jpeg", "jpeg"),
        ("jpeg", "照片.exe", "jpg"),
        ("ole", "表.xls", "xls"),
        ("ole", "表", "doc"),
        ("text", "说明.txt\u202e", "txt"),
        ("docx", "a.docx/../../x.lnk", "docx"),
    ],
)
def test_the_bytes_decide_the_ending(kind: str, sent_as: str, ending: str) -> None:
    assert ending_of(kind, sent_as) == ending


def test_names_that_some_system_takes_for_one_count_as_one() -> None:
    assert spelled("Ａ.PDF") == spelled("a.pdf")
    assert spelled("e\u0301") == spelled("é")
