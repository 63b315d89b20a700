from __future__ import annotations

import pytest

from handlers.sending import notice_came
from storage.campaigns import Unit

NAMES = (("孟河镇", "镇"), ("西夏墅镇", "镇"), ("环保局", "部门"), ("质监分局", "部门"))


def unit(ident: int) -> Unit:
    name, category = NAMES[ident]
    return Unit(ident, name, category, ("质监",) if ident == 3 else (), (), ())


ALL = tuple(unit(ident) for ident in range(4))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("缺 环保局，其余到", ["环保局"]),
        ("缺环保局", ["环保局"]),
        ("缺席：孟河镇、环保局", ["孟河镇", "环保局"]),
        ("缺 环保局，质监分局", ["环保局", "质监分局"]),
        ("环保局没来", ["环保局"]),
        ("环保局没有来，其他都来了", ["环保局"]),
        ("环保局、质监没参加", ["环保局", "质监分局"]),
        ("环保局，质监分局未到", ["环保局", "质监分局"]),
        ("孟河镇来了，环保局没来", ["环保局"]),
        ("环保局没人来", ["环保局"]),
        ("环保局请假，其余单位都到", ["环保局"]),
        ("除环保局外都到了", ["环保局"]),
        ("除了环保局，其他单位都来了", ["环保局"]),
        ("都来了，环保局除外", ["环保局"]),
        ("各镇都没来，部门都到了", ["孟河镇", "西夏墅镇"]),
        ("环保局没来\n质监分局没来", ["环保局", "质监分局"]),
        ("都来了", []),
        ("全到", []),
        ("都到齐了。", []),
        ("全部参加了", []),
        ("没有人缺席", []),
        ("没人缺席", []),
        ("无缺席", []),
        ("缺席：无", []),
        ("一个不缺", []),
        ("没有", []),
        ("孟河镇、西夏墅镇、环保局、质监分局都来了", []),
    ],
)
def test_who_was_away(said: str, expected: list[str]) -> None:
    found = notice_came.away(ALL, said)

    assert found is not None
    assert [one.name for one in found] == expected


@pytest.mark.parametrize(
    "said",
    [
        "缺 春江镇",
        "环保局没来，春江镇也没来",
        "环保局来了",
        "都没来",
        "不知道",
        "",
        "环保局到了，缺 环保局",
        "缺",
        "没来",
    ],
)
def test_what_cannot_be_read_is_not_guessed(said: str) -> None:
    assert notice_came.away(ALL, said) is None
