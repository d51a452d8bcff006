"""Possible wash sales: shares got within 30 days of a sale at a loss, and no word on whether they replaced any.

Sources: IRC 1091; Publication 550, Wash Sales (a spouse's purchases count; shares bought are matched with an equal
number sold, in order); Rev. Rul. 56-602 (the rest of the block that was sold from is no replacement); IRC 422(c)(2)(B)
(the cap on pay is lost). That the AMT book follows is reasoned from Merlo v. Commissioner, 126 T.C. No. 10, and decided
nowhere.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from worksheets.audit_desk import Desk, Got, RowView, row_finding
from worksheets.audit_whatif import with_sale
from worksheets.audit_words import count, listed, money
from worksheets.f8949 import HALF_DOLLAR
from worksheets.findings import ASK_OWNER, NO_REMEDY, NOTE, WARNING, Finding
from worksheets.form import ZERO, over
from worksheets.iso import DISQUALIFYING, SAME_YEAR, Disposition
from worksheets.lots import family

WINDOW = 30
SMALLEST = Decimal("0.000001")  # of a share: what division leaves behind
EARLY = frozenset({DISQUALIFYING, SAME_YEAR})
CITE = "IRC 1091, 422(c)(2)(B); Publication 550, Wash Sales"
CITE_AMT = "IRC 1091, 56(b)(3); Merlo v. Commissioner, 126 T.C. No. 10"
Near = list[tuple[Got, Decimal, Decimal]]
LossOf = Callable[[Disposition], Decimal]
Words = Callable[[RowView, "Answer", str], str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the law gives if so many shares were replaced: pay, and the loss not allowed in each book, dollars."""

    replaced: Decimal
    pay: Decimal
    disallowed: Decimal
    amt_disallowed: Decimal


def regular_loss(part: Disposition) -> Decimal:
    """The loss that a wash sale would take away: a regular loss, or what the cap on pay saved (dollars)."""
    if part.how != "sale" or part.regular.disallowed:
        return ZERO
    capped = over(part.uncapped_pay, part.law_pay) if part.kind in EARLY else ZERO
    return over(ZERO, part.regular.gain) + capped


def amt_loss(part: Disposition) -> Decimal:
    """The loss in the AMT book, dollars."""
    return over(ZERO, part.amt.gain) if part.how == "sale" and not part.amt.disallowed else ZERO


class Matched:
    """Shares got that replace shares sold at a loss in one book: each of them one, in the order of the sales.

    Source: Treas. Reg. 1.1091-1(b) to (d). Rows that answer (disposition) count as they answer, others as if they did.
    Used shares are counted as on the day they were got.
    """

    def __init__(self, desk: Desk, loss_of: LossOf) -> None:
        self.desk = desk
        self.loss_of = loss_of
        self.near = desk.index("got_near_sales", lambda _desk: dict[tuple[str, date], Near]())
        self.used: dict[int, tuple[list[tuple[date, int]], list[Decimal]]] = {}
        for view in sorted(desk.views(), key=lambda one: (one.sale.sold, one.place)):
            self._use(view, _replaceable(view, loss_of))

    def _use(self, view: RowView, wanted: Decimal) -> None:
        for got, free, splits in self._free(view) if wanted else ():
            if wanted <= 0:
                break
            if _answered_with(view, got):
                number = min(wanted, free)
                wanted -= number
                places, totals = self.used.setdefault(id(got), ([], []))
                places.append((view.sale.sold, view.place))
                totals.append((totals[-1] if totals else ZERO) + number / splits)

    def _used_before(self, got: Got, view: RowView) -> Decimal:
        places, totals = self.used.get(id(got), ([], []))
        before = bisect_left(places, (view.sale.sold, view.place))
        return totals[before - 1] if before else ZERO

    def _near(self, view: RowView) -> Iterator[tuple[Got, Decimal, Decimal]]:
        """Shares got within 30 days, how many of them left on the day of the sale, and their splits until then."""
        sale = view.sale
        key = (sale.corporation.casefold(), sale.sold)
        if key not in self.near:
            self.near[key] = list(_with_gone(self.desk, *key))
        bought, day = ZERO if sale.is_iso else sale.shares, sale.correct_acquired or sale.acquired
        for got, gone, splits in self.near[key]:
            sold = min(got.shares, bought / splits) if got.day == day and not got.exercise else ZERO
            bought -= sold * splits
            yield got, gone + sold, splits

    def _free(self, view: RowView) -> Iterator[tuple[Got, Decimal, Decimal]]:
        """Shares that can replace those of a row; what left that day may be what was used before, and counts once."""
        for got, gone, splits in self._near(view):
            free = (got.shares - max(gone, self._used_before(got, view))) * splits
            most = self._of_other_lots(view, got.exercise)
            number = free if most is None else min(free, most)
            if number > SMALLEST:
                yield got, number, splits

    def _of_other_lots(self, view: RowView, exercise: str) -> Decimal | None:
        """How many shares the rest of an exercise can replace: those of other lots; None where the row sells none.

        The rest of a block replaces nothing of that block (Rev. Rul. 56-602), but it can replace shares of another.
        """
        others = [part for part in view.slices if not _is_one(self.desk, part.lot.exercise, exercise)]
        if len(others) == len(view.slices):
            return None
        return sum((part.shares for part in others if part.how == "wash_sale" or self.loss_of(part) > 0), ZERO)

    def others(self, view: RowView) -> list[tuple[Got, Decimal]]:
        """Shares of other lots got within 30 days that are free to replace those sold, counted as on that day."""
        return [(got, number) for got, number, _ in self._free(view)]


