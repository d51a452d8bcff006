"""Form 6251, Alternative Minimum Tax - Individuals, with the worksheets behind lines 2k and 5 (IRC 55-59)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from worksheets.f1040 import Form1040WithSchedule1A
from worksheets.form import ZERO, Form, line, over
from worksheets.gains_rates import CapitalGainsRates, amt_rates

if TYPE_CHECKING:
    from worksheets.tax_return import TaxReturn


class Line2kWorksheet(Form):
    """Line 2k in its four parts (Form 6251 instructions, line 2k): each AMT less regular."""

    file = "line_2k"

    def __init__(self, parent: TaxReturn) -> None:
        super().__init__(parent.law, parent.rounding, parent.trail)
        self.stock = parent.stock
        self.regular = parent.schedule_d
        self.refigured = parent.schedule_d_amt

    @line
    def ordinary(self) -> Decimal:
        """Ordinary income from dispositions."""
        return self.stock.ordinary_income_difference()

    @line
    def short(self) -> Decimal:
        """Net short-term result, before the loss limit."""
        return self.refigured.net_short_term - self.regular.net_short_term

    @line
    def long(self) -> Decimal:
        """Net long-term result, before the loss limit."""
        return self.refigured.net_long_term - self.regular.net_long_term

    @line
    def limit(self) -> Decimal:
        """What the loss limit takes back, in each book on its own."""
        allowed = self.refigured.allowed_loss - self.regular.allowed_loss
        return over(ZERO, self.refigured.net_gain) - over(ZERO, self.regular.net_gain) - allowed


class ExemptionWorksheet(Form):
    """The Exemption Worksheet for Form 6251 line 5; blank while AMTI is below the phase-out."""

    file = "exemption"

    def __init__(self, parent: TaxReturn) -> None:
        super().__init__(parent.law, parent.rounding, parent.trail)
        self.parent = parent

    @line
    def exemption(self) -> Decimal:
        """Line 1."""
        return self.law.exemption

    @line
    def amti(self) -> Decimal:
        """Line 2."""
        return self.parent.f6251.amti

    @line
    def phaseout_start(self) -> Decimal:
        """Line 3."""
        return self.law.phaseout_start

    @line
    def excess(self) -> Decimal:
        """Line 4."""
        return over(self.amti, self.phaseout_start)

    @line
    def reduction(self) -> Decimal:
        """Line 5."""
        return self.law.phaseout_rate * self.excess

    @line
    def exemption_left(self) -> Decimal:
        """Line 6."""
        return over(self.exemption, self.reduction)


def _adjustment(number: str, text: str) -> line:
    """A line of Part I that the case gives under `amt_adjustments` by its number; blank if not given."""

    def _given(form: Form6251) -> Decimal | None:
        return form.facts.adjustment(number) or None

    _given.__doc__ = text
    return line(_given)


class Form6251(CapitalGainsRates):
    """Form 6251 with line 1 in one piece. Lines 2b, 2f and 2s hold positive amounts: the form prints parentheses."""

    file = "f6251"

    def __init__(self, parent: TaxReturn) -> None:
        super().__init__(parent.law, parent.rounding, parent.trail, parent.given_lines(self.file))
        self.parent = parent
        self.facts = parent.facts
        self.f1040 = parent.f1040

    @line
    def starting_income(self) -> Decimal:
        """Line 1: taxable income, or what it would be below zero."""
        if self.f1040.taxable_income > 0:
            return self.f1040.taxable_income
        return self.f1040.agi - self.f1040.deductions

    @line
    def taxes_or_standard_deduction(self) -> Decimal:
        """Line 2a (IRC 56(b)(1)(A), (D))."""
        taxes = self.facts.itemized_taxes()
        return self.f1040.deduction if taxes is None else taxes

    @line
    def tax_refund(self) -> Decimal | None:
        """Line 2b, a positive amount."""
        return self.facts.amount("tax_refund") or None

    investment_interest = _adjustment("2c", "Line 2c.")
    depletion = _adjustment("2d", "Line 2d.")
    net_operating_loss = _adjustment("2e", "Line 2e.")
    alternative_net_operating_loss = _adjustment("2f", "Line 2f, a positive amount.")
    private_activity_bonds = _adjustment("2g", "Line 2g.")
    small_business_stock = _adjustment("2h", "Line 2h.")

    @line
    def incentive_stock_options(self) -> Decimal:
        """Line 2i (IRC 56(b)(3))."""
        return self.parent.stock.line_2i()

    estates_and_trusts = _adjustment("2j", "Line 2j.")

    @line
    def disposition_of_property(self) -> Decimal:
        """Line 2k (IRC 56(b)(3), 56(a)(6))."""
        parts = self.parent.line_2k
        return parts.ordinary + parts.short + parts.long + parts.limit

    depreciation = _adjustment("2l", "Line 2l.")
    passive_activities = _adjustment("2m", "Line 2m.")
    loss_limitations = _adjustment("2n", "Line 2n.")
    circulation_costs = _adjustment("2o", "Line 2o.")
    long_term_contracts = _adjustment("2p", "Line 2p.")
    mining_costs = _adjustment("2q", "Line 2q.")
    research_costs = _adjustment("2r", "Line 2r.")
    installment_sales = _adjustment("2s", "Line 2s, a positive amount.")
    drilling_costs = _adjustment("2t", "Line 2t.")
    other_adjustments = _adjustment("3", "Line 3.")

    def combined(self) -> Decimal:
        """Lines 1 through 3 combined, before the married-separate addition."""
        deductions = self.taxes_or_standard_deduction - self.tax_refund + self.investment_interest + self.depletion
        losses = self.net_operating_loss - self.alternative_net_operating_loss
        exclusions = self.private_activity_bonds + self.small_business_stock
        stock = self.incentive_stock_options + self.estates_and_trusts + self.disposition_of_property
        costs = self.circulation_costs + self.long_term_contracts + self.mining_costs + self.research_costs
        timing = self.depreciation + self.passive_activities + self.loss_limitations + costs
        last = self.drilling_costs - self.installment_sales + self.other_adjustments
        return self.starting_income + deductions + losses + exclusions + stock + timing + last

    @line
    def amti(self) -> Decimal:
        """Line 4: alternative minimum taxable income (IRC 55(b)(1)(D), (d)(2))."""
        combined = self.combined()
        return combined + separate_addition(self, combined)

    @line
    def exemption(self) -> Decimal:
        """Line 5 (IRC 55(d))."""
        if self.amti <= self.law.phaseout_start:
            return self.law.exemption
        return self.parent.exemption_worksheet.exemption_left

    @line
    def amti_less_exemption(self) -> Decimal:
        """Line 6."""
        return over(self.amti, self.exemption)

    @property
    def part_iii(self) -> bool:
        """Line 7: whether there are qualified dividends, or gains on lines 15 and 16 as refigured for the AMT."""
        gains = self.parent.schedule_d_amt.both_gains
        return self.amti_less_exemption > 0 and (self.f1040.qualified_dividends > 0 or gains)

    @line
    def tax_before_credit(self) -> Decimal:
        """Line 7."""
        return self.tax_part_iii if self.part_iii else amt_rates(self.law, self.amti_less_exemption)

    @line
    def amt_foreign_tax_credit(self) -> Decimal | None:
        """Line 8: blank where line 10 is at least line 7."""
        if self.regular_tax >= self.tax_before_credit:
            return None
        return self.facts.amount("amt_foreign_tax_credit") or None

    @line
    def tentative_minimum_tax(self) -> Decimal:
        """Line 9."""
        return over(self.tax_before_credit, self.amt_foreign_tax_credit)

    @line
    def regular_tax(self) -> Decimal:
        """Line 10 (IRC 55(c))."""
        tax = self.f1040.tax - self.facts.amount("form_4972_tax") + self.facts.amount("schedule_2_line_1z")
        return over(tax, self.facts.amount("foreign_tax_credit"))

    @line
    def amt(self) -> Decimal:
        """Line 11: the alternative minimum tax."""
        return over(self.tentative_minimum_tax, self.regular_tax)

    @property
    def used_schedule_d_tax_worksheet(self) -> bool:
        """Line 15: whether a Schedule D Tax Worksheet was completed for the regular tax or the AMT."""
        return self.parent.schedule_d.special_rates or self.parent.schedule_d_amt.special_rates

    def source_taxed(self) -> Decimal:
        """Line 6."""
        return self.amti_less_exemption

    def source_preferential(self) -> Decimal:
        """The refigured worksheet: line 13 of the Schedule D Tax Worksheet, else line 4 of the Gain Worksheet."""
        if self.used_schedule_d_tax_worksheet:
            return self.parent.schedule_d_tax_amt.gain_without_special
        return self.parent.gain_worksheet_amt.preferential

    def source_unrecaptured_1250(self) -> Decimal | None:
        """Line 19 of the refigured Schedule D."""
        return self.parent.schedule_d_amt.unrecaptured_1250 or None

    def source_gain_limit(self) -> Decimal:
        """Line 10 of the refigured Schedule D Tax Worksheet."""
        return self.parent.schedule_d_tax_amt.dividends_and_gain

    def source_ordinary_for_zero(self) -> Decimal:
        """The regular worksheet's ordinary part, or taxable income where neither worksheet was completed."""
        if self.parent.uses_schedule_d_tax_worksheet:
            return self.parent.schedule_d_tax.ordinary_part
        if self.parent.uses_gain_worksheet:
            return self.parent.gain_worksheet.ordinary_part
        return self.f1040.taxable_income

    def source_ordinary_for_fifteen(self) -> Decimal:
        """The same, but line 21 of the Schedule D Tax Worksheet."""
        if self.parent.uses_schedule_d_tax_worksheet:
            return self.parent.schedule_d_tax.taxed_at_ordinary_rates
        if self.parent.uses_gain_worksheet:
            return self.parent.gain_worksheet.ordinary_part
        return self.f1040.taxable_income


class Form6251WithSeniorDeduction(Form6251):
    """Form 6251 from the year on in which line 1 is two lines, the senior deduction of Schedule 1-A left out."""

    f1040: Form1040WithSchedule1A

    @line
    def deductions_without_senior(self) -> Decimal:
        """Line 1a."""
        return self.f1040.deductions - self.facts.amount("senior_deduction")

    @line
    def starting_income(self) -> Decimal:
        """Line 1b, as a negative if it is one."""
        return self.f1040.agi_carried_over - self.deductions_without_senior


def separate_addition(form: CapitalGainsRates, amti: Decimal) -> Decimal:
    """What a married-separate return adds to AMTI above the form's limit, at most the exemption (IRC 55(d)(2))."""
    law = form.rates_law
    if law.status != "married_separate" or amti <= law.exemption_used_up:
        return ZERO
    return min(law.exemption, law.phaseout_rate * (amti - law.exemption_used_up))
