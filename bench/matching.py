"""How well messages find their clause and value, and how long one takes.

Peers in the same run, on the same messages: ``rapidfuzz.process.extractOne`` with WRatio and a character n-gram
TF-IDF, both on the text of the clauses. Without arguments the messages are ``fresh_messages.jsonl`` (``--messages``: another
file, such as ``unseen_messages.jsonl``) and the peers read our labels and questions; with ``--register FOLDER`` they are that folder's ``utterances.jsonl``, of
which a fifth (by a hash of the text) is kept aside for ``--held-out``, and the peers read its ``criteria.csv``.
All limits are fitted on four folds, one after the other from the strictest ones on (a
limit is loosened only where that finds more), and measured on the fifth.
"""

from __future__ import annotations

import argparse
import csv
import gc
import hashlib
import json
import statistics
import time
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from rapidfuzz import fuzz, process
from sklearn.feature_extraction.text import TfidfVectorizer

from rubrics import loader
from rubrics.matching import Match, Matcher
from rubrics.matching.deciding import Limits
from rubrics.model import Rubric

FRESH = Path(__file__).parent / "fresh_messages.jsonl"
DAY = date(2026, 11, 21)
FOLDS = 5
PASSES = 2
STEPS: dict[str, tuple[Any, ...]] = {  # from strict to loose
    "ask": (9.0, 7.5, 6.5), "ask_trade": (7.5, 6.0, 4.5), "ask_common": (6.5, 5.0, 4.0),
    "ask_qualified": (12.0, 9.0, 7.0), "against": (3.0, 2.0, 1.0), "against_qualified": (4.0, 2.6, 1.6),
    "ask_beside": (5.0, 3.5, 2.5), "sure": (18.0, 14.0, 12.0), "sure_untraded": (26.0, 21.0, 16.0),
    "margin": (0.45, 0.3, 0.15), "unexplained": (4, 6, 8),
}  # fmt: skip
STRICTEST = Limits(**{name: steps[0] for name, steps in STEPS.items()})


class Tally(NamedTuple):
    """Counts over messages; they add up."""

    scope: int = 0
    first: int = 0
    facts: int = 0
    found: int = 0
    sure: int = 0
    sure_wrong: int = 0
    sure_first: int = 0
    outside: int = 0
    outside_sure: int = 0
    outside_asked: int = 0
    values: int = 0
    values_right: int = 0
    sure_values: int = 0
    sure_values_wrong: int = 0

    def __add__(self, other: tuple[Any, ...]) -> Tally:
        return Tally(*(a + b for a, b in zip(self, other, strict=True)))

    @property
    def worth(self) -> float:
        """What fitting looks for: facts found, few wrong among sure, few questions about nothing."""
        wrong = self.sure_wrong / max(self.sure, 1) + self.outside_sure / max(self.outside, 1)
        return (
            self.first / max(self.scope, 1) + self.found / max(self.facts, 1)
            + 0.3 * self.sure_first / max(self.first, 1) - 10 * max(0.0, wrong - 0.005)
            - 0.5 * self.outside_asked / max(self.outside, 1)
        )  # fmt: skip

    def row(self, name: str) -> str:
        """One row of the table."""
        shares = [
            (self.first, self.scope), (self.found, self.facts), (self.sure_wrong, self.sure),
            (self.outside_sure, self.outside), (self.outside_asked, self.outside),
            (self.values_right, self.values), (self.sure_values_wrong, self.sure_values), (self.sure_first, self.first),
        ]  # fmt: skip
        return f"| {name} | " + " | ".join(f"{a / b:.1%} ({a}/{b})" if b else "–" for a, b in shares) + " |"


def tally(row: dict[str, Any], facts: tuple[Match, ...]) -> Tally:
    """What one message adds."""
    gold: list[list[str]] = row["gold"]
    sure = [f for f in facts if f.decision == "sure"]
    if not gold:
        return Tally(
            outside=1, outside_sure=bool(sure), outside_asked=bool(facts), sure=len(sure), sure_wrong=len(sure)
        )
    right = {ident for ids in gold for ident in ids}
    first = bool(facts) and facts[0].criterion in right
    values = [_value_right(row, ids, facts) for ids in gold]
    stated = [v for v in values if v is not None]
    written = [_same(f.value, row["values"][f.criterion]) for f in sure if _is_written(row, f)]
    return Tally(
        scope=1, first=first, facts=len(gold),
        found=sum(any(f.criterion in ids for f in facts) for ids in gold),
        sure=len(sure), sure_wrong=sum(f.criterion not in right for f in sure),
        sure_first=first and facts[0].decision == "sure",
        values=len(stated), values_right=sum(stated),
        sure_values=len(written), sure_values_wrong=len(written) - sum(written),
    )  # fmt: skip


def _value_right(row: dict[str, Any], ids: list[str], facts: tuple[Match, ...]) -> bool | None:
    values = {ident: value for ident, value in (row.get("values") or {}).items() if ident in ids}
    if not values:
        return None
    found = [f for f in facts if f.criterion in ids]
    return bool(found) and found[0].criterion in values and _same(found[0].value, values[found[0].criterion])


def _is_written(row: dict[str, Any], fact: Match) -> bool:
    """Whether a sure fact of the right clause has a value, so that it would be written down without a question."""
    return fact.value is not None and fact.criterion in (row.get("values") or {})


def _same(ours: bool | Decimal | None, gold: Any) -> bool:
    if gold == "na":  # 不适用 is no value; the question that follows takes it
        return ours is None
    if isinstance(gold, bool) or not isinstance(ours, Decimal):
        return ours is gold
    return abs(float(ours) - float(gold)) < 0.006


