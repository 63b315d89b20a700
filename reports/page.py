"""What stands above the rows of every picture: title, as of when; sizes that stay legible on a phone 390 px wide."""

from __future__ import annotations

from typing import NamedTuple

from reports.drawing import QUIET, Text
from reports.lettering import clean, short_names, width_ems, wrapped

WIDTH = 1080  # pixels; a messenger scales the longer side to about 1280
WIDEST = 1280
MARGIN = 18
FIGURE = 28  # font size in pixels: 10 on a screen 390 wide
TITLE, BASIS, SMALL = 34, 26, 24

NAME_EMS = 6  # of FIGURE: most names of towns and departments in one line
ROW, TALL_ROW = 46, 62  # pixels; tall where a name takes two lines


def heading(title: str, basis: str, width: int) -> tuple[list[Text], float]:
    """Title and basis as texts, and where the rest may begin."""
    room = width - 2 * MARGIN
    texts = []
    y = MARGIN + 0.0
    for words in wrapped(clean(title), room / TITLE, 2):
        y += TITLE * 1.25
        texts.append(Text(MARGIN, y, TITLE, words, strong=True))
    for words in wrapped(clean(basis), room / BASIS, 2):
        y += BASIS * 1.5
        texts.append(Text(MARGIN, y, BASIS, words, fill=QUIET))
    return texts, y + BASIS * 0.75


class Names(NamedTuple):
    """Unit names laid out: the lines of each, the width of their column and the height of a row, in pixels."""

    lines: tuple[list[str], ...]
    width: float
    row: int

    def texts(self, index: int, top: float) -> list[Text]:
        """The name of a row that begins at ``top``."""
        lines = self.lines[index]
        if len(lines) == 1:
            return [Text(MARGIN + 6, top + self.row / 2 + FIGURE * 0.36, FIGURE, lines[0])]
        middle = top + self.row / 2
        return [Text(MARGIN + 6, middle + SMALL * (1.15 * n - 0.2), SMALL, words) for n, words in enumerate(lines)]


def names(units: list[str]) -> Names:
    """Names in one line, longer ones in two smaller lines, the longest shortened so that they stay distinct."""
    room = NAME_EMS * FIGURE / SMALL
    short = short_names([clean(unit) for unit in units], 2 * room - 1)
    lines = tuple([name] if width_ems(name) <= NAME_EMS else wrapped(name, room, 2) for name in short)
    tall = any(len(parts) > 1 for parts in lines)
    widest = max((width_ems(parts[0]) * FIGURE for parts in lines), default=0)
    width = NAME_EMS * FIGURE if tall else min(max(widest, 3 * FIGURE), NAME_EMS * FIGURE)
    return Names(lines, width + 16, TALL_ROW if tall else ROW)
