"""``{{words}}`` in a Word document, however Word has split them over runs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document

PLACEHOLDER = re.compile(r"\{\{[^{}]+\}\}")


def paragraphs(opened: Document) -> Iterator[Any]:
    """The XML of every paragraph: of the body with its tables, of headers and footers."""
    from docx.oxml.ns import qn

    roots = [opened.element.body]
    for section in opened.sections:
        roots += [place._element for place in (section.header, section.footer) if not place.is_linked_to_previous]
    return (paragraph for root in roots for paragraph in root.iter(qn("w:p")))


def join(opened: Document) -> None:
    """See that each placeholder is in one text."""
    from docx.oxml.ns import qn

    for paragraph in paragraphs(opened):
        texts = list(paragraph.iter(qn("w:t")))
        if PLACEHOLDER.search("".join(text.text or "" for text in texts)):
            _gather(texts)


def _gather(texts: Sequence[Any]) -> None:
    """Put each placeholder into the text it begins in."""
    for n, text in enumerate(texts):
        while (text.text or "").count("{{") > (text.text or "").count("}}") or (text.text or "").endswith("{"):
            after = next((other for other in texts[n + 1 :] if other.text), None)
            if after is None:
                break
            text.text, after.text = text.text + after.text[0], after.text[1:]
