"""A picture as boxes and texts, drawn as SVG by a template and rendered to PNG with the font that comes by pip."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from jinja2 import Template

from channels.text import environment

DARK, GREY, QUIET = "#111111", "#70757c", "#4a4f57"
SHADE, HEAD, RULE = "#f4f6f8", "#e6ebf1", "#c3c9d1"

FAMILY = "Noto Sans SC"
_ZONE = ZoneInfo("UTC")  # no template of ours shows a moment


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


def svg(drawing: Drawing) -> str:
    """The drawing as SVG; every text is escaped, because an element smuggled in by a name could read local files."""
    return _template().render(drawing._asdict(), family=FAMILY)


def png(drawing: Drawing) -> bytes:
    """The drawing as a PNG picture; fonts of the system are not looked at, so it is the same everywhere."""
    import resvg_py
    from pylopdf_fonts_zh_cn import sans_path

    return resvg_py.svg_to_bytes(
        svg_string=svg(drawing), skip_system_fonts=True, font_files=[str(sans_path())], font_family=FAMILY
    )


@cache
def _template() -> Template:
    return environment(Path(__file__).parent / "templates", _ZONE, markup=True).get_template("picture.svg.j2")
