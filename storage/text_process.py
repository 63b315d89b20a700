"""One worker process from outside: started at its first file, asked a line at a time, ended by force.

It blocks, so it is used from a thread; `TextProcess.end` may be called from any other at any time and unblocks it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

ANSWER_BYTES = 1_048_576  # far above what the characters allowed take as JSON


class Limits(NamedTuple):
    """What one file may cost, and when a worker has done enough."""

    wall_seconds: float = 8
    cpu_seconds: int = 5
    memory_bytes: int = 536_870_912  # address space of the worker
    characters: int = 20_000
    patience_seconds: float = 30  # for those asked before; a proposal that comes later is of no use
    files_per_worker: int = 50
    idle_seconds: float = 60


class TextProcess:
    """A worker that reads files until it dies, is ended, or has read many."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._asked = 0
        self._ended = False
        self._starting = threading.Lock()

    @property
    def pid(self) -> int | None:
        """The process, once it was started."""
        return self._process.pid if self._process else None

    @property
    def usable(self) -> bool:
        """Whether it may be asked again."""
        running = self._process is None or self._process.poll() is None
        return running and not self._ended and self._asked < self._limits.files_per_worker

    @property
    def ran_out_of_time(self) -> bool:
        """Whether the system ended it for the processor time or the time it took."""
        return self._process is not None and self._process.poll() in (-signal.SIGXCPU, -signal.SIGALRM)

    def ask(self, path: Path, kind: str, *, dates: bool = False) -> dict[str, Any] | None:
        """What the worker says of a file; None where it died, was ended, or said what makes no sense.

        Args:
            dates: when it says it was made, in place of its text.
        """
        self._asked += 1
        try:
            process = self._running()
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps({"path": str(path), "kind": kind, "dates": dates}).encode() + b"\n")
            process.stdin.flush()
            line = process.stdout.readline(ANSWER_BYTES)
            answer = json.loads(line) if line.endswith(b"\n") else None
        except (OSError, ValueError):  # it cannot start, is gone, its pipes are closed, or this is no JSON
            answer = None
        if not isinstance(answer, dict):
            self.end()  # one that has died keeps the signal it died of
            return None
        return answer

    def end(self) -> None:
        """Kill the process and wait for it; whoever waits for its answer gets none."""
        with self._starting:
            self._ended = True
        process = self._process
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):  # what was not yet written to a dead process
                if pipe is not None:
                    pipe.close()

    def _running(self) -> subprocess.Popen[bytes]:
        with self._starting:
            if self._ended:
                raise OSError("ended before it was asked")
            if self._process is None:
                self._process = subprocess.Popen(  # noqa: S603 - our own module, by our own interpreter
                    (sys.executable, "-P", "-m", "storage.text_worker", json.dumps(self._limits._asdict())),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env=_environment(),
                    start_new_session=True,  # Ctrl-C is for the process that serves, which then ends this one
                )
            return self._process


def _environment() -> dict[str, str]:
    """Where modules are, and nothing else: tokens and paths of the settings are none of the worker's business."""
    places = [str(Path(__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {"PYTHONPATH": os.pathsep.join(places), "PYTHONUTF8": "1"}
