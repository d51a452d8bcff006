"""The tax computation with maximum capital gains rates, which two forms print line by line in the same order.

It is Part III of Form 6251 (lines 12 to 40) and Part III of Form 8801 (lines 27 to 55). What the lines start from
differs and is worked in each form; the rest is written once here. The docstrings give the Form 6251 line.
"""

from __future__ import annotations

from decimal import Decimal

from worksheets.amounts import Law
from worksheets.form import Form, line, over


def amt_rates(law: Law, amount: Decimal) -> Decimal:
    """The tax at the two AMT rates (IRC 55(b)(1)): the form's way, with the subtraction it prints."""
    if amount <= law.breakpoint:
        return amount * law.amt_rate_low
    return amount * law.amt_rate_high - law.high_rate_subtraction


class CapitalGainsRates(Form):
    """Part III: its lines stay blank unless the form calls for it (`part_iii`)."""

    @property
    def part_iii(self) -> bool:
        """Whether Part III is to be completed."""
        raise NotImplementedError

    @property
    def rates_law(self) -> Law:
        """The law whose rates and thresholds apply."""
        return self.law

    @property
    def used_schedule_d_tax_worksheet(self) -> bool:
        """Whether a Schedule D Tax Worksheet was completed, for the regular tax or the AMT."""
        raise NotImplementedError

    def source_taxed(self) -> Decimal:
        """What line 12 starts from."""
        raise NotImplementedError

    def source_preferential(self) -> Decimal:
        """What line 13 starts from."""
        raise NotImplementedError

    def source_unrecaptured_1250(self) -> Decimal | None:
        """What line 14 starts from."""
        raise NotImplementedError

    def source_gain_limit(self) -> Decimal:
        """Line 10 of the Schedule D Tax Worksheet, for line 15."""
        raise NotImplementedError

    def source_ordinary_for_zero(self) -> Decimal:
        """What line 20 starts from."""
        raise NotImplementedError

    def source_ordinary_for_fifteen(self) -> Decimal:
        """What line 27 starts from."""
        raise NotImplementedError

    @line
    def amount_taxed(self) -> Decimal | None:
        """Line 12."""
        return self.source_taxed() if self.part_iii else None

    @line
    def preferential(self) -> Decimal | None:
        """Line 13."""
        return self.source_preferential() if self.part_iii else None

    @line
    def unrecaptured_1250(self) -> Decimal | None:
        """Line 14."""
        return self.source_unrecaptured_1250() if self.part_iii else None

    @line
    def gains_at_special_rates(self) -> Decimal | None:
        """Line 15."""
        if not self.part_iii:
            return None
        if not self.used_schedule_d_tax_worksheet:
            return self.preferential
        return min(self.preferential + self.unrecaptured_1250, self.source_gain_limit())

    @line
    def special_part(self) -> Decimal | None:
        """Line 16."""
        return min(self.amount_taxed, self.gains_at_special_rates) if self.part_iii else None

    @line
    def ordinary_part(self) -> Decimal | None:
        """Line 17."""
        return self.amount_taxed - self.special_part if self.part_iii else None

    @line
    def tax_on_ordinary_part(self) -> Decimal | None:
        """Line 18."""
        return amt_rates(self.rates_law, self.ordinary_part) if self.part_iii else None

    @line
    def zero_rate_top(self) -> Decimal | None:
        """Line 19."""
        return self.rates_law.zero_rate_top if self.part_iii else None

    @line
    def regular_ordinary_for_zero(self) -> Decimal | None:
        """Line 20."""
        return self.source_ordinary_for_zero() if self.part_iii else None

    @line
    def room_at_zero(self) -> Decimal | None:
        """Line 21."""
        return over(self.zero_rate_top, self.regular_ordinary_for_zero) if self.part_iii else None

    @line
    def preferential_part(self) -> Decimal | None:
        """Line 22."""
        return min(self.amount_taxed, self.preferential) if self.part_iii else None

    @line
    def taxed_at_zero(self) -> Decimal | None:
        """Line 23."""
        return min(self.room_at_zero, self.preferential_part) if self.part_iii else None

    @line
    def preferential_above_zero(self) -> Decimal | None:
        """Line 24."""
        return self.preferential_part - self.taxed_at_zero if self.part_iii else None

    @line
    def fifteen_rate_top(self) -> Decimal | None:
        """Line 25."""
        return self.rates_law.fifteen_rate_top if self.part_iii else None

    @line
    def room_at_zero_again(self) -> Decimal | None:
        """Line 26."""
        return self.room_at_zero if self.part_iii else None

    @line
    def regular_ordinary_for_fifteen(self) -> Decimal | None:
        """Line 27."""
        return self.source_ordinary_for_fifteen() if self.part_iii else None

    @line
    def used_below_fifteen_top(self) -> Decimal | None:
        """Line 28."""
        return self.room_at_zero_again + self.regular_ordinary_for_fifteen if self.part_iii else None

    @line
    def room_at_fifteen(self) -> Decimal | None:
        """Line 29."""
        return over(self.fifteen_rate_top, self.used_below_fifteen_top) if self.part_iii else None

    @line
    def taxed_at_fifteen(self) -> Decimal | None:
        """Line 30."""
        return min(self.preferential_above_zero, self.room_at_fifteen) if self.part_iii else None

    @line
    def tax_at_fifteen(self) -> Decimal | None:
        """Line 31."""
        return self.taxed_at_fifteen * self.rates_law.gains_rate_middle if self.part_iii else None

    @line
    def taxed_at_zero_or_fifteen(self) -> Decimal | None:
        """Line 32."""
        return self.taxed_at_zero + self.taxed_at_fifteen if self.part_iii else None

    @property
    def beyond_fifteen(self) -> bool:
        """Whether lines 33 to 37 are reached: line 32 is not line 12."""
        return self.part_iii and self.taxed_at_zero_or_fifteen != self.amount_taxed

    @property
    def with_1250_gain(self) -> bool:
        """Whether lines 35 to 37 are reached: line 14 holds an amount."""
        return self.beyond_fifteen and self.unrecaptured_1250 != 0

    @line
    def taxed_at_twenty(self) -> Decimal | None:
        """Line 33."""
        return self.preferential_part - self.taxed_at_zero_or_fifteen if self.beyond_fifteen else None

    @line
    def tax_at_twenty(self) -> Decimal | None:
        """Line 34."""
        return self.taxed_at_twenty * self.rates_law.gains_rate_top if self.beyond_fifteen else None

    @line
    def taxed_so_far(self) -> Decimal | None:
        """Line 35."""
        if not self.with_1250_gain:
            return None
        return self.ordinary_part + self.taxed_at_zero_or_fifteen + self.taxed_at_twenty

    @line
    def taxed_at_twenty_five(self) -> Decimal | None:
        """Line 36."""
        return self.amount_taxed - self.taxed_so_far if self.with_1250_gain else None

    @line
    def tax_at_twenty_five(self) -> Decimal | None:
        """Line 37."""
        return self.taxed_at_twenty_five * self.rates_law.unrecaptured_1250_rate if self.with_1250_gain else None

    @line
    def tax_with_rates(self) -> Decimal | None:
        """Line 38."""
        if not self.part_iii:
            return None
        return self.tax_on_ordinary_part + self.tax_at_fifteen + self.tax_at_twenty + self.tax_at_twenty_five

    @line
    def tax_without_rates(self) -> Decimal | None:
        """Line 39."""
        return amt_rates(self.rates_law, self.amount_taxed) if self.part_iii else None

    @line
    def tax_part_iii(self) -> Decimal | None:
        """Line 40."""
        return min(self.tax_with_rates, self.tax_without_rates) if self.part_iii else None
