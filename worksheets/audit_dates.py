"""Sales close to a test of time, and early sales of stock that was unvested at exercise.

Sources: IRC 422(a)(1), 1222; Rev. Rul. 66-7 (month ends), 66-97 and 70-598 (days counted); IRC 83(a), (f), 56(b)(3).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from worksheets.audit_desk import Desk, RowView, YearView, row_finding, year_finding
from worksheets.audit_whatif import with_sale
from worksheets.audit_words import count, listed, money
from worksheets.case import Case, LotPart
from worksheets.findings import ASK_OWNER, NO_REMEDY, NOTE, WARNING, Finding
from worksheets.form import ZERO, over
from worksheets.holding import DAY, first_long_term_day, first_qualifying_day, is_long_term
from worksheets.iso import (
    DISQUALIFYING,
    NO_ROW,
    NOT_A_DISPOSITION,
    OTHER,
    QUALIFYING,
    SAME_YEAR,
    Disposition,
    capital_held_from,
    dispose,
)

NEAR = 3
LEAP_DAY = (2, 29)
EARLY = frozenset({DISQUALIFYING, SAME_YEAR})
CITE = "IRC 422(a)(1), 1222(3)"
UNSETTLED = (
    "A tax professional has to agree to it before the return is filed; no key of the case file takes the answer, so "
    "the year stays marked as not ready to file."
)


@dataclass(frozen=True, slots=True)
class TimeTest:
    """A test of time: the first day on which a sale passes it, and what passing means."""

    first: date
    passed: str


def tests(part: Disposition) -> Iterator[TimeTest]:
    """The tests of time that a disposition faces."""
    if part.kind == NOT_A_DISPOSITION:
        return
    if part.kind != OTHER:
        yield TimeTest(first_qualifying_day(part.lot.grant_date, part.lot.exercise_date), "no early sale")
    if part.how not in NO_ROW:
        early = part.kind in EARLY
        yield TimeTest(first_long_term_day(capital_held_from(part.lot, early=early)), "long-term")


def near_tests(part: Disposition) -> list[TimeTest]:
    """The tests that lie within three days of the sale."""
    return [test for test in tests(part) if abs((part.sold - test.first).days) <= NEAR]


@row_finding
def holding_period_boundary(view: RowView) -> Iterable[Finding]:
    """A sale within three days of a test; a warning where the rules disagree, and for stock unvested at exercise."""
    near = [(part, found) for part in view.slices if (found := near_tests(part))]
    if near:
        yield _boundary(view, near)
    leap = [part for part in view.slices if _rules_disagree(part)]
    if leap:
        yield _leap_day(view, leap)
    unvested = [part for part in view.slices if part.lot.vested and part.lot.vested <= part.sold and part.kind in EARLY]
    if unvested:
        yield _unvested(view, unvested)


@year_finding
def given_up_near_a_test(view: YearView) -> Iterable[Finding]:
    """Shares given up to pay for an exercise within three days of a test (code `holding_period_boundary`)."""
    for part in view.books.dispositions:
        for test in near_tests(part) if part.how == "surrender" else ():
            other = test.first if part.sold < test.first else test.first - DAY
            pay = _on(part, other).law_pay
            message = (
                f"{count(part.shares)} shares of {part.lot.exercise}, given up on {part.sold} to pay for {part.sale}, "
                f"are within {NEAR} days of a test: from {test.first} on it is {test.passed}. Given up on {other}, pay "
                f"would be {money(pay)} instead of {money(part.law_pay)}."
            )
            details: dict[str, Decimal | str] = {"other_day": other.isoformat(), "other_pay": pay, "pay": part.law_pay}
            code, cite = "holding_period_boundary", "IRC 424(c)(3), 422(a)(1)"
            yield Finding(code, NOTE, NO_REMEDY, message, exercise=part.sale, cite=cite, details=details)


def _boundary(view: RowView, near: list[tuple[Disposition, list[TimeTest]]]) -> Finding:
    sold = view.sale.sold
    passed: dict[date, list[str]] = {}
    for test in (test for _, found in near for test in found):
        passed.setdefault(test.first, []).append(test.passed)
    named = [f"from {first} on it is {listed(words)}" for first, words in passed.items()]
    first = min((test.first for _, found in near for test in found), key=lambda day: abs((day - sold).days))
    other = first if sold < first else first - DAY
    parts = [part for part, _ in near]
    message = (
        f"The sale on {sold} is within {NEAR} days of a test: {listed(named)}. {_changes(parts, other)} "
        f"{_effect(view, other)}The trade date counts."
    )
    return view.finding("holding_period_boundary", NOTE, NO_REMEDY, message, cite=CITE, details=_details(parts, other))


def _on(part: Disposition, day: date) -> Disposition:
    """The disposition as it would be on another day."""
    return dispose(
        part.lot,
        sale=part.sale,
        row=part.row,
        sold=day,
        how=part.how,
        chosen_by=part.chosen_by,
        proceeds=part.proceeds,
    )


def _sums(parts: list[Disposition], other: date) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """Pay and gain by law, on the day of the sale and on the other day."""
    here, there = [[_on(part, day) for part in parts] for day in (parts[0].sold, other)]
    return (
        sum((part.law_pay for part in here), ZERO),
        sum((part.regular.gain for part in here), ZERO),
        sum((part.law_pay for part in there), ZERO),
        sum((part.regular.gain for part in there), ZERO),
    )


def _term(part: Disposition, day: date) -> str:
    if part.kind == OTHER:
        return "long" if is_long_term(part.lot.held_from, day) else "short"
    return _on(part, day).regular.term


def _changes(parts: list[Disposition], other: date) -> str:
    """What pay, gain and term would have been on the other day."""
    terms = [listed(sorted({_term(part, day) for part in parts})) for day in (parts[0].sold, other)]
    if all(part.kind == OTHER for part in parts):
        result = money(sum((part.regular.gain for part in parts), ZERO))
        return f"Sold on {other}, the capital result of {result} would be {terms[1]}-term instead of {terms[0]}-term."
    pay, gain, other_pay, other_gain = _sums(parts, other)
    return (
        f"Sold on {other}, pay would be {money(other_pay)} instead of {money(pay)}, and the capital result "
        f"{money(other_gain)} {terms[1]}-term instead of {money(gain)} {terms[0]}-term."
    )


def _details(parts: list[Disposition], other: date) -> dict[str, Decimal | str]:
    pay, gain, other_pay, other_gain = _sums(parts, other)
    return {"other_day": other.isoformat(), "pay": pay, "gain": gain, "other_pay": other_pay, "other_gain": other_gain}


def _effect(view: RowView, other: date) -> str:
    """What the other day would change in tax, with pay on Forms W-2 as the law gives it and the same lots."""
    what_if = view.desk.what_if
    if not view.whole or not what_if.possible or view.desk.ledger.excess or other.year not in view.desk.case.years:
        return ""
    effect = what_if.effect(with_sale(_lots_kept(view.desk), view.place, sold=other), what_if.by_law)
    return "" if effect is None else f"{effect.words(view.year)} "


def _lots_kept(desk: Desk) -> Case:
    """The case with every row's lots named as it took them, so that another day of one row chooses no others."""
    case = desk.what_if.pay_by_law
    sales = (
        sale.model_copy(update={"lots": _lots_of(desk.slices.get(place, ()))}) if sale.is_iso else sale
        for place, sale in enumerate(case.sales)
    )
    return case.model_copy(update={"sales": tuple(sales)})


