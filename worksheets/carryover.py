"""The Capital Loss Carryover Worksheet, from this year to the next, in both books.

Source: Schedule D instructions (IRC 1211, 1212(b)); for the AMT, Form 6251 instructions, line 2k.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from worksheets.form import ZERO, Form, line, over

if TYPE_CHECKING:
    from worksheets.tax_return import TaxReturn


class CarryoverWorksheet(Form):
    """What of this year's capital loss goes to the next year; a line that does not apply stays blank."""

    file = "carryover"
    amt = False

    def __init__(self, parent: TaxReturn) -> None:
        super().__init__(parent.law, parent.rounding, parent.trail)
        self.parent = parent
        self.schedule_d = parent.schedule_d_amt if self.amt else parent.schedule_d

    @line
    def income_before_floor(self) -> Decimal | None:
        """Line 1: taxable income, as a negative if it would be one."""
        if not self.needed:
            return None
        f1040 = self.parent.f1040
        return f1040.taxable_income if f1040.taxable_income > 0 else f1040.agi - f1040.deductions

    @line
    def loss_allowed(self) -> Decimal | None:
        """Line 2."""
        return self.schedule_d.allowed_loss or None

    @line
    def income_with_loss_added(self) -> Decimal | None:
        """Line 3."""
        return over(self.income_before_floor + self.loss_allowed, ZERO) if self.needed else None

    @line
    def loss_used(self) -> Decimal | None:
        """Line 4."""
        return min(self.loss_allowed, self.income_with_loss_added) if self.needed else None

    @line
    def short_term_loss(self) -> Decimal | None:
        """Line 5: zero where Schedule D line 7 is no loss."""
        return over(ZERO, self.schedule_d.net_short_term) if self.needed else None

    @line
    def long_term_gain(self) -> Decimal | None:
        """Line 6."""
        return over(self.schedule_d.net_long_term, ZERO) if self.has_short_loss else None

    @line
    def used_against_short(self) -> Decimal | None:
        """Line 7."""
        return self.loss_used + self.long_term_gain if self.has_short_loss else None

    @line
    def short_term_carryover(self) -> Decimal | None:
        """Line 8."""
        return over(self.short_term_loss, self.used_against_short) if self.has_short_loss else None

    @line
    def long_term_loss(self) -> Decimal | None:
        """Line 9."""
        return over(ZERO, self.schedule_d.net_long_term) or None if self.needed else None

    @line
    def short_term_gain(self) -> Decimal | None:
        """Line 10."""
        return over(self.schedule_d.net_short_term, ZERO) if self.has_long_loss else None

    @line
    def used_beyond_short(self) -> Decimal | None:
        """Line 11."""
        return over(self.loss_used, self.short_term_loss) if self.has_long_loss else None

    @line
    def used_against_long(self) -> Decimal | None:
        """Line 12."""
        return self.short_term_gain + self.used_beyond_short if self.has_long_loss else None

    @line
    def long_term_carryover(self) -> Decimal | None:
        """Line 13."""
        return over(self.long_term_loss, self.used_against_long) if self.has_long_loss else None

    @property
    def needed(self) -> bool:
        """Whether there is a loss on line 2: else there is nothing to carry."""
        return self.loss_allowed > 0

    @property
    def has_short_loss(self) -> bool:
        """Whether lines 6 to 8 apply: line 5 holds a loss."""
        return self.short_term_loss > 0

    @property
    def has_long_loss(self) -> bool:
        """Whether lines 10 to 13 apply: line 9 holds a loss."""
        return self.long_term_loss > 0


class CarryoverWorksheetAMT(CarryoverWorksheet):
    """The same for the AMT; its line 1 starts from AMTI, the AMT's counterpart of taxable income."""

    file = "carryover_amt"
    amt = True

    @line
    def income_before_floor(self) -> Decimal | None:
        """Line 1: AMTI, as a negative if it is one."""
        return self.parent.f6251.amti if self.needed else None
