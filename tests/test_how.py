"""What a line reads is what its `how` names: over cases that reach every branch, for every form of every year.

`how` is what a reader of the schedules is told a line is made of; the reads are what it was worked from. The cases are
drawn at random from fixed seeds, the same for every year, and enough of them that each line is worked in each branch.
"""

from __future__ import annotations

import random
from collections import defaultdict
from decimal import Decimal
from itertools import product

import pytest

from worksheets.amounts import STATUSES, Law
from worksheets.definitions import Definition, Named, definition, named, years
from worksheets.facts import YearFacts
from worksheets.form import Columns, Form, Read, Rounding, Trail
from worksheets.stock import YearStock
from worksheets.tax_return import TaxReturn

SHORT_RUNS, LONG_RUNS = 40, 12
GIVEN_LINES = ("regular_ordinary_for_zero", "regular_ordinary_for_fifteen")
ADJUSTMENTS = ("2c", "2d", "2e", "2f", "2g", "2h", "2j", "2l", "2m", "2n", "2o", "2p", "2q", "2r", "2s", "2t", "3")
CARRYOVERS = [f"{book}capital_loss_carryover.{term}" for book, term in product(("", "amt_"), ("short", "long"))]
AMOUNTS = {
    "wages": (0, 30_000, 90_000, 180_000, 350_000, 800_000),
    "interest": (0, 700),
    "qualified_dividends": (0, 0, 0, 2_500, 40_000),
    "ordinary_dividends": (0, 41_000),
    "capital_gain_distributions": (0, 0, 900),
    "other_income": (0, 5_000, -60_000),
    "adjustments": (0, 2_000),
    "age_65_or_blind": (0, 0, 2),
    "qbi_deduction": (0, 1_000),
    "schedule_1a": (0, 6_000),
    "senior_deduction": (0, 6_000),
    "other_short_term": (0, 0, 4_000, -9_000),
    "other_long_term": (0, 0, 90_000, -90_000, 600_000),
    "unrecaptured_1250": (0, 0, 0, 0, 8_000, 50_000),
    "gain_28_percent": (0, 0, 0, 6_000),
    "amt_unrecaptured_1250": (0, 7_000),
    "amt_gain_28_percent": (0, 0, 5_000),
    "foreign_tax_credit": (0, 400),
    "amt_foreign_tax_credit": (0, 300),
    "other_credits": (0, 250),
    "tax_refund": (0, 150),
    "schedule_2_line_1z": (0, 80),
    "form_4972_tax": (0, 120),
}


def columns(rng: random.Random) -> Columns:
    proceeds, basis, adjustment = (Decimal(rng.choice((0, 5_000, 20_000, 90_000))) for _ in range(3))
    return Columns(proceeds, basis, adjustment, proceeds - basis + adjustment)


def boxes(rng: random.Random, year: int) -> dict[str, Columns]:
    letters = [box for part in definition(year, "f8949").raw_parts for box in part["boxes"]]
    return {box: columns(rng) for box in [*letters, "a", "d"] if rng.random() < 0.2}


def facts(rng: random.Random, year: int, trail: Trail) -> YearFacts:
    entries = {key: Decimal(rng.choice(amounts)) for key, amounts in AMOUNTS.items()}
    adjustments = {number: Decimal(rng.choice((0, 500, 20_000))) for number in ADJUSTMENTS if rng.random() < 0.2}
    itemized = (Decimal(rng.choice((22_000, 45_000))), Decimal(10_000)) if rng.random() < 0.4 else None
    return YearFacts(year, trail, entries, adjustments, itemized)


def stock(rng: random.Random, year: int, trail: Trail) -> YearStock:
    pay = Decimal(rng.choice((0, 15_000)))
    return YearStock(
        year=year,
        trail=trail,
        inclusion=Decimal(rng.choice((0, 0, 60_000, 300_000, 900_000))),
        pay=pay,
        pay_elsewhere=pay if rng.random() < 0.3 else Decimal(0),
        boxes=boxes(rng, year),
        amt_boxes=boxes(rng, year),
    )


def opening(rng: random.Random) -> dict[str, Decimal]:
    keys = [*CARRYOVERS, "prior_minimum_tax_credit"]
    return {key: Decimal(rng.choice((0, 1_000, 40_000))) for key in keys}


