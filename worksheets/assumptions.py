"""What a case leaves unsaid and the program takes as its default: the one place where assumptions are listed."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from worksheets.case import ZERO, Case, Sale, Year
from worksheets.holding import first_qualifying_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_NAMED = 8

# Columns of a sale whose default is worth a line, and how that default reads.
_SALE_DEFAULTS = {
    "owner": "the taxpayer's",
    "form": "on Form 1099-B",
    "noncovered": "box 5 not checked",
    "disposition": "ordinary sales",
}


@dataclass(frozen=True, slots=True)
class Assumption:
    """A default that was applied because the case does not say.

    Attributes:
        year: the tax year it concerns; None where it concerns them all.
        key: the key of the case file that would say otherwise, dotted below the year or the row.
        text: one sentence for the reader.
        material: whether it could change the tax by more than a rounding; such an assumption is a finding too.
    """

    year: int | None
    key: str
    text: str
    material: bool = False


def assumed(case: Case) -> Mapping[int, tuple[Assumption, ...]]:
    """The assumptions of each tax year, those that concern every year first."""
    every = tuple(_of_case(case))
    sold = _by_year(case.sales)
    return {number: every + tuple(_of_year(case, number, sold.get(number, []))) for number in case.years}


def _by_year(sales: Iterable[Sale]) -> Mapping[int, list[Sale]]:
    by_year: defaultdict[int, list[Sale]] = defaultdict(list)
    for sale in sales:
        by_year[sale.sold.year].append(sale)
    return by_year


def _of_case(case: Case) -> Iterator[Assumption]:
    if "rounding" not in case.model_fields_set:
        yield Assumption(None, "rounding", "Amounts are rounded to whole dollars: rounding is not given.")
    owners = [row.id for row in case.exercises if "owner" not in row.model_fields_set]
    if case.spouse and owners:
        yield Assumption(None, "owner", f"Taken as exercised by the taxpayer, no owner given: {_named(owners)}.")
    traded = {row.corporation for row in case.exercises} | {row.corporation for row in case.sales}
    for action in case.corporate_actions:
        if action.corporation not in traded:
            text = (
                f"The split of {action.corporation} on {action.date} is not used: no exercise or sale is of that stock."
            )
            yield Assumption(None, "corporate_actions", text)


def _of_year(case: Case, number: int, sales: Sequence[Sale]) -> Iterator[Assumption]:
    year = case.years[number]
    found = [*_of_sales(case, sales)]
    if year.whole:
        found += _of_whole_year(year)
        found += _of_pay(case, year, sales)
        found += _of_total(case, year, sales)
        found += _of_year_before(case, number)
        found += _of_first_year(year) if number == case.first_year else []
    for key, text, material in found:
        yield Assumption(number, key, text, material)


def _of_whole_year(year: Year) -> Iterator[tuple[str, str, bool]]:
    given = year.model_fields_set
    if "deduction" not in given:
        yield "deduction", "The standard deduction is taken: deduction is not given.", False
    zero = [key for key, field in Year.model_fields.items() if field.default in (ZERO, 0) and key not in given]
    if zero:
        yield ", ".join(zero), f"Taken as 0 because not given: {', '.join(zero)}.", False
    if "amt_adjustments" not in given:
        yield "amt_adjustments", "No other line of Form 6251 Part I has an amount: amt_adjustments is not given.", False
    if year.amt_foreign_tax_credit is None and year.foreign_tax_credit:
        text = "The foreign tax credit for the AMT (Form 6251 line 8) is taken as the regular one."
        yield "amt_foreign_tax_credit", text, False
    for key, line in (("unrecaptured_1250", 19), ("gain_28_percent", 18)):
        if getattr(year, f"amt_{key}") is None and getattr(year, key):
            text = f"Schedule D line {line} as refigured for the AMT (Form 6251 Part III) is taken as the regular one."
            yield f"amt_{key}", text, False  # a finding where what lies behind it differs
    if year.qualified_dividends > year.ordinary_dividends:
        text = "The qualified dividends exceed the ordinary dividends they are part of; both are used as given."
        yield "qualified_dividends", text, True


def _of_year_before(case: Case, number: int) -> Iterator[tuple[str, str, bool]]:
    """Form 8801 line 2 takes other adjustments only as far as they concern exclusion items."""
    first = number == case.first_year
    before = case.years[number].prior_year if first else case.years.get(number - 1)
    if before is None:
        return
    lines = {**before.amt_adjustments, **getattr(before, "form_6251", {})}
    if lines.get("3"):
        text = f"Form 6251 ({number - 1}) line 3 is taken as relating to exclusion items (Form 8801 line 2)."
        yield "amt_adjustments", text, False


def _of_pay(case: Case, year: Year, sales: Sequence[Sale]) -> Iterator[tuple[str, str, bool]]:
    """Sales for which no pay is given; one after every holding period of its stock can have none."""
    periods = _Periods(case)
    silent = [
        row.id
        for row in sales
        if row.is_iso and row.pay_reported is None and row.is_disposition_for_money and periods.cover(row)
    ]
    if year.iso_income_in_wages is None and silent:
        text = "The wages are taken to hold exactly the pay that the law gives for early sales, if any: " + _named(
            silent
        )
        yield "iso_income_in_wages", f"{text}.", False  # where there is such pay, finding w2_pay_assumed


def _of_total(case: Case, year: Year, sales: Sequence[Sale]) -> Iterator[tuple[str, str, bool]]:
    """A total of pay that more than one sale can share."""
    if not year.iso_income_in_wages:
        return
    periods = _Periods(case)
    early = [row.id for row in sales if row.pay_reported is None and row.is_iso and periods.cover(row)]
    if len(early) > 1:
        text = f"iso_income_in_wages is shared out by the pay that the law gives; shared by: {_named(early)}."
        yield "iso_income_in_wages", text, False


class _Periods:
    """The holding periods of all exercises by corporation: the days on which they begin and those on which they end."""

    def __init__(self, case: Case) -> None:
        begun, over = defaultdict(list), defaultdict(list)
        for one in case.exercises:
            begun[one.corporation.casefold()].append(one.exercise_date)
            over[one.corporation.casefold()].append(first_qualifying_day(one.grant_date, one.exercise_date))
        self._days = {name: (sorted(begun[name]), sorted(over[name])) for name in begun}

    def cover(self, row: Sale) -> bool:
        """Whether some exercise of that stock was within its holding periods on the day of the sale."""
        begun, over = self._days.get(row.corporation.casefold(), ([], []))
        return bisect_right(begun, row.sold) > bisect_right(over, row.sold)


def _of_first_year(year: Year) -> Iterator[tuple[str, str, bool]]:
    if year.capital_loss_carryover is None:
        yield "capital_loss_carryover", "No capital loss is carried into the first year: not given.", False
    if year.amt_capital_loss_carryover is None:
        text = "The capital loss carried in for the AMT is taken as the regular one: not given."
        yield "amt_capital_loss_carryover", text, False
    if year.prior_minimum_tax_credit is None:
        yield "prior_minimum_tax_credit", "No minimum tax credit is carried into the first year: not given.", False
    if year.prior_year is None:
        yield "prior_year", "There was no AMT the year before the first: prior_year is not given.", False


def _of_sales(case: Case, sales: Sequence[Sale]) -> Iterator[tuple[str, str, bool]]:
    for key, meaning in _SALE_DEFAULTS.items():
        silent = [row.id for row in sales if key not in row.model_fields_set and (key != "owner" or case.spouse)]
        if silent and not (key == "noncovered" and all(row.form == "none" for row in sales)):
            yield f"sales.{key}", f"Taken as {meaning}, no {key} given: {_named(silent)}.", False
    yield from _of_others(sales)
    checked = [row.id for row in sales if row.basis_reported is None and row.basis_was_reported]
    if checked:
        text = f"Box 12 is taken as checked because a basis is shown: {_named(checked)}."
        yield "sales.basis_reported", text, False
    stock = {row.corporation for row in case.exercises}
    alone = [row.id for row in sales if row.kind is None and row.corporation not in stock]
    if alone:
        text = f"Taken as ISO stock although no exercise is of that corporation, no kind given: {_named(alone)}."
        yield "sales.kind", text, False  # finding no_matching_exercise


def _of_others(sales: Sequence[Sale]) -> Iterator[tuple[str, str, bool]]:
    """Shares replaced in a wash sale, and both bases of what is no ISO."""
    washed = [row.id for row in sales if row.disposition == "wash_sale" and row.replaced_shares is None]
    if washed:
        text = f"All shares of the wash sale are taken as replaced, no replaced_shares given: {_named(washed)}."
        yield "sales.replaced_shares", text, False
    others = [row for row in sales if row.kind == "other" and row.is_disposition_for_money]
    shown = [row.id for row in others if row.correct_basis is None and row.basis is not None]
    if shown:
        text = f"Box 1e is taken as the right basis, no correct_basis given: {_named(shown)}."
        yield "sales.correct_basis", text, False
    same = [row.id for row in others if row.amt_basis is None]
    if same:
        text = f"The AMT basis is taken as the regular one, no amt_basis given: {_named(same)}."
        yield "sales.amt_basis", text, False


def _named(ids: Sequence[str]) -> str:
    """Ids in a line, the first few by name."""
    more = len(ids) - _NAMED
    return ", ".join(ids[:_NAMED]) + (f" and {more} more" if more > 0 else "")
