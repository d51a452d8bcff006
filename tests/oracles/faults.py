"""The named faults of the engines, each put into our own return; what they are and in which years is in faults.yaml."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from oracles.returns import Build, Figures, figures

from worksheets.amounts import Law
from worksheets.form import ZERO, line, over
from worksheets.schedule_d_tax import ScheduleDTaxWorksheet

MEDICAL_FLOOR = Decimal("0.075")  # of adjusted gross income (IRC 213(a))
CONTRIBUTION_LIMITS = Decimal("0.9")  # 60% for cash and 30% for other property (IRC 170(b)(1))
HALF_CENT = Decimal("0.005")
ROUNDING = Decimal("0.10")  # we round each line to the cent, engines none
Change = Callable[[Build, Figures, Mapping[str, Any]], None]


class WorksheetWithOtherAmounts(ScheduleDTaxWorksheet):
    """The Schedule D Tax Worksheet with amounts of its own on lines 15 and 19, else those that the law fixes."""

    printed: Mapping[str, int] = {}

    @line
    def zero_rate_top(self) -> Decimal:
        return Decimal(self.printed.get("zero_rate_top", self.law.zero_rate_top))

    @line
    def income_below_middle_bracket(self) -> Decimal:
        top = self.printed.get("middle_bracket_top", Law(self.year, self.law.status).middle_bracket_top)
        return min(self.taxable_income, Decimal(top))


class WorksheetTheWrongWayRound(WorksheetWithOtherAmounts):
    """The same with lines 33 to 43 only where nothing is left to put on them."""

    @property
    def above_fifteen(self) -> bool:
        return self.above_zero_rate and abs(self.taxable_income - self.taxed_at_zero_or_fifteen) < 2 * HALF_CENT


class WorksheetWithZeroRateTop(ScheduleDTaxWorksheet):
    """The same with the top of the 0% rate on line 19."""

    @line
    def income_below_middle_bracket(self) -> Decimal:
        return min(self.taxable_income, self.law.zero_rate_top)


def their_deduction(build: Build, theirs: Figures, _: Mapping[str, Any]) -> None:
    if (build.deduction is None) != (theirs.deduction is None):
        build.deduction = theirs.deduction


def their_total(build: Build, theirs: Figures, _: Mapping[str, Any]) -> None:
    if build.deduction is not None and theirs.deduction is not None:
        build.deduction = theirs.deduction


def _amounts(name: str) -> Change:
    def change(build: Build, _: Figures, fault: Mapping[str, Any]) -> None:
        year = build.drawn.year
        build.overlay[name] = {year: fault["amounts"].get(year, {})}

    return change


def no_tax_table(build: Build, _: Figures, __: Mapping[str, Any]) -> None:
    build.overlay["tax_table_limit"] = {build.drawn.year: 0}


def float_below_a_row(build: Build, theirs: Figures, _: Mapping[str, Any]) -> None:
    done = build.work()
    if abs(done.f1040.tax - theirs.tax) > ROUNDING:
        rows = [[start and start + HALF_CENT, width] for start, width in done.law.tax_table_rows]
        build.overlay["tax_table_rows"] = {build.drawn.year: rows}


def _worksheet(kind: type[ScheduleDTaxWorksheet]) -> Change:
    def change(build: Build, _: Figures, __: Mapping[str, Any]) -> None:
        build.worksheet = kind

    return change


def worksheet_amounts(build: Build, _: Figures, fault: Mapping[str, Any]) -> None:
    rows = fault["amounts"].get(build.drawn.year, {})
    build.worksheet_amounts = rows.get(build.drawn.status, {})


def no_separate_addition(build: Build, _: Figures, __: Mapping[str, Any]) -> None:
    build.given["amti"] = build.work().f6251.combined()


def no_exemption_above(build: Build, _: Figures, fault: Mapping[str, Any]) -> None:
    if build.work().f6251.amti > fault["limit"]:
        build.given["exemption"] = ZERO


def other_separate_addition(build: Build, _: Figures, fault: Mapping[str, Any]) -> None:
    rule = fault["additions"].get(build.drawn.year)
    combined = build.work().f6251.combined()
    if rule is not None and combined > rule["above"]:
        addition = rule["full"] if combined > rule["full_above"] else (combined - rule["less"]) / 4
        build.given["amti"] = combined + addition


def _of_negative_income(share: Decimal) -> Change:
    def change(build: Build, _: Figures, __: Mapping[str, Any]) -> None:
        agi = build.work().f1040.agi
        if build.deduction is not None and agi < 0:
            total, taxes = build.deduction
            build.deduction = (total + share * agi, taxes)

    return change


def no_senior_deduction(build: Build, _: Figures, __: Mapping[str, Any]) -> None:
    build.entries.pop("senior_deduction")


def no_refigured_worksheets(build: Build, _: Figures, __: Mapping[str, Any]) -> None:
    if build.work().f1040.taxable_income == 0:
        build.given |= {"preferential": ZERO, "gains_at_special_rates": ZERO}


def no_tax_at_twenty_five(build: Build, _: Figures, __: Mapping[str, Any]) -> None:
    build.given["tax_at_twenty_five"] = ZERO


def below_zero(build: Build, _: Figures, __: Mapping[str, Any]) -> None:
    done = build.work()
    if done.f6251.amti_less_exemption:
        build.given["amt"] = over(done.f6251.tax_before_credit, done.f1040.tax)


CHANGES: Mapping[str, Change] = {
    "tax_table_not_used": no_tax_table,
    "deduction_chosen_by_tax": their_deduction,
    "itemized_deductions_cut": their_total,
    "age_addition_mistyped": _amounts("additional_standard_deduction"),
    "bracket_of_another_status": _amounts("bracket_tops"),
    "bracket_mistyped": _amounts("bracket_tops"),
    "schedule_d_tax_worksheet_line_19": _worksheet(WorksheetWithZeroRateTop),
    "schedule_d_tax_worksheet_lines_33_to_43": _worksheet(WorksheetTheWrongWayRound),
    "schedule_d_tax_worksheet_amount_mistyped": worksheet_amounts,
    "married_separate_addition_left_out": no_separate_addition,
    "married_separate_limit_mistyped": no_exemption_above,
    "married_separate_addition_mistyped": other_separate_addition,
    "medical_deduction_from_negative_income": _of_negative_income(-MEDICAL_FLOOR),
    "contributions_below_zero": _of_negative_income(CONTRIBUTION_LIMITS),
    "senior_deduction_not_added_back": no_senior_deduction,
    "refigured_worksheets_not_made": no_refigured_worksheets,
    "lines_35_to_37_never_reached": no_tax_at_twenty_five,
    "float_below_a_row": float_below_a_row,
    "lines_9_and_10_below_zero": below_zero,
}


@cache
def engines() -> Mapping[str, Any]:
    """faults.yaml."""
    loaded: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_name("faults.yaml").read_text(encoding="utf-8"))
    return loaded


def concerning(engine: str, year: int, status: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The faults of an engine that a return of that year and status can meet, in the order in which they take effect."""
    for name, fault in engines()[engine]["faults"].items():
        first, last = fault["years"]
        if first <= year <= last and status in fault.get("statuses", (status,)):
            yield name, fault


def put_in(engine: str, build: Build, theirs: Figures) -> list[str]:
    """Put every fault that can concern a return into it; the names of those that changed its figures."""
    found, before = [], figures(build.work()).amounts
    for name, fault in concerning(engine, build.drawn.year, build.drawn.status):
        CHANGES[name](build, theirs, fault)
        after = figures(build.work()).amounts
        if any(abs(after[key] - before[key]) > HALF_CENT for key in after):
            found.append(name)
        before = after
    return found
