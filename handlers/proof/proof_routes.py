"""The buttons about files and entries, and the words they ask for (see `routes`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from channels.keys import Key
from handlers.answering import (
    changing,
    entering,
    honouring,
    ledger,
)
from handlers.free_text import whose
from handlers.proof import (
    noting,
    parting,
    proof_or_entry,
    proposing,
    proving,
    sorting,
)
from handlers.turn import Turn

Handle = Callable[[Turn, Key], Awaitable[None]]

PRESSES: dict[str, Handle] = {
    "file-put": proposing.put,
    "file-all": proposing.all_of_them,
    "file-each": proposing.one_by_one,
    "file-leave": proposing.leave,
    "file-year": whose.move,
    "sort": sorting.show,
    "sort-item": sorting.choose_clause,
    "use": sorting.use,
    "move": sorting.move,
    "part": parting.said_part,
    "of-entry": parting.said_entry,
    "proof": proving.of_clause,
    "file": proving.card,
    "file-show": proving.show,
    "file-also": proving.also,
    "file-part": proving.parts,
    "file-entry": proving.which_entry,
    "file-take": changing.take_back,
    "files-take": changing.take_all_back,
    "file-swap": changing.swap,
    "file-about": changing.about,
    "about-yes": changing.about_sure,
    "by-number": noting.ask_number,
    "offline": noting.ask_offline,
    "note-take": noting.take_back,
    "line-new": proof_or_entry.new,
    "line-proof": proof_or_entry.proof,
    "entry-new": entering.new,
    "entry-yes": entering.sure,
    "entry-giver": honouring.wanted,
    "entry-bare": honouring.bare,
    "entries": ledger.show,
    "entry": ledger.card,
    "entry-take": ledger.take_back,
}

EXPECTED: dict[str, Handle] = {
    "swap": changing.swap_typed,
    "file-about": changing.about_typed,
    "by-number": noting.number_typed,
    "offline": noting.offline_typed,
    "entry-new": entering.typed,
    "entry-by": honouring.said,
    "entry-giver": honouring.said,
}
