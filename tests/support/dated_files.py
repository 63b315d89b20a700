"""Files that say when they were made: slides with their properties, the head of a photo with its EXIF."""

from __future__ import annotations

import struct

from made_files import TYPES, zipped

CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dcterms="http://purl.org/dc/terms/"><dcterms:created>{}</dcterms:created>'
    "<dcterms:modified>{}</dcterms:modified></cp:coreProperties>"
)
SLIDES: dict[str, str | bytes] = {"[Content_Types].xml": TYPES, "ppt/presentation.xml": "<p/>"}


def slides(made: str, saved: str = "") -> bytes:
    """Slides with these properties and nothing on them."""
    return zipped({**SLIDES, "docProps/core.xml": CORE.format(made, saved)})


def photo(taken: str = "", changed: str = "", order: str = "<", *, digitized: str = "") -> bytes:
    """The head of a JPEG with these times of EXIF, after a segment that is none."""
    exif = _exif(taken, changed, order, digitized)
    segments = b"".join(
        b"\xff" + mark + struct.pack(">H", len(part) + 2) + part
        for mark, part in ((b"\xe0", b"JFIF\0"), (b"\xe1", exif))
    )
    return b"\xff\xd8" + segments + b"\xff\xda\0\0picture\xff\xd9"


def _exif(taken: str, changed: str, order: str, digitized: str) -> bytes:
    times = [one.encode().ljust(20, b"\0") for one in (changed, taken, digitized)]
    first, further = 8, 8 + 2 + 2 * 12 + 4
    texts = further + 2 + 2 * 12 + 4
    zeros = struct.pack(f"{order}I", 0)
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", first)
    one = struct.pack(f"{order}HHHIIHHII", 2, 0x0132, 2, 20, texts, 0x8769, 4, 1, further)
    other = struct.pack(f"{order}HHHIIHHII", 2, 0x9003, 2, 20, texts + 20, 0x9004, 2, 20, texts + 40)
    return b"Exif\0\0" + head + one + zeros + other + zeros + b"".join(times)
