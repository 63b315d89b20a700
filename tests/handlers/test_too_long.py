"""More words than anybody reads in a chat are turned away at once, whatever channel brought them."""

from __future__ import annotations

import time

import pytest
from talk import Office, Person
from told import facts

from handlers.conversation import MOST_CHARACTERS

GARBAGE = "质量例会开了两次孟河镇" * 1_000_000


@pytest.mark.parametrize("role", ["liaison", "office"])
def test_megabytes_are_refused_at_once_and_not_kept(office: Office, role: str) -> None:
    person = office.person("li", role, "孟河镇" if role == "liaison" else None)
    begin = time.monotonic()

    assert f"有 {len(GARBAGE)} 个字，太长了，没有记下" in person.send(GARBAGE)
    assert time.monotonic() - begin < 1
    assert facts(office) == {}
    assert max(len(row["text"]) for row in person.rows()) < MOST_CHARACTERS


def test_the_longest_words_that_are_read_still_are(chen: Person) -> None:
    assert "太长了" not in chen.send("好" * MOST_CHARACTERS)


def test_files_are_taken_whatever_is_written_beneath_them(chen: Person) -> None:
    assert "minutes.pdf" in chen.send_file("minutes.pdf", text=GARBAGE)
