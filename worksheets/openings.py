"""The lots that an exercise leaves one with: one, or several where shares vest later or were paid with shares.

Sources: Form 6251 instructions, line 2i; IRC 83(a), (b), (f) (shares unvested at exercise); 1036, 1223(1), Treas. Reg.
1.422-5(b) (shares paid with shares); 422(c)(2).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from worksheets.case import Case, Exercise, Vesting
from worksheets.form import ZERO
from worksheets.lots import Lot, Taken, as_decimal, finest, portion


def open_lots(case: Case, place: int, exercise: Exercise, surrendered: list[Taken]) -> Iterator[Lot]:
    """The lots of an exercise, as they are on the day of exercise."""
    whole = _whole_lot(case, place, exercise)
    if surrendered:
        yield from _paid_with_shares(whole, surrendered)
        return
    unvested = sum((tranche.shares for tranche in exercise.vesting), ZERO)
    if whole.shares > unvested:
        yield _part(whole, whole.shares - unvested)
    for number, tranche in enumerate(exercise.vesting, start=1):
        yield _tranche(case, exercise, _part(whole, tranche.shares), tranche, number)


def _whole_lot(case: Case, place: int, exercise: Exercise) -> Lot:
    value = exercise.fmv * exercise.shares
    paid = exercise.cost + exercise.commission
    given = exercise.amt_basis is not None
    included_before = given and exercise.exercise_date.year < min(case.years)
    return Lot(
        exercise=exercise.id,
        order=place,
        owner=exercise.owner,
        corporation=exercise.corporation,
        account=exercise.account,
        grant_date=exercise.grant_date,
        exercise_date=exercise.exercise_date,
        exercise_price=exercise.exercise_price,
        fmv=exercise.fmv,
        shares=exercise.shares,
        paid=paid if exercise.regular_basis is None else exercise.regular_basis,
        amt_paid=paid if exercise.amt_basis is None else exercise.amt_basis,
        spread=value - exercise.cost,
        amt_spread=value - exercise.cost,
        own_from=exercise.exercise_date,
        held_from=exercise.held_from or exercise.exercise_date,
        amt_held_from=exercise.amt_held_from or exercise.held_from or exercise.exercise_date,
        cost_each=Fraction(exercise.cost) / Fraction(exercise.shares),
        already_included=included_before,
    )


def _part(whole: Lot, shares: Decimal) -> Lot:
    """A lot of some of the shares, totals in proportion; the whole is left as it was."""
    totals: dict[str, Any] = {
        name: portion(getattr(whole, name), shares, whole.shares)
        for name in ("paid", "amt_paid", "spread", "amt_spread")
    }
    return replace(whole, shares=shares, **totals)


def split_ratio(case: Case, corporation: str, after: date, until: date) -> Fraction:
    """New shares for each old one through the splits between two days, the first left out and the last counted."""
    ratio = Fraction(1)
    for action in case.corporate_actions:
        if action.corporation.casefold() == corporation.casefold() and after < action.date <= until:
            ratio *= action.ratio
    return ratio


def _tranche(case: Case, exercise: Exercise, lot: Lot, tranche: Vesting, number: int) -> Lot:
    """Shares that vest later: pay is measured at vesting; line 2i too, unless the election was made for the AMT."""
    ratio = split_ratio(case, exercise.corporation, exercise.exercise_date, tranche.date)
    price = portion(exercise.cost, tranche.shares, exercise.shares)
    spread = finest(as_decimal(Fraction(tranche.fmv * tranche.shares) * ratio) - price)
    vested = replace(lot, spread=spread, vested=tranche.date, piece=f"v{number}")
    if exercise.section_83b:
        return vested
    before = tranche.date.year < min(case.years)
    return replace(
        vested,
        amt_spread=spread,
        own_from=tranche.date,
        amt_held_from=exercise.amt_held_from or tranche.date,
        already_included=exercise.amt_basis is not None and before,
    )


def _paid_with_shares(whole: Lot, surrendered: list[Taken]) -> Iterator[Lot]:
    """As many new shares as were given up take their bases and capital holding period; the others cost what was added.

    Treas. Reg. 1.422-5(b): all are new option stock with dates of their own, and an early sale counts as one of the
    shares of lowest basis first, the additional ones, which hold the whole spread.
    """
    exchanged = ZERO
    for number, part in enumerate(surrendered, start=1):
        old = part.shares
        exchanged += old.shares
        yield replace(
            whole,
            shares=old.shares,
            paid=old.paid,
            amt_paid=old.amt_paid,
            spread=ZERO,
            amt_spread=ZERO,
            held_from=old.held_from,
            amt_held_from=old.amt_held_from,
            cost_each=Fraction(whole.fmv),
            piece=f"x{number}",
        )
    added = whole.shares - exchanged
    if added > 0:
        value = whole.fmv * exchanged
        cash = max(ZERO, whole.paid - value)
        cost_each = max(Fraction(0), whole.cost_each * Fraction(whole.shares) - Fraction(value)) / Fraction(added)
        yield replace(whole, shares=added, paid=cash, amt_paid=cash, cost_each=cost_each, piece="")
