"""A household's years in order, and what one hands the next.

`work` keeps the books, makes the rows and chains the returns: both loss carryovers, the minimum tax credit and last
year's Form 6251 come from the computation, not from typing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from worksheets.amounts import Law
from worksheets.case import Case, ReturnFigures, Year
from worksheets.definitions import definition, years
from worksheets.f8949 import Row, is_unadjusted, rows, totals
from worksheets.facts import YearFacts
from worksheets.form import ZERO, Rounding, Trail
from worksheets.iso import Disposition
from worksheets.ledger import Holding, Inclusion, Ledger
from worksheets.others import pass_through
from worksheets.pay import PayShown, by_sale, kept_with_w2, unassigned_pay
from worksheets.refusals import (
    refuse_before_8801,
    refuse_boxes,
    refuse_gap,
    refuse_loss,
    refuse_loss_deduction,
    refuse_pay_above_wages,
    refuse_together,
    refuse_untied_schedule_d,
)
from worksheets.stock import YearStock
from worksheets.tax_return import TaxReturn

FILES = {"1040": "f1040", "6251": "f6251", "8801": "f8801", "schedule_d": "f1040sd"}
SAME_LINE = {"1": "1b", "1b": "1", "7": "7a", "7a": "7"}


@dataclass(slots=True)
class YearBooks:
    """One year: what happened to the stock, and the return (None in a stock-only year).

    `given` holds lines of forms that are given instead of worked, by file and name (see `pricing`).
    """

    year: int
    facts: Year
    law: Law
    stock: YearStock
    dispositions: list[Disposition]
    inclusions: list[Inclusion]
    holdings: list[Holding]
    rows: list[Row]
    amt_rows: list[Row]
    pay: list[PayShown] = field(default_factory=list)
    unassigned_pay: Decimal = ZERO
    direct_rows: list[Row] = field(default_factory=list)
    amt_direct_rows: list[Row] = field(default_factory=list)
    given: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)
    tax_return: TaxReturn | None = None
    handed_on: TaxReturn | None = None


@dataclass(slots=True)
class Household:
    """A household whose years have been worked."""

    case: Case
    ledger: Ledger
    trail: Trail
    rounding: Rounding
    years: dict[int, YearBooks]


def work(case: Case) -> Household:
    """Work every year of a household.

    Raises:
        CaseError: a figure is missing that cannot be assumed.
    """
    ledger, pay = kept_with_w2(case)
    trail, rounding = Trail(), Rounding(case.rounding)
    household = Household(case, ledger, trail, rounding, {})
    found = _by_year(case, ledger)
    refuse_together(*(partial(_open_year, household, year, pay.get(year, []), found[year]) for year in case.years))
    chain(household)
    return household


def chain(household: Household) -> None:
    """Work the returns of all whole years in order, each from what the one before hands on."""
    for year in household.case.years:
        _chain(household, year)


def _by_year(case: Case, ledger: Ledger) -> Mapping[int, list[Disposition]]:
    """The dispositions of each year; those of shares that are no option stock come last."""
    found: defaultdict[int, list[Disposition]] = defaultdict(list)
    for part in ledger.dispositions:
        found[part.sold.year].append(part)
    for place, sale in enumerate(case.sales):
        if not sale.is_iso:
            found[sale.sold.year].append(pass_through(sale, place))
    return found


def _open_year(household: Household, year: int, pay: list[PayShown], found: list[Disposition]) -> None:
    household.years[year] = _books(household, year, found, pay)


def _books(household: Household, year: int, found: list[Disposition], pay: list[PayShown]) -> YearBooks:
    case, ledger, trail = household.case, household.ledger, household.trail
    facts = case.years[year]
    regular, direct = _rows(case, found, amt=False)
    amt, amt_direct = _rows(case, found, amt=True)
    refuse_together(
        lambda: refuse_boxes(case, year, [*regular, *direct]), lambda: refuse_pay_above_wages(year, facts, pay)
    )
    inclusions = [one for one in ledger.inclusions if one.year == year]
    stock = YearStock(
        year=year,
        trail=trail,
        inclusion=sum((one.amount for one in inclusions), ZERO),
        pay=sum((part.regular.ordinary_income for part in found), ZERO),
        amt_pay=sum((part.amt.ordinary_income for part in found), ZERO),
        pay_elsewhere=sum((one.missing for one in pay), ZERO),
        boxes=totals(regular, direct),
        amt_boxes=totals(amt, amt_direct),
    )
    law = Law(year, facts.filing_status, case.overlay, trail.working)
    held = ledger.holdings[year]
    books = YearBooks(year, facts, law, stock, found, inclusions, held, regular, amt, pay)
    books.direct_rows, books.amt_direct_rows = direct, amt_direct
    books.unassigned_pay = unassigned_pay(facts, pay)
    return books


def _rows(case: Case, dispositions: Iterable[Disposition], *, amt: bool) -> tuple[list[Row], list[Row]]:
    """The rows of one book, by box and in the order of the case; then those that go straight to Schedule D."""
    kept: list[Row] = []
    direct: list[Row] = []
    for (_, place), parts in sorted(by_sale(dispositions).items(), key=lambda item: item[0][1]):
        if place < 0:
            continue  # given up to pay for another exercise: no row of its own
        sale = case.sales[place]
        for one in rows(sale, parts, amt=amt):
            (direct if case.exception_1 and is_unadjusted(one, sale) else kept).append(one)
    return sorted(kept, key=lambda one: one.box), sorted(direct, key=lambda one: one.box)


def year_facts(year: int, trail: Trail, figures: ReturnFigures) -> YearFacts:
    """The keys of one year of the case, as the forms read them."""
    entries = {name: getattr(figures, name) for name in ReturnFigures.model_fields}
    entries["amt_foreign_tax_credit"] = figures.amt_credit
    entries["age_65_or_blind"] = Decimal(figures.age_65_or_blind)
    itemized = figures.itemized
    deduction = None if itemized is None else (itemized.itemized, itemized.taxes)
    return YearFacts(year, trail, entries, figures.amt_adjustments, deduction)


def _chain(household: Household, year: int) -> None:
    books = household.years[year]
    if not books.facts.whole:
        return
    refuse_before_8801(year, books.facts)
    first = year == household.case.first_year
    before = None if first else household.years[year - 1]
    _refuse_gaps(household, year)
    parts: dict[str, Any] = {"law": books.law, "rounding": household.rounding, "trail": household.trail}
    parts |= {"facts": year_facts(year, household.trail, books.facts), "stock": books.stock}
    if first or before is None or before.handed_on is None:
        parts |= {"opening": opening(books.facts), "prior": _typed_prior(household, books)}
    else:
        parts["prior"] = before.handed_on
    books.tax_return = books.handed_on = TaxReturn(**parts, given=books.given)
    refuse_loss_deduction(books.tax_return, household.case.years)
    if books.facts.chain == "as_filed":
        books.handed_on = TaxReturn(**parts, given={**books.given, **as_filed_lines(year, books.facts.as_filed)})
        refuse_untied_schedule_d(books.facts, books.handed_on)


def _refuse_gaps(household: Household, year: int) -> None:
    """Years of stock only right before a whole year must have nothing to hand on, nor the whole year before them."""
    gap = year - 1
    while gap in household.years and (books := household.years[gap]).tax_return is None:
        listed, amt_listed = [*books.rows, *books.direct_rows], [*books.amt_rows, *books.amt_direct_rows]
        refuse_loss(gap, books.facts, [listed, amt_listed])
        before = household.years.get(gap - 1)
        if before is not None and before.handed_on is not None:
            refuse_gap(gap, books.facts, before.handed_on)
        gap -= 1


def opening(facts: Year) -> Mapping[str, Decimal]:
    """What the case carries into its first year."""
    regular, amt = facts.carried_loss, facts.amt_carried_loss
    return {
        "capital_loss_carryover.short": regular.short,
        "capital_loss_carryover.long": regular.long,
        "amt_capital_loss_carryover.short": amt.short,
        "amt_capital_loss_carryover.long": amt.long,
        "prior_minimum_tax_credit": facts.prior_minimum_tax_credit or ZERO,
    }


def as_filed_lines(year: int, filed: Mapping[Any, Mapping[str, Decimal]]) -> Mapping[str, Mapping[str, Decimal]]:
    """Lines of the forms as filed, by file and line name; numbers that this year's form does not have are left out."""
    return {FILES[form]: given_names(year, FILES[form], lines) for form, lines in filed.items()}


