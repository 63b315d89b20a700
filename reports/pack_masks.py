"""Numbers of persons that a pack's names and index need not show: 身份证号 and mobile numbers."""

from __future__ import annotations

import re

_BREAK = "[\\s\\-－—·.]?"
_ID = re.compile(f"(?<![0-9０-９])[0-9０-９](?:{_BREAK}[0-9０-９]){{16}}{_BREAK}[0-9０-９XxＸｘ](?![0-9０-９A-Za-z])")
_MOBILE = re.compile(f"(?<![0-9０-９])[1１][3-9３-９](?:{_BREAK}[0-9０-９]){{9}}(?![0-9０-９])")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_HALF_WIDTH = str.maketrans("０１２３４５６７８９Ｘｘx", "0123456789XXX")


def masked(text: str, *, identities: bool = True, mobiles: bool = False) -> str:
    """The text with such numbers shown as 320411********1234 and 138****1234.

    Only 18 digits whose last one checks are an ID number: a number of a document that is as long stays readable.
    """
    if identities:
        text = _ID.sub(lambda found: _hidden(found[0], 6) if is_identity(_digits(found[0])) else found[0], text)
    return _MOBILE.sub(lambda found: _hidden(found[0], 3), text) if mobiles else text


def is_identity(number: str) -> bool:
    """Whether 18 characters are an ID number by their check digit (GB 11643)."""
    if not re.fullmatch("[0-9]{17}[0-9X]", number):
        return False
    rest = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False)) % 11
    return _CHECKS[rest] == number[-1]


def _digits(found: str) -> str:
    return re.sub("[^0-9X]", "", found.translate(_HALF_WIDTH))


def _hidden(found: str, shown: int) -> str:
    digits = _digits(found)
    return f"{digits[:shown]}{'*' * (len(digits) - shown - 4)}{digits[-4:]}"
