"""`kaoping serve` as a process, with other commands beside it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from rosters import roster

TOKEN = "123456:" + "A" * 35
ROOT = Path(__file__).parents[2]


def environment(folder: Path, **settings: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("KAOPING_")}
    return (
        kept | {"KAOPING_DATA_DIR": str(folder / "data"), "PYTHONPATH": str(ROOT), "KAOPING_WEB_PORT": "0"} | settings
    )


def kaoping(folder: Path, *args: str, **settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", *args]
    return subprocess.run(
        command, capture_output=True, cwd=folder, env=environment(folder, **settings), text=True, timeout=60
    )


def start(folder: Path, **settings: str) -> subprocess.Popen[str]:
    command, words = [sys.executable, "-m", "bot", "serve"], environment(folder, **settings)
    process = subprocess.Popen(
        command, cwd=folder, env=words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("网页聊天在 http://127.0.0.1:")
    return process


class BotApi(BaseHTTPRequestHandler):
    """As much of the Bot API as a bot needs to begin; the strict one is for the channel's own tests."""

    def do_POST(self) -> None:
        method = self.path.rpartition("/")[2].lower()
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if method == "getupdates":
            time.sleep(0.1)
        bot = {"id": 123456, "is_bot": True, "first_name": "kp", "username": "kp_bot"}
        body = json.dumps({"ok": True, "result": {"getme": bot, "getupdates": []}.get(method, True)}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(ConnectionError):
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Path]:
    """A folder with a `serve` running on it."""
    assert kaoping(tmp_path, "init").returncode == 0
    process = start(tmp_path)
    yield tmp_path
    process.terminate()
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, "")


def test_an_office_is_set_up_while_serve_runs(office: Path) -> None:
    path = roster(office / "r.xlsx", ("孟河镇", "镇", "孟河", "陈芳"))
    new = ("campaign", "new", "--year", "2026", "--rubric", "xinbei-2011-towns", "--roster", str(path))

    again = kaoping(office, "init")
    made = kaoping(office, *new)
    invited = kaoping(office, "invite", "--campaign", "2026", "--role", "liaison", "--unit", "孟河", "--json")
    mistaken = kaoping(office, "invite", "--campaign", "2026", "--role", "king")
    listed = kaoping(office, "campaign", "list", "--json")
    second = kaoping(office, "serve")

    assert (again.returncode, again.stderr) == (0, "")
    assert (made.returncode, made.stdout) == (0, "已新建考核 2026：1 个单位，细则 xinbei-2011-towns\n")
    assert json.loads(invited.stdout)["code"].count("-") == 2
    assert (mistaken.returncode, mistaken.stderr.startswith("没有角色「king」")) == (2, True)
    assert json.loads(listed.stdout)[0]["campaign"] == "2026"
    assert (second.returncode, "已有一个 kaoping serve" in second.stderr) == (2, True)


def test_a_killed_serve_leaves_a_folder_that_serves_again(tmp_path: Path) -> None:
    kaoping(tmp_path, "init")
    first = start(tmp_path)
    first.send_signal(signal.SIGKILL)
    first.communicate(timeout=30)
    left = (tmp_path / "data" / "serve.sock").exists()

    second = start(tmp_path)
    second.send_signal(signal.SIGINT)
    _, errors = second.communicate(timeout=30)

    assert left
    assert (second.returncode, errors) == (0, "")
    assert not (tmp_path / "data" / "serve.sock").exists()


def test_with_a_token_the_bot_is_on_telegram_too(tmp_path: Path) -> None:
    kaoping(tmp_path, "init")
    api = ThreadingHTTPServer(("127.0.0.1", 0), BotApi)
    threading.Thread(target=api.serve_forever).start()
    url = f"http://127.0.0.1:{api.server_port}"

    process = start(tmp_path, KAOPING_TELEGRAM_TOKEN=TOKEN, KAOPING_TELEGRAM_API_BASE=url)
    assert process.stdout is not None
    said = process.stdout.readline()
    process.terminate()
    rest, errors = process.communicate(timeout=30)
    api.shutdown()
    api.server_close()

    assert (said, rest, errors, process.returncode) == ("Telegram 机器人已接通\n", "", "", 0)


def test_a_port_that_is_taken_gets_a_sentence(tmp_path: Path) -> None:
    kaoping(tmp_path, "init")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])

        done = kaoping(tmp_path, "serve", KAOPING_WEB_PORT=port)

    assert done.returncode == 2
    assert done.stderr.startswith("端口被占用或不允许使用")
    assert f"KAOPING_WEB_PORT（{port}）" in done.stderr
    assert "Traceback" not in done.stderr