def _is_one(desk: Desk, one: str, other: str) -> bool:
    """Whether two entries of the case are one exercise, which a file carried on may hold in several."""
    families = desk.index("families", lambda desk: {name: family(entry) for name, entry in desk.exercises.items()})
    return bool(one and other) and families.get(one) == families.get(other)


def _answered_with(view: RowView, got: Got) -> bool:
    """Whether a row may use shares: one that answers, those it names, or without a name none that is an exercise."""
    if view.sale.disposition != "wash_sale":
        return True
    named = view.sale.replacement or ""
    return got.exercise == named or _is_one(view.desk, got.exercise, named)


def _with_gone(desk: Desk, corporation: str, sold: date) -> Iterator[tuple[Got, Decimal, Decimal]]:
    """What came in within 30 days of a day, how much of it left on that day (it replaces nothing), its splits."""
    for got in desk.got_near(corporation, sold, WINDOW):
        splits = desk.ratio(corporation, got.day, sold) / desk.ratio(corporation, sold, got.day)
        name = got.exercise
        gone = desk.gone_by(name, sold) - desk.gone_by(name, sold - timedelta(days=1)) if name else ZERO
        yield got, gone, splits


def _replaceable(view: RowView, loss_of: LossOf) -> Decimal:
    """How many shares of a row may be replaced: as many as it says, or all where it has a loss and says nothing."""
    if view.sale.disposition == "wash_sale":
        return view.sale.shares if view.sale.replaced_shares is None else view.sale.replaced_shares
    if view.says("disposition") or not _loses(view, loss_of):
        return ZERO
    return sum((part.shares for part in view.slices), ZERO)


def own_shares(view: RowView, loss_of: LossOf) -> Decimal:
    """What is left, after the sale, of the exercises sold from at a loss, where they lie within 30 days."""
    found, own = ZERO, {part.lot.exercise for part in view.slices if loss_of(part)}
    for got in view.desk.got_near(view.sale.corporation, view.sale.sold, WINDOW):
        if any(_is_one(view.desk, got.exercise, name) for name in own):
            found += over(got.shares, view.desk.gone_by(got.exercise, view.sale.sold))
    return found if found > SMALLEST else ZERO


