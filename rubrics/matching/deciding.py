"""Whether a clause is what was meant: written down at once, asked about, or not mentioned at all.

The limits were fitted by ``bench/matching.py`` on labelled messages, four fifths of them at a time.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Decision = Literal["sure", "ask"]


class Evidence(NamedTuple):
    """What speaks for the best clause of one fact, and what against it."""

    score: float  # explained by the best clause
    second: float  # by the next one
    specific: int  # characters of words that are this very subject's
    unexplained: int  # characters that nothing accounts for
    foreign: bool  # another office's business, outside of what is explained
    asking: bool
    beside: bool  # another fact of the message is clear
    open: bool  # hedged, a caption, mended spelling: somebody should look


class Limits(NamedTuple):
    """From where on something is said."""

    ask: float = 8.5
    ask_common: float = 5.0  # where only words of any office speak for it
    ask_beside: float = 4.5  # where the same message speaks clearly of a clause of the same item
    sure: float = 16.0
    margin: float = 0.3  # of the score, ahead of the next clause
    unexplained: int = 5


LIMITS = Limits()


def decide(evidence: Evidence, limits: Limits = LIMITS) -> Decision | None:
    """What to do with the best clause; None where the message is about something else."""
    if evidence.asking or evidence.foreign:
        return None
    least = limits.ask if evidence.specific else limits.ask_common
    if evidence.score < (min(least, limits.ask_beside) if evidence.beside else least):
        return None
    ahead = evidence.score - evidence.second >= limits.margin * evidence.score
    if (
        evidence.score >= limits.sure
        and ahead
        and evidence.specific >= 2
        and evidence.unexplained <= limits.unexplained
        and not evidence.open
    ):
        return "sure"
    return "ask"
