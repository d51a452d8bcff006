"""The entry sheet: what is keyed in says what the results say, and no cell of it is a formula."""

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packets import (
    CASES,
    irs,
    odd,
    stock_only,
    view,
)

from worksheets.paper.entry_sheet import COLUMNS, NUMBER, RISKY, csv_text, harmless

CASE_YEARS = [(name, year) for name, made in CASES.items() for year in made().household.years]


def rows_of(session, year):
    return list(csv.DictReader(io.StringIO(csv_text(view(session, year)))))


@pytest.mark.parametrize(("name", "year"), CASE_YEARS)
def test_entry_sheet_says_what_form_8949_says(name, year):
    session = CASES[name]()
    result = session.result()["years"][str(year)]["forms"]["8949"]
    found = [row for row in rows_of(session, year) if row["kind"] == "sale"]
    keyed = [tuple(row[name].removeprefix("'") for name in ("item", "box", "code")) + decimals(row) for row in found]
    printed = [
        (row["sale"], row["box"], row.get("f", ""), *map(decimal, (row["d"], row.get("g"), row["h"]))) for row in result
    ]
    assert sorted(keyed) == sorted(printed)


def decimals(row):
    return tuple(decimal(row[name]) for name in ("proceeds", "adjustment_g", "gain_h"))


def decimal(value):
    return Decimal(str(value or 0))


def test_entry_sheet_of_the_irs_example():
    first, second, *others = rows_of(irs(), 2024)
    assert [
        first[name]
        for name in ("basis_on_1099b", "basis_e", "right_basis", "amt_basis", "code", "adjustment_g", "term")
    ] == [
        *("10000", "10000", "75000", "100000", "B", "-65000", "short"),
    ]
    assert [second[name] for name in ("right_basis", "amt_basis", "code", "adjustment_g", "term")] == [
        "10000",
        "100000",
        "",
        "",
        "long",
    ]
    amounts = {row["item"]: row["amount"] for row in others}
    assert amounts["Form 6251 line 2i"] == "0"
    assert [amounts[f"2k, {name}"] for name in ("ordinary", "short", "long", "limit")] == [
        "-65000",
        "-25000",
        "-90000",
        "62000",
    ]
    assert (amounts["Form 8801 line 19"], amounts["Form 8801 line 26"]) == ("0", "5769")
    assert (amounts["AMT Carryover Worksheet line 8"], amounts["AMT Carryover Worksheet line 13"]) == ("22000", "40000")
    carried_in = {row["item"]: row["amount"] for row in rows_of(irs(), 2025)}
    assert (carried_in["AMT Schedule D line 6"], carried_in["AMT Schedule D line 14"]) == ("22000", "40000")


def test_cells_that_look_like_formulas_are_made_harmless():
    (row,) = [row for row in rows_of(odd(), 2024) if "HYPERLINK" in row["item"]]
    assert row["item"] == '\'=HYPERLINK("x")'
    assert [harmless(text) for text in ("-65000", "-0.50", "+1", "@x", "-x", "100 sh")] == [
        "-65000",
        "-0.50",
        "'+1",
        "'@x",
        "'-x",
        "100 sh",
    ]


@given(st.text())
def test_no_cell_is_a_formula(text):
    cell = harmless(text)
    assert NUMBER.fullmatch(cell) or not cell.startswith(RISKY)
    assert cell.removeprefix("'") == text.removeprefix("'") or cell == text


def test_entry_sheet_columns_stay():
    assert csv_text(view(stock_only(), 2023)).splitlines()[0] == ",".join(COLUMNS)
