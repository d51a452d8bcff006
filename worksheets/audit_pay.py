"""Pay from early sales: what the law gives against what Forms W-2 show.

Sources: IRC 421(b), 422(c)(2); Publication 525, Statutory stock options (basis is what was paid plus the pay reported
as wages; pay that no W-2 shows goes on Schedule 1). Amounts are dollars.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from worksheets.audit_desk import Desk, RowView, row_finding
from worksheets.audit_whatif import Effect
from worksheets.audit_words import money
from worksheets.definitions import read_yaml
from worksheets.findings import ASK_EMPLOYER, ASK_OWNER, CORRECTED, WARNING, Finding
from worksheets.form import ZERO
from worksheets.pay import PayShown

CITE = "IRC 421(b), 422(c)(2); Publication 525, Statutory stock options"


@cache
def _places() -> Mapping[str, Any]:
    found: Mapping[str, Any] = read_yaml("places.yaml")["pay_not_on_w2"]["years"]
    return found


def place_of_pay(year: int) -> str:
    """Where a return of the year takes pay that no Form W-2 shows."""
    known = _places().get(str(year))
    return str(known["place"]) if known else "Schedule 1"


def assumed_text(pay: PayShown, *, whole: bool = True) -> str:
    """What to say of pay for which no W-2 figure is given; a year that is not whole has no wages to hold it."""
    holder = "the wages are" if whole else "Form W-2, which the case does not give, is"
    return (
        f"The law gives pay of {money(pay.law)} for this early sale, and no Form W-2 figure is given: {holder} "
        f"taken to hold exactly that. Look at Form W-2 box 1 and what box 14 says of option stock, and give "
        "pay_reported or iso_income_in_wages, even as 0."
    )


def omitted_text(pay: PayShown, year: int) -> str:
    """What to say of pay that a W-2 shows in part or not at all."""
    return (
        f"Form W-2 shows {money(pay.shown)} of pay from this early sale; the law gives {money(pay.law)}. Enter the "
        f"other {money(pay.missing)} on {place_of_pay(year)}; the basis holds all of it. The employer may correct it "
        "on Form W-2c."
    )


@row_finding
def w2_pay_assumed(view: RowView) -> Iterable[Finding]:
    """An early sale with pay, and no figure from a W-2."""
    pay = view.pay
    if pay is not None and not pay.given and pay.law > 0:
        message = assumed_text(pay, whole=view.whole)
        yield view.finding("w2_pay_assumed", WARNING, ASK_OWNER, message, cite=CITE, correct=pay.law)


@row_finding
def w2_omits_compensation(view: RowView) -> Iterable[Finding]:
    """The W-2 shows less than the law gives."""
    pay = view.pay
    if pay is not None and pay.missing:
        yield view.finding(
            "w2_omits_compensation",
            CORRECTED,
            ASK_EMPLOYER,
            omitted_text(pay, view.year),
            cite=CITE,
            reported=pay.shown,
            correct=pay.law,
        )


@row_finding
def w2_exceeds_compensation(view: RowView) -> Iterable[Finding]:
    """The W-2 shows more than the law gives."""
    pay = view.pay
    if pay is None or not pay.exceeds:
        return
    more = pay.shown - pay.law
    effect = _with_w2c(view, pay) if view.whole and view.desk.what_if.possible else None
    message = (
        f"Form W-2 shows {money(pay.shown)} of pay from this sale; the law gives {money(pay.law)}{_why(view)}. Basis "
        f"and line 2k follow the W-2 as it stands. Ask the employer for Form W-2c: wages and basis would be "
        f"{money(more)} lower, the capital result {money(more)} higher. {effect.words(view.year) if effect else ''}"
    )
    yield view.finding(
        "w2_exceeds_compensation",
        WARNING,
        ASK_EMPLOYER,
        message.strip(),
        cite=CITE,
        reported=pay.shown,
        correct=pay.law,
    )


def _why(view: RowView) -> str:
    """The reason that fits most often: the cap left out, or a sale that was not early."""
    most = sum((part.uncapped_pay for part in view.slices), ZERO)
    if not most:
        return ", as the sale was not an early one"
    law = sum((part.law_pay for part in view.slices), ZERO)
    return ", capped at what was got above cost (IRC 422(c)(2))" if law < most else ""


def _with_w2c(view: RowView, pay: PayShown) -> Effect | None:
    """What Form W-2c would change: the pay that the law gives, and wages less by the rest."""
    desk: Desk = view.desk
    case, more = desk.what_if.pay_as_shown, pay.shown - pay.law
    facts = case.years[view.year]
    update: dict[str, Decimal] = {"wages": (facts.wages or ZERO) - more}
    if facts.iso_income_in_wages is not None:
        update["iso_income_in_wages"] = facts.iso_income_in_wages - more
    sales = list(case.sales)
    sales[view.place] = sales[view.place].model_copy(update={"pay_reported": pay.law})
    years = {**case.years, view.year: facts.model_copy(update=update)}
    other = case.model_copy(update={"sales": tuple(sales), "years": years})
    return desk.what_if.effect(other, desk.what_if.as_it_is)
