"""Rows that are no ISO (`kind: other`): any other capital asset, passed through so that Schedule D is whole."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from worksheets.case import Sale
from worksheets.form import ZERO, over
from worksheets.holding import is_long_term
from worksheets.iso import NO_ROW, OTHER, Book, Disposition, Shares


def right_basis(sale: Sale, *, amt: bool = False) -> Decimal:
    """The right basis: `amt_basis` (AMT), `correct_basis`, or box 1e (dollars)."""
    regular = sale.basis if sale.correct_basis is None else sale.correct_basis
    found = sale.amt_basis if amt and sale.amt_basis is not None else regular
    return ZERO if found is None else found


def right_term(sale: Sale) -> str:
    """The term by the date acquired, or box 2 where no date is known."""
    acquired = sale.correct_acquired or sale.acquired
    if isinstance(acquired, date):
        return "long" if is_long_term(acquired, sale.sold) else "short"
    return "long" if sale.term == "long" else "short"


def pass_through(sale: Sale, row: int) -> Disposition:
    """The disposition of a row that is no ISO."""
    proceeds = sale.proceeds - sale.selling_expenses
    acquired = sale.correct_acquired or sale.acquired
    held_from = acquired if isinstance(acquired, date) else sale.sold
    lot = Shares(
        exercise="",
        owner=sale.owner,
        corporation=sale.corporation,
        grant_date=held_from,
        exercise_date=held_from,
        shares=sale.shares,
        paid=right_basis(sale),
        amt_paid=right_basis(sale, amt=True),
        spread=ZERO,
        included=ZERO,
        own_from=held_from,
        held_from=held_from,
        amt_held_from=held_from,
    )
    return Disposition(
        sale=sale.id,
        row=row,
        sold=sale.sold,
        lot=lot,
        kind=OTHER,
        how=sale.disposition,
        chosen_by="passed_through",
        proceeds=proceeds,
        law_pay=ZERO,
        pay=ZERO,
        uncapped_pay=ZERO,
        regular=_book(sale, proceeds, lot.paid),
        amt=_book(sale, proceeds, lot.amt_paid),
    )


def _book(sale: Sale, proceeds: Decimal, basis: Decimal) -> Book:
    gain = ZERO if sale.disposition in NO_ROW else proceeds - basis
    return Book(ZERO, basis, gain, _disallowed(sale, over(-gain, ZERO)), right_term(sale))


def _disallowed(sale: Sale, loss: Decimal) -> Decimal:
    if sale.disposition == "related_party":
        return loss
    if sale.disposition == "wash_sale":
        replaced = sale.shares if sale.replaced_shares is None else min(sale.replaced_shares, sale.shares)
        return loss * replaced / sale.shares
    return min(loss, sale.wash_sale_disallowed)
