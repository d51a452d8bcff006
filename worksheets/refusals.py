"""What stops a household: figures that cannot be assumed, and lines that are not supported.

Each stop is a `CaseError` that names the key, says what was read and what to give instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from worksheets.case import Case, Year
from worksheets.definitions import definition, years
from worksheets.f8949 import Row
from worksheets.form import ZERO
from worksheets.pay import PayShown
from worksheets.problems import CaseError, Problem
from worksheets.tax_return import TaxReturn


def refuse_together(*checks: Callable[[], None]) -> None:
    """Checks that do not depend on one another, their problems told at once."""
    problems: list[Problem] = []
    for check in checks:
        try:
            check()
        except CaseError as error:
            problems += error.problems
    if problems:
        raise CaseError(problems)


def refuse_boxes(case: Case, year: int, listed: Iterable[Row]) -> None:
    """A row can only stand under a box that its year's Form 8949 prints: those for digital assets came later."""
    printed = {letter for part in definition(year, "f8949").raw_parts for letter in part["boxes"]}
    places = {sale.id: place for place, sale in enumerate(case.sales)}
    problems = []
    for row in listed:
        if row.box not in printed:
            place = places[row.sale]
            sale = case.sales[place]
            message = f"read {sale.form}, expected 1099-B or none: Form 8949 of {year} has no box {row.box}"
            problems.append(Problem(*sale.origin, f"sales[{place}].form", message))
    if problems:
        raise CaseError(problems)


def refuse_loss(year: int, facts: Year, books: Iterable[Iterable[Row]]) -> None:
    """A whole year cannot come after a stock-only one that leaves a loss: how much of it is used is not known."""
    if any(sum((row.h for row in listed), ZERO) < 0 for listed in books):
        message = (
            f"read a stock-only year that ends with a capital loss, expected its income (wages, even as 0): how "
            f"much of the loss {year + 1} takes over depends on it"
        )
        raise CaseError([Problem(*facts.origin, f"years.{year}", message)])


def refuse_gap(year: int, facts: Year, before: TaxReturn) -> None:
    """A whole year that hands something on cannot be parted from the next one by a year of stock only."""
    lost = [name for name, amount in hands_on(before).items() if amount]
    if lost:
        message = (
            f"read a stock-only year after {before.year}, which hands on {' and '.join(lost)}, expected its income "
            "(wages, even as 0): how much of that it uses up depends on it"
        )
        raise CaseError([Problem(*facts.origin, f"years.{year}", message)])


def hands_on(found: TaxReturn) -> Mapping[str, Decimal]:
    """What a whole year hands the next, by its name in a sentence (dollars)."""
    regular, amt = found.carryover, found.carryover_amt
    return {
        "a capital loss": regular.short_term_carryover + regular.long_term_carryover,
        "a capital loss for the AMT": amt.short_term_carryover + amt.long_term_carryover,
        "a minimum tax credit": ZERO if found.f8801 is None else found.f8801.carryforward_out,
        "an AMT (Form 6251 line 11)": found.f6251.amt,
    }


def refuse_loss_deduction(found: TaxReturn, years_given: Mapping[int, Year]) -> None:
    """Form 8801 line 3 is a net operating loss deduction figured on exclusion items alone: not supported."""
    if found.prior is None or found.f8801 is None or not found.f8801.available:
        return
    if found.prior.f6251.alternative_net_operating_loss:
        message = (
            f"read an alternative tax net operating loss deduction, expected none: Form 8801 ({found.year}) line 3 "
            "needs it figured on exclusion items alone, which is not supported. Work that form by hand"
        )
        listed = found.year - 1 in years_given
        holder, key = (found.year - 1, "") if listed else (found.year, "prior_year.")
        raise CaseError([Problem(*years_given[holder].origin, f"years.{holder}.{key}amt_adjustments.2f", message)])


def refuse_before_8801(year: int, facts: Year) -> None:
    """The first year that is held has no Form 8801: a credit brought into it could not be followed to the next."""
    if year != years()[0]:
        return
    prior = facts.prior_year
    brought_in = {
        "prior_minimum_tax_credit": bool(facts.prior_minimum_tax_credit),
        "prior_year": prior is not None and prior.form_6251.get("11") != 0,
        "as_filed.8801": "8801" in facts.as_filed,
    }
    message = (
        f"read a minimum tax credit or an AMT before {year}, expected none: Form 8801 is held from {year + 1} on. "
        f"Begin the file with {year + 1} and give line 26 of the {year} form as its prior_minimum_tax_credit"
    )
    problems = [Problem(*facts.origin, f"years.{year}.{key}", message) for key, given in brought_in.items() if given]
    if problems:
        raise CaseError(problems)


def refuse_untied_schedule_d(facts: Year, handed_on: TaxReturn) -> None:
    """A Schedule D as filed must tie: the losses handed on are worked from lines 7 and 15, not from line 16."""
    form = handed_on.schedule_d
    if form.net_gain != form.net_short_term + form.net_long_term:
        message = (
            f"read {form.net_gain:f}, expected the sum of lines 7 and 15 ({form.net_short_term:f} and "
            f"{form.net_long_term:f}): give these as filed too, for the losses handed on are worked from them"
        )
        raise CaseError([Problem(*facts.origin, f"years.{handed_on.year}.as_filed.schedule_d.16", message)])


def refuse_pay_above_wages(year: int, facts: Year, pay: Iterable[PayShown]) -> None:
    """Where no W-2 figure is given the pay by law is taken to be in the wages: they must be able to hold it."""
    taken = sum((one.shown for one in pay), ZERO)
    if facts.wages is None or taken <= facts.wages:
        return
    message = (
        f"read {facts.wages:f}, expected at least {taken:.2f}: the pay from this year's early sales that they are "
        "taken to hold. Give iso_income_in_wages, even as 0, or correct the wages"
    )
    raise CaseError([Problem(*facts.origin, f"years.{year}.wages", message)])
