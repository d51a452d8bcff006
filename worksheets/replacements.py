"""Where a wash sale's loss goes: into the bases of the shares that replaced those sold, with their holding period.

Sources: IRC 1091(d), 1223(3); Treas. Reg. 1.1091-1(d). Amounts are dollars for the shares at hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from worksheets.case import Sale
from worksheets.form import ZERO
from worksheets.iso import DISQUALIFYING, SAME_YEAR, Disposition, capital_held_from
from worksheets.lots import Lot, Pool, as_decimal, family, portion, slack


@dataclass(slots=True)
class Replacement:
    """A loss that a wash sale disallowed, on its way to the basis of the shares that replaced those sold.

    `shares` are counted as of the last split, as the lots are.
    """

    sale: str
    exercise: str
    corporation: str
    shares: Decimal
    regular: Decimal
    amt: Decimal
    days_held: int
    amt_days_held: int

    def split(self, ratio: Fraction) -> None:
        """A stock split between the sale and the exercise that replaces the shares sold."""
        self.shares = as_decimal(Fraction(self.shares) * ratio)


def replacement_of(sale: Sale, part: Disposition, exercise: str) -> Replacement:
    """What one part of a wash sale hands on: the loss of each book, and the days that its shares were held."""
    early = part.kind in {DISQUALIFYING, SAME_YEAR}
    held_from = capital_held_from(part.lot, early=early)
    amt_held_from = held_from if part.kind == SAME_YEAR else part.lot.amt_held_from
    replaced = part.shares
    if not sale.is_iso and sale.replaced_shares is not None:
        replaced = min(sale.replaced_shares, part.shares)
    return Replacement(
        sale=sale.id,
        exercise=exercise,
        corporation=sale.corporation.casefold(),
        shares=replaced,
        regular=part.regular.disallowed,
        amt=part.amt.disallowed,
        days_held=(part.sold - held_from).days,
        amt_days_held=(part.sold - amt_held_from).days,
    )


def add_to_basis(pools: Iterable[Pool], addition: Replacement) -> tuple[Decimal, Decimal]:
    """Add a disallowed loss to both bases of the replacement shares, with the holding period.

    The spouse's shares can be those. Each share replaces one; after those of the entry named come those of the other
    entries that are one exercise with it. What there are no shares left for was replaced outside the file: its loss in
    the regular and the AMT book is handed back.
    """
    left = addition.shares
    for pool, lot in _of_exercise(pools, addition.exercise):
        if left > slack(addition.shares):
            number = lot.part_of(left)
            left -= number
            whole = number >= lot.shares - slack(number)
            _add(lot if whole else _split_off(pool, lot, number), number, addition)
    if left <= slack(addition.shares):
        return ZERO, ZERO
    return portion(addition.regular, left, addition.shares), portion(addition.amt, left, addition.shares)


def _of_exercise(pools: Iterable[Pool], exercise: str) -> Iterator[tuple[Pool, Lot]]:
    """The lots of an exercise that still replace nothing: those of the entry named first, then of its family."""
    holding = [pool for pool in pools if exercise in pool.by_exercise]
    named = [(pool, lot) for pool in holding for lot in pool.by_exercise[exercise]]
    others = [(pool, lot) for pool in holding for lot in _rest_of_family(pool, exercise)]
    return ((pool, lot) for pool, lot in (*named, *others) if lot.shares and not lot.replaces)


def _rest_of_family(pool: Pool, exercise: str) -> Iterator[Lot]:
    first = pool.by_exercise[exercise][0]
    key = family(first)
    return (lot for lot in pool.by_date[first.exercise_date] if lot.exercise != exercise and family(lot) == key)


def _add(lot: Lot, number: Decimal, addition: Replacement) -> None:
    lot.replaces = True
    lot.paid += portion(addition.regular, number, addition.shares)
    lot.amt_paid += portion(addition.amt, number, addition.shares)
    lot.held_from -= timedelta(days=addition.days_held)
    lot.amt_held_from -= timedelta(days=addition.amt_days_held)


def _split_off(pool: Pool, lot: Lot, number: Decimal) -> Lot:
    amt_spread = portion(lot.amt_spread, number, lot.shares)
    gone = lot.take(number)
    piece = replace(
        lot,
        shares=gone.shares,
        paid=gone.paid,
        amt_paid=gone.amt_paid,
        spread=gone.spread,
        amt_spread=amt_spread,
        piece=lot.piece + "w",
        beyond=Fraction(0),
    )
    pool.add(piece)
    return piece