def is_held_out(text: str) -> bool:
    """Whether a message belongs to the fifth that is only reported on."""
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % 5 == 0


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def clause_texts(register: Path | None) -> dict[str, dict[str, str]]:
    """The text of each clause by rubric and id: the register's own, else our labels and questions."""
    texts: dict[str, dict[str, str]] = {}
    if register is None:
        for ident in loader.rubric_ids():
            texts[ident] = {c.id: f"{c.label} {c.ask}" for c in loader.load(ident).criteria.values()}
        return texts
    with (register / "criteria.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            texts.setdefault(row["rubric"], {})[row["criterion"]] = f"{row['item_title']} {row['text']}"
    return texts


def peer(name: str, rows: list[dict[str, Any]], best: Callable[[str, str], str]) -> None:
    """First proposals of a peer that always names one clause."""
    scope = [row for row in rows if row["gold"]]
    start = time.perf_counter()
    said = [best(row["rubric"], row["text"]) for row in scope]
    each = (time.perf_counter() - start) / max(len(scope), 1)
    first = sum(any(one in ids for ids in row["gold"]) for row, one in zip(scope, said, strict=True))
    facts = sum(len(row["gold"]) for row in scope)
    total = Tally(scope=len(scope), first=first, facts=facts, found=first)
    print(total.row(name), f"{each * 1e3:.2f} ms a message")


def wratio(texts: dict[str, dict[str, str]]) -> Callable[[str, str], str]:
    return lambda rubric, text: str(process.extractOne(text, texts[rubric], scorer=fuzz.WRatio)[2])


def tf_idf(texts: dict[str, dict[str, str]]) -> Callable[[str, str], str]:
    models = {}
    for rubric, clauses in texts.items():
        vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
        models[rubric] = (vectorizer, vectorizer.fit_transform(clauses.values()), list(clauses))

    def best(rubric: str, text: str) -> str:
        vectorizer, matrix, ids = models[rubric]
        return ids[int((matrix @ vectorizer.transform([text]).T).toarray().argmax())]

    return best


@cache
def rubrics() -> dict[str, Rubric]:
    return {ident: loader.load(ident) for ident in loader.rubric_ids()}


def run(rows: Iterable[dict[str, Any]], limits: Limits | None = None) -> list[Tally]:
    matchers = {i: Matcher(rubric, limits=limits) if limits else Matcher(rubric) for i, rubric in rubrics().items()}
    return [tally(row, matchers[row["rubric"]].match(row["text"], DAY)) for row in rows]


def cross_validated(rows: list[dict[str, Any]]) -> Tally:
    """Each fold measured with the limits that did best on the other four."""
    tallies: dict[Limits, list[Tally]] = {}

    def each(limits: Limits) -> list[Tally]:
        if limits not in tallies:
            tallies[limits] = run(rows, limits)
        return tallies[limits]

    total = Tally()
    for fold in range(FOLDS):
        chosen = fitted(each, fold)
        total = sum((t for n, t in enumerate(each(chosen)) if n % FOLDS == fold), total)
        print(f"fold {fold + 1}: {chosen}")
    print(f"on all: {fitted(each, None)}")
    return total


def fitted(each: Callable[[Limits], list[Tally]], fold: int | None) -> Limits:
    """The limits that do best outside of a fold, found one after the other from the strictest ones, twice over."""

    def worth(limits: Limits) -> float:
        return sum((t for n, t in enumerate(each(limits)) if n % FOLDS != fold), Tally()).worth

    best = STRICTEST
    for _ in range(PASSES):
        for name, steps in STEPS.items():
            best = max((best, *(best._replace(**{name: step}) for step in steps)), key=worth)
    return best


def times(rows: list[dict[str, Any]]) -> None:
    """Building and matching, on the rubric with the most clauses too."""
    gc.collect()
    gc.freeze()  # as `serve` does once it has imported: else a collection of all modules falls into one of the figures
    built, each = [], []
    for rubric in rubrics().values():
        start = time.perf_counter()
        matcher = Matcher(rubric)
        built.append((time.perf_counter() - start, rubric.id))
        for row in rows:
            start = time.perf_counter()
            matcher.match(row["text"], DAY)
            each.append(time.perf_counter() - start)
    p50, p99 = statistics.median(each), statistics.quantiles(each, n=100)[98]
    garbage = "质" * 10_000_000
    start = time.perf_counter()
    matcher.match(garbage, DAY)
    refused = time.perf_counter() - start
    longest, ident = max(built)
    print(f"index {longest * 1e3:.0f} ms ({ident}); a message p50 {p50 * 1e3:.2f} ms, p99 {p99 * 1e3:.2f} ms")
    print(f"first use of pinyin {max(each) * 1e3:.0f} ms; 10 million characters refused in {refused * 1e6:.0f} µs")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--register", type=Path, help="folder with utterances.jsonl and criteria.csv")
    parser.add_argument("--messages", type=Path, default=FRESH, help="another labelled file, without --register")
    parser.add_argument("--held-out", action="store_true", help="the fifth that is kept aside; figures only")
    parser.add_argument("--no-folds", action="store_true", help="skip the cross-validation")
    args = parser.parse_args()
    rows = rows_of(args.register / "utterances.jsonl" if args.register else args.messages)
    if args.register:
        rows = [row for row in rows if is_held_out(row["text"]) == args.held_out]
    print(
        "| | first right | facts found | wrong among sure | outside sure | outside asked | values | wrong value, sure | sure of first |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    print(sum(run(rows), Tally()).row(f"{len(rows)} messages"))
    if args.register and not args.held_out and not args.no_folds:
        print(cross_validated(rows).row("cross-validated"))
    texts = clause_texts(args.register)
    peer("WRatio", rows, wratio(texts))
    peer("TF-IDF", rows, tf_idf(texts))
    times(rows)


if __name__ == "__main__":
    main()
