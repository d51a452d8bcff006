"""The lines of Form 1040 that the stock forms read: from wages to the tax, before credits.

Form 1040 itself is not filled; its lines stand in the result and on the entry sheet.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from worksheets.form import ZERO, Form, line, over
from worksheets.regular_tax import tax_on

if TYPE_CHECKING:
    from worksheets.tax_return import TaxReturn


class Form1040(Form):
    """Form 1040 from wages to the tax."""

    file = "f1040"

    def __init__(self, parent: TaxReturn) -> None:
        super().__init__(parent.law, parent.rounding, parent.trail, parent.given_lines(self.file))
        self.parent = parent
        self.facts = parent.facts

    @line
    def wages(self) -> Decimal:
        """Wages as printed on Forms W-2, box 1."""
        return self.facts.amount("wages")

    @line
    def interest(self) -> Decimal | None:
        """Taxable interest."""
        return self.facts.amount("interest") or None

    @line
    def qualified_dividends(self) -> Decimal | None:
        """Qualified dividends."""
        return self.facts.amount("qualified_dividends") or None

    @line
    def ordinary_dividends(self) -> Decimal | None:
        """Ordinary dividends."""
        return self.facts.amount("ordinary_dividends") or None

    @line
    def capital_gain(self) -> Decimal | None:
        """Capital gain or loss from Schedule D."""
        schedule_d = self.parent.schedule_d
        return None if schedule_d.empty else schedule_d.amount_in_income

    @line
    def other_income(self) -> Decimal | None:
        """All other income, with the pay from early sales that no W-2 shows (Schedule 1)."""
        return self.facts.amount("other_income") + self.parent.stock.pay_not_on_w2() or None

    @line
    def adjustments(self) -> Decimal | None:
        """Adjustments to income (Schedule 1 line 26)."""
        return self.facts.amount("adjustments") or None

    @line
    def agi(self) -> Decimal:
        """Adjusted gross income (IRC 62)."""
        income = self.wages + self.interest + self.ordinary_dividends + self.capital_gain + self.other_income
        return income - self.adjustments

    @line
    def deduction(self) -> Decimal:
        """The standard deduction with its additions for age and blindness, or itemized deductions."""
        itemized = self.facts.itemized()
        if itemized is not None:
            return itemized
        ticked = self.facts.amount("age_65_or_blind")
        extra = ticked * self.law.additional_standard_deduction if ticked else ZERO
        return self.law.standard_deduction + extra

    @line
    def qbi_deduction(self) -> Decimal | None:
        """Qualified business income deduction."""
        return self.facts.amount("qbi_deduction") or None

    @line
    def deductions(self) -> Decimal:
        """All deductions from adjusted gross income."""
        return self.deduction + self.qbi_deduction

    @line
    def taxable_income(self) -> Decimal:
        """Taxable income, not below zero."""
        return over(self.agi, self.deductions)

    @line
    def tax(self) -> Decimal:
        """The tax, by the worksheet that the year's gains and dividends call for, with any Form 4972 tax."""
        return self._tax_by_worksheet() + self.facts.amount("form_4972_tax")

    def _tax_by_worksheet(self) -> Decimal:
        if self.parent.uses_schedule_d_tax_worksheet:
            return self.parent.schedule_d_tax.tax
        if self.parent.uses_gain_worksheet:
            return self.parent.gain_worksheet.tax
        return tax_on(self.law, self.taxable_income)


class Form1040WithoutTotal(Form1040):
    """Form 1040 of the year that prints no line for the total of the deductions; other forms read its parts."""

    @property
    def deductions(self) -> Decimal:
        """All deductions from adjusted gross income, in no line of their own."""
        return self.deduction + self.qbi_deduction


class Form1040WithSchedule1A(Form1040):
    """Form 1040 from the year on that has Schedule 1-A and prints adjusted gross income on both pages."""

    @line
    def agi_carried_over(self) -> Decimal:
        """Adjusted gross income again, at the top of page 2."""
        return self.agi

    @line
    def schedule_1a(self) -> Decimal | None:
        """Additional deductions from Schedule 1-A."""
        return self.facts.amount("schedule_1a") or None

    @line
    def deductions(self) -> Decimal:
        """All deductions from adjusted gross income."""
        return self.deduction + self.qbi_deduction + self.schedule_1a

    @line
    def taxable_income(self) -> Decimal:
        """Taxable income, not below zero."""
        return over(self.agi_carried_over, self.deductions)