def answer(view: RowView, replaced: Decimal) -> Answer:
    """The law's figures if so many shares were replaced, the first ones sold first."""
    left, pay, regular, amt = replaced, ZERO, ZERO, ZERO
    for part in view.slices:
        number = min(left, part.shares)
        left -= number
        share = number / part.shares
        most = part.uncapped_pay if part.kind in EARLY else ZERO
        pay += part.law_pay + share * over(most, part.law_pay)
        regular += share * over(part.lot.paid + most, part.proceeds)
        same_book = part.lot.amt_paid + most - part.proceeds if part.kind == SAME_YEAR else -part.amt.gain
        amt += share * over(same_book, ZERO)
    return Answer(replaced, pay, regular, amt)


@row_finding
def wash_sale_possible(view: RowView) -> Iterable[Finding]:
    """A regular loss, or an early sale below its value at exercise, with shares got within 30 days."""
    yield from _asked(view, "wash_sale_possible", regular_loss, _regular_words, CITE)


@row_finding
def amt_wash_sale_possible(view: RowView) -> Iterable[Finding]:
    """The same for a loss in the AMT book."""
    yield from _asked(view, "amt_wash_sale_possible", amt_loss, _amt_words, CITE_AMT)


def _asked(view: RowView, code: str, loss_of: LossOf, words: Words, cite: str) -> Iterator[Finding]:
    if view.says("disposition") or not _loses(view, loss_of):
        return
    others = view.desk.index(f"matched for {code}", lambda desk: Matched(desk, loss_of)).others(view)
    matched = sum((part.shares for part in view.slices), ZERO)
    if others or view.sale.wash_sale_disallowed:
        number = sum((shares for _, shares in others), ZERO) or matched
        found = answer(view, min(number, matched))
        key = _replacement(view, found, others)
        again = code.startswith("amt") and _loses(view, regular_loss)
        effect = "" if again else _effect(view, found, key)
        message = f"{_why(view, others)} {words(view, found, _keys(found, key))} {effect}"
        yield view.finding(code, WARNING, ASK_OWNER, message.strip(), cite=cite, details=_details(found))
    elif left := own_shares(view, loss_of):
        yield _same_block(view, code, left)


def _replacement(view: RowView, found: Answer, others: list[tuple[Got, Decimal]]) -> str | None:
    """What `replacement` says in an answer: an exercise, "" for shares bought elsewhere; None where one key cannot.

    Shares got first replace first (Treas. Reg. 1.1091-1(c)).
    """
    exercises = {got.exercise for got, _ in others if got.exercise}
    if not exercises:
        return ""
    first = others[0][0]
    same = [number for got, number in others if got is first or _is_one(view.desk, got.exercise, first.exercise)]
    named = any(_is_one(view.desk, part.exercise, first.exercise) for part in view.sale.lots)
    return None if named or sum(same, ZERO) < found.replaced else first.exercise


def _keys(found: Answer, replacement: str | None) -> str:
    """The keys of an answer, as the case file takes them."""
    keys = f"disposition: wash_sale, replaced_shares: {found.replaced.normalize():f}"
    if replacement is None:
        return f"{keys}; one row for what each exercise replaced, with replacement naming it"
    return f"{keys}, replacement: {replacement}" if replacement else keys


@row_finding
def wash_sale_outside(view: RowView) -> Iterable[Finding]:
    """A disallowed loss that no lot of the file takes over: what replaced the shares was bought elsewhere."""
    placed = view.desk.index("replaced_outside", _outside)
    regular, amt = placed.get(view.sale.id, (ZERO, ZERO))
    if not (regular or amt):
        return
    words, severity, remedy = (_no_room, WARNING, ASK_OWNER) if view.sale.replacement else (_elsewhere, NOTE, NO_REMEDY)
    message = words(view, money(regular), money(amt))
    details: dict[str, Decimal | str] = {"regular": regular, "amt": amt}
    yield view.finding("wash_sale_outside", severity, remedy, message, cite="IRC 1091(d), 1223(3)", details=details)


