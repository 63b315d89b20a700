"""Free text to clauses and values: spelling → parts → scores → values → decision, each in its own file."""

from rubrics.matching.matcher import Match, Matcher

__all__ = ["Match", "Matcher"]
