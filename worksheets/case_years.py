"""What must hold for the tax years of a case file: a run of supported years, whole or stock only, and how it begins."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

from worksheets.case import ZERO, PriorYear, ReturnFigures, Year
from worksheets.definitions import definition, years

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from worksheets.case_checks import Draft, Fault

# A year with any of these is a whole year, and needs wages.
INCOME_KEYS = (
    "iso_income_in_wages",
    "interest",
    "ordinary_dividends",
    "qualified_dividends",
    "capital_gain_distributions",
    "other_income",
    "adjustments",
    "other_short_term",
    "other_long_term",
)
# What only a whole year reads: in a year of stock only it would be passed over in silence.
_RETURN_KEYS = tuple(
    key for key in (*ReturnFigures.model_fields, "as_filed") if key not in {"wages", "deduction", *INCOME_KEYS}
)
_PRINTED_IN_PARENTHESES = ("2f", "2s")
_NEVER_NEGATIVE = ("2e", "2g", "2h", "2t")  # preferences, and the deduction that is added back
_FLOORED = (*_NEVER_NEGATIVE, "10", "11", "20", "27")  # of the year before, with the lines that stop at zero
_SCHEDULE_1A = ("schedule_1a", "senior_deduction")
# What a whole first year must say once it holds lots exercised before, and how to say that there is nothing.
_CANNOT_BE_ASSUMED = {
    "capital_loss_carryover": "the capital loss carried in, even as {short: 0, long: 0}",
    "amt_capital_loss_carryover": "the capital loss carried in for the AMT, even as {short: 0, long: 0}",
    "prior_minimum_tax_credit": "Form 8801 line 26 of the year before, even as 0",
    "prior_year": "the year before, even as {form_6251: {11: 0}} when it had no AMT",
}


@cache
def supported_years() -> frozenset[int]:
    """The tax years whose forms are held in `forms/`."""
    return frozenset(years())


def year_faults(draft: Draft) -> Iterator[Fault]:
    """What is wrong with the years, each by itself, in their run, and for the rows that need them."""
    if not draft.listed_years:
        return
    yield from _run_faults(draft.listed_years)
    yield from _rows_outside(draft)
    for number, year in draft.years.items():
        for key, message in _faults_of(year, draft, number):
            yield ("years", str(number), *key.split(".")), message


def _run_faults(listed: frozenset[int]) -> Iterator[Fault]:
    first, last = min(listed), max(listed)
    for number in sorted(listed - supported_years()):
        yield ("years", str(number)), f"read {number}, expected a supported year: {_spans(supported_years())}"
    if last - first + 1 > len(listed):
        missing = _spans(set(range(first, last)) - listed)
        yield ("years",), f"read {_spans(listed)}, expected every year from {first} to {last}: add {missing}"


def _spans(numbers: Iterable[int]) -> str:
    """Years in words: 2018-2021, 2023."""
    spans: list[list[int]] = []
    for number in sorted(numbers):
        if spans and spans[-1][-1] == number - 1:
            spans[-1][1:] = [number]
        else:
            spans.append([number])
    return ", ".join("-".join(map(str, span)) for span in spans) or "none is held"


def _rows_outside(draft: Draft) -> Iterator[Fault]:
    """Sales outside the run and exercises after it: one problem for each year that is missing."""
    first, last = min(draft.listed_years), max(draft.listed_years)
    sales = [
        (("sales", place, "sold"), row.sold) for place, row in draft.sales.items() if not first <= row.sold.year <= last
    ]
    exercises = [
        (("exercises", place, "exercise_date"), row.exercise_date)
        for place, row in draft.exercises.items()
        if row.exercise_date.year > last
    ]
    for rows in (sales, exercises):
        others = Counter(date.year for _, date in rows)
        for path, date in rows:
            if more := others.pop(date.year, 0):
                also = f" (and {more - 1} more in {date.year})" if more > 1 else ""
                gap = _spans(range(date.year, first) or range(last + 1, date.year + 1))
                yield path, f"read {date}{also}, expected a date in the years listed: add {gap} under years"


def _faults_of(year: Year, draft: Draft, number: int) -> Iterator[tuple[str, str]]:
    yield from _whole_year_faults(year)
    yield from _amount_faults(year, number)
    yield from _pay_faults(year, draft, number)
    if number != min(draft.listed_years):
        yield from _later_year_faults(year)
    elif year.whole:
        yield from _first_year_faults(year, draft, number)
    else:
        yield from _stock_only_faults(year)
    if year.prior_year:
        for key, message in _amount_faults(year.prior_year, number - 1):
            yield f"prior_year.{key}", message
        yield from _prior_year_faults(year.prior_year)
        yield from _prior_line_11_faults(year.prior_year, draft, number - 1)


def _whole_year_faults(year: Year) -> Iterator[tuple[str, str]]:
    given = [key for key in INCOME_KEYS if key in year.model_fields_set]
    given += [key for key in _RETURN_KEYS if getattr(year, key)]
    given += [] if year.itemized is None else ["deduction"]
    if not year.whole and "wages" in year.model_fields_set:
        yield "wages", "read nothing, expected a plain number, even as 0, or the key left out of a year with stock only"
    elif given and not year.whole:
        yield "wages", f"read nothing, expected wages, even as 0: the year has {given[0]}"
    if year.chain == "as_filed" and not year.as_filed:
        yield "as_filed", "read nothing, expected the lines of the return as filed, for chain: as_filed"


def _amount_faults(figures: Year | PriorYear, number: int) -> Iterator[tuple[str, str]]:
    """What of a year's return cannot be, or has no place on that year's forms."""
    yield from _schedule_1a_faults(figures, number)
    if figures.senior_deduction > figures.schedule_1a:
        wanted = f"expected at least the senior_deduction in it, {figures.senior_deduction}"
        yield "schedule_1a", f"read '{figures.schedule_1a}', {wanted}"
    itemized = figures.itemized
    if itemized and itemized.taxes > itemized.itemized:
        yield "deduction.taxes", f"read '{itemized.taxes}', expected at most the total of {itemized.itemized}"
    if figures.age_65_or_blind > 2 and not (figures.filing_status or "married").startswith("married"):
        yield "age_65_or_blind", f"read '{figures.age_65_or_blind}', expected at most 2 on a return for one"
    for name, amount in figures.amt_adjustments.items():
        if amount < 0 and name in _PRINTED_IN_PARENTHESES:
            yield f"amt_adjustments.{name}", f"read '{amount}', expected a positive: the form prints the parentheses"
        elif amount < 0 and name in _NEVER_NEGATIVE:
            yield f"amt_adjustments.{name}", f"read '{amount}', expected a positive: the line only adds to the income"


def _schedule_1a_faults(figures: Year | PriorYear, number: int) -> Iterator[tuple[str, str]]:
    """Schedule 1-A in a year whose Form 1040 has no line for it: left unread it would be a silent zero."""
    if number not in supported_years() or _SCHEDULE_1A[0] in definition(number, "f1040").lines:
        return
    for key in _SCHEDULE_1A:
        if amount := getattr(figures, key):
            yield key, f"read '{amount}', expected it left out: Form 1040 of {number} has no Schedule 1-A"


def _pay_faults(year: Year, draft: Draft, number: int) -> Iterator[tuple[str, str]]:
    if year.wages is None:
        return
    if (year.iso_income_in_wages or 0) > year.wages:
        yield "iso_income_in_wages", f"read '{year.iso_income_in_wages}', expected at most the wages, {year.wages}"
    reported = draft.pay_reported.get(number, 0)
    total = year.iso_income_in_wages
    if total is not None and total < reported:
        message = f"read '{total}', expected at least the {reported} that the sales give as pay_reported, part of it"
        yield "iso_income_in_wages", message
    if reported > year.wages:
        yield "wages", f"read '{year.wages}', expected at least the {reported} that the sales give as pay_reported"


def _later_year_faults(year: Year) -> Iterator[tuple[str, str]]:
    for key in _CANNOT_BE_ASSUMED:
        if getattr(year, key) is not None:
            yield key, "read a value, expected it in the first year only: later ones follow from the computation"


def _stock_only_faults(year: Year) -> Iterator[tuple[str, str]]:
    """What a year hands on from the one before it is lost without its income."""
    for key in _CANNOT_BE_ASSUMED:
        if getattr(year, key) is not None:
            yield key, "read a value, expected it in a whole year only: give the year its wages, even as 0"


def _first_year_faults(year: Year, draft: Draft, number: int) -> Iterator[tuple[str, str]]:
    earlier = next((row for row in draft.exercises.values() if row.exercise_date.year < number), None)
    for key, expected in _CANNOT_BE_ASSUMED.items() if earlier else ():
        if earlier and getattr(year, key) is None:
            yield key, f"read nothing, expected {expected}: {earlier.id} was exercised in an earlier year"


def _prior_line_11_faults(prior: PriorYear, draft: Draft, number: int) -> Iterator[tuple[str, str]]:
    """Where the case's own options made AMT income the year before, its AMT cannot be worked from wages alone."""
    if prior.wages is None or "11" in prior.form_6251:
        return
    for row in draft.exercises.values():
        if number in {row.exercise_date.year, *(part.date.year for part in row.vesting)}:
            expected = f"expected Form 6251 line 11 of {number}, even as 0: {row.id} has line 2i that year"
            yield "prior_year.form_6251.11", f"read nothing, {expected}"
            return


