"""Texts and buttons in the sizes Telegram takes. Lengths are UTF-16 units, the strictest way to count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from channels.port import Option

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
_ROW_CHARACTERS = 16
_ROW_BUTTONS = 4


def units(text: str) -> int:
    """A text's length: a letter beyond the first plane (an emoji, a rare name) counts two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def pieces(text: str, most: int = TEXT_UNITS) -> list[str]:
    """A text in parts of at most ``most`` units, broken between lines where lines are short enough; no part is blank."""
    found: list[str] = []
    held = ""
    for line in _short_lines(text, most):
        if held and units(held) + 1 + units(line) > most:
            found.append(held)
            held = line
        else:
            held = f"{held}\n{line}" if held else line
    return [part for part in [*found, held] if part.strip()]


def _short_lines(text: str, most: int) -> Iterator[str]:
    for line in text.split("\n"):
        rest = line
        while units(rest) > most:
            cut = _fitting(rest, most)
            yield rest[:cut]
            rest = rest[cut:]
        yield rest


def _fitting(line: str, most: int) -> int:
    used = 0
    for index, letter in enumerate(line):
        used += 2 if ord(letter) > 0xFFFF else 1
        if used > most:
            return index
    return len(line)


def rows(options: Iterable[Option]) -> list[list[Option]]:
    """Buttons in rows: up to four short ones side by side, a long one alone. A row's buttons are equally wide."""
    found: list[list[Option]] = []
    for option in options:
        row = [*found[-1], option] if found else [option]
        widest = max(len(other.label) for other in row)
        if found and len(row) <= _ROW_BUTTONS and widest * len(row) <= _ROW_CHARACTERS:
            found[-1] = row
        else:
            found.append([option])
    return found


def keyboards(options: Sequence[Option], most: int) -> list[tuple[Option, ...]]:
    """Options in groups of at most ``most``, one group a message."""
    return [tuple(options[start : start + most]) for start in range(0, len(options), most)]
