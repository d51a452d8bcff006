"""Both sets of books, in the order things happened: exercises, splits, sales, and what replaces what.

`keep` goes through a household's events day by day and gives every disposition, every inclusion on line 2i and what
is still held at each year's end. Within a day splits come first, then exercises, then sales in file order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from worksheets.case import Case, Exercise, Sale
from worksheets.form import ZERO
from worksheets.iso import DISQUALIFYING, SAME_YEAR, Disposition, dispose, leaves_inclusion, with_pay
from worksheets.lots import Lot, Pool, Taken, cost_of, portion, take
from worksheets.openings import open_lots
from worksheets.others import pass_through
from worksheets.replacements import Replacement, add_to_basis, replacement_of

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
    """What is left of a lot at a year's end: totals in dollars; `cost_each` and `beyond` as in `Lot`."""

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
    cost_each: Fraction
    beyond: Fraction
    spread: Decimal
    vested: date | None
    section_83b: bool
    exercise_price: Decimal
    fmv: Decimal
    account: str | None
    piece: str

    @property
    def cost(self) -> Decimal:
        """Dollars paid for the shares, without commission."""
        return cost_of(self.cost_each, self.shares, self.beyond)


@dataclass(slots=True)
class Ledger:
    """The books of a household, as far as they have been kept; `corporations` whose options were exercised."""

    corporations: frozenset[str] = frozenset()
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
    ledger = Ledger(frozenset(exercise.corporation.casefold() for exercise in case.exercises))
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
        if sale.is_iso or sale.replacement is not None:
            yield sale.sold, 2, place, sale


def _happen(ledger: Ledger, case: Case, place: int, thing: object, pay_shown: Mapping[int, Decimal]) -> None:
    if isinstance(thing, Exercise):
        _exercise(ledger, case, place, thing)
    elif isinstance(thing, Sale) and not thing.is_iso:
        _replace(ledger, thing, pass_through(thing, place))
    elif isinstance(thing, Sale):
        _sell(ledger, case, place, thing, pay_shown.get(place))
    else:
        action = case.corporate_actions[place]
        for lot in ledger.lots():
            if lot.corporation.casefold() == action.corporation.casefold():
                lot.split(action.split.new, action.split.old)
        for addition in (one for waiting in ledger.waiting.values() for one in waiting):
            if addition.corporation == action.corporation.casefold():
                addition.split(action.ratio)


def _exercise(ledger: Ledger, case: Case, place: int, exercise: Exercise) -> None:
    surrendered: list[Taken] = []
    pool = ledger.pool(exercise.owner, exercise.corporation)
    if exercise.paid_with:
        surrendered = _surrender(ledger, pool, place, exercise)
    for lot in open_lots(case, place, exercise, surrendered):
        pool.add(lot)
    for addition in ledger.waiting.pop(exercise.id, ()):
        _add_to_basis(ledger, addition)


def _add_to_basis(ledger: Ledger, addition: Replacement) -> None:
    regular, amt = add_to_basis(ledger.pools.values(), addition)
    if regular or amt:
        ledger.replaced_outside.append((addition.sale, regular, amt))


def _replace(ledger: Ledger, sale: Sale, part: Disposition) -> None:
    if sale.replacement is None:
        ledger.replaced_outside.append((sale.id, part.regular.disallowed, part.amt.disallowed))
        return
    addition = replacement_of(sale, part, sale.replacement)
    if any(sale.replacement in pool.by_exercise for pool in ledger.pools.values()):
        _add_to_basis(ledger, addition)
    else:
        ledger.waiting.setdefault(sale.replacement, []).append(addition)


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
        _include(ledger, part, given_up)
        basis = replace(part.shares, paid=given_up.regular.basis, amt_paid=given_up.amt.basis)
        found.append(Taken(part.lot, basis, part.chosen_by))
    return found


