"""A household's returns with the rows as the broker shows them, and any choice of corrections applied.

As reported: box 1e, term and box 1b copied (an empty box 1e as 0), box 1g as it stands, pay as the Forms W-2 show it,
no AMT basis and no line 2k. Each correction concerns one row and one thing; with all of them applied the returns are
those of the household. Shares that stay out of the forms are left out here too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from worksheets.case import Sale
from worksheets.f8949 import STRAIGHT_TO_SCHEDULE_D, Row, box, is_unadjusted, rows, shown_basis
from worksheets.form import ZERO, Columns, over
from worksheets.holding import is_long_term
from worksheets.household import Household, YearBooks, chain
from worksheets.iso import Disposition
from worksheets.ledger import share_out
from worksheets.pay import by_sale
from worksheets.stock import NO_ROWS

BASIS, TERM, EXPENSES, WASH, PAY, AMT = "basis", "term", "expenses", "wash", "pay", "amt"
ROW_THINGS = (BASIS, TERM, EXPENSES, WASH)
Totals = dict[str, tuple[Columns, int]]  # of each box: columns (d) to (h), and how many rows
REPORTED_BOXES = "ADGJ"  # of Form 8949: the basis shown stays in column (e)
NO_LINE_2K: Mapping[str, Mapping[str, Decimal]] = {"f6251": {"disposition_of_property": ZERO}}


class Correction(NamedTuple):
    """One thing put right: in the row at a place of the case, or in the AMT book of all years (place 0)."""

    thing: str
    place: int = 0


AMT_BOOK = Correction(AMT)


@dataclass(frozen=True, slots=True)
class Part:
    """One slice of a row: what the broker shows of it, and what is right.

    `straight` says that the row needs no Form 8949 and goes straight to Schedule D (Exception 1), as the case chose.
    """

    sale: Sale
    part: Disposition
    row: Row
    proceeds: Decimal
    basis: Decimal | None
    wash: Decimal
    expenses: Decimal
    straight: bool = False

    def columns(self, corrected: frozenset[str]) -> tuple[str, Columns]:
        """The box and columns (d) to (h) with some things corrected."""
        if self.sale.form == "none":
            return self.row.box, self.row.columns
        if self.straight:
            return STRAIGHT_TO_SCHEDULE_D[self.row.box], self.row.columns
        basis = self._right_basis() if BASIS in corrected else self.basis or ZERO
        expenses = self.expenses if EXPENSES in corrected else ZERO
        loss = over(basis, self.proceeds - expenses)
        disallowed = self._disallowed(loss, right=WASH in corrected)
        letter = box(self.sale, self.part.regular.term if TERM in corrected else self._shown_term())
        stays = self.basis if letter in REPORTED_BOXES and self.basis is not None else basis
        adjustment = stays - basis + disallowed - expenses
        return letter, Columns(self.proceeds, stays, adjustment, self.proceeds - stays + adjustment)

    def _right_basis(self) -> Decimal:
        """The basis that the row of the forms works out to: box 1e where it is right to 50 cents."""
        return self.part.regular.basis if "B" in (self.row.f or "") else self.row.e

    def _disallowed(self, loss: Decimal, *, right: bool) -> Decimal:
        """The loss not allowed: as box 1g has it, or the right one, at most the loss there is."""
        if right or self.part.how == "related_party":
            return min(self.part.regular.disallowed, loss)
        return self.wash

    def _shown_term(self) -> str:
        """Box 2, else what box 1b gives, else the right term."""
        if self.sale.term in {"short", "long"}:
            return str(self.sale.term)
        if isinstance(self.sale.acquired, date):
            return "long" if is_long_term(self.sale.acquired, self.sale.sold) else "short"
        return self.part.regular.term


def parts(sale: Sale, slices: Iterable[Disposition], *, exception_1: bool) -> Iterator[Part]:
    """The slices of a row, each with its share of what the broker shows.

    Args:
        sale: the row.
        slices: what it was taken as.
        exception_1: whether the case sends rows without adjustment straight to Schedule D.
    """
    listed = [part for part in slices if part.has_row]
    shares = [part.shares for part in listed]
    shown = (
        rows(sale, listed, amt=False),
        share_out(sale.proceeds, shares, sale.shares),
        shown_basis(sale, shares),
        share_out(sale.wash_sale_disallowed, shares, sale.shares),
        share_out(sale.selling_expenses, shares, sale.shares),
    )
    for part, row, proceeds, basis, wash, expenses in zip(listed, *shown, strict=True):
        straight = exception_1 and is_unadjusted(row, sale)
        yield Part(sale, part, row, proceeds, basis, wash, expenses, straight)


class Reported:
    """The household as reported, with corrections.

    Args:
        household: whose years have been worked, all corrections applied.
    """

    def __init__(self, household: Household) -> None:
        self.household = household

    @cached_property
    def rows(self) -> Mapping[int, Mapping[int, list[Part]]]:
        """The rows of each year by place in the case."""
        return {year: self._rows_of(books) for year, books in self.household.years.items()}

    def _rows_of(self, books: YearBooks) -> Mapping[int, list[Part]]:
        case, slices = self.household.case, by_sale(books.dispositions)
        return {
            row: list(parts(case.sales[row], found, exception_1=case.exception_1))
            for (_, row), found in slices.items()
            if row >= 0
        }

    @cached_property
    def all(self) -> frozenset[Correction]:
        """Every correction that there is."""
        rows = (Correction(thing, place) for listed in self.rows.values() for place in listed for thing in ROW_THINGS)
        pay = (Correction(PAY, place) for listed in self._missing.values() for place in listed)
        return frozenset({AMT_BOOK, *rows, *pay})

    @cached_property
    def _none(self) -> Mapping[int, Totals]:
        """The totals of each year's boxes as reported."""
        return {year: _totals(one for found in listed.values() for one in found) for year, listed in self.rows.items()}

    def work(self, corrections: frozenset[Correction] = frozenset()) -> Household:
        """The household as reported, with these corrections.

        Raises:
            CaseError: a return as reported cannot be worked.
        """
        years = {year: self._books(books, corrections) for year, books in self.household.years.items()}
        found = replace(self.household, years=years)
        chain(found)
        return found

    @cached_property
    def _missing(self) -> Mapping[int, Mapping[int, tuple[Decimal, Decimal]]]:
        """By year and row: pay that no W-2 shows, and what of it the AMT book would hold too."""
        return {year: _missing_of(books) for year, books in self.household.years.items()}

    def _books(self, books: YearBooks, corrections: frozenset[Correction]) -> YearBooks:
        amt = AMT_BOOK in corrections
        boxes = self._boxes(books.year, corrections)
        missing, amt_missing = self._left_out(books.year, corrections)
        stock = replace(
            books.stock,
            pay=books.stock.pay - missing,
            amt_pay=books.stock.amt_pay - amt_missing,
            pay_elsewhere=books.stock.pay_elsewhere - missing,
            boxes=boxes,
            amt_boxes=books.stock.amt_boxes if amt else boxes,
        )
        facts = books.facts if amt else books.facts.model_copy(update={"amt_capital_loss_carryover": None})
        given = {} if amt else NO_LINE_2K
        return replace(books, stock=stock, facts=facts, given=given, tax_return=None, handed_on=None)

    def _left_out(self, year: int, corrections: frozenset[Correction]) -> tuple[Decimal, Decimal]:
        """Pay of a year that is still left out, in the regular and the AMT book."""
        listed, total, amt_total = self._missing[year], self._all_missing[year][0], self._all_missing[year][1]
        for thing, place in corrections:
            if thing == PAY and place in listed:
                total -= listed[place][0]
                amt_total -= listed[place][1]
        return total, amt_total

    @cached_property
    def _all_missing(self) -> Mapping[int, tuple[Decimal, Decimal]]:
        return {
            year: (sum((one for one, _ in found.values()), ZERO), sum((other for _, other in found.values()), ZERO))
            for year, found in self._missing.items()
        }

    def _boxes(self, year: int, corrections: frozenset[Correction]) -> Mapping[str, Columns]:
        """The totals as reported, with the corrected rows exchanged."""
        found = dict(self._none[year])
        things: dict[int, set[str]] = {}
        for thing, place in corrections:
            if thing in ROW_THINGS and place in self.rows[year]:
                things.setdefault(place, set()).add(thing)
        for place, corrected in things.items():
            for part in self.rows[year][place]:
                _add(found, part.columns(frozenset()), -1)
                _add(found, part.columns(frozenset(corrected)), 1)
        return {name: columns for name, (columns, number) in found.items() if number}


def _totals(listed: Iterable[Part]) -> Totals:
    found: Totals = {}
    for part in listed:
        _add(found, part.columns(frozenset()), 1)
    return found


def _add(totals: Totals, entry: tuple[str, Columns], sign: int) -> None:
    """Add a row to the totals of its box, or take it out again."""
    name, columns = entry
    before, number = totals.get(name, (NO_ROWS, 0))
    after = Columns(*(one + sign * other for one, other in zip(before, columns, strict=True)))
    totals[name] = (after, number + sign)


def _missing_of(books: YearBooks) -> Mapping[int, tuple[Decimal, Decimal]]:
    slices = {row: found for (_, row), found in by_sale(books.dispositions).items()}
    return {one.row: (one.missing, _amt_part(slices[one.row], one.missing)) for one in books.pay if one.missing}


def _amt_part(slices: Iterable[Disposition], missing: Decimal) -> Decimal:
    """What of pay that is left out would be in the AMT book too: that of sales in the year of exercise."""
    listed = list(slices)
    pay = sum((part.regular.ordinary_income for part in listed), ZERO)
    return missing * sum((part.amt.ordinary_income for part in listed), ZERO) / pay if pay else ZERO
