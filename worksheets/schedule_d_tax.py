"""The Schedule D Tax Worksheet, for years with 28% rate gain or unrecaptured section 1250 gain.

Source: Schedule D instructions (IRC 1(h)). Lines about Form 4952 stay blank: that election is not supported.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from worksheets.form import Form, line, over
from worksheets.regular_tax import tax_on

if TYPE_CHECKING:
    from worksheets.tax_return import TaxReturn


class SpecialRateGains(Form):
    """Lines 2 to 13, all that the AMT copy fills in."""

    file = "schedule_d_tax_amt"
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
    def investment_income_elected(self) -> Decimal | None:
        """Line 3: Form 4952 line 4g, not supported."""
        return None

    @line
    def investment_gain_elected(self) -> Decimal | None:
        """Line 4: Form 4952 line 4e, not supported."""
        return None

    @line
    def dividends_elected(self) -> Decimal:
        """Line 5."""
        return over(self.investment_income_elected, self.investment_gain_elected)

    @line
    def dividends_left(self) -> Decimal:
        """Line 6."""
        return over(self.qualified_dividends, self.dividends_elected)

    @line
    def net_capital_gain(self) -> Decimal:
        """Line 7."""
        return min(self.schedule_d.net_long_term, self.schedule_d.net_gain)

    @line
    def gain_elected(self) -> Decimal:
        """Line 8."""
        return min(self.investment_income_elected, self.investment_gain_elected)

    @line
    def gain_left(self) -> Decimal:
        """Line 9."""
        return over(self.net_capital_gain, self.gain_elected)

    @line
    def dividends_and_gain(self) -> Decimal:
        """Line 10."""
        return self.dividends_left + self.gain_left

    @line
    def special_gain(self) -> Decimal:
        """Line 11."""
        return self.schedule_d.gain_28_percent + self.schedule_d.unrecaptured_1250

    @line
    def special_gain_included(self) -> Decimal:
        """Line 12."""
        return min(self.gain_left, self.special_gain)

    @line
    def gain_without_special(self) -> Decimal:
        """Line 13."""
        return self.dividends_and_gain - self.special_gain_included


class ScheduleDTaxWorksheet(SpecialRateGains):
    """The whole worksheet, as figured for the regular tax."""

    file = "schedule_d_tax"
    amt = False

    @line
    def taxable_income(self) -> Decimal:
        """Line 1."""
        return self.f1040.taxable_income

    @line
    def ordinary_part(self) -> Decimal:
        """Line 14."""
        return over(self.taxable_income, self.gain_without_special)

    @line
    def zero_rate_top(self) -> Decimal:
        """Line 15."""
        return self.law.zero_rate_top

    @line
    def income_below_zero_rate_top(self) -> Decimal:
        """Line 16."""
        return min(self.taxable_income, self.zero_rate_top)

    @line
    def ordinary_below_zero_rate_top(self) -> Decimal:
        """Line 17."""
        return min(self.ordinary_part, self.income_below_zero_rate_top)

    @line
    def income_without_gain(self) -> Decimal:
        """Line 18."""
        return over(self.taxable_income, self.dividends_and_gain)

    @line
    def income_below_middle_bracket(self) -> Decimal:
        """Line 19."""
        return min(self.taxable_income, self.law.middle_bracket_top)

    @line
    def ordinary_below_middle_bracket(self) -> Decimal:
        """Line 20."""
        return min(self.ordinary_part, self.income_below_middle_bracket)

    @line
    def taxed_at_ordinary_rates(self) -> Decimal:
        """Line 21."""
        return max(self.income_without_gain, self.ordinary_below_middle_bracket)

    @line
    def taxed_at_zero(self) -> Decimal:
        """Line 22."""
        return self.income_below_zero_rate_top - self.ordinary_below_zero_rate_top

    @property
    def above_zero_rate(self) -> bool:
        """Whether lines 23 to 43 are reached: line 16 is not line 1."""
        return self.taxable_income != self.income_below_zero_rate_top

    @line
    def preferential_part(self) -> Decimal | None:
        """Line 23."""
        return min(self.taxable_income, self.gain_without_special) if self.above_zero_rate else None

    @line
    def zero_part(self) -> Decimal | None:
        """Line 24."""
        return self.taxed_at_zero if self.above_zero_rate else None

    @line
    def preferential_above_zero(self) -> Decimal | None:
        """Line 25."""
        return over(self.preferential_part, self.zero_part) if self.above_zero_rate else None

    @line
    def fifteen_rate_top(self) -> Decimal | None:
        """Line 26."""
        return self.law.fifteen_rate_top if self.above_zero_rate else None

    @line
    def income_below_fifteen_top(self) -> Decimal | None:
        """Line 27."""
        return min(self.taxable_income, self.fifteen_rate_top) if self.above_zero_rate else None

    @line
    def ordinary_and_zero_part(self) -> Decimal | None:
        """Line 28."""
        return self.taxed_at_ordinary_rates + self.taxed_at_zero if self.above_zero_rate else None

    @line
    def room_at_fifteen(self) -> Decimal | None:
        """Line 29."""
        return over(self.income_below_fifteen_top, self.ordinary_and_zero_part) if self.above_zero_rate else None

    @line
    def taxed_at_fifteen(self) -> Decimal | None:
        """Line 30."""
        return min(self.preferential_above_zero, self.room_at_fifteen) if self.above_zero_rate else None

    @line
    def tax_at_fifteen(self) -> Decimal | None:
        """Line 31."""
        return self.taxed_at_fifteen * self.law.gains_rate_middle if self.above_zero_rate else None

    @line
    def taxed_at_zero_or_fifteen(self) -> Decimal | None:
        """Line 32."""
        return self.zero_part + self.taxed_at_fifteen if self.above_zero_rate else None

    @property
    def above_fifteen(self) -> bool:
        """Whether lines 33 to 43 are reached: line 32 is not line 1."""
        return self.above_zero_rate and self.taxable_income != self.taxed_at_zero_or_fifteen

    @line
    def taxed_at_twenty(self) -> Decimal | None:
        """Line 33."""
        return self.preferential_part - self.taxed_at_zero_or_fifteen if self.above_fifteen else None

    @line
    def tax_at_twenty(self) -> Decimal | None:
        """Line 34."""
        return self.taxed_at_twenty * self.law.gains_rate_top if self.above_fifteen else None

    @property
    def with_1250_gain(self) -> bool:
        """Whether lines 35 to 40 are reached: Schedule D line 19 holds an amount."""
        return self.above_fifteen and self.schedule_d.unrecaptured_1250 > 0

    @line
    def unrecaptured_1250(self) -> Decimal | None:
        """Line 35."""
        return min(self.gain_left, self.schedule_d.unrecaptured_1250) if self.with_1250_gain else None

    @line
    def gain_and_ordinary(self) -> Decimal | None:
        """Line 36."""
        return self.dividends_and_gain + self.taxed_at_ordinary_rates if self.with_1250_gain else None

    @line
    def taxable_income_again(self) -> Decimal | None:
        """Line 37."""
        return self.taxable_income if self.with_1250_gain else None

    @line
    def gain_at_ordinary_rates(self) -> Decimal | None:
        """Line 38."""
        return over(self.gain_and_ordinary, self.taxable_income_again) if self.with_1250_gain else None

    @line
    def taxed_at_twenty_five(self) -> Decimal | None:
        """Line 39."""
        return over(self.unrecaptured_1250, self.gain_at_ordinary_rates) if self.with_1250_gain else None

    @line
    def tax_at_twenty_five(self) -> Decimal | None:
        """Line 40."""
        return self.taxed_at_twenty_five * self.law.unrecaptured_1250_rate if self.with_1250_gain else None

    @property
    def with_28_percent_gain(self) -> bool:
        """Whether lines 41 to 43 are reached: Schedule D line 18 holds an amount."""
        return self.above_fifteen and self.schedule_d.gain_28_percent > 0

    @line
    def taxed_so_far(self) -> Decimal | None:
        """Line 41."""
        if not self.with_28_percent_gain:
            return None
        below = self.taxed_at_ordinary_rates + self.taxed_at_zero + self.taxed_at_fifteen
        return below + self.taxed_at_twenty + self.taxed_at_twenty_five

    @line
    def taxed_at_twenty_eight(self) -> Decimal | None:
        """Line 42."""
        return self.taxable_income - self.taxed_so_far if self.with_28_percent_gain else None

    @line
    def tax_at_twenty_eight(self) -> Decimal | None:
        """Line 43."""
        return self.taxed_at_twenty_eight * self.law.collectibles_rate if self.with_28_percent_gain else None

    @line
    def tax_at_ordinary_rates(self) -> Decimal:
        """Line 44."""
        return tax_on(self.law, self.taxed_at_ordinary_rates)

    @line
    def tax_with_rates(self) -> Decimal:
        """Line 45."""
        special = self.tax_at_twenty_five + self.tax_at_twenty_eight
        return self.tax_at_fifteen + self.tax_at_twenty + special + self.tax_at_ordinary_rates

    @line
    def tax_without_rates(self) -> Decimal:
        """Line 46."""
        return tax_on(self.law, self.taxable_income)

    @line
    def tax(self) -> Decimal:
        """Line 47."""
        return min(self.tax_with_rates, self.tax_without_rates)
