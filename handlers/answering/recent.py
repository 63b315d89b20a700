"""What a person did last: answers, files and entries, so that 撤回 and 发错了 are about what was meant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePath
from typing import Any, NamedTuple

from channels import keys
from channels.port import Option
from handlers.proof.destination import KEPT_FOR
from handlers.turn import Place, Turn
from storage.evidence import Evidence

MOST = 3
_LONGEST = 10  # characters of a button


class Act(NamedTuple):
    """One thing done. ``undo`` is the key that takes it back; ``mend`` the one that changes it, called ``how``."""

    name: str
    undo: str
    mend: str = ""
    how: str = ""
    at: str = ""

    @property
    def is_file(self) -> bool:
        """Whether files were sent."""
        return self.undo.startswith("file")

    def buttons(self, *, alone: bool) -> tuple[Option, ...]:
        """The ways back; among others each says what it is about."""
        short = PurePath(self.name).stem if self.is_file else self.name
        found = [Option(self.undo, "撤回" if alone else f"撤回 {short}"[:_LONGEST])]
        if self.mend:
            found.insert(0, Option(self.mend, self.how if alone else f"{self.how} {short}"[:_LONGEST]))
        return tuple(found)


def answered(turn: Turn, place: Place, version: int) -> None:
    """An answer was kept."""
    _note(turn, Act(place.criterion.label, keys.pack("undo", *place.parts, version=version), _ask(place), "修改"))


def entered(turn: Turn, place: Place, entry_id: int, name: str) -> None:
    """An entry was kept."""
    _note(turn, Act(name or place.criterion.label, keys.pack("entry-take", *place.parts, entry_id)))


def received(turn: Turn, files: Sequence[Evidence]) -> None:
    """Files came."""
    if act := _of_files(turn, files):
        _note(turn, act)


def _of_files(turn: Turn, files: Sequence[Evidence]) -> Act | None:
    """What can be done about files that came just now; None where there is none, or all had been sent before."""
    fresh = [file for file in files if file.received_at == turn.now] if turn.event.files else []
    if not fresh:
        return None
    unit_id, first, last = fresh[0].unit_id, fresh[0].id, fresh[-1].id
    if len(fresh) == 1:
        return Act(
            fresh[0].name, keys.pack("file-take", unit_id, first), keys.pack("file-swap", unit_id, first), "换一份"
        )
    return Act(f"{len(fresh)} 份材料", keys.pack("files-take", unit_id, f"{first}-{last}"))


def file_buttons(turn: Turn, files: Sequence[Evidence]) -> tuple[Option, ...]:
    """换一份 and 撤回 beneath the receipt of files."""
    act = _of_files(turn, files)
    return act.buttons(alone=True) if act else ()


def acts(turn: Turn) -> list[Act]:
    """What can still be meant, newest first; what was taken back is none."""
    held = [Act(**one) for one in reversed(turn.state.get("done", []))]
    return [act for act in held if turn.now - datetime.fromisoformat(act.at) <= KEPT_FOR]


def forget(turn: Turn, undo: str) -> None:
    """Something was taken back."""
    turn.state["done"] = [one for one in turn.state.get("done", []) if one["undo"] != undo]


def _note(turn: Turn, act: Act) -> None:
    same = act.undo.rpartition(":")[0]
    held: list[dict[str, Any]] = turn.state.get("done", [])
    rest = [one for one in held if one["undo"].rpartition(":")[0] != same]  # of one clause the newest answer
    turn.state["done"] = [*rest, act._replace(at=turn.now.isoformat())._asdict()][-MOST:]


def _ask(place: Place) -> str:
    return keys.pack("ask", *place.parts)
