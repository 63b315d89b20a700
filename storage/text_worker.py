"""The process in which files are opened: asked a line at a time, limited by the system, ended without a loss.

It reads the text inside a file, or when the file says it was made. It never sees the settings or the database: its
environment is empty, and it is given paths. What it prints for others to hear is one line of JSON a file; what a library
prints goes nowhere.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from storage import dates_inside
from storage.text_inside import UnreadError, read

KINDER = 5  # steps below the process that answers people


def main() -> None:
    """Answer until the asking side is gone."""
    settings = json.loads(sys.argv[1])
    _limit(settings["memory_bytes"])
    sys.modules["numpy"] = None  # type: ignore[assignment]  # openpyxl would import it; it alone takes the memory allowed
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # 2 is nowhere: a print must not be taken for an answer
    for line in sys.stdin:
        asked = json.loads(line)
        _limit_time(settings["cpu_seconds"], settings["wall_seconds"])
        characters = None if asked.get("dates") else settings["characters"]
        answer, ends = _answer(Path(asked["path"]), asked["kind"], characters)
        signal.setitimer(signal.ITIMER_REAL, 0)
        print(json.dumps(answer), file=answers, flush=True)
        if ends:
            return


def _answer(path: Path, kind: str, characters: int | None) -> tuple[dict[str, Any], bool]:
    """What to say, and whether to end: memory that once ran out may be in pieces. Its dates where no text is wanted."""
    try:
        found = dates_inside.read(path, kind) if characters is None else read(path, kind, characters)
        return found._asdict(), False
    except UnreadError as error:
        return {"why": error.why}, False
    except FileNotFoundError:
        return {"why": "missing"}, False
    except MemoryError:
        return {"why": "large"}, True
    except Exception as error:  # noqa: BLE001 - a library may raise anything for a broken file
        return {"why": "broken", "error": type(error).__name__}, False


def _limit(memory_bytes: int) -> None:
    """Memory, no files written, no core dumps; what the system refuses is left out."""
    _if_possible(lambda: os.nice(KINDER))
    limits = [(resource.RLIMIT_AS, memory_bytes), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)]
    for which, most in limits:
        _if_possible(lambda which=which, most=most: resource.setrlimit(which, (most, most)))  # type: ignore[misc]


def _limit_time(cpu_seconds: int, wall_seconds: float) -> None:
    """Ends the process by a signal. The alarm is for one whose asker is gone: it is later than the asker's patience."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 1 + cpu_seconds
    _if_possible(lambda: resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY)))
    signal.setitimer(signal.ITIMER_REAL, wall_seconds * 2)


def _if_possible(limit: Callable[[], object]) -> None:
    try:
        limit()
    except (OSError, ValueError):  # macOS refuses some; the asker's clock still ends the process
        return


if __name__ == "__main__":
    main()
