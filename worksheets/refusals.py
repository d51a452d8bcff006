"""What stops a household: figures that cannot be assumed, and lines that are not supported.

Each stop is a `CaseError` that names the key, says what was read and what to give instead.
"""

from __future__ import annotations

from collections.abc import Iterable

from worksheets.case import Case, Year
from worksheets.definitions import definition
from worksheets.f8949 import Row
from worksheets.form import ZERO
from worksheets.pay import PayShown
from worksheets.problems import CaseError, Problem
from worksheets.tax_return import TaxReturn


def refuse_boxes(case: Case, year: int, listed: Iterable[Row]) -> None:
    """A row can only stand under a box that its year's Form 8949 prints: those for digital assets came later."""
    printed = {letter for part in definition(year, "f8949").raw_parts for letter in part["boxes"]}
    sales = {sale.id: sale for sale in case.sales}
    problems = [
        Problem(
            *sales[row.sale].origin,
            f"sales.{row.sale}.form",
            f"read {sales[row.sale].form}, expected 1099-B or none: Form 8949 of {year} has no box {row.box}",
        )
        for row in listed
        if row.box not in printed
    ]
    if problems:
        raise CaseError(problems)


def refuse_loss(year: int, books: Iterable[Iterable[Row]]) -> None:
    """A whole year cannot follow a stock-only one that leaves a loss: how much of it is used is not known."""
    for listed in books:
        if sum((row.h for row in listed), ZERO) < 0:
            message = (
                f"read a stock-only year that ends with a capital loss, expected its income (wages, even as 0): how "
                f"much of the loss {year + 1} takes over depends on it"
            )
            raise CaseError([Problem("case", 0, f"years.{year}", message)])


def refuse_loss_deduction(found: TaxReturn) -> None:
    """Form 8801 line 3 is a net operating loss deduction figured on exclusion items alone: not supported."""
    if found.prior is None or found.f8801 is None or not found.f8801.available:
        return
    if found.prior.f6251.alternative_net_operating_loss:
        message = (
            f"read an alternative tax net operating loss deduction, expected none: Form 8801 ({found.year}) line 3 "
            "needs it figured on exclusion items alone, which is not supported. Work that form by hand"
        )
        raise CaseError([Problem("case", 0, f"years.{found.year - 1}.amt_adjustments.2f", message)])


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
