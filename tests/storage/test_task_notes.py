"""存在问题 and 下步打算: kept by version, the newest counts, also as of an earlier moment; only for rows the unit leads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from proof_world import BUREAU, MENGHE, TASKS, World
from stored import chain, rows
from talk import START

from storage import task_notes
from storage.errors import NotFoundError, StorageError

LATER = START + timedelta(days=30)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "data")
    yield made
    made.close()


def say(world: World, item: str = "1", problem: str = "检测能力不足", step: str = "添置设备", **words: Any) -> Any:
    unit = words.pop("unit", BUREAU)
    return world.do(task_notes.add_in, unit, TASKS, item, problem=problem, next_step=step, **words)


def newest(world: World, **words: Any) -> dict[tuple[int, str], tuple[str, str]]:
    found = world.read(task_notes.newest_in, world.office.campaign.id, TASKS.id, **words)
    return {place: (note.problem, note.next_step) for place, note in found.items()}


def test_the_newest_words_count_and_the_earlier_ones_are_found_by_their_day(world: World) -> None:
    say(world)
    say(world, problem="设备已到", step="培训人员", at=LATER)

    assert newest(world) == {(BUREAU, "1"): ("设备已到", "培训人员")}
    assert newest(world, as_of=START) == {(BUREAU, "1"): ("检测能力不足", "添置设备")}
    assert newest(world, as_of=START - timedelta(seconds=1)) == {}


def test_who_said_it_when_is_kept_and_the_trail_has_a_hash_not_the_words(world: World) -> None:
    note = say(world)
    run = lambda work: world.office.run(work(world.office.database))  # noqa: E731 - as the fixture of this room

    assert (note.person, note.at) == ("", START)
    (subject,) = [row[0] for row in rows(run, "SELECT subject FROM audit WHERE action = 'task-note.written'")]
    assert "检测" not in subject
    assert '"item":"1"' in subject
    assert chain(run).broken == ()


def test_one_of_the_two_may_be_empty_not_both(world: World) -> None:
    say(world, step=" ")

    with pytest.raises(StorageError, match="「产品质量」的存在问题和下步打算都还是空的"):
        say(world, problem="\n", step="")
    assert newest(world) == {(BUREAU, "1"): ("检测能力不足", "")}


def test_what_is_too_long_is_refused_not_cut(world: World) -> None:
    say(world, problem="长" * 500)

    with pytest.raises(StorageError, match="下步打算有 501 个字，最多 500 个字"):
        say(world, step="长" * 501)


@pytest.mark.parametrize("item", ["2", "99", ""])
def test_a_row_led_by_others_takes_no_words(world: World, item: str) -> None:
    with pytest.raises(NotFoundError, match="质监分局不牵头分解表第"):
        say(world, item)
    assert newest(world) == {}


def test_a_row_all_units_share_takes_the_words_of_each(world: World) -> None:
    say(world, "19", unit=MENGHE)
    say(world, "19", problem="宣传不够")

    assert newest(world) == {(MENGHE, "19"): ("检测能力不足", "添置设备"), (BUREAU, "19"): ("宣传不够", "添置设备")}
