"""The result of a household as one object, ready for JSON: its keys are what users' scripts depend on.

Form amounts are whole dollars (integers) unless the case asks for cents. A line that its form prints in parentheses
holds a positive number. A line that stays blank is absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from worksheets import __version__
from worksheets.attach import attach_6251, attach_8801
from worksheets.f8949 import Row
from worksheets.findings import Finding
from worksheets.form import ZERO, Columns, Rounding
from worksheets.holding import first_qualifying_day
from worksheets.household import Household, YearBooks
from worksheets.iso import Book, Disposition
from worksheets.ledger import Holding
from worksheets.statements import Together, brokers, listing

CENT = Decimal("0.01")
SUMMARY_LINES = ("6", "7", "13", "14", "15", "16", "18", "19", "21")


def number(value: Decimal) -> int | float:
    """An exact amount as JSON writes it: an integer where it is one."""
    return int(value) if value == value.to_integral_value() else float(value)


def cents(value: Decimal) -> int | float:
    """An amount to the cent."""
    return number(value.quantize(CENT, ROUND_HALF_UP))


def _line(value: Any) -> Any:
    if isinstance(value, Columns):
        return {name: number(part) for name, part in value._asdict().items()}
    return number(value)


def lines(printed: Mapping[str, Any]) -> dict[str, Any]:
    """The lines of a form by printed number."""
    return {name: _line(value) for name, value in printed.items()}


def row(found: Row, rounding: Rounding) -> dict[str, Any]:
    """One row of Form 8949; columns (f) and (g) are absent where they stay blank."""
    entry: dict[str, Any] = {"box": found.box, "sale": found.sale, "exercise": found.exercise, "a": found.a}
    if not found.exercise:
        del entry["exercise"]
    entry |= {"b": found.b.isoformat() if isinstance(found.b, date) else found.b, "c": found.c.isoformat()}
    entry |= {"d": number(rounding(found.d)), "e": number(rounding(found.e)), "f": found.f, "g": found.g}
    if found.f is None or found.g is None:
        del entry["f"], entry["g"]
    else:
        entry["g"] = number(rounding(found.g))
    return entry | {"h": number(rounding(found.h))}


def _book(book: Book) -> dict[str, Any]:
    amounts = {name: cents(getattr(book, name)) for name in ("ordinary_income", "basis", "gain", "disallowed")}
    return {**amounts, "term": book.term}


def disposition(found: Disposition) -> dict[str, Any]:
    """One slice of a sale in both books; of shares given up in a stock swap, `sale` is the exercise they paid for."""
    entry: dict[str, Any] = {"sale": found.sale, "exercise": found.lot.exercise, "shares": number(found.shares)}
    if not found.lot.exercise:
        del entry["exercise"]
    entry |= {"kind": found.kind, "chosen_by": found.chosen_by.removesuffix("_grant")}
    return entry | {"regular": _book(found.regular), "amt": _book(found.amt)}


def holdings(household: Household, books: YearBooks) -> list[dict[str, Any]]:
    """What is left of each exercise at the year's end."""
    held: dict[str, list[Holding]] = {}
    for holding in books.holdings:
        held.setdefault(holding.exercise, []).append(holding)
    exercised = [one.id for one in household.case.exercises if one.exercise_date.year <= books.year]
    return [_held(name, held.get(name, [])) for name in exercised]


def _held(exercise: str, parts: list[Holding]) -> dict[str, Any]:
    shares = number(sum((one.shares for one in parts), ZERO))
    if not parts:
        return {"exercise": exercise, "shares": shares}
    return {
        "exercise": exercise,
        "shares": shares,
        "regular_basis": cents(sum((one.regular_basis for one in parts), ZERO)),
        "amt_basis": cents(sum((one.amt_basis for one in parts), ZERO)),
        "first_qualifying_day": first_qualifying_day(parts[0].grant_date, parts[0].exercise_date).isoformat(),
        "line_2i_to_come": cents(sum((one.to_come for one in parts), ZERO)),
    }


def finding(found: Finding) -> dict[str, Any]:
    """A finding; ids and figures that it is not about are absent."""
    entry: dict[str, Any] = {"code": found.code, "severity": found.severity, "remedy": found.remedy}
    entry |= {"sale": found.sale, "exercise": found.exercise}
    entry |= {"reported": _figure(found.reported), "correct": _figure(found.correct), "message": found.message}
    return {name: value for name, value in entry.items() if value not in ("", None)}


def _figure(value: Decimal | str | None) -> Any:
    return cents(value) if isinstance(value, Decimal) else value