def _sell(ledger: Ledger, case: Case, place: int, sale: Sale, pay_shown: Decimal | None) -> None:
    if sale.corporation.casefold() not in ledger.corporations:
        ledger.unmatched.append(sale.id)
        return
    pool = ledger.pool(sale.owner, sale.corporation)
    taken, missing = take(pool, sale)
    if missing:
        ledger.excess[sale.id] = missing
    slices = list(_slices(sale, taken))
    shares = [part.shares.shares for part, _ in slices]
    gross = share_out(sale.proceeds, shares, sale.shares)
    expenses = share_out(sale.selling_expenses, shares, sale.shares)  # each apart, as the rows of Form 8949 show them
    sold = []
    for (part, how), proceeds, paid in zip(slices, gross, expenses, strict=True):
        sold.append(
            dispose(
                part.shares,
                sale=sale.id,
                row=place,
                sold=sale.sold,
                how=how,
                chosen_by=part.chosen_by,
                proceeds=proceeds - paid,
            )
        )
    if pay_shown is not None:
        sold = follow_w2(sold, pay_shown)
    ledger.dispositions += sold
    if not _stays(case, sale):
        for (part, _), gone in zip(slices, sold, strict=True):
            _include(ledger, part, gone)
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
    """The dispositions of one sale with the pay that its Form W-2 shows.

    What is above the law's pay goes onto the parts sold early, by what the cap took from each (an employer who shows
    more has as a rule left the cap out); by their uncapped pay, or their shares, where the cap took nothing.
    """
    early = [part.kind in {DISQUALIFYING, SAME_YEAR} for part in sold]
    candidates = (
        [part.uncapped_pay - part.law_pay for part in sold],
        [part.uncapped_pay for part in sold],
        [part.shares if is_early else ZERO for part, is_early in zip(sold, early, strict=True)],
        [part.shares for part in sold],
    )
    weights = next(found for found in candidates if any(found))
    above = shown - sum((part.law_pay for part in sold), ZERO)
    more = share_out(above, weights, sum(weights, ZERO))
    return [with_pay(part, part.law_pay + pay) for part, pay in zip(sold, more, strict=True)]


def _stays(case: Case, sale: Sale) -> bool:
    """Whether shares given to the spouse stay in the file, on a joint return."""
    return sale.disposition == "to_spouse" and case.years[sale.sold.year].filing_status == "married_joint"


def _after(ledger: Ledger, case: Case, sale: Sale, sold: list[Disposition], taken: list[Taken]) -> None:
    """What a way of parting with shares leaves behind: shares with the spouse, a basis with the replacement."""
    if _stays(case, sale):
        for gone in taken:
            _to_spouse(ledger, gone)
    for part in sold:
        if part.how == "wash_sale" and (part.regular.disallowed or part.amt.disallowed):
            _replace(ledger, sale, part)


def _to_spouse(ledger: Ledger, part: Taken) -> None:
    lot, gone = part.lot, part.shares
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
            beyond=Fraction(0),
        )
    )


def _include(ledger: Ledger, part: Taken, gone: Disposition) -> None:
    """What shares that went this year leave on its line 2i; those that stay with the spouse are seen at its end."""
    if leaves_inclusion(gone.lot, gone.sold, gone.how) and not part.lot.already_included:
        ledger.inclusions.append(_inclusion(gone.sold.year, part.lot, gone.shares, gone.lot.included))


def _inclusion(year: int, lot: Lot, shares: Decimal, amount: Decimal) -> Inclusion:
    vesting = lot.vested is not None and lot.own_from == lot.vested
    return Inclusion(year, lot.exercise, lot.owner, shares, lot.own_from, amount, vesting)


def close(ledger: Ledger, year: int) -> None:
    """Close a year: what became one's own and is still there goes on line 2i; what is held is written down."""
    held = []
    for lot in sorted(ledger.lots(), key=lambda lot: lot.sequence):  # lots of one exercise stay in their order
        if not lot.shares:
            continue
        if lot.own_from.year == year and not lot.already_included:
            ledger.inclusions.append(_inclusion(year, lot, lot.shares, lot.included))
        held.append(_holding(lot, year))
    ledger.holdings[year] = held


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
        cost_each=lot.cost_each,
        beyond=lot.beyond,
        spread=lot.spread,
        vested=lot.vested,
        section_83b=lot.vested is not None and lot.own_from != lot.vested,
        exercise_price=lot.exercise_price,
        fmv=lot.fmv,
        account=lot.account,
        piece=lot.piece,
    )
