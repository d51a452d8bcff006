"""The corrected rows of Form 8949, each with its AMT copy and its adjustments code by code, for those who write them.

The rows are those that the forms print; here they are paired by the slice of the sale that they come from, because a
row can stand under another box in the AMT copy. Amounts are exact dollars.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from worksheets.case import Sale
from worksheets.f8949 import Row, rows
from worksheets.form import ZERO
from worksheets.household import Household
from worksheets.iso import Book, Disposition
from worksheets.ledger import share_out
from worksheets.pay import by_sale

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Corrected:
    """One row in both books.

    Attributes:
        row: columns (a) to (h) of Form 8949; `amt` those of the AMT copy.
        shares: how many shares of the sale the row is about.
        term: short or long, in the regular book.
        codes: code → amount, in the sign of column (g); together they are column (f) and (g).
    """

    row: Row
    amt: Row
    sale: Sale
    shares: Decimal
    term: str
    codes: Mapping[str, Decimal]
    amt_codes: Mapping[str, Decimal]

    @property
    def right_basis(self) -> Decimal:
        """The right regular basis, dollars: column (e) less what code B makes up for."""
        return self.row.e - self.codes.get("B", ZERO)

    @property
    def amt_basis(self) -> Decimal:
        """The right AMT basis, dollars."""
        return self.amt.e - self.amt_codes.get("B", ZERO)

    @property
    def differs(self) -> bool:
        """Whether the AMT copy gives another gain or another term."""
        return self.row.h != self.amt.h or self.row.box != self.amt.box


def corrected(household: Household, year: int) -> list[Corrected]:
    """The rows of a year, in the order of the form's boxes and of the case within each."""
    found = []
    for (_, place), parts in by_sale(household.years[year].dispositions).items():
        if place >= 0:
            found += _of_sale(household.case.sales[place], parts)
    order = {sale.id: place for place, sale in enumerate(household.case.sales)}
    return sorted(found, key=lambda one: (one.row.box, order[one.sale.id]))


def _of_sale(sale: Sale, parts: list[Disposition]) -> list[Corrected]:
    listed = [part for part in parts if part.has_row]
    expenses = share_out(sale.selling_expenses, [part.shares for part in listed], sale.shares)
    both = zip(listed, rows(sale, parts, amt=False), rows(sale, parts, amt=True), expenses, strict=True)
    return [
        Corrected(
            row,
            amt,
            sale,
            part.shares,
            part.regular.term,
            _codes(row, part.regular, cost),
            _codes(amt, part.amt, cost),
        )
        for part, row, amt, cost in both
    ]


def _codes(row: Row, book: Book, expenses: Decimal) -> Mapping[str, Decimal]:
    """Column (g) by code: T changes nothing, W and L give back the loss, E takes off expenses, B is the rest."""
    known = {"T": ZERO, "W": book.disallowed, "L": book.disallowed, "E": -expenses}
    found = {code: known[code] for code in row.f or "" if code in known}
    if "B" in (row.f or ""):
        found["B"] = (row.g or ZERO) - sum(found.values(), ZERO)
    return found


def dollars(amount: Decimal) -> str:
    """An amount with cents, halves away from zero, without separators: -1900.00."""
    return f"{amount.quantize(CENT, ROUND_HALF_UP) + ZERO:f}"
