"""What the misreported rows cost, as the audit report tells it: year by year, and what is left at the end.

The figures are those of `pricing`; here they are put in words. Amounts are dollars.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from worksheets.audit_whatif import Carried, Effect
from worksheets.audit_words import money
from worksheets.findings import Finding
from worksheets.form import ZERO, over
from worksheets.household import Household
from worksheets.pricing import LEFT_OUT, Price, price, stake_words

MOST_PRICED: Final = 200  # findings priced alone: each takes the household through all its years again


class Side(NamedTuple):
    """One figure of both returns: as reported, as corrected."""

    label: str
    as_reported: Decimal
    corrected: Decimal

    @property
    def difference(self) -> Decimal:
        """As corrected less as reported."""
        return self.corrected - self.as_reported


class Tile(NamedTuple):
    """A figure of the headline: what it is, dollars, and what is said under it."""

    label: str
    amount: Decimal
    told: str


@dataclass(frozen=True)
class Cost:
    """The price of filing as reported.

    Attributes:
        years: each whole year; none where no year is whole.
        left: credit and losses that the last year hands on.
        amt_book: the AMT basis and line 2k alone.
    """

    price: Price
    years: Sequence[Side]
    left: Sequence[Side]
    amt_book: Effect | None = None

    @property
    def failed(self) -> str:
        """Why there is no price though a year is whole, "" where there is one."""
        return self.price.failed

    @property
    def stock_only(self) -> Sequence[int]:
        """The years of stock only that have rows, which have no price."""
        household = self.price.household
        sold = {sale.sold.year for sale in household.case.sales}
        return [year for year, books in household.years.items() if not books.facts.whole and year in sold]

    @property
    def known(self) -> bool:
        """Whether there is a price at all."""
        return bool(self.years)

    @property
    def total(self) -> Decimal:
        """As corrected less as reported, over all years: negative where correcting saves tax."""
        return sum((one.difference for one in self.years), ZERO)

    @property
    def told(self) -> str:
        """The price in sentences, with what of it later years give back; "" where there is none."""
        return stake_words(self.price) or ""

    @property
    def tile(self) -> Tile:
        """The price as the headline shows it: what is lost where some of it comes back, else the tax itself."""
        found = self.price
        if found.total < 0 < found.kept:
            back = f"${money(found.kept)} comes back as credit if there is room"
            return Tile("Tax lost for good", over(found.lost, ZERO), f"of ${money(-found.total)} too high; {back}")
        if found.total < 0 and found.kept:
            parts = f"${money(-found.total)} too high, ${money(-found.kept)} of credit missing"
            return Tile("Tax at stake", found.lost, f"{parts}, {found.span}")
        side = "less" if found.total < 0 else "more"
        told = f"{side} tax when corrected, {found.span}" if found.total else "the same either way"
        return Tile("Tax at stake", abs(found.total), told)

    @property
    def last_year(self) -> str:
        """The last whole year."""
        return self.years[-1].label if self.years else ""

    @property
    def left_out(self) -> str:
        """What the prices leave out."""
        return LEFT_OUT

    def alone(self, finding: Finding) -> Effect | None:
        """The price of one finding alone, None where it has none."""
        return self.price.alone(finding) if self.known else None

    def why_not(self, finding: Finding) -> str:
        """Why a finding has no price of its own, "" where that goes without saying."""
        return self.price.why_not(finding) if self.known else ""

    @property
    def span(self) -> str:
        """The years in words: "2023 to 2025"."""
        return self.price.span


def cost(household: Household) -> Cost:
    """What a household's misreported rows cost."""
    found = price(household)
    years = [Side(str(year), one.as_reported, one.corrected) for year, one in found.years.items()]
    if not years or found.as_reported is None:
        return Cost(found, [], [])
    left = _left(max(found.years), found.as_reported.left, found.corrected.left)
    return Cost(found, years, left, found.amt_book_alone)


def _left(last: int, reported: Carried, corrected: Carried) -> list[Side]:
    return [
        Side(f"Minimum tax credit (line 21 of Form 8801 for {last + 1})", reported.credit, corrected.credit),
        Side("Capital loss", reported.loss, corrected.loss),
        Side("AMT capital loss", reported.amt_loss, corrected.amt_loss),
    ]
