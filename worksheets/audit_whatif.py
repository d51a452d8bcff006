"""What would change if a fact of the case were another: the household worked again, and the difference in tax.

The tax of a year is Form 1040 line 16 plus Form 6251 line 11 less Form 8801 line 25, dollars. Reruns are rationed, so
that the audit of a large household stays quick: a finding of such a household says no tax.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from worksheets.audit_words import change, money
from worksheets.case import Case, Sale
from worksheets.credit_left import credit_left
from worksheets.form import ZERO
from worksheets.household import Household, work
from worksheets.problems import CaseError
from worksheets.tax_return import TaxReturn

MOST_SALES = 60
MOST_RERUNS = 40


@dataclass(frozen=True, slots=True)
class Carried:
    """What a whole year hands the next, dollars: minimum tax credit and the capital losses of both books.

    The credit is what the next year's Form 8801 starts from, line 21: this year's AMT is part of it.
    """

    credit: Decimal = ZERO
    loss: Decimal = ZERO
    amt_loss: Decimal = ZERO

    def __sub__(self, other: Carried) -> Carried:
        """The differences."""
        return Carried(self.credit - other.credit, self.loss - other.loss, self.amt_loss - other.amt_loss)

    @property
    def words(self) -> str:
        """Differences in words, "" where there is none."""
        named = (("minimum tax credit", self.credit), ("capital loss", self.loss), ("AMT capital loss", self.amt_loss))
        return " and ".join(
            f"{money(abs(value))} {'more' if value > 0 else 'less'} {name}" for name, value in named if value
        )


def carried(done: TaxReturn) -> Carried:
    """What a return hands the next year."""
    regular, amt = done.carryover, done.carryover_amt
    return Carried(
        credit=credit_left(done),
        loss=regular.short_term_carryover + regular.long_term_carryover,
        amt_loss=amt.short_term_carryover + amt.long_term_carryover,
    )


def tax(done: TaxReturn) -> Decimal:
    """The tax of a year: Form 1040 line 16 plus Form 6251 line 11 less Form 8801 line 25."""
    credit = ZERO if done.f8801 is None else done.f8801.credit
    return done.f1040.tax + done.f6251.amt - credit


@dataclass(frozen=True, slots=True)
class Outcome:
    """The tax of each whole year, and what the last of them hands on."""

    taxes: Mapping[int, Decimal]
    left: Carried


def outcome(household: Household) -> Outcome:
    """The outcome of a household."""
    done = {year: books.tax_return for year, books in household.years.items() if books.tax_return is not None}
    last = done[max(done)] if done else None
    return Outcome({year: tax(one) for year, one in done.items()}, carried(last) if last else Carried())


@dataclass(frozen=True, slots=True)
class Effect:
    """What another fact changes: the tax of each whole year, and what the last one hands on (other less as it is)."""

    taxes: Mapping[int, Decimal]
    left: Carried

    @property
    def total(self) -> Decimal:
        """Over the years of the case."""
        return sum(self.taxes.values(), ZERO)

    @property
    def nothing(self) -> bool:
        """Whether nothing changes."""
        return not any(self.taxes.values()) and self.left == Carried()

    def words(self, year: int) -> str:
        """In a sentence, the year named first."""
        own = self.taxes.get(year, ZERO)
        text = f"The tax of {year} would be {change(own)}"
        if self.total != own:
            text += f", and over the years of this case {change(self.total)}"
        if self.left.words:
            text += f", with {self.left.words} left at the end"
        return text + "."


def effect(other: Outcome, base: Outcome) -> Effect:
    """The difference between two outcomes of the same years."""
    return Effect({year: other.taxes[year] - base.taxes[year] for year in base.taxes}, other.left - base.left)


class WhatIf:
    """Reruns of one household, as far as they are rationed.

    Args:
        household: as the case gives it.
    """

    def __init__(self, household: Household) -> None:
        self.household = household
        self.case = household.case
        small = len(self.case.sales) <= MOST_SALES and any(year.whole for year in self.case.years.values())
        self.reruns_left = MOST_RERUNS if small else 0

    @property
    def possible(self) -> bool:
        """Whether the ration is not used up."""
        return self.reruns_left > 0

    def work(self, case: Case) -> Household | None:
        """The household with other facts; None when the ration is used up or the facts cannot be worked."""
        if not self.possible:
            return None
        self.reruns_left -= 1
        try:
            return work(case)
        except CaseError:
            return None

    def effect(self, case: Case, base: Outcome | None) -> Effect | None:
        """What other facts change against an outcome; None where it cannot be told."""
        found = None if base is None else self.work(case)
        return None if found is None or base is None else effect(outcome(found), base)

    @cached_property
    def as_it_is(self) -> Outcome:
        """The outcome of the household."""
        return outcome(self.household)

    @cached_property
    def pay_as_shown(self) -> Case:
        """The case with each sale's pay held to what its W-2 shows or is taken to show, so that only the law moves."""
        shown = {one.row: one.shown for books in self.household.years.values() for one in books.pay}
        return with_pay_reported(self.case, shown)

    @cached_property
    def pay_by_law(self) -> Case:
        """The case with its pay from early sales taken out of wages: the law's pay then comes in by itself."""
        years = dict(self.case.years)
        for number, books in self.household.years.items():
            facts = years[number]
            if facts.wages is not None:
                shown = sum((one.shown for one in books.pay), ZERO)
                update = {"wages": facts.wages - shown, "iso_income_in_wages": ZERO}
                years[number] = facts.model_copy(update=update)
        return with_pay_reported(self.case, {}).model_copy(update={"years": years})

    @cached_property
    def worked_by_law(self) -> Household | None:
        """The household with the law's pay, to compare other sales with."""
        return self.work(self.pay_by_law)

    @cached_property
    def by_law(self) -> Outcome | None:
        """Its outcome."""
        return None if self.worked_by_law is None else outcome(self.worked_by_law)


def with_pay_reported(case: Case, shown: Mapping[int, Decimal]) -> Case:
    """The case with the pay that each Form W-2 shows for a sale, by place in the case; 0 where none is given."""
    sales = tuple(
        sale.model_copy(update={"pay_reported": shown.get(place, ZERO)}) if sale.is_iso else sale
        for place, sale in enumerate(case.sales)
    )
    return case.model_copy(update={"sales": sales})


def with_sale(case: Case, place: int, **update: Any) -> Case:
    """The case with keys of one sale changed."""
    sales: list[Sale] = list(case.sales)
    sales[place] = sales[place].model_copy(update=update)
    return case.model_copy(update={"sales": tuple(sales)})
