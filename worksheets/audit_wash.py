"""Possible wash sales: shares got within 30 days of a sale at a loss, and no word on whether they replaced any.

Sources: IRC 1091; Publication 550, Wash Sales (a spouse's purchases count; shares bought are matched with an equal
number sold); Rev. Rul. 56-602 (the rest of the block that was sold from is no replacement); IRC 422(c)(2)(B) (the cap
on pay is lost). That the AMT book follows is reasoned from Merlo v. Commissioner, 126 T.C. No. 10, and decided nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from worksheets.audit_desk import Desk, Got, RowView, row_finding
from worksheets.audit_whatif import with_sale
from worksheets.audit_words import count, listed, money
from worksheets.f8949 import HALF_DOLLAR
from worksheets.findings import ASK_OWNER, NO_REMEDY, NOTE, WARNING, Finding
from worksheets.form import ZERO, over
from worksheets.iso import DISQUALIFYING, SAME_YEAR, Disposition

WINDOW = 30
SMALLEST = Decimal("0.000001")  # of a share: what division leaves behind
EARLY = frozenset({DISQUALIFYING, SAME_YEAR})
CITE = "IRC 1091, 422(c)(2)(B); Publication 550, Wash Sales"
CITE_AMT = "IRC 1091, 56(b)(3); Merlo v. Commissioner, 126 T.C. No. 10"


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


def other_shares(view: RowView) -> Iterator[tuple[Got, Decimal]]:
    """Shares of other lots got within 30 days, counted as on the day of the sale; those sold that day left out."""
    sold = view.sale.sold
    own = {part.lot.exercise for part in view.slices}
    for got in view.desk.got_near(view.sale.corporation, sold, WINDOW):
        if got.exercise in own and got.exercise:
            continue
        ratio = view.desk.ratio
        splits = ratio(view.sale.corporation, got.day, sold) / ratio(view.sale.corporation, sold, got.day)
        number = (got.shares - _gone_that_day(view, got)) * splits
        if number > SMALLEST:
            yield got, number


def _gone_that_day(view: RowView, got: Got) -> Decimal:
    """Shares that left on the day of the sale: they replace nothing. Counted as on the day they were got."""
    sold = view.sale.sold
    if got.exercise:
        return view.desk.gone_by(got.exercise, sold) - view.desk.gone_by(got.exercise, sold - timedelta(days=1))
    itself = not view.sale.is_iso and got.day in (view.sale.acquired, view.sale.correct_acquired)
    return view.sale.shares if itself else ZERO


def own_shares(view: RowView) -> Decimal:
    """What is left, after the sale, of the exercises sold from, where they lie within 30 days."""
    found = ZERO
    for name in {part.lot.exercise for part in view.slices if part.lot.exercise}:
        exercise = view.desk.exercises[name]
        if abs((view.sale.sold - exercise.exercise_date).days) <= WINDOW:
            found += over(exercise.shares, view.desk.gone_by(name, view.sale.sold))
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


def _asked(
    view: RowView,
    code: str,
    loss_of: Callable[[Disposition], Decimal],
    words: Callable[[RowView, Answer], str],
    cite: str,
) -> Iterator[Finding]:
    if view.says("disposition") or not _loses(view, loss_of):
        return
    others = list(other_shares(view))
    matched = sum((part.shares for part in view.slices), ZERO)
    if others or view.sale.wash_sale_disallowed:
        number = sum((shares for _, shares in others), ZERO) or matched
        found = answer(view, min(number, matched))
        again = code.startswith("amt") and _loses(view, regular_loss)
        effect = "" if again else _effect(view, found, others)
        message = f"{_why(view, others)} {words(view, found)} {effect}"
        yield view.finding(code, WARNING, ASK_OWNER, message.strip(), cite=cite, details=_details(found))
    elif left := own_shares(view):
        yield _same_block(view, code, left)


@row_finding
def wash_sale_outside(view: RowView) -> Iterable[Finding]:
    """A disallowed loss that no lot of the file takes over: what replaced the shares was bought elsewhere."""
    placed = view.desk.index("replaced_outside", _outside)
    regular, amt = placed.get(view.sale.id, (ZERO, ZERO))
    if not (regular or amt):
        return
    message = (
        f"The wash sale's loss goes into the basis of the shares that replaced those sold, and no lot of this file has "
        f"room for it: add {money(regular)} to their basis and {money(amt)} to their AMT basis, and count their "
        "holding period from that of the shares sold. Where they are an exercise of this file, name it: replacement."
    )
    details: dict[str, Decimal | str] = {"regular": regular, "amt": amt}
    cite = "IRC 1091(d), 1223(3)"
    yield view.finding("wash_sale_outside", NOTE, NO_REMEDY, message, cite=cite, details=details)


def _outside(desk: Desk) -> dict[str, tuple[Decimal, Decimal]]:
    """What was replaced outside the file, by sale: the loss in each book, dollars."""
    found: dict[str, tuple[Decimal, Decimal]] = {}
    for sale, regular, amt in desk.ledger.replaced_outside:
        before = found.get(sale, (ZERO, ZERO))
        found[sale] = (before[0] + regular, before[1] + amt)
    return found


def _loses(view: RowView, loss_of: Callable[[Disposition], Decimal]) -> bool:
    return sum((loss_of(part) for part in view.slices), ZERO) > HALF_DOLLAR


def _why(view: RowView, others: list[tuple[Got, Decimal]]) -> str:
    if not others:
        return "Box 1g shows a wash sale, and the row does not say how the shares left."
    names = listed(f"{count(shares)} on {got.day} ({got.name})" for got, shares in others)
    got = f"Shares of this stock were got within {WINDOW} days of the sale on {view.sale.sold}: {names}."
    return f"{got} Did they replace shares sold?"


def _regular_words(view: RowView, found: Answer) -> str:
    now = sum((part.law_pay for part in view.slices), ZERO)
    pay = f"pay is {money(found.pay)} instead of {money(now)}, without the cap, and " if found.pay != now else ""
    return (
        f"If so (disposition: wash_sale, replaced_shares: {count(found.replaced)}), {pay}a loss of "
        f"{money(found.disallowed)} is not allowed and goes into the basis of the new shares. If not "
        "(disposition: sale), the rows stand as they are."
    )


def _amt_words(view: RowView, found: Answer) -> str:
    now = sum((amt_loss(part) for part in view.slices), ZERO)
    return (
        f"The AMT book has a loss of {money(now)}. If so (disposition: wash_sale, replaced_shares: "
        f"{count(found.replaced)}), {money(found.amt_disallowed)} of AMT loss is not allowed and goes into the AMT "
        "basis of the new shares. If not (disposition: sale), the rows stand as they are."
    )


def _effect(view: RowView, found: Answer, others: list[tuple[Got, Decimal]]) -> str:
    """What the answer does to the tax of a whole year, pay on Forms W-2 as it stands."""
    if not view.whole or not view.desk.what_if.possible:
        return ""
    exercises = [got.exercise for got, _ in others]
    replacement = exercises[0] if len(exercises) == 1 and exercises[0] else None
    what_if = view.desk.what_if
    facts: dict[str, Any] = {"replaced_shares": found.replaced, "replacement": replacement}
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
