"""What must be there before the page answers, and what comes after it."""

from __future__ import annotations

import subprocess
import sys

LATE = ("handlers", "reports", "rubrics.matching", "jinja2", "rapidfuzz", "apscheduler", "docx", "openpyxl", "aiogram")
"""What only the conversation, its reminders and its papers need: more than half of all imports."""


def loaded_by(code: str) -> set[str]:
    """Which of `LATE` a fresh process has loaded after running some code."""
    said = f"{code}\nimport sys; print(*(n for n in {LATE} if n in sys.modules))"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_page_is_assembled_without_what_only_the_conversation_needs() -> None:
    assert loaded_by("import bot.serve_commands, bot.settings, bot.writing, bot.serve") == set()


def test_the_conversation_brings_it_but_no_papers_and_no_messenger() -> None:
    assert loaded_by("import bot.talking") == {"handlers", "reports", "rubrics.matching", "jinja2", "rapidfuzz"}
