"""How long after its start does `kaoping serve` work?

Asked: without Telegram, until the web page answers, at most 1.5 times a process that imports sqlmodel and
aiohttp.web; with Telegram, until the first poll reaches a loopback server, about 1.3 times `import aiogram`.
"""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROUNDS = 5
ROOT = Path(__file__).parents[1]
TOKEN = "123456:" + "A" * 35


class BotApi(BaseHTTPRequestHandler):
    """As much of the Bot API as a bot needs until its first poll."""

    polled = threading.Event()

    def do_POST(self) -> None:
        method = self.path.rpartition("/")[2].lower()
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if method == "getupdates":
            self.polled.set()
            time.sleep(0.2)
        bot = {"id": 123456, "is_bot": True, "first_name": "kp", "username": "kp_bot"}
        result = {"getme": bot, "getupdates": []}.get(method, True)
        body = json.dumps({"ok": True, "result": result}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(ConnectionError):
            self.wfile.write(body)

    do_GET = do_POST  # noqa: N815 - the name the server looks for

    def log_message(self, *_: object) -> None:
        """Nothing: the figures are what is printed."""


def environment(folder: Path, **settings: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("KAOPING_")}
    return kept | {"KAOPING_DATA_DIR": str(folder), "PYTHONPATH": str(ROOT), **settings}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def imports(code: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - began


def until(ready: Callable[[], bool], folder: Path, **settings: str) -> float:
    """Seconds from the start of `serve` until something is so."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "bot", "serve"]
    process = subprocess.Popen(command, cwd=folder, env=environment(folder, **settings), stdout=subprocess.DEVNULL)
    try:
        while not ready():
            assert process.poll() is None, "serve ended by itself"
            time.sleep(0.002)
        return time.perf_counter() - began
    finally:
        process.terminate()
        process.wait()


def to_the_page(folder: Path) -> float:
    port = free_port()

    def answers() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as response:
                return bool(response.status == 200)
        except OSError:
            return False

    return until(answers, folder, KAOPING_WEB_PORT=str(port))


def to_the_first_poll(folder: Path, api: str) -> float:
    BotApi.polled.clear()
    settings = {"KAOPING_TELEGRAM_TOKEN": TOKEN, "KAOPING_TELEGRAM_API_BASE": api, "KAOPING_WEB_PORT": "0"}
    return until(BotApi.polled.is_set, folder, **settings)


def report(what: str, ours: Callable[[], float], floor: Callable[[], float], asked: str) -> None:
    """Print the ratio of two medians; the two take turns, after a round that warms the disk."""
    ours(), floor()
    rounds = [(ours(), floor()) for _ in range(ROUNDS)]
    mine, bare = (statistics.median(column) for column in zip(*rounds, strict=True))
    print(f"{what}: {mine * 1e3:.0f} ms ÷ {bare * 1e3:.0f} ms = {mine / bare:.2f} ({asked})")


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), BotApi)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    api = f"http://127.0.0.1:{server.server_port}"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        init = [sys.executable, "-m", "bot", "init"]
        subprocess.run(init, check=True, env=environment(folder), cwd=folder, stdout=subprocess.DEVNULL)
        report(
            "page answers ÷ imports sqlmodel and aiohttp.web",
            lambda: to_the_page(folder),
            lambda: imports("import sqlmodel, aiohttp.web"),
            "asked: at most 1.5",
        )
        report(
            "first poll ÷ imports aiogram",
            lambda: to_the_first_poll(folder, api),
            lambda: imports("import aiogram"),
            "aim: 1.3",
        )
    server.shutdown()


if __name__ == "__main__":
    main()
