"""Everybody at once: a small version of what bench/reminders.py measures."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest
from due_at_once import Felt, crowd, tick
from paced_push import WAY_SECONDS, most_within, push

from channels.telegram.windows import Limits

MOST_STALL_SECONDS = 0.25  # five times what is asked for: the machine of a test run has other work


def test_many_who_are_due_at_once_are_told_while_others_use_the_loop(tmp_path: Path) -> None:
    async def play() -> tuple[Felt, Felt]:
        database = await crowd(tmp_path / "data", 100)
        try:
            return await tick(database), await tick(database)
        finally:
            await database.close()

    first, second = asyncio.run(play())

    assert (first.digests, second.digests) == (100, 0)
    assert first.seconds > MOST_STALL_SECONDS  # else a tick that lets nobody in would pass
    assert first.stall_seconds < MOST_STALL_SECONDS


@pytest.mark.parametrize("seed", [1, 2])
def test_a_push_to_many_chats_keeps_every_window_loses_and_doubles_nothing_and_wastes_no_time(
    tmp_path: Path, seed: int
) -> None:
    chats = [*range(1, 301), *range(-6, 0)]
    random.Random(seed).shuffle(chats)

    found = push(tmp_path / "data", seed, chats)

    assert (found.lost, found.double, found.breaches) == (0, 0, False)
    assert found.refused > 5
    assert found.first_seconds <= 1.05 * found.floor_seconds + WAY_SECONDS


def test_a_group_that_gets_more_than_a_minute_takes_is_served_at_its_pace(tmp_path: Path) -> None:
    chats = [-1, -2] * 30 + list(range(1, 61)) * 2

    found = push(tmp_path / "data", 1, chats, refused=0)

    assert (found.lost, found.double, found.breaches) == (0, 0, False)
    assert found.most_group == Limits().group.most
    assert found.seconds == pytest.approx(found.floor_seconds, rel=0.05)


def test_the_fullest_window_is_half_open() -> None:
    assert [most_within([0.0, 0.5, 1.0], 1.0), most_within([0.0, 0.5, 0.999], 1.0), most_within([], 1.0)] == [2, 3, 0]
