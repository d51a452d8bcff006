"""The Excel workbook of a household, live from the boxes of Forms 3921, 1099-B and W-2 to Forms 6251 and 8801.

Formulas carry the computed figures as cached values, so that it reads the same with and without recalculation.
Nothing of the law is typed into a formula: the sheet Law holds every amount with its source. Social security numbers
are masked.
"""

from __future__ import annotations

from collections.abc import Mapping

from worksheets.household import Household
from worksheets.paper.money import JOINT, composed
from worksheets.paper.workbook_8949 import F8949, NAMED, Form8949Table, entries
from worksheets.paper.workbook_books import BOOKS, write_books
from worksheets.paper.workbook_facts import exercise_table, sale_table
from worksheets.paper.workbook_forms import stock_sheet, year_sheets
from worksheets.paper.workbook_front import read_me, summary
from worksheets.paper.workbook_income import IncomeSheet
from worksheets.paper.workbook_law import LawSheet
from worksheets.paper.workbook_lots import LOTS, LotTable, lot_rows, swap_order
from worksheets.paper.workbook_pay import PAY, PayTable, pay_groups, pay_rows
from worksheets.paper.workbook_scope import Scope
from worksheets.paper.workbook_sheet import Book
from worksheets.paper.workbook_slices import DISPOSITIONS, SliceTable, dispositions, slices
from worksheets.paper.workbook_table import Table

TITLE = "Incentive stock options: a live workbook"


def workbook(household: Household) -> bytes:
    """The workbook of a household whose years have been worked, as XLSX.

    The same household gives the same bytes; the date in its properties is that of SOURCE_DATE_EPOCH, or a fixed one.
    """
    book = Book(TITLE, _owner(household), 0 if household.case.rounding == "dollars" else 2)
    scopes = {
        year: Scope(books, books.tax_return) for year, books in household.years.items() if books.tax_return is not None
    }
    first = book.sheet("Read me", [18, 120])
    overview = book.sheet("Summary", [26, 46, *[15.0] * (3 * max(len(scopes), 1))])
    _stock_sheets(book, household, scopes)
    for year, books in household.years.items():
        if year in scopes:
            year_sheets(book, scopes[year])
        else:
            stock_sheet(book, books, household.rounding)
    summary(overview, scopes)
    names = [sheet.get_name() for sheet in book.file.worksheets()]
    read_me(first, household, names[1:])
    return book.save()


def _owner(household: Household) -> str:
    case = household.case
    joint = any(books.facts.filing_status == JOINT for books in household.years.values())
    names = [case.taxpayer.name] + ([case.spouse.name] if case.spouse and joint else [])
    return composed(" & ".join(names))


def _stock_sheets(book: Book, household: Household, scopes: Mapping[int, Scope]) -> None:
    """Facts, law, lots, dispositions in both books, pay, and Form 8949 twice."""
    case = household.case
    parts = dispositions(household)
    lots = lot_rows(case, household.ledger, parts)
    listed = slices(case, parts, lots)
    groups = pay_groups(listed)
    exercises, sales = exercise_table(book, case), sale_table(book, case)
    IncomeSheet(book, household, scopes).write()
    LawSheet(book, case, _statuses(household, scopes)).write()
    rows = {amt: entries(household, listed, amt=amt) for amt in (False, True)}
    tables = {
        "exercises": exercises,
        "sales": sales,
        "lots": Table(book, "Lots", LOTS, len(lots), ("Lots", ("year", "line_2i"))),
        "dispositions": Table(book, "Dispositions", DISPOSITIONS, len(listed), ("Disp", ("year", "lot", "out"))),
        "books": Table(book, "Both books", BOOKS, len(listed), ("Books", ("r_income", "a_income"))),
        "pay": Table(book, "Pay", PAY, len(groups), ("Pay", ("year", "missing"))),
        "8949": Table(book, "Form 8949", F8949, len(rows[False]), ("F8949", NAMED)),
        "8949_amt": Table(book, "Form 8949 AMT", F8949, len(rows[True]), ("F8949AMT", NAMED)),
    }
    swapped = {
        place: {
            "g_shares": tables["dispositions"].at("shares", row),
            "g_basis": tables["books"].at("r_basis", row),
            "g_amt_basis": tables["books"].at("a_basis", row),
        }
        for row, place in swap_order(parts)
    }
    LotTable(tables["lots"], exercises, lots).write(swapped)
    table = SliceTable(case, tables, listed, lots, pay_rows(groups))
    table.write()
    write_books(table)
    PayTable(household, tables, groups).write()
    for amt, found in rows.items():
        Form8949Table(household, tables, found, amt=amt).write()


def _statuses(household: Household, scopes: Mapping[int, Scope]) -> Mapping[int, str]:
    """The filing status of each year whose law the workbook reads, the year before the first among them."""
    found: dict[int, str] = {year: books.facts.filing_status for year, books in household.years.items()}
    first = household.case.first_year
    if first in scopes and scopes[first].done.f8801 is not None:
        before = scopes[first].done.prior
        found = {first - 1: found[first] if before is None else before.law.status, **found}
    return found
