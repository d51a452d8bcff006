"""Lots: what each exercise left one with, and which of them a sale takes.

The order in which a sale takes shares: identified ones, else the exercise of the date in box 1b, else first in, first
out within owner, corporation and account (Publication 550, Identifying stock or bonds sold; Treas. Reg. 1.1012-1(c)).
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Context, Decimal
from fractions import Fraction
from heapq import heappop, heappush
from itertools import takewhile

from worksheets.case import Exercise, Sale
from worksheets.form import ZERO, over
from worksheets.holding import first_qualifying_day
from worksheets.iso import Shares

HALF_DOLLAR = Decimal("0.50")
SMALLEST_PART = Decimal("1e-12")  # of a dollar: finer than any price, so that parts of a lot add up exactly
WIDE = Context(prec=60)
SMALLEST_SHARE = Decimal("1e-9")  # what a split that does not come out even is kept to
DUST = Decimal("1e-6")  # of a share: the finest that brokers print


def finest(amount: Decimal) -> Decimal:
    """An amount freed of what a division left beyond the smallest part."""
    return amount.quantize(SMALLEST_PART, context=WIDE)


def slack(shares: Decimal) -> Decimal:
    """By how much a number of shares may differ from another and still be meant as the same."""
    return min(DUST, shares / 1000)


def as_decimal(exact: Fraction) -> Decimal:
    """A ratio as a decimal number, to the precision of all others."""
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def portion(total: Decimal, shares: Decimal, of: Decimal) -> Decimal:
    """The part of a total that belongs to some of its shares."""
    if shares == of:
        return total
    exact = total * shares / of
    return exact if exact * of == total * shares else finest(exact)


def cost_of(each: Fraction, shares: Decimal, beyond: Fraction) -> Decimal:
    """What shares cost at so much each, dollars; `beyond` as in `Lot`."""
    exact = each * (Fraction(shares) + beyond)
    found = as_decimal(exact)
    return found if Fraction(found) == exact else finest(found)


@dataclass(slots=True)
class Lot:
    """Shares of one exercise with one history; totals are for the shares still held, in dollars.

    `spread` is what pay is at most; `amt_spread` what line 2i takes in; `replaces` says that a wash sale's loss is in
    the bases. `cost_each` is what was paid for one share without commission: the cost that Form 3921 tells, which no
    wash sale changes. `beyond` is what a split left below the smallest share, and `per_share` the exact price and
    value, so that splits undo each other. See `iso.Shares` for the rest.
    """

    exercise: str
    order: int
    owner: str
    corporation: str
    account: str | None
    grant_date: date
    exercise_date: date
    exercise_price: Decimal
    fmv: Decimal
    shares: Decimal
    paid: Decimal
    amt_paid: Decimal
    spread: Decimal
    amt_spread: Decimal
    own_from: date
    held_from: date
    amt_held_from: date
    cost_each: Fraction
    vested: date | None = None
    already_included: bool = False
    replaces: bool = False
    piece: str = ""
    beyond: Fraction = Fraction(0)
    per_share: tuple[Fraction, Fraction] | None = None

    @property
    def included(self) -> Decimal:
        """The line 2i amount of these shares; zero where an AMT basis was given that holds it already."""
        return ZERO if self.already_included else over(self.amt_spread, ZERO)

    def __lt__(self, other: Lot) -> bool:
        """First in, first out: by exercise date, then grant date, then file order."""
        return self.sequence < other.sequence

    @property
    def sequence(self) -> tuple[date, date, int]:
        """What first in, first out goes by."""
        return (self.exercise_date, self.grant_date, self.order)

    def available(self, day: date) -> bool:
        """Whether its shares could be sold that day: some are left, and they have vested."""
        return self.shares > 0 and (self.vested is None or self.vested <= day)

    def split(self, new: Decimal, old: Decimal) -> None:
        """A stock split: more or fewer shares, at a price and value per share to match; totals and dates stay."""
        ratio = Fraction(new) / Fraction(old)
        exact = (Fraction(self.shares) + self.beyond) * ratio if self.shares else Fraction(0)
        shares = as_decimal(exact)
        self.shares = shares if Fraction(shares) == exact else shares.quantize(SMALLEST_SHARE, context=WIDE)
        self.beyond = exact - Fraction(self.shares)
        price, fmv = self.per_share or (Fraction(self.exercise_price), Fraction(self.fmv))
        self.per_share = price / ratio, fmv / ratio
        self.cost_each /= ratio
        self.exercise_price, self.fmv = (as_decimal(one) for one in self.per_share)

    @property
    def exchanged(self) -> bool:
        """Whether a stock swap exchanged older shares for these: no spread, and their holding period."""
        return not self.spread and self.held_from < self.exercise_date

    def part_of(self, wanted: Decimal) -> Decimal:
        """How many of the shares wanted it can give: all of them where it has as many but for dust."""
        return wanted if abs(self.shares - wanted) <= slack(wanted) else min(wanted, self.shares)

    def take(self, shares: Decimal) -> Shares:
        """Take shares out of the lot, each total in proportion; what stays and what goes add up exactly."""
        held = shares if abs(self.shares - shares) <= slack(shares) else self.shares
        paid, amt_paid, spread, amt_spread = (
            portion(total, shares, held) for total in (self.paid, self.amt_paid, self.spread, self.amt_spread)
        )
        included = ZERO if self.already_included else over(amt_spread, ZERO)
        taken = Shares(
            exercise=self.exercise,
            owner=self.owner,
            corporation=self.corporation,
            grant_date=self.grant_date,
            exercise_date=self.exercise_date,
            shares=shares,
            paid=paid,
            amt_paid=amt_paid,
            spread=over(spread, ZERO),
            included=included,
            own_from=self.own_from,
            held_from=self.held_from,
            amt_held_from=self.amt_held_from,
            vested=self.vested,
            exercise_price=self.exercise_price,
            fmv=self.fmv,
        )
        self.shares = held - shares
        self.paid -= paid
        self.amt_paid -= amt_paid
        self.spread -= spread
        self.amt_spread -= amt_spread
        return taken


def family(one: Exercise | Lot) -> tuple[str, str, date, date, Decimal]:
    """What makes entries of a file one exercise: owner, stock, grant, day and price per share as the file counts it.

    carryforward.yaml writes an exercise in several entries where its shares differ in history; they stay one block.
    Keys are compared between exercises, or between lots after the same splits, never across the two.
    """
    return one.owner, one.corporation.casefold(), one.grant_date, one.exercise_date, one.exercise_price


Place = tuple[tuple[date, date, int], int]


@dataclass(slots=True)
class Queue:
    """The lots of one account in the order they came in; exhausted ones at the head are passed over for good.

    Shares that have not vested wait apart, by the day they vest, so that a sale does not pass over them each time.
    Sales must be asked for in the order of their days.
    """

    ready: list[tuple[Place, Lot]] = field(default_factory=list)
    waiting: list[tuple[date, Place, Lot]] = field(default_factory=list)
    head: int = 0
    added: int = 0

    def first(self, day: date) -> Lot | None:
        """The first lot with shares that could be sold that day."""
        while self.waiting and self.waiting[0][0] <= day:
            _, place, lot = heappop(self.waiting)
            self._line_up(place, lot)
        while self.head < len(self.ready) and not self.ready[self.head][1].shares:
            self.head += 1
        if self.head == len(self.ready):
            return None
        lot = self.ready[self.head][1]
        return self._lowest_basis(lot, day) if lot.exchanged else lot

    def _lowest_basis(self, first: Lot, day: date) -> Lot:
        """Of the pieces of one exercise, the one that an early sale after a stock swap takes first."""
        others = (lot for _, lot in self.ready[self.head :])
        same = takewhile(lambda lot: lot.sequence[:2] == first.sequence[:2], others)
        return in_order((lot for lot in same if lot.available(day)), day)[0]

    def add(self, lot: Lot) -> None:
        """Put a lot in its place: by first in, first out, then in the order added."""
        self.added += 1
        place = (lot.sequence, self.added)
        if lot.vested is None:
            self._line_up(place, lot)
        else:
            heappush(self.waiting, (lot.vested, place, lot))

    def _line_up(self, place: Place, lot: Lot) -> None:
        if not self.ready or self.ready[-1][0] < place:
            self.ready.append((place, lot))
        else:
            insort(self.ready, (place, lot))
            self.head = min(self.head, bisect_left(self.ready, (place, lot)))

    def lots(self) -> list[Lot]:
        """All of them in order, those sold out included."""
        found = [*self.ready, *((place, lot) for _, place, lot in self.waiting)]
        return [lot for _, lot in sorted(found, key=lambda one: one[0])]


@dataclass(slots=True)
class Pool:
    """The lots of one owner in one corporation."""

    queues: dict[str | None, Queue] = field(default_factory=dict)
    by_exercise: dict[str, list[Lot]] = field(default_factory=dict)
    by_date: dict[date, list[Lot]] = field(default_factory=dict)

    def add(self, lot: Lot) -> None:
        """Put a lot into the pool."""
        self.queues.setdefault(lot.account, Queue()).add(lot)
        self.by_exercise.setdefault(lot.exercise, []).append(lot)
        self.by_date.setdefault(lot.exercise_date, []).append(lot)

    def lots(self) -> Iterator[Lot]:
        """All lots, those sold out included."""
        for queue in self.queues.values():
            yield from queue.lots()

    def _queues(self, account: str | None) -> Iterable[Queue]:
        if account is None:
            return self.queues.values()
        return [queue for name, queue in self.queues.items() if name in (None, account)]

    def first_in(self, account: str | None, day: date) -> Lot | None:
        """The next lot by first in, first out."""
        heads = [lot for queue in self._queues(account) if (lot := queue.first(day))]
        return min(heads) if heads else None

    def acquired_on(self, sale: Sale) -> tuple[list[Lot], str]:
        """The lots of the exercise whose date is box 1b and which has the shares, and the rule that chose it.

        Of several that day, the one whose price × shares is box 1e, else the earliest grant (`acquired_grant`). What
        was exercised on one day under one grant at one price is one exercise, also where it is carried on in several
        entries; where none of them has the shares, all under one grant are.
        """
        if not isinstance(sale.acquired, date):
            return [], ""
        that_day = [lot for lot in self.by_date.get(sale.acquired, ()) if _same_account(lot.account, sale.account)]
        fitting = _fitting(_grouped(that_day, lambda lot: (lot.grant_date, lot.exercise_price)), sale)
        fitting = fitting or _fitting(_grouped(that_day, lambda lot: lot.grant_date), sale)
        if len(fitting) <= 1:
            return (fitting[0], "acquired") if fitting else ([], "")
        shown = sale.basis
        cost = [lots for lots in fitting if shown is not None and _costs(lots[0], sale.shares, shown)]
        if len(cost) == 1:
            return cost[0], "acquired"
        return min(fitting, key=lambda lots: lots[0].sequence[1:]), "acquired_grant"


def in_order(lots: Iterable[Lot], day: date) -> list[Lot]:
    """Lots of one exercise in the order in which a sale that day takes them.

    Those that can be sold come first. An early sale after a stock swap takes those of lowest basis first (Treas. Reg.
    1.422-5(b)).
    """
    held = [lot for lot in lots if lot.shares]
    swapped = any(lot.exchanged and day < first_qualifying_day(lot.grant_date, lot.exercise_date) for lot in held)
    return sorted(
        held, key=lambda lot: (not lot.available(day), lot.paid / lot.shares if swapped else ZERO, lot.sequence)
    )


def _grouped(lots: Iterable[Lot], key: Callable[[Lot], object]) -> list[list[Lot]]:
    groups: dict[object, list[Lot]] = {}
    for lot in lots:
        groups.setdefault(key(lot), []).append(lot)
    return list(groups.values())


def _fitting(groups: Iterable[list[Lot]], sale: Sale) -> list[list[Lot]]:
    return [lots for lots in groups if _available(lots, sale.sold) >= sale.shares - slack(sale.shares)]


def _costs(lot: Lot, shares: Decimal, shown: Decimal) -> bool:
    return abs(lot.exercise_price * shares - shown) <= HALF_DOLLAR


def _same_account(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other


def _available(lots: Iterable[Lot], day: date) -> Decimal:
    return sum((lot.shares for lot in lots if lot.available(day)), ZERO)


@dataclass(frozen=True, slots=True)
class Taken:
    """Shares that a sale took from a lot, and the rule that chose it."""

    lot: Lot
    shares: Shares
    chosen_by: str


def take(pool: Pool, sale: Sale) -> tuple[list[Taken], Decimal]:
    """Take a sale's shares out of the pool; also how many shares there were no lots for."""
    if sale.lots:
        named = [(pool.by_exercise.get(part.exercise, []), part.shares) for part in sale.lots]
        return _take_named(named, sale, "lots")
    lots, rule = pool.acquired_on(sale)
    if lots:
        return _take_named([(lots, sale.shares)], sale, rule)
    return _take_first_in(pool, sale)


def _take_named(wanted: Iterable[tuple[list[Lot], Decimal]], sale: Sale, rule: str) -> tuple[list[Taken], Decimal]:
    taken, missing = [], ZERO
    for lots, number in wanted:
        left = number
        for lot in in_order(lots, sale.sold):
            if left > slack(number) and (lot.available(sale.sold) or rule == "lots"):
                part = lot.part_of(left)
                taken.append(Taken(lot, lot.take(part), rule))
                left -= part
        missing += left if left > slack(number) else ZERO
    return taken, missing


def _take_first_in(pool: Pool, sale: Sale) -> tuple[list[Taken], Decimal]:
    taken, left = [], sale.shares
    while left > slack(sale.shares) and (lot := pool.first_in(sale.account, sale.sold)):
        part = lot.part_of(left)
        taken.append(Taken(lot, lot.take(part), "fifo"))
        left -= part
    return taken, left if left > slack(sale.shares) else ZERO
