"""Commands beside a running `serve`: handed over, answered the same, and never half done."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import stat
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

import click
import msgspec
import pytest
from folders import fresh

from bot import changes, handover, writing
from bot.changes import Change
from bot.handover import SOCKET, Handover, at_socket
from bot.usage import CallError
from bot.writing import change, the_only_serve
from storage import audit, campaigns, data_folder
from storage.clock import Clock, utc_now
from storage.data_folder import DATABASE, database_path, initialise, try_lock
from storage.database import Database
from storage.errors import NotFoundError, StorageError

CAMPAIGN = {"year": 2026, "rubrics": ["xinbei-2011-towns"], "roster": [["孟河镇", "镇", ["孟河"], [], []]]}
INVITE = {"campaign": "2026", "role": "liaison", "unit": "孟河", "name": "陈芳", "days": 14}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return fresh(tmp_path / "data")


@asynccontextmanager
async def served(folder: Path, **words: Any) -> AsyncIterator[Database]:
    """A folder as a running `serve` has it: the lock taken, the socket listening."""
    database = Database(folder / DATABASE)
    held = try_lock(folder)
    assert held is not None
    with held:
        running = asyncio.ensure_future(Handover(folder, database, utc_now, **words).run())
        while not (folder / SOCKET).exists() and not running.done():
            await asyncio.sleep(0.01)
        try:
            yield database
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
            await database.close()


def beside(folder: Path, act: Callable[[], Any], **words: Any) -> Any:
    """What a blocking client gets from a running `serve`."""

    async def run() -> Any:
        async with served(folder, **words):
            return await asyncio.to_thread(act)

    return asyncio.run(run())


def spoken(folder: Path, line: bytes) -> Any:
    """The answer to a line as it goes over the wire, after the greeting."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        at_socket(folder, connection.connect)
        connection.sendall(line)
        with connection.makefile("rb") as stream:
            assert json.loads(stream.readline()) == {"kaoping": 1}
            answer = stream.readline()
    return json.loads(answer) if answer else None


@contextmanager
def other_holder(folder: Path, until: Callable[[], object]) -> Iterator[None]:
    """Another thread, as another process would, has the right to write until a call returns."""
    taken = threading.Event()

    def hold() -> None:
        held = try_lock(folder)
        assert held is not None
        with held:
            taken.set()
            until()

    thread = threading.Thread(target=hold)
    thread.start()
    taken.wait(10)
    yield
    thread.join()


def codes(folder: Path) -> list[str]:
    async def read() -> list[str]:
        database = Database(database_path(folder))
        try:
            return [campaign.code for campaign in await campaigns.campaigns(database)]
        finally:
            await database.close()

    return asyncio.run(read())


class Nothing(msgspec.Struct):
    """Arguments of a change that takes none."""


def test_a_command_beside_serve_gives_what_it_gives_alone(folder: Path) -> None:
    alone = change(folder, "campaign new", CAMPAIGN)

    handed = beside(folder, lambda: change(folder, "campaign new", CAMPAIGN))

    assert {**handed, "created_at": ""} == {**alone, "created_at": "", "campaign": "2026-2"}
    assert codes(folder) == ["2026-2", "2026"]


def test_a_users_mistake_reads_the_same_beside_serve(folder: Path) -> None:
    with pytest.raises(NotFoundError) as alone:
        change(folder, "invite", INVITE)

    with pytest.raises(CallError) as handed:
        beside(folder, lambda: change(folder, "invite", INVITE))

    assert str(handed.value) == str(alone.value)


def test_a_failure_is_said_and_exits_1(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def fail(database: Database, clock: Clock, asked: Nothing) -> None:
        raise RuntimeError("disk on fire")

    monkeypatch.setitem(changes.CHANGES, "fail", Change(Nothing, fail))

    with pytest.raises(click.exceptions.Exit) as ended:
        beside(folder, lambda: change(folder, "fail", {}))

    assert ended.value.exit_code == 1
    assert "RuntimeError：disk on fire" in capsys.readouterr().err


def test_many_commands_at_once_are_all_carried_out(folder: Path) -> None:
    change(folder, "campaign new", CAMPAIGN)

    async def run() -> tuple[list[dict[str, Any]], audit.Chain]:
        async with served(folder) as database:
            asked = [{**INVITE, "name": f"第{n}人"} for n in range(20)]
            made = await asyncio.gather(*(asyncio.to_thread(change, folder, "invite", one) for one in asked))
            async with database.read() as connection:
                return made, await audit.walk(connection)

    made, chain = asyncio.run(run())

    assert len({one["code"] for one in made}) == 20
    assert (chain.rows, chain.broken) == (21, ())


def test_a_command_whose_asker_went_away_is_carried_out(folder: Path) -> None:
    line = json.dumps({"command": "campaign new", "arguments": CAMPAIGN}).encode() + b"\n"

    def hang_up() -> None:
        with socket.socket(socket.AF_UNIX) as connection:
            at_socket(folder, connection.connect)
            connection.recv(len(handover.GREETING), socket.MSG_WAITALL)
            connection.sendall(line)

    async def run() -> dict[str, Any]:
        async with served(folder) as database:
            await asyncio.to_thread(hang_up)
            while not await campaigns.campaigns(database):
                await asyncio.sleep(0.01)
            return await asyncio.to_thread(change, folder, "invite", INVITE)

    made = asyncio.run(asyncio.wait_for(run(), 20))

    assert made["unit"] == "孟河"
    assert codes(folder) == ["2026"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"\xff\xfe\n", "不是一条命令"),
        (b"GET / HTTP/1.1\n", "不是一条命令"),
        (b"[1]\n", "不是一条命令"),
        (b'{"command": "invite"}\n', "不是一条命令"),
        (b'{"command": ["invite"], "arguments": {}}\n', "不是一条命令"),
        (b'{"command": "format c:", "arguments": {}}\n', "不认得命令「format c:」"),
        (b'{"command": "invite", "arguments": []}\n', "看不懂命令 invite 的参数"),
        (b'{"command": "invite", "arguments": {"role": 1}}\n', "看不懂命令 invite 的参数"),
        (json.dumps({"command": "invite", "arguments": {**INVITE, "more": 1}}).encode() + b"\n", "看不懂"),
    ],
)
def test_what_is_no_command_gets_a_sentence(folder: Path, line: bytes, said: str) -> None:
    answer = beside(folder, lambda: spoken(folder, line))

    assert said in answer["error"]
    assert answer["status"] == 2


