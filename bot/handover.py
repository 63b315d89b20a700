"""Commands handed to a running `serve` over a local socket in the data folder (mode 0600).

One connection, one command, one JSON line each way after a greeting::

    serve    {"kaoping": 1}
    command  {"command": "invite", "arguments": {…}}
    serve    {"ok": …}  or  {"error": "一句话", "status": 2}

The greeting says that a `serve` has taken the connection: where it stays away, nothing was begun and the
command may wait or go on alone. A command that was heard is carried out, also if who asked went away meanwhile.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.usage import sentence_and_status
from rubrics.errors import KaopingError
from storage.clock import Clock
from storage.database import Database

SOCKET = "serve.sock"
GREETING = b'{"kaoping":1}\n'
MOST_BYTES = 32 * 1024 * 1024  # a roster of 20,000 units with aliases, liaisons and targets
ASK_SECONDS = 10.0  # how long a connection may stay silent
GRACE_SECONDS = 5.0  # what commands under way get when the bot stops
PATH_BYTES = 100  # a socket's path holds 104 bytes on some systems, 108 on others

log = logging.getLogger(__name__)


def listen(folder: Path) -> socket.socket | None:
    """A socket for commands; None, with a word in the log, where the folder cannot hold one.

    Call it where the right to write is held: what lies there is then left from a `serve` that was killed.
    """
    listener = socket.socket(socket.AF_UNIX)
    mask = os.umask(0o177)
    try:
        (folder / SOCKET).unlink(missing_ok=True)
        at_socket(folder, listener.bind)
    except OSError as error:
        listener.close()
        log.warning("数据文件夹 %s 里不能建通信接口（%s），本程序运行时别的命令不能写入", folder, error.strerror)
        return None
    finally:
        os.umask(mask)
    return listener


def at_socket(folder: Path, act: Callable[[str], None]) -> None:
    """Bind or connect at the folder's socket, whose path may be longer than a socket's address."""
    path = str((folder / SOCKET).absolute())
    if len(os.fsencode(path)) <= PATH_BYTES:
        act(path)
        return
    with contextlib.chdir(folder):  # before any thread runs, and back at once
        act(SOCKET)


class Handover:
    """Carries out, on the bot's own database, what commands ask for."""

    def __init__(
        self,
        folder: Path,
        database: Database,
        clock: Clock,
        *,
        ask_seconds: float = ASK_SECONDS,
        home: Callable[[], str] = str,
    ) -> None:
        """Nothing is opened.

        Args:
            ask_seconds: how long a connection may take to say what it wants.
            home: where the page is reached, which an invitation's link needs; empty where there is none.
        """
        self._home = home
        self._folder, self._database, self._clock, self._ask_seconds = folder, database, clock, ask_seconds
        self._talks: set[asyncio.Task[None]] = set()
        self._heard: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Serve commands until cancelled; those that were heard are finished first, within `GRACE_SECONDS`."""
        listener = listen(self._folder)
        if listener is None:
            return
        server = await asyncio.start_unix_server(self._met, sock=listener, limit=MOST_BYTES)
        try:
            await asyncio.Event().wait()
        finally:
            server.close()
            (self._folder / SOCKET).unlink(missing_ok=True)
            if self._heard:
                await asyncio.wait(self._heard, timeout=GRACE_SECONDS)
            for task in self._talks:
                task.cancel()
            await asyncio.gather(*self._talks, return_exceptions=True)

    def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._talk(reader, writer))
        self._talks.add(task)
        task.add_done_callback(self._talks.discard)
        task.add_done_callback(self._heard.discard)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, from the greeting to the answer."""
        try:
            writer.write(GREETING)
            async with asyncio.timeout(self._ask_seconds):
                line = await reader.readline()
            if line:
                task = asyncio.current_task()
                assert task is not None
                self._heard.add(task)
                writer.write(await self._answer(line))
                await writer.drain()
        except ValueError:  # the stream's word for a line above its limit
            writer.write(_line({"error": f"命令的内容超过 {MOST_BYTES // 1024 // 1024} MB，请分几次做", "status": 2}))
        except TimeoutError:
            log.info("a command's connection stayed silent")
        except ConnectionError:
            log.info("a command went away before its answer")
        finally:
            writer.close()

    async def _answer(self, line: bytes) -> bytes:
        from bot.changes import carry_out

        try:
            asked = _request(line)
            made = await carry_out(self._database, self._clock, asked["command"], asked["arguments"])
            if asked["command"] == "invite":
                made = {**made, "home": self._home()}
            return _line({"ok": made})
        except Exception as error:
            sentence, status = sentence_and_status(error)  # what a command's own process would say, said over there
            if status != 2:
                log.exception("a command that was handed over failed")
            return _line({"error": sentence, "status": status})


def _request(line: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(line)
    except ValueError:
        asked = None
    if not isinstance(asked, dict) or not isinstance(asked.get("command"), str) or "arguments" not in asked:
        raise KaopingError("交来的不是一条命令，请用 kaoping 的命令来写数据")
    return asked


def _line(answer: dict[str, Any]) -> bytes:
    return json.dumps(answer, ensure_ascii=False).encode() + b"\n"
