"""Losses so late in a year that shares got in the next one can replace those sold (IRC 1091).

The file of the year cannot name an exercise of the next one, and the next file does not hold the sale: what is open
goes on as a comment in carryforward.yaml.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from worksheets.case import Case
from worksheets.case_checks import WASH_SALE_DAYS
from worksheets.household import YearBooks
from worksheets.iso import Disposition
from worksheets.lots import HALF_DOLLAR
from worksheets.replacements import replacement_of


@dataclass(frozen=True, slots=True)
class Open:
    """Shares sold at a loss that shares got until a day of the next year can replace.

    Attributes:
        shares: how many, as on the day of the sale.
        until: the last day on which shares got replace them.
        answered: whether the row says that they were replaced, by no lot of the file.
        regular: the loss not allowed where it says so, dollars; `amt` that of the AMT book.
        days_held: days that go on to the holding period of what replaced them; `amt_days_held` likewise.
    """

    sale: str
    corporation: str
    sold: date
    shares: Decimal
    until: date
    answered: bool
    regular: Decimal
    amt: Decimal
    days_held: int
    amt_days_held: int


def open_losses(case: Case, last: YearBooks) -> Iterator[Open]:
    """The losses of a year's last days that its rows leave open, lot by lot in the order sold."""
    since = date(last.year, 12, 31) - timedelta(days=WASH_SALE_DAYS)
    for part in last.dispositions:
        if part.row < 0 or part.sold <= since:  # shares given up to pay for others have negative places
            continue
        sale = case.sales[part.row]
        answered = part.how == "wash_sale"
        silent = part.how == "sale" and "disposition" not in sale.model_fields_set
        if sale.replacement is None and (answered or silent) and _loses(part):
            handed_on = replacement_of(sale, part, "")
            yield Open(
                sale=sale.id,
                corporation=sale.corporation,
                sold=sale.sold,
                shares=handed_on.shares,
                until=sale.sold + timedelta(days=WASH_SALE_DAYS),
                answered=answered,
                regular=handed_on.regular,
                amt=handed_on.amt,
                days_held=handed_on.days_held,
                amt_days_held=handed_on.amt_days_held,
            )


def _loses(part: Disposition) -> bool:
    """Whether a wash sale would change it: a loss in either book, or pay that the cap of IRC 422(c)(2) lowered."""
    lost = -min(part.regular.gain, part.amt.gain)
    return max(lost, part.uncapped_pay - part.law_pay) > HALF_DOLLAR
