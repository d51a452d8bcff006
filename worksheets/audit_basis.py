"""Box 1e against the right basis: exactly one `basis_…` code a row, the first that fits.

A row in several slices is judged as a whole, against the sum of its slices' right bases; shares that no lot was found
for leave out their part of box 1e. Sources: Form 8949 instructions, column (e) and code B; Publication 525, Statutory
stock options; IRC 422(c)(2), 1012. Amounts are dollars; differences up to 50 cents are none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from worksheets.amounts import table
from worksheets.audit_desk import RowView, row_finding
from worksheets.audit_words import CENT, count, money
from worksheets.f8949 import HALF_DOLLAR, shown_basis
from worksheets.findings import (
    ADJUST_8949,
    ASK_BROKER,
    ASK_OWNER,
    CORRECTED,
    WARNING,
    Finding,
)
from worksheets.form import ZERO
from worksheets.iso import DISQUALIFYING, SAME_YEAR, Disposition

COLUMN_E = "Form 8949 instructions, column (e)"
CODE_B = "Form 8949 instructions, code B"
BOOKS = "cost in the books of these shares (after a swap, a wash sale or an earlier file)"
PAY_IN_BASIS = "Publication 525, Statutory stock options"


def right_basis(view: RowView) -> Decimal:
    """The right basis of a row, for the shares that lots were found for."""
    return sum((part.regular.basis for part in view.listed), ZERO)


def amt_basis(view: RowView) -> Decimal:
    """Its basis for the AMT."""
    return sum((part.amt.basis for part in view.listed), ZERO)


def pay(view: RowView) -> Decimal:
    """The pay that its right basis holds."""
    return sum((part.pay for part in view.listed), ZERO)


def reported_basis(view: RowView) -> Decimal | None:
    """Box 1e, for the shares that lots were found for; None where it is empty."""
    shown = shown_basis(view.sale, [part.shares for part in view.listed])
    return None if view.sale.basis is None else sum((one for one in shown if one is not None), ZERO)


def wrong_basis(view: RowView) -> Decimal | None:
    """Box 1e where it is shown and wrong, else None."""
    shown = reported_basis(view) if view.has_form and view.sale.basis is not None else None
    return shown if shown is not None and not _same(shown, right_basis(view)) else None


def _same(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) <= HALF_DOLLAR


def _cost(view: RowView, part: Disposition) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """What a slice cost by Form 3921.

    Price times shares, dollars paid, these with the commission, and the price to the cent (as some issuers print box 3)
    times shares.
    """
    exercise = view.desk.exercises.get(part.lot.exercise)
    if exercise is None:
        return (part.lot.paid,) * 4
    shares = view.desk.at_exercise(part)
    paid = exercise.cost * shares / exercise.shares
    commission = exercise.commission * shares / exercise.shares
    price = exercise.exercise_price
    return price * shares, paid, paid + commission, price.quantize(CENT, ROUND_HALF_UP) * shares


def _costs(view: RowView) -> Iterator[Decimal]:
    """The amounts that a broker may show for the price paid."""
    yield sum((part.lot.paid for part in view.listed), ZERO)
    yield from (sum(parts, ZERO) for parts in zip(*(_cost(view, part) for part in view.listed), strict=True))


def _values_at_exercise(view: RowView) -> Iterator[Decimal]:
    """The amounts that a broker may show for the AMT basis: that of the row, and the value when the shares were got."""
    yield amt_basis(view)
    if all(part.lot.exercise for part in view.listed):
        yield sum((part.lot.amt_paid + part.lot.included for part in view.listed), ZERO)


def _made_of(view: RowView) -> str:
    """What the right basis is made of, in words."""
    right, included = right_basis(view), pay(view)
    if not view.sale.is_iso:
        return f"{money(right)}, as the case gives it (correct_basis)"
    as_paid = _same(right - included, sum((_cost(view, part)[2] for part in view.listed), ZERO))
    if not included:
        return f"{money(right)}, {'what was paid' if as_paid else f'the {BOOKS}'}"
    paid = "paid" if as_paid else f"of {BOOKS}"
    as_shown = " as Form W-2 shows it" if view.pay is not None and view.pay.exceeds else ""
    early = any(part.kind in {DISQUALIFYING, SAME_YEAR} for part in view.listed)
    source = f"from the early sale{as_shown}" if early else "that Form W-2 shows"
    return f"{money(right)}: {money(right - included)} {paid} plus {money(included)} of pay {source}"


def _shows(view: RowView, shown: Decimal) -> str:
    """What box 1e shows; its part where lots were found for only some of the shares."""
    text = f"Box 1e shows {money(shown)}"
    if not view.excess or view.sale.basis is None:
        return text
    held = count(view.sale.shares - view.excess)
    return f"{text} (its part of {money(view.sale.basis)} for the {held} shares that lots were found for)"


def _mended(view: RowView, code: str, what: str, cite: str, remedy: str = "") -> Finding:
    """A finding that our rows mend; a basis not reported to the IRS may be put to the broker too."""
    noncovered = view.sale.noncovered and view.sale.basis is not None
    return view.finding(
        code,
        CORRECTED,
        remedy or (ASK_BROKER if noncovered else ADJUST_8949),
        f"{what} The right basis is {_made_of(view)}. {view.entry}",
        cite=cite,
        reported=reported_basis(view),
        correct=right_basis(view),
        details={"amt": amt_basis(view), "proceeds": view.sale.proceeds, "pay": pay(view)},
    )


@row_finding
def basis_missing(view: RowView) -> Iterable[Finding]:
    """Box 1e is empty."""
    if not view.listed or view.sale.basis is not None:
        return
    if not view.sale.is_iso and view.sale.correct_basis is None:
        yield _unknown(view)
    elif view.has_form:
        covered = "" if view.sale.noncovered else " though box 5 does not say noncovered"
        yield _mended(view, "basis_missing", f"Box 1e is empty{covered}.", COLUMN_E, ADJUST_8949)


def _unknown(view: RowView) -> Finding:
    message = (
        "Box 1e is empty and the row is no option stock, so the right basis is not known; it is worked with 0. "
        "What was paid? Give correct_basis, even as 0."
    )
    return view.finding("basis_missing", WARNING, ASK_OWNER, message, cite="IRC 1012", correct=ZERO)


@row_finding
def basis_is_zero(view: RowView) -> Iterable[Finding]:
    """Box 1e shows 0 and the right basis is not."""
    if wrong_basis(view) is not None and not view.sale.basis:
        yield _mended(view, "basis_is_zero", "Box 1e shows a basis of 0.", CODE_B)


@row_finding
def basis_omits_compensation(view: RowView) -> Iterable[Finding]:
    """Box 1e is what was paid, without the pay from the early sale."""
    shown = wrong_basis(view)
    if shown is None or pay(view) <= 0 or not any(_same(shown, cost) for cost in _costs(view)):
        return
    what = f"{_shows(view, shown)}, the price paid, without the pay. {_what_brokers_may(view)}"
    yield _mended(view, "basis_omits_compensation", what, f"{COLUMN_E}; {PAY_IN_BASIS}", ADJUST_8949)


@cache
def unadjusted_since() -> date:
    """The grant date from which on brokers may not add pay to basis."""
    return date.fromisoformat(table()["option_limit_unadjusted_before"]["every_year"]["value"])


def _what_brokers_may(view: RowView) -> str:
    since = unadjusted_since()
    if all(part.lot.grant_date >= since for part in view.listed):
        return f"Brokers may not add it for options granted since {since}: do not ask for a corrected form."
    return f"For options granted before {since} a broker may add it or leave it out."


@row_finding
def basis_is_fmv(view: RowView) -> Iterable[Finding]:
    """Box 1e is the AMT basis, the value at exercise."""
    shown = wrong_basis(view)
    if shown is not None and any(_same(shown, value) for value in _values_at_exercise(view)):
        what = f"{_shows(view, shown)}, the value at exercise: that is a basis for the AMT, not the regular tax."
        yield _mended(view, "basis_is_fmv", what, f"{CODE_B}; IRC 56(b)(3)")


@row_finding
def basis_double_counts_compensation(view: RowView) -> Iterable[Finding]:
    """Box 1e holds the pay twice."""
    shown = wrong_basis(view)
    if shown is not None and pay(view) > 0 and _same(shown, right_basis(view) + pay(view)):
        what = f"{_shows(view, shown)}: it holds the pay from the early sale twice."
        yield _mended(view, "basis_double_counts_compensation", what, f"{CODE_B}; {PAY_IN_BASIS}")


@row_finding
def basis_other(view: RowView) -> Iterable[Finding]:
    """Any other difference."""
    shown = wrong_basis(view)
    if shown is not None:
        yield _mended(view, "basis_other", f"{_shows(view, shown)}.", CODE_B)
