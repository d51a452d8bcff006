"""Pay from early sales: what the law gives against what Forms W-2 show.

Where a W-2 shows less, the rest goes on Schedule 1; where it shows more, basis and line 2k follow the W-2 as it stands
(Publication 525, Statutory stock options: basis is the amount paid plus the amount reported as wages).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from worksheets.case import Case, Year
from worksheets.form import ZERO
from worksheets.iso import Disposition
from worksheets.ledger import Ledger, keep, share_out

SAME = Decimal("0.50")


@dataclass(frozen=True, slots=True)
class PayShown:
    """Pay of one sale: by law, as a W-2 shows it, and whether that figure was given or taken to be right.

    `most` is the pay without the cap of IRC 422(c)(2).
    """

    sale: str
    row: int
    law: Decimal
    shown: Decimal
    given: bool
    most: Decimal = ZERO

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
    """Pay by year and sale, where the law or a W-2 gives any; early ones without it take part in a total."""
    years: dict[int, list[PayShown]] = {}
    for (sale, row), parts in by_sale(ledger.dispositions).items():
        law, most = (sum((getattr(part, name) for part in parts), ZERO) for name in ("law_pay", "uncapped_pay"))
        reported = case.sales[row].pay_reported if row >= 0 else None
        if law or reported or most:
            shown = law if reported is None else reported
            found = PayShown(sale, row, law, shown, given=reported is not None, most=most)
            years.setdefault(parts[0].sold.year, []).append(found)
    shared = {year: _with_total(case, year, found) for year, found in years.items()}
    known = {year: [pay for pay in found if pay.law or pay.shown] for year, found in shared.items()}
    return {year: found for year, found in known.items() if found}


def _with_total(case: Case, year: int, found: list[PayShown]) -> list[PayShown]:
    """The year's total on Forms W-2 shared out, by the pay that the law gives, to the sales without a figure."""
    total = case.years[year].iso_income_in_wages if year in case.years else None
    open_ones = [pay for pay in found if not pay.given]
    if total is None or not open_ones:
        return found
    left = max(ZERO, total - sum((pay.shown for pay in found if pay.given), ZERO))
    parts = iter(shares_of_total(left, [pay.law for pay in open_ones], [pay.most for pay in open_ones]))
    return [pay if pay.given else replace(pay, shown=next(parts), given=True) for pay in found]


def shares_of_total(total: Decimal, law: Sequence[Decimal], most: Sequence[Decimal]) -> list[Decimal]:
    """A total shared out to sales by the pay that the law gives; what it holds above that by the pay left out.

    What a total has above the law's pay is most often pay without the cap of IRC 422(c)(2): each sale gets the law's
    pay and then of the rest by what the cap took off it; a total above even that is shared out by the uncapped pay.

    Args:
        total: dollars to share out.
        law: pay by law of each sale.
        most: pay without the cap of each sale, at least `law`.
    """
    lawful, highest = sum(law, ZERO), sum(most, ZERO)
    if total <= lawful or lawful == highest:
        return share_out(total, list(law), lawful)
    if total > highest:
        return share_out(total, list(most), highest)
    rest = share_out(total - lawful, [high - low for low, high in zip(law, most, strict=True)], highest - lawful)
    return [low + more for low, more in zip(law, rest, strict=True)]


def unassigned_pay(facts: Year, pay: Sequence[PayShown]) -> Decimal:
    """Pay that the year's Forms W-2 show and that no early sale of the year can hold: it is in no basis."""
    left = (facts.iso_income_in_wages or ZERO) - sum((one.shown for one in pay), ZERO)
    return left if left > SAME else ZERO


def kept_with_w2(case: Case) -> tuple[Ledger, Mapping[int, list[PayShown]]]:
    """The books of a household with pay as the Forms W-2 show it wherever they show more than the law gives."""
    ledger = keep(case)
    years = shown_pay(case, ledger)
    more = {pay.row: pay.shown for found in years.values() for pay in found if pay.exceeds and pay.row >= 0}
    return (keep(case, more), years) if more else (ledger, years)
