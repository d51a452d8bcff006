"""Which shares were sold: grants that box 1b does not tell apart, shares not yet vested, and other lawful choices.

Source: Publication 550, Identifying stock or bonds sold (Treas. Reg. 1.1012-1(c)): shares identified to the broker at
the sale, else first in, first out. Another choice was lawful only if it was made then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from worksheets.audit_desk import Desk, RowView, row_finding
from worksheets.audit_whatif import Effect, effect, outcome, with_sale
from worksheets.audit_words import count, listed, money
from worksheets.case import Exercise, LotPart
from worksheets.findings import ASK_OWNER, NO_REMEDY, NOTE, WARNING, Finding
from worksheets.form import ZERO
from worksheets.holding import DAY, first_qualifying_day
from worksheets.household import Household
from worksheets.iso import Disposition

CITE = "Publication 550, Identifying stock or bonds sold; Treas. Reg. 1.1012-1(c)"
SMALLEST = Decimal("0.000001")  # of a share: what division leaves behind
Lots = tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Another identification of the shares sold, its name, and what it changes in tax."""

    name: str
    lots: Lots
    effect: Effect


@row_finding
def lot_choice_matters(view: RowView) -> Iterable[Finding]:
    """A grant that box 1b leaves open or shares not yet vested (warnings); another choice changing the tax (note)."""
    rules = {part.chosen_by for part in view.slices}
    if "acquired_grant" in rules:
        yield from _which_grant(view)
    elif any(part.lot.vested and part.lot.vested > part.sold for part in view.slices):
        yield _not_vested(view)
    elif those := together(view):
        yield _name_both(view, those)
    elif rules == {"fifo"} and view.whole and not view.excess and view.desk.what_if.possible:
        yield from _other_choice(view)


def taken(view: RowView) -> Lots:
    """The lots that the row took, by exercise."""
    found: dict[str, Decimal] = {}
    for part in view.slices:
        found[part.lot.exercise] = found.get(part.lot.exercise, ZERO) + part.shares
    return tuple(sorted(found.items()))


def _terms(one: Exercise) -> tuple[object, ...]:
    """What the tax on a share of an exercise hangs on."""
    per_share = tuple(total / one.shares for total in (one.cost, one.commission))
    changed = (one.regular_basis, one.amt_basis, one.held_from, one.paid_with, one.vesting, one.section_83b)
    return (one.grant_date, one.fmv, *per_share, *changed)


def _which_grant(view: RowView) -> Iterator[Finding]:
    chosen = view.slices[0].lot
    mine = _terms(view.desk.exercises[chosen.exercise])
    same_day = _exercises(view, chosen.exercise_date)
    others = [one for one in same_day if one.id != chosen.exercise and _terms(one) != mine]
    if not others:
        return
    grants = listed(f"{one.id} (granted {one.grant_date}, {money(one.exercise_price)} a share)" for one in others)
    words = _effects(view, others) if view.whole and view.desk.what_if.possible else ""
    message = (
        f"Several exercises lie on {chosen.exercise_date}, and box 1e does not tell them apart. Taken from "
        f"{chosen.exercise}, the earliest grant (granted {chosen.grant_date}); the shares may be of {grants}. {words}"
        "Which grant was sold? Name it under lots."
    )
    yield view.finding("lot_choice_matters", WARNING, ASK_OWNER, message, cite=CITE)


def together(view: RowView) -> list[Exercise]:
    """The exercises of box 1b's date that have the row's shares only together; first in, first out took others."""
    shown = view.sale.acquired
    if not isinstance(shown, date) or all(part.chosen_by != "fifo" for part in view.slices):
        return []
    that_day = _exercises(view, shown)
    if all(part.lot.exercise_date == shown for part in view.slices) or not _may_have(view, that_day):
        return []
    left = {one.id: _left(view, one) for one in that_day}
    enough = sum(left.values(), ZERO) >= view.sale.shares - SMALLEST
    return [one for one in that_day if left[one.id] > SMALLEST] if enough else []


def _may_have(view: RowView, several: list[Exercise]) -> bool:
    """Whether two or more exercises had a row's shares the day before, looked up quickly."""
    sold, desk = view.sale.sold, view.desk
    left = (
        (one.shares - desk.gone_by(one.id, sold - DAY)) * desk.ratio(one.corporation, one.exercise_date, sold)
        for one in several
    )
    return len(several) > 1 and sum(left, ZERO) >= view.sale.shares - SMALLEST


def _name_both(view: RowView, those: list[Exercise]) -> Finding:
    """The question which grants a row is of that no one of them covers."""
    mine = listed(f"{count(shares)} of {name}" for name, shares in taken(view))
    grants = listed(f"{count(_left(view, one))} of {one.id} (granted {one.grant_date})" for one in those)
    message = (
        f"Box 1b says {view.sale.acquired}. No one grant exercised that day has the {count(view.sale.shares)} shares, "
        f"but they have them together: {grants}. First in, first out took {mine}. If the shares were those of box 1b, "
        "name them all under lots; if not, name what was taken."
    )
    return view.finding("lot_choice_matters", WARNING, ASK_OWNER, message, cite=CITE)


def _effects(view: RowView, others: Iterable[Exercise]) -> str:
    able = (one for one in others if _left(view, one) >= view.sale.shares)
    found = (_try(view, one.id, ((one.id, view.sale.shares),)) for one in able)
    return "".join(f"If of {choice.name}: {choice.effect.words(view.year)} " for choice in found if choice)


