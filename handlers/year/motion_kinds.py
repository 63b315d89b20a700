"""What takes two people, by name: how it is told and how it is carried out (see `motions.Kind`)."""

from __future__ import annotations

from handlers.people import erasing
from handlers.year import (
    lifting,
    reopening_scores,
    switching,
    vetoing,
)
from handlers.year.motions import Kind
from storage.motions import Motion

_KINDS: dict[tuple[str, str], Kind] = {
    ("veto", "book"): vetoing.KIND,
    ("veto", "lift"): lifting.KIND,
    ("erase", ""): erasing.KIND,
    ("reading", ""): switching.KIND,
    ("reopen", "scores"): reopening_scores.KIND,
}
"""By the kind of `storage.tables_closing.MOTIONS` and the ``what`` of the subject, where a kind has several."""


def kind_of(motion: Motion) -> Kind | None:
    """How a motion is carried out; None for one that this version of the program cannot."""
    return _KINDS.get((motion.kind, str(motion.subject.get("what", ""))))