def given_names(year: int, file: str, lines: Mapping[str, Decimal]) -> Mapping[str, Decimal]:
    """Amounts by line name instead of printed number ("1" and "1b" of Form 6251 are taken for each other).

    A row of Schedule D is no amount and is left out; a line printed in parentheses holds a positive amount.
    """
    numbers = definition(year, file).numbers
    found = {}
    for number, amount in lines.items():
        entry = numbers.get(number) or numbers.get(SAME_LINE.get(number, ""))
        if entry is not None and not entry.is_row:
            found[entry.name] = abs(amount) if entry.parens else amount
    return found


def _typed_prior(household: Household, books: YearBooks) -> TaxReturn | None:
    """The year before the first, from `prior_year`; None where it is left out."""
    typed, year = books.facts.prior_year, books.year - 1
    if typed is None or year not in years() or books.year != household.case.first_year:
        return None
    status = typed.filing_status or books.facts.filing_status
    given = {
        "f6251": given_names(year, "f6251", {n: v for n, v in typed.form_6251.items() if n != "8"}),
        "f1040sd": given_names(year, "f1040sd", typed.schedule_d),
    }
    facts = year_facts(year, household.trail, typed)
    if "8" in typed.form_6251:
        facts.entries = {**facts.entries, "amt_foreign_tax_credit": typed.form_6251["8"]}
    return TaxReturn(
        law=Law(year, status, household.case.overlay, household.trail.working),
        rounding=household.rounding,
        trail=household.trail,
        facts=facts,
        stock=YearStock(year, household.trail),
        opening={},
        given=given,
        no_amt=typed.says_no_amt,
    )
