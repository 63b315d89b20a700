"""Option keys survive the way there and back, fit in 64 bytes, and nothing forged is read as one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.keys import LIMIT_BYTES, Key, pack, parse

VERBS = st.from_regex(r"[a-z][a-z0-9-]{0,7}", fullmatch=True)
PARTS = st.lists(st.from_regex(r"[0-9A-Za-z.\-]{1,8}", fullmatch=True), max_size=4)
VERSIONS = st.integers(0, 999_999_999)


@given(VERBS, PARTS, VERSIONS)
def test_what_was_packed_is_parsed_the_same(verb: str, parts: list[str], version: int) -> None:
    key = pack(verb, *parts, version=version)

    assert parse(key) == Key(verb, tuple(parts), version)
    assert len(key.encode()) <= LIMIT_BYTES


@given(st.text(max_size=80))
def test_any_text_is_no_key_or_one_that_packs_to_itself(text: str) -> None:
    key = parse(text)

    assert key is None or parse(pack(key.verb, *key.parts, version=key.version)) == key


@given(st.text(alphabet="ab-:,.019 \n٣", max_size=20))
def test_texts_that_look_like_keys_are_read_strictly(text: str) -> None:
    key = parse(text)

    assert key is None or pack(key.verb, *key.parts, version=key.version).rpartition(":")[0] == text.rpartition(":")[0]


@given(VERBS, PARTS, VERSIONS, st.integers(0, 63))
def test_a_key_cut_short_is_never_another_verb(verb: str, parts: list[str], version: int, cut: int) -> None:
    key = parse(pack(verb, *parts, version=version)[:cut])

    assert key is None or key.verb == verb


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":",
        "::",
        "yes",
        "yes:1.2",
        "yes:1.2:",
        "yes:1.2:x",
        "yes:1.2:-1",
        "yes:1.2:1\n",
        "yes:1 2:0",
        "yes:一:0",
        "Yes:1:0",
        "yes:1:٣",
        "yes:1:1234567890",
        "x" * 65,
        "yes:" + "1" * 70 + ":0",
    ],
)
def test_a_forged_or_damaged_button_is_no_key(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("verb", "parts", "version"),
    [("", (), 0), ("Yes", (), 0), ("yes", ("a,b",), 0), ("yes", ("a:b",), 0), ("yes", ("x" * 64,), 0), ("y", (), -1)],
)
def test_what_cannot_be_a_key_is_refused(verb: str, parts: tuple[str, ...], version: int) -> None:
    with pytest.raises(ValueError, match="option key"):
        pack(verb, *parts, version=version)


def test_exactly_64_bytes_fit() -> None:
    assert len(pack("y", "x" * 60, version=0)) == 64

    with pytest.raises(ValueError, match="at most 64"):
        pack("y", "x" * 61, version=0)
