"""The minimum tax credit that a year leaves: what line 21 of the next year's Form 8801 would hold (IRC 53(b)).

AMT of a year becomes credit only on the Form 8801 of the year after: its line 16, less the part that exclusion items
account for (line 17), and what was carried before (line 19). None of these lines asks anything of the next year itself,
so the form is worked from the year that ends. Amounts are dollars.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from worksheets.amounts import Law
from worksheets.definitions import years
from worksheets.f8801 import Form8801
from worksheets.facts import YearFacts
from worksheets.form import ZERO, Trail, over
from worksheets.stock import YearStock
from worksheets.tax_return import TaxReturn


def next_form(done: TaxReturn) -> Form8801:
    """The Form 8801 of the year after a return, of which only lines 1 to 21 have a meaning yet.

    Where the next year's form is not known, this year's stands for it: lines 1 to 21 read last year's amounts alone.

    Args:
        done: the year that ends.
    """
    year = done.year + 1 if done.year + 1 in years() else done.year
    trail = Trail()
    parts = {"facts": YearFacts(done.year + 1, trail, {}, {}, None), "stock": YearStock(done.year + 1, trail)}
    law = Law(year, done.law.status, done.law.overlay, trail.working)
    return Form8801(TaxReturn(law=law, rounding=done.rounding, trail=trail, prior=done, **parts))  # type: ignore[arg-type]  # two parts, each of its type


class CreditLeft(NamedTuple):
    """What the Form 8801 of `year` starts from, dollars: lines 16, 17 and 19, and line 21, never below 0.

    Below zero no form is filed, and nothing is left.
    """

    year: int
    amt: Decimal
    exclusion_part: Decimal
    carried: Decimal
    total: Decimal


def credit_parts(done: TaxReturn) -> CreditLeft:
    """The credit that a return leaves to the year after it, in its parts.

    Args:
        done: the year that ends.
    """
    form = next_form(done)
    total = over(form.credit_available, ZERO)
    return CreditLeft(done.year + 1, form.prior_amt, form.exclusion_part, form.carryforward_in, total)


def credit_left(done: TaxReturn) -> Decimal:
    """The potential credit of the year after."""
    return credit_parts(done).total
