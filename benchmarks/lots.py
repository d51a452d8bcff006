"""How matching sales to lots grows: 1,000, 10,000 and 100,000 sales over 1,000 exercises.

    python benchmarks/lots.py [MOST SALES]

Seconds and peak memory (of a second run) of keeping the books, of working the household, rows and returns included, and
of auditing it. The growth is the ratio to the size before, over ten: n log n gives about 1.3, n squared 10.
"""

import gc
import random
import sys
import time
import tracemalloc
from datetime import date, timedelta
from decimal import Decimal

from worksheets.audit import audit
from worksheets.case import Case
from worksheets.household import work
from worksheets.ledger import keep
from worksheets.read.case_file import read_case

EXERCISES = 1_000
SIZES = (1_000, 10_000, 100_000)
FIRST = date.fromisoformat("2020-01-02")
DAYS = 4 * 365


def exercises(sales):
    """Exercises over four years in three accounts and two corporations; they hold all that is sold, and some more."""
    rng = random.Random(1)
    for place in range(EXERCISES):
        day = FIRST + timedelta(days=place * DAYS // EXERCISES)
        yield {
            "id": f"E{place}",
            "corporation": ("Example Corp", "Another Corp")[place % 5 == 0],
            "grant_date": day - timedelta(days=rng.randrange(100, 1_500)),
            "exercise_date": day,
            "exercise_price": Decimal(rng.randrange(100, 900)) / 100,
            "fmv": Decimal(rng.randrange(1_000, 9_000)) / 100,
            "shares": 40 * sales // EXERCISES,
        }


def sales(number):
    """Sales over five years: a third by box 1b, a third by name, a third first in, first out."""
    rng = random.Random(2)
    held = {f"E{place}": 40 * number // EXERCISES for place in range(EXERCISES)}
    for place in range(number):
        day = FIRST + timedelta(days=30 + place * (DAYS + 300) // number)
        latest = min(EXERCISES - 1, (day - FIRST).days * EXERCISES // DAYS - 1)
        lot = rng.randrange(max(1, latest))
        shares = 1 + place % 7
        row = {"corporation": ("Example Corp", "Another Corp")[lot % 5 == 0], "shares": shares, "sold": day}
        row |= {
            "proceeds": shares * rng.randrange(5, 100),
            "basis": shares * 4,
            "basis_reported": True,
            "term": "short",
        }
        if place % 3 == 0:
            row["acquired"] = FIRST + timedelta(days=lot * DAYS // EXERCISES)
        elif place % 3 == 1 and held[f"E{lot}"] >= 3 * shares:
            held[f"E{lot}"] -= shares
            row["lots"] = [{"exercise": f"E{lot}", "shares": shares}]
        yield row


def case(number) -> Case:
    years = range(FIRST.year, FIRST.year + 6)
    facts = {"filing_status": "single", "wages": 200_000_000, "prior_year": {"form_6251": {11: 0}}}
    later = {"filing_status": "single", "wages": 200_000_000}
    return read_case(
        {
            "case": 1,
            "taxpayer": {"name": "Sample Taxpayer"},
            "exercises": list(exercises(number)),
            "sales": list(sales(number)),
            "years": {year: facts if year == FIRST.year else later for year in years},
        }
    )


def measured(job, given):
    """Seconds, and peak megabytes in a second run."""
    gc.collect()
    start = time.perf_counter()
    job(given)
    taken = time.perf_counter() - start
    gc.collect()
    tracemalloc.start()
    job(given)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return taken, peak / 1e6


def main():
    most = int(sys.argv[1]) if len(sys.argv) > 1 else SIZES[-1]
    before = {}
    print(f"{'sales':>8} {'step':24} {'seconds':>8} {'growth':>7} {'µs a sale':>10} {'peak MB':>8}")
    for size in (size for size in SIZES if size <= most):
        read = case(size)
        steps = {"keep the books": (keep, read), "work the household": (work, read), "audit": (audit, work(read))}
        for step, (job, given) in steps.items():
            taken, peak = measured(job, given)
            growth = f"{taken / before[step] / 10:7.2f}" if step in before else f"{'':7}"
            before[step] = taken
            print(f"{size:8,} {step:24} {taken:8.2f} {growth} {taken / size * 1e6:10.0f} {peak:8.0f}", flush=True)


if __name__ == "__main__":
    main()
