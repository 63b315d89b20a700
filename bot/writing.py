"""How a command that writes gets its way: by itself, or through the `serve` that has the right to write."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import click

from bot.handover import GREETING, at_socket
from bot.usage import CallError
from storage import data_folder

ANSWER_SECONDS = 120.0  # a roster of thousands of units takes a while beside a busy chat


def change(folder: Path, command: str, arguments: dict[str, Any]) -> Any:
    """The result of a command's change (see `bot.changes`), in builtins.

    Raises:
        KaopingError: what the change refuses, said here as over there; or another command keeps the folder.
        click.exceptions.Exit: a failure of the `serve` that carried it out, already said.
    """
    data_folder.database_path(folder)  # says what is missing before a lock is looked for
    with lock_or_serve(folder) as held:
        if isinstance(held, socket.socket):
            return _ask(held, command, arguments)
        return asyncio.run(_carry_out(folder, command, arguments))


def lock_or_serve(folder: Path) -> AbstractContextManager[object] | socket.socket:
    """The right to write, or a connection to the `serve` that has it; waits while another command has it.

    Raises:
        StorageError: another command keeps it.
    """
    until = time.monotonic() + data_folder.LOCK_SECONDS
    while True:
        held = data_folder.try_lock(folder) or _greeted(folder, data_folder.LOCK_SECONDS)
        if held is not None:
            return held
        if time.monotonic() >= until:
            raise data_folder.in_use(folder)
        time.sleep(data_folder.LOOK_SECONDS)


def the_only_serve(folder: Path) -> AbstractContextManager[object]:
    """The right to write for a `serve`, given back at the end of its `with`.

    Raises:
        CallError: another `serve` runs on the folder.
        StorageError: another command keeps it.
    """
    held = lock_or_serve(folder)
    if isinstance(held, socket.socket):
        held.close()
        raise CallError(f"数据文件夹 {folder} 上已有一个 kaoping serve 在运行，请用那一个，或先停掉它")
    return held


async def _carry_out(folder: Path, command: str, arguments: dict[str, Any]) -> Any:
    from bot.changes import carry_out
    from storage.clock import utc_now
    from storage.database import Database

    database = Database(folder / data_folder.DATABASE)
    try:
        return await carry_out(database, utc_now, command, arguments)
    finally:
        await database.close()


def _greeted(folder: Path, seconds: float) -> socket.socket | None:
    """A connection that a `serve` has taken; None where there is none, or it ends before it greets."""
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(max(seconds, 1))
    try:
        at_socket(folder, connection.connect)
        if connection.recv(len(GREETING), socket.MSG_WAITALL) == GREETING:
            return connection
    except OSError:
        pass  # nobody listens: another command has the right, or a serve that is just starting or ending
    connection.close()
    return None


def _ask(connection: socket.socket, command: str, arguments: dict[str, Any]) -> Any:
    connection.settimeout(ANSWER_SECONDS)
    try:
        asked = json.dumps({"command": command, "arguments": arguments}, ensure_ascii=False)
        connection.sendall(asked.encode() + b"\n")
        with connection.makefile("rb") as stream:
            line = stream.readline()
    except (OSError, KeyboardInterrupt):
        line = b""
    if not line.endswith(b"\n"):
        click.echo("kaoping serve 没有答复（停了或很忙），这条命令可能已经生效，请先查看再决定要不要重做", err=True)
        raise click.exceptions.Exit(1)
    answer = json.loads(line)
    if "ok" in answer:
        return answer["ok"]
    if answer["status"] == 2:
        raise CallError(answer["error"])
    click.echo(answer["error"], err=True)
    raise click.exceptions.Exit(answer["status"])
