"""What can go wrong with what is stored, said to a person."""

from __future__ import annotations

from collections.abc import Iterable

from rubrics.errors import KaopingError


class StorageError(KaopingError):
    """The data folder or its database cannot be used as asked."""


class NotFoundError(KaopingError):
    """No campaign, unit or person of that name."""


class RosterError(KaopingError):
    """A roster that cannot be imported; nothing of it was. ``problems`` names each cell."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join((*self.problems, f"花名册有 {len(self.problems)} 处要改，什么都没有导入")))


class InvitationError(KaopingError):
    """An invitation that cannot be made or used."""
