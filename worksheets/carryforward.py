"""carryforward.yaml: a case file that goes on where this one ends.

It holds what is left of every lot with both bases (beside it, what follows from its dates), the loss carryovers, the
minimum tax credit and what Form 8801 reads of the last year, so that two runs give the same figures as one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import count
from typing import Any

from worksheets.case import Case, Person, ReturnFigures
from worksheets.case_checks import WASH_SALE_DAYS
from worksheets.case_fields import PRIOR_6251_LINES, PRIOR_SCHEDULE_D_LINES
from worksheets.form import ZERO, over
from worksheets.holding import first_qualifying_day
from worksheets.household import Household, YearBooks
from worksheets.ledger import Holding
from worksheets.lots import SMALLEST_SHARE, as_decimal
from worksheets.open_losses import Open, open_losses
from worksheets.openings import split_ratio
from worksheets.tax_return import TaxReturn

LEFT_OUT = frozenset({"iso_income_in_wages", "other_short_term", "other_long_term", "capital_gain_distributions"})


def plain(value: Any) -> str:
    """A value as YAML that reads back the same: text in quotes, numbers and dates plain, mappings in braces."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    if isinstance(value, date | int):
        return str(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)}: {plain(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(plain(part) for part in value) + "]"
    return json.dumps(str(value), ensure_ascii=False)


def _key(key: object) -> str:
    text = str(key)
    return text if text.replace("_", "").isalpha() else json.dumps(text)


def carryforward_yaml(household: Household) -> str:
    """The case file for the years after the last one."""
    return "\n".join(_lines(household)) + "\n"


def _lines(household: Household) -> Iterator[str]:
    case = household.case
    last = household.years[case.last_year]
    yield f"# Goes on after {last.year}. Add the exercises and sales of the new year, its wages and its other income."
    yield "case: 1"
    yield f"taxpayer: {_person(case.taxpayer)}"
    if case.spouse is not None:
        yield f"spouse: {_person(case.spouse)}"
    if case.state is not None:
        yield f"state: {case.state}"
    yield f"rounding: {case.rounding}"
    yield from _options(case)
    if case.amounts is not None:
        yield f"amounts: {plain(case.amounts)}  # hypothetical amounts: copy the file beside this one"
    yield "exercises:" if last.holdings else "exercises: []"
    entries = zip(exercises(case, last), last.holdings, strict=True)
    yield from (f"  - {plain(entry)}  # {_to_know(held)}" for entry, held in entries)
    yield "sales: []"
    yield from _lately_lost(household, last)
    yield from _lately_got(case)
    yield from _later_splits(case)
    yield "years:"
    yield f"  {last.year + 1}:"
    yield f"    filing_status: {last.facts.filing_status}  # as in {last.year}"
    if last.handed_on is not None:
        yield "    # wages: 0  # Form W-2 box 1; the keys below need it"
        yield from _opening(household, last, last.handed_on)
    else:
        yield from _not_carried(household, last.year)


def _options(case: Case) -> Iterator[str]:
    """How Form 8949 lists rows, where the case says so."""
    for name in ("exception_1", "exception_2"):
        if getattr(case, name):
            yield f"{name}: {plain(getattr(case, name))}"


def _lately_got(case: Case) -> Iterator[str]:
    """Other shares got so late that they can replace shares sold at a loss in the new year (IRC 1091).

    Their number is that of the year's end, as the new file does not tell the splits before it.
    """
    end = _end(case)
    late = [one for one in case.acquisitions if one.date > end - timedelta(days=WASH_SALE_DAYS)]
    if late:
        yield "acquisitions:"
    for one in late:
        exact = Fraction(one.shares) * split_ratio(case, one.corporation, one.date, end)
        shares = as_decimal(exact)
        shares = shares if Fraction(shares) == exact else shares.quantize(SMALLEST_SHARE)
        known = {"corporation": one.corporation, "date": one.date, "shares": shares, "kind": one.kind}
        yield f"  - {plain({key: value for key, value in known.items() if value is not None})}"


def _later_splits(case: Case) -> Iterator[str]:
    """Splits after the last year that the case names already: the lots are written as they are before them."""
    later = [one for one in case.corporate_actions if one.date > _end(case)]
    if later:
        yield "corporate_actions:"
    for one in later:
        split = f"{plain(one.split.new)}:{plain(one.split.old)}"
        yield f"  - {plain({'corporation': one.corporation, 'date': one.date, 'split': split})}"


def _end(case: Case) -> date:
    return date(case.last_year, 12, 31)


def _lately_lost(household: Household, last: YearBooks) -> Iterator[str]:
    """What shares got in January can still make of losses late in the last year, as comments."""
    found = list(open_losses(household.case, last))
    if found:
        window = f"shares of the stock got within {WASH_SALE_DAYS} days after replace those sold"
        yield f"# Sold at a loss late in {last.year}: {window} (IRC 1091), also those got after this file begins."
    for one in found:
        yield f"#   {plain(one.sale)}, {plain(one.shares)} sh {plain(one.corporation)} sold {one.sold}: {_still(one)}"


def _still(one: Open) -> str:
    """What is to be done about a loss if shares got until a day replaced those sold."""
    if not one.answered:
        again = f"work {one.sold.year} again with disposition: wash_sale on that row"
        return f"the row does not say how they left. If shares got by {one.until} replaced them, {again}."
    return (
        f"a wash sale, replaced by no lot of this file; not allowed: {plain(one.regular)}, AMT {plain(one.amt)}. Where "
        f"an exercise got by {one.until} replaced them, write that many of its shares as an entry of their own, with "
        f"regular_basis: what they cost plus {plain(one.regular)}, amt_basis: what they cost plus {plain(one.amt)} "
        f"(without line 2i, which is added), held_from: {one.days_held} days before its exercise_date, amt_held_from: "
        f"{one.amt_days_held} days before it."
    )


def _not_carried(household: Household, last: int) -> Iterator[str]:
    """Why nothing is handed on: a year of stock only leaves open what became of losses, credit and AMT."""
    whole = [year for year, books in household.years.items() if books.handed_on is not None]
    found = f"what {max(whole)} hands on goes through it and" if whole else "what it hands on"
    yield f"    # not carried: {last} has no income (wages), so {found} is not known. A whole year needs, even as 0:"
    yield "    # capital_loss_carryover, amt_capital_loss_carryover, prior_minimum_tax_credit, prior_year"


def _person(person: Person) -> str:
    known = {"name": person.name, "ssn": person.ssn}
    return plain({key: value for key, value in known.items() if value is not None})


def exercises(case: Case, books: YearBooks) -> Iterator[dict[str, Any]]:
    """What is left of each lot, as entries of a case; a lot with a history of its own has an id of its own.

    The first lot of an exercise keeps its id; further ones get ids that no exercise of the case has or had.
    """
    used = {one.id for one in case.exercises}
    first: set[str] = set()
    for holding in books.holdings:
        name = holding.exercise
        if name in first:
            name = next(new for number in count(2) if (new := f"{name}.{number}") not in used)
        first.add(holding.exercise)
        used.add(name)
        yield _entry(case, holding, name)


def _to_know(held: Holding) -> str:
    """What follows from a lot's dates: the first qualifying day, and the line 2i still to come."""
    text = f"first qualifying day {first_qualifying_day(held.grant_date, held.exercise_date)}"
    if held.vests is None or not held.to_come:
        return text
    return f"{text}; line 2i of {held.vests.year} to come: {plain(held.to_come)}"


def _entry(case: Case, held: Holding, name: str) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": name, "owner": held.owner, "corporation": held.corporation}
    entry |= {"grant_date": held.grant_date, "exercise_date": held.exercise_date}
    entry |= {"exercise_price": held.exercise_price, "fmv": held.fmv, "shares": held.shares}
    if held.account is not None:
        entry["account"] = held.account
    entry["paid"] = held.cost
    if held.vested is not None:
        entry["vesting"] = [{"date": held.vested, "shares": held.shares, "fmv": _value_at_vesting(case, held)}]
        entry["section_83b"] = held.section_83b
    entry |= {"regular_basis": held.regular_basis, "amt_basis": held.amt_basis}
    if held.held_from != held.exercise_date:
        entry["held_from"] = held.held_from
    by_itself = held.vested if held.vested is not None and not held.section_83b else held.held_from
    if held.amt_held_from != by_itself:
        entry["amt_held_from"] = held.amt_held_from
    return entry


def _value_at_vesting(case: Case, held: Holding) -> Decimal:
    """Dollars per share on the day of vesting, which a later split that the case names has not changed yet."""
    later = Decimal(1)
    if held.vests is not None:
        later = as_decimal(split_ratio(case, held.corporation, _end(case), held.vests))
    return over(held.spread + held.cost, ZERO) / held.shares / later


def _opening(household: Household, books: YearBooks, last: TaxReturn) -> Iterator[str]:
    regular, amt = last.carryover, last.carryover_amt
    yield f"    capital_loss_carryover: {_loss(regular)}"
    yield f"    amt_capital_loss_carryover: {_loss(amt)}"
    credit = ZERO if last.f8801 is None else last.f8801.carryforward_out
    yield f"    prior_minimum_tax_credit: {plain(credit)}"
    yield "    prior_year:"
    for key, value in prior_year(household, books, last).items():
        yield f"      {key}: {plain(value)}"


def _loss(worksheet: Any) -> str:
    return plain({"short": worksheet.short_term_carryover, "long": worksheet.long_term_carryover})


def prior_year(household: Household, books: YearBooks, last: TaxReturn) -> dict[str, Any]:
    """The year as `prior_year` of the next: its figures, and the lines of Form 6251 and Schedule D that are read."""
    del household
    facts = books.facts
    found: dict[str, Any] = {"filing_status": facts.filing_status}
    for name, field in ReturnFigures.model_fields.items():
        value = getattr(facts, name)
        if name not in LEFT_OUT and value != field.get_default(call_default_factory=True):
            found[name] = value.model_dump() if hasattr(value, "model_dump") else value
    if books.stock.pay_elsewhere:
        found["other_income"] = facts.other_income + books.stock.pay_elsewhere
    found["form_6251"] = _read_lines(last.f6251.printed(), PRIOR_6251_LINES)
    schedule_d = _read_lines(last.schedule_d.printed(), PRIOR_SCHEDULE_D_LINES)
    if schedule_d:
        found["schedule_d"] = schedule_d
    return found


def _read_lines(printed: Mapping[str, Any], wanted: Mapping[str, str]) -> dict[str, Any]:
    return {number: value for number, value in printed.items() if number in wanted}
