"""A household's years in order, and what one hands the next.

`work` keeps the books, makes the rows and chains the returns: both loss carryovers, the minimum tax credit and last
year's Form 6251 come from the computation, not from typing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from worksheets.amounts import Law
from worksheets.case import Case, PriorYear, ReturnFigures, Year
from worksheets.definitions import definition, years
from worksheets.f8949 import Row, is_unadjusted, rows, totals
from worksheets.facts import YearFacts
from worksheets.form import ZERO, Rounding, Trail
from worksheets.iso import Disposition
from worksheets.ledger import Holding, Inclusion, Ledger
from worksheets.others import pass_through
from worksheets.pay import PayShown, by_sale, kept_with_w2, unassigned_pay
from worksheets.problems import CaseError, Problem
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
    for year, facts in case.years.items():
        household.years[year] = _books(household, year, facts, pay.get(year, []))
    chain(household)
    return household


def chain(household: Household) -> None:
    """Work the returns of all whole years in order, each from what the one before hands on."""
    for year in household.case.years:
        _chain(household, year)


def _books(household: Household, year: int, facts: Year, pay: list[PayShown]) -> YearBooks:
    case, ledger, trail = household.case, household.ledger, household.trail
    found = [part for part in ledger.dispositions if part.sold.year == year]
    found += [pass_through(sale, n) for n, sale in enumerate(case.sales) if not sale.is_iso and sale.sold.year == year]
    regular, direct = _rows(case, found, amt=False)
    amt, amt_direct = _rows(case, found, amt=True)
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
    books.unassigned_pay = unassigned_pay(case, ledger, year)
    return books


def _rows(case: Case, dispositions: Iterable[Disposition], *, amt: bool) -> tuple[list[Row], list[Row]]:
    """The rows of one book, by box and in the order of the case; then those that go straight to Schedule D."""
    listed: list[Row] = []
    for (_, row), parts in by_sale(dispositions).items():
        if row >= 0:
            listed += rows(case.sales[row], parts, amt=amt)
    order = {sale.id: place for place, sale in enumerate(case.sales)}
    listed.sort(key=lambda one: (one.box, order[one.sale]))
    if not case.exception_1:
        return listed, []
    direct = [one for one in listed if is_unadjusted(one, case.sales[order[one.sale]])]
    kept = [one for one in listed if not is_unadjusted(one, case.sales[order[one.sale]])]
    return kept, direct


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
    first = year == household.case.first_year
    before = None if first else household.years[year - 1]
    if before is not None and before.tax_return is None:
        _refuse_loss(before)
    parts: dict[str, Any] = {"law": books.law, "rounding": household.rounding, "trail": household.trail}
    parts |= {"facts": year_facts(year, household.trail, books.facts), "stock": books.stock}
    if first or before is None or before.handed_on is None:
        parts |= {"opening": opening(books.facts), "prior": _typed_prior(household, books)}
    else:
        parts["prior"] = before.handed_on
    books.tax_return = books.handed_on = TaxReturn(**parts, given=books.given)
    _refuse_loss_deduction(books.tax_return)
    if books.facts.chain == "as_filed":
        books.handed_on = TaxReturn(**parts, given={**books.given, **as_filed_lines(year, books.facts.as_filed)})


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


def _refuse_loss(before: YearBooks) -> None:
    """A whole year cannot follow a stock-only one that leaves a loss: how much of it is used is not known."""
    for listed in (before.rows, before.amt_rows):
        if sum((row.h for row in listed), ZERO) < 0:
            message = (
                f"read a stock-only year that ends with a capital loss, expected its income (wages, even as 0): how "
                f"much of the loss {before.year + 1} takes over depends on it"
            )
            raise CaseError([Problem("case", 0, f"years.{before.year}", message)])


def _refuse_loss_deduction(found: TaxReturn) -> None:
    """Form 8801 line 3 is a net operating loss deduction figured on exclusion items alone: not supported."""
    if found.prior is None or found.f8801 is None or not found.f8801.available:
        return
    if found.prior.f6251.alternative_net_operating_loss:
        message = (
            f"read an alternative tax net operating loss deduction, expected none: Form 8801 ({found.year}) line 3 "
            "needs it figured on exclusion items alone, which is not supported. Work that form by hand"
        )
        raise CaseError([Problem("case", 0, f"years.{found.year - 1}.amt_adjustments.2f", message)])


def as_filed_lines(year: int, filed: Mapping[Any, Mapping[str, Decimal]]) -> Mapping[str, Mapping[str, Decimal]]:
    """Lines of the forms as filed, by file and line name; numbers that this year's form does not have are left out."""
    return {FILES[form]: given_names(year, FILES[form], lines) for form, lines in filed.items()}


def given_names(year: int, file: str, lines: Mapping[str, Decimal]) -> Mapping[str, Decimal]:
    """Amounts by line name instead of printed number ("1" and "1b" of Form 6251 are taken for each other)."""
    numbers = definition(year, file).numbers
    found = {}
    for number, amount in lines.items():
        entry = numbers.get(number) or numbers.get(SAME_LINE.get(number, ""))
        if entry is not None:
            found[entry.name] = amount
    return found


def _typed_prior(household: Household, books: YearBooks) -> TaxReturn | None:
    """The year before the first, from `prior_year`; None where it is left out."""
    typed, year = books.facts.prior_year, books.year - 1
    if typed is None or year not in years() or books.year != household.case.first_year:
        return None
    no_amt = typed.says_no_amt
    if not no_amt:
        _check_prior(books.year, typed)
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
        no_amt=no_amt,
    )


def _check_prior(year: int, typed: PriorYear) -> None:
    """Without wages the year before cannot be worked: the lines that Form 8801 reads must then be typed."""
    if typed.wages is not None:
        return
    lines = set(typed.form_6251)
    needed = [number for number in ("2a", "10", "11") if number not in lines]
    if not lines & {"1", "1b"}:
        needed.insert(0, "1")
    gains = min(typed.schedule_d.get("15", ZERO), typed.schedule_d.get("16", ZERO)) > 0
    if gains or typed.qualified_dividends > 0:
        needed += [number for number in ("20", "27") if number not in lines]
    if needed:
        raise CaseError(
            [
                Problem(
                    "case",
                    0,
                    f"years.{year}.prior_year.form_6251.{number}",
                    f"read nothing, expected line {number} of the {year - 1} Form 6251, even as 0 (or that year's "
                    "`wages`, so that it can be worked): Form 8801 reads it",
                )
                for number in needed
            ]
        )