def test_garbage_does_not_end_the_listening(folder: Path) -> None:
    def twice() -> Any:
        spoken(folder, b"[" * 100_000 + b"\n")
        return change(folder, "campaign new", CAMPAIGN)

    assert beside(folder, twice)["campaign"] == "2026"


def test_a_command_too_long_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handover, "MOST_BYTES", 1024)

    answer = beside(folder, lambda: spoken(folder, b"x" * 4096 + b"\n"))

    assert answer["status"] == 2
    assert "超过" in answer["error"]


def test_a_connection_that_says_nothing_is_ended(folder: Path) -> None:
    assert beside(folder, lambda: spoken(folder, b""), ask_seconds=0.05) is None


def slow(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, list[str]]:
    """Registers a change that takes a moment; an event when it has begun, and what it did."""
    begun, done = threading.Event(), []

    async def carry_out(database: Database, clock: Clock, asked: Nothing) -> str:
        begun.set()
        await asyncio.sleep(0.3)
        done.append("slow")
        return "done"

    monkeypatch.setitem(changes.CHANGES, "slow", Change(Nothing, carry_out))
    return begun, done


async def stopped_meanwhile(folder: Path, begun: threading.Event) -> Any:
    async with served(folder):
        asking = asyncio.ensure_future(asyncio.to_thread(change, folder, "slow", {}))
        await asyncio.to_thread(begun.wait, 10)
    return await asking


def test_a_command_under_way_is_finished_before_serve_stops(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, done = slow(monkeypatch)

    answer = asyncio.run(stopped_meanwhile(folder, begun))

    assert (answer, done) == ("done", ["slow"])


def test_a_command_cut_off_says_that_it_may_have_been_done(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(handover, "GRACE_SECONDS", 0.01)
    begun, done = slow(monkeypatch)

    with pytest.raises(click.exceptions.Exit) as ended:
        asyncio.run(stopped_meanwhile(folder, begun))

    assert (ended.value.exit_code, done) == (1, [])
    assert "可能已经生效" in capsys.readouterr().err


def test_a_serve_that_ends_before_it_greets_lets_the_command_go_on_alone(folder: Path) -> None:
    listener = socket.socket(socket.AF_UNIX)
    at_socket(folder, listener.bind)

    def end() -> None:
        with listener:
            connection, _ = listener.accept()
            connection.close()

    listener.listen()
    with other_holder(folder, end):
        made = change(folder, "campaign new", CAMPAIGN)

    assert made["campaign"] == "2026"


def test_the_socket_of_a_killed_serve_is_in_nobodys_way(folder: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        at_socket(folder, left.bind)

    alone = change(folder, "campaign new", CAMPAIGN)
    handed = beside(folder, lambda: change(folder, "invite", INVITE))

    assert (alone["campaign"], handed["name"]) == ("2026", "陈芳")
    assert not (folder / SOCKET).exists()


def test_only_its_owner_can_speak_to_the_socket(folder: Path) -> None:
    mode = beside(folder, lambda: (folder / SOCKET).stat().st_mode)

    assert (stat.S_ISSOCK(mode), stat.S_IMODE(mode)) == (True, 0o600)


def test_a_folder_with_a_long_path_works(tmp_path: Path) -> None:
    deep, here = tmp_path / ("考核" * 20) / ("x" * 80), Path.cwd()
    initialise(deep)
    assert len(os.fsencode(deep)) > 200

    made = beside(deep, lambda: change(deep, "campaign new", CAMPAIGN))

    assert (made["campaign"], Path.cwd()) == ("2026", here)


def test_a_folder_that_cannot_hold_a_socket_is_said_and_the_bot_goes_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(data_folder, "LOCK_SECONDS", 0)
    (folder / SOCKET).mkdir()

    with caplog.at_level(logging.WARNING), pytest.raises(StorageError, match="正被另一个 kaoping 使用"):
        beside(folder, lambda: change(folder, "campaign new", CAMPAIGN))

    assert "别的命令不能写入" in caplog.text


def test_a_second_serve_says_so_at_once(folder: Path) -> None:
    began = time.monotonic()

    with pytest.raises(CallError, match="已有一个 kaoping serve"):
        beside(folder, lambda: the_only_serve(folder))

    assert time.monotonic() - began < data_folder.LOCK_SECONDS / 2


def test_a_command_waits_for_another_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = threading.Event()
    monkeypatch.setattr(writing, "_greeted", lambda folder, seconds: looked.set())

    with other_holder(folder, lambda: looked.wait(10)):
        made = change(folder, "campaign new", CAMPAIGN)

    assert (made["campaign"], looked.is_set()) == ("2026", True)


def test_another_command_that_stays_is_named_after_a_while(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_folder, "LOCK_SECONDS", 0.2)
    held = try_lock(folder)
    assert held is not None

    with held, pytest.raises(StorageError, match="正被另一个 kaoping 使用"):
        change(folder, "campaign new", CAMPAIGN)
