"""How much the data-driven engine costs beside a function written by hand for one rubric.

Asked: points and lines of the 44 criteria of the towns' rubric in at most 5 times the hand-written Decimal
function; the complete JSON with sentences and gains in at most 1 ms; `kaoping score` from a cold start in at
most twice the time of importing typer, pydantic and yaml.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import timeit
from decimal import Decimal
from pathlib import Path

from rubrics import loader
from rubrics.engine import Plan
from rubrics.facts import parse_facts, read_json

FACTS = Path("examples/menghe-2011.json").read_text(encoding="utf-8")
D = Decimal
YES = {
    "1": (("1.1", D(2)), ("1.2", D(2)), ("1.3", D(1)), ("1.4", D(2)), ("1.5", D(3))),
    "2": (("2.1", D(2)), ("2.2", D(3)), ("2.3", D(5)), ("2.4", D(5))),
    "3": (("3.2", D(5)),),
    "4": (("4.1", D(5)), ("4.2", D(5))),
    "5": (("5.1", D(1)), ("5.2", D(2)), ("5.3", D(3)), ("5.4", D(4))),
    "6": (("6.1", D(5)),),
    "7": (("7.1", D(5)), ("7.2", D(5))),
    "8": (("8.1", D(4)),),
    "9": (("9.1", D(4)),),
    "10": (("10.1", D(2)),),
}
ZERO, HUNDRED = D(0), D(100)


def by_hand(f: dict) -> tuple[dict[str, Decimal], list[tuple[str, Decimal]], Decimal]:
    """The towns' rubric of 2011 as one would write it for itself: points and a line a clause."""
    lines: list[tuple[str, Decimal]] = []
    add = lines.append
    items: dict[str, Decimal] = {}
    for item, clauses in YES.items():
        total = ZERO
        for ident, worth in clauses:
            points = worth if f.get(ident) is True else ZERO
            add((ident, points))
            total += points
        items[item] = total

    def bonus(ident: str, per: Decimal) -> Decimal:
        points = per * f.get(ident, ZERO)
        add((ident, points))
        return points

    def short(ident: str, base: Decimal, target: Decimal, step: Decimal) -> Decimal:
        achieved = f.get(ident)
        points = ZERO
        if achieved is not None:
            gap = target - achieved
            if gap <= 0:
                points = base
            else:
                whole, rest = divmod(gap, step)
                points = max(ZERO, base - whole - (1 if rest else 0))
        add((ident, points))
        return points

    if f.get("2.4") is True:
        items["2"] += bonus("2.5a", D(2)) + bonus("2.5b", D(1))
    else:
        add(("2.5a", ZERO))
        add(("2.5b", ZERO))
    rate = f.get("3.1")
    points = D(5) if rate is not None and rate >= 90 else ZERO
    add(("3.1", points))
    items["3"] += points + bonus("3.3a", D(2)) + bonus("3.3b", D(1))
    items["4"] += bonus("4.3", D(1)) + bonus("4.4a", D(2)) + bonus("4.4b", D(1))
    items["5"] += bonus("5.5", D(1))
    three = f.get("6.2")
    met = three is True or (
        isinstance(three, dict)
        and three.get("许可证合格率", ZERO) >= 92
        and three.get("食品合格率", ZERO) >= 90
        and three.get("整改率", ZERO) >= 100
    )
    points = D(5) if met else ZERO
    add(("6.2", points))
    failed, refused = f.get("6.3", ZERO) * 2, D(5) if f.get("6.4") else ZERO
    add(("6.3", -failed))
    add(("6.4", -refused))
    add(("6.5", ZERO))
    items["6"] = ZERO if f.get("6.5") is True else max(ZERO, items["6"] + points - failed - refused)
    add(("7.4", ZERO))
    items["7"] = ZERO if f.get("7.4") is True else items["7"] + bonus("7.3", D(2))
    for ident in ("8.2a", "8.2b", "8.2c"):
        items["8"] += short(ident, D(2), HUNDRED, D(1))
    accidents, late = f.get("9.3a", ZERO) * 2, f.get("9.3b", ZERO)
    add(("9.3a", -accidents))
    add(("9.3b", -late))
    items["9"] = max(ZERO, items["9"] + short("9.2", D(6), D(60), D(5)) - accidents - late)
    items["10"] += short("10.2", D(3), D(4), D(1))
    return items, lines, sum(items.values(), ZERO)


def best(function, number: int) -> float:
    """Seconds a call, the median of nine rounds."""
    return statistics.median(timeit.repeat(function, number=number, repeat=9)) / number


def cold(code: str) -> float:
    """Seconds of a fresh interpreter running ``code``, the median of nine, after one to warm the disk."""
    run = lambda: subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)  # noqa: E731
    run()
    return statistics.median(timeit.repeat(run, number=1, repeat=9))


def main() -> None:
    plan = Plan(loader.load("xinbei-2011-towns"))
    facts = parse_facts(plan.rubric, read_json(FACTS))
    items, lines, total = by_hand(facts)
    scored = plan.score(facts)
    assert total == scored.total, (total, scored.total)
    assert items == {s.plan.item.id: s.points for s in scored.items}
    assert len(lines) == len(scored.lines) == 44
    hand, engine = best(lambda: by_hand(facts), 2000), best(lambda: plan.score(facts), 2000)
    full = best(lambda: plan.score(facts).as_json(), 200)
    print(f"by hand {hand * 1e6:.1f} µs, engine {engine * 1e6:.1f} µs: {engine / hand:.2f} times (asked: at most 5)")
    print(f"complete JSON with sentences and gains {full * 1e3:.3f} ms (asked: at most 1 ms)")
    floor = cold("import typer, pydantic, yaml")
    command = cold(
        "import sys; sys.argv = ['kaoping', 'score', 'hunan', '{}', '--json']; from bot.cli import main; main()"
    )
    print(
        f"imports {floor * 1e3:.0f} ms, kaoping score hunan {command * 1e3:.0f} ms: {command / floor:.2f} times (asked: 2)"
    )


if __name__ == "__main__":
    main()
