"""The other boxes of Form 1099-B against the lots: term, checkboxes, dates, expenses, wash sales.

Sources: Form 8949 instructions, columns (b) and (g), codes T, E and W; Form 1099-B boxes 1b, 1g, 2, 5 and 12.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from worksheets.audit_choice import together
from worksheets.audit_desk import Got, RowView, row_finding
from worksheets.audit_lots import LEAVE_ACCOUNT_OUT, is_of_another_account
from worksheets.audit_market import sold_already
from worksheets.audit_words import count, days, listed, money
from worksheets.f8949 import HALF_DOLLAR
from worksheets.findings import ADJUST_8949, ASK_BROKER, ASK_OWNER, CORRECTED, WARNING, Finding
from worksheets.form import ZERO
from worksheets.holding import first_long_term_day
from worksheets.iso import DISQUALIFYING, SAME_YEAR, Disposition, capital_held_from

WORDS = {"short": "short-term", "long": "long-term", "ordinary": "ordinary"}


@row_finding
def wrong_term(view: RowView) -> Iterable[Finding]:
    """Box 2 differs from the right term of at least one slice."""
    shown = view.sale.term
    wrong = [part for part in view.listed if part.regular.term != shown]
    if shown is None or not view.has_form or not wrong:
        return
    right = listed(sorted({part.regular.term for part in view.listed}))
    if shown == "ordinary" and not view.sale.is_iso:
        yield _ordinary_elsewhere(view, right)
        return
    since = ". ".join(_since(wrong))
    known = all(_broker_knows(part) for part in wrong)
    message = f"Box 2 says {WORDS[shown]}. {since}. {_code_t(view)}{view.entry}"
    remedy = ASK_BROKER if known else ADJUST_8949
    cite = "IRC 1222; Form 8949 instructions, code T"
    yield view.finding("wrong_term", CORRECTED, remedy, message, cite=cite, reported=shown, correct=right)


def _since(parts: Iterable[Disposition]) -> Iterator[str]:
    """From which day on slices were long-term: a sentence for each day and term."""
    found: dict[tuple[date, str], list[Disposition]] = {}
    for part in parts:
        first = first_long_term_day(capital_held_from(part.lot, early=part.kind in {DISQUALIFYING, SAME_YEAR}))
        found.setdefault((first, part.regular.term), []).append(part)
    for (first, term), same in found.items():
        names = listed(part.lot.exercise for part in same)
        shares = f"shares of {names}" if names else "these shares"
        yield f"For {shares} a sale is long-term from {first} on: sold {same[0].sold}, they are {WORDS[term]}"


def _broker_knows(part: Disposition) -> bool:
    """Whether the holding period runs from the exercise, so that the broker can tell the term."""
    lot = part.lot
    return lot.held_from == lot.exercise_date and (lot.vested is None or part.kind not in {DISQUALIFYING, SAME_YEAR})


def _code_t(view: RowView) -> str:
    return "Code T says so. " if any("T" in (row.f or "") for row in view.rows) else ""


def _ordinary_elsewhere(view: RowView, right: str) -> Finding:
    message = (
        f"Box 2 says ordinary for a row that is no option stock; it is worked as {WORDS.get(right, right)} capital "
        "gain or loss. What was sold? If the income is ordinary, take the row out and report it as such."
    )
    cite = "Form 8949 instructions, code T"
    return view.finding("wrong_term", WARNING, ASK_OWNER, message, cite=cite, reported="ordinary", correct=right)


@row_finding
def wrong_box(view: RowView) -> Iterable[Finding]:
    """Box 12 is checked together with box 5, or without a basis in box 1e."""
    sale = view.sale
    if not view.has_form or not sale.basis_reported:
        return
    if sale.noncovered:
        what = "Boxes 5 (noncovered) and 12 (basis reported to the IRS) are both checked"
    elif sale.basis is None:
        what = "Box 12 (basis reported to the IRS) is checked, but box 1e is empty"
    else:
        return
    letters = listed(sorted({row.box for row in view.rows}))
    message = (
        f"{what}: which box of Form 8949 is right depends on which of them holds. The row is entered under box "
        f"{letters}. Ask the broker whether the basis was reported."
    )
    yield view.finding("wrong_box", WARNING, ASK_BROKER, message, cite="Form 8949 instructions, boxes A, B, D and E")


@row_finding
def wrong_acquired_date(view: RowView) -> Iterable[Finding]:
    """Box 1b is a date that is not the exercise date of the lots sold."""
    shown = view.sale.acquired
    if not view.has_form or not isinstance(shown, date):
        return
    right = set(_acquired(view))
    if right and right != {shown}:
        message = (
            f"Box 1b says {shown}. {_where_from(view, right)} Column (b) of Form 8949 takes {_column_b(right)}."
            f"{_perhaps(view, shown)}"
        )
        yield view.finding(
            "wrong_acquired_date",
            CORRECTED,
            ASK_BROKER,
            message,
            cite="Form 8949 instructions, column (b)",
            reported=shown.isoformat(),
            correct=days(right),
            details={"chosen_by": view.listed[0].chosen_by},
        )


def _acquired(view: RowView) -> Iterator[date]:
    for part in view.listed:
        if part.lot.exercise:
            yield part.lot.exercise_date
        elif isinstance(view.sale.correct_acquired, date):
            yield view.sale.correct_acquired


def _column_b(right: set[date]) -> str:
    return days(right) if len(right) == 1 else f"the date of each part: {days(right)}"


_CHOSEN = {
    "lots": "they were identified at the sale",
    "fifo": "first in, first out, since no exercise of that date had the shares",
}
SETTLING = 5  # days from a trade or an exercise until shares stand in an account, at most


def _perhaps(view: RowView, shown: date) -> str:
    """What box 1b may mean where first in, first out chose the lots: shares sold already, of a day nearby, or other."""
    if not view.sale.is_iso or any(part.chosen_by != "fifo" for part in view.listed):
        return ""
    if why := _passed_over(view):
        return why
    mine, got_near = {part.lot.exercise for part in view.listed}, view.desk.got_near
    if got := [one for one in got_near(view.sale.corporation, shown, 0) if not one.exercise]:
        names = listed(f"{count(one.shares)} ({one.name})" for one in got)
        return f" That day other shares of the stock were got: {names}. If those were sold, say kind: other."
    near = [got for got in got_near(view.sale.corporation, shown, SETTLING) if _own(view, got) and got.day < shown]
    others = [got for got in near if got.exercise not in mine]
    if others:
        names = listed(f"{got.exercise} of {got.day}" for got in others)
        return f" It lies a few days after the exercise {names}: if those shares were sold, name them under lots."
    if near:
        return " It looks like the day on which that exercise settled."
    return " If the shares came otherwise than by an option (RSU, ESPP, a purchase), say kind: other with their basis."


def _own(view: RowView, got: Got) -> bool:
    """Whether shares got are of an exercise of the row's owner, which it can name under lots."""
    return bool(got.exercise) and view.desk.exercises[got.exercise].owner == view.sale.owner


