"""Both sets of books, in the order things happened: exercises, splits, sales, and what replaces what.

`keep` goes through a household's events day by day and gives every disposition, every inclusion on line 2i and what
is still held at each year's end. Within a day splits come first, then exercises, then sales in file order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from worksheets.case import Case, Exercise, Sale
from worksheets.form import ZERO
from worksheets.iso import Disposition, dispose, with_pay
from worksheets.lots import Lot, Pool, Taken, portion, take
from worksheets.openings import open_lots

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Inclusion:
    """What one lot puts on line 2i of a year: shares that became one's own that year and were not sold in it."""

    year: int
    exercise: str
    owner: str
    shares: Decimal
    own_from: date
    amount: Decimal
    vesting: bool


@dataclass(frozen=True, slots=True)
class Holding:
    """What is left of a lot at a year's end: totals in dollars for the shares held."""

    exercise: str
    owner: str
    corporation: str
    grant_date: date
    exercise_date: date
    shares: Decimal
    regular_basis: Decimal
    amt_basis: Decimal
    held_from: date
    amt_held_from: date
    vests: date | None
    to_come: Decimal
    spread: Decimal
    vested: date | None
    section_83b: bool
    exercise_price: Decimal
    fmv: Decimal
    account: str | None
    piece: str


@dataclass(slots=True)
class Replacement:
    """A loss that a wash sale disallowed, on its way to the basis of the shares that replaced those sold."""

    sale: str
    exercise: str
    shares: Decimal
    regular: Decimal
    amt: Decimal
    days_held: int
    amt_days_held: int


@dataclass(slots=True)
class Ledger:
    """The books of a household, as far as they have been kept."""

    pools: dict[tuple[str, str], Pool] = field(default_factory=dict)
    dispositions: list[Disposition] = field(default_factory=list)
    inclusions: list[Inclusion] = field(default_factory=list)
    holdings: dict[int, list[Holding]] = field(default_factory=dict)
    excess: dict[str, Decimal] = field(default_factory=dict)
    unmatched: list[str] = field(default_factory=list)
    waiting: dict[str, list[Replacement]] = field(default_factory=dict)
    replaced_outside: list[tuple[str, Decimal, Decimal]] = field(default_factory=list)

    def pool(self, owner: str, corporation: str) -> Pool:
        """The lots of one owner in one corporation."""
        return self.pools.setdefault((owner, corporation.casefold()), Pool())

    def lots(self) -> Iterator[Lot]:
        """Every lot there is or was."""
        for pool in self.pools.values():
            yield from pool.lots()


def keep(case: Case, pay_shown: Mapping[int, Decimal] | None = None) -> Ledger:
    """Keep the books of a household.

    Args:
        case: the household.
        pay_shown: pay by place of the sale in the case, where a Form W-2 shows more than the law gives.
    """
    ledger = Ledger()
    events = sorted(_events(case), key=lambda event: event[:3])
    first, last = min(case.years), max(case.years)
    year = min([first, *(event[0].year for event in events)])
    for day, _, place, thing in events:
        while year < day.year:
            close(ledger, year)
            year += 1
        _happen(ledger, case, place, thing, pay_shown or {})
    while year <= last:
        close(ledger, year)
        year += 1
    return ledger


def _events(case: Case) -> Iterator[tuple[date, int, int, object]]:
    for place, action in enumerate(case.corporate_actions):
        yield action.date, 0, place, action
    for place, exercise in enumerate(case.exercises):
        yield exercise.exercise_date, 1, place, exercise
    for place, sale in enumerate(case.sales):
        if sale.is_iso:
            yield sale.sold, 2, place, sale


def _happen(ledger: Ledger, case: Case, place: int, thing: object, pay_shown: Mapping[int, Decimal]) -> None:
    if isinstance(thing, Exercise):
        _exercise(ledger, case, place, thing)
    elif isinstance(thing, Sale):
        _sell(ledger, case, place, thing, pay_shown.get(place))
    else:
        action = case.corporate_actions[place]
        for lot in ledger.lots():
            if lot.corporation.casefold() == action.corporation.casefold():
                lot.split(action.split.new, action.split.old)


def _exercise(ledger: Ledger, case: Case, place: int, exercise: Exercise) -> None:
    surrendered: list[Taken] = []
    pool = ledger.pool(exercise.owner, exercise.corporation)
    if exercise.paid_with:
        surrendered = _surrender(ledger, pool, place, exercise)
    for lot in open_lots(case, place, exercise, surrendered):
        pool.add(lot)
    for addition in ledger.waiting.pop(exercise.id, ()):
        _add_to_basis(ledger, addition)


