"""What can be wrong with a rubric file or with facts, said to a person: where, what, what to do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Problem(NamedTuple):
    """One mistake in a file. ``line`` counts from 1; 0 means the file as a whole."""

    file: str
    line: int
    path: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file} 第{self.line}行" if self.line else self.file
        return f"{where}，{self.path}：{self.message}" if self.path else f"{where}：{self.message}"


class KaopingError(Exception):
    """Root of the errors that have a sentence for a person; ``str(error)`` is that sentence."""


class RubricError(KaopingError):
    """A rubric or overlay that cannot be used."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UnknownRubricError(KaopingError):
    """No rubric has that id."""


class FactError(KaopingError):
    """A fact that cannot be true of its criterion; names the criterion."""
