"""Which returns must carry Forms 6251 and 8801.

Source: Form 6251 instructions, Who Must File; Form 8801 instructions (file only if line 21 is above zero). The tests
about business credits and vehicle credits are left out: such returns are not supported.
"""

from __future__ import annotations

from worksheets.form import ZERO
from worksheets.tax_return import TaxReturn


def attach_8801(found: TaxReturn) -> bool:
    """Whether Form 8801 is filed: line 21 is above zero."""
    return found.f8801 is not None and found.f8801.available


def attach_6251(found: TaxReturn) -> bool:
    """Whether Form 6251 is attached: line 7 above line 10, Form 8801 filed, or AMT but for negative lines 2c to 3."""
    form = found.f6251
    return form.tax_before_credit > form.regular_tax or attach_8801(found) or _amt_but_for_adjustments(found)


def _amt_but_for_adjustments(found: TaxReturn) -> bool:
    names = list(found.f6251.definition.lines)
    left_out = names[names.index("investment_interest") : names.index("other_adjustments") + 1]
    form = found.f6251
    signed = form.combined() - form.starting_income - form.taxes_or_standard_deduction + form.tax_refund
    if signed >= 0:
        return False
    twin = TaxReturn(
        law=found.law,
        rounding=found.rounding,
        trail=found.trail,
        facts=found.facts,
        stock=found.stock,
        prior=found.prior,
        opening=found.opening,
        given={**found.given, "f6251": dict.fromkeys(left_out, ZERO)},
    )
    return twin.f6251.tax_before_credit > twin.f6251.regular_tax