def _surrender(ledger: Ledger, pool: Pool, place: int, exercise: Exercise) -> list[Taken]:
    """Shares given up to pay: mature ones are exchanged (IRC 1036), others disposed of without the cap (424(c)(3))."""
    offer = Sale.model_construct(
        id=exercise.id,
        lots=exercise.paid_with,
        sold=exercise.exercise_date,
        shares=sum((part.shares for part in exercise.paid_with), ZERO),
    )
    taken, missing = take(pool, offer)
    if missing:
        ledger.excess[exercise.id] = missing
    found = []
    for part in taken:
        value = part.shares.shares * exercise.fmv
        shown = {"sale": exercise.id, "row": -1 - place, "sold": exercise.exercise_date, "chosen_by": "lots"}
        given_up = dispose(part.shares, how="surrender", proceeds=value, **shown)  # type: ignore[arg-type]  # by name
        ledger.dispositions.append(given_up)
        basis = replace(part.shares, paid=given_up.regular.basis, amt_paid=given_up.amt.basis)
        found.append(Taken(part.lot, basis, part.chosen_by))
    return found


def _sell(ledger: Ledger, case: Case, place: int, sale: Sale, pay_shown: Decimal | None) -> None:
    corporations = {exercise.corporation.casefold() for exercise in case.exercises}
    if sale.corporation.casefold() not in corporations:
        ledger.unmatched.append(sale.id)
        return
    pool = ledger.pool(sale.owner, sale.corporation)
    taken, missing = take(pool, sale)
    if missing:
        ledger.excess[sale.id] = missing
    slices = list(_slices(sale, taken))
    amounts = share_out(sale.proceeds - sale.selling_expenses, [part.shares.shares for part, _ in slices], sale.shares)
    sold = []
    for (part, how), proceeds in zip(slices, amounts, strict=True):
        sold.append(
            dispose(
                part.shares,
                sale=sale.id,
                row=place,
                sold=sale.sold,
                how=how,
                chosen_by=part.chosen_by,
                proceeds=proceeds,
            )
        )
    if pay_shown is not None:
        sold = follow_w2(sold, pay_shown)
    ledger.dispositions += sold
    _after(ledger, case, sale, sold, taken)


def _slices(sale: Sale, taken: Iterable[Taken]) -> Iterator[tuple[Taken, str]]:
    """The parts of a sale; in a wash sale the replaced shares, the first ones sold, apart from the others."""
    if sale.disposition != "wash_sale":
        yield from ((part, sale.disposition) for part in taken)
        return
    left = sale.shares if sale.replaced_shares is None else sale.replaced_shares
    for part in taken:
        number = min(left, part.shares.shares)
        left -= number
        if number and number < part.shares.shares:
            one, other = split_shares(part, number)
            yield one, "wash_sale"
            yield other, "sale"
        else:
            yield part, "wash_sale" if number else "sale"


def split_shares(part: Taken, number: Decimal) -> tuple[Taken, Taken]:
    """Two parts of shares taken, `number` in the first; their totals add up."""
    whole = part.shares
    one = replace(whole, shares=number, **_portions(part, number))
    rest = {name: getattr(whole, name) - getattr(one, name) for name in _TOTALS}
    other = replace(whole, shares=whole.shares - number, **rest)
    return replace(part, shares=one), replace(part, shares=other)


_TOTALS = ("paid", "amt_paid", "spread", "included")


def _portions(part: Taken, number: Decimal) -> dict[str, Any]:
    return {name: portion(getattr(part.shares, name), number, part.shares.shares) for name in _TOTALS}


def share_out(total: Decimal, parts: list[Decimal], of: Decimal) -> list[Decimal]:
    """An amount of a row shared out to its parts by shares, to the cent; parts that make up the row add up to it."""
    amounts, before, seen = [], ZERO, ZERO
    for part in parts:
        seen += part
        reached = total if seen == of else (total * seen / of).quantize(CENT)
        amounts.append(reached - before)
        before = reached
    return amounts


def follow_w2(sold: list[Disposition], shown: Decimal) -> list[Disposition]:
    """The dispositions of one sale with the pay that its Form W-2 shows, shared out by the pay that the law gives."""
    weights = [part.law_pay for part in sold]
    if not any(weights):
        weights = [part.uncapped_pay or part.shares for part in sold]
    return [with_pay(part, pay) for part, pay in zip(sold, share_out(shown, weights, sum(weights, ZERO)), strict=True)]