def _lots_of(slices: Iterable[Disposition]) -> tuple[LotPart, ...]:
    """The lots that a row took."""
    shares: dict[str, Decimal] = {}
    for part in slices:
        shares[part.lot.exercise] = shares.get(part.lot.exercise, ZERO) + part.shares
    return tuple(LotPart.model_construct(exercise=name, shares=number) for name, number in shares.items())


def _rules_disagree(part: Disposition) -> bool:
    """Sold on 29 February, past the anniversaries but, by month ends, still within the period."""
    first = first_qualifying_day(part.lot.grant_date, part.lot.exercise_date)
    return part.kind == QUALIFYING and part.sold == first and (first.month, first.day) == LEAP_DAY


def _leap_day(view: RowView, parts: list[Disposition]) -> Finding:
    message = (
        f"The holding period began on the last day of February, and the sale on {view.sale.sold} is past the "
        f"anniversary but, counted by month ends, still within it. It is worked as no early sale, "
        f"{parts[0].regular.term}-term; no ruling says whether month ends count for IRC 422(a)(1). {UNSETTLED}"
    )
    cite = "Rev. Rul. 66-7; IRC 422(a)(1), 1222(3)"
    details: dict[str, Decimal | str] = {"unsettled": "whether month ends count"}
    return view.finding("holding_period_boundary", WARNING, ASK_OWNER, message, cite=cite, details=details)


def _unvested(view: RowView, parts: list[Disposition]) -> Finding:
    """Pay by the value at vesting, what it would be by the value at exercise, and that neither is settled."""
    pay = sum((part.law_pay for part in parts), ZERO)
    by_exercise = sum((_pay_by_exercise(view, part) for part in parts), ZERO)
    same = any(part.kind == SAME_YEAR and part.lot.exercise_date.year < part.sold.year for part in parts)
    both = " It vested in the year of the sale, so the AMT result is the regular one." if same else ""
    message = (
        "These shares were unvested at exercise and sold early. Pay is measured from the value at vesting, and the "
        f"capital holding period runs from there: pay {money(pay)}. Measured from the value at exercise it would be "
        f"{money(by_exercise)}.{both} The rule is not settled. {UNSETTLED}"
    )
    cite = "IRC 83(a), (f), 56(b)(3); Treas. Reg. 1.422-1(b)(3)"
    details: dict[str, Decimal | str] = {"pay": pay, "pay_by_value_at_exercise": by_exercise}
    details["unsettled"] = "how the pay is measured"
    return view.finding("holding_period_boundary", WARNING, ASK_OWNER, message, cite=cite, details=details)


def _pay_by_exercise(view: RowView, part: Disposition) -> Decimal:
    """The pay if the value at exercise measured it, capped where the pay is."""
    exercise = view.desk.exercises[part.lot.exercise]
    spread = over(exercise.fmv * exercise.shares, exercise.cost) * view.desk.at_exercise(part) / exercise.shares
    capped = part.law_pay < part.uncapped_pay or part.how == "sale"
    return min(spread, over(part.proceeds, part.lot.paid)) if capped else spread
