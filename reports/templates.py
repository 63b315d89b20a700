"""The office's own forms: files in a folder beside the database that take the place of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rubrics.errors import KaopingError

TEMPLATES = "templates"
"""The folder of the office's ``<rubric>.docx``, ``<rubric>.xlsx`` and ``<paper>.docx`` (``通报稿.docx``)."""


class TemplateError(KaopingError):
    """A template that cannot be filled."""


def template_of(data_folder: Path, name: str) -> bytes | None:
    """The office's file of that name; None where it has none."""
    path = data_folder / TEMPLATES / name
    return path.read_bytes() if path.is_file() else None


@contextmanager
def naming(name: str) -> Iterator[None]:
    """Say of which file it is that it cannot be filled.

    Raises:
        TemplateError: whatever was wrong, behind the file's name.
    """
    try:
        yield
    except TemplateError as error:
        raise TemplateError(f"{TEMPLATES}/{name}：{error}") from error


def in_form(data_folder: Path, name: str, write: Callable[[bytes | None], bytes]) -> bytes:
    """A paper in the office's form of that name, else in ours; ``write`` is given the form.

    Raises:
        TemplateError: the form cannot be filled; it names the file.
    """
    with naming(name):
        return write(template_of(data_folder, name))
