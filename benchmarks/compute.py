"""How fast a case is computed, step by step, and 1,000 two-year cases in one process beside other engines.

    python benchmarks/compute.py [--profile]

`pip install '.[oracles]'` adds the other engines. They work less: the regular tax and Form 6251 of one year from
typed totals, without lots, Form 8949, the AMT copies, Form 8801, carryovers, the reads of every line and the audit.
All is CPU time of one process, the least of several runs, so that other work on the machine counts as little as it can.
Machines differ: compare the ratios. `--profile` shows where the forms of a year spend their time.
"""

import cProfile
import importlib.util
import pstats
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import worksheets
from worksheets import results
from worksheets.amounts import Law
from worksheets.audit import audit
from worksheets.form import Trail
from worksheets.household import work, year_facts
from worksheets.read.case_file import read_case
from worksheets.session import open_case
from worksheets.stock import YearStock
from worksheets.tax_return import TaxReturn

CASES = 1_000
CASE = Path(__file__).resolve().parent.parent / "fixtures" / "three-year-credit" / "case.yaml"
STATUSES = ("single", "married_joint", "married_separate", "head_of_household", "surviving_spouse")


def milliseconds(job, times=60):
    """The least CPU time of several runs, after one that is not counted."""
    job()
    taken = []
    for _ in range(times):
        start = time.process_time()
        job()
        taken.append(time.process_time() - start)
    return min(taken) * 1000


def two_years(number):
    """A case of two years: an exercise, then one early sale and one after both holding periods."""
    exercised = date.fromisoformat("2022-03-01") + timedelta(days=number % 200)
    early, late = exercised + timedelta(days=310), exercised + timedelta(days=440)
    year = exercised.year
    status, price, fmv = STATUSES[number % 5], 2 + number % 7, 30 + number % 90
    sale = {"corporation": "Example Corp", "acquired": exercised, "basis": 100 * price, "basis_reported": True}
    sold = [{**sale, "shares": 100, "sold": day, "proceeds": 100 * (fmv + 5)} for day in (early, late)]
    return {
        "case": 1,
        "taxpayer": {"name": "Sample Taxpayer"},
        "exercises": [
            {
                "corporation": "Example Corp",
                "grant_date": exercised - timedelta(days=800),
                "exercise_date": exercised,
                "exercise_price": price,
                "fmv": fmv,
                "shares": 1_000 + number,
            }
        ],
        "sales": sold,
        "years": {
            year: {"filing_status": status, "wages": 90_000 + 211 * number, "prior_year": {"form_6251": {11: 0}}},
            year + 1: {"filing_status": status, "wages": 100_000 + 223 * number, "qualified_dividends": number},
        },
    }


def all_forms(done):
    """Every form of a year that a result shows."""
    for form in (done.f1040, done.schedule_d, done.schedule_d_amt, done.line_2k, done.f6251, done.f8801):
        form.printed()
    for carried in (done.carryover, done.carryover_amt):
        carried.amounts()


def forms_of_years(household):
    """The forms of every year worked anew from the books, each year from the one before."""
    trail, before = Trail(), None
    for year, books in household.years.items():
        stock = YearStock(year, trail, books.stock.inclusion, books.stock.pay, boxes=books.stock.boxes)
        stock.amt_boxes = books.stock.amt_boxes
        before = TaxReturn(
            law=Law(year, books.facts.filing_status, cited=trail.working),
            rounding=household.rounding,
            trail=trail,
            facts=year_facts(year, trail, books.facts),
            stock=stock,
            prior=before,
        )
        all_forms(before)


def steps():
    case = read_case(CASE)
    household = work(case)
    session = open_case(CASE)
    years = len(household.years)
    forms = milliseconds(lambda: forms_of_years(household)) / years
    print(f"{CASE.parent.name}, {years} years, milliseconds a year")
    print(f"  read and check the case file   {milliseconds(lambda: read_case(CASE)) / years:8.3f}")
    print(f"  the forms, case already read   {forms:8.3f}   (aim: well under 1)")
    print(f"  lots, rows, start of the years {milliseconds(lambda: work(case)) / years:8.3f}")
    print(
        f"  audit                          {milliseconds(lambda: audit(work(case))) / years:8.3f}   (with the line above)"
    )
    print(
        f"  forms and result object        {milliseconds(lambda: result_anew(case, session)) / years:8.3f}   (likewise)"
    )


def result_anew(case, session):
    return results.result(work(case), session.name, session.findings, session.assumptions)


def ours(cases):
    start = time.process_time()
    for case in cases:
        worksheets.compute(case)
    return time.process_time() - start


def drawn(number):
    """The same totals as `two_years` hands Form 6251 in its first year."""
    from oracles.returns import Drawn

    case = two_years(number)
    year, facts = next(iter(case["years"].items()))
    exercise = case["exercises"][0]
    spread = (exercise["fmv"] - exercise["exercise_price"]) * exercise["shares"]
    amounts = dict.fromkeys(("wages",), facts["wages"])
    return Drawn(year, facts["filing_status"], amounts, (False,) * 4, None, {"2i": spread, "2g": 0, "3": 0})


def with_taxcalc(returns):
    from oracles import taxcalc_engine

    taxcalc_engine.work(returns[0].year, returns)  # compiled on the first use
    start = time.process_time()
    taxcalc_engine.work(returns[0].year, returns)
    return time.process_time() - start


def with_tenforty(returns):
    import tenforty
    from oracles.tenforty_engine import STATUS_NAMES

    start = time.process_time()
    for one in returns:
        tenforty.evaluate_return(
            year=one.year,
            filing_status=STATUS_NAMES[one.status],
            w2_income=float(one["wages"]),
            incentive_stock_option_gains=float(one.preferences["2i"]),
        )
    return time.process_time() - start


def table():
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
    cases = [two_years(number) for number in range(CASES)]
    ours(cases[:20])
    took = min(ours(cases) for _ in range(3))
    returns = 2 * CASES / took
    print(f"\n{CASES:,} two-year cases in one process: {took:.2f} s, {CASES / took:,.0f} cases a second")
    print(f"  {'returns a second':34} {returns:10,.0f}")
    for name, work_with in {"tenforty": with_tenforty, "taxcalc": with_taxcalc}.items():
        if importlib.util.find_spec(name) is None:
            print(f"  {name + ': not installed':34}")
            continue
        totals = [drawn(number % CASES) for number in range(2 * CASES)]
        theirs = 2 * CASES / min(work_with(totals) for _ in range(3))
        told = f"{name}, one year's totals" + (", all at once" if name == "taxcalc" else "")
        print(f"  {told:34} {theirs:10,.0f}   ours {returns / theirs:6.3f} of it")


def profile():
    household = work(read_case(CASE))
    profiler = cProfile.Profile()
    profiler.enable()
    for _ in range(200):
        forms_of_years(household)
    profiler.disable()
    pstats.Stats(profiler).sort_stats("tottime").print_stats(22)


def main():
    steps()
    table()
    if "--profile" in sys.argv:
        profile()


if __name__ == "__main__":
    main()
