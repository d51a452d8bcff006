"""One engine against our forms: what is equal within rounding, what a named fault of the engine explains, what is left."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from oracles import taxcalc_engine, tenforty_engine
from oracles.faults import ROUNDING, engines, put_in
from oracles.returns import Build, Drawn, Figures, draw, figures

from worksheets.tax_return import TaxReturn

ENGINES: dict[str, Callable[[int, Sequence[Drawn]], list[Figures]]] = {
    "taxcalc": taxcalc_engine.work,
    "tenforty": tenforty_engine.work,
}


@dataclass
class Tally:
    """How the returns of one year came out; `unexplained` in words."""

    engine: str
    year: int
    compared: int = 0
    equal: int = 0
    explained: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    unexplained: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        named = ", ".join(f"{name} {count:,}" for name, count in sorted(self.faults.items()))
        return (
            f"{self.engine} {self.year}: {self.compared:,} compared, {self.equal:,} equal, "
            f"{self.explained:,} explained ({named}), {len(self.unexplained):,} unexplained"
        )


def years(engine: str) -> range:
    """The tax years that an engine is compared in."""
    first, last = engines()[engine]["covers"]
    return range(first, last + 1)


def differences(done: TaxReturn, theirs: Figures) -> dict[str, tuple[Decimal, Decimal]]:
    """Ours and theirs, by name, where they differ by more than rounding."""
    pairs = {name: (value, theirs.amounts[name]) for name, value in figures(done).amounts.items()}
    return {name: (ours, found) for name, (ours, found) in pairs.items() if abs(ours - found) > ROUNDING}


def _told(drawn: Drawn, found: dict[str, tuple[Decimal, Decimal]]) -> str:
    amounts = {key: str(value) for key, value in drawn.amounts.items() if value}
    wrong = "; ".join(f"{name}: ours {a}, theirs {b}" for name, (a, b) in found.items())
    return f"{drawn.year} {drawn.status} {wrong}\n    {amounts} {drawn.boxes} {drawn.itemized} {drawn.preferences}"


def _judge(tally: Tally, drawn: Drawn, theirs: Figures) -> None:
    tally.compared += 1
    done = Build.of(drawn, theirs.entries).work()
    if not differences(done, theirs):
        tally.equal += 1
        return
    build = Build.of(drawn, theirs.entries)
    names = put_in(tally.engine, build, theirs)
    if left := differences(build.work(), theirs):
        tally.unexplained.append(_told(drawn, left))
    else:
        tally.explained += 1
        tally.faults.update(names)


def compare(engine: str, count: int) -> Iterator[Tally]:
    """The tally of each year, `count` returns a year, the same ones on every run."""
    for year in years(engine):
        rng = random.Random(year)  # noqa: S311 - no secrets
        returns = [draw(rng, year) for _ in range(count)]
        tally = Tally(engine, year)
        for drawn, theirs in zip(returns, ENGINES[engine](year, returns), strict=True):
            _judge(tally, drawn, theirs)
        yield tally
