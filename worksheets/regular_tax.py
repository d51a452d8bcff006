"""Regular tax: Tax Table, Tax Computation Worksheet, Qualified Dividends and Capital Gain Tax Worksheet.

Source: Form 1040 instructions, line 16.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from worksheets.form import ZERO, Form, line, over

if TYPE_CHECKING:
    from worksheets.amounts import Law
    from worksheets.tax_return import TaxReturn


def tax_by_schedule(law: Law, amount: Decimal) -> Decimal:
    """The tax on `amount` by the rate schedule (IRC 1(j)), unrounded."""
    tax = ZERO
    for bottom, top, rate in law.brackets:
        if amount <= bottom:
            break
        tax += rate * ((amount if top is None or amount < top else top) - bottom)
    return tax


def tax_on(law: Law, amount: Decimal) -> Decimal:
    """The regular tax on an amount: by the Tax Table below its limit, by the Tax Computation Worksheet from there on.

    The table's figure is the schedule's tax on the middle of the row, halves rounded up to the dollar (IRC 3).
    """
    if amount >= law.tax_table_limit:
        return tax_by_schedule(law, amount)
    if amount <= 0:
        return ZERO
    start, width = next((start, width) for start, width in reversed(law.tax_table_rows) if amount >= start)
    low = start + (amount - start) // width * width
    if low == 0:
        return ZERO  # the first row is taxed at nothing
    return tax_by_schedule(law, low + width / 2).quantize(Decimal(1), ROUND_HALF_UP)


class PreferentialIncome(Form):
    """Lines 2 to 4 of the Qualified Dividends and Capital Gain Tax Worksheet, all that the AMT copy fills in."""

    file = "gain_worksheet_amt"
    amt = True

    def __init__(self, parent: TaxReturn) -> None:
        super().__init__(parent.law, parent.rounding, parent.trail)
        self.f1040 = parent.f1040
        self.schedule_d = parent.schedule_d_amt if self.amt else parent.schedule_d

    @line
    def qualified_dividends(self) -> Decimal:
        """Line 2."""
        return self.f1040.qualified_dividends

    @line
    def net_capital_gain(self) -> Decimal:
        """Line 3: the smaller of Schedule D lines 15 and 16, or zero."""
        return over(min(self.schedule_d.net_long_term, self.schedule_d.net_gain), ZERO)

    @line
    def dividends_and_gain(self) -> Decimal:
        """Line 4."""
        return self.qualified_dividends + self.net_capital_gain

    @property
    def preferential(self) -> Decimal:
        """The line that holds what the gains rates apply to, which Forms 6251 and 8801 start from: line 4."""
        return self.dividends_and_gain


class PreferentialIncomeWithElection(PreferentialIncome):
    """The same in the editions that print the investment interest election, with two more lines."""

    @line
    def investment_interest_election(self) -> Decimal | None:
        """Line 5: Form 4952 line 4g, not supported."""
        return None

    @line
    def net_preferential(self) -> Decimal:
        """Line 6."""
        return over(self.dividends_and_gain, self.investment_interest_election)

    @property
    def preferential(self) -> Decimal:
        """The line that holds what the gains rates apply to: line 6."""
        return self.net_preferential


class GainWorksheet(PreferentialIncome):
    """The Qualified Dividends and Capital Gain Tax Worksheet, as figured for the regular tax.

    The docstrings give the line of the edition without the investment interest election.
    """

    file = "gain_worksheet"
    amt = False

    @line
    def taxable_income(self) -> Decimal:
        """Line 1."""
        return self.f1040.taxable_income

    @line
    def ordinary_part(self) -> Decimal:
        """Line 5."""
        return over(self.taxable_income, self.preferential)

    @line
    def zero_rate_top(self) -> Decimal:
        """Line 6."""
        return self.law.zero_rate_top

    @line
    def income_below_zero_rate_top(self) -> Decimal:
        """Line 7."""
        return min(self.taxable_income, self.zero_rate_top)

    @line
    def ordinary_below_zero_rate_top(self) -> Decimal:
        """Line 8."""
        return min(self.ordinary_part, self.income_below_zero_rate_top)

    @line
    def taxed_at_zero(self) -> Decimal:
        """Line 9."""
        return self.income_below_zero_rate_top - self.ordinary_below_zero_rate_top

    @line
    def preferential_part(self) -> Decimal:
        """Line 10."""
        return min(self.taxable_income, self.preferential)

    @line
    def zero_part(self) -> Decimal:
        """Line 11."""
        return self.taxed_at_zero

    @line
    def preferential_above_zero(self) -> Decimal:
        """Line 12."""
        return self.preferential_part - self.zero_part

    @line
    def fifteen_rate_top(self) -> Decimal:
        """Line 13."""
        return self.law.fifteen_rate_top

    @line
    def income_below_fifteen_top(self) -> Decimal:
        """Line 14."""
        return min(self.taxable_income, self.fifteen_rate_top)

    @line
    def ordinary_and_zero_part(self) -> Decimal:
        """Line 15."""
        return self.ordinary_part + self.taxed_at_zero

    @line
    def room_at_fifteen(self) -> Decimal:
        """Line 16."""
        return over(self.income_below_fifteen_top, self.ordinary_and_zero_part)

    @line
    def taxed_at_fifteen(self) -> Decimal:
        """Line 17."""
        return min(self.preferential_above_zero, self.room_at_fifteen)

    @line
    def tax_at_fifteen(self) -> Decimal:
        """Line 18."""
        return self.taxed_at_fifteen * self.law.gains_rate_middle

    @line
    def taxed_at_zero_or_fifteen(self) -> Decimal:
        """Line 19."""
        return self.taxed_at_zero + self.taxed_at_fifteen

    @line
    def taxed_at_twenty(self) -> Decimal:
        """Line 20."""
        return self.preferential_part - self.taxed_at_zero_or_fifteen

    @line
    def tax_at_twenty(self) -> Decimal:
        """Line 21."""
        return self.taxed_at_twenty * self.law.gains_rate_top

    @line
    def tax_on_ordinary_part(self) -> Decimal:
        """Line 22."""
        return tax_on(self.law, self.ordinary_part)

    @line
    def tax_with_rates(self) -> Decimal:
        """Line 23."""
        return self.tax_at_fifteen + self.tax_at_twenty + self.tax_on_ordinary_part

    @line
    def tax_without_rates(self) -> Decimal:
        """Line 24."""
        return tax_on(self.law, self.taxable_income)

    @line
    def tax(self) -> Decimal:
        """Line 25."""
        return min(self.tax_with_rates, self.tax_without_rates)


class GainWorksheetWithElection(PreferentialIncomeWithElection, GainWorksheet):
    """The worksheet in the editions with the election: two lines more, so that line 7 is the later line 5."""
