"""Pay from early sales: what the law gives against what Forms W-2 show.

Where a W-2 shows less, the rest goes on Schedule 1; where it shows more, basis and line 2k follow the W-2 as it stands
(Publication 525, Statutory stock options: basis is the amount paid plus the amount reported as wages).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from worksheets.case import Case
from worksheets.form import ZERO
from worksheets.iso import Disposition
from worksheets.ledger import Ledger, keep, share_out

SAME = Decimal("0.50")


@dataclass(frozen=True, slots=True)
class PayShown:
    """Pay of one sale: by law, as a W-2 shows it, and whether that figure was given or taken to be right."""

    sale: str
    row: int
    law: Decimal
    shown: Decimal
    given: bool

    @property
    def missing(self) -> Decimal:
        """The part that no W-2 shows: Schedule 1."""
        return max(ZERO, self.law - self.shown) if self.law - self.shown > SAME else ZERO

    @property
    def exceeds(self) -> bool:
        """Whether the W-2 shows more than the law gives."""
        return self.shown - self.law > SAME


def by_sale(dispositions: Iterable[Disposition]) -> Mapping[tuple[str, int], list[Disposition]]:
    """Dispositions by the row that they came from."""
    found: dict[tuple[str, int], list[Disposition]] = {}
    for part in dispositions:
        found.setdefault((part.sale, part.row), []).append(part)
    return found


def shown_pay(case: Case, ledger: Ledger) -> Mapping[int, list[PayShown]]:
    """Pay by year and sale, for every sale with pay by law or on a W-2."""
    years: dict[int, list[PayShown]] = {}
    for (sale, row), parts in by_sale(ledger.dispositions).items():
        law = sum((part.law_pay for part in parts), ZERO)
        reported = case.sales[row].pay_reported if row >= 0 else None
        if law or reported:
            shown = law if reported is None else reported
            found = PayShown(sale, row, law, shown, given=reported is not None)
            years.setdefault(parts[0].sold.year, []).append(found)
    return {year: _with_total(case, year, found) for year, found in years.items()}


def _with_total(case: Case, year: int, found: list[PayShown]) -> list[PayShown]:
    """The year's total on Forms W-2 shared out, by the pay that the law gives, to the sales without a figure."""
    total = case.years[year].iso_income_in_wages if year in case.years else None
    open_ones = [pay for pay in found if not pay.given]
    if total is None or not open_ones:
        return found
    left = max(ZERO, total - sum((pay.shown for pay in found if pay.given), ZERO))
    weights = [pay.law for pay in open_ones]
    parts = iter(share_out(left, weights, sum(weights, ZERO)))
    return [pay if pay.given else PayShown(pay.sale, pay.row, pay.law, next(parts), given=True) for pay in found]


def unassigned_pay(case: Case, ledger: Ledger, year: int) -> Decimal:
    """Pay that the year's Forms W-2 show though no sale of that year gives any by law: it cannot be shared out."""
    total = case.years[year].iso_income_in_wages or ZERO
    return ZERO if year in shown_pay(case, ledger) else total


def kept_with_w2(case: Case) -> tuple[Ledger, Mapping[int, list[PayShown]]]:
    """The books of a household with pay as the Forms W-2 show it wherever they show more than the law gives."""
    ledger = keep(case)
    years = shown_pay(case, ledger)
    more = {pay.row: pay.shown for found in years.values() for pay in found if pay.exceeds and pay.row >= 0}
    return (keep(case, more), years) if more else (ledger, years)
