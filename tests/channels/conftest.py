"""Plays a scene against a web channel served on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from webpage import Stage
from webworld import Browser, World

from channels.web.server import WebChannel

Scene = Callable[[World, WebChannel, Browser], Awaitable[None]]


@pytest.fixture
def play() -> Callable[..., World]:
    """Plays a scene against a served channel and gives the world afterwards."""

    def player(scene: Scene, **settings: Any) -> World:
        async def main() -> World:
            world = World(**settings)
            async with world.serving() as channel, Browser(channel) as browser:
                await scene(world, channel, browser)
            return world

        return asyncio.run(main())

    return player


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    """The browser the page tests share."""
    shared = Stage()
    yield shared
    shared.close()
