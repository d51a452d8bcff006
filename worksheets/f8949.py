"""Rows of Form 8949, one copy for the regular tax and one refigured for the AMT.

Source: Form 8949 instructions, columns (a) to (h) and the table of codes. Amounts are exact dollars; rows are rounded
where they are printed, totals from the exact figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from worksheets.case import Sale
from worksheets.form import ZERO, Columns
from worksheets.iso import Book, Disposition
from worksheets.ledger import share_out
from worksheets.lots import DUST

HALF_DOLLAR = Decimal("0.50")
SHORT_BOXES = {"1099-B": "AB", "1099-DA": "GH", "none": "CC"}
LONG_BOXES = {"1099-B": "DE", "1099-DA": "JK", "none": "FF"}
STRAIGHT_TO_SCHEDULE_D = {"A": "a", "G": "a", "D": "d", "J": "d"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row: columns (a) to (h) as the form names them; `f` and `g` are None where the form leaves them blank."""

    box: str
    sale: str
    exercise: str
    a: str
    b: date | str
    c: date
    d: Decimal
    e: Decimal
    f: str | None
    g: Decimal | None
    h: Decimal

    @property
    def columns(self) -> Columns:
        """Columns (d), (e), (g) and (h)."""
        return Columns(self.d, self.e, self.g or ZERO, self.h)


def shown_basis(sale: Sale, parts: list[Decimal]) -> list[Decimal | None]:
    """Box 1e shared out to the parts of a row; None where it is empty."""
    if sale.basis is None:
        return [None] * len(parts)
    return list(share_out(sale.basis, parts, sale.shares))


def rows(sale: Sale, slices: Iterable[Disposition], *, amt: bool) -> list[Row]:
    """The rows of one sale in one book; shares that no lot was found for stay out."""
    listed = [part for part in slices if part.has_row]
    shares = [part.shares for part in listed]
    gross = share_out(sale.proceeds, shares, sale.shares)
    basis = shown_basis(sale, shares)
    expenses = share_out(sale.selling_expenses, shares, sale.shares)
    washed = any(part.how == "wash_sale" for part in listed)  # then box 1g is theirs, not the unreplaced shares'
    boxed = [bool(sale.wash_sale_disallowed) and (part.how == "wash_sale" or not washed) for part in listed]
    return [
        _row(sale, part, part.amt if amt else part.regular, Shown(proceeds, base, cost, box_1g))
        for part, proceeds, base, cost, box_1g in zip(listed, gross, basis, expenses, boxed, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Shown:
    """What the information return shows for one part of a row: boxes 1d, 1e, expenses not in box 1d, whether box 1g."""

    proceeds: Decimal
    basis: Decimal | None
    expenses: Decimal
    box_1g: bool


def box(sale: Sale, term: str) -> str:
    """The box of Form 8949 that a row belongs under; a basis that is not shown was not reported either."""
    reported = sale.basis_was_reported and sale.basis is not None
    letters = (LONG_BOXES if term == "long" else SHORT_BOXES)[sale.form]
    return letters[0 if reported else 1]


def _row(sale: Sale, part: Disposition, book: Book, shown: Shown) -> Row:
    letter = box(sale, book.term)
    no_form = sale.form == "none"
    d = shown.proceeds - shown.expenses if no_form else shown.proceeds
    e, adjustments = _basis(letter, book.basis, shown.basis)
    adjustments |= _others(sale, part, book, replace(shown, expenses=ZERO) if no_form else shown)
    g = sum(adjustments.values(), ZERO) if adjustments else None
    return Row(
        box=letter,
        sale=sale.id,
        exercise=part.lot.exercise,
        a=sale.box_1a if part.shares == sale.shares else f"{_count(part.shares)} sh {sale.corporation}",
        b=_acquired(sale, part),
        c=sale.sold,
        d=d,
        e=e,
        f="".join(sorted(adjustments)) or None,
        g=g,
        h=d - e + (g or ZERO),
    )


def _count(shares: Decimal) -> str:
    """Shares as column (a) shows them, to what brokers print at the finest."""
    shown = shares if shares % DUST == 0 else max(shares.quantize(DUST), DUST)
    return f"{shown.normalize():f}"


def _acquired(sale: Sale, part: Disposition) -> date | str:
    if part.lot.exercise:
        return part.lot.exercise_date
    known = sale.correct_acquired or sale.acquired
    return "VARIOUS" if known == "various" else known or ""


def _basis(letter: str, right: Decimal, shown: Decimal | None) -> tuple[Decimal, dict[str, Decimal]]:
    """Column (e), and code B: a reported basis stays and is adjusted in (g), one not reported is put right in (e)."""
    if shown is None or letter in "CF":
        return right, {}
    wrong = abs(shown - right) > HALF_DOLLAR
    if letter in "ADGJ":
        return shown, ({"B": shown - right} if wrong else {})
    return right, ({"B": ZERO} if wrong else {})


def _others(sale: Sale, part: Disposition, book: Book, shown: Shown) -> Mapping[str, Decimal]:
    found: dict[str, Decimal] = {}
    if sale.form != "none" and sale.term is not None and sale.term != book.term:
        found["T"] = ZERO
    if part.how == "related_party" and book.disallowed:
        found["L"] = book.disallowed
    elif book.disallowed or shown.box_1g:
        found["W"] = book.disallowed
    if shown.expenses:
        found["E"] = -shown.expenses
    return found


def is_unadjusted(row: Row, sale: Sale) -> bool:
    """Whether a row may go straight to Schedule D line 1a or 8a (Form 8949 instructions, Exception 1)."""
    plain = row.f is None and not sale.wash_sale_disallowed and sale.term != "ordinary"
    return plain and row.box in STRAIGHT_TO_SCHEDULE_D


def totals(listed: Iterable[Row], direct: Iterable[Row] = ()) -> dict[str, Columns]:
    """Columns (d), (e), (g) and (h) added up by box; rows that go straight to Schedule D under "a" and "d"."""
    found: dict[str, Columns] = {}
    named = [(row.box, row) for row in listed] + [(STRAIGHT_TO_SCHEDULE_D[row.box], row) for row in direct]
    for name, row in named:
        before = found.get(name, Columns(ZERO, ZERO, ZERO, ZERO))
        found[name] = Columns(*(one + other for one, other in zip(before, row.columns, strict=True)))
    return found