def household(rng: random.Random, run: tuple[int, ...]) -> list[TaxReturn]:
    """A household over a run of years: sometimes with a typed year before it, sometimes known to have had no AMT."""
    trail, status = Trail(), rng.choice(STATUSES)
    returns: list[TaxReturn] = []
    for year in run:
        second_of_typed = len(returns) == 1 and bool(returns[0].given)
        typed = not returns and rng.random() < 0.4
        returns.append(
            TaxReturn(
                law=Law(year, status, cited=trail.working),
                rounding=Rounding("dollars"),
                trail=trail,
                facts=facts(rng, year, trail),
                stock=stock(rng, year, trail),
                prior=returns[-1] if returns else None,
                opening=opening(rng) if not returns or second_of_typed else None,
                given={"f6251": dict.fromkeys(GIVEN_LINES, Decimal(50_000))} if typed else None,
                no_amt=not returns and rng.random() < 0.1,
            )
        )
    return returns


def forms(year: TaxReturn) -> list[Form]:
    found = [
        year.f1040,
        year.schedule_d,
        year.schedule_d_amt,
        year.gain_worksheet,
        year.gain_worksheet_amt,
        year.schedule_d_tax,
        year.schedule_d_tax_amt,
        year.carryover,
        year.carryover_amt,
        year.line_2k,
        year.exemption_worksheet,
        year.f6251,
        year.f8801,
    ]
    return [form for form in found if form is not None]


def read_as_named(read: Read, reader: Form) -> Named:
    """A read in the words of `how`. The AMT copy of Schedule D shares its file: there the AMT is its own book."""
    source, key = read.source, read.source.key
    shared = reader.key == "schedule_d_amt"
    if isinstance(source, Form):
        form, number = source.definition.label, source.definition.lines[read.name].number
        form = f"AMT {form}" if key.endswith("_amt") and not form.startswith("AMT ") else form
        form = own_book(form, "AMT ", ("Schedule D", "Carryover Worksheet")) if shared else form
        return Named(form, number, source.year < reader.year)
    name = own_book(read.name, "amt_", ("capital_loss_carryover",)) if shared else read.name
    return Named(key, name, source.year < reader.year)


def own_book(name: str, prefix: str, names: tuple[str, ...]) -> str:
    return f"the other book's {name}" if name in names else name.removeprefix(prefix)


@pytest.fixture(scope="module")
def found() -> dict[tuple[int, str, str], set[Named]]:
    """All that each line (year, form key, name) has read in some case."""
    reads: dict[tuple[int, str, str], set[Named]] = defaultdict(set)
    pairs = [years()[n : n + 2] for n in range(len(years()))]
    runs = [(seed, run) for seed in range(SHORT_RUNS) for run in pairs] + [(seed, years()) for seed in range(LONG_RUNS)]
    runs += [(SHORT_RUNS + seed, years()[:1]) for seed in range(2 * SHORT_RUNS)]  # no year before hands it cases
    for year in (year for seed, run in runs for year in household(random.Random(seed), run)):  # noqa: S311 - no secrets
        for form in forms(year):
            form.amounts()
            for name, entries in form.reads.items():
                told = {read_as_named(entry, form) for entry in entries if isinstance(entry, Read)}
                reads[form.year, form.key, name] |= told
    return reads


COPIES = {"f1040sd": ("schedule_d", "schedule_d_amt")}
FILES = (
    "f1040",
    "f1040sd",
    "gain_worksheet",
    "gain_worksheet_amt",
    "schedule_d_tax",
    "schedule_d_tax_amt",
    "carryover",
    "carryover_amt",
    "line_2k",
    "exemption",
    "f6251",
    "f8801",
)


def in_words(names: set[Named]) -> str:
    texts = [f"{'last year: ' if one.last_year else ''}{one.form} {one.number}" for one in names]
    return ", ".join(sorted(texts)) or "none"


def differences(of: Definition, key: str, found: dict[tuple[int, str, str], set[Named]]) -> list[str]:
    """How the lines of one form differ from their `how`, one sentence a line."""
    told = []
    for line in of.lines.values():
        reads, names = found.get((of.year, key, line.name)), set(named(line, of))
        if reads is None:
            told.append(f"{key} line {line.number} ({line.name}): worked in no case")
        elif reads != names:
            more, less = in_words(reads - names), in_words(names - reads)
            told.append(f"{key} line {line.number} ({line.name}): reads unnamed: {more}; names unread: {less}")
    return told


@pytest.mark.parametrize("year", years())
@pytest.mark.parametrize("file", FILES)
def test_every_line_reads_what_its_how_names(year, file, found):
    if file == "f8801" and year == years()[0]:
        pytest.skip("Form 8801 of the first year would need the year before it")
    of = definition(year, file)
    told = [text for key in COPIES.get(file, (of.form,)) for text in differences(of, key, found)]
    if told:
        pytest.fail(f"{of.label} ({year})\n" + "\n".join(told), pytrace=False)
