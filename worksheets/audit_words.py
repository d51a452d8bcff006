"""How findings write amounts, shares, days and rows of Form 8949."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from worksheets.f8949 import Row
from worksheets.form import Rounding

CENT = Decimal("0.01")
MOST_ROWS = 4


def money(value: Decimal) -> str:
    """Dollars as forms write them: 75,000 or (65,000); cents only where there are any."""
    exact = value.quantize(CENT, ROUND_HALF_UP)
    places = 0 if exact == exact.to_integral_value() else 2
    text = f"{abs(exact):,.{places}f}"
    return f"({text})" if exact < 0 else text


def each(price: Decimal) -> str:
    """A price per share, with all its decimals and two at least: 2.35, 0.0125."""
    places = max(2, -int(price.normalize().as_tuple().exponent))
    return f"{price:,.{places}f}"


def count(shares: Decimal) -> str:
    """A number of shares without trailing zeros."""
    return f"{shares.normalize():,f}"


def listed(names: Iterable[str]) -> str:
    """Names in a sentence: E1, E2 and E3; the first few where there are many."""
    found = list(dict.fromkeys(names))
    if len(found) > MOST_ROWS:
        return ", ".join(found[:MOST_ROWS]) + f" and {len(found) - MOST_ROWS} more"
    return " and ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found)


def days(dates: Iterable[date]) -> str:
    """Dates in a sentence, in order."""
    return listed(day.isoformat() for day in sorted(dates))


def form_rows(rows: Sequence[Row], rounding: Rounding) -> str:
    """Rows of Form 8949 as they are entered: box, then columns (d) to (h)."""
    if not rows:
        return ""
    text = "; ".join(_form_row(row, rounding) for row in rows[:MOST_ROWS])
    more = f"; and {len(rows) - MOST_ROWS} more rows, listed with the forms" if len(rows) > MOST_ROWS else ""
    return f"Form 8949 {text}{more}"


def _form_row(row: Row, rounding: Rounding) -> str:
    d, e, h = (money(rounding(value)) for value in (row.d, row.e, row.h))
    code = f" (f) {row.f} (g) {money(rounding(row.g))}" if row.f is not None and row.g is not None else ""
    return f"box {row.box}: (d) {d} (e) {e}{code} (h) {h}"


def change(difference: Decimal) -> str:
    """A difference in words: 1,200 higher, 300 lower, the same."""
    if not difference:
        return "the same"
    return f"{money(abs(difference))} {'higher' if difference > 0 else 'lower'}"
