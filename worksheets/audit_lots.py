"""Sales against the lots: shares that no lot has, stock without an exercise, a split that the case may lack.

Shares that no lot was found for stay out of the forms, which are then wrong until a person says what they were.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from worksheets.audit_desk import Desk, RowView, YearView, row_finding, year_finding
from worksheets.audit_words import count, each, listed, money
from worksheets.case import Exercise, Sale
from worksheets.findings import ASK_OWNER, ERROR, NO_REMEDY, NOTE, WARNING, Finding
from worksheets.form import ZERO, over

SPLITS = (2, 3, 4, 5, 10, 20)
LOOKED_AT = 50  # exercises, for those that a row passed by: enough to name, and no more work for many
OTHER_ACCOUNT = "of another account"
LEAVE_ACCOUNT_OUT = (
    "Where the account number on Form 3921 is not the broker's, leave account out of the exercise: the shares are then "
    "those of any account. "
)
LIKENESS = 3  # a price may differ so many times over and still fit


@row_finding
def shares_exceed_lots(view: RowView) -> Iterable[Finding]:
    """More shares sold than held."""
    excess = view.excess
    if not excess:
        return
    held = view.sale.shares - excess
    message = (
        f"The row sells {count(view.sale.shares)} shares; lots of that owner and account hold {count(held)}. "
        f"{count(excess)} shares stay out of the forms. {_unvested(view)}{_elsewhere(view)}Is a Form 3921 or a split "
        "missing, is the sale in the case twice, or are the shares no option stock (kind: other)?"
    )
    cite = "Publication 550, Identifying stock or bonds sold"
    yield view.finding(
        "shares_exceed_lots", ERROR, ASK_OWNER, message, cite=cite, reported=view.sale.shares, correct=held
    )


def _unvested(view: RowView) -> str:
    """Shares of that stock that had not vested on the day of the sale."""
    sale = view.sale
    waiting = [
        exercise
        for exercise in view.desk.index("vesting", _vesting).get((sale.owner, sale.corporation.casefold()), ())
        if exercise.exercise_date <= sale.sold and any(part.date > sale.sold for part in exercise.vesting)
    ]
    if not waiting:
        return ""
    names = listed(exercise.id for exercise in waiting)
    return f"Shares of {names} that vest after {sale.sold} are not taken unless the row names them under lots. "


def _vesting(desk: Desk) -> dict[tuple[str, str], list[Exercise]]:
    """Exercises with shares unvested at exercise, by owner and corporation."""
    found: dict[tuple[str, str], list[Exercise]] = {}
    for exercise in desk.case.exercises:
        if exercise.vesting:
            found.setdefault((exercise.owner, exercise.corporation.casefold()), []).append(exercise)
    return found


def _elsewhere(view: RowView) -> str:
    """Exercises of that stock that the row passed by: of the other owner, of another account, of a later day."""
    stock = view.desk.index("by_stock", _by_stock).get(view.sale.corporation.casefold(), [])
    taken = {part.lot.exercise for part in view.slices}  # the other owner's exercise, when its shares were handed over
    named = ((one, _passed_by(one, view.sale)) for one in stock[:LOOKED_AT] if one.id not in taken)
    passed = [(one, why) for one, why in named if why]
    few = f"Only the first {LOOKED_AT} of {len(stock)} exercises were looked at. " if len(stock) > LOOKED_AT else ""
    if not passed:
        return few
    told = listed(f"{one.id} ({why})" for one, why in passed)
    accounts = any(why == OTHER_ACCOUNT for _, why in passed)
    return f"Not counted: {told}. {few}{LEAVE_ACCOUNT_OUT if accounts else ''}"


def _passed_by(one: Exercise, sale: Sale) -> str:
    """Why an exercise of the stock sold is none that the row could take from; "" where it could."""
    if one.owner != sale.owner:
        return "the other owner's"
    if one.exercise_date > sale.sold:
        return f"exercised on {one.exercise_date}, after the sale"
    return OTHER_ACCOUNT if is_of_another_account(one, sale) else ""


def is_of_another_account(one: Exercise, sale: Sale) -> bool:
    """Whether an exercise and a sale both name an account, and not the same."""
    return None not in {one.account, sale.account} and one.account != sale.account


def _by_stock(desk: Desk) -> dict[str, list[Exercise]]:
    """Exercises by corporation."""
    found: dict[str, list[Exercise]] = {}
    for exercise in desk.case.exercises:
        found.setdefault(exercise.corporation.casefold(), []).append(exercise)
    return found


@row_finding
def no_matching_exercise(view: RowView) -> Iterable[Finding]:
    """An ISO row whose stock no exercise is of."""
    if view.sale.is_iso and view.sale.id in view.desk.index("unmatched", lambda desk: frozenset(desk.ledger.unmatched)):
        message = (
            f"No exercise in the case is of this stock, so the row, with proceeds of {money(view.sale.proceeds)}, "
            f"stays out of the forms. {view.desk.index('stocks', _stocks)}Add its Form 3921; or, if the shares are no "
            "option stock, say kind: other with the right basis."
        )
        yield view.finding("no_matching_exercise", ERROR, ASK_OWNER, message, cite="IRC 6039; Form 3921")


def _stocks(desk: Desk) -> str:
    """What the exercises are of, in case the stock of a row is only spelt otherwise."""
    names = listed(sorted({one.corporation for one in desk.case.exercises}))
    return f"The exercises are of {names}: if the row is of the same stock, name it alike. " if names else ""


@row_finding
def split_suspected(view: RowView) -> Iterable[Finding]:
    """Shares sold are a multiple of those held that splits have, and the price fits it."""
    held = view.sale.shares - view.excess
    if not view.excess or held <= 0 or not view.sale.is_disposition_for_money:
        return
    times = next((number for number in SPLITS if held * number == view.sale.shares), 0)
    value = _value_held(view)
    if times and _fits(view.sale.proceeds / view.sale.shares, value, times):
        message = (
            f"{count(view.sale.shares)} shares sold are {times} times the {count(held)} held, at a price that fits a "
            f'{times}:1 split. If there was one, add it under corporate_actions: {{split: "{times}:1"}} with its date.'
        )
        yield view.finding("split_suspected", WARNING, ASK_OWNER, message, cite="IRC 424(b), 305(a)")


def _value_held(view: RowView) -> Decimal:
    """The value per share at exercise of the lots sold, splits in the case counted."""
    values = [
        view.desk.exercises[part.lot.exercise].fmv * view.desk.at_exercise(part)
        for part in view.slices
        if part.lot.exercise
    ]
    return sum(values, ZERO) / (view.sale.shares - view.excess)


def _fits(price: Decimal, value: Decimal, times: int) -> bool:
    """Whether the price times the split is like the value at exercise, and more so than the price itself."""
    if not price or not value:
        return False
    return _apart(price * times, value) < min(_apart(price, value), Decimal(LIKENESS))


def _apart(one: Decimal, other: Decimal) -> Decimal:
    return max(one, other) / min(one, other)


@year_finding
def spread_negative(view: YearView) -> Iterable[Finding]:
    """An exercise, or shares vesting, with a value below the price paid."""
    for exercise in view.exercises:
        value = exercise.fmv * exercise.shares
        if value < exercise.cost:
            yield _no_spread(exercise.id, f"Form 3921 of {exercise.id} shows", value, exercise.cost, _boxes(exercise))
    for exercise in view.desk.case.exercises:
        for part in exercise.vesting:
            value, cost = part.fmv * part.shares, exercise.cost * part.shares / exercise.shares
            if part.date.year == view.year and value < cost and not exercise.section_83b:
                what = f"{count(part.shares)} shares of {exercise.id} vested on {part.date} with"
                yield _no_spread(exercise.id, what, value, cost, "the fmv under vesting.")


def _boxes(exercise: Exercise) -> str:
    """Which boxes to look at, with what they say of one share."""
    return (
        f"boxes 3 and 4, both of one share: {each(exercise.exercise_price)} paid, {each(exercise.fmv)} of value; "
        "are they the other way round?"
    )


def _no_spread(exercise: str, what: str, value: Decimal, cost: Decimal, where: str) -> Finding:
    message = (
        f"{what} a value of {money(value)}, below the {money(cost)} paid: "
        f"line 2i takes nothing, never a negative amount, and the AMT basis is what was paid. Check {where}"
    )
    cite = "Form 6251 instructions, line 2i"
    return Finding(
        "spread_negative", NOTE, NO_REMEDY, message, exercise=exercise, reported=value, correct=cost, cite=cite
    )


@year_finding
def shares_given_up_exceed_lots(view: YearView) -> Iterable[Finding]:
    """A stock swap that gives up more shares than were held (code `shares_exceed_lots`)."""
    for exercise in view.exercises:
        excess = view.desk.ledger.excess.get(exercise.id, ZERO) if exercise.paid_with else ZERO
        if excess:
            given = sum((part.shares for part in exercise.paid_with), ZERO)
            message = (
                f"{exercise.id} was paid for with {count(given)} shares; {count(over(given, excess))} of them were "
                "held. Which exercise did the others come from?"
            )
            cite = "IRC 424(c)(1)(B), (c)(3)"
            yield Finding("shares_exceed_lots", ERROR, ASK_OWNER, message, exercise=exercise.id, cite=cite)
