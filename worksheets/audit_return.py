"""Findings about a whole year: pay that cannot be shared out, what the program leaves out, what it had to assume.

Codes `prior_year_assumed` and `material_assumption` are additions to the table that users' scripts know: an assumption
that could change the tax by more than a rounding is a finding too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from worksheets.assumptions import assumed
from worksheets.audit_desk import RowView, YearView, row_finding, year_finding
from worksheets.audit_pay import CITE, assumed_text, omitted_text
from worksheets.audit_whatif import MOST_SALES
from worksheets.audit_words import money
from worksheets.definitions import read_yaml
from worksheets.findings import (
    ASK_EMPLOYER,
    ASK_OWNER,
    CORRECTED,
    NO_REMEDY,
    NOTE,
    WARNING,
    Finding,
)
from worksheets.form import ZERO, over
from worksheets.holding import anniversary
from worksheets.pay import PayShown
from worksheets.schedule_d import ScheduleD

QSBS_YEARS = 3


@row_finding
def qsbs_question(view: RowView) -> Iterable[Finding]:
    """A gain on stock held over three years and sold without a broker's form, which private stock is."""
    sale, adjustments = view.sale, view.desk.case.years[view.year]
    considered = "2h" in adjustments.amt_adjustments or adjustments.gain_28_percent > 0
    if sale.form != "none" or considered or not any(_held_long(part) for part in view.listed):
        return
    message = (
        "A gain on stock held over three years and sold without a broker's form. If the corporation was a qualified "
        "small business when the shares were issued, part of the gain may be left out (code Q). Ask an adviser; it is "
        "not worked here."
    )
    yield view.finding("qsbs_question", NOTE, ASK_OWNER, message, cite="IRC 1202(a), (b)")


def _held_long(part: Any) -> bool:
    return bool(part.sold > anniversary(part.lot.held_from, QSBS_YEARS) and part.regular.gain > 0)


@year_finding
def pay_of_shares_given_up(view: YearView) -> Iterable[Finding]:
    """Pay from shares given up early to pay for an exercise (codes `w2_pay_assumed`, `w2_omits_compensation`)."""
    for pay in view.books.pay:
        if pay.row < 0:
            yield from _of_exercise(view, pay)


def _of_exercise(view: YearView, pay: PayShown) -> Iterator[Finding]:
    if not pay.given:
        message = assumed_text(pay)
        yield Finding("w2_pay_assumed", WARNING, ASK_OWNER, message, exercise=pay.sale, correct=pay.law, cite=CITE)
    elif pay.exceeds:
        message = (
            f"Forms W-2 show {money(pay.shown)} of pay from the shares given up for {pay.sale}; the law gives "
            f"{money(pay.law)}. The rest stays in wages and in no basis. Ask the employer for Form W-2c."
        )
        code, shown, right = "w2_exceeds_compensation", pay.shown, pay.law
        yield Finding(code, WARNING, ASK_EMPLOYER, message, exercise=pay.sale, reported=shown, correct=right, cite=CITE)
    elif pay.missing:
        yield Finding(
            "w2_omits_compensation",
            CORRECTED,
            ASK_EMPLOYER,
            omitted_text(pay, view.year),
            exercise=pay.sale,
            reported=pay.shown,
            correct=pay.law,
            cite=CITE,
        )


@year_finding
def w2_exceeds_compensation(view: YearView) -> Iterable[Finding]:
    """Pay on Forms W-2 that no sale of the year gives."""
    more = view.books.unassigned_pay
    if more > 0:
        message = (
            f"Forms W-2 show {money(more)} of pay from early sales, and no sale of {view.year} gives it. It stays in "
            "wages and in no basis. Is a sale missing, or does the employer owe a Form W-2c?"
        )
        code = "w2_exceeds_compensation"
        yield Finding(code, WARNING, ASK_EMPLOYER, message, reported=more, correct=ZERO, cite=CITE)


@year_finding
def lot_choice_matters(view: YearView) -> Iterable[Finding]:
    """A household too large to try other lots (a note, so that silence is not taken for an answer)."""
    desk = view.desk
    chosen = any(part.chosen_by == "fifo" for part in view.books.dispositions)
    if view.books.facts.whole and chosen and len(desk.case.exercises) > 1 and not desk.what_if.possible:
        message = (
            "Whether other lots would have changed the tax was not tried, or not for every row: it is tried for up to "
            f"{MOST_SALES} sales."
        )
        cite = "Publication 550, Identifying stock or bonds sold"
        yield Finding("lot_choice_matters", NOTE, NO_REMEDY, message, cite=cite)


