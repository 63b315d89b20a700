"""A paper in running text, filled into a Word document that an office can replace.

In a template ``{{words}}`` are replaced wherever they stand, in tables, headers and footers too. What is longer than
some words (the results by rubric, the list of attachments) is a part: its placeholder stands in a paragraph of its own,
the part takes the paragraph's place, and its running text looks like that paragraph. Everything else stays as the office
has made it; a line of nothing but a placeholder without words is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from reports.lettering import clean
from reports.placeholders import PLACEHOLDER, join, paragraphs
from reports.templates import TemplateError
from reports.word import Sheet

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

BLANK_AT = datetime(2000, 1, 1, tzinfo=UTC)
"""When our own templates say they were made; a paper filled into one says its own moment."""

Part = Callable[[Sheet], None]
"""Writes a part of a paper."""


class Filling(NamedTuple):
    """What a paper says: by placeholder its words and its parts; ``made_at`` aware.

    ``needed``: the parts without which a template is none of this paper. ``table_points``: size of words in tables.
    """

    title: str
    words: Mapping[str, str]
    parts: Mapping[str, Part]
    needed: tuple[str, ...]
    made_at: datetime
    table_points: int = 11


def filled(template: bytes, filling: Filling) -> bytes:
    """The paper as a docx file.

    Raises:
        TemplateError: no docx, or a part that is needed has no paragraph of its own.
    """
    opened = _opened(template)
    join(opened)
    places = {p.text.strip(): p for p in opened.paragraphs if p.text.strip() in filling.parts}
    for name in filling.needed:
        if name not in places:
            raise TemplateError(f"模板里没有单独成段的 {name}，请在要放这部分的地方加一段，只写 {name}")
    _fill_words(opened, filling)
    for name, place in places.items():
        _write(opened, place, filling.parts[name], filling.table_points)
    properties = opened.core_properties
    properties.title = filling.title
    properties.created = properties.modified = filling.made_at.astimezone(UTC).replace(tzinfo=None)
    target = BytesIO()
    opened.save(target)
    return target.getvalue()


def _opened(template: bytes) -> Document:
    import docx

    try:
        return docx.Document(BytesIO(template))
    except Exception as error:  # python-docx raises whatever zip and XML raise
        raise TemplateError("模板打不开：要用 Word 存成的 docx 文件，请重新存一次") from error


def _fill_words(opened: Document, filling: Filling) -> None:
    """One pass, so that a name that looks like a placeholder stays a name."""
    from docx.oxml.ns import qn

    words = {name: clean(said) for name, said in filling.words.items()}
    for paragraph in list(paragraphs(opened)):
        texts = list(paragraph.iter(qn("w:t")))
        whole = "".join(text.text or "" for text in texts).strip()
        if words.get(whole) == "" and paragraph.getparent() is opened.element.body:
            paragraph.getparent().remove(paragraph)
            continue
        for text in texts:
            if "{{" in (text.text or ""):
                text.text = PLACEHOLDER.sub(lambda found: words.get(found[0], found[0]), text.text)


def _write(opened: Document, place: Paragraph, part: Part, table_points: int) -> None:
    """Have a part written at the document's end, then move it to its place."""
    body = opened.element.body
    before = set(body)
    part(Sheet.within(opened, place, table_points))
    for element in [element for element in body if element not in before]:
        place._p.addprevious(element)
    body.remove(place._p)
