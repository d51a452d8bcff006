"""What became of the shares that one sale took from one lot: its kind, the pay, and the result in both books.

Sources: IRC 421(b), 422(c)(2) (the cap on pay and where it is lost), 56(b)(3) (the AMT book), 83, 1091, 267;
Publication 525, Statutory stock options; Form 6251 instructions, lines 2i and 2k. Amounts are dollars for the shares
at hand.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from worksheets.form import ZERO, over
from worksheets.holding import first_qualifying_day, is_long_term

QUALIFYING, DISQUALIFYING, SAME_YEAR = "qualifying", "disqualifying", "same_year"
NOT_A_DISPOSITION, OTHER = "not_a_disposition", "other"
NO_LOSS_RECOGNISED = frozenset({"wash_sale", "related_party", "gift", "surrender"})
NO_ROW = frozenset({"gift", "death", "to_spouse", "surrender"})
KEEPS_LINE_2I = frozenset({"death", "to_spouse"})


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of one lot, as a sale takes them: all that is needed to class and measure the disposition.

    Attributes:
        paid: the regular basis before any pay, commission and wash-sale additions included.
        amt_paid: the AMT basis before line 2i, likewise.
        spread: value when the shares became one's own less the price, what pay is at most (never below zero).
        included: the line 2i amount that these shares have in their AMT basis if they stay to the year's end.
        own_from: the day they became one's own for the AMT (exercise, or vesting without an election).
        vested: the day they vested, where that was after the exercise.
    """

    exercise: str
    owner: str
    corporation: str
    grant_date: date
    exercise_date: date
    shares: Decimal
    paid: Decimal
    amt_paid: Decimal
    spread: Decimal
    included: Decimal
    own_from: date
    held_from: date
    amt_held_from: date
    vested: date | None = None
    exercise_price: Decimal = ZERO
    fmv: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Book:
    """The result in one book: ordinary income, basis, gain before any disallowance, the loss disallowed, the term."""

    ordinary_income: Decimal
    basis: Decimal
    gain: Decimal
    disallowed: Decimal
    term: str


@dataclass(frozen=True, slots=True)
class Disposition:
    """One slice of a sale: shares of one lot, in both books.

    Attributes:
        sale: id of the row; `row` is its place in the case.
        proceeds: its share of the amount realised, net of selling expenses.
        law_pay: the pay that the law gives; `pay` follows a Form W-2 that shows more.
        uncapped_pay: the pay without the cap of IRC 422(c)(2).
        how: sale, related_party, wash_sale, gift, death, to_spouse or surrender (a stock swap).
        chosen_by: the rule that chose the lot: lots, acquired, acquired_grant, fifo.
    """

    sale: str
    row: int
    sold: date
    lot: Shares
    kind: str
    how: str
    chosen_by: str
    proceeds: Decimal
    law_pay: Decimal
    pay: Decimal
    uncapped_pay: Decimal
    regular: Book
    amt: Book
    notes: tuple[str, ...] = field(default=())

    @property
    def shares(self) -> Decimal:
        """How many shares."""
        return self.lot.shares

    @property
    def has_row(self) -> bool:
        """Whether Form 8949 gets a row."""
        return self.how not in NO_ROW


def kind_of(lot: Shares, sold: date, how: str) -> str:
    """The kind of a disposition, as results name it."""
    if how in KEEPS_LINE_2I:
        return NOT_A_DISPOSITION
    if sold >= first_qualifying_day(lot.grant_date, lot.exercise_date):
        return QUALIFYING
    return SAME_YEAR if same_year(lot, sold) else DISQUALIFYING


def same_year(lot: Shares, sold: date) -> bool:
    """Whether the AMT inclusion would fall in the year of the disposition or later (IRC 56(b)(3), second sentence)."""
    return sold.year <= lot.own_from.year


def leaves_inclusion(lot: Shares, sold: date, how: str) -> bool:
    """Whether shares that go in the year of their inclusion leave it on line 2i (IRC 422(c)(2) caps early sales only).

    So shares that vested this year and go once both holding periods are over; also those left at death or to a spouse.
    """
    early = kind_of(lot, sold, how) in {DISQUALIFYING, SAME_YEAR}
    return not early and lot.own_from.year == sold.year and lot.own_from <= sold


def uncapped(lot: Shares, sold: date, proceeds: Decimal) -> Decimal:
    """The pay before the cap: the spread, or what was got above cost where the shares were not vested yet."""
    if lot.vested is not None and sold < lot.vested:
        return over(proceeds, lot.paid)
    return lot.spread


def ordinary_income(lot: Shares, sold: date, how: str, proceeds: Decimal) -> Decimal:
    """The pay from an early disposition (IRC 421(b)), capped where a loss would be recognised (IRC 422(c)(2))."""
    if kind_of(lot, sold, how) in {QUALIFYING, NOT_A_DISPOSITION}:
        return ZERO
    most = uncapped(lot, sold, proceeds)
    return most if how in NO_LOSS_RECOGNISED else min(most, over(proceeds, lot.paid))


def capital_held_from(lot: Shares, *, early: bool) -> date:
    """The day the regular holding period starts: at vesting for an early sale of stock unvested at exercise."""
    return lot.vested if early and lot.vested is not None else lot.held_from


def _book(basis: Decimal, pay: Decimal, proceeds: Decimal, how: str, *, long_term: bool) -> Book:
    gain = proceeds - basis if how not in NO_ROW else ZERO
    disallowed = over(-gain, ZERO) if how in NO_LOSS_RECOGNISED else ZERO
    return Book(pay, basis, gain, disallowed, "long" if long_term else "short")


def dispose(  # noqa: PLR0913 - a disposition has this many facts
    lot: Shares, *, sale: str, row: int, sold: date, how: str, chosen_by: str, proceeds: Decimal
) -> Disposition:
    """Class and measure a disposition in both books, with the pay that the law gives."""
    kind = kind_of(lot, sold, how)
    pay = ordinary_income(lot, sold, how, proceeds)
    known = {"sale": sale, "row": row, "sold": sold, "lot": lot, "kind": kind, "how": how, "chosen_by": chosen_by}
    most = uncapped(lot, sold, proceeds) if kind in {DISQUALIFYING, SAME_YEAR} else ZERO
    regular, amt = _books(lot, sold, how, proceeds, pay)
    return Disposition(
        **known,  # type: ignore[arg-type]  # the fields above, by name
        proceeds=proceeds,
        law_pay=pay,
        pay=pay,
        uncapped_pay=most,
        regular=regular,
        amt=amt,
    )


def _books(lot: Shares, sold: date, how: str, proceeds: Decimal, pay: Decimal) -> tuple[Book, Book]:
    early = kind_of(lot, sold, how) in {DISQUALIFYING, SAME_YEAR}
    long_term = is_long_term(capital_held_from(lot, early=early), sold)
    regular = _book(lot.paid + pay, pay, proceeds, how, long_term=long_term)
    amt_long_term = is_long_term(lot.amt_held_from, sold)
    if same_year(lot, sold) and early:
        return regular, _book(lot.amt_paid + pay, pay, proceeds, how, long_term=long_term)
    included = lot.included if sold >= lot.own_from else ZERO
    return regular, _book(lot.amt_paid + included, ZERO, proceeds, how, long_term=amt_long_term)


def with_pay(disposition: Disposition, pay: Decimal) -> Disposition:
    """The same disposition with the pay that the Form W-2 shows (basis and both books follow it)."""
    found = disposition
    regular, amt = _books(found.lot, found.sold, found.how, found.proceeds, pay)
    return replace(found, pay=pay, regular=regular, amt=amt)
