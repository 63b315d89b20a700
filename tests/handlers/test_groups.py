"""Whom a few words mean: every group that is named, nobody who is left out, and what could not be read stays."""

from __future__ import annotations

import pytest

from handlers.sending.selecting import addressed, who
from storage.campaigns import Unit

NAMES = {
    "镇": ("孟河镇", "春江镇", "西夏墅镇"),
    "街道": ("河海街道", "三井街道"),
    "部门": ("环保局", "工商分局"),
}
UNITS = [
    Unit(number, name, category, (), (), ())
    for number, (category, name) in enumerate(((c, n) for c, those in NAMES.items() for n in those), 1)
]
TOWNS, STREETS, DEPARTMENTS = NAMES["镇"], NAMES["街道"], NAMES["部门"]


def meant(words: str) -> tuple[str, ...]:
    return tuple(unit.name for unit in who(UNITS, words)[0])


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("各镇", TOWNS),
        ("各乡镇", TOWNS),
        ("没填的镇", TOWNS),
        ("所有没填的镇", TOWNS),
        ("全区各镇", TOWNS),
        ("街道的特种设备", STREETS),
        ("各镇和部门", TOWNS + DEPARTMENTS),
        ("各街道和部门", STREETS + DEPARTMENTS),
        ("各镇、街道", TOWNS + STREETS),
        ("各镇(街道)", TOWNS + STREETS),
        ("各镇、街道、部门", TOWNS + STREETS + DEPARTMENTS),
        ("孟河镇和各部门", ("孟河镇", *DEPARTMENTS)),
        ("孟河镇、各街道", ("孟河镇", *STREETS)),
        ("除孟河镇外各镇", ("春江镇", "西夏墅镇")),
        ("除了孟河、春江镇以外，各镇", ("西夏墅镇",)),
        ("各镇、街道（春江镇除外）", ("孟河镇", "西夏墅镇", *STREETS)),
        ("各镇，春江镇除外", ("孟河镇", "西夏墅镇")),
        ("各镇、街道、春江镇除外", ("孟河镇", "西夏墅镇", *STREETS)),
        ("全部单位（不含部门）", TOWNS + STREETS),
        ("除部门外", TOWNS + STREETS),
        ("除环保局外的特种设备", (*TOWNS, *STREETS, "工商分局")),
        ("全部", TOWNS + STREETS + DEPARTMENTS),
        ("各镇和各单位", TOWNS + STREETS + DEPARTMENTS),
        ("环保局", ("环保局",)),
        ("镇里", ()),
    ],
)
def test_words_mean_these_units(words: str, expected: tuple[str, ...]) -> None:
    assert meant(words) == expected


@pytest.mark.parametrize(
    ("words", "unread"),
    [
        ("各镇", ""),
        ("请各镇和部门负责人：", ""),
        ("各镇、街道（春江镇除外）", ""),
        ("除春江镇外，各镇", ""),
        ("各镇和开发区", "开发区"),
        ("除春江镇和奔牛镇外各镇", "奔牛镇"),
        ("各镇（奔牛镇除外）", "奔牛镇除外"),
    ],
)
def test_what_could_not_be_read_stays(words: str, unread: str) -> None:
    assert addressed(UNITS, words)[1] == unread