def _elsewhere(_view: RowView, regular: str, amt: str) -> str:
    """Where the loss goes when what replaced the shares was got outside the file."""
    return (
        f"The wash sale's loss goes into the basis of the shares that replaced those sold, and no lot of this file has "
        f"room for it: add {regular} to their basis and {amt} to their AMT basis, and count their "
        "holding period from that of the shares sold. Where they are an exercise of this file, name it: replacement."
    )


def _no_room(view: RowView, regular: str, amt: str) -> str:
    """What to ask when the exercise named has too few shares left that replace none yet."""
    named = view.sale.replacement
    return (
        f"{named}, named as replacement, has no shares to take {regular} of the loss not allowed ({amt} in the AMT "
        "book): each share replaces one, and shares sold before this sale take none up. Where its shares were too few, "
        f"that part of the loss is allowed unless others were got within {WINDOW} days: lower replaced_shares (or say "
        "disposition: sale), or give what the others replaced a row of its own. Where they were sold before, the loss "
        "belongs in the basis of that earlier sale."
    )


def _outside(desk: Desk) -> dict[str, tuple[Decimal, Decimal]]:
    """What was replaced outside the file, by sale: the loss in each book, dollars."""
    found: dict[str, tuple[Decimal, Decimal]] = {}
    for sale, regular, amt in desk.ledger.replaced_outside:
        before = found.get(sale, (ZERO, ZERO))
        found[sale] = (before[0] + regular, before[1] + amt)
    return found


def _loses(view: RowView, loss_of: LossOf) -> bool:
    return sum((loss_of(part) for part in view.slices), ZERO) > HALF_DOLLAR


def _why(view: RowView, others: list[tuple[Got, Decimal]]) -> str:
    if not others:
        return "Box 1g shows a wash sale, and the row does not say how the shares left."
    names = listed(f"{count(shares)} on {got.day} ({got.name})" for got, shares in others)
    got = f"Shares of this stock were got within {WINDOW} days of the sale on {view.sale.sold}: {names}."
    return f"{got} Did they replace shares sold?"


def _regular_words(view: RowView, found: Answer, keys: str) -> str:
    now = sum((part.law_pay for part in view.slices), ZERO)
    pay = f"pay is {money(found.pay)} instead of {money(now)}, without the cap, and " if found.pay != now else ""
    return (
        f"If so ({keys}), {pay}a loss of {money(found.disallowed)} is not allowed and goes into the basis of the new "
        "shares. If not (disposition: sale), the rows stand as they are."
    )


def _amt_words(view: RowView, found: Answer, keys: str) -> str:
    now = sum((amt_loss(part) for part in view.slices), ZERO)
    return (
        f"The AMT book has a loss of {money(now)}. If so ({keys}), {money(found.amt_disallowed)} of AMT "
        "loss is not allowed and goes into the AMT basis of the new shares. If not (disposition: sale), the rows stand "
        "as they are."
    )


def _effect(view: RowView, found: Answer, replacement: str | None) -> str:
    """What the answer does to the tax of a whole year, pay on Forms W-2 as it stands."""
    if replacement is None or not view.whole or not view.desk.what_if.possible:
        return ""
    what_if = view.desk.what_if
    facts: dict[str, Any] = {"replaced_shares": found.replaced, "replacement": replacement or None}
    case = with_sale(what_if.pay_as_shown, view.place, disposition="wash_sale", **facts)
    effect = what_if.effect(case, what_if.as_it_is)
    return "" if effect is None else f"If so: {effect.words(view.year)}"


def _details(found: Answer) -> dict[str, Decimal | str]:
    return {
        "replaced_shares": found.replaced,
        "pay_if_replaced": found.pay,
        "disallowed_if_replaced": found.disallowed,
        "amt_disallowed_if_replaced": found.amt_disallowed,
    }


def _same_block(view: RowView, code: str, left: Decimal) -> Finding:
    message = (
        f"{count(left)} shares of the same exercise, also got within 30 days of the sale, are still held. A sale of "
        "part of one block is not taken as a wash sale; only other shares got in these days would make it one."
    )
    return view.finding(code, NOTE, ASK_OWNER, message, cite="Rev. Rul. 56-602; IRC 1091")
