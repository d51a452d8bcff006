"""One engine against our forms: what is equal within rounding, what a named fault of the engine explains, what is left."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from oracles import taxcalc_engine, tenforty_engine
from oracles.faults import engines, put_in
from oracles.returns import Build, Drawn, Figures, draw, figures

from worksheets.tax_return import TaxReturn

CENTS = Decimal("0.10")  # we round each line to the cent, engines none
HALF_ROW = Decimal("6.60")  # the Tax Table taxes the middle of a row of 50 dollars, at most 24%, in whole dollars
ROW = Decimal("13.10")  # a float a hair below a row's edge is looked up one row too low
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
    to_the_cent: int = 0
    by_table: int = 0
    explained: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    unexplained: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        named = ", ".join(f"{name} {count:,}" for name, count in sorted(self.faults.items()))
        return (
            f"{self.engine} {self.year}: {self.compared:,} compared, {self.to_the_cent:,} equal to the cent, "
            f"{self.by_table:,} within a row of the Tax Table, {sum(self.explained.values()):,} explained ({named}), "
            f"{len(self.unexplained):,} unexplained"
        )


def years(engine: str) -> range:
    """The tax years that an engine is compared in."""
    first, last = engines()[engine]["covers"]
    return range(first, last + 1)


def _looked_up(done: TaxReturn) -> tuple[Decimal, Decimal]:
    """The amounts that the regular tax of a return is looked up for."""
    return done.f1040.taxable_income, done.f6251.source_ordinary_for_fifteen()


def tolerance(engine: str, done: TaxReturn) -> Decimal:
    """How far the tax may be off: an engine that knows no Tax Table may be half a row off, a float at an edge one."""
    amounts = [amount for amount in _looked_up(done) if 0 < amount < done.law.tax_table_limit]
    if not amounts:
        return CENTS
    if engine == "taxcalc":
        return HALF_ROW
    return ROW if any(amount % 25 == 0 for amount in amounts) else CENTS


def differences(engine: str, done: TaxReturn, theirs: Figures) -> dict[str, tuple[Decimal, Decimal]]:
    """Ours and theirs, by name, where they differ by more than rounding."""
    off = tolerance(engine, done)
    limits = {"tax": off, "AMT": off}
    ours = figures(done).amounts
    pairs = {name: (value, theirs.amounts[name]) for name, value in ours.items()}
    return {name: (a, b) for name, (a, b) in pairs.items() if abs(a - b) > limits.get(name, CENTS)}


def _told(drawn: Drawn, found: dict[str, tuple[Decimal, Decimal]]) -> str:
    amounts = {key: str(value) for key, value in drawn.amounts.items() if value}
    wrong = "; ".join(f"{name}: ours {a}, theirs {b}" for name, (a, b) in found.items())
    return f"{drawn.year} {drawn.status} {wrong}\n    {amounts} {drawn.boxes} {drawn.itemized} {drawn.preferences}"


def _judge(tally: Tally, drawn: Drawn, theirs: Figures) -> None:
    tally.compared += 1
    done = Build.of(drawn, theirs.entries).work()
    if not differences(tally.engine, done, theirs):
        exact = all(abs(value - theirs.amounts[name]) <= CENTS for name, value in figures(done).amounts.items())
        tally.to_the_cent += exact
        tally.by_table += not exact
        return
    build = Build.of(drawn, theirs.entries)
    names = put_in(tally.engine, build, theirs)
    if left := differences(tally.engine, build.work(), theirs):
        tally.unexplained.append(_told(drawn, left))
    else:
        tally.explained[" + ".join(names)] += 1
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