def _not_vested(view: RowView) -> Finding:
    parts = [part for part in view.slices if part.lot.vested and part.lot.vested > part.sold]
    shares = sum((part.shares for part in parts), ZERO)
    vests = listed(sorted({str(part.lot.vested) for part in parts}))
    message = (
        f"{count(shares)} of the shares named under lots vest on {vests}, after the sale on {view.sale.sold}. Pay is "
        "taken as what was got above cost. Were other shares sold, or did these vest earlier?"
    )
    return view.finding("lot_choice_matters", WARNING, ASK_OWNER, message, cite="IRC 83(a), 422(c)(2)")


def available(view: RowView) -> list[Exercise]:
    """The exercises whose shares could be sold that day by that owner from that account."""
    near = (one for one in view.desk.case.exercises if one.exercise_date <= view.sale.sold)
    return [one for one in near if _same_account(view, one) and _left(view, one) > SMALLEST]


def _same_account(view: RowView, one: Exercise) -> bool:
    """Whether an exercise is of the sale's owner, corporation and account."""
    sale = view.sale
    account = one.account is None or sale.account is None or one.account == sale.account
    return account and one.owner == sale.owner and one.corporation.casefold() == sale.corporation.casefold()


def _exercises(view: RowView, day: date) -> list[Exercise]:
    """The exercises of a day whose shares the sale could be of."""
    near = view.desk.got_near(view.sale.corporation, day, 0)
    found = (view.desk.exercises[got.exercise] for got in near if got.exercise)
    return [one for one in found if _same_account(view, one)]


def _left(view: RowView, exercise: Exercise) -> Decimal:
    """The vested shares of an exercise that were there for this sale, counted as on that day."""
    sold = view.sale.sold
    waiting = sum((part.shares for part in exercise.vesting if part.date > sold), ZERO)
    before = view.desk.gone_by(exercise.id, sold - DAY)
    that_day = view.desk.index("gone_of_days", _gone_of_days).get((exercise.id, sold), ())
    before += sum((view.desk.at_exercise(part) for part in that_day if part.row < view.place), ZERO)
    left = exercise.shares - waiting - before
    return left * view.desk.ratio(exercise.corporation, exercise.exercise_date, sold)


def _gone_of_days(desk: Desk) -> dict[tuple[str, date], list[Disposition]]:
    """Dispositions by exercise and day; within a day, earlier rows and shares given up have the lower places."""
    found: dict[tuple[str, date], list[Disposition]] = {}
    for part in desk.ledger.dispositions:
        found.setdefault((part.lot.exercise, part.sold), []).append(part)
    return found


def _other_choice(view: RowView) -> Iterator[Finding]:
    exercises = available(view)
    if len(exercises) < 2 or sum((_left(view, one) for one in exercises), ZERO) <= view.sale.shares + SMALLEST:
        return
    choices = [choice for choice in _choices(view, exercises) if not choice.effect.nothing]
    if choices:
        best = min(choices, key=lambda choice: (choice.effect.total, choice.effect.taxes.get(view.year, ZERO)))
        yield _other(view, best)


def _other(view: RowView, best: Choice) -> Finding:
    mine = listed(f"{count(shares)} of {name}" for name, shares in taken(view))
    theirs = listed(f"{count(shares)} of {name}" for name, shares in best.lots)
    message = (
        f"No shares were identified, so first in, first out took {mine}. With {best.name} ({theirs}): "
        f"{best.effect.words(view.year)} That was open only if the broker was told at the sale; if so, name the shares "
        "under lots."
    )
    own = best.effect.taxes.get(view.year, ZERO)
    details: dict[str, Decimal | str] = {"tax": own, "tax_over_all": best.effect.total}
    return view.finding("lot_choice_matters", NOTE, NO_REMEDY, message, cite=CITE, details=details)


ORDERS: dict[str, Callable[[RowView, Exercise], Decimal]] = {
    "the latest first": lambda _, one: Decimal(-one.exercise_date.toordinal()),
    "the highest regular basis first": lambda _, one: -one.exercise_price,
    "the highest AMT basis first": lambda _, one: -one.fmv,
    "those past both holding periods first": lambda view, one: Decimal(
        view.sale.sold < first_qualifying_day(one.grant_date, one.exercise_date)
    ),
}


def _choices(view: RowView, exercises: list[Exercise]) -> Iterator[Choice]:
    """Each other identification that differs from what was taken, with what it changes."""
    seen = {taken(view)}
    for name, order in ORDERS.items():
        lots = _fill(view, sorted(exercises, key=partial(order, view)))
        if lots not in seen:
            seen.add(lots)
            choice = _try(view, name, lots)
            if choice is not None:
                yield choice


def _fill(view: RowView, exercises: Iterable[Exercise]) -> Lots:
    """The shares of the sale taken from exercises in this order."""
    found, left = [], view.sale.shares
    for one in exercises:
        number = min(left, _left(view, one))
        if number > SMALLEST:
            found.append((one.id, number))
            left -= number
    return tuple(sorted(found))


def _try(view: RowView, name: str, lots: Lots) -> Choice | None:
    """The identification worked, with the pay that the law gives; None where it takes shares that other rows name."""
    what_if = view.desk.what_if
    parts = tuple(LotPart.model_construct(exercise=one, shares=shares) for one, shares in lots)
    base, before = what_if.worked_by_law, what_if.by_law
    found = None if base is None else what_if.work(with_sale(what_if.pay_by_law, view.place, lots=parts))
    if found is None or base is None or before is None or _fixed(found, view) != _fixed(base, view):
        return None
    return Choice(name, lots, effect(outcome(found), before))


def _fixed(household: Household, view: RowView) -> object:
    """What another choice must leave alone: shares without a lot, and the lots of other rows that are identified."""
    ledger = household.ledger
    named = [
        (part.row, part.lot.exercise, part.shares)
        for part in ledger.dispositions
        if part.row != view.place and part.chosen_by != "fifo"
    ]
    return ledger.excess, named
