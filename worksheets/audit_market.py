"""Rows that do not fit their neighbours: a price out of line, a row twice.

Both are questions to the broker, who may correct proceeds and rows entered twice on Form 1099-B.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from worksheets.audit_choice import together
from worksheets.audit_desk import Desk, RowView, row_finding
from worksheets.audit_words import count, money
from worksheets.case import Sale
from worksheets.findings import ASK_BROKER, WARNING, Finding

TIMES = 3
WINDOW = 30

Prices = dict[tuple[str, date], list[Decimal]]
Alike = dict[tuple[object, ...], list[int]]


def _price(sale: Sale) -> Decimal:
    return sale.proceeds / sale.shares


def prices(desk: Desk) -> Prices:
    """Prices per share of all rows of a stock and day, in order."""
    found: Prices = {}
    for sale in desk.case.sales:
        if sale.is_disposition_for_money:
            found.setdefault((sale.corporation.casefold(), sale.sold), []).append(_price(sale))
    for listed in found.values():
        listed.sort()
    return found


def out_of_line(price: Decimal, usual: Decimal) -> bool:
    """Whether a price is over three times, or under a third of, another."""
    return usual > 0 and (price > TIMES * usual or price * TIMES < usual)


def _usual(listed: list[Decimal], price: Decimal) -> Decimal | None:
    """The median of the other rows' prices; of the middle two, where they are even, the one nearer to the price.

    A mean of the two would lie between a right price and a wrong one, and put every row of three in question.
    """
    others = len(listed) - 1
    if others < 1:
        return None
    place = bisect_left(listed, price)

    def other(number: int) -> Decimal:
        """The price of the other rows that is so many from the lowest."""
        return listed[number if number < place else number + 1]

    return min(other((others - 1) // 2), other(others // 2), key=lambda one: _apart(one, price))


def _apart(one: Decimal, other: Decimal) -> Decimal:
    """How many times the greater of two prices is the smaller; 0 of anything is furthest."""
    low, high = sorted((one, other))
    return high / low if low > 0 else Decimal("Infinity")


def _nearest_value(view: RowView) -> Decimal | None:
    """The value per share on the nearest exercise within 30 days, counted as on the day of the sale."""
    sold, corporation = view.sale.sold, view.sale.corporation
    near = [got for got in view.desk.got_near(corporation, sold, WINDOW) if got.exercise]
    if not near:
        return None
    nearest = min(near, key=lambda got: abs((got.day - sold).days))
    ratio = view.desk.ratio
    splits = ratio(corporation, nearest.day, sold) / ratio(corporation, sold, nearest.day)
    return view.desk.exercises[nearest.exercise].fmv / splits


@row_finding
def proceeds_out_of_line(view: RowView) -> Iterable[Finding]:
    """A price per share that fits neither the other rows of the day nor the value on an exercise nearby."""
    if not view.sale.is_disposition_for_money:
        return
    price = _price(view.sale)
    listed = view.desk.index("prices", prices).get((view.sale.corporation.casefold(), view.sale.sold), [])
    others, value = _usual(listed, price), _nearest_value(view)
    fits_value = value is not None and not out_of_line(price, value)
    if value is not None and out_of_line(price, value):
        yield _asked(view, price, value, "an exercise within 30 days valued the stock at")
    elif others is not None and out_of_line(price, others) and (len(listed) > 2 or not fits_value):
        yield _asked(view, price, others, "other rows of that day sold at")


def _asked(view: RowView, price: Decimal, usual: Decimal, what: str) -> Finding:
    message = (
        f"Proceeds of {money(view.sale.proceeds)} for {count(view.sale.shares)} shares are {money(price)} a share, but "
        f"{what} {money(usual)}. Check boxes 1a and 1d against the trade confirmation; ask the broker to correct them."
    )
    return view.finding(
        "proceeds_out_of_line",
        WARNING,
        ASK_BROKER,
        message,
        cite="Form 1099-B, boxes 1a and 1d",
        reported=view.sale.proceeds,
        details={"price": price, "usual_price": usual},
    )


def _likeness(sale: Sale) -> tuple[object, ...]:
    """What two rows must share to look like one entered twice; lots named differently tell them apart."""
    return (sale.corporation.casefold(), sale.owner, sale.acquired, sale.sold, sale.shares, sale.proceeds, sale.lots)


def alike(desk: Desk) -> Alike:
    """The rows of each likeness, by place in the case."""
    found: Alike = {}
    for place, sale in enumerate(desk.case.sales):
        if sale.is_disposition_for_money:
            found.setdefault(_likeness(sale), []).append(place)
    return found


def _like(view: RowView) -> Sale | None:
    """The first row before this one that it is like.

    In an account that is the same as far as the case says; in any, where the shares of box 1b were sold already: two
    brokers may report one sale when an account was moved.
    """
    mine, sales = view.sale.account, view.desk.case.sales
    places = view.desk.index("alike", alike)[_likeness(view.sale)]
    before = (sales[place] for place in places if place < view.place)
    anywhere = sold_already(view)
    return next((one for one in before if anywhere or None in {mine, one.account} or one.account == mine), None)


def sold_already(view: RowView) -> list[str]:
    """The exercises of the date in box 1b, where first in, first out went past them for lack of shares."""
    shown = view.sale.acquired
    if not isinstance(shown, date) or not any(part.chosen_by == "fifo" for part in view.slices) or together(view):
        return []
    near = view.desk.got_near(view.sale.corporation, shown, 0)
    found = [view.desk.exercises[got.exercise] for got in near if got.exercise]
    return [one.id for one in found if one.owner == view.sale.owner]


@row_finding
def duplicate_sale(view: RowView) -> Iterable[Finding]:
    """A row like one before it."""
    other = _like(view) if view.sale.is_disposition_for_money else None
    if other is not None:
        message = (
            f"Row {view.sale.id} has the same stock, dates, shares and proceeds as row {other.id}"
            f"{_account(view.sale, other)}. "
            f"{_basis_apart(view.sale, other)}Two trades, one entered twice, or a form and its correction? If there "
            "was one trade, take a row out (of a corrected form keep the corrected one); if the form itself has it "
            "twice, ask the broker for a corrected Form 1099-B."
        )
        like: dict[str, Decimal | str] = {"like": other.id}
        yield view.finding("duplicate_sale", WARNING, ASK_BROKER, message, cite="Form 1099-B", details=like)


def _account(sale: Sale, other: Sale) -> str:
    """Whether the account is the same, where both rows name one."""
    if not (sale.account and other.account):
        return ""
    return ", in the same account" if sale.account == other.account else ", in another account"


def _basis_apart(sale: Sale, other: Sale) -> str:
    """What box 1e shows in each, where that differs."""
    if sale.basis == other.basis:
        return ""
    shown = (f"{'nothing' if one.basis is None else money(one.basis)} in row {one.id}" for one in (other, sale))
    return f"Box 1e differs: {' and '.join(shown)}. "
