"""The program ends before any statement one likes."""

from __future__ import annotations

from typing import Any

import pytest

from storage.connections import _Here, _There


class Kill(BaseException):
    """The program ends here."""


class Faults:
    """Ends the program before the n-th statement."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.left = -1
        self.hit = False
        for kind in (_Here, _There):
            self._wrap(patch, kind)

    def _wrap(self, patch: pytest.MonkeyPatch, kind: Any) -> None:
        real = kind.execute

        async def execute(connection: Any, *words: Any, **more: Any) -> Any:
            if self.left == 0:
                self.hit = True
                raise Kill
            self.left -= 1
            return await real(connection, *words, **more)

        patch.setattr(kind, "execute", execute)
