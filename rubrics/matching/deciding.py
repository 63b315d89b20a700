"""Whether a clause is what was meant: written down at once, asked about, or not mentioned at all.

``bench/matching.py`` fits each limit on four fifths of the labelled messages. Those for asking lie lower here, as what
clauses explain of messages never seen before is less; those for *sure* lie higher, on the careful side where other
offices' talk, of which there are few examples, could be written down.
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
    trade: bool  # a word that only this trade uses is part of it
    foreign: bool  # another office's business, outside of what is explained
    qualified: bool  # unknown words stand directly before what was found
    asking: bool
    beside: bool  # another fact of the message is clear
    open: bool  # hedged, a caption, mended spelling: somebody should look


class Limits(NamedTuple):
    """From where on something is said."""

    ask: float = 7.5
    ask_trade: float = 6.0  # where a word of the trade is part of it
    ask_common: float = 5.0  # where only words of any office speak for it
    ask_qualified: float = 9.0  # where unknown words stand before such common ones
    against: float = 2.0  # for each character that nothing accounts for, where no word of the trade is part of it
    against_qualified: float = 2.6  # and where unknown words stand before it
    ask_beside: float = 3.5  # where the same message speaks clearly of another clause
    sure: float = 14.0
    sure_untraded: float = 21.0  # where no word of the trade is part of it
    margin: float = 0.3  # of the score, ahead of the next clause
    unexplained: int = 6  # characters that nothing accounts for


LIMITS = Limits()


def decide(evidence: Evidence, limits: Limits = LIMITS) -> Decision | None:
    """What to do with the best clause; None where the message is about something else."""
    if evidence.asking or evidence.foreign:
        return None
    least = limits.ask if evidence.specific else limits.ask_common
    if evidence.trade:
        least = min(least, limits.ask_trade)
    if evidence.qualified and not evidence.specific and not evidence.trade:
        least = limits.ask_qualified
    if evidence.score < (min(least, limits.ask_beside) if evidence.beside else least):
        return None
    if _outweighed(evidence, limits):
        return None
    ahead = evidence.score - evidence.second >= limits.margin * evidence.score
    if (
        evidence.score >= (limits.sure if evidence.trade else max(limits.sure, limits.sure_untraded))
        and ahead
        and evidence.specific >= 2
        and evidence.unexplained <= limits.unexplained
        and not evidence.open
    ):
        return "sure"
    return "ask"


def _outweighed(evidence: Evidence, limits: Limits) -> bool:
    """Whether what nothing accounts for says more than what the clause explains: 动物防疫|协管员|缺两个名额."""
    if evidence.trade or evidence.beside:
        return False
    each = limits.against_qualified if evidence.qualified else limits.against
    return evidence.score < each * evidence.unexplained