def _after(ledger: Ledger, case: Case, sale: Sale, sold: list[Disposition], taken: list[Taken]) -> None:
    """What a way of parting with shares leaves behind: shares with the spouse, a basis with the replacement."""
    if sale.disposition in {"death", "to_spouse"}:
        joint = case.years[sale.sold.year].filing_status == "married_joint"
        for gone in taken:
            _leave(ledger, sale, gone, stays=joint and sale.disposition == "to_spouse")
    for part in sold:
        if part.how == "wash_sale" and (part.regular.disallowed or part.amt.disallowed):
            _replace(ledger, sale, part)


def _leave(ledger: Ledger, sale: Sale, part: Taken, *, stays: bool) -> None:
    """Shares given to the spouse on a joint return stay in the file; others go, and leave their line 2i behind."""
    lot, gone = part.lot, part.shares
    if stays:
        new_owner = "spouse" if lot.owner == "taxpayer" else "taxpayer"
        ledger.pool(new_owner, lot.corporation).add(
            replace(
                lot,
                owner=new_owner,
                account=None,
                shares=gone.shares,
                paid=gone.paid,
                amt_paid=gone.amt_paid,
                spread=gone.spread,
                amt_spread=gone.included,
            )
        )
    elif gone.own_from.year == sale.sold.year and gone.own_from <= sale.sold:
        ledger.inclusions.append(_inclusion(sale.sold.year, lot, gone.shares, gone.included))


def _replace(ledger: Ledger, sale: Sale, part: Disposition) -> None:
    if sale.replacement is None:
        ledger.replaced_outside.append((sale.id, part.regular.disallowed, part.amt.disallowed))
        return
    addition = Replacement(
        sale=sale.id,
        exercise=sale.replacement,
        shares=part.shares,
        regular=part.regular.disallowed,
        amt=part.amt.disallowed,
        days_held=(part.sold - part.lot.held_from).days,
        amt_days_held=(part.sold - part.lot.amt_held_from).days,
    )
    if any(sale.replacement in pool.by_exercise for pool in ledger.pools.values()):
        _add_to_basis(ledger, addition)
    else:
        ledger.waiting.setdefault(sale.replacement, []).append(addition)


def _add_to_basis(ledger: Ledger, addition: Replacement) -> None:
    """Add a disallowed loss to both bases of the replacement shares, with the holding period (IRC 1091(d), 1223(3)).

    The spouse's shares can be those. Each share replaces one; what there are no shares left for was replaced outside.
    """
    left = addition.shares
    for pool in ledger.pools.values():
        for lot in [lot for lot in pool.by_exercise.get(addition.exercise, ()) if lot.shares and not lot.replaces]:
            number = min(left, lot.shares)
            if number:
                left -= number
                _add(lot if number == lot.shares else _split_off(pool, lot, number), number, addition)
    if left:
        regular, amt = (portion(total, left, addition.shares) for total in (addition.regular, addition.amt))
        ledger.replaced_outside.append((addition.sale, regular, amt))


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
    )
    pool.add(piece)
    return piece


def _inclusion(year: int, lot: Lot, shares: Decimal, amount: Decimal) -> Inclusion:
    vesting = lot.vested is not None and lot.own_from == lot.vested
    return Inclusion(year, lot.exercise, lot.owner, shares, lot.own_from, amount, vesting)


def close(ledger: Ledger, year: int) -> None:
    """Close a year: what became one's own and is still there goes on line 2i; what is held is written down."""
    held = []
    for lot in ledger.lots():
        if not lot.shares:
            continue
        if lot.own_from.year == year and not lot.already_included:
            ledger.inclusions.append(_inclusion(year, lot, lot.shares, lot.included))
        held.append(_holding(lot, year))
    ledger.holdings[year] = sorted(held, key=lambda one: (one.exercise_date, one.exercise, one.piece))


def _holding(lot: Lot, year: int) -> Holding:
    own = lot.own_from.year <= year
    return Holding(
        exercise=lot.exercise,
        owner=lot.owner,
        corporation=lot.corporation,
        grant_date=lot.grant_date,
        exercise_date=lot.exercise_date,
        shares=lot.shares,
        regular_basis=lot.paid,
        amt_basis=lot.amt_paid + (lot.included if own else ZERO),
        held_from=lot.held_from,
        amt_held_from=lot.amt_held_from,
        vests=None if lot.vested is None or lot.vested.year <= year else lot.vested,
        to_come=ZERO if own else lot.included,
        spread=lot.spread,
        vested=lot.vested,
        section_83b=lot.vested is not None and lot.own_from != lot.vested,
        exercise_price=lot.exercise_price,
        fmv=lot.fmv,
        account=lot.account,
        piece=lot.piece,
    )
