"""A message in the one spelling that is compared: half width, simplified, without spaces, frames and fillers."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Literal, NamedTuple

from rubrics.matching.tables import untabled
from rubrics.matching.words import words
from rubrics.numerals import normalise

LONGEST_MESSAGE = 2_000  # characters; more is a document, whose parts are matched one by one

_TRADITIONAL_IN_GB2312 = frozenset("乾菸薹拚捱摺吒後徵夥榘於袷麴醣麽")  # those of its characters that opencc changes
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|csv|txt|jpe?g|png|heic|bmp|tiff?|zip|rar|7z|mp4|mov|ofd)$", re.I)
_CAMERA = re.compile(
    r"^(?:(?:img|dsc|dscn|pic|mmexport|wechatimg|微信图片|图片|photo|vid)[ _-]?[0-9_-]*(?:\.(?:jpe?g|png|heic|mp4))?"
    r"|\[(?:图片|照片|视频)\]|现场照片|现场图|照片|截图|截屏|拍照)[ _:,.，、：-]*",
    re.I,
)
_TITLE = re.compile(r"关于.+(?:通知|意见|决定|方案|办法|报告|函|批复|通报|公告)(?:[(（].*)?")
_FORWARD = re.compile(r"^(?:[\[【](?:通知)?(?:转发|链接|简讯|快讯|通知|转载|公告)(?:通知)?[\]】]|转发?[:：])")
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_ENUMERATED = re.compile(
    r"(?m)^[ \t]*(?:[0-9]{1,2}[.、)](?![0-9])|[①-⑳]|[(][0-9一二三四五六七八九十]{1,2}[)]|[一二三四五六七八九十]、)[ \t]*"
)
_HEADING_END = re.compile(r"(?<=[:,;。])[ \t]*[\r\n]+")
_LINE_END = re.compile(r"[ \t]*[\r\n]+")
_ENDS = " \t\r\n。.!！?？~～…,，;；、"

Source = Literal["message", "file", "caption"]


class Spelt(NamedTuple):
    """A message ready to be compared."""

    text: str
    source: Source


def spell(text: str) -> Spelt:
    """The message in one spelling, and whether it is a file's name, a picture's caption or a person's words."""
    text = untabled(simplified(text.translate(_HALF_WIDTH)).strip(_ENDS))
    source: Source = "message"
    if _FILE.search(text):
        source, text = "file", _FILE.sub("", text)
    bare = _CAMERA.sub("", text)
    if bare != text:
        source, text = ("caption" if source == "message" else source), bare
    text = _ENUMERATED.sub("", _FORWARD.sub("", text))
    text = _LINE_END.sub(";", _HEADING_END.sub("", text))
    if _TITLE.fullmatch(text):
        source = "file"
    return Spelt(fold(words().fillers.sub("", text)), source)


def fold(text: str) -> str:
    """One spelling for a message and for a rubric's words alike."""
    text = normalise(simplified(text)).lower()
    same, pattern = _same()
    return pattern.sub(lambda match: same[match[0]], text)


def simplified(text: str) -> str:
    """Simplified characters. GB2312 holds those; only a text with others needs the converter."""
    try:
        text.encode("gb2312")
        if not _TRADITIONAL_IN_GB2312.intersection(text):
            return text
    except UnicodeEncodeError:
        pass
    converted: str = _converter().convert(text)
    return converted


@cache
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


@cache
def _same() -> tuple[dict[str, str], re.Pattern[str]]:
    same = {normalise(written).lower(): normalise(read).lower() for written, read in words().same.items()}
    ordered = sorted(same, key=len, reverse=True)
    return same, re.compile("|".join(map(re.escape, ordered)))
