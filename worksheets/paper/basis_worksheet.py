"""The worksheet for basis adjustments in column (g) of Form 8949, filled for every row that needs it, in both books.

Source: Form 8949 instructions, Worksheet for Basis Adjustments in Column (g). It is for rows whose basis was reported
to the IRS and is wrong there (code B); lines 1 to 4 are named as printed. All amounts are dollars.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from worksheets.explain_rows import Pairing, pairings
from worksheets.f8949 import STRAIGHT_TO_SCHEDULE_D

if TYPE_CHECKING:
    from worksheets.case import Case
    from worksheets.household import YearBooks

REGULAR, AMT, BOTH = "regular", "AMT", "both"


class BasisAdjustment(NamedTuple):
    """The worksheet of one row.

    Attributes:
        pairing: the sale, its disposition and its row of Form 8949 in each book.
        book: the book it is of: `REGULAR`, `AMT`, or `BOTH` where they are alike.
        box: the box of Form 8949 that the row stands under.
        shown: line 1, the basis on Form 1099-B.
        right: line 2, the correct basis.
    """

    pairing: Pairing
    book: str
    box: str
    shown: Decimal
    right: Decimal

    @property
    def less(self) -> Decimal | None:
        """Line 3, for column (g): what line 2 is larger than line 1, as a negative; None where it is left blank."""
        return self.shown - self.right if self.right > self.shown else None

    @property
    def more(self) -> Decimal | None:
        """Line 4, for column (g): what line 1 is larger than line 2; None where it is left blank."""
        return self.shown - self.right if self.shown > self.right else None


def basis_adjustments(case: Case, books: YearBooks) -> list[BasisAdjustment]:
    """The worksheets of a year's rows, in the order of the case."""
    return [one for pairing in pairings(case, books) for one in _of_row(pairing)]


def _of_row(pairing: Pairing) -> Iterator[BasisAdjustment]:
    regular, amt = (_worked(pairing, book) for book in (REGULAR, AMT))
    if regular and amt and regular[2:] == amt[2:]:
        yield regular._replace(book=BOTH)
    else:
        yield from filter(None, (regular, amt))


def _worked(pairing: Pairing, book: str) -> BasisAdjustment | None:
    """The worksheet of a row in one book; column (e) of such a row is the basis on Form 1099-B, which is line 1."""
    row, figures = (pairing.row, pairing.part.regular) if book == REGULAR else (pairing.amt_row, pairing.part.amt)
    if "B" not in (row.f or "") or row.box not in STRAIGHT_TO_SCHEDULE_D:
        return None
    return BasisAdjustment(pairing, book, row.box, row.e, figures.basis)
