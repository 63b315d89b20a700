"""撤回, 发错了, 换一份, 台账 and 材料 as typed words: about what was done or chosen last."""

from __future__ import annotations

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.answering import (
    changing,
    keeping,
    ledger,
    recent,
)
from handlers.answering.recent import Act
from handlers.proof import (
    destination,
    proving,
    sorting,
)
from handlers.turn import Place, Turn
from storage import answers

_FILES_SHOWN = ("sort", "use", "file", "proof")
"""Verbs of buttons beneath files: who types 撤回 there may mean one of them."""


async def undo(turn: Turn) -> None:
    """Take back what was done last; where it could be something else by what is on the screen, ask what is meant."""
    done = recent.acts(turn)
    shown = [key.partition(":")[0].startswith(_FILES_SHOWN) for key in turn.state.get("labels", {}).values()]
    opened = await _of_the_open(turn)
    if not done and not opened:
        _which(turn, "undo")
    elif len(done) == 1 and "open" not in turn.state and not any(shown):
        await _take_back(turn, done[0])
    else:
        _ask_which(turn, [*opened, *(act for act in done if act.undo not in {one.undo for one in opened})])


async def _of_the_open(turn: Turn) -> list[Act]:
    """The answer that stands where its question is being asked again."""
    opened = turn.state.get("open")
    place = turn.place_of(opened) if opened else None
    current = await answers.current_in(turn.connection, place.unit_id, place.rubric.id) if place else {}
    answer = current.get(place.criterion.id) if place else None
    if place is None or answer is None or answer.state == "withdrawn":
        return []
    return [Act(place.criterion.label, keys.pack("undo", *place.parts, version=answer.version))]


async def _take_back(turn: Turn, act: Act) -> None:
    key = keys.parse(act.undo)
    assert key is not None
    takers = {
        "undo": keeping.undo,
        "entry-take": ledger.take_back,
        "file-take": changing.take_back,
        "files-take": changing.take_all_back,
    }
    await takers[key.verb](turn, key)


async def wrong(turn: Turn) -> None:
    """发错了: the newest thing can be changed or taken back."""
    done = recent.acts(turn)
    if done:
        turn.say("undo-which", (*done[0].buttons(alone=True), *_list(turn)), acts=done[:1])
    else:
        _which(turn, "undo")


async def swap(turn: Turn) -> None:
    """换一份: the file that came last, or which of several."""
    files = [act for act in recent.acts(turn) if act.is_file]
    key = keys.parse(files[0].mend) if files else None
    if key is not None:
        await changing.swap(turn, key)
    elif files:
        await proof(turn)  # several came at once: each stands behind its button there
    else:
        _which(turn, "swap")


def _ask_which(turn: Turn, acts: list[Act]) -> None:
    options = [option for act in acts for option in act._replace(mend="").buttons(alone=False)]
    turn.say("undo-which", (*options, *_list(turn)), acts=acts)


async def entries(turn: Turn) -> None:
    """The entries of the last clause."""
    place = _last(turn)
    if place is None or not place.criterion.entries:
        _which(turn, "entries")
    else:
        await ledger.show(turn, _key("entries", place))


async def proof(turn: Turn) -> None:
    """The proof of the last clause; with none, the files that wait to be sorted."""
    place = _last(turn)
    if place is None:
        await sorting.show(turn)
    else:
        await proving.of_clause(turn, _key("proof", place))


def _last(turn: Turn) -> Place | None:
    """The clause that is being asked, else the last one."""
    opened = turn.state.get("open")
    return turn.place_of(opened) if opened else destination.last(turn)


def _which(turn: Turn, what: str) -> None:
    turn.say("which-clause", _list(turn), what=what)


def _list(turn: Turn) -> tuple[Option, ...]:
    unit_id = turn.liaison.unit_id if turn.liaison else None
    return (Option(keys.pack("list", unit_id), "清单"),) if unit_id else ()


def _key(verb: str, place: Place) -> Key:
    return Key(verb, tuple(str(part) for part in place.parts), 0)