@cache
def _states() -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = read_yaml("states.yaml")["amt"]
    return found


def has_amt(state: str | None, year: int) -> bool:
    """Whether a state taxed individuals by an AMT of its own that year."""
    entry = _states().get(state or "")
    return entry is not None and year <= int(entry.get("until", year))


@year_finding
def state_not_computed(view: YearView) -> Iterable[Finding]:
    """A state with an AMT of its own."""
    state = view.desk.case.state
    if has_amt(state, view.year):
        message = f"{state} taxes individuals by an alternative minimum tax of its own: it is not computed here."
        cite = "Form 540 instructions, Schedule P (540)" if state == "CA" else ""
        yield Finding("state_not_computed", NOTE, NO_REMEDY, message, cite=cite)


@year_finding
def prior_year_assumed(view: YearView) -> Iterable[Finding]:
    """A whole year after one of stock only with line 2i: the AMT of that year is not known."""
    year = _unknown_since(view)
    if view.books.facts.whole and year is not None:
        included = sum((one.amount for one in view.desk.ledger.inclusions if year <= one.year < view.year), ZERO)
        first, last = view.desk.case.first_year, view.year - 1
        when = f"{max(year, first)} to {last} are years" if max(year, first) < last else f"{last} is a year"
        earlier = f" and of the years before {first}" if year < first else ""
        message = (
            f"{when} of stock only, with {money(included)} on line 2i of these{earlier}. Their AMT is not known, so "
            f"the minimum tax credit of {view.year} is worked as if there had been none. Give the wages of each."
        )
        cite = "IRC 53; Form 8801, lines 16 and 19"
        yield Finding("prior_year_assumed", WARNING, ASK_OWNER, message, cite=cite)


def _unknown_since(view: YearView) -> int | None:
    """The first year with an exercise or with line 2i of those, none of them whole, that lie right before this one."""
    years, start = view.desk.household.years, view.year
    while start - 1 in years and years[start - 1].tax_return is None:
        start -= 1
    if start == view.year:
        return None
    known = [one.year for one in view.desk.ledger.inclusions if one.amount > 0]
    if start == view.desk.case.first_year:  # exercises before the file count too: no whole year tells of their AMT
        known += [one.exercise_date.year for one in view.desk.case.exercises if one.exercise_date.year < start]
        start = min(known, default=start)
    return min((year for year in known if start <= year < view.year), default=None)


@year_finding
def amt_special_gains_assumed(view: YearView) -> Iterable[Finding]:
    """Lines 18 and 19 of Schedule D taken over for the AMT although what reduces them is not the same (in either book).

    The worksheets behind both lines take off a net short-term loss and the long-term loss carried in (Schedule D
    instructions, 28% Rate Gain Worksheet and Unrecaptured Section 1250 Gain Worksheet).
    """
    done, facts = view.books.tax_return, view.books.facts
    if done is None or _reductions(done.schedule_d) == _reductions(done.schedule_d_amt):
        return
    for key in ("unrecaptured_1250", "gain_28_percent"):
        if done.schedule_d_amt.both_gains and getattr(facts, key) and getattr(facts, f"amt_{key}") is None:
            message = (
                f"{key} is used for the AMT too, but losses that its worksheet takes off differ there. Work the "
                f"worksheet again with lines 7 and 14 of the AMT Schedule D, and give the result as amt_{key}."
            )
            cite = "Form 6251 instructions, lines 13, 14 and 15"
            details: dict[str, Decimal | str] = {"key": f"amt_{key}"}
            yield Finding("material_assumption", WARNING, ASK_OWNER, message, details=details, cite=cite)


def _reductions(form: ScheduleD) -> tuple[Decimal, Decimal]:
    return over(ZERO, form.net_short_term), form.long_term_carryover


@year_finding
def material_assumption(view: YearView) -> Iterable[Finding]:
    """What the case leaves unsaid and could change the tax by more than a rounding."""
    known = view.desk.index("assumed", lambda desk: assumed(desk.case))
    for one in known.get(view.year, ()):
        if one.material:
            yield Finding("material_assumption", WARNING, ASK_OWNER, one.text, details={"key": one.key})
