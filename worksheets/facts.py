"""What the case says of one year, read by the forms through `YearFacts` so that each reading is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from worksheets.form import ZERO, Source, Trail


class YearFacts(Source):
    """The keys of one year of the case (dollars; absent keys have their default, zero).

    Args:
        year: the tax year.
        trail: shared by the household.
        entries: amounts by key; a Form 6251 line other than the computed ones under its number.
        deduction: None for the standard deduction, else (itemized total, Schedule A taxes).
    """

    key = "case"

    def __init__(
        self,
        year: int,
        trail: Trail,
        entries: Mapping[str, Any],
        adjustments: Mapping[str, Decimal],
        deduction: tuple[Decimal, Decimal] | None,
    ) -> None:
        self.year = year
        self.trail = trail
        self.entries = entries
        self.adjustments = adjustments
        self.deduction = deduction

    def label(self, name: str) -> str:
        """The key of the case file."""
        return f"years.{self.year}.{name}"

    def amount(self, key: str) -> Decimal:
        """The amount under a key of the year, zero where it is absent."""
        value: Decimal = self.entries.get(key) or ZERO
        return self.tell(key, value)

    def refigured(self, key: str) -> Decimal:
        """The amount for the AMT, under the key with `amt_` before it; the regular one where none is given."""
        own = f"amt_{key}"
        return self.amount(key if self.entries.get(own) is None else own)

    def adjustment(self, number: str) -> Decimal:
        """The amount given for a line of Form 6251 that is not computed."""
        return self.tell("amt_adjustments", self.adjustments.get(number, ZERO))

    def itemized(self) -> Decimal | None:
        """Itemized deductions, or None for the standard deduction."""
        return self.tell("deduction", None if self.deduction is None else self.deduction[0])

    def itemized_taxes(self) -> Decimal | None:
        """Schedule A line 7, or None for the standard deduction."""
        return self.tell("deduction", None if self.deduction is None else self.deduction[1])
