"""Names inside a zip that every system can unpack: no path, no reserved name, not too long, none twice."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from datetime import date

from reports.lettering import clean

MOST_BYTES = 120
"""Of a file's or a folder's name; 255 are possible, but a whole path has to fit into 260 characters on Windows."""

_FORBIDDEN = str.maketrans('<>:"/\\|?*#%', "＜＞：＂／＼｜？＊＃％")  # the last two would end or change a link
_RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|CLOCK\$|CONIN\$|CONOUT\$|COM[0-9¹²³]|LPT[0-9¹²³])(?:\.|$)", re.IGNORECASE)

ENDINGS = {
    "pdf": ("pdf",),
    "png": ("png",),
    "jpeg": ("jpg", "jpeg"),
    "gif": ("gif",),
    "webp": ("webp",),
    "heic": ("heic", "heif"),
    "video": ("mp4", "mov", "m4v", "3gp"),
    "ole": ("doc", "xls", "ppt", "wps", "et", "dps"),
    "docx": ("docx", "docm"),
    "xlsx": ("xlsx", "xlsm"),
    "pptx": ("pptx", "pptm", "ppsx"),
    "ofd": ("ofd",),
    "ceb": ("ceb",),
    "zip": ("zip",),
    "rar": ("rar",),
    "7z": ("7z",),
    "text": ("txt", "csv"),
}
"""What a kind of file may be called, the usual ending first: a sender's ending counts only where its bytes agree."""


def name_of(text: str, most_bytes: int = MOST_BYTES) -> str:
    """The text as the name of a file or folder, whatever it holds; never empty, a path, hidden or reserved."""
    words = re.sub(r"\s+", "_", clean(unicodedata.normalize("NFC", text)).translate(_FORBIDDEN))
    name = _cut(words.strip("._ "), most_bytes).rstrip("._ ") or "未命名"
    return _cut(f"_{name}", most_bytes) if _RESERVED.match(name) else name


def file_name(
    clause: str, words: str, unit: str, day: date, ending: str, *, version: int | None = None, again: int = 1
) -> str:
    """``1-2_质量工作专题会议_孟河镇_2026-03-14_v2.pdf``; what is too long gives way in the middle.

    Args:
        clause: its number; empty for what proves none.
        version: where a file was replaced.
        again: from 2 on, the number of the file among those that would be called the same.
    """
    front = f"{name_of(clause.replace('.', '-'))}_" if clause else ""
    marks = (f"_v{version}" if version else "") + (f"_{again}" if again > 1 else "")
    behind = f"_{day.isoformat()}{marks}.{ending}"
    most = MOST_BYTES - len(f"{front}_{behind}".encode())
    whose = name_of(unit, most // 2)
    return f"{front}{name_of(words, most - len(whose.encode()))}_{whose}{behind}"


def name_among(unit: str, rest: str, taken: Collection[str]) -> str:
    """``孟河镇.xinbei-2011-towns.json``: a unit's file; numbered where two long names are cut to the same.

    Args:
        rest: what follows the unit's name and a dot.
        taken: the names there are already.
    """
    used = {spelled(name) for name in taken}
    names = (f"{name_of(unit)}{again}.{rest}" for again in ("", *(f"_{n}" for n in range(2, len(used) + 3))))
    return next(name for name in names if spelled(name) not in used)


def folder_name(number: str, label: str) -> str:
    """``02_创名牌``: an item's folder; numbers below 10 get a nought, so that folders sort as the items do."""
    padded = re.sub(r"^([0-9])(?![0-9])", r"0\1", number)
    return name_of(f"{padded}_{label}")


def ending_of(kind: str, sent_as: str) -> str:
    """The ending of a file: the sender's where its kind may be called so, else the kind's usual one."""
    given = clean(sent_as).rpartition(".")[2].lower()
    known = ENDINGS[kind]
    return given if given in known else known[0]


def spelled(path: str) -> str:
    """A path as systems compare it: without regard to case, and in one form of composed characters."""
    return unicodedata.normalize("NFKC", path).casefold()


def _cut(text: str, most_bytes: int) -> str:
    """At most so many bytes of UTF-8, no character torn, none left with the marks of one that went."""
    if len(text.encode()) <= most_bytes:
        return text
    kept = text.encode()[:most_bytes].decode(errors="ignore")
    return kept.rstrip("\u200d\ufe0f")
