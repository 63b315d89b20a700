"""Clauses called by their number: 8.2a 98.5%，8.2c：97%."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import NamedTuple

_PIECE_END = re.compile(r"[,;\n]|\.(?![0-9])")
_NAMED = re.compile(r"第?(?P<id>[0-9]{1,2}\.[0-9]{1,2}[a-c]?)(?P<mark>[ :=]+|项|条|、)?(?P<said>.+)", re.DOTALL)
_BEFORE_NAME = re.compile(
    r"(?<![^,;\n])第?(?P<id>[0-9]{1,2}\.[0-9]{1,2}[a-c]?)[项条、:. ]*"
    r"(?=[\u4e00-\u9fff])(?![万亿千百十点分倍元吨米亩公厘个月日号天多余几次家只件]|年(?!度))"
)
_STATES = re.compile("有|没|未|已|是|否|完成|达")


class Named(NamedTuple):
    """What is said about a clause that was called by its number."""

    ident: str
    said: str
    plain: bool  # nothing else than a clause can be meant; 10.1有 may be a day


def named(text: str, ids: Container[str]) -> list[Named]:
    """The clauses a folded message goes through by number; empty where it does not begin with one."""
    found: list[Named] = []
    for piece in _PIECE_END.split(text):
        one = _named(piece, ids)
        if one is not None:
            found.append(one)
        elif not found:
            return []
        elif piece:
            found[-1] = found[-1]._replace(said=f"{found[-1].said},{piece}")
    return found


def _named(piece: str, ids: Container[str]) -> Named | None:
    match = _NAMED.fullmatch(piece)
    if match is None or match["id"] not in ids:
        return None
    plain = not match["id"][-1].isdigit() or bool(match["mark"] and match["mark"].strip())
    if plain or match["mark"] or _STATES.match(match["said"]):
        return Named(match["id"], match["said"], plain)
    return None


def unnumbered(text: str, ids: Container[str]) -> str:
    """The text without clauses' numbers in front of words: 1.4年度计划 counts nothing."""
    return _BEFORE_NAME.sub(lambda match: "" if match["id"] in ids else match[0], text)
