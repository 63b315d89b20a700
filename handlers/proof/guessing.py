"""What a file's name or caption says about it: which part of a proof it is, which entry, which clause."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rubrics.dates import Day, find_days
from rubrics.model import Criterion
from storage.entries import Entry, same_name

_SAYS_NOTHING = re.compile("文件|材料|资料|附件|扫描件?|图片|照片|复印件|证明|新建|微信|最终版?|定稿|质量")
SHORTEST = 2  # characters in common
CLAUSE_SHORTEST = 3
MOST_CLAUSES = 3


def bare(words: str) -> str:
    """A name without the words that every file may have."""
    return _SAYS_NOTHING.sub(" ", words).strip()


def parts_of(words: str, parts: Sequence[str]) -> tuple[int, ...]:
    """The parts a name or caption speaks of, by position; none where it could be several or says nothing.

    All those written out in full; else the one that has most in common with it.
    """
    full = tuple(place for place, part in enumerate(parts) if part in words)
    if full:
        return full
    bare = _SAYS_NOTHING.sub(" ", words)
    common = [_covered(bare, _SAYS_NOTHING.sub(" ", part)) for part in parts]
    best = max(common, default=0)
    return (common.index(best),) if best >= SHORTEST and common.count(best) == 1 else ()


def entry_of(words: str, entries: Iterable[Entry], today: Day) -> Entry | None:
    """The entry a name or caption speaks of, by its number, its day or its name; None where it could be several."""
    entries = list(entries)
    said = same_name(words)
    for told in (
        [e for e in entries if e.number and same_name(e.number) in said],
        [e for e in entries if e.happened_on and _names_day(words, e, today)],
        [e for e in entries if same_name(e.name) and same_name(e.name) in said],
    ):
        if len(told) == 1:
            return told[0]
    return None


def clauses_of(words: str, clauses: Iterable[Criterion]) -> list[Criterion]:
    """The clauses whose proof a name or caption seems to be, best first, at most three."""
    bare = _SAYS_NOTHING.sub(" ", words)
    scored = [(max(_common(bare, part) for part in _words_of(c)), c) for c in clauses if c.proof != "none"]
    fitting = sorted((one for one in scored if one[0] >= CLAUSE_SHORTEST), key=lambda one: -one[0])
    return [c for _, c in fitting[:MOST_CLAUSES]]


def is_of(words: str, own: Criterion) -> bool:
    """Whether a name or caption has a word of the clause's proof in it."""
    said = bare(words)
    return max(_common(said, part) for part in _words_of(own)) >= CLAUSE_SHORTEST


def elsewhere(words: str, own: Criterion, clauses: Iterable[Criterion]) -> Criterion | None:
    """The one other clause whose proof a name or caption clearly is, where it has nothing in common with its own."""
    bare = _SAYS_NOTHING.sub(" ", words)
    if max(_common(bare, part) for part in _words_of(own)) >= SHORTEST:
        return None
    scored = [(max(_common(bare, part) for part in _words_of(c)), c) for c in clauses if c.proof != "none"]
    best = max((score for score, _ in scored), default=0)
    found = [c for score, c in scored if score == best]
    return found[0] if best >= CLAUSE_SHORTEST and len(found) == 1 else None


def _words_of(criterion: Criterion) -> tuple[str, ...]:
    parts = () if criterion.proof == "none" else criterion.proof.parts
    return (*parts, criterion.label, *(alias for alias in criterion.aliases if " " not in alias))


def _names_day(words: str, entry: Entry, today: Day) -> bool:
    assert entry.happened_on is not None
    on = Day(entry.happened_on.year, entry.happened_on.month, entry.happened_on.day)
    return any(found.day == on for found in find_days(words, today, on.year))


def _covered(words: str, part: str) -> int:
    """How many characters of a part lie in a run that the words have too."""
    pairs = [part[at : at + SHORTEST] for at in range(len(part) - SHORTEST + 1)]
    hits = [" " not in pair and pair in words for pair in pairs]
    return sum(any(hits[max(at - SHORTEST + 1, 0) : at + 1]) for at in range(len(part)))


def _common(one: str, other: str) -> int:
    """The length of the longest run of characters two texts share, spaces apart."""
    return max(
        (
            end - start
            for start in range(len(other))
            for end in range(start + 1, len(other) + 1)
            if " " not in other[start:end] and other[start:end] in one
        ),
        default=0,
    )