def forms(household: Household, books: YearBooks) -> dict[str, Any]:
    """The forms of a year by name."""
    found: dict[str, Any] = {}
    done = books.tax_return
    if done is None:
        found["6251"] = {"2i": number(household.rounding(books.stock.inclusion))}
    else:
        found["1040"] = lines(done.f1040.printed())
        found["6251"] = {"attach": attach_6251(done), **lines(done.f6251.printed())}
        if done.f8801 is not None:
            found["8801"] = {"attach": attach_8801(done), **lines(done.f8801.printed())}
        found["schedule_d"] = lines(done.schedule_d.printed())
        found["schedule_d_amt"] = lines(
            {name: value for name, value in done.schedule_d_amt.printed().items() if name in SUMMARY_LINES}
        )
    return found | rows_8949(household, books)


def rows_8949(household: Household, books: YearBooks) -> dict[str, Any]:
    """Form 8949 and its AMT copy; rows on an attached statement (`exception_2`) stand apart, under one of code M."""
    found: dict[str, Any] = {}
    brokers_of, most = brokers(household.case), household.case.exception_2
    for name, listed in (("8949", books.rows), ("8949_amt", books.amt_rows)):
        filed = listing(listed, brokers_of, most)
        entries = [row(one, household.rounding) for one in filed.rows]
        entries += (_together(one, household.rounding) for one in filed.together)
        found[name] = sorted(entries, key=lambda entry: str(entry["box"]))
        if filed.statement:
            found[f"{name}_statement"] = [row(one, household.rounding) for one in filed.statement]
    return found


def _together(found: Together, rounding: Rounding) -> dict[str, Any]:
    """The row of Form 8949 that stands for all those of a broker on the statement; columns (b) and (c) stay blank."""
    amounts = {name: number(rounding(value)) for name, value in found.columns._asdict().items()}
    entry: dict[str, Any] = {"box": found.box, "a": found.text, "d": amounts["d"], "e": amounts["e"]}
    return entry | {"f": found.codes, "g": amounts["g"], "h": amounts["h"]}


def line_2k_parts(household: Household, books: YearBooks) -> dict[str, Any]:
    """Line 2k in parts; a stock-only year has no loss limit and no carryovers."""
    if books.tax_return is not None:
        return lines(books.tax_return.line_2k.printed())
    parts = {"ordinary": books.stock.amt_pay - books.stock.pay}
    for name, letters in (("short", "ABCGHI"), ("long", "DEFJKL")):
        amt = _net([*books.amt_rows, *books.amt_direct_rows], letters)
        parts[name] = amt - _net([*books.rows, *books.direct_rows], letters)
    return {name: number(household.rounding(value)) for name, value in parts.items()}


def _net(listed: Iterable[Row], letters: str) -> Decimal:
    return sum((one.h for one in listed if one.box in letters), ZERO)


def carryforward(books: YearBooks) -> dict[str, Any] | None:
    """What a whole year hands the next: with `chain: as_filed`, what the return as filed does."""
    done = books.handed_on
    if done is None:
        return None
    credit = ZERO if done.f8801 is None else done.f8801.carryforward_out
    return {
        "capital_loss": _loss(done.carryover),
        "amt_capital_loss": _loss(done.carryover_amt),
        "minimum_tax_credit": number(credit),
    }


def _loss(worksheet: Any) -> dict[str, Any]:
    return {"short": number(worksheet.short_term_carryover), "long": number(worksheet.long_term_carryover)}


def year(
    household: Household, books: YearBooks, findings: Iterable[Finding], assumptions: Iterable[str]
) -> dict[str, Any]:
    """The result of one year."""
    listed = list(findings)
    found = {
        "filing_status": books.facts.filing_status,
        "draft": books.law.draft,
        "stock_only": books.tax_return is None,
        "assumptions": list(assumptions),
        "ready_to_file": not books.law.draft
        and not books.law.hypothetical
        and not any(one.blocks_filing for one in listed),
        "forms": forms(household, books),
        "2k_parts": line_2k_parts(household, books),
        "dispositions": [disposition(part) for part in books.dispositions],
        "holdings": holdings(household, books),
        "findings": [finding(one) for one in listed],
        "carryforward": carryforward(books),
    }
    if books.law.hypothetical:
        found["hypothetical_amounts"] = True
    if found["carryforward"] is None:
        del found["carryforward"]
    return found


def result(
    household: Household,
    name: str,
    findings: Mapping[int, Iterable[Finding]],
    assumptions: Mapping[int, Iterable[str]],
) -> dict[str, Any]:
    """The result of a household.

    Args:
        household: whose years have been worked.
        name: of the case file.
        findings: by year.
        assumptions: by year, in words.
    """
    years = {
        str(number): year(household, books, findings.get(number, ()), assumptions.get(number, ()))
        for number, books in household.years.items()
    }
    return {**result_head(name, household), "years": years}


def result_head(name: str, household: Household) -> dict[str, Any]:
    """What stands above the years: versions, the case and the digests of its files."""
    return {
        "result": 1,
        "program": f"dualbasis {__version__}",
        "case": name,
        "inputs": dict(household.case.inputs),
    }
