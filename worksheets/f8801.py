"""Form 8801, Credit for Prior Year Minimum Tax (IRC 53).

Parts I and III are figured with last year's amounts, Part II with this year's.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from worksheets.amounts import Law
from worksheets.f6251 import separate_addition
from worksheets.form import ZERO, line, over
from worksheets.gains_rates import CapitalGainsRates, amt_rates

if TYPE_CHECKING:
    from worksheets.tax_return import TaxReturn


class Form8801(CapitalGainsRates):
    """Form 8801. Line 3 holds a positive amount: the form prints parentheses."""

    file = "f8801"

    def __init__(self, parent: TaxReturn) -> None:
        super().__init__(parent.law, parent.rounding, parent.trail, parent.given_lines(self.file))
        self.parent = parent
        self.prior = parent.prior
        self.facts = parent.facts

    @property
    def rates_law(self) -> Law:
        """Last year's law: Parts I and III are figured with last year's amounts."""
        return self.law if self.prior is None else self.prior.law

    @property
    def part_i(self) -> bool:
        """Whether there is a return of the year before to figure Part I from."""
        return self.prior is not None and not self.prior.no_amt

    @line
    def prior_starting_income(self) -> Decimal | None:
        """Line 1."""
        if not self.part_i or self.prior is None:
            return None
        return self.prior.f6251.starting_income + self.prior.f6251.net_operating_loss

    @line
    def exclusion_items(self) -> Decimal | None:
        """Line 2: the adjustments and preferences that never reverse (IRC 53(d)(1)(B)(ii))."""
        if not self.part_i or self.prior is None:
            return None
        last = self.prior.f6251
        deductions = last.taxes_or_standard_deduction - last.tax_refund + last.investment_interest + last.depletion
        return deductions + last.private_activity_bonds + last.small_business_stock + last.other_adjustments

    @line
    def net_operating_loss_deduction(self) -> Decimal | None:
        """Line 3, a positive amount."""
        if not self.part_i or self.prior is None:
            return None
        return self.prior.f6251.alternative_net_operating_loss or None

    def combined(self) -> Decimal:
        """Lines 1, 2 and 3 combined."""
        return self.prior_starting_income + self.exclusion_items - self.net_operating_loss_deduction

    @line
    def exclusion_income(self) -> Decimal | None:
        """Line 4, with the married-separate addition of the year before."""
        if not self.part_i:
            return None
        combined = self.combined()
        return over(combined + separate_addition(self, combined), ZERO)

    @property
    def income_left(self) -> bool:
        """Whether line 4 is above zero, so that lines 5 to 10 are figured."""
        return self.part_i and self.exclusion_income > 0

    @line
    def exemption(self) -> Decimal | None:
        """Line 5."""
        return self.rates_law.exemption if self.income_left else None

    @line
    def phaseout_start(self) -> Decimal | None:
        """Line 6."""
        return self.rates_law.phaseout_start if self.income_left else None

    @line
    def excess(self) -> Decimal | None:
        """Line 7: left blank, as line 8, where line 4 does not reach line 6."""
        return (over(self.exclusion_income, self.phaseout_start) or None) if self.income_left else None

    @line
    def reduction(self) -> Decimal | None:
        """Line 8."""
        return (self.rates_law.phaseout_rate * self.excess or None) if self.income_left else None

    @line
    def exemption_left(self) -> Decimal | None:
        """Line 9."""
        return over(self.exemption, self.reduction) if self.income_left else None

    @line
    def income_less_exemption(self) -> Decimal | None:
        """Line 10."""
        return over(self.exclusion_income, self.exemption_left) if self.income_left else None

    @property
    def taxed(self) -> bool:
        """Whether line 10 is above zero, so that lines 11 to 14 are figured."""
        return self.income_left and self.income_less_exemption > 0

    @property
    def part_iii(self) -> bool:
        """Line 11: whether the year before had qualified dividends, or gains on Schedule D lines 15 and 16."""
        if not self.taxed or self.prior is None:
            return False
        return self.prior.f1040.qualified_dividends > 0 or self.prior.schedule_d.both_gains

    @line
    def tax_before_credit(self) -> Decimal | None:
        """Line 11."""
        if not self.taxed:
            return None
        return self.tax_part_iii if self.part_iii else amt_rates(self.rates_law, self.income_less_exemption)

    @line
    def exclusion_foreign_tax_credit(self) -> Decimal | None:
        """Line 12: what line 8 of last year's Form 6251 as filed held, else the credit that the case gives."""
        if not self.taxed or self.prior is None:
            return None
        last = self.prior.f6251
        filed = last.amt_foreign_tax_credit if "amt_foreign_tax_credit" in last.given else ZERO
        return filed or self.prior.facts.amount("amt_foreign_tax_credit") or None

    @line
    def exclusion_tentative_tax(self) -> Decimal | None:
        """Line 13."""
        return self.tax_before_credit - self.exclusion_foreign_tax_credit if self.taxed else None

    @line
    def prior_regular_tax(self) -> Decimal | None:
        """Line 14."""
        return self.prior.f6251.regular_tax if self.taxed and self.prior is not None else None

    @line
    def exclusion_minimum_tax(self) -> Decimal:
        """Line 15: net minimum tax on exclusion items."""
        return over(self.exclusion_tentative_tax, self.prior_regular_tax)

    @line
    def prior_amt(self) -> Decimal:
        """Line 16."""
        return ZERO if self.prior is None else self.prior.f6251.amt

    @line
    def exclusion_part(self) -> Decimal:
        """Line 17."""
        return self.exclusion_minimum_tax

    @line
    def adjusted_minimum_tax(self) -> Decimal:
        """Line 18: adjusted net minimum tax, as a negative if it is one (IRC 53(d)(1)(B))."""
        return self.prior_amt - self.exclusion_part

    @line
    def carryforward_in(self) -> Decimal:
        """Line 19."""
        return self.parent.credit_carried_in()

    @line
    def electric_vehicle_credit(self) -> Decimal | None:
        """Line 20: not supported, always blank."""
        return None

    @line
    def credit_available(self) -> Decimal:
        """Line 21."""
        return self.adjusted_minimum_tax + self.carryforward_in + self.electric_vehicle_credit

    @property
    def available(self) -> bool:
        """Whether line 21 is above zero: else the form stops there and is not filed."""
        return self.credit_available > 0

    @line
    def regular_tax_less_credits(self) -> Decimal | None:
        """Line 22 (IRC 53(c)(1))."""
        if not self.available:
            return None
        tax = self.parent.f1040.tax - self.facts.amount("form_4972_tax") + self.facts.amount("schedule_2_line_1z")
        return over(tax, self.facts.amount("foreign_tax_credit") + self.facts.amount("other_credits"))

    @line
    def tentative_minimum_tax(self) -> Decimal | None:
        """Line 23 (IRC 53(c)(2))."""
        return self.parent.f6251.tentative_minimum_tax if self.available else None

    @line
    def credit_limit(self) -> Decimal | None:
        """Line 24."""
        return over(self.regular_tax_less_credits, self.tentative_minimum_tax) if self.available else None

    @line
    def credit(self) -> Decimal | None:
        """Line 25: the minimum tax credit of this year."""
        return min(self.credit_available, self.credit_limit) if self.available else None

    @line
    def carryforward_out(self) -> Decimal | None:
        """Line 26."""
        return self.credit_available - self.credit if self.available else None

    @property
    def used_schedule_d_tax_worksheet(self) -> bool:
        """Line 30: whether the year before's tax was figured with the Schedule D Tax Worksheet."""
        return self.prior is not None and self.prior.schedule_d.special_rates

    def source_taxed(self) -> Decimal:
        """Line 10."""
        return self.income_less_exemption

    def source_preferential(self) -> Decimal:
        """The regular worksheet of the year before: the difference in basis of option stock is no exclusion item."""
        if self.prior is None:
            return ZERO
        if self.used_schedule_d_tax_worksheet:
            return self.prior.schedule_d_tax.gain_without_special
        return self.prior.gain_worksheet.preferential

    def source_unrecaptured_1250(self) -> Decimal | None:
        """Line 19 of last year's Schedule D; skipped where the Gain Worksheet was used."""
        if self.prior is None or not self.used_schedule_d_tax_worksheet:
            return None
        return self.prior.schedule_d.unrecaptured_1250

    def source_gain_limit(self) -> Decimal:
        """Line 10 of last year's Schedule D Tax Worksheet."""
        return ZERO if self.prior is None else self.prior.schedule_d_tax.dividends_and_gain

    def source_ordinary_for_zero(self) -> Decimal:
        """What last year's Form 6251 line 20 held."""
        if self.prior is None:
            return ZERO
        last = self.prior.f6251
        given = "regular_ordinary_for_zero" in last.given
        return last.regular_ordinary_for_zero if given else last.source_ordinary_for_zero()

    def source_ordinary_for_fifteen(self) -> Decimal:
        """What last year's Form 6251 line 27 held."""
        if self.prior is None:
            return ZERO
        last = self.prior.f6251
        given = "regular_ordinary_for_fifteen" in last.given
        return last.regular_ordinary_for_fifteen if given else last.source_ordinary_for_fifteen()