def _passed_over(view: RowView) -> str:
    """Why exercises of the date in box 1b were not taken: several have the shares, another account, too few left."""
    if several := together(view):
        names = listed(one.id for one in several)
        return f" {names}, exercised that day, have them together: if those were sold, name them all under lots."
    gone = sold_already(view)
    here = [name for name in gone if not is_of_another_account(view.desk.exercises[name], view.sale)]
    if gone and not here:
        return f" {listed(gone)}, exercised that day, is of another account. {LEAVE_ACCOUNT_OUT}".rstrip()
    if not here:
        return ""
    return (
        f" {listed(here)}, exercised that day, had not enough shares left for this row in this account: is the "
        "sale in the case twice, or is a Form 3921 or a split missing?"
    )


def _where_from(view: RowView, right: set[date]) -> str:
    if not view.sale.is_iso:
        return f"The shares were acquired on {days(right)}."
    names = listed(part.lot.exercise for part in view.listed)
    why = _CHOSEN.get(view.listed[0].chosen_by, "that is the exercise")
    return f"The shares sold came from {names}, exercised on {days(right)} ({why})."


@row_finding
def selling_expenses_omitted(view: RowView) -> Iterable[Finding]:
    """Selling expenses that box 1d has not already left out."""
    expenses = view.sale.selling_expenses
    if expenses <= 0 or not view.listed:
        return
    where = "Column (d) is net of them" if view.sale.form == "none" else "Code E takes them off in column (g)"
    yield view.finding(
        "selling_expenses_omitted",
        CORRECTED,
        ADJUST_8949,
        f"Proceeds of {money(view.sale.proceeds)} leave out selling expenses of {money(expenses)}. {where}; "
        f"they lower the amount realized, and with it the cap on pay. {view.entry}",
        cite="Form 8949 instructions, code E; IRC 1001(b)",
        reported=view.sale.proceeds,
        correct=view.sale.proceeds - expenses,
    )


def wash_disallowed(view: RowView) -> Decimal:
    """The loss that a wash sale disallows, as the rows have it."""
    return sum((part.regular.disallowed for part in view.listed if part.how != "related_party"), ZERO)


@row_finding
def wash_sale_mismatch(view: RowView) -> Iterable[Finding]:
    """Box 1g differs from the loss disallowed."""
    shown, right = view.sale.wash_sale_disallowed, wash_disallowed(view)
    if not view.has_form or abs(shown - right) <= HALF_DOLLAR:
        return
    less = " Attach a statement that explains the difference." if right < shown else ""
    if view.sale.is_iso and not right and not view.says("disposition"):
        less += " It is taken as no wash sale, because the row does not say what it was (disposition)."
    yield view.finding(
        "wash_sale_mismatch",
        CORRECTED,
        ADJUST_8949,
        f"Box 1g shows {money(shown)}; the loss not allowed is {money(right)}, worked with the right basis and the "
        f"shares that were replaced. {view.entry}{less}{_added(view, right)}",
        cite="IRC 1091; Form 8949 instructions, code W",
        reported=shown,
        correct=right,
    )


def _added(view: RowView, right: Decimal) -> str:
    """Where the loss goes when the shares that replaced those sold are not in the case."""
    if not right or view.sale.replacement is not None:
        return ""
    amt = sum((part.amt.disallowed for part in view.listed), ZERO)
    return f" Add {money(right)} to the basis of the shares that replaced them ({money(amt)} to their AMT basis)."