def _line_11_disagrees(prior: PriorYear) -> Iterator[tuple[str, str]]:
    """Form 6251 line 11 is line 9 less line 10, or zero: a slip in one of the three would become a credit or lose one.

    Lines rounded by themselves may differ by a dollar.
    """
    lines = prior.form_6251
    if not {"9", "10", "11"} <= lines.keys():
        return
    right = max(ZERO, lines["9"] - lines["10"])
    if abs(lines["11"] - right) > 1:
        worked = f"line 9, {lines['9']}, less line 10, {lines['10']}, or zero"
        yield "prior_year.form_6251.11", f"read '{lines['11']}', expected {right}: {worked}"


def _prior_year_faults(prior: PriorYear) -> Iterator[tuple[str, str]]:
    """What Form 8801 Parts I and III read of the year before, unless line 11 says no AMT or wages let it be worked."""
    for name in _FLOORED:
        if (amount := prior.form_6251.get(name, ZERO)) < 0:
            yield f"prior_year.form_6251.{name}", f"read '{amount}', expected zero or more: the line is never negative"
    yield from _line_11_disagrees(prior)
    if prior.says_no_amt:
        return
    if prior.filing_status is None:
        yield "prior_year.filing_status", "read nothing, expected the filing status of the year before"
    lines = prior.form_6251.keys() | ({"1"} if "1b" in prior.form_6251 else set())
    gains = min(prior.schedule_d.get("15", ZERO), prior.schedule_d.get("16", ZERO))
    has_gains = gains > 0 or prior.qualified_dividends > 0 or prior.capital_gain_distributions > 0
    needed = ("1", "2a", "10", "11", "20", "27") if has_gains else ("1", "2a", "10", "11")
    missing = [name for name in needed if name not in lines]
    if missing and prior.wages is None:
        have = f"lines {', '.join(prior.form_6251)}" if lines else "no line"
        expected = f"also {', '.join(missing)}, even as 0 (or wages, or only {{11: 0}} when it had no AMT)"
        yield "prior_year.form_6251", f"read {have} of Form 6251, expected {expected}"
