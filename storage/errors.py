"""What can go wrong with what is stored, said to a person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

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


class ChangedMeanwhileError(StorageError):
    """Somebody else's version came first; theirs stands, and ``at`` (UTC) says since when."""

    def __init__(self, label: str, by: str, at: datetime, version: int) -> None:
        self.label, self.by, self.at, self.version = label, by, at, version
        who = by or "另一位同事"
        super().__init__(f"「{label}」刚刚由 {who} 填过（第 {version} 次），您的这一次没有记入，请看过现在的内容再修改")
