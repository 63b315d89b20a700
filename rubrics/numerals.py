"""How a number is spelt: one spelling for a text, and the value of one run of numerals.

cn2an 0.5.24 was tried: it takes no 九成五, 两次, 俩, 6/7家, 95%, ９５ or 1,200, and hands decimals back as floats.
"""

from __future__ import annotations

import re
from decimal import Decimal

from rubrics.dialects import put_plainly

_LONGEST_NUMBER = 20  # characters; keeps every product inside the 28 digits of a Decimal


# --- one spelling for all ---------------------------------------------------------------------------------

_SPELLING: dict[int, str | None] = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_SPELLING |= {ord(old): new for old, new in zip(
    "﹪　・•−–〇○壹贰貳弍叁參叄肆伍陆陸柒捌玖拾佰仟萬億兩點個條沒無還對發過會們滿開達標項隻張報啦裏裡間當總應數約見實辦備嗎遲時處產業給檢複復創號",
    "% ··--零零一二二二三三三四五六六七八九十百千万亿两点个条没无还对发过会们满开达标项只张报了里里间当总应数约见实办备吗迟时处产业给检复复创号",
    strict=True,
)}  # fmt: skip
_SPELLING |= {ord("廿"): "二十", ord("卅"): "三十"}
_SPELLING |= dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff"))


def normalise(text: str) -> str:
    """The text in one spelling: half width, simplified numerals, no dialect's no, spaces only between words or figures."""
    text = text.translate(_SPELLING)
    text = re.sub(r"(?<![A-Za-z0-9])\s+|\s+(?![A-Za-z0-9])", "", text)
    text = put_plainly(re.sub(r"(?<=[0-9])[wW](?![A-Za-z])", "万", text))
    return re.sub(r"(?<=[0-9])(?i:cm)(?![A-Za-z])|公分", "厘米", text)


# --- one run of numerals ----------------------------------------------------------------------------------

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2, "俩": 2, "仨": 3}
_POWERS = {"亿": 8, "万": 4, "千": 3, "百": 2, "十": 1}


def parse_run(run: str) -> Decimal | None:
    """The value of one run of numerals (``2万3``, ``一百零五``, ``1,200``, ``一点五``); None where it has none.

    Two digits in a row without 零 (三五, 十七八) mean "three to five": no value.
    """
    if len(run) > _LONGEST_NUMBER:
        return None
    run = run.replace(",", "")
    if scaled := re.fullmatch(r"([0-9]*\.[0-9]+|.+?点[0-9零一二三四五六七八九]+)([百千万亿]*)", run):
        figure, powers = scaled.groups()
        value = Decimal(figure) if "." in figure else _spoken_decimal(figure)
        return None if value is None else value * 10 ** sum(_POWERS[power] for power in powers)
    whole = _integer(run)
    return None if whole is None else Decimal(whole)


def _spoken_decimal(figure: str) -> Decimal | None:
    head, _, tail = figure.partition("点")
    whole = _integer(head)
    digits = "".join(str(_DIGITS.get(char, char)) for char in tail)
    return None if whole is None else Decimal(f"{whole}.{digits}")


def _integer(run: str) -> int | None:
    if re.fullmatch(r"[0-9]+", run):
        return int(run)
    if all(char in _DIGITS for char in run):
        if len(run) == 2 and "零" not in run and not _read_digit_by_digit(run):
            return None
        return int("".join(str(_DIGITS[char]) for char in run)) if run else None
    for unit, power in _POWERS.items():
        head, found, tail = run.rpartition(unit)
        if found:
            return _around(head, power, tail)
    return None


def _read_digit_by_digit(run: str) -> bool:
    """Whether two digits can be no range, because they do not rise: 九八 is 98, 八九 may be eight or nine."""
    return run[0] not in "一两俩仨" and _DIGITS[run[0]] >= _DIGITS[run[1]]


def _around(head: str, power: int, tail: str) -> int | None:
    """``head`` times ten to the ``power``, and what follows: 两万|三 is 23000, 一百|零五 is 105."""
    count = _integer(head) if head else 1 if power == 1 else None
    if count is None or count >= 10 ** (4 if power == 4 else 8 if power == 8 else 1):
        return None
    if not tail:
        rest: int | None = 0
    elif len(tail) == 1 and tail != "零":
        digit = _integer(tail)
        rest = None if digit is None else digit * 10 ** (power - 1)
    elif re.fullmatch(r"[0-9]+", tail):
        rest = int(tail) if len(tail) == power else None
    else:
        rest = _integer(tail.lstrip("零"))
        rest = None if tail[0] != "零" and tail[0] in _DIGITS and all(c in _DIGITS for c in tail) else rest
    if rest is None or rest >= 10**power:
        return None
    total: int = count * 10**power + rest
    return total
