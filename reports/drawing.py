"""A picture as boxes and texts, drawn in tones of one ramp with the font that comes by pip, written as a PNG.

One byte a pixel: every colour of a text and of what stands behind it lies on the ramp from dark to white, so the
softened edge of a letter lies on it too. What lies off the ramp takes a tone darker than any text.
"""

from __future__ import annotations

import struct
import zlib
from itertools import groupby, pairwise
from math import floor
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from PIL import Image

DARK, GREY, QUIET = "#111111", "#70757c", "#4a4f57"
SHADE, HEAD, RULE = "#f4f6f8", "#e6ebf1", "#c3c9d1"
BAR = "#5b7fa8"
"""For boxes only: no text is drawn in it or on it."""

_WHITE = "#ffffff"
_BAR_TONE = 0
_ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}  # s: on the baseline
_STRONGER = 0.02  # of the font size: what a strong stroke gains on either side
_LEVEL = 4  # of zlib: a tenth larger than the default, in two thirds of its time
_STRIP = 64  # rows that are compressed at once, so that the picture is not in memory twice


class Box(NamedTuple):
    """A filled rectangle, in pixels; a thin one is a line."""

    x: float
    y: float
    width: float
    height: float
    fill: str


class Text(NamedTuple):
    """Words on a baseline, in pixels. ``strong`` thickens the strokes: the font has one weight only."""

    x: float
    y: float
    size: int
    words: str
    anchor: Literal["start", "middle", "end"] = "start"
    fill: str = DARK
    strong: bool = False


class Drawing(NamedTuple):
    """Boxes beneath texts on white."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    texts: tuple[Text, ...]


def png(drawing: Drawing) -> bytes:
    """The drawing as a PNG picture; fonts of the system are not looked at, so it is the same everywhere."""
    from PIL import Image

    image = Image.new("L", (drawing.width, drawing.height), _tone(_WHITE))
    for box in drawing.boxes:
        image.paste(_tone(box.fill), _pixels(box))
    # a size at a time: each opens the font anew, and one of them takes half a megabyte
    for size, texts in groupby(sorted(drawing.texts, key=lambda text: text.size), lambda text: text.size):
        _write(image, size, list(texts))
    return _encoded(image)


def _pixels(box: Box) -> tuple[int, int, int, int]:
    left, top = floor(box.x + 0.5), floor(box.y + 0.5)
    return left, top, floor(box.x + box.width + 0.5), floor(box.y + box.height + 0.5)


def _write(image: Image.Image, size: int, texts: list[Text]) -> None:
    """Without a shaping engine, which would be loaded for scripts that the font does not have."""
    from PIL import ImageDraw, ImageFont
    from pylopdf_fonts_zh_cn import sans_path

    font = ImageFont.truetype(str(sans_path()), size, layout_engine=ImageFont.Layout.BASIC)
    into = ImageDraw.Draw(image)
    for text in texts:
        stroke = _STRONGER * size if text.strong else 0
        into.text((text.x, text.y), text.words, _tone(text.fill), font, _ANCHORS[text.anchor], stroke_width=stroke)


def _tone(colour: str) -> int:
    """The place of a colour on the ramp: its green, which grows from colour to colour."""
    return _BAR_TONE if colour == BAR else bytes.fromhex(colour[1:])[1]


def _palette() -> bytes:
    """The colour of every tone: those we name, and even steps between them."""
    ramp = [bytes.fromhex(colour[1:]) for colour in (DARK, QUIET, GREY, RULE, HEAD, SHADE, _WHITE)]
    made = bytearray(bytes.fromhex(BAR[1:]) + ramp[0] * (ramp[0][1] - 1))
    for low, high in pairwise(ramp):
        steps = high[1] - low[1]
        for step in range(steps):
            made += bytes(a + (b - a) * step // steps for a, b in zip(low, high, strict=True))
    return bytes(made + ramp[-1])


def _encoded(image: Image.Image) -> bytes:
    """Written here: the library would first load what it knows of every other format, for longer than this takes."""
    head = struct.pack(">IIBBBBB", image.width, image.height, 8, 3, 0, 0, 0)  # 8 bits, palette
    packer, packed = zlib.compressobj(_LEVEL), bytearray()
    for top in range(0, image.height, _STRIP):
        strip = image.crop((0, top, image.width, min(top + _STRIP, image.height))).tobytes()
        rows = (strip[at : at + image.width] for at in range(0, len(strip), image.width))
        packed += packer.compress(b"".join(b"\0" + row for row in rows))  # 0: the row as it is
    packed += packer.flush()
    chunks = ((b"IHDR", head), (b"PLTE", _palette()), (b"IDAT", bytes(packed)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
