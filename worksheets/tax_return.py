"""The forms of one year's return, worked lazily and reading one another."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import TypeVar

from worksheets.amounts import Law
from worksheets.carryover import CarryoverWorksheet, CarryoverWorksheetAMT
from worksheets.definitions import definition, years
from worksheets.f1040 import Form1040, Form1040WithoutTotal, Form1040WithSchedule1A
from worksheets.f6251 import ExemptionWorksheet, Form6251, Form6251WithSeniorDeduction, Line2kWorksheet
from worksheets.f8801 import Form8801
from worksheets.facts import YearFacts
from worksheets.form import Form, Rounding, Trail
from worksheets.regular_tax import (
    GainWorksheet,
    GainWorksheetWithElection,
    PreferentialIncome,
    PreferentialIncomeWithElection,
)
from worksheets.schedule_d import (
    ScheduleD,
    ScheduleDAMT,
    ScheduleDAMTWithDigitalAssets,
    ScheduleDWithDigitalAssets,
)
from worksheets.schedule_d_tax import ScheduleDTaxWorksheet, SpecialRateGains
from worksheets.stock import YearStock

F = TypeVar("F", bound=Form)

STRUCTURES: Mapping[str, type[Form]] = {
    "f1040": Form1040,
    "f1040_without_total": Form1040WithoutTotal,
    "f1040_schedule_1a": Form1040WithSchedule1A,
    "f1040sd": ScheduleD,
    "f1040sd_digital_assets": ScheduleDWithDigitalAssets,
    "f1040sd_amt": ScheduleDAMT,
    "f1040sd_digital_assets_amt": ScheduleDAMTWithDigitalAssets,
    "gain_worksheet": GainWorksheet,
    "gain_worksheet_amt": PreferentialIncome,
    "gain_worksheet_election": GainWorksheetWithElection,
    "gain_worksheet_election_amt": PreferentialIncomeWithElection,
    "f6251": Form6251,
    "f6251_senior_deduction": Form6251WithSeniorDeduction,
}


class TaxReturn:
    """One year of a whole-year household.

    Args:
        law: what the law fixes for the year and filing status.
        rounding: how this return rounds.
        trail: shared by all years of the household.
        facts: what the case says of the year.
        stock: what the year's option stock hands the forms.
        prior: the return of the year before, or None.
        opening: carryovers into the first year: `short`, `long`, `amt_short`, `amt_long`, `credit`.
        given: amounts given instead of worked: form file, then line name.
        no_amt: the year before is known only to have had no AMT.
    """

    def __init__(  # noqa: PLR0913 - a return has this many parts
        self,
        *,
        law: Law,
        rounding: Rounding,
        trail: Trail,
        facts: YearFacts,
        stock: YearStock,
        prior: TaxReturn | None = None,
        opening: Mapping[str, Decimal] | None = None,
        given: Mapping[str, Mapping[str, Decimal]] | None = None,
        no_amt: bool = False,
    ) -> None:
        self.law = law
        self.year = law.year
        self.rounding = rounding
        self.trail = trail
        self.facts = facts
        self.stock = stock
        self.prior = prior
        self.opening = opening
        self.given = given or {}
        self.no_amt = no_amt

    def given_lines(self, file: str, *, amt: bool = False) -> Mapping[str, Decimal]:
        """The lines of a form that are given instead of worked, by name."""
        return self.given.get(f"{file}_amt" if amt else file, {})

    def _structured(self, file: str, kind: type[F], suffix: str = "") -> F:
        form = STRUCTURES[definition(self.year, file).structure + suffix](self)  # type: ignore[call-arg, arg-type]
        if not isinstance(form, kind):
            raise TypeError(f"{file}: its structure is no {kind.__name__}")
        return form

    @cached_property
    def f1040(self) -> Form1040:
        """Form 1040, wages to tax."""
        return self._structured("f1040", Form1040)

    @cached_property
    def schedule_d(self) -> ScheduleD:
        """Schedule D for the regular tax."""
        return self._structured("f1040sd", ScheduleD)

    @cached_property
    def schedule_d_amt(self) -> ScheduleD:
        """Schedule D refigured for the AMT."""
        return self._structured("f1040sd", ScheduleD, "_amt")

    @cached_property
    def gain_worksheet(self) -> GainWorksheet:
        """The Qualified Dividends and Capital Gain Tax Worksheet."""
        return self._structured("gain_worksheet", GainWorksheet)

    @cached_property
    def gain_worksheet_amt(self) -> PreferentialIncome:
        """Its lines 2 to 4, refigured for the AMT."""
        return self._structured("gain_worksheet_amt", PreferentialIncome)

    @cached_property
    def schedule_d_tax(self) -> ScheduleDTaxWorksheet:
        """The Schedule D Tax Worksheet."""
        return ScheduleDTaxWorksheet(self)

    @cached_property
    def schedule_d_tax_amt(self) -> SpecialRateGains:
        """Its lines 2 to 13, refigured for the AMT."""
        return SpecialRateGains(self)

    @cached_property
    def line_2k(self) -> Line2kWorksheet:
        """Line 2k in its parts."""
        return Line2kWorksheet(self)

    @cached_property
    def exemption_worksheet(self) -> ExemptionWorksheet:
        """The Exemption Worksheet for Form 6251 line 5."""
        return ExemptionWorksheet(self)

    @cached_property
    def f6251(self) -> Form6251:
        """Form 6251."""
        return self._structured("f6251", Form6251)

    @cached_property
    def f8801(self) -> Form8801 | None:
        """Form 8801, or None for a year whose form is not supported."""
        return Form8801(self) if self.year > years()[0] else None

    @cached_property
    def carryover(self) -> CarryoverWorksheet:
        """Capital losses carried to the next year, regular tax."""
        return CarryoverWorksheet(self)

    @cached_property
    def carryover_amt(self) -> CarryoverWorksheetAMT:
        """Capital losses carried to the next year, AMT."""
        return CarryoverWorksheetAMT(self)

    @property
    def uses_schedule_d_tax_worksheet(self) -> bool:
        """Whether the tax is figured with the Schedule D Tax Worksheet (Schedule D line 20)."""
        return self.f1040.taxable_income > 0 and self.schedule_d.special_rates

    @property
    def uses_gain_worksheet(self) -> bool:
        """Whether the tax is figured with the Gain Worksheet (Schedule D lines 20 and 22)."""
        if self.f1040.taxable_income <= 0:
            return False
        return self.f1040.qualified_dividends > 0 or self.schedule_d.both_gains

    def carried_in(self, term: str, *, amt: bool = False) -> Decimal:
        """The capital loss carried into this year, from the year before or as given for the first year."""
        if self.prior is not None and self.opening is None:
            worksheet = self.prior.carryover_amt if amt else self.prior.carryover
            return worksheet.short_term_carryover if term == "short" else worksheet.long_term_carryover
        return self._opening("amt_capital_loss_carryover" if amt else "capital_loss_carryover", term)

    def credit_carried_in(self) -> Decimal:
        """The minimum tax credit carried into this year (Form 8801 line 26 of the year before)."""
        if self.prior is not None and self.prior.f8801 is not None and self.opening is None:
            return self.prior.f8801.carryforward_out
        return self._opening("prior_minimum_tax_credit", "")

    def _opening(self, key: str, term: str) -> Decimal:
        amounts = self.opening or {}
        return self.facts.tell(key, amounts.get(f"{key}.{term}" if term else key, Decimal(0)))
