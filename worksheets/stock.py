"""What a year's option stock hands the forms: line 2i, pay, and the rows of Form 8949 in both books."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from worksheets.form import ZERO, Columns, Source, Trail

NO_ROWS = Columns(ZERO, ZERO, ZERO, ZERO)


@dataclass(slots=True)
class YearStock(Source):
    """The year's exercises and dispositions, summed for the forms (dollars, unrounded).

    Attributes:
        inclusion: line 2i, the spread on shares that became one's own this year and were not disposed of.
        pay: ordinary income from dispositions in the regular book.
        amt_pay: the same in the AMT book (sales in the year of exercise only).
        pay_elsewhere: the part of `pay` that no W-2 shows; it goes on Schedule 1.
        boxes: totals of Form 8949 by box letter, regular book.
        amt_boxes: the same for the AMT copy.
    """

    year: int
    trail: Trail
    inclusion: Decimal = ZERO
    pay: Decimal = ZERO
    amt_pay: Decimal = ZERO
    pay_elsewhere: Decimal = ZERO
    boxes: Mapping[str, Columns] = field(default_factory=dict)
    amt_boxes: Mapping[str, Columns] = field(default_factory=dict)
    key: str = "stock"

    def label(self, name: str) -> str:
        """The schedule a figure stands in."""
        return {"exercises": "schedule of exercises", "dispositions": "schedule of dispositions"}[name]

    def line_2i(self) -> Decimal:
        """The spread for Form 6251 line 2i (IRC 56(b)(3))."""
        return self.tell("exercises", self.inclusion)

    def ordinary_income_difference(self) -> Decimal:
        """AMT less regular ordinary income from dispositions, the first part of line 2k."""
        return self.tell("dispositions", self.amt_pay - self.pay)

    def pay_not_on_w2(self) -> Decimal:
        """Pay from early sales that no W-2 shows (Schedule 1, other income)."""
        return self.tell("dispositions", self.pay_elsewhere)


@dataclass(slots=True)
class BoxTotals(Source):
    """Totals of Form 8949 by box, one book of one year."""

    year: int
    trail: Trail
    totals: Mapping[str, Columns]
    key: str = "8949"

    def label(self, name: str) -> str:
        """The box of Form 8949."""
        exceptions = {"a": "short-term", "d": "long-term"}
        return f"Form 8949 Exception 1, {exceptions[name]}" if name in exceptions else f"Form 8949 box {name}"

    def box(self, letters: str) -> Columns | None:
        """The totals of one or two boxes that share a line of Schedule D; None where there is no row."""
        found = [self.tell(letter, self.totals[letter]) for letter in letters if letter in self.totals]
        if not found:
            return None
        return Columns(*(sum(parts, ZERO) for parts in zip(*found, strict=True)))
